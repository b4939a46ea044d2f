"""The identity of a content: equal digests are one revision."""

from __future__ import annotations

import hashlib

from scraper.judge.links import link_keys
from scraper.judge.text import fold
from scraper.model import Release

__all__ = ["RECIPE", "digest", "text_part"]

RECIPE = 3
"""Version of what is read from a page and of what the digest takes in.

Raise it when either changes what an unchanged page gives. A stored revision of another recipe is read again from its
evidence before anything is compared with it, so that a better reader is never mistaken for an edit.
"""
_WITH_LINKS = 3
_HALF = 32


def digest(release: Release, recipe: int = RECIPE) -> str:
    """64 hex digits: half of a SHA-256 over the folded headline and body, half of one over where the links lead.

    Not in it: stamps and dates (facts of their own), the kinds of the blocks and where one block ends and the next
    begins, since a re-flowed paragraph is no edit. How a target is spelt is none, either: see
    :func:`scraper.judge.links.link_key`. Recipes before the third took in no targets.
    """
    body = fold(" ".join(block.text for block in release.blocks))
    text = _sha256(f"{recipe}\n{fold(release.title)}\n{body}")
    if recipe < _WITH_LINKS:
        return text
    return text[:_HALF] + _sha256("\n".join(link_keys(release.blocks)))[:_HALF]


def text_part(digest: str) -> str:
    """The beginning that all contents with one headline and body share, wherever their links lead."""
    return digest[:_HALF]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
