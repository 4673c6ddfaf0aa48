"""Record what the references build in a notebook's figures, so that a student's figure can show what differs.

A figure is a call `draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6])` in the source: the name of an exercise, and
arguments that are written out.
"""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat

from autograder.checks.diagram import Node
from autograder.checks.expected import graph_key, graphs_path
from autograder.checks.quiet import quiet
from autograder.course.folder import Course
from autograder.course.reference import load_reference
from autograder.errors import CourseError
from autograder.model import Assignment

Graphs = Mapping[str, Sequence[Node]]
"""A call, as `graph_key` writes it, to the graph that the reference builds."""

CALL = "draw_model"


def reference_graphs(course: Course, assignment: Assignment, notebook: nbformat.NotebookNode) -> Graphs:
    """Build what each figure of a notebook should show.

    Raises:
        CourseError: if a reference raises.
    """
    from autograder.checks.nodes import model_nodes

    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    found = {}
    for name, shape, *arguments in _figures(notebook):
        if name not in exercises:
            continue
        try:
            with quiet():
                nodes = model_nodes(load_reference(course, exercises[name]), shape, *arguments)
        except Exception as error:
            raise CourseError(f"The reference of {name} builds no graph of {(shape, *arguments)}: {error}.") from error
        found[graph_key(name, shape, arguments)] = nodes
    return found


def _figures(notebook: nbformat.NotebookNode) -> Iterator[tuple[Any, ...]]:
    """Yield function name and arguments of each figure whose arguments are written out."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or CALL not in cell.source:
            continue
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == CALL:
                function, *arguments = call.args
                if isinstance(function, ast.Name) and not call.keywords:
                    try:
                        yield function.id, *map(ast.literal_eval, arguments)
                    except ValueError:  # an argument is computed: the figure shows the student's graph alone
                        continue


def graphs_text(assignment: Assignment, graphs: Graphs) -> str:
    """Return the graphs of an assignment as a file's text, one node a line."""
    parts = []
    for key, nodes in graphs.items():
        lines = ",\n".join(f"  {json.dumps(asdict(node), ensure_ascii=False)}" for node in nodes)
        parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
    head = f'{{"assignment": {json.dumps(assignment.name)}, "by": "autograder build", "graphs": {{\n'
    return head + ",\n".join(parts) + "\n}}\n"


def are_recorded(assignment: Assignment, graphs: Graphs, folder: Path) -> bool:
    """Tell whether a folder holds these graphs; an assignment without figures has no file."""
    path = graphs_path(folder, assignment.name)
    if not graphs:
        return not path.exists()
    return path.is_file() and path.read_text(encoding="utf-8") == graphs_text(assignment, graphs)


def write_graphs(assignment: Assignment, graphs: Graphs, folder: Path) -> None:
    """Write the graphs of an assignment, or remove those of one that has no figures any more."""
    path = graphs_path(folder, assignment.name)
    if graphs:
        path.write_text(graphs_text(assignment, graphs), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
