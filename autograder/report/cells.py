"""The cells of an executed notebook as HTML: prose, code and outputs, bounded in size, hidden checks left out."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode

from autograder.checks.card import MARKS, OTHER_MARK, VERDICT_MIME
from autograder.model import Verdict
from autograder.report.harmless import harmless, prose

TEXT_LIMIT = 20_000
"""Characters of a cell's source, and of all its outputs together, that are shown."""

PICTURE_LIMIT = 500_000
"""Characters of a picture in base64; an ordinary figure has fifty thousand."""

NOTEBOOK_LIMIT = 2_000_000
"""Characters of HTML after which a notebook is cut; without its figures an ordinary one has a hundred thousand."""

PICTURES = ("image/png", "image/jpeg", "image/gif")
"""Not SVG: it is a document that can hold scripts and load files."""

BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?(?:END HIDDEN TESTS[^\n]*\n?|\Z)", re.DOTALL | re.MULTILINE)


def notebook_html(notebook: NotebookNode, verdicts: Mapping[str, Verdict]) -> str:
    """Return the cells of a notebook, each with the id `cell-NUMBER`, counted from 0.

    Args:
        notebook: the executed notebook; everything in it may be forged.
        verdicts: by check; in the cell of a check its verdict stands instead of what the cell displayed.
    """
    parts: list[str] = []
    length = 0
    for number, cell in enumerate(notebook.cells):
        if length > NOTEBOOK_LIMIT:
            parts.append(_note(f"The other {len(notebook.cells) - number} cells are left out: the notebook is long."))
            break
        parts.append(f'<div class="cell" id="cell-{number}">{_shown(cell, verdicts)}</div>')
        length += len(parts[-1])
    return "\n".join(parts)


def solution_cells(notebook: NotebookNode) -> dict[str, int]:
    """Return the number of the cell that holds each exercise's gap, by the exercise's name."""
    marked = {_nbgrader(cell).get("grade_id"): n for n, cell in enumerate(notebook.cells) if not _is_grade_cell(cell)}
    return {name: number for name, number in marked.items() if isinstance(name, str)}


def _nbgrader(cell: NotebookNode) -> Mapping[str, Any]:
    marks = cell.get("metadata", {}).get("nbgrader")
    return marks if isinstance(marks, dict) else {}


def _is_grade_cell(cell: NotebookNode) -> bool:
    return bool(_nbgrader(cell).get("grade"))


def _shown(cell: NotebookNode, verdicts: Mapping[str, Verdict]) -> str:
    source = _text(cell.get("source", ""))
    try:
        return _cell(cell, source, verdicts)
    except Exception:  # whatever a broken text leads the readers of HTML and Markdown to
        return _bounded(_plain, HIDDEN.sub("", source)) + _note("This cell cannot be shown otherwise.")


def _cell(cell: NotebookNode, source: str, verdicts: Mapping[str, Verdict]) -> str:
    if cell.get("cell_type") == "markdown":
        return _bounded(lambda text: prose(text, cell.get("attachments")), source)
    if cell.get("cell_type") != "code":
        return _bounded(_plain, source)
    if _is_grade_cell(cell):
        return _grade_cell(cell, source, verdicts.get(_nbgrader(cell).get("grade_id", "")))
    skipped = "skip-execution" in cell.get("metadata", {}).get("tags", [])
    note = _note("A demonstration; it was not run while grading.") if skipped else ""
    return _code(source) + note + _outputs(cell.get("outputs", []))


def _grade_cell(cell: NotebookNode, source: str, verdict: Verdict | None) -> str:
    """Show what a student saw of a check's cell, and the verdict that counts; a traceback would show hidden lines."""
    outputs = [output for output in cell.get("outputs", []) if output.get("output_type") != "error"]
    if verdict is None:
        return _code(HIDDEN.sub("", source)) + _outputs(outputs)
    sign, colour = MARKS.get(verdict.outcome, OTHER_MARK)
    told = (
        f'<p class="told"><strong style="border-bottom:.14em solid {colour}">{sign} {verdict.outcome.value.lower()}'
        f'</strong> <a href="#check-{escape(verdict.check)}">{escape(verdict.sentence)}</a></p>'
    )
    others = [output for output in outputs if VERDICT_MIME not in output.get("data", {})]
    return _code(HIDDEN.sub("", source)) + told + _outputs(others)


