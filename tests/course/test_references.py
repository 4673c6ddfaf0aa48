"""What the references show is observed once and kept; what is damaged, lost or has no room is observed again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from autograder.course import references
from autograder.course.folder import Course
from autograder.course.reference import Expected
from autograder.course.references import TRIES, ObserverLost, References, fingerprint
from autograder.course.shown import Shown
from autograder.errors import CourseError
from autograder.model import Case
from tests.checks.toy import TOY

KEY = ("00_toy", "double", 5)


class Pool(ThreadPoolExecutor):
    """A pool in this process, which breaks a few times first."""

    breaks = 0

    def submit(self, *arguments: Any, **more: Any) -> Future[Any]:
        """Break, or submit."""
        if Pool.breaks:
            Pool.breaks -= 1
            broken: Future[Any] = Future()
            broken.set_exception(BrokenProcessPool("somebody killed it"))
            return broken
        return super().submit(*arguments, **more)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a course whose references are observed in this process."""

    def observe(_: Course, exercise: object, case: Case) -> Expected:
        seen.append(case.name)
        return Expected(("call",), f"{case.name}: {case['n']}")

    seen.clear()
    monkeypatch.setattr(references, "find_assignment", lambda name: TOY)
    monkeypatch.setattr(references, "observe_reference", observe)
    monkeypatch.setattr(Pool, "breaks", 0)
    return Course(tmp_path)


seen: list[str] = []


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Return the pool that observes."""
    with Pool(1) as made:
        monkeypatch.setattr(References, "_observer", lambda self: made)
        yield made


def expected(course: Course) -> tuple[Expected, ...]:
    """Ask a new program for the toy's reference."""
    with References(course) as asked:
        first = asked.expected(*KEY)
        assert asked.expected(*KEY) == first
        return first


def kept(course: Course) -> Path:
    """Return the file in which the observations are."""
    return course.private / "references" / fingerprint(course) / "00_toy.double.5.json"


told: list[str] = []


def shown_in(
    course: Course, assignment: str, exercise: str, called: str, seed: int
) -> tuple[dict[str, Any] | None, bool]:
    """Stand for the observation of a mistake."""
    told.append(called)
    return ({"failed": ["c"], "traces": [{"y": [1.0]}]} if called == "known" else None), called != "not final"


@pytest.mark.usefixtures("pool")
def test_a_mistake_is_observed_once_and_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a mistake shows is read by the second program, also that it shows nothing."""
    monkeypatch.setattr(references, "shown_in", shown_in)
    for _ in range(2):
        with References(course) as asked:
            assert asked.shown("00_toy", "double", "known", 5) == Shown(("c",), ({"y": [1.0]},))
            assert asked.shown("00_toy", "double", "unknown", 5) is None
    assert told == ["known", "unknown"]


@pytest.mark.usefixtures("pool")
def test_what_is_not_final_is_not_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What time ran out for is asked once in a program, and again in the next one."""
    monkeypatch.setattr(references, "shown_in", shown_in)
    told.clear()
    for _ in range(2):
        with References(course) as asked:
            assert [asked.shown("00_toy", "double", "not final", 5) for _ in range(2)] == [None, None]
    assert told == ["not final", "not final"]


def found_slowly(*_: object) -> tuple[list[Any], bool]:
    """Stand for a search that finds nothing."""
    told.append("searched")
    time.sleep(0.05)
    return [], True


