"""How pages label the time of an update and of a publication, in the languages of newsrooms.

A label is told from its first words on, by walking tokens down a tree of words, so that a text costs one look-up a
token however many labels there are. That a word is there does not make it a label: "Updated: 7 May" is one, "the
minister updated parliament on 7 May" is none, and what stands between it and a date tells the two apart.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from scraper.dates.tokens import Tokens, tokenise
from scraper.dates.words import fold
from scraper.read.stamp_tables import BARE, BEFORE, BEHIND, EVENTS, JOINS, MEMBERS, PUBLICATIONS, STOPPERS, UPDATES

__all__ = [
    "EVENTS",
    "JOINS",
    "MEMBERS",
    "PUBLISHED",
    "STOPPERS",
    "UPDATED",
    "Label",
    "find_labels",
    "is_joined",
    "is_wrapped",
]

_BY = ("by ", "von ", "par ", "por ", "da ", "door ", "przez ", "af ", "av ")
_MOST_GAP = 40
_WRAP = 60
_WORD = re.compile(r"[^\W\d_]+")


class Label(NamedTuple):
    """A label found in a text."""

    updated: bool
    """It is one of an update, else one of a publication."""
    start: int
    """Where it begins in the text, with the words before it that belong to it."""
    end: int
    core: int
    """Where its own word begins."""
    bare: bool
    """It says "date" or "release" and no more."""


_Tree = dict[str | None, Any]


def _grown() -> _Tree:
    tree: _Tree = {}
    for updated, table in ((False, PUBLICATIONS), (True, UPDATES)):
        for phrase in "/".join(table).split("/"):
            node = tree
            for token in tokenise(phrase.replace("_", " ")):
                node = node.setdefault(token.text, {})
            node[None] = updated
    return tree


_LABELS = _grown()


def find_labels(tokens: Tokens) -> list[Label]:
    """Every label among the tokens of a text, in order; of two that begin at one token the longer."""
    found: list[Label] = []
    index = 0
    while index < len(tokens):
        node = _LABELS.get(tokens[index].text)
        if node is None:
            index += 1
            continue
        label = _label_at(tokens, index, node)
        if label is None:
            index += 1
        else:
            index = label[1]
            found.append(label[0])
    return found


def _label_at(tokens: Tokens, index: int, node: _Tree) -> tuple[Label, int] | None:
    best: tuple[bool, int] | None = None
    following = index + 1
    while True:
        if None in node:
            best = node[None], following
        node = node.get(tokens.at(following).text, _NOWHERE)
        if not node:
            break
        following += 1
    if best is None:
        return None
    updated, following = best
    bare = "".join(token.text for token in tokens[index:following]) in BARE
    while tokens.at(following).text in BEHIND:
        following += 1
    first = index
    while first > 0 and tokens[first - 1].text in BEFORE:
        first -= 1
    start, end, core = tokens[first].start, tokens[following - 1].end, tokens[index].start
    return Label(updated=updated, start=start, end=end, core=core, bare=bare), following


_NOWHERE: _Tree = {}


class _Labels(NamedTuple):
    """The labels of one kind, asked for like a pattern."""

    updated: bool

    def search(self, text: str) -> Label | None:
        """The first one in a text."""
        return next((label for label in find_labels(tokenise(text)) if label.updated is self.updated), None)

    def sub(self, other: str, text: str) -> str:
        """The text with another text in the place of each."""
        for label in reversed(find_labels(tokenise(text))):
            if label.updated is self.updated:
                text = text[: label.start] + other + text[label.end :]
        return text


UPDATED = _Labels(updated=True)
PUBLISHED = _Labels(updated=False)


def is_joined(gap: str) -> bool:
    """True where the text between a label and a date lets the two belong together."""
    if len(gap) > _MOST_GAP or any(c.isdigit() for c in gap):
        return False
    if gap.strip().lower().startswith(_BY):
        return True
    return all(fold(word) in JOINS for word in _WORD.findall(gap))


def is_wrapped(before: str, after: str) -> bool:
    """True for a sentence around a date whose label comes last: "Dieser Beitrag wurde am 7. Mai veröffentlicht"."""
    if len(before) > _WRAP or len(after) > _WRAP or any(c.isdigit() for c in after):
        return False
    words = _WORD.findall(before)
    return 1 < len(words) <= 8 and all(fold(word) in JOINS for word in words)
