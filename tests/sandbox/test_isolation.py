"""What code in the sandbox tries to reach, and does not."""

import contextlib
import os
import platform
import signal
import socket
import sys
from pathlib import Path

import pytest

from autograder.sandbox import syscalls
from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE
from tests.sandbox.ward import Ward

UNSEEN = {"ENOENT", "EACCES"}


def test_a_file_outside_cannot_be_read(ward: Ward, outside: Path) -> None:
    """A file that the user may read is unreadable in the sandbox, by every way of opening it."""
    ways = ward.answer(
        f"""
        path = "{outside}/secret"
        os.symlink(path, "link")
        opened = [outcome(open, way) for way in (path, "link", "/proc/self/root" + path)]
        others = (os.listdir, "{outside}"), (os.link, path, "hard"), (os.execv, path, ["x"])
        answer(opened + [outcome(*call) for call in others])
        """
    )
    assert set(ways) <= UNSEEN | {"EXDEV"}


def test_home_is_not_seen(ward: Ward) -> None:
    """No file of the home folder can be opened."""
    home = Path.home()
    files = [str(path) for path in home.iterdir() if path.is_file()][:5]
    assert set(ward.answer(f"answer([outcome(open, path) for path in {files}] + ['ENOENT'])")) <= UNSEEN


def test_the_course_is_not_seen(ward: Ward) -> None:
    """Of the folder that holds the package, only that and Python are seen: the answers may lie beside it."""
    needed = {PACKAGE, Path(sys.prefix)}
    beside = [str(path) for path in PACKAGE.parent.iterdir() if path not in needed]
    code = f"answer([outcome(os.listdir if os.path.isdir(path) else open, path) for path in {beside}])"
    assert set(ward.answer(code)) <= UNSEEN
    assert ward.answer(f"answer(outcome(open, '{PACKAGE}/model.py'))") == "done"


def test_other_processes_are_not_seen(ward: Ward) -> None:
    """Neither memory nor environment nor command line of any other process can be read."""
    code = f"""
        others = [name for name in os.listdir("/proc") if name.isdigit()] if {ward.level == "namespaces"} else []
        others += ["{os.getpid()}", "{ward.process.pid}", str(os.getppid())]
        files = ("environ", "mem", "maps", "cmdline", "fd", "cwd/x", "root/etc/passwd")
        paths = [f"/proc/{{other}}/{{file}}" for other in others if other != str(os.getpid()) for file in files]
        answer([outcome(os.listdir if path.endswith("fd") else open, path) for path in paths])
        """
    assert set(ward.answer(code)) <= UNSEEN


def test_a_process_sees_only_itself(ward: Ward) -> None:
    """A submission's list of processes holds itself, or cannot be read."""
    assert ward.answer(
        """
        try:
            answer([name for name in os.listdir("/proc") if name.isdigit()])
        except PermissionError:
            answer(["1"])
        """
    ) == ["1"]


def test_another_submission_is_not_seen(ward: Ward) -> None:
    """The folder of a submission that runs at the same time cannot be read or written."""
    first = ward.start("open('mine', 'w').write('x'); answer(folder); sys.stdin.close(); signal.pause()")
    folder = first.first_answer()
    code = f"""
        answer([outcome(open, "{folder}/" + name, mode) for name, mode in (("mine", "r"), ("mine", "w"), ("new", "x"))])
        """
    outcomes = ward.answer(code)
    first.guard.shutdown(socket.SHUT_WR)
    assert first.finish().ended == "stopped"
    # At NAMESPACES both have a folder of this name, each its own.
    assert outcomes == (["ENOENT", "done", "done"] if ward.level is Level.NAMESPACES else ["EACCES"] * 3)


def test_nothing_outside_can_be_changed(ward: Ward, outside: Path) -> None:
    """What the user owns keeps its content, its mode, its times and its name."""
    before = (outside / "secret").stat()
    outcomes = ward.answer(
        f"""
        import shutil
        for call in (lambda path: os.chmod(path, 0o777), lambda path: os.utime(path, (1, 1))):
            outcome(call, "{outside}/secret")
        path = "{outside}/secret"
        file = (open, path, "w"), (open, path, "a"), (os.truncate, path, 0), (os.chown, path, -1, 0)
        name = (os.unlink, path), (os.rename, path, "taken"), (os.rename, path, path + "2")
        beside = (os.mkdir, path + "3"), (open, path + "4", "x")
        answer([outcome(*call) for call in file + name + beside])
        """
    )
    assert "done" not in outcomes
    after = (outside / "secret").stat()
    assert (after.st_mode, after.st_mtime, after.st_size) == (before.st_mode, before.st_mtime, before.st_size)
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_what_can_be_read_cannot_be_changed(ward: Ward) -> None:
    """A file of the package that is open for reading keeps its mode and its times."""
    file = PACKAGE / "model.py"
    before = file.stat()
    ward.answer(
        f"""
        with open("{file}") as opened:
            outcome(os.fchmod, opened.fileno(), 0)
            outcome(os.utime, opened.fileno(), (1, 1))
            answer(1)
        """
    )
    assert (file.stat().st_mode, file.stat().st_mtime) == (before.st_mode, before.st_mtime)


def test_the_system_is_read_only(ward: Ward) -> None:
    """Nothing can be created anywhere but in the working folder and where temporary files go."""
    places = ["/", "/usr", "/etc", "/dev", "/var/tmp", "/proc", "/proc/self", "/sys", str(PACKAGE), "/run", "/home"]
    code = f"""
        answer([outcome(open, place + "/new", "w") for place in {places}])
        """
    assert "done" not in ward.answer(code)
    if ward.level is Level.LANDLOCK:
        assert (
            ward.answer("answer([outcome(open, place + '/new', 'w') for place in ('/tmp', '/dev/shm')])")
            == ["EACCES"] * 2
        )


