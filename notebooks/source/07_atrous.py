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
# # Assignment 07: Atrous residual networks
#
# A network that names what is in a picture may shrink the picture on the way: at the end it needs one answer. A network that is to say *where* something is, pixel by pixel, cannot afford that. In this notebook you build a residual network whose resolution you choose with one number, the *output stride*, without a single weight more or less. The tool is the *atrous convolution* (from French *à trous*, with holes), also called dilated convolution.
#
# **How it works.** A *gap* is a place between two marker lines in a function: write your code there and leave the rest of the cell as it is. Below each gap stand its *checks*; run them as often as you like, and read what a failed one tells you. Each gap is judged by itself: what you got wrong in one of them costs nothing in the next.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 | read, run, look | ●○○ | about 10 minutes |
# | 2 | write `subsample` | ●○○ | about 5 minutes |
# | 3 | look at the taps of an atrous convolution | ●○○ | about 10 minutes |
# | 4 | write `conv2d_same` | ●●○ | about 20 minutes |
# | 5 | write `bottleneck` | ●●○ | about 20 minutes |
# | 6 | write `resnet_v1_block` | ●○○ | about 10 minutes |
# | 7 | write `stack_blocks_dense` | ●●● | about 30 minutes |
# | 8 | see dense features of a photograph | ●○○ | about 10 minutes |
# | 9 | write `atrous_resnet` | ●○○ | about 10 minutes |
# | 10 | think about three open questions (no points) | ●●○ | as long as you like |
#
# You should know the bottleneck block of assignment 03. The functions are those of TF-Slim, the library in which the authors of the papers below published their networks. Slim needs TensorFlow 1; what you build here is its counterpart for Keras 3. We refer to these throughout:
#
# * **DeepLab**: L.-C. Chen, G. Papandreou, I. Kokkinos, K. Murphy, A. Yuille, [DeepLab: Semantic Image Segmentation with Deep Convolutional Nets, Atrous Convolution, and Fully Connected CRFs](https://arxiv.org/abs/1606.00915), 2016, section 3.1.
# * **Rethinking**: L.-C. Chen, G. Papandreou, F. Schroff, H. Adam, [Rethinking Atrous Convolution for Semantic Image Segmentation](https://arxiv.org/abs/1706.05587), 2017, section 3.1, which introduces the output stride.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import KerasTensor
from keras.layers import Activation, Add, BatchNormalization, Conv2D, MaxPooling2D, ZeroPadding2D

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import draw_model

# %% [markdown]
# ## 1. The problem: a small map
#
# The *output stride* of a network is how many times smaller its last map is than the picture, in height and in width. A ResNet-50 that classifies has an output stride of 32: strides of 2 in five places. Here is a photograph, and what is left of its resolution at some output strides. (This is only an average over squares of pixels, not yet the work of a network.)


# %% tags=["demonstration"]
def load_photograph(side: int = 224) -> np.ndarray:
    """Return a square piece of a photograph, shape (side, side, 3), numbers from 0 to 1.

    Source: "china.jpg" by danielbuechele, Creative Commons Attribution 2.0, which scikit-learn carries.
    """
    from sklearn.datasets import load_sample_image

    whole = load_sample_image("china.jpg")
    return whole[50 : 50 + side, 130 : 130 + side].astype(np.float32) / 255


def show_panels(pictures: dict[str, np.ndarray], **options: Any) -> None:
    """Show pictures side by side, each under its title."""
    figure, panels = plt.subplots(1, len(pictures), figsize=(2.6 * len(pictures), 2.9), facecolor="white")
    for axes, (title, picture) in zip(panels, pictures.items(), strict=True):
        axes.imshow(picture, interpolation="nearest", **options)
        axes.set_title(title, fontsize=10)
        axes.set(xticks=[], yticks=[])
    figure.tight_layout()


photograph = load_photograph()
pictures = {"the photograph": photograph}
for stride in (4, 8, 16, 32):
    coarse = np.asarray(keras.ops.average_pool(photograph[None], stride, stride))[0]
    pictures[f"output stride {stride}: {coarse.shape[0]}×{coarse.shape[1]}"] = coarse
show_panels(pictures)

