"""`make bench`: what grading costs now, beside what the student's own arithmetic costs.

On right submissions of `03_residual_blocks`, in one run on one machine: plain `nbgrader autograde`; `autograder grade`
in steady state; the limit, which is the same public and secret observations in one warm process without nbgrader,
kernel or gradebook; and one further `check(...)` call in a notebook, after the first.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.checks.engine import PUBLIC_SEED, judge, observe
from autograder.checks.expected import load_expected
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.course.reference import load_reference, reference_observations
from autograder.grading.classroom import find_submissions, open_classroom
from autograder.grading.session import Options, open_session
from autograder.model import Assignment
from autograder.notebook.register import register_missing
from autograder.notebook.sample import write_sample_class
from autograder.sandbox.doctor import find_level

ASSIGNMENT = "03_residual_blocks"
SECRET_SEED = 1
RUNS = 5
CLASS = 60


def seconds(action: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return how long an action took, run by run."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return taken


def warm_observations(course: Course, assignment: Assignment) -> None:
    """Do what grading a submission needs at least: public, secret, and the reference on the secret cases."""
    for exercise in assignment.exercises:
        subject = load_reference(course, exercise)
        for cases, expected in (
            (exercise.draw(PUBLIC_SEED), load_expected(assignment.name, exercise)),
            (exercise.draw(SECRET_SEED), reference_observations(course, exercise, exercise.draw(SECRET_SEED))),
        ):
            got = [observe(exercise.probe, subject, case) for case in cases]
            for check in exercise.checks:
                judge(exercise, check, cases, expected, got)


def nbgrader_seconds(course: Course, assignment: Assignment, runs: int) -> list[float]:
    """Grade the right sample with plain nbgrader, several times."""
    with tempfile.TemporaryDirectory() as folder:
        dict(write_sample_class(course, assignment, Path(folder) / "submitted"))
        classroom = open_classroom(Path(folder) / "submitted")
        register_missing(course, assignment, classroom.db_url)
        right = next(one for one in find_submissions(classroom, (ASSIGNMENT,)) if one.student == "right")
        who = ("autograde", ASSIGNMENT, f"--student={right.student}", "--force")
        return seconds(lambda: run_nbgrader(course, *who, settings=classroom.settings()), runs)


def engine_seconds(course: Course, assignment: Assignment) -> list[float]:
    """Grade a class of right submissions, and return the seconds per submission of each run's second half.

    By then the worker has started and the references were observed. Equal answers on equal cases are evaluated once.
    """
    taken = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            dict(write_sample_class(course, assignment, Path(folder) / "samples"))
            submitted = Path(folder) / "submitted"
            for number in range(CLASS):
                shutil.copytree(Path(folder) / "samples" / "right", submitted / f"student-{number:03}")
            classroom = open_classroom(submitted)
            register_missing(course, assignment, classroom.db_url)
            submissions = find_submissions(classroom, (ASSIGNMENT,))
            options = Options(find_level()[0])
            with open_session(course, classroom, {ASSIGNMENT: assignment}, options, lambda: None) as session:
                for number, _graded in enumerate(session.grade(submissions)):
                    if number == CLASS // 2 - 1:
                        start = time.perf_counter()
            taken.append((time.perf_counter() - start) / (CLASS - CLASS // 2))
    return taken


def main() -> None:
    """Measure and print a table."""
    course, assignment = Course(Path(__file__).parents[1]), find_assignment(ASSIGNMENT)
    nbgrader = nbgrader_seconds(course, assignment, runs=3)
    engine = engine_seconds(course, assignment)
    warm_observations(course, assignment)  # the first run imports TensorFlow
    limit = seconds(lambda: warm_observations(course, assignment))
    exercise = assignment.exercises[0]
    reference = load_reference(course, exercise)
    check = seconds(lambda: [observe(exercise.probe, reference, case) for case in exercise.draw(PUBLIC_SEED)])
    peer = statistics.median(nbgrader)
    print(f"{ASSIGNMENT}, one right submission, seconds: median (least to most), and nbgrader's median over it\n")
    for name, taken in (
        ("nbgrader autograde", nbgrader),
        ("autograder grade, per submission", engine),
        ("limit: same observations, warm", limit),
        ("one check call, warm", check),
    ):
        middle = statistics.median(taken)
        print(f"{name:32} {middle:7.2f} ({min(taken):.2f} to {max(taken):.2f})  {peer / middle:6.1f}")


if __name__ == "__main__":
    main()
