# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Assignment 04: Batch normalisation and its two modes
#
# Every convolution of a ResNet is followed by a *batch normalisation*. It is the one layer of the network that does something else while the network is trained than while it is used: it has two *modes*. Much that puzzles people in practice comes from there: outputs that depend on which pictures happen to share a batch, a network that is good in training and bad in use, frozen layers that move all the same. In this notebook you compute batch normalisation by hand, measure what each mode does, build the two blocks of ResNet-50 so that the mode is an argument, and freeze the batch normalisations of a model.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 | read | ●○○ | about 10 minutes |
# | 2 | write `batchnorm_forward` | ●●○ | about 25 minutes |
# | 3 to 5 | run, look, predict | ●○○ | about 20 minutes |
# | 6 and 7 | write `identity_block` and `convolutional_block` with the mode as an argument | ●○○ | about 15 minutes |
# | 8 and 9 | run and look | ●●○ | about 10 minutes |
# | 10 | write `freeze_batchnorm` | ●●○ | about 15 minutes |
# | 11 | think about four open questions (no points) | ●●● | as long as you like |
#
# You should have done assignment 03. Gaps, checks and points work as they do there. The papers that we refer to: S. Ioffe, C. Szegedy, [Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift](https://arxiv.org/abs/1502.03167), 2015; K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015; Y. Wu, K. He, [Group Normalization](https://arxiv.org/abs/1803.08494), 2018.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
from collections.abc import Callable, Sequence

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import KerasTensor
from keras.initializers import Initializer, glorot_uniform, random_uniform
from keras.layers import Activation, Add, BatchNormalization, Conv2D, Dense

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import draw_model

# %% [markdown]
# ## 1. One formula, two modes
#
# Batch normalisation works on each channel by itself. It moves and scales the values of a channel so that their mean is 0 and their variance is 1, and then gives them a mean and a spread that are learned, $\beta$ and $\gamma$:
#
# $$y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# The small $\epsilon$ keeps the root away from zero. The question is *which* mean $\mu$ and *which* variance $\sigma^2$ are meant, and there are two answers.
#
# * **Training mode** (algorithm 1 of Ioffe and Szegedy): those of the batch that is being looked at. For pictures of shape (batch, height, width, channels) they are taken over batch, height and width together, so that each channel has one mean and one variance.
# * **Inference mode** (algorithm 2): fixed numbers, so that the output for a picture does not depend on its company. They come from training: at each step the layer moves its *running* (Keras says *moving*) mean and variance a little towards those of the batch,
#
# $$\text{running} \leftarrow \text{momentum}\cdot\text{running} + (1 - \text{momentum})\cdot\text{batch}.$$
#
# **Conventions differ**, and numbers with them. We follow Keras. Whoever carries a model from one library to another has to look at this table line by line; each line has cost somebody a day.
#
# | | Keras | PyTorch | Ioffe and Szegedy 2015 |
# | --- | --- | --- | --- |
# | `momentum` is the share of | the old running value | the new batch value | (no name) |
# | variance for $y$ in training | sum of squares divided by the count | by the count | by the count |
# | variance that the running one moves towards | divided by the count | divided by the count − 1 | divided by the count − 1 |
#
# The settings that the two libraries begin with differ as well. These are Keras's:

# %%
fresh = BatchNormalization()
print(f"momentum {fresh.momentum}, epsilon {fresh.epsilon}")

# %% [markdown]
# ## 2. Batch normalisation by hand
#
# **Goal.** Write both modes with NumPy, for inputs with any number of axes; the last axis holds the channels.
#
# **Why.** You will use your function in the next three sections to measure things that are hard to see in a layer of Keras, which keeps its statistics to itself.
#
# **Difficulty: ●●○ · about 25 minutes**
#
# <details>
# <summary>Hint 1: where to begin</summary>
#
# Begin with inference mode, which needs one line: the formula with the running statistics. NumPy lines up the last axes, so arrays of shape `(channels,)` fit to `x` as they are. Then ask what training mode changes: which mean, which variance, and what is returned.
#
# </details>
#
# <details>
# <summary>Hint 2: over which axes?</summary>
#
# Over all but the last. `x.mean(axis=(0, 1, 2))` does that for pictures; for any number of axes you need a tuple that is made from `x.ndim`.
#
# </details>
#
# <details>
# <summary>Hint 3: the arrays that were given</summary>
#
# `running_mean *= momentum` writes into the array of whoever called you; `running_mean = momentum * running_mean` makes a new one.
#
# </details>

