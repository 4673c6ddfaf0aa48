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
# # Assignment 06: Any depth
#
# ResNet-50 is one row of a family. The paper's table 1 lists five depths, 18, 34, 50, 101 and 152, and one function of a dozen lines can build them all. In this notebook you write it, piece by piece, in the very form of `keras.applications`: same layers, same names, same settings. At the end you copy all weights from Keras's network into yours, by name, and both give the same answers.
#
# **How it works.** A *gap* is a place between two marker lines in a function: write your code there and leave the rest of the cell as it is. Below each gap stand its *checks*; run them as often as you like, and read what a failed one tells you. Each gap is judged by itself: `stack1` and `resnet` are checked with stand-ins for the functions that they call, so that a mistake in `block1` costs you nothing there. The demonstrations, though, use your own functions, all together.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 | five sentences to test | ●○○ | about 5 minutes |
# | 2 | write `block1` | ●●○ | about 25 minutes |
# | 3 | write `stack1` | ●○○ | about 10 minutes |
# | 4 | write `resnet` and lay it beside `keras.applications` | ●●● | about 30 minutes |
# | 5 | write `copy_weights` and compare the outputs | ●●○ | about 20 minutes |
# | 6 | measure what depth costs | ●○○ | about 10 minutes |
# | 7 | think about three open questions (no points) | ●●○ | as long as you like |
#
# You should know the residual block of assignment 03: main path, shortcut, projection, bottleneck. The paper is K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015; "the paper" below is this one.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import KerasTensor
from keras.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroPadding2D,
)

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import Node, draw, draw_model
from autograder.checks.side_by_side import compare, cost, rows, without_weights

# %% [markdown]
# ## 1. Five sentences to test
#
# You will read sentences like these about deep residual networks. Some are true, some are not, and for some it depends. Do not take our word for it either: each of them is put to the test below, with your own functions, at the place named.
#
# 1. "ResNet-152 has 152 convolutional blocks." (part 4)
# 2. "`keras.applications.ResNet50` puts its stride into the 3×3 convolution." (part 2)
# 3. "It does not matter which of the two convolutions has the stride." (part 2)
# 4. "A network's weights are what it has learned, so copying the trainable weights copies the network." (part 5)
# 5. "ResNet-152 has many times the depth of VGG-16, so it takes more work, and the time follows the work." (part 6)

# %% [markdown]
# ## 2. The bottleneck block
#
# **Goal.** Write the block of which ResNet-50, 101 and 152 are made, in one function for both kinds of shortcut: `conv_shortcut=True` is the convolutional block of assignment 03, `conv_shortcut=False` the identity block.
#
# **What is new.** The numbers of filters follow from one: two narrow convolutions with `filters`, and a last one with `4 * filters`. The factor is called the *expansion*. And the details are now those of `keras.applications`: an epsilon of 1.001e-5 in each batch normalisation, and a name for each layer, ReLUs and sum included.

# %% tags=["demonstration"]
draw(
    [
        Node("X"),
        Node("Conv2D 1×1, stride", (0,), "_0_conv\n4 * filters"),
        Node("BatchNormalization", (1,), "_0_bn"),
        Node("Conv2D 1×1, stride", (0,), "_1_conv\nfilters"),
        Node("BatchNormalization", (3,), "_1_bn"),
        Node("ReLU", (4,), "_1_relu"),
        Node("Conv2D kernel_size, same", (5,), "_2_conv\nfilters"),
        Node("BatchNormalization", (6,), "_2_bn"),
        Node("ReLU", (7,), "_2_relu"),
        Node("Conv2D 1×1", (8,), "_3_conv\n4 * filters"),
        Node("BatchNormalization", (9,), "_3_bn"),
        Node("+", (2, 10), "_add"),
        Node("ReLU", (11,), "_out"),
    ],
    "block1, conv_shortcut=True: names and filters",
)

# %% [markdown]
# **Where the stride sits** is a question with a history. The paper says which blocks halve the map (table 1), not which of their convolutions does. The model that the authors published has the stride in the first 1×1. Others moved it to the 3×3 later; that network is known as ResNet v1.5. Which one is Keras's? Instead of believing what one reads, ask the network itself:

