"""Dates with a label: whether the two belong together, and what speaks against their being of this page."""

from __future__ import annotations

from scraper.dates import Moment
from scraper.dates.tokens import tokenise
from scraper.model import BlockKind, Origin
from scraper.read.claims import Candidate, is_row
from scraper.read.lines import DATED, DIGIT, MAX_LABEL, OF_ITSELF, Line
from scraper.read.page import Segment
from scraper.read.stamp_words import EVENTS, MEMBERS, STOPPERS, Label, find_labels, is_joined, is_wrapped

__all__ = ["IS_EVENT", "label_before", "labelled", "longest_link", "parted"]

IS_EVENT = "it is the day of an event"
_WORTH = 1.5
"""What the label of a publication is worth."""


def labelled(line: Line, label: Label, moment: Moment) -> Candidate | None:
    """The date that a label belongs to: behind it, before it or inside the sentence that it ends."""
    text = line.text
    if moment.start >= label.end and is_joined(text[label.end : moment.start]):
        return _claim(line, label, moment, start=label.start, end=moment.end)
    closes = not text[label.end :].strip(" )].|:,;")
    if 0 <= label.start - moment.end <= 3 and closes:
        return _claim(line, label, moment, start=moment.start, end=label.end, less=0.5)
    if moment.end <= label.core and is_wrapped(text[: moment.start], text[moment.end : label.core]):
        return _claim(line, label, moment, start=0, end=label.end, less=0.5)
    return None


def _claim(line: Line, label: Label, moment: Moment, *, start: int, end: int, less: float = 0.0) -> Candidate:
    against = _against(line, label, moment, start=start, end=end)
    score = line.stands - less - against[0] + _worth(label, line)
    kind = "an update" if label.updated else "the publication"
    return Candidate(
        updated=label.updated,
        moment=moment,
        raw=line.text[start:end].strip(),
        origin=Origin.TEXT,
        why=against[1] or f"its label says that it is {kind}, {line.where}",
        score=score,
        segment=line.n,
        labelled=not label.bare,
    )


def _worth(label: Label, line: Line) -> float:
    """What a label adds: inside a text "Date: 7 May" tells when something else was or will be."""
    if label.updated:
        return 0.0
    if OF_ITSELF.match(line.text):
        return 2 * _WORTH
    return _WORTH if not line.inside or line.n == line.place.first else 0.0


def _against(line: Line, label: Label, moment: Moment, *, start: int, end: int) -> tuple[float, str]:
    """How much speaks against a labelled date, and the gravest reason."""
    segment, text = line.segment, line.text
    reasons = []
    if segment.kind is BlockKind.HEADING and line.n != line.place.title and start > 0:
        reasons.append((2.0, "it stands in a heading"))
    if segment.kind is BlockKind.HEADING and line.n != line.place.title and start == 0:
        reasons.append((2.0, "it is a heading"))
    is_led = any(0 <= text.find(shown) < start for shown, _ in segment.links)
    if _linked(segment, moment) * 2 > len(segment.text) or is_led or is_row(line.page, line.n):
        reasons.append((3.0, "it stands in a row of links to other pages"))
    if STOPPERS.search(text[max(0, start - 60) : end + 20]):
        reasons.append((3.0, "it belongs to a policy, a review or a notice"))
    if start > 0 and len(text) > 200 and (label.updated or not _is_parted(text, start)):
        reasons.append((2.5, "it stands inside a sentence"))
    elif start > 0 and line.inside and not label.updated and line.is_prose:
        reasons.append((3.0, "it stands inside a sentence"))
    if segment.kind is BlockKind.QUOTE:
        reasons.append((2.0, "it stands in a quotation"))
    if label.bare and _is_event(line, end):
        reasons.append((4.0, IS_EVENT))
    return sum(weight for weight, _ in reasons), max(reasons, default=(0.0, ""))[1]


def _is_event(line: Line, end: int) -> bool:
    """True where a time or a place of its own comes right behind a date."""
    following = line.page.segments[line.n + 1 : line.n + 4]
    rest = line.text[end : end + MAX_LABEL].lstrip(" ,|")
    return bool(EVENTS.match(rest)) or any(EVENTS.match(segment.text) for segment in following)


def _linked(segment: Segment, moment: Moment) -> int:
    """Characters in anchors that are not the date itself, which often leads to the page that it stands on."""
    size = moment.end - moment.start
    return sum(len(text) for text, _ in segment.links if not (len(text) <= size + 3 and DATED.search(text)))


def longest_link(segment: Segment, moment: Moment) -> int:
    """Characters of the longest anchor, without the date where it holds one."""
    size = moment.end - moment.start
    return max((len(text) - size * bool(DATED.search(text)) for text, _ in segment.links), default=0)


def _is_parted(text: str, start: int) -> bool:
    """True where a label begins behind a date or a sign and not behind a word."""
    before = text[:start].rstrip()[-1:]
    return not before.isalpha()


def label_before(line: Line) -> tuple[Label, str] | None:
    """The label that the short segment before this one ends with."""
    if line.n == 0:
        return None
    text = line.page.segments[line.n - 1].text
    if len(text) > MAX_LABEL or DIGIT.search(text) or STOPPERS.search(text) or MEMBERS.search(text):
        return None
    labels = find_labels(tokenise(text))
    return (labels[-1], text) if labels and is_joined(text[labels[-1].end :]) else None


def parted(line: Line, label: Label, before: str, moment: Moment) -> Candidate:
    """A label in one segment and its date in the next."""
    against = _against(line, label, moment, start=0, end=moment.end)
    weight = 0.0 if against[1] == "it is a heading" else against[0]
    gap = is_joined(line.text[: moment.start])
    kind = "an update" if label.updated else "the publication"
    why = f"the label before it says that it is {kind}, {line.where}" if gap else "its label is another's"
    return Candidate(
        updated=label.updated,
        moment=moment,
        raw=f"{before[label.start :]} {line.text[: moment.end]}",
        origin=Origin.TEXT,
        why=IS_EVENT if against[1] == IS_EVENT else why,
        score=line.stands - weight + _worth(label, line) - (0.0 if gap else 2.0),
        segment=line.n,
        labelled=not label.bare,
    )
