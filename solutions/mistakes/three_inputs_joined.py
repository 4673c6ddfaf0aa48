"""Mistakes in how `three_input_model` joins its inputs."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.three_inputs_lines import FIRST_BLOCKS, HEADS, STAGES, STEMS

PUBLISHED = """\
    trunk = halve(inputs[0], width, 7)
    second, third = inputs[1], inputs[2]
"""
ONE_EACH = """\
    for image in inputs:
        head = res_block(res_block(halve(image, width, 7), width), width)
        for filters in (2 * width, 4 * width, 8 * width, 16 * width, 32 * width):
            head = halve(head, filters)
            head = res_block(res_block(head, filters), filters)
        outputs.append(head)
"""
SHARED_STEM = """\
    convolve, normalise = Conv2D(width, 7, strides=2, padding="same"), BatchNormalization()
    trunk = Add()([Activation("relu")(normalise(convolve(image))) for image in inputs])
"""
RELU_AFTER_THE_SUM = """\
    stems = [BatchNormalization()(Conv2D(width, 7, strides=2, padding="same")(image)) for image in inputs]
    trunk = Activation("relu")(Add()(stems))
"""
INTO_THE_TRUNK = """\
    trunk = halve(inputs[0], width, 7)
    trunk = Add()([res_block(res_block(trunk, width), width), *(halve(image, width, 7) for image in inputs[1:])])
"""
LATE_SUM = """\
    trunks = []
    for image in inputs:
        trunk = res_block(res_block(halve(image, width, 7), width), width)
        for filters in (2 * width, 4 * width, 8 * width):
            trunk = halve(trunk, filters)
            trunk = res_block(res_block(trunk, filters), filters)
        trunks.append(trunk)
    trunk = Add()(trunks)
"""

THE_STEMS = "Look at where the inputs are read: which ones, by which layers, and where do they meet?"
REACH = "Not every input reaches every output."
JOINED = "The inputs are joined in another way, or in another place, than the docstring says."

IN_THE_INPUTS = (
    Mistake(
        "published",
        "Only the first input is used: the other two lead nowhere, as in the published model.",
        (Change(STEMS, PUBLISHED),),
        REACH,
        THE_STEMS,
    ),
    Mistake(
        "same-input-three-times",
        "All three stems read the same input.",
        (Change("halve(image, width, 7)", "halve(inputs[0], width, 7)"),),
        REACH,
        "Look at the stems: what is in the brackets of each?",
    ),
    Mistake(
        "third-input-forgotten",
        "Only two of the three inputs are added.",
        (Change("for image in inputs]", "for image in inputs[:2]]"),),
        REACH,
        THE_STEMS,
    ),
    Mistake(
        "one-network-for-each-input",
        "There are three networks side by side: each input reaches only its own output.",
        (
            Change(STEMS + FIRST_BLOCKS + STAGES, ""),
            Change("\n    # Each head starts from the trunk, not from the head before it\n" + HEADS, ONE_EACH),
        ),
        REACH,
        "Where do the three ways meet?",
    ),
    Mistake(
        "shared-stem",
        "One stem serves all three inputs, so that the model cannot tell which input is which.",
        (Change(STEMS, SHARED_STEM),),
        "Swapping two inputs changes nothing.",
        "Look at the stems: how many convolutions are there, and how often is each one called?",
    ),
    Mistake(
        "inputs-added",
        "The inputs are added before any layer, so that the model cannot tell which input is which.",
        (Change(STEMS, "    trunk = halve(Add()(inputs), width, 7)\n"),),
        "Swapping two inputs changes nothing.",
        THE_STEMS,
    ),
    Mistake(
        "inputs-concatenated",
        "The inputs are concatenated in front of one stem; each has a stem of its own, and the stems are added.",
        (
            Change(
                STEMS, "    from keras.layers import Concatenate\n    trunk = halve(Concatenate()(inputs), width, 7)\n"
            ),
        ),
        JOINED,
        THE_STEMS,
    ),
    Mistake(
        "stems-concatenated",
        "The stems are concatenated; they have to be added.",
        (Change("    trunk = Add()(", "    from keras.layers import Concatenate\n    trunk = Concatenate()("),),
        JOINED,
        THE_STEMS,
    ),
    Mistake(
        "relu-after-the-sum",
        "The ReLU stands after the sum of the stems; each stem has its own, before the sum.",
        (Change(STEMS, RELU_AFTER_THE_SUM),),
        JOINED,
        "Does each stem call halve?",
    ),
    Mistake(
        "inputs-two-and-three-join-later",
        "Inputs 2 and 3 join behind the first blocks; the stems are added in front of them.",
        (Change(STEMS + FIRST_BLOCKS, INTO_THE_TRUNK),),
        JOINED,
        THE_STEMS,
    ),
    Mistake(
        "three-trunks",
        "Each input has a trunk of its own, and the trunks are added; the stems are added, in front of one trunk.",
        (Change(STEMS + FIRST_BLOCKS + STAGES, LATE_SUM),),
        JOINED,
        "Where do the three ways meet, and how often is the trunk built?",
    ),
)
