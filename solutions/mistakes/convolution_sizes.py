"""Mistakes in `conv_output_shape`."""

from autograder.course.mistakes import Change, Mistake

REACH = "reach = d * (k - 1) + 1"
PADDING = "padding = p if isinstance(p, int) else 0"
SAME = "math.ceil(n / s)"
COUNT = "(n + 2 * padding - reach) // s + 1"

UNPADDED = "Look at how the windows along one side are counted where there is no padding."
THE_PADDING = "Look at where p enters the count."
THE_SAME = 'Look at the branch for p == "same".'
THE_REACH = "Look at how many pixels a dilated window covers."

OF_THE_COUNT = (
    Mistake(
        "last-window-forgotten",
        "The first window is not counted: only the steps from one window to the next are.",
        (Change(COUNT, "(n + 2 * padding - reach) // s"),),
        "Height and width are one too small.",
        UNPADDED,
    ),
    Mistake(
        "divided-after-adding-one",
        "1 is added before the division by the stride; it stands for the first window and is not divided.",
        (Change(COUNT, "(n + 2 * padding - reach + 1) // s"),),
        "With stride 1 the size is right, with larger strides it is not.",
        UNPADDED,
    ),
    Mistake(
        "rounded-up",
        "What does not fit as a whole is counted as a window: the division is rounded up.",
        (Change(COUNT, "math.ceil((n + 2 * padding - reach) / s) + 1"),),
        "Sides on which pixels remain over come out too large.",
        UNPADDED,
    ),
    Mistake(
        "rounded-to-the-nearest",
        "The division is rounded to the nearest number; a window fits or does not, so it has to be rounded down.",
        (Change(COUNT, "round((n + 2 * padding - reach) / s) + 1"),),
        "Some sides on which pixels remain over come out too large.",
        UNPADDED,
    ),
    Mistake(
        "not-rounded",
        "The division is not rounded: the size has a fraction.",
        (Change(COUNT, "(n + 2 * padding - reach) / s + 1"),),
        "A number of windows cannot have a fraction.",
        UNPADDED,
    ),
    Mistake(
        "stride-ignored",
        "The stride plays no part.",
        (Change(COUNT, "n + 2 * padding - reach + 1"),),
        "With stride 1 the size is right, with larger strides it is not.",
        UNPADDED,
    ),
    Mistake(
        "window-ignored",
        "The size is divided by the stride alone; without padding the window takes pixels away as well.",
        (Change(COUNT, "(n + 2 * padding) // s"),),
        "The window's size plays no part.",
        UNPADDED,
    ),
    Mistake(
        "sides-swapped",
        "Height and width are swapped.",
        (Change("height, width = sides", "width, height = sides"),),
        "Both numbers are right, their order is not.",
        "Look at the order in which the two sides are stored.",
    ),
    Mistake(
        "height-for-both",
        "The height is used for the width as well.",
        (Change("for n in size:", "for n in (size[0], size[0]):"),),
        "One of the two numbers is right.",
        "Look at which side of the input each side of the output is made from.",
    ),
)

OF_THE_PADDING = (
    Mistake(
        "padding-at-one-end",
        "The padding is counted once; it stands at both ends of a side.",
        (Change("2 * padding", "padding"),),
        "With a number of pixels as padding the size is too small.",
        THE_PADDING,
    ),
    Mistake(
        "padding-ignored",
        "A number of pixels as padding plays no part.",
        (Change(PADDING, "padding = 0"),),
        "With a number of pixels as padding the size is too small.",
        THE_PADDING,
    ),
    Mistake(
        "padding-after-the-stride",
        "The padding is added after the division by the stride; windows stand on padded pixels at distances of s too.",
        (Change(COUNT, "(n - reach) // s + 1 + 2 * padding"),),
        "Padding and stride are right alone and wrong together.",
        THE_PADDING,
    ),
    Mistake(
        "same-keeps-the-size",
        'padding="same" is taken to keep the size; it does so with stride 1 only.',
        (Change(SAME, "n"),),
        'With "same" and a stride above 1 the size is wrong.',
        THE_SAME,
    ),
    Mistake(
        "same-rounded-down",
        'With "same" the division by the stride is rounded down; Keras rounds it up.',
        (Change(SAME, "n // s"),),
        'With "same", sides that the stride does not divide come out too small.',
        THE_SAME,
    ),
    Mistake(
        "same-rounded-to-the-nearest",
        'With "same" the division by the stride is rounded to the nearest number; Keras rounds it up.',
        (Change(SAME, "round(n / s)"),),
        'With "same", some sides that the stride does not divide come out too small.',
        THE_SAME,
    ),
    Mistake(
        "same-as-half-the-window",
        '"same" is taken for k // 2 pixels at each end, which is right for odd windows without dilation only.',
        (
            Change(PADDING, PADDING.replace("else 0", 'else k // 2 if p == "same" else 0')),
            Change('if p == "same":', "if False:"),
        ),
        'With "same", windows of an odd side are right, those of an even side are not.',
        THE_SAME,
    ),
    Mistake(
        "same-as-half-of-the-rest",
        '"same" is taken for (k - 1) // 2 pixels at each end, which is right for odd windows without dilation only.',
        (
            Change(PADDING, PADDING.replace("else 0", 'else (k - 1) // 2 if p == "same" else 0')),
            Change('if p == "same":', "if False:"),
        ),
        'With "same", windows of an odd side are right, those of an even side are not.',
        THE_SAME,
    ),
    Mistake(
        "same-taken-for-valid",
        '"same" is treated like "valid".',
        (Change('if p == "same":', "if False:"),),
        'With "same" the size is too small.',
        THE_SAME,
    ),
)

OF_THE_DILATION = (
    Mistake(
        "dilation-ignored",
        "The dilation plays no part.",
        (Change(REACH, "reach = k"),),
        "With a dilation the size is too large.",
        THE_REACH,
    ),
    Mistake(
        "window-times-dilation",
        "A dilated window is taken to cover k times d pixels; behind its last tap there is no hole.",
        (Change(REACH, "reach = d * k"),),
        "With a dilation the size is too small.",
        THE_REACH,
    ),
    Mistake(
        "last-tap-forgotten",
        "A window is taken to cover d times (k - 1) pixels, which leaves one tap out.",
        (Change(REACH, "reach = d * (k - 1)"),),
        "The size is wrong without dilation as well.",
        THE_REACH,
    ),
    Mistake(
        "dilation-added-once",
        "The window is taken to grow by d - 1 pixels in all; it grows by d - 1 between each tap and the next.",
        (Change(REACH, "reach = k + d - 1"),),
        "With a dilation the size is too large.",
        THE_REACH,
    ),
    Mistake(
        "dilation-counts-holes",
        "d is taken for the number of holes between two taps; it is the distance from one tap to the next.",
        (Change(REACH, "reach = k + (k - 1) * d"),),
        "The size is wrong without dilation as well.",
        THE_REACH,
    ),
    Mistake(
        "dilation-as-stride",
        "The dilation is treated as if it were a stride.",
        (Change(REACH, "reach = k"), Change("// s + 1", "// (s * d) + 1")),
        "With a dilation the size is wrong by a factor.",
        THE_REACH,
    ),
)

IN_CONV_OUTPUT_SHAPE = OF_THE_COUNT + OF_THE_PADDING + OF_THE_DILATION
