"""Mend a submitted notebook so that it can be graded, and say in a sentence what was mended.

Notebook programs drop metadata, copy ids, split cells; students delete checks. The exercise is what counts: it is
found by `grade_id`, else by the name of the function that a cell defines. An undamaged notebook is not touched.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.grading.cells import (
    NotANotebook,
    assignment_cells,
    calls_check,
    checks_of,
    defined_functions,
    grade_id,
    is_code,
    may_be_replaced,
    well_formed,
)

Step = Callable[[NotebookNode, NotebookNode], list[str]]
"""Changes a submission in place, given the release; returns a sentence for each thing that it mended."""


def repair(submitted: Any, release: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """Mend a submission.

    Args:
        submitted: what the submitted file holds, as JSON gives it; nothing of it is changed.
        release: the assignment's release notebook.

    Returns:
        The notebook to be graded, and a sentence for each thing that was mended; none if nothing was.

    Raises:
        NotANotebook: if it has no list of cells, or is nested deeper than Python can follow.
    """
    try:
        notebook, sentences = well_formed(submitted)
    except RecursionError:
        raise NotANotebook("the file is nested too deeply to be a notebook") from None
    for step in STEPS:
        sentences += step(notebook, release)
    return notebook, tuple(sentences)


def give_the_kernel_back(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Use the course's kernel: the name of a student's own one means nothing on another machine."""
    own, ours = notebook.metadata.get("kernelspec", {}), release.metadata.kernelspec
    if isinstance(own, dict) and own.get("name") == ours.name and own.get("language", "python") == "python":
        notebook.metadata["kernelspec"] = ours  # Colab leaves the language out, which nbgrader asks for
        return []
    notebook.metadata["kernelspec"] = ours
    return ["The notebook named another kernel; the course's Python was used."]