# %% tags=["solution"]
from solutions.batchnorm import batchnorm_forward

# %% [markdown]
# Does it do what Keras does? Five batches in training mode, then one in inference mode, through your function and through a layer of Keras. The differences that remain are those of Keras's shorter numbers (float32).


# %% tags=["demonstration"]
def compare_with_keras(forward: Callable[..., tuple[np.ndarray, ...]], steps: int = 5) -> None:
    """Print the largest differences between a function and `keras.layers.BatchNormalization` after some steps."""
    random = np.random.default_rng(0)
    layer, channels = BatchNormalization(momentum=0.9), 3
    gamma, beta, mean, variance = np.ones(channels), np.zeros(channels), np.zeros(channels), np.ones(channels)
    for step in range(steps + 1):
        x = random.normal(2, 3, (8, 5, 5, channels)).astype("float32")
        training = step < steps
        y, mean, variance = forward(x, gamma, beta, mean, variance, momentum=0.9, training=training)
        difference = np.abs(y - layer(x, training=training)).max()
        print(f"step {step + 1}, training={training!s:5}: y differs by at most {difference:.1e}")
    print(f"running mean differs by at most {np.abs(mean - layer.moving_mean).max():.1e}")
    print(f"running variance differs by at most {np.abs(variance - layer.moving_variance).max():.1e}")


with using_gaps():
    compare_with_keras(batchnorm_forward)

# %% [markdown]
# ## 3. Who feels whom
#
# In training mode mean and variance come from the whole batch, so each example enters the output of every other. How strongly? We ask your function itself, with *finite differences*: move example $j$ a little up and a little down, and see by how much the output of example $i$ changes per unit.
#
# Before you run the cell: what do you expect of the two pictures? Which numbers stand on the diagonal, and which sign have the others?


# %% tags=["demonstration"]
def influences(forward: Callable[..., tuple[np.ndarray, ...]], x: np.ndarray, training: bool) -> np.ndarray:
    """Measure d y[i] / d x[j] for a column x of examples with one channel; row i, column j."""
    one, zero, step = np.ones(1), np.zeros(1), 1e-4
    columns = []
    for j in range(len(x)):
        move = np.zeros_like(x)
        move[j] = step
        up, down = (forward(x + sign * move, one, zero, zero, one, training=training)[0] for sign in (1, -1))
        columns.append((up - down)[:, 0] / (2 * step))
    return np.stack(columns, axis=1)


def show_influences(forward: Callable[..., tuple[np.ndarray, ...]]) -> None:
    """Draw both modes side by side, in one scale."""
    x = np.random.default_rng(0).standard_normal((8, 1))
    slopes = [influences(forward, x, training) for training in (False, True)]
    largest = np.abs(slopes).max()
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), facecolor="white", layout="constrained")
    for axes, found, training in zip(panels, slopes, (False, True), strict=True):
        picture = axes.imshow(found, cmap="PuOr", vmin=-largest, vmax=largest)
        for (i, j), slope in np.ndenumerate(found):
            ink = "white" if abs(slope) > 0.6 * largest else "black"
            axes.text(j, i, f"{slope:.1f}".replace("-0.0", "0.0"), ha="center", va="center", fontsize=8, color=ink)
        axes.set(xlabel="example j that is moved", ylabel="example i that is watched", title=f"training={training}")
        print(f"training={training!s:5}: the numbers of a row sum up to {np.abs(found.sum(axis=1)).max():.4f} at most")
    figure.colorbar(picture, ax=panels, label="change of y[i] per change of x[j]")


with using_gaps():
    show_influences(batchnorm_forward)

