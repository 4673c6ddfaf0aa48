"""Right ways to write batch normalisation by hand, and to freeze it."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.batchnorm_lines import AXES, CHOICE, FORMULA, MOVED_MEAN, MOVED_VARIANCE, STATISTICS
from solutions.mistakes.freeze_batchnorm import CONDITION, FREEZE, INSIDE, LOOP

BODY = (
    f"{CHOICE}    if training:\n        # All axes but the last, which holds the channels\n"
    f"        axes = {AXES}\n{STATISTICS}{MOVED_MEAN}{MOVED_VARIANCE}"
)

FLAT = "        flat = x.reshape(-1, x.shape[-1])\n        mean, variance = flat.mean(axis=0), flat.var(axis=0)\n"

BY_HAND = """\
        count = x.size // x.shape[-1]
        mean = x.sum(axis=axes) / count
        variance = ((x - mean) ** 2).sum(axis=axes) / count
"""

LOOP_OVER_CHANNELS = """\
    y = np.empty(x.shape)
    new_mean, new_variance = np.array(running_mean), np.array(running_variance)
    for c in range(x.shape[-1]):
        m, v = running_mean[c], running_variance[c]
        if training:
            m, v = np.mean(x[..., c]), np.var(x[..., c])
            new_mean[c] = momentum * running_mean[c] + (1 - momentum) * m
            new_variance[c] = momentum * running_variance[c] + (1 - momentum) * v
        y[..., c] = gamma[c] * (x[..., c] - m) / (v + eps) ** 0.5 + beta[c]
    running_mean, running_variance = new_mean, new_variance
"""

EARLY = """\
    if not training:
        return (x - running_mean) * (gamma / np.sqrt(running_variance + eps)) + beta, running_mean, running_variance
"""

KERAS = """\
    axes = list(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = (np.asarray(one) for one in keras.ops.moments(x, axes))
"""

IN_BATCHNORM_FORWARD = (
    Style("flattened", "x becomes a matrix first.", (Change(STATISTICS, FLAT),)),
    Style("sums", "Mean and variance are made of sums.", (Change(STATISTICS, BY_HAND),)),
    Style(
        "functions-of-numpy",
        "np.mean and np.var take the place of the methods.",
        (Change("x.mean(axis=axes), x.var(axis=axes)", "np.mean(x, axis=axes), np.var(x, axis=axes)"),),
    ),
    Style(
        "keepdims",
        "The statistics keep their axes until they move.",
        (
            Change(STATISTICS, STATISTICS.replace("axis=axes", "axis=axes, keepdims=True")),
            Change(MOVED_MEAN, MOVED_MEAN.replace("* mean", "* mean.reshape(-1)")),
            Change(MOVED_VARIANCE, MOVED_VARIANCE.replace("* variance", "* np.squeeze(variance)")),
        ),
    ),
    Style(
        "mean-of-squares",
        "The variance is the mean of the squares minus the square of the mean.",
        (Change("x.var(axis=axes)", "(x**2).mean(axis=axes) - x.mean(axis=axes) ** 2"),),
    ),
    Style(
        "standard-deviation-squared",
        "The variance is the square of the standard deviation.",
        (Change("x.var(axis=axes)", "np.std(x, axis=axes) ** 2"),),
    ),
    Style(
        "moves-by-a-difference",
        "The running statistics move by a share of their distance from the batch's.",
        (
            Change(MOVED_MEAN, "        running_mean = running_mean + (1 - momentum) * (mean - running_mean)\n"),
            Change(
                MOVED_VARIANCE,
                "        running_variance = running_variance - (1 - momentum) * (running_variance - variance)\n",
            ),
        ),
    ),
    Style(
        "loop-over-channels", "A loop goes over the channels.", (Change(BODY, LOOP_OVER_CHANNELS), Change(FORMULA, ""))
    ),
    Style("early-return", "Inference mode returns at once.", (Change(CHOICE, EARLY + CHOICE),)),
    Style(
        "root-as-a-power",
        "The root is a power, and gamma acts last.",
        (Change(FORMULA, "    y = (x - mean) * (variance + eps) ** -0.5 * gamma + beta\n"),),
    ),
    Style(
        "scale-and-shift",
        "Scale and shift are made first.",
        (Change(FORMULA, "    scale = gamma / np.sqrt(variance + eps)\n    y = x * scale + (beta - mean * scale)\n"),),
    ),
    Style(
        "a-list",
        "A list is returned.",
        (
            Change(
                "    ### END CODE HERE ###\n",
                "    return [y, running_mean, running_variance]\n    ### END CODE HERE ###\n",
            ),
        ),
    ),
    Style(
        "moments-of-keras",
        "keras.ops.moments makes the statistics, in float32.",
        (Change(BODY, KERAS + MOVED_MEAN + MOVED_VARIANCE),),
    ),
    Style("forgotten-print", "A print was forgotten.", (Change(FORMULA, FORMULA + "    print(y.mean(), y.std())\n"),)),
)

STACK = """\
    waiting = list(model.layers)
    while waiting:
        layer = waiting.pop()
        if isinstance(layer, BatchNormalization):
            layer.trainable = False
        waiting += getattr(layer, "layers", [])
"""

INNER = """\
    def freeze(layers):
        for layer in layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.trainable = False
            if hasattr(layer, "layers"):
                freeze(layer.layers)

    freeze(model.layers)
"""

IN_FREEZE_BATCHNORM = (
    Style(
        "stack",
        "A list of waiting layers takes the place of the recursion.",
        (Change(LOOP + CONDITION + FREEZE + INSIDE, STACK),),
    ),
    Style("inner-function", "A function inside goes down.", (Change(LOOP + CONDITION + FREEZE + INSIDE, INNER),)),
    Style(
        "all-layers-of-keras",
        "Keras lists the layers of all depths itself.",
        (Change(LOOP, "    for layer in model._flatten_layers():\n"), Change(INSIDE, "")),
    ),
    Style(
        "name-of-the-class",
        "The class is compared by its name.",
        (Change("isinstance(layer, BatchNormalization)", 'type(layer).__name__ == "BatchNormalization"'),),
    ),
    Style(
        "models-first",
        "Models are looked into first, and told by having layers.",
        (
            Change(
                CONDITION + FREEZE + INSIDE,
                '        if hasattr(layer, "layers"):\n            freeze_batchnorm(layer)\n' + CONDITION + FREEZE,
            ),
        ),
    ),
    Style(
        "variables-told-as-well",
        "gamma and beta are told as well, which changes nothing more.",
        (Change(FREEZE, FREEZE + "            layer.gamma.trainable = layer.beta.trainable = False\n"),),
    ),
)

STYLES: dict[str, tuple[Style, ...]] = {
    "batchnorm_forward": IN_BATCHNORM_FORWARD,
    "freeze_batchnorm": IN_FREEZE_BATCHNORM,
}
"""Name of an exercise to its styles."""
