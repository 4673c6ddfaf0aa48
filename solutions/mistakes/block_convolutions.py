"""Mistakes in the arguments of a residual block's convolutions."""

from collections.abc import Sequence

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import CONV_B, CONV_C, CONVOLUTIONS, INITIALIZER, Layer, each, edit, everywhere

WINDOW = "A convolution has a window of another size than the formula says."
FILTERS = "A convolution has another number of filters than the formula says."
SIZE = "Height and width do not fit where the two branches meet."
BIAS = "A convolution lacks one of its two kinds of weights."
START = "A kernel does not start from the numbers that the docstring asks for."
SECOND_LINE, THIRD_LINE = "The line of the second convolution.", "The line of the third convolution."
THE_INITIALIZERS = "The initializers of the convolutions in the gap."

WINDOWS = (
    Mistake(
        "middle-kernel-1x1",
        "The second convolution's window is 1x1; it has to be f x f.",
        (Change("(f, f)", "(1, 1)"),),
        WINDOW,
        SECOND_LINE,
    ),
    Mistake(
        "fixed-f",
        "The second convolution's window is always 3x3; it has to be f x f.",
        (Change("(f, f)", "(3, 3)"),),
        WINDOW,
        SECOND_LINE,
    ),
    Mistake(
        "third-kernel-fxf",
        "The third convolution's window is f x f; it has to be 1x1.",
        (edit(CONV_C, '(1, 1), padding="valid"', '(f, f), padding="same"'),),
        WINDOW,
        THIRD_LINE,
    ),
    Mistake(
        "windows-swapped",
        "The windows of the second and the third convolution are swapped: f x f is the second's, 1x1 the third's.",
        (
            edit(CONV_B, "(f, f)", "(1, 1)"),
            edit(CONV_C, '(1, 1), padding="valid"', '(f, f), padding="same"'),
        ),
        WINDOW,
        "The lines of the second and the third convolution.",
    ),
    Mistake(
        "third-kernel-3x3",
        "The third convolution's window is 3x3; it has to be 1x1.",
        (edit(CONV_C, '(1, 1), padding="valid"', '(3, 3), padding="same"'),),
        WINDOW,
        THIRD_LINE,
    ),
    Mistake(
        "middle-padding-valid",
        'The second convolution has no padding="same", so that height and width shrink.',
        (Change('(f, f), padding="same"', "(f, f)"),),
        SIZE,
        SECOND_LINE,
    ),
    Mistake(
        "window-as-two-numbers",
        "The second convolution's window is given as two numbers, f and f; the second of them is taken as the stride.",
        (edit(CONV_B, "(f, f)", "f, f"),),
        SIZE,
        SECOND_LINE,
    ),
)

NUMBERS_OF_FILTERS = (
    Mistake(
        "first-convolution-with-F2",
        "The first convolution has F2 filters instead of F1.",
        (Change("Conv2D(F1,", "Conv2D(F2,"),),
        FILTERS,
        "The line of the first convolution, which is given.",
    ),
    *(
        Mistake(
            f"{layer.slug}-with-{wrong}",
            f"The {layer.words} has {wrong} filters instead of {right}.",
            (edit(layer.line, right, wrong),),
            FILTERS,
            f"The line of the {layer.words}.",
        )
        for layer, right, wrong in (
            (CONVOLUTIONS[0], "F2", "F1"),
            (CONVOLUTIONS[0], "F2", "F3"),
            (CONVOLUTIONS[1], "F3", "F1"),
            (CONVOLUTIONS[1], "F3", "F2"),
        )
    ),
    Mistake(
        "F1-and-F2-swapped",
        "F1 and F2 are swapped.",
        (Change("F1, F2, F3 = filters", "F2, F1, F3 = filters"),),
        FILTERS,
        "The line that takes the numbers of filters apart.",
    ),
    Mistake(
        "F2-and-F3-swapped",
        "F2 and F3 are swapped: the second convolution has F3 filters and the third F2.",
        (edit(CONV_B, "F2", "F3"), edit(CONV_C, "F3", "F2")),
        FILTERS,
        "The lines of the second and the third convolution.",
    ),
)


def first_kernel_3x3(given: str) -> Mistake:
    """Return the mistake of a first window of 3x3, where the given line says `given` about window and stride."""
    return Mistake(
        "first-kernel-3x3",
        "The first convolution's window is 3x3; it has to be 1x1.",
        (Change(given, given.replace("(1, 1)", "(3, 3)").replace(', padding="valid"', "") + ', padding="same"'),),
        WINDOW,
        "The line of the first convolution, which is given.",
    )


def of_each_convolution(layers: Sequence[Layer]) -> tuple[Mistake, ...]:
    """Return what can be wrong with the bias and the initializer of each convolution and of all of them."""
    return (
        *each(layers, "{}-without-bias", "The {} has no bias.", INITIALIZER, f"use_bias=False, {INITIALIZER}", BIAS),
        Mistake(
            "no-bias",
            "The convolutions of the gap have no bias.",
            everywhere(layers, INITIALIZER, f"use_bias=False, {INITIALIZER}"),
            BIAS,
            "The lines of the convolutions.",
        ),
        *each(
            layers,
            "{}-unseeded",
            "The {} starts from other weights each time: its initializer is left out, or has no seed.",
            "seed=0",
            "",
            START,
            "The initializer of the {}.",
        ),
        *each(
            layers,
            "{}-with-other-seed",
            "The initializer of the {} has another seed than 0.",
            "seed=0",
            "seed=1",
            START,
            "The initializer of the {}.",
        ),
        *each(
            layers,
            "{}-with-other-initializer",
            "The {} starts from another initializer than glorot_uniform.",
            INITIALIZER,
            HE_NORMAL,
            START,
            "The initializer of the {}.",
        ),
        Mistake(
            "unseeded",
            "The gap's convolutions start from other weights each time: initializers are left out, or have no seed.",
            everywhere(layers, "seed=0", ""),
            START,
            THE_INITIALIZERS,
        ),
        Mistake(
            "other-seed",
            "The initializers of the gap have another seed than 0.",
            everywhere(layers, "seed=0", "seed=1"),
            START,
            THE_INITIALIZERS,
        ),
        Mistake(
            "other-initializer",
            "The convolutions of the gap start from another initializer than glorot_uniform.",
            everywhere(layers, INITIALIZER, HE_NORMAL),
            START,
            THE_INITIALIZERS,
        ),
        Mistake(
            "convolution-not-trainable",
            "The second convolution is frozen: its weights are never learned.",
            (edit(CONV_B, "padding", "trainable=False, padding"),),
            "A layer would not learn.",
            SECOND_LINE,
        ),
    )


HE_NORMAL = 'kernel_initializer={"class_name": "he_normal", "config": {"seed": 0}}'
"""He's initializer, by name, so that no import is needed."""

THE_WINDOWS_AND_FILTERS = WINDOWS + NUMBERS_OF_FILTERS
