"""One run of `grade`: in order, entered once, and stopped without delay."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from autograder.course.folder import Course
from autograder.errors import CannotWriteError, UsageError
from autograder.grading.classroom import Classroom, open_classroom
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.grader import Graded, Grader
from autograder.grading.session import AHEAD, Options, Session, _claim, _fresh, open_session, under_way
from autograder.model import GradedSubmission, Outcome, Submission, Verdict
from autograder.sandbox.level import Level
from autograder.sandbox.station import processors

THREADS = 2
STUDENTS = [Submission(f"s{number:02}", "00_toy", "") for number in range(20)]


class FakeGrader:
    """Grades by name; `stop` lets go of who is waiting."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.begun = 0
        self.written = list[str]()
        self.full = False
        self.points = 1.0
        self.known = True

    def grade(self, submission: Submission) -> Graded:
        """Grade at once, but for s05, whose code has no end."""
        self.begun += 1
        if submission.student == "s05" and not self.stopped.wait(20):
            raise AssertionError("nobody stopped it")
        outcome = Outcome.ERROR if submission.student == "s03" else Outcome.PASSED
        verdicts = (Verdict("c", "double", outcome, self.points, 1, ""),)
        result = GradedSubmission(submission.student, "00_toy", outcome, 1, 1, 0, verdicts)
        return Graded(result, submission, known=self.known)

    def write(self, graded: Graded) -> None:
        """Note who was written."""
        if self.full:
            raise CannotWriteError("x cannot be written", OSError(28, "No space left on device"))
        self.written.append(graded.submission.student)

    def stop(self) -> None:
        """Let go."""
        self.stopped.set()


class FakeWriter:
    """A gradebook that knows s01 and s03 already."""

    def __init__(self) -> None:
        self.entered = list[str]()

    def scores(self, assignment: str) -> Mapping[str, Mapping[str, float | None]]:
        """Return what stands there."""
        return {"s01": {"c": 1.0}, "s02": {"c": 0.0}, "s03": {"c": 1.0}}

    def enter(self, graded: GradedSubmission, submitted: object) -> None:
        """Note who was entered."""
        self.entered.append(graded.student)

    def by_hand(self, assignment: str, student: str) -> float | None:
        """Return what a person made of s02."""
        return 0.5 if student == "s02" else None


def session() -> tuple[Session, FakeGrader, FakeWriter]:
    """Return a session with what it uses."""
    grader, writer = FakeGrader(), FakeWriter()
    made = Session(cast(Grader, grader), cast(GradebookWriter, writer), cast(Classroom, None), THREADS)
    return made, grader, writer


def test_in_order_and_entered_once() -> None:
    """Results come in order; what the gradebook has already is not entered again, what changed and errors are told."""
    made, grader, writer = session()
    few = [one for one in STUDENTS if one.student != "s05"]
    assert [one.student for one in made.grade(few)] == [one.student for one in few]
    assert grader.written == [one.student for one in few]
    assert writer.entered == [one.student for one in few if one.student != "s01"]
    assert not grader.stopped.is_set()


def test_what_goes_back_to_an_earlier_score_is_entered() -> None:
    """A student who hands in worse and then again as before gets the score of before."""
    made, grader, writer = session()
    for points, times in ((1.0, 0), (0.0, 1), (1.0, 2)):
        grader.points = points
        assert len(list(made.grade([STUDENTS[1]]))) == 1
        assert writer.entered == ["s01"] * times


def test_another_notebook_with_the_same_score_is_entered() -> None:
    """The time at which it was handed in and the words are new, and formgrader goes by the time."""
    made, grader, writer = session()
    grader.known = False
    assert len(list(made.grade([STUDENTS[1]]))) == 1
    assert writer.entered == ["s01"]


def test_only_a_few_are_held() -> None:
    """However large the class, only some submissions are begun before the oldest is written."""
    made, grader, _ = session()
    results = made.grade(iter(STUDENTS))
    next(results)
    assert grader.begun <= AHEAD * THREADS + 1
    close(results)


def test_whoever_stops_reading_ends_what_runs() -> None:
    """When nobody wants more, as after Ctrl-C, code that has no end is not waited for."""
    made, grader, _ = session()
    results = made.grade(STUDENTS)
    for _ in range(3):
        next(results)
    close(results)
    assert grader.stopped.is_set()


def test_a_full_disk_ends_the_run() -> None:
    """What cannot be written ends the run, also while other code runs."""
    made, grader, writer = session()
    grader.full = True
    with pytest.raises(CannotWriteError, match="No space left"):
        list(made.grade(STUDENTS))
    assert grader.stopped.is_set()
    assert writer.entered == []


def close(results: Iterator[Any]) -> None:
    """Close a generator."""
    results.close()  # type: ignore[attr-defined]  # a generator


def test_a_class_is_taken_before_it_is_touched(tmp_path: Path) -> None:
    """While one run has the class, another one does not even register its assignments."""
    (tmp_path / "submitted").mkdir()
    classroom = open_classroom(tmp_path / "submitted")
    course = Course(tmp_path / "course")
    done = list[str]()
    first = open_session(course, classroom, {}, Options(Level.NONE), lambda: done.append("first"))
    with first:
        second = open_session(course, classroom, {}, Options(Level.NONE), lambda: done.append("second"))
        with pytest.raises(UsageError, match="Another command"):
            second.__enter__()
    assert done == ["first"]
    with open_session(course, classroom, {}, Options(Level.NONE), lambda: done.append("third")):
        pass
    assert done == ["first", "third"]
    assert len(list((tmp_path / ".autograder" / "backups").glob("*.db"))) == 1


def test_anew_keeps_the_old_journal(tmp_path: Path) -> None:
    """With `--anew` earlier journals stay under other names."""
    (tmp_path / "submitted").mkdir()
    classroom = open_classroom(tmp_path / "submitted")
    classroom.private.mkdir()
    for text in ("first", "second"):
        assert not _fresh(classroom, True).exists()
        _fresh(classroom, True).write_text(text)
    assert _fresh(classroom, False).read_text() == "second"
    _fresh(classroom, True)
    kept = [path.read_text() for path in sorted(classroom.private.glob("journal-*.jsonl"))]
    assert kept == ["first", "second"]


def test_no_processor_waits() -> None:
    """By default all processors are kept busy; one job is one submission at a time."""
    assert processors() >= 1
    assert Options(Level.NONE).jobs == processors()
    assert [under_way(jobs) for jobs in (1, 2, 3, 64)] == [1, 3, 4, 96]


def test_a_persons_points_count() -> None:
    """Where a person has given points, the score is the gradebook's, and it is said."""
    made, _, _ = session()
    first, second = made.grade(iter(STUDENTS[1:3]))
    assert (first.score, first.message) == (1, "")
    assert second.score == 0.5
    assert second.message == "scored by hand: 0.5 stand in the gradebook, the checks give 1"


def test_a_second_class_needs_its_own_folder(tmp_path: Path) -> None:
    """Two folders of submissions side by side would share a gradebook and overwrite each other's students."""
    monday, tuesday = (Classroom(tmp_path / name, "") for name in ("mon\ndäy", "tuesday"))
    for classroom in (monday, tuesday):
        classroom.submitted.mkdir()
    _claim(monday)
    _claim(monday)
    with pytest.raises(UsageError, match="give each class a parent folder of its own"):
        _claim(tuesday)
    monday.submitted.rename(tmp_path / "elsewhere")  # a class that was renamed is still the same
    _claim(tuesday)
