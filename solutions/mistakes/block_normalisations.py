"""Mistakes in the arguments of a residual block's batch normalisations."""

from collections.abc import Sequence

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_A, Layer, each, edit, everywhere

AXIS = "A batch normalisation does not normalise channel by channel."
EPSILON = "A batch normalisation adds another number to the variance than Keras does by itself."
MOMENTUM = "A batch normalisation follows the batches faster or slower than Keras does by itself."
MODE = "A batch normalisation does not follow the mode in which the model is used."
FROZEN = "Batch normalisations would not learn."
MISSING = "The main path is not normalised as the formula says."
THE_LINES = "The lines of the batch normalisations in the gap."


def fixed_training(layers: Sequence[Layer], value: str) -> tuple[Change, ...]:
    """Fix `training` in the calls of batch normalisations."""
    return tuple(Change(layer.line, layer.line[:-2] + f", training={value})\n") for layer in layers)


def _fixed(layers: Sequence[Layer], value: str) -> tuple[Mistake, ...]:
    """Fix `training` in each batch normalisation, and in all of them."""
    sentence = f"called with training={value}; the mode is chosen by who uses the model, not by the block."
    word = value.lower()
    return (
        *(
            Mistake(
                f"{layer.slug}-training-{word}",
                f"The {layer.words} is {sentence}",
                fixed_training([layer], value),
                MODE,
                f"The call of the {layer.words}.",
            )
            for layer in layers
        ),
        Mistake(
            f"training-{word}",
            f"The batch normalisations of the gap are {sentence}",
            fixed_training(layers, value),
            MODE,
            "The calls of the batch normalisations.",
        ),
    )


def of_each_normalisation(layers: Sequence[Layer]) -> tuple[Mistake, ...]:
    """Return what can be wrong with the arguments of each batch normalisation and of all of them."""
    return (
        *each(
            layers,
            "{}-axis-1",
            "The {} normalises axis 1, the rows; the channels are axis 3.",
            "axis=3",
            "axis=1",
            AXIS,
        ),
        Mistake(
            "bn-axis-1",
            "The batch normalisations of the gap normalise axis 1, the rows; the channels are axis 3.",
            everywhere(layers, "axis=3", "axis=1"),
            AXIS,
            THE_LINES,
        ),
        Mistake(
            "bn-axis-2",
            "The batch normalisations of the gap normalise axis 2, the columns; the channels are axis 3.",
            everywhere(layers, "axis=3", "axis=2"),
            AXIS,
            THE_LINES,
        ),
        *each(
            layers,
            "{}-with-other-epsilon",
            "The {} has another epsilon than Keras's own.",
            "axis=3",
            "axis=3, epsilon=1e-5",
            EPSILON,
        ),
        Mistake(
            "other-epsilon",
            "The batch normalisations of the gap have another epsilon than Keras's own.",
            everywhere(layers, "axis=3", "axis=3, epsilon=1e-5"),
            EPSILON,
            THE_LINES,
        ),
        *each(
            layers,
            "{}-with-other-momentum",
            "The {} has another momentum than Keras's own.",
            "axis=3",
            "axis=3, momentum=0.9",
            MOMENTUM,
        ),
        Mistake(
            "other-momentum",
            "The batch normalisations of the gap have another momentum than Keras's own.",
            everywhere(layers, "axis=3", "axis=3, momentum=0.9"),
            MOMENTUM,
            THE_LINES,
        ),
        *_fixed(layers, "True"),
        *_fixed(layers, "False"),
        Mistake(
            "bn-not-trainable",
            "The batch normalisations of the gap are frozen: they never learn, and never use the batch's statistics.",
            everywhere(layers, "axis=3", "axis=3, trainable=False"),
            FROZEN,
            THE_LINES,
        ),
        Mistake(
            "layer-normalisation",
            "Layer normalisation stands where the gap needs batch normalisation: it normalises each pixel by itself.",
            (
                *everywhere(layers, "BatchNormalization(axis=3", "LayerNormalization(axis=3"),
                Change(
                    "F1, F2, F3 = filters\n", "F1, F2, F3 = filters\n    from keras.layers import LayerNormalization\n"
                ),
            ),
            "The gap has layers of another kind than the formula.",
            THE_LINES,
        ),
    )


THE_FIRST_NORMALISATION = (
    Mistake(
        "no-first-bn",
        "The first batch normalisation is left out, or its result is not used.",
        (edit(BN_A, "X =", "normalised ="),),
        MISSING,
        "The first component, which is given.",
    ),
)
