"""The temporary folder of a worker: it goes with its maker, or with the next one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.room import PREFIX, Room

LEAVE = """
import os, sys
from pathlib import Path
from autograder.sandbox.room import Room
room = Room()
Path(room.path, "submission-x", "deep").mkdir(parents=True)
print(room.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have temporary files in a folder of the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_a_room_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    """What was written into a room is gone when it is closed."""
    room = Room()
    Path(room.path, "left").mkdir(mode=0)
    room.close()
    assert list(tmp_path.iterdir()) == []


def test_only_abandoned_rooms_are_removed(tmp_path: Path) -> None:
    """A room stays as long as its maker lives, and is removed by the next one when that was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", LEAVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        Room().close()
        assert theirs.is_dir()
        other.kill()
    assert theirs.is_dir()
    Room().close()
    assert list(tmp_path.iterdir()) == []


def test_what_only_looks_like_a_room_stays(tmp_path: Path) -> None:
    """A link is not followed, a file and another's folder are not touched."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(kept)
    (tmp_path / f"{PREFIX}file").touch()
    if os.geteuid() == 0:
        (tmp_path / f"{PREFIX}other").mkdir()
        os.chown(tmp_path / f"{PREFIX}other", 65534, -1)
    before = sorted(tmp_path.iterdir())
    Room().close()
    assert sorted(tmp_path.iterdir()) == before
    assert (kept / "file").exists()
