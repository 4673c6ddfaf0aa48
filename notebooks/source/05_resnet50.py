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
# # Assignment 05: ResNet-50
#
# You have the two blocks. In this notebook you stack sixteen of them to ResNet-50, put a stem in front and a classifier behind, train the network on real pictures, and ask it about single ones. On the way you meet a trap that makes a well-trained network look like one that has learned nothing.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1, 2 | read, take your own blocks over | ●○○ | about 10 minutes |
# | 3 | write `ResNet50` | ●●○ | about 40 minutes |
# | 4 | count | ●○○ | about 10 minutes |
# | 5 | look at the pictures, write `one_hot` | ●○○ | about 10 minutes |
# | 6, 7 | train, and find out what the test accuracy measures | ●●○ | about 20 minutes |
# | 8 | write `predict_class` | ●○○ | about 10 minutes |
# | 9 | look inside, try your own picture, train longer | ●○○ | as long as you like |
# | 10 | think about three open questions (no points) | ●●● | as long as you like |
#
# Sections, tables and figures are those of K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import Input, Model
from keras.initializers import glorot_uniform
from keras.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    ZeroPadding2D,
)

from autograder.checks.demonstration import using_gaps
from autograder.checks.figures import Node, draw
from autograder.data import load_pictures, photograph, read_picture
from autograder.data.own import squared
from autograder.lesson import showing
from autograder.lesson.layers import compare_layers
from autograder.lesson.narrow import narrowed
from autograder.lesson.own_blocks import take_over
from autograder.lesson.training import Pictures, accuracy, redraw, renew_statistics, train

# %% [markdown]
# ## 1. From the picture to the answer
#
# ResNet-50 is a chain. The **stem** looks at the picture with large windows and makes the map small early, because everything behind it is paid for per pixel. Four **stages** of residual blocks follow, numbered 2 to 5 as in the paper's table 1, where the stem is stage 1. From one stage to the next the map's sides are halved and the filters doubled, so that each stage costs about as much as the one before it (section 3.3). The **head** averages what is left of the map and gives each class a probability.
#
# The paper's pictures are 224×224, ours 64×64. The layers are the same ones; only the maps are smaller.

# %% tags=["demonstration"]
parts = [
    ("X", "64 × 64 × 3"),
    ("Conv2D 7×7, stride 2", "32 × 32 × 64\nwith padding, BN, ReLU"),
    ("MaxPool 3×3, stride 2", "15 × 15 × 64"),
    ("Stage 2: 3 blocks", "15 × 15 × 256"),
    ("Stage 3: 4 blocks", "8 × 8 × 512"),
    ("Stage 4: 6 blocks", "4 × 4 × 1024"),
    ("Stage 5: 3 blocks", "2 × 2 × 2048"),
    ("AveragePool 2×2, Flatten", "2048"),
    ("Dense, softmax", "6 probabilities"),
]
draw([Node(label, (number - 1,) if number else (), note) for number, (label, note) in enumerate(parts)], "ResNet-50")

# %% [markdown]
# ## 2. Your own blocks
#
# The network is built from the two functions that you wrote in assignment 03. The next cell takes them over from your own notebook and tells you how they do in its checks. If something is missing, it says what.
#
# Your blocks cost no points here: while `ResNet50` is judged, both are replaced by stand-ins that note how they are called and return a map of the right shape. But if a block is wrong, the network that you train below is wrong too. Should your course have unlocked its own blocks, or if you study by yourself in a copy of the whole course, `reference=True` in place of `path=None` takes those.

# %% tags=["demonstration"]
identity_block, convolutional_block = take_over(
    "identity_block", "convolutional_block", assignment="03_residual_blocks", path=None
)

