"""The command that starts a worker: in a container of bubblewrap where namespaces are to be had, else plainly."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE, SYSTEM, open_to_all, readable_paths, routes

__all__ = ["readable_paths", "user_of_worker", "worker_command"]

_NOBODY = 65534
_CHANGING_USER = 1 << 6 | 1 << 7
"""CAP_SETGID and CAP_SETUID, as bits."""

_INSIDE = 1000
"""The user's and the group's number inside the container, which etc/passwd there knows."""

_ETC = PACKAGE / "sandbox" / "etc"


def worker_command(
    level: Level, argv: Sequence[str], readable: Sequence[Path], environment: Mapping[str, str]
) -> list[str]:
    """Return the command line of a worker.

    Descriptors that `subprocess.Popen` passes with `pass_fds` reach the worker at every level. Started by root, the
    worker runs as nobody: at LANDLOCK only if everybody can read this Python, else as root without a capability.

    Args:
        level: how the worker is shut in; NONE and LANDLOCK give it no container.
        argv: the worker's own command line.
        readable: what it may read beside the system, from `readable_paths`.
        environment: all the variables that it gets; other users of the machine can see them, so no secrets.

    Returns:
        The command line for `subprocess.Popen`.
    """
    if level is Level.NAMESPACES:
        inner = [*_container(readable, environment), "--", *argv]
        return _as_nobody_in_own_root(inner, readable) if _is_root() else inner
    clean = ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), *argv]
    if level is Level.LANDLOCK and _is_root():
        return [*_become_nobody(can_read=user_of_worker(level, readable) is not None), *clean]
    return clean


def user_of_worker(level: Level, readable: Sequence[Path]) -> int | None:
    """Return the user that a worker becomes outside of any container; None if it stays who started it."""
    other = level is Level.LANDLOCK and _may_become_another() and all(map(open_to_all, readable))
    return _NOBODY if other else None


def _may_become_another() -> bool:
    """Tell whether this process may change its user: root may, where no container took that from him."""
    if not _is_root():
        return False
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    effective = next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    return effective & _CHANGING_USER == _CHANGING_USER


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _container(readable: Sequence[Path], environment: Mapping[str, str]) -> list[str]:
    """Return the start of a command that runs another in a container; a user needs no privilege for it."""
    variables = [word for name, value in environment.items() for word in ("--setenv", name, value)]
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "sandbox"),
        *("--uid", str(_INSIDE), "--gid", str(_INSIDE), "--clearenv", *variables),
        # Not --disable-userns: every submission gets namespaces of its own inside.
        *("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"),
        *_laid([*SYSTEM, *readable]),
        *("--ro-bind", str(_ETC / "passwd"), "/etc/passwd", "--ro-bind", str(_ETC / "group"), "/etc/group"),
        *("--remount-ro", "/", "--chdir", "/"),
    ]


def _laid(paths: Sequence[Path]) -> list[str]:
    """Return options that lay paths, with their symbolic links, at the same places inside."""
    ways = routes(paths)
    parents = {parent for path in (*ways.links, *ways.ends) for parent in path.parents} - {Path("/"), Path("/tmp")}
    folders = [
        word for parent in sorted(parents) for word in ("--dir", str(parent))
    ]  # else some are their owner's only
    links = [word for link, said in sorted(ways.links.items()) for word in ("--symlink", said, str(link))]
    return [*folders, *links, *(word for end in ways.ends for word in ("--ro-bind", str(end), str(end)))]


def _as_nobody_in_own_root(inner: Sequence[str], readable: Sequence[Path]) -> list[str]:
    """Return a command that runs another as nobody, who sees what root could read here, such as a Python in /root.

    Root's own container would not do: there the kernel refuses the inner namespaces a /proc of their own.
    """
    return [
        *("bwrap", "--die-with-parent", "--tmpfs", "/tmp", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"),
        *_laid([*SYSTEM, *readable, _ETC]),
        *(*_become_nobody(can_read=True), *inner),
    ]


def _become_nobody(can_read: bool) -> list[str]:
    """Return a command that runs another without root's powers."""
    other_user = ["--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups"] if can_read else []
    return ["setpriv", *other_user, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]
