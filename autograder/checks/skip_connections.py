"""Assignment 02: one skip connection, a residual block that projects when needed, and a model with three inputs.

Source: He et al. 2015, section 3; of the mistakes that the checks tell apart: docs/mistakes.md.
"""

from autograder.checks.compare import CANCELLING, close, equal, same_items
from autograder.checks.skip_probes import draw_block, draw_skip, draw_three_inputs, probe_model, probe_tensor
from autograder.model import Assignment, Case, Check, Exercise, Nearest

FORWARD = close(relative=1e-4, absolute=1e-5)
"""float32 outputs of a few small convolutions."""

BACKWARD = close(relative=1e-3, absolute=1e-4)
"""Gradients differ in the last bits between TensorFlow with and without oneDNN."""


TRAINING = ("training", "moving_statistics", "fixed_training", "settings")


def _tried_tensor(case: Case) -> str:
    """Say what a case of a function of one tensor does, as the student would write it."""
    size = f"{case['batch']}x{case['height']}x{case['width']}x{case['channels']}"
    if "filters" not in case.values:
        return f"X of {size}"
    return f"inputs of {size}, filters={case['filters']}, kernel_size={case['kernel_size']}, strides={case['strides']}"


def _tried_model(case: Case) -> str:
    """Say what a case of the model does; its blocks are the grader's."""
    size = case["height"], case["columns"], case["channels"]
    return f"three_input_model(input_shape={size}, width={case['width']}), with right blocks in place of yours"


NEAREST = (
    Nearest(
        "Everything is right but in training mode: is there a layer that does something else there?", among=TRAINING
    ),
    Nearest(
        "All layers are there, the shortcut reaches the sum as it should, and the shape is right: the other layers are "
        "wired in another order than in the formula, or one of them has another setting.",
        right=("layers", "shortcut_alone", "shape"),
    ),
    Nearest(
        "Every layer is there with weights of the right shape: what is wrong is what a layer reads, or a stride.",
        right=("layers",),
    ),
    Nearest("The layers are not the right ones: begin with the check that lists them.", right=("shape",)),
)
"""What is said of a wrong function of one tensor that is no known mistake."""

NEAREST_MODEL = (
    Nearest(
        "All layers and blocks are there, and each input reaches each output: what is wrong is where the stems are "
        "added, or what a layer reads.",
        right=("shapes", "layers", "blocks", "reached"),
    ),
    Nearest(
        "All layers and blocks are there, but not every input reaches every output: look at what the stems read.",
        right=("shapes", "layers", "blocks"),
    ),
    Nearest("Each input reaches each output; the layers or blocks are not the right ones.", right=("reached",)),
)


SKIP_ADD = Exercise(
    name="skip_add",
    reference="solutions.skip_connections:skip_add",
    probe=probe_tensor,
    draw=draw_skip,
    tried=_tried_tensor,
    nearest=NEAREST,
    checks=(
        Check(
            "skip_add-layers",
            "There is one convolution, with a window of 3x3, a bias and as many filters as X has channels.",
            1,
            ("layers",),
            same_items,
            "Compare window, input channels, number of filters and bias. X.shape holds the number of channels.",
        ),
        Check(
            "skip_add-shortcut",
            "X reaches the sum unchanged: with a convolution of zeros the result is relu(X).",
            1,
            ("shortcut_alone",),
            FORWARD,
            "Is the tensor that is added still X itself, and is it added once?",
        ),
        Check(
            "skip_add-values",
            "With weights set at random, the values are right, in inference and in training.",
            1,
            ("inference", "training"),
            FORWARD,
            "Write down the formula and compare: what is summed, and where does the only ReLU stand?",
            rules={"inference": CANCELLING, "training": CANCELLING},
        ),
        Check(
            "skip_add-gradient",
            "The gradient with respect to X is right: it comes back through the convolution and through the shortcut.",
            1,
            ("gradient",),
            BACKWARD,
            "The gradient flows back through both ways. Is there a ReLU too many, or one in the wrong place?",
        ),
        Check(
            "skip_add-size",
            "The shape of X is kept, whatever its height, width and number of channels.",
            1,
            ("shape", "shape_of_any_size", "shape_of_another_size"),
            equal,
            "Look at the padding, at the number of filters, and at how the two ways are joined.",
        ),
    ),
)