# %% [markdown]
# In inference mode each example is on its own. In training mode all are tied together, and the numbers of a row sum up to nothing: what moves all examples alike is taken away with the mean. A gradient that flows back through training mode has to take all these ways; whoever differentiates batch normalisation as if $\mu$ and $\sigma$ were constants gets another, wrong, gradient.
#
# ## 4. A batch of 2 and a batch of 64
#
# The statistics of a batch are *estimates*, and estimates from few numbers are noisy. We follow one example, $x = 1$, through many batches whose other members are drawn at random, from a normal distribution of mean 0 and variance 1. In inference mode its output would always be the same. What do you expect in training mode, with 64 in the batch, and with 2?


# %% tags=["demonstration"]
def outputs_in_company(
    forward: Callable[..., tuple[np.ndarray, ...]], batch: int, pixels: int = 1, draws: int = 300
) -> np.ndarray:
    """Return the output of one value, 1, in batches whose other values are drawn anew each time."""
    random = np.random.default_rng(batch)
    one, zero = np.ones(1), np.zeros(1)
    found = []
    for _ in range(draws):
        x = random.standard_normal((batch, pixels, 1))
        x[0, 0] = 1
        found.append(forward(x, one, zero, zero, one, training=True)[0][0, 0, 0])
    return np.array(found)


def show_company(forward: Callable[..., tuple[np.ndarray, ...]]) -> None:
    """Draw the outputs of one value in batches of several sizes, and how far they spread."""
    outputs = {batch: outputs_in_company(forward, batch) for batch in (2, 8, 64)}
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 4), facecolor="white", layout="constrained")
    for place, (batch, found) in enumerate(outputs.items()):
        jitter = np.random.default_rng(0).uniform(-0.25, 0.25, len(found))
        left.plot(place + jitter, found, ".", color="#0072B2", alpha=0.4)
        print(f"batch of {batch:2}: output between {found.min():.2f} and {found.max():.2f}")
    left.axhline(1 / np.sqrt(1 + 0.001), color="#D55E00", label="inference mode")
    left.set(
        xticks=range(3), xticklabels=["2", "8", "64"], xlabel="examples in the batch", ylabel="y of the example x = 1"
    )
    left.legend()
    sizes = [2, 4, 8, 16, 32, 64]
    for pixels, colour, line in [(1, "#D55E00", "o-"), (16, "#0072B2", "s-")]:
        spread = [outputs_in_company(forward, batch, pixels).std() for batch in sizes]
        right.loglog(sizes, spread, line, color=colour, label=f"{pixels} pixel{'s' * (pixels > 1)} per channel")
    right.set(xlabel="examples in the batch (log scale)", ylabel="standard deviation of y (log scale)")
    right.set_xticks(sizes, [str(size) for size in sizes])
    right.set_yticks([0.05, 0.1, 0.2, 0.5, 1], ["0.05", "0.1", "0.2", "0.5", "1"])
    right.minorticks_off()
    right.legend()
    right.grid(alpha=0.4)


with using_gaps():
    show_company(batchnorm_forward)

# %% [markdown]
# With 64 values the output wavers around the right one. With 2 it is hardly a measurement: nearly all outputs lie in two piles. Look at what a batch of two numbers becomes:

# %% tags=["demonstration"]
pairs = [(0.0, 0.5), (0.0, 5.0), (0.0, 5000.0), (4999.0, 5000.0)]


def show_pairs(forward: Callable[..., tuple[np.ndarray, ...]]) -> None:
    """Print what training mode makes of batches of two numbers."""
    for pair in pairs:
        y = forward(np.array(pair).reshape(2, 1), np.ones(1), np.zeros(1), np.zeros(1), np.ones(1), training=True)[0]
        print(f"{pair!s:18} -> ({y[0, 0]:.4f}, {y[1, 0]:.4f})")


with using_gaps():
    show_pairs(batchnorm_forward)

