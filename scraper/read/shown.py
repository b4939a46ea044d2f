"""The times that a page shows: in lines with a label, in date lines without one, in ``<time>`` elements, in datelines.

One pass over the segments. What costs nothing is asked first: whether there are digits that may be a date, then
whether the segment stands where a date of the article may stand. Only then is a text taken apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from scraper import dates
from scraper.dates import Moment
from scraper.dates.tokens import tokenise
from scraper.model import BlockKind, Origin, Precision
from scraper.read.claims import Candidate, Place, Reading, is_beside_link, is_row, position
from scraper.read.page import Page, Segment, Time
from scraper.read.stamp_words import EVENTS, MEMBERS, STOPPERS, Label, find_labels, is_joined, is_wrapped

__all__ = ["sharpened", "shown_dates"]

_MAX_SEGMENT = 400
_MAX_INSIDE = 200
_HEAD = 160
"""Characters of a longer paragraph that are looked at: a label or a dateline begins it or is none."""
_MAX_LINE = 120
_MAX_LABEL = 60
_MAX_STOPPER = 30
_HEADLINE = 25
"""Characters from which a link may be a headline."""
_OUTSIDE = -0.6
"""Worth of a position where a date counts with the label of a publication only."""
_DATED = re.compile(
    r"\d{4}|['’]\d\d|\d ?[./|-] ?\d\d? ?[./|-] ?\d\d|[^\W\d_]{3}\.?[ /-]\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9]{2}"
)
_SENTENCE = re.compile(r"[.!?…。！？؟]['\"”’»)]*\s*$")
_HEADER = 2.0
"""A position that is worth more is beside the headline or the beginning of the text."""
_HEADER_LINE = 80
_OF_ITSELF = re.compile(
    r"(?:this (?:article|story|post|page|release|report|document|news)|dieser (?:artikel|beitrag|text)|diese (?:seite|"
    r"meldung|nachricht|pressemitteilung)|cet article|cette page|este artículo|esta (?:página|noticia|nota)|"
    r"questo (?:articolo|post)|este artigo|dit (?:artikel|bericht)|deze pagina|эта (?:статья|страница)|"
    r"этот материал|ця стаття|ten artykuł)\s",
    re.IGNORECASE,
)
"""A text that speaks of the page which it stands on, wherever that is."""
_DIGIT = re.compile(r"\d")
_NAMED_UPDATED = re.compile(r"updat|modif|revis|changed|lastmod|aktualis|dt-updated")
_NAMED_PUBLISHED = re.compile(
    r"publi|posted|created|entry-date|date-?line|pubdate|(?:article|post|news|release|story)-?(?:\w+-)?(?:date|time)"
)
_NAMED_DATE = re.compile(
    r"date|time|publi|posted|byline|datum|fecha|metadata|(?:article|post|entry|news|story)-?(?:\w+-)?(?:meta|info|head|foot)"
)
_PLACE_OF_LINE = re.compile(
    r"[(\[–—\-\s]*(?:[^\W\d_][^,;:.()–—]{1,30}(?:,\s*[^\W\d_][^,;:.()–—]{1,30})?[,:.–—\-(/\s]+)?[(\[]?\s*$"
)
_END_OF_LINE = re.compile(r"\s*(?:[)\]]\s*[.:–—-]?|[–—:|]|-\s|\.\s|\.\s*-)")
_LABELLED = 1.5
"""What the label of a publication is worth."""
_DATELINES = 4
"""Paragraphs at the beginning of a text that may begin with a dateline."""
_ZONES = timedelta(hours=14)


class _Line(NamedTuple):
    """A segment that may hold a date, taken apart."""

    page: Page
    place: Place
    n: int
    text: str
    stands: float
    """What its position is worth."""
    inside: bool
    """It is one of the body's."""

    @property
    def segment(self) -> Segment:
        return self.page.segments[self.n]

    @property
    def is_prose(self) -> bool:
        """It is a sentence of the text and no line of the header that was taken into it."""
        is_header = self.stands >= _HEADER and len(self.text) <= _MAX_LINE
        return self.inside and not (is_header and not _SENTENCE.search(self.text))

    @property
    def is_named(self) -> bool:
        """The class names of its box, or of the one around it, name a date or a head of an article."""
        box = self.page.boxes[self.segment.box]
        outer = self.page.boxes[box.parent].names if box.parent >= 0 else ""
        return bool(_NAMED_DATE.search(box.names) or _NAMED_DATE.search(outer))

    @property
    def elsewhere(self) -> float:
        """What speaks for its being of another page: links around it, a place above the headline."""
        above = self.place.title - self.n
        return (
            2.0 * is_row(self.page, self.n)
            + 1.0 * is_beside_link(self.page, self.n, self.place)
            + (0.05 * above if above > 2 else 0.0)
        )


