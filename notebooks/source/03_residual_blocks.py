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
# # Assignment 03: Residual blocks
#
# ResNet-50 is named after its fifty layers with weights, of which forty-eight sit in blocks of only two kinds (the shortcuts' projections and the batch normalisations are not counted). In this notebook you build both: the *identity block*, whose shortcut changes nothing, and the *convolutional block*, whose shortcut changes the shape. In a later assignment you stack them to the whole network.
#
# **How it works.** A *gap* is a place between two marker lines in a function: write your code there and leave the rest of the cell as it is. Below each gap stand its *checks*; run them as often as you like, and read what a failed one tells you. Each check says how many points it is worth; when your notebook is graded, the same properties are judged again on inputs of other sizes and values.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 to 4 | read, run, look | ●○○ | about 20 minutes |
# | 5 | write `identity_block` | ●○○ | about 15 minutes |
# | 6 | write `convolutional_block` | ●●○ | about 20 minutes |
# | 7 | think about three open questions (no points) | ●●○ | as long as you like |
#
# You should know what a convolution, its stride and its padding do. The paper behind all this is short and readable, and we refer to its sections throughout: K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import itertools
from collections.abc import Sequence

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import KerasTensor
from keras.initializers import glorot_uniform
from keras.layers import Activation, Add, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D

from autograder.checks.figures import draw_block, draw_model

# %% [markdown]
# ## 1. The problem: deeper, and worse
#
# Take a network of convolutions stacked one upon another, a *plain* network, and make it deeper. One would expect it to get better, or at least not worse: the added layers could learn to pass their input on unchanged, and the deep network would do exactly what the shallow one does. Figure 1 of the paper shows that this is not what happens. On CIFAR-10 a plain network of 56 layers ends with a higher error than one of 20 layers, **on the training pictures as well**. He and his colleagues call this *degradation*.
#
# Two explanations come to mind first, and neither fits.
#
# * **It is not overfitting.** A network that overfits is good on the training pictures and bad on new ones. Here the deeper network is worse already on the training pictures: it is harder to optimise.
# * **It is not vanishing gradients.** This is often said, also in courses, but the paper says otherwise. Its section 4.1 argues that vanishing gradients are an unlikely cause: the plain networks use batch normalisation, which keeps the signals on the way forward from dying out, and the authors checked that the gradients on the way back have healthy norms.
#
# You can look at the second point yourself. The next two cells build two small networks of 56 layers, like those of the paper's section 4.2, but with fewer filters, on smaller images, and with projections where the shape changes: a plain one and one with shortcuts. Both have batch normalisation, and neither has been trained. Both see the same batch of noise with random labels, and for each layer we measure how large the gradient of the loss with respect to its kernel is. You need not follow every line of the code; it takes a few seconds.