# %% [markdown]
# The mean of two numbers lies midway, and each is one standard deviation away from it. All that is left of them is *which one was larger*; how much larger is lost, as long as $\epsilon$ plays no part.
#
# What counts is not the batch alone but how many values a channel's statistics are made of: batch × height × width. The right figure shows it, where 16 pixels per picture make the spread smaller. (These pixels were drawn independently. Those of a real picture resemble one another, so they help less.) In the last stage of a ResNet the map has few pixels left, and there the batch matters most. Wu and He measured what it costs: figure 1 of their paper shows the error of a ResNet-50 over the batch size, and proposes a normalisation that looks at no other picture.
#
# ## 5. The gap between the modes
#
# In use, a network works with the running statistics. They are good only once they have arrived where the batches are. The next cell shows your function many batches of a channel with mean 5 and standard deviation 3. The running statistics start at mean 0 and variance 1, as in a fresh layer. After each step it takes one and the same large batch, whose own statistics are good, and measures the *gap*: the mean distance between its outputs in training mode and in inference mode.


# %% tags=["demonstration"]
def gaps(forward: Callable[..., tuple[np.ndarray, ...]], momentum: float, steps: int) -> np.ndarray:
    """Measure the gap between the two modes after 0, 1, 2, ... steps of training."""
    random = np.random.default_rng(0)
    watched = random.normal(5, 3, (10_000, 1))
    one, zero = np.ones(1), np.zeros(1)
    mean, variance = zero, one
    found = []
    for _ in range(steps + 1):
        in_training, in_inference = (
            forward(watched, one, zero, mean, variance, training=mode)[0] for mode in (True, False)
        )
        found.append(np.abs(in_training - in_inference).mean())
        _, mean, variance = forward(
            random.normal(5, 3, (64, 1)), one, zero, mean, variance, momentum=momentum, training=True
        )
    return np.array(found)


def show_gaps(forward: Callable[..., tuple[np.ndarray, ...]], steps: int = 1000) -> None:
    """Draw the gap over the steps for three values of momentum."""
    measured = {momentum: gaps(forward, momentum, steps) for momentum in (0.9, 0.99, 0.999)}
    plt.figure(figsize=(8, 4), facecolor="white")
    marks = list(range(0, steps + 1, 100))
    looks = [("#D55E00", "o-"), ("#0072B2", "s-"), ("#009E73", "^-")]
    for (momentum, found), (colour, line) in zip(measured.items(), looks, strict=True):
        plt.semilogy(found, line, color=colour, markevery=marks, markersize=5, label=f"momentum {momentum}")
        left = momentum ** np.array([100, 1000])
        print(
            f"momentum {momentum:<5}: the start still has a share of {left[0]:.2g} after 100 steps, of {left[1]:.2g} after 1000"
        )
    plt.xlabel("steps of training")
    plt.ylabel("gap between the modes (log scale)")
    plt.title("Batches of 64, the same seed for each momentum", loc="left")
    plt.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)  # beside the lines, which fill the axes
    plt.grid(alpha=0.4)


with using_gaps():
    show_gaps(batchnorm_forward)

# %% [markdown]
# Momentum is a trade. Near 1 the running statistics average over many batches and end close to the truth, but they take long to get there: of what they started with, the share $\text{momentum}^k$ is still in them after $k$ steps. A small momentum arrives at once and then wavers with each batch. Keras's own value suits runs of some thousand steps. Whoever trains for fifty steps to try something out, and then finds that the network is useless in inference mode, is often looking at this figure.
#
# ## 6. The identity block, with the mode as an argument
#
# **Goal.** Write the identity block in its *training edition*. It is the block of assignment 03 with another signature:
#
# | | edition of assignment 03 | training edition |
# | --- | --- | --- |
# | layers are named | after `stage` and `block` | by Keras |
# | kernels start from | `glorot_uniform(seed=0)` | `initializer(seed=0)`, where `initializer` is an argument |
# | the mode | is not mentioned | is the argument `training`, and every batch normalisation is told it |
# | works on | `keras.Input` | `keras.Input` and arrays |
#
# A layer is *made* with its settings, and then *called* on its input. The mode belongs to the call: `BatchNormalization(axis=3)(X, training=training)`. It is easily mixed up with `trainable`, which is a setting; section 9 comes back to that.
#
# `initializer` is no initializer but what makes one, such as `random_uniform`; hence `kernel_initializer=initializer(seed=0)`.
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# The first component is given and shows the form of each line. Your block of assignment 03 has the rest: leave the names out, replace the initializer, and tell each batch normalisation the mode.
#
# </details>