def shown_dates(page: Page, place: Place, reading: Reading) -> list[Candidate]:
    """Every time that a page shows as its own, in the order of the page, each with what speaks for it."""
    found: list[Candidate] = []
    for line in _lines(page, place):
        found.extend(_in_line(line, reading))
    found.extend(_in_times(page, place, reading))
    return _without_crowds(page, place, found)


def _lines(page: Page, place: Place) -> Iterator[_Line]:
    body = set(place.body)
    for n, segment in enumerate(page.segments):
        text, inside = segment.text, n in body
        if len(text) > _MAX_SEGMENT or (inside and len(text) > _MAX_INSIDE):
            if not inside:
                continue
            text = text[:_HEAD]
        if _DIGIT.search(text) and _DATED.search(text):
            stands = position(page, n, place)
            if stands >= 0 or (stands >= _OUTSIDE and len(text) <= _MAX_LABEL) or _OF_ITSELF.match(text):
                yield _Line(page, place, n, text, stands, inside)


def _in_line(line: _Line, reading: Reading) -> Iterator[Candidate]:
    tokens = tokenise(line.text)
    is_header = line.stands >= _HEADER and len(line.text) <= _HEADER_LINE
    moments = dates.find_in(tokens, zone=reading.zone, language=reading.language, brief=is_header)
    if not moments:
        return
    labels = find_labels(tokens)
    used: set[int] = set()
    for label in labels:
        for number, moment in enumerate(moments):
            candidate = _labelled(line, label, moment)
            if candidate is not None:
                used.add(number)
                yield candidate
                break
    if not labels and len(line.text) <= _MAX_LABEL:
        before = _label_before(line)
        if before is not None:
            used.add(0)
            yield _parted(line, *before, moments[0])
    yield from _unlabelled(line, labels, [m for number, m in enumerate(moments) if number not in used], used)


# --- with a label -----------------------------------------------------------------------------------------------------


def _labelled(line: _Line, label: Label, moment: Moment) -> Candidate | None:
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


def _claim(line: _Line, label: Label, moment: Moment, *, start: int, end: int, less: float = 0.0) -> Candidate:
    against = _against(line, moment, start=start, end=end, updated=label.updated)
    score = line.stands - less - against[0] + _worth(label, line)
    kind = "an update" if label.updated else "the publication"
    return Candidate(
        updated=label.updated,
        moment=moment,
        raw=line.text[start:end].strip(),
        origin=Origin.TEXT,
        why=against[1] or f"its label says that it is {kind}, {_where(line)}",
        score=score,
        segment=line.n,
        labelled=True,
    )


def _worth(label: Label, line: _Line) -> float:
    """What a label adds: inside a text "Date: 7 May" tells when something else was or will be."""
    if label.updated:
        return 0.0
    if _OF_ITSELF.match(line.text):
        return 2 * _LABELLED
    return _LABELLED if not line.inside or line.n == line.place.first else 0.0


def _against(line: _Line, moment: Moment, *, start: int, end: int, updated: bool) -> tuple[float, str]:
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
    if start > 0 and len(text) > 200 and (updated or not _is_parted(text, start)):
        reasons.append((2.5, "it stands inside a sentence"))
    elif start > 0 and line.inside and not updated and line.is_prose:
        reasons.append((3.0, "it stands inside a sentence"))
    if segment.kind is BlockKind.QUOTE:
        reasons.append((2.0, "it stands in a quotation"))
    if not updated and _is_event(line, end):
        reasons.append((4.0, "it is the day of an event"))
    return sum(weight for weight, _ in reasons), max(reasons, default=(0.0, ""))[1]


def _is_event(line: _Line, end: int) -> bool:
    """True where a time or a place of its own comes right behind a date."""
    following = line.page.segments[line.n + 1 : line.n + 4]
    rest = line.text[end : end + _MAX_LABEL].lstrip(" ,|")
    return bool(EVENTS.match(rest)) or any(EVENTS.match(segment.text) for segment in following)


def _linked(segment: Segment, moment: Moment) -> int:
    """Characters in anchors that are not the date itself, which often leads to the page that it stands on."""
    size = moment.end - moment.start
    return sum(len(text) for text, _ in segment.links if not (len(text) <= size + 3 and _DATED.search(text)))


