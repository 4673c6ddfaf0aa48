"""The lines of `solutions/any_depth.py` that mistakes and styles change."""

PROJECTION = '        shortcut = Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(x)\n'
PROJECTION_BN = '        shortcut = BatchNormalization(epsilon=1.001e-5, name=f"{name}_0_bn")(shortcut)\n'
SHORTCUT = f"    shortcut = x\n    if conv_shortcut:  # the projection: no ReLU\n{PROJECTION}{PROJECTION_BN}"

CONV_1 = '    x = Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)\n'
CONV_2 = '    x = Conv2D(filters, kernel_size, padding="same", name=f"{name}_2_conv")(x)\n'
CONV_3 = '    x = Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)\n'
BN_1, BN_2, BN_3 = (
    f'    x = BatchNormalization(epsilon=1.001e-5, name=f"{{name}}_{part}_bn")(x)\n' for part in (1, 2, 3)
)
RELU_1, RELU_2 = (f'    x = Activation("relu", name=f"{{name}}_{part}_relu")(x)\n' for part in (1, 2))
SUM = '    x = Add(name=f"{name}_add")([shortcut, x])\n'
OUT = '    x = Activation("relu", name=f"{name}_out")(x)\n'

EPSILON = "epsilon=1.001e-5, "

FIRST_BLOCK = '    x = block1(x, filters, stride=stride1, name=f"{name}_block1")\n'
LOOP = "    for number in range(2, blocks + 1):\n"
OTHER_BLOCK = '        x = block1(x, filters, conv_shortcut=False, name=f"{name}_block{number}")\n'

TABLE = (
    "    table = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}\n"
    "    if depth not in table:\n"
    '        raise ValueError(f"depth is {depth}; it must be one of {sorted(table)}.")\n'
)
CHOICE = "    stack = stack0 if depth in (18, 34) else stack1\n"
PAD_1 = '    x = ZeroPadding2D(3, name="conv1_pad")(image)\n'
CONV1 = '    x = Conv2D(64 // divisor, 7, strides=2, name="conv1_conv")(x)\n'
BN1 = '    x = BatchNormalization(epsilon=1.001e-5, name="conv1_bn")(x)\n'
RELU1 = '    x = Activation("relu", name="conv1_relu")(x)\n'
PAD_2 = '    x = ZeroPadding2D(1, name="pool1_pad")(x)\n'
POOL = '    x = MaxPooling2D(3, strides=2, name="pool1_pool")(x)\n'
STAGES = "    for stage, blocks in enumerate(table[depth]):\n"
STAGE = (
    '        x = stack(x, 64 * 2**stage // divisor, blocks, stride1=1 if stage == 0 else 2, name=f"conv{stage + 2}")\n'
)
MEAN = '    x = GlobalAveragePooling2D(name="avg_pool")(x)\n'
DENSE = '    x = Dense(classes, activation="softmax", name="predictions")(x)\n'

NO_WEIGHTS = "        if not layer.weights:\n            continue\n"
GIVEN = "        weights = given[layer.name].get_weights() if layer.name in given else []\n"
FITS = "        if [weight.shape for weight in weights] == [tuple(weight.shape) for weight in layer.weights]:\n"
SET = "            layer.set_weights(weights)\n"
COPIED = "            copied.add(layer.name)\n            continue\n"
KEPT = "        kept.append(layer.name)\n"
UNUSED = "    unused = [layer.name for layer in source.layers if layer.weights and layer.name not in copied]\n"
