"""The identity of a content: equal digests are one revision."""

from __future__ import annotations

import hashlib

from scraper.judge.links import link_keys
from scraper.judge.text import fold
from scraper.model import Release

__all__ = ["RECIPE", "digest", "same_words"]

RECIPE = 4
"""Version of what is read from a page and of what the digest takes in.

Raise it when either changes what an unchanged page gives. A stored revision of another recipe is read again from its
evidence before anything is compared with it, so that a better reader is never mistaken for an edit.
"""
_WITH_LINKS = 3


def digest(release: Release, recipe: int = RECIPE) -> str:
    """SHA-256 in hex over the folded headline, the folded body and where the links lead.

    Not in it: stamps and dates (facts of their own), the kinds of the blocks and where one block ends and the next
    begins, since a re-flowed paragraph is no edit. How a target is spelt is none, either: see
    :func:`scraper.judge.links.link_key`. Recipes before the third took in no targets.
    """
    lines = [str(recipe), *_words(release)]
    if recipe >= _WITH_LINKS:
        lines += link_keys(release.blocks)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def same_words(before: Release, after: Release) -> bool:
    """True where headline and body are the same: at most links lead elsewhere, or dates differ."""
    return _words(before) == _words(after)


def _words(release: Release) -> tuple[str, str]:
    return fold(release.title), fold(" ".join(block.text for block in release.blocks))