def _longest_link(segment: Segment, moment: Moment) -> int:
    """Characters of the longest anchor, without the date where it holds one."""
    size = moment.end - moment.start
    return max((len(text) - size * bool(_DATED.search(text)) for text, _ in segment.links), default=0)


def _is_parted(text: str, start: int) -> bool:
    """True where a label begins behind a date or a sign and not behind a word."""
    before = text[:start].rstrip()[-1:]
    return not before.isalpha()


def _label_before(line: _Line) -> tuple[Label, str] | None:
    """The label that the short segment before this one ends with."""
    if line.n == 0:
        return None
    text = line.page.segments[line.n - 1].text
    if len(text) > _MAX_LABEL or _DIGIT.search(text) or STOPPERS.search(text) or MEMBERS.search(text):
        return None
    labels = find_labels(tokenise(text))
    return (labels[-1], text) if labels and is_joined(text[labels[-1].end :]) else None


def _parted(line: _Line, label: Label, before: str, moment: Moment) -> Candidate:
    """A label in one segment and its date in the next."""
    against = _against(line, moment, start=0, end=moment.end, updated=label.updated)
    weight = 0.0 if against[1] == "it is a heading" else against[0]
    gap = is_joined(line.text[: moment.start])
    kind = "an update" if label.updated else "the publication"
    return Candidate(
        updated=label.updated,
        moment=moment,
        raw=f"{before[label.start :]} {line.text[: moment.end]}",
        origin=Origin.TEXT,
        why=f"the label before it says that it is {kind}, {_where(line)}" if gap else "its label is another's",
        score=line.stands - weight + _worth(label, line) - (0.0 if gap else 2.0),
        segment=line.n,
        labelled=True,
    )


def _where(line: _Line) -> str:
    if line.stands >= 2.0:
        return "beside the headline"
    return "in the text" if line.inside else "behind the text" if line.n > line.place.last else "on the page"


# --- without one ------------------------------------------------------------------------------------------------------


def _unlabelled(line: _Line, labels: list[Label], moments: list[Moment], used: set[int]) -> Iterator[Candidate]:
    """The first date of a short line that no label claims."""
    text = line.text
    if line.is_prose:
        yield from _dateline(line, moments)
        return
    if len(text) > _MAX_LINE or not moments or STOPPERS.search(text) or MEMBERS.search(text) or _is_stopped(line):
        return
    for moment in moments:
        if moment.precision is Precision.MONTH or any(x.updated and x.end <= moment.start for x in labels):
            continue
        rest = len(text) - (moment.end - moment.start)
        score = line.stands + (0.5 if rest <= 12 else 0.0) + 0.4 * line.is_named - line.elsewhere
        score -= 0.8 * (line.n == line.place.title) + 0.5 * bool(used)
        score -= 2.0 * (_longest_link(line.segment, moment) >= max(_HEADLINE, len(text) / 2))
        score -= 2.0 * (line.segment.kind is BlockKind.QUOTE)
        yield Candidate(
            updated=False,
            moment=moment,
            raw=text[moment.start : moment.end],
            origin=Origin.TEXT,
            why=f"it stands {_where(line)} without a label",
            score=score,
            segment=line.n,
        )
        return


def _is_stopped(line: _Line) -> bool:
    """True where the short text before it says that the date is that of a person: "Joined:"."""
    before = line.page.segments[line.n - 1].text if line.n else ""
    return len(before) <= _MAX_STOPPER and bool(MEMBERS.search(before))


def _dateline(line: _Line, moments: list[Moment]) -> Iterator[Candidate]:
    """The date that a text begins with: "(7 September 2012) The …", "BERLIN, 7 September 2012 – The …"."""
    if line.n not in line.place.body[:_DATELINES] or not moments:
        return
    moment, text = moments[0], line.text
    is_line = _PLACE_OF_LINE.fullmatch(text[: moment.start]) and _END_OF_LINE.match(text, moment.end)
    if is_line and moment.precision is not Precision.MONTH:
        yield Candidate(
            updated=False,
            moment=moment,
            raw=text[: moment.end].strip(" (["),
            origin=Origin.TEXT,
            why="the text begins with it as with a dateline",
            score=1.4,
            segment=line.n,
        )