# %% [markdown]
# ## 3. The network
#
# **Goal.** Write the function that puts stem, stages and head together and returns a model.
#
# **What to watch.**
#
# * **Sizes.** The stem pads by 3 pixels on each side, so that the 7×7 window can look at the corners. A window of $k$ pixels with stride $s$ and no padding turns a side of $n$ pixels into $\lfloor (n-k)/s \rfloor + 1$. The next cell works that out for the whole network.
# * **Which block when.** A stage begins with a convolutional block, since only that one can change the shape. All others are identity blocks.
# * **The stride of stage 2.** The pooling has just halved the map, so stage 2 does not do it again: its convolutional block has `s=1`. The default of your block is 2.
# * **Names.** The blocks name their layers after stage and letter, so each pair may occur only once.


# %%
def side_after(side: int, window: int, stride: int, padding: int = 0) -> int:
    """Return the side of a map behind a window that moves over it, in pixels."""
    return (side + 2 * padding - window) // stride + 1


for side in (64, 224):
    sides = [side, side_after(side, window=7, stride=2, padding=3)]
    sides.append(side_after(sides[-1], window=3, stride=2))
    for stride in (1, 2, 2, 2):  # stages 2 to 5; the stride sits in a window of one pixel
        sides.append(side_after(sides[-1], window=1, stride=stride))
    print(f"picture {sides[0]}, conv1 {sides[1]}, stem {sides[2]}, stages 2 to 5: {sides[3:]}")

# %% [markdown]
# For 224 pixels the paper's table 1 has 112, 56, 56, 28, 14, 7 in the same places. One of our numbers differs by one: the authors' pooling pads, and ours does not. Networks of the same name differ in such details, and weights made for one do not quite fit the other.
#
# **Difficulty: ●●○ · about 40 minutes**
#
# <details>
# <summary>Hint 1: the stem</summary>
#
# Five lines, one for each arrow of the docstring's table, each reading what the line before it made: `ZeroPadding2D` called on `X_input`, then `Conv2D`, `BatchNormalization`, `Activation("relu")`, `MaxPooling2D`, each called on `X`. The convolution and its normalisation have a `name=`. Both windows have the stride 2, written as `strides=(2, 2)`.
#
# </details>
#
# <details>
# <summary>Hint 2: a stage</summary>
#
# A call of a block has the form `X = identity_block(X, 3, [F1, F2, F3], stage=..., block="...")`; the convolutional block takes `s=` as well. Stage 2 has three such lines, stage 3 four. A loop over the letters does as well.
#
# </details>
#
# <details>
# <summary>Hint 3: the head</summary>
#
# `AveragePooling2D` with a window of `(2, 2)`, `Flatten()`, and a `Dense` layer with `classes` outputs, `activation="softmax"`, a name that you put together with an f-string, and the initializer that `conv1` has.
#
# </details>

# %% tags=["solution"]
from solutions.resnet50 import ResNet50

# %% [markdown]
# Here are the layers of your network, the blocks as stand-ins. If one is not what it should be, the first one is marked.

# %% tags=["demonstration"]
compare_layers(ResNet50)

# %% [markdown]
# ## 4. Fifty layers?
#
# Now the real thing, with your own blocks. It is quickly built, and has more weights than the checks above would like to wait for. How many, can be worked out with pencil and paper; the next cell does it from the numbers of filters alone, without Keras, and compares.


# %% tags=["demonstration"]
def convolution(window: int, channels: int, filters: int) -> int:
    """Count the weights of a convolution with its bias and its batch normalisation, which has four numbers a channel."""
    return (window**2 * channels + 1) * filters + 4 * filters


total, channels = convolution(7, 3, 64), 64
print(f"{'stem':10}{total:12,}")
for stage, (width, blocks) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)], start=2):
    weights = convolution(1, channels, 4 * width)  # the projection
    for _ in range(blocks):
        weights += convolution(1, channels, width) + convolution(3, width, width) + convolution(1, width, 4 * width)
        channels = 4 * width
    print(f"{f'stage {stage}':10}{weights:12,}")
    total += weights
head = (channels + 1) * 6
total += head
print(f"{'head':10}{head:12,}\n{'together':10}{total:12,}")

