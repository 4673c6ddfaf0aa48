"""Mistakes in the one gap of assignment 00."""

from autograder.course.mistakes import Change, Mistake

LINE = "    difference = target - x\n"
DIFFERENCE = "target - x\n"

RESULT = "The result is not what has to be added to x."
ARRAYS = "Numbers are right, arrays are not."
THE_LINE = "Look at the line between the two markers."

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "residual": (
        Mistake(
            "wrong-way-round",
            "The target is taken from x; x has to be taken from the target.",
            (Change(DIFFERENCE, "x - target\n"),),
            "The size of the result is right, its sign is not.",
            THE_LINE,
        ),
        Mistake(
            "sum",
            "The two are added; the residual is what is left when x is taken away.",
            (Change(DIFFERENCE, "target + x\n"),),
            RESULT,
            THE_LINE,
        ),
        Mistake(
            "target-itself",
            "The whole target is returned, as a layer without a shortcut would have to learn it.",
            (Change(DIFFERENCE, "target\n"),),
            "x plays no part in the result.",
            THE_LINE,
        ),
        Mistake(
            "absolute",
            "The sign of the residual is lost.",
            (Change(DIFFERENCE, "abs(target - x)\n"),),
            "Some results are right, others are not: compare a case in which the target is smaller than x.",
            THE_LINE,
        ),
        Mistake(
            "negative-cut-off",
            "Negative residuals become 0; a residual may have either sign.",
            (Change(DIFFERENCE, "np.maximum(target - x, 0)\n"),),
            "Some results are right, others are not: which values never come out?",
            THE_LINE,
        ),
        Mistake(
            "squared",
            "The difference is squared; that is an error to be made small, and no residual.",
            (Change(DIFFERENCE, "(target - x) ** 2\n"),),
            RESULT,
            THE_LINE,
        ),
        Mistake(
            "ratio",
            "The target is divided by x; the residual is added, so it has to be a difference.",
            (Change(DIFFERENCE, "target / x\n"),),
            RESULT,
            THE_LINE,
        ),
        Mistake(
            "one-number-for-all",
            "The differences of an array are added up to one number; each place keeps its own.",
            (Change(DIFFERENCE, "np.sum(target - x)\n"),),
            "An array has become a single number.",
            THE_LINE,
        ),
        Mistake(
            "in-place",
            "The target itself is changed, and whoever called the function has lost it.",
            (Change(LINE, "    target -= x\n    difference = target\n"),),
            "What is returned is right, but an array of the caller's is another one afterwards.",
            "Look at the signs `-=` and `=`: which of them writes into the array that is already there?",
        ),
        Mistake(
            "printed-not-stored",
            "The result is printed; it has to be stored, so that the function can return it.",
            (Change(LINE, "    print(target - x)\n    difference = None\n"),),
            "The function returns None.",
            "Look at what `difference` is when the last line returns it.",
        ),
    )
}
"""Name of an exercise to its mistakes."""
