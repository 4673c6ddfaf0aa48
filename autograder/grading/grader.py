"""Grade a class: prepare, run in the sandbox, write the journal, judge, enter. Nothing of a student's is run here."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from autograder.checks.engine import PUBLIC_SEED
from autograder.course.folder import Course
from autograder.course.reference import Expected
from autograder.course.references import ObserverLost, References, fingerprint
from autograder.course.secret import secret_seed, seed_for
from autograder.errors import CannotWriteError, CourseError
from autograder.grading.cells import NotANotebook
from autograder.grading.classroom import Classroom
from autograder.grading.gradebook import submitted_at
from autograder.grading.journal import Journal
from autograder.grading.judged import Judge, with_public_words
from autograder.grading.outcome import keep_reason, ungraded
from autograder.grading.plan import key_of, make_job
from autograder.grading.prepare import Prepared, prepare, release_of
from autograder.grading.written import write_executed
from autograder.model import Assignment, Exercise, GradedSubmission, Limits, Outcome, Submission, Verdict
from autograder.sandbox.job import Job, Ran
from autograder.sandbox.launch import WorkerLost
from autograder.sandbox.station import LATE

TRIES = 3
"""How often a job is run whose worker was lost."""


class Runner(Protocol):
    """Where jobs are run: on this machine, or on a cluster."""

    def run(self, job: Job) -> Ran:
        """Run a job in a fresh process."""

    def evaluate(self, requests: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
        """Observe the cases of an exercise from a subject's answers."""

    def close(self) -> None:
        """End it, and with it what it is running."""


@dataclass(frozen=True)
class Graded:
    """A graded submission with what is needed to write it down.

    Args:
        result: what came out.
        submission: of what.
        prepared: the mended notebook, if there is one.
        outputs: cell number to what the cell showed.
        known: whether an earlier run has judged the same, handed in at the same time.
    """

    result: GradedSubmission
    submission: Submission
    prepared: Prepared | None = None
    outputs: Mapping[int, Sequence[Any]] | None = None
    known: bool = False


