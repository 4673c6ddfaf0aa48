"""A sandbox on trial: confine a child as a submission's is, and let it try what it must not be able to do.

`doctor` starts it, once for each level, in the place of a worker. It imports no TensorFlow.
"""

import functools
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.model import Limits
from autograder.sandbox import zygote
from autograder.sandbox.guard import guard
from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE

_LIMITS = Limits(submission_seconds=10, memory_bytes=1 << 30, folder_bytes=1 << 20)


def main(level: Level, readable: list[str], files: list[str], port: int, process: int, descriptors: list[int]) -> None:
    """Run the child, whose answer is a list of what it reached, as sentences.

    Args:
        level: how it is confined.
        readable: what it may read.
        files: what it must not be able to read; they exist, and the user may.
        port: where something listens on this machine.
        process: one that is not its own.
        descriptors: of a socket for the guard's report, and of a pipe for the child's answer.
    """
    report, answers = descriptors

    def work(_: Mapping[str, Any], descriptors: Sequence[int], folder: str) -> None:
        os.write(descriptors[0], json.dumps(list(_reached(level, folder, files, port, process))).encode())

    forked_from = zygote.start(level, readable, lambda: None, work)
    if forked_from.wait_until_ready() != 0:
        return
    if (guarding := os.fork()) == 0:
        with socket.socket(fileno=report) as control:
            guard(level, _LIMITS, {}, control, forked_from, keep=[answers])
        os._exit(0)
    os.waitpid(guarding, 0)


def _reached(level: Level, folder: str, files: Sequence[str], port: int, process: int) -> Iterator[str]:
    """Yield what could be reached, in words."""
    # In namespaces the folder's file system is the submission's own; folders in it that lead to a package below /tmp
    # are empty, and nothing that is written there exists outside.
    own = os.stat(folder).st_dev if level is Level.NAMESPACES else None
    name = f"autograder-trial-{secrets.token_hex(8)}"
    if not _can(lambda: Path(folder, name).write_text("")):
        yield "its own folder is not writable"
    for path in files:
        if _can(Path(path).read_bytes):
            yield f"{path} can be read"
    for place in ("/", "/var/tmp", str(PACKAGE), os.path.dirname(os.__file__), *map(os.path.dirname, files)):
        if _can(Path(place, name).touch) and os.stat(place).st_dev != own:
            Path(place, name).unlink(missing_ok=True)
            yield f"{place} can be written to"
    if _can(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close()):
        yield "the network can be reached"
    visible = {int(other) for other in _names("/proc") if other.isdigit()} | {process, os.getppid()}
    for other in visible - {0, os.getpid()}:
        if _can(Path(f"/proc/{other}/environ").read_bytes):
            yield f"the environment of process {other} can be read"
        if _can(functools.partial(os.kill, other, 0)):
            yield f"process {other} can be signalled"


def _can(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(Level(order.pop("level")), **order)
