"""Pages under noise: what differs on each load must never be told, and one true edit amid it always.

A page and its siblings of the same host make a newsroom: first visits, then looks at the one page, each another load.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.judging_edits import SORTS, edited
from benchmarks.judging_looks import START, Newsroom, answered
from benchmarks.judging_table import Line
from benchmarks.reading_table import SETS
from benchmarks.reading_tools import Evaluators, Learner, Page, with_evaluators
from scraper.model import Change, Kind
from scraper.read import extract

__all__ = ["measure"]

_PAGES, _POLLS = 160, 63
_BEFORE_EDIT = 3
_GAP = timedelta(hours=6)
_TEXT = frozenset({Kind.EDITED, Kind.SILENTLY_EDITED})
_ASKED = frozenset(SORTS[:7])
"""The sorts that issue 4 names; the others are shown beside them."""
_LEAST_READ = 0.5
"""F1 of a body below which a page is not read at all, so that no edit of it can be seen."""


@dataclass(slots=True)
class _Tally:
    pages: int = 0
    unread: int = 0
    polls: int = 0
    false: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def measure(
    shared: Path, *, every: int = 1, polls: int = _POLLS, sorts: tuple[str, ...] = SORTS,
    say: Callable[[str], object] = str,
) -> tuple[list[Line], list[str]]:  # fmt: skip
    """The lines of the table, and each false report and each edit that was missed."""
    with tempfile.TemporaryDirectory() as results:
        evaluators = with_evaluators(shared, Path(results))
        learner = Learner(evaluators, list(SETS))
        tally = _Tally()
        for row in evaluators.stability.sample(_PAGES // every):
            if tally.pages % 20 == 0:
                say(f"noise: page {tally.pages}, {tally.polls} polls, {len(tally.false)} false")
            _measured(_Subject(evaluators, row, learner.siblings(row)), tally, polls=polls, sorts=sorts)
    lines = [
        Line(set="noise", what=f"reports of noise only, in {tally.polls} polls of {tally.pages} pages",
             seen=len(tally.false), bar="0", is_met=not tally.false),
        *(_found(sort, tally) for sort in SORTS if tally.tried[sort]),
    ]  # fmt: skip
    return lines, [*tally.false, *tally.missed]


def _found(sort: str, tally: _Tally) -> Line:
    share = tally.found[sort] / tally.tried[sort]
    bar, is_met = ("≥ 0.99", share >= 0.99) if sort in _ASKED else ("", None)
    return Line(
        set="edit amid noise", what=f"{sort}: found, of {tally.tried[sort]}", seen=share, bar=bar, is_met=is_met
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """A labelled page, and the pages of its host."""

    evaluators: Evaluators
    row: dict[str, Any]
    siblings: list[Page]

    @property
    def url(self) -> str:
        """Its address."""
        return self.row.get("url") or "https://news.example/release"

    def html(self) -> bytes:
        """Its markup."""
        return bytes(self.evaluators.extraction.page(self.row))

    def page(self) -> Any:  # noqa: ANN401 - the evaluators' own class
        """It, parsed, with the paragraphs that are known to be text."""
        return self.evaluators.perturb.Page(self.html(), self.row["body"])

    def loaded(self, html: bytes, seed: int) -> bytes:
        """One load: all noise at once, or one sort of it; the same seed gives the same."""
        kinds = self.evaluators.perturb.NOISE
        draw = random.Random(f"{self.url}:{seed}")
        kind = "all" if draw.random() < 0.5 else draw.choice(kinds)
        return bytes(self.evaluators.perturb.noise(html, self.row["body"], kind, seed))

    def is_read(self) -> bool:
        """True where most of its text is read at all."""
        release = extract(self.html(), self.url)
        body = "\n".join(block.text for block in release.blocks)
        score = self.evaluators.extraction
        return float(score.agg([score.shingle(self.row["body"], body)])[0]) >= _LEAST_READ

    def newsroom(self) -> tuple[Newsroom, datetime]:
        """Its newsroom after the siblings were first visited."""
        room, at = Newsroom(home=self.url), START
        for html, url in self.siblings:
            at = room.visit(lambda now, html=html, url=url: answered(html, url, now), url, at)  # type: ignore[misc]
        return room, at


def _measured(subject: _Subject, tally: _Tally, *, polls: int, sorts: tuple[str, ...]) -> None:
    if not subject.is_read():
        tally.unread += 1
        return
    tally.pages += 1
    name = f"{subject.row['ds']} {subject.row['id']}"
    room, told = _watched(subject, [subject.html()] * polls)
    tally.polls += room.polls
    tally.false += [f"false: {name}: {change.kind.value} {change.reason}" for change in told]
    for sort in sorts:
        made = edited(subject.page, sort, seed=1)
        if made is None:
            continue
        before, after = made
        _, told = _watched(subject, [before] * _BEFORE_EDIT + [after])
        tally.tried[sort] += 1
        tally.found[sort] += any(change.kind in _TEXT for change in told)
        if not any(change.kind in _TEXT for change in told):
            tally.missed.append(f"missed: {name}: {sort}")


def _watched(subject: _Subject, pages: Sequence[bytes]) -> tuple[Newsroom, list[Change]]:
    """The newsroom after a look at each of the pages, every load with other noise, and all that was told of it."""
    room, at = subject.newsroom()
    seeds = count(1)
    for html in pages:
        at = room.visit(_loads(subject, html, seeds), subject.url, at) + _GAP
    return room, list(room.changes)


def _loads(subject: _Subject, html: bytes, seeds: Iterator[int]) -> Callable[[datetime], Any]:
    return lambda now: answered(subject.loaded(html, next(seeds)), subject.url, now)
