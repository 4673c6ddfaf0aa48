"""`python -m bench.limit FOLDER`: the limit, a class in one warm process without sandbox, journal and gradebook.

The same cells and the same probes on the same cases as in `autograder grade`, and no more. Prints the seconds of the
class's second half, per submission; by then everything is warm.
"""

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from autograder.checks import observation as codec
from autograder.checks import student
from autograder.checks.engine import PUBLIC_SEED, judge, observe
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.references import References
from autograder.course.secret import secret_seed, seed_for
from autograder.grading.classroom import find_submissions, open_classroom
from autograder.grading.plan import make_job
from autograder.grading.prepare import prepare, release_of
from autograder.model import Exercise, Limits, Observation, Outcome, Submission
from autograder.sandbox.worker import preload
from bench.classes import ASSIGNMENT


class Limit:
    """Grades in this process; each notebook in a fresh shell."""

    def __init__(self, course: Course, references: References) -> None:
        """Read the secret."""
        self.course, self.references, self.secret = course, references, secret_seed(course)
        self.assignment = find_assignment(ASSIGNMENT)

    def grade(self, submission: Submission) -> float:
        """Run a notebook's cells (it has no magics), observe its functions on the cases on which `grade` does."""
        prepared = prepare(self.course, submission)
        job = make_job(self.assignment, prepared, release_of(self.course.releases / ASSIGNMENT), {}, Limits())
        namespace: dict[str, Any] = {}
        for step in job.steps:
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(step.source, "<cell>", "exec"), namespace)
        points = 0.0
        for exercise in self.assignment.exercises:
            seed = seed_for(self.secret, ASSIGNMENT, exercise.name, submission.student)
            scored = self.points(exercise, seed, namespace)
            points += scored
            if scored < sum(check.points for check in exercise.checks):
                self.points(exercise, PUBLIC_SEED, namespace)
        return points

    def points(self, exercise: Exercise, seed: int, namespace: dict[str, Any]) -> float:
        """Observe and judge an exercise."""
        subject, cases = student.subject_in(namespace, exercise.name), exercise.draw(seed)
        right: list[Observation] = [
            codec.loads(case.observation.encode()) for case in self.references.expected(ASSIGNMENT, exercise.name, seed)
        ]
        seen = [observe(exercise.probe, subject, case) for case in cases]
        verdicts = [judge(exercise, check, cases, right, seen) for check in exercise.checks]
        return sum(verdict.points for verdict in verdicts if verdict.outcome is Outcome.PASSED)


def main() -> None:
    """Grade a class and print the seconds."""
    preload()
    student.judged_elsewhere()
    submissions = find_submissions(open_classroom(Path(sys.argv[1])), (ASSIGNMENT,))
    with References(Course(Path(__file__).parents[1])) as references:
        limit = Limit(Course(Path(__file__).parents[1]), references)
        for number, submission in enumerate(submissions):
            if number == len(submissions) // 2:
                start = time.perf_counter()
            limit.grade(submission)
    taken = (time.perf_counter() - start) / (len(submissions) - len(submissions) // 2)
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
