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
# # Assignment 02: Skip connections
#
# A *skip connection*, or *shortcut*, leads a tensor around some layers and adds it to what they make. That is all, and it made networks of more than a hundred layers trainable. In this notebook you build one around a single convolution, then a block of two convolutions whose shortcut changes its shape when it has to, and at last you find out what is wrong with a published model, and mend it.
#
# **How it works.** A *gap* is a place between two marker lines in a function: write your code there and leave the rest of the cell as it is. Below each gap stand its *checks*; run them as often as you like, and read what a failed one tells you. Each check says how many points it is worth; when your notebook is graded, the same properties are judged again on inputs of other sizes and values.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 | write `skip_add` | ●○○ | about 10 minutes |
# | 2 and 3 | test four sentences that are often said | ●○○ | about 15 minutes |
# | 4 | write `res_block` | ●●○ | about 20 minutes |
# | 5 | find the fault of a published model | ●●○ | about 10 minutes |
# | 6 | write `three_input_model` | ●●● | about 25 minutes |
# | 7 | think about four open questions (no points) | ●●○ | as long as you like |
#
# You should know what a convolution, its stride and its padding do. The paper behind it: K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015; we refer to its sections.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import Input, KerasTensor, Model
from keras.layers import Activation, Add, BatchNormalization, Concatenate, Conv2D
from matplotlib.cbook import get_sample_data

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import SUM, Node, draw, draw_block, draw_model

# %% [markdown]
# ## 1. One skip connection
#
# **Goal.** Write $z = \mathrm{relu}(x + \mathrm{conv}(x))$ for pictures such as one of 256×256 pixels with 3 channels.
#
# **Why.** This is equation 1 of the paper with the smallest main path there is: one convolution. The way through it is the *main path*, the way around it the *shortcut*. The convolution no longer has to compute $z$; it computes only what has to be *added* to $x$.

# %% tags=["demonstration"]
draw_block(["Conv2D 3×3"], title="One skip connection")

# %% [markdown]
# The circle is an addition, element by element. Two other ways to join tensors are often mistaken for it: *concatenation*, which puts the channels side by side, and *broadcasting*, which Keras does without a word when one of the two has a single channel. Look at the shapes, and say for each line whether a second skip connection could follow it:

# %%
x_shape = (256, 256, 3)
for name, join in [("Add", Add), ("Concatenate", Concatenate)]:
    for filters in (3, 1, 4):
        try:
            shape = join()([Input(x_shape), Input((256, 256, filters))]).shape[1:]
        except ValueError as error:
            shape = f"ValueError: {error}"
        print(f"{name:12} x: {x_shape}, convolution with {filters} filters -> {shape}")

# %% [markdown]
# An addition needs a partner for each number, so the number of filters is not free: it follows the channels of $x$. With a single filter Keras adds the same map to all three channels; the shape is right, and it is not what you meant. Concatenation always works, and makes the tensor wider each time: that is another kind of network ([DenseNet](https://arxiv.org/abs/1608.06993)).
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# 1. `X.shape` is (batch, height, width, channels). Give a `Conv2D` as many filters as there are channels, the window `(3, 3)` and `padding="same"`, and call it on `X`. Keep `X`: you need it again.
# 2. Call `Add()` on the list of `X` and the convolution's result.
# 3. Call `Activation("relu")` on the sum, and store it in `result`.
#
# </details>

# %% tags=["solution"]
from solutions.skip_connections import skip_add

# %% [markdown]
# This is what your function builds, for the picture of 256×256 pixels:

# %% tags=["demonstration"]
draw_model(skip_add, (256, 256, 3))

# %% [markdown]
# ## 2. What it does to a picture
#
# Now your skip connection gets a real picture: the photograph of Grace Hopper that comes with Matplotlib (US Navy, public domain). Its convolution gets no random numbers but a window that answers to edges: eight times the pixel minus its eight neighbours, scaled down. The first and the last panel show pictures, the middle one shows what the main path adds to each pixel (channel 0; grey is nothing, lighter is more, darker is less).


