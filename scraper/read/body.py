"""The text of an article: what of the chosen box belongs to it, in the order of the page.

The rules that take something away go from what a segment says by itself, over what it leads, to where it stands.
Each is small and says what it is after; in doubt a text stays, and a list of links goes.
"""

from __future__ import annotations

import re
from datetime import UTC
from itertools import accumulate
from typing import NamedTuple

from scraper import dates
from scraper.dates.tokens import tokenise
from scraper.model import BlockKind, Site
from scraper.read.familiar import NOTHING_LEARNED, mark_varying, place_of, without_recurring
from scraper.read.lines import DATED
from scraper.read.markup import CHOSEN
from scraper.read.page import Page, Segment
from scraper.read.phrases import ends_with_credit, is_beside, leads_away
from scraper.read.root import choose_root, mark_furniture, own_article, weigh
from scraper.read.stamp_words import PUBLISHED, UPDATED, find_labels

__all__ = ["Body", "read_body"]

_SENTENCE_END = re.compile(r"[.!?…。！？؟;»”\"')\]]\s*$")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|de|da|автор|text|story by|written by|published|posted|updated)\b[:\s]", re.IGNORECASE
)
_CAPTION_NAMES = re.compile(
    r"caption|legend|bildunterschrift|wp-caption-text|image-(?:text|desc)|photo-(?:text|desc|credit)"
)
_BLOCKS = frozenset("p li h1 h2 h3 h4 h5 h6 tr blockquote dd dt td pre".split())
_LISTS = frozenset("ul ol dl table tbody".split())
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_MAX_CAPTION = 400
_MAX_DATES = 160
_MOST_LETTERS = 30
"""Letters beside the dates and labels of a line that consists of dates."""
_MOST_LEADING = 6
"""Words of a line without a link that leads away."""
_LEDE = 60
"""Characters of a lede at least."""
_MOST_LEDES = 2
_FAR = 20
"""So many segments behind the headline the text begins at the latest, where the two belong together."""
_MOSTLY_LINKS = 0.6
_MAX_LINE = 200
_MAX_LABEL = 30
_HEADLINE = 25
"""Characters from which a link may be the headline of another page."""
_CORE = 0.85
"""Share of the prose that one box must hold for what stands behind that box to be none of the text."""
_BEFORE_HEADLINE = 0.3
"""Share of a text that may stand before its headline and be none of it."""
_REPEATED = {BlockKind.CAPTION: 20, BlockKind.QUOTE: 40, BlockKind.HEADING: 40, BlockKind.PARAGRAPH: 60}
"""Characters from which a text that comes twice is a copy and no refrain; in lists and tables it is never one."""


class Body(NamedTuple):
    """What of a page was taken as its text, and why the rest was not."""

    segments: list[int]
    """Indices, in order."""
    core: int
    """Index of the box that the text ends with."""
    why: dict[int, str]
    """For each segment that was not taken, one clause for a person."""


