"""Feeds over time: what a listing says is new must be new. The entries' own pages are not part of the recordings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from benchmarks.judging_files import moment, rows
from benchmarks.judging_health import Chart
from benchmarks.judging_table import Line
from scraper.discover import NotAListing, read_listing
from scraper.judge import decide_listing
from scraper.model import Entry, Failed, Failure, Fetched, KnownListing, Listed, ListingKind, ListingOutcome

__all__ = ["measure"]

_UTC = ZoneInfo("UTC")
_MOST_CONFIRMING = 3
_HOUR = timedelta(hours=1)
_BBC = ("business", "politics", "technology")
_BUILT = re.compile(r"<lastBuildDate>[^<]*</lastBuildDate>")


@dataclass(slots=True)
class _Feed:
    """A listing that is watched: what is known of it, and what it was believed to bring."""

    known: KnownListing
    entries: dict[str, Entry | None] = field(default_factory=dict)
    new: list[tuple[datetime, Entry]] = field(default_factory=list)
    hints: int = 0
    polls: int = 0
    chart: Chart = field(init=False)

    def __post_init__(self) -> None:
        self.chart = Chart(self.known.url)

    def visit(self, xml: bytes, at: datetime, *, again: bool = True) -> None:
        """Look at a capture, and again as often and as soon as the judge wants it, if it would be the same again."""
        for _ in range(1 + _MOST_CONFIRMING * again):
            outcome = self._look(xml, at)
            if outcome.look_again is None:
                return
            at += outcome.look_again

    def _look(self, xml: bytes, at: datetime) -> ListingOutcome:
        self.polls += 1
        found = _read(xml, self.known.url, at)
        keys = [entry.key for entry in found.entries] if isinstance(found, Listed) else []
        before = {key: self.entries[key] for key in keys if key in self.entries}
        outcome = decide_listing(found, self.known, before, at)
        self.chart.note(found, outcome, at)
        if not outcome.quiet:
            self.new += [(at, entry) for entry in outcome.entries if entry.key not in before]
        self.hints += len(outcome.hinted)
        self.entries.update((entry.key, entry) for entry in outcome.entries)
        self.known = _after(self.known, outcome, at)
        return outcome


def _after(known: KnownListing, outcome: ListingOutcome, at: datetime) -> KnownListing:
    if outcome.failed is not None or outcome.suspect is not None:
        return KnownListing(
            url=known.url, kind=known.kind, visited=known.visited, size=known.size, last_ok_at=known.last_ok_at,
            suspect=outcome.suspect,
        )  # fmt: skip
    size = known.size if outcome.size is None else outcome.size
    return KnownListing(url=known.url, kind=known.kind, visited=True, size=size, last_ok_at=at)


def _read(xml: bytes, url: str, at: datetime) -> Listed | Failed:
    answer = Fetched(
        url=url, final_url=url, status=200, headers=(("content-type", "application/rss+xml"),), body=xml,
        started_at=at, finished_at=at,
    )  # fmt: skip
    try:
        return read_listing(answer, zone=_UTC, shapes=())
    except NotAListing as error:
        return Failed(at=at, failure=Failure.UNREADABLE, detail=str(error))


def measure(traces: Path) -> tuple[list[Line], list[str]]:
    """The lines of the table, and what was said that should not have been."""
    parts = [_churn(traces), _companies(traces), _bbc(traces)]
    return [line for lines, _ in parts for line in lines], [note for _, notes in parts for note in notes]


# --- a feed whose ids change on every look ----------------------------------------------------------------------------


def _churn(traces: Path) -> tuple[list[Line], list[str]]:
    """The sample twice: with the addresses that it has, and with its ids as addresses, which is what harms us."""
    captures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(traces / "company-newsrooms-rss" / "identity_churn_sample.jsonl.gz"):
        if row["event"] == "new":
            captures[row["captured_at"]].append(row)
    lines, notes = [], []
    for what, field_of in (("its addresses", "url"), ("ids as addresses", "id")):
        feed = _Feed(KnownListing(url="https://feeds.example/changelog.xml", kind=ListingKind.FEED))
        start = moment(min(captures))
        for when in sorted(captures):
            feed.visit(_rss(captures[when], field_of), moment(when), again=False)
        real = {row["title"] for row in captures[min(captures)]}
        late = [(at, entry) for at, entry in feed.new if at - start > _HOUR and entry.title in real]
        lines += [
            Line(set=f"churn, {what}", what=f"false new after the first hour, in {feed.polls} polls", seen=len(late),
                 bar="0", is_met=not late),
            Line(set=f"churn, {what}", what="new in all", seen=len(feed.new)),
            Line(set=f"churn, {what}", what="health events", seen=len(feed.chart.began), bar="1",
                 is_met=len(feed.chart.began) == 1),
        ]  # fmt: skip
        notes += [f"churn: {what}: new {at:%Y-%m-%d %H:%M} {entry.title}" for at, entry in late[:20]]
        notes += [f"churn: {what}: told {each.kind}, {each.detail}" for each in feed.chart.began]
    return lines, notes


def _rss(items: Iterable[Mapping[str, Any]], address: str) -> bytes:
    """A feed of recorded items, with one of their fields as their addresses."""
    made = "".join(
        f"<item><title>{escape(item['title'])}</title><link>{escape(_web(item, address))}</link>"
        f"<guid isPermaLink='false'>{escape(item['id'])}</guid><pubDate>{_rfc(item['published'])}</pubDate></item>"
        for item in items
    )
    return f"<rss version='2.0'><channel><title>Changes</title>{made}</channel></rss>".encode()


def _web(item: Mapping[str, Any], address: str) -> str:
    """An id as an address has its fragment in the path: what tells two apart may not be what is forgotten."""
    text = str(item[address])
    return text.replace("#", "/") if address == "id" else text


def _rfc(published: str | None) -> str:
    return moment(published).strftime("%a, %d %b %Y %H:%M:%S +0000") if published else ""


# --- newsrooms --------------------------------------------------------------------------------------------------------


def _companies(traces: Path) -> tuple[list[Line], list[str]]:
    feeds: dict[str, _Feed] = {}
    last: dict[str, str] = {}
    for row in rows(traces / "company-newsrooms-rss" / "raw.jsonl.xz"):
        feed = feeds.setdefault(row["feed"], _feed(row["feed"]))
        xml = _BUILT.sub("", row["xml"])
        if last.get(row["feed"]) == xml:
            # Parsing it again would only take its time.
            feed.polls += 1
            continue
        last[row["feed"]] = xml
        feed.visit(row["xml"].encode(), moment(row["captured_at"]))
    return _summary("company-newsrooms-rss", feeds)


def _bbc(traces: Path) -> tuple[list[Line], list[str]]:
    """One of the feeds, rebuilt from what came and left."""
    feeds: dict[str, _Feed] = {}
    for name, at, items in _rebuilt(traces / "bbc-rss"):
        feeds.setdefault(name, _feed(name)).visit(_rss(items, "url"), at)
    return _summary("bbc-rss", feeds)


def _rebuilt(folder: Path) -> Iterator[tuple[str, datetime, list[dict[str, Any]]]]:
    """Every capture of a feed as the items that stood in it."""
    standing: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    batch: tuple[str, str] | None = None
    for row in rows(folder / "events.jsonl.gz"):
        if row["feed"] not in _BBC:
            continue
        if batch and batch != (row["feed"], row["captured_at"]):
            yield batch[0], moment(batch[1]), list(standing[batch[0]].values())
        batch = row["feed"], row["captured_at"]
        if row["event"] == "left":
            standing[row["feed"]].pop(row["id"], None)
        else:
            standing[row["feed"]][row["id"]] = row
    if batch:
        yield batch[0], moment(batch[1]), list(standing[batch[0]].values())


def _feed(name: str) -> _Feed:
    return _Feed(KnownListing(url=f"https://feeds.example/{name}.xml", kind=ListingKind.FEED))


def _summary(name: str, feeds: Mapping[str, _Feed]) -> tuple[list[Line], list[str]]:
    """An entry that is called new twice is false; so is one that had stood at the first visit."""
    twice = {
        feed_name: [key for key, count in Counter(entry.key for _, entry in feed.new).items() if count > 1]
        for feed_name, feed in feeds.items()
    }
    false = sum(map(len, twice.values()))
    polls, new = sum(feed.polls for feed in feeds.values()), sum(len(feed.new) for feed in feeds.values())
    lines = [
        Line(
            set=name,
            what=f"called new twice, in {polls} polls of {len(feeds)} feeds",
            seen=false,
            bar="0",
            is_met=not false,
        ),
        Line(set=name, what="new entries", seen=new),
        Line(set=name, what="hints of an edit", seen=sum(feed.hints for feed in feeds.values())),
        Line(set=name, what="health events", seen=sum(len(feed.chart.began) for feed in feeds.values())),
    ]
    told = [
        f"{name}: {feed_name}: {each.kind}, {each.detail}"
        for feed_name, feed in feeds.items()
        for each in feed.chart.began
    ]
    return lines, [*(f"{name}: twice new: {key}" for keys in twice.values() for key in keys), *told]
