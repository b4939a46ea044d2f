"""What people say of changes, so that others like them are told apart."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Lesson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A place or a passage of a source's releases that says nothing, by a change that is marked as noise.

    One of the two is empty; see ``scraper.judge.noise``.
    """

    change_id: int
    """Whose mark teaches it."""
    place: str = ""
    """Of a box of a page."""
    passage: str = ""
    """Key of a text."""
    sample: str
    """How the passage begins, for people."""
