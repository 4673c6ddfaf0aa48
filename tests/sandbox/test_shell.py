"""Cells run as a kernel runs them; what one of them breaks spoils its own outputs only.

All cells of a table run in one process of their own: they take over its descriptors.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.sandbox.cells import SAME_IN_A_KERNEL
from tests.sandbox.odd_cells import LATE, LONG, ONLY_HERE

ROOT = Path(__file__).parents[2]
LIMIT = 20_000
SECONDS = 0.25

Ran = dict[str, Any]

IN_THE_SHELL = """
import atexit, fcntl, json, os, re, sys, threading, time, weakref
ours = fcntl.fcntl(1, fcntl.F_DUPFD, 500)
job = json.load(sys.stdin)
from autograder.sandbox.shell import Shell
weakref.finalize(Shell, print)  # registers a hook for itself
hooks, register, unregister = set(), atexit.register, atexit.unregister
atexit.register, atexit.unregister, threads = hooks.add, hooks.discard, threading.active_count()
shell = Shell(**job["settings"])
atexit.register, atexit.unregister = register, unregister
facts = {
    "hooks": len(hooks),
    "threads": threading.active_count() - threads,
    "imported": [name for name in ("matplotlib", "tensorflow", "zmq") if name in sys.modules],
    "files": os.listdir(os.environ["HOME"]),
}
results = []
for source in job["cells"]:
    began = time.monotonic()
    result = shell.run_cell(source, job["seconds"])
    results.append({**vars(result), "took": time.monotonic() - began})
# Not ru_maxrss, which at its start holds the peak of the process that started this one.
facts["memory"] = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
with open(ours, "w") as file:
    json.dump({"facts": facts, "results": results}, file)
os._exit(0)
"""

IN_A_KERNEL = """
import json, sys
import nbclient
from nbformat.v4 import new_code_cell, new_notebook
job = json.load(sys.stdin)
replies = {}
def keep(cell, cell_index, execute_reply):
    replies[cell_index] = execute_reply["content"]
notebook = new_notebook(cells=[new_code_cell(source) for source in job["cells"]])
nbclient.NotebookClient(notebook, allow_errors=True, kernel_name="python3", on_cell_executed=keep).execute()
results = []
for number, cell in enumerate(notebook.cells):
    reply = replies[number]
    pages = [page["data"] for page in reply.get("payload", ()) if page["source"] == "page"]
    # As JupyterLab shows the help that comes with the reply.
    shown = [{"output_type": "display_data", "data": page, "metadata": {}} for page in pages]
    results.append({"outputs": cell.outputs + shown, "failed": reply["status"] != "ok"})
with open(job["answer"], "w") as file:
    json.dump({"results": results}, file)
