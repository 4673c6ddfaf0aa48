"""The process from which all others are forked once it has imported what they need: a zygote.

To fork a process that holds much memory costs milliseconds, so it does that once per submission and no more. All else
that a submission needs, its guard first, comes from a small process beside it, `worker`. No code of a student's is ever
here, nor in a guard: the child shares no descriptor with either.
"""

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Never

from autograder.model import Limits
from autograder.sandbox import kernel, namespaces
from autograder.sandbox.descriptors import close_all_but
from autograder.sandbox.level import Level
from autograder.sandbox.linux import confine

Work = Callable[[Mapping[str, Any], Sequence[int], str], None]
"""What a child does: it is told the order, its descriptors and its working folder."""

FAILED = 70
"""The child's exit code when its work raised: EX_SOFTWARE of sysexits.h."""

_MESSAGE_BYTES, _MOST_DESCRIPTORS = 1 << 17, 8


class Lost(Exception):
    """The zygote has ended."""


class Child:
    """A child, as its guard sees it.

    Args:
        number: of its process.
        link: connected to the zygote, which tells there how the child ended, and ends it when the guard is gone.
    """

    def __init__(self, number: int, link: socket.socket) -> None:
        """Take it over."""
        self.number, self.link = number, link
        self.code: int | None = None

    def wait(self, seconds: float | None) -> None:
        """Wait some time, or for good, until `code` is its exit code, or its signal as a negative number.

        Raises:
            Lost: if nobody can say it any more.
        """
        if self.code is None:
            self.link.settimeout(seconds)
            with contextlib.suppress(TimeoutError, BlockingIOError):
                self.code = _told(self.link)["code"]

    def end(self, level: Level) -> None:
        """Kill it and all that came from it; return when they are gone.

        Raises:
            Lost: as `wait`.
        """
        with contextlib.closing(self.link):
            if level is Level.NONE:  # without a namespace: at least what did not leave its session
                with contextlib.suppress(OSError):  # it did not even make one
                    os.killpg(self.number, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):  # the zygote has ended, and the child with it
                os.kill(self.number, signal.SIGKILL)
            self.wait(None)  # the first of a namespace: the kernel ends all others before


class Zygote:
    """A zygote, as guards see it.

    Args:
        forked: its number, as its parent sees it.
        channel: connected to it; it is readable when the zygote is ready, and when it has ended.
    """

    def __init__(self, forked: int, channel: socket.socket) -> None:
        """See `start`."""
        self._forked, self.channel = forked, channel
        self.process = 0
        """Its number, as guards see it."""

    def wait_until_ready(self) -> int:
        """Wait, in its parent, until all is prepared; return 0, or what a shell would call the way in which it ended.

        Until then the parent must not ignore SIGCHLD.
        """
        self.process = int(self.channel.recv(_MESSAGE_BYTES) or 0)
        if self.process:
            return 0
        code = os.waitstatus_to_exitcode(os.waitpid(self._forked, 0)[1])
        return code if code > 0 else 128 - code

    def fork(self, order: Mapping[str, Any], limits: Limits, folder: str, tell: int, keep: Sequence[int]) -> Child:
        """Have a child forked.

        Args:
            order: what its work is told.
            limits: what it may use.
            folder: its own, where it has no file system of its own.
            tell: a pipe; the child writes there why it could not be confined, and closes it when it is.
            keep: descriptors for its work.

        Raises:
            Lost: if the zygote has ended.
            OSError: if the system has no room for another process.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        message = json.dumps({"order": order, "limits": asdict(limits), "folder": folder}).encode()
        with theirs:
            try:
                socket.send_fds(self.channel, [message], [theirs.fileno(), tell, *keep])
            except OSError as error:
                raise Lost(f"Its zygote cannot be reached: {error}.") from error
        born = _told(ours)
        if "fault" in born:
            raise OSError(born["fault"])
        return Child(born["number"], ours)


def _told(link: socket.socket) -> dict[str, Any]:
    message = link.recv(_MESSAGE_BYTES)
    if not message:
        raise Lost
    told: dict[str, Any] = json.loads(message)
    return told


def start(level: Level, readable: Sequence[str], prepare: Callable[[], None], work: Work) -> Zygote:
    """Fork a zygote from this process, whose end is also its own.

    Args:
        level: how its children are confined; at NAMESPACES this process gets a user namespace of its own, and what
            else it forks is in the zygote's.
        readable: files and folders that they may read beside the system.
        prepare: called once, in the zygote; it must leave nothing behind that a fork breaks, such as a busy thread.
        work: called in each child; when it returns the child exits with 0, when it raises with FAILED.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if level is Level.NAMESPACES:
        namespaces.prepare_to_fork()
    if (forked := os.fork()) != 0:
        theirs.close()
        return Zygote(forked, ours)
    try:
        if level is not Level.NONE:
            kernel.die_with_parent(signal.SIGKILL)
        if level is Level.NAMESPACES:
            namespaces.be_the_zygote()
        close_all_but({theirs.fileno()}, errors=True)
        prepare()
        theirs.send(b"%d" % os.getpid())
        _Family(theirs, level, readable, work).serve()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