# %% tags=["demonstration"]
def build_skip(side: int, window: np.ndarray) -> keras.Model:
    """Build your skip connection for pictures of three channels, each convolved by itself with one 3x3 window."""
    image = Input((side, side, 3))
    model = Model(image, skip_add(image))
    kernel = np.zeros((3, 3, 3, 3), np.float32)  # row, column, channel in, channel out
    for channel in range(3):
        kernel[:, :, channel, channel] = window
    model.set_weights([kernel, np.zeros(3, np.float32)])
    return model


edges = np.full((3, 3), -1.0, np.float32) / 8
edges[1, 1] = 1
with get_sample_data("grace_hopper.jpg") as file:
    photograph = plt.imread(file, format="jpg")[:512:2, :512:2] / np.float32(255)  # every second pixel

with using_gaps():
    skip = build_skip(256, edges)
    z = np.asarray(skip(photograph[None]))[0]
    added = np.asarray(tf.nn.conv2d(photograph[None, :, :, :1], edges[:, :, None, None], 1, "SAME"))[0, :, :, 0]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.7), facecolor="white")
    left.imshow(photograph)
    left.set_title("x", loc="left")
    middle.imshow(added, cmap="gray", vmin=-0.3, vmax=0.3)
    middle.set_title("conv(x), channel 0", loc="left")
    right.imshow(np.clip(z, 0, 1))
    right.set_title("z = relu(x + conv(x))", loc="left")
    for axes in (left, middle, right):
        axes.set(xlabel="column (pixels)", xticks=[0, 128, 255], yticks=[0, 128, 255])
    left.set_ylabel("row (pixels)")
    figure.tight_layout()

# %% [markdown]
# The convolution knows nothing of the picture but its edges. With the shortcut it does not have to: the picture comes through by itself, and the edges are drawn sharper. Without the shortcut, a convolution that is to keep the picture must learn a window that does.
#
# Three sentences are often heard about skip connections. Say first which of them you believe, then run the cell, which tests them on your function with the window above, made weaker step by step.
#
# 1. *A skip connection skips the layers: their computation is saved.*
# 2. *A residual block returns its input unchanged.*
# 3. *The shortcut puts the input beside the convolution's result.*

# %% tags=["demonstration"]
noise = np.random.default_rng(0).standard_normal((1, 32, 32, 3), dtype=np.float32)
with using_gaps():
    skip = build_skip(32, edges)
    weights = sum(int(np.prod(weight.shape)) for weight in skip.get_weights())
    print(f"channels of x: {noise.shape[-1]}, of z: {skip.output_shape[-1]}; weights: {weights}")
    print(f"{'window':>10}{'largest |z - x|':>20}{'largest |z - relu(x)|':>26}")
    for strength in (1.0, 0.1, 0.01, 0.0):
        z = np.asarray(build_skip(32, strength * edges)(noise))
        unlike_x, unlike_relu = np.abs(z - noise).max(), np.abs(z - np.maximum(noise, 0)).max()
        print(f"{'times ' + format(strength, 'g'):>10}{unlike_x:20.4f}{unlike_relu:26.4f}")

# %% [markdown]
# 1. *Skips the layers*: no. The convolution has all its weights, and a change of its window changes the result: it is computed each time. What is skipped is nothing; there is a second way *beside* the layers.
# 2. *Returns its input unchanged*: no. Only the *shortcut* is the identity. With a silent main path (the last line) the result is $\mathrm{relu}(x)$ exactly, and that is $x$ only where $x$ is not negative. What is true: it is easy to come near to the identity, by making a window small.
# 3. *Beside*: no. The channels stay as many as they were. That would be concatenation.

