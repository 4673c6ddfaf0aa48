"""Mistakes in the heads and layers of `three_input_model`, and in its Python."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.three_inputs_lines import FIRST_BLOCKS, HEADS, STAGES, STEMS

STRIDED_BLOCKS = """\
    for filters in (2 * width, 4 * width, 8 * width):
        trunk = res_block(res_block(trunk, filters, strides=2), filters)
"""
ONE_HEAD = """\
    for filters in (16 * width, 32 * width):
        trunk = halve(trunk, filters)
        trunk = res_block(res_block(trunk, filters), filters)
    outputs += [trunk, trunk, trunk]
"""

THE_STEMS = "Look at where the inputs are read: which ones, by which layers, and where do they meet?"
THE_HEADS = "Look at what each head starts from."
THE_NUMBERS = "Look at the filters and windows, line by line, beside the docstring."

THE_OUTPUTS = (
    Mistake(
        "one-head-three-times",
        "There is one head, and all three outputs are the same tensor.",
        (Change(HEADS, ONE_HEAD),),
        "The outputs are not independent of each other.",
        THE_HEADS,
    ),
    Mistake(
        "heads-in-a-row",
        "Each head starts from the end of the head before it; all of them start from the trunk.",
        (Change("    for _ in range(3):\n        head = trunk\n", "    head = trunk\n    for _ in range(3):\n"),),
        "The outputs do not have the same shape.",
        THE_HEADS,
    ),
    Mistake(
        "one-output",
        "There is one head and one output; there have to be three.",
        (Change("range(3):\n        head", "range(1):\n        head"),),
        "Outputs are missing.",
        "Count the heads.",
    ),
    Mistake(
        "heads-share-the-first-stage",
        "The first stage of the heads is built once, for all of them; each head has its own.",
        (
            Change(
                HEADS,
                """\
    trunk = halve(trunk, 16 * width)
    trunk = res_block(res_block(trunk, 16 * width), 16 * width)
    for _ in range(3):
        head = halve(trunk, 32 * width)
        outputs.append(res_block(res_block(head, 32 * width), 32 * width))
""",
            ),
        ),
        "The outputs share layers that should be their own.",
        THE_HEADS,
    ),
)

THE_LAYERS = (
    Mistake(
        "width-ignored",
        "The filters are the published ones, whatever the width.",
        (Change("inputs = [Input", "width = 64\n    inputs = [Input"),),
        "The number of filters does not follow the argument.",
        THE_NUMBERS,
    ),
    Mistake(
        "stem-window-3x3",
        "The windows of the stems are 3x3; they have to be 7x7.",
        (Change("width, 7)", "width)"),),
        "Layers have another window than they should.",
        THE_NUMBERS,
    ),
    Mistake(
        "stage-window-7x7",
        "The halving convolutions of the trunk have the window of the stems; theirs is 3x3.",
        (Change("trunk = halve(trunk, filters)", "trunk = halve(trunk, filters, 7)"),),
        "Layers have another window than they should.",
        THE_NUMBERS,
    ),
    Mistake(
        "one-block-per-stage",
        "Each stage of the trunk has one block; it has two.",
        (Change("trunk = res_block(res_block(trunk, filters), filters)", "trunk = res_block(trunk, filters)"),),
        "Blocks are missing.",
        "Count the calls of res_block in a stage.",
    ),
    Mistake(
        "one-block-per-stage-of-a-head",
        "Each stage of the heads has one block; it has two.",
        (Change("head = res_block(res_block(head, filters), filters)", "head = res_block(head, filters)"),),
        "Blocks are missing.",
        "Count the calls of res_block in a stage.",
    ),
    Mistake(
        "no-first-blocks",
        "The two blocks behind the stems are left out.",
        (Change(FIRST_BLOCKS, ""),),
        "Blocks are missing.",
        "Compare the trunk with the docstring, line by line.",
    ),
    Mistake(
        "strided-blocks",
        "The stages of the trunk halve with a strided block; they have a convolution that does it, then two blocks.",
        (Change(STAGES, STRIDED_BLOCKS),),
        "The stages begin with another layer than they should.",
        "Compare a stage with the docstring, line by line.",
    ),
    Mistake(
        "stage-left-out",
        "The trunk has two stages behind the first blocks; it has three.",
        (Change("(2 * width, 4 * width, 8 * width)", "(2 * width, 4 * width)"),),
        "A stage is missing.",
        THE_NUMBERS,
    ),
    Mistake(
        "heads-too-narrow",
        "The heads have the filters of the last stage and twice as many; they have 16 and 32 times the width.",
        (Change("(16 * width, 32 * width)", "(8 * width, 16 * width)"),),
        "Layers have another number of filters than they should.",
        THE_NUMBERS,
    ),
    Mistake(
        "stages-before-blocks",
        "The trunk halves three times in a row and has its blocks afterwards; each stage has its own two.",
        (
            Change(
                STAGES,
                """\
    for filters in (2 * width, 4 * width, 8 * width):
        trunk = halve(trunk, filters)
    for _ in range(6):
        trunk = res_block(trunk, 8 * width)
""",
            ),
        ),
        "Blocks have another number of filters than they should.",
        "Which lines belong into the loop?",
    ),
)

THE_PYTHON = (
    Mistake(
        "outputs-left-empty",
        "The heads are built and never put into the list of outputs.",
        (Change("        outputs.append(head)\n", "        pass\n"),),
        "Outputs are missing.",
        "Which line puts something into outputs?",
    ),
    Mistake(
        "list-of-outputs",
        "The outputs are returned as a list; the function makes a keras.Model of inputs and outputs.",
        (Change("    return Model(inputs, outputs)\n", "    return outputs\n"),),
        "What is returned is no model.",
        "Look at the last line, which is given.",
    ),
    Mistake(
        "new-inputs",
        "The stems read other inputs than the model is made of, so that inputs and outputs are not connected.",
        (
            Change(
                STEMS, "    images = [Input(input_shape) for _ in range(3)]\n" + STEMS.replace("in inputs", "in images")
            ),
        ),
        "The graph is not connected.",
        "Where does the list of inputs that the model is made of come from?",
    ),
    Mistake(
        "all-inputs-in-one-layer",
        "A layer that takes one tensor is given the list of all three.",
        (Change(STEMS, "    trunk = halve(inputs, width, 7)\n"),),
        "A layer is given a list where it takes a tensor.",
        THE_STEMS,
    ),
)

BEHIND_THE_INPUTS = THE_OUTPUTS + THE_LAYERS + THE_PYTHON
