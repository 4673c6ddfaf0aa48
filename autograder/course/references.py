"""What the references show on secret cases: observed once in a process of its own, and kept beside the secret."""

import contextlib
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from autograder.checks.catalogue import load_catalogue
from autograder.checks.diagnose import Known, Trace
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.pairs import find_pair
from autograder.course.reference import Expected, observe_reference
from autograder.course.shown import Shown, shown_by
from autograder.errors import CourseError

PACKAGES = ("keras", "numpy", "tensorflow")
"""Another version of these may show other last digits."""


TRIES = 3
"""How often something is observed whose process was ended by somebody."""

MOST_IN_VAIN = 30.0
"""Seconds of a run that may go into looking for two mistakes in answers where none are found: all that are graded at
the time wait for the one process that looks."""


class ObserverLost(CourseError):
    """The process that observes ended, again and again; nobody's fault but ours."""


class References:
    """The references' observations, each made when it is first asked for; safe to use from several threads.

    Args:
        course: the course folder.
    """

    def __init__(self, course: Course) -> None:
        """Start nothing yet."""
        self._course = course
        self._folder = course.private / "references" / fingerprint(course)
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str, int], Future[tuple[Expected, ...]]] = {}
        self._asked: dict[str, Future[Any]] = {}
        self._in_vain = 0.0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "References":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that observes, if there is one."""
        self.stop(wait=True)

    def stop(self, wait: bool = False) -> None:
        """Begin nothing more; whoever waits for something that is not begun is told so by an exception."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait, cancel_futures=True)

    def ask_for(self, assignment: str, exercise: str, seed: int) -> Future[tuple[Expected, ...]]:
        """Return what will hold the reference's observations on the cases of a seed."""
        key = assignment, exercise, seed
        with self._lock:
            if key not in self._found:
                kept = self._kept(key)
                self._found[key] = kept or self._begin(observed, self._course, self._folder, *key)
            return self._found[key]

    def expected(self, assignment: str, exercise: str, seed: int) -> tuple[Expected, ...]:
        """Return the reference's observations on the cases of a seed.

        Raises:
            CourseError: if the reference cannot be observed, `ObserverLost` if nothing can.
        """
        for _ in range(TRIES):
            asked = self.ask_for(assignment, exercise, seed)
            try:
                return asked.result()
            except BrokenProcessPool:  # somebody ended the process: another one is started
                self._forget(self._found, asked)
        raise ObserverLost("The process that observes the references ends as soon as it is started: is memory short?")

    def find_pair(self, assignment: str, exercise: str, traces: Sequence[Trace]) -> tuple[Known, ...]:
        """Return the two mistakes that leave a trace together, see `pairs.find_pair`; nothing if it is not known.

        Raises:
            ObserverLost: if nobody can look for them.
        """
        start = time.monotonic()
        found = self._told(named_pair, assignment, exercise, traces, search=self._in_vain <= MOST_IN_VAIN)
        if not found:
            with self._lock:
                self._in_vain += time.monotonic() - start
        return tuple(Known(**one) for one in found or ())

    def shown(self, assignment: str, exercise: str, called: str, seed: int) -> Shown | None:
        """Return what a mistake shows on the cases of a seed, see `shown.shown_by`; None if it is not known.

        Raises:
            ObserverLost: if nobody can observe it.
        """
        found = self._told(shown_in, assignment, exercise, called, seed)
        return Shown(tuple(found["failed"]), tuple(found["traces"])) if found else None

    def _told(self, told: Callable[..., Any], *arguments: Any, search: bool = True) -> Any:
        """Have something told by the process that observes, each thing once; None if it is neither kept nor searched.

        Raises:
            ObserverLost: if that process ends whenever it is asked.
        """
        key = _sum([told.__name__, *arguments])
        file = self._folder / f"{key}.json"
        for _ in range(TRIES):
            with self._lock:
                asked = self._asked.get(key) or _read(file)
                if asked is None and not search:
                    return None
                asked = self._asked[key] = asked or self._begin(_kept_in, file, told, self._course, *arguments)
            try:
                return asked.result()
            except BrokenProcessPool:
                self._forget(self._asked, asked)
        lost = ObserverLost(f"The process that observes mistakes ended {TRIES} times over the same one.")
        with self._lock:  # what ends it once more is not asked again for each who answers the same
            self._asked[key] = Future()
            self._asked[key].set_exception(lost)
        raise lost

    def _forget(self, futures: dict[Any, Future[Any]], broken: Future[Any]) -> None:
        """Forget what a process that was ended still owes; whoever comes first does it for all who wait."""
        with self._lock:
            for key in [key for key, asked in futures.items() if asked is broken]:
                del futures[key]

    def _begin(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have the process that observes do something; it is started if there is none any more."""
        try:
            return self._observer().submit(work, *arguments)
        except BrokenProcessPool:  # it was ended since the last time
            self._pool = None
            return self._observer().submit(work, *arguments)

    def _observer(self) -> ProcessPoolExecutor:
        if self._pool is None:  # spawned, since this process has threads and must stay free of TensorFlow
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)
        return self._pool

    def _kept(self, key: tuple[str, str, int]) -> Future[tuple[Expected, ...]] | None:
        kept = _read(_file(self._folder, *key))
        if kept is None:
            return None
        found: Future[tuple[Expected, ...]] = Future()
        found.set_result(tuple(Expected(tuple(case["calls"]), case["observation"]) for case in kept.result()))
        return found


def _read(file: Path) -> Future[Any] | None:
    """Return what was kept in a file; None if there is none, or if it is damaged: then it is made again."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["sum"] != _sum(kept["content"]):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    found: Future[Any] = Future()
    found.set_result(kept["content"])
    return found


def end_with_parent() -> None:
    """Have this process end when the one that started it does, however that ends; it waits for work for ever."""
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def observed(course: Course, folder: Path, assignment: str, exercise: str, seed: int) -> tuple[Expected, ...]:
    """Observe a reference on the cases of a seed, and keep what it shows where only its owner can read it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = next(one for one in find_assignment(assignment).exercises if one.name == exercise)
    found = tuple(observe_reference(course, wanted, case) for case in wanted.draw(seed))
    with contextlib.suppress(OSError):  # it is kept to save time; where there is no room it is observed again
        _keep(_file(folder, assignment, exercise, seed), [asdict(case) for case in found])
    return found


def _kept_in(file: Path, told: Callable[..., Any], *arguments: Any) -> Any:
    """Have something told, and keep it if that is final: the next run need not start TensorFlow for it."""
    found, final = told(*arguments)
    if final:
        with contextlib.suppress(OSError):
            _keep(file, found)
    return found


def named_pair(
    course: Course, assignment: str, exercise: str, traces: Sequence[Trace]
) -> tuple[list[dict[str, Any]], bool]:
    """Find two mistakes, in a process where TensorFlow is.

    Returns:
        The fields of `Known`, without traces, and whether that is final.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = next(one for one in find_assignment(assignment).exercises if one.name == exercise)
    pair, final = find_pair(course, wanted, traces, load_catalogue(assignment, wanted))
    return [asdict(replace(one, traces=())) for one in pair], final


def shown_in(
    course: Course, assignment: str, exercise: str, called: str, seed: int
) -> tuple[dict[str, Any] | None, bool]:
    """Observe a mistake, in a process where TensorFlow is; returns the fields of `Shown`, and that this is final."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = next(one for one in find_assignment(assignment).exercises if one.name == exercise)
    found = shown_by(course, wanted, called, seed)
    return None if found is None else asdict(found), True


def _keep(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"sum": _sum(content), "content": content}, file)
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise


def _sum(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _file(folder: Path, assignment: str, exercise: str, seed: int) -> Path:
    return folder / f"{assignment}.{exercise}.{seed}.json"


@cache
def fingerprint(course: Course) -> str:
    """Return a short text that changes with references, mistakes and probes, and with the packages that they use."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in PACKAGES).encode())
    ours = Path(__file__).parents[1]
    folders = (ours / "checks", ours / "course", course.root / "solutions")
    code = [file for folder in folders for file in folder.rglob("*.py")]
    catalogues = (course.root / "data" / "expected").glob("*.mistakes.json")
    for file in sorted(filter(Path.is_file, (*code, *catalogues))):  # an editor's lock is a link to nothing
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
