"""The channel to the terminal: a line for each message."""

from __future__ import annotations

from typing import TextIO

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message

__all__ = ["Console"]


class Console:
    """Writes to a text stream; what its encoding lacks is written as an escape."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, message: Message) -> Sent | NotSent:
        """Write the message's line and flush it."""
        encoding = self._stream.encoding or "utf-8"
        text = message.line.encode(encoding, "backslashreplace").decode(encoding)
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            return NotSent(error=f"the terminal can't be written to: {error}")
        return Sent()