# %% tags=["demonstration"]
theirs = keras.applications.ResNet50(weights=None, input_shape=(64, 64, 3), classes=10)  # weights drawn at random
for part in ("0_conv", "1_conv", "2_conv", "3_conv"):
    layer = theirs.get_layer(f"conv3_block1_{part}")
    print(f"{layer.name}: window {layer.kernel_size}, stride {layer.strides}, {layer.filters} filters")

# %% [markdown]
# So much for sentence 2. Sentence 3 waits until you have a block to try it on.
#
# **Difficulty: ●●○ · about 25 minutes**
#
# <details>
# <summary>Hint</summary>
#
# 1. Keep the block's input first: `shortcut = x`. If `conv_shortcut` is true, replace it by a `Conv2D` with `4 * filters` filters, window 1 and `strides=stride`, called on `x`, and a `BatchNormalization` behind it. No ReLU.
# 2. The main path is three components, each called on what the one before it made. Window and stride: `1` with `stride`, then `kernel_size` with `padding="same"`, then `1`. Only the first two have a ReLU.
# 3. `BatchNormalization(epsilon=1.001e-5, name=...)` everywhere. The names are the same f-string with another ending: `name=f"{name}_1_conv"`.
# 4. `Add(name=...)` takes a list of two tensors; `Activation("relu", name=...)` ends the block.
#
# </details>

# %% tags=["solution"]
from solutions.any_depth import block1

# %% [markdown]
# Your own block, for an input of 8×8 pixels with 6 channels, with 2 filters and the stride 2:

# %% tags=["demonstration"]
draw_model(block1, (8, 8, 6), 2, 3, 2, True, "conv3_block1")

# %% [markdown]
# **Does it matter where the stride sits?** That is sentence 3. A 1×1 convolution with stride 2 looks at one pixel out of four and never at the others. In your block both the main path and the projection begin that way. The next cell changes your block into its v1.5 form, with the same weights: the stride moves from `_1_conv` to `_2_conv`. Then it asks by the gradient which pixels of an 8×8 map can have any influence on the block's output.


# %% tags=["demonstration"]
def as_v15(model: keras.Model) -> keras.Model:
    """Return a copy of a model of bottleneck blocks that has each stride in the 3x3 convolution."""
    strides = {layer.name: layer.strides for layer in model.layers if isinstance(layer, Conv2D)}

    def moved(layer: keras.Layer) -> keras.Layer:
        config = layer.get_config()
        if layer.name.endswith("_1_conv"):
            config["strides"] = (1, 1)
        if layer.name.endswith("_2_conv"):
            config["strides"] = strides[layer.name.replace("_2_conv", "_1_conv")]
        return type(layer).from_config(config)

    return keras.models.clone_model(model, clone_function=moved)


def influence(model: keras.Model, maps: np.ndarray) -> np.ndarray:
    """Return for each pixel how large the gradient of the output is there, summed over maps and channels."""
    source = tf.constant(maps)
    with tf.GradientTape() as tape:
        tape.watch(source)
        total = tf.reduce_sum(model(source, training=False))
    return np.abs(tape.gradient(total, source)).sum(axis=(0, 3))


def one_block() -> keras.Model:
    """Return a model of one strided block of yours, for maps of 8x8 pixels with 16 channels."""
    image = keras.Input((8, 8, 16))
    return keras.Model(image, block1(image, 8, stride=2, name="block"))


keras.utils.set_random_seed(0)
with using_gaps():
    block = one_block()
    maps = np.random.default_rng(0).standard_normal((32, 8, 8, 16), dtype=np.float32)
    block_v15 = as_v15(block)
    block_v15.set_weights(block.get_weights())
    figure, panels = plt.subplots(1, 2, figsize=(8, 4), facecolor="white", layout="constrained")
    for panel, name, model in zip(
        panels, ["stride in the first 1×1", "stride in the 3×3 (v1.5)"], [block, block_v15], strict=True
    ):
        found = influence(model, maps)
        image = panel.imshow(found, cmap="cividis", vmin=0)
        panel.set_title(
            f"{name}:\n{np.count_nonzero(found)} of {found.size} pixels have influence", loc="left", fontsize=10
        )
        panel.set_xlabel("column (pixels)")
        panel.set_ylabel("row (pixels)")
        figure.colorbar(image, ax=panel, shrink=0.8, label="size of the gradient")
    plt.show()

