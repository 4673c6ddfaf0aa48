"""Mistakes in batch normalisation by hand: which statistics, how they move, and the formula."""

from autograder.course.mistakes import Change, Mistake

CHOICE = "    mean, variance = running_mean, running_variance\n"
AXES = "tuple(range(x.ndim - 1))"
STATISTICS = "        mean, variance = x.mean(axis=axes), x.var(axis=axes)\n"
MOVED_MEAN = "        running_mean = momentum * running_mean + (1 - momentum) * mean\n"
MOVED_VARIANCE = "        running_variance = momentum * running_variance + (1 - momentum) * variance\n"
FORMULA = "    y = gamma * (x - mean) / np.sqrt(variance + eps) + beta\n"
START = "    ### START CODE HERE ###\n"

STATISTICS_WRONG = "In training mode mean or variance is not that of the batch, channel by channel."
AT_THE_STATISTICS = "The lines that take mean and variance of x: over which axes, and divided by what?"
MOVED_WRONG = "The running statistics do not move as the docstring says."
AT_THE_MOVE = "The lines that make the new running mean and the new running variance."
MODE_WRONG = "A mode does what belongs to the other one."
AT_THE_MODE = "The condition on `training`, and what stands under it."
FORMULA_WRONG = "The formula for y is another one."
AT_THE_FORMULA = "The line that makes y, term by term."

THE_STATISTICS = (
    Mistake(
        "statistics-over-the-batch-axis-only",
        "Mean and variance are taken over the batch axis only, so that each place has statistics of its own.",
        (Change(AXES, "0"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "one-statistic-for-all-channels",
        "Mean and variance are taken over all axes, so that all channels share one mean and one variance.",
        (Change(AXES, "None"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "statistics-of-each-example",
        "Mean and variance are taken within each example, over its channels as well: that is layer normalisation.",
        (
            Change(AXES, "tuple(range(1, x.ndim))"),
            Change(
                STATISTICS,
                "        mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)\n",
            ),
        ),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "statistics-over-the-channels",
        "Mean and variance are taken over the channels at each place.",
        (
            Change(AXES, "-1"),
            Change(
                STATISTICS,
                "        mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)\n",
            ),
        ),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "unbiased-variance",
        "The variance of the batch is divided by one less than the number of values.",
        (Change("x.var(axis=axes)", "x.var(axis=axes, ddof=1)"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "standard-deviation-for-variance",
        "The standard deviation of the batch is taken where the variance belongs.",
        (Change("x.var(axis=axes)", "x.std(axis=axes)"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "mean-square-for-variance",
        "The mean of the squares is taken where the variance belongs: the mean is not subtracted before squaring.",
        (Change("x.var(axis=axes)", "(x**2).mean(axis=axes)"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "variance-around-the-running-mean",
        "The variance of the batch is measured from the running mean; it has to be measured from the batch's own mean.",
        (Change("x.var(axis=axes)", "((x - running_mean) ** 2).mean(axis=axes)"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "sum-for-mean",
        "The sum over the batch is taken where the mean belongs.",
        (Change("x.mean(axis=axes)", "x.sum(axis=axes)"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "batch-mean-with-running-variance",
        "In training mode the mean is that of the batch, but the variance is the running one.",
        (Change(STATISTICS, "        mean = x.mean(axis=axes)\n"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
    Mistake(
        "running-mean-with-batch-variance",
        "In training mode the variance is that of the batch, but the mean is the running one.",
        (Change(STATISTICS, "        variance = x.var(axis=axes)\n"),),
        STATISTICS_WRONG,
        AT_THE_STATISTICS,
    ),
)

THE_MOVE = (
    Mistake(
        "momentum-the-other-way-round",
        "momentum weighs the batch's statistics and 1 - momentum the old ones, as in PyTorch; here it is the other way "
        "round.",
        (
            Change(MOVED_MEAN, "        running_mean = (1 - momentum) * running_mean + momentum * mean\n"),
            Change(
                MOVED_VARIANCE, "        running_variance = (1 - momentum) * running_variance + momentum * variance\n"
            ),
        ),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "fixed-momentum",
        "The momentum is always 0.99; it has to be the argument.",
        (Change(START, START + "    momentum = 0.99\n"),),
        "An argument has no effect.",
        AT_THE_MOVE,
    ),
    Mistake(
        "unbiased-running-variance",
        "The running variance moves towards a variance that is divided by one less than the number of values, as in "
        "PyTorch; Keras takes the same variance as for y.",
        (Change(MOVED_VARIANCE, MOVED_VARIANCE.replace("* variance", "* x.var(axis=axes, ddof=1)")),),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "standard-deviation-moves",
        "The running variance moves towards the standard deviation of the batch.",
        (Change(MOVED_VARIANCE, MOVED_VARIANCE.replace("* variance", "* np.sqrt(variance)")),),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "eps-in-the-running-variance",
        "eps is added to the variance before the running variance moves towards it; it belongs into y only.",
        (Change(MOVED_VARIANCE, MOVED_VARIANCE.replace("* variance", "* (variance + eps)")),),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "running-mean-never-moves",
        "In training mode the running mean is returned as it came.",
        (Change(MOVED_MEAN, ""),),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "running-variance-never-moves",
        "In training mode the running variance is returned as it came.",
        (Change(MOVED_VARIANCE, ""),),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "running-statistics-never-move",
        "In training mode both running statistics are returned as they came.",
        (Change(MOVED_MEAN, ""), Change(MOVED_VARIANCE, "")),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "batch-statistics-returned",
        "In training mode the batch's own statistics are returned in place of the running ones.",
        (
            Change(MOVED_MEAN, "        running_mean = mean\n"),
            Change(MOVED_VARIANCE, "        running_variance = variance\n"),
        ),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "old-statistics-left-out",
        "The share of the batch's statistics is returned without the share of the old ones.",
        (
            Change(MOVED_MEAN, "        running_mean = (1 - momentum) * mean\n"),
            Change(MOVED_VARIANCE, "        running_variance = (1 - momentum) * variance\n"),
        ),
        MOVED_WRONG,
        AT_THE_MOVE,
    ),
    Mistake(
        "mean-and-variance-swapped",
        "The running variance stands in the place of the running mean, and the other way round.",
        (
            Change(
                "    ### END CODE HERE ###\n",
                "    running_mean, running_variance = running_variance, running_mean\n    ### END CODE HERE ###\n",
            ),
        ),
        MOVED_WRONG,
        "The order of what is returned.",
    ),
    Mistake(
        "running-statistics-changed-in-place",
        "The arrays of the running statistics that were given are written to; new ones have to be returned.",
        (
            Change(MOVED_MEAN, "        running_mean *= momentum\n        running_mean += (1 - momentum) * mean\n"),
            Change(
                MOVED_VARIANCE,
                "        running_variance *= momentum\n        running_variance += (1 - momentum) * variance\n",
            ),
        ),
        "Something that was given is changed.",
        AT_THE_MOVE,
    ),
)

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
