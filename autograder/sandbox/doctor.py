"""Find the strongest level that works on this machine, by trying each of them, and say what another one lacks."""

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import landlock
from autograder.sandbox.container import worker_command
from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE, SYSTEM, readable_paths

_SECONDS = 20
"""After this a trial has failed; it takes a quarter of a second."""

_MOST_BYTES = 1 << 16

_START = """
import runpy, sys, types
sys.modules["autograder"] = types.ModuleType("autograder")
sys.modules["autograder"].__path__ = [sys.argv[2]]
runpy.run_module("autograder.sandbox.trial", run_name="__main__")
"""
"""Starts a trial of this very package, wherever it lies, and puts nothing else on the path."""

_SETTINGS = {
    "/proc/sys/user/max_user_namespaces": ("0", "sysctl -w user.max_user_namespaces=10000"),
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}
"""Settings with which an administrator forbids namespaces: the value that does, and the command that allows them."""

_INSTALL = "Install it: `apt install bubblewrap`, `dnf install bubblewrap` or `pacman -S bubblewrap`."
_IN_A_CONTAINER = (
    "In Docker or Podman, start the outer container with --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined, as an ordinary user."
)
_ADMINISTRATOR = "Ask the administrator of this machine for unprivileged user namespaces."
_NEWER_LINUX = "Use Linux 5.13 or newer; in a container, a runtime whose seccomp profile knows the landlock calls."
_SWITCH_ON = "Add `landlock,` to the list `lsm=` on the kernel's command line, and boot again."
_LINUX = "Grade on Linux, in WSL 2 or in a virtual machine."


@dataclass(frozen=True)
class Finding:
    """What the doctor found out about one level.

    Args:
        level: the level.
        works: whether it was tried and held.
        sentence: what was found.
        remedy: what to do, if it does not work.
    """

    level: Level
    works: bool
    sentence: str
    remedy: str = ""


def find_level() -> tuple[Level, list[Finding]]:
    """Try each level for real, as the user who asks.

    Returns:
        The strongest level that works, NONE if there is none, and what was found about each, strongest first.
    """
    if not sys.platform.startswith("linux"):
        levels = (Level.NAMESPACES, Level.LANDLOCK)
        return Level.NONE, [Finding(level, False, "It needs Linux.", _LINUX) for level in levels]
    findings = [_namespaces(), _landlock()]
    return next((finding.level for finding in findings if finding.works), Level.NONE), findings


def _namespaces() -> Finding:
    if shutil.which("bwrap") is None:
        return Finding(Level.NAMESPACES, False, "bubblewrap (bwrap) is not installed.", _INSTALL)
    failure = _tried(Level.NAMESPACES)
    if not failure:
        return Finding(Level.NAMESPACES, True, "A trial submission in namespaces of its own reached nothing outside.")
    return Finding(Level.NAMESPACES, False, f"A trial in namespaces failed: {failure}.", _remedy_for_namespaces())


def _remedy_for_namespaces() -> str:
    """Return what allows namespaces here, as far as the system shows what forbids them."""
    for path, (forbidding, command) in _SETTINGS.items():
        with contextlib.suppress(OSError):
            if Path(path).read_text().strip() == forbidding:
                return f"As root: `{command}`."
    if os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv"):
        return _IN_A_CONTAINER
    return _ADMINISTRATOR


def _landlock() -> Finding:
    try:
        version = landlock.version()
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return Finding(Level.LANDLOCK, False, "This kernel has Landlock, but it is switched off.", _SWITCH_ON)
        return Finding(Level.LANDLOCK, False, "This kernel has no Landlock, or does not let us use it.", _NEWER_LINUX)
    failure = _tried(Level.LANDLOCK)
    if failure:
        return Finding(Level.LANDLOCK, False, f"A trial with Landlock failed: {failure}.", _NEWER_LINUX)
    sentence = f"A trial submission behind Landlock (version {version}) and a filter reached nothing outside."
    return Finding(Level.LANDLOCK, True, sentence)


def _tried(level: Level) -> str:
    """Run a trial; return why it failed, empty if it held."""
    with contextlib.ExitStack() as stack:
        report, reported = (stack.enter_context(end) for end in socket.socketpair())
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        read, write = os.pipe()
        answers = stack.enter_context(os.fdopen(read, "rb"))
        order = {
            "level": level,
            "readable": [str(path) for path in readable_paths()],
            "files": list(_private_files()),
            "port": listener.getsockname()[1],
            "process": os.getpid(),
            "descriptors": [reported.fileno(), write],
        }
        argv = [sys.executable, "-B", "-c", _START, json.dumps(order), str(PACKAGE)]
        command = worker_command(level, argv, readable_paths(), {"PATH": os.defpath})
        try:
            done = subprocess.run(
                command, pass_fds=order["descriptors"], cwd="/", capture_output=True, text=True, timeout=_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        finally:
            os.close(write)
            reported.close()
        end, said = report.recv(_MOST_BYTES), answers.read(_MOST_BYTES)
        return _judged(end, said, done.stderr)


def _judged(end: bytes, said: bytes, log: str) -> str:
    """Return what is wrong with a trial.

    Args:
        end: the guard's report.
        said: the child's answer.
        log: what the worker wrote, for the case that it did not come so far.
    """
    last = log.strip().splitlines()[-1:]
    if not end:
        return " ".join(last) or "it did not start"
    report = json.loads(end)
    if (report["ended"], report["code"]) != ("exit", 0):
        return report["message"] or f"it ended with {report['ended']} {report['code']}"
    return ", ".join(json.loads(said))


def _private_files() -> Iterator[str]:
    """Yield a file of the home folder, of the current folder and of the one that holds the package, where there is."""
    allowed = [path.resolve() for path in (*SYSTEM, *readable_paths())]
    for folder in dict.fromkeys([Path.home(), Path.cwd(), PACKAGE.parent]):
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                inside = any(shown == real or shown in real.parents for shown in allowed for real in [path.resolve()])
                if path.is_file() and os.access(path, os.R_OK) and not inside:
                    yield str(path)
                    break
