"""The channel to the terminal: a line for each message."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TextIO

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message
from presswatch.threads import detached

__all__ = ["Console"]


class Console:
    """Writes to a text stream; what its encoding lacks is written as an escape.

    A pipe that nobody reads takes nothing after its first 64 KB. It is waited for in a thread, one line at a time.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._under_way: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> Sent | NotSent:
        """Write the message's line and flush it."""
        if self._under_way is not None and not self._under_way.done():
            return NotSent(error="the terminal does not take what was written before")
        encoding = self._stream.encoding or "utf-8"
        line = message.line.encode(encoding, "backslashreplace") + "\n".encode(encoding)
        self._under_way = asyncio.create_task(detached("write to the terminal", self._write, line, encoding))
        self._under_way.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            # Who gives up must not end the task: it stands for a thread that still writes.
            await asyncio.shield(self._under_way)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            return NotSent(error=f"the terminal can't be written to: {error}")
        return Sent()

    def _write(self, line: bytes, encoding: str) -> None:
        try:
            descriptor = self._stream.fileno()
        except io.UnsupportedOperation:
            self._stream.write(line.decode(encoding))
            self._stream.flush()
            return
        # Past the stream: a thread that hangs while it holds the stream's lock would abort the process at its end.
        while line:
            line = line[os.write(descriptor, line) :]
