"""The feedback page: what it tells, and how."""

import re
from dataclasses import replace

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.model import GradedSubmission, Outcome, Verdict
from autograder.report.cells import NOTEBOOK_LIMIT, PICTURE_LIMIT, TEXT_LIMIT
from autograder.report.feedback import OUR_FAULT, feedback_html
from autograder.report.harmless import ATTACHED_LIMIT
from autograder.report.page import DARK, LIGHT, POLICY
from tests.report.pages import (
    ADA,
    BAD_HALF,
    FAILED,
    PASSED,
    PIXEL,
    SOLUTION,
    Tree,
    card,
    code,
    display,
    grade_cell,
    page_of,
)


def test_a_forged_card_is_no_verdict() -> None:
    """A card in any cell but its check's is shown as plain text."""
    forged = replace(FAILED, outcome=Outcome.PASSED, points=2, message="forged")
    page = page_of(code(card(forged)))
    assert page.count("border-left:.3em") == len(ADA.verdicts)
    assert "✓ passed (2 of 2 points)" in Tree(page).text("pre")


def test_the_verdict_of_a_check_is_the_graded_one() -> None:
    """In the cell of a check stands what was graded, not what the cell displayed; other outputs are shown."""
    noise = new_output("stream", name="stdout", text="some noise")
    forged = replace(FAILED, outcome=Outcome.PASSED, points=2, sentence="forged")
    text = Tree(page_of(grade_cell("double-negative", card(forged), noise))).text("section")
    assert "forged" not in text
    assert "some noise" in text
    assert text.count("✗ failed") == 3  # the two verdicts above, and the one in the cell


def test_outputs_of_a_check_that_was_not_judged() -> None:
    """Where there is no verdict, the cell's card is plain text."""
    graded = replace(ADA, outcome=Outcome.ERROR, verdicts=(), message="broken")
    page = page_of(grade_cell("double-negative", card(FAILED)), graded=graded)
    assert "border-left:.3em" not in page
    assert "✗ failed (0 of 2 points)" in Tree(page).text("pre")


@pytest.mark.parametrize("end", ["\n### END HIDDEN TESTS", ""])
@pytest.mark.parametrize("verdicts", [ADA.verdicts, ()])
def test_hidden_lines(end: str, verdicts: tuple[Verdict, ...]) -> None:
    """Of a check's cell only the visible line is shown, also where a traceback holds the others."""
    traceback = ["----> 1 check('double-negative')", "      4 secret_call('double-negative')"]
    error = new_output("error", ename="NameError", evalue="no check", traceback=traceback)
    page = page_of(grade_cell("double-negative", error, hidden=end), graded=replace(ADA, verdicts=verdicts))
    assert "check('double-negative')" in Tree(page).text("pre")
    for word in ("HIDDEN", "secret_call", "somewhere"):
        assert word not in page


def test_hidden_lines_of_a_cell_that_cannot_be_rendered() -> None:
    """A check's cell whose outputs are malformed is shown as plain text, without its hidden lines."""
    cell = grade_cell("double-negative")
    cell.outputs = [NotebookNode(output_type="display_data", data=7)]
    page = feedback_html(ADA, NotebookNode(cells=[cell]))
    assert "This cell cannot be shown otherwise." in Tree(page).text()
    assert "secret_call" not in page


def test_scores_and_contents() -> None:
    """The head tells student, assignment and score; the contents lead to each exercise, with its checks and points."""
    tree = Tree(page_of(SOLUTION))
    assert tree.text("title") == "Feedback on 00_toy for ada"
    assert "1 of 4 points" in tree.text("header")
    for words in ("double1 of 21 of 3", "half0 of 10 of 1", "together1 of 31 of 4"):
        assert words in tree.text("nav")
    for verdict in ADA.verdicts:
        for words in (verdict.sentence, verdict.message, verdict.tried, verdict.expected, verdict.got):
            assert words in tree.text("main")


def test_links_within_the_page() -> None:
    """Each link within the page has its target: exercises, checks, the notebook and the cell of each gap."""
    cells = [SOLUTION, grade_cell("double-negative"), grade_cell("half-even")]
    tree = Tree(page_of(new_markdown_cell("prose"), *cells))
    links = {a["href"].removeprefix("#") for a in tree.all("a")}
    assert links <= set(tree.ids())
    assert {"exercise-double", "exercise-half", "notebook", "cell-1", "check-half-even"} <= links


