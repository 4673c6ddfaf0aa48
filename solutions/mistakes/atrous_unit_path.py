"""Mistakes on the main path of the bottleneck unit."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.atrous_unit_lines import BN2, BN3, CONV2, CONV3, RELU, SECOND, STRIDE_WRONG, THIRD

THE_STRIDE_AND_RATE = (
    Mistake(
        "stride-in-the-third",
        "The stride sits in the third convolution; it belongs into the second.",
        (
            Change(CONV2, CONV2.replace("stride,", "1,")),
            Change(CONV3, CONV3.replace("1, use", "1, strides=stride, use")),
        ),
        STRIDE_WRONG,
        "Compare the second convolution and the third with the docstring.",
    ),
    Mistake(
        "stride-twice",
        "The main path has the stride twice, in its second and in its third convolution.",
        (Change(CONV3, CONV3.replace("1, use", "1, strides=stride, use")),),
        STRIDE_WRONG,
        "Count the strides of the main path.",
    ),
    Mistake(
        "no-stride-in-the-second",
        "The main path has no stride, so that the two ways differ in size.",
        (Change(CONV2, CONV2.replace("stride,", "1,")),),
        STRIDE_WRONG,
        SECOND,
    ),
    Mistake(
        "fixed-stride-in-the-second",
        "The second convolution always has stride 2; it has to be the argument.",
        (Change(CONV2, CONV2.replace("stride,", "2,")),),
        "Try strides 1 and 3.",
        SECOND,
    ),
    Mistake(
        "rate-not-passed",
        "The rate is not handed to the second convolution.",
        (Change(CONV2, CONV2.replace("rate,", "1,")),),
        "Try a rate larger than 1.",
        SECOND,
    ),
    Mistake(
        "stride-and-rate-swapped",
        "The second convolution is given the rate as its stride and the stride as its rate.",
        (Change("stride, rate, scope", "rate, stride, scope"),),
        "Which number does the second convolution take for its stride?",
        SECOND,
    ),
    Mistake(
        "padding-same",
        'The second convolution is an ordinary one with padding="same", whose zeros depend on the size of the input.',
        (
            Change(
                CONV2,
                "    residual = Conv2D(\n        depth_bottleneck, 3, strides=stride, dilation_rate=rate, "
                'padding="same", use_bias=False, name=scope + ".conv2"\n    )(residual)\n',
            ),
        ),
        "Compare inputs of even and of odd size, with a stride.",
        SECOND,
    ),
)

THE_CONVOLUTIONS = (
    Mistake(
        "second-window-1x1",
        "The second convolution's window is 1x1; it has to be 3x3.",
        (Change("depth_bottleneck, 3,", "depth_bottleneck, 1,"),),
        "Which convolution looks at other pixels?",
        SECOND,
    ),
    Mistake(
        "third-window-3x3",
        "The third convolution's window is 3x3; it has to be 1x1.",
        (Change(CONV3, CONV3.replace("1, use", '3, padding="same", use')),),
        "Which convolution looks at other pixels?",
        THIRD,
    ),
    Mistake(
        "second-with-depth",
        "The second convolution has depth filters; it has to have depth_bottleneck.",
        (Change("residual, depth_bottleneck, 3", "residual, depth, 3"),),
        "Compare the numbers of filters.",
        SECOND,
    ),
    Mistake(
        "third-too-narrow",
        "The third convolution has depth_bottleneck filters, so that the sum does not fit.",
        (Change(CONV3, CONV3.replace("depth,", "depth_bottleneck,")),),
        "Compare the numbers of filters.",
        THIRD,
    ),
    Mistake(
        "no-second-convolution",
        "The second convolution with its batch normalisation and ReLU is left out.",
        (Change(CONV2 + BN2 + RELU, ""),),
        "Count the convolutions of the main path.",
        "Look at the formula of the main path.",
    ),
    Mistake(
        "third-with-bias",
        "The third convolution has a bias.",
        (Change(CONV3, CONV3.replace("use_bias=False, ", "")),),
        "Count the weights.",
        THIRD,
    ),
    Mistake(
        "second-reads-the-input",
        "The second convolution reads the unit's input; it has to read what the first one made.",
        (Change("conv2d_same(residual,", "conv2d_same(inputs,"),),
        "Follow the tensor: does each line read what the line before it made?",
        SECOND,
    ),
    Mistake(
        "third-reads-the-input",
        "The third convolution reads the unit's input; it has to read what the second one made.",
        (Change(CONV3, CONV3.replace("(residual)", "(inputs)")),),
        "Follow the tensor: does each line read what the line before it made?",
        THIRD,
    ),
)

THE_BATCH_NORMALISATIONS = (
    Mistake(
        "second-without-bn",
        "The second convolution has no batch normalisation.",
        (Change(BN2, ""),),
        "Count the batch normalisations.",
        "What stands between the second convolution and its ReLU?",
    ),
    Mistake(
        "third-without-bn",
        "The third convolution has no batch normalisation.",
        (Change(BN3, ""),),
        "Count the batch normalisations.",
        "What stands between the third convolution and the sum?",
    ),
    Mistake(
        "bn-axis-1",
        "A batch normalisation normalises axis 1, the rows; the channels are axis 3.",
        (Change('name=scope + ".conv2.bn"', 'axis=1, name=scope + ".conv2.bn"'),),
        "Which axis is normalised?",
        "Look at the batch normalisation of the second convolution.",
    ),
    Mistake(
        "training-true",
        "Batch normalisation is called with training=True; the mode is chosen by who uses the model, not by the unit.",
        (Change(BN3, BN3.replace("(residual)", "(residual, training=True)")),),
        "Who says whether the model is training?",
        "Look at the calls of the batch normalisations.",
    ),
    Mistake(
        "other-epsilon",
        "A batch normalisation has another epsilon than Keras's own.",
        (Change('name=scope + ".conv3.bn"', 'epsilon=1e-5, name=scope + ".conv3.bn"'),),
        "Which settings do your batch normalisations have?",
        "Look at the batch normalisation of the third convolution.",
    ),
)

ON_THE_MAIN_PATH = THE_STRIDE_AND_RATE + THE_CONVOLUTIONS + THE_BATCH_NORMALISATIONS
