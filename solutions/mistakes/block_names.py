"""Mistakes in the names of a residual block's layers."""

from collections.abc import Sequence

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_B, BN_C, CONV_B, CONV_C, SECOND, THIRD, Layer, edit

NAMES = "A layer is not called what the docstring says."
THE_NAMES = "The names of the layers in the gap."


def _unnamed(layer: Layer) -> Change:
    """Leave out the name of a layer."""
    start = layer.line.index(", name=")
    end = min(layer.line.index(after, start + 1) for after in (",", ")") if after in layer.line[start + 1 :])
    return Change(layer.line, layer.line[:start] + layer.line[end:])


def of_each_layer(layers: Sequence[Layer]) -> tuple[Mistake, ...]:
    """Return what can be wrong with the name of each layer and with all of them."""
    return (
        *(
            Mistake(
                f"{layer.slug}-without-name",
                f"The {layer.words} has no name.",
                (_unnamed(layer),),
                NAMES,
                f"The line of the {layer.words}.",
            )
            for layer in layers
        ),
        Mistake(
            "no-names",
            "No layer of the gap has a name.",
            tuple(_unnamed(layer) for layer in layers),
            NAMES,
            THE_NAMES,
        ),
        *IN_EITHER_BLOCK,
    )


IN_EITHER_BLOCK = (
    Mistake(
        "name-misspelled",
        "A layer's name is spelled otherwise than the docstring says.",
        (edit(BN_C, '"2c"', '"_2c"'),),
        NAMES,
        THE_NAMES,
    ),
    Mistake(
        "name-twice",
        "Two convolutions have the same name.",
        (edit(CONV_C, '"2c"', '"2b"'),),
        "Keras wants a name for each layer that no other has.",
        THE_NAMES,
    ),
    Mistake(
        "bn-name-twice",
        "Two batch normalisations have the same name.",
        (edit(BN_C, '"2c"', '"2b"'),),
        "Keras wants a name for each layer that no other has.",
        THE_NAMES,
    ),
    Mistake(
        "names-of-components-swapped",
        "The layers of the second component are called 2c, and those of the third 2b.",
        (
            Change(SECOND, SECOND.replace('"2b"', '"2c"')),
            Change(THIRD, THIRD.replace('"2c"', '"2b"')),
        ),
        NAMES,
        THE_NAMES,
    ),
    Mistake(
        "names-of-layers-swapped",
        "The convolutions of the gap are called bn, and its batch normalisations res.",
        (
            edit(CONV_B, "conv_name", "bn_name"),
            edit(BN_B, "bn_name", "conv_name"),
            edit(CONV_C, "conv_name", "bn_name"),
            edit(BN_C, "bn_name", "conv_name"),
        ),
        NAMES,
        THE_NAMES,
    ),
    Mistake(
        "fixed-names",
        "Stage and block are written into the names as constants; they have to come from the arguments.",
        (
            Change('f"res{stage}{block}_branch"', '"res2a_branch"'),
            Change('f"bn{stage}{block}_branch"', '"bn2a_branch"'),
        ),
        "The names do not change with stage and block.",
        "Where the names are made.",
    ),
)
