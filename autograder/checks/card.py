"""A verdict as the student sees it: HTML in Jupyter, text elsewhere, values for the programs that read the notebook."""

from dataclasses import asdict
from html import escape
from typing import Any

from autograder.model import Outcome, Verdict

VERDICT_MIME = "application/vnd.residual-course.verdict+json"
"""The output's third form: `Verdict` as JSON, read by `autograder validate` and `grade`."""

MARKS = {Outcome.PASSED: ("✓", "#2e8540"), Outcome.FAILED: ("✗", "#d13438"), Outcome.SKIPPED: ("–", "#8a6d00")}
"""Sign and colour; the sign and the word say the same, so that colour is never needed."""

OTHER_MARK = ("!", "#8a6d00")


class Card:
    """What a check displays."""

    def __init__(self, verdict: Verdict, secret: bool = False) -> None:
        """Keep the verdict; `secret` says that its cases are not the public ones."""
        self.verdict, self.secret = verdict, secret

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        values = asdict(self.verdict) | {"outcome": self.verdict.outcome.value, "secret": self.secret}
        return {"text/html": html(self.verdict), "text/plain": text(self.verdict), VERDICT_MIME: values}


def _rows(verdict: Verdict) -> list[tuple[str, str]]:
    words = [
        ("what happened", verdict.message),
        ("tried", verdict.tried),
        ("expected", verdict.expected),
        ("got", verdict.got),
        ("look at", verdict.look_at),
    ]
    return [(name, value) for name, value in words if value]


def _points(verdict: Verdict) -> str:
    unit = "point" if verdict.max_points == 1 else "points"
    return f"{verdict.points:g} of {verdict.max_points:g} {unit}"


def text(verdict: Verdict) -> str:
    """Return a verdict as lines of plain text."""
    sign, _ = MARKS.get(verdict.outcome, OTHER_MARK)
    head = f"{sign} {verdict.outcome.value.lower()} ({_points(verdict)}): {verdict.sentence}"
    return "\n".join([head, *(f"    {name}: {value}" for name, value in _rows(verdict))])


def html(verdict: Verdict) -> str:
    """Return a verdict as a fragment of HTML that looks right on a light and on a dark page.

    Colours other than the mark's come from the page. Every text is escaped: it may hold what a student wrote.
    """
    sign, colour = MARKS.get(verdict.outcome, OTHER_MARK)
    rows = "".join(
        f'<span style="opacity:.75">{name}</span><span style="overflow-wrap:anywhere">{_value(name, value)}</span>'
        for name, value in _rows(verdict)
    )
    # No <dl> or <table>: JupyterLab and nbconvert style those in ways of their own.
    details = (
        f'<div style="display:grid;grid-template-columns:max-content 1fr;gap:.25em 1em;margin-top:.4em">{rows}</div>'
    )
    details = details if rows else ""
    return (
        f'<div style="border-left:.3em solid {colour};padding:.35em .9em;margin:.2em 0;line-height:1.45">'
        f'<div><strong style="border-bottom:.14em solid {colour}">{sign} {verdict.outcome.value.lower()}</strong> '
        f'<span style="opacity:.75">{_points(verdict)}</span>&ensp;{escape(verdict.sentence)}</div>{details}</div>'
    )


def _value(name: str, value: str) -> str:
    return f"<code>{escape(value)}</code>" if name in ("expected", "got", "tried") else escape(value)
