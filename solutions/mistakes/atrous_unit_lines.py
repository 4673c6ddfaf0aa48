"""The lines of the bottleneck unit that mistakes and styles change, and where to look."""

RELU = '    residual = Activation("relu")(residual)\n'
CONV2 = '    residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate, scope + ".conv2")\n'
BN2 = '    residual = BatchNormalization(name=scope + ".conv2.bn")(residual)\n'
POINT2 = '    end_points[scope + ".conv2"] = residual\n'
CONV3 = '    residual = Conv2D(depth, 1, use_bias=False, name=scope + ".conv3")(residual)\n'
BN3 = '    residual = BatchNormalization(name=scope + ".conv3.bn")(residual)\n'
POINT3 = '    end_points[scope + ".conv3"] = residual\n'
SUBSAMPLED = "        shortcut = subsample(inputs, stride)\n"
PROJECTED = '        shortcut = Conv2D(depth, 1, strides=stride, use_bias=False, name=scope + ".shortcut")(inputs)\n'
BN_SHORTCUT = '        shortcut = BatchNormalization(name=scope + ".shortcut.bn")(shortcut)\n'
POINT_SHORTCUT = '        end_points[scope + ".shortcut"] = shortcut\n'
SUM = "    outputs = Add()([residual, shortcut])\n"
LAST_RELU = '    outputs = Activation("relu")(outputs)\n'

THE_SUM_LINES = "Look at the lines of the sum."
SECOND = "Look at the line of the second convolution."
THIRD = "Look at the line of the third convolution."
SHORTCUT = "Look at the shortcut."
PROJECTION = "Look at the shortcut of a unit whose input has another number of channels than depth."
KEPT = "Look at the shortcut of a unit whose input already has depth channels."
POINTS = "Look at the lines that fill the dictionary: what is in each of them when they run?"
STRIDE_WRONG = "Where does the stride sit?"