# %% tags=["demonstration"]
def small_network(residual: bool, depth: int = 56, widths: Sequence[int] = (8, 16, 32)) -> keras.Model:
    """Build a network of depth - 1 convolutions 3x3 and one dense layer, for images of 16x16 and ten classes."""
    seeds = itertools.count()

    def convolve(X: KerasTensor, filters: int, window: int = 3, stride: int = 1) -> KerasTensor:
        start = glorot_uniform(seed=next(seeds))
        X = Conv2D(filters, window, strides=stride, padding="same", kernel_initializer=start)(X)
        return BatchNormalization()(X)

    image = keras.Input((16, 16, 3))
    X = Activation("relu")(convolve(image, widths[0]))
    for filters in widths:
        for number in range((depth - 2) // (2 * len(widths))):  # two convolutions each
            stride = 2 if filters != widths[0] and number == 0 else 1
            main = convolve(Activation("relu")(convolve(X, filters, stride=stride)), filters)
            if residual:
                shortcut = X if stride == 1 else convolve(X, filters, window=1, stride=stride)
                main = Add()([main, shortcut])
            X = Activation("relu")(main)
    scores = Dense(10, kernel_initializer=glorot_uniform(seed=next(seeds)))(GlobalAveragePooling2D()(X))
    return keras.Model(image, scores)


def gradient_norms(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the L2 norm of the loss's gradient with respect to each 3x3 kernel, from the input to the output."""
    layers = [layer for layer in model.layers if isinstance(layer, Conv2D) and layer.kernel_size == (3, 3)]
    with tf.GradientTape() as tape:
        scores = model(images, training=True)
        losses = keras.losses.sparse_categorical_crossentropy(labels, scores, from_logits=True)
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, [layer.kernel.value for layer in layers])
    return np.array([np.linalg.norm(gradient) for gradient in gradients])


# %% tags=["demonstration"]
random = np.random.default_rng(0)
images, labels = random.standard_normal((32, 16, 16, 3), dtype=np.float32), random.integers(10, size=32)
plt.figure(figsize=(8, 4), facecolor="white")
for name, residual, colour, line in [("plain", False, "#D55E00", "o-"), ("residual", True, "#0072B2", "s-")]:
    norms = gradient_norms(small_network(residual), images, labels)
    plt.semilogy(range(1, len(norms) + 1), norms, line, color=colour, markersize=4, label=name)
    print(f"{name}: gradient of the first layer over gradient of the last layer = {norms[0] / norms[-1]:,.1f}")
plt.xlabel("3×3 convolution, counted from the input")
plt.ylabel("norm of the gradient (log scale)")
plt.title("56 layers with batch normalisation, before any training", loc="left")
plt.legend()
plt.grid(alpha=0.4)

# %% [markdown]
# In the plain network the gradient does not vanish towards the input, which is on the left: it *grows*, by far more than in the residual network, whose gradients stay much closer to one another.
#
# Read this with care. It is one draw of the weights, one batch of noise, and the moment before training starts; in the course of training the picture changes. It shows that "the gradients vanish" is not what is wrong with this plain network. It does not show what causes degradation, and the paper leaves that open too (section 4.1).

# %% [markdown]
# ## 2. The idea: learn the difference
#
# Say that a few layers should compute some function $H(x)$. A plain network has them compute it directly. A residual network has them compute only the difference to their input, the *residual* $F(x) = H(x) - x$, and then adds the input back:
#
# $$y = F(x) + x \qquad\text{(equation 1 of the paper)}$$
#
# The way through the layers is the *main path*, the way around them the *shortcut* or *skip connection*. After the sum comes a ReLU.

# %% tags=["demonstration"]
draw_block(["some layers with weights: F(X)"], title="A residual block")

# %% [markdown]
# What is gained? To pass its input on unchanged, a plain stack must learn kernels that amount to the identity. A residual block only has to make $F(x)$ zero, and that is near at hand: in the blocks of this notebook the main path ends with a batch normalisation, whose output is $\gamma\,\hat{x} + \beta$. With $\gamma = 0$ and $\beta = 0$ the main path is silent and the block returns $\mathrm{relu}(x)$. As $x$ usually comes out of a ReLU itself, that is $x$.
#
# You will read now and then that an identity block "does not convolve its input and returns it unchanged". That is a mix-up: only the *shortcut* is the identity. The main path has three convolutions, and the block returns its input only in the special case above.

# %% [markdown]
# ## 3. The sum needs equal shapes
#
# The two ways meet in an addition, element by element: the number at row 3, column 5, channel 2 of one is added to the number at row 3, column 5, channel 2 of the other. That is not concatenation, which would put the channels side by side. So the main path and the shortcut must agree in height, width and channels. See what Keras does with a few pairs:

# %%
shapes = [
    ((8, 8, 6), (8, 8, 6)),
    ((8, 8, 6), (8, 8, 4)),
    ((8, 8, 6), (4, 4, 6)),
    ((8, 8, 6), (8, 8, 1)),
]
for first, second in shapes:
    try:
        result = Add()([keras.Input(first), keras.Input(second)]).shape[1:]
    except ValueError as error:
        result = f"ValueError: {error}"
    print(f"{first} + {second} -> {result}")

# %% [markdown]
# The last line is a trap. One of the two has a single channel, and instead of an error Keras *broadcasts*: it adds that channel to each of the six. A block that meets a grey image with one channel could go wrong this way without a word. The given lines at the top of `identity_block` guard against it: they compare the channels and raise a `ValueError` that says what is the matter.

# %% [markdown]
# ## 4. Why convolutions with a 1×1 window
#
# A 1×1 convolution does not look at neighbouring pixels. At each pixel it mixes the channels, and it can change how many there are. ResNet-50 uses this to save work (section 4.1 of the paper, "Deeper Bottleneck Architectures", and figure 5): a first 1×1 convolution brings the channels down from 256 to 64, the 3×3 convolution works on these few, and a second 1×1 convolution brings them back up to 256. Such a main path is narrow in the middle, hence *bottleneck*.
#
# How much does that save? Here are the weights and the multiplications with additions of three main paths on a map of 56×56 pixels, the size in the first blocks of ResNet-50 (conv2_x in table 1 of the paper). Biases and batch normalisation are left out.

# %%
side = 56  # pixels
main_paths = {  # name: (window, channels in, filters) of each convolution; stride 1
    "3×3, 3×3 at 64 channels": [(3, 64, 64), (3, 64, 64)],
    "3×3, 3×3 at 256 channels": [(3, 256, 256), (3, 256, 256)],
    "1×1, 3×3, 1×1 at 256, 64, 64, 256": [(1, 256, 64), (3, 64, 64), (1, 64, 256)],
}


def count_weights(path: Sequence[tuple[int, int, int]]) -> int:
    """Count the weights of a main path's kernels; each is used once per pixel, for one multiply-add."""
    return sum(window**2 * channels * filters for window, channels, filters in path)


weights = {name: count_weights(path) for name, path in main_paths.items()}
print(f"{'main path':36}{'weights':>12}{'multiply-adds':>18}")
for name, number in weights.items():
    print(f"{name:36}{number:12,}{number * side**2:18,}")
wide, bottleneck = list(weights.values())[1:]
print(f"\nAt 256 channels the bottleneck does with 1/{wide / bottleneck:.0f} of the weights and of the work.")

# %% [markdown]
# Compare the first line with the last: for about the price of a plain pair of convolutions at 64 channels you get a path that takes and returns 256. This is the comparison that figure 5 of the paper draws.

# %% [markdown]
# ## 5. The identity block
#
# **Goal.** Write the block whose shortcut is the identity: $y = \mathrm{relu}(F(x) + x)$.
#
# **When it is used.** Wherever the input already has the shape of the output, which is in all blocks of a stage but the first. ResNet-50 has twelve of them.

# %% tags=["demonstration"]
identity_path = [
    "Conv2D 1×1, F1 filters",
    "BatchNormalization",
    "ReLU",
    "Conv2D f×f, F2 filters",
    "BatchNormalization",
    "ReLU",
    "Conv2D 1×1, F3 filters",
    "BatchNormalization",
]
draw_block(identity_path, title="Identity block")

# %% [markdown]
# The main path has three *components*. The first and the second are convolution, batch normalisation, ReLU; the third ends with its batch normalisation and has no ReLU, so that negative values reach the sum as well. The first component is given. All convolutions have stride 1, and the middle one keeps height and width.
#
# The docstring below holds the rest: the formula, the names of the layers and the initializer. Names matter, because weights are later copied from one network to another by name. The seed 0 in each initializer makes your numbers comparable with ours; question 1 at the end asks what else it does.
#
# **Difficulty: ●○○ · about 15 minutes**
#
# <details>
# <summary>Hint</summary>
#
# The first component shows the form of a line. From there:
#
# 1. Second component: `Conv2D` with `F2` filters, window `(f, f)`, `padding="same"`, name `conv_name + "2b"`, and the same `kernel_initializer` as in the first component, called on `X`. Then `BatchNormalization(axis=3, ...)` with the name `bn_name + "2b"`, then `Activation("relu")`, each called on `X`.
# 2. Third component: `Conv2D` with `F3` filters, window `(1, 1)`, `padding="valid"`, name ending in `"2c"`, the same initializer. Then `BatchNormalization`. No activation.
# 3. Call `Add()` on the list of the two tensors to be summed: the main path and `X_shortcut`.
# 4. Call `Activation("relu")` on the sum.
#
# Store each result in `X`: the line after your gap returns it.
#
# </details>

# %% tags=["solution"]
from solutions.blocks import identity_block

# %% [markdown]
# This is the block that your function builds, with the name of each layer and the shape of its output (height × width × channels), for an input of 8×8 pixels with 6 channels. Where it is not the expected one, both are drawn, and what differs is numbered and said in words.

# %% tags=["demonstration"]
draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6], 2, "a")

