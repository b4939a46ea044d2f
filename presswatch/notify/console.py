"""The channel to the terminal: a line for each notification."""

from __future__ import annotations

from typing import TextIO

from presswatch.notify.channel import Delivery, Notice, NotSent, Sent
from presswatch.notify.fares import notice_line
from presswatch.notify.message import line

__all__ = ["Console"]


class Console:
    """Writes to a text stream; what its encoding lacks is written as an escape."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, delivery: Delivery | Notice) -> Sent | NotSent:
        """Write the line and flush it."""
        encoding = self._stream.encoding or "utf-8"
        said = notice_line(delivery.subject) if isinstance(delivery, Notice) else line(delivery.change)
        text = said.encode(encoding, "backslashreplace").decode(encoding)
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            return NotSent(error=f"the terminal can't be written to: {error}")
        return Sent()
