"""Mistakes in batch normalisation by hand: the modes and the formula."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.batchnorm_lines import AXES, CHOICE, FORMULA, MOVED_MEAN, MOVED_VARIANCE
from solutions.mistakes.batchnorm_statistics import THE_MOVE, THE_STATISTICS

MODE_WRONG = "A mode does what belongs to the other one."
AT_THE_MODE = "The condition on `training`, and what stands under it."
FORMULA_WRONG = "The formula for y is another one."
AT_THE_FORMULA = "The line that makes y, term by term."

THE_MODE = (
    Mistake(
        "always-training",
        "`training` is ignored: the batch's statistics are used in inference mode as well.",
        (Change("    if training:\n", "    if True:\n"),),
        MODE_WRONG,
        AT_THE_MODE,
    ),
    Mistake(
        "always-inference",
        "`training` is ignored: the running statistics are used in training mode as well, and never move.",
        (Change("    if training:\n", "    if False:\n"),),
        MODE_WRONG,
        AT_THE_MODE,
    ),
    Mistake(
        "modes-swapped",
        "The modes are swapped.",
        (Change("    if training:\n", "    if not training:\n"),),
        MODE_WRONG,
        AT_THE_MODE,
    ),
    Mistake(
        "moves-in-inference",
        "The running statistics move in inference mode as well.",
        (
            Change(MOVED_MEAN + MOVED_VARIANCE, ""),
            Change(
                CHOICE,
                CHOICE
                + f"    axes = {AXES}\n"
                + MOVED_MEAN[4:].replace("* mean", "* x.mean(axis=axes)")
                + MOVED_VARIANCE[4:].replace("* variance", "* x.var(axis=axes)"),
            ),
        ),
        MODE_WRONG,
        AT_THE_MODE,
    ),
    Mistake(
        "normalised-with-the-moved-statistics",
        "In training mode y is made with the running statistics after their move; the batch's own belong there.",
        (Change(MOVED_VARIANCE, MOVED_VARIANCE + "        mean, variance = running_mean, running_variance\n"),),
        MODE_WRONG,
        "Which mean and variance are in use when y is made.",
    ),
)


def formula(old: str, new: str) -> Change:
    """Change a part of the line that makes y; the docstring holds the formula as well."""
    return Change(FORMULA, FORMULA.replace(old, new))


THE_FORMULA = (
    Mistake(
        "no-square-root",
        "x - mean is divided by the variance; it has to be divided by the root of it.",
        (formula("np.sqrt(variance + eps)", "(variance + eps)"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "eps-outside-the-root",
        "eps is added to the root of the variance; it has to be added under the root.",
        (formula("np.sqrt(variance + eps)", "(np.sqrt(variance) + eps)"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "no-eps",
        "eps is not used.",
        (formula("variance + eps", "variance"),),
        "An argument has no effect.",
        AT_THE_FORMULA,
    ),
    Mistake(
        "fixed-eps",
        "eps is always 0.001; it has to be the argument.",
        (formula("variance + eps", "variance + 0.001"),),
        "An argument has no effect.",
        AT_THE_FORMULA,
    ),
    Mistake(
        "no-gamma",
        "gamma is not used.",
        (formula("gamma * (x - mean)", "(x - mean)"),),
        "An argument has no effect.",
        AT_THE_FORMULA,
    ),
    Mistake(
        "no-beta", "beta is not used.", (formula(" + beta\n", "\n"),), "An argument has no effect.", AT_THE_FORMULA
    ),
    Mistake(
        "gamma-and-beta-swapped",
        "gamma is added and beta multiplied with; it is the other way round.",
        (Change(FORMULA, "    y = beta * (x - mean) / np.sqrt(variance + eps) + gamma\n"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "beta-scaled",
        "gamma scales beta as well: beta is added before gamma acts.",
        (Change(FORMULA, "    y = gamma * ((x - mean) / np.sqrt(variance + eps) + beta)\n"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "mean-added",
        "The mean is added; it has to be subtracted.",
        (formula("(x - mean)", "(x + mean)"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "mean-not-subtracted",
        "The mean is not subtracted.",
        (formula("(x - mean)", "x"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "brackets-missing",
        "Only the mean is divided by the root: the brackets around x - mean are missing.",
        (formula("gamma * (x - mean) /", "gamma * x - mean /"),),
        FORMULA_WRONG,
        AT_THE_FORMULA,
    ),
    Mistake(
        "x-changed-in-place",
        "The array x that was given is written to; y has to be a new array.",
        (Change(FORMULA, "    x -= mean\n    y = gamma * x / np.sqrt(variance + eps) + beta\n"),),
        "Something that was given is changed.",
        "The lines that use x: which of them write to it?",
    ),
)

THE_PYTHON = (
    Mistake(
        "gap-left-as-none",
        "y still is None.",
        (Change(FORMULA, "    y = None\n"),),
        "A line of the gap is not written yet.",
        AT_THE_FORMULA,
    ),
    Mistake(
        "y-alone-returned",
        "Only y is returned.",
        (Change("    ### END CODE HERE ###\n", "    return y\n    ### END CODE HERE ###\n"),),
        "Another number of things is returned.",
        "The line that returns.",
    ),
)

IN_BATCHNORM_FORWARD = THE_STATISTICS + THE_MOVE + THE_MODE + THE_FORMULA + THE_PYTHON
