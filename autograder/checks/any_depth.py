"""Assignment 06: `block1`, `stack1`, `resnet` and `copy_weights`, as in `keras.applications`.

Source of the network: He et al. 2015, table 1; of names, biases, epsilon and strides: `keras.applications.resnet`.
"""

from autograder.checks.compare import CANCELLING, close, equal, same_items
from autograder.checks.depth_cases import (
    draw_block,
    draw_copying,
    draw_resnet,
    draw_stack,
    tried_block,
    tried_copying,
    tried_resnet,
    tried_stack,
)
from autograder.checks.depth_copying import KINDS, probe_copying
from autograder.checks.depth_probes import probe_block, probe_resnet, probe_stack
from autograder.model import Assignment, Check, Exercise, Nearest

FORWARD = close(relative=1e-4, absolute=1e-5)
"""float32 outputs of a few small convolutions."""

BACKWARD = close(relative=1e-3, absolute=1e-4)
"""Gradients differ in the last bits between TensorFlow with and without oneDNN."""

COPIED = close(relative=0, absolute=1e-6)
"""What is copied is the same number; a few digits may be lost where it crosses as text."""

BLOCK1 = Exercise(
    name="block1",
    reference="solutions.any_depth:block1",
    probe=probe_block,
    draw=draw_block,
    tried=tried_block,
    checks=(
        Check(
            "block1-layers",
            "The block has the right layers, each with weights of the right shape.",
            1,
            ("layers",),
            same_items,
            "For each line that is missing or too many compare window, number of filters, input channels, and the "
            "bias. The third convolution and the projection have four times as many filters.",
        ),
        Check(
            "block1-names",
            "Every layer has its name.",
            1,
            ("names",),
            same_items,
            "Compare with the docstring, letter by letter: weights are later copied by these names.",
        ),
        Check(
            "block1-settings",
            "The batch normalisations have the epsilon of keras.applications.",
            1,
            ("settings",),
            same_items,
            "Look at the arguments of each BatchNormalization; the docstring names the one that is not Keras's own.",
        ),
        Check(
            "block1-shortcut",
            "The block's input reaches the sum, through the projection where conv_shortcut says so and else unchanged.",
            2,
            ("shortcut_alone",),
            FORWARD,
            "Which tensor does the projection read, is its batch normalisation's result used, and which argument "
            "decides whether there is a projection?",
        ),
        Check(
            "block1-inference",
            "With weights set at random, the values in inference are right.",
            1,
            ("inference",),
            FORWARD,
            "The layers are wired in another order than in the formula, or one has another stride or padding. The "
            "stride stands in the first 1x1 and in the projection.",
            rules={"inference": CANCELLING},
        ),
        Check(
            "block1-gradient",
            "The gradient with respect to the block's input is right.",
            1,
            ("gradient",),
            BACKWARD,
            "The gradient flows back through both ways. Is there a ReLU too many, or one in the wrong place?",
        ),
        Check(
            "block1-training",
            "In training mode each batch normalisation uses the batch's statistics and updates its moving ones.",
            1,
            ("fixed_training", "training", "moving_statistics"),
            FORWARD,
            "Look at the batch normalisations: axis, momentum, and a training= that should not be fixed inside.",
            rules={"training": CANCELLING},
        ),
        Check(
            "block1-size",
            "The block takes inputs of any height and width and divides them by stride, rounded up.",
            1,
            ("shape", "shape_of_any_size", "shape_of_another_size"),
            equal,
            "Look at strides and padding. Nothing may depend on the height and width of x, which can be None.",
        ),
    ),
    nearest=(
        Nearest("Everything is right but the names of the layers.", among=("names",)),
        Nearest(
            "Right in inference, wrong in training: look at the batch normalisations.",
            among=("training", "moving_statistics", "fixed_training"),
        ),
        Nearest(
            "Every layer is there, the shortcut reaches the sum as it should, and the shape is right: the layers of "
            "the main path are wired in another order than in the formula, or one of them has another setting.",
            right=("layers", "shortcut_alone", "shape"),
        ),
        Nearest(
            "Every layer is there with weights of the right shape: what is wrong is what a layer reads, or a stride.",
            right=("layers",),
        ),
        Nearest("The layers are not the right ones: begin with the check that lists them.", right=("shape",)),
    ),
)

