"""What is said of a batch: its JSON, its line and its message. Pure; scraped text is made harmless."""

from __future__ import annotations

from presswatch.notify.compose import Message, ReleaseLink, between, diff_path, passages
from presswatch.notify.message import LONGEST_URL, clean, diff_object, instant, printable, rfc3339
from presswatch.words import web_link, words
from scraper.judge import Diff
from scraper.model import Kind
from storage import BatchRow, ChangeRow

__all__ = ["batch_line", "batch_message", "batch_object", "batch_payload"]

_MOST_RELEASES = 5
_MOST_TITLES = 3
"""On a line."""


def batch_object(batch: BatchRow) -> dict[str, object]:
    """The batch as webhooks name it, with the first of its changes."""
    return {
        "id": batch.id,
        "kind": batch.kind.value,
        "source": clean(batch.source),
        "size": batch.size,
        "began_at": rfc3339(batch.began_at),
        "last_at": rfc3339(batch.last_at),
        "releases": [
            {"change": each.id, "url": clean(each.url, most=LONGEST_URL), "title": clean(each.title)}
            for each in batch.changes
        ],
    }


def batch_payload(batch: BatchRow, *, diff: Diff | None = None, link: str | None = None) -> dict[str, object]:
    """The webhook's JSON: ``type``, ``timestamp`` (RFC 3339) and ``data``, the batch and the first change's diff."""
    data = batch_object(batch)
    if diff is not None:
        data["diff"] = diff_object(diff)
    if link is not None:
        data["link"] = link
    return {"type": f"batch.{batch.kind.value}", "timestamp": rfc3339(batch.last_at), "data": data}


def batch_line(batch: BatchRow) -> str:
    """One line for a terminal: when, what, and of how many releases. No control character survives."""
    titles = ", ".join(printable(each.title, most=60) or "(no title)" for each in batch.changes[:_MOST_TITLES])
    more = f" and {batch.size - _MOST_TITLES} more" if batch.size > _MOST_TITLES else ""
    return "  ".join(
        (
            instant(batch.last_at),
            f"{batch.kind.value.replace('-', ' '):<15}",
            f"{printable(batch.source, most=60)}: the same edit on {batch.size} releases: {titles}{more}",
        )
    )


def batch_message(batch: BatchRow, *, key: str, diff: Diff | None = None, pages: str | None = None) -> Message:
    """The message of a batch: what its first change did, and to which releases.

    Args:
        batch: the batch with its first changes.
        key: the same at every attempt.
        diff: of the first change.
        pages: the address of this installation's pages.
    """
    shown = passages(diff)
    gravest = max(batch.changes, key=lambda change: change.importance, default=None)
    releases = tuple(_release(each, pages) for each in batch.changes[:_MOST_RELEASES])
    link = pages and f"{pages}/?batch={batch.id}"
    return Message(
        key=key,
        thread=f"batch-{batch.id}",
        at=batch.last_at,
        label=words(batch.kind),
        sentence=_sentence(batch),
        line=batch_line(batch),
        when=f"seen {between(batch.began_at, batch.last_at)}",
        source=clean(batch.source),
        title=f"The same edit on {batch.size} releases",
        not_after=batch.last_at,
        passages=shown.shown,
        left_out=shown.left_out,
        releases=releases,
        more_releases=batch.size - len(releases),
        importance=gravest.importance if gravest else None,
        reason=clean(gravest.reason) if gravest else "",
        link=link,
        payload=batch_payload(batch, diff=diff, link=link),
    )


def _sentence(batch: BatchRow) -> str:
    how = "; not all of their stamps moved" if batch.kind is Kind.SILENTLY_EDITED else ""
    return f"{clean(batch.source, most=200)} made the same edit on {batch.size} releases{how}."


def _release(change: ChangeRow, pages: str | None) -> ReleaseLink:
    return ReleaseLink(
        title=clean(change.title),
        url=clean(change.url, most=LONGEST_URL),
        original=web_link(change.url) if len(change.url) <= LONGEST_URL else None,
        link=pages and pages + diff_path(change),
    )
