"""How a verdict looks."""

from dataclasses import replace
from html.parser import HTMLParser

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

NAMED = replace(FAILED, message="wrong", mistake="twice", named="It is twice.", hint="<i>the sum", where="Add")


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


def test_text_tells_all_hints() -> None:
    """A terminal folds nothing: both hints and the mistake follow, in place of the check's general advice."""
    assert text(NAMED).splitlines()[-3:] == [
        "    hint: <i>the sum",
        "    where to look: Add",
        "    the mistake: It is twice.",
    ]
    assert "signs" not in text(NAMED)


def test_html_is_escaped() -> None:
    """What a student wrote cannot become markup."""
    assert "<b>" not in html(FAILED)
    assert "wrong &lt;b&gt;value&lt;/b&gt;" in html(FAILED)
    script = "<script>alert(1)</script>"
    everywhere = replace(
        NAMED, got=script, message=script, tried=script, look_at=script, hint=script, where=script, named=script
    )
    for shown in (html(everywhere), html(everywhere, above=script), html(everywhere, unfolded=True)):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown


class Steps(HTMLParser):
    """Each text of a fragment with how many folds it lies in; what a fold is opened by lies outside it."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.folds, self.depths = 0, dict[str, int]()
        self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.folds += {"details": 1, "summary": -1}.get(tag, 0)

    def handle_endtag(self, tag: str) -> None:
        self.folds -= {"details": 1, "summary": -1}.get(tag, 0)

    def handle_data(self, data: str) -> None:
        self.depths[data] = self.folds


def test_hints_come_one_after_the_other() -> None:
    """The first hint is seen, the second after one click, the mistake after one more; all folds begin closed."""
    depths = Steps(html(NAMED)).depths
    assert (depths["<i>the sum"], depths["Add"], depths["It is twice."]) == (0, 1, 2)
    assert "<details open" not in html(NAMED)
    without_second = Steps(html(replace(NAMED, where=""))).depths
    assert without_second["It is twice."] == 1
    assert Steps(html(replace(NAMED, hint="", where=""))).depths["It is twice."] == 1


def test_a_page_folds_nothing() -> None:
    """On a feedback page, which may be printed, every hint is seen."""
    shown = html(NAMED, unfolded=True)
    assert "<details" not in shown
    assert all(words in shown for words in ("the sum", "Add", "It is twice."))


def test_a_repetition_is_one_line() -> None:
    """A card that refers to another one shows no hint again; what its own check saw is folded away."""
    shown = html(NAMED, above="double-a")
    depths = Steps(shown).depths
    assert not {"<i>the sum", "Add", "It is twice."} & set(depths)
    assert depths["the same mistake as above, see double-a"] == 0
    assert depths["wrong"] == 1
    assert text(NAMED, above="double-a").count("\n") == 1
    assert "<details" not in html(replace(FAILED, expected="", got="", look_at=""), above="double-a")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_outcome_is_a_word(outcome: Outcome) -> None:
    """The outcome is told by a sign and a word, never by colour alone."""
    for shown in (html(replace(FAILED, outcome=outcome)), text(replace(FAILED, outcome=outcome))):
        assert outcome.value.lower() in shown


def test_no_colour_of_the_page_is_set() -> None:
    """Text and background keep the page's colours, light or dark."""
    for shown in (html(FAILED), html(NAMED), html(NAMED, above="double-a")):
        assert "background" not in shown
        assert ";color:" not in shown.replace(" ", "")


def test_three_forms() -> None:
    """A card gives Jupyter HTML, text and values."""
    bundle = Card(FAILED, secret=True)._repr_mimebundle_()
    assert bundle["application/vnd.residual-course.verdict+json"]["secret"] is True
