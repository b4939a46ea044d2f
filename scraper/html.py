"""The only module that knows selectolax: text in, a document tree out, in bounded time.

Lexbor is quadratic in nesting depth and in the number of attributes of one tag (100,000 nested ``<div>`` take 25 s,
100,000 attributes of one tag 11 s), so a cheap look at the markup comes first and refuses what no newsroom writes.
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser as Document
from selectolax.lexbor import LexborNode as Node

__all__ = ["MAX_BYTES", "Document", "Node", "Unparsable", "parse"]

MAX_BYTES = 10_000_000
_MAX_DEPTH = 3_000
_MAX_ATTRIBUTES = 20_000
"""Of one tag, or of several so that the sum of their squares is as large."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_WHOLE_TAG = re.compile(r"<[a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+")
_LONG_TAG = 2_000
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"[^\s=/]+")
# Void elements, and those that end where the next of their kind begins.
_VOID = frozenset(
    "a area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option".split()
)


class Unparsable(ValueError):
    """The markup would cost more than any page is worth; the message says why."""


def parse(markup: str) -> Document:
    """The document tree of decoded markup.

    Raises:
        Unparsable: it is larger than 10 MB, nests deeper than 3,000 elements or has a tag of over 20,000 attributes.

    """
    if len(markup) > MAX_BYTES:
        raise Unparsable(f"the page has {len(markup):,} characters, more than {MAX_BYTES:,}")
    _check_attributes(markup)
    _check_depth(markup)
    return Document(markup)


def _check_attributes(markup: str) -> None:
    cost = 0
    for match in _WHOLE_TAG.finditer(markup):
        if match.end() - match.start() < _LONG_TAG:
            continue
        cost += len(_ATTRIBUTE.findall(_VALUE.sub("", match[0]))) ** 2
        if cost > _MAX_ATTRIBUTES**2:
            raise Unparsable(f"tags have more than {_MAX_ATTRIBUTES:,} attributes")


def _check_depth(markup: str) -> None:
    """Refuse deep nesting. A closing tag without an opening one of its name closes nothing."""
    if markup.count("<") - markup.count("</") <= _MAX_DEPTH:
        return
    depth = 0
    opened: Counter[str] = Counter()
    for slash, written in _TAG.findall(markup):
        name = written.lower()
        if name in _VOID:
            continue
        if not slash:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > _MAX_DEPTH:
            raise Unparsable(f"elements nest deeper than {_MAX_DEPTH:,}")
