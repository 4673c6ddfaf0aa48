"""Mistakes in what the training edition adds: the mode, and the initializer."""

from collections.abc import Sequence

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.training_lines import CONV_B, CONV_C, INITIALIZER, LINE_OF_BN

MODE = "A batch normalisation is not told the mode, or is told a wrong one."
AT_THE_CALLS = "How each batch normalisation of the gap is called on its input."
START = "The kernels start from other values."
AT_THE_CONVOLUTIONS = "The initializer of each convolution of the gap."
STATISTICS = "A batch normalisation takes its statistics in another way."
AT_THE_SETTINGS = "The settings that the batch normalisations of the gap are made with."


def modes_of(normalisations: Sequence[str]) -> tuple[Mistake, ...]:
    """Return the mistakes in mode and initializer of a block.

    Args:
        normalisations: which batch normalisations stand in its gap, by the keys of `LINE_OF_BN`.
    """
    untold = tuple(
        Mistake(
            f"training-left-out-of-the-{one.removesuffix(chr(39) + 's')}-bn",
            f"The {one} batch normalisation is not told the mode.",
            in_bn(one, ", training=training", ""),
            MODE,
            AT_THE_CALLS,
        )
        for one in normalisations
    )
    return (*_told(normalisations), *untold, *_set(normalisations), *THE_INITIALIZER)


def in_bn(one: str, old: str, new: str) -> tuple[Change, ...]:
    """Change a part of the line of one batch normalisation."""
    lines, before = LINE_OF_BN[one]
    return (Change(lines, before + lines.removeprefix(before).replace(old, new)),)


def in_all(normalisations: Sequence[str], old: str, new: str) -> tuple[Change, ...]:
    """Change the same part of the lines of several batch normalisations."""
    return tuple(change for one in normalisations for change in in_bn(one, old, new))


def _told(normalisations: Sequence[str]) -> tuple[Mistake, ...]:
    """Return mistakes in what all batch normalisations of the gap are told."""
    told = (
        ("training-left-out", "No batch normalisation of the gap is told the mode.", ""),
        (
            "training-always-true",
            "The batch normalisations of the gap are told training=True, whatever the argument says.",
            ", training=True",
        ),
        (
            "training-always-false",
            "The batch normalisations of the gap are told training=False, whatever the argument says.",
            ", training=False",
        ),
        (
            "training-without-its-keyword",
            "The mode is given to the batch normalisations without its keyword; Keras takes only tensors so.",
            ", training",
        ),
        (
            "training-inverted",
            "The batch normalisations of the gap are told the opposite of the argument.",
            ", training=not training",
        ),
    )
    return tuple(
        Mistake(name, sentence, in_all(normalisations, ", training=training", call), MODE, AT_THE_CALLS)
        for name, sentence, call in told
    )


def _set(normalisations: Sequence[str]) -> tuple[Mistake, ...]:
    """Return mistakes in the settings of all batch normalisations of the gap."""
    made = (
        (
            "trainable-for-training",
            "The mode is given as trainable=training, a setting that says whether gamma and beta are learned.",
            (("axis=3", "axis=3, trainable=training"), (", training=training", "")),
            MODE,
        ),
        (
            "bn-axis-1",
            "The batch normalisations of the gap normalise axis 1, the rows; the channels are axis 3.",
            (("axis=3", "axis=1"),),
            STATISTICS,
        ),
        (
            "other-momentum",
            "The batch normalisations of the gap have another momentum than Keras's own.",
            (("axis=3", "axis=3, momentum=0.9"),),
            STATISTICS,
        ),
        (
            "other-epsilon",
            "The batch normalisations of the gap have another epsilon than Keras's own.",
            (("axis=3", "axis=3, epsilon=1e-5"),),
            STATISTICS,
        ),
    )
    return tuple(
        Mistake(name, sentence, _rewritten(normalisations, changes), hint, AT_THE_SETTINGS)
        for name, sentence, changes, hint in made
    )


def _rewritten(normalisations: Sequence[str], changes: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """Change several parts of the lines of several batch normalisations."""
    found = []
    for one in normalisations:
        lines, before = LINE_OF_BN[one]
        new = lines.removeprefix(before)
        for old, instead in changes:
            new = new.replace(old, instead)
        found.append(Change(lines, before + new))
    return tuple(found)


def _in_gap(new: str) -> tuple[Change, ...]:
    return tuple(Change(line, line.replace(INITIALIZER, new)) for line in (CONV_B, CONV_C))


THE_INITIALIZER = (
    Mistake(
        "initializer-left-out",
        "The second and third convolution are given no initializer, or one without a seed: each time other kernels are "
        "drawn.",
        tuple(Change(line, line.replace(f", {INITIALIZER}", "")) for line in (CONV_B, CONV_C)),
        START,
        AT_THE_CONVOLUTIONS,
    ),
    Mistake(
        "initializer-ignored",
        "The second and third convolution always start from glorot_uniform(seed=0); it has to be the argument.",
        _in_gap("kernel_initializer=glorot_uniform(seed=0)"),
        START,
        AT_THE_CONVOLUTIONS,
    ),
    Mistake(
        "initializer-always-random-uniform",
        "The second and third convolution always start from random_uniform(seed=0); it has to be the argument.",
        _in_gap("kernel_initializer=random_uniform(seed=0)"),
        START,
        AT_THE_CONVOLUTIONS,
    ),
    Mistake(
        "other-seed",
        "The second and third convolution start from another seed than 0.",
        _in_gap("kernel_initializer=initializer(seed=1)"),
        START,
        AT_THE_CONVOLUTIONS,
    ),
)
