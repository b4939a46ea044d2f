"""Whole passages that came, went or moved: an edit shows them again at the next look, a page that varies does not.

A related story, an offer, a list in another order: what differs on each load comes and goes by whole blocks, seldom by
a word within one. So such a change is looked at twice, and what both looks agree on is the edit.
Changes within a block are not held for that, so that no digit waits; where a look is doubted for another reason, they
count as passages that went and came.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from scraper.judge.diff import Diff, Op
from scraper.judge.text import fold
from scraper.model import Release

__all__ = ["agree", "differences", "passages"]

_MOST = 200
"""Passages in a token; where more differ, both looks must show the very same."""
_SIGNS = {Op.ADDED: "+", Op.REMOVED: "-"}


def passages(diff: Diff, after: Release) -> str | None:
    """A token of the passages that came, went or moved; None where anything else differs, or nothing does."""
    if diff.title_changed or not diff.changed or any(part.op is Op.CHANGED for part in diff.changed):
        return None
    return differences(diff, after)


def differences(diff: Diff, after: Release) -> str:
    """A token of all that differs: a passage that was edited went, and came as another one."""
    found = []
    for part in diff.changed:
        if part.op is Op.CHANGED:
            found += ["-" + _key(part.text_before), "+" + _key(part.text)]
        elif part.op in _SIGNS:
            found.append(_SIGNS[part.op] + _key(part.text))
    if diff.title_changed:
        found.append("+" + _key(after.title))
    if any(part.op is Op.MOVED for part in diff.changed):
        # Which of two blocks moved is a matter of opinion; the order that came of it is none.
        found.append("~" + _key("\n".join(block.text for block in after.blocks)))
    return " ".join(sorted(found)) if len(found) <= _MOST else "=" + _key(" ".join(sorted(found)))


def agree(one: str, two: str) -> bool:
    """True where two looks in a row show a common change.

    A passage that went counts only where no other passage stands there by turns: what one load showed and the next does
    not is then no removal. So there must be more of them than of those that came with one look only.
    """
    if one == two:
        return True
    first, second = Counter(one.split()), Counter(two.split())
    common = first & second
    if any(token[0] in "+~" for token in common):
        return True
    by_turns = min(sum(n for token, n in (seen - common).items() if token[0] == "+") for seen in (first, second))
    return sum(n for token, n in common.items() if token[0] == "-") > by_turns


def _key(text: str) -> str:
    return hashlib.blake2b(fold(text).encode("utf-8", "replace"), digest_size=4).hexdigest()