def test_landmarks() -> None:
    """The page has a language, a header, a navigation with a name, a main part, and headings in order."""
    tree = Tree(page_of(new_markdown_cell("# One\n\n## Two")))
    names = [tag for tag, _ in tree.elements]
    assert tree.all("html") == [{"lang": "en"}]
    assert names.index("header") < names.index("nav") < names.index("main")
    assert tree.all("nav")[0]["aria-label"]
    assert [tag for tag in names if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h2", "h2", "h3", "h4"]
    assert all("alt" in picture for picture in tree.all("img"))


def test_repairs() -> None:
    """What was repaired is told, one sentence an item; where nothing was, there is no such section."""
    sentences = ("A check was missing and was put back.", "A cell was there twice.")
    tree = Tree(feedback_html(replace(ADA, repairs=sentences), None))
    assert all(sentence in tree.text("li") for sentence in sentences)
    assert "repaired" not in Tree(feedback_html(ADA, None)).text()


def test_not_a_notebook() -> None:
    """What could not be judged has a page with its reason and its score, and no notebook."""
    graded = GradedSubmission("ada", "00_toy", Outcome.FAILED, 0, 4, 0.1, message="00_toy.ipynb is not a notebook")
    tree = Tree(feedback_html(graded, None))
    assert "00_toy.ipynb is not a notebook" in tree.text("section")
    assert "0 of 4 points" in tree.text("header")
    assert "notebook" not in tree.ids()


def test_our_fault() -> None:
    """A fault of ours is told as such, without a score, and without its reason, which may tell paths."""
    broken = GradedSubmission("ada", "00_toy", Outcome.ERROR, 0, 4, 0.1, message="no space on /secret/place")
    tree = Tree(feedback_html(broken, None))
    assert OUR_FAULT in tree.text("section")
    assert "0 of 4" not in tree.text()
    one = replace(FAILED, outcome=Outcome.ERROR, message="no seed in /secret/place")
    page = feedback_html(replace(ADA, outcome=Outcome.ERROR, verdicts=(PASSED, one)), None)
    assert OUR_FAULT in page
    for text in (tree.text(), page):
        assert "/secret/place" not in text


def test_the_same_end_is_told_once() -> None:
    """What ended several checks alike is told at the first; what only resembles it is told each time."""
    alike = [
        replace(FAILED, check=f"double-{n}", message="double raised KeyError", tried="double(1)") for n in range(3)
    ]
    text = Tree(feedback_html(replace(ADA, verdicts=tuple(alike)), None)).text("main")
    assert (text.count("double raised KeyError"), text.count("as above")) == (1, 2)
    differ = tuple(replace(verdict, look_at=f"look at {verdict.check}") for verdict in alike)
    assert "as above" not in Tree(feedback_html(replace(ADA, verdicts=differ), None)).text("main")


def test_hints_are_open_and_told_once() -> None:
    """A recognised mistake shows both hints and its name at the first check; the others link to it."""
    named = replace(BAD_HALF, mistake="twice", hint="Look at the factor.", where="The last line.", named="It is 2.")
    other = replace(named, check="half-odd", got="3")
    tree = Tree(feedback_html(replace(ADA, verdicts=(PASSED, named, other)), None))
    text = tree.text("main")
    for words in ("Look at the factor.", "The last line.", "It is 2."):
        assert text.count(words) == 1
    assert "the same mistake as above, see half-even" in text
    assert not tree.all("details")
    assert {"href": "#check-half-even"} in tree.all("a")


def test_self_contained() -> None:
    """The page forbids the browser all but its own style and pictures within it, and names no other file."""
    page = page_of(SOLUTION, code(display(**{"image/png": PIXEL})))
    tree = Tree(page)
    policies = [meta["content"] for meta in tree.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [POLICY]
    assert "default-src 'none'" in POLICY
    assert "script-src" not in POLICY
    assert not re.search(r"url\(|@import|https?:", tree.text("style"))
    assert [picture["src"] for picture in tree.all("img")] == [f"data:image/png;base64,{PIXEL}"]
    assert len(page) < 20_000


def test_light_dark_and_paper() -> None:
    """The page is light, dark where the reader's screen is, and light on paper."""
    style = Tree(page_of()).text("style")
    before, dark = style.split("@media screen and (prefers-color-scheme:dark)")
    assert f"--page:{LIGHT['page']}" in before
    assert f"--page:{DARK['page']}" in dark
    assert "@media print" in dark


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour. Source: WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("name", sorted(LIGHT.keys() - {"page", "panel", "line"}))
def test_contrast(colours: dict[str, str], name: str) -> None:
    """Each colour of text has the contrast of WCAG's level AA, 4.5 to 1, on both backgrounds."""
    for background in ("page", "panel"):
        dark, light = sorted([luminance(colours[name]), luminance(colours[background])])
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_prose() -> None:
    """Markdown becomes HTML: headings below ours, tables, hints, links, formulas as they are written, no files."""
    text = (
        "# Title\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n<details><summary>Hint</summary>\n\n*look*\n\n</details>\n\n"
        "[paper](https://arxiv.org/abs/1512.03385) [file](../x.ipynb) $\\gamma < 1$\n"
        "![a](attachment:a) ![b](attachment:b) ![c](c.png)"
    )
    tree = Tree(page_of(new_markdown_cell(text, attachments={"a": {"image/png": PIXEL}})))
    assert tree.text("h3") == "Title"
    assert [cell.get("align") for cell in tree.all("td")[-2:]] == ["center", "right"]
    assert tree.text("em") == "look"
    assert [a.get("href") for a in tree.all("a")][-2:] == ["https://arxiv.org/abs/1512.03385", None]
    assert r"\gamma < 1" in tree.text("code")
    assert len(tree.all("img")) == 1


def test_tables_and_pictures() -> None:
    """A table from pandas and a picture from matplotlib are shown; the table's style is not."""
    style = "<style scoped>\n .dataframe td {color:red}\n</style>"
    frame = f"<div>\n{style}\n<table border='1' class='dataframe'><tr><td>7</td></tr></table></div>"
    tree = Tree(
        page_of(code(display(html=frame, plain="7"), display(**{"image/png": PIXEL + "\n", "plain": "<Figure>"})))
    )
    assert tree.text("td").endswith("7")
    assert "dataframe" not in tree.text()
    assert len(tree.all("img")) == 1
    assert "<Figure>" not in tree.text()


def test_text_as_in_a_terminal() -> None:
    """Colours of a terminal are dropped, of a progress bar its last state is shown, chunks of a stream are joined."""
    chunks = ("\x1b[31mred\x1b[0m 1/2", "\r2/2\r\nnext ", "line")
    tree = Tree(page_of(code(*(new_output("stream", name="stdout", text=text) for text in chunks))))
    assert tree.text("pre").endswith("2/2\nnext line")
    assert "red" not in tree.text("pre")
    error = new_output("error", ename="E", evalue="v", traceback=["\x1b[31mE\x1b[39m: v", "\x1b[0;32mline 2\x1b[0m"])
    assert "E: v\nline 2" in Tree(page_of(code(error))).text("pre")


def test_lines_have_their_numbers() -> None:
    """Lines of code are numbered as Python counts them, also below empty lines."""
    tree = Tree(page_of(SOLUTION))
    numbers = [attributes for attributes in tree.all("span") if attributes.get("class") == "linenos"]
    assert len(numbers) == 2
    assert re.search(r"3\s*def double", tree.text("pre"))


def test_demonstrations() -> None:
    """A cell that grading skips says so."""
    page = page_of(new_code_cell("train()", metadata={"tags": ["demonstration", "skip-execution"]}))
    assert "not run while grading" in Tree(page).text()


def test_long_outputs_are_cut() -> None:
    """Of a cell's outputs and of its source at most the limit is shown, and the page says how much is missing."""
    streams = [new_output("stream", name=name, text="é" * (TEXT_LIMIT + 7)) for name in ("stdout", "stderr")]
    page = page_of(code(*streams, source="x" * (TEXT_LIMIT + 5)))
    assert page.count("é") == TEXT_LIMIT
    assert f"{TEXT_LIMIT + 14:,} more characters are left out here." in page
    assert "5 more characters are left out here." in page


def test_large_pictures_are_left_out() -> None:
    """A picture above the limit is left out, and one attached picture is not repeated without end."""
    large = "A" * (PICTURE_LIMIT + 4)
    assert "too large" in page_of(code(display(**{"image/png": large})))
    repeated = new_markdown_cell("![](attachment:a)" * 100, attachments={"a": {"image/png": "A" * 100_000}})
    assert len(Tree(page_of(repeated)).all("img")) == ATTACHED_LIMIT // 100_000


def test_long_notebooks_are_cut() -> None:
    """A notebook of any length makes a page of bounded length that says how many cells are missing."""
    cells = [code(source="(" * TEXT_LIMIT) for _ in range(3)]
    pictures = [code(*[display(**{"image/png": "A" * PICTURE_LIMIT})] * 5) for _ in range(3)]
    page = page_of(*pictures, *cells)
    assert len(page) < NOTEBOOK_LIMIT + 6 * PICTURE_LIMIT
    assert "The other 5 cells are left out: the notebook is long." in page


def test_what_a_person_entered() -> None:
    """A comment and points that were given by hand stand on the page, as text."""
    page = feedback_html(ADA, None, [("double", "Nearly <b>right</b>."), ("double-negative", "extra points: 0.5")])
    items = Tree(page).text("li")
    assert "double: Nearly <b>right</b>." in items
    assert "double-negative: extra points: 0.5" in items
    assert "From the person who graded" not in feedback_html(ADA, None)
