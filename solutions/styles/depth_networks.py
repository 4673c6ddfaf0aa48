"""Right answers to `resnet` and `copy_weights`, written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.depth_lines import (
    BN1,
    CHOICE,
    CONV1,
    COPIED,
    DENSE,
    FITS,
    GIVEN,
    KEPT,
    MEAN,
    NO_WEIGHTS,
    PAD_1,
    PAD_2,
    POOL,
    RELU1,
    SET,
    STAGE,
    STAGES,
    TABLE,
    UNUSED,
)

STEM = PAD_1 + CONV1 + BN1 + RELU1 + PAD_2 + POOL

LISTED_STEM = """\
    x = image
    for layer in [
        ZeroPadding2D(((3, 3), (3, 3)), name="conv1_pad"),
        Conv2D(64 // divisor, (7, 7), strides=(2, 2), padding="valid", name="conv1_conv"),
        BatchNormalization(axis=3, epsilon=1.001e-5, name="conv1_bn"),
        Activation("relu", name="conv1_relu"),
        ZeroPadding2D((1, 1), name="pool1_pad"),
        MaxPooling2D(pool_size=3, strides=2, name="pool1_pool"),
    ]:
        x = layer(x)
"""

WRITTEN_OUT = """\
    b2, b3, b4, b5 = table[depth]
    x = stack(x, 64 // divisor, b2, 1, "conv2")
    x = stack(x, 128 // divisor, b3, 2, "conv3")
    x = stack(x, 256 // divisor, b4, 2, "conv4")
    x = stack(x, 512 // divisor, b5, 2, "conv5")
"""

LONG_TABLE = """\
    if depth == 18:
        table, stack = [2, 2, 2, 2], stack0
    elif depth == 34:
        table, stack = [3, 4, 6, 3], stack0
    elif depth == 50:
        table, stack = [3, 4, 6, 3], stack1
    elif depth == 101:
        table, stack = [3, 4, 23, 3], stack1
    elif depth == 152:
        table, stack = [3, 8, 36, 3], stack1
    else:
        raise ValueError("no such depth: " + str(depth))
"""

TRIED = """\
    try:
        blocks_of_stages = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
        blocks_of_stages[152] = (3, 8, 36, 3)
        table = {depth: blocks_of_stages[depth]}
    except KeyError:
        raise ValueError(f"unknown depth {depth}") from None
"""

IN_RESNET = (
    Style("stem-listed", "The stem is a list of layers, with everything spelled out.", (Change(STEM, LISTED_STEM),)),
    Style(
        "stages-written-out",
        "The stages are written out, with positional arguments.",
        (Change(STAGES + STAGE, WRITTEN_OUT),),
    ),
    Style(
        "branches",
        "Branches choose the blocks.",
        (Change(TABLE + CHOICE, LONG_TABLE), Change("table[depth]", "table")),
    ),
    Style("key-error-turned", "The table's KeyError is turned into a ValueError.", (Change(TABLE, TRIED),)),
    Style(
        "doubling",
        "The filters are doubled from stage to stage, and everything is a keyword.",
        (
            Change(STAGES, "    width = 64 // divisor\n" + STAGES),
            Change(
                STAGE,
                "        x = stack(x=x, filters=width, blocks=blocks, "
                'stride1=min(stage + 1, 2), name=f"conv{stage + 2}")\n'
                "        width = width * 2\n",
            ),
        ),
    ),
    Style(
        "stride-left-to-the-stack",
        "The first stage stands before the loop; the others take the stack's own stride.",
        (
            Change(
                STAGES,
                '    x = stack(x, 64 // divisor, table[depth][0], stride1=1, name="conv2")\n'
                "    for stage in (1, 2, 3):\n",
            ),
            Change("blocks, stride1=1 if stage == 0 else 2", "table[depth][stage]"),
        ),
    ),
    Style(
        "functional-classes",
        "The model is made with keyword arguments and has no name.",
        (Change('keras.Model(image, x, name=f"resnet{depth}")', "keras.models.Model(inputs=[image], outputs=[x])"),),
    ),
    Style(
        "dense-and-softmax",
        "The dense layer gets its softmax as a function, and the mean keeps no sides.",
        (
            Change('activation="softmax"', "activation=keras.activations.softmax"),
            Change("GlobalAveragePooling2D(name", "GlobalAveragePooling2D(keepdims=False, name"),
        ),
    ),
    Style(
        "returns-at-once",
        "The model is returned inside the gap.",
        (Change('    model = keras.Model(image, x, name=f"resnet{depth}")\n', "    return keras.Model(image, x)\n"),),
    ),
    Style(
        "relu-by-layer",
        "The stem's ReLU is a ReLU layer, and the image has a name.",
        (
            Change('Activation("relu", ', "keras.layers.ReLU("),
            Change("keras.Input(input_shape)", 'keras.Input(input_shape, name="image")'),
        ),
    ),
    Style(
        "dense-head-in-one-line",
        "The head is one nested call.",
        (
            Change(
                MEAN + DENSE,
                '    mean = GlobalAveragePooling2D(name="avg_pool")\n'
                '    x = Dense(classes, activation="softmax", name="predictions")(mean(x))\n',
            ),
        ),
    ),
)

WITH_GET_LAYER = """\
        try:
            weights = source.get_layer(layer.name).get_weights()
        except ValueError:
            weights = []
"""

SET_AND_TRY = """\
        try:
            if layer.name not in given:
                raise ValueError(layer.name)
            layer.set_weights(given[layer.name].get_weights())
            copied.add(layer.name)
            continue
        except ValueError:
            pass
"""

SHAPES = """\

    def shapes(arrays):
        return [tuple(array.shape) for array in arrays]

"""

ASSIGNED = """\
            for mine, theirs in zip(layer.weights, given[layer.name].weights):
                mine.assign(theirs)
"""

IN_COPY_WEIGHTS = (
    Style("get-layer", "Layers are found by get_layer.", (Change(GIVEN, WITH_GET_LAYER),)),
    Style(
        "set-and-see",
        "set_weights itself says whether the shapes fit.",
        (Change(GIVEN + FITS + SET + COPIED, SET_AND_TRY),),
    ),
    Style("assigned", "Each weight is assigned.", (Change(SET, ASSIGNED),)),
    Style(
        "two-passes",
        "The names are listed first, and the layers copied then.",
        (
            Change(NO_WEIGHTS, ""),
            Change(
                "for layer in target.layers:\n",
                "for layer in [one for one in target.layers if len(one.weights) > 0]:\n",
            ),
        ),
    ),
    Style(
        "loop-over-source",
        "The loop of the second list is written out.",
        (
            Change(
                UNUSED,
                "    unused = []\n"
                "    for layer in source.layers:\n"
                "        if layer.weights and layer.name not in copied:\n"
                "            unused.append(layer.name)\n",
            ),
        ),
    ),
    Style(
        "set-difference",
        "The lists are made from what was copied.",
        (
            Change(KEPT, ""),
            Change(
                UNUSED,
                UNUSED + "    kept = [one.name for one in target.layers if one.weights and one.name not in copied]\n",
            ),
        ),
    ),
    Style(
        "shapes-by-helper",
        "Shapes are compared by a function inside.",
        (
            Change("    kept, copied = [], set()\n", "    kept, copied = [], set()\n" + SHAPES),
            Change(FITS, "        if weights and shapes(weights) == shapes(layer.get_weights()):\n"),
        ),
    ),
)
