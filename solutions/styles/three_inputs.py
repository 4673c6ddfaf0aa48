"""Right models of three inputs and three outputs written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes import three_inputs_lines as model

WRITTEN_OUT = """\
    first, second, third = inputs
    trunk = Add()([halve(third, width, 7), Add()([halve(first, width, 7), halve(second, width, 7)])])
"""
PLUS = """\
    stems = [halve(image, width, kernel_size=7) for image in inputs]
    trunk = stems[0] + stems[1] + stems[2]
"""
GATHERED = """\
    stems = []
    for image in inputs:
        stems.append(halve(image, width, 7))
    trunk = Add()(stems)
"""
INNER = """\
    def stage(X, filters):
        X = halve(X, filters)
        for _ in range(2):
            X = res_block(X, filters=filters)
        return X

    for factor in 2, 4, 8:
        trunk = stage(trunk, factor * width)
    outputs = [stage(stage(trunk, 16 * width), 32 * width) for _ in inputs]
"""
HEADS_IN_STEP = """\
    heads = [trunk] * 3
    for filters in (16 * width, 32 * width):
        heads = [halve(head, filters) for head in heads]
        heads = [res_block(head, filters) for head in heads]
        heads = [res_block(head, filters) for head in heads]
    outputs = tuple(heads)
"""
OWN_LAYERS = """\
    def half(X, filters, window=3):
        return Activation("relu")(BatchNormalization(axis=3)(Conv2D(filters, (window, window), (2, 2), "same")(X)))

    trunk = Add()([half(image, width, 7) for image in inputs])
"""
COMMENT = "\n    # Each head starts from the trunk, not from the head before it\n"

IN_THREE_INPUT_MODEL = (
    Style("written-out", "The stems are written out, in another order.", (Change(model.STEMS, WRITTEN_OUT),)),
    Style("plus", "The sum is made with +.", (Change(model.STEMS, PLUS),)),
    Style("gathered", "The stems are gathered in a loop.", (Change(model.STEMS, GATHERED),)),
    Style(
        "inner-function",
        "A function inside makes a stage, and a new list of outputs is made.",
        (Change(model.STAGES, ""), Change(COMMENT + model.HEADS, INNER)),
    ),
    Style("heads-in-step", "The heads grow side by side, and are a tuple.", (Change(model.HEADS, HEADS_IN_STEP),)),
    Style("own-layers", "The stems are made without the given function.", (Change(model.STEMS, OWN_LAYERS),)),
    Style(
        "keywords",
        "The blocks are called with keywords, and with what they take by themselves.",
        (
            Change(
                "trunk = res_block(res_block(trunk, filters), filters)",
                "trunk = res_block(inputs=trunk, filters=filters)\n"
                "        trunk = res_block(trunk, filters, 3, strides=1, padding='same')",
            ),
        ),
    ),
    Style(
        "doubling",
        "The filters are doubled from stage to stage.",
        (
            Change(
                "    for filters in (2 * width, 4 * width, 8 * width):\n",
                "    filters = width\n    for _ in range(3):\n        filters *= 2\n",
            ),
        ),
    ),
    Style("forgotten-print", "A print was forgotten.", (Change(model.STEMS, model.STEMS + "    print(trunk)\n"),)),
    Style(
        "names",
        "Model and inputs have names.",
        (
            Change("Input(input_shape) for _ in range(3)", 'Input(input_shape, name=f"image_{i}") for i in range(3)'),
            Change("Model(inputs, outputs)", 'Model(inputs=inputs, outputs=outputs, name="three")'),
        ),
    ),
)
