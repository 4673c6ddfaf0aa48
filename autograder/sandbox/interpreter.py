"""IPython's shell in the place of ipykernel: without sockets and their threads, without a history on disk."""

import asyncio
import contextlib
import functools
import importlib
import os
import subprocess
import sys
import zlib
from bdb import BdbQuit
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, NoReturn

from IPython.core import page
from IPython.core.autocall import ZMQExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.ultratb import AutoFormattedTB
from IPython.utils.process import system  # type: ignore[attr-defined]  # not in its __all__
from traitlets import Any as AnyTrait
from traitlets import Instance, Type, default

from autograder.checks import limit
from autograder.checks.limit import TimeUp
from autograder.sandbox import shortcuts
from autograder.sandbox.outputs import Outputs

UntypedShell: Any = InteractiveShell
UntypedPublisher: Any = DisplayPublisher
UntypedHook: Any = DisplayHook
"""Only some of their methods have types, and others in each release of IPython."""

INLINE = "module://matplotlib_inline.backend_inline"

OURS = (limit.__file__, shortcuts.__file__)
"""What may stand between two functions that are not ours; a kernel has none of it."""

ENVIRONMENT = {
    # Source: ipykernel 7.4.0, ZMQInteractiveShell.init_environment and IPKernelApp.init_gui_pylab.
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": INLINE,
    # There is no network: pip says at once what is not installed, instead of trying for half a minute.
    "PIP_NO_INDEX": "1",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


class CellLeft(BdbQuit):
    """Ends a cell without a word, after `exit()`: IPython says nothing about what leaves a debugger."""


class _Publisher(UntypedPublisher):
    """Shows what `display` is given."""

    def publish(
        self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **kwargs: Any
    ) -> None:
        """Add a display to the outputs."""
        self._validate_data(data, metadata)
        self.shell.outputs.display(data, metadata or {}, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        """Forget the cell's outputs so far."""
        self.shell.outputs.clear(wait)


class _ResultHook(UntypedHook):
    """Shows the value of a cell's last line."""

    showing = False

    def start_displayhook(self) -> None:
        """Note that an error from now on is one of the display."""
        self.showing = True

    def write_output_prompt(self) -> None:
        """Write none: the number is part of the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Add the result to the outputs."""
        self.shell.outputs.display(format_dict, md_dict or {}, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        """Note that all is shown."""
        self.showing = False


class _Compiler(CachingCompiler):
    """Names code as ipykernel does, in tracebacks and warnings; no such file is ever written."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Return the name of a cell's code."""
        return f"/tmp/ipykernel_{os.getpid()}/{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py"


class _Store(dict[str, Any]):
    """What IPython keeps on disk otherwise: folders that `%cd` visited, `%store`, `%bookmark`."""

    def keys(self, pattern: str = "*") -> Any:
        """Return the keys that fit a pattern."""
        return [key for key in self if fnmatch(key, pattern)]


class ZMQInteractiveShell(UntypedShell):
    """IPython's shell; named as the kernel's, since that name is what libraries look for to tell a notebook."""

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)
    profile_dir = AnyTrait()
    exiter = Instance(ZMQExitAutocall)
    outputs: Outputs
    late_message = ""
    said_late = cancelling = failed_display = False
    late_error: TimeoutError | None = None
    help_page: dict[str, Any] | None = None
    keepkernel_on_exit = None

    @default("exiter")
    def _default_exiter(self) -> ZMQExitAutocall:
        return ZMQExitAutocall(self)

    @property
    def db(self) -> _Store:
        """What is kept between sessions: nothing."""
        return self._store

    @db.setter
    def db(self, value: object) -> None:
        pass

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Use no folder of settings."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Use no profile; IPython 8 asks for its place all the same."""
        self.profile_dir = SimpleNamespace(location=os.devnull)
        self._store = _Store()

    def init_environment(self) -> None:
        """Set the variables that a kernel sets."""
        os.environ.update(ENVIRONMENT)

    def init_virtualenv(self) -> None:
        """Look for none, as a kernel."""

    def init_history(self) -> None:
        """Keep the history in memory, without a thread and a database."""
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False, hist_file=":memory:")
        self.configurables.append(self.history_manager)

    def init_completer(self) -> None:
        """Complete nothing."""
        self.Completer = None

    def init_hooks(self) -> None:
        """Show help as an output."""
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(self._show_page), 99)

    def _show_page(self, text: Any, start: int = 0, screen_lines: int = 0, pager_cmd: object = None) -> None:
        self.help_page = text if isinstance(text, dict) else {"text/plain": text}

    def init_magics(self) -> None:
        """Know the kernel's magics that notebooks use."""
        super().init_magics()
        self.magics_manager.register_lazy("store", "IPython.extensions.storemagic")
        for name, function in {"autosave": _autosave, "less": _less, "more": _less, "edit": _edit}.items():
            self.register_magic_function(function, "line", name)

    def enable_gui(self, gui: object = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> NoReturn:
        """End the cell; a kernel would end after it."""
        raise CellLeft

    def system_piped(self, cmd: str) -> None:
        """Run a command of `!`, in a terminal of its own where the system grants one, as a kernel does."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        command = self.var_expand(cmd, depth=1)
        code = system(command) if _terminals() else subprocess.call(command, shell=True)
        self.user_ns["_exit_code"] = code
        if getattr(self, "system_raise_on_error", False) and code != 0:
            raise subprocess.CalledProcessError(code, cmd)

    system = system_piped

    def _format_exception_for_storage(self, exception: BaseException, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Keep no second traceback for a history that nobody reads: it takes as long as the first one."""
        name, message = described(exception)
        return {"ename": name, "evalue": message, "traceback": []}

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an exception; that the time is up is said in words for the student."""
        kind, error, trace = exc_tuple or sys.exc_info()
        if kind is CellLeft:
            return
        if isinstance(error, TimeUp) or (self.cancelling and isinstance(error, asyncio.CancelledError)):
            self.late_error = TimeoutError(self.late_message)
            exc_tuple = TimeoutError, self.late_error, trace
        _take_out_ours(trace)
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: Any) -> None:
        self.failed_display = self.failed_display or self.displayhook.showing
        lines = stb if isinstance(stb, Sequence) and not isinstance(stb, str) else [stb or ""]
        self.outputs.error(*described(evalue), lines)
        self.said_late = self.said_late or evalue is self.late_error


def _autosave(line: str) -> None:
    """Say what a kernel says; what runs here is not saved."""
    if not line.strip().isdigit():
        raise UsageError(f"%autosave requires an integer, got {line!r}")
    seconds = int(line)
    print(f"Autosaving every {seconds} seconds" if seconds else "Autosave disabled")


def _less(line: str) -> None:
    """Show a file."""
    page.page(Path(line).read_text())


def _edit(line: str) -> None:
    """Do nothing: a kernel leaves it to the front end to open an editor."""


@functools.cache
def _terminals() -> bool:
    """Return whether the system grants terminals, which a sandbox may withhold."""
    if not hasattr(os, "openpty"):
        return True  # there IPython needs none
    try:
        for descriptor in os.openpty():
            os.close(descriptor)
    except OSError:
        return False
    return True


def _take_out_ours(trace: TracebackType | None) -> None:
    """Take our own frames out of a traceback: those of the alarm, and of the shortcuts through Keras."""
    step = trace
    while isinstance(step, TracebackType):  # a student may show what is none
        while step.tb_next is not None and step.tb_next.tb_frame.f_code.co_filename in OURS:
            step.tb_next = step.tb_next.tb_next
        step = step.tb_next


def described(error: BaseException) -> tuple[str, str]:
    """Return an exception's name and message, also if its class spoils them."""
    try:
        return str(type(error).__name__), str(error)
    except BaseException:
        name = type.__dict__["__name__"].__get__(type(error))
        return name, f"<unprintable {name} object>"


def preload() -> None:
    """Import what IPython and matplotlib would import only when a cell needs it, for all processes forked from here."""
    for name in ("auto", "basic", "config", "display", "execution", "extension", "osm", "pylab", "script"):
        importlib.import_module(f"IPython.core.magics.{name}")
    with contextlib.suppress(ImportError):  # not on Windows
        importlib.import_module("pexpect")
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib.rcsetup import validate_backend

        importlib.import_module(INLINE.removeprefix("module://"))
        validate_backend(INLINE)  # looks through all installed distributions
    try:
        raise TimeoutError
    except TimeoutError as error:
        AutoFormattedTB(mode="Context").structured_traceback(TimeoutError, error, error.__traceback__)


preload()
