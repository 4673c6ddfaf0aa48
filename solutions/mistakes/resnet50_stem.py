"""Mistakes in the stem of `ResNet50`, and in what reads it."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.resnet50_stages import first, further

PADDING = "    X = ZeroPadding2D((3, 3))(X_input)\n"
CONV1 = '    X = Conv2D(64, (7, 7), strides=(2, 2), name="conv1", kernel_initializer=glorot_uniform(seed=0))(X)\n'
BN = '    X = BatchNormalization(axis=3, name="bn_conv1")(X)\n'
RELU = '    X = Activation("relu")(X)\n'
POOL = "    X = MaxPooling2D((3, 3), strides=(2, 2))(X)\n"
AVERAGE = "    X = AveragePooling2D((2, 2))(X)\n"
FLATTEN = "    X = Flatten()(X)\n"
DENSE = (
    '    X = Dense(classes, activation="softmax", name=f"fc{classes}", kernel_initializer=glorot_uniform(seed=0))(X)\n'
)


THE_WAY = (
    Mistake(
        "block-not-used",
        "A block's output goes into a variable that nothing reads.",
        (Change(further(5, "b"), further(5, "b").replace("X =", "out =")),),
        "A block that is written down has no part in the network.",
        "Follow X through stage 5: does each line read what the line above made?",
    ),
    Mistake(
        "stem-not-used",
        "The stages read the model's input; what the stem makes is not used.",
        (Change(first(2), first(2).replace("(X,", "(X_input,")),),
        "A part of the network has no effect on its output.",
        "Look at what the first block reads.",
    ),
    Mistake(
        "padding-not-used",
        "The stem's convolution reads the input as it came; the padded one is not used.",
        (Change(CONV1, CONV1.replace("))(X)", "))(X_input)")),),
        "A line of the stem has no effect.",
        "Look at what conv1 reads.",
    ),
)

THE_STEM = (
    Mistake(
        "padding-same",
        'The stem\'s convolution pads by itself (padding="same"), on one side less than the padding by 3.',
        (Change(PADDING, "    X = X_input\n"), Change("strides=(2, 2), name", 'strides=(2, 2), padding="same", name')),
        "The stem's padding is not the docstring's.",
        "Look at what stands in front of conv1, and at its padding.",
    ),
    Mistake(
        "padded-twice",
        'The stem pads twice: by ZeroPadding2D, and in the convolution with padding="same".',
        (Change("strides=(2, 2), name", 'strides=(2, 2), padding="same", name'),),
        "The map behind the stem is too large.",
        "Look at the padding of conv1.",
    ),
    Mistake(
        "less-padding",
        "The input is padded by 1 pixel; it should be 3.",
        (Change("ZeroPadding2D((3, 3))", "ZeroPadding2D((1, 1))"),),
        "The map behind the stem has another size than it should have.",
        "Look at the padding in front of conv1.",
    ),
    Mistake(
        "conv1-3x3",
        "The stem's convolution has a window of 3x3; it should be 7x7.",
        (Change("(7, 7)", "(3, 3)"),),
        "A layer of the stem has weights of another shape.",
        "Look at the window of conv1.",
    ),
    Mistake(
        "conv1-with-stride-1",
        "The stem's convolution has stride 1.",
        (Change('strides=(2, 2), name="conv1"', 'name="conv1"'),),
        "The map behind the stem is too large.",
        "Look at the stride of conv1.",
    ),
    Mistake(
        "conv1-with-other-filters",
        "The stem's convolution has 32 filters; it should have 64.",
        (Change("Conv2D(64,", "Conv2D(32,"),),
        "A layer of the stem has weights of another shape.",
        "Look at the number of filters of conv1.",
    ),
    Mistake(
        "no-bn",
        "The stem has no batch normalisation.",
        (Change(BN, ""),),
        "A layer of the stem is missing.",
        "Compare the lines of the stem with the docstring's table.",
    ),
    Mistake(
        "no-relu",
        "The stem has no ReLU.",
        (Change(RELU, ""),),
        "A layer of the stem is missing.",
        "Compare the lines of the stem with the docstring's table.",
    ),
    Mistake(
        "relu-before-bn",
        "In the stem the ReLU stands before the batch normalisation.",
        (Change(BN + RELU, RELU + BN),),
        "Two layers of the stem stand in the wrong order.",
        "Look at the two lines behind conv1.",
    ),
    Mistake(
        "bn-axis-1",
        "The stem's batch normalisation normalises axis 1, the rows; the channels are axis 3.",
        (Change("axis=3", "axis=1"),),
        "A layer of the stem has weights of another shape.",
        "Look at the axis of bn_conv1.",
    ),
    Mistake(
        "other-momentum",
        "The stem's batch normalisation has another momentum than Keras's own.",
        (Change("axis=3,", "axis=3, momentum=0.9,"),),
        "The moving statistics follow the batches at another speed.",
        "Look at the arguments of bn_conv1.",
    ),
    Mistake(
        "other-epsilon",
        "The stem's batch normalisation has another epsilon than Keras's own.",
        (Change("axis=3,", "axis=3, epsilon=1e-5,"),),
        "A setting of a layer differs from Keras's own.",
        "Compare the arguments of bn_conv1 with those in your blocks.",
    ),
    Mistake(
        "bn-frozen",
        "The stem's batch normalisation is fixed to inference.",
        (Change(BN, BN.replace("(X)", "(X, training=False)")),),
        "A layer does the same in training as in inference.",
        "Look at how bn_conv1 is called.",
    ),
    Mistake(
        "no-pooling",
        "The stem has no pooling.",
        (Change(POOL, ""),),
        "The map behind the stem is too large.",
        "Compare the lines of the stem with the docstring's table.",
    ),
    Mistake(
        "pooling-2x2",
        "The stem's pooling has a window of 2x2; it should be 3x3.",
        (Change("MaxPooling2D((3, 3)", "MaxPooling2D((2, 2)"),),
        "The map behind the stem has another size than it should have.",
        "Look at the window of the stem's pooling.",
    ),
    Mistake(
        "pooling-with-stride-3",
        "The stem's pooling has no stride of its own, so that its stride is its window, 3.",
        (Change("MaxPooling2D((3, 3), strides=(2, 2))", "MaxPooling2D((3, 3))"),),
        "The map behind the stem is too small.",
        "Look at the stride of the stem's pooling and at its default.",
    ),
    Mistake(
        "pooling-padded",
        'The stem\'s pooling pads by itself (padding="same").',
        (Change("MaxPooling2D((3, 3), strides=(2, 2))", 'MaxPooling2D((3, 3), strides=(2, 2), padding="same")'),),
        "The map behind the stem has another size than it should have.",
        "Look at the padding of the stem's pooling.",
    ),
    Mistake(
        "average-pooling-in-the-stem",
        "The stem's pooling takes the mean; it should take the largest value.",
        (Change("MaxPooling2D(", "AveragePooling2D("),),
        "A layer without weights is another one than it should be.",
        "Look at the kind of the stem's pooling.",
    ),
)

IN_THE_STEM = THE_WAY + THE_STEM