# %% [markdown]
# ## 6. The convolutional block
#
# **Goal.** Write the block whose shortcut is a *projection*: $y = \mathrm{relu}(F(x) + P(x))$, where $P$ is a 1×1 convolution with its batch normalisation.
#
# **When it is used.** Where the shape changes, which is in the first block of each stage: other channels, and, in all of the four stages but the first, half the height and width. There $F(x) + x$ cannot be computed, as you saw in section 3. The paper's section 3.3 lists two remedies: pad the input with channels of zeros (option A), or project it with a 1×1 convolution (option B, equation 2 of the paper). ResNet-50 takes option B. It has four convolutional blocks.

# %% tags=["demonstration"]
main_path = ["Conv2D 1×1, F1 filters, stride s", *identity_path[1:]]
projection = ["Conv2D 1×1, F3 filters, stride s", "BatchNormalization"]
draw_block(main_path, projection, title="Convolutional block")

# %% [markdown]
# Three things to watch:
#
# * **Where the stride sits.** `s` stands in two places: in the first 1×1 convolution of the main path, which is given, and in the projection. Both ways then shrink alike. Other implementations put the main path's stride into the 3×3 convolution; that variant is known as "ResNet v1.5" and is a good one. It is another network, though: here we follow the model that the authors themselves published.
# * **What the projection reads.** The projection is the *shortcut's* layer: it reads the block's input, not what the main path has made of it. Mixing the two up is a common mistake; it can give the right shapes and no error, and then the input never reaches the sum.
# * **No ReLU on the shortcut.** The projection has a batch normalisation, as every convolution of this network has (section 3.4 of the paper), but no ReLU of its own, although one often sees it drawn or described that way. The only ReLU that the shortcut passes is the one after the sum.
#
# **Difficulty: ●●○ · about 20 minutes**
#
# <details>
# <summary>Hint</summary>
#
# 1. Second and third component: as in the identity block.
# 2. Shortcut: `Conv2D` with `F3` filters, window `(1, 1)`, `strides=(s, s)`, name `conv_name + "1"` and the same `kernel_initializer` as everywhere. Call it on `X_shortcut` and store the result in `X_shortcut`.
# 3. `BatchNormalization(axis=3, ...)` with the name `bn_name + "1"`, called on `X_shortcut` and stored in it again. No activation.
# 4. `Add()` and `Activation("relu")`, as in the identity block.
#
# </details>

