"""A job comes to its end whatever the code in it does; what is ours and ends is started again."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from autograder.errors import CourseError
from autograder.model import Limits
from autograder.sandbox.job import Job, Ran, Step
from autograder.sandbox.launch import ForkLauncher, WorkerLost
from autograder.sandbox.level import Level
from autograder.sandbox.meter import children_of
from autograder.sandbox.station import Station
from tests.sandbox.test_evaluating import request
from tests.sandbox.ward import missing

pytestmark = pytest.mark.tensorflow

LIMITS = replace(Limits(), call_seconds=1, cell_seconds=1, submission_seconds=20, output_bytes=5_000_000)


@pytest.fixture(scope="module")
def station() -> Iterator[Station]:
    """Return a station without confinement, as every system has it; confinement has tests of its own."""
    with Station(Level.NONE, fork=True) as started:
        yield started


def call(number: int) -> str:
    """Return the call f(number)."""
    return json.dumps({"args": {"list": [number]}, "kwargs": {"dict": {}}})


def job(*cells: str, uses: int = 2, limits: Limits = LIMITS) -> Job:
    """Return a job: a cell that defines f and g, the cells that are given, and uses of f and of g."""
    sources = ("def f(n): return 2 * n\ndef g(n): return 3 * n", *cells)
    steps = [Step(cell=number, source=source) for number, source in enumerate(sources)]
    calls = tuple(call(number) for number in range(uses))
    return Job((*steps, Step(exercise="f", calls=calls), Step(exercise="g", calls=calls)), limits=limits)


def answers(ran: Ran, exercise: str) -> list[object]:
    """Return what was answered: values, or the type of what was raised."""
    found = [json.loads(text) for text in ran.answers[exercise]]
    return [one["value"] if "value" in one else one["raised"][0] for one in found]


def said(ran: Ran, exercise: str) -> str:
    """Return the message of the last answer."""
    message: str = json.loads(ran.answers[exercise][-1])["raised"][1]
    return message


def test_cells_are_run_and_functions_used(station: Station) -> None:
    """Cells show what they show, and each call is answered."""
    ran = station.run(job("print('hello')", "1 / 0", "f(21)"))
    assert (answers(ran, "f"), answers(ran, "g"), ran.starts) == ([0, 2], [0, 3], 1)
    assert ran.outputs[1][0]["text"] == "hello\n"
    assert ran.outputs[2][0]["ename"] == "ZeroDivisionError"
    assert ran.outputs[3][0]["data"]["text/plain"] == "42"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(0)", "ended its own Python process"),
        ("import os; os.abort()", "made its Python process crash"),
        ("import ctypes; ctypes.string_at(1)", "made its Python process crash"),
        ("import os; os.closerange(3, 4096); os._exit(0)", "ended its own Python process"),
    ],
)
def test_what_ends_the_process_costs_its_own_exercise_only(station: Station, body: str, words: str) -> None:
    """Calls before the crash count, later ones of the same function do not, and the next function is used."""
    crash = f"def f(n):\n    if n == 1: {body}\n    return n"
    ran = station.run(job(crash))
    assert answers(ran, "f") == [0, "SubjectFault"]
    assert words in said(ran, "f")
    assert answers(ran, "g") == [0, 3]


def test_a_cell_that_ends_the_process_is_passed_over(station: Station) -> None:
    """A cell that ends the process says so, and the others are run."""
    ran = station.run(job("import os; os._exit(0)", "h = 5", "h"))
    assert ran.outputs[1][0]["ename"] == "ProcessEnded"
    assert ran.outputs[3][0]["data"]["text/plain"] == "5"
    assert answers(ran, "f") == [0, 2]


def test_an_endless_call_is_not_waited_for_twice(station: Station) -> None:
    """After one call without an end, the function's other calls are answered alike at once."""
    start = time.monotonic()
    ran = station.run(job("def f(n):\n    while True: pass", uses=5))
    assert answers(ran, "f") == ["TimeUp"] * 5
    assert answers(ran, "g") == [0, 3, 6, 9, 12]
    assert time.monotonic() - start < 8


def test_code_that_swallows_the_alarm_is_ended_from_outside(station: Station) -> None:
    """Code that cannot be interrupted is ended when the submission's time is up; what was answered counts."""
    swallow = "import signal\ndef g(n):\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass"
    ran = station.run(job(swallow, limits=replace(LIMITS, submission_seconds=3)))
    assert answers(ran, "f") == [0, 2]
    assert answers(ran, "g") == ["TimeUp"] * 2
    assert "longer than it may" in said(ran, "g")


def test_an_endless_cell_is_interrupted(station: Station) -> None:
    """A cell without an end is stopped, and what it had defined by then is there."""
    ran = station.run(job("h = 7\nwhile True: pass", "h"))
    assert "came to no end" in ran.outputs[1][-1]["evalue"]
    assert ran.outputs[2][0]["data"]["text/plain"] == "7"
    assert answers(ran, "f") == [0, 2]


WRITE = """
import json, os, struct
def send(message, length=None):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    for descriptor in range(3, 64):
        try: os.write(descriptor, struct.pack(">Q", len(data) if length is None else length) + data)
        except OSError: pass
"""