with using_gaps():
    model = ResNet50()
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    print(f"your model{model.count_params():12,}, of which {trainable:,} are learned; the others are moving statistics")
    found = [layer for layer in model.layers if isinstance(layer, Conv2D)]
    projections = [layer for layer in found if layer.name.endswith("branch1")]
    print(f"{len(model.layers)} layers, {len(found)} of them convolutions, {len(projections)} of these projections")
    print(f"{len(found)} - {len(projections)} + 1 dense layer = {len(found) - len(projections) + 1}")

# %% [markdown]
# So the name counts the layers with weights on the longest way, and leaves out the projections and the batch normalisations. "ResNet-50 has 50 layers" and "Keras says 177" are both true, of different things.
#
# More than half of all weights sit in the last stage, which looks at a map of 2×2 pixels.

# %% [markdown]
# ## 5. Pictures and labels
#
# We use handwritten digits from 0 to 5: 1080 pictures to learn from and 120 to test with, of 64×64×3, in six classes. The numbers are those of a well-known task with photographs of hands that show the signs for 0 to 5. Those photographs may not be passed on with this course; but if you have them, put them into the folder `data/signs` (its README says how), and this notebook takes them instead.

# %% tags=["demonstration"]
pictures = load_pictures()  # or load_pictures("digits"), load_pictures("mnist"), load_pictures("signs")
print(pictures)
showing.show_pictures(pictures.train_pictures, pictures.train_labels, pictures.classes)

# %% [markdown]
# The network answers with six probabilities, so the right answer must have that form too: the label 2 becomes `[0, 0, 1, 0, 0, 0]`. This is called *one-hot*.
#
# **Goal.** Turn a vector of labels into such rows. It can be done without a loop.
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# Make an array of zeros of the right shape and type and store it in `rows`. NumPy lets you write to many places at once: `rows[row_numbers, column_numbers] = 1`, where both are arrays of the same length. `np.arange(n)` gives the numbers from 0 to n - 1.
#
# </details>

# %% tags=["solution"]
from solutions.resnet50 import one_hot

# %% [markdown]
# The values of the pictures go from 0 to 255. A network starts with weights that are made for values of the size of 1, so the pictures are divided by 255. **Whatever is done to the pictures here must be done to every picture that the network is asked about later.**

# %% tags=["demonstration"]
with using_gaps():
    data = Pictures(
        x=pictures.train_pictures.astype("float32") / 255,
        y=one_hot(pictures.train_labels, len(pictures.classes)),
        test_x=pictures.test_pictures.astype("float32") / 255,
        test_y=one_hot(pictures.test_labels, len(pictures.classes)),
    )
    print(f"x {data.x.shape}, values {data.x.min():.0f} to {data.x.max():.0f}; y {data.y.shape}; first rows of y:")
    print(data.y[:3])
    means = np.stack([data.x[data.y[:, label] == 1].mean(axis=0) for label in range(len(pictures.classes))])
    distances = ((data.test_x[:, np.newaxis] - means) ** 2).sum(axis=(2, 3, 4))
    share = np.mean(distances.argmin(axis=1) == pictures.test_labels)
    print(
        f"To compare: whoever takes the class whose mean picture is nearest is right for {share:.3f} of the test pictures."
    )

# %% [markdown]
# ## 6. Training
#
# On two processor cores an epoch of the full network (every picture once) takes a minute or more, and it needs many. So the cell below trains your network with an eighth of the filters in each block, which has the same layers, and for a few epochs only. Section 9 shows what more epochs bring.
#
# Your blocks start every kernel from `glorot_uniform(seed=0)`, so that layers of equal shape start equal. That makes your numbers comparable with ours; for a training one prefers a draw of its own for each kernel, which `redraw` gives. Does it matter? One of the recorded trainings in section 9 leaves the kernels as they are built: look before you believe either answer.
#
# You can stop at any time (the button with the square): after each epoch everything is kept in the folder `runs`. Run the cell again, today or tomorrow, and it goes on with the next epoch; with a larger `EPOCHS` it adds some.

# %% tags=["demonstration"]
DIVISOR = 8  # of the numbers of filters; 1 is the full network
EPOCHS = 6
SEED = 0