def join_split_functions(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Join a code cell that begins in the middle of a function to the cell before it."""
    wanted = {name for name, cell in assignment_cells(release).items() if cell.metadata.nbgrader.solution}
    sentences = []
    for number in range(len(notebook.cells) - 1, 0, -1):
        before, cell = notebook.cells[number - 1 : number + 1]
        if not (is_code(before) and is_code(cell) and cell.source[:1] in (" ", "\t")):
            continue
        whole = f"{before.source}\n{cell.source}"
        split = (defined_functions(whole) or frozenset()) & wanted
        if defined_functions(cell.source) is None and split:
            before.source = whole
            del notebook.cells[number]
            sentences.append(f"{', '.join(sorted(split))} was split over two cells; they were joined.")
    return sentences


def find_solutions(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Mark the one cell of each exercise: by grade_id if it defines the function, else the last that does."""
    sentences = []
    for name, released in assignment_cells(release).items():
        if not released.metadata.nbgrader.solution:
            continue
        marked = [cell for cell in notebook.cells if grade_id(cell) == name]
        defining = [cell for cell in notebook.cells if is_code(cell) and name in (defined_functions(cell.source) or ())]
        both = [cell for cell in marked if cell in defining]
        chosen = (both or _before_the_checks(notebook, release, name, defining) or defining or marked or [None])[-1]
        for cell in marked:
            if cell is not chosen:
                del cell.metadata["nbgrader"]
        if chosen is None:
            continue
        if not marked:
            sentences.append(f"The cell of {name} had lost its marking; it was found by the function's name.")
        elif chosen not in marked:
            sentences.append(f"{name} was defined in another cell than its own; that cell was graded.")
        elif len(marked) > 1:
            sentences.append(f"Several cells were marked as {name}; the last one that defines it was graded.")
        chosen.metadata["nbgrader"] = released.metadata.nbgrader
        if chosen.cell_type != "code":
            _turn_into_code(chosen)
            sentences.append(f"The cell of {name} had become text; it was run as code.")
    return sentences


def _before_the_checks(notebook: NotebookNode, release: NotebookNode, name: str, cells: list[Any]) -> list[Any]:
    """Return those cells that stand before the exercise's first check: what comes later is a student's own trial."""
    checks = [cell for cell in checks_of(release, name) if cell.metadata.nbgrader.grade]
    places = [
        place
        for place, cell in enumerate(notebook.cells)
        if any(grade_id(cell) == grade_id(check) or calls_check(cell, check) for check in checks)
    ]
    before = notebook.cells[: min(places)] if places else []
    return [cell for cell in cells if any(cell is earlier for earlier in before)]


def put_locked_cells_back(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Put back what students do not write: the setup cell and the checks, each with its own text and place."""
    mended: dict[str, list[str]] = {
        "missing": [],
        "unmarked": [],
        "written": [],
        "changed": [],
        "doubled": [],
        "moved": [],
    }
    for name, released in assignment_cells(release).items():
        if released.metadata.nbgrader.solution:
            continue
        marked = [cell for cell in notebook.cells if grade_id(cell) == name]
        found = marked or [cell for cell in notebook.cells if calls_check(cell, released)]
        own = [cell for cell in found if not may_be_replaced(cell, released)]
        for cell in own:  # what a student wrote into a locked cell is kept as a cell of its own
            del cell.metadata["nbgrader"]
            mended["written"].append(name)
        found = [cell for cell in found if not any(cell is kept for kept in own)]
        if found:
            for kind in _mend_locked_cell(notebook, found, bool(marked), released):
                mended[kind].append(name)
        else:
            if not own:
                mended["missing"].append(name)
            notebook.cells.insert(_place_of(notebook, release, name), _fresh(released))
        _put_behind_its_exercise(notebook, release, name, mended["moved"])
    return [SENTENCES[kind].format(_listed(names)) for kind, names in mended.items() if names]


def _listed(names: list[str]) -> str:
    """Name a few things, and count the others."""
    more = len(names) - NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:NAMED])} and {more} more"


NAMED = 3
"""How many cells a sentence names."""

SENTENCES = {
    "missing": "These cells were missing and were put back: {}.",
    "unmarked": "These cells had lost their marking and were found by their text: {}.",
    "written": "There was other code in these cells; it was kept, and the cells put back below it: {}.",
    "changed": "These cells had been changed; their own text was used: {}.",
    "doubled": "These cells were there more than once; the first was used: {}.",
    "moved": "These cells stood before what they need and were moved behind it: {}.",
}


def _mend_locked_cell(notebook: NotebookNode, found: list[Any], marked: bool, released: Any) -> Iterator[str]:
    """Make a found cell what it was in the release, and yield what had happened to it."""
    first, *others = found
    for cell in others:
        notebook.cells = [kept for kept in notebook.cells if kept is not cell]
    if others:
        yield "doubled"
    if not marked:
        yield "unmarked"
    if first.source.strip() != released.source.strip() or first.cell_type != "code":
        yield "changed"
        first.source = released.source
        _turn_into_code(first)
    # Points and marks are the release's, whatever the submission says.
    first.metadata["nbgrader"] = released.metadata.nbgrader
    first.metadata["tags"] = released.metadata.get("tags", [])


def _place_of(notebook: NotebookNode, release: NotebookNode, name: str) -> int:
    """Return where a missing cell belongs: behind the nearest cell of the release before it that is there."""
    known = assignment_cells(release)
    before = list(known)[: list(known).index(name)]
    places = [i for i, cell in enumerate(notebook.cells) if grade_id(cell) in before]
    solutions = [n for n in before if known[n].metadata.nbgrader.solution]
    if not known[name].metadata.nbgrader.grade:
        return 0  # the setup cell
    # A solution that is not marked yet would be missed: then the check goes to the end.
    lost = solutions and solutions[-1] not in {grade_id(cell) for cell in notebook.cells}
    return len(notebook.cells) if lost or not places else max(places) + 1


def _put_behind_its_exercise(notebook: NotebookNode, release: NotebookNode, name: str, moved: list[str]) -> None:
    """Move a check that stands before the cell of its exercise."""
    known = assignment_cells(release)
    solutions = [n for n in list(known)[: list(known).index(name)] if known[n].metadata.nbgrader.solution]
    places = {grade_id(cell): i for i, cell in enumerate(notebook.cells) if grade_id(cell)}
    needed = places.get(solutions[-1]) if solutions else None
    if needed is not None and places[name] < needed:
        cell = notebook.cells.pop(places[name])
        notebook.cells.insert(needed, cell)  # what was taken out before it made the place one less
        moved.append(name)


def _fresh(released: Any) -> Any:
    return new_code_cell(released.source, metadata=copy.deepcopy(dict(released.metadata)), id=released.id)


def _turn_into_code(cell: Any) -> None:
    cell.cell_type = "code"
    cell.setdefault("outputs", [])
    cell.setdefault("execution_count", None)
    cell.pop("attachments", None)


def forget_unknown_marks(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Take nbgrader's marks from cells that the assignment does not have; nbgrader would stop at them."""
    known = assignment_cells(release).keys()
    foreign = [cell for cell in notebook.cells if "nbgrader" in cell.metadata and grade_id(cell) not in known]
    for cell in foreign:
        del cell.metadata["nbgrader"]
    return [f"{len(foreign)} cells were marked as graded that this assignment does not have."] if foreign else []


def make_ids_unique(notebook: NotebookNode, release: NotebookNode) -> list[str]:
    """Give each cell an id of its own; a copied id ends nbgrader's run."""
    seen: set[str] = set()
    renamed = 0
    for number, cell in enumerate(notebook.cells):
        if cell.id in seen:
            cell.id = f"cell-{number}-{len(seen)}"
            renamed += 1
        seen.add(cell.id)
    return [f"{renamed} cells had the id of another cell; they were given new ones."] if renamed else []


STEPS: tuple[Step, ...] = (
    give_the_kernel_back,
    join_split_functions,  # before functions are looked for
    find_solutions,  # before checks are placed behind them
    put_locked_cells_back,
    forget_unknown_marks,
    make_ids_unique,  # last: cells were added
)
