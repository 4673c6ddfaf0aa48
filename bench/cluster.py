"""A Dask cluster of this machine's own: a scheduler and two worker processes with one thread each."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from json import loads
from pathlib import Path


@contextmanager
def two_workers() -> Iterator[str]:
    """Start them, and yield the scheduler's address."""
    from distributed import Client

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "scheduler.json"
        _start(stack, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        for name in ("one", "two"):
            words = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / name))
            _start(stack, "worker", "--scheduler-file", str(file), *words)
        while not (file.exists() and file.read_text(encoding="utf-8")):
            time.sleep(0.1)
        address = str(loads(file.read_text(encoding="utf-8"))["address"])
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address


def _start(stack: ExitStack, *words: str) -> None:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=quiet, stderr=quiet)
    stack.callback(process.wait)
    stack.callback(process.terminate)
