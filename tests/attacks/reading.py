"""Classes 1, 2 and 12: reading answers on disk and in memory, other submissions, credentials, the home folder."""

from tests.attacks.attack import Attack, trying

THIEF = """
if "s" in locals():
    return STOLEN["convolutional_block"](X_shortcut, f, filters, stage, block, s)
return STOLEN["identity_block"](X_shortcut, f, filters, stage, block)
"""
"""The gap of somebody who got hold of the references."""

PASSED_ON = "check = lambda name: None"
"""Lets a visible check not stop the cell before the hidden one, where both are in it and the references are loaded."""

SAY_AGAIN = "for text in SAID: print(text)"


def _read(
    name: str,
    threat: int,
    channel: str,
    sentence: str,
    code: str,
    *,
    known: str = "",
    not_shown: str = "",
    quick: bool = False,
) -> Attack:
    """Try something in a cell and again while a block is called; show what came of it, and use what was found."""
    cell, again = trying(code)
    return Attack(
        name, threat, channel, sentence, cells=(PASSED_ON, cell), inside=again, answer=THIEF, after=(SAY_AGAIN,), known=known,
        not_shown=not_shown, quick=quick,
    )  # fmt: skip


DISK = (
    _read("solutions", 1, "solutions/", "reads the references", "shown(AT['course'] + '/solutions')", quick=True),
    _read("recorded-results", 1, "data/expected/", "reads what was recorded of the references",
          "shown(AT['course'] + '/data/expected')"),
    _read("source-notebook", 1, "build/source/", "reads the notebook that has the solutions in it",
          "shown(AT['course'] + '/build/source')"),
    _read("secret-seed", 1, ".autograder/", "reads the secret seed and what the references show on it",
          "shown(AT['course'] + '/.autograder')", quick=True),
    _read("journal", 1, "journal", "reads the journal of the class and what else grading keeps there",
          "shown(AT['class'] + '/.autograder')"),
    _read("import-path", 1, "import path", "imports the references by way of sys.path",
          "import sys\nsys.path.insert(0, AT['course'])\nimport solutions.blocks as blocks\n"
          "reached('solutions.blocks', blocks.__file__.startswith(AT['course']))\nSTOLEN.update(vars(blocks))"),
    _read("symbolic-link", 1, "symbolic link", "lays a link to the references into its own folder and reads that",
          "import os\nos.path.lexists('link') or os.symlink(AT['course'] + '/solutions', 'link')\nshown('link')"),
    _read("climbing", 1, "descriptors and ..", "goes up from its folder and from each open descriptor",
          "for start in ('.', '/proc/self/cwd', '/proc/self/root', *(f'/proc/self/fd/{n}' for n in range(64))):\n"
          "    tried(shown, start + '/..' * 12 + AT['course'] + '/solutions')"),
    _read("roots-of-others", 1, "/proc/*/root and cwd", "goes through the roots and folders of other processes",
          "import glob\nfor path in glob.glob('/proc/[0-9]*/root') + glob.glob('/proc/[0-9]*/cwd/../../..'):\n"
          "    tried(shown, path + AT['course'] + '/solutions')"),
    _read("descriptors-of-others", 1, "/proc/*/fd", "reads through the open files of other processes",
          "import glob, os\nfor path in glob.glob('/proc/[0-9]*/fd/*'):\n"
          "    reached('an open file', AT['root'] in (tried(os.readlink, path) or ''))",
          not_shown="unprotected, whether another process has a file open is a matter of luck"),
    _read("sizes-of-files", 1, "stat", "asks for the size of files that it cannot open",
          "import os\nreached('size', os.path.getsize(AT['course'] + '/solutions/blocks.py'))",
          known="behind Landlock names and sizes of files can be asked for, not their content (decision 0011)"),
)  # fmt: skip

