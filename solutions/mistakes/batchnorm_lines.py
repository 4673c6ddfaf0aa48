"""The lines of `batchnorm_forward` of `solutions/batchnorm.py` that mistakes and styles change."""

CHOICE = "    mean, variance = running_mean, running_variance\n"
AXES = "tuple(range(x.ndim - 1))"
STATISTICS = "        mean, variance = x.mean(axis=axes), x.var(axis=axes)\n"
MOVED_MEAN = "        running_mean = momentum * running_mean + (1 - momentum) * mean\n"
MOVED_VARIANCE = "        running_variance = momentum * running_variance + (1 - momentum) * variance\n"
FORMULA = "    y = gamma * (x - mean) / np.sqrt(variance + eps) + beta\n"
START = "    ### START CODE HERE ###\n"