# %% tags=["solution"]
from solutions.training_blocks import identity_block

# %% tags=["demonstration"]
draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6])

# %% [markdown]
# This edition takes arrays, so you can try it at once. Three claims, each put to the test by your own block. The last line uses an initializer that makes all kernels 1, so that the outputs can be reckoned by hand.


# %% tags=["demonstration"]
def ones(seed: int) -> Initializer:
    """Make an initializer that draws nothing: all numbers are 1, whatever the seed."""
    return keras.initializers.Ones()


def try_claims(block: Callable[..., KerasTensor]) -> None:
    """Test three claims about the identity block."""
    random = np.random.default_rng(0)
    x = random.standard_normal((4, 6, 6, 5)).astype("float32")
    relu_of_x = np.maximum(x, 0)
    y = np.asarray(block(x, 3, [2, 3, 5], training=False, initializer=glorot_uniform))
    print("'The identity block returns its input unchanged.'")
    print(
        f"    {np.array_equal(y, x)}: it differs from X by up to {np.abs(y - x).max():.3f}, and from relu(X) by up to {np.abs(y - relu_of_x).max():.3f}."
    )

    image = keras.Input((6, 6, 5))
    model = keras.Model(image, block(image, 3, [2, 3, 5], training=False))
    last = [layer for layer in model.layers if isinstance(layer, BatchNormalization)][-1]
    last.gamma.assign(np.zeros(5))
    print("'It returns relu(X) once gamma and beta of its last batch normalisation are 0.'")
    print(f"    {np.array_equal(model(x), relu_of_x)}.")

    modes = [np.asarray(block(x, 3, [2, 3, 5], training=mode)) for mode in (True, False)]
    print("'A fresh block computes the same in both modes.'")
    print(f"    {np.allclose(*modes)}: the outputs differ by up to {np.abs(modes[0] - modes[1]).max():.3f}.")

    images = np.stack([np.full((4, 4, 3), value, "float32") for value in (-1, 1, 3)])
    y = np.asarray(block(images, 2, [4, 4, 3], training=False, initializer=ones))
    shrunk = (1 + BatchNormalization().epsilon) ** -1.5  # three fresh batch normalisations, variance 1
    by_hand = 2 * 2 * 4 * 4 * 3 * shrunk + 1  # window of 2 × 2, filters 4 and 4, channels 3; and the shortcut's 1
    print(f"With kernels of 1 the image of ones becomes {y[1, 0, 0, 0]:.4f} in its first pixel; by hand {by_hand:.4f}.")


with using_gaps():
    try_claims(identity_block)

# %% [markdown]
# ## 7. The convolutional block, with the mode as an argument
#
# **Goal.** The same for the block with a projection. It has four batch normalisations, one of them on the shortcut, and each must be told the mode.
#
# **Difficulty: ●○○ · about 5 minutes**
#
# <details>
# <summary>Hint</summary>
#
# Main path as in the identity block. Shortcut as in assignment 03: a 1×1 convolution with `F3` filters and `strides=(s, s)` that reads `X_shortcut`, then its batch normalisation, which is told the mode as well.
#
# </details>

# %% tags=["solution"]
from solutions.training_blocks import convolutional_block

# %% tags=["demonstration"]
draw_model(convolutional_block, (8, 8, 6), 3, [2, 4, 5], 2)

# %% [markdown]
# ## 8. What the same seed everywhere does
#
# Each convolution starts from `initializer(seed=0)`. An initializer with a seed draws the same numbers each time it is asked for the same shape, so layers of equal shape begin with *identical* kernels. For the checks that is useful: your numbers can be compared with ours. For training it is bad, and the next cell shows the worst case. It trains two layers that stand side by side and are added. If both begin alike, both get the same gradient at every step and stay alike for ever: two layers that do the work of one. Look at the last line to see what a seed of its own for each layer changes.


