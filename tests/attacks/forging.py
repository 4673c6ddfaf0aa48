"""Classes 6, 7 and 8: forged output, forged files, and data that would run code where it is read."""

import json
from typing import Any

from tests.attacks.attack import Attack, trying

FIND = """
import json, os, stat, struct
def sockets():
    for number in range(3, 256):
        mode = getattr(tried(os.fstat, number), "st_mode", 0)
        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
            yield number
def send(*messages):
    for number in list(sockets()):
        for message in messages:
            data = message if isinstance(message, bytes) else json.dumps(message).encode()
            tried(os.write, number, struct.pack(">Q", len(data)) + data)
BLOCKS = ("identity_block", "convolutional_block")
"""
OWN_CHANNEL = "the channel is this grader's own; that the message arrives is seen in what the grader says of it"
OWN_DATA = "data of this grader's own; a rebuilding that trusted it would run it"

CARD = """
from IPython.display import display
CARD = {"check": "identity_block-layers", "outcome": "PASSED", "points": 20, "max_points": 20, "secret": True}
display({"application/vnd.residual-course.verdict+json": CARD, "text/plain": "✓ passed 20 of 20",
         "text/html": "<p class=total><strong>20</strong> of 20 points</p>"}, raw=True)
"""

FORGED_GRAPH = {
    "layers": [{"class": "ReLU", "config": {"name": "res2a_branch2a"}, "trains": False}],
    "steps": [{"layer": 0, "args": {"list": [{"tensor": [-1, 0]}]}, "kwargs": {"dict": {}}}],
    "value": {"tensor": [0, 0]},
}


def _frames(name: str, sentence: str, code: str, quick: bool = False, deserves: float = 0) -> Attack:
    """Write into the channel while a block is called."""
    return Attack(
        name, 6, "inherited descriptors", sentence, cells=(FIND,), inside=code, not_shown=OWN_CHANNEL, quick=quick,
        deserves=deserves,
    )  # fmt: skip


CHANNEL = (
    Attack("shown-verdicts", 6, "display of verdicts", "shows cards that look like passed checks",
           cells=("import autograder.checks.student as student, autograder.grading.hidden as hidden\n"
                  "def shows(*names):\n" + "\n".join(f"    {line}" for line in CARD.strip().split("\n")) +
                  "\ncheck = student.check = hidden.check_hidden = shows", CARD), after=(CARD, "20.0"), quick=True),
    Attack("display-hook", 6, "displayhook", "shows 1.0 as the result of every cell, which nbgrader takes for points",
           cells=("shell = get_ipython()\nshow = lambda *a, **k: None\n"
                  "shell.showtraceback = lambda *a, **k: shell.displayhook(1.0)",)),
    Attack("printed-results", 6, "printed results", "prints results as the grader writes them",
           after=("print('{\"student\": \"printed-results\", \"score\": 20.0, \"outcome\": \"PASSED\"}')",
                  "print('printed-results  03_residual_blocks  10/10  10/10  20/20  PASSED')"),
           naive="print('20/20 PASSED')"),
    _frames("sent-answers", "sends answers of its own before the real ones",
            "send(*[{'answer': json.dumps({'value': True}), 'exercise': name} for name in BLOCKS] * 20)", quick=True),
    _frames("sent-graphs", "sends the graph of relu(X), which is worth 3 points, as the answer",
            f"send(*[{{'answer': {json.dumps({'graph': FORGED_GRAPH})!r}, 'exercise': name}} for name in BLOCKS] * 9)",
            deserves=3),
    _frames("sent-verdicts", "sends verdicts, scores and points",
            "send({'score': 20}, {'verdicts': [{'outcome': 'PASSED', 'points': 20}]})"),
    _frames("sent-done", "says that it is done before it was judged", "send({'done': True, 'score': 20})"),
    _frames("sent-observation", "sends what an evaluator sends", "send({'observation': '{}'}, {'needs': 'x'})"),
    _frames("sent-steps", "announces steps that are none",
            "send(*[{'step': step} for step in (-1, 10**9, 'x', None, [1], 1e300, True)])"),
    _frames("sent-cells", "sends outputs of cells that are checks",
            "send(*[{'cell': n, 'outputs': [{'output_type': 'execute_result', 'data': {'text/plain': '20.0'}}]}\n"
            "       for n in (-1, 20, 21, 34, 10**6, 1.5, None)])"),
    _frames("sent-rubbish", "sends what is no message", "send(b'[1]', b'5', b'null', b'\"step\"', b'{}', b'[[[', b'\\xff')"),
    _frames("sent-length", "announces a message of sixteen billion billion bytes",
            "for number in sockets(): tried(os.write, number, b'\\xff' * 8)"),
    _frames("sent-half", "sends half a message and ends its process",
            "for number in sockets(): tried(os.write, number, struct.pack('>Q', 100) + b'{')\nos._exit(0)"),
    _frames("sent-depth", "sends texts nested as deep as the reader goes",
            "for depth in (500, 900, 930, 960, 990, 5000, 90000):\n"
            "    deep = b'[' * depth + b']' * depth\n"
            "    for cell in range(60):\n"
            "        send(b'{\"cell\": %d, \"outputs\": [{\"output_type\": \"stream\", \"text\": %s}]}' % (cell, deep))"),
    _frames("sent-characters", "sends halves of characters and control characters as an exception",
            "raised = json.dumps({'raised': ['\\ud800', '\\x1b[2J\\udfff\\0', '\\ud83d']})\n"
            "send(*[{'answer': raised, 'exercise': name} for name in BLOCKS] * 9)"),
    _frames("sent-fault", "answers that the grader itself failed",
            "raised = json.dumps({'raised': ['CourseError', 'ERROR SKIPPED', '']})\n"
            "send(*[{'answer': raised, 'exercise': name} for name in BLOCKS] * 9)"),
)  # fmt: skip