# %% [markdown]
# Can one simply leave the strides out? The maps would stay large, but the network would no longer be the same: a 3×3 window behind a stride of 2 looks at pixels that lie 2 apart in the map before, and without the stride they would lie 1 apart. The weights were learned for the former. The way out is to leave the stride out *and* to pull the taps of every later window apart. That is what you build here.

# %% [markdown]
# ## 2. Keep every second pixel
#
# **Goal.** Write `subsample`, the shortcut of a unit with a stride: it keeps every `factor`-th pixel, beginning with the first, and looks at no other. In Keras terms that is a pool with a window of 1×1 and a stride; the largest of one number is that number.
#
# **Difficulty: ●○○ · about 5 minutes**
#
# <details>
# <summary>Hint</summary>
#
# `MaxPooling2D` takes `pool_size`, the side of the window, and `strides`. Call the layer on `inputs` and store the result in `outputs`. With factor 1, `outputs` is `inputs`.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import subsample

# %% [markdown]
# Try it on the numbers 0, 1, 2, … Which of them do you expect?

# %% tags=["demonstration"]
with using_gaps():
    for side in (3, 4):
        counted = np.arange(side**2, dtype=np.float32).reshape(1, side, side, 1)
        image = keras.Input((side, side, 1))
        kept = keras.Model(image, subsample(image, 2))(counted)
        print(f"{side}×{side}: {counted.astype(int).flatten()} -> {np.asarray(kept).astype(int).flatten()}")

# %% [markdown]
# ## 3. Convolution with holes
#
# A 3×3 window has nine *taps*, the places at which it reads. With *rate* $r$ they lie $r$ pixels apart (DeepLab, equation 1, here in one dimension, with window side $k$):
#
# $$y[i] = \sum_{j=1}^{k} x[i + r \cdot j]\; w[j]$$
#
# Rate 1 is the ordinary convolution. Keras calls the rate `dilation_rate`; it is the dilation $d$ of assignment 01. The next cell does not draw the taps by hand. It lets Keras compute one pixel of a convolution and asks for the gradient with respect to the input: where it is not zero, the pixel was read.