# %% [markdown]
# On the left, three pixels out of four are thrown away unseen. That sounds worse than it is: each of these pixels was made by a 3×3 convolution of the block before, which had seen its neighbours. It is a real difference all the same. The two networks have equal numbers of weights, but other outputs, another cost (part 6), and weights trained for one are of no use in the other.

# %% [markdown]
# ## 3. A stage is a stack of blocks
#
# **Goal.** Chain blocks to a stage. The first block changes the shape, so it has the projection and the stride; each other block finds the right shape already.

# %% tags=["demonstration"]
draw(
    [
        Node("X"),
        Node("block1: projection, stride1", (0,), "{name}_block1"),
        Node("block1: conv_shortcut=False", (1,), "{name}_block2"),
        Node("block1: conv_shortcut=False", (2,), "{name}_block3"),
    ],
    "stack1 with three blocks",
)

# %% [markdown]
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# Call `block1` once before a loop and then in the loop, each time on `x` and with the result stored in `x`. Give `stride`, `conv_shortcut` and `name` by keyword: the third positional argument of `block1` is something else. A stack of one block is a stack, too.
#
# </details>

# %% tags=["solution"]
from solutions.any_depth import stack1

# %% [markdown]
# The stage conv3 of ResNet-50, as your two functions build it: one line per block.


# %% tags=["demonstration"]
def one_stage() -> keras.Model:
    """Return a model of one stage of yours."""
    image = keras.Input((56, 56, 256))
    return keras.Model(image, stack1(image, 128, 4, name="conv3"))


with using_gaps():
    found = rows(one_stage())
    for end in [row for row in found if row.name.endswith("_out")]:
        name = end.name.removesuffix("_out")
        inside = [row for row in found if row.name.startswith(f"{name}_")]
        shortcut = "projection" if any(row.name == f"{name}_0_conv" for row in inside) else "identity"
        print(
            f"{name:14} shortcut: {shortcut:11} output {end.shape!s:15} {sum(row.parameters for row in inside):>9,} parameters"
        )

# %% [markdown]
# ## 4. All five depths
#
# **Goal.** One function for the five columns of the paper's table 1:
#
# | stage | filters | output for 224×224 | 18 | 34 | 50 | 101 | 152 |
# | --- | --- | --- | --- | --- | --- | --- | --- |
# | conv2 | 64 | 56×56 | 2 | 3 | 3 | 3 | 3 |
# | conv3 | 128 | 28×28 | 2 | 4 | 4 | 4 | 8 |
# | conv4 | 256 | 14×14 | 2 | 6 | 6 | 23 | 36 |
# | conv5 | 512 | 7×7 | 2 | 3 | 3 | 3 | 3 |
# | kind of block | | | basic | basic | bottleneck | bottleneck | bottleneck |
#
# The numbers below the depths count *blocks*. Before the stages stands the *stem*, behind them the *head*; the docstring of `resnet` has both.
#
# ResNet-18 and 34 are made of the *basic block* of figure 5 (left): two 3×3 convolutions, and no expansion. Both are given, `block0` and `stack0`, since `keras.applications` has neither. That leaves two conventions to state. First, the shortcut is a projection only where the shape changes (option B of section 3.3): the first block of conv2 has none, as it gets the 64 channels that it makes. In the bottleneck networks it has one, as 64 channels become 256. Second, convolutions have biases and names like those of the deeper networks. Other libraries leave the biases out, since the batch normalisation behind each convolution takes them away again; their counts of parameters are a little smaller.

# %% tags=["given"]
from solutions.any_depth import block0, stack0

# %% tags=["demonstration"]
draw_model(block0, (8, 8, 6), 12, 2, "conv3_block1")

