"""Mistakes in batch normalisation by hand: which statistics of the batch, and how the running ones move."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.batchnorm_lines import AXES, MOVED_MEAN, MOVED_VARIANCE, START, STATISTICS

STATISTICS_WRONG = "In training mode mean or variance is not that of the batch, channel by channel."
AT_THE_STATISTICS = "The lines that take mean and variance of x: over which axes, and divided by what?"
MOVED_WRONG = "The running statistics do not move as the docstring says."
AT_THE_MOVE = "The lines that make the new running mean and the new running variance."

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
