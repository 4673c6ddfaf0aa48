"""Mistakes in `count_params` and `count_macs`."""

from autograder.course.mistakes import Change, Mistake

KERNEL = "trainable = k * k * channels * filters"
BIASES = "    if bias:\n        trainable += filters\n"
SHIFTS = "trainable += 2 * filters  # gamma and beta"
STATISTICS = "params += 2 * filters  # moving mean and moving variance"
END_OF_COUNT = "    ### END CODE HERE ###\n"

THE_KERNEL = "Look at the product that counts the kernel's weights."
THE_BIASES = "Look at the line of the biases."
THE_BN = "Look at the lines of the batch normalisation."
THE_TWO = "Look at what the two numbers at the end hold."

IN_COUNT_PARAMS = (
    Mistake(
        "window-not-squared",
        "The window is counted as k taps; it has k rows of k taps.",
        (Change("k * k *", "k *"),),
        "Windows of 1x1 are right, larger ones are not.",
        THE_KERNEL,
    ),
    Mistake(
        "channels-forgotten",
        "Each filter is taken to look at one channel; it has a window for each channel of the input.",
        (Change(KERNEL, "trainable = k * k * filters"),),
        "The channels of the input play no part.",
        THE_KERNEL,
    ),
    Mistake(
        "filters-forgotten",
        "One filter is counted.",
        (Change(KERNEL, "trainable = k * k * channels"),),
        "The number of filters plays no part in the kernel.",
        THE_KERNEL,
    ),
    Mistake(
        "channels-added",
        "Windows and channels are added; each filter has a whole window for each channel.",
        (Change(KERNEL, "trainable = (k * k + channels) * filters"),),
        "The count of the kernel is too small.",
        THE_KERNEL,
    ),
    Mistake(
        "bias-per-channel",
        "Biases are counted per channel of the input; there is one per filter.",
        (Change(BIASES, BIASES.replace("filters", "channels")),),
        "With biases the count is wrong.",
        THE_BIASES,
    ),
    Mistake(
        "one-bias-in-all",
        "One bias is counted; there is one per filter.",
        (Change(BIASES, BIASES.replace("filters", "1")),),
        "With biases the count is too small.",
        THE_BIASES,
    ),
    Mistake(
        "bias-per-weight",
        "Biases are counted for each channel of each filter; one is added to the whole sum of a filter.",
        (Change(BIASES, BIASES.replace("filters", "channels * filters")),),
        "With biases the count is too large.",
        THE_BIASES,
    ),
    Mistake(
        "bias-always",
        "Biases are counted where there are none.",
        (Change("if bias:", "if True:"),),
        "Without biases the count is too large.",
        THE_BIASES,
    ),
    Mistake(
        "bias-never",
        "Biases are left out.",
        (Change(BIASES, ""),),
        "With biases the count is too small.",
        THE_BIASES,
    ),
    Mistake(
        "bias-left-out-before-bn",
        "Biases are left out where a batch normalisation follows; they may be of no use there, but they are there.",
        (Change("if bias:", "if bias and not bn:"),),
        "Biases and batch normalisation are right alone and wrong together.",
        THE_BIASES,
    ),
    Mistake(
        "bn-left-out",
        "The batch normalisation is left out.",
        (Change(SHIFTS, "pass"), Change(STATISTICS, "pass")),
        "With batch normalisation the count is too small.",
        THE_BN,
    ),
    Mistake(
        "moving-statistics-left-out",
        "The moving mean and variance are left out; they are not trained, but they are stored with the weights.",
        (Change(STATISTICS, "pass"),),
        "With batch normalisation the first number is too small.",
        THE_BN,
    ),
    Mistake(
        "moving-statistics-trained",
        "The moving mean and variance are counted as trained; they are measured.",
        (Change(SHIFTS, "trainable += 4 * filters"), Change(STATISTICS, "pass")),
        "With batch normalisation the second number is too large.",
        THE_BN,
    ),
    Mistake(
        "bn-not-trained",
        "Gamma and beta are not counted as trained.",
        (Change(SHIFTS, "pass"), Change(STATISTICS, "params += 4 * filters")),
        "With batch normalisation the second number is too small.",
        THE_BN,
    ),
    Mistake(
        "bn-on-the-input",
        "The batch normalisation is counted per channel of the input; it stands behind the convolution.",
        (Change(SHIFTS, "trainable += 2 * channels"), Change(STATISTICS, "params += 2 * channels")),
        "With batch normalisation both numbers are wrong.",
        THE_BN,
    ),
    Mistake(
        "bn-instead-of-the-convolution",
        "With a batch normalisation only its own numbers are counted.",
        (Change(SHIFTS, "trainable = 2 * filters"),),
        "With batch normalisation both numbers are too small.",
        THE_BN,
    ),
    Mistake(
        "numbers-swapped",
        "The two numbers are swapped.",
        (Change(END_OF_COUNT, "    params, trainable = trainable, params\n" + END_OF_COUNT),),
        "Without batch normalisation both numbers are right.",
        THE_TWO,
    ),
)

