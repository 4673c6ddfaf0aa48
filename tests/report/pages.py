"""Pages of feedback, and their elements as a browser finds them."""

from html.parser import HTMLParser
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.checks.card import Card
from autograder.model import GradedSubmission, Outcome, Verdict
from autograder.report.feedback import feedback_html

PASSED = Verdict("double-positive", "double", Outcome.PASSED, 1, 1, "It doubles positive numbers.")
FAILED = Verdict("double-negative", "double", Outcome.FAILED, 0, 2, "It doubles negative numbers.", "wrong sign")
BAD_HALF = Verdict("half-even", "half", Outcome.FAILED, 0, 1, "It halves even numbers.", "no half", "half(2)", "1", "2")
ADA = GradedSubmission("ada", "00_toy", Outcome.FAILED, 1, 4, 1.5, (PASSED, FAILED, BAD_HALF))

SOLUTION = new_code_cell("\n\ndef double(n):\n    return abs(2 * n)\n", metadata={"nbgrader": {"grade_id": "double"}})
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Tree(HTMLParser):
    """The elements of a page in order, and the text of each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "img", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag  # whatever a student wrote, what is opened is closed

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of each element of one kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, within: str = "body") -> str:
        """Return all text that stands in elements of one kind."""
        return "".join(data for open_tags, data in self.texts if within in open_tags)

    def ids(self) -> list[str]:
        """Return all ids."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def page_of(*cells: NotebookNode, graded: GradedSubmission = ADA) -> str:
    """Return the page of a notebook with some cells."""
    return feedback_html(graded, new_notebook(cells=list(cells)))


def code(*outputs: NotebookNode, source: str = "1") -> Any:
    """Return a code cell with outputs."""
    return new_code_cell(source, outputs=list(outputs))


def grade_cell(check: str, *outputs: NotebookNode, hidden: str = "") -> Any:
    """Return a check's cell, as nbgrader runs it."""
    lines = f"### BEGIN HIDDEN TESTS\nfrom somewhere import secret_call\nsecret_call({check!r}){hidden}"
    metadata = {"nbgrader": {"grade": True, "grade_id": check}}
    return new_code_cell(f"check({check!r})\n{lines}", metadata=metadata, outputs=list(outputs))


def display(**data: Any) -> Any:
    """Return a displayed output; `html=` is short for `text/html`."""
    names = {"html": "text/html", "markdown": "text/markdown", "latex": "text/latex", "plain": "text/plain"}
    return new_output("display_data", data={names.get(name, name): value for name, value in data.items()})


def card(verdict: Verdict) -> Any:
    """Return a card as a cell's output."""
    return new_output("display_data", data=Card(verdict, secret=True)._repr_mimebundle_())
