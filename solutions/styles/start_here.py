"""Right answers to the one gap of assignment 00, written differently."""

from autograder.course.mistakes import Change, Style

LINE = "    difference = target - x\n"

STYLES: dict[str, tuple[Style, ...]] = {
    "residual": (
        Style("negative-first", "x is negated and the target added.", (Change("target - x\n", "-x + target\n"),)),
        Style("subtract", "NumPy's subtract is used.", (Change("target - x\n", "np.subtract(target, x)\n"),)),
        Style("early-return", "The gap returns the result itself.", (Change(LINE, "    return target - x\n"),)),
        Style(
            "operator",
            "The operator is a function.",
            (Change(LINE, "    import operator\n    difference = operator.sub(target, x)\n"),),
        ),
        Style(
            "as-arrays",
            "Numbers become arrays first, and a number comes back as an array without sides.",
            (Change(LINE, "    difference = np.array(np.asarray(target) - np.asarray(x))\n"),),
        ),
        Style(
            "copy-then-in-place",
            "A copy is changed in place.",
            (Change(LINE, "    difference = np.array(target, dtype=float)\n    difference -= x\n"),),
        ),
        Style(
            "element-by-element",
            "A loop goes through the numbers.",
            (
                Change(
                    LINE,
                    "    flat = [a - b for a, b in zip(np.ravel(target), np.ravel(x))]\n"
                    "    difference = np.reshape(flat, np.shape(target))\n",
                ),
            ),
        ),
    )
}
"""Name of an exercise to its styles."""
