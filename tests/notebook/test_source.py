"""The source notebook is made from prose, references and checks."""

from pathlib import Path

import nbformat
import pytest

from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.errors import BuildError
from autograder.model import Assignment, Exercise
from autograder.notebook.gaps import read_gap
from autograder.notebook.source import source_notebook
from tests.checks.toy import DOUBLE, TOY

COURSE = Course(Path(__file__).parents[2])

MODULE = '''\
def helper():
    """Not a gap."""


def double(n):
    """Return 2 n."""
    ### START CODE HERE ###
    result = 2 * n
    ### END CODE HERE ###
    return result
'''

SOURCE = """\
# %% [markdown]
# # Toy

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here.

# %% tags=["solution"]
from solutions.toy import double

# %% tags=["demonstration"]
print(double(2))
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of one toy assignment."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "toy.py").write_text(MODULE)
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    (tmp_path / "notebooks" / "source" / "00_toy.py").write_text(SOURCE)
    return Course(tmp_path)


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a file."""
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_cells(course: Course) -> None:
    """A gap holds the reference's text, one grade cell per check follows it, demonstrations are skipped by nbclient."""
    cells = source_notebook(course, TOY).cells
    assert [cell.id for cell in cells[1:5]] == ["setup", "double", "double-positive", "double-negative"]
    assert cells[2].source == MODULE[MODULE.index("def double") :].rstrip()
    assert [cell.metadata.nbgrader.points for cell in cells[3:5]] == [1, 2]
    assert cells[3].source.splitlines()[0] == 'check("double-positive")'
    assert cells[5].metadata.tags == ["demonstration", "skip-execution"]
    assert cells[1].metadata.nbgrader.locked


def test_setup_cell(course: Course) -> None:
    """The setup cell is the one of all notebooks, with the assignment's own name; Keras is started unless left out."""
    (setup,) = (cell for cell in source_notebook(course, TOY).cells if cell.id == "setup")
    assert setup.source.startswith("import importlib.util\n")
    assert setup.source.endswith('\n\ncheck = checks_for("00_toy")\nstart_keras()')
    rewrite(course.sources / "00_toy.py", "setup_cell.py here.", "setup_cell.py here, without Keras.")
    (without,) = (cell for cell in source_notebook(course, TOY).cells if cell.id == "setup")
    assert without.source.endswith('\nfrom autograder import checks_for\n\ncheck = checks_for("00_toy")')


@pytest.mark.parametrize("name", sorted(MODULES))
def test_two_builds_are_equal(name: str) -> None:
    """The same sources give the same notebook, byte for byte, and it is valid."""
    first, second = (source_notebook(COURSE, find_assignment(name)) for _ in range(2))
    assert nbformat.writes(first) == nbformat.writes(second)
    nbformat.validate(first)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_hidden_lines_hold_no_secret(name: str) -> None:
    """The hidden lines of a grade cell are one call, without seed, case or answer: feedback shows them."""
    for cell in source_notebook(COURSE, find_assignment(name)).cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            check = cell.metadata.nbgrader.grade_id
            assert cell.source.splitlines()[1:] == [
                "### BEGIN HIDDEN TESTS",
                "from autograder.grading.hidden import check_hidden",
                f'check_hidden("{name}", "{check}")',
                "### END HIDDEN TESTS",
            ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# # Toy", "# Write between START CODE HERE and the end.", "names a marker line"),
        ("import double", "import helper", "needs one line with START CODE HERE"),
        ("import double", "import triple", "defines no function triple"),
        ("solutions.toy", "solutions.none", "solutions.none cannot be read"),
        ("import double", "import double, helper", "holds one import of one function"),
        ('# %% tags=["solution"]\nfrom solutions.toy import double', "# %%\n1", "has no gap for: double"),
        ("setup_cell.py here.", "setup_cell.py here?", "tagged setup must be one of: # The builder puts"),
        ('# %% tags=["demonstration"]\nprint(double(2))', "# %% [markdown]\n# # Toy", "Two cells are the same"),
    ],
)
def test_faults_of_a_source(course: Course, old: str, new: str, message: str) -> None:
    """What is wrong with a source is one sentence."""
    rewrite(course.sources / "00_toy.py", old, new)
    with pytest.raises(BuildError, match=message):
        source_notebook(course, TOY)


def test_gap_without_checks(course: Course) -> None:
    """A gap that no exercise judges is refused."""
    with pytest.raises(BuildError, match="has a gap double, of which 00_toy has no checks"):
        source_notebook(course, Assignment("00_toy", "Toy", ()))


def test_given_functions_stand_as_they_are(course: Course) -> None:
    """A cell tagged `given` becomes the text of its functions, which run while grading."""
    old = '# %% tags=["demonstration"]\nprint(double(2))'
    rewrite(course.sources / "00_toy.py", old, '# %% tags=["given"]\nfrom solutions.toy import helper')
    cell = source_notebook(course, TOY).cells[-1]
    assert cell.source == MODULE[: MODULE.index("def double")].rstrip()
    assert cell.metadata.tags == ["given"]
    rewrite(course.sources / "00_toy.py", "from solutions.toy import helper", "helper = len")
    with pytest.raises(BuildError, match="A cell tagged given holds one import of functions"):
        source_notebook(course, TOY)


def test_missing_source(course: Course) -> None:
    """A missing source is named by its path in the course."""
    other = Assignment("01_none", "None", (Exercise(**vars(DOUBLE)),))
    with pytest.raises(BuildError, match=r"notebooks/source/01_none.py of assignment 01_none is missing"):
        source_notebook(course, other)


def test_gap_knows_what_is_given(course: Course) -> None:
    """The lines between the markers are the solution, all others are given."""
    gap = read_gap(course, "solutions.toy", "double")
    assert gap.solution == ("    result = 2 * n",)
    assert "    return result" in gap.given
    assert not any("HERE" in line for line in gap.given)