MEMORY = (
    _read("frames", 2, "frames up the stack", "looks for expected results among its callers' variables", """
import sys
frame = sys._getframe()
while frame:
    for name, value in frame.f_locals.items():
        if name in ("expected", "wanted", "reference") and not callable(value):
            say(repr(value)); reached("variable " + name)
    frame = frame.f_back
""", quick=True),
    _read("collector", 2, "gc.get_objects", "searches all objects for the references", """
import gc
for one in gc.get_objects():
    if type(one).__name__ == "function" and one.__module__ == "solutions.blocks":
        STOLEN[one.__name__] = one
        reached("a reference")
"""),
    _read("modules", 2, "sys.modules", "takes the references from the loaded modules", """
import sys
STOLEN.update(vars(sys.modules["solutions.blocks"]))
reached("the references")
"""),
    _read("source-lines", 2, "linecache", "searches the cached source lines for references", """
import linecache, sys
for name in list(sys.modules):
    if name.startswith("solutions"): linecache.getlines(sys.modules[name].__file__)
for name, (_, _, lines, _) in list(linecache.cache.items()):
    if name.endswith("solutions/blocks.py"): say("".join(lines)); use("".join(lines))
"""),
    Attack("inputs-of-cells", 2, "In, Out, history", "reads hidden checks in what IPython keeps of earlier cells",
           after=("for text in In: reached('a hidden check', 'check' + '_hidden(' in text)",)),
    _read("own-trusted-modules", 2, "modules of the trusted side", "asks the grader's own modules for the secret", """
import os
from pathlib import Path
from autograder.course.folder import Course
from autograder.course.secret import secret_seed
path = Path(AT["course"], ".autograder", "secret_seed")
before = path.exists() or path.parent.exists()
say(secret_seed(Course(Path(AT["course"]))).hex())
reached("the secret", before)
"""),
    _read("loaded-reference", 2, "modules of the trusted side", "has the grader's own modules load the references", """
from pathlib import Path
from autograder.checks import residual_blocks as checks
from autograder.course.folder import Course
from autograder.course.reference import load_reference
for exercise in checks.ASSIGNMENT.exercises:
    STOLEN[exercise.name] = load_reference(Course(Path(AT["course"])), exercise)
reached("the references")
"""),
    _read("own-memory", 2, "/proc/self/mem", "searches its memory for what was there before it was forked", """
word = ("canary" + "-of-").encode()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        first, last = (int(end, 16) for end in line.split()[0].split("-"))
        if "rw" in line and last - first < 1 << 27:
            memory.seek(first)
            data = tried(memory.read, last - first) or b""
            place = data.find(word)
            if place >= 0: say(data[place:place + 60].decode(errors="replace"))
""", not_shown="it is the zygote's memory before the fork that it searches; nbgrader starts a fresh process"),
    _read("memory-of-others", 2, "/proc/*/mem, process_vm_readv", "reads the memory of processes that it can see", """
import glob, os
for path in glob.glob("/proc/[0-9]*/mem"):
    if path.split("/")[2] != str(os.getpid()):
        with open(path, "rb", 0) as memory: reached("memory of another process", tried(memory.read, 0) == b"")
""", not_shown="most systems forbid it without a sandbox too"),
    Attack("own-arguments", 2, "arguments of calls", "notes the arguments of secret cases and shows them in a cell",
           cells=("SEEN = []",), inside="SEEN.append((f, list(filters), stage, block))",
           after=("print(SEEN); reached('arguments of secret cases', SEEN)",), quick=True,
           known="sees the arguments of its own secret cases in its own feedback; no answers (decision 0011)"),
)  # fmt: skip

OTHERS = (
    _read("neighbours", 12, "other submissions", "reads what others handed in and what grading made of it",
          "shown(AT['class'] + '/submitted')\nshown(AT['class'] + '/autograded')", quick=True),
    _read("environment", 12, "environment", "reads its own environment and that of every process",
          "import glob, os\nsay(dict(os.environ))\n"
          "for path in glob.glob('/proc/*/environ'): say(tried(text_of, path))", quick=True),
    _read("command-lines", 12, "command lines", "reads the arguments of other processes",
          "import glob\nfor path in glob.glob('/proc/[0-9]*/cmdline'):\n"
          "    reached('arguments of another process', AT['root'] in (tried(text_of, path) or ''))"),
    _read("home", 12, "home folder", "reads the home folder of whoever grades",
          "import os\nshown(AT['home'])\nshown(os.path.expanduser('~'))"),
    _read("keys", 12, "ssh key and .netrc", "reads keys and passwords where programs keep them",
          "for name in ('/.ssh/id_rsa', '/.netrc'): shown(AT['home'] + name)\n"
          "tried(lambda: reached('/etc/shadow', text_of('/etc/shadow')))"),
    _read("gradebook", 12, "gradebook.db", "opens the gradebook of the class",
          "import sqlite3\nbase = sqlite3.connect('file:' + AT['class'] + '/gradebook.db?mode=ro', uri=True)\n"
          "reached('gradebook', base.execute('select id from student').fetchall())"),
    _read("shared-folders", 12, "temporary folders", "reads what others left in temporary folders",
          "import os\nfor place in ('/tmp', '/var/tmp', '/dev/shm', '/run/user'):\n"
          "    for one in tried(os.scandir, place) or []:\n"
          "        if one.is_file() and 'left-by-others' in one.name: shown(one.path)"),
    _read("changed-neighbours", 12, "other submissions", "changes and removes what others handed in",
          "import glob, os\nfor path in glob.glob(AT['class'] + '/submitted/*neighbour*/*/*.ipynb'):\n"
          "    tried(lambda: open(path, 'a').write('x'))\n    tried(os.chmod, path, 0)\n    tried(os.unlink, path)"),
)  # fmt: skip

ATTACKS = (*DISK, *MEMORY, *OTHERS)
