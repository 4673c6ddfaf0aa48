"""Makes the submissions: copies of the release notebook with what an entry hands in."""

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import Change, Variant, changed, load_mistakes, load_styles
from autograder.notebook.gaps import END, START, gaps_of
from tests.attacks.attack import REACHED, Entry, Honest, Notebook, Places

NAME = "03_residual_blocks"
FIRST_BLOCK, LAST_CHECK = "identity_block", "convolutional_block-size"

HELPERS = f'''
STOLEN, SAID = {{}}, {{}}

def say(text):
    """Print, and keep what was said while a block was called, when nothing is shown."""
    SAID[str(text)[:200_000]] = None
    print(str(text)[:200_000])

def reached(what, condition=True):
    """Say that something was got hold of that should be out of reach."""
    if condition:
        say({REACHED!r} + str(what)[:300])

def tried(action, *arguments, **keywords):
    """Do what may be refused, and return what it gave, or None."""
    try:
        return action(*arguments, **keywords)
    except Exception:
        return None

def text_of(path):
    """Read a file."""
    with open(path, errors="replace") as file:
        return file.read(3_000_000)

def shown(path):
    """Show what is in a file or in a folder's files, and use the blocks that it defines."""
    import os
    if os.path.isdir(path):
        for place in sorted(os.listdir(path)):
            tried(shown, path + "/" + place)
    else:
        text = text_of(path)
        say(text)
        if "def " + "identity_block(" in text:
            tried(use, text)

def use(text):
    """Take the blocks out of somebody else's source."""
    import json
    if text.lstrip().startswith("{{"):
        cells = json.loads(text)["cells"]
        solutions = [cell for cell in cells if cell["metadata"].get("nbgrader", {{}}).get("solution")]
        text = "\\n".join("".join(cell["source"]) for cell in solutions)
    space = dict(globals())
    tried(exec, text, space)
    if "START CODE" in text and "Not" + "Implemented" not in text:
        STOLEN.update({{name: space[name] for name in ("identity_block", "convolutional_block")}})
'''
"""What the attacks' code has at hand."""


class Maker:
    """Makes submissions.

    Args:
        course: with a built release.
        places: what the attacks are told.
    """

    def __init__(self, course: Course, places: Places) -> None:
        """Read the release, the gaps and the styles."""
        self._places = places
        path = course.releases / NAME / f"{NAME}.ipynb"
        self._release = json.loads(path.read_text(encoding="utf-8"))
        assignment = find_assignment(NAME)
        self._gaps = {gap.name: gap for gap in gaps_of(course, assignment)}
        self._variants: dict[tuple[str, str], Variant] = {
            (exercise.name, variant.name): variant
            for exercise in assignment.exercises
            for variant in (*load_styles(course, exercise), *load_mistakes(course, exercise))
        }
        self.styles = {name: variant.sentence for (_, name), variant in self._variants.items()}

    def write(self, folder: Path, entry: Entry) -> None:
        """Write an entry into the folder `<student>/<assignment>`."""
        folder.mkdir(parents=True)
        right = isinstance(entry, Honest)
        notebook = copy.deepcopy(self._release)
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if name in self._gaps:
                cell["source"] = self._block(name, "".join(cell["source"]), entry)
        prelude = f"AT = {dict(self._places.paths)!r}\nPORTS = {dict(self._places.ports)!r}\n{HELPERS}"
        prelude += f"NONCE, ME = {self._places.nonce!r}, {entry.name!r}\n"
        _insert(notebook, FIRST_BLOCK, [*([] if right else [prelude]), *entry.cells], 0)
        _insert(notebook, LAST_CHECK, entry.after, 1)
        content = entry.change(notebook) if entry.change else None
        data = json.dumps(notebook, indent=1).encode() if content is None else content
        (folder / f"{NAME}.ipynb").write_bytes(data)
        for place, extra in entry.beside.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(extra)
        if entry.arrange:
            entry.arrange(folder, self._places)

    def _block(self, name: str, released: str, entry: Entry) -> str:
        """Return the text of a block as an entry has it."""
        text = released
        if isinstance(entry, Honest):
            variant = self._variants.get((name, entry.style))
            text = changed(self._gaps[name].source, variant) if variant else self._gaps[name].source
        marker = f"    ### {START} ###\n"
        if entry.answer:
            end = f"    ### {END} ###"
            head, tail = text.partition(marker)[0], text.partition(end)[2]
            text = f"{head}{marker}{_in_block(entry.answer)}{end}{tail}"
        if entry.inside:
            variant = Variant("", "", (Change(marker, marker + _in_block(entry.inside)),))
            text = changed(text, variant)
        return text


def _in_block(lines: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in lines.strip("\n").split("\n"))


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return the name by which nbgrader knows a cell; empty if it has none."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def place_of(notebook: Notebook, name: str) -> int:
    """Return the index of a cell that nbgrader knows."""
    return [grade_id(cell) for cell in notebook["cells"]].index(name)


def code_cell(source: str, name: str, **metadata: Any) -> dict[str, Any]:
    """Return a code cell as JSON."""
    cell = {"cell_type": "code", "id": name, "metadata": metadata, "source": source}
    return {**cell, "outputs": [], "execution_count": None}


def _insert(notebook: Notebook, name: str, sources: Iterable[str], behind: int) -> None:
    place = place_of(notebook, name) + behind
    cells = [code_cell(source, f"{'after' if behind else 'before'}-{n}") for n, source in enumerate(sources)]
    notebook["cells"][place:place] = cells