@pytest.mark.usefixtures("pool")
def test_a_run_does_not_search_in_vain_for_ever(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once enough time went into answers where nothing was found, the others are not held up any more."""
    monkeypatch.setattr(references, "named_pair", found_slowly)
    monkeypatch.setattr(references, "MOST_IN_VAIN", 0.08)
    told.clear()
    with References(course) as asked:
        assert [asked.find_pair("00_toy", "double", [{"y": [float(n)]}]) for n in range(5)] == [()] * 5
    assert told == ["searched"] * 2


PAIR = {"name": "one+other", "sentence": "s", "hint": "h", "where": "w", "traces": []}


def found_at_once(*_: object) -> tuple[list[Any], bool]:
    """Stand for a search that names two mistakes."""
    told.append("searched")
    return [PAIR], True


@pytest.mark.usefixtures("pool")
def test_a_pair_that_was_found_once_is_named_without_a_search(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no search is begun any more, what is kept still counts."""
    monkeypatch.setattr(references, "named_pair", found_at_once)
    told.clear()
    for most in (30.0, -1.0):
        monkeypatch.setattr(references, "MOST_IN_VAIN", most)
        with References(course) as asked:
            assert [known.name for known in asked.find_pair("00_toy", "double", [{"y": [7.0]}])] == ["one+other"]
    assert told == ["searched"]


@pytest.mark.usefixtures("pool")
def test_what_ends_the_observer_is_said(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake that ends its observer each time is given up, and not asked for again in this run."""
    monkeypatch.setattr(references, "shown_in", shown_in)
    told.clear()
    monkeypatch.setattr(Pool, "breaks", TRIES - 1)
    with References(course) as asked:
        assert asked.shown("00_toy", "double", "known", 5) is not None
        monkeypatch.setattr(Pool, "breaks", TRIES)
        for _ in range(2):
            with pytest.raises(ObserverLost, match=f"ended {TRIES} times"):
                asked.shown("00_toy", "double", "deadly", 5)
    assert told == ["known"]


def test_an_observer_that_is_ended_while_idle(tmp_path: Path) -> None:
    """The next one who asks has another one started."""
    with References(Course(tmp_path)) as asked:
        first = asked._begin(os.getpid).result()
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 10
        while Path(f"/proc/{first}/cmdline").exists() and Path(f"/proc/{first}/cmdline").read_bytes():
            assert time.monotonic() < until
            time.sleep(0.02)
        time.sleep(0.2)  # until the pool has seen it
        assert asked._begin(os.getpid).result() != first


@pytest.mark.usefixtures("pool")
def test_observed_once_and_kept(course: Course) -> None:
    """The second program reads what the first one observed; only the owner may read it."""
    first = expected(course)
    assert expected(course) == first
    assert seen == ["case 0", "case 1"]
    assert kept(course).stat().st_mode & 0o077 == 0
    assert kept(course).parent.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: "5",
        lambda text: "[" * 100_000,
        lambda text: text.replace("case 1: 7", "case 1: 8"),
        lambda text: json.dumps(json.loads(text) | {"content": []}),
    ],
)
def test_what_is_damaged_is_observed_again(course: Course, damage: Any) -> None:
    """Damage of any kind, a changed digit too, is noticed, and mended."""
    first = expected(course)
    whole = kept(course).read_text()
    assert damage(whole) != whole
    kept(course).write_text(damage(whole))
    assert expected(course) == first
    assert kept(course).read_text() == whole


@pytest.mark.usefixtures("pool")
def test_without_room_nothing_is_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the observations cannot be written, they are used all the same, and nothing half is left."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert len(expected(course)) == 2
    assert list(kept(course).parent.iterdir()) == []


@pytest.mark.usefixtures("pool")
def test_a_killed_observer_is_started_again(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """If somebody kills the process that observes, another one does it; after a few times that is said."""
    monkeypatch.setattr(Pool, "breaks", TRIES - 1)
    assert len(expected(course)) == 2
    kept(course).unlink()
    monkeypatch.setattr(Pool, "breaks", TRIES)
    with References(course) as asked, pytest.raises(CourseError, match="ends as soon as it is started"):
        asked.expected(*KEY)


ORPHAN = """
import os, signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from autograder.course.references import end_with_parent
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_observer_does_not_outlive_its_command(tmp_path: Path) -> None:
    """The process that holds answers ends when the command is killed."""
    (tmp_path / "command.py").write_text(ORPHAN)
    ran = subprocess.run([sys.executable, tmp_path / "command.py"], stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 10
    while Path(f"/proc/{int(ran.stdout)}/cmdline").exists() and Path(f"/proc/{int(ran.stdout)}/cmdline").read_bytes():
        assert time.monotonic() < until
        time.sleep(0.02)