def read_body(page: Page, title: str, *, place: int = -1, site: Site = NOTHING_LEARNED, marked: bool = False) -> Body:
    """The body; ``place`` is the index of the headline, -1 for none shown; ``marked`` where a profile chose it.

    Settles which boxes are furniture, and turns the segments into captions that are captions.
    """
    if not page.segments:
        return Body([], 0, {})
    chosen = _chosen(page) if marked else []
    if chosen:
        rest = set(range(len(page.segments))).difference(chosen)
        return Body(chosen, 0, dict.fromkeys(rest, "the profile chose another part of the page"))
    weights = [weigh(segment) for segment in page.segments]
    mark_furniture(page, weights)
    mark_varying(page, site)
    box = page.boxes[own_article(page, weights, choose_root(page, weights), place)]
    why = dict.fromkeys((*range(box.first), *range(box.last, len(page.segments))), "it is outside the box of the text")
    span = list(range(box.first, box.last))
    kept = _left(why, span, _free(page, span), "its box looks like furniture of the page")
    _mark_captions(page, kept)
    _mark_notes(page, kept)
    lists = _lists_of_links(page)
    kept = _left(why, kept, [n for n in kept if page.segments[n].box not in lists], "it is a list of links")
    kept = _left(why, kept, [n for n in kept if not _is_noise(page.segments[n])], "by itself it is no part of a text")
    kept = _left(why, kept, without_recurring(page, kept, site), "other releases of the site have it, too")
    kept = _left(why, kept, _behind_headline(page, kept, place), "it stands before the headline")
    kept = _left(why, kept, _without_copies(page, kept), "it stood before")
    kept = _left(why, kept, _without_head(page, kept, title), "it is the headline, or a line of the header")
    ledes = _ledes(page, place, box.first) if kept else []
    kept = ledes + kept
    for n in ledes:
        del why[n]
    core = _core(page, kept, weights, site)
    kept = _left(why, kept, [n for n in kept if n < page.boxes[core].last], "it stands behind the box of the text")
    kept = _left(why, kept, _without_empty_headings(page, kept), "it heads nothing")
    kept = _left(why, kept, _without_tail(page, kept), "it is a scrap behind the last sentence")
    return Body(kept, core, why)


def _chosen(page: Page) -> list[int]:
    """What a profile marked as the body; nothing where none did."""
    boxes = [box for box in page.boxes if box.mark == CHOSEN and box.last > box.first]
    chosen = sorted({n for box in boxes for n in range(box.first, box.last)})
    _mark_captions(page, chosen)
    return chosen


def _left(why: dict[int, str], before: list[int], after: list[int], reason: str) -> list[int]:
    """What a step left, with its reason noted for what it took away."""
    if len(after) < len(before):
        why.update(dict.fromkeys(set(before).difference(after), reason))
    return after


def _free(page: Page, span: list[int]) -> list[int]:
    return [n for n in span if not page.boxes[page.segments[n].box].furniture]


def _ledes(page: Page, headline: int, first: int) -> list[int]:
    """Sentences between the headline and the box of the text: the lede often stands in the box of the headline."""
    if not 0 <= headline < first <= headline + _FAR:
        return []
    between = [n for n in range(headline + 1, first) if not page.boxes[page.segments[n].box].furniture]
    _mark_captions(page, between)
    found = [n for n in between if _is_lede(page.segments[n])]
    return found if len(found) <= _MOST_LEDES else []


def _is_lede(segment: Segment) -> bool:
    if segment.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUOTE) or len(segment.text) < _LEDE:
        return False
    return segment.linked * 3 < len(segment.text) and not _is_noise(segment) and not _is_header_line(segment)


def _core(page: Page, kept: list[int], weights: list[float], site: Site) -> int:
    """The box that the text ends with: the innermost that holds nearly all prose, or a known one around it."""
    inside = set(kept)
    prose = [weight if weight > 0 and n in inside else 0.0 for n, weight in enumerate(weights)]
    sums = list(accumulate(prose, initial=0.0))
    core, enough = 0, _CORE * sums[-1]
    for number, box in enumerate(page.boxes):
        share = sums[box.last] - sums[box.first]
        if share >= enough and share:
            core = number
    wider = (box for box in page.ancestry(core) if site.body and place_of(page, box) == site.body)
    return next(wider, core)


def _mark_captions(page: Page, span: list[int]) -> None:
    for n in span:
        segment = page.segments[n]
        if segment.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or len(segment.text) > _MAX_CAPTION:
            continue
        if ends_with_credit(segment.text) or (segment.kind is BlockKind.PARAGRAPH and _captions(page, segment)):
            segment.kind = BlockKind.CAPTION


def _mark_notes(page: Page, span: list[int]) -> None:
    """Turn what stands in a box of footnotes into such."""
    if "note" not in page.mentions:
        return
    boxes: dict[int, bool] = {-1: False}
    for number, box in enumerate(page.boxes):
        boxes[number] = boxes[box.parent] or (box.last > box.first and not box.furniture and box.note)
    for n in span:
        if boxes[page.segments[n].box] and page.segments[n].kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            page.segments[n].kind = BlockKind.FOOTNOTE


