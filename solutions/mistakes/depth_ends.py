"""Mistakes in `resnet`: stem, head and what is returned."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import BN1, DENSE, MEAN, PAD_1, PAD_2, POOL, RELU1

NAMES_HINT = "A name is not right."
STEM_HINT = "The stem is not right."
HEAD_HINT = "The head is not right."
FILTERS_HINT = "A number of filters is not right."

THE_STEM = (
    Mistake(
        "conv1-pad-left-out",
        "The zero padding before the first convolution is left out.",
        (Change(PAD_1, "    x = image\n"),),
        STEM_HINT,
        "Compare the layers before the first convolution with the docstring.",
    ),
    Mistake(
        "conv1-same",
        'The first convolution pads by padding="same", which pads one pixel more on one side where the side is even.',
        (Change(PAD_1, "    x = image\n"), Change("7, strides=2,", '7, strides=2, padding="same",')),
        STEM_HINT,
        "Compare the layers before the first convolution with the docstring.",
    ),
    Mistake(
        "conv1-pad-2",
        "The zero padding before the first convolution has another width than 3.",
        (Change("ZeroPadding2D(3,", "ZeroPadding2D(2,"),),
        STEM_HINT,
        "Look at the first padding.",
    ),
    Mistake(
        "conv1-stride-1",
        "The first convolution has no stride.",
        (Change("7, strides=2,", "7,"),),
        STEM_HINT,
        "Look at the first convolution.",
    ),
    Mistake(
        "conv1-window-3",
        "The first convolution's window is 3x3; it has to be 7x7.",
        (Change("divisor, 7, strides", "divisor, 3, strides"),),
        STEM_HINT,
        "Look at the first convolution.",
    ),
    Mistake(
        "conv1-not-divided",
        "The first convolution's filters are not divided by divisor.",
        (Change("Conv2D(64 // divisor", "Conv2D(64"),),
        FILTERS_HINT,
        "Which numbers of filters does divisor divide?",
    ),
    Mistake(
        "conv1-without-bias",
        "The first convolution has no bias; that of keras.applications has one.",
        (Change("7, strides=2,", "7, strides=2, use_bias=False,"),),
        STEM_HINT,
        "Look at the first convolution's weights.",
    ),
    Mistake(
        "conv1-bn-left-out",
        "The first convolution has no batch normalisation.",
        (Change(BN1, ""),),
        STEM_HINT,
        "What stands between the first convolution and its ReLU?",
    ),
    Mistake(
        "conv1-epsilon-left-out",
        "The stem's batch normalisation has Keras's own epsilon, 0.001, instead of 1.001e-5.",
        (Change("epsilon=1.001e-5, ", ""),),
        STEM_HINT,
        "Look at the arguments of the stem's batch normalisation.",
    ),
    Mistake(
        "conv1-relu-left-out",
        "There is no ReLU in the stem.",
        (Change(RELU1, ""),),
        STEM_HINT,
        "What stands between the stem's batch normalisation and the pooling?",
    ),
    Mistake(
        "conv1-relu-before-bn",
        "In the stem the ReLU stands before the batch normalisation.",
        (Change(BN1 + RELU1, RELU1 + BN1),),
        STEM_HINT,
        "Compare the order of the stem's layers with the docstring.",
    ),
    Mistake(
        "pool1-pad-left-out",
        "The zero padding before the max pooling is left out.",
        (Change(PAD_2, ""),),
        STEM_HINT,
        "What stands between the stem's ReLU and the pooling?",
    ),
    Mistake(
        "pool1-same",
        'The max pooling pads by padding="same", which pads on one side only where the side is even.',
        (Change(PAD_2, ""), Change("MaxPooling2D(3, strides=2,", 'MaxPooling2D(3, strides=2, padding="same",')),
        STEM_HINT,
        "What stands between the stem's ReLU and the pooling?",
    ),
    Mistake(
        "pool1-window-2",
        "The max pooling has the window 2x2; it has to be 3x3.",
        (Change("MaxPooling2D(3,", "MaxPooling2D(2,"),),
        STEM_HINT,
        "Look at the pooling.",
    ),
    Mistake(
        "pool1-stride-left-out",
        "The max pooling has no stride of its own: Keras then takes its window, 3.",
        (Change("MaxPooling2D(3, strides=2,", "MaxPooling2D(3,"),),
        STEM_HINT,
        "Look at the pooling.",
    ),
    Mistake(
        "pool1-left-out",
        "There is no max pooling.",
        (Change(PAD_2 + POOL, ""),),
        STEM_HINT,
        "What stands before the first stage?",
    ),
    Mistake(
        "pool1-averages",
        "The stem averages where it should take the largest number.",
        (Change("MaxPooling2D(3", "keras.layers.AveragePooling2D(3"),),
        STEM_HINT,
        "Look at the pooling.",
    ),
)

THE_HEAD = (
    Mistake(
        "flatten",
        "The head flattens the map; it has to take the mean over height and width.",
        (Change(MEAN, '    x = keras.layers.Flatten(name="avg_pool")(x)\n'),),
        HEAD_HINT,
        "What stands between the last stage and the dense layer?",
    ),
    Mistake(
        "largest-for-the-mean",
        "The head takes the largest number of each channel; it has to take the mean.",
        (Change("GlobalAveragePooling2D(", "keras.layers.GlobalMaxPooling2D("),),
        HEAD_HINT,
        "What stands between the last stage and the dense layer?",
    ),
    Mistake(
        "no-softmax",
        "The dense layer has no softmax, so that the outputs are no probabilities.",
        (Change('activation="softmax", ', ""),),
        HEAD_HINT,
        "Do the outputs of a picture sum to one?",
    ),
    Mistake(
        "sigmoid",
        "The dense layer has a sigmoid, so that the outputs do not sum to one.",
        (Change('"softmax"', '"sigmoid"'),),
        HEAD_HINT,
        "Do the outputs of a picture sum to one?",
    ),
    Mistake(
        "fixed-classes",
        "There are always 1000 classes; their number has to be the argument.",
        (Change("Dense(classes", "Dense(1000"),),
        HEAD_HINT,
        "Is there an argument that no line reads?",
    ),
    Mistake(
        "hidden-dense-layer",
        "There is a dense layer too many before the last one.",
        (Change(DENSE, '    x = Dense(classes, activation="relu", name="fc")(x)\n' + DENSE),),
        HEAD_HINT,
        "Count the dense layers.",
    ),
    Mistake(
        "head-left-out",
        "The head is left out: the model ends with the last stage.",
        (Change(MEAN + DENSE, ""),),
        HEAD_HINT,
        "What is the shape of the model's output?",
    ),
    Mistake(
        "head-unnamed",
        "The dense layer is not called predictions.",
        (Change(', name="predictions"', ""),),
        NAMES_HINT,
        "Compare the names of the head with the docstring.",
    ),
    Mistake(
        "stem-misnamed",
        "The stem's layers are called otherwise than the docstring says.",
        (Change('"conv1_conv"', '"conv1"'), Change('"conv1_bn"', '"bn_conv1"')),
        NAMES_HINT,
        "Compare the names of the stem with the docstring.",
    ),
    Mistake(
        "fixed-input-shape",
        "The input is always 224x224x3; its shape has to be the argument.",
        (Change("keras.Input(input_shape)", "keras.Input((224, 224, 3))"),),
        "An argument is not used.",
        "Which line reads input_shape?",
    ),
    Mistake(
        "outputs-in-place-of-a-model",
        "The function returns the output tensor; it has to return a model.",
        (Change('    model = keras.Model(image, x, name=f"resnet{depth}")\n', "    model = x\n"),),
        "What is returned is no model.",
        "What makes a model of an input and an output?",
    ),
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(POOL, "    x = None\n"),),
        "A line hands on nothing.",
        "Which line still says None?",
    ),
)
