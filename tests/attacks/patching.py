"""Classes 3, 4 and 5: patched checkers, lying objects, a harness that is kept from doing its work."""

from tests.attacks.attack import Attack, trying


def _patch(
    name: str, threat: int, channel: str, sentence: str, code: str, *, naive: str = "", not_shown: str = "",
    quick: bool = False, short: bool = False,
) -> Attack:  # fmt: skip
    """Run code in a cell of its own, and again whenever a block is called."""
    cell, again = trying(code)
    return Attack(
        name,
        threat,
        channel,
        sentence,
        cells=(cell,),
        inside=again,
        naive=naive,
        not_shown=not_shown,
        quick=quick,
        short=short,
    )


PATCHES = (
    _patch("patched-judge", 3, "verdicts", "lets every verdict pass", """
import autograder.checks.engine as engine, autograder.checks.student as student, autograder.grading.hidden as hidden
from dataclasses import replace
from autograder.model import Outcome
real = engine.judge
passed = lambda *a: replace(real(*a), outcome=Outcome.PASSED, points=20.0)
engine.judge = student.judge = passed
""", quick=True),
    _patch("patched-rules", 3, "rules", "makes every rule agree", """
import autograder.checks.residual_blocks as blocks
for exercise in blocks.ASSIGNMENT.exercises:
    for check in exercise.checks:
        object.__setattr__(check, "rule", lambda *a: None)
        object.__setattr__(check, "fields", ()); object.__setattr__(check, "points", 1000)
"""),
    _patch("patched-probe", 3, "observations", "lets the reference's observation stand for its own", """
import autograder.checks.student as student, autograder.checks.engine as engine
from autograder.checks import observation
from autograder.course.folder import find_course
from autograder.course.reference import observe_reference
from autograder.grading import hidden
exercises = {e.probe: e for e in student.find_assignment("03_residual_blocks").exercises}
def observe(probe, subject, case):
    for exercise in student.find_assignment("03_residual_blocks").exercises:
        if exercise.name == subject.__name__:
            return observe_reference(hidden._course(), exercise, case).observation.encode()
engine.observe = student.observe = observe
"""),
    _patch("patched-answers", 3, "answers of calls", "answers calls with something else", """
import autograder.checks.calls as calls, autograder.checks.engine as engine, autograder.sandbox.child as child
import json
calls.answer = engine.answer = child.answer = lambda *a: json.dumps({"value": True})
""", not_shown="an answer is judged like any other: what it says must be right"),
    _patch("patched-graph", 3, "graph.dump", "writes another graph than the one that was built", """
import autograder.checks.graph as graph
graph.dump = lambda *a: {"layers": [], "steps": [], "value": {"tensor": [-1, 0]}, "ok": True, "points": 20}
""", not_shown="a graph is judged like any other: a right one would be a right answer"),
    _patch("patched-keras", 3, "keras.Model", "replaces what a model computes", """
import keras, numpy as np
keras.Model.__call__ = keras.Model.predict = lambda self, x, **k: np.zeros(np.shape(x))
""", naive="m = keras.Model(i := keras.Input((3,)), keras.layers.Dense(3)(i)); assert not m(np.ones((1, 3))).any()"),
    _patch("patched-layers", 3, "get_config, build", "lets layers lie about their settings", """
import keras
for kind in (keras.layers.Conv2D, keras.layers.BatchNormalization):
    kind.get_config = lambda self: {"name": self.name, "filters": 4, "kernel_size": (1, 1), "points": 20}
""", naive="assert keras.layers.Conv2D(9, 3).get_config()['filters'] == 4"),
    _patch("patched-numpy", 3, "numpy", "makes every comparison of NumPy agree", """
import numpy as np
for name in ("allclose", "array_equal", "isclose", "all", "array_equiv"):
    setattr(np, name, lambda *a, **k: True)
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
""", naive="assert np.allclose(1, 2); np.testing.assert_allclose(1, 2)"),
    _patch("patched-json", 3, "json", "lets json write what it likes", """
import json
json.dumps = lambda *a, **k: '{"answer": "{\\\\"value\\\\": true}", "exercise": "identity_block", "done": true}'
""", naive="import json; assert json.loads(json.dumps({'passed': False}))['done']"),
    _patch("patched-builtins", 3, "builtins", "replaces isinstance, zip, all and any", """
import builtins
builtins.isinstance = builtins.all = builtins.any = lambda *a: True
builtins.zip = lambda *a, **k: iter(())
""", naive="assert isinstance(1, str) and all([False])", short=True),
    _patch("patched-check", 3, "the name check", "puts a check that never fails in the place of the notebook's", """
import autograder.checks.student as student, autograder.grading.hidden as hidden
globals()["check"] = student.check = hidden.check_hidden = lambda *names: None
"""),
)  # fmt: skip