def _captions(page: Page, segment: Segment) -> bool:
    """True where a paragraph is named a caption, or stands below an image and is no sentence."""
    if _CAPTION_NAMES.search(page.boxes[segment.box].names):
        return True
    return segment.after_image and not _SENTENCE_END.search(segment.text)


def _lists_of_links(page: Page) -> set[int]:
    """Lists most of whose text are links, and the boxes in them: they lead elsewhere."""
    linked = list(accumulate([segment.linked for segment in page.segments], initial=0))
    sizes = list(accumulate([len(segment.text) for segment in page.segments], initial=0))
    found: set[int] = set()
    for number, box in enumerate(page.boxes):
        if box.parent in found:
            found.add(number)
        elif box.tag in _LISTS and box.last > box.first:
            size = sizes[box.last] - sizes[box.first]
            if linked[box.last] - linked[box.first] > _MOSTLY_LINKS * size:
                found.add(number)
    return found


def _is_noise(segment: Segment) -> bool:
    """True for a segment that by itself is no part of a text."""
    text = segment.text
    if not any(map(str.isalnum, text)):
        return True
    if (segment.linked or text.count(" ") < _MOST_LEADING) and leads_away(text):
        return True
    if _is_labelled_link(segment):
        return True
    if is_beside(text) or _is_labelled_date(segment):
        return True
    if segment.linked >= 0.85 * len(text) and segment.kind is not BlockKind.HEADING:
        return segment.tag != "p" or len(text) < (_LEDE if text.endswith(".") else 140)
    if segment.kind is BlockKind.CAPTION:
        return len(text.split()) < 4 and len(text) < 30
    return segment.tag not in _BLOCKS and len(text) < 30 and not _SENTENCE_END.search(text)


def _is_labelled_link(segment: Segment) -> bool:
    """True for a label, a colon or a bar, and a link up to the end: whatever the label says, it leads elsewhere."""
    if not segment.links or len(segment.text) > _MAX_LINE or segment.kind is not BlockKind.PARAGRAPH:
        return False
    shown = segment.links[-1][0]
    label, found, rest = segment.text.rpartition(shown)
    if not found or len(shown) < _HEADLINE or rest.strip(" .)»›>→"):
        return False
    return 0 < len(label) <= _MAX_LABEL and label.rstrip().endswith((":", "|", "›", "»", "→", ">"))


def _is_labelled_date(segment: Segment) -> bool:
    """True for a line that tells a publication or an update and nothing else: it is a stamp, never text."""
    is_line = segment.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    return is_line and _is_line_of_dates(segment.text, labelled=True)


def is_date_line(text: str) -> bool:
    """True for a line that consists of dates, with a few words about them."""
    return _is_line_of_dates(text, labelled=False)


def _is_line_of_dates(text: str, *, labelled: bool) -> bool:
    """The same; ``labelled`` where one of the few words must be a label."""
    # Most lines hold nothing like a date, and taking one apart is dear.
    if len(text) > _MAX_DATES or not DATED.search(text) or not dates.may_hold(text):
        return False
    tokens = tokenise(text)
    moments = dates.find_in(tokens, zone=UTC)
    if not moments or (labelled and not find_labels(tokens)):
        return False
    rest, last = "", 0
    for moment in moments:
        rest, last = rest + text[last : moment.start], moment.end
    rest = PUBLISHED.sub("", UPDATED.sub("", rest + text[last:]))
    return len(_LETTER.findall(rest)) <= _MOST_LETTERS


def _without_copies(page: Page, kept: list[int]) -> list[int]:
    """Without texts that stood before: galleries and small screens repeat captions, quotes and whole passages.

    A paragraph that comes again amid others is a refrain, such as the question of an interview; it stays.
    """
    texts = [page.segments[n].text for n in kept]
    first: dict[str, int] = {}
    result = []
    for place, n in enumerate(kept):
        before = first.setdefault(texts[place], place)
        least = _REPEATED.get(page.segments[n].kind)
        if before == place or least is None or len(texts[place]) < least or not _is_copy(page, kept, place, before):
            result.append(n)
    return result


