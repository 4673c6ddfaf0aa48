"""A machine that is worth attacking: secrets where a grader has them, ears that listen, an ordinary user who grades."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.secret import secret_seed
from autograder.notebook.source import source_notebook
from autograder.sandbox.folder import remove
from autograder.sandbox.kernel import call
from autograder.sandbox.meter import children_of
from tests.attacks.attack import Places
from tests.attacks.make import NAME
from tests.sandbox.ward import NOBODY

ROOT = Path(__file__).parents[2]

_ADOPT = 36
"""PR_SET_CHILD_SUBREAPER: whatever loses its parent becomes a child of this process, and is seen."""

_PLANTED = {
    "the references": "course/solutions/blocks.py",
    "the source notebook": f"course/build/source/{NAME}/notes.txt",
    "the recorded results": "course/data/expected/notes.txt",
    "the secret's folder": "course/.autograder/notes.txt",
    "the journal's folder": "class/.autograder/notes.txt",
    "the home folder": "home/notes.txt",
    "the ssh key": "home/.ssh/id_rsa",
    "the password file": "home/.netrc",
}
"""Where canaries stand; the neighbours' notebooks, the environment and a temporary file have one as well."""


@dataclass
class Machine:
    """A folder with a course, a class and a home, and canaries in all of them.

    Args:
        root: everything lies below it.
        course: the course folder.
        canaries: what must not be read: where it stands, to a text that stands there.
        places: what attacks are told.
        caught: what the ears heard.
    """

    root: Path
    course: Course
    canaries: dict[str, str]
    places: Places
    caught: list[str] = field(default_factory=list)

    @property
    def classroom(self) -> Path:
        """The folder of the class."""
        return self.root / "class"

    @property
    def outside(self) -> Path:
        """A folder that anybody may write to."""
        return self.root / "outside"

    def environment(self) -> dict[str, str]:
        """Return the environment of whoever grades, with a secret in it."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "LANG": "C.UTF-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "KERAS_HOME": str(self.root / "caches"),
            "MPLCONFIGDIR": str(self.root / "caches"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AUTOGRADER_COURSE": str(self.course.root),
            "GRADEBOOK_TOKEN": self.canaries["the environment"],
        }

    def hand_over(self) -> None:
        """Give all files to the user who grades."""
        if _is_root():
            subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", str(self.root)], check=True)

    def empty_class(self) -> None:
        """Begin a new class in the place of the last one."""
        shutil.rmtree(self.classroom, ignore_errors=True)
        self._plant("the journal's folder")
        (self.classroom / "submitted").mkdir()

    def plant(self) -> None:
        """Put the canaries into their places."""
        for where in _PLANTED:
            self._plant(where)

    def _plant(self, where: str) -> None:
        path = self.root / _PLANTED[where]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(f"\n# {self.canaries[where]}\n")


@contextlib.contextmanager
def planted() -> Iterator[Machine]:
    """Make a machine, and listen while it is in use."""
    root = Path(tempfile.mkdtemp(prefix="attacks-", dir="/var/tmp"))  # /tmp is another one in namespaces
    root.chmod(0o755)
    canaries = {where: f"canary-of-{secrets.token_hex(8)}" for where in (*_PLANTED, "the environment", "a shared file")}
    nonce = f"n{secrets.token_hex(5)}"
    shared = Path("/tmp", f"left-by-others-{nonce}")
    caught: list[str] = []
    try:
        course = _make_course(root / "course")
        canaries["the secret seed"] = secret_seed(course).hex()
        (root / "caches").mkdir()
        (root / "outside").mkdir()
        (root / "outside").chmod(0o777)
        shared.write_text(canaries["a shared file"])
        if _is_root():
            os.chown(shared, NOBODY, NOBODY)
        with _ears(root / "outside" / "ear", caught) as ports:
            paths = {name: str(root / name) for name in ("course", "class", "home", "outside")}
            places = Places({"root": str(root), **paths, "socket": f"{root}/outside/ear"}, ports, nonce)
            machine = Machine(root, course, canaries, places, caught)
            machine.plant()
            machine.empty_class()
            yield machine
    finally:
        shared.unlink(missing_ok=True)
        for path in left_files(nonce):
            path.unlink()
        if root.exists():
            remove(str(root))


def _make_course(folder: Path) -> Course:
    """Copy the course as `make build` leaves it in a fresh clone."""
    course = Course(folder)
    for name in ("notebooks", "solutions", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    path = course.source_notebooks / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source_notebook(course, find_assignment(NAME)), path)
    return course


@contextlib.contextmanager
def _ears(path: Path, caught: list[str]) -> Iterator[dict[str, int]]:
    """Listen on TCP, UDP, a Unix socket and an abstract one, and write down who comes."""
    tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    unix, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    for ear in (tcp, udp):
        ear.bind(("127.0.0.1", 0))
    port = tcp.getsockname()[1]
    unix.bind(str(path))
    path.chmod(0o777)
    abstract.bind(f"\0ear{port}")
    ears = {"TCP": tcp, "UDP": udp, "a Unix socket": unix, "an abstract socket": abstract}
    for name, ear in ears.items():
        if name != "UDP":
            ear.listen()
        threading.Thread(target=_listen, args=(name, ear, caught), daemon=True).start()
    try:
        yield {"tcp": port, "udp": udp.getsockname()[1]}
    finally:
        for ear in ears.values():
            with contextlib.suppress(OSError):
                ear.shutdown(socket.SHUT_RDWR)
            ear.close()


def _listen(name: str, ear: socket.socket, caught: list[str]) -> None:
    with contextlib.suppress(OSError):
        while True:
            if name == "UDP":
                data = ear.recv(4096)
            else:
                guest, _ = ear.accept()
                with guest:
                    guest.settimeout(2)
                    data = guest.recv(4096)
            caught.append(f"{name}: {data.decode(errors='replace')}")


def _is_root() -> bool:
    return os.geteuid() == 0


def as_ordinary_user(command: Sequence[str]) -> list[str]:
    """Return a command that runs another as an ordinary user, who can read this Python even if only root can."""
    if not _is_root() or not all(map(shutil.which, ("bwrap", "setpriv"))):
        return list(command)
    options: list[str] = []
    for path in dict.fromkeys(Path(place).resolve() for place in (sys.base_prefix, sys.prefix, ROOT)):
        closed = next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & 0o001), None)
        if closed is not None:
            between = [parent for parent in reversed(path.parents) if closed in parent.parents]
            options += [] if str(closed) in options else ["--tmpfs", str(closed)]
            options += [word for parent in between for word in ("--dir", str(parent))]
            options += ["--ro-bind", str(path), str(path)]
    user = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--inh-caps=-all", "--no-new-privs")
    return ["bwrap", "--dev-bind", "/", "/", *options, "setpriv", *user, "--", *command]


@contextlib.contextmanager
def adopting() -> Iterator[list[str]]:
    """Become the parent of whatever is left behind meanwhile; it is listed at the end, and ended."""
    before = set(children_of(os.getpid()))
    left: list[str] = []
    call("prctl", _ADOPT, 1, 0, 0, 0)
    try:
        yield left
    finally:
        call("prctl", _ADOPT, 0, 0, 0, 0)
        for number in set(children_of(os.getpid())) - before:
            with contextlib.suppress(OSError):
                if os.waitpid(number, os.WNOHANG) == (0, 0):  # it lives
                    left.append(f"a process: {Path(f'/proc/{number}/comm').read_text().strip()}")
                    os.kill(number, signal.SIGKILL)
                    os.waitpid(number, 0)


def left_files(nonce: str) -> list[Path]:
    """Return files that attacks left in folders for temporary files."""
    found: list[Path] = []
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run"):
        with contextlib.suppress(OSError):
            found += [path for path in Path(folder).glob(f"*{nonce}*") if not path.name.startswith("left-by-others")]
    return found
