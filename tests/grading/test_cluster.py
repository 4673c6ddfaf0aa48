"""Grading on a real Dask scheduler with two worker processes, one of which is killed in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

COURSE = Path(__file__).parents[2]
ASSIGNMENT = "03_residual_blocks"
SAMPLES = ("right", "one-wrong", "style-plus", "both-wrong")
"""A class is made of copies of these; the first line of each copy's first cell differs."""


def grade(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start grading a class."""
    results = folder.with_suffix(".json")
    command = [sys.executable, "-m", "autograder", "grade", str(folder), "--results", str(results), *options]
    return subprocess.Popen(command, cwd=COURSE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@contextmanager
def dask(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one process of a cluster."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=COURSE,
        env=os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers; return its address and one worker."""
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(dask("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)))
        worker = ("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file))
        folders = [str(file.parent / name) for name in ("one", "two")]
        first, _ = [stack.enter_context(dask(*worker, "--local-directory", folder)) for folder in folders]
        found = _address(file)
        _wait_for_workers(found, 2)
        yield found, first


def _address(file: Path) -> str:
    for _ in range(600):
        if file.exists() and file.read_text():
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def make_class(folder: Path, size: int) -> Path:
    """Write a class of different submissions."""
    samples = folder / "samples"
    made = subprocess.run(
        [sys.executable, "-m", "autograder", "sample", str(samples)], cwd=COURSE, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    for number in range(size):
        path = folder / "submitted" / f"student-{number:02}" / ASSIGNMENT
        shutil.copytree(samples / SAMPLES[number % len(SAMPLES)] / ASSIGNMENT, path)
        notebook = path / f"{ASSIGNMENT}.ipynb"
        content = json.loads(notebook.read_text(encoding="utf-8"))
        code = next(cell for cell in content["cells"] if cell["cell_type"] == "code")
        code["source"] = [f"# {number}\n", *code["source"]]
        notebook.write_text(json.dumps(content), encoding="utf-8")
    return folder / "submitted"


def results(folder: Path) -> Any:
    """Return what grading a class gave, without the times."""
    graded = json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
    return [{key: value for key, value in one.items() if key != "seconds"} for one in graded]


@pytest.mark.slow
@pytest.mark.tensorflow
def test_a_worker_is_killed(address: tuple[str, subprocess.Popen[bytes]], tmp_path: Path) -> None:
    """What a killed worker was doing is done by another: the same results as on one machine, each student once."""
    scheduler, worker = address
    far = make_class(tmp_path, size=12)
    near = Path(shutil.copytree(far, tmp_path / "local" / "submitted"))
    grading = grade(far, "--cluster", scheduler)
    journal = far.parent / ".autograder" / "journal.jsonl"
    while grading.poll() is None and not (journal.exists() and len(journal.read_bytes().splitlines()) >= 3):
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    said, complaints = grading.communicate(timeout=300)
    assert grading.returncode == 0, complaints
    assert worker.wait(timeout=10) == -signal.SIGKILL
    local = grade(near)
    local.communicate(timeout=300)
    assert local.returncode == 0
    students = [one["student"] for one in results(far)]
    assert students == sorted(set(students))
    assert results(far) == results(near)
    assert said.count("student-") == 12


def test_no_scheduler(tmp_path: Path) -> None:
    """An address at which nobody answers is said to be one."""
    folder = tmp_path / "submitted" / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text("{}")
    grading = grade(tmp_path / "submitted", "--cluster", "tcp://127.0.0.1:9")
    _, complaints = grading.communicate(timeout=60)
    assert grading.returncode == 2
    assert complaints.splitlines()[-1].startswith("autograder: No Dask scheduler answers at tcp://127.0.0.1:9")
    assert "Traceback" not in complaints
