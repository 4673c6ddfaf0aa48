"""Single-use processes where there is no fork (macOS, Windows): each imports what it needs, which takes seconds.

They are not confined; only their time is limited. `python -m autograder.sandbox.spawn child` is such a process.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading

from autograder.model import Limits
from autograder.sandbox.frames import Connection
from autograder.sandbox.launch import END_SECONDS, WorkerLost, environment, from_outside


class Spawned:
    """A process of its own, connected through its standard streams."""

    def __init__(self, work: str, limits: Limits, most: int | None) -> None:
        """Start it."""
        self._folder = tempfile.mkdtemp(prefix="submission-")
        self._late, self._from_outside = False, from_outside(work)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.spawn", work, self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=self._folder,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.connection = Connection(self._process.stdout.fileno(), self._process.stdin.fileno(), most)
        self._timer = threading.Timer(min(limits.submission_seconds, threading.TIMEOUT_MAX), self._stop)
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    def end(self) -> str:
        """Return how it ended; see `launch.Process`."""
        try:
            code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return "stopped"
        if self._late:
            return "time"
        return "exit" if code >= 0 else "killed" if -code in self._from_outside else "signal"

    def close(self) -> None:
        """End it."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class SpawnLauncher:
    """Starts each process anew."""

    def __init__(self) -> None:
        """Be open."""
        self._closed = False

    def start(self) -> None:
        """Do nothing: there is nothing to be prepared."""

    def launch(self, work: str, limits: Limits, most: int | None) -> Spawned:
        """Start a process; see `launch.Launcher`."""
        if self._closed:
            raise WorkerLost("The run was stopped.")
        return Spawned(work, limits, most)

    def close(self) -> None:
        """Start nothing any more; each process is closed by who uses it."""
        self._closed = True


def _environment() -> dict[str, str]:
    """Return what the process is told; Windows starts nothing without a few names of its own."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return environment() | kept


def main(work: str, folder: str) -> None:
    """Do the work of one process over what were its standard streams."""
    connection = Connection(os.dup(0), os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what the student's code prints must not get between the messages
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    os.environ["HOME"] = folder
    if work == "child":
        import matplotlib

        matplotlib.use("agg")
        from autograder.sandbox.child import run_job

        run_job(connection, folder)
    else:
        from autograder.sandbox.evaluator import serve

        serve(connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
