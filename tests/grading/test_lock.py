"""One command at a time grades a class."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.grading.lock import only_one

HOLD = """
import sys
from pathlib import Path
from autograder.grading.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    """While another process holds it, it cannot be had; when that is killed, it can, and its file does not matter."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(UsageError, match="Another command is grading this class") as raised, only_one(tmp_path):
            pass
        assert raised.value.exit_code == 2
        other.kill()
    with only_one(tmp_path):
        assert (tmp_path / "lock").exists()
    with only_one(tmp_path):
        pass


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Where nothing can be written, that is said before anything is run."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"), only_one(tmp_path / "file" / "inner"):
        pass
