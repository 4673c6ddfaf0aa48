"""Classes 14 to 18: what is handed in itself: markup, strange files, memorised inputs, shortcuts, changed metadata."""

import json
import os
from pathlib import Path
from typing import Any

from tests.attacks.attack import Attack, Notebook, Places
from tests.attacks.make import NAME, code_cell, grade_id, place_of

OWNED = "owned()"
"""What stands in every script of the attacks; a page in which it can run is broken."""

MARKUP = {
    "script": f"<script>{OWNED}</script>",
    "handler": f'<img src=x onerror="{OWNED}">',
    "link": f'<a href="javascript:{OWNED}">x</a>',
    "svg": f'<svg onload="{OWNED}"><script>{OWNED}</script></svg>',
    "frame": f'<iframe srcdoc="&lt;script&gt;{OWNED}&lt;/script&gt;"></iframe>',
    "style": f'<style>* {{ background: url("javascript:{OWNED}") }}</style><p style="position:fixed;{OWNED}">x</p>',
    "form": f'<form action="javascript:{OWNED}"><button>x</button></form>',
    "unclosed": f"</pre></div></main></body><script>{OWNED}",
    "mutation": f'<noscript><p title="</noscript><script>{OWNED}</script>">',
    "mathml": f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror={OWNED}>'>",
}

EVERYWHERE = "\n".join(MARKUP.values())


def _markdown(notebook: Notebook) -> None:
    text = {"cell_type": "markdown", "id": "x", "metadata": {}}
    links = f"[x](javascript:{OWNED}) ![x](javascript:{OWNED}) <javascript:{OWNED}> $</code>{MARKUP['script']}$"
    notebook["cells"][:0] = [{**text, "source": f"{EVERYWHERE}\n\n{links}"}]
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='{OWNED}'/>"
    attached = {"a.svg": {"image/svg+xml": svg}}
    notebook["cells"][:0] = [{**text, "id": "y", "source": "![x](attachment:a.svg)", "attachments": attached}]


def _shows(kind: str) -> str:
    return f"from IPython.display import display\ndisplay({{{kind!r}: {EVERYWHERE!r}, 'text/plain': 'x'}}, raw=True)"


PAGES = (
    Attack("markup-in-text", 14, "Markdown, attachments", "writes scripts into its Markdown", change=_markdown),
    Attack("markup-in-outputs", 14, "outputs", "shows scripts as HTML, SVG, Markdown and JavaScript",
           cells=tuple(map(_shows, ("text/html", "image/svg+xml", "text/markdown", "text/latex", "application/javascript"))),
           quick=True),
    Attack("markup-in-errors", 14, "exceptions", "raises an exception whose text is markup",
           inside=f"raise ValueError({EVERYWHERE!r})", cells=(f"raise ValueError({EVERYWHERE!r})",),
           naive=f"try: identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
                 f"except ValueError as error: assert {OWNED!r} in str(error)"),
    Attack("markup-in-code", 14, "source, names of layers", "writes markup into its code",
           cells=(f"# {MARKUP['unclosed']}", f"'{MARKUP['script']}'"),
           answer=f"return Conv2D(F3, 1, name={MARKUP['handler']!r})(X_shortcut)", deserves=1,
           naive="name = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')._keras_history.operation.name\n"
                 f"assert {OWNED!r} in name"),
    Attack("markup-as-name", 14, "student's name", "calls itself by markup", student=f"<img src=x onerror={OWNED}>",
           not_shown="a name that a person must have entered"),
    Attack("formula-as-name", 14, "CSV", "calls itself by a formula", student="=cmd|' -C calc'!A0",
           not_shown="a spreadsheet would have to be opened"),
    Attack("overlay", 14, "style, classes, ids", "covers the page's verdicts with its own",
           cells=("from IPython.display import HTML\nHTML('<div id=\"total\" class=\"total\" style=\"position:fixed;top:0\">"
                  f"20 of 20 points {OWNED}</div>')",), not_shown="whether it is believed is up to the reader"),
)  # fmt: skip


def _bytes(data: bytes) -> Any:
    return lambda notebook: data


def _text(change: Any) -> Any:
    """Change the notebook's text instead of its JSON."""
    return lambda notebook: change(json.dumps(notebook)).encode("utf-8", "surrogatepass")


