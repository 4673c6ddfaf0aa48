"""The reference's lines that mistakes and styles change; they stand in both blocks of `solutions/blocks.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course.mistakes import Change, Mistake

RELU = '    X = Activation("relu")(X)\n'
CONV_B = (
    '    X = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)\n'
)
CONV_C = (
    '    X = Conv2D(F3, (1, 1), padding="valid", name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(X)\n'
)
BN_A, BN_B, BN_C = (f'    X = BatchNormalization(axis=3, name=bn_name + "2{part}")(X)\n' for part in "abc")
SECOND, THIRD = CONV_B + BN_B + RELU, CONV_C + BN_C
SUM = "    X = Add()([X, X_shortcut])\n"
CONV_P = (
    '    projection = Conv2D(F3, (1, 1), strides=(s, s), name=conv_name + "1", '
    "kernel_initializer=glorot_uniform(seed=0))\n"
)
BN_P = '    X_shortcut = BatchNormalization(axis=3, name=bn_name + "1")(projection(X_shortcut))\n'

INITIALIZER = "kernel_initializer=glorot_uniform(seed=0)"


@dataclass(frozen=True)
class Layer:
    """A layer of the gap.

    Args:
        slug: what it is called in the name of a mistake.
        words: what it is called in a sentence.
        line: its line in the reference.
    """

    slug: str
    words: str
    line: str


CONVOLUTIONS = (
    Layer("second-convolution", "second convolution", CONV_B),
    Layer("third-convolution", "third convolution", CONV_C),
)
PROJECTION = Layer("projection", "projection", CONV_P)

NORMALISATIONS = (
    Layer("second-bn", "second batch normalisation", BN_B),
    Layer("third-bn", "third batch normalisation", BN_C),
)
SHORTCUT_BN = Layer("shortcut-bn", "shortcut's batch normalisation", BN_P)


def edit(line: str, old: str, new: str) -> Change:
    """Change a part of one line of the reference."""
    return Change(line, line.replace(old, new))


def everywhere(layers: Sequence[Layer], old: str, new: str) -> tuple[Change, ...]:
    """Change the same part of the lines of several layers."""
    return tuple(edit(layer.line, old, new) for layer in layers)


def each(
    layers: Sequence[Layer], name: str, sentence: str, old: str, new: str, hint: str, where: str = "The line of the {}."
) -> tuple[Mistake, ...]:
    """Make one mistake per layer; the braces stand for the layer."""
    return tuple(
        Mistake(
            name.format(layer.slug),
            sentence.format(layer.words),
            (edit(layer.line, old, new),),
            hint,
            where.format(layer.words),
        )
        for layer in layers
    )
