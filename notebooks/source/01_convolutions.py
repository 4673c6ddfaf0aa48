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
# # Assignment 01: Convolutions: size and cost
#
# Is a network of 152 layers expensive? Does it fit into memory? Why does a block somewhere in the middle suddenly complain about shapes? All of this can be answered with a pencil before anything is built. In this notebook you write three short functions that count: the size of what a convolution makes, its weights, and its work. With them you compute a line of the paper on ResNet for yourself, and look at where in a network the weights sit and where the work is done. Last, you repair a line of code that was right in 2016, runs today without an error, and does something else.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1, 2 | look at windows, strides, paddings and dilations | ●○○ | about 10 minutes |
# | 3 | write `conv_output_shape` | ●●○ | about 15 minutes |
# | 4 | write `count_params` | ●○○ | about 10 minutes |
# | 5 | write `count_macs` | ●●○ | about 15 minutes |
# | 6 | look at the costs of five ResNets | ●○○ | about 10 minutes |
# | 7 | write `fix_convolution2d` | ●○○ | about 5 minutes |
# | 8 | think about three open questions (no points) | ●●○ | as long as you like |
#
# You should know that a convolution lays a small *window* of weights over each place of a picture, multiplies, and adds up. How gaps and checks work is shown in assignment 00. Our numbers are held against K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015, below "the paper".

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import math
from collections.abc import Sequence

import keras
import numpy as np
from keras import KerasTensor
from keras.layers import BatchNormalization, Conv2D, Convolution2D

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import draw_model
from autograder.checks.network_costs import BLOCKS, Cost, count_stages, draw_costs, resnet_stages, total, vgg_stages
from autograder.checks.window_figures import Windows, draw_windows

# %% [markdown]
# ## 1. Windows along a side
#
# Height and width of a picture are treated alike, so it is enough to look at one side. In each panel below, the upper strip is that side with its pixels, and each strip below it is one window: its filled squares, the *taps*, are the pixels that it reads. Each window makes one pixel of the output. **So the size of the output is the number of windows that find a place.**

# %% tags=["demonstration"]
draw_windows([Windows(n=7, k=3), Windows(n=8, k=3, s=2), Windows(n=7, k=3, p=1), Windows(n=9, k=3, d=2)])

# %% [markdown]
# From left to right and from top to bottom:
#
# * **Window** ($k$ taps, here 3, and nothing else): the first window begins at the first pixel, the last one ends at the last. The output is shorter than the input.
# * **Stride** ($s = 2$): from one window to the next it is $s$ pixels. Look at the last pixel: no window reads it, because the next one would stick out. Such pixels are lost without a word.
# * **Padding** ($p = 1$): $p$ pixels of value 0 are put before the side *and* behind it (hatched). For $k = 3$ and stride 1, one of them is just enough to keep the size.
# * **Dilation** ($d = 2$): the taps of a window move apart, $d$ pixels from one to the next. The window sees further, but has as many weights as before.
#
# Change the numbers in the next cell and run it again, until you can tell beforehand how many windows there will be.

# %% tags=["demonstration"]
draw_windows([Windows(n=10, k=4, s=3, p=1, d=1)], columns=1)

# %% [markdown]
# ## 2. Does padding "same" keep the size?
#
# Instead of a number, Keras takes a word for the padding: `"valid"` means none, and `"same"`, one often reads, "keeps the size". Before you run the next cell, write down what you expect for a picture of 224×224 pixels.

# %%
for stride in (1, 2, 3):
    layer = Conv2D(filters=1, kernel_size=3, strides=stride, padding="same")
    height, width = layer.compute_output_shape((None, 224, 224, 3))[1:3]
    print(f'padding="same", stride {stride}: 224 x 224 becomes {height} x {width}')

# %% [markdown]
# The size is kept with stride 1 only. In general, `"same"` pads just as much as is needed to get $n / s$ windows, rounded up, whatever the window is.
#
# Where do the padded pixels go? If their number is even, half of them stand at each end. If it is odd, Keras puts the odd one *behind*, as on the left below. A fixed padding of one pixel, on the right, makes an output of the same size from other pixels: all windows are shifted by one. That is worth remembering when weights come from another library: the shapes fit, and the values do not. (ResNet's first convolution, 7×7 with stride 2, is such a case.)

