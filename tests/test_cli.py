"""The command: one sentence for a foreseeable fault, documented exit codes, quick help."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main

COURSE = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--course", "/nowhere", "build"], 2, "Directory '/nowhere' does not exist"),
        (["--course", "/proc", "build"], 2, "is not in a course folder"),
        (["sample", str(COURSE / "docs")], 2, "is no sample class"),
        (["sample", str(COURSE / "LICENSE")], 2, "is no sample class"),
        (["release", "--output", "README.md"], 2, "let it end in .zip"),
        (["validate", str(COURSE)], 2, "is a folder"),
        (["feedback", str(COURSE), "--assignment", "x"], 2, "There is no assignment 'x'"),
        (["grade", str(COURSE), "--results", "/proc/none/x.json"], 2, "cannot be written"),
        (["build", "99_none"], 2, "There is no assignment '99_none'"),
        (["validate", "none.ipynb"], 2, "There is no notebook none.ipynb"),
        (["validate", str(COURSE / "LICENSE")], 2, "is not a notebook"),
        (["grade", "none"], 2, "none is no folder"),
        (["grade", str(COURSE / "autograder")], 2, "holds no submission of "),
        (["grade", str(COURSE), "--assignment", "x"], 2, "There is no assignment 'x'"),
        (["grade"], 2, "Missing argument 'PATHS...'"),
        (["feedback", "none"], 2, "none is no folder"),
        (["solution", "none"], 2, "There is no exercise 'none'; there are:"),
        (["solution", "identity_block", "--assignment", "x"], 2, "There is no assignment 'x'"),
        (["dance"], 2, "No such command 'dance'"),
    ],
)
def test_faults_are_one_sentence(arguments: list[str], code: int, sentence: str) -> None:
    """A foreseeable fault ends with its exit code and a sentence, without a traceback."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_help_needs_no_tensorflow() -> None:
    """`autograder --help` imports neither TensorFlow nor nbgrader, and lists the commands."""
    code = (
        "import sys; sys.argv = ['autograder', '--help']\n"
        "from autograder.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert not {'tensorflow', 'keras', 'nbgrader', 'matplotlib'} & set(sys.modules)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=COURSE)
    for command in ("build", "validate", "grade", "feedback"):
        assert command in shown.stdout


def test_the_solution_of_a_gap_is_shown_to_who_asks() -> None:
    """`autograder solution` prints the lines between the markers, and not what is given."""
    arguments = ["--course", str(COURSE), "solution", "convolutional_block", "--assignment", "03_residual_blocks"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "X = Add()([X, X_shortcut])" in result.output
    assert "START CODE HERE" not in result.output
    assert "def convolutional_block" not in result.output