STACK1 = Exercise(
    name="stack1",
    reference="solutions.any_depth:stack1",
    probe=probe_stack,
    draw=draw_stack,
    tried=tried_stack,
    checks=(
        Check(
            "stack1-blocks",
            "There are as many blocks as asked for, each reading what the one before it made.",
            1,
            ("number_of_blocks", "way"),
            equal,
            "Count the blocks, the first one included, and look at which tensor each block is called on.",
        ),
        Check(
            "stack1-arguments",
            "Only the first block has a projection and the stride; all have the same filters and windows.",
            1,
            ("shortcuts", "strides", "windows", "filters", "shape"),
            equal,
            "Compare how block1 is called first and how in the loop. In which order does it take its arguments?",
        ),
        Check(
            "stack1-names",
            "The blocks are named after the stack, and numbered from 1.",
            1,
            ("names",),
            equal,
            "Compare with the docstring, letter by letter.",
        ),
    ),
    nearest=(
        Nearest("Everything is right but the names of the blocks.", among=("names",)),
        Nearest(
            "There are as many blocks as asked for, one behind the other: what is wrong is an argument of block1.",
            right=("number_of_blocks", "way"),
        ),
    ),
)

RESNET = Exercise(
    name="resnet",
    reference="solutions.any_depth:resnet",
    probe=probe_resnet,
    draw=draw_resnet,
    tried=tried_resnet,
    checks=(
        Check(
            "resnet-blocks",
            "Each depth has its kind of block, and in each stage as many of them as table 1 says.",
            1,
            ("stages",),
            equal,
            "Compare with table 1, stage by stage. Which depths have basic blocks, which bottlenecks?",
        ),
        Check(
            "resnet-stages",
            "Each stage reads what the one before it made; filters are doubled and sides halved from stage to stage.",
            1,
            ("filters", "strides", "way"),
            equal,
            "What does the docstring say of the filters and strides of the stages, and what does divisor divide?",
        ),
        Check(
            "resnet-names",
            "Stages and layers have their names.",
            1,
            ("names_of_the_stages", "names"),
            same_items,
            "Compare with the docstring, letter by letter; the stages begin with conv2.",
        ),
        Check(
            "resnet-layers",
            "Stem and head have the right layers with weights, set as they should be.",
            1,
            ("layers", "settings"),
            same_items,
            "Compare window, filters and bias of the stem's convolution, the epsilon of its batch normalisation, and "
            "the number of classes.",
        ),
        Check(
            "resnet-values",
            "With weights set at random, the probabilities are right, in inference and in training mode.",
            1,
            ("shapes", "inference", "training"),
            FORWARD,
            "Follow the picture through stem and head: padding, strides, pooling, ReLU, the mean, the softmax.",
        ),
        Check(
            "resnet-depths",
            "A depth that is none of the five is refused with a ValueError.",
            1,
            ("other_depth",),
            equal,
            "What happens to a depth that is not in your table?",
        ),
    ),
    nearest=(
        Nearest("Everything is right but the names.", among=("names", "names_of_the_stages")),
        Nearest("Everything is right but what becomes of a depth that does not exist.", among=("other_depth",)),
        Nearest(
            "The stages are called as they should be: what is wrong stands in the stem or in the head.",
            right=("stages", "filters", "strides", "way"),
        ),
        Nearest(
            "Stem and head have the right layers with weights: what is wrong is how the stages are called.",
            right=("names", "layers", "settings"),
        ),
    ),
)

COPY_WEIGHTS = Exercise(
    name="copy_weights",
    reference="solutions.any_depth:copy_weights",
    probe=probe_copying,
    draw=draw_copying,
    tried=tried_copying,
    checks=(
        Check(
            "copy_weights-partners",
            "All weights of a layer arrive in the layer of the same name, moving statistics included.",
            1,
            tuple(f"{field}_of_partners" for field in KINDS),
            COPIED,
            "By what is the partner of a layer found, and which of its weights are set?",
        ),
        Check(
            "copy_weights-others",
            "A layer without a partner, or with one of other shapes, keeps all of its own weights, without an error.",
            1,
            ("weights_of_layers_that_do_not_fit",),
            COPIED,
            "What happens to a name that only one of the models has, and to weights of other shapes?",
        ),
        Check(
            "copy_weights-source",
            "The model that is read is not changed.",
            1,
            ("weights_of_source",),
            COPIED,
            "Which of the two models is read, and which one is set?",
        ),
        Check(
            "copy_weights-report",
            "What did not fit is reported: the layers that kept their weights, and those whose weights went nowhere.",
            1,
            ("kept", "unused"),
            same_items,
            "Only layers with weights belong into the two lists. What does the docstring say of each?",
        ),
    ),
    nearest=(
        Nearest("The weights are where they should be; only the report is wrong.", among=("kept", "unused")),
        Nearest(
            "What fits is copied as it should be: what is wrong is what happens to the layers that do not fit.",
            right=tuple(f"{field}_of_partners" for field in KINDS),
        ),
    ),
)

ASSIGNMENT = Assignment("06_any_depth", "Any depth", (BLOCK1, STACK1, RESNET, COPY_WEIGHTS))