# %% [markdown]
# ## 3. What becomes of the gradient
#
# The fourth sentence is the most frequent one: *skip connections cure vanishing gradients*. Test it. Take networks of nothing but convolutions (8 channels, 16×16 pixels) and ReLUs, with and without a skip connection around each convolution, and look at the gradient with respect to the *input*: a signal of random numbers is sent back from the output, and its norm (L2) is compared before and after. 1 means that it comes back as strong as it was sent. Each network is drawn anew from several seeds, so that you can see what is chance and what is not, and in three settings:
#
# * *Glorot start*: variance of the kernels 2 / (fan in + fan out), what Keras takes by itself.
# * *He start*: variance 2 / fan in, made for ReLUs ([He et al. 2015](https://arxiv.org/abs/1502.01852), section 2.2).
# * *He start and batch normalisation* in training mode, after each convolution, as in the paper on residual networks.


# %% tags=["demonstration"]
DEPTHS, SEEDS, CHANNELS = (1, 2, 4, 8, 16, 32, 64), range(5), 8


def signal_at_the_input(skip: bool, normalise: bool, variance: float, seed: int) -> list[float]:
    """Return |gradient at the input| / |gradient sent back from the output| for each depth, of one drawn network."""
    random = np.random.default_rng(seed)

    def draw(*shape: int) -> tf.Tensor:
        return tf.constant(random.standard_normal(shape, dtype=np.float32))

    x = draw(4, 16, 16, CHANNELS)
    z, made = x, []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        for _ in range(DEPTHS[-1]):
            main = tf.nn.conv2d(z, variance**0.5 * draw(3, 3, CHANNELS, CHANNELS), 1, "SAME")
            if normalise:
                mean, var = tf.nn.moments(main, [0, 1, 2])
                main = (main - mean) * tf.math.rsqrt(var + 1e-3)
            z = tf.nn.relu(z + main if skip else main)
            made.append(z)
    signals = []
    for depth in DEPTHS:
        sent = draw(4, 16, 16, CHANNELS)
        received = tape.gradient(made[depth - 1], x, output_gradients=sent)
        signals.append(float(tf.norm(received) / tf.norm(sent)))
    return signals


# %% tags=["demonstration"]
fan = 9 * CHANNELS  # in and out are the same here
settings = {
    "Glorot start": (False, 2 / (fan + fan)),
    "He start": (False, 2 / fan),
    "He start, batch normalisation": (True, 2 / fan),
}
figure, panels = plt.subplots(1, 3, figsize=(11, 3.8), sharey=True, facecolor="white")
print(f"{'setting':32}{'network':20}{'depth ' + str(DEPTHS[-1]) + ', median (range over seeds)':>40}{'per layer':>12}")
for axes, (setting, (normalise, variance)) in zip(panels, settings.items(), strict=True):
    for name, skip, colour, line in [("plain", False, "#D55E00", "o-"), ("skip", True, "#0072B2", "s-")]:
        drawn = np.array([signal_at_the_input(skip, normalise, variance, seed) for seed in SEEDS])
        middle, lowest, highest = np.median(drawn, axis=0), drawn.min(axis=0), drawn.max(axis=0)
        axes.fill_between(DEPTHS, lowest, highest, color=colour, alpha=0.25, linewidth=0)
        axes.loglog(DEPTHS, middle, line, color=colour, markersize=5, label=name)
        per_layer = (middle[-1] / middle[0]) ** (1 / (DEPTHS[-1] - DEPTHS[0]))
        spread = f"{middle[-1]:.2g} ({lowest[-1]:.2g} to {highest[-1]:.2g})"
        print(f"{setting:32}{name:20}{spread:>40}{per_layer:11.2f}×")
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_title(setting, loc="left", fontsize=10)
    axes.set_xlabel("depth (convolutions, log scale)")
    axes.set_xticks(DEPTHS, [str(depth) for depth in DEPTHS])
    axes.minorticks_off()
    axes.grid(alpha=0.4)
panels[0].set_ylabel("gradient at the input / sent back (log scale)")
panels[0].legend(title=f"median of {len(SEEDS)} seeds, range")
figure.tight_layout()

