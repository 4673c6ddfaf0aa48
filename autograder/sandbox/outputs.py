"""The outputs of a cell in their order and below a limit, in values that JSON and nbformat can hold."""

import base64
import io
import json
import numbers
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

Output = dict[str, Any]
"""One output as nbformat 4 describes it."""

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
"""Refers to a widget that lives in a running kernel; whoever opens the notebook later sees an error in its place."""

JSON_MIME = re.compile(r"application/(.*\+)?json")
"""Source: nbformat 5.11.1, nbformat.v4.5.schema.json, `mimebundle`: all other types hold text."""

ERROR_ENTRIES, ERROR_CHARACTERS = 60, 5_000
"""What is kept of an error: entries of its traceback, and characters of each text."""

STREAM_BYTES = 60
"""What a stream costs besides its text, so that a change of stream with each word does not come free."""

ERRORS_BEYOND = 5
"""Errors that are kept although the cell has reached its limit: the last one says why the cell failed."""


class Outputs:
    """The outputs of one cell after the other.

    Whoever writes holds `lock`, which is reentrant: a handler of a signal may print while a print goes on.

    Args:
        limit: bytes that are kept of one cell, as JSON.
    """

    def __init__(self, limit: int) -> None:
        self.lock = threading.RLock()
        self.before: Callable[[], None] = lambda: None
        """Called before each output: brings in what was written to the descriptors earlier."""
        self._limit = limit
        self._shown: dict[str, list[Output]] = {}
        self._empty()

    def _empty(self) -> None:
        self._outputs: list[Output] = []
        self._stream = ""
        self._text = io.StringIO()
        self._bytes = 0
        self._errors = 0
        self._lost_characters = 0
        self._lost_displays = 0
        self._clear_next = False

    def write(self, stream: str, text: str) -> None:
        """Add text to `stdout` or `stderr`."""
        with self.lock:
            if self._bytes < self._limit:  # beyond it nothing has to be kept in order
                self.before()
            self.append(stream, text)

    def append(self, stream: str, text: str) -> None:
        """Add text while the lock is held, without a look at the descriptors."""
        self._clear_if_due()
        if stream != self._stream:
            self._end_text()
            self._stream = stream
            self._bytes += STREAM_BYTES
        room = max(0, self._limit - self._bytes)
        kept = text[:room]
        while (size := len(quoted(kept)) - 2) > room:
            kept = kept[: len(kept) * room // size]
        if len(kept) < len(text):
            self._lost_characters += len(text) - len(kept)
            size = room
        self._text.write(kept if kept.isascii() else kept.encode("utf-8", "replace").decode())
        self._bytes += size

    def _end_text(self) -> None:
        if text := self._text.getvalue():
            self._outputs.append({"output_type": "stream", "name": self._stream, "text": text})
        self._stream = ""
        self._text = io.StringIO()

    def display(
        self,
        data: object,
        metadata: object,
        display_id: str | None = None,
        update: bool = False,
        execution_count: int | None = None,
    ) -> None:
        """Add a display or a result, and bring earlier displays of the same id up to date.

        Args:
            data: texts by MIME type.
            metadata: of the display.
            display_id: what a later update refers to.
            update: only bring earlier displays up to date.
            execution_count: of the cell, if this is its result.

        Raises:
            ValueError: if JSON cannot hold the data.
        """
        content = {"data": bundle_of(data), "metadata": jsonable(metadata)}
        with self.lock:
            self.before()
            for shown in self._shown.get(display_id, ()) if display_id else ():
                if self._fits(len(json.dumps(content)) - len(json.dumps(shown))):
                    shown.update(content)
            if update:
                return
            self._clear_if_due()
            output: Output = {"output_type": "display_data", **content}
            if execution_count is not None:
                output |= {"output_type": "execute_result", "execution_count": execution_count}
            if self._fits(len(json.dumps(output))):
                self._end_text()
                self._outputs.append(output)
                if display_id:
                    self._shown.setdefault(display_id, []).append(output)

    def _fits(self, more: int) -> bool:
        if self._bytes + more > self._limit:
            self._lost_displays += 1
            return False
        self._bytes += max(0, more)
        return True

    def error(self, name: str, message: str, traceback: Sequence[object]) -> None:
        """Add an error; the first few find room even where nothing else does."""
        lines = [_short(str(line)) for line in traceback]
        if len(lines) > ERROR_ENTRIES:
            half = ERROR_ENTRIES // 2
            lines[half:-half] = [f"[... {len(lines) - 2 * half} entries left out ...]"]
        with self.lock:
            self.before()
            self._clear_if_due()
            if self._bytes >= self._limit:
                self._errors += 1
            if self._errors > ERRORS_BEYOND:
                self._lost_displays += 1
                return
            self._end_text()
            error = {"output_type": "error", "ename": _short(name), "evalue": _short(message), "traceback": lines}
            self._outputs.append(error)
            self._bytes += len(json.dumps(error))

    def clear(self, wait: bool = False) -> None:
        """Forget the cell's outputs so far; with `wait`, as soon as there is a new one."""
        with self.lock:
            self.before()
            if wait:
                self._clear_next = True
            else:
                self._empty()
                self._shown.clear()

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self._empty()
            self._shown.clear()

    def take(self) -> list[Output]:
        """Return the outputs of the cell that has ended; what comes now is the next one's."""
        with self.lock:
            self.before()
            self._end_text()
            if self._lost_characters or self._lost_displays:
                lost = f"{self._lost_characters:,} characters and {self._lost_displays:,} displays"
                text = f"\n[{lost} were left out: a cell may put out {self._limit:,} bytes]\n"
                self._outputs.append({"output_type": "stream", "name": "stdout", "text": text})
            outputs = self._outputs
            self._empty()
            return outputs


def bundle_of(data: object) -> dict[str, Any]:
    """Return a display's data as nbformat wants them: text by MIME type, or anything where the type is a JSON one."""
    bundle = jsonable(data)
    if len(bundle) > 1:
        bundle.pop(WIDGET_MIME, None)
    return {mime: value if _fits_mime(mime, value) else json.dumps(value) for mime, value in bundle.items()}


def _fits_mime(mime: str, value: object) -> bool:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return True
    return isinstance(value, str) or JSON_MIME.fullmatch(mime) is not None


def jsonable(value: object) -> Any:
    """Return a copy that JSON and UTF-8 can hold, made as jupyter_client makes its messages.

    Raises:
        ValueError: if there is none.
    """
    text = json.dumps(value, default=_jsonable, ensure_ascii=False)
    return json.loads(text.encode("utf-8", "replace"), parse_constant=lambda name: repr(float(name)))


def _jsonable(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, Iterable):
        return list(value)
    raise ValueError(f"JSON cannot hold {value!r}")


def _short(text: str) -> str:
    if len(text) > ERROR_CHARACTERS:
        half = ERROR_CHARACTERS // 2
        text = f"{text[:half]}\n[... {len(text) - 2 * half:,} characters left out ...]\n{text[-half:]}"
    return text.encode("utf-8", "replace").decode()
