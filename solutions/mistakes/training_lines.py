"""The lines of the blocks of `solutions/training_blocks.py` that mistakes and styles change."""

RELU = '    X = Activation("relu")(X)\n'
INITIALIZER = "kernel_initializer=initializer(seed=0)"
CONV_B = f'    X = Conv2D(F2, (f, f), padding="same", {INITIALIZER})(X)\n'
CONV_C = f'    X = Conv2D(F3, (1, 1), padding="valid", {INITIALIZER})(X)\n'
BN = "    X = BatchNormalization(axis=3)(X, training=training)\n"
SECOND, THIRD = CONV_B + BN + RELU, CONV_C + BN
PROJECTION = f"    projection = Conv2D(F3, (1, 1), strides=(s, s), {INITIALIZER})\n"
PROJECTION_BN = "BatchNormalization(axis=3)(projection(X_shortcut), training=training)"
SUM = "    X = Add()([X, X_shortcut])\n"
UNPACKED = "    F1, F2, F3 = filters\n"

LINE_OF_BN = {
    "second": (CONV_B + BN, CONV_B),
    "third": (CONV_C + BN, CONV_C),
    "shortcut's": (f"    X_shortcut = {PROJECTION_BN}\n", ""),
}
"""Which batch normalisation of a gap: the lines that end with it, and those of them that stand before it."""