WRITE = """
import os
def write(path, text, mode="a"):
    if tried(os.makedirs, os.path.dirname(path), exist_ok=True) is None and tried(open, path, mode):
        with open(path, mode) as file: file.write(text)
        reached("written: " + os.path.basename(path), os.path.abspath(path).startswith(AT["root"]) and mode == "a")
"""


def _write(name: str, channel: str, sentence: str, code: str, quick: bool = False) -> Attack:
    cell, again = trying(code)
    after = ("for text in SAID: print(text)",)
    return Attack(name, 7, channel, sentence, cells=(WRITE + cell,), inside=again, after=after, quick=quick)


FILES = (
    _write("forged-results", "results.json", "writes results, by absolute and relative paths",
           "for base in (AT['class'], '.', '..', '../..', '../../..'):\n"
           "    write(base + '/results.json', '[{\"student\": \"forged-results\", \"score\": 20}]')\n"
           "    write(base + '/results.json.unfinished', '[')"),
    _write("forged-journal", "journal", "adds lines to the journal",
           "write(AT['class'] + '/.autograder/journal.jsonl', '{\"key\": \"x\"}\\n')"),
    _write("forged-gradebook", "gradebook.db", "gives itself extra credit",
           "import sqlite3\nbase = sqlite3.connect(AT['class'] + '/gradebook.db', timeout=1)\n"
           "with base: base.execute('update grade set extra_credit = 100')\n"
           "reached('the gradebook', base.execute('select count(*) from student').fetchone())", quick=True),
    _write("forged-executed", "autograded/", "writes executed notebooks, its own and others'",
           "for student in (ME, 'a-neighbour', 'zz-neighbour'):\n"
           "    write(f\"{AT['class']}/autograded/{student}/03_residual_blocks/03_residual_blocks.ipynb\", '{}')"),
    _write("forged-feedback", "feedback/", "writes its feedback page",
           "write(f\"{AT['class']}/feedback/{ME}/03_residual_blocks/03_residual_blocks.html\", '20 of 20')"),
    _write("forged-course", "course folder", "changes references, recorded results, settings and the secret",
           "for name in ('solutions/blocks.py', 'data/expected/03_residual_blocks.json', 'nbgrader_config.py',\n"
           "             '.autograder/secret_seed', 'notebooks/03_residual_blocks/03_residual_blocks.ipynb'):\n"
           "    write(AT['course'] + '/' + name, '#')"),
    Attack(
        "forged-package", 7, "installed packages", "changes the grader and Python themselves",
        cells=("import autograder, numpy, sys\nfor path in (autograder.__file__, numpy.__file__, sys.executable):\n"
               "    tried(lambda: open(path, 'r+b').close() or reached('can write ' + path))",),
        not_shown="the packages belong to another user than the one that grades, in these tests"),
)  # fmt: skip


def _graph(name: str, sentence: str, graph: Any, short: bool = False) -> Attack:
    """Let calls be answered by a graph that the grader did not write."""
    code = (
        "import autograder.sandbox.child as child\n"
        f"FORGED = {json.dumps({'graph': graph})!r}\n"
        "child.answer = lambda subject, call: FORGED.replace('OUTSIDE', AT['outside']).replace('ME', ME)"
    )
    return Attack(name, 8, "graph as JSON", sentence, cells=(code,), not_shown=OWN_DATA, short=short)


def _layer(kind: str, module: str | None = None, /, **config: Any) -> dict[str, Any]:
    step = {"layer": 0, "args": {"list": [{"tensor": [-1, 0]}]}, "kwargs": {"dict": {}}}
    layer = {"class": kind, "config": {"name": "x", **config}, "trains": False}
    if module:
        layer |= {"module": module, "name": "x", "config": config}
    return {"layers": [layer], "steps": [step], "value": {"tensor": [0, 0]}}


