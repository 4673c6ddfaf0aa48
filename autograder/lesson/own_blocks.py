"""Functions that a student wrote in an earlier notebook, taken over into a later one.

The notebook is read from the student's own disk and its functions are run as what they are, the student's own code.
While a submission is graded nothing of this happens: the cell that calls `take_over` is a demonstration.
"""

import ast
import json
import linecache
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checks.engine import EMPTY_GAP, PUBLIC_SEED
from autograder.checks.expected import load_expected
from autograder.checks.registry import find_assignment
from autograder.checks.student import judge_in_namespace, syntax_tree
from autograder.course.folder import find_course
from autograder.course.reference import load_reference
from autograder.errors import CourseError
from autograder.model import Exercise, Outcome, Verdict

Function = Callable[..., Any]

AGAIN = "then run this cell again"


@dataclass(frozen=True)
class Taken:
    """A function that was taken over.

    Args:
        function: it, or one that raises and says what is missing.
        became: what became of it, for the student, to be said behind its name.
    """

    function: Function
    became: str


def take_over(*names: str, assignment: str, path: str | Path | None = None, reference: bool = False) -> list[Function]:
    """Take functions over from the student's own notebook of an earlier assignment, and say how good they are.

    Args:
        names: of the functions.
        assignment: of the notebook, such as "03_residual_blocks".
        path: of the notebook, if it lies elsewhere than beside this one or in the folder of its own beside this one's.
        reference: take the course's own functions instead; only where the folder `solutions/` of the course is at hand.

    Returns:
        The functions in the order of their names. One that is missing raises NotImplementedError when it is called.
    """
    exercises = {exercise.name: exercise for exercise in find_assignment(assignment).exercises}
    if reference:
        taken = [_reference(exercises[name]) for name in names]
    else:
        taken = _from_notebook(assignment, [exercises[name] for name in names], path)
    for became in dict.fromkeys(one.became for one in taken):
        of = [name for name, one in zip(names, taken, strict=True) if one.became == became]
        print(f"{' and '.join(of)}: {became}")  # what is true of several is said once
    return [one.function for one in taken]


def _reference(exercise: Exercise) -> Taken:
    try:
        found = load_reference(find_course(), exercise)
    except CourseError as error:
        return _missing(exercise.name, f"the course's own function is not at hand ({error}); take yours over instead")
    return Taken(found, "the course's own, not yours.")


def _from_notebook(assignment: str, exercises: Sequence[Exercise], path: str | Path | None) -> list[Taken]:
    file = f"{assignment}.ipynb"
    places = [Path(path)] if path else [Path("..") / assignment / file, Path(file)]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        where = " nor ".join(str(place) for place in places)
        why = f"your notebook of assignment {assignment} is neither {where}; put it there, or name its path=, {AGAIN}"
        return [
            _missing(exercise.name, why.replace("neither ", "not " if path else "neither ")) for exercise in exercises
        ]
    try:
        cells = code_cells(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"{found} cannot be read as a notebook ({error}); save it again in Jupyter, {AGAIN}"
        return [_missing(exercise.name, why) for exercise in exercises]
    return [_taken(assignment, exercise, found, cells) for exercise in exercises]


def code_cells(file: Path) -> list[tuple[str, str]]:
    """Return the grade_id, or "", and the text of each code cell of a notebook.

    Raises:
        ValueError: if the file is no JSON; KeyError or TypeError if it is no notebook.
    """
    notebook = json.loads(file.read_text(encoding="utf-8"))
    return [
        (cell["metadata"].get("nbgrader", {}).get("grade_id", ""), "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def _taken(assignment: str, exercise: Exercise, file: Path, cells: Sequence[tuple[str, str]]) -> Taken:
    """Run the definitions of a notebook and return one of its functions."""
    name = exercise.name
    own = [text for grade_id, text in cells if grade_id == name and _defines(text, name)]
    own = own or [text for _, text in cells if _defines(text, name)]
    broken = [text for grade_id, text in cells if grade_id == name and _tree(text) is None]
    if not own:
        what = "is no Python: mend the error that it reports when you run it" if broken else "is missing"
        return _missing(name, f"its cell in {file} {what}, save that notebook (Ctrl+S), {AGAIN}")
    namespace: dict[str, Any] = {"__name__": assignment}
    try:
        for text in [*(_definitions(text) for _, text in cells), own[-1]]:
            _run(text, f"<{name} of {os.fspath(file)}>", namespace)
    except Exception as error:
        return _missing(name, f"its cell in {file} raises {type(error).__name__} ({error}); mend it there, {AGAIN}")
    became = _judged(assignment, exercise, file, namespace)
    if not became:
        return _missing(name, f"still empty in {file}; fill the gap there, save that notebook (Ctrl+S), {AGAIN}")
    return Taken(namespace[name], became)


def _run(text: str, name: str, namespace: dict[str, Any]) -> None:
    """Run a cell so that a traceback can show its lines."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), namespace)


def _tree(text: str) -> ast.Module | None:
    """Parse a cell; None if it is no Python."""
    try:
        return syntax_tree("\n".join("pass" if line.startswith(("%", "!")) else line for line in text.split("\n")))
    except (SyntaxError, ValueError):
        return None


def _defines(text: str, name: str) -> bool:
    tree = _tree(text)
    return tree is not None and any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


def _definitions(text: str) -> str:
    """Return the imports and functions of a cell, so that what a function uses is there and nothing else is run."""
    tree = _tree(text)
    kept = list(_kept(tree)) if tree else []
    return "\n".join(ast.unparse(node) for node in kept)


def _kept(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        autograders = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "autograder"
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) and not autograders:
            yield node


def _judged(assignment: str, exercise: Exercise, file: Path, namespace: dict[str, Any]) -> str:
    """Run the checks of the earlier assignment on a function and tell what comes out; "" where its gap is empty."""
    expected = load_expected(assignment, exercise)
    cases = exercise.draw(PUBLIC_SEED)
    verdicts = [judge_in_namespace(exercise, check, cases, expected, namespace) for check in exercise.checks]
    empty = EMPTY_GAP.format(exercise.name), f"{exercise.name} raised NotImplementedError"
    if any(verdict.message.startswith(empty) for verdict in verdicts):
        return ""
    failed = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PASSED]
    return f"taken from {file}; {_how_good(failed, len(verdicts))}"


def _how_good(failed: Sequence[Verdict], count: int) -> str:
    skipped = [verdict for verdict in failed if verdict.outcome is Outcome.SKIPPED]
    wrong = [verdict for verdict in failed if verdict.outcome is not Outcome.SKIPPED]
    if wrong:
        names = ", ".join(verdict.check for verdict in wrong)
        return f"{len(wrong)} of {count} checks fail there ({names}). It costs no points here; mend it, {AGAIN}."
    return f"{count - len(skipped)} of {count} checks pass there" + (
        ", the others cannot be judged." if skipped else "."
    )


def _missing(name: str, why: str) -> Taken:
    """Stand for a function that is not there."""

    def missing(*_: object, **__: object) -> None:
        raise NotImplementedError(
            f"This cell needs {name}, which could not be taken over: see what the cell that takes it over says."
        )

    return Taken(missing, f"{why}.")
