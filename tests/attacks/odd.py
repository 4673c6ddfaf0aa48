"""Right notebooks that look odd; none of them may lose a point."""

import copy
import json

from autograder.notebook import damage
from tests.attacks.attack import Honest, Notebook
from tests.attacks.make import FIRST_BLOCK, NAME, code_cell, place_of

STYLES = (
    *("add-function", "plus", "add-operation", "shortcut-first"),
    *("relu-layer", "relu-activation", "relu-operation", "relu-once"),
    *("positional", "keywords", "integers", "capitals", "same-everywhere", "padded-by-hand"),
    *("glorot-class", "glorot-config", "glorot-once", "axis-minus-1", "axis-positional", "training-none"),
    *("loop", "inner-function", "helper", "sequential", "model-inside", "layers-first", "renamed", "no-type-hints"),
    *("decorator", "imports-of-tensorflow", "forgotten-print", "writes-to-stderr"),
    *("projection-first", "strides-as-integers", "strided-same"),
)
"""Styles of the course's catalogue; each is written in every block that it fits."""

QUICK_STYLES = ("plus", "imports-of-tensorflow")

TRAINING = """
import keras, numpy as np
model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(2)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
images, labels = np.random.normal(size=(256, 8, 8, 3)), np.random.randint(2, size=256)
for _ in range({epochs}): history = model.fit(images, labels, verbose=2, batch_size=16)
"""


def _reordered(notebook: Notebook) -> None:
    """Put the second block with its checks before the first."""
    first, second = place_of(notebook, FIRST_BLOCK), place_of(notebook, "convolutional_block")
    cells = notebook["cells"]
    last = place_of(notebook, "convolutional_block-size") + 1
    notebook["cells"] = [*cells[:first], *cells[second:last], *cells[first:second], *cells[last:]]


def _copied_check(notebook: Notebook) -> None:
    place = place_of(notebook, "identity_block-names")
    notebook["cells"].insert(place + 1, copy.deepcopy(notebook["cells"][place]))


def _own_cells(notebook: Notebook) -> None:
    """Add cells everywhere: text, code, raw, empty ones, a try of the block."""
    text = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "# My notes\n\n$x^2$ <b>bold</b>"}
    trial = code_cell("import keras\nprint(identity_block(keras.Input((4, 4, 6)), 2, [2, 4, 6], 2, 'z'))", "trial")
    place = place_of(notebook, FIRST_BLOCK) + 1
    raw = {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "raw"}
    notebook["cells"][place:place] = [trial, text, raw, code_cell("", "empty"), code_cell("1 / 0", "failing")]


def _no_marks(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


WRITING = tuple(
    Honest(f"style-{name}", "", style=name, quick=name in QUICK_STYLES) for name in STYLES
)  # the catalogue has the sentences

CELLS = (
    Honest("warnings", "warns, logs and prints on stderr in cells and in blocks", quick=True,
           cells=("import warnings, sys, logging, os\nwarnings.warn('w'); print('e', file=sys.stderr)\n"
                  "logging.warning('l'); os.write(2, b'raw')",),
           inside="import sys, warnings\nprint('e', file=sys.stderr); warnings.warn('w')"),
    Honest("long-output", "prints ten megabytes", cells=("for n in range(100_000): print(n, 'x' * 100)",)),
    Honest("long-line", "prints one line of ten megabytes", cells=("print('x' * 10_000_000)",)),
    Honest("plots", "draws plots of its own",
           cells=("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
                  "fig, ax = plt.subplots(); ax.imshow([[1, 2], [3, 4]]); fig"), quick=True),
    Honest("training-in-a-cell", "trains a network in a cell of its own", cells=(TRAINING.format(epochs=2),)),
    Honest("training-for-minutes", "trains until the cell's time is over, two minutes, and goes on",
           cells=(TRAINING.format(epochs=10**6),)),
    Honest("failing-cell", "has a cell that raises an exception", cells=("1 / 0", "undefined", "x = = 1")),
    Honest("magics", "uses magics, programs and timing", cells=("%%time\nsum(range(9))", "!ls\n%timeit -n1 -r1 1", "%pwd")),
    Honest("star-imports", "imports everything by star",
           cells=("from keras.layers import *\nfrom keras import *\nfrom numpy import *",)),
    Honest("seeds-set", "sets seeds, float type and backend options for itself",
           cells=("import keras, tensorflow as tf, numpy as np, random\nkeras.utils.set_random_seed(7)\n"
                  "tf.config.run_functions_eagerly(True); np.set_printoptions(3); random.seed(1)",)),
    Honest("mixed-precision", "leaves Keras in float16", cells=("keras.mixed_precision.set_global_policy('mixed_float16')",)),
    Honest("session-cleared", "clears Keras's session in a cell", cells=("import keras; keras.backend.clear_session()",)),
    Honest("counting", "counts the calls of its block", cells=("CALLS = 0",), inside="global CALLS\nCALLS += 1"),
    Honest("async-cell", "awaits in a cell", cells=("import asyncio\nawait asyncio.sleep(0.01)",)),
    Honest("help-pages", "asks for help in a cell", cells=("?print", "help(len)")),
    Honest("own-files", "reads a file that it brings, and writes one", beside={"data/values.csv": b"1,2\n"},
           cells=("open('mine.txt', 'w').write(open('data/values.csv').read())",)),
    Honest("threads-left", "leaves a thread that waits", cells=(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(300,), daemon=True).start()",)),
    Honest("helper-module", "keeps a helper in a module beside the notebook", beside={"mine.py": b"def same(x): return x\n"},
           cells=("from mine import same",), inside="X = same(X)"),
)  # fmt: skip

NOTEBOOKS = (
    Honest("added-cells", "has cells of its own everywhere", change=_own_cells, quick=True),
    Honest("reordered", "has the second block before the first", change=_reordered, quick=True),
    Honest("copied-cell", "has a copy of a block, id and all", change=damage.copy_a_cell),
    Honest("copied-check", "has a check twice", change=_copied_check),
    Honest("deleted-check", "has deleted a check", change=damage.delete_a_check),
    Honest("split-function", "has a block split over two cells", change=damage.split_a_function),
    Honest("colab", "comes from Colab: other metadata, no ids, no marks", change=damage.strip_as_colab, quick=True),
    Honest("no-metadata", "has lost all metadata of cells", change=_no_marks),
    Honest("other-name", "is called otherwise",
           arrange=lambda folder, places: (folder / f"{NAME}.ipynb").rename(folder / "my notebook (2).ipynb") and None),
    Honest("name-with-blanks", "has a student's name with blanks and letters of other scripts", student="Åsa Ñ 学生"),
    Honest("byte-order-mark", "begins with a byte order mark",
           change=lambda notebook: b"\xef\xbb\xbf" + json.dumps(notebook).encode()),
)  # fmt: skip

HONEST = (*WRITING, *CELLS, *NOTEBOOKS)
