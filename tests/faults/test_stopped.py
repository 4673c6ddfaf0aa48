"""A run that is stopped by Ctrl-C, by a full disk or by another command's lock goes on later, and loses nothing."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import school
from tests.faults.command import Command, Ended
from tests.faults.test_killed import assert_same

pytestmark = pytest.mark.tensorflow


def said_once(ended: Ended, code: int, words: str) -> None:
    """See that a command ended with one sentence and its exit code."""
    assert (ended.code, ended.err.count("autograder: ")) == (code, 1), ended
    assert words in ended.sentence
    assert "Traceback" not in ended.out + ended.err


def wait_for(folder: Path, number: int) -> None:
    """Wait until the journal has so many lines."""
    until = time.monotonic() + 60
    while school.whole_lines(folder).count(b"\n") < number:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_stopped_while_another_tries(
    command: Command, ordinary: Command, folder: Path, undisturbed: Path, notebooks: dict[str, dict[str, Any]]
) -> None:
    """A second command is refused and disturbs nothing; Ctrl-C ends the first soon, and a third goes on from there."""
    arguments = ("grade", folder / "submitted", "--results", folder / "results.json")
    endless = school.submit(folder / "submitted", "zzz", notebooks["endless-loop"])
    command.start(*arguments)
    wait_for(folder, 3)
    os.kill(command.number, signal.SIGSTOP)
    second = ordinary.run(*arguments)
    os.kill(command.number, signal.SIGCONT)
    said_once(second, 2, "Another command is grading this class")
    wait_for(folder, 8)
    start = time.monotonic()
    os.killpg(command.number, signal.SIGINT)  # a terminal tells all processes of the foreground
    first = command.finish()
    assert time.monotonic() - start < 10
    said_once(first, 130, "stopped; what is graded is kept")
    kept = school.whole_lines(folder)
    assert kept.count(b"\n") >= 8
    shutil.rmtree(endless.parents[1])
    assert command.run(*arguments).code == 0
    assert school.whole_lines(folder).startswith(kept)
    assert_same(folder, undisturbed)


@pytest.mark.parametrize("moment", [0.0, 0.3, 1.0, 2.5, 4.0])
@pytest.mark.slow
def test_stopped_at_any_moment(command: Command, folder: Path, moment: float) -> None:
    """Ctrl-C before anything was graded, also while TensorFlow is imported, ends the command soon, with 130."""
    command.start("grade", folder / "submitted", "--results", folder / "results.json")
    time.sleep(moment)
    start = time.monotonic()
    os.killpg(command.number, signal.SIGINT)
    ended = command.finish()
    assert time.monotonic() - start < 10
    said_once(ended, 130, "stopped")


def sized(disk: Path, room: int, option: str = "remount,") -> str:
    """Give a disk so much room beyond what is on it, in bytes; return why that cannot be had."""
    used = shutil.disk_usage(disk).used if option else 0
    size = f"{option}size={(used + room) // 4096 * 4096 + 4096}"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk], capture_output=True, text=True)
    return done.stderr.strip()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own."""
    found = tmp_path / "disk"
    found.mkdir()
    if why_not := sized(found, 2_000_000, option=""):
        pytest.skip(f"no small disk can be had here: {why_not}")
    yield found
    subprocess.run(["umount", found], check=True)


@pytest.mark.slow
def test_a_full_disk(command: Command, disk: Path, undisturbed: Path) -> None:
    """A run that meets a full disk ends with one sentence, wherever it is; with more room the same command finishes."""
    shutil.copytree(undisturbed / "submitted", disk / "submitted")
    arguments = ("grade", disk / "submitted", "--results", disk / "results.json")
    for room in (0, 330_000, 700_000, 30_000, 150_000):
        assert sized(disk, room) == ""
        ended = command.run(*arguments)
        print(f"{room} bytes: {ended.sentence}")
        said_once(ended, 3, "")
        assert not (disk / "results.json").exists()
    assert sized(disk, 20_000_000) == ""
    assert command.run(*arguments).code == 0
    assert_same(disk, undisturbed)


@pytest.mark.slow
def test_a_journal_that_cannot_grow(command: Command, folder: Path, undisturbed: Path) -> None:
    """Where files may not grow beyond a size, as with a quota, the run ends with a sentence, and later goes on."""
    journal = folder / ".autograder" / "journal.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(b"x" * 5_000_000 + b"\n")
    arguments = ("grade", folder / "submitted", "--results", folder / "results.json")
    ended = command.run(*arguments, largest_file=5_012_000)
    said_once(ended, 3, "Make room or allow it, then give the same command again.")
    assert not (folder / "results.json").exists()
    kept = school.whole_lines(folder)
    assert kept.count(b"\n") > 1
    assert command.run(*arguments).code == 0
    assert school.whole_lines(folder).startswith(kept)
    journal.write_bytes(journal.read_bytes()[5_000_001:])
    assert_same(folder, undisturbed)


@pytest.mark.slow
def test_a_submission_that_eats_memory(
    command: Command, folder: Path, undisturbed: Path, notebooks: dict[str, dict[str, Any]]
) -> None:
    """A function that takes all memory loses its own points, in a sentence, and nobody else loses any."""
    text = json.dumps(notebooks["exception"])
    eats = "held = [bytearray(b'x') * (64 << 20) for _ in range(10**6)]"
    assert "raise RuntimeError('I give up')" in text
    eater = json.loads(text.replace("raise RuntimeError('I give up')", eats))
    school.submit(folder / "submitted", "eater", eater)
    ended = command.run("grade", folder / "submitted", "--results", folder / "results.json")
    assert ended.code == 0, ended
    found = {one["student"]: one for one in school.results(folder / "results.json")}
    assert found["eater"]["score"] == 10
    assert any("memory" in check["message"].lower() for check in found["eater"]["checks"])
    del found["eater"]
    assert list(found.values()) == school.results(undisturbed / "results.json")