# %% [markdown]
# Read the three panels one by one.
#
# * **Glorot start.** Here the sentence looks right: the plain network's signal vanishes with depth, the other one's does not. But it does not stay where it was either: it *grows*, layer by layer.
# * **He start.** The plain network loses far less now, as the last column of the table tells. What let its gradient vanish was mostly the scale of the kernels, and another scale mends most of it without any shortcut. With skip connections the signal grows faster still.
# * **Batch normalisation.** Now it is the *plain* network whose gradient grows without end; with skip connections it grows far less. There is no vanishing to be cured of: section 4.1 of the paper says of its own plain networks that their gradients have healthy norms.
#
# So what a skip connection does to the gradient is this: $z = x + F(x)$ has the derivative $1 + F'(x)$, and the 1 carries the signal back whatever the layers do. That keeps it from vanishing; it does not keep it from growing. And all of this is about networks *before training*, made of noise: it does not show why residual networks train better, only that "they cure vanishing gradients" is not the whole story. Assignment 03 looks at the gradients of a network as deep as those of the paper.

# %% [markdown]
# ## 4. A block that changes the shape when it has to
#
# **Goal.** Write the residual block of two convolutions, $y = \mathrm{relu}(F(x) + S(x))$: the block of ResNet-18 and ResNet-34 (figure 5 of the paper, left).
#
# **Why.** One convolution on the main path gives little to learn, and networks have to change the shape on their way: fewer pixels, more channels. The tutorial from which this block comes has the identity as its only shortcut. It stops with an error as soon as the stride or the number of filters changes, and, what is worse, there are shapes at which it does *not* stop:

# %%
print("shape of the inputs, main path -> sum with the inputs as they are")
for inputs_shape, main_shape in [
    ((8, 8, 6), (8, 8, 6)),
    ((8, 8, 6), (4, 4, 6)),
    ((8, 8, 6), (8, 8, 4)),
    ((8, 8, 1), (8, 8, 6)),
    ((2, 2, 6), (1, 1, 6)),
]:
    try:
        summed = Add()([Input(main_shape), Input(inputs_shape)]).shape[1:]
    except ValueError as error:
        summed = f"ValueError: {error}"
    print(f"{inputs_shape}, {main_shape} -> {summed}")

# %% [markdown]
# The last two lines are the trap. A grey picture has a single channel, which Keras adds to each of the six; and a map of one pixel is added to all four. Both are broadcasting, and neither is a residual block.
#
# So the block decides by itself. Where the main path keeps the shape, the shortcut is the input, unchanged. Where the stride *or* the number of channels changes it, the shortcut is a *projection*: a 1×1 convolution with the same stride and the block's number of filters, and its batch normalisation (section 3.3 of the paper, option B). It has no ReLU of its own. The decision should need only what is known when the network is built: height and width may be `None`.

# %% tags=["demonstration"]
rest = ["BatchNormalization", "ReLU", "Conv2D k×k", "BatchNormalization"]
draw_block(["Conv2D k×k", *rest], title="The shape stays: identity")
draw_block(
    ["Conv2D k×k, stride s", *rest],
    ["Conv2D 1×1, stride s", "BatchNormalization"],
    title="The shape changes: projection",
)

# %% [markdown]
# **Difficulty: ●●○ · about 20 minutes**
#
# <details>
# <summary>Hint 1: the main path</summary>
#
# `Conv2D` with `filters`, `kernel_size`, `strides=strides` and `padding=padding`, called on `inputs`; `BatchNormalization()`; `Activation("relu")`; a second `Conv2D` without stride; `BatchNormalization()`. Store each result in `X`.
#
# </details>
# <details>
# <summary>Hint 2: the decision</summary>
#
# Two things can change the shape: `strides`, if it is not 1, and `filters`, if it differs from the last number of `inputs.shape`. One of them is enough. In an `if` make the projection from `inputs`, not from `X`, and store it in `shortcut`.
#
# </details>
# <details>
# <summary>Hint 3: the end</summary>
#
# `Add()` on the list of `X` and `shortcut`, then `Activation("relu")`.
#
# </details>

# %% tags=["solution"]
from solutions.skip_connections import res_block

# %% [markdown]
# Two of your own blocks: the first keeps the shape of its input, the second has a stride of 2 and other filters. There should be a projection in the second one only, and it should start at X.

