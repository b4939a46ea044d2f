"""How the parts of fetching say that something went wrong, before it becomes a ``Failed`` at the stage's border."""

from __future__ import annotations

from scraper.model import Failure

__all__ = ["Problem", "printable"]

_LONGEST = 300


class Problem(Exception):
    """A fetch that yields nothing. It never leaves the stage."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = printable(detail)


def printable(text: str) -> str:
    """``text`` in one line of at most 300 characters, with everything escaped that a terminal could act on."""
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text[:_LONGEST]
    )
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
