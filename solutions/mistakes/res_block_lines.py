"""The lines of `res_block` that mistakes and styles change."""

CONV_1 = "    X = Conv2D(filters, kernel_size, strides=strides, padding=padding)(inputs)\n"
CONV_2 = "    X = Conv2D(filters, kernel_size, padding=padding)(X)\n"
BN = "    X = BatchNormalization()(X)\n"
RELU = '    X = Activation("relu")(X)\n'
CONDITION = "    if strides != 1 or inputs.shape[-1] != filters:\n"
PROJECTION = "        shortcut = Conv2D(filters, 1, strides=strides)(inputs)\n"
PROJECTION_BN = "        shortcut = BatchNormalization()(shortcut)\n"
SUM = "    X = Add()([X, shortcut])\n"