def _code(source: str) -> str:
    """Return code in colours; its lines are numbered, since messages tell them."""
    first = 1 + len(source) - len(source.lstrip("\n"))  # the highlighter drops empty lines at the beginning
    options = {"linenos": "inline", "linenostart": first} if source.count("\n") > 2 else {}
    return _bounded(Highlight2HTML(extra_formatter_options=options), source) if source.strip() else ""


def _outputs(outputs: list[NotebookNode]) -> str:
    """Return what a cell wrote, up to the limit."""
    parts, left, label = [], TEXT_LIMIT, ""
    for kind, raw in _joined(filter(None, map(_output, outputs))):
        if left <= 0 and kind != "picture":
            left -= len(raw)
            continue
        before, label = label, LABELS.get(kind, "output")
        parts.append(f'<p class="label">{label}</p>' if label != before else "")
        parts.append(f'<div class="{kind}">{_picture(raw) if kind == "picture" else WRITERS[kind](raw[:left])}</div>')
        left -= 0 if kind == "picture" else len(raw)
    if left < 0:
        parts.append(_note(f"{-left:,} more characters are left out here."))
    return f'<div class="output">{"".join(parts)}</div>' if parts else ""


def _joined(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Put together what was written to one stream without anything in between."""
    for kind, group in groupby(pieces, key=itemgetter(0)):
        if kind in ("stdout", "stderr"):
            yield kind, _settled("".join(raw for _, raw in group))
        else:
            yield from group


def _output(output: NotebookNode) -> tuple[str, str] | None:
    """Choose the form in which an output is shown; a picture comes as an address that holds it."""
    if output.get("output_type") == "stream":
        return ("stderr" if output.get("name") == "stderr" else "stdout"), _text(output.get("text", ""))
    if output.get("output_type") == "error":
        traceback = _settled(_text(output.get("traceback", ""), "\n"))
        return "error", traceback or f"{output.get('ename')}: {output.get('evalue')}"
    data = output.get("data", {})
    for kind in PICTURES:
        if kind in data:
            return "picture", f"data:{kind};base64,{''.join(_text(data[kind]).split())}"
    # A card anywhere but in the cell of its check is no verdict, and is not to look like one.
    for kind, name in FORMS.items() if VERDICT_MIME not in data else ():
        if kind in data:
            return name, _text(data[kind])
    return ("text", _settled(_text(data["text/plain"]))) if "text/plain" in data else None


def _settled(text: str) -> str:
    """Return text as a terminal would leave it: without colours, the last state of a progress bar."""
    lines = strip_ansi(text).replace("\b", "").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def _picture(address: str) -> str:
    _, _, content = address.partition(",")
    if len(content) > PICTURE_LIMIT:
        return _note("A picture is left out: it is too large.")
    if not BASE64.fullmatch(content):
        return _note("A picture is left out: it is damaged.")
    return f'<img src="{address}" alt="a picture that this cell drew">'


def _plain(text: str) -> str:
    return f'<pre tabindex="0">{escape(text)}</pre>'


WRITERS: dict[str, Callable[[str], str]] = {
    "text": _plain,
    "stdout": _plain,
    "stderr": _plain,
    "error": _plain,
    "html": harmless,
    "markdown": prose,
}
FORMS = {"text/html": "html", "text/markdown": "markdown", "text/latex": "text"}
LABELS = {"stderr": "stderr", "error": "error"}


def _bounded(write: Callable[[str], str], text: str) -> str:
    more = len(text) - TEXT_LIMIT
    return write(text[:TEXT_LIMIT]) + (_note(f"{more:,} more characters are left out here.") if more > 0 else "")


def _note(sentence: str) -> str:
    return f'<p class="note">{sentence}</p>'


def _text(value: Any, between: str = "") -> str:
    return between.join(map(str, value)) if isinstance(value, list) else str(value)