@pytest.mark.parametrize(
    "forgery",
    [
        "send({'step': -1})",
        "send({'step': 10**9})",
        "send({'step': 'x'})",
        "send({'step': 3})",
        "send([1, 2])",
        "send(b'no JSON')",
        "send({}, length=2**62)",
        "send({'cell': 99, 'outputs': 7})",
        "send({'answer': 5, 'exercise': 'f'})",
        "send({'answer': '{}', 'exercise': 'nothing'})",
        "send({'done': True})",
        "send(b'x' * 6_000_000)",
    ],
)
def test_forged_messages_end_nothing_else(station: Station, forgery: str) -> None:
    """Whatever a cell writes into the channel, the job comes to an end and the next one is not touched."""
    ran = station.run(job(WRITE + forgery))
    assert set(ran.answers) <= {"f", "g"}
    assert all(len(found) <= 2 for found in ran.answers.values())
    assert answers(station.run(job()), "g") == [0, 3]


def test_outputs_are_limited_over_all_processes(station: Station) -> None:
    """Code that ends its process cell after cell sends no more in all of them than it may in one."""
    forged = [WRITE + f"send({{'cell': {n}, 'outputs': ['x' * 4_000_000]}})\nos._exit(0)" for n in (5, 6, 7, 8)]
    ran = station.run(job(*forged, *["0"] * 4))
    assert ran.starts == 5
    assert len(json.dumps(ran.outputs)) < LIMITS.output_bytes
    assert answers(ran, "f") == [0, 2]


def test_files_lie_beside_the_notebook(station: Station) -> None:
    """The notebook's own files are in its folder, which is empty otherwise and gone afterwards."""
    cells = "import os, pathlib; print(sorted(os.listdir())); print(os.getcwd()); pathlib.Path('left').write_text('x')"
    ran = station.run(replace(job(cells), files={"data/a.txt": "aGVsbG8="}))
    listed, folder = ran.outputs[1][0]["text"].splitlines()
    assert listed == "['data']"
    deadline = time.monotonic() + 5
    while Path(folder).exists() and time.monotonic() < deadline:  # the guard tidies up while the next job may begin
        time.sleep(0.01)
    assert not Path(folder).exists()


def pythons(process: int) -> list[int]:
    """Return a process and its descendants, parents first, that run Python: a worker, its zygote, and what else."""
    found = [(number, Path(f"/proc/{number}/comm")) for number in children_of(process)]
    return [number for number, name in found if name.exists() and name.read_text().startswith("python")]


def launcher_of(station: Station) -> ForkLauncher:
    """Return what starts its workers."""
    launcher = station._launcher
    assert isinstance(launcher, ForkLauncher)
    return launcher


def process_of(station: Station) -> int:
    """Return the process that it started."""
    process = launcher_of(station)._process
    return process.pid if process else 0


@pytest.mark.parametrize("victim", [0, 1], ids=["worker", "zygote"])
def test_a_lost_worker_is_started_again(victim: int) -> None:
    """Killing the worker, or what it forks from, in the middle of a job is our fault; the next job has a new worker."""
    with Station(Level.NONE, fork=True) as station:
        station.start()
        threading.Timer(0.3, os.kill, (pythons(process_of(station))[victim], signal.SIGKILL)).start()
        with contextlib.suppress(WorkerLost):
            assert answers(station.run(job("import time; time.sleep(0.6)")), "f") == [0, 2]
        assert answers(station.run(job()), "f") == [0, 2]


@pytest.mark.parametrize("level", [Level.NONE, Level.NAMESPACES])
def test_a_zygote_that_is_killed_while_it_imports_is_a_lost_worker(level: Level) -> None:
    """Memory may be short, or a person in a hurry: it is tried again, and nobody's fault."""
    if level is Level.NAMESPACES and (reason := missing(level)):
        pytest.skip(reason)
    with Station(level, fork=True) as station, ThreadPoolExecutor(1) as other:
        starting = other.submit(station.start)
        while not (process := process_of(station)) or len(found := pythons(process)) < 2:
            time.sleep(0.01)
        os.kill(found[-1], signal.SIGKILL)
        with pytest.raises(WorkerLost, match="killed while it started"):
            starting.result()


def test_a_spawned_process_gives_the_same() -> None:
    """Where nothing can be forked each job has a process of its own, with the same results."""
    cells = ("print('hello')", "1 / 0", "import os; os._exit(0)")
    with Station(Level.NONE, fork=False) as spawning, Station(Level.NONE, fork=True) as forking:
        limits = replace(LIMITS, submission_seconds=60)
        spawned, forked = (one.run(job(*cells, limits=limits)) for one in (spawning, forking))
        assert (spawned.answers, spawned.starts) == (forked.answers, forked.starts)
        assert {cell: shown[0].get("text") for cell, shown in spawned.outputs.items() if shown} == {
            cell: shown[0].get("text") for cell, shown in forked.outputs.items() if shown
        }
        assert spawning.evaluate([request()]) == forking.evaluate([request()])


def test_a_worker_outlives_the_thread_that_asked_for_it() -> None:
    """The kernel ends bubblewrap with the thread that started it; that thread must last as long as the station."""
    if reason := missing(Level.NAMESPACES):
        pytest.skip(reason)
    with Station(Level.NAMESPACES, fork=True) as station:
        asking = threading.Thread(target=station.start)
        asking.start()
        asking.join()
        launcher = launcher_of(station)
        before = launcher._process
        assert station.run(job("1 + 1")).outputs
        assert before is not None
        assert launcher._process is before
        assert before.poll() is None


def test_a_worker_that_does_not_start_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failed start gives its descriptors back, since a long run may meet many."""

    def fail(launcher: ForkLauncher) -> NoReturn:
        raise CourseError("no")

    monkeypatch.setattr(ForkLauncher, "_started", fail)
    launcher = ForkLauncher(Level.NONE)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(CourseError):
            launcher.launch("child", LIMITS, None)
    assert len(os.listdir("/proc/self/fd")) == before