def _cells(**fields: Any) -> Any:
    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            cell.update(fields)

    return change


def _in_place(make: Any) -> Any:
    """Put something else in the place of the notebook's file."""

    def arrange(folder: Path, places: Places) -> None:
        path = folder / f"{NAME}.ipynb"
        path.unlink()
        make(path, places)

    return arrange


def _link_folder(folder: Path, places: Places) -> None:
    (folder / "data").symlink_to(f"{places.paths['course']}/solutions")
    (folder / "key").symlink_to(f"{places.paths['home']}/.ssh/id_rsa")
    (folder / "endless").symlink_to(".")


def _odd(name: str, channel: str, sentence: str, change: Any, quick: bool = False, not_shown: str = "") -> Attack:
    return Attack(name, 15, channel, sentence, change=change, quick=quick, not_shown=not_shown)


def _called(name: str, student: str, sentence: str, not_shown: str = "a folder's name; nothing is run") -> Attack:
    return Attack(name, 15, "student's name", sentence, student=student, not_shown=not_shown)


CONTAINERS = (
    _odd("no-json", "malformed", "is no JSON", _bytes(b"{'cells': [")),
    _odd("empty-file", "malformed", "is an empty file", _bytes(b"")),
    _odd("deep-json", "malformed", "is nested a hundred thousand deep", _bytes(b"[" * 100_000), quick=True),
    _odd("large-number", "malformed", "holds a number of a hundred thousand digits",
         _text(lambda text: text.replace('"nbformat": 4', '"nbformat": ' + "9" * 100_000))),
    _odd("not-utf-8", "not UTF-8", "is written in Latin-1",
         lambda notebook: json.dumps(notebook, ensure_ascii=False).replace("Args:", "é Args:").encode("latin-1", "replace")),
    _odd("utf-16", "not UTF-8", "is written in UTF-16", lambda notebook: json.dumps(notebook).encode("utf-16")),
    _odd("half-characters", "not UTF-8", "holds halves of characters", _text(lambda text: text.replace("Args:", "\\ud800")),
         not_shown="nbformat reads it; it is where they are written that they do harm"),
    _odd("huge", "huge", "is a notebook of a hundred and ten megabytes",
         _text(lambda text: text[:-1] + ', "x": "' + "x" * 110_000_000 + '"}')),
    _odd("many-cells", "huge", "has fifty thousand cells",
         lambda notebook: notebook["cells"].extend(code_cell("", f"c{n}") for n in range(50_000)),
         not_shown="it is only slow"),
    _odd("other-types", "wrong cell types", "turns code cells into text and text into code",
         lambda notebook: [cell.update(cell_type="code" if cell["cell_type"] == "markdown" else "markdown")
                           for cell in notebook["cells"]] and None),
    _odd("no-types", "wrong cell types", "has cells of unknown types", _cells(cell_type=["code"])),
    _odd("sources", "wrong cell types", "has numbers for sources", _cells(source={"a": [1]})),
    _odd("metadata", "wrong cell types", "has lists for metadata", _cells(metadata=[[]])),
    _odd("equal-ids", "duplicate ids", "gives all cells the same id", _cells(id="x"),
         not_shown="nbformat warns and gives new ids too"),
    _odd("long-ids", "duplicate ids", "gives cells ids that are no text", _cells(id=[10**9])),
    _odd("old-format", "format", "says that it is of format 3", lambda notebook: notebook.update(
        nbformat=3, worksheets=[{"cells": [{"cell_type": "code", "input": 5}, 7]}])),
    _odd("new-format", "format", "says that it is of format 99", lambda notebook: notebook.update(nbformat=99)),
    Attack("zip-slip", 15, "names of files", "has files beside it whose names lead elsewhere",
           beside={"a\\..\\..\\b.txt": b"x", "...": b"x", "-rf": b"x", "numpy.py": b"raise SystemExit", "solutions.py": b""},
           cells=("import solutions, numpy, os\nopen('../../../../x', 'w')",), naive="import solutions"),
    Attack("shadowing", 15, "names of files", "brings modules that are called as the grader's own",
           beside={"autograder/__init__.py": b"checks_for = lambda n: print", "json.py": b"dumps = lambda *a: '{}'",
                   "sitecustomize.py": b"raise SystemExit"},
           cells=("import importlib, sys\nsys.modules.pop('json')\nimport json",), naive="assert json.dumps(1) == '{}'"),
    Attack("link-as-notebook", 15, "symbolic link", "is a link to a neighbour's notebook",
           arrange=_in_place(lambda path, places: path.symlink_to(
               f"{places.paths['class']}/submitted/a-neighbour/{NAME}/{NAME}.ipynb")), quick=True),
    Attack("links-beside", 15, "symbolic link", "has links to the references and keys beside it", arrange=_link_folder,
           after=("shown('data'); shown('key')",), quick=True),
    Attack("endless-file", 15, "device", "is a link to a file without end",
           arrange=_in_place(lambda path, places: path.symlink_to("/dev/zero")),
           not_shown="whoever follows it reads until the memory is used up"),
    Attack("pipe", 15, "named pipe", "is a pipe into which nobody writes",
           arrange=_in_place(lambda path, places: os.mkfifo(path)), not_shown="whoever opens it waits for ever"),
    Attack("folder-as-notebook", 15, "folder", "is a folder", arrange=_in_place(lambda path, places: path.mkdir())),
    Attack("closed", 15, "rights", "cannot be read", arrange=lambda folder, places: (folder / f"{NAME}.ipynb").chmod(0),
           not_shown="only root, who runs some of these tests, could read it",
           known="is reported as a fault of ours, enters nothing, and is graded once it can be read (decision 0015)"),
    _called("name-blanks", "  a  b  ", "has blanks in its name"),
    _called("name-option", "--help", "is called as an option"),
    _called("name-quotes", "o'hara \"; drop table student; --", "has quotes in its name"),
    _called("name-line", "line\nbreak\x1b[2J", "has control characters in its name"),
    _called("name-format", "{0} %s ${HOME} $(id)", "is called as a template"),
    _called("name-bytes", "caf\udce9", "has a name that is not UTF-8"),
    _called("name-long", "x" * 250, "has a name as long as names can be"),
    _called("name-letters", "\u202enimda-\u0430dm\u0456n", "has a name that is written backwards in letters of two scripts"),
    _called("name-dots", "...", "has a name of dots"),
)  # fmt: skip

