"""Logging: events with keys, to standard error; for people on a terminal, JSON Lines elsewhere.

structlog | the standard library's logger | standard error, or, in the daemon, a queue | a thread | standard error
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import threading
from collections.abc import Iterator, MutableMapping
from logging.handlers import QueueHandler
from queue import Full, Queue
from typing import Any, TypeAlias

import structlog

__all__ = ["apart", "set_up"]

_OURS = "presswatch"
_MOST_WAITING = 10_000
"""Lines that wait for somebody to read them; what comes then is counted and left out."""
_GRACE = 1.0
"""Seconds that the lines that wait at the end get."""

Lines: TypeAlias = "Queue[logging.LogRecord | None]"
"""What waits to be written; None: that was all."""


def set_up(*, verbose: bool, quiet_by_default: bool) -> None:
    """Log from ``info`` on where asked to, or where the command runs on its own, else from ``warning`` on."""
    level = logging.INFO if verbose or not quiet_by_default else logging.WARNING
    for_people = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if for_people
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_nothing,
            _printable,
            *([] if for_people else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: logging.getLogger(_OURS),
        cache_logger_on_first_use=False,
    )
    stderr = _Stderr()
    ours = logging.getLogger(_OURS)
    ours.handlers, ours.propagate = [stderr], False
    ours.setLevel(level)
    logging.basicConfig(level=logging.WARNING, handlers=[stderr], format="%(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Write what is logged meanwhile in a thread of its own, in order, and the rest of it at the end.

    Standard error may be a pipe that nobody reads: after its first 64 KB it takes nothing, and whoever writes waits. So
    the event loop never does.
    """
    loggers = logging.getLogger(_OURS), logging.getLogger()
    before = [logger.handlers[:] for logger in loggers]
    lines: Lines = Queue(_MOST_WAITING)
    ahead = _Ahead(lines)
    for logger in loggers:
        logger.handlers = [ahead if isinstance(each, _Stderr) else each for each in logger.handlers]
    # Nobody waits for it at the end of the process: it may hang for ever.
    thread = threading.Thread(target=_write_all, args=(lines,), name="write the log", daemon=True)
    thread.start()
    try:
        yield
    finally:
        for logger, handlers in zip(loggers, before, strict=True):
            logger.handlers = handlers
        with contextlib.suppress(Full):
            lines.put(None, timeout=_GRACE)
            thread.join(_GRACE)


class _Stderr(logging.Handler):
    """Writes to standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it."""
        _write(self.format(record))


class _Ahead(QueueHandler):
    """Puts what is logged into the queue; what finds no room is counted, and the count told as soon as there is."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(lines)
        self._lost = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put it there, or count it."""
        try:
            if self._lost:
                told = f"{self._lost} lines of the log were left out: nobody read it"
                self.queue.put_nowait(logging.LogRecord(_OURS, logging.WARNING, "", 0, told, None, None))
                self._lost = 0
            self.queue.put_nowait(record)
        except Full:
            self._lost += 1


def _write_all(lines: Lines) -> None:
    # By no handler: a thread that hangs while it holds the lock of one would hold up the end, which takes it, too.
    while (record := lines.get()) is not None:
        _write(record.getMessage())


def _write(text: str) -> None:
    """Write a line whole; where standard error is closed or broken, there is nobody to tell.

    Past the stream, whose lock is taken at the end as well.
    """
    line, stream = text + "\n", sys.stderr
    with contextlib.suppress(OSError, ValueError):
        try:
            descriptor = stream.fileno()
        except io.UnsupportedOperation:
            stream.write(line)
            stream.flush()
            return
        data = line.encode(stream.encoding or "utf-8", "backslashreplace")
        while data:
            data = data[os.write(descriptor, data) :]


def _without_nothing(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if value is not None}


def _printable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Addresses and titles come from pages: control characters in them must not reach a terminal."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception" and not value.isprintable():
            event[key] = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value)
    return event