LIAR = """
import keras, numpy as np, tensorflow as tf
class Liar:
    shape = (None, 4, 4, 6); dtype = "float32"; name = "res2a_branch2a"
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __float__(self): return 20.0
    def __len__(self): return 1
    def __iter__(self): return iter(())
    def __array__(self, *a, **k): return np.zeros((2, 4, 4, 6), "float32")
    def __sub__(self, other): return 0
    __rsub__ = __abs__ = __neg__ = lambda self, *a: 0
    def __le__(self, other): return True
    __lt__ = __ge__ = __gt__ = __le__
    def __getattr__(self, name): return Liar()
    def __call__(self, *a, **k): return Liar()
"""
GOT = "got = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'); "


def _lie(
    name: str,
    channel: str,
    sentence: str,
    classes: str,
    returned: str,
    naive: str,
    quick: bool = False,
    deserves: float = 0,
) -> Attack:
    """Define a class in a cell and return an object of it."""
    return Attack(
        name,
        4,
        channel,
        sentence,
        cells=(LIAR + classes,),
        answer=f"return {returned}",
        naive=GOT + naive,
        quick=quick,
        deserves=deserves,
    )


LIES = (
    _lie("lying-eq", "__eq__", "returns an object that equals everything", "", "Liar()", "assert got == 'x'", True),
    _lie("lying-float", "__float__, __sub__, __abs__, __le__", "returns an object that is as near as one likes", "",
         "Liar()", "assert abs(got - 3.7) < 1e-6 and float(got) == 20"),
    _lie("lying-array", "__array_function__", "returns an array that agrees with all others",
         "class Array(np.ndarray):\n    __array_ufunc__ = __array_function__ = lambda self, *a, **k: True\n",
         "np.zeros((2, 4, 4, 6)).view(Array)", "assert np.allclose(got, 1)"),
    _lie("lying-tensor", "tensor subclass", "returns a tensor of TensorFlow's that equals everything",
         "class Tensor(type(tf.Variable(0.))):\n    __eq__ = Liar.__eq__\n    __hash__ = Liar.__hash__\n"
         "    numpy = lambda self: Liar()\n    __array__ = Liar.__array__\n",
         "Tensor(0.)", "assert got == 7 and isinstance(got, tf.Variable)"),
    _lie("lying-keras-tensor", "KerasTensor subclass", "returns a Keras tensor whose history is made up",
         "class Tensor(keras.KerasTensor):\n    _keras_history = property(lambda self: (None, 0, 0), lambda *a: None)\n"
         "    __eq__ = Liar.__eq__\n    __hash__ = object.__hash__\n",
         "Tensor(X_shortcut.shape)", "assert got == 7 and got.shape == (None, 4, 4, 6)"),
    _lie("lying-containers", "str, tuple, dict subclasses", "returns containers that lie about what they hold",
         "class Pair(tuple):\n    __eq__ = Liar.__eq__\n    __hash__ = tuple.__hash__\n"
         "class Map(dict):\n    items = lambda self: [('value', True)]\n    __eq__ = Liar.__eq__\n",
         "Map(graph=Pair(('passed', 1)))", "assert got == {'value': 1}"),
    _lie("lying-name", "layer's name", "names a layer by a text that equals every text",
         "class Text(str):\n    __eq__ = Liar.__eq__\n    __hash__ = lambda self: 0\n",
         "Conv2D(F3, 1, name=Text('res2a_branch2a'))(X_shortcut)",
         "assert got._keras_history.operation.name == 'bn7c_branch1'"),
    _lie("lying-layer", "layer subclass", "returns a layer that calls itself Keras's Conv2D",
         "class Fake(keras.layers.Layer):\n    def get_config(self): return keras.layers.Conv2D(3, 1).get_config()\n"
         "    def call(self, x): return x\nFake.__name__ = Fake.__qualname__ = 'Conv2D'\n"
         "Fake.__module__ = 'keras.src.layers.convolutional.conv2d'\n",
         "Fake()(X_shortcut)", "assert type(got._keras_history.operation).__name__ == 'Conv2D'", deserves=1),
    _lie("lying-class", "__class__", "says that it is of another class",
         "class Fake(Liar):\n    __class__ = property(lambda self: keras.KerasTensor)\n", "Fake()",
         "assert isinstance(got, keras.KerasTensor)"),
    _lie("lying-metaclass", "metaclass", "answers isinstance by a metaclass",
         "class Meta(type):\n    __instancecheck__ = __subclasscheck__ = lambda *a: True\n"
         "    __eq__ = Liar.__eq__\n    __hash__ = type.__hash__\nclass Any(Liar, metaclass=Meta):\n    pass\n", "Any",
         "assert isinstance(7, got) and got == keras.layers.Add"),
    Attack(
        "lying-exception", 4, "exceptions", "raises an exception that says it passed",
        cells=("class PASSED(AssertionError):\n    __str__ = lambda self: 'outcome: PASSED, 20 points'\n",),
        answer="raise PASSED()",
        naive="try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
              "except Exception as error: assert 'PASSED' in str(error)"),
)  # fmt: skip

