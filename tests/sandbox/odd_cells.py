"""Cells that a kernel would not survive, or that never come to an end, or say too much; see `test_shell.py`."""

# ruff: noqa: E501 - one line for one cell

ONLY_HERE = {
    # Name: source, whether it fails, outputs in short.
    "no terminals": ("import os\ndef none(): raise OSError('no terminals')\nos.openpty = none", False, []),
    "a command without a terminal": (
        "word = 'plain'\n!echo {word}; echo error >&2; exit 3\n_exit_code",
        False,
        ["stdout plain\n", "stderr error\n", "result 3"],
    ),
    "a terminal that is missing": ("lines = !tty\nlines", False, ["result ['not a tty']"]),
    "exit": ("exit()\nprint('not reached')", False, []),
    "quit without brackets": ("quit", False, []),
    "after exit": ("'goes on'", False, ["result 'goes on'"]),
    "breakpoint": ("breakpoint()\nx = 1", True, ["stdout ...", "error StdinNotImplementedError ..."]),
    "%autosave": ("%autosave 60", False, ["stdout Autosaving every 60 seconds\n"]),
    "%pip": ("%pip install no-such-package", False, ["..."]),
    "pip": (
        "import sys\nlines = !{sys.executable} -m pip install no-such-package\n'No matching' in lines.n",
        False,
        ["result True"],
    ),
    "a page of its own": ("%%writefile page.txt\npage", False, ["stdout Writing page.txt\n"]),
    "%less": ("%less page.txt", False, ["display page\n"]),
    "%edit": ("%edit page.txt", False, []),
    "%store": ("value = 3\n%store value\n%store", False, ["stdout ..."]),
    "%bookmark": ("%bookmark here\n%bookmark -l", False, ["stdout ..."]),
    # What JSON, UTF-8 or a notebook cannot hold.
    "a surrogate": ("print('\\ud800 x')", False, ["stdout ? x\n"]),
    "a surrogate in the source": ("'\ud800'", True, ["error UnicodeEncodeError ..."]),
    "a surrogate that is displayed": ("display({'text/plain': '\\udc80'}, raw=True)", False, ["display ?"]),
    "a surrogate in an error": ("raise ValueError('\\udc80')", True, ["error ValueError ?"]),
    "not a number": ("display({'application/json': float('nan')}, raw=True)", False, ["display nan"]),
    "numpy's numbers": ("import numpy\ndisplay({'application/json': numpy.int64(3)}, raw=True)", False, ["display 3"]),
    "a number for a text": ("display({'text/plain': 5}, raw=True)", False, ["display 5"]),
    "an object for a text": ("display({'text/plain': object()}, raw=True)", True, ["error ValueError ..."]),
    "a circle": ("ring = []; ring.append(ring)\ndisplay({'a/json': ring}, raw=True)", True, ["error ValueError ..."]),
    "no bundle": ("get_ipython().display_pub.publish(5)", True, ["error TypeError ..."]),
    "a widget": (
        "display({'text/plain': 'IntSlider()', 'application/vnd.jupyter.widget-view+json': {'model_id': 'x'}}, raw=True)",
        False,
        ["display IntSlider()"],
    ),
    "a text with methods of its own": (
        "class Text(str):\n    def encode(self, *a): return 'no'\n    isascii = __getitem__ = __len__ = __str__ = encode\n"
        "import sys\nsys.stdout.write(Text('text'));",
        False,
        ["stdout text"],
    ),
    # Exceptions that spoil the telling.
    "an unprintable exception": (
        "class Silent(Exception):\n    def __str__(self): raise KeyError\nraise Silent",
        True,
        ["error Silent <unprintable Silent object>"],
    ),
    "a class without a name": (
        "class Meta(type):\n    __name__ = property(lambda self: 1 / 0)\n"
        "class Nameless(Exception, metaclass=Meta): pass\nraise Nameless",
        True,
        ["..."],
    ),
    "a rendered number": (
        "class Odd(Exception):\n    def _render_traceback_(self): return 5\nraise Odd('m')",
        True,
        ["error Odd m"],
    ),
    "RecursionError": ("def again(): return again()\nagain()", True, ["error RecursionError ..."]),
    "a long exception": ("raise ValueError('z' * 10**6)", True, ["error ValueError ..."]),
    # Streams that go.
    "stdout replaced": ("import io, os, sys\nkept = sys.stdout\nsys.stdout = io.StringIO()\nprint('lost')", False, []),
    "stdout back": ("sys.stdout = kept\nprint('back')", False, ["stdout back\n"]),
    "no stdout": (
        "sys.stdout = None\nprint('lost')\ndisplay(1)\n1 / 0",
        True,
        ["display 1", "error ZeroDivisionError ..."],
    ),
    "stdout closed": ("sys.stdout = kept\nsys.stdout.close()\nprint('still')", False, ["stdout still\n"]),
    "descriptors closed": ("os.close(1); os.close(2)\nprint('Python')", False, ["stdout Python\n"]),
    "descriptors back": ("os.system('echo back');", False, ["stdout back\n"]),
    "the first stdout closed": ("sys.__stdout__.close()\nprint('Python')", False, ["stdout Python\n"]),
    "its descriptor back": ("os.system('echo again');", False, ["stdout again\n"]),
    "order across levels": (
        "for n in range(3):\n    print(n)\n    os.system('echo system')\n    os.write(1, b'write\\n')",
        False,
        ["stdout 0\nsystem\nwrite\n1\nsystem\nwrite\n2\nsystem\nwrite\n"],
    ),
    "C": ("import ctypes\nctypes.CDLL(None).printf(b'from C\\n');", False, ["stdout from C\n"]),
    "half a character": ("os.write(1, '€'.encode()[:2]); os.write(1, '€'.encode()[2:]);", False, ["stdout €"]),
    # Processes, threads, loops.
    "a fork that goes on": (
        "import warnings\nwarnings.simplefilter('ignore')\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n"
        "print('parent' if child else 'child')",
        False,
        ["stdout child\nparent\n"],
    ),
    "multiprocessing": (
        "import multiprocessing\nprocess = multiprocessing.get_context('fork').Process(target=print, args=('forked',))\n"
        "process.start(); process.join()",
        False,
        ["stdout forked\n"],
    ),
    "a handler that prints": (
        "import signal\nsignal.signal(signal.SIGUSR1, lambda *arguments: print('signal'))\n"
        "os.kill(os.getpid(), signal.SIGUSR1)",
        False,
        ["stdout signal\n"],
    ),
    "SystemExit in a task": (
        "import asyncio\nasync def leave():\n    raise SystemExit\n\ntask = asyncio.create_task(leave())\n"
        "await asyncio.sleep(0.01)\nprint('stays')",
        False,
        ["stdout stays\n"],
    ),
    "the loop stopped": ("asyncio.get_event_loop().stop()\nprint('stays')", False, ["stdout stays\n"]),
    # Hands on the shell itself.
    "hooks replaced": (
        "sys.excepthook = None\nget_ipython().set_custom_exc((ValueError,), lambda *arguments: 1 / 0)",
        False,
        [],
    ),
    "a custom handler that fails": ("raise ValueError('v')", True, ["..."]),
    "an event that fails": (
        "def fails(*arguments): raise KeyError('event')\nget_ipython().events.register('post_run_cell', fails)",
        False,
        ["stdout ...", "error KeyError 'event'"],
    ),
    "an event that exits": (
        "get_ipython().events.unregister('post_run_cell', fails)\ndef leaves(*arguments): raise SystemExit('event')\n"
        "get_ipython().events.register('post_run_cell', leaves)",
        True,
        ["error SystemExit event"],
    ),
    "no such event any more": ("get_ipython().events.callbacks['post_run_cell'].clear()", False, []),
    "an AST transformer": (
        "class Twice:\n    def visit(self, node):\n        node.body *= 2\n        return node\n\n"
        "get_ipython().ast_transformers.append(Twice())",
        False,
        [],
    ),
    "with the transformer": ("print('twice')", False, ["stdout twice\ntwice\n"]),
    "without it": ("get_ipython().ast_transformers.clear()", False, []),
    "all descriptors closed": ("print('before'); os.closerange(3, 200)", False, ["stdout before\n"]),
    "after that": ("print('after'); 1 + 1", False, ["stdout after\n", "result 2"]),
    "no way to show errors": ("get_ipython().showtraceback = None\n1 / 0", True, ["..."]),
    "no way to run": ("get_ipython().run_cell_async = None", False, []),
    "then nothing runs": ("print('no')", True, ["error TypeError ..."]),
    "nor do outputs work": ("print('no')", True, ["error TypeError ..."]),
}

