"""Reading a page: bytes in, a :class:`scraper.model.Release` out, without any configuration of its site."""

from __future__ import annotations

from scraper.read.explain import Explanation, Piece, explain
from scraper.read.learn import MOST_LOADS, Load, learn
from scraper.read.override import DRAWN, BadProfile, check, version
from scraper.read.release import Unreadable, extract

__all__ = [
    "DRAWN", "MOST_LOADS",
    "BadProfile",
    "Explanation",
    "Load",
    "Piece",
    "Unreadable",
    "check",
    "explain",
    "extract",
    "learn",
    "version",
]  # fmt: skip