# %% [markdown]
# **Difficulty: ●●● · about 30 minutes**
#
# <details>
# <summary>Hint 1: the outline</summary>
#
# 1. A dictionary from depth to the four numbers of blocks. If the depth is not in it, `raise ValueError(...)` with a message that names the depth.
# 2. Choose the function: `stack = stack0` or `stack = stack1`. Functions are values; `stack(x, ...)` then calls the one you chose.
# 3. `keras.Input(input_shape)`, the stem, a loop over the four stages, the head, and `model = keras.Model(image, x)`.
#
# </details>
#
# <details>
# <summary>Hint 2: the stages</summary>
#
# `enumerate` gives you a number from 0 and the number of blocks. From the former follow the filters, `64 * 2**number // divisor`, the stride (1 for the first stage, because the pooling has halved the map already) and the name. The stacks take the filters of the *narrow* convolutions: nothing is multiplied by 4 here.
#
# </details>
#
# <details>
# <summary>Hint 3: the stem</summary>
#
# Zero padding and then a convolution or pooling without padding is not the same as `padding="same"`: with an even side and stride 2, "same" pads one side more than the other. Keras's network pads both alike, as the authors' model did.
#
# </details>

# %% tags=["solution"]
from solutions.any_depth import resnet

# %% [markdown]
# **What does the depth count?** Here are your five networks for pictures of 224×224 pixels and 1000 classes, the setting of the paper, built without weights, so that they cost no memory. Beside the numbers of blocks stand the convolutions and dense layers, those of them on the longest way through the network, and the cost. The last column is what the paper gives in table 1 as FLOPs, in billions; it counts a multiplication with an addition as one.

# %% tags=["demonstration"]
PAPER = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}  # table 1, in billions
costs = {}
with using_gaps():
    for depth, flops in PAPER.items():
        with without_weights():
            model = resnet(depth)
        if not costs:
            print(
                f"{'depth':>5}{'blocks':>8}{'conv and dense':>16}{'longest way':>13}{'parameters':>13}{'trainable':>12}{'multiply-adds':>16}{'paper':>7}"
            )
        costs[depth] = cost(model)
        blocks = sum(isinstance(layer, Add) for layer in model.layers)
        found = costs[depth]
        print(
            f"{depth:5}{blocks:8}{found.layers:16}{found.depth:13}{found.parameters:13,}{found.trainable:12,}"
            f"{found.multiply_adds / 1e9:14.3f} G{flops:7}"
        )

# %% [markdown]
# Sentence 1 is one of the most copied mistakes. A block has two or three convolutions, so the number of blocks is far smaller than the depth; the projections stand beside the longest way and are not counted; and the last of the layers that are counted is no convolution at all.

# %% [markdown]
# **Side by side.** Is your ResNet-50 Keras's? The table pairs the layers by name and marks the first difference, in settings, wiring, shape or parameters. Change the depth to 101 or 152 if you like.

# %% tags=["demonstration"]
DEPTH = 50
THEIRS = {50: keras.applications.ResNet50, 101: keras.applications.ResNet101, 152: keras.applications.ResNet152}
theirs = THEIRS[DEPTH](weights=None, input_shape=(64, 64, 3), classes=10)
with using_gaps():
    mine = resnet(DEPTH, input_shape=(64, 64, 3), classes=10)
    compare(mine, theirs)

# %% [markdown]
# ## 5. Copying weights by name
#
# **Goal.** Bring the weights of one network into another. This is what happens whenever somebody uses a published network: the file holds arrays and names, and the names decide what goes where.
#
# Three things to watch:
#
# * **By name, not by position.** Two models may hold the same layers in another order; pairing them one after the other then mixes them up, without an error where shapes agree.
# * **All weights.** A batch normalisation has four: it learns gamma and beta, and it keeps a moving mean and a moving variance, which no gradient ever touches. `layer.get_weights()` has them all.
# * **What does not fit is told, not hidden.** You often want the body of a network and a head for other classes. Then the head keeps its own weights, and whoever reads the report sees that nothing else did.
#
# **Difficulty: ●●○ · about 20 minutes**
#
# <details>
# <summary>Hint</summary>
#
# 1. A dictionary from name to layer, of `source.layers`.
# 2. Go through `target.layers`. Pass over layers without weights: `layer.weights` is an empty list there.
# 3. Compare the shapes of *all* weights before you set any: lists of shapes can be compared with `==`. If there is a partner and the lists agree, `layer.set_weights(partner.get_weights())`; else put the name into `kept`.
# 4. `unused`: the layers of `source` with weights that went nowhere, because target has no such name or because it did not fit.
#
# </details>

