"""Memory of a submission, wherever it is."""

import subprocess
import sys

import pytest

from autograder.sandbox.level import Level
from autograder.sandbox.meter import Meter
from tests.sandbox.ward import Ward, only

MIB = 1 << 20


def test_memory_has_a_limit(ward: Ward) -> None:
    """A list that grows without end is ended at the limit, and its peak is told."""
    run = ward.run("x = []\nwhile True: x.append(bytearray(1 << 20))", memory_bytes=100 * MIB)
    assert run.ended == "memory"
    assert 100 * MIB < run.peak_bytes < 400 * MIB


def test_memory_within_the_limit_is_fine(ward: Ward) -> None:
    """What the worker held already is not counted, and what is used is told about right."""
    run = ward.run("x = bytearray(50 << 20); ballast += ballast; time.sleep(0.1)", memory_bytes=100 * MIB)
    assert run.ended == "exit"
    assert 45 * MIB < run.peak_bytes < 90 * MIB


def test_one_huge_allocation_fails(ward: Ward) -> None:
    """An allocation far beyond the limit raises MemoryError in the code itself."""
    code = "try: bytearray(1 << 40)\nexcept MemoryError: answer('refused')"
    assert ward.answer(code, memory_bytes=MIB) == "refused"


def test_memory_of_all_processes_counts(ward: Ward) -> None:
    """Several processes share one limit."""
    only(ward, Level.NAMESPACES, "at this level there are no further processes")
    code = """
        for _ in range(4):
            if os.fork() == 0:
                x = bytearray(40 << 20)
                signal.pause()
        signal.pause()
        """
    assert ward.run(code, memory_bytes=100 * MIB).ended == "memory"


def test_shared_pages_count_once(ward: Ward) -> None:
    """Processes that hold the same pages are not charged for them each."""
    only(ward, Level.NAMESPACES, "at this level there are no further processes")
    code = """
        x = bytearray(40 << 20)
        for _ in range(4):
            if os.fork() == 0:
                signal.pause()
        time.sleep(0.15)
        """
    assert ward.run(code, memory_bytes=100 * MIB).ended == "exit"


def test_memory_cannot_be_hidden(ward: Ward) -> None:
    """Every kind of memory that no process's sum would show is refused."""
    shared = "import mmap\nanswer([outcome(mmap.mmap, -1, 1 << 20), outcome({zero})])"
    zero = "lambda: mmap.mmap(os.open('/dev/zero', os.O_RDWR), 1 << 20)"
    assert "done" not in ward.answer(shared.format(zero=zero))
    assert ward.answer("answer(outcome(os.memfd_create, 'x'))") == "EPERM"
    assert ward.answer("answer(ctypes.CDLL(None).prctl(4, 0, 0, 0, 0))") == -1  # PR_SET_DUMPABLE


def test_files_in_memory_count(ward: Ward) -> None:
    """What lies in the temporary folder counts as memory where it is memory."""
    only(ward, Level.NAMESPACES, "at this level the folder is on the disk, with a limit of its own")
    code = "open('big', 'wb').write(bytes(80 << 20)); signal.pause()"
    assert ward.run(code, memory_bytes=60 * MIB, folder_bytes=200 * MIB).ended == "memory"


def test_memory_counts_where_the_first_thread_has_ended(ward: Ward) -> None:
    """A process whose first thread is gone shows no memory of its own under its number."""
    code = """
        def hoard():
            held = []
            while True:
                held.append(bytearray(1 << 20))
                time.sleep(0.001)
        threading.Thread(target=hoard).start()
        time.sleep(0.1)
        only_this_thread_ends()
        """
    run = ward.run(code, memory_bytes=150 * MIB)
    assert run.ended == "memory"
    assert run.peak_bytes > 150 * MIB


def test_waiting_data_counts(ward: Ward) -> None:
    """What waits in sockets is charged, since no process holds it."""
    only(ward, Level.NAMESPACES, "at this level one process holds few sockets")
    code = "pairs = [socket.socketpair() for _ in range(200)]; signal.pause()"
    assert ward.run(code, memory_bytes=100 * MIB).ended == "memory"


def test_a_zygote_that_has_ended_is_told_as_such() -> None:
    """A guard then reports a lost worker, and not a fault of its own: see `guard`."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(ProcessLookupError, match="has ended"):
        Meter(ended.pid, list, lambda: 0, MIB)