# %% tags=["demonstration"]
def compare_kernels(block: Callable[..., KerasTensor]) -> None:
    """Print whether the three kernels of a block with equal shapes are equal when it is fresh."""
    for initializer in (random_uniform, glorot_uniform):
        image = keras.Input((6, 6, 4))
        model = keras.Model(image, block(image, 1, [4, 4, 4], initializer=initializer))
        kernels = [layer.get_weights()[0] for layer in model.layers if isinstance(layer, Conv2D)]
        equal = all(np.array_equal(kernels[0], one) for one in kernels)
        print(f"{initializer.__name__}: {len(kernels)} kernels of shape {kernels[0].shape}, all equal: {equal}")


def train_side_by_side(seeds: Sequence[int]) -> float:
    """Train two layers side by side and return the largest difference of their kernels."""
    random = np.random.default_rng(0)
    x, target = random.standard_normal((256, 8)), random.standard_normal((256, 1))
    given = keras.Input((8,))
    layers = [Dense(16, activation="relu", kernel_initializer=glorot_uniform(seed=seed)) for seed in seeds]
    head = Dense(1, kernel_initializer=glorot_uniform(seed=7))
    model = keras.Model(given, head(Add()([layer(given) for layer in layers])))
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, target, epochs=10, shuffle=False, verbose=0)
    first, second = (layer.get_weights()[0] for layer in layers)
    return float(np.abs(first - second).max())


with using_gaps():
    compare_kernels(identity_block)
for seeds in [(0, 0), (0, 1)]:
    print(f"seeds {seeds}: after training the kernels differ by at most {train_side_by_side(seeds):.4f}")

# %% [markdown]
# In a stack, where one layer reads what the other made, the gradients differ and the kernels drift apart. They begin alike all the same, which is a choice that nobody would make on purpose. When you train a network, give each layer a seed of its own, or none.
#
# ## 9. What `fit` and `predict` make of a fixed mode
#
# You have built the mode into a block: `training=False`. Is a model of such a block in inference mode for good? Many tutorials say so. Ask Keras. The cell builds a model four times, each with its batch normalisation in another way, and looks at three things: which statistics are used when the model is called, which by `predict`, and whether `fit` moves the moving ones.


# %% tags=["demonstration"]
def normalised(way: str, x: KerasTensor) -> tuple[BatchNormalization, KerasTensor]:
    """Make a batch normalisation and call it in one of four ways."""
    layer = BatchNormalization(trainable=way != "trainable=False")
    told = {"training=True": {"training": True}, "training=False": {"training": False}}.get(way, {})
    return layer, layer(x, **told)


def statistics_used(y: np.ndarray) -> str:
    """Tell by the mean of an output which statistics it was made with: the batch's own take it to 0."""
    return "batch" if abs(np.mean(y)) < 0.5 else "moving"


random = np.random.default_rng(0)
data, targets = random.normal(5, 3, (64, 4)).astype("float32"), random.standard_normal((64, 1))
print(f"{'the layer is built with':26}{'model(x)':12}{'predict':12}fit moves the moving statistics")
for way in ["nothing said", "training=True", "training=False", "trainable=False"]:
    given = keras.Input((4,))
    layer, y = normalised(way, given)
    watched, model = keras.Model(given, y), keras.Model(given, Dense(1)(y))
    used = [statistics_used(np.asarray(watched(data))), statistics_used(watched.predict(data, verbose=0))]
    before = layer.get_weights()[2]
    model.compile(optimizer=keras.optimizers.SGD(0.001), loss="mse")
    model.fit(data, targets, verbose=0)
    moved = not np.array_equal(before, layer.get_weights()[2])
    print(f"{way:26}{used[0]:12}{used[1]:12}{moved}")

