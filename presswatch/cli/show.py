"""Tables and texts for a terminal. Whatever comes from a page passes through :func:`clean`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from presswatch.excerpt import beginning
from presswatch.notify import patient
from presswatch.notify.message import printable
from presswatch.rehearsal import Rehearsed
from presswatch.shapes import told
from presswatch.words import moment
from scraper.judge import Diff, LinkChange, Op, Segment
from scraper.model import Kind, Release, Site, Stamp
from storage import ChangeRow, Failing, HealthRow, RevisionRow, SourceRow, StampRow

if TYPE_CHECKING:  # else every command would load the parser
    from scraper.discover import Candidate
    from scraper.read import Explanation

__all__ = [
    "ago",
    "changes_table",
    "clean",
    "diff_text",
    "events_table",
    "explanation_text",
    "failing_table",
    "ill_words",
    "rehearsal_table",
    "release_text",
    "revisions_table",
    "sources_table",
    "when",
]

_STYLES = {
    Kind.SILENTLY_EDITED: "bold red",
    Kind.EDITED: "yellow",
    Kind.NEW: "green",
    Kind.WITHDRAWN: "magenta",
    Kind.RESTORED: "cyan",
    Kind.MOVED: "blue",
    Kind.RESTAMPED: "dim",
}
_NEWEST = 5
_MARKS = {Op.SAME: "  ", Op.CHANGED: "± ", Op.ADDED: "+ ", Op.REMOVED: "- ", Op.MOVED: "↕ "}


def clean(text: str, *, most: int = 200) -> str:
    """Text of a page, harmless on a terminal. The consoles read no markup of rich's in it."""
    return printable(text, most=most)


def explanation_text(found: Explanation, site: Site) -> Text:
    """What was taken of a page and what was not, a line each, then the dates and what was learned of the site."""
    text = Text()
    for piece in found.pieces:
        text.append("+ " if piece.taken else "- ", style="green" if piece.taken else "dim")
        text.append(clean(piece.text, most=90), style="" if piece.taken else "dim")
        text.append(f"\n    {piece.why}; {piece.kind.value} in {clean(piece.place, most=80)}\n", style="dim")
    if found.missed:
        text.append(
            f"\nThe profile's {', '.join(found.missed)} found nothing here, and what was read without it stands.\n"
        )
    text.append("\nDates\n")
    # Of those that are believed it is the visible ones by which an edit is silent or not.
    for claim in sorted(found.release.claims, key=lambda each: (not each.believed, not each.stamp.origin.is_visible)):
        text.append("+ " if claim.believed else "- ", style="green" if claim.believed else "dim")
        what = "update" if claim.updated else "publication"
        text.append(f"{what} {told(claim.stamp)} in {claim.stamp.origin.value}: {clean(claim.why, most=200)}\n")
    text.append(
        f"\nThe site was learned from {site.loads} loads of {site.pages} pages: {len(site.recurring)} texts recur, "
        f"{len(site.varying)} places vary{', the text ends with ' + clean(site.body) if site.body else ''}.\n"
    )
    return text


def when(at: datetime | None) -> str:
    """A time in UTC to the minute, or a dash."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def ago(at: datetime | None, now: datetime) -> str:
    """How far away a time is, such as ``3 min ago`` or ``in 2 h``."""
    if at is None:
        return "–"
    gap = abs(at - now)
    for size, unit in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if gap >= size:
            return f"{gap // size} {unit} ago" if at < now else f"in {gap // size} {unit}"
    return "just now" if at <= now else "in a moment"


def rehearsal_table(rows: Iterable[Rehearsed]) -> Table:
    """Who would have been told of what, oldest first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("detected (UTC)", "kind", "source", "title", "channel", "how", "told (UTC)", "because of"):
        table.add_column(column, overflow="fold")
    for row in rows:
        change = row.change
        kind = Text(change.kind.value.replace("-", " "), style=_STYLES[change.kind])
        table.add_row(
            when(change.detected_at), kind, Text(printable(change.source, most=40)), _titled(change),
            Text(row.channel or "nobody"), Text(row.how.value), when(row.at), Text(printable(row.rule, most=80)),
        )  # fmt: skip
    return table


def changes_table(rows: Iterable[ChangeRow]) -> Table:
    """What happened, oldest first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True)
    for column in ("detected (UTC)", "kind", "source", "title", "stamp", "address"):
        table.add_column(column, overflow="fold")
    for row in rows:
        kind = Text(row.kind.value.replace("-", " "), style=_STYLES[row.kind])
        table.add_row(
            str(row.id), when(row.detected_at), kind, Text(printable(row.source, most=40)), _titled(row), _stamps(row),
            Text(_address(row)),
        )  # fmt: skip
    return table


def _titled(row: ChangeRow) -> Text:
    batch = "" if row.batch_id is None else f" (batch {row.batch_id})"
    return Text(printable(row.title)).append(batch, style="dim")


def _address(row: ChangeRow) -> str:
    url = printable(row.url, most=1_000)
    return f"{printable(row.url_before, most=1_000)} → {url}" if row.url_before else url


def events_table(rows: Iterable[ChangeRow]) -> Table:
    """What happened to one release, also where its text stayed as it was."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("between (UTC)", "and", "kind", "why"):
        table.add_column(column, overflow="fold")
    for row in rows:
        kind = Text(row.kind.value.replace("-", " "), style=_STYLES[row.kind])
        table.add_row(when(row.not_before), when(row.not_after), kind, Text(printable(row.reason)))
    return table


