"""Classes to measure on: every submission differs from the next, half of them right, as in a class of people."""

from collections.abc import Sequence
from pathlib import Path

import nbformat
import numpy as np

from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, Variant, changed, load_mistakes, load_styles
from autograder.grading.cells import grade_id
from autograder.grading.classroom import Classroom, open_classroom
from autograder.model import Assignment
from autograder.notebook.gaps import gaps_of
from autograder.notebook.register import register_missing

ASSIGNMENT = "03_residual_blocks"

SEED = 2026
"""What the members of a class are drawn from."""


def make_class(course: Course, assignment: Assignment, folder: Path, size: int, alike: bool = False) -> Classroom:
    """Write a class and register the assignment in its gradebook.

    Args:
        course: the course folder.
        assignment: what is handed in.
        folder: a new folder for the class.
        size: how many students.
        alike: whether all hand in the reference; else every function is drawn from the right styles and, for every
            second student, one of them from the mistakes. The first cell of each differs by a comment.
    """
    release = (course.releases / assignment.name / f"{assignment.name}.ipynb").read_text(encoding="utf-8")
    gaps = {gap.name: gap.source for gap in gaps_of(course, assignment)}
    random = np.random.RandomState(SEED)
    for number in range(size):
        notebook = nbformat.reads(release, as_version=4)
        wrong = number // 2 % len(assignment.exercises) if not alike and number % 2 else None
        for place, exercise in enumerate(assignment.exercises):
            wanted: Sequence[Variant] = (UNCHANGED,)
            if not alike:
                wanted = load_mistakes(course, exercise) if place == wrong else load_styles(course, exercise)
            chosen = wanted[random.randint(len(wanted))]
            cell = next(one for one in notebook.cells if grade_id(one) == exercise.name)
            cell.source = changed(gaps[exercise.name], chosen)
        code = next(one for one in notebook.cells if one.cell_type == "code")
        code.source = f"# student {number}\n" + code.source
        target = folder / "submitted" / f"student-{number:04}" / assignment.name
        target.mkdir(parents=True)
        (target / f"{assignment.name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    classroom = open_classroom(folder / "submitted")
    register_missing(course, assignment, classroom.db_url)
    return classroom
