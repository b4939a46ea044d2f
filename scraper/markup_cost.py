"""What markup would cost to parse, told by cheap looks before it is parsed.

Browsers' rules for broken markup are quadratic in places, and so is every parser that follows them (times are of
Lexbor, for 300 kB): elements left open, each of which later tags walk over (7 s); attributes of one tag, which are
compared with each other (2 s); ``<option>`` in one ``<select>`` (3 s); and formatting left open, which is opened anew
in each block that follows (30 kB become 1 GB). Names are looked up in tables that do not grow (100,000 take 1 s).

What is refused here no newsroom writes: of 2,071 real pages the dearest has a seventh of the tags, half of the depth
and a tenth of anything else. An ordinary page is passed by counting its tags; what they are is looked at only where
there are many, and their order only where what they are could cost much.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

__all__ = ["Costly", "check_cost"]

_MAX_TAGS = 150_000
_MAX_DEPTH = 3_000
_MAX_OPTIONS = 20_000
_MAX_REOPENED = 1_000_000
"""Elements that formatting left open would add."""
_FEW_TAGS = 2_000
"""Cannot nest too deep, and open no more than as many elements anew."""
_MANY_TAGS = _MAX_DEPTH
"""More can nest too deep; fewer cost much only by formatting."""
_MAX_STEPS = 2_000_000

_MAX_ATTRIBUTES = 20_000
"""Of one tag, or of several so that the sum of their squares is as large."""
_MAX_ALL_ATTRIBUTES = 200_000
_SHORT = 100_000
"""Has no room for so many attributes."""
_LONG = 300_000
"""Has room for enough that they take seconds, however they are hidden."""
_GAP = 30_000
_LONG_TAG = 2_000
_ROOM = 6
"""Characters that an attribute takes when as many have names of their own."""

# White space, a slash or a quotation mark stands before each attribute.
_BEGINNINGS = b"\t\n\f\r /\"'"


def _compiled(pattern: str) -> re.Pattern[bytes]:
    """A pattern of markup in bytes, with "~" for white space."""
    return re.compile(pattern.replace("~", r"\t\n\f\r ").encode("ascii"))


_NAME = _compiled(r"<([a-zA-Z][^~/>]*)")
_TAG = _compiled(r"<(/?)([a-zA-Z][^~/>]*)")
# The tokenizer's states from "before attribute name" on; quotes count only where a value begins.
_VALUE = r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^~>\"'][^~>]*+)"
_ATTRIBUTE = rf"[^~/>][^~/>=]*+(?:[~]*+=[~]*+{_VALUE}?+)?+"
_ATTRIBUTES = _compiled(_ATTRIBUTE)
_REST = rf"(?:[~/]*+{_ATTRIBUTE})*+"
_WHOLE_TAG = _compiled(rf"<[a-zA-Z][^~/>]*+({_REST})")
# Written out, since a pattern that ignores case is not searched for by its first character.
_ROOT = _compiled(rf"<(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])(?=[~/])({_REST})")

# Void elements, those of which there is one, and those that end where the next of their kind begins.
_FLAT: Final = frozenset(
    b"html head body frameset frame area base br col embed hr img input link meta param source track wbr image a p li "
    b"dd dt td tr th option".split()
)
_FORMATTING: Final = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
# The first letter is looked at before any name is: most tags are told apart by it.
_FORMATS = _compiled(r"(?i)<(?=[bcefinstuBCEFINSTU])(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[~/>])")
# Their end tags end all that is open inside them; other end tags end nothing that has one of them inside.
_BLOCKS: Final = frozenset(
    b"address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer form "
    b"header hgroup h1 h2 h3 h4 h5 h6 iframe listing main menu nav ol pre search section summary ul table tbody tfoot "
    b"thead caption colgroup select template object applet marquee noscript svg math foreignobject".split()
)
# No end tag reaches through them.
_WALLS: Final = frozenset(b"table caption template object applet marquee select svg math foreignobject".split())


class Costly(ValueError):
    """The markup would cost more than any page is worth; the message says why."""


def check_cost(markup: bytes) -> None:
    """Refuse what a parser would take seconds for; ``markup`` is in UTF-8.

    Raises:
        Costly: it has more than 150,000 tags, nests deeper than 3,000 elements, leaves formatting open that would be
            opened anew 1,000,000 times, or has 20,000 options, or attributes in one tag.
    """
    tags = markup.count(b"<")
    if tags > _MANY_TAGS or (tags > _FEW_TAGS and len(_FORMATS.findall(markup)) * tags > _MAX_REOPENED):
        _check_tags(markup, tags)
    size = len(markup)
    # The attributes of every further <html> and <body> are put on the first, so that each may have few.
    if size > _SHORT and sum(map(_count, _ROOT.finditer(markup))) > _MAX_ATTRIBUTES:
        raise Costly(f"the page's root has more than {_MAX_ATTRIBUTES:,} attributes")
    if size > _LONG or (size > _SHORT and _has_gap(markup) and _have_room(markup)):
        _check_attributes(markup)


def _check_tags(markup: bytes, tags: int) -> None:
    if tags > _MAX_TAGS:
        raise Costly(f"the page has {tags:,} tags, more than {_MAX_TAGS:,}")
    opened: Counter[bytes] = Counter()
    for written, count in Counter(_NAME.findall(markup)).items():
        opened[written.lower()] += count
    if opened[b"option"] > _MAX_OPTIONS:
        raise Costly(f"the page has more than {_MAX_OPTIONS:,} options")
    nesting = sum(count for name, count in opened.items() if name not in _FLAT)
    formatting = sum(opened[name] for name in _FORMATTING)
    if nesting > _MAX_DEPTH or formatting * tags > _MAX_REOPENED:
        _check_order(markup)


def _check_order(markup: bytes) -> None:
    """Refuse deep nesting and formatting left open; it may be thought deeper than it is, never flatter."""
    stack: list[bytes] = []
    left_open = reopened = steps = 0
    for slash, written in _TAG.findall(markup):
        name = written.lower()
        reopened += left_open
        if name in _FLAT:
            continue
        if not slash:
            stack.append(name)
            left_open += name in _FORMATTING
            if len(stack) > _MAX_DEPTH:
                raise Costly(f"elements nest deeper than {_MAX_DEPTH:,}")
        elif stack and stack[-1] == name:
            stack.pop()
            left_open -= name in _FORMATTING
        else:
            at = _opening(stack, name)
            steps += len(stack) - max(at, 0)
            if at >= 0 and name in _FORMATTING:
                del stack[at]
                left_open -= 1
            elif at >= 0:
                del stack[at:]
            if steps > _MAX_STEPS:
                raise Costly("too many elements are ended in another's place")
    if reopened > _MAX_REOPENED:
        raise Costly(f"formatting is left open over more than {_MAX_REOPENED:,} tags")


def _opening(stack: list[bytes], name: bytes) -> int:
    """Where the element stands that an end tag ends; -1 for one that ends nothing."""
    for at in range(len(stack) - 1, -1, -1):
        if stack[at] == name:
            return at
        if stack[at] in _WALLS or (stack[at] in _BLOCKS and name not in _BLOCKS and name not in _FORMATTING):
            return -1
    return -1


def _has_gap(markup: bytes) -> bool:
    """True where a long stretch has no tag: data in a script, or a tag without end."""
    return any(markup.find(b"<", start, start + _GAP) < 0 for start in range(0, len(markup) - _GAP, _GAP))


def _have_room(markup: bytes) -> bool:
    """True where such stretches may hold too many attributes: of what stands before one they have no fewer."""
    stretches = (stretch for stretch in markup.split(b"<") if len(stretch) >= _GAP)
    return sum((len(s) - len(s.translate(None, _BEGINNINGS))) ** 2 for s in stretches) > _MAX_ATTRIBUTES**2


def _check_attributes(markup: bytes) -> None:
    cost = written = 0
    for match in _WHOLE_TAG.finditer(markup):
        length = match.end() - match.start()
        written += length
        if length >= _LONG_TAG:
            cost += _count(match) ** 2
    if cost > _MAX_ATTRIBUTES**2:
        raise Costly(f"tags have more than {_MAX_ATTRIBUTES:,} attributes")
    if written > _ROOM * _MAX_ALL_ATTRIBUTES:
        total = sum(map(_count, _WHOLE_TAG.finditer(markup)))
        if total > _MAX_ALL_ATTRIBUTES:
            raise Costly(f"the page has {total:,} attributes, more than {_MAX_ALL_ATTRIBUTES:,}")


def _count(tag: re.Match[bytes]) -> int:
    return len(_ATTRIBUTES.findall(tag[1]))
