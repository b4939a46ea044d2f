"""The times that a page shows: in lines with a label or without one, in ``<time>`` elements and in datelines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from scraper import dates
from scraper.dates import Moment
from scraper.dates.tokens import tokenise
from scraper.model import BlockKind, Origin, Precision
from scraper.read.claims import Candidate, Place, Reading
from scraper.read.labelled import IS_EVENT, label_before, labelled, longest_link, parted
from scraper.read.lines import HEADER, MAX_LABEL, MAX_LINE, Line, lines_of
from scraper.read.page import Page
from scraper.read.stamp_words import MEMBERS, STOPPERS, Label, find_labels
from scraper.read.times import timed_dates

__all__ = ["shown_dates"]

_REVIEWED = re.compile(r"last reviewed|last checked|date reviewed|next review|zuletzt geprüft|effective", re.IGNORECASE)
_MAX_STOPPER = 30
_HEADLINE = 25
"""Characters from which a link may be a headline."""
_HEADER_LINE = 80
"""Characters of a line beside the headline in which 8.5.12 is a date."""
_PLACE_OF_LINE = re.compile(
    r"[(\[–—\-\s]*(?:[^\W\d_][^,;:.()–—]{1,30}(?:,\s*[^\W\d_][^,;:.()–—]{1,30})?[,:.–—\-(/\s]+)?[(\[]?\s*$"
)
_END_OF_LINE = re.compile(r"\s*(?:[)\]]\s*[.:–—-]?|[–—:|]|-\s|\.\s|\.\s*-)")
_CROWD = 3
_DATELINES = 4
"""Paragraphs at the beginning of a text that may begin with a dateline."""


def shown_dates(page: Page, place: Place, reading: Reading) -> list[Candidate]:
    """Every time that a page shows as its own, in the order of the page, each with what speaks for it."""
    found: list[Candidate] = []
    for line in lines_of(page, place):
        found.extend(_in_line(line, reading))
    found.extend(timed_dates(page, place, reading))
    return _without_events(_without_crowds(page, place, found))


def _in_line(line: Line, reading: Reading) -> Iterator[Candidate]:
    if not dates.may_hold(line.text):
        return
    tokens = tokenise(line.text)
    is_header = line.stands >= HEADER and len(line.text) <= _HEADER_LINE
    moments = dates.find_in(tokens, zone=reading.zone, language=reading.language, brief=is_header)
    if not moments:
        return
    labels = find_labels(tokens)
    used: set[int] = set()
    for label in labels:
        for number, moment in enumerate(moments):
            candidate = labelled(line, label, moment)
            if candidate is not None:
                used.add(number)
                yield candidate
                break
    if not labels and len(line.text) <= MAX_LABEL:
        before = label_before(line)
        if before is not None:
            used.add(0)
            yield parted(line, *before, moments[0])
    yield from _unlabelled(line, labels, [m for number, m in enumerate(moments) if number not in used], used)


def _unlabelled(line: Line, labels: list[Label], moments: list[Moment], used: set[int]) -> Iterator[Candidate]:
    """The first date of a short line that no label claims."""
    text = line.text
    if line.is_prose:
        yield from _dateline(line, moments)
        return
    if len(text) > MAX_LINE or not moments or STOPPERS.search(text) or MEMBERS.search(text) or _is_stopped(line):
        return
    for moment in moments:
        if moment.precision is Precision.MONTH or any(x.updated and x.end <= moment.start for x in labels):
            continue
        rest = len(text) - (moment.end - moment.start)
        score = line.stands + (0.5 if rest <= 12 else 0.0) + 0.4 * line.is_named - line.elsewhere
        score -= 0.8 * (line.n == line.place.title) + 0.5 * bool(used)
        score -= 2.0 * (longest_link(line.segment, moment) >= max(_HEADLINE, len(text) / 2))
        score -= 2.0 * (line.segment.kind is BlockKind.QUOTE)
        yield Candidate(
            updated=False,
            moment=moment,
            raw=text[moment.start : moment.end],
            origin=Origin.TEXT,
            why=f"it stands {line.where} without a label",
            score=score,
            segment=line.n,
        )
        return


def _is_stopped(line: Line) -> bool:
    """True where the short text before it says that the date is another thing's: "Joined:", "Last reviewed"."""
    before = line.page.segments[line.n - 1].text if line.n and line.n - 1 != line.place.title else ""
    return len(before) <= _MAX_STOPPER and bool(MEMBERS.search(before) or _REVIEWED.search(before))


def _dateline(line: Line, moments: list[Moment]) -> Iterator[Candidate]:
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
    """Dates that come in numbers, each in a box of one name, are those of other pages; so is a label beside one."""
    plain = [c for c in found if not c.labelled and not c.updated]
    counts = Counter(_names(page, candidate) for candidate in plain)
    crowd = {
        candidate.segment
        for candidate in plain
        if counts[_names(page, candidate)] >= _CROWD and not _heads(place, candidate)
    }
    return [_crowded(c) if c.segment in crowd and not c.updated and not _heads(place, c) else c for c in found]


def _without_events(found: list[Candidate]) -> list[Candidate]:
    """A day that one line says an event is on is that of the event wherever it stands without a label."""
    days = {c.moment.at.date() for c in found if c.why == IS_EVENT}
    return [
        replace(c, score=c.score - 4.0, why=IS_EVENT)
        if c.moment.at.date() in days and not c.labelled and not c.updated
        else c
        for c in found
    ]


def _heads(place: Place, candidate: Candidate) -> bool:
    return place.title - 2 <= candidate.segment <= place.first + 2


def _crowded(candidate: Candidate) -> Candidate:
    why = "it is one of several like it: a list of other pages"
    return replace(candidate, score=candidate.score - 1.5, why=why)


def _names(page: Page, candidate: Candidate) -> str:
    box = page.boxes[page.segments[candidate.segment].box]
    return f"{candidate.origin} {box.tag} {box.names}"
