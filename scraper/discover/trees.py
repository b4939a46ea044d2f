"""JSON from strangers: read within bounds, walked without recursion, and its texts and addresses looked up by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

__all__ = ["MAX_JSON", "NotJson", "first_json", "lists", "load", "named", "nodes", "within"]

MAX_JSON = 5_000_000
"""Characters of one document."""
MAX_NODES = 300_000
_MAX_DIGITS = 20
_MAX_INNER = 12
"""Objects within an item that are looked into."""


class NotJson(ValueError):
    """It cannot be read as JSON."""


def _integer(text: str) -> int:
    # Python refuses 4,300 digits and takes its time up to there; no time or number of a page is so long.
    return int(text) if len(text) <= _MAX_DIGITS else 0


_DECODER = json.JSONDecoder(parse_int=_integer)


def load(text: str) -> Any:  # noqa: ANN401 - a tree of whatever was written
    """The tree of a JSON document of at most 5,000,000 characters.

    Raises:
        NotJson: it is none, nests too deep or is too large.
    """
    if len(text) > MAX_JSON:
        raise NotJson(f"it has more than {MAX_JSON:,} characters")
    try:
        return _DECODER.decode(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotJson("it breaks off or nests too deep") from error


def first_json(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at ``at``, and where it ends.

    Raises:
        NotJson: none begins there.
    """
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise NotJson("it breaks off or nests too deep") from error


def nodes(tree: object) -> Iterator[dict[str, Any] | list[Any]]:
    """Every object and array, outer ones first, in the order written; 300,000 values at most."""
    waiting = [tree]
    seen = 0
    while waiting and seen < MAX_NODES:
        node = waiting.pop()
        if not isinstance(node, dict | list):
            continue
        yield node
        values = list(node.values()) if isinstance(node, dict) else node
        seen += 1 + len(values)
        waiting.extend(value for value in reversed(values) if isinstance(value, dict | list))


def lists(tree: object) -> Iterator[list[dict[str, Any]]]:
    """Every array of objects; an object whose values are all objects counts as one."""
    for node in nodes(tree):
        values = list(node.values()) if isinstance(node, dict) else node
        items = [each for each in values if isinstance(each, dict)]
        if items and len(items) * 2 > len(values) and (isinstance(node, list) or len(items) > 2):
            yield items


def named(item: dict[str, Any], names: tuple[str, ...]) -> Iterator[Any]:
    """The values of an object that go by one of some names, in the order of the names; empty ones are none.

    Names are compared without case and punctuation: ``published_at`` is ``publishedAt``.
    """
    plain = {_plain(key): value for key, value in reversed(item.items()) if value not in (None, "", [], {})}
    return (plain[name] for name in names if name in plain)


def within(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The objects that are values of an object; twelve at most."""
    return islice((value for value in item.values() if isinstance(value, dict)), _MAX_INNER)


def _plain(key: str) -> str:
    return "".join(filter(str.isalnum, key[:40])).lower()