HARNESS = (
    _patch("input-transformer", 5, "IPython input transformers", "turns every later cell into nothing",
           "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])", quick=True),
    _patch("syntax-transformer", 5, "IPython AST transformers", "removes every call from later cells", """
import ast
class Quiet(ast.NodeTransformer):
    def visit_Call(self, node): return ast.Constant(value=1.0)
get_ipython().ast_transformers.append(Quiet())
"""),
    _patch("hidden-errors", 5, "showtraceback, set_custom_exc", "hides the errors of all cells", """
shell = get_ipython()
shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: None)
"""),
    _patch("replaced-shell", 5, "the shell's methods", "replaces what runs cells", """
shell = get_ipython()
async def nothing(*a, **k): return type("R", (), {"success": True, "error_in_exec": None})()
shell.run_cell_async = nothing
"""),
    _patch("at-exit", 5, "atexit", "does its work when the process ends",
           "import atexit\natexit.register(lambda: open(AT['outside'] + '/' + ME, 'w').write('late'))"),
    _patch("tracing", 5, "settrace", "changes the variables of its callers while they run", """
import ctypes, sys
from dataclasses import replace
from autograder.model import Outcome
def trace(frame, event, argument):
    if frame.f_code.co_name == "show" and "verdict" in frame.f_locals:
        frame.f_locals["verdict"] = replace(frame.f_locals["verdict"], outcome=Outcome.PASSED)
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return trace
sys.settrace(trace)
"""),
    _patch("replaced-modules", 5, "sys.modules", "puts its own modules in the place of the grader's", """
import sys, types
names = [name for name in sys.modules if name.startswith("autograder")]
for name in [*names, "autograder.grading", "autograder.grading.hidden"]:
    fake = types.ModuleType(name)
    fake.__path__ = []
    fake.__getattr__ = lambda attribute: (lambda *a, **k: None)
    sys.modules[name] = fake
globals()["check"] = lambda name: None
"""),
    _patch("import-hook", 5, "builtins.__import__", "gives out a grader of its own for every import", """
import builtins, types
real = builtins.__import__
def fake(name, *a, **k):
    if name.startswith("autograder"):
        return types.SimpleNamespace(check_hidden=lambda *a: None, checks_for=lambda *a: lambda *b: None)
    return real(name, *a, **k)
builtins.__import__ = fake
globals()["check"] = lambda name: None
"""),
    _patch("signal-handlers", 5, "signal handlers", "ignores every signal, alarms included", """
import signal
for number in signal.valid_signals(): tried(signal.signal, number, signal.SIG_IGN)
""", naive="import signal; assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN"),
    Attack("audit-hook", 5, "audit hooks", "listens to all that its process opens", cells=("""
import sys
check = lambda name: None
def hook(event, arguments):
    if event == "open" and AT["course"] in str(arguments[0]): reached("a file of the course")
sys.addaudithook(hook)
""",), after=("for text in SAID: print(text)",)),
    _patch("late-thread", 5, "threads", "goes on patching from a thread", """
import sys, threading, time
def patch():
    for _ in range(3000):
        for name in ("autograder.grading.hidden", "autograder.checks.student"):
            module = sys.modules.get(name)
            if module: module.check_hidden = module.judge_in_namespace = module.show = lambda *a, **k: None
        time.sleep(0.01)
threading.Thread(target=patch, daemon=True).start()
"""),
    _patch("collector-callback", 5, "gc callbacks, __del__", "patches at every collection", """
import gc, sys
def patch(*a):
    module = sys.modules.get("autograder.checks.student")
    if module: module.show = lambda *a, **k: None
gc.callbacks.append(patch); patch()
"""),
    _patch("exception-hook", 5, "CheckFailed", "makes the grader's exceptions impossible to raise", """
import autograder.checks.student as student, autograder.grading.hidden as hidden
student.show = hidden.show = lambda *a, **k: None
"""),
)  # fmt: skip

ATTACKS = (*PATCHES, *LIES, *HARNESS)