# %% tags=["solution"]
from solutions.any_depth import copy_weights

# %% [markdown]
# **The proof.** Keras's network gets random weights and, what matters, random moving statistics; otherwise a batch normalisation does nearly nothing in inference, and much could be wrong without being seen. Then everything is copied into your network, and both look at the same pictures.


# %% tags=["demonstration"]
def randomise(model: keras.Model, seed: int) -> None:
    """Set every weight of a model at random, the moving statistics included, so that values stay of moderate size."""
    random = np.random.default_rng(seed)
    for layer in model.layers:
        for weight in layer.weights:
            shape = tuple(weight.shape)
            if weight.name == "kernel":
                drawn = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1]))
            elif weight.name in ("gamma", "moving_variance"):
                drawn = random.uniform(0.5, 1.5, shape) * (0.3 if layer.name.endswith("_3_bn") else 1)
            else:
                drawn = random.standard_normal(shape) / 10
            weight.assign(drawn)


def largest_difference(first: keras.Model, second: keras.Model, pictures: np.ndarray) -> float:
    """Return the largest difference between the probabilities that two networks give for the same pictures."""
    return float(
        np.abs(np.asarray(first(pictures, training=False)) - np.asarray(second(pictures, training=False))).max()
    )


pictures = np.random.default_rng(1).standard_normal((4, 64, 64, 3), dtype=np.float32)
randomise(theirs, seed=0)
with using_gaps():
    kept, unused = copy_weights(theirs, mine)
    print(f"layers of yours that kept their weights: {kept or 'none'}")
    print(f"layers of Keras's whose weights went nowhere: {unused or 'none'}")
    print(
        f"ResNet-{DEPTH}: the largest difference between the probabilities is {largest_difference(mine, theirs, pictures):.1e}"
    )

# %% [markdown]
# **Sentence 4** is tested by leaving the statistics behind. The next cell copies only what training learns, from the same network into a fresh one of yours.

# %% tags=["demonstration"]
with using_gaps():
    fresh = resnet(DEPTH, input_shape=(64, 64, 3), classes=10)
    partners = {layer.name: layer for layer in theirs.layers}
    for layer in fresh.layers:
        if layer.name in partners:
            for own, given in zip(layer.trainable_weights, partners[layer.name].trainable_weights, strict=True):
                own.assign(given)
    print(f"largest difference with the trainable weights alone: {largest_difference(fresh, theirs, pictures):.1e}")

# %% [markdown]
# The trainable weights agree to the last bit, and the networks do not. Who trains a network and keeps its trainable weights only has lost a part of it.

# %% [markdown]
# ## 6. What depth costs
#
# Parameters are what a network needs in memory and on disk, multiply-adds are the work for one picture. Both grow with the depth, but not alike, and the number of layers tells little about either. For comparison the figure holds VGG-16 and VGG-19 (K. Simonyan, A. Zisserman, [Very Deep Convolutional Networks for Large-Scale Image Recognition](https://arxiv.org/abs/1409.1556), 2014), the networks that the paper compares itself with in section 3.3 and table 1.

# %% tags=["demonstration"]
with without_weights():
    vgg_costs = {16: cost(keras.applications.VGG16(weights=None)), 19: cost(keras.applications.VGG19(weights=None))}
if not costs:
    print("resnet made no network in part 4 yet; until it does, the figure shows VGG alone.")
figure, panels = plt.subplots(1, 2, figsize=(9, 4), facecolor="white", layout="constrained")
shown = [("parameters", 1e6, "parameters (millions)"), ("multiply_adds", 1e9, "multiply-adds per picture (billions)")]
for panel, (field, unit, words) in zip(panels, shown, strict=True):
    for name, found, colour, line in [("ResNet (yours)", costs, "#0072B2", "s-"), ("VGG", vgg_costs, "#D55E00", "o-")]:
        panel.plot(list(found), [getattr(one, field) / unit for one in found.values()], line, color=colour, label=name)
        for depth, one in found.items():
            beside = (-18, -4) if depth == 16 else (5, -11)  # in points
            panel.annotate(str(depth), (depth, getattr(one, field) / unit), xytext=beside, textcoords="offset points")
    panel.set_xlabel("depth (layers with weights on the longest way)")
    panel.set_ylabel(words)
    panel.margins(x=0.12)
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.4)
    panel.legend()
