"""The short comment on each gap that sums up its checks, as formgrader and nbgrader's own feedback show it."""

from collections.abc import Iterable, Sequence

from autograder.model import GradedSubmission, Outcome, Verdict

NOT_JUDGED = (Outcome.ERROR, Outcome.SKIPPED)
"""Outcomes that say nothing about the answer: they leave a score open, and formgrader asks a person for it."""

LONGEST_MESSAGE, LONGEST_COMMENT = 300, 2000  # characters

HARMLESS = str.maketrans("<>", "\u2039\u203a")  # angle quotation marks, which look alike
"""Feedback shows a comment as Markdown with HTML, formgrader as plain text: an escaped sign would be seen in one."""


def auto_comments(graded: GradedSubmission, cells: Iterable[str]) -> dict[str, str | None]:
    """Return what is said of each gap; None of one without checks.

    Args:
        graded: a submission of which something was judged.
        cells: names of the assignment's solution cells; an exercise's has its name.
    """
    if not graded.verdicts:
        return dict.fromkeys(cells, _harmless(f"0 points. ✗ {graded.message}"))
    return {name: _comment([one for one in graded.verdicts if one.exercise == name]) for name in cells}


def _comment(verdicts: Sequence[Verdict]) -> str | None:
    if not verdicts:
        return None
    points, most = sum(one.points for one in verdicts), sum(one.max_points for one in verdicts)
    left = sum(one.max_points for one in verdicts if one.outcome in NOT_JUDGED)
    total = f"{points:g} of {most:g} points" + (f", {left:g} of them not judged yet." if left else ".")
    return _harmless(" ".join([total, *(_fault(one) for one in verdicts if one.outcome is not Outcome.PASSED)]))


def _fault(verdict: Verdict) -> str:
    sign = "?" if verdict.outcome in NOT_JUDGED else "✗"
    return f"{sign} {verdict.check}: {_cut(verdict.message or verdict.sentence, LONGEST_MESSAGE)}"


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length] + "…"


def _harmless(comment: str) -> str:
    """Take the meaning from what a student may have written: tags, links and images."""
    return _cut(storable(comment), LONGEST_COMMENT).translate(HARMLESS).replace("](", "] (")


def storable(text: str) -> str:
    """Return a text as every database can hold it; one that is UTF-8 stays as it is, but for a zero byte."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
