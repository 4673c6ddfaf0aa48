"""Mistakes in the two blocks of ResNet-50.

Sources: public threads on the ResNet-50 assignment, and 142 block functions of about 70 authors compared with the
reference; beyond them each layer, argument and connection of the gap left out, changed or moved. Where two changes
give the same function, they are one mistake, whose sentence is true of both.
"""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.block_convolutions import THE_WINDOWS_AND_FILTERS, first_kernel_3x3, of_each_convolution
from solutions.mistakes.block_names import of_each_layer
from solutions.mistakes.block_normalisations import THE_FIRST_NORMALISATION, of_each_normalisation
from solutions.mistakes.block_projection import NO_BN_IN_PROJECTION, THE_SHORTCUT
from solutions.mistakes.block_python import THE_PYTHON
from solutions.mistakes.block_sum import THE_SUM
from solutions.mistakes.block_way import THE_WAY
from solutions.mistakes.lines import BN_B, BN_C, CONVOLUTIONS, INITIALIZER, NORMALISATIONS, PROJECTION, SHORTCUT_BN, SUM

IN_EITHER_BLOCK = THE_SUM + THE_WAY + THE_WINDOWS_AND_FILTERS + THE_FIRST_NORMALISATION + THE_PYTHON


def no_bn(*changes: Change) -> Mistake:
    """Return the mistake of a gap without batch normalisations."""
    return Mistake(
        "no-bn",
        "There is no batch normalisation in the gap.",
        (Change(BN_B, ""), Change(BN_C, ""), *changes),
        "Layers are missing.",
        "What stands after each convolution.",
    )


IN_IDENTITY_BLOCK = (
    Mistake(
        "projection-added",
        "The shortcut has a convolution; in the identity block X itself is added.",
        (
            Change(
                SUM,
                '    X_shortcut = Conv2D(F3, (1, 1), name=conv_name + "1", '
                f"{INITIALIZER})(X_shortcut)\n"
                '    X_shortcut = BatchNormalization(axis=3, name=bn_name + "1")(X_shortcut)\n' + SUM,
            ),
        ),
        "The shortcut is no identity.",
        "What happens to X_shortcut on its way to the sum.",
    ),
    first_kernel_3x3('Conv2D(F1, (1, 1), padding="valid"'),
    no_bn(),
)

IN_CONVOLUTIONAL_BLOCK = (
    *THE_SHORTCUT,
    first_kernel_3x3("Conv2D(F1, (1, 1), strides=(s, s)"),
    no_bn(NO_BN_IN_PROJECTION),
)

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "identity_block": (
        *IN_EITHER_BLOCK,
        *of_each_convolution(CONVOLUTIONS),
        *of_each_normalisation(NORMALISATIONS),
        *of_each_layer(CONVOLUTIONS + NORMALISATIONS),
        *IN_IDENTITY_BLOCK,
    ),
    "convolutional_block": (
        *IN_EITHER_BLOCK,
        *of_each_convolution((*CONVOLUTIONS, PROJECTION)),
        *of_each_normalisation((*NORMALISATIONS, SHORTCUT_BN)),
        *of_each_layer((*CONVOLUTIONS, PROJECTION, *NORMALISATIONS, SHORTCUT_BN)),
        *IN_CONVOLUTIONAL_BLOCK,
    ),
}
"""Name of an exercise to its mistakes."""