"""

OURS = re.compile(r".*/(ipykernel|autograder/sandbox)/.*", re.DOTALL)

VARYING = {
    r"/tmp/ipykernel_\d+/\d+\.py": "CELL",
    r"\b\d+\.py, line": "CELL, line",
    r"0x[0-9a-f]{6,}": "ADDRESS",
    r"[\d.e+]+ (ns|[μµu]s|ms|s)\b": "DURATION",
    r"Task-\d+": "TASK",
}


def run(script: str, cells: list[str], folder: Path, seconds: float = 20, **settings: Any) -> Any:
    """Run cells in a process of their own."""
    home, work, answer = folder / "home", folder / "work", folder / "answer.json"
    for path in (home, work):
        path.mkdir(parents=True)
    program = folder / "program.py"  # not `python -c`: Python 3.13 takes its text for the source of any "<string>"
    program.write_text(script)
    job = {"cells": cells, "seconds": seconds, "settings": settings, "answer": str(answer)}
    # Where it finds the variable, ipykernel does not watch the descriptors.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    done = subprocess.run(
        [sys.executable, str(program)],
        input=json.dumps(job).encode(),
        cwd=work,
        env={**environment, "PYTHONPATH": str(ROOT), "HOME": str(home), "MPLCONFIGDIR": matplotlib.get_cachedir()},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    text = answer.read_text() if answer.exists() else done.stdout.decode()
    return json.loads(text.replace(str(folder), "FOLDER"))


class Runs:
    """All tables, run at the same time: each in a shell, and one in a kernel too."""

    def __init__(self, folder: Path) -> None:
        sources = {name: source for name, (source, _, _) in ONLY_HERE.items()}
        self.tables = {"same": SAME_IN_A_KERNEL, "here": sources, "late": LATE, "long": LONG}
        with ThreadPoolExecutor() as pool:

            def start(script: str, table: str, place: str, **settings: Any) -> Future[Any]:
                return pool.submit(run, script, list(self.tables[table].values()), folder / place, **settings)

            kernel = start(IN_A_KERNEL, "same", "kernel")
            runs = {
                "same": start(IN_THE_SHELL, "same", "same"),
                "here": start(IN_THE_SHELL, "here", "here"),
                "late": start(IN_THE_SHELL, "late", "late", seconds=SECONDS),
                "long": start(IN_THE_SHELL, "long", "long", output_bytes=LIMIT),
            }
        self.kernel: dict[str, Ran] = dict(zip(SAME_IN_A_KERNEL, kernel.result()["results"], strict=True))
        self.facts: dict[str, Any] = {table: done.result()["facts"] for table, done in runs.items()}
        self.shell: dict[str, dict[str, Ran]] = {
            table: dict(zip(self.tables[table], done.result()["results"], strict=True)) for table, done in runs.items()
        }


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Return what became of all tables."""
    return Runs(tmp_path_factory.mktemp("runs"))


def same(outputs: list[Any]) -> Any:
    """Return what must be the same in two processes: no addresses, no durations, no frames of the kernel's own code.

    Streams between two other outputs are put together by name: a kernel sends each of them on its own.
    """
    shown: list[Any] = []
    for output in outputs:
        if output["output_type"] != "stream":
            frames = [OURS.sub("A FRAME OF THE KERNEL", line) for line in output.get("traceback", ())]
            shown.append({**output, "traceback": frames})
            continue
        if not (shown and "streams" in shown[-1]):
            shown.append({"streams": {}})
        streams = shown[-1]["streams"]
        streams[output["name"]] = streams.get(output["name"], "") + output["text"]
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    for pattern, word in VARYING.items():
        text = re.sub(pattern, word, text)
    return json.loads(text)


def in_short(output: Any) -> str:
    """Return an output in one line of text."""
    match output["output_type"]:
        case "stream":
            return f"{output['name']} {output['text']}"
        case "error":
            return f"error {output['ename']} {output['evalue']}"
        case "execute_result":
            return f"result {output['data']['text/plain']}"
        case _:
            return f"display {next(iter(output['data'].values()))}"


@pytest.mark.parametrize("name", SAME_IN_A_KERNEL)
def test_a_cell_runs_as_in_a_kernel(runs: Runs, name: str) -> None:
    """The outputs are those of ipykernel, to the byte, and so is the reply's status."""
    ran, expected = runs.shell["same"][name], runs.kernel[name]
    assert same(ran["outputs"]) == same(expected["outputs"])
    assert ran["failed"] == expected["failed"]
    assert not ran["timed_out"]


@pytest.mark.parametrize("name", ONLY_HERE)
def test_what_no_kernel_would_survive_or_show(runs: Runs, name: str) -> None:
    """Cells that end the kernel, break its streams or its messages, or reach for it, leave the later ones alone."""
    _, failed, expected = ONLY_HERE[name]
    ran = runs.shell["here"][name]
    shown = [in_short(output) for output in ran["outputs"]]
    if expected != ["..."]:
        assert len(shown) == len(expected), shown
        for line, wanted in zip(shown, expected, strict=True):
            assert line == wanted or (wanted.endswith("...") and line.startswith(wanted[:-3])), shown
    assert ran["failed"] == failed, shown
    assert not ran["timed_out"]


