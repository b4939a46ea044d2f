"""Why a page is looked at when it is, as a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scraper.model import Why
from storage import SourceRow

__all__ = ["first_due", "why_words"]

_WORDS = {
    Why.BUSY: "new releases stand there often",
    Why.YOUNG: "it changed of late, and such are edited most",
    Why.QUIET: "little happens there",
    Why.HINT: "a listing says that it was touched",
    Why.PROMISE: "that was promised (every)",
    Why.FAILED: "the last look failed",
    Why.ASKED: "a server is to be left alone until then",
    Why.CONFIRM: "what the last look saw is to be confirmed",
}


def why_words(why: Why | None) -> str:
    """The reason."""
    return "it was not looked at yet" if why is None else _WORDS[why]


def first_due(rows: Iterable[SourceRow]) -> tuple[datetime, SourceRow] | None:
    """The source that is looked at first, of those that are watched."""
    due = [(row.next_poll_at, row) for row in rows if row.next_poll_at and not row.source.paused]
    return min(due, key=lambda each: each[0], default=None)
