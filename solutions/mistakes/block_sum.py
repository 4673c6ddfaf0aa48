"""Mistakes in the sum of a residual block and in the ReLUs around it; they fit both blocks."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_A, BN_C, RELU, SUM, edit

TWO_BRANCHES = "Not both branches reach the sum, each once."
ANOTHER_OPERATION = "The two branches meet in another operation than the formula's."
TOO_FEW_OR_TOO_MANY_RELUS = "A ReLU is missing, stands elsewhere, or is one too many."
AT_THE_SUM = "The line that makes the sum: what does it read?"
AROUND_THE_SUM = "The lines just before and just after the sum."

SHORTCUT_RELU = '    X_shortcut = Activation("relu")(X_shortcut)\n'


def _sum(terms: str) -> tuple[Change, ...]:
    return (edit(SUM, "[X, X_shortcut]", terms),)


def _instead(layer: str) -> tuple[Change, ...]:
    """Let the branches meet in another layer than Add."""
    return (Change(SUM, f"    from keras.layers import {layer}\n    X = {layer}()([X, X_shortcut])\n"),)


THE_TERMS = (
    Mistake(
        "shortcut-never-added",
        "The shortcut is never added, or the sum is not used: only the main path reaches the output.",
        (Change(SUM, ""),),
        TWO_BRANCHES,
        AT_THE_SUM,
    ),
    Mistake(
        "shortcut-added-twice",
        "The shortcut is added twice.",
        _sum("[X, X_shortcut, X_shortcut]"),
        TWO_BRANCHES,
        AT_THE_SUM,
    ),
    Mistake(
        "main-path-added-twice",
        "The main path is added twice, and the shortcut once.",
        _sum("[X, X, X_shortcut]"),
        TWO_BRANCHES,
        AT_THE_SUM,
    ),
    Mistake(
        "main-path-added-to-itself",
        "The main path is added to itself; the shortcut never reaches the sum.",
        _sum("[X, X]"),
        TWO_BRANCHES,
        AT_THE_SUM,
    ),
    Mistake(
        "shortcut-added-to-itself",
        "The shortcut is added to itself; the main path never reaches the sum.",
        _sum("[X_shortcut, X_shortcut]"),
        TWO_BRANCHES,
        AT_THE_SUM,
    ),
    Mistake(
        "main-path-thrown-away",
        "The last ReLU reads the shortcut; neither the sum nor the main path reaches the output.",
        (Change(SUM + RELU, SUM + RELU.replace("(X)", "(X_shortcut)")),),
        TWO_BRANCHES,
        "The last ReLU: what does it read?",
    ),
    Mistake(
        "shortcut-kept-too-late",
        "The shortcut is kept after the first component, so that it is no longer the block's input.",
        (Change("    X_shortcut = X\n", ""), Change(BN_A + RELU, BN_A + RELU + "    X_shortcut = X\n")),
        "What arrives at the sum as the shortcut did not start at the block's input.",
        "The line that sets X_shortcut, and what X is there.",
    ),
)

THE_OPERATION = (
    Mistake(
        "shortcut-concatenated",
        "The shortcut is concatenated with the main path; it has to be added, number by number.",
        _instead("Concatenate"),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
    Mistake(
        "branches-multiplied",
        "The main path is multiplied with the shortcut; the two have to be added.",
        _instead("Multiply"),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
    Mistake(
        "branches-averaged",
        "The mean of the main path and the shortcut is taken; they have to be added.",
        _instead("Average"),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
    Mistake(
        "larger-branch-taken",
        "The larger one of main path and shortcut is taken, number by number; they have to be added.",
        _instead("Maximum"),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
    Mistake(
        "shortcut-subtracted",
        "The shortcut is subtracted from the main path; it has to be added.",
        _instead("Subtract"),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
    Mistake(
        "main-path-subtracted",
        "The main path is subtracted from the shortcut; it has to be added.",
        (edit(SUM, "Add()([X, X_shortcut])", "X_shortcut - X"),),
        ANOTHER_OPERATION,
        AT_THE_SUM,
    ),
)

THE_RELUS = (
    Mistake(
        "relu-before-the-sum",
        "The last ReLU stands before the sum; it belongs after it.",
        (Change(SUM + RELU, RELU + SUM),),
        TOO_FEW_OR_TOO_MANY_RELUS,
        AROUND_THE_SUM,
    ),
    Mistake(
        "no-last-relu",
        "There is no ReLU after the sum, or its result is not returned.",
        (Change(SUM + RELU, SUM),),
        TOO_FEW_OR_TOO_MANY_RELUS,
        "What stands after the sum.",
    ),
    Mistake(
        "relu-on-the-main-path",
        "The main path has a ReLU before the sum as well, so that its negative values never reach the sum.",
        (Change(SUM, RELU + SUM),),
        TOO_FEW_OR_TOO_MANY_RELUS,
        "The end of the main path.",
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The shortcut has a ReLU of its own.",
        (Change(SUM, SHORTCUT_RELU + SUM),),
        TOO_FEW_OR_TOO_MANY_RELUS,
        "The shortcut, on its way to the sum.",
    ),
    Mistake(
        "relu-on-both-branches",
        "Both branches have a ReLU of their own before the sum.",
        (Change(SUM, RELU + SHORTCUT_RELU + SUM),),
        TOO_FEW_OR_TOO_MANY_RELUS,
        AROUND_THE_SUM,
    ),
    Mistake(
        "third-bn-after-the-sum",
        "The third batch normalisation stands after the sum, so that it normalises the shortcut as well.",
        (Change(BN_C, ""), Change(SUM, SUM + BN_C)),
        "The shortcut is changed after it was added.",
        AROUND_THE_SUM,
    ),
    Mistake(
        "last-activation-sigmoid",
        "The last activation is a sigmoid; it has to be a ReLU.",
        (Change(SUM + RELU, SUM + RELU.replace("relu", "sigmoid")),),
        "The numbers that the block returns are not those of a ReLU.",
        "The activation after the sum.",
    ),
)

THE_SUM = THE_TERMS + THE_OPERATION + THE_RELUS