@pytest.mark.parametrize("name", LATE)
def test_the_time_of_a_cell_ends(runs: Runs, name: str) -> None:
    """A cell that takes longer is ended and says so; one that came to an end all the same is none of these."""
    ran = runs.shell["late"][name]
    errors = [output for output in ran["outputs"] if output["output_type"] == "error"]
    if name.startswith("in time"):
        assert (ran["failed"], ran["timed_out"], errors) == (False, False, [])
        return
    assert (ran["failed"], ran["timed_out"]) == (True, True)
    assert (errors[-1]["ename"], errors[-1]["evalue"]) == (
        "TimeoutError",
        f"the cell came to no end within {SECONDS} seconds",
    )
    assert "limit.py" not in str(errors) or name == "another exception"  # raised from the one that ended it
    assert ran["took"] < 20 * SECONDS


def test_a_late_cell_shows_the_place(runs: Runs) -> None:
    """The traceback ends at the line that was running, also at one that waited."""
    for name in ("a loop", "await"):
        traceback = runs.shell["late"][name]["outputs"][-1]["traceback"]
        assert ("In[1]" if name == "a loop" else "line 2") in "".join(traceback)
        assert traceback[-1].endswith(f"the cell came to no end within {SECONDS} seconds")


@pytest.mark.parametrize("name", LONG)
def test_long_outputs_are_cut_off(runs: Runs, name: str) -> None:
    """A cell keeps so many bytes, and says at the end how much was left out; what was replaced does not count."""
    ran = runs.shell["long"][name]
    last = ran["outputs"][-1]
    if name.startswith("kept"):
        assert "left out" not in last.get("text", "")
        assert in_short(last).endswith(("x999", "x999\n"))
    else:
        assert re.search(rf"[\d,]+ characters and [\d,]+ displays were left out.* {LIMIT:,} bytes", last["text"])
        assert ran["failed"] == name.endswith("fails")
        assert any(output["output_type"] == "error" for output in ran["outputs"]) == name.endswith("fails")
    assert len(json.dumps(ran["outputs"])) < 2 * LIMIT
    assert ran["took"] < 10


def test_memory_stays_bounded(runs: Runs) -> None:
    """What is left out is not kept anywhere."""
    assert runs.facts["long"]["memory"] < 600_000  # KiB, with the 100 MB that a cell prints at a time


def test_a_shell_leaves_nothing_behind(runs: Runs) -> None:
    """It has one thread, which empties pipes, and no hook at exit, no file, and nothing imported that takes long."""
    for facts in runs.facts.values():
        assert facts["hooks"] == 0
        assert facts["threads"] == 1
        assert facts["imported"] == []
        assert facts["files"] == []


@pytest.mark.parametrize("table", ["same", "here", "late", "long"])
def test_outputs_make_a_valid_notebook(runs: Runs, table: str) -> None:
    """All outputs are of nbformat 4, and can be written as UTF-8."""
    cells = [
        new_code_cell(runs.tables[table][name].encode("utf-8", "replace").decode(), outputs=ran["outputs"])
        for name, ran in runs.shell[table].items()
    ]
    notebook = nbformat.from_dict(new_notebook(cells=cells))
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")


def test_plots_are_shown_where_matplotlib_was_imported_before(tmp_path: Path) -> None:
    """A worker that uses another backend hands it to the processes that are forked from it."""
    before = "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.figure(); plt.close()\n"
    script = before + IN_THE_SHELL.replace('"matplotlib", ', "")
    cells = [
        "import matplotlib.pyplot as plt\nplt.plot([1]);",
        "%matplotlib inline\nplt.plot([1])\nplt.show()",
        "%matplotlib",
    ]
    results = run(script, cells, tmp_path)["results"]
    for ran in results[:2]:
        assert [sorted(output["data"]) for output in ran["outputs"]] == [["image/png", "text/plain"]]
    assert not any(ran["failed"] for ran in results)