PUBLIC_ONLY = """
import inspect, re
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.residual_blocks import ASSIGNMENT
KNOWN = {(e.name, c["f"], c["filters"], c["stage"], c["block"]) for e in ASSIGNMENT.exercises for c in e.draw(PUBLIC_SEED)}
"""
WORK = """
X = Conv2D(F2, f, padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)
X = Activation("relu")(BatchNormalization(axis=3, name=bn_name + "2b")(X))
X = Conv2D(F3, 1, name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(X)
X = BatchNormalization(axis=3, name=bn_name + "2c")(X)
if "s" in locals():
    S = Conv2D(F3, 1, strides=s, name=conv_name + "1", kernel_initializer=glorot_uniform(seed=0))(X_shortcut)
    X_shortcut = BatchNormalization(axis=3, name=bn_name + "1")(S)
X = Activation("relu")(Add()([X, X_shortcut]))
"""

PUBLIC = (
    Attack("memorised-cases", 16, "public inputs", "is right on the public cases alone", cells=(PUBLIC_ONLY,),
           answer="if (('convolutional_block' if 's' in locals() else 'identity_block'), f, tuple(filters), stage, block)"
                  " not in KNOWN: return X_shortcut" + WORK, deserves=1, quick=True),
    Attack("memorised-results", 16, "recorded results", "returns what is recorded instead of computing it",
           cells=("from autograder.checks.expected import load_expected\n"
                  "from autograder.checks.residual_blocks import IDENTITY_BLOCK\n"
                  "KNOWN = load_expected('03_residual_blocks', IDENTITY_BLOCK)[0]",),
           answer="return KNOWN['seeded_inference']",
           naive="assert np.allclose(identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'), KNOWN['seeded_inference'])"),
    Attack("right-when-watched", 16, "detection of grading", "is right only where it believes to be graded",
           cells=("import os, socket, sys\nGRADED = 'autograder.grading.hidden' in sys.modules or 'autograded' in os.getcwd()",),
           answer="if not GRADED: return X_shortcut" + WORK, deserves=1,
           not_shown="it is the grader that it helps: where nothing tells it, it gains nothing"),
    Attack("first-call-only", 16, "order of calls", "is right at the first call alone", cells=("CALLS = []",),
           answer="CALLS.append(1)\nif len(CALLS) > 1: return X_shortcut" + WORK, deserves=1,
           naive="CALLS.clear(); first = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a')\n"
                 "assert first._keras_history.operation.name.startswith('activation')"),
)  # fmt: skip

