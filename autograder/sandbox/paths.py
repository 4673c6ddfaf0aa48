"""Which files a worker may read, and how symbolic links lead to them."""

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SYSTEM = tuple(
    Path(name)
    for name in (
        *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"),
        *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload"),
        *("/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/timezone"),
    )
)
"""What programs need of the system: no passwords, no hosts, no configuration of services."""

_PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "share", "etc", "ssl", "pyvenv.cfg")
"""Of a prefix only this: someone may have made the environment of a course in the folder of the course itself."""

_MOST_LINKS = 40
"""As in the kernel: so many links may lie on the way to a file."""

PACKAGE = Path(__file__).parents[1]
"""The folder of this package; what lies beside it may be the answers."""


@dataclass(frozen=True)
class Routes:
    """The ways to some paths.

    Args:
        links: every symbolic link on the way, and what it says.
        ends: the real files and folders, none inside another.
    """

    links: dict[Path, str]
    ends: tuple[Path, ...]


def routes(paths: Iterable[Path]) -> Routes:
    """Follow paths through all their symbolic links, so that the same paths can be laid anew somewhere else.

    Args:
        paths: absolute; those that lead nowhere are passed over.

    Returns:
        The links that are not inside one of the ends, and the ends.
    """
    links: dict[Path, str] = {}
    found: set[Path] = set()
    for path in paths:
        links_of_path, end = _followed(path)
        if end is not None:
            links |= links_of_path
            found.add(end)
    ends = tuple(sorted(end for end in found if not any(parent in found for parent in end.parents)))
    return Routes({link: said for link, said in links.items() if not any(end in link.parents for end in ends)}, ends)


def _followed(path: Path) -> tuple[dict[Path, str], Path | None]:
    """Return the links on the way to a path, and its end, None if there is none."""
    links: dict[Path, str] = {}
    place, left, followed = Path("/"), list(reversed(path.parts[1:])), 0
    while left:
        name = left.pop()
        step = place.parent if name == ".." else place / name
        try:
            said = os.readlink(step)
        except OSError:  # no link, or nothing there
            place = step
            continue
        links[step] = said
        followed += 1
        if followed > _MOST_LINKS:  # counted with repetition, since links can lead in a circle
            return {}, None
        target = Path(said)
        if target.is_absolute():
            place = Path("/")
        left += reversed(target.parts[1:] if target.is_absolute() else target.parts)
    return links, place if os.path.lexists(place) else None


def readable_paths() -> list[Path]:
    """Return what a worker must be able to read of this Python, beside the system.

    Returns:
        Parts of the environment and of the Python that it was made from, the folders of installed packages, and the
        folder of this package; never what lies beside them.
    """
    prefixes = dict.fromkeys([sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix])
    wanted = [Path(prefix, part) for prefix in prefixes for part in _PARTS]
    wanted += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    packages = {*site.getsitepackages(), site.getusersitepackages()}
    wanted += [Path(entry) for entry in sys.path if entry in packages]
    wanted += [Path(sys.executable), Path(os.path.realpath(sys.executable)), PACKAGE]
    return [path for path in dict.fromkeys(wanted) if path.exists() and not _of_the_system(path)]


def _of_the_system(path: Path) -> bool:
    return any(folder == path or folder in path.parents for folder in SYSTEM)


def open_to_all(path: Path) -> bool:
    """Say whether any user can reach and read a path."""
    real = path.resolve()
    try:
        return all(parent.stat().st_mode & 0o001 for parent in real.parents) and bool(real.stat().st_mode & 0o004)
    except OSError:
        return False
