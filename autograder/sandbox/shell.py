"""Runs a notebook's code cells as Jupyter's kernel would, inside the single-use process, and returns their outputs.

What a hostile cell does to the objects here spoils its own outputs and no more: verdicts are reached elsewhere.
"""

import asyncio
import atexit
import builtins
import getpass
import os
import pdb
import sys
import warnings
from dataclasses import dataclass
from time import monotonic
from typing import Any, NoReturn

from IPython.core import debugger, interactiveshell
from IPython.core.error import StdinNotImplementedError

from autograder.checks.limit import TimeUp, time_limit
from autograder.sandbox.capture import Descriptors, OutStream, flush_buffers
from autograder.sandbox.interpreter import INLINE, CellLeft, ZMQInteractiveShell, described
from autograder.sandbox.outputs import Output, Outputs

TRIES = 10
"""How often the event loop is taken up again after something broke out of it."""


@dataclass(frozen=True)
class CellResult:
    """What became of a cell.

    Args:
        outputs: as nbformat 4 wants them.
        failed: whether it raised, as the kernel's reply would say.
        timed_out: whether it failed because its time was up.
    """

    outputs: list[Output]
    failed: bool
    timed_out: bool


class Shell:
    """A notebook's kernel. It takes over the streams and the descriptors 0, 1 and 2 of the process, for good.

    Args:
        output_bytes: what is kept of the outputs of one cell.
    """

    def __init__(self, output_bytes: int = 1_000_000) -> None:
        self._process = os.getpid()
        self._outputs = Outputs(output_bytes)
        flush_buffers()  # what the process said before is no output of a cell
        self._descriptors = _take_descriptors(self._outputs)
        sys.stdout, sys.stderr = OutStream(self._outputs, "stdout", 1), OutStream(self._outputs, "stderr", 2)
        _usual_warnings()
        self._interpreter = _new_interpreter(self._outputs)
        self._namespace: dict[str, Any] = self._interpreter.user_ns
        self._loop = asyncio.new_event_loop()
        self._failed = False
        _plot_inline(self._interpreter)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that cells defined."""
        return self._namespace

    def run_cell(self, source: str, seconds: float) -> CellResult:
        """Run one cell; never raises because of what it does.

        Args:
            source: the cell's code, with magics.
            seconds: real time that it may take; what swallows the interruption is interrupted again each second.
        """
        try:
            return self._run_cell(source, seconds)
        except BaseException as error:  # a cell spoiled what is used after it
            name, message = described(error)
            output = {"output_type": "error", "ename": name, "evalue": message, "traceback": []}
            return CellResult([output], failed=True, timed_out=False)

    def _run_cell(self, source: str, seconds: float) -> CellResult:
        began = monotonic()
        failed, late = True, False
        message = f"the cell came to no end within {seconds:g} seconds"
        try:
            self._prepare(message)
            with time_limit(seconds):
                failed = self._run(source)
        except TimeUp:
            late = True
        except BaseException as error:
            self._outputs.error(*described(error), [])
        finally:
            if os.getpid() != self._process:  # a fork that the cell left running must not run the rest of the notebook
                os._exit(0)
        said_late = self._interpreter.said_late
        timed_out = said_late or (failed and (late or monotonic() - began >= seconds))
        if timed_out and not said_late:
            self._outputs.error(TimeoutError.__name__, message, [f"{TimeoutError.__name__}: {message}"])
        flush_buffers()
        return CellResult(self._outputs.take(), failed or timed_out, timed_out)

    def _prepare(self, late_message: str) -> None:
        """Bring back what an earlier cell may have taken away."""
        if self._descriptors:
            self._descriptors.mend()
        if self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        builtins.input = _no_input
        getpass.getpass = _no_getpass
        self._failed = True
        interpreter = self._interpreter
        interpreter.late_message = late_message
        interpreter.said_late = interpreter.cancelling = interpreter.failed_display = False
        interpreter.displayhook.showing = False
        interpreter.help_page = None

    def _run(self, source: str) -> bool:
        """Run a cell in the event loop, where a kernel's cells run too, and return whether it failed."""
        cell = self._loop.create_task(self._execute(source))
        for _ in range(TRIES):
            try:
                return self._loop.run_until_complete(cell)
            except TimeUp:
                if cell.done():
                    raise
                self._interpreter.cancelling = True  # it waits: end it there, for a traceback that shows the place
                cell.cancel()
            except BaseException:  # SystemExit in a task of the student's, or a loop that was stopped
                if cell.done():
                    raise
        self._loop = asyncio.new_event_loop()
        return self._failed

    async def _execute(self, source: str) -> bool:
        """Run a cell as ipykernel 7.4.0 does in `IPythonKernel.do_execute`, and return whether it failed."""
        interpreter = self._interpreter
        code, fault, result = source, None, None
        try:
            code = interpreter.transform_cell(source)
        except Exception:
            fault = sys.exc_info()
        try:
            result = await interpreter.run_cell_async(
                source, store_history=True, transformed_cell=code, preprocessing_exc_tuple=fault
            )
        except BaseException:
            interpreter.showtraceback(running_compiled_code=True)
        interpreter.events.trigger("post_execute")
        interpreter.events.trigger("post_run_cell", result)
        if interpreter.help_page:
            self._outputs.display(interpreter.help_page, {})
        if result is not None and not interpreter.failed_display:
            self._failed = not (result.success or isinstance(result.error_in_exec, CellLeft))
        await asyncio.sleep(0)  # tasks that the cell began take their first step
        return self._failed


def _take_descriptors(outputs: Outputs) -> Descriptors | None:
    """Redirect the descriptors 0, 1 and 2; on Windows, which cannot wait for pipes, they stay as they are."""
    if os.name != "posix":
        return None
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return Descriptors(outputs)


def _new_interpreter(outputs: Outputs) -> Any:
    """Return IPython's one shell, without the work that it leaves for the end of the process."""
    if hasattr(interactiveshell, "PickleShareDB"):  # IPython 8 makes a folder for it at once
        interactiveshell.PickleShareDB = lambda folder: None
    ZMQInteractiveShell.clear_instance()
    interpreter = ZMQInteractiveShell.instance()
    interpreter.outputs = outputs
    atexit.unregister(interpreter.atexit_operations)
    if scripts := interpreter.magics_manager.registry.get("ScriptMagics"):
        atexit.unregister(scripts.kill_bg_processes)
    # Source: ipykernel 7.4.0, IPKernelApp.init_pdb, and IPython's InteractiveShellApp.init_path.
    pdb.Pdb = debugger.Pdb = debugger.InterruptiblePdb  # type: ignore[assignment,misc]  # another class
    pdb.set_trace = debugger.set_trace
    if "" not in sys.path:
        sys.path.insert(0, "")
    return interpreter


def _usual_warnings() -> None:
    """Show the warnings that Python shows by default, whatever the process that this one was forked from shows."""
    warnings.resetwarnings()
    for category in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _plot_inline(interpreter: Any) -> None:
    """Let plots become outputs, if matplotlib was imported already; otherwise its environment variable does."""
    matplotlib: Any = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = matplotlib.rcParamsOrig["backend"] = INLINE
    if "matplotlib.pyplot" in sys.modules:
        interpreter.enable_matplotlib("inline")


def _no_input(prompt: object = "", /) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _no_getpass(*args: object, **kwargs: object) -> NoReturn:
    raise StdinNotImplementedError("getpass was called, but this frontend does not support input requests.")