LATE = {
    "a loop": "while True:\n    pass",
    "a wait": "import time\ntime.sleep(30)",
    "await": "import asyncio\nawait asyncio.sleep(30)",
    "await that cleans up": "try:\n    await asyncio.sleep(30)\nfinally:\n    print('cleaned up')",
    "gather": "await asyncio.gather(asyncio.sleep(30), asyncio.sleep(40))",
    "a task that was left": "task.done() if 'task' in globals() else asyncio.all_tasks() and time.sleep(30)",
    "prints": "while True: print('x')",
    "swallowed as an Exception": "while True:\n    try:\n        time.sleep(30)\n    except Exception:\n        pass",
    "in time, though swallowed": "try:\n    time.sleep(30)\nexcept BaseException:\n    print('caught')",
    "in time": "1 + 1",
    "another exception": "try:\n    time.sleep(30)\nexcept BaseException as error:\n    raise ValueError('mine') from error",
    "a repr": "class Slow:\n    def __repr__(self):\n        time.sleep(30)\n\nSlow()",
    "a display": "display(Slow())",
    "a magic": "%time time.sleep(30)",
    "a command": "!sleep 3",
    "a script": "%%bash\nsleep 3",
    "an event": "get_ipython().events.register('post_execute', lambda: time.sleep(30))",
    "in time, without the event": "get_ipython().events.callbacks['post_execute'].clear()",
}

LONG = {
    "one print": "print('x' * 10**8)",
    "one print that is no ASCII": "print('ä' * 10**7)",
    "many prints": "for n in range(50_000): print(n)",
    "prints on both streams": "import sys\nfor n in range(10**4): print(n, file=sys.stderr if n % 2 else sys.stdout)",
    "a subprocess": "import os\nos.system('head -c 100000000 /dev/zero');",
    "bytes": "for n in range(1000): os.write(2, bytes(range(256)) * 100)",
    "one display": "display('y' * 10**6)",
    "a result": "'y' * 10**6",
    "many displays": "for n in range(2000): display(n)",
    "prints, then fails": "print('x' * 10**6)\nraise ValueError('last')",
    "many errors, then fails": "for n in range(100):\n    try: 1 / 0\n    except Exception: get_ipython().showtraceback()\n1 / 0",
    "kept, when cleared": "from IPython.display import clear_output\nfor n in range(1000):\n    clear_output(wait=True)\n"
    "    print('y' * 100)\n    display({'text/plain': f'x{n}'}, raw=True)",
    "kept, when updated": "shown = display({'text/plain': ''}, raw=True, display_id=True)\nfor n in range(1000):\n"
    "    shown.update({'text/plain': 'y' * 100 + f'x{n}'}, raw=True)",
    "kept, the next cell": "print('x999')",
}
