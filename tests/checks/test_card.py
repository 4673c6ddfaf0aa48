"""How a verdict looks."""

from dataclasses import replace

import pytest

from autograder.checks.card import Card, html, text
from autograder.model import Outcome, Verdict

FAILED = Verdict(
    "double-positive",
    "double",
    Outcome.FAILED,
    0,
    2,
    "It doubles.",
    "wrong <b>value</b>",
    "double(1)",
    "2",
    "3",
    "signs",
)


def test_text_has_every_part() -> None:
    """Text tells sign, outcome, points, sentence, and each part that is not empty on a line of its own."""
    assert text(FAILED).splitlines() == [
        "✗ failed (0 of 2 points): It doubles.",
        "    what happened: wrong <b>value</b>",
        "    tried: double(1)",
        "    expected: 2",
        "    got: 3",
        "    look at: signs",
    ]


def test_html_is_escaped() -> None:
    """What a student wrote cannot become markup."""
    assert "<b>" not in html(FAILED)
    assert "wrong &lt;b&gt;value&lt;/b&gt;" in html(FAILED)
    assert "<script>" not in html(replace(FAILED, got="<script>alert(1)</script>", message="<script>"))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_outcome_is_a_word(outcome: Outcome) -> None:
    """The outcome is told by a sign and a word, never by colour alone."""
    for shown in (html(replace(FAILED, outcome=outcome)), text(replace(FAILED, outcome=outcome))):
        assert outcome.value.lower() in shown


def test_no_colour_of_the_page_is_set() -> None:
    """Text and background keep the page's colours, light or dark."""
    assert "background" not in html(FAILED)
    assert ";color:" not in html(FAILED).replace(" ", "")


def test_three_forms() -> None:
    """A card gives Jupyter HTML, text and values."""
    bundle = Card(FAILED, secret=True)._repr_mimebundle_()
    assert bundle["application/vnd.residual-course.verdict+json"]["secret"] is True