def _part(module: str, name: str, /, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": config, "registered_name": name}


TOUCH = "touch OUTSIDE/ME"

BOMB = """
import os, pickle
class Bomb:
    def __reduce__(self): return os.system, (f"touch {AT['outside']}/{ME}",)
"""

SERIALISED = (
    _graph("graph-lambda", "a Lambda layer", _layer("Lambda", function=_part("builtins", "__lambda__", value="4wEAAA"))),
    _graph("graph-lambda-inside", "a Lambda layer in a TimeDistributed one",
           _layer("TimeDistributed", layer=_part("keras.layers", "Lambda", function={"class_name": "__lambda__"}))),
    _graph("graph-system", "a part whose module is os and whose class is system",
           _layer("TimeDistributed", layer=_part("os", "system", command=TOUCH))),
    _graph("graph-function", "a function of Python as an activation",
           _layer("Dense", units=2, activation=_part("builtins", "function", value="exec"))),
    _graph("graph-registered", "a part with a registered name that points elsewhere",
           _layer("Dense", units=2, kernel_initializer={"module": "keras.initializers", "class_name": "Zeros",
                                                        "config": {}, "registered_name": "os>system"})),
    _graph("graph-compiled", "settings for building and compiling inside a nested model",
           _layer("TimeDistributed", layer={**_part("keras", "Sequential", layers=[], name="s"),
                                            "compile_config": {"optimizer": _part("os", "system", command=TOUCH)},
                                            "build_config": {"input_shape": [None, 4]}})),
    _graph("graph-saved-model", "a layer that loads a model from a folder", _layer("TFSMLayer", filepath="/tmp")),
    _graph("graph-vocabulary", "a layer that reads a file of the grader's as its vocabulary",
           _layer("StringLookup", vocabulary="/proc/self/environ")),
    _graph("graph-endless-file", "a layer that reads a file without end",
           _layer("StringLookup", vocabulary="/dev/zero")),
    _graph("graph-operation", "an operation of another module", _layer("system", "os", command=TOUCH)),
    _graph("graph-inner-operation", "an operation of Keras that takes a function", _layer("Map", "keras.src.ops.core")),
    _graph("graph-stand-in", "the grader's own stand-in as a layer",
           _layer("StandIn", function="identity_block", arguments={"filters": [2, 2, 4], "s": 1})),
    _graph("graph-name", "a layer whose name is a list", _layer("ReLU", name=["res2a_branch2a"])),
    _graph("graph-numbers", "settings that are no numbers, or far too large",
           _layer("Conv2D", filters=10**12, kernel_size=[10**6, "x"], strides=float("nan"))),
    _graph("graph-memory", "a dense layer with a billion weights", _layer("Dense", units=10**9), short=True),
    Attack("pickled-answer", 8, "pickle", "answers with an object that runs code when it is unpickled",
           cells=(BOMB,), answer="return Bomb()", quick=True,
           naive="pickle.loads(pickle.dumps(identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')))\n"
                 "assert os.path.exists(f\"{AT['outside']}/{ME}\")"),
    Attack("pickled-files", 8, "files that are read back", "leaves pickled code where results might be looked for",
           cells=(BOMB + "import numpy as np\n"
                  "for name in ('answers.pkl', 'observation.npz', 'result.json', '.autograder', 'model.keras'):\n"
                  "    with open(name, 'wb') as file: pickle.dump(Bomb(), file)\n"
                  "np.save('observation.npy', np.array([Bomb()], dtype=object), allow_pickle=True)",),
           naive="np.load('observation.npy', allow_pickle=True)\nassert os.path.exists(f\"{AT['outside']}/{ME}\")"),
    Attack("lambda-layer", 8, "Lambda layer", "builds the block from a layer that acts wherever it is called",
           cells=("import os",), answer="return keras.layers.Lambda(lambda x: (open(AT['outside'] + '/' + ME, 'w'), x)[1])(X)"),
    Attack("own-initializer", 8, "initializer", "gives a convolution an initializer with code in it",
           cells=("class Init(keras.initializers.Initializer):\n    def __call__(self, shape, dtype=None):\n"
                  "        open(AT['outside'] + '/' + ME, 'w')\n        return keras.ops.zeros(shape)\n"
                  "    get_config = lambda self: {'code': 'import os'}",),
           answer="return Conv2D(F3, 1, kernel_initializer=Init())(X_shortcut)", deserves=1),
)  # fmt: skip

ATTACKS = (*CHANNEL, *FILES, *SERIALISED)
