"""`python -m bench.memory [COUNT]`: how the grader's memory grows over many submissions, without a journal.

Nothing is remembered, so that every submission is evaluated. With `--write` the sentence goes to docs/bench-memory.md.
"""

import contextlib
import os
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.references import References
from autograder.grading import judged
from autograder.grading.classroom import find_submissions
from autograder.grading.gradebook import GradebookWriter, submitted_at
from autograder.grading.grader import Grader
from autograder.grading.session import in_order, under_way
from autograder.model import Limits, Outcome
from autograder.report.progress import Progress
from autograder.sandbox.doctor import find_level
from autograder.sandbox.station import Station, processors
from bench.classes import ASSIGNMENT, make_class

KIB, MIB = 1024, 1 << 20
SAMPLED_EVERY = 0.2
"""Seconds between two looks at the processes beside the parent; a child lives a little longer than that."""


def resident() -> float:
    """Return the resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def proportional() -> dict[int, float]:
    """Return the proportional set size, in MiB, of each process that a zygote has forked."""
    below, waiting = dict[int, list[int]](), [os.getpid()]
    while waiting:
        pid = waiting.pop()
        below[pid] = []
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                below[pid] += map(int, (thread / "children").read_text(encoding="ascii").split())
        waiting += below[pid]
    found = {}
    for family in below.values():
        if any(below[pid] for pid in family):  # a worker's: a zygote and guards
            continue
        for pid in family:
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
                found[pid] = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * KIB / MIB
    return found


class Watch:
    """Looks at the processes below this one from time to time."""

    def __init__(self) -> None:
        """Begin."""
        self.largest: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(SAMPLED_EVERY):
            for pid, size in proportional().items():
                self.largest[pid] = max(size, self.largest.get(pid, 0.0))

    def stop(self) -> None:
        """End."""
        self._over.set()
        self._thread.join()


def grown(count: int) -> dict[str, float]:
    """Grade so many submissions.

    Returns:
        The parent's resident memory after a tenth and at the end, the proportional set sizes below it, and how many
        results came out.
    """
    course, assignment, jobs = Course(Path(__file__).parents[1]), find_assignment(ASSIGNMENT), processors()
    judged.REMEMBERED = 0
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        classroom = make_class(course, assignment, Path(folder), count)
        submissions = find_submissions(classroom, (ASSIGNMENT,))
        station = stack.enter_context(Station(find_level()[0], evaluators=jobs))
        references = stack.enter_context(References(course))
        writer = stack.enter_context(GradebookWriter(classroom.db_url))
        grader = Grader(course, classroom, {ASSIGNMENT: assignment}, station, references, None, Limits())
        executor = stack.enter_context(ThreadPoolExecutor(under_way(jobs)))
        watch, progress, outcomes, early = Watch(), Progress("bench", count, sys.stderr), [], 0.0
        for graded in in_order(executor, under_way(jobs), grader, submissions):
            grader.write(graded)
            writer.enter(graded.result, submitted_at(Path(graded.submission.path)))
            outcomes.append(graded.result.outcome)
            progress.one_more(graded.submission.student)
            if len(outcomes) == count // 10:
                early = resident()
        late = resident()
        watch.stop()
    sizes = sorted(watch.largest.values())
    errors = sum(outcome is Outcome.ERROR for outcome in outcomes)
    return {
        "early": early,
        "late": late,
        "child": sizes[len(sizes) // 2],
        "largest": sizes[-1],
        "results": len(outcomes),
        "errors": errors,
    }


def main() -> None:
    """Measure, print, and write if asked to."""
    count = next((int(one) for one in sys.argv[1:] if one.isdigit()), 2000)
    found = grown(count)
    text = (
        "# How much memory grading takes\n\n"
        f"{count:,} submissions, each evaluated, without a journal: {found['results']:,} results, {found['errors']} of "
        f"them errors of the grader. The resident memory of the process that grades went from {found['early']:.0f} MiB "
        f"after a tenth of them to {found['late']:.0f} MiB at the end ({found['late'] - found['early']:+.0f} MiB; it "
        f"includes what this measurement itself imports). Proportional set size at its largest: a child "
        f"{found['child']:.0f} MiB (median), an evaluator {found['largest']:.0f} MiB.\n\n"
        "Generated by `python -m bench.memory --write`; do not edit.\n"
    )
    print(text)
    if "--write" in sys.argv:
        (Path(__file__).parents[1] / "docs" / "bench-memory.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
