"""What a page function hands over to be sent, and what it may refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "BadRequest",
    "Document",
    "Download",
    "Inert",
    "NotDone",
    "NotFound",
    "Page",
    "Redirect",
    "number",
    "query_number",
]

_DIGITS = 15
"""Longer numbers are no id of ours, and some databases refuse them."""


class NotFound(Exception):
    """There is no such page."""


class NotDone(Exception):
    """What a form asked for can't be done; the message says why, in a sentence that may repeat what a page said."""


class BadRequest(Exception):
    """A part of the address can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A template and what it shows."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Bytes that are only to be saved, whatever they are."""

    body: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document for programs that ask for it again and again."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inert:
    """Another's document, UTF-8, to be looked at: it must load, run and send nothing."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Another path here, under which what was asked for stands for now."""

    path: str


def number(text: str) -> int:
    """The id or number that a part of a path is.

    Raises:
        NotFound: it is none.
    """
    found = _number(text)
    if found is None:
        raise NotFound
    return found


def query_number(query: Mapping[str, str], name: str) -> int | None:
    """The number that a query gives, None where it gives none.

    Raises:
        BadRequest: it gives something else.
    """
    text = query.get(name, "").strip()
    if not text:
        return None
    found = _number(text)
    if found is None:
        raise BadRequest
    return found


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if plain else None