def _without_crowds(page: Page, place: Place, found: list[Candidate]) -> list[Candidate]:
    """Dates without a label that come in numbers, each in a box of one name, are those of other pages."""
    plain = [c for c in found if not c.labelled and not c.updated]
    crowd = Counter(_names(page, candidate) for candidate in plain)
    result = []
    for candidate in found:
        heads = place.title - 2 <= candidate.segment <= place.first + 2
        alone = candidate.labelled or candidate.updated or heads
        if alone or crowd[_names(page, candidate)] < 3:
            result.append(candidate)
        else:
            why = "it is one of several like it: a list of other pages"
            result.append(replace(candidate, score=candidate.score - 1.5, why=why))
    return result


def _names(page: Page, candidate: Candidate) -> str:
    box = page.boxes[page.segments[candidate.segment].box]
    return f"{candidate.origin} {box.tag} {box.names}"


# --- time elements ----------------------------------------------------------------------------------------------------


def _in_times(page: Page, place: Place, reading: Reading) -> Iterator[Candidate]:
    """The ``<time>`` elements and their like, near enough to be the article's."""
    for time in page.times:
        if not page.segments or not (_DIGIT.search(time.text) or (time.value and time.text)):
            continue
        n = min(time.segment, len(page.segments) - 1)
        stands = position(page, n, place)
        if stands < 0 or (time.itemprop and "date" not in time.itemprop):
            continue
        moment = _moment(time, reading)
        if moment is not None:
            line = _Line(page, place, n, page.segments[n].text, stands, inside=n in place.body)
            yield _time(line, time, moment, reading)


def _moment(time: Time, reading: Reading) -> Moment | None:
    value = dates.parse(time.value, zone=reading.zone, language=reading.language) if time.value else None
    return value or dates.parse(time.text, zone=reading.zone, language=reading.language)


def _time(line: _Line, time: Time, moment: Moment, reading: Reading) -> Candidate:
    updates = bool(_NAMED_UPDATED.search(time.names)) or "datemodified" in time.itemprop
    publishes = bool(_NAMED_PUBLISHED.search(time.names)) or "datepublished" in time.itemprop
    # The microformat hAtom wants the class "updated" on the one date that there is.
    updated = updates and not publishes
    score, why = line.stands, f"a time element {_where(line)}"
    before = line.page.segments[max(0, line.n - 1) : line.n + 1]
    if any(len(s.text) <= _MAX_LINE and STOPPERS.search(s.text) for s in before):
        score, why = score - 2.0, "it belongs to a policy, a review or a notice"
    elif line.segment.kind is BlockKind.QUOTE:
        score, why = score - 2.0, "it stands in a quotation"
    elif not updated and _is_labelled_updated(line, time):
        score, why = score - 3.0, "its label says that it is an update"
    elif not updated:
        score += 0.6 + 0.5 * publishes + 0.4 * line.is_named - line.elsewhere - 1.0 * line.is_prose
    return Candidate(
        updated=updated,
        moment=moment,
        raw=time.text,
        origin=Origin.TIME,
        why=f"{why}, named an update" if updated else why,
        score=score,
        segment=line.n,
        told=_told(time, moment, reading),
    )


def _told(time: Time, moment: Moment, reading: Reading) -> date | None:
    """The day that an element shows, where it declares the same time in a zone of another day."""
    if moment.precision.is_date or not time.value or not _DATED.search(time.text):
        return None
    shown = dates.parse(time.text, zone=reading.zone, language=reading.language)
    if shown is None or abs(shown.local.date() - moment.local.date()) != timedelta(days=1):
        return None
    return shown.local.date()


def _is_labelled_updated(line: _Line, time: Time) -> bool:
    at = line.text.find(time.text) if time.text else -1
    if at > 0:
        before = line.text[max(0, at - _MAX_LABEL) : at]
        labels = find_labels(tokenise(before))
        return bool(labels) and labels[-1].updated and is_joined(before[labels[-1].end :])
    label = _label_before(line)
    return label is not None and label[0].updated


def sharpened(candidate: Candidate, times: list[Time], reading: Reading) -> Candidate:
    """It with the zone that the ``<time>`` element around it declares, where both tell the same minute."""
    moment = candidate.moment
    if moment.precision.is_date or not moment.zone_assumed:
        return candidate
    for time in times:
        if abs(time.segment - candidate.segment) > 1 or not time.value:
            continue
        exact = dates.parse(time.value, zone=reading.zone)
        if exact is None or exact.zone_assumed or exact.precision.is_date:
            continue
        apart = abs(exact.at.replace(second=0) - moment.at.replace(second=0))
        if apart <= _ZONES and apart % timedelta(minutes=15) == timedelta(0):
            at = exact.at.replace(second=moment.at.second)
            return replace(candidate, moment=replace(moment, at=at, zone_assumed=False))
    return candidate