# %% tags=["demonstration"]
draw_windows([Windows(n=8, k=3, s=2, p="same"), Windows(n=8, k=3, s=2, p=1)])

# %% [markdown]
# ## 3. The size of the output
#
# **Goal.** Write the function that tells height and width of what a convolution makes. From it you see whether two tensors can be added, and where a picture has shrunk to nothing.
#
# Work it out from the figures rather than from a formula that you remember; there are many variants of it about, and most leave something out. Take $n = 8$, $k = 3$, $s = 2$ from the first figure as your test. One thing at a time:
#
# 1. How many pixels are there from the first tap of a window to its last, both included? Start without dilation.
# 2. Where does the last window begin that still fits, and how many windows are there up to it?
# 3. What does a padding of $p$ pixels change? And `"same"`?
#
# The lines behind your gap expect your result in `height` and `width`, and refuse a window that fits nowhere.
#
# **Difficulty: ●●○ · about 15 minutes**
#
# <details>
# <summary>Hint 1: the window</summary>
#
# `k` taps have `k - 1` distances between them, each of `d` pixels. The first tap counts as well. Call the result the *reach* of the window: with `d = 1` it is `k`.
#
# </details>
#
# <details>
# <summary>Hint 2: the count</summary>
#
# The first window takes `reach` pixels. Each further one needs `s` pixels more. So take the reach from the length of the padded side, see how often `s` goes into what is left (`//` divides and rounds down), and do not forget the first window. The padding stands at both ends.
#
# </details>
#
# <details>
# <summary>Hint 3: "same"</summary>
#
# Treat it as a case of its own, `if p == "same":`, with `math.ceil`. In the other branch `p` is a number, or `"valid"`, which is 0.
#
# </details>

# %% tags=["solution"]
from solutions.convolutions import conv_output_shape

# %% [markdown]
# Keras knows the sizes too. The next cell draws settings at random and asks both, Keras and your function. (Keras refuses a stride and a dilation above 1 together, so one of the two is 1.)


# %% tags=["demonstration"]
def keras_output_shape(size: tuple[int, int], k: int, s: int, p: int | str, d: int) -> tuple[int, int]:
    """Ask Keras for the height and width that a convolution makes."""
    X: KerasTensor = keras.Input((*size, 1))
    if isinstance(p, int):
        X, p = keras.layers.ZeroPadding2D(p)(X), "valid"
    made = Conv2D(1, k, strides=s, padding=p, dilation_rate=d)(X).shape
    return made[1], made[2]


with using_gaps():
    random, agreed = np.random.default_rng(0), 0
    for number in range(40):
        size = tuple(int(side) for side in random.integers(20, 60, size=2))
        k, s = (int(one) for one in random.integers(1, (8, 4)))
        p = (0, 1, 2, 3, "valid", "same")[number % 6]
        d = int(random.integers(1, 4)) if s == 1 else 1
        yours, kerass = conv_output_shape(size, k, s, p, d), keras_output_shape(size, k, s, p, d)
        agreed += tuple(yours) == kerass
        if tuple(yours) != kerass:
            print(f"size={size}, k={k}, s={s}, p={p!r}, d={d}: Keras says {kerass}, you say {yours}")
    print(f"Keras and your function agree on {agreed} of {number + 1} settings.")

# %% [markdown]
# And here is the way of a picture through any of the ResNets for ImageNet: the column "output size" of the paper's table 1.

# %% tags=["demonstration"]
with using_gaps():
    size = (224, 224)
    steps: Sequence[tuple[str, int]] = [
        ("conv1, 7×7", 7),
        ("pooling, 3×3", 3),
        ("conv3_x", 3),
        ("conv4_x", 3),
        ("conv5_x", 3),
    ]
    for step, k in steps:
        size = conv_output_shape(size, k, 2, "same")
        print(f"after {step:13} with stride 2: {size[0]} x {size[1]}")