with using_gaps():
    model = narrowed(ResNet50, DIVISOR)(classes=len(pictures.classes))
    redraw(model, SEED)
    print(f"{model.count_params():,} weights, {len(model.layers)} layers")
    run = train(model, data, EPOCHS, name=f"{pictures.name}-width{DIVISOR}", seed=SEED)
    showing.show_curves(run)

# %% [markdown]
# Look at the right-hand figure before you read on. What would you say: has the network learned anything?

# %% [markdown]
# ## 7. Is this overfitting?
#
# The network knows its training pictures well and fails on new ones: that looks like the textbook picture of overfitting. Before you believe it, test it. If it were so, the network would be right about the *training* pictures whenever it is asked. Ask it about the very pictures that it learned from, once in inference and once in training mode:

# %% tags=["demonstration"]
with using_gaps():
    few = slice(0, 240)
    print(f"training pictures, training mode: {accuracy(model, data.x[few], data.y[few], training=True):.3f}")
    print(f"training pictures, inference:     {accuracy(model, data.x[few], data.y[few]):.3f}")
    print(f"test pictures,     training mode: {accuracy(model, data.test_x, data.test_y, training=True):.3f}")
    print(f"test pictures,     inference:     {accuracy(model, data.test_x, data.test_y):.3f}")

# %% [markdown]
# Two rows differ from the other two, and the line does not run between training pictures and test pictures. It is the *mode* that matters. The only layers here that do something else in the two modes are the batch normalisations: in training mode they use mean and variance of the batch at hand, in inference the *moving* ones, which follow slowly: after each step, 99 % of the old value and 1 % of the batch's (Keras's `momentum=0.99`). How much of the start is still in them?

# %% tags=["demonstration"]
steps = EPOCHS * -(-len(pictures.train_pictures) // 32)  # in batches of 32
for number in (steps, 2 * steps, 4 * steps):
    print(f"after {number:4} steps: {0.99**number:7.2%} of the start, mean 0 and variance 1, is left")

# %% [markdown]
# And since the weights move on all the time, even the rest is an average over networks that the model no longer is. With some fifty normalisations behind one another the small errors add up.
#
# The weights are fine; only the statistics are old. So let all training pictures go through the network once more, learn nothing, and take the mean of what the batches show:

# %% tags=["demonstration"]
with using_gaps():
    before = accuracy(model, data.test_x, data.test_y)
    renew_statistics(model, data.x)
    print(
        f"test pictures, inference: {before:.3f} before, {accuracy(model, data.test_x, data.test_y):.3f} with renewed statistics"
    )

# %% [markdown]
# In ordinary training, with many more steps, the moving statistics catch up by themselves and you need no such step (section 9). But whenever a network is good in training and at chance in inference, this is the first thing to check, and the accuracy on the training pictures *in inference* tells it apart from overfitting.

# %% [markdown]
# Which digits does the network still take for others?

# %% tags=["demonstration"]
with using_gaps():
    probabilities = np.asarray(model(data.test_x, training=False))
    showing.show_confusion(pictures.test_labels, probabilities.argmax(axis=1), pictures.classes)

# %% [markdown]
# ## 8. A single picture
#
# **Goal.** Write the function that asks the network about one picture. Two things go wrong here again and again, without any error: the picture is not scaled as in training, or the network takes one picture for a batch.
#
# **Difficulty: ●○○ · about 10 minutes**
#
# <details>
# <summary>Hint</summary>
#
# `picture[np.newaxis]` has one axis more than `picture`: a batch of one. Call the model on it with `training=False`, make an array of the result with `np.asarray`, and take its only row. `np.argmax` gives the position of the largest number. Store the class as an `int` in `best` and its probability as a `float` in `probability`.
#
# </details>

# %% tags=["solution"]
from solutions.resnet50 import predict_class

# %% tags=["demonstration"]
with using_gaps():
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != pictures.test_labels)
    right = np.flatnonzero(probabilities.argmax(axis=1) == pictures.test_labels)
    chosen = [*wrong[:3], *right][:6]  # at most three that it gets wrong
    for index in chosen:
        label, probability = predict_class(model, pictures.test_pictures[index])
        print(
            f"picture {index}: class {pictures.classes[label]} with probability {probability:.3f}, right is {pictures.classes[pictures.test_labels[index]]}"
        )
    showing.show_answers(
        pictures.test_pictures[chosen], pictures.test_labels[chosen], probabilities[chosen], pictures.classes
    )