def test_the_kernel_cannot_be_configured(ward: Ward) -> None:
    """No file of the kernel's settings can be opened for writing."""
    files = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/sys/power/state"]
    assert "done" not in ward.answer(f"answer([outcome(open, file, 'w') for file in {files}])")


def test_no_connection_leaves(ward: Ward, outside: Path) -> None:
    """Servers on this very machine hear nothing, over TCP, UDP, and named and abstract Unix sockets."""
    with contextlib.ExitStack() as stack:
        servers: list[tuple[int, int, socket.socket]] = []
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"{outside}/named"),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"\0autograder-{os.getpid()}"),
            (socket.AF_UNIX, socket.SOCK_DGRAM, f"\0autograder-datagram-{os.getpid()}"),
        ):
            server = stack.enter_context(socket.socket(family, kind))
            server.bind(address)
            server.setblocking(False)
            if kind == socket.SOCK_STREAM:
                server.listen()
            servers.append((int(family), int(kind), server))
        os.chmod(outside / "named", 0o777)
        wanted = [(family, kind, server.getsockname()) for family, kind, server in servers]
        outcomes = ward.answer(
            f"""
            def reach(family, kind, address):
                with socket.socket(family, kind) as client:
                    client.connect(address)
                    client.send(b"x")
            answer([outcome(reach, *server) for server in {wanted!r}])
            """
        )
        assert "done" not in outcomes
        for _, number, server in servers:
            with pytest.raises(BlockingIOError):
                server.accept() if number == socket.SOCK_STREAM else server.recv(1)


def test_a_pair_of_sockets_cannot_be_turned_elsewhere(ward: Ward) -> None:
    """A datagram socket of a pair sends nothing to an address of its choice."""
    name = f"\0autograder-turned-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(name)
        server.setblocking(False)
        ward.answer(
            f"""
            def turn():
                one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
                one.sendto(b"x", {name!r})
            answer(outcome(turn))
            """
        )
        with pytest.raises(BlockingIOError):
            server.recv(1)


def test_signals_reach_nobody(ward: Ward) -> None:
    """Killing everything, the parent, its group and the worker changes nothing outside."""
    ward.run(
        f"""
        for number in (os.getppid(), -1, 0, {os.getpid()}, {ward.process.pid}):
            outcome(os.kill, number, signal.SIGKILL)
        """
    )
    assert ward.process.poll() is None
    ward.wait_until_alone()
    assert ward.answer("answer(1)") == 1


@pytest.mark.parametrize(
    "name", [name for name, (_, fate) in syscalls.calls(platform.machine()).items() if fate is syscalls.Fate.NEVER]
)
def test_a_dangerous_call_is_refused(ward: Ward, name: str) -> None:
    """Calls that no notebook needs are refused before the kernel looks at them."""
    number, _ = syscalls.calls(platform.machine())[name]
    assert ward.answer(f"answer(outcome(system_call, {number}, 0, 0, 0, 0, 0))") == "EPERM"


def test_namespaces_cannot_be_cloned(ward: Ward) -> None:
    """clone(2) makes no namespace, and clone3(2), whose flags cannot be seen, is unknown."""
    calls = syscalls.calls(platform.machine())
    flags = 0x10000000 | signal.SIGCHLD
    code = f"answer([outcome(system_call, {calls['clone'][0]}, {flags}, 0), outcome(system_call, 435, 0, 0)])"
    assert ward.answer(code) == ["EPERM", "ENOSYS"]


def test_unknown_calls_are_refused(ward: Ward) -> None:
    """A call that is newer than the list of judged calls is unknown."""
    assert ward.answer(f"answer(outcome(system_call, {syscalls.LAST + 1}))") == "ENOSYS"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86_64 has a second set of numbers")
def test_the_other_numbers_are_deadly(ward: Ward) -> None:
    """A call by its x32 number, which no filter by number would know, ends the process."""
    run = ward.run("system_call(0x40000000 + 39)")
    assert (run.ended, run.code) == ("signal", signal.SIGSYS)


def test_no_power_is_left(ward: Ward) -> None:
    """The process has no capability, can gain none, and its filter is in force."""
    status = dict(line.split(":\t") for line in ward.answer("answer(open('/proc/self/status').read())").splitlines())
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_only_the_given_descriptors_are_open(ward: Ward) -> None:
    """Of all descriptors only those that the work was given are open, and the standard ones lead nowhere."""
    code = """
        links = {}
        for name in os.listdir("/proc/self/fd"):
            try:
                links[name] = os.readlink("/proc/self/fd/" + name)
            except FileNotFoundError:
                pass  # of the listing itself
        answer([answers, links])
        """
    answers, found = ward.answer(code)
    assert {number for number, path in found.items() if path == "/dev/null"} == {"0", "1", "2"}
    assert {int(number) for number in found} == {0, 1, 2, answers}


def test_the_surroundings_tell_nothing(ward: Ward) -> None:
    """The environment holds what the worker was given and the submission's own folders; the machine has no name."""
    names, folder, home = ward.answer("answer([sorted(os.environ), folder, os.environ['HOME']])")
    assert set(names) - {"LC_CTYPE", "PWD"} == {"HOME", "LANG", "PATH", "TMPDIR"}
    assert home == folder
    if ward.level is Level.NAMESPACES:
        assert ward.answer("answer([socket.gethostname(), os.getpid(), os.getppid()])") == ["sandbox", 1, 0]