# %% tags=["demonstration"]
draw_model(res_block, (8, 8, 6), 6)

# %% tags=["demonstration"]
draw_model(res_block, (8, 8, 6), 4, 3, 2)

# %% [markdown]
# ## 5. Three inputs, three outputs: find the fault
#
# Here is a model from the same tutorial, written with your `res_block`: three pictures go in, three maps come out. Each of its steps is sound. It can be built, compiled and trained, and Keras says nothing. It was published so.
#
# Read it, and write down what you think: **by how much does each output change when only input 1 is another picture? Only input 2? Only input 3?** Then go on to the next cell.


# %% tags=["demonstration"]
def published_model(input_shape: tuple[int, int, int], width: int) -> keras.Model:
    """Build the model as it was published; there the width is 64."""

    def conv_bn_relu(net: KerasTensor, count: int, window: int = 3) -> KerasTensor:
        net = Conv2D(count, window, strides=2, padding="same")(net)
        return Activation("relu")(BatchNormalization()(net))

    first, second, third = Input(input_shape), Input(input_shape), Input(input_shape)
    net = conv_bn_relu(first, width, 7)
    net = res_block(res_block(net, width), width)
    for factor in (2, 4, 8):
        net = conv_bn_relu(net, factor * width)
        net = res_block(res_block(net, factor * width), factor * width)
    ends = []
    for _ in "abc":
        end = net
        for factor in (16, 32):
            end = conv_bn_relu(end, factor * width)
            end = res_block(res_block(end, factor * width), factor * width)
        ends.append(end)
    return Model([first, second, third], ends)


with using_gaps():
    keras.utils.set_random_seed(0)
    small = published_model((128, 128, 3), width=4)
    print(f"built without a word: {len(small.inputs)} inputs, {len(small.outputs)} outputs")
    print(f"shape of each output: {[tuple(output.shape) for output in small.outputs]}")
    print(f"weights: {small.count_params():,}")

# %% [markdown]
# Now measure. `change_each_input` gives the model three pictures of noise, then changes one of them at a time, and returns how much each output changed (the norm of the difference over the norm of the output).


# %% tags=["demonstration"]
def change_each_input(model: keras.Model, seed: int = 0) -> np.ndarray:
    """Return how much each output (column) changes when one input (row) is other noise; 0 is not at all."""
    random = np.random.default_rng(seed)

    def noise() -> list[np.ndarray]:
        return [random.standard_normal((1, *shape[1:]), dtype=np.float32) for shape in model.input_shape]

    pictures, others = noise(), noise()
    before = [np.asarray(output) for output in model(pictures, training=False)]
    rows = []
    for number in range(len(pictures)):
        changed = [*pictures[:number], others[number], *pictures[number + 1 :]]
        after = [np.asarray(output) for output in model(changed, training=False)]
        rows.append([np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in zip(after, before, strict=True)])
    return np.array(rows)


def show_changes(model: keras.Model) -> None:
    """Print the table of `change_each_input`."""
    print(f"{'changed':10}" + "".join(f"{f'output {number}':>12}" for number in (1, 2, 3)))
    for number, row in enumerate(change_each_input(model), 1):
        print(f"{f'input {number}':10}" + "".join(f"{change:12.4f}" for change in row))


with using_gaps():
    keras.utils.set_random_seed(0)
    show_changes(published_model((128, 128, 3), width=4))

# %% [markdown]
# Two lines of zeros: inputs 2 and 3 lead nowhere. Look at the code again: `second` and `third` are never read. Keras asks only that the outputs can be computed from the inputs, and they can, from fewer. In training the loss would fall, since one picture tells something, and nobody would see that two thirds of the data are never looked at. A change of shape stops with an error; a missing connection does not. What finds it is a test like this one, in a line or two.
#
# The model has another property that a look at its size shows. These are its weights at several widths; they are counted without being drawn, since the published width is 64:

# %% tags=["demonstration"]
with using_gaps():
    for width in (1, 4, 16, 64):
        with keras.StatelessScope(initialize_variables=False):
            model = published_model((224, 224, 3), width)
        count = sum(int(np.prod(variable.shape)) for variable in model.variables)
        print(f"width {width:2}: {count:12,} weights, {4 * count / 2**20:10,.1f} MiB; outputs {model.output_shape[0]}")

# %% [markdown]
# ## 6. Mend it
#
# **Goal.** Write the same model so that each input reaches each output, in the spirit of this notebook: by an addition. Each input gets a *stem* of its own, a halving convolution with a window of 7×7. The three maps have one shape, and their sum goes on as the *trunk*. From there on all is as in the published model: three stages, and three *heads*, each on the trunk.

# %% tags=["demonstration"]
stems = [Node("halve 7×7", (number,)) for number in range(3)]
heads = [Node("head: 2 stages", (7,)) for _ in range(3)]
# The first one stands at the right.
parts = [*[Node(f"input {number}") for number in (3, 2, 1)], *stems, Node(SUM, (3, 4, 5)), Node("trunk", (6,)), *heads]
draw(parts, "What you build")

# %% [markdown]
# **Why stems of their own?** If the three pictures were added at once, or went through the same stem, each of them would reach the outputs as well. But then the model could not tell which picture came in where; question 3 at the end asks you to try it.
#
# A function `halve` is given inside; the blocks come from your `res_block`, called by that name. (For the checks the blocks are replaced by simple stand-ins, so a mistake in `res_block` costs nothing here.)
#
# **Difficulty: ●●● · about 25 minutes**
#
# <details>
# <summary>Hint 1: stems and sum</summary>
#
# `halve(image, width, 7)` for each `image` of `inputs`, gathered in a list; `Add()` takes the whole list.
#
# </details>
# <details>
# <summary>Hint 2: the trunk</summary>
#
# Two blocks with `width` filters. Then, for the filters `2 * width`, `4 * width` and `8 * width` in turn: halve, block, block. Use one name for the tensor that goes on.
#
# </details>
# <details>
# <summary>Hint 3: the heads</summary>
#
# Three times: start from the trunk under another name, so that the trunk stays what it is; for `16 * width` and `32 * width` in turn: halve, block, block; append the end to `outputs`.
#
# </details>

# %% tags=["solution"]
from solutions.skip_connections import three_input_model

# %% [markdown]
# The test that found the fault, now on your model, and its price in weights beside the published one:

# %% tags=["demonstration"]
with using_gaps():
    keras.utils.set_random_seed(0)
    mended = three_input_model((128, 128, 3), width=4)
    show_changes(mended)
    published = published_model((128, 128, 3), width=4)
    more = mended.count_params() - published.count_params()
    print(f"weights: {mended.count_params():,}, of which {more:,} ({more / published.count_params():.2%}) are new")

# %% [markdown]
# ## 7. What comes next, and four questions
#
# You can add, decide when to project, and test that a connection is there. In assignment 03 the main path gets a bottleneck, and you build both blocks of ResNet-50.
#
# The questions below carry no points. Write a few sentences if you like; all of them can be tried out with what you have built.

# %% [markdown]
# **Question 1.** Suppose that each of ten skip connections in a row *concatenated* instead of adding, on an input with 3 channels, each convolution with as many filters as its input has channels. How many channels come out, and what does the last convolution cost beside the first? What would you do about it?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** In section 3 the signal of the networks with skip connections grows. Change `signal_at_the_input` so that `main` is multiplied by 0.1 before it is added. What happens in the first two panels, and why? (Section 2 of this notebook says what a small main path makes of the whole.)

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** Build the mended model with *one* stem for all three inputs (make the layers once, call them three times), or with the inputs added before the stem. Each input still reaches each output. What happens to the outputs when inputs 1 and 2 are swapped, in that model and in yours? When would you want the one, and when the other?

# %% [markdown]
# *Your answer to question 3:*

# %% [markdown]
# **Question 4.** With `tf.GradientTape`, what is the gradient of an output of the published model with respect to its second input? How would you write a test that fails for any model in which some input reaches no output, however it was built?

# %% [markdown]
# *Your answer to question 4:*
