"""Changes to entries of a feed: the diff inline as HTML, the summary in plain words, addresses that lead to the web."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from presswatch.excerpt import beginning, excerpts, link_segments
from presswatch.matching import spoken_in
from presswatch.web.feed import Entry, feed_id
from presswatch.web.kept import kept
from presswatch.web.rendering import one_line, render
from presswatch.web.telling import changed_words, sentences, title
from scraper.judge import Diff, Op, Part, Segment, compare
from scraper.model import Kind, Release
from scraper.urls import join
from storage import ChangeRow, FeedRow

__all__ = ["entry", "web_address"]

_MOST_CHARACTERS = 10_000
"""Of the passages of one entry: a feed of rewritten releases must stay one that readers load."""
_URI = ":/?#@!$&'()*+,;=%~"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NOTES = {Op.ADDED: "added", Op.REMOVED: "removed", Op.MOVED: "moved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    segments: tuple[Segment, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What an entry shows of the texts."""

    title: tuple[Segment, ...] = ()
    passages: tuple[_Passage, ...] = ()
    left_out: int = 0
    summary: str = ""
    compared: bool = False


@kept
def entry(row: FeedRow, *, database_id: str, address: str) -> Entry:
    """The entry of a change. ``address`` is that of the pages, without a slash at its end."""
    change = row.change
    before, after = (None if text is None else text.read() for text in (row.before, row.after))
    shown = _shown(change, before, after)
    link = f"{address}{_page(change, compared=shown.compared)}"
    original = web_address(change.url)
    told = sentences(change)
    return Entry(
        # The time as well: a back-up that comes back gives the ids after it out again.
        id=feed_id(database_id, f"change/{change.id}/{change.detected_at.isoformat()}"),
        title=title(change),
        summary=one_line(" ".join((*told, shown.summary))),
        html=render(
            "feed_entry.html",
            {
                "change": change, "sentences": told, "title": shown.title, "parts": shown.passages,
                "left_out": shown.left_out, "compared": shown.compared, "link": link, "original": original,
                "language": spoken_in(row, after or before),
            },
        ),
        at=change.detected_at,
        link=link,
        original=original,
        tags=tuple(filter(None, (change.kind.value, one_line(change.source)))),
        change=change,
    )  # fmt: skip


def web_address(url: str) -> str | None:
    """The address as a URI (RFC 3986) that leads to the web; None where it leads elsewhere."""
    joined = join(url, url)
    if joined is None:
        return None
    scheme, _, rest = joined.partition("://")
    host, slash, path = rest.partition("/")
    return _STRAY_PERCENT.sub("%25", f"{scheme}://{quote(host, safe=_URI + '[]')}{slash}{quote(path, safe=_URI)}")


def _page(change: ChangeRow, *, compared: bool) -> str:
    release = f"/releases/{change.release_id}"
    return f"{release}/diff?from={change.revision_from}&to={change.revision_to}" if compared else release


def _shown(change: ChangeRow, before: Release | None, after: Release | None) -> _Shown:
    if after is None:
        return _Shown()
    if change.kind is Kind.NEW:
        blocks = [_Passage(segments=(_same(block.text),)) for block in after.blocks]
        shown = _bounded(blocks)
        return _Shown(passages=shown, left_out=len(blocks) - len(shown), summary=beginning(after.text))
    if before is None or change.revision_from == change.revision_to:
        return _Shown()
    return _differing(compare(before, after))


def _differing(diff: Diff) -> _Shown:
    passages = [passage for part in diff.differing for passage in _passages(part)]
    shown = _bounded(passages)
    return _Shown(
        title=diff.title if diff.title_changed else (),
        passages=shown,
        left_out=len(passages) - len(shown),
        summary=changed_words(excerpts(diff)),
        compared=True,
    )


def _passages(part: Part) -> Iterator[_Passage]:
    """The block where its words, place or kind differ, and each link that leads elsewhere."""
    if part.kind_before is not None:
        kinds = (each.value.replace("-", " ") for each in (part.kind_before, part.kind))
        yield _Passage(segments=part.segments, note=" before, now ".join(kinds))
    elif part.op is not Op.SAME:
        yield _Passage(segments=part.segments, note=_NOTES.get(part.op, ""))
    for link in part.links:
        yield _Passage(segments=tuple(link_segments(link)), note="link")


def _bounded(passages: Sequence[_Passage]) -> tuple[_Passage, ...]:
    """The first passages, as many as there is room for; one that alone is longer is cut."""
    shown: list[_Passage] = []
    room = _MOST_CHARACTERS
    for passage in passages:
        length = sum(len(segment.text) for segment in passage.segments)
        if length > room:
            return tuple(shown) or (replace(passage, segments=tuple(_cut(passage.segments, room))),)
        room -= length
        shown.append(passage)
    return tuple(shown)


def _cut(segments: Iterable[Segment], room: int) -> Iterator[Segment]:
    """As many of the segments as there is room for, none longer than a third of it: so the first change is shown."""
    most = room // 3
    for segment in segments:
        if room <= 0:
            return
        text = segment.text if len(segment.text) <= most else segment.text[:most] + " …"
        room -= len(text)
        yield replace(segment, text=text)


def _same(text: str) -> Segment:
    return Segment(op=Op.SAME, text=text)