plt.show()

# %% [markdown]
# The deepest of your networks takes less work than VGG-16 (so the paper says in section 4.1, and here it is counted), and has less than half of its parameters. Two other comparisons are worth a look. From 34 to 50 layers the work hardly grows, although sixteen layers are added: that is what the bottleneck does. And where do the parameters of VGG come from? Question 2 asks.
#
# **The time.** Work is not time. The next cell measures, on the machine in front of you, how long each network takes for a small batch of pictures of 96×96 pixels; each number is the shortest of several runs, since whatever else the machine does can only add to it. The networks are as wide as in the paper. It takes a minute or so.


# %% tags=["demonstration"]
def seconds_per_picture(model: keras.Model, pictures: np.ndarray, runs: int = 7) -> float:
    """Return the shortest time that a compiled network takes for one picture, in seconds."""
    compiled = tf.function(lambda x: model(x, training=False))
    compiled(pictures)  # the first call compiles
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        np.asarray(compiled(pictures))
        times.append(time.perf_counter() - start)
    return min(times) / len(pictures)


pictures_96 = np.random.default_rng(2).standard_normal((4, 96, 96, 3), dtype=np.float32)
measured = {}  # name: (billions of multiply-adds, seconds)
if not costs:
    print("resnet made no network in part 4 yet; until it does, VGG-16 is measured alone.")
for depth in costs:
    model = resnet(depth, input_shape=(96, 96, 3), classes=10)
    measured[f"ResNet-{depth}"] = cost(model).multiply_adds / 1e9, seconds_per_picture(model, pictures_96)
model = keras.applications.VGG16(weights=None, input_shape=(96, 96, 3), classes=10)
measured["VGG-16"] = cost(model).multiply_adds / 1e9, seconds_per_picture(model, pictures_96)
del model
figure, panel = plt.subplots(figsize=(7, 4), facecolor="white", layout="constrained")
for name, (work, seconds) in measured.items():
    print(
        f"{name:11}{work:7.3f} billion multiply-adds, {seconds * 1000:7.1f} ms, {work / seconds:6.1f} billion per second"
    )
    colour, mark = ("#D55E00", "o") if name == "VGG-16" else ("#0072B2", "s")
    panel.plot(work, seconds * 1000, mark, color=colour)
    beside, side = ((6, -11), "left") if name in ("ResNet-18", "ResNet-34") else ((-6, 4), "right")  # none on another
    panel.annotate(name, (work, seconds * 1000), xytext=beside, textcoords="offset points", ha=side)
panel.set_xlabel("multiply-adds per picture of 96×96 (billions)")
panel.set_ylabel("measured time per picture (ms)")
panel.margins(0.1)
panel.set_xlim(left=0)
panel.set_ylim(bottom=0)
panel.grid(alpha=0.4)
plt.show()

# %% [markdown]
# What is left of sentence 5? If time followed the work, all points would lie on one straight line through the origin, and the last column would hold one number. How far your machine is from that you see yourself: many small layers, batch normalisations and sums, which are not counted as multiply-adds at all, take time too, and a few large convolutions keep a processor busier. On another machine the picture can be another one; that is why it is measured and not told.

# %% [markdown]
# ## 7. Three questions
#
# The questions carry no points. Write a few sentences if you like; all can be tried out with what you have built.

# %% [markdown]
# **Question 1.** `as_v15` of part 2 also takes a whole network. Count with `cost` what ResNet-50 takes in its v1.5 form, and explain the difference: which convolution works on a map of another size, and why do the parameters not change?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** Sort the rows of `rows(keras.applications.VGG16(weights=None))` by their parameters. Which layer has most of them, and which layer of yours stands in its place and has none?

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** Every convolution here has a bias, and a batch normalisation right behind it. Change one bias of your network by a constant: what happens to the output in training mode, and what in inference? Why can other libraries leave these biases out, and what would `copy_weights` report between such a network and yours?

# %% [markdown]
# *Your answer to question 3:*
