"""The channel to a file: JSON Lines, each on the disk before it counts as delivered.

A line is written whole or not at all, also where two processes write and where the disk is full. The file is opened for
each line: who rotates it renames it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message
from presswatch.notify.message import dumped
from presswatch.threads import detached

__all__ = ["File"]


class File:
    """Appends to a file; its folder must be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: Message) -> Sent | NotSent:
        """Append the message's line and wait for the disk."""
        body = dumped({"id": message.key, **message.payload})
        try:
            # A disk of the network may hang.
            await detached("append to a file", _append, self._path, body)
        except OSError as error:
            return NotSent(error=f"the file can't be written to: {error.strerror or error}")
        return Sent()


def _append(path: Path, body: bytes) -> None:
    with _locked(path) as (file, is_new):
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        try:
            # What a crash cut off stays on a line of its own: its message was not delivered and comes again.
            _write_all(file, b"\n" * torn + body + b"\n")
            os.fsync(file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(file, size)
            raise
    if is_new:
        _keep_name(path.parent)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[tuple[int, bool]]:
    """The file, for this process alone, and whether it was empty; the lock goes with the descriptor."""
    # Without O_NONBLOCK, a named pipe that nobody reads would be waited for for ever.
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("it is no regular file")
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file, os.fstat(file).st_size == 0
    finally:
        os.close(file)


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _keep_name(folder: Path) -> None:
    """Make the name of a new file outlast a crash of the machine, too."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
