"""The identity of a content: equal digests are one revision."""

from __future__ import annotations

import hashlib

from scraper.judge.text import fold
from scraper.model import Release

__all__ = ["RECIPE", "digest"]

RECIPE = 2
"""Version of what is read from a page and of what the digest takes in.

Raise it when either changes what an unchanged page gives. A stored revision of another recipe is read again from its
evidence before anything is compared with it, so that a better reader is never mistaken for an edit.
"""


def digest(release: Release, recipe: int = RECIPE) -> str:
    """SHA-256 in hex over the folded headline and body.

    Not in it: stamps and dates (facts of their own), link targets, the kinds of the blocks and where one block ends and
    the next begins, since a re-flowed paragraph is no edit.
    """
    body = fold(" ".join(block.text for block in release.blocks))
    return hashlib.sha256(f"{recipe}\n{fold(release.title)}\n{body}".encode("utf-8", "replace")).hexdigest()