# %% [markdown]
# The mode that was built in holds only as long as nobody says anything else, as in the column `model(x)`. `fit` says `training=True` and `predict` says `training=False`, and in Keras 3 these words from outside override what was built in ([keras-team/keras#20285](https://github.com/keras-team/keras/issues/20285)). One thing only keeps a batch normalisation from moving in `fit`: `trainable=False`. In Keras that does more for this layer than for others: a frozen batch normalisation also *works* in inference mode, whatever mode is asked for.
#
# So the argument `training` of your blocks decides when you call them on arrays or in a loop of your own, and is a remark when you use `fit`.
#
# ## 10. Freezing
#
# **Goal.** Freeze every batch normalisation of a model, wherever it is, and nothing else.
#
# **Why.** Whoever takes a trained network and goes on training it with small batches, as in object detection, does not want its statistics replaced by the noise of section 4. He and his colleagues did this in 2015: appendix A of the ResNet paper says that the statistics are computed once and the batch normalisation layers are then fixed while the detector is trained.
#
# The network that you took over usually sits *inside* your model, as one of its layers, and may hold models in turn.
#
# **Difficulty: ●●○ · about 15 minutes**
#
# <details>
# <summary>Hint 1: which layers are there?</summary>
#
# `model.layers` lists the layers of a model, and a model inside it is one of them. `isinstance(layer, keras.Model)` tells whether a layer is a model.
#
# </details>
#
# <details>
# <summary>Hint 2: models inside models</summary>
#
# You are about to write a function that does the right thing with a model. When you meet a model inside: which function do you need?
#
# </details>

# %% tags=["solution"]
from solutions.batchnorm import freeze_batchnorm

# %% [markdown]
# Here a model of your own blocks sits inside another one. It is trained for a moment twice, as it is and frozen. The rest of the model must go on learning.


# %% tags=["demonstration"]
def model_with_a_model_inside() -> keras.Model:
    """Put two residual blocks into a model, and that into another one with a head."""
    image = keras.Input((8, 8, 3))
    X = convolutional_block(image, 3, [2, 3, 4])
    backbone = keras.Model(image, identity_block(X, 3, [2, 3, 4]), name="backbone")
    given = keras.Input((8, 8, 3))
    X = Activation("relu")(BatchNormalization()(backbone(given)))
    return keras.Model(given, Dense(1)(keras.layers.GlobalAveragePooling2D()(X)))


def show_freezing(freeze: Callable[[keras.Model], None]) -> None:
    """Train before and after freezing, and print what has moved."""
    random = np.random.default_rng(0)
    images, targets = random.standard_normal((32, 8, 8, 3)).astype("float32"), random.standard_normal((32, 1))
    for frozen in (False, True):
        model = model_with_a_model_inside()
        if frozen:
            freeze(model)
        model.compile(optimizer="sgd", loss="mse")  # after freezing: compile notes what is trainable
        before = {weight.path: np.copy(weight.numpy()) for weight in model.weights}
        model.fit(images, targets, verbose=0)
        moved = [weight.path for weight in model.weights if not np.array_equal(before[weight.path], weight.numpy())]
        statistics = [path for path in before if "moving" in path]
        kernels = [path for path in before if "kernel" in path]
        print(
            f"{'frozen' if frozen else 'as it is':10} moved: {len(set(statistics) & set(moved)):2} of {len(statistics)} moving statistics, {len(set(kernels) & set(moved))} of {len(kernels)} kernels"
        )


with using_gaps():
    show_freezing(freeze_batchnorm)

# %% [markdown]
# ## 11. Four questions
#
# The questions below carry no points. The first three can be tried out with what you have written.

# %% [markdown]
# **Question 1.** A network is trained with batches of 64 whose pictures are sorted by class, one class per batch. It does well in training mode and fails in inference mode. What has happened, and which of the figures above would you draw to show it?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** The last batch of an epoch often holds fewer pictures than the others, sometimes a single one. What does training mode make of a batch of one, for rows of numbers and for pictures? What would you do about it?

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** In inference mode a batch normalisation multiplies each channel by a number and adds another. Show that a convolution and the batch normalisation after it can then be replaced by one convolution with another kernel and another bias. Why can this not be done in training mode?

# %% [markdown]
# *Your answer to question 3:*

# %% [markdown]
# **Question 4.** Ioffe and Szegedy explain the success of their method by "internal covariate shift": the inputs of a layer keep changing while the layers before it learn. S. Santurkar and others put that to the test ([How Does Batch Normalization Help Optimization?](https://arxiv.org/abs/1805.11604), 2018). How would *you* test such an explanation, and what did they do?

# %% [markdown]
# *Your answer to question 4:*
