"""One run of `grade`: takes the class for itself, starts what it needs, grades, enters, leaves nothing half done."""

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from autograder.course.folder import Course
from autograder.course.references import References
from autograder.errors import CannotWriteError, UsageError
from autograder.grading.classroom import Classroom
from autograder.grading.cluster import Cluster
from autograder.grading.files import write_whole
from autograder.grading.gradebook import GradebookWriter, back_up, submitted_at
from autograder.grading.grader import Graded, Grader, Runner
from autograder.grading.journal import Journal
from autograder.grading.lock import only_one
from autograder.model import Assignment, GradedSubmission, Limits, Outcome, Submission
from autograder.sandbox.level import Level
from autograder.sandbox.station import Station, processors

AHEAD = 4
"""How many submissions per thread are begun before the oldest is done."""


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Args:
        level: how a student's code is confined.
        jobs: processors of this machine to keep busy, see `under_way`.
        cluster: address of a Dask scheduler that is used instead.
        limits: what one submission may use.
        anew: run everything again, whatever the journal has.
    """

    level: Level
    jobs: int = field(default_factory=processors)
    cluster: str | None = None
    limits: Limits = field(default_factory=Limits)
    anew: bool = False


class Session:
    """An open class; made by `open_session`."""

    def __init__(self, grader: Grader, writer: GradebookWriter, classroom: Classroom, threads: int) -> None:
        """Keep what grades and what writes."""
        self._grader, self._writer, self._classroom, self._threads = grader, writer, classroom, threads
        self._entered: dict[str, dict[str, dict[str, float | None]]] = {}

    def grade(self, submissions: Iterable[Submission | None]) -> Iterator[GradedSubmission]:
        """Grade submissions and write down each as soon as it is graded; yields them in order."""
        with ThreadPoolExecutor(self._threads) as executor:
            try:
                for graded in in_order(executor, self._threads, self._grader, submissions):
                    self._write(graded)
                    yield self._with_persons_points(graded.result)
            except BaseException:  # Ctrl-C, or the disk is full: what is being run now will be run again
                executor.shutdown(wait=False, cancel_futures=True)
                self._grader.stop()
                raise

    def _write(self, graded: Graded) -> None:
        """Write the notebook and the gradebook; what stands there already is not written again."""
        self._grader.write(graded)
        result = graded.result
        if result.assignment not in self._entered:
            self._entered[result.assignment] = self._writer.scores(result.assignment)
        # Once: what is graded again in this run, as where a folder is watched, may have been entered since.
        before = self._entered[result.assignment].pop(result.student, None)
        now = {verdict.check: verdict.points for verdict in result.verdicts if verdict.outcome is not Outcome.ERROR}
        if not (graded.known and now and before == now):
            self._writer.enter(result, submitted_at(Path(graded.submission.path)))

    def _with_persons_points(self, result: GradedSubmission) -> GradedSubmission:
        """Return a result with the score that stands in the gradebook, where a person's points count as well."""
        score = self._writer.by_hand(result.assignment, result.student)
        if score is None or score == result.score or not result.verdicts:
            return result
        words = f"scored by hand: {score:g} stand in the gradebook, the checks give {result.score:g}"
        return replace(result, score=score, message=words)


def in_order(
    executor: Executor, threads: int, grader: Grader, submissions: Iterable[Submission | None]
) -> Iterator[Graded]:
    """Grade submissions in threads and yield them in their order; only a few are held at a time.

    Args:
        executor: has the threads.
        threads: how many there are.
        grader: grades.
        submissions: None stands for a moment in which nothing is there to be graded.
    """
    waiting: deque[Future[Graded]] = deque()
    for submission in submissions:
        if submission is not None:
            waiting.append(executor.submit(grader.grade, submission))
        while waiting and (len(waiting) >= AHEAD * threads or (submission is None and waiting[0].done())):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _claim(classroom: Classroom) -> None:
    """Make sure that what grading puts beside a class's submissions is this class's.

    Raises:
        UsageError: if it is that of another folder of submissions.
        CannotWriteError: if whose it is cannot be noted.
    """
    note = classroom.private / "submissions"
    owner = os.fsdecode(unquote_to_bytes(note.read_bytes())) if note.exists() else classroom.submitted.name
    if owner != classroom.submitted.name and (classroom.submitted.parent / owner).is_dir():
        raise UsageError(
            f"Gradebook, executed notebooks and pages in {classroom.submitted.parent} are those of {owner}/, not of "
            f"{classroom.submitted.name}/: give each class a parent folder of its own."
        )
    try:
        write_whole(note, quote_from_bytes(os.fsencode(classroom.submitted.name)))
    except OSError as error:
        raise CannotWriteError(f"{note} cannot be written", error) from error


@contextlib.contextmanager
def open_session(
    course: Course,
    classroom: Classroom,
    assignments: Mapping[str, Assignment],
    options: Options,
    register: Callable[[], object],
) -> Iterator[Session]:
    """Take a class for this process alone, copy its gradebook, and start what grades.

    Args:
        course: the course folder.
        classroom: the class.
        assignments: what may be graded, by name.
        options: how.
        register: makes sure that the gradebook has the assignments; called once the gradebook was copied.

    Raises:
        UsageError: if another command grades this class, if what lies beside it is another class's, or if the
            gradebook or cluster has no such address.
        CourseError: if the gradebook, the journal or the worker cannot be opened.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_one(classroom.private))
        _claim(classroom)
        back_up(classroom.db_url, classroom.private / "backups")
        register()
        references = stack.enter_context(References(course))
        runner, threads = _runner(stack, options)
        journal = stack.enter_context(contextlib.closing(Journal(_fresh(classroom, options.anew))))
        grader = Grader(course, classroom, assignments, runner, references, journal, options.limits)
        writer = stack.enter_context(GradebookWriter(classroom.db_url))
        yield Session(grader, writer, classroom, threads)


def _runner(stack: contextlib.ExitStack, options: Options) -> tuple[Runner, int]:
    if options.cluster is not None:
        cluster = stack.enter_context(contextlib.closing(Cluster(options.cluster, options.level)))
        return cluster, cluster.threads
    return stack.enter_context(Station(options.level, evaluators=options.jobs)), under_way(options.jobs)


def under_way(jobs: int) -> int:
    """Return how many submissions are graded at a time so that so many processors are busy: half as many again.

    One waits while a process of its own starts, or while it is written down. With one job it is one at a time.
    """
    return jobs + jobs // 2


def _fresh(classroom: Classroom, anew: bool) -> Path:
    """Return the journal's file; an earlier one is kept under another name if everything is to be run again."""
    path = classroom.private / "journal.jsonl"
    if anew and path.exists():
        number = 1 + sum(1 for _ in path.parent.glob("journal-*.jsonl"))
        path.rename(path.with_name(f"journal-{number}.jsonl"))
    return path