# %% [markdown]
# ## 9. Look inside, try your own picture, train longer
#
# What does the network make of a picture on its way? Here are the first eight channels behind the stem and behind each stage. Yellow is a channel's largest number, dark blue its smallest. The maps get smaller, and what they show has less and less to do with where in the picture something is.

# %% tags=["demonstration"]
with using_gaps():
    showing.show_feature_maps(showing.stage_maps(model, data.test_x[0]))

# %% [markdown]
# The stem was trained on digits. Does it see anything in a photograph?

# %% tags=["demonstration"]
with using_gaps():
    photo = squared(photograph("flower"))
    plt.figure(figsize=(1.6, 1.6), facecolor="white")
    plt.imshow(photo)
    plt.axis("off")
    showing.show_feature_maps({"stem": showing.stage_maps(model, photo / 255)["stem"]})

# %% [markdown]
# **Your own picture.** Write a digit on paper, or draw one in any program, and name the file here. The digits of MNIST are bright on dark, so a pen on paper has to be inverted. A network that has seen only such digits will answer with one of its six classes whatever you show it, and often with a high probability: a probability near 1 does not mean that it is right. Try a picture of something else.

# %% tags=["demonstration"]
OWN_PICTURE = ""  # such as "my_digit.png", in the folder of this notebook
INVERTED = True

with using_gaps():
    if OWN_PICTURE:
        own = read_picture(OWN_PICTURE, inverted=INVERTED)
        label, probability = predict_class(model, own)
        print(f"class {pictures.classes[label]} with probability {probability:.3f}")
        showing.show_answers(
            own[np.newaxis], [-1], np.asarray(model(own[np.newaxis] / 255, training=False)), pictures.classes
        )
    else:
        print("Name a file in OWN_PICTURE and run this cell again.")

# %% [markdown]
# **Train longer.** Set `EPOCHS = 16` in section 6 and run that cell again; it goes on where it was. With `DIVISOR = 1` you train the full network, if you have the time. What more epochs bring has been measured beforehand (`python -m bench.training` in the course folder makes these numbers). The seed gives the first weights and the order of the pictures; "as built" is a network whose kernels all start from seed 0; "renewed" is the accuracy with statistics that were renewed as in section 7.

# %% tags=["demonstration"]
showing.show_recorded()
plt.show()
print(showing.recorded_table())

# %% [markdown]
# Compare the runs that differ in the seed alone before you compare others: a difference that is no larger than theirs tells you nothing. 120 test pictures are few; one picture is nearly one per cent.

# %% [markdown]
# ## 10. Three questions
#
# The questions carry no points. Write a few sentences if you like.

# %% [markdown]
# **Question 1.** `AveragePooling2D((2, 2))` and a global average do the same for pictures of 64×64. For which other sizes does your function still return a model, what does the dense layer read there, and what would change with a global average?

# %% [markdown]
# *Your answer to question 1:*

# %% [markdown]
# **Question 2.** Whoever writes digits, writes them alike. The split into training and test pictures does not know the writers (see what is printed in section 5). Is the accuracy that you measured too high or too low for a stranger's digits, and how would you split if you knew who wrote what?

# %% [markdown]
# *Your answer to question 2:*

# %% [markdown]
# **Question 3.** A network with an eighth of the filters, and even the nearest mean picture, do well here. What does that say about the task, and what would you have to measure before you claim that these pictures need fifty layers, or shortcuts?

# %% [markdown]
# *Your answer to question 3:*