class _Family:
    """The zygote's side: its children, and the guards that wait to be told of their ends."""

    def __init__(self, channel: socket.socket, level: Level, readable: Sequence[str], work: Work) -> None:
        self._channel, self._level, self._readable, self._work = channel, level, readable, work
        self._process = os.getpid()
        self._guards: dict[int, socket.socket] = {}
        self._ended: set[int] = set()
        self._orphans: set[int] = set()
        self._woken, wake = os.pipe()
        for descriptor in (self._woken, wake):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # for the descriptor only, which wakes the loop
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)

    def serve(self) -> None:
        """Fork, and tell of ends, until nobody is there who could ask for more."""
        while True:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            if self._woken in ready:
                os.read(self._woken, _MESSAGE_BYTES)
            for number, guard in list(self._guards.items()):
                if guard.fileno() in ready:
                    self._guard_is_gone(number, guard)
            self._look_for_ends()
            if self._channel.fileno() in ready and not self._answer():
                return

    def _answer(self) -> bool:
        """Fork a child for a guard; say whether there was one that asked."""
        message, descriptors, _, _ = socket.recv_fds(self._channel, _MESSAGE_BYTES, _MOST_DESCRIPTORS)
        if not message:
            return False
        asked = json.loads(message)
        guard, (tell, *keep) = socket.socket(fileno=descriptors[0]), descriptors[1:]
        try:
            number = namespaces.fork_the_first() if self._level is Level.NAMESPACES else os.fork()
        except OSError as error:
            answer: dict[str, Any] = {"fault": f"no process could be forked: {error}"}
        else:
            if number == 0:
                self._be_the_child(asked, tell, keep)
            answer = {"number": number}
            self._guards[number] = guard
            self._poll.register(guard, 0)  # its end is told without being asked for
        for descriptor in (tell, *keep):
            os.close(descriptor)
        with contextlib.suppress(OSError):  # it has just ended, as the loop will see
            guard.send(json.dumps(answer).encode())
        return True

    def _guard_is_gone(self, number: int, guard: socket.socket) -> None:
        """End the child of a guard that has ended, or is done with it."""
        self._poll.unregister(guard)
        guard.close()
        del self._guards[number]
        self._ended.discard(number)
        self._orphans.add(number)
        os.kill(number, signal.SIGKILL)

    def _look_for_ends(self) -> None:
        """Tell guards how their children ended; bury those that are nobody's any more.

        A child's number stays its own until its guard is done with it.
        """
        for number in [*self._guards, *self._orphans]:
            found = os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is None or number in self._ended:
                continue
            if number in self._orphans:
                os.waitpid(number, 0)
                self._orphans.discard(number)
                continue
            self._ended.add(number)
            code = found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
            with contextlib.suppress(OSError):  # the guard has just ended
                self._guards[number].send(json.dumps({"code": code}).encode())

    def _be_the_child(self, asked: Mapping[str, Any], tell: int, keep: Sequence[int]) -> Never:
        """Confine this process and do the work."""
        code = FAILED
        try:
            try:
                _reset_signals()
                close_all_but({tell, *keep})
                folder = confine(self._level, Limits(**asked["limits"]), asked["folder"], self._readable)
                if self._level is not Level.NAMESPACES and os.getppid() != self._process:
                    os._exit(FAILED)  # the zygote ended before its end could be this process's
                os.chdir(folder)
                room = namespaces.ROOM if self._level is Level.NAMESPACES else folder
                os.environ.update(HOME=folder, TMPDIR=room)
                tempfile.tempdir = None  # it remembers where the zygote's were
            except BaseException as error:
                os.write(tell, f"{type(error).__name__}: {error}".encode()[: select.PIPE_BUF])
                os._exit(FAILED)
            os.close(tell)
            self._work(asked["order"], keep, folder)
            code = 0
        finally:
            os._exit(code)


def _reset_signals() -> None:
    """Give every signal the handler that a fresh Python has."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # kept by the C library for itself
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
