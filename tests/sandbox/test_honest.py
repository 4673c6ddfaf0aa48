"""What an honest notebook does, and may."""

import pytest

from autograder.sandbox.level import Level
from tests.sandbox.ward import Ward

PROGRAMS = {
    "a program": "answer(subprocess.run(['echo', 'x'], capture_output=True).stdout == b'x\\n')",
    "a shell": "answer(subprocess.getoutput('ls /usr | wc -l') > '0')",
    "another Python": "answer(subprocess.run([sys.executable, '-c', 'pass']).returncode == 0)",
    "a pool": "with fork.Pool(2) as pool: answer(pool.map(abs, [-1, 2]) == [1, 2])",
    "a lock": "with fork.Lock(): answer(True)",
    "a process pool": "with ProcessPoolExecutor(2, fork) as pool: answer(list(pool.map(abs, [-1])) == [1])",
    "a terminal": "import pty; answer(len(pty.openpty()) == 2)",
    "shared memory": "s = SharedMemory(create=True, size=100); s.buf[0] = 1; s.close(); s.unlink(); answer(True)",
}
IMPORTS = """
import multiprocessing, subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory
fork = multiprocessing.get_context("fork")
"""

ORDINARY = {
    "threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(4) as pool: answer(list(pool.map(abs, range(-9, 0))) == list(range(9, 0, -1)))",
    "a temporary file": "import tempfile\nwith tempfile.TemporaryFile() as file: answer(file.write(b'x') == 1)",
    "a temporary folder": "import tempfile\nwith tempfile.TemporaryDirectory() as made: answer(made > '/')",
    "copies": "import shutil\nopen('a', 'w').close(); os.mkdir('d')\n"
    "shutil.copy2('a', 'd/b'); shutil.move('a', 'd/c'); os.replace('d/b', 'e')\n"
    "answer(sorted(os.listdir('.')) == ['d', 'e'])",
    "a touch": "from pathlib import Path\nfor _ in range(2): Path('x').touch()\nanswer(Path('x').exists())",
    "an archive": "import shutil\nos.mkdir('d'); open('d/x', 'w').close()\n"
    "shutil.unpack_archive(shutil.make_archive('a', 'gztar', 'd'), 'e'); answer(os.listdir('e') == ['x'])",
    "nowhere": "answer(open('/dev/null', 'w').write('x') == 1)",
    "random bytes": "answer(len(open('/dev/urandom', 'rb').read(8)) == len(os.urandom(8)) == 8)",
    "its own process": "answer(open('/proc/self/status').read().startswith('Name'))",
    "the machine": "answer('MemTotal' in open('/proc/meminfo').read() and os.cpu_count() > 0)",
    "an event loop": "import asyncio\nasync def one(): return 1\nanswer(asyncio.run(one()) == 1)",
    "an alarm": "signal.signal(signal.SIGALRM, lambda *_: answer(True))\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause()",
    "a signal to itself": "signal.signal(signal.SIGUSR1, lambda *_: answer(True))\n"
    "os.kill(os.getpid(), signal.SIGUSR1)",
    "an interrupt": "try: signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: answer(True)",
    "a broken pipe": "r, w = os.pipe(); os.close(r); answer(outcome(os.write, w, b'x') == 'EPIPE')",
    "home": "open(os.path.expanduser('~/x'), 'w').close(); answer(os.path.samefile(os.path.expanduser('~'), '.'))",
    "a link": "open('x', 'w').close(); os.link('x', 'y'); os.symlink('x', 'z'); answer(os.path.samefile('y', 'z'))",
    "a late import": "import xml.etree.ElementTree, sqlite3; answer(True)",
    "a database": "import sqlite3\nwith sqlite3.connect('x') as base: base.execute('create table t(a)'); answer(True)",
    "a mapped file": "import mmap\nf = open('x', 'w+b'); f.truncate(99)\nanswer(bool(mmap.mmap(f.fileno(), 9)))",
}


@pytest.mark.parametrize("code", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_things_work(ward: Ward, code: str) -> None:
    """What a notebook may well do works at both levels."""
    assert ward.answer(code) is True


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_programs_work_where_there_are_namespaces(ward: Ward, code: str) -> None:
    """A notebook can start programs and processes at NAMESPACES; at LANDLOCK it gets an error at once."""
    if ward.level is Level.NAMESPACES:
        assert ward.answer(IMPORTS + code) is True
    else:
        (said,) = ward.run(IMPORTS + code).answers
        assert said.startswith(("PermissionError: ", "OSError: out of pty devices"))


def test_the_working_folder_is_fresh(ward: Ward) -> None:
    """Every submission starts in an empty folder, whatever the one before left in its own."""
    code = "answer([os.listdir('.'), os.path.samefile('.', folder)]); open('left', 'w').close()"
    assert [ward.answer(code) for _ in range(2)] == [[[], True]] * 2