# %% tags=["demonstration"]
def pixels_read(convolutions: Sequence[Conv2D], side: int) -> np.ndarray:
    """Return which pixels of a side x side map the middle pixel of the result depends on, as an array of bool."""
    x = tf.ones((1, side, side, 1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x
        for convolve in convolutions:
            y = convolve(y)
        middle = y[0, side // 2, side // 2, 0]
    return np.asarray(tape.gradient(middle, x))[0, :, :, 0] != 0


def atrous(rate: int) -> Conv2D:
    """Make a 3x3 convolution of one channel, with every weight 1, so that nothing cancels."""
    return Conv2D(1, 3, dilation_rate=rate, padding="same", kernel_initializer="ones", use_bias=False)


figure, panels = plt.subplots(1, 3, figsize=(8.4, 3.6), facecolor="white")
for axes, rate in zip(panels, (1, 2, 3), strict=True):
    read = pixels_read([atrous(rate)], side=9)
    reach = int(np.ptp(np.flatnonzero(read.any(axis=0)))) + 1
    axes.imshow(np.zeros((9, 9)), cmap="Greys", vmin=0, vmax=1)
    axes.plot(*np.nonzero(read)[::-1], "s", color="#0072B2", markersize=11, label="tap")
    axes.plot(4, 4, "o", color="#D55E00", markersize=5, label="the pixel that is computed")
    axes.set_title(f"rate {rate}: {read.sum()} taps, reach {reach}", fontsize=10)
    axes.set_xticks(np.arange(9))
    axes.set_yticks(np.arange(9))
    axes.set_xticks(np.arange(-0.5, 9), minor=True)
    axes.set_yticks(np.arange(-0.5, 9), minor=True)
    axes.grid(which="minor", color="#BBBBBB")
    axes.tick_params(which="both", length=0, labelsize=8)
    axes.set_xlabel("column (pixels)")
panels[0].set_ylabel("row (pixels)")
figure.legend(*panels[0].get_legend_handles_labels(), loc="lower center", ncols=2, frameon=False)
figure.tight_layout(rect=(0, 0.1, 1, 1))

# %% [markdown]
# The taps reach from the first to the last over
#
# $$k_{\text{eff}} = k + (k-1)(r-1)$$
#
# pixels: $k$ taps, and between each two neighbours, of which there are $k-1$ pairs, $r-1$ pixels that are left out. Compare with the figure.
#
# This is often said of it; test it:
#
# > **Claim 1.** *An atrous convolution has more parameters, since its window is larger.*
#
# What do you expect for 16 filters on 8 channels at rates 1, 2 and 4? Then run the cell.

# %%
for rate in (1, 2, 4):
    convolve = Conv2D(16, 3, dilation_rate=rate, use_bias=False)
    convolve.build((None, 32, 32, 8))
    reach = 3 + (3 - 1) * (rate - 1)
    print(f"rate {rate}: {convolve.count_params():,} weights; a full window of that reach: {reach * reach * 8 * 16:,}")

# %% [markdown]
# The claim is false: the holes have no weights, and they cost no multiplication either.
#
# The *field of view* of a stack of convolutions is the part of the input that one pixel of its result depends on. How does it grow with the number of layers? Again Keras computes it.

# %% tags=["demonstration"]
plans = {  # name: rate of each layer, colour, line
    "rate 1": ([1, 1, 1, 1], "#D55E00", "o-"),
    "rate 2": ([2, 2, 2, 2], "#009E73", "^-"),
    "rates 1, 2, 4, 8": ([1, 2, 4, 8], "#0072B2", "s-"),
}
plt.figure(figsize=(7, 3.6), facecolor="white")
for name, (rates, colour, line) in plans.items():
    fields = []
    for depth in range(1, len(rates) + 1):
        read = pixels_read([atrous(rate) for rate in rates[:depth]], side=65)
        rows = np.flatnonzero(read.any(axis=1))
        fields.append(int(np.ptp(rows)) + 1)
    inside = read[rows[0] : rows[-1] + 1, rows[0] : rows[-1] + 1]
    print(f"{name}: field of view {fields} pixels; {inside.mean():.0%} of the last field's pixels are read")
    plt.plot(range(1, len(rates) + 1), fields, line, color=colour, label=name)
plt.xlabel("3×3 convolutions, one after the other")
plt.ylabel("field of view (pixels)")
plt.xticks(range(1, 5))
plt.title("Field of view against rate", loc="left")
plt.legend()
plt.grid(alpha=0.4)

# %% [markdown]
# With rate 1 the field grows by the same amount with each layer. With rates that double it doubles, roughly, at the same number of weights; this is the idea of F. Yu and V. Koltun, [Multi-Scale Context Aggregation by Dilated Convolutions](https://arxiv.org/abs/1511.07122), 2016. The line of rate 2 holds a warning: the field is larger, but most of its pixels are never read. All layers step over the same pixels. This is known as *gridding* (P. Wang et al., [Understanding Convolution for Semantic Segmentation](https://arxiv.org/abs/1702.08502), 2018).

# %% [markdown]
# ## 4. The same zeros for every size
#
# In a network with a choice of strides, leaving out a stride must not move the windows. With `padding="same"` it does.
#
# > **Claim 2.** *With padding="same" a convolution of stride 2 gives every second pixel of the same convolution with stride 1.*
#
# Test it where you can follow it with a pencil: image $x_{ij} = i + j$, kernel $w_{ij} = i + j$.


# %%
def mesh(side: int) -> np.ndarray:
    """Return the numbers i + j, shape (side, side)."""
    return np.add.outer(np.arange(side), np.arange(side)).astype(np.float32)


def convolved(side: int, stride: int) -> np.ndarray:
    """Convolve the mesh of that side with the mesh of side 3, padding="same"."""
    result = keras.ops.conv(mesh(side)[None, :, :, None], mesh(3)[:, :, None, None], stride, padding="same")
    return np.asarray(result)[0, :, :, 0].astype(int)


for side in (4, 5):
    print(f"{side}×{side}, every second pixel of stride 1:\n{convolved(side, 1)[::2, ::2]}")
    print(f"{side}×{side}, stride 2:\n{convolved(side, 2)}\n")

# %% [markdown]
# True for 5×5, false for 4×4. With `padding="same"`, TensorFlow adds no more zeros than the last window needs, and that number depends on the size of the input: a 4×4 image gets zeros behind only, a 5×5 image before and behind. So the windows of an even image are shifted by one pixel.
#
# **Goal.** Write `conv2d_same`, whose zeros depend on nothing but window and rate: $k_{\text{eff}} - 1$ of them in height and in width, half before and half behind, and then a convolution without padding of its own. If their number is odd, the extra zero comes behind. Whatever the size of the input, stride 2 then gives every second pixel of stride 1.
#
# A convolution with both a stride and a rate above 1 is refused by Keras, and you will see in section 7 that it is never needed. The given lines say so clearly.
#
# **Difficulty: ●●○ · about 20 minutes**
#
# <details>
# <summary>Hint 1: the zeros</summary>
#
# Compute $k_{\text{eff}}$ from `kernel_size` and `rate`. Of the $k_{\text{eff}} - 1$ zeros, `(k_eff - 1) // 2` go before; the rest goes behind.
#
# </details>
# <details>
# <summary>Hint 2: the layers</summary>
#
# `ZeroPadding2D(((top, bottom), (left, right)))` takes a pair of pairs. A single pair would mean something else: (height, width), the same before and behind. The convolution reads the padded map: `Conv2D` with `strides`, `dilation_rate`, `use_bias=False` and `name=scope`; its padding is "valid" unless you say otherwise. Store its result in `outputs`.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import conv2d_same

# %% [markdown]
# This is which pixels each output of a row reads, for a 3×3 window with stride 2: first with `padding="same"`, then with your function. Row 0 of each panel is the first output. Compare 8 and 9 pixels.


# %% tags=["demonstration"]
def reads_of_a_row(convolve: Callable[[Any], Any], side: int) -> np.ndarray:
    """Return which of the columns (second axis) each output of the first row (first axis) reads."""
    x = tf.ones((1, side, side, 1))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        row = convolve(x)[0, 0, :, 0]
        outputs = [row[i] for i in range(row.shape[0])]
    return np.stack([np.asarray(tape.gradient(y, x))[0, :, :, 0].any(axis=0) for y in outputs])


def your_convolution(side: int) -> keras.Model:
    """Make a model of conv2d_same: a window of ones with stride 2."""
    image = keras.Input((side, side, 1))
    model = keras.Model(image, conv2d_same(image, 1, 3, stride=2))
    model.set_weights([np.ones_like(weight) for weight in model.get_weights()])
    return model


with using_gaps():
    panels = {}
    for side in (8, 9):
        plain = Conv2D(1, 3, strides=2, padding="same", kernel_initializer="ones", use_bias=False)
        panels[f'padding="same", {side} pixels'] = reads_of_a_row(plain, side)
        panels[f"conv2d_same, {side} pixels"] = reads_of_a_row(your_convolution(side), side)
    figure, grid = plt.subplots(2, 2, figsize=(8, 4.6), facecolor="white")
    for axes, (title, read) in zip(grid.T.flatten(), panels.items(), strict=True):
        axes.pcolormesh(read, cmap="Blues", vmin=0, vmax=1.4, edgecolors="#BBBBBB", linewidth=1)
        axes.invert_yaxis()
        axes.set(xticks=np.arange(read.shape[1]) + 0.5, yticks=np.arange(read.shape[0]) + 0.5)
        axes.set_xticklabels(range(read.shape[1]))
        axes.set_yticklabels(range(read.shape[0]))
        axes.set_xlabel("column of the input (pixels)")
        axes.set_ylabel("output")
        axes.set_title(title, fontsize=10)
    figure.tight_layout()

# %% [markdown]
# ## 5. The bottleneck unit
#
# **Goal.** Write the bottleneck of assignment 03 with three differences.
#
# * **The 3×3 convolution is `conv2d_same`**, and both the stride and the rate go there. (In assignment 03 the stride sits in the first 1×1 convolution.) The 1×1 convolutions need no rate: a window of one tap has no holes.
# * **One function for both kinds of block.** The shortcut is a projection only where the number of channels changes. Where it does not, it is `subsample`, which changes nothing if the stride is 1.
# * **End points.** For segmentation one often needs maps from the middle of the network. Each convolution's result goes into the dictionary `outputs_collections` under the convolution's name. Slim writes `block1/unit_1/conv2`; Keras 3 allows no slash in the name of a layer, so we write dots.
#
# The convolutions have no bias: the batch normalisation behind each of them has one, which would make the other superfluous.
#
# **Difficulty: ●●○ · about 20 minutes**
#
# <details>
# <summary>Hint 1: the main path</summary>
#
# The given lines show the form of a convolution with its batch normalisation, ReLU and end point. The second convolution is `conv2d_same(residual, depth_bottleneck, 3, stride, rate, scope + ".conv2")`; the third is a `Conv2D` like the first one, with `depth` filters and no ReLU.
#
# </details>
# <details>
# <summary>Hint 2: the shortcut</summary>
#
# `inputs.shape[-1]` is the number of channels. If it equals `depth`: `subsample(inputs, stride)`. Else a `Conv2D` with window 1 and `strides=stride`, called on `inputs`, and its batch normalisation; that is an end point too. At the end `Add()` and `Activation("relu")`.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import bottleneck

# %% [markdown]
# This is the unit that your function builds with stride 1 and rate 2, for an input of 12×12 pixels with 3 channels.

# %% tags=["demonstration"]
draw_model(bottleneck, (12, 12, 3), 8, 2, 1, 2)

# %% [markdown]
# ## 6. Blocks, described before they are built
#
# To choose the output stride of a whole network one must know all strides before the first unit is built. So a network is *described* first. A `Block` names the function that builds its units and holds the arguments of each of them:


# %%
class Block(NamedTuple):
    """Description of a block: units of one kind, one after the other; nothing is built yet."""

    scope: str  # what the names of its layers begin with
    unit_fn: Callable[..., KerasTensor]  # builds one unit, such as bottleneck
    args: list[dict[str, int]]  # depth, depth_bottleneck and stride of each unit


# %% [markdown]
# **Goal.** Write `resnet_v1_block`, which describes a block of bottleneck units. All have the same depths. The stride of the block sits in its **last** unit. (In assignment 03, and in most libraries, it sits in the first. Put it last, and a block's units all work on the larger map.)
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# Make the list of strides first: `num_units - 1` times 1, then `stride`. Then one dictionary for each of them, in a list. The block holds the function `bottleneck` itself, without brackets behind it. Store the block in `block`.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import resnet_v1_block

# %% tags=["demonstration"]
with using_gaps():
    described = resnet_v1_block("block1", base_depth=64, num_units=3, stride=2)
    print(f"{described.scope}, units built by {described.unit_fn.__name__}:")
    for unit_arguments in described.args:
        print(f"  {unit_arguments}")

# %% [markdown]
# ## 7. The output stride
#
# **Goal.** Write `stack_blocks_dense`: it builds all units, one after the other, until the output stride is reached, and from there on trades strides for rates.
#
# Two numbers go along (Rethinking, section 3.1):
#
# * `current_stride`, the product of the strides that have been *carried out*. As long as it is smaller than `output_stride`, a unit is built as it is described, with rate 1.
# * `rate`, the product of the strides that have been *left out*. Once `current_stride` equals `output_stride`, a unit gets stride 1 and the current rate. Afterwards its own stride multiplies the rate.
#
# Why afterwards? Even where a unit has a stride, its own window reads the map *before* the stride; only the units behind it would have seen the smaller map. And why multiply? Because strides do: behind two strides of 2 neighbouring pixels lie 4 apart.
#
# Fill in the last two columns for units with strides 1, 2, 2, 2, 1 and `output_stride=2` before you write any code:
#
# | unit | its stride | built with stride | built with rate |
# | --- | --- | --- | --- |
# | 1 | 1 | | |
# | 2 | 2 | | |
# | 3 | 2 | | |
# | 4 | 2 | | |
# | 5 | 1 | | |
#
# Stride and rate are never both larger than 1, so `conv2d_same` is never asked for what Keras refuses.
#
# **Difficulty: ●●● · about 30 minutes**
#
# <details>
# <summary>The table, filled in</summary>
#
# Strides 1, 2, 1, 1, 1; rates 1, 1, 1, 2, 4.
#
# </details>
# <details>
# <summary>Hint 1: the loops</summary>
#
# An outer loop over the blocks, an inner loop over `enumerate(block.args, start=1)`. A unit is called as `block.unit_fn(net, **unit, rate=..., outputs_collections=end_points, scope=...)`, and its result is stored in `net`.
#
# </details>
# <details>
# <summary>Hint 2: another stride for a unit</summary>
#
# The dictionary belongs to the caller, who may want to build another network from the same blocks. `dict(unit, stride=1)` makes a copy with another stride.
#
# </details>
# <details>
# <summary>Hint 3: when is an output stride not reached?</summary>
#
# If `current_stride`, after all units, is another number than `output_stride`. It does not matter whether it was too small or passed over. `None` asks for nothing and is never refused.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import stack_blocks_dense

# %% [markdown]
# Here is your table, made by your function: the unit function of the next cell builds nothing and notes what it was called with.


# %% tags=["demonstration"]
def noted_units(strides: Sequence[int], output_stride: int | None) -> list[tuple[int, int]]:
    """Return stride and rate with which each of a row of units is built."""
    noted = []

    def note(net: KerasTensor, depth: int, depth_bottleneck: int, stride: int, rate: int, **names: Any) -> KerasTensor:
        noted.append((stride, rate))
        return net

    units = [{"depth": 4, "depth_bottleneck": 1, "stride": stride} for stride in strides]
    stack_blocks_dense(keras.Input((32, 32, 3)), [Block("row", note, units)], output_stride)
    return noted


with using_gaps():
    for output_stride in (None, 8, 4, 2, 1, 3, 16):
        try:
            made = noted_units([1, 2, 2, 2, 1], output_stride)
            words = "  ".join(f"stride {stride} rate {rate}" for stride, rate in made)
        except ValueError as error:
            words = f"ValueError: {error}"
        print(f"output_stride {output_stride!s:>4}:  {words}")

# %% [markdown]
# ## 8. Dense features of a photograph
#
# Now the promise is put to the test. Four blocks of two units each, with strides 2, 2, 2 and 1, are built at output strides 8, 4, 2 and 1. All four networks get **the same weights**; that is possible since they have the same parameters, name by name. The weights are random, so the features mean nothing, but they are features of a residual network all the same. The figure shows the channel in which most is to be seen; dark is 0, and brighter is larger.


# %% tags=["demonstration"]
def small_network(output_stride: int | None, side: int = 224) -> keras.Model:
    """Build four blocks of two units each, strides 2, 2, 2, 1."""
    image = keras.Input((side, side, 3))
    blocks = [resnet_v1_block(f"block{i + 1}", 4 * 2**i, 2, stride) for i, stride in enumerate((2, 2, 2, 1))]
    return keras.Model(image, stack_blocks_dense(image, blocks, output_stride)[0])


features: dict[int, np.ndarray] = {}
with using_gaps():
    keras.utils.set_random_seed(7)
    weights = small_network(None).get_weights()
    for output_stride in (8, 4, 2, 1):
        network = small_network(output_stride)
        network.set_weights(weights)
        network(photograph[None])  # the first call takes longer
        started = time.perf_counter()
        features[output_stride] = np.asarray(network(photograph[None]))[0]
        seconds = time.perf_counter() - started
        height, width, channels = features[output_stride].shape
        print(
            f"output stride {output_stride}: {height}×{width}, {network.count_params():,} parameters, {seconds:.1f} s"
        )
if features:
    channel = int(features[8].var(axis=(0, 1)).argmax())  # the one in which most is to be seen
    largest = features[8][:, :, channel].max()
    maps = {f"output stride {stride}": one[:, :, channel] for stride, one in features.items()}
    show_panels({"the photograph": photograph, **maps}, cmap="viridis", vmin=0, vmax=largest)

# %% [markdown]
# Is the dense map of output stride 1 the *same* map, only with more pixels? Every eighth of its pixels should be exactly the map of output stride 8, up to rounding. And what about the shortcut that comes to mind:
#
# > **Claim 3.** *That is what one gets by enlarging the small map.*
#
# The cell compares both. It enlarges the small map so that its pixels stay where the dense map has them, and fills in the others linearly from their neighbours.


# %% tags=["demonstration"]
def enlarged(small: np.ndarray, step: int) -> np.ndarray:
    """Return a map with step times the side lengths; every step-th pixel is one of the small map."""
    for axis in (0, 1):
        places = np.arange(small.shape[axis] * step) / step
        before = places.astype(int)
        behind = np.minimum(before + 1, small.shape[axis] - 1)
        share = np.expand_dims(places - before, (1 - axis, 2))
        small = (1 - share) * small.take(before, axis) + share * small.take(behind, axis)
    return small


for output_stride in (4, 2, 1):
    if not features:
        print("This demonstration needs the features of the cell above.")
        break
    small, dense = features[8], features[output_stride]
    step = 8 // output_stride
    difference = np.abs(dense[::step, ::step] - small).max()
    variation = ((dense - dense.mean(axis=(0, 1))) ** 2).mean()
    apart = np.sqrt(((enlarged(small, step) - dense) ** 2).mean() / variation)
    print(
        f"output stride {output_stride}: one pixel in {step}×{step} differs from the small map by {difference:.1e} at most;"
    )
    print(f"    the enlarged small map is off by {apart:.0%} of the dense map's own variation (RMS)")

# %% [markdown]
# The claim is false. The dense map holds the numbers that the network would have found at each pixel; an enlarged map guesses them from those it has. (DeepLab does both: it computes features at output stride 8 and enlarges the last step of the way, since that is cheap and the maps are smooth by then.)
#
# The price is on the clock above: half the output stride, four times the pixels behind the place where it takes effect. The *weights* are free, the *work* is not.

# %% [markdown]
# ## 9. The whole network
#
# **Goal.** Write `atrous_resnet`: the four blocks of ResNet-50 with its numbers of units, but without a stem in front and a classifier behind. `input_shape` and the model around it are given.
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# A list of four calls of `resnet_v1_block`, with the numbers of the table in the docstring. `stack_blocks_dense` takes `inputs`, the list and `output_stride`, and returns a pair; the first of the two is `outputs`.
#
# </details>

# %% tags=["solution"]
from solutions.atrous import atrous_resnet

# %% [markdown]
# At full width: how many parameters does it have, and how much work is it at each output stride? Multiply-adds are counted over all convolutions: pixels of the result times weights of the kernel.


# %% tags=["demonstration"]
def multiply_adds(model: keras.Model) -> int:
    """Count the multiplications with additions of all convolutions, for one image."""
    convolutions = [layer for layer in model.layers if isinstance(layer, Conv2D)]
    return sum(int(np.prod(layer.output.shape[1:3])) * layer.kernel.shape.num_elements() for layer in convolutions)


with using_gaps():
    for output_stride in (None, 2, 1):
        network = atrous_resnet(output_stride=output_stride)
        if output_stride is None:
            print(f"{'output stride':>14}  {'output':>22}  {'parameters':>12}  {'multiply-adds':>15}")
        shape, parameters, work = network.output_shape, network.count_params(), multiply_adds(network)
        print(f"{output_stride!s:>14}  {shape!s:>22}  {parameters:12,}  {work / 1e9:13.1f} G")
        del network

# %% [markdown]
# And the end points of a small one, two blocks of two units: a name for each convolution.

# %% tags=["demonstration"]
with using_gaps():
    image = keras.Input((32, 16, 3))
    _, end_points = stack_blocks_dense(image, [resnet_v1_block("block1", 1, 2, 2), resnet_v1_block("block2", 2, 2, 1)])
    for name, tensor in end_points.items():
        print(f"{name:24} {tensor.shape}")
    print(f"{len(end_points)} end points")

# %% [markdown]
# ## 10. What comes next, and three questions
#
# You have a network that computes at each pixel what a classifier computes once. DeepLab puts several atrous convolutions of different rates side by side behind it (*atrous spatial pyramid pooling*), and a 1×1 convolution that names the class of each pixel.
#
# The questions below carry no points.

# %% [markdown]
# **Question 1.** In section 3 a stack with rate 2 throughout left most pixels of its field of view unread. Does that happen in your network at output stride 1? Which pixels does a bottleneck unit with rate 4 read, if all units before it are taken into account?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** A network was trained at output stride 32 and is used at output stride 8, with the same weights. In inference the dense map holds the same numbers, as you have seen. And in training mode, with batch normalisation? What would the batch's statistics be computed from?

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** At output stride 1 the rate behind three strides of 2 is 8. On a map of 28×28 pixels, how much of a 3×3 window with rate 8 lies outside the map for a pixel in the corner, and what does such a window see at rate 28? (Rethinking, section 3.3 and figure 4.)

# %% [markdown]
# *Your answer to question 3:*