# %% tags=["solution"]
from solutions.blocks import convolutional_block

# %% [markdown]
# Again your own block, for an input of 8×8 pixels with 6 channels and the stride 2; where it is not the expected one, both are drawn. The two ways must arrive at the sum with the same shape, and the projection must start at X.

# %% tags=["demonstration"]
draw_model(convolutional_block, (8, 8, 6), 3, [2, 4, 5], 2, "a", 2)

# %% [markdown]
# ## 7. What comes next, and three questions
#
# You have both kinds of block. In the assignment on ResNet-50 you put a short stem in front, stack four convolutional and twelve identity blocks in four stages, set a classifier behind them, and train the network on pictures.
#
# The questions below carry no points. Write a few sentences if you like; the first two can also be tried out with what you have built.

# %% [markdown]
# **Question 1.** Every convolution here starts from `glorot_uniform(seed=0)`. What does that do to two layers whose kernels have the same shape, within one block and across a stack of identity blocks? Why is it useful for the checks in this notebook, and why would you not want it when you train a network?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** The last ReLU stands after the sum. Suppose it stood at the end of the main path, before the sum: which values could $F(x)$ then take, and what would happen to the sum over a stack of many such blocks? (The same authors come back to the question in [Identity Mappings in Deep Residual Networks](https://arxiv.org/abs/1603.05027), 2016, figure 4.)

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** A grey image has one channel. What would an identity block with `F3 = 6` do with it if the guard at the top of the function were not there, and is the result still $F(x) + x$ in any useful sense? Which of the two blocks takes the image as it is, and how?

# %% [markdown]
# *Your answer to question 3:*
