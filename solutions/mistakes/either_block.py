"""Mistakes that are made in the identity block and in the convolutional block alike."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_A, BN_B, BN_C, CONV_B, CONV_C, INITIALIZER, RELU, SECOND, SUM, THIRD

NONE = "    X = None\n"

THE_SUM = (
    Mistake(
        "shortcut-never-added",
        "The shortcut is never added: only the main path reaches the output.",
        (Change(SUM, ""),),
    ),
    Mistake(
        "shortcut-added-twice",
        "The shortcut is added twice.",
        (Change("[X, X_shortcut]", "[X, X_shortcut, X_shortcut]"),),
    ),
    Mistake(
        "shortcut-concatenated",
        "The shortcut is concatenated with the main path; it has to be added, number by number.",
        (Change(SUM, "    from keras.layers import Concatenate\n    X = Concatenate()([X, X_shortcut])\n"),),
    ),
    Mistake(
        "shortcut-kept-too-late",
        "The shortcut is kept after the first component, so that it is no longer the block's input.",
        (Change("    X_shortcut = X\n", ""), Change(BN_A + RELU, BN_A + RELU + "    X_shortcut = X\n")),
    ),
    Mistake(
        "relu-before-the-sum",
        "The last ReLU stands before the sum; it belongs after it.",
        (Change(SUM + RELU, RELU + SUM),),
    ),
    Mistake(
        "no-last-relu",
        "There is no ReLU after the sum.",
        (Change(SUM + RELU, SUM),),
    ),
    Mistake(
        "convolution-not-trainable",
        "A convolution is frozen: its weights are never learned.",
        (Change(CONV_B, CONV_B.replace("padding", "trainable=False, padding")),),
    ),
    Mistake(
        "relu-on-the-main-path",
        "The main path has a ReLU before the sum as well, so that its negative values never reach the sum.",
        (Change(SUM, RELU + SUM),),
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The shortcut has a ReLU of its own.",
        (Change(SUM, '    X_shortcut = Activation("relu")(X_shortcut)\n' + SUM),),
    ),
    Mistake(
        "relu-on-both-branches",
        "Both branches have a ReLU of their own before the sum.",
        (Change(SUM, RELU + '    X_shortcut = Activation("relu")(X_shortcut)\n' + SUM),),
    ),
)

THE_WAY = (
    Mistake(
        "relu-not-used",
        "The second ReLU's result goes into a new variable that nothing reads.",
        (Change(BN_B + RELU, BN_B + '    activated = Activation("relu")(X)\n'),),
    ),
    Mistake(
        "last-bn-not-used",
        "The result of the main path's last batch normalisation goes into a new variable that nothing reads.",
        (Change(BN_C, BN_C.replace("X =", "normalised =")),),
    ),
    Mistake(
        "second-convolution-not-used",
        "The second convolution's result goes into a new variable that nothing reads.",
        (Change(CONV_B, CONV_B.replace("X =", "convolved =")),),
    ),
    Mistake(
        "second-convolution-reads-the-input",
        "The second convolution reads the block's input; it has to read what the first component made.",
        (Change(CONV_B, CONV_B.replace("(X)", "(X_shortcut)")),),
    ),
    Mistake(
        "third-convolution-reads-the-input",
        "The third convolution reads the block's input; it has to read what the second component made.",
        (Change(CONV_C, CONV_C.replace("(X)", "(X_shortcut)")),),
    ),
    Mistake(
        "no-third-component",
        "The third component is left out.",
        (Change(THIRD, ""),),
    ),
    Mistake(
        "first-component-only",
        "The main path has its first component only.",
        (Change(SECOND, ""), Change(THIRD, "")),
    ),
    Mistake(
        "pre-activation",
        "Batch normalisation and ReLU stand before each convolution, as in the pre-activation block of 2016.",
        (
            Change(SECOND, BN_B + RELU + CONV_B),
            Change(THIRD, BN_C + RELU + CONV_C),
            Change(SUM + RELU, SUM),
        ),
    ),
    Mistake(
        "two-convolutions",
        "The block is the one of two convolutions; this one has three, a bottleneck.",
        (Change("F1, F2, F3 = filters", "F1, F2 = filters"), Change(THIRD, "")),
    ),
    Mistake(
        "relu-before-bn",
        "In the second component the ReLU stands before the batch normalisation.",
        (Change(BN_B + RELU, RELU + BN_B),),
    ),
)

THE_CONVOLUTIONS = (
    Mistake(
        "middle-kernel-1x1",
        "The second convolution's window is 1x1; it has to be f x f.",
        (Change("(f, f)", "(1, 1)"),),
    ),
    Mistake(
        "fixed-f",
        "The second convolution's window is always 3x3; it has to be f x f.",
        (Change("(f, f)", "(3, 3)"),),
    ),
    Mistake(
        "middle-padding-valid",
        'The second convolution has no padding="same", so that height and width shrink.',
        (Change('(f, f), padding="same"', "(f, f)"),),
    ),
    Mistake(
        "first-convolution-with-F2",
        "The first convolution has F2 filters instead of F1.",
        (Change("Conv2D(F1,", "Conv2D(F2,"),),
    ),
    Mistake(
        "second-convolution-with-F3",
        "The second convolution has F3 filters instead of F2.",
        (Change("Conv2D(F2,", "Conv2D(F3,"),),
    ),
    Mistake(
        "third-convolution-with-F2",
        "The third convolution has F2 filters instead of F3.",
        (Change(CONV_C, CONV_C.replace("F3", "F2")),),
    ),
    Mistake(
        "F1-and-F2-swapped",
        "F1 and F2 are swapped.",
        (Change("F1, F2, F3 = filters", "F2, F1, F3 = filters"),),
    ),
    Mistake(
        "no-bias",
        "The convolutions have no bias.",
        (Change(INITIALIZER, "use_bias=False, " + INITIALIZER, times=None),),
    ),
    Mistake(
        "unseeded",
        "glorot_uniform is given no seed, so that other weights are drawn each time.",
        (Change("glorot_uniform(seed=0)", "glorot_uniform()", times=None),),
    ),
    Mistake(
        "other-seed",
        "glorot_uniform is given another seed than 0.",
        (Change("glorot_uniform(seed=0)", "glorot_uniform(seed=1)", times=None),),
    ),
    Mistake(
        "other-initializer",
        "The convolutions start from another initializer than glorot_uniform.",
        (Change("glorot_uniform(seed=0)", '"he_normal"', times=None),),
    ),
    Mistake(
        "initializer-left-out",
        "The second and third convolution are given no initializer: Keras then draws without a seed.",
        (
            Change(CONV_B, CONV_B.replace(", " + INITIALIZER, "")),
            Change(CONV_C, CONV_C.replace(", " + INITIALIZER, "")),
        ),
    ),
)

THE_BATCH_NORMALISATIONS = (
    Mistake(
        "bn-axis-1",
        "The batch normalisations normalise axis 1, the rows; the channels are axis 3.",
        (Change("axis=3", "axis=1", times=None),),
    ),
    Mistake(
        "other-epsilon",
        "The batch normalisations have another epsilon than Keras's own.",
        (Change("axis=3,", "axis=3, epsilon=1e-5,", times=None),),
    ),
    Mistake(
        "other-momentum",
        "The batch normalisations have another momentum than Keras's own.",
        (Change("axis=3,", "axis=3, momentum=0.9,", times=None),),
    ),
)

THE_NAMES = (
    Mistake(
        "name-missing",
        "A layer has no name.",
        (Change(', name=bn_name + "2c"', ""),),
    ),
    Mistake(
        "name-misspelled",
        "A layer's name is spelled otherwise than the docstring says.",
        (Change('bn_name + "2c"', 'bn_name + "_2c"'),),
    ),
    Mistake(
        "name-twice",
        "Two layers have the same name.",
        (Change('conv_name + "2c"', 'conv_name + "2b"'),),
    ),
    Mistake(
        "fixed-names",
        "Stage and block are written into the names as constants; they have to come from the arguments.",
        (
            Change('f"res{stage}{block}_branch"', '"res2a_branch"'),
            Change('f"bn{stage}{block}_branch"', '"bn2a_branch"'),
        ),
    ),
)

THE_PYTHON = (
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(SECOND, NONE), Change(THIRD, NONE), Change(SUM + RELU, NONE)),
    ),
    Mistake(
        "shortcut-read-before-set",
        "X_shortcut is read before it has a value.",
        (Change("    X_shortcut = X\n", ""), Change(SUM, SUM + "    X_shortcut = X\n")),
    ),
    Mistake(
        "layer-not-called",
        "A layer is made but not called on X, so that X becomes the layer.",
        (Change(CONV_B, CONV_B.replace("(X)", "")),),
    ),
    Mistake(
        "layer-among-tensors",
        "The sum is given a layer where it needs that layer's result.",
        (
            Change(BN_C, BN_C.replace("X =", "last =").replace("(X)", "")),
            Change("[X, X_shortcut]", "[last, X_shortcut]"),
        ),
    ),
    Mistake(
        "keyword-misspelled",
        "A keyword of Conv2D is misspelled.",
        (Change("(f, f)", "kerenl_size=(f, f)"),),
    ),
    Mistake(
        "tf-add",
        "The sum is made with tf.add, which does not take Keras tensors.",
        (Change(SUM, "    import tensorflow as tf\n    X = tf.add(X, X_shortcut)\n"),),
    ),
    Mistake(
        "tf-relu",
        "The ReLU is made with tf.nn.relu, which does not take Keras tensors.",
        (Change(SUM + RELU, SUM + "    import tensorflow as tf\n    X = tf.nn.relu(X)\n"),),
    ),
    Mistake(
        "numpy-relu",
        "The ReLU is made with NumPy, which does not take Keras tensors.",
        (Change(SUM + RELU, SUM + "    import numpy as np\n    X = np.maximum(X, 0)\n"),),
    ),
)

IN_EITHER_BLOCK = THE_SUM + THE_WAY + THE_CONVOLUTIONS + THE_BATCH_NORMALISATIONS + THE_NAMES + THE_PYTHON