def _is_copy(page: Page, kept: list[int], place: int, before: int) -> bool:
    if page.segments[kept[place]].kind is not BlockKind.PARAGRAPH or place - before == 1:
        return True
    if _parent(page, kept[place]) == _parent(page, kept[before]):
        return False
    neighbours = ((place + step, before + step) for step in (-1, 1))
    return any(
        0 <= one < len(kept) and other >= 0 and page.segments[kept[one]].text == page.segments[kept[other]].text
        for one, other in neighbours
    )


def _parent(page: Page, n: int) -> int:
    return page.boxes[page.segments[n].box].parent


def _behind_headline(page: Page, kept: list[int], place: int) -> list[int]:
    """Without what stands before the headline, unless that is where the text is."""
    before = sum(len(page.segments[n].text) for n in kept if n < place)
    total = sum(len(page.segments[n].text) for n in kept)
    return [n for n in kept if n > place] if before <= _BEFORE_HEADLINE * total else kept


def _is_prose(segment: Segment) -> bool:
    return segment.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE) and weigh(segment) >= 60


def _without_head(page: Page, kept: list[int], title: str) -> list[int]:
    """Without the headline, byline and date that stand before the first prose."""
    first = next((place for place, n in enumerate(kept) if _is_prose(page.segments[n])), len(kept))
    words = set(_WORD.findall(title.casefold()))
    return [
        n
        for place, n in enumerate(kept)
        if not _is_headline(page.segments[n], words, title)
        and (place >= first or not _is_header_line(page.segments[n]))
    ]


def _is_headline(segment: Segment, words: set[str], title: str) -> bool:
    """True for the headline itself, also with a kicker before it."""
    if segment.text == title:
        return True
    if segment.tag not in ("h1", "h2", "h3", "p", "div") or len(segment.text) > 1.6 * len(title) + 20:
        return False
    own = set(_WORD.findall(segment.text.casefold()))
    return len(words) >= 3 and len(own & words) >= 0.9 * max(len(words), 0.6 * len(own))


def _is_header_line(segment: Segment) -> bool:
    text = segment.text
    if segment.kind is BlockKind.CAPTION:
        return False
    if segment.kind is BlockKind.HEADING:
        return segment.tag == "h1" or len(text) < 50
    if len(text) < 120 and (_BYLINE.match(text) or is_date_line(text)):
        return True
    # The short items of a list are text; what a header lists besides has dates, or no words at all.
    if segment.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return not _LETTER.search(text)
    return len(text) < 60 and not _SENTENCE_END.search(text)


def _without_empty_headings(page: Page, kept: list[int]) -> list[int]:
    """Without headings that head nothing: the next block is a heading of the same or a higher rank, or none is left."""
    result: list[int] = []
    for n in reversed(kept):
        segment = page.segments[n]
        if segment.kind is BlockKind.HEADING and segment.linked >= 0.9 * len(segment.text):
            following = page.segments[result[-1]] if result else None
            if following is None or following.kind is BlockKind.HEADING:
                continue
        result.append(n)
    return result[::-1]


def _without_tail(page: Page, kept: list[int]) -> list[int]:
    """Without the headings, credits and scraps that stand behind the last sentence."""
    while kept and _is_tail(page.segments[kept[-1]]):
        kept = kept[:-1]
    return kept


def _is_tail(segment: Segment) -> bool:
    text = segment.text
    if segment.kind is BlockKind.HEADING or is_date_line(text):
        return True
    if len(text) <= 40 and text.startswith("(") and text.endswith(")"):
        return True
    return segment.kind is BlockKind.PARAGRAPH and len(text) < 40 and not _SENTENCE_END.search(text)
