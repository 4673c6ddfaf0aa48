"""The trusted side of the sandbox: run a job, evaluate answers; whatever ends on the way is started again."""

import contextlib
import json
import os
import queue
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.engine import CASE_SECONDS
from autograder.errors import CourseError
from autograder.model import Limits
from autograder.sandbox.frames import Closed, TooMuch, TooSlow
from autograder.sandbox.job import Job, Ran
from autograder.sandbox.launch import ForkLauncher, Launcher, Process, WorkerLost
from autograder.sandbox.level import Level
from autograder.sandbox.messages import answered, keep, note_break, told
from autograder.sandbox.spawn import SpawnLauncher

EVALUATION_SECONDS = 120
"""How long one case may take once the answers are there."""

EVALUATIONS = 2000
"""After so many cases an evaluator is replaced: what TensorFlow keeps of each adds up."""

EVALUATOR_LIMITS = replace(Limits(), submission_seconds=10**8, memory_bytes=8 << 30)
"""An evaluator outlives many submissions; a ResNet-50 in training takes two of its gigabytes."""

TOO_LARGE, BREAKS = (
    json.dumps({"raised": ["SubjectFault", f"what the function built {words}", ""]})
    for words in ("takes more time or memory than it may", "ends TensorFlow itself when it is computed")
)
"""Observations of a case that no evaluator survives."""

LATE = '{"raised": ["TimeUp", '
"""How an answer and an observation begin that came to no end."""

KILLS = 2
"""How often a process that was killed, or fell silent, is started again before its code is held to be the reason."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Station:
    """Runs jobs in single-use processes, and evaluates answers where no student's code runs.

    Safe to use from several threads.

    Args:
        level: how a student's code is confined.
        evaluators: how many processes evaluate at a time, each as large as a TensorFlow in use.
        fork: whether a preloaded worker forks the processes; by default where the system can.
    """

    def __init__(self, level: Level, evaluators: int = 1, fork: bool | None = None) -> None:
        """Start nothing yet."""
        can_fork = hasattr(os, "fork") and sys.platform != "darwin"  # whose libraries break in a forked process
        self._launcher: Launcher = ForkLauncher(level) if (can_fork if fork is None else fork) else SpawnLauncher()
        self._idle: queue.LifoQueue[_Evaluator | None] = queue.LifoQueue()
        for _ in range(evaluators):
            self._idle.put(None)

    def __enter__(self) -> "Station":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def start(self) -> None:
        """Start what takes long to start; the first job does so otherwise."""
        self._launcher.start()

    def close(self) -> None:
        """End all processes, also those in use: then what is being run is lost, and nothing is started any more."""
        idle = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for evaluator in idle:
            if evaluator is not None:
                evaluator.process.close()
            self._idle.put(None)  # for a thread that waits for one, and is then told that there are no more
        self._launcher.close()

    def run(self, job: Job) -> Ran:
        """Run a job in a fresh process; where its code ends that process, go on behind it in another.

        Raises:
            WorkerLost: if a process of ours ended.
            CourseError: if the process could not be confined.
        """
        ran, skipped, killed = Ran(), set[int](), 0
        every, uses = set(range(len(job.steps))), {n for n, step in enumerate(job.steps) if step.cell is None}
        deadline = time.monotonic() + 2 * job.limits.submission_seconds
        while not uses <= skipped | answered(job, ran) or not ran.starts:
            ran.starts += 1
            step, end = self._once(job, skipped, ran)
            if end == "":
                return ran
            if end in ("killed", "stopped") and killed < KILLS:  # perhaps by the system or a person, not by its code
                killed += 1
                continue
            if step is None and end in ("exit", "signal"):
                raise CourseError("The process that runs notebooks ended before it ran anything: please report this.")
            late = end == "time" or time.monotonic() > deadline
            skipped |= every if late or step is None or step in skipped else {step}
            note_break(job, ran, None if late else step, end)
        return ran

    def _once(self, job: Job, skipped: set[int], ran: Ran) -> tuple[int | None, str]:
        """Run a job in one process; return the step that it broke off in, and why, which is empty if it did not."""
        with contextlib.closing(self._launcher.launch("child", job.limits, job.limits.output_bytes)) as process:
            step: int | None = None
            try:
                process.connection.send(told(job, skipped | answered(job, ran)))
                while True:
                    message = process.connection.receive()
                    if "step" in message:
                        step = range(len(job.steps))[message["step"]]
                        if job.steps[step].cell is None:
                            ran.answers[job.steps[step].exercise] = []
                    elif "done" in message:
                        return step, ""
                    else:
                        keep(job, ran, message, process.connection.length)
            except TooMuch:
                return step, "output"
            except Closed:
                return step, process.end()
            except (KeyError, ValueError, TypeError, IndexError):  # no message of ours: somebody wrote into the channel
                return step, "stopped"

    def evaluate(self, requests: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Observe the cases of an exercise from a subject's answers, where no code of a student's ever runs.

        Args:
            requests: see `evaluator.evaluated`.

        Returns:
            What that returns for each; an observation that says so, if evaluating took too much time or memory, or
            ended the process by a fault of its own, twice: then the cases behind it are not tried. A case that comes to
            no end is tried twice as well, since the machine may have been busy.

        Raises:
            WorkerLost: if the process ended otherwise.
        """
        found: list[dict[str, str]] = []
        for request in requests:
            hopeless = bool(found) and found[-1].get("observation") in (TOO_LARGE, BREAKS)
            found.append(found[-1] if hopeless else self._evaluated(request))
        return found

    def _evaluated(self, request: Mapping[str, Any]) -> dict[str, str]:
        why = ""
        for _ in range(KILLS):
            with self._evaluator() as evaluator:
                found = evaluator.evaluate(request)
            if not isinstance(found, str) and not _is_late(found, request):
                return found
            why = found if isinstance(found, str) else found["observation"]
        return {"observation": why}

    @contextlib.contextmanager
    def _evaluator(self) -> Iterator["_Evaluator"]:
        """Take an idle evaluator, or start one in its place."""
        evaluator = self._idle.get()
        try:
            if evaluator is None:
                evaluator = _Evaluator(self._launcher.launch("evaluator", EVALUATOR_LIMITS, None))
            yield evaluator
        finally:
            if evaluator is not None and evaluator.left <= 0:
                evaluator.process.close()
                evaluator = None
            self._idle.put(evaluator)


def _is_late(found: Mapping[str, str], request: Mapping[str, Any]) -> bool:
    """Tell whether evaluating came to no end, and not the student's function before it."""
    return found.get("observation", "").startswith(LATE) and not any(LATE in answer for answer in request["answers"])


class _Evaluator:
    """One process that evaluates."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.left = EVALUATIONS

    def evaluate(self, request: Mapping[str, Any]) -> dict[str, str] | str:
        """Return what it says, or, if it came to no answer, the observation that says why."""
        left, self.left = self.left - 1, 0  # unless it answers: a late answer must not be taken for the next one's
        start = time.monotonic()
        try:
            self.process.connection.send(request)
            result: dict[str, str] = self.process.connection.receive(EVALUATION_SECONDS)
            if time.monotonic() - start < CASE_SECONDS:  # else Keras was interrupted, no matter where
                self.left = left
            return result
        except TooSlow:
            return TOO_LARGE
        except Closed:
            end = self.process.end()
            if end not in ("memory", "signal"):  # killed from outside, or we were told to stop
                raise WorkerLost("The process that evaluates answers ended.") from None
            return TOO_LARGE if end == "memory" else BREAKS
