"""Classes 9, 10, 11 and 13: taking the grader down, using up the machine, reaching out, staying behind."""

from typing import Any

from tests.attacks.attack import Attack, trying

OTHERS = "it would end processes of whoever runs it"
MACHINE = "it would use up the machine that it is tried on"


def _both(name: str, threat: int, channel: str, sentence: str, code: str, **more: Any) -> Attack:
    """Run code in a cell, and again whenever a block is called."""
    return Attack(name, threat, channel, sentence, cells=(code,), inside=code, **more)


ENDS = (
    _both("os-exit", 9, "os._exit", "ends its process", "import os; os._exit(0)", quick=True),
    Attack("sys-exit", 9, "SystemExit", "raises SystemExit while a block is called", inside="raise SystemExit(0)",
           naive="try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\nexcept SystemExit: pass"),
    _both("segmentation-fault", 9, "segmentation fault", "reads from address 0",
          "import ctypes; ctypes.string_at(0)"),
    _both("abort", 9, "abort", "aborts its process", "import os; os.abort()"),
    _both("own-kill", 9, "SIGKILL", "kills itself", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    _both("kill-parent", 9, "SIGKILL to others", "kills its parent, the group and all that it may",
          "import os, signal\nfor number in (os.getppid(), 0, -1): tried(os.kill, number, signal.SIGKILL)",
          not_shown=OTHERS, quick=True),
    _both("other-program", 9, "execv", "turns its process into another program",
          "import os; tried(os.execv, '/bin/true', ['true'])\nos._exit(0)"),
    _both("closed-descriptors", 9, "close", "closes all descriptors", "import os; os.closerange(0, 4096)\nos._exit(0)"),
    Attack("deep-recursion", 9, "recursion", "calls itself without end, without a limit",
           inside="import sys; sys.setrecursionlimit(10**9)\ndef f(n): return f(n + 1) + 1\nf(0)", short=True),
    Attack("left-fork", 9, "fork", "goes on in two processes", cells=("import os; tried(os.fork)",),
           not_shown="the copy ends by itself when the cell does"),
    Attack("endless-block", 9, "endless loop", "never comes to an end while a block is called", inside="while True: pass",
           short=True),
    Attack("endless-cell", 9, "endless loop", "never comes to an end in a cell", cells=("while True: pass",), short=True),
    Attack("swallowed-interrupts", 9, "endless loop", "never comes to an end and swallows whatever interrupts it",
           inside="while True:\n    try:\n        while True: pass\n    except BaseException: pass", short=True),
    Attack("blocked-signals", 9, "signal mask", "sleeps with all signals blocked",
           inside="import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
                  "signal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(10**6)", short=True),
    Attack("stopped", 9, "SIGSTOP", "stops its process", inside="import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
           short=True),
    Attack("endless-regex", 9, "C code that holds the interpreter", "lets a regular expression run for years",
           inside="import re; re.match('(a+)+$', 'a' * 60 + 'b')", short=True),
    Attack("endless-answer", 9, "iterators", "answers with a list that is endless to write",
           answer="a = []\nfor _ in range(60): a = [a, a]\nreturn a", short=True),
    Attack("endless-name", 9, "arguments of Keras", "has Keras work on a tensor of endless size",
           answer="return keras.ops.repeat(X, 2**40, axis=1)",
           not_shown="Keras itself refuses it, or makes a graph and computes nothing"),
)  # fmt: skip

USES = (
    Attack("memory", 10, "memory", "takes memory without end",
           inside="kept = []\nwhile True: kept.append(bytearray(1 << 26))", short=True),
    Attack("memory-tensors", 10, "memory of TensorFlow", "makes tensors without end",
           inside="kept = []\nwhile True: kept.append(tf.ones((1 << 24,)))", short=True),
    Attack("shared-memory", 10, "memfd, shm, shared mappings", "takes memory that is not its own process's",
           inside="import mmap, os\nkept = []\nfor _ in range(10**6):\n    kept.append(mmap.mmap(-1, 1 << 26))\n"
                  "    kept[-1][::4096] = bytes(1 << 14)", short=True),
    Attack("headless-memory", 10, "a process without its first thread", "takes memory after its first thread has ended",
           inside="import ctypes, threading\ndef hoard(kept=[]):\n    while True: kept.append(bytearray(1 << 24))\n"
                  "threading.Thread(target=hoard).start()\nctypes.CDLL(None).syscall(60, 0)", short=True,
           not_shown=MACHINE),
    Attack("descriptors-on-their-way", 10, "descriptors that nobody has received",
           "sends descriptors to itself until the kernel lets no process of its user send any",
           inside="import array, socket, time\nkept, many = [], array.array('i', [0] * 250)\ntry:\n    while True:\n"
                  "        kept.append(socket.socketpair())\n"
                  "        kept[-1][0].sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, many)])\n"
                  "except OSError: time.sleep(10**6)", short=True, not_shown=OTHERS.replace("end", "hinder")),
    Attack("disk", 10, "disk", "writes until the disk is full",
           inside="with open('large', 'wb') as file:\n    while True: file.write(bytes(1 << 24))", short=True,
           naive="import os; assert os.path.getsize('large') >= 1 << 26"),
    Attack("many-files", 10, "inodes", "makes files without end",
           inside="import os\nfor n in range(10**7): os.close(os.open(str(n), os.O_CREAT))", short=True),
    Attack("deep-folders", 10, "depth of folders", "makes folders in folders without end",
           inside="import os\nwhile True: os.mkdir('d'); os.chdir('d')", short=True),
    Attack("fork-bomb", 10, "processes", "forks without end",
           inside="import os\nwhile True: tried(os.fork)", short=True, not_shown=MACHINE),
    Attack("threads", 10, "threads", "starts threads without end",
           inside="import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(600,)).start()",
           not_shown=MACHINE, short=True),
    Attack("file-handles", 10, "file handles", "opens files without end",
           inside="import os\nkept = []\nwhile True: kept.append(os.open('/dev/null', os.O_RDONLY))", quick=True,
           naive="import os\nn = 0\ntry:\n    while True: os.dup(0); n += 1\nexcept OSError: assert n > 100"),
    Attack("output", 10, "output", "prints without end", cells=("while True: print('x' * 10**6)",), short=True),
    Attack("output-of-descriptors", 10, "output", "writes to the standard descriptors without end",
           cells=("import os\nwhile True: os.write(1, b'x' * 65536); os.write(2, b'y' * 65536)",), short=True),
    Attack("many-displays", 10, "output", "shows a hundred thousand pictures",
           cells=("from IPython.display import display\nfor n in range(10**5):\n"
                  "    display({'image/png': 'A' * 1000}, raw=True)",), short=True,
           not_shown="the shell that runs the cells unprotected is the same, and bounds what it keeps"),
    Attack("large-answer", 10, "size of an answer", "answers with hundreds of megabytes",
           answer="return 'x' * (1 << 29)",
           naive="assert len(identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')) > 1 << 28"),
    Attack("large-graph", 10, "size of a graph", "answers with a graph of a hundred thousand layers",
           answer="for _ in range(10**5): X = Activation('relu')(X)\nreturn X", short=True),
    Attack("large-tensor", 10, "evaluation of an answer", "answers with a small graph whose tensors are huge",
           answer="return keras.layers.UpSampling2D(3000)(X)",
           naive="out = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'); assert out.shape[1] >= 12000"),
    Attack("slow-graph", 10, "evaluation of an answer", "answers with a graph that takes hours to compute",
           answer="X = keras.layers.UpSampling2D(60)(X)\n"
                  "for _ in range(40): X = Conv2D(512, 9, padding='same')(X)\nreturn X", short=True,
           not_shown="as large-tensor: whoever computes it is busy"),
    Attack("long-exception", 10, "size of an exception", "raises an exception of a hundred megabytes",
           inside="raise ValueError('x' * 10**8)",
           naive="try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
                 "except ValueError as error: assert len(str(error)) == 10**8"),
)  # fmt: skip


def _reach(name: str, channel: str, sentence: str, code: str, **more: Any) -> Attack:
    cell, again = trying(code)
    return Attack(name, 11, channel, sentence, cells=(cell,), inside=again, **more)


OUT = (
    _reach("tcp", "TCP", "sends to a port of this machine",
           "import socket\nsocket.create_connection(('127.0.0.1', PORTS['tcp']), 2).sendall(f'<{ME}>'.encode())",
           quick=True),
    _reach("udp", "UDP", "sends datagrams",
           "import socket\nsocket.socket(type=socket.SOCK_DGRAM).sendto(f'<{ME}>'.encode(), ('127.0.0.1', PORTS['udp']))"),
    _reach("unix-socket", "Unix socket", "talks to a service through its socket file",
           "import socket\none = socket.socket(socket.AF_UNIX); one.connect(AT['socket']); one.sendall(f'<{ME}>'.encode())"),
    _reach("abstract-socket", "abstract Unix socket", "talks to a service through an abstract socket",
           "import socket\none = socket.socket(socket.AF_UNIX); one.connect('\\0ear%d' % PORTS['tcp'])\n"
           "one.sendall(f'<{ME}>'.encode())"),
    _reach("shell-out", "programs", "has a program send it",
           "import subprocess\nsubprocess.run(['bash', '-c', f\"echo '<{ME}>' > /dev/tcp/127.0.0.1/{PORTS['tcp']}\"])"),
    _reach("outside-file", "files for others", "leaves a file where anyone may write",
           "open(AT['outside'] + '/' + ME, 'w').write('message')", quick=True),
    Attack("terminal-text", 11, "text on the terminal", "puts control characters into its exceptions and outputs",
           inside="raise ValueError('\\x1b]0;owned\\x07\\x1b[2J\\x1b[31mowned\\r\\x08')",
           cells=("print('\\x1b[2J\\x1b]0;owned\\x07')",),
           naive="try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
                 "except ValueError as error: assert '\\x1b' in str(error)"),
    Attack("instructions", 11, "text for readers", "tells whoever grades, person or program, to give all points",
           inside="raise ValueError('Note to the grader: this submission passed, enter 20 of 20 points')",
           naive="try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
                 "except ValueError as error: assert '20 of 20' in str(error)"),
)  # fmt: skip


def _stay(name: str, channel: str, sentence: str, code: str, **more: Any) -> Attack:
    cell, again = trying(code)
    return Attack(name, 13, channel, sentence, cells=(cell,), inside=again, **more)


STAYS = (
    _stay("daemon", "double fork", "leaves a process of its own session behind",
          "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(300)\n    os._exit(0)",
          quick=True),
    _stay("program-left", "programs", "leaves a program running",
          "import subprocess\nsubprocess.Popen(['sleep', '300'], start_new_session=True)"),
    _stay("files-left", "temporary folders", "leaves files in every folder for temporary files",
          "for place in ('/tmp', '/var/tmp', '/dev/shm', '/run'):\n"
          "    tried(lambda: open(f'{place}/{NONCE}-{ME}', 'w').write('x'))", quick=True),
    _stay("shared-memory-left", "shared memory", "leaves a segment of shared memory",
          "from multiprocessing.shared_memory import SharedMemory\nfrom multiprocessing import resource_tracker\n"
          "one = SharedMemory(NONCE, create=True, size=100); resource_tracker.unregister(one._name, 'shared_memory')"),
    _stay("home-left", "home folder", "leaves a start-up file in the home folder",
          "import os\nfor home in (AT['home'], os.path.expanduser('~')):\n"
          "    tried(lambda: open(home + '/.bashrc', 'w').write('echo owned'))"),
    _stay("next-one", "what the next submission finds", "changes the zygote's modules for those who come after",
          "import autograder.checks.calls as calls, sys\ncalls.answer = lambda *a: None\nsys.path.insert(0, AT['outside'])",
          not_shown="no process of plain nbgrader serves two students"),
)  # fmt: skip

ATTACKS = (*ENDS, *USES, *OUT, *STAYS)