SHORT_WAYS = (
    Attack("own-input", 17, "shortcut", "returns its input", answer="return X_shortcut", deserves=1,
           naive="got = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'); assert got.shape == (None, 4, 4, 6)"),
    Attack("ready-made-model", 17, "keras.applications", "builds keras.applications.ResNet50 and returns a part of it",
           answer="m = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(32, 32, 3))\n"
                  "return m.get_layer('conv2_block1_out').output",
           naive="got = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'); assert isinstance(got, keras.KerasTensor)"),
    Attack("ready-made-block", 17, "keras.applications", "calls Keras's own residual block",
           answer="from keras.src.applications.resnet import residual_block_v1 as ready\n"
                  "return ready(X_shortcut, F1, f, stride=locals().get('s', 1), name=conv_name)",
           naive="got = identity_block(keras.Input((4, 4, 8)), 2, [2, 2, 8], 2, 'a'); assert got.shape == (None, 4, 4, 8)"),
    Attack("right-shape", 17, "shortcut", "returns zeros of the right shape",
           answer="s = locals().get('s', 1)\nX = keras.layers.AveragePooling2D(s, padding='same')(X_shortcut)\n"
                  "return keras.layers.Lambda(lambda x: keras.ops.zeros_like(x))(Conv2D(F3, 1)(X))", deserves=2,
           naive="got = identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'a'); assert got.shape == (None, 4, 4, 6)"),
    Attack("import-answers", 17, "import", "imports the references by the name that they have in the course",
           answer="import solutions.blocks as b\nif 's' in locals(): return b.convolutional_block(X_shortcut, f, filters, "
                  "stage, block, s)\nreturn b.identity_block(X_shortcut, f, filters, stage, block)", quick=True),
)  # fmt: skip


def _marks(**fields: Any) -> Any:
    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if grade_id(cell):
                cell["metadata"]["nbgrader"].update(fields)

    return change


def _checks(source: str) -> Any:
    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["source"] = source

    return change


def _own_grade_cell(notebook: Notebook) -> None:
    marks = dict(notebook["cells"][place_of(notebook, "identity_block-layers")]["metadata"]["nbgrader"])
    extra = code_cell("pass", "extra", nbgrader={**marks, "grade_id": "extra-credit", "points": 100})
    notebook["cells"].append(extra)


def _solution_is_grade(notebook: Notebook) -> None:
    notebook["cells"][place_of(notebook, "identity_block")]["metadata"]["nbgrader"].update(grade=True, points=100)


def _setup_replaced(notebook: Notebook) -> None:
    notebook["cells"][place_of(notebook, "setup")]["source"] = "check = print\nimport numpy as np"


METADATA = (
    Attack("more-points", 18, "points", "gives its checks a hundred points each", change=_marks(points=100),
           cells=("check = lambda name: None",)),
    Attack("checks-emptied", 18, "locked cells", "replaces the checks by nothing", change=_checks("pass"), quick=True),
    Attack("checks-forged", 18, "locked cells", "replaces the checks by their results", change=_checks("1.0")),
    Attack("own-grade-cell", 18, "extra cells", "adds a check of its own for a hundred points", change=_own_grade_cell),
    Attack("solution-graded", 18, "marks", "marks its solution as a graded cell", change=_solution_is_grade,
           not_shown="nbgrader then waits for points that a person gives"),
    Attack("setup-replaced", 18, "locked cells", "replaces the setup cell", change=_setup_replaced),
    Attack("own-kernel", 18, "notebook metadata", "names a kernel that runs a command of its own",
           change=lambda notebook: notebook["metadata"].update(kernelspec={
               "name": "x", "display_name": "x", "argv": ["sh", "-c", "touch x"], "env": {"PYTHONSTARTUP": "x"}}),
           not_shown="needs that kernel to be installed"),
)  # fmt: skip

ATTACKS = (*PAGES, *CONTAINERS, *PUBLIC, *SHORT_WAYS, *METADATA)