MACS = "macs += height_out * width_out * filters * k * k * channels"
NEXT = "height, width, channels = height_out, width_out, filters  # the input of the next convolution"

THE_PRODUCT = "Look at the product that counts one convolution."
THE_NEXT = "Look at what a round of the loop leaves for the next one."

IN_COUNT_MACS = (
    Mistake(
        "input-size",
        "The pixels of the input are counted; the window is laid down once per pixel of the output.",
        (Change("height_out * width_out * filters", "height * width * filters"),),
        "With stride 1 the count is right, with a larger stride it is too large.",
        THE_PRODUCT,
    ),
    Mistake(
        "stride-twice",
        "The size of the output is divided by the stride once more; the given line has done so.",
        (Change("height_out * width_out * filters", "(height_out // s) * (width_out // s) * filters"),),
        "With stride 1 the count is right, with a larger stride it is too small.",
        THE_PRODUCT,
    ),
    Mistake(
        "height-squared",
        "The output is taken for a square.",
        (Change("height_out * width_out * filters", "height_out * height_out * filters"),),
        "The width of the output plays no part.",
        THE_PRODUCT,
    ),
    Mistake(
        "pixels-forgotten",
        "Weights are counted; each of them is used once per pixel of the output.",
        (Change("height_out * width_out * filters", "filters"),),
        "The size of the picture plays no part.",
        THE_PRODUCT,
    ),
    Mistake(
        "window-not-squared",
        "The window is counted as k taps; it has k rows of k taps.",
        (Change("k * k *", "k *"),),
        "The count of one convolution is too small.",
        THE_PRODUCT,
    ),
    Mistake(
        "channels-forgotten",
        "Each filter is taken to look at one channel; it sums over all channels of the input.",
        (Change("k * k * channels", "k * k"),),
        "The channels of the input play no part.",
        THE_PRODUCT,
    ),
    Mistake(
        "filters-forgotten",
        "One filter is counted.",
        (Change("width_out * filters *", "width_out *"),),
        "The number of filters plays no part in the count of a layer.",
        THE_PRODUCT,
    ),
    Mistake(
        "counted-twice",
        "A multiplication and an addition are counted as two; a multiply-add is one.",
        (Change(MACS, MACS.replace("+= ", "+= 2 * ")),),
        "Every count is wrong by the same factor.",
        THE_PRODUCT,
    ),
    Mistake(
        "biases-counted",
        "The biases are counted as well; they are additions alone, and left out as is usual.",
        (Change(MACS, MACS.replace("k * k * channels", "(k * k * channels + 1)")),),
        "Every count is a little too large.",
        THE_PRODUCT,
    ),
    Mistake(
        "last-layer-only",
        "Each convolution's count replaces the one before; they have to be added up.",
        (Change(MACS, MACS.replace("+=", "=")),),
        "One convolution is right, several in a row are not.",
        "Look at how the count of a round comes to those of the rounds before.",
    ),
    Mistake(
        "channels-not-passed-on",
        "Every convolution is taken to read the first one's channels; it reads as many as the one before has filters.",
        (Change(NEXT, "height, width = height_out, width_out"),),
        "One convolution is right, several in a row are not.",
        THE_NEXT,
    ),
    Mistake(
        "size-not-passed-on",
        "Every convolution is taken to read a picture of the first one's size.",
        (Change(NEXT, "channels = filters"),),
        "One convolution is right, several in a row with strides are not.",
        THE_NEXT,
    ),
    Mistake(
        "nothing-passed-on",
        "Every convolution is taken to read the first one's input.",
        (Change("        " + NEXT + "\n", ""),),
        "One convolution is right, several in a row are not.",
        THE_NEXT,
    ),
    Mistake(
        "channels-passed-on-too-early",
        "The channels are replaced by the filters before the count, which then uses the filters twice.",
        (Change("        " + MACS, "        channels = filters\n        " + MACS),),
        "The channels of the first input play no part.",
        "Look at the order of the lines in the loop.",
    ),
)