# %% [markdown]
# ## 4. The weights
#
# **Goal.** Count the weights of a convolution and of the batch normalisation behind it. Weights are what a network takes in memory and on disk, and what training has to find.
#
# Look at the shapes of both, for a window of 3×3, an input with 5 channels, and 8 filters:

# %%
layers = Conv2D(filters=8, kernel_size=3, name="convolution"), BatchNormalization(name="bn")
for layer, channels in zip(layers, (5, 8), strict=True):
    layer.build((None, 32, 32, channels))
    for weight in layer.weights:
        trained = "trained" if weight.trainable else "not trained"
        print(f"{layer.name:12} {weight.name:16} {weight.shape!s:14} {trained}")

# %% [markdown]
# Three things to see. Every filter has a window of its own *for each channel* of the input. The size of the picture, here 32×32, occurs nowhere: the same weights serve at every place. And the batch normalisation has four numbers per channel, two of which are never trained: the *moving* mean and variance are measured while the network learns, and used in inference.
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint 1: which numbers there are</summary>
#
# Multiply the four sides of the kernel's shape for its weights. Each filter adds one bias to its map. The batch normalisation stands behind the convolution: its channels are the convolution's filters.
#
# </details>
#
# <details>
# <summary>Hint 2: where to begin</summary>
#
# Count what is trained first. Biases and batch normalisation are each an `if` of their own: there may be both, one, or neither. What the second number lacks is the moving mean and variance, if there are any.
#
# </details>

# %% tags=["solution"]
from solutions.convolutions import count_params

# %% [markdown]
# Once more, Keras can be asked:

# %% tags=["demonstration"]
with using_gaps():
    for k, channels, filters in ((1, 64, 256), (3, 64, 64), (7, 3, 64)):
        X = keras.Input((32, 32, channels))
        model = keras.Model(X, BatchNormalization()(Conv2D(filters, k)(X)))
        params, trainable = count_params(k, channels, filters, True, True)
        print(f"{k}×{k}, {channels} channels, {filters} filters, with batch normalisation:")
        trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
        print(f"    Keras {model.count_params():6,} weights, {trained:6,} trained")
        print(f"    you   {params:6,} weights, {trainable:6,} trained")

# %% [markdown]
# ## 5. The work
#
# **Goal.** Count the *multiply-adds* of convolutions that follow one another. They tell, roughly, how long a picture takes.
#
# A convolution makes an output of so many pixels in height and width, with one channel per filter. Each of these numbers is a sum of products: a tap's weight times the number under it, for all taps of the window and all channels of the input. One product and its addition are one multiply-add.
#
# **Careful with the word FLOPs.** A floating-point operation is one multiplication *or* one addition, so a multiply-add is two of them, and many tools count that way. The paper does not: its section 3.3 says "FLOPs (multiply-adds)" and counts one. Before you compare two numbers from different sources, find out how each was counted. Here we say multiply-adds.
#
# The function takes the input's shape and a list of convolutions, of which each reads what the one before it made. The loop and the size of each output are given; you count one convolution and make things ready for the next.
#
# **Difficulty: ●●○ · about 15 minutes**
#
# <details>
# <summary>Hint 1: one convolution</summary>
#
# How many numbers does the output hold? Each of them takes as many multiply-adds as one filter has weights, without the bias. Which pixels count: those of the input or those of the output?
#
# </details>
#
# <details>
# <summary>Hint 2: several of them</summary>
#
# At the start of each round, `height`, `width` and `channels` have to describe the input of the round's convolution. What do they hold at the end of the round before, and what should they? Add the count to `macs` before you change them.
#
# </details>

# %% tags=["solution"]
from solutions.convolutions import count_macs

# %% [markdown]
# A first use. When a ResNet halves height and width, it doubles the channels (section 3.3 of the paper, second rule). Here is what that does to a 3×3 convolution in each of the four sizes:

# %% tags=["demonstration"]
with using_gaps():
    for side, channels in ((56, 64), (28, 128), (14, 256), (7, 512)):
        macs = count_macs((side, side, channels), [(3, channels, 1)])
        params, _ = count_params(3, channels, channels, False)
        print(f"{side:2} x {side:2} pixels, {channels:3} channels: {macs:11,} multiply-adds, {params:9,} weights")

# %% [markdown]
# The work stays as it is: a quarter of the pixels, twice the channels, twice the filters. The weights, which do not care for pixels, become four times as many. Keep this in mind for the next figure.

# %% [markdown]
# ## 6. What the ResNets cost
#
# Now to whole networks. `resnet_stages(depth)` lists the convolutions of a ResNet by stage, as in table 1 of the paper; `count_stages` hands each of them to *your* two functions and adds up. The dense layer at the end, the classifier, is counted like a 1×1 convolution of a map with one pixel, which it is. All convolutions have biases here, as in Keras's own ResNets, and batch normalisations behind them.

# %% tags=["demonstration"]
in_the_paper = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}  # table 1, last line, in billions

with using_gaps():
    networks = {depth: count_stages(resnet_stages(depth), count_params, count_macs) for depth in BLOCKS}
    print(f"{'':10}{'multiply-adds':>15}{'paper':>13}{'operations':>13}{'weights':>13}{'trained':>13}")
    for depth, stages in networks.items():
        cost = total(stages)
        counted, paper = f"{cost.macs / 1e9:.3f} · 10⁹", f"{in_the_paper[depth]} · 10⁹"
        operations = f"{2 * cost.macs / 1e9:.1f} · 10⁹"
        print(f"ResNet-{depth:<3}{counted:>15}{paper:>13}{operations:>13}{cost.params:>13,}{cost.trainable:>13,}")
    draw_costs({f"ResNet-{depth}": stages for depth, stages in networks.items()})

# %% [markdown]
# Compare the first two columns: what the paper's table calls FLOPs are multiply-adds, and your count reproduces them. Where the last digit differs, the paper has cut it off or rounded it in another way. The third column is what a tool prints that counts a multiplication and an addition as two.
#
# Look at the figure, and at these three in particular:
#
# * **Work and weights sit in different places.** On the left the stages' shares are alike in the shallow networks, because of the rule that you have just tried out. On the right conv5_x holds most of the weights of the three smaller networks, although it has few blocks.
# * **Depth is bought in conv4_x.** From 50 to 101 and 152 layers, almost all that is added are blocks of this stage.
# * **34 and 50 cost nearly the same.** The bottleneck blocks of ResNet-50 have three convolutions in the place of two, for about the same price; assignment 03 shows how.
#
# Does your count agree with a ResNet-50 that really exists? The next cell builds the one of Keras, with weights at random.

# %% tags=["demonstration"]
with using_gaps():
    cost = total(count_stages(resnet_stages(50), count_params, count_macs))
    model = keras.applications.ResNet50(weights=None)
    convolutions = [layer for layer in model.layers if isinstance(layer, Conv2D)]
    print(f"Keras: {model.count_params():,} weights, you: {cost.params:,}")
    print(f"Its convolutions: {len(convolutions)}; those of the paths that you counted: ", end="")
    print(sum(len(path.layers) for paths in resnet_stages(50).values() for path in paths if path.bn))
    del model, convolutions

# %% [markdown]
# There are more convolutions than the "50" in the name says: the projections on the shortcuts are not counted there, and the dense layer is.
#
# **Is a deeper network a more expensive one?** Within one family, yes. But compare with VGG, the family that ResNet came to replace:

# %% tags=["demonstration"]
with using_gaps():
    costs: dict[str, Cost] = {
        f"VGG-{depth}": total(count_stages(vgg_stages(depth), count_params, count_macs)) for depth in (16, 19)
    }
    costs |= {
        f"ResNet-{depth}": total(count_stages(resnet_stages(depth), count_params, count_macs)) for depth in (34, 152)
    }
    for name, cost in costs.items():
        print(f"{name:11}{cost.macs / 1e9:6.1f} billion multiply-adds, {cost.params / 1e6:6.1f} million weights")
    for name in ("ResNet-34", "ResNet-152"):
        print(f"{name} does {costs[name].macs / costs['VGG-19'].macs:.0%} of the work of VGG-19.")
    dense = count_stages(vgg_stages(19), count_params, count_macs)["classifier"]
    print(f"The dense layers of VGG-19 have {dense.params / costs['VGG-19'].params:.0%} of its weights ", end="")
    print(f"and do {dense.macs / costs['VGG-19'].macs:.1%} of its work.")

# %% [markdown]
# The network with eight times the layers does less work and has fewer weights. The paper says so in section 3.3 (for 34 layers) and in section 4.1 (for 152). Depth alone says nothing about cost: what counts is how many channels each layer reads, how many it makes, and on how many pixels. And multiply-adds are not seconds: they leave out how often numbers have to be fetched from memory, which batch normalisations and sums do much of.

# %% [markdown]
# ## 7. A call from 2016
#
# Old notebooks and answers on the web are full of calls like this one. It says 32 filters, 3 rows, 3 columns:

# %% tags=["demonstration"]
X = keras.Input((224, 224, 3))
made = Convolution2D(32, 3, 3, activation="relu", padding="same", name="block1_conv1")(X)
print(f"{tuple(X.shape[1:])} becomes {tuple(made.shape[1:])}")

# %% [markdown]
# No error, no warning, and a picture that has lost most of its pixels. In Keras 1 the arguments were `Convolution2D(nb_filter, nb_row, nb_col)`. In Keras 2 and 3 they are `Conv2D(filters, kernel_size, strides)`, and the old name is still an alias of the new one: so the second 3 is now the *stride*. Keras 2 warned of such a call, or [refused it](https://github.com/keras-team/keras/issues/10300); Keras 3 does as it is told. Your own function knows the result:

# %% tags=["demonstration"]
with using_gaps():
    print("a window of 3 with stride 3:", conv_output_shape((224, 224), 3, 3, "same"))
    print("a window of 3 with stride 1:", conv_output_shape((224, 224), 3, 1, "same"))

# %% [markdown]
# **Goal.** Write the call so that it means in Keras 3 what its author meant.
#
# **Difficulty: ●○○ · about 5 minutes**
#
# <details>
# <summary>Hint</summary>
#
# `kernel_size` is one argument: for a window that is not square it takes a tuple of rows and columns. Everything that is given by keyword can stay. In code that others will read, it helps to write `kernel_size=` and `strides=` out.
#
# </details>

# %% tags=["solution"]
from solutions.convolutions import fix_convolution2d

# %% [markdown]
# This is what your function makes of a picture. Its height and width stay, and the layer has its name:

# %% tags=["demonstration"]
draw_model(fix_convolution2d, (224, 224, 3))

# %% [markdown]
# ## 8. Three questions
#
# The questions below carry no points. Write a few sentences if you like; your functions help with all of them.

# %% [markdown]
# **Question 1.** Behind each convolution of these networks stands a batch normalisation, which takes the mean of each channel away and adds its own shift, beta. What is the convolution's bias good for then? How many weights of ResNet-50 could be saved? (Call `count_params` with and without; many libraries leave these biases out, and so their ResNet-50 is smaller than Keras's.)

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** You will often find 4.1 billion multiply-adds for ResNet-50 in the place of 3.8. That is the variant "v1.5", whose stride stands in the 3×3 convolution of a block and not in the 1×1 convolution before it. Why does that cost more? Check it with `count_macs` for the first block of conv3_x: an input of 56×56 pixels with 256 channels, and convolutions with 128, 128 and 512 filters.

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** A photograph with twice the height and twice the width is given to the same network. What happens to the weights, what to the multiply-adds, and which layer of VGG would refuse it while those of ResNet do not? (ResNet takes the mean over all pixels before its dense layer.)

# %% [markdown]
# *Your answer to question 3:*
