"""`autograder grade` and `validate` from start to end, with the real nbgrader."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

from autograder.checks.registry import find_assignment
from autograder.cli import main
from autograder.course.folder import Course
from autograder.notebook import damage
from autograder.notebook.sample import SAMPLES, write_sample_class

NAME = "03_residual_blocks"

SCORES = {sample.student: sample.score for sample in SAMPLES}
"""What each sample is worth."""

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def samples(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample class."""
    folder = tmp_path_factory.mktemp("samples")
    dict(write_sample_class(built_course, find_assignment(NAME), folder))
    return folder


def run(course: Course, *arguments: object) -> Result:
    """Run the command on a course."""
    return CliRunner().invoke(main, ["--course", str(course.root), *map(str, arguments)])


def test_a_class_with_a_broken_submission(built_course: Course, samples: Path, tmp_path: Path) -> None:
    """What is no notebook, or is not there, is one sentence; the rest is graded, and gets feedback."""
    submitted = tmp_path / "submitted"
    shutil.copytree(samples / "syntax-error", submitted / "syntax-error")
    (submitted / "empty" / NAME).mkdir(parents=True)
    (submitted / "pdf" / NAME).mkdir(parents=True)
    (submitted / "pdf" / NAME / f"{NAME}.ipynb").write_bytes(b"%PDF-1.7 \xff")
    result = run(built_course, "grade", submitted, "--results", tmp_path / "out" / "results.json")
    assert result.exit_code == 0, result.output
    graded = {one["student"]: one for one in json.loads((tmp_path / "out" / "results.json").read_text())}
    assert {student: one["score"] for student, one in graded.items()} == {"empty": 0, "pdf": 0, "syntax-error": 10}
    assert graded["pdf"]["message"] == f"{NAME}.ipynb is not a notebook"
    assert graded["empty"]["message"] == f"there is no notebook in the folder; {NAME}.ipynb was expected"
    messages = {check["exercise"]: check["message"] for check in graded["syntax-error"]["checks"]}
    assert messages["identity_block"].startswith("identity_block is not defined")
    assert "entered into the gradebook" in result.output

    pages = run(built_course, "feedback", submitted)
    assert pages.exit_code == 0, pages.output
    assert "pages in " in pages.output
    written = {page.parts[-3]: page.read_text(encoding="utf-8") for page in tmp_path.glob("feedback/*/*/*.html")}
    assert "<h2>Your notebook as it was run</h2>" in written["syntax-error"]
    assert "<strong>10</strong> of 20 points" in written["syntax-error"]
    assert graded["pdf"]["message"] in written["pdf"]
    assert graded["empty"]["message"] in written["empty"]


def test_feedback_before_grading(built_course: Course, samples: Path, tmp_path: Path) -> None:
    """Where nothing was graded, there is no page, and the command says so."""
    shutil.copytree(samples / "right", tmp_path / "submitted" / "right")
    pages = run(built_course, "feedback", tmp_path / "submitted")
    assert pages.exit_code == 2, pages.output
    assert "was graded yet: run `autograder grade" in pages.output


@pytest.mark.slow
def test_scores_of_the_sample_class(built_course: Course, samples: Path, tmp_path: Path) -> None:
    """Each sample gets the score that its named change is worth."""
    shutil.copytree(samples, tmp_path / "submitted")
    result = run(built_course, "grade", tmp_path / "submitted", "--results", tmp_path / "results.json")
    assert result.exit_code == 0, result.output
    graded = json.loads((tmp_path / "results.json").read_text())
    assert {one["student"]: one["score"] for one in graded} == SCORES
    assert [line.rstrip() for line in result.stdout.splitlines()] == readme_table()


def readme_table() -> list[str]:
    """Return the lines of README's table, which `make demo` prints."""
    block = README.partition("<!-- demo: begin -->")[2].partition("<!-- demo: end -->")[0]
    return block.strip().removeprefix("```text").removesuffix("```").strip().splitlines()


def test_readme_shows_the_scores_of_the_sample_class() -> None:
    """README's table has each sample with the score that its change is worth."""
    rows = [line.split() for line in readme_table()[1:-2]]
    assert {row[0]: row[4] for row in rows} == {student: f"{score:g}/20" for student, score in SCORES.items()}


def test_validate_a_right_notebook_with_noise(samples: Path, tmp_path: Path) -> None:
    """A right notebook that writes to stderr passes every check, and `validate` exits with 0."""
    notebook = nbformat.read(samples / "right" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id in ("identity_block", "convolutional_block"):
            cell.source = cell.source.replace(
                "    ### START",
                "    import os, sys, warnings\n"
                "    print('noise', file=sys.stderr)\n"
                "    os.write(2, b'noise')\n"
                "    warnings.warn('noise')\n"
                "    ### START",
            )
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "mine.ipynb")])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "score: 20 of 20"
    assert result.output.count("✓ passed") == 16
    assert "Traceback" not in result.output


def test_validate_a_wrong_notebook(samples: Path) -> None:
    """A notebook with a failed check makes `validate` exit with 1 and say what was tried, expected and got."""
    result = CliRunner().invoke(main, ["validate", "--hints", "3", str(samples / "one-wrong" / NAME / f"{NAME}.ipynb")])
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "score: 13 of 20"
    for word in ("tried: X of", "expected: ", "got: ", "hint: ", "where to look: ", "mistake: "):
        assert word in result.output
    assert "To be told more" not in result.output


def test_validate_tells_one_hint(samples: Path, tmp_path: Path) -> None:
    """Without being asked it tells the first hint alone, and what stopped a cell."""
    notebook = nbformat.read(samples / "one-wrong" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id == "convolutional_block":
            cell.source = cell.source.replace("    ### START", "  ### START\n    pass", 1) + "\n   wrong = 1"
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "mine.ipynb")])
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "To be told more: --hints 2, up to 3."
    assert "    hint: " in result.output
    assert not any(word in result.output for word in ("where to look: ", "the mistake: "))
    assert "the cell of convolutional_block stopped: IndentationError: " in result.output


def test_sample_class_page_shows_the_scores() -> None:
    """The page has each sample with its score, and the same from plain nbgrader where nothing is damaged."""
    page = (Path(__file__).parents[1] / "docs" / "sample-class.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")][1:]
    scores = {row[0]: row[2] for row in rows if not set(row[0]) <= {"-", " "}}
    assert scores == {student: f"{score:g}" for student, score in SCORES.items()}
    whole = [sample.student for sample in SAMPLES if sample.damage is damage.none and sample.file == SAMPLES[0].file]
    assert all(row[2] == row[3] or row[3] == "no grade" for row in rows if row[0] in whole)
