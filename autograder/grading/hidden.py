"""The hidden check: what a grade cell calls while the instructor's nbgrader grades it.

It runs in the kernel that runs the student's code, as all of plain nbgrader does, and is therefore unprotected there.
"""

from dataclasses import replace
from functools import cache

from autograder.checks import student as student_side
from autograder.checks.registry import find_assignment
from autograder.checks.student import caller_globals, find_check, judge_in_namespace, show
from autograder.course.folder import Course, find_course
from autograder.course.reference import reference_observations
from autograder.course.secret import secret_seed, seed_for
from autograder.errors import CourseError
from autograder.model import Observation, Outcome, Verdict

ON_OTHER_CASES = (
    "wrong on cases of other sizes than the public ones: is something fixed that should follow the arguments?"
)


def check_hidden(assignment_name: str, name: str) -> None:
    """Judge a check on cases from the secret seed against the reference, and show a verdict without them.

    Args:
        assignment_name: name of the assignment.
        name: name of the check.

    Raises:
        CheckFailed: if the check does not pass.
        CourseError: if the course folder, its references or its secret are missing.
    """
    exercise, check = find_check(find_assignment(assignment_name), name)
    seed = _seed(assignment_name, exercise.name)
    expected = _expected(assignment_name, exercise.name, seed)
    verdict = judge_in_namespace(exercise, check, exercise.draw(seed), expected, caller_globals())
    if verdict.outcome is Outcome.SKIPPED:  # here both sides draw in one process: somebody changed the generator
        raise CourseError(f"{name} cannot be judged: the random numbers of the reference and of this notebook differ.")
    show(without_cases(verdict), secret=True)


def without_cases(verdict: Verdict) -> Verdict:
    """Return a verdict that tells nothing about the cases it was reached on."""
    message = ON_OTHER_CASES if verdict.outcome is Outcome.FAILED else verdict.message
    return replace(verdict, message=message, tried="", expected="", got="")


def _seed(assignment_name: str, exercise_name: str) -> int:
    """Derive the seed; nbgrader runs the notebook in `autograded/<student>/<assignment>`, so each student has one."""
    here = student_side.STARTED_IN
    student = here.parent.name if here.name == assignment_name else ""
    return seed_for(secret_seed(_course()), assignment_name, exercise_name, student)


@cache
def _expected(assignment_name: str, exercise_name: str, seed: int) -> tuple[Observation, ...]:
    exercises = {exercise.name: exercise for exercise in find_assignment(assignment_name).exercises}
    exercise = exercises[exercise_name]
    return reference_observations(_course(), exercise, exercise.draw(seed))


def _course() -> Course:
    return find_course(here=student_side.STARTED_IN)
