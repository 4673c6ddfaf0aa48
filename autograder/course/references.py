"""What the references show on secret cases: observed once in a process of its own, and kept beside the secret."""

import contextlib
import hashlib
import json
import os
import tempfile
import threading
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
"""How often a reference is observed whose process was ended by somebody."""


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
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "References":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that observes, if there is one."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def ask_for(self, assignment: str, exercise: str, seed: int) -> Future[tuple[Expected, ...]]:
        """Return what will hold the reference's observations on the cases of a seed."""
        key = assignment, exercise, seed
        with self._lock:
            if key not in self._found:
                kept = self._kept(key)
                self._found[key] = kept or self._submit(key)
            return self._found[key]

    def expected(self, assignment: str, exercise: str, seed: int) -> tuple[Expected, ...]:
        """Return the reference's observations on the cases of a seed.

        Raises:
            CourseError: if the reference cannot be observed.
        """
        for _ in range(TRIES):
            asked = self.ask_for(assignment, exercise, seed)
            try:
                return asked.result()
            except BrokenProcessPool:  # somebody ended the process: another one is started
                self._forget(asked)
        raise CourseError("The process that observes the references ends as soon as it is started: is memory short?")

    def find_pair(self, assignment: str, exercise: str, traces: Sequence[Trace]) -> tuple[Known, ...]:
        """Return the two mistakes that leave a trace together, see `pairs.find_pair`; nothing if it is not known."""
        found = self._told(named_pair, assignment, exercise, traces) or ()
        return tuple(Known(**one) for one in found)

    def shown(self, assignment: str, exercise: str, called: str, seed: int) -> Shown | None:
        """Return what a mistake shows on the cases of a seed, see `shown.shown_by`; None if it is not known."""
        found = self._told(shown_in, assignment, exercise, called, seed)
        return Shown(tuple(found["failed"]), tuple(found["traces"])) if found else None

    def _told(self, told: Callable[..., Any], *arguments: Any) -> Any:
        """Have something told by the process that observes, each thing once; None if that process was ended."""
        key = _sum([told.__name__, *arguments])
        file = self._folder / f"{key}.json"
        with self._lock:
            if key not in self._asked:
                with contextlib.suppress(BrokenProcessPool):  # the next one who asks has it started again
                    self._asked[key] = _read(file) or self._observer().submit(
                        _kept_in, file, told, self._course, *arguments
                    )
            asked = self._asked.get(key)
        try:
            return asked.result() if asked else None
        except BrokenProcessPool:
            with self._lock:
                self._asked.pop(key, None)
                self._pool = None
            return None

    def _forget(self, broken: Future[tuple[Expected, ...]]) -> None:
        """Forget a broken pool with all that it still owed; whoever comes first does it for all who wait."""
        with self._lock:
            if broken in self._found.values():
                self._found = {key: asked for key, asked in self._found.items() if _is_there(asked)}
                self._pool = None

    def _observer(self) -> ProcessPoolExecutor:
        if self._pool is None:  # spawned, since this process has threads and must stay free of TensorFlow
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)
        return self._pool

    def _submit(self, key: tuple[str, str, int]) -> Future[tuple[Expected, ...]]:
        try:
            return self._observer().submit(observed, self._course, self._folder, *key)
        except BrokenProcessPool as error:  # broken since the last time, and nobody has noticed yet
            self._pool = None
            broken: Future[tuple[Expected, ...]] = Future()
            broken.set_exception(error)
            return broken

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
        if kept["sum"] != _sum(kept["cases"]):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    found: Future[Any] = Future()
    found.set_result(kept["cases"])
    return found


def _is_there(asked: Future[tuple[Expected, ...]]) -> bool:
    return asked.done() and asked.exception() is None


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
    """Have something told, and keep it: the next run need not start TensorFlow for it."""
    found = told(*arguments)
    with contextlib.suppress(OSError):
        _keep(file, found)
    return found


def named_pair(course: Course, assignment: str, exercise: str, traces: Sequence[Trace]) -> list[dict[str, Any]]:
    """Find two mistakes, in a process where TensorFlow is; returns the fields of `Known`, without traces."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = next(one for one in find_assignment(assignment).exercises if one.name == exercise)
    found = find_pair(course, wanted, traces, load_catalogue(assignment, wanted))
    return [asdict(replace(one, traces=())) for one in found]


def shown_in(course: Course, assignment: str, exercise: str, called: str, seed: int) -> dict[str, Any] | None:
    """Observe a mistake, in a process where TensorFlow is; returns the fields of `Shown`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = next(one for one in find_assignment(assignment).exercises if one.name == exercise)
    found = shown_by(course, wanted, called, seed)
    return None if found is None else asdict(found)


def _keep(path: Path, cases: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"sum": _sum(cases), "cases": cases}, file)
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise


def _sum(cases: Any) -> str:
    return hashlib.sha256(json.dumps(cases, sort_keys=True).encode()).hexdigest()


def _file(folder: Path, assignment: str, exercise: str, seed: int) -> Path:
    return folder / f"{assignment}.{exercise}.{seed}.json"


@cache
def fingerprint(course: Course) -> str:
    """Return a short text that changes with references, mistakes and probes, and with the packages that they use."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in PACKAGES).encode())
    ours = Path(__file__).parents[1]
    folders = (ours / "checks", ours / "course", course.root / "solutions")
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
