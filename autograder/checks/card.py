"""A verdict as the student sees it: HTML in Jupyter, text elsewhere, values for the programs that read the notebook.

Hints come in steps: the first is shown, the second and the sentence that names the mistake are opened one after the
other. What an earlier card of the same exercise tells is not told again, see `told.py`.
"""

from dataclasses import asdict
from html import escape
from typing import Any

from autograder.model import Outcome, Verdict

VERDICT_MIME = "application/vnd.residual-course.verdict+json"
"""The output's third form: `Verdict` as JSON, read by `autograder validate` and `grade`."""

MARKS = {Outcome.PASSED: ("✓", "#2e8540"), Outcome.FAILED: ("✗", "#d13438"), Outcome.SKIPPED: ("–", "#8a6d00")}
"""Sign and colour; the sign and the word say the same, so that colour is never needed."""

OTHER_MARK = ("!", "#8a6d00")

HINTS = FIRST_HINT, SECOND_HINT, NAMED = "hint", "where to look", "the mistake"
"""What stands before each step."""

QUIET = '<span style="opacity:.75">{}</span>'
FOLDED = '<details style="margin-top:.3em"><summary style="cursor:pointer">{}</summary>{}</details>'
STEP = '<div style="margin:.2em 0 .2em 1.1em;overflow-wrap:anywhere">{}</div>'


class Card:
    """What a check displays.

    Args:
        verdict: what became of the check.
        secret: whether its cases are not the public ones.
        above: name of an earlier check of the same exercise whose card tells the same; empty if none does.
    """

    def __init__(self, verdict: Verdict, secret: bool = False, above: str = "") -> None:
        """Keep what is shown."""
        self.verdict, self.secret, self.above = verdict, secret, above

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        values = asdict(self.verdict) | {"outcome": self.verdict.outcome.value, "secret": self.secret}
        shown = html(self.verdict, self.above)
        return {"text/html": shown, "text/plain": text(self.verdict, self.above), VERDICT_MIME: values}


def _observed(verdict: Verdict) -> list[tuple[str, str]]:
    """Return what was seen; the check's general advice gives way to a hint at this very mistake."""
    words = [
        ("what happened", verdict.message),
        ("tried", verdict.tried),
        ("expected", verdict.expected),
        ("got", verdict.got),
        ("look at", "" if verdict.named else verdict.look_at),
    ]
    return [(name, value) for name, value in words if value]


def _hints(verdict: Verdict) -> list[tuple[str, str]]:
    words = [(FIRST_HINT, verdict.hint), (SECOND_HINT, verdict.where), (NAMED, verdict.named)]
    return [(name, value) for name, value in words if value]


def _points(verdict: Verdict) -> str:
    unit = "point" if verdict.max_points == 1 else "points"
    return f"{verdict.points:g} of {verdict.max_points:g} {unit}"


def _same_as(verdict: Verdict, above: str) -> str:
    """Refer to the card that tells more."""
    what = "the same mistake" if verdict.named else "the same"
    return f"{what} as above, see {above}"


def text(verdict: Verdict, above: str = "", hints: int = len(HINTS)) -> str:
    """Return a verdict as lines of plain text.

    Args:
        verdict: what became of a check.
        above: name of the check that told the same before; it stands in place of the rest.
        hints: how many of them are told; all by default.
    """
    sign, _ = MARKS.get(verdict.outcome, OTHER_MARK)
    head = f"{sign} {verdict.outcome.value.lower()} ({_points(verdict)}): {verdict.sentence}"
    if above:
        return f"{head}\n    {_same_as(verdict, above)}"
    rows = [*_observed(verdict), *((name, value) for name, value in _hints(verdict) if name in HINTS[:hints])]
    return "\n".join([head, *(f"    {name}: {value}" for name, value in rows)])


def html(verdict: Verdict, above: str = "", unfolded: bool = False) -> str:
    """Return a verdict as a fragment of HTML that looks right on a light and on a dark page.

    Colours other than the mark's come from the page. Every text is escaped: it may hold what a student wrote.

    Args:
        verdict: what became of a check.
        above: name of the check that told the same before; what was seen this time is then folded away.
        unfolded: show every hint and fold nothing, as on a feedback page, where each check has an id to link to.
    """
    sign, colour = MARKS.get(verdict.outcome, OTHER_MARK)
    if above:
        # What broke the function off is what stands above.
        seen = _rows(_observed(verdict)) if verdict.expected or verdict.got else ""
        line = escape(_same_as(verdict, above))
        if seen and not unfolded:
            rest = FOLDED.format(line, seen)
        else:
            linked = f'<a href="#check-{escape(above)}">{line}</a>' if unfolded else line
            rest = f'<div style="margin-top:.3em">{linked}</div>{seen}'
    elif unfolded:
        rest = _rows([*_observed(verdict), *_hints(verdict)])
    else:
        hints = _hints(verdict)
        shown = hints[:1] if verdict.hint else []
        rest = _rows([*_observed(verdict), *shown]) + _steps(hints[len(shown) :])
    return (
        f'<div style="border-left:.3em solid {colour};padding:.35em .9em;margin:.2em 0;line-height:1.45">'
        f'<div><strong style="border-bottom:.14em solid {colour}">{sign} {verdict.outcome.value.lower()}</strong> '
        f"{QUIET.format(_points(verdict))}&ensp;{escape(verdict.sentence)}</div>{rest}</div>"
    )


def _rows(rows: list[tuple[str, str]]) -> str:
    """Return names and values side by side. No <dl> or <table>: JupyterLab and nbconvert style those as they like."""
    cells = "".join(
        f'{QUIET.format(name)}<span style="overflow-wrap:anywhere">{_value(name, value)}</span>' for name, value in rows
    )
    style = "display:grid;grid-template-columns:max-content 1fr;gap:.25em 1em;margin-top:.4em"
    return f'<div style="{style}">{cells}</div>' if rows else ""


def _value(name: str, value: str) -> str:
    return f"<code>{escape(value)}</code>" if name in ("expected", "got", "tried") else escape(value)


def _steps(hints: list[tuple[str, str]]) -> str:
    """Fold each step into the one before it, so that they are opened one after the other."""
    if not hints:
        return ""
    (name, value), *rest = hints
    asked = {SECOND_HINT: "Next hint: where to look", NAMED: "Tell me the mistake"}.get(name, name)
    return FOLDED.format(asked, STEP.format(escape(value)) + _steps(rest))