def _stamps(row: ChangeRow) -> str:
    before, after = _stamp(row.stamp_before), _stamp(row.stamp_after)
    return before if before == after else f"{before} → {after}"


def _stamp(stamp: StampRow | None) -> str:
    if stamp is None:
        return "–"
    return f"{stamp.at:%Y-%m-%d}" if stamp.precision.is_date else when(stamp.at)


def revisions_table(rows: Sequence[RevisionRow]) -> Table:
    """A release's life."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("no.", "seen (UTC)", "by", "published", "stamp", "words", "title"):
        table.add_column(column, overflow="fold")
    for row in rows:
        kind = row.change.value.replace("-", " ") if row.change else "first visit"
        table.add_row(
            str(row.number), when(row.observed_at), kind, _stamp(row.published), _stamp(row.updated), str(row.words),
            Text(printable(row.title)),
        )  # fmt: skip
    return table


def sources_table(rows: Iterable[SourceRow], now: datetime) -> Table:
    """What is watched and how it fares."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in (
        "source",
        "home",
        "listings",
        "releases",
        "unread",
        "failing",
        "last look",
        "next look",
        "last change",
    ):
        table.add_column(column, overflow="fold")
    for row in rows:
        name = f"{row.source.name} (paused)" if row.source.paused else row.source.name
        table.add_row(
            Text(printable(name, most=60)), Text(printable(row.source.home)), str(row.listings), str(row.releases),
            str(row.pending), Text(str(row.failing), style="bold red" if row.failing else ""),
            ago(row.last_poll_at, now), ago(row.next_poll_at, now), ago(row.last_change_at, now),
        )  # fmt: skip
    return table


def listing_table(found: Candidate) -> Table:
    """The newest releases that a listing leads to."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("date")
    table.add_column("title", overflow="fold")
    for entry in found.entries[:_NEWEST]:
        table.add_row(_date(entry.published or entry.updated), Text(printable(entry.title or entry.url)))
    if len(found.entries) > _NEWEST:
        table.add_row("", Text(f"… and {len(found.entries) - _NEWEST} more", style="dim"))
    return table


def release_text(found: Release) -> str:
    """The date and title of a release, and its first words."""
    begins = printable(beginning(found.text), most=400)
    return f"{_date(found.published or found.stamp)}  {printable(found.title)}\n{begins}"


def _date(stamp: Stamp | None) -> str:
    return f"{stamp.at:%Y-%m-%d}" if stamp else "–"


def failing_table(rows: Iterable[Failing], now: datetime) -> Table:
    """Pages whose last look failed."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "page", "last good look", "failed", "next", "why"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            Text(printable(row.source, most=40)), Text(printable(row.url)), ago(row.since, now), f"{row.failures}×",
            ago(row.next_poll_at, now), Text(printable(row.error or "")),
        )  # fmt: skip
    return table


def ill_words(health: HealthRow) -> str:
    """What is wrong with which source or channel, in a line."""
    return f"{patient(health)} is {health.kind.value} since {moment(health.began_at)}: {health.detail}"


def diff_text(diff: Diff) -> Text:
    """A diff with ``[-removed-]`` and ``{+added+}`` as wdiff marks them, so that it reads without colour, too."""
    text = Text()
    text.append_text(_segments(diff.title)).append("\n\n")
    for part in diff.parts:
        text.append(_MARKS[part.op], style="dim").append_text(_segments(part.segments))
        if part.kind_before:
            text.append(f" ({part.kind_before.value} before, now {part.kind.value})", style="dim")
        text.append("\n")
        for link in part.links:
            text.append_text(_link(link)).append("\n")
    if diff.coarse:
        text.append(f"\n{clean(diff.coarse)}\n", style="dim")
    return text


def _link(link: LinkChange) -> Text:
    """A link that leads elsewhere, came or went."""
    text = Text("    link ", style="dim").append(clean(link.text, most=100)).append(":")
    if link.before:
        text.append(f" [-{clean(link.before, most=1_000)}-]", style="red")
    if link.after:
        text.append(f" {{+{clean(link.after, most=1_000)}+}}", style="green")
    return text


def _segments(segments: Sequence[Segment]) -> Text:
    text = Text()
    for segment in segments:
        words = printable(segment.text, most=100_000)
        # printable() trims: the space between two runs of words belongs to the text.
        lead = " " if segment.text[:1].isspace() else ""
        tail = " " if segment.text[-1:].isspace() and words else ""
        match segment.op:
            case Op.ADDED:
                text.append(f"{lead}{{+{words}+}}{tail}", style="green")
            case Op.REMOVED:
                text.append(f"{lead}[-{words}-]{tail}", style="red")
            case _:
                text.append(f"{lead}{words}{tail}")
    return text