RES_BLOCK = Exercise(
    name="res_block",
    reference="solutions.skip_connections:res_block",
    probe=probe_tensor,
    draw=draw_block,
    tried=_tried_tensor,
    nearest=NEAREST,
    checks=(
        Check(
            "res_block-layers",
            "Two convolutions with a batch normalisation each, and a projection with one exactly where the stride or "
            "the channels change the shape.",
            2,
            ("layers",),
            same_items,
            "For each line that is missing or too many: which layer is it, and in which of the cases does it belong? "
            "Keras adds a single channel to six without a word; only a projection makes six of it.",
        ),
        Check(
            "res_block-shortcut",
            "The block's input reaches the sum: with a silent main path the block returns relu(inputs), or "
            "relu(BN(projection(inputs))) where it projects.",
            2,
            ("shortcut_alone",),
            FORWARD,
            "Which tensor does the projection read, which one its batch normalisation, and is the result added?",
        ),
        Check(
            "res_block-inference",
            "With weights set at random, the values in inference are right.",
            1,
            ("inference", "small_variances"),
            FORWARD,
            "Follow the tensor: does each line read what the line before it made? Then compare strides, padding, "
            "epsilon and the places of the two ReLUs.",
            rules={"inference": CANCELLING},
        ),
        Check(
            "res_block-training",
            "In training mode each batch normalisation uses the batch's statistics and updates its moving ones.",
            1,
            ("fixed_training", "training", "moving_statistics"),
            FORWARD,
            "Look at the batch normalisations: axis, momentum, and a training= that should not be fixed inside.",
            rules={"training": CANCELLING},
        ),
        Check(
            "res_block-gradient",
            "The gradient with respect to the block's input is right.",
            1,
            ("gradient",),
            BACKWARD,
            "The gradient flows back through both ways. Is there a ReLU too many, or one in the wrong place?",
        ),
        Check(
            "res_block-size",
            "The block takes inputs of any height and width, known or not, and divides them by the stride, rounded up.",
            1,
            ("shape", "shape_of_any_size", "shape_of_another_size"),
            equal,
            "Look at strides and padding. Height and width of the inputs can be None: nothing may depend on them.",
        ),
    ),
)

THREE_INPUT_MODEL = Exercise(
    name="three_input_model",
    reference="solutions.skip_connections:three_input_model",
    probe=probe_model,
    draw=draw_three_inputs,
    tried=_tried_model,
    nearest=NEAREST_MODEL,
    checks=(
        Check(
            "three_input_model-shapes",
            "There are three inputs and three outputs, each of the right shape.",
            1,
            ("shapes",),
            equal,
            "Count the halvings between an input and an output, and the filters of the last stage.",
        ),
        Check(
            "three_input_model-reached",
            "Each input reaches each output: a larger input changes all three.",
            2,
            ("reached",),
            same_items,
            "Follow the input that is missing here through your code: where is it read, and is the result used?",
        ),
        Check(
            "three_input_model-layers",
            "The stems and the halving convolutions have the right weights.",
            1,
            ("layers",),
            same_items,
            "Each line is one layer with its weights. Count stems and heads; filters are multiples of the width.",
        ),
        Check(
            "three_input_model-blocks",
            "The blocks are made by res_block, two for each stage, with the stage's filters.",
            1,
            ("blocks",),
            same_items,
            "Count the calls of res_block for each number of filters: the trunk is built once, the heads three times.",
        ),
        Check(
            "three_input_model-values",
            "With weights set at random, the values are right, in inference and in training.",
            2,
            ("inference", "training", "moving_statistics"),
            FORWARD,
            "All layers are there, but something is wired in another order: where are the stems added, and what does "
            "each head read?",
        ),
    ),
)

ASSIGNMENT = Assignment("02_skip_connections", "Skip connections", (SKIP_ADD, RES_BLOCK, THREE_INPUT_MODEL))
