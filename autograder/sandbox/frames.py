"""Messages between two processes: JSON with its length before it, over a pair of descriptors."""

import json
import os
import select
import struct
from typing import Any

HEAD = struct.Struct(">Q")


class Closed(Exception):
    """The other side ended, or sent what is no message."""


class TooMuch(Closed):
    """The other side sent more than it may."""


class TooSlow(Exception):
    """The other side did not answer in time."""


def _is_readable(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read; `select` takes no descriptor above 1023, as many jobs have."""
    if not hasattr(select, "poll"):  # Windows, where nothing can wait for a pipe
        return True
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


class Connection:
    """One end of a conversation.

    Args:
        read: descriptor to read from.
        write: descriptor to write to; the same for a socket.
        most: bytes that may be read in all; None for a side that is trusted.
    """

    def __init__(self, read: int, write: int, most: int | None = None) -> None:
        """Keep the descriptors."""
        self.read, self.write, self._left = read, write, most
        self.length = 0
        """Bytes of the message that was received last."""

    def send(self, message: Any) -> None:
        """Send a message.

        Raises:
            Closed: if the other side ended.
        """
        data = json.dumps(message).encode()
        view = memoryview(HEAD.pack(len(data)) + data)
        try:
            while view:
                view = view[os.write(self.write, view) :]
        except OSError as error:
            raise Closed(str(error)) from error

    def receive(self, seconds: float | None = None) -> Any:
        """Return the next message.

        Args:
            seconds: how long to wait for its beginning; None for ever.

        Raises:
            Closed: if the other side ended, or sent what is no message.
            TooMuch: if it sent more than it may.
            TooSlow: if nothing came in time.
        """
        if seconds is not None and not _is_readable(self.read, seconds):
            raise TooSlow
        (length,) = HEAD.unpack(self._exactly(HEAD.size))
        self.length = length
        if self._left is not None:
            self._left -= length
            if self._left < 0:
                raise TooMuch
        try:
            return json.loads(self._exactly(length))
        except (ValueError, RecursionError) as error:
            raise Closed(f"no message: {error}") from error

    def _exactly(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            try:
                part = os.read(self.read, min(count, 1 << 20))
            except OSError as error:
                raise Closed(str(error)) from error
            if not part:
                raise Closed("the other side ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close both descriptors."""
        for descriptor in {self.read, self.write}:
            os.close(descriptor)
