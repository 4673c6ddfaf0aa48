"""Mistakes in the head of `ResNet50`, in its two ends, and in its initializers."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.resnet50_stem import AVERAGE, CONV1, DENSE, FLATTEN

THE_HEAD = (
    Mistake(
        "global-average-pooling",
        "The head averages over the whole map. At 64x64 pixels that is the same; at other sizes it is not.",
        (
            Change(
                AVERAGE + FLATTEN,
                "    from keras.layers import GlobalAveragePooling2D\n    X = GlobalAveragePooling2D()(X)\n",
            ),
        ),
        "The head is right for pictures of 64x64 only.",
        "Look at the window of the head's pooling.",
    ),
    Mistake(
        "no-average-pooling",
        "The head has no average pooling.",
        (Change(AVERAGE, ""),),
        "The dense layer reads too many numbers.",
        "Compare the lines of the head with the docstring's table.",
    ),
    Mistake(
        "max-pooling-in-the-head",
        "The head's pooling takes the largest value; it should take the mean.",
        (Change("AveragePooling2D(", "MaxPooling2D("),),
        "A layer without weights is another one than it should be.",
        "Look at the kind of the head's pooling.",
    ),
    Mistake(
        "average-pooling-padded",
        'The head\'s pooling pads by itself (padding="same").',
        (Change("AveragePooling2D((2, 2))", 'AveragePooling2D((2, 2), padding="same")'),),
        "The dense layer reads too many numbers when a side is odd.",
        "Look at the padding of the head's pooling.",
    ),
    Mistake(
        "average-pooling-with-stride-1",
        "The head's pooling has stride 1.",
        (Change("AveragePooling2D((2, 2))", "AveragePooling2D((2, 2), strides=1)"),),
        "The dense layer reads too many numbers.",
        "Look at the stride of the head's pooling.",
    ),
    Mistake(
        "no-flatten",
        "The map is not flattened: the dense layer then answers for each pixel.",
        (Change(FLATTEN, ""),),
        "The output has too many axes.",
        "Compare the lines of the head with the docstring's table.",
    ),
    Mistake(
        "no-softmax",
        "The dense layer has no activation: its outputs are no probabilities.",
        (Change('activation="softmax", ', ""),),
        "The outputs do not add up to 1.",
        "Look at the arguments of the dense layer.",
    ),
    Mistake(
        "sigmoid",
        "The dense layer has a sigmoid: the probabilities of the classes do not add up to 1.",
        (Change('"softmax"', '"sigmoid"'),),
        "The outputs do not add up to 1.",
        "Look at the activation of the dense layer.",
    ),
    Mistake(
        "relu-in-the-head",
        "The dense layer has a ReLU where the softmax belongs.",
        (Change('"softmax"', '"relu"'),),
        "The outputs do not add up to 1.",
        "Look at the activation of the dense layer.",
    ),
    Mistake(
        "another-dense-layer",
        "There is a second dense layer in the head.",
        (Change(DENSE, '    X = Dense(64, activation="relu")(X)\n' + DENSE),),
        "The head has a layer too many.",
        "Compare the lines of the head with the docstring's table.",
    ),
    Mistake(
        "fixed-classes",
        "The number of classes is always 6.",
        (Change("Dense(classes", "Dense(6"),),
        "Something is right for the defaults only.",
        "Look at the arguments of the dense layer.",
    ),
    Mistake(
        "fixed-name",
        "The dense layer's name is always fc6.",
        (Change('name=f"fc{classes}"', 'name="fc6"'),),
        "Something is right for the defaults only.",
        "Look at the name of the dense layer.",
    ),
    Mistake(
        "other-name",
        "A layer of the stem is named otherwise than the docstring says.",
        (Change('"bn_conv1"', '"bn1"'),),
        "A name is not the docstring's.",
        "Compare the names in the stem with the docstring.",
    ),
    Mistake(
        "name-missing",
        "The stem's convolution has no name.",
        (Change('name="conv1", ', ""),),
        "A name is not the docstring's.",
        "Compare the names in the stem with the docstring.",
    ),
)

THE_ENDS = (
    Mistake(
        "fixed-input-shape",
        "The input is always 64x64x3, whatever input_shape says.",
        (Change("Input(input_shape)", "Input((64, 64, 3))"),),
        "Something is right for the defaults only.",
        "Look at the model's input.",
    ),
    Mistake(
        "input-made-anew",
        "The network starts from an input of its own, not from X_input: the model's two ends are not connected.",
        (Change("(3, 3))(X_input)", "(3, 3))(Input(input_shape))"),),
        "The model's input and output are not connected.",
        "Look at what the first layer of the stem reads.",
    ),
    Mistake(
        "tensor-returned",
        "The function returns a tensor; it should return a model.",
        (Change('return Model(X_input, X, name="ResNet50")', "return X"),),
        "What is returned is of another kind.",
        "Look at the last line.",
    ),
    Mistake(
        "gap-left-as-none",
        "A line of the gap still says None.",
        (Change(FLATTEN + DENSE, "    X = None\n"),),
        "A layer gets nothing to read.",
        "Look for a None.",
    ),
)

THE_INITIALIZERS = (
    Mistake(
        "unseeded",
        "glorot_uniform is given no seed, so that other weights are drawn each time.",
        (Change("glorot_uniform(seed=0)", "glorot_uniform()", times=None),),
        "The wiring is right, the first weights are not.",
        "Look at the initializers of conv1 and of the dense layer.",
    ),
    Mistake(
        "other-initializer",
        "A layer starts from another initializer than glorot_uniform.",
        (Change(CONV1, CONV1.replace("glorot_uniform(seed=0)", '"he_normal"')),),
        "The wiring is right, the first weights are not.",
        "Look at the initializer of conv1.",
    ),
    Mistake(
        "no-initializer-in-the-head",
        "The dense layer is given no initializer: Keras then draws without a seed.",
        (Change(DENSE, DENSE.replace(", kernel_initializer=glorot_uniform(seed=0)", "")),),
        "The wiring is right, the first weights are not.",
        "Look at the initializer of the dense layer.",
    ),
)

IN_THE_HEAD = THE_HEAD + THE_ENDS + THE_INITIALIZERS