class Grader:
    """Grades the submissions of one class; `grade` may be called from several threads.

    Args:
        course: the course folder.
        classroom: where the submissions lie.
        assignments: what may be graded, by name.
        runner: where a student's code runs.
        references: what the references show.
        journal: what was observed before; None to run everything anew and keep nothing.
        limits: what one submission may use.
    """

    def __init__(
        self,
        course: Course,
        classroom: Classroom,
        assignments: Mapping[str, Assignment],
        runner: Runner,
        references: References,
        journal: Journal | None,
        limits: Limits,
    ) -> None:
        """Read the secret."""
        self._course, self._classroom, self._assignments = course, classroom, assignments
        self._runner, self._references, self._journal, self._limits = runner, references, journal, limits
        self._secret = secret_seed(course)
        self._judges = {
            name: Judge(
                assignment, self._evaluate, partial(references.find_pair, name), partial(references.shown, name)
            )
            for name, assignment in assignments.items()
        }

    def grade(self, submission: Submission) -> Graded:
        """Grade a submission, whatever it is; what breaks here is the outcome ERROR, and ends nothing for others.

        Raises:
            CannotWriteError: if what was observed cannot be kept.
        """
        start = time.monotonic()
        assignment = self._assignments[submission.assignment]
        try:
            graded = self._graded(assignment, submission)
        except NotANotebook as error:
            graded = Graded(ungraded(assignment, submission, Outcome.FAILED, str(error)), submission)
        except CannotWriteError:  # it would be the same for all others
            raise
        except CourseError as error:
            graded = Graded(ungraded(assignment, submission, Outcome.ERROR, str(error)), submission)
        except Exception as error:  # whatever it is, it must not end the run for the others
            reason = f"the grader itself failed ({type(error).__name__}: {error}): please report this"
            graded = Graded(ungraded(assignment, submission, Outcome.ERROR, reason), submission)
        return replace(graded, result=replace(graded.result, seconds=time.monotonic() - start))

    def _graded(self, assignment: Assignment, submission: Submission) -> Graded:
        prepared = prepare(self._course, submission)
        seeds = {
            exercise.name: seed_for(self._secret, assignment.name, exercise.name, submission.student)
            for exercise in assignment.exercises
        }
        key, answers, outputs = self._run(assignment, submission, prepared, seeds)
        key = f"{key} {fingerprint(self._course)} {submitted_at(Path(submission.path))}"
        kept = self._journal.get(key) if self._journal else None
        if kept is not None:
            verdicts = tuple(Verdict(**one | {"outcome": Outcome(one["outcome"])}) for one in kept)
        else:
            verdicts, whole = self._verdicts(assignment, submission, prepared, seeds, answers)
            if self._journal and whole:
                self._journal.add(key, [vars(verdict) for verdict in verdicts], sync=False)
        return Graded(_result(submission, verdicts, prepared), submission, prepared, outputs, kept is not None)

    def _verdicts(
        self,
        assignment: Assignment,
        submission: Submission,
        prepared: Prepared,
        seeds: Mapping[str, int],
        answers: Mapping[str, Sequence[str]],
    ) -> tuple[tuple[Verdict, ...], bool]:
        """Judge the answers on secret cases; where an exercise failed, run it on the public ones for the words.

        Returns:
            The verdicts, and whether they are whole. Where a process of ours is lost again and again the points, which
            are known, count, and the next run finds the words. What ran out of time while it was judged, and not in
            the student's code, is judged again by the next run.
        """
        secret = self._judged(assignment, seeds, answers)
        own = _by_exercise(secret)
        wrong = {verdict.exercise for verdict in secret if verdict.outcome is Outcome.FAILED}
        public_seeds = {name: PUBLIC_SEED for name in seeds if name in wrong}
        public = dict[str, Sequence[Verdict]]()
        try:
            if public_seeds:
                _, public_answers, _ = self._run(assignment, submission, prepared, public_seeds)
                public = _by_exercise(self._judged(assignment, public_seeds, public_answers))
            found = tuple(
                verdict
                for exercise in assignment.exercises
                for verdict in with_public_words(
                    own[exercise.name],
                    public.get(exercise.name),
                    partial(self._confirms, assignment, exercise, seeds[exercise.name], answers.get(exercise.name, ())),
                )
            )
            return found, not any(_late_here(verdict, answers) for verdict in secret)
        except (WorkerLost, ObserverLost):
            return tuple(verdict for some in own.values() for verdict in with_public_words(some, None)), False

    def _confirms(
        self, assignment: Assignment, exercise: Exercise, seed: int, answers: Sequence[str], called: str
    ) -> bool:
        expected = self._expected(assignment, exercise, seed)
        return self._judges[assignment.name].confirms(exercise, seed, expected, answers, called)

    def _judged(
        self, assignment: Assignment, seeds: Mapping[str, int], answers: Mapping[str, Sequence[str]]
    ) -> list[Verdict]:
        judge = self._judges[assignment.name]
        return [
            verdict
            for exercise in assignment.exercises
            if exercise.name in seeds
            for verdict in judge.verdicts(
                exercise,
                seeds[exercise.name],
                self._expected(assignment, exercise, seeds[exercise.name]),
                answers.get(exercise.name, ()),
            )
        ]

    def _expected(self, assignment: Assignment, exercise: Exercise, seed: int) -> tuple[Expected, ...]:
        return self._references.expected(assignment.name, exercise.name, seed)

    def _run(
        self, assignment: Assignment, submission: Submission, prepared: Prepared, seeds: Mapping[str, int]
    ) -> tuple[str, dict[str, list[str]], dict[int, list[Any]]]:
        """Return the key, answers and outputs from the journal, or run the notebook and write them there."""
        expected = {
            exercise.name: self._expected(assignment, exercise, seeds[exercise.name])
            for exercise in assignment.exercises
            if exercise.name in seeds
        }
        release = release_of(self._course.releases / assignment.name)
        job = make_job(assignment, prepared, release, expected, self._limits)
        key = key_of(submission.student, job)
        kept = self._journal.get(key) if self._journal else None
        if kept is None:
            ran = self._tried(job)
            kept = {"answers": ran.answers, "outputs": {str(cell): shown for cell, shown in ran.outputs.items()}}
            if self._journal:
                self._journal.add(key, {"student": submission.student, "assignment": assignment.name, **kept})
        return key, kept["answers"], {int(cell): shown for cell, shown in kept["outputs"].items()}

    def _tried(self, job: Job) -> Ran:
        """Run a job; a lost worker is replaced.

        Raises:
            CourseError: if it cannot be run.
        """
        for _ in range(TRIES - 1):
            try:
                return self._runner.run(job)
            except WorkerLost:
                continue
        return self._runner.run(job)

    def _evaluate(self, requests: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
        for _ in range(TRIES - 1):
            try:
                return self._runner.evaluate(requests)
            except WorkerLost:
                continue
        return self._runner.evaluate(requests)

    def stop(self) -> None:
        """Let go of what is being run, from another thread; nothing is graded after this."""
        self._references.stop()
        self._runner.close()

    def write(self, graded: Graded) -> None:
        """Write the executed notebook, or the reason why there is none.

        Raises:
            CannotWriteError: if it cannot be written.
        """
        keep_reason(self._classroom, graded.submission, graded.result)
        if graded.prepared is None or graded.outputs is None:
            return
        try:
            write_executed(self._classroom, graded.submission, graded.prepared, graded.outputs, graded.result.verdicts)
        except OSError as error:
            file = self._classroom.executed(graded.submission)
            raise CannotWriteError(f"{file} cannot be written", error) from error


def _late_here(verdict: Verdict, answers: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether an exercise ran out of time though the student's function answered in time."""
    return verdict.outcome is Outcome.TIMEOUT and not any(LATE in one for one in answers.get(verdict.exercise, ()))


def _by_exercise(verdicts: Iterable[Verdict]) -> dict[str, Sequence[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.exercise, []).append(verdict)
    return dict(found)


def _result(submission: Submission, verdicts: tuple[Verdict, ...], prepared: Prepared) -> GradedSubmission:
    outcomes = {verdict.outcome for verdict in verdicts}
    worst = [one for one in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.FAILED, Outcome.SKIPPED) if one in outcomes]
    return GradedSubmission(
        student=submission.student,
        assignment=submission.assignment,
        outcome=worst[0] if worst else Outcome.PASSED,
        score=sum(verdict.points for verdict in verdicts),
        max_score=sum(verdict.max_points for verdict in verdicts),
        seconds=0.0,
        verdicts=verdicts,
        repairs=prepared.repairs,
    )
