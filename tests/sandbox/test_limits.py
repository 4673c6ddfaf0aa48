"""What code in the sandbox uses up, and how it ends."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.sandbox import folder
from autograder.sandbox.level import Level
from autograder.sandbox.meter import children_of
from tests.sandbox.ward import Ward, only

MIB = 1 << 20


def test_the_code_of_an_ordinary_end_is_reported(ward: Ward) -> None:
    """Work that returns ends with 0, work that raises with 70, and os._exit with its own code."""
    assert [(run.ended, run.code) for run in map(ward.run, ("pass", "1 / 0", "sys.exit(0)", "os._exit(3)"))] == [
        ("exit", 0),
        ("exit", 70),
        ("exit", 70),
        ("exit", 3),
    ]


def test_a_crash_is_reported_as_its_signal(ward: Ward) -> None:
    """A segmentation fault and an abort end the process, and nothing else."""
    assert ward.run("ctypes.string_at(0)").ended == "signal"
    assert ward.run("os.abort()").ended == "signal"
    assert ward.answer("answer(1)") == 1


@pytest.mark.parametrize("code", ["signal.pause()", "while True: pass"])
def test_time_is_up_whatever_the_code_ignores(ward: Ward, code: str) -> None:
    """Code that ignores every signal is ended after its time, waiting or busy."""
    ignoring = "for n in signal.valid_signals() - {9, 19}: outcome(signal.signal, n, signal.SIG_IGN)\n"
    run = ward.run(ignoring + code, submission_seconds=0.3)
    assert run.ended == "time"
    assert run.seconds >= 0.3


def test_a_stopped_process_is_ended_too(ward: Ward) -> None:
    """A process that stops itself does not escape its time."""
    assert ward.run("os.kill(os.getpid(), signal.SIGSTOP); signal.pause()", submission_seconds=0.3).ended == "time"


def test_hanging_up_ends_it(ward: Ward) -> None:
    """When the trusted side hangs up, nothing of the submission goes on."""
    run = ward.start("answer(1); signal.pause()")
    run.first_answer()
    run.guard.close()
    os.close(run.answers)
    ward.wait_until_alone()


def test_a_child_does_not_outlive_its_guard(ward: Ward) -> None:
    """When the guard is killed, so is what it guards."""
    run = ward.start("answer(1); signal.pause()")
    run.first_answer()
    os.kill(ward.guard(), signal.SIGKILL)
    ward.wait_until_alone()
    run.guard.close()
    os.close(run.answers)


def test_who_hides_at_once_is_not_waited_for(ward: Ward) -> None:
    """A process whose first thread ends before the guard has seen it does not escape its time."""
    code = "threading.Thread(target=time.sleep, args=[60]).start()\nonly_this_thread_ends()"
    run = ward.run(code, submission_seconds=1)
    assert run.ended in ("time", "stopped")
    assert run.seconds < 3


def test_descriptors_on_their_way_stop_nobody_else(ward: Ward) -> None:
    """The kernel counts what all processes of a user sent to each other; to fill that up hinders only who does."""
    code = """
        import array
        pairs = []
        try:
            while True:
                pairs.append(socket.socketpair())
                rights = socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 250)
                pairs[-1][0].sendmsg([b"x"], [rights])
        except OSError as error:
            answer(errno.errorcode[error.errno])
        signal.pause()
        """
    run = ward.start(code)
    assert run.first_answer() == "ETOOMANYREFS"
    assert [ward.answer("answer(1)") for _ in range(3)] == [1] * 3
    run.guard.close()
    os.close(run.answers)
    ward.wait_until_alone()


def test_processes_have_a_limit(ward: Ward) -> None:
    """A fork bomb comes to nothing, and none of it is left."""
    code = """
        forks = 0
        try:
            while True:
                if os.fork() == 0:
                    signal.pause()
                forks += 1
        except OSError:
            answer(forks)
        """
    assert ward.answer(code, processes=20) <= 20
    ward.wait_until_alone()


def test_a_fork_bomb_of_fork_bombs_is_ended(ward: Ward) -> None:
    """Processes that all fork are ended with the first, or never come to be."""
    ward.run("while True: outcome(os.fork)", processes=20, submission_seconds=0.5)
    ward.wait_until_alone()


def test_threads_have_a_limit(ward: Ward) -> None:
    """Threads without end are refused, or the process is ended."""
    code = """
        while True:
            try:
                threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
            except RuntimeError:
                os._exit(3)
        """
    run = ward.run(code, processes=20)
    assert (run.ended, run.code) in [("exit", 3), ("memory", 0)]


def test_a_daemon_does_not_outlive_the_submission(ward: Ward) -> None:
    """A process that left its session and its parent ends with the submission, or never came to be."""
    code = """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for n in signal.valid_signals() - {9, 19}: outcome(signal.signal, n, signal.SIG_IGN)
                os.write(answers, b'"daemon"\\n')
                while True: time.sleep(1)
            os._exit(0)
        os.wait()
        time.sleep(0.05)
        """
    run = ward.run(code)
    assert run.answers in [("daemon",), ("PermissionError: [Errno 1] Operation not permitted",)]
    ward.wait_until_alone()


def test_the_disk_has_a_limit(ward: Ward) -> None:
    """One file, and many files together, hold what the folder may hold and no more."""
    code = """
        piece = bytes(1 << 20)
        def fill(name):
            with open(name, "wb", buffering=0) as file:
                while file.write(piece) == len(piece): pass
                raise OSError(errno.ENOSPC, "")
        answer([outcome(fill, "one"), os.path.getsize("one")])
        """
    error, size = ward.answer(code, folder_bytes=4 * MIB)
    assert error in {"ENOSPC", "EFBIG"}
    assert size <= 4 * MIB
    many = "for n in range(9): open(str(n), 'wb').write(bytes(1 << 20))\nsignal.pause()"
    run = ward.run(many, folder_bytes=4 * MIB)
    assert run.ended == "memory" or run.answers == ("OSError: [Errno 28] No space left on device",)


@pytest.mark.parametrize(
    "code",
    [
        "for n in range(9):\n    f = open('x', 'wb'); f.write(bytes(1 << 20)); os.unlink('x'); kept.append(f)",
        "for n in range(100):\n    os.mkdir('d'); os.chdir('d')",
        "os.mkdir('hidden', 0o300); open('hidden/x', 'wb').write(bytes(1 << 20))",
        "import mmap\nfor n in range(3):\n    f = open('x', 'w+b'); f.write(bytes(3 << 20)); os.unlink('x')\n"
        "    kept.append(mmap.mmap(f.fileno(), 4096)); f.close()",
    ],
)
def test_the_disk_cannot_be_filled_unseen(ward: Ward, code: str) -> None:
    """Deleted files, folders too deep and folders that cannot be listed do not hide what they take."""
    only(ward, Level.LANDLOCK, "at this level the file system itself has the limit")
    if "hidden" in code and ward.user == 0:
        pytest.skip("nothing is hidden from root")
    assert ward.run("kept = []\n" + code + "\nsignal.pause()", folder_bytes=4 * MIB).ended == "memory"


def test_the_folder_is_removed(ward: Ward) -> None:
    """Nothing is left of the folder, however deep and however locked what is in it."""
    only(ward, Level.LANDLOCK, "at this level the folder is gone with its file system")
    code = """
        answer(folder)
        os.mkdir("locked", 0)
        for n in range(2000):
            open("x", "w").close()
            os.mkdir("d" * 100)
            os.chdir("d" * 100)
        """
    assert not Path(ward.run(code).answers[0]).exists()


def test_removing_does_not_follow_links(tmp_path: Path) -> None:
    """A link in the folder is removed; what it leads to stays."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    made = tmp_path / "made"
    (made / "inner").mkdir(parents=True)
    (made / "link").symlink_to(kept)
    (made / "inner" / "link").symlink_to(kept)
    folder.remove(str(made))
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (kept / "file").exists()


def test_open_files_have_a_limit(ward: Ward) -> None:
    """Opening files without end fails in the code itself."""
    code = """
        kept = []
        def fill():
            while True: kept.append(open("/dev/null"))
        answer([outcome(fill), len(kept)])
        """
    error, count = ward.answer(code, open_files=50)
    assert error == "EMFILE"
    assert count < 50


def test_nothing_runs_unconfined(ward: Ward) -> None:
    """If a part of the confinement fails, it is our fault and no line of the code is run."""
    run = ward.run("answer('ran')", memory_bytes=1 << 80)
    assert (run.ended, run.answers) == ("fault", ())
    assert "OverflowError" in run.message


def test_what_a_thread_started_is_found() -> None:
    """What came from a process is found, whichever of its threads started it."""
    with ThreadPoolExecutor(1) as other:
        process = other.submit(subprocess.Popen, ["sleep", "60"]).result()
        assert process.pid in children_of(os.getpid())
    process.kill()
    process.wait()
