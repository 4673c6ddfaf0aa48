"""The reference's lines that mistakes and styles change; they stand in both blocks of `solutions/blocks.py`."""

RELU = '    X = Activation("relu")(X)\n'
CONV_B = (
    '    X = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)\n'
)
CONV_C = (
    '    X = Conv2D(F3, (1, 1), padding="valid", name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(X)\n'
)
BN_A, BN_B, BN_C = (f'    X = BatchNormalization(axis=3, name=bn_name + "2{part}")(X)\n' for part in "abc")
SECOND, THIRD = CONV_B + BN_B + RELU, CONV_C + BN_C
SUM = "    X = Add()([X, X_shortcut])\n"

INITIALIZER = "kernel_initializer=glorot_uniform(seed=0)"
