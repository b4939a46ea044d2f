"""What is said of a digest or of a summary: its JSON, its line and its message. Pure; scraped text is made harmless."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from presswatch.notify.compose import Message, ReleaseLink, between, diff_path
from presswatch.notify.message import LONGEST_URL, clean, instant, printable, rfc3339
from presswatch.words import counted, web_link, words
from scraper.model import Kind
from storage import ChangeRow, DigestRow

__all__ = ["digest_line", "digest_message", "digest_object", "digest_payload"]

_MOST_LINES = 40
"""Changes that are named, each of a batch counting as one."""
_MOST_OF_REASON = 200
"""Characters of why a change is important, for each of them."""


def digest_object(digest: DigestRow) -> dict[str, object]:
    """The digest as webhooks name it, with the most important of its changes; ``source`` is that of a summary."""
    return {
        "id": digest.id,
        "name": clean(digest.name),
        "source": digest.source and clean(digest.source),
        "size": digest.size,
        "kinds": {kind.value: digest.kinds[kind] for kind in Kind if kind in digest.kinds},
        "began_at": rfc3339(digest.began_at),
        "last_at": rfc3339(digest.last_at),
        "changes": [
            {
                "change": each.id, "kind": each.kind.value, "url": clean(each.url, most=LONGEST_URL),
                "source": clean(each.source), "title": clean(each.title), "importance": each.importance,
                "reason": clean(each.reason, most=_MOST_OF_REASON), "batch": each.batch_id,
            }
            for each in digest.changes[:_MOST_LINES]
        ],
    }  # fmt: skip


def digest_payload(digest: DigestRow, *, link: str | None = None) -> dict[str, object]:
    """The webhook's JSON: ``type``, ``timestamp`` (RFC 3339) and ``data``, the digest."""
    data = digest_object(digest)
    if link is not None:
        data["link"] = link
    return {"type": f"digest.{_type(digest)}", "timestamp": rfc3339(digest.last_at), "data": data}


def digest_line(digest: DigestRow) -> str:
    """One line for a terminal: when, how many changes, and of what kinds. No control character survives."""
    return "  ".join((instant(digest.last_at), f"{_type(digest):<15}", printable(_sentence(digest))))


def digest_message(digest: DigestRow, *, key: str, pages: str | None = None) -> Message:
    """The message of a digest: how many changes there were, and the most important of them.

    Args:
        digest: the digest with its most important changes.
        key: the same at every attempt.
        pages: the address of this installation's pages.
    """
    lines = tuple(_lines(digest, pages))
    link = pages and pages + _path(digest)
    return Message(
        key=key,
        thread=f"digest-{digest.id}" if digest.source_id is None else f"summary-{digest.source_id}",
        at=digest.last_at,
        label=_type(digest),
        sentence=_sentence(digest),
        line=digest_line(digest),
        when=f"seen {between(digest.began_at, digest.last_at)}",
        source=clean(digest.source or ""),
        title=_heading(digest),
        not_after=digest.last_at,
        releases=tuple(release for release, _ in lines),
        more_releases=digest.size - sum(count for _, count in lines),
        importance=max((each.importance for each in digest.changes), default=None),
        link=link,
        payload=digest_payload(digest, link=link),
    )


def _type(digest: DigestRow) -> str:
    return "digest" if digest.source_id is None else "summary"


def _heading(digest: DigestRow) -> str:
    if digest.source_id is not None:
        return f"{counted(digest.size, 'more change')}"
    return f"{counted(digest.size, 'change')} ({clean(digest.name)})"


def _sentence(digest: DigestRow) -> str:
    kinds = ", ".join(f"{digest.kinds[kind]:,} {words(kind)}" for kind in Kind if kind in digest.kinds)
    if digest.source_id is not None:
        return (
            f"{counted(digest.size, 'more change')} of {clean(digest.source or '', most=200)}: {kinds}. "
            "They were too many to be told one by one."
        )
    return f"{counted(digest.size, 'change')} at {counted(digest.sources, 'source')}: {kinds}."


def _path(digest: DigestRow) -> str:
    return "/" if digest.source is None else f"/?{urlencode({'source': digest.source}, errors='replace')}"


def _lines(digest: DigestRow, pages: str | None) -> Iterator[tuple[ReleaseLink, int]]:
    """The changes to be named, and how many each stands for: the same edit on several releases is one."""
    told: set[int] = set()
    for change in digest.changes:
        if len(told) >= _MOST_LINES:
            return
        same = digest.batches.get(change.batch_id, 1) if change.batch_id is not None else 1
        # Ids of batches and of changes are numbers of two rows each.
        subject = -change.batch_id if change.batch_id is not None and same > 1 else change.id
        if subject not in told:
            told.add(subject)
            count = same if subject < 0 else 1
            yield _line(change, pages, count), count


def _line(change: ChangeRow, pages: str | None, count: int) -> ReleaseLink:
    more = f", the same on {count} releases" if count > 1 else ""
    page = f"/?batch={change.batch_id}" if count > 1 else diff_path(change)
    return ReleaseLink(
        title=clean(change.title),
        url=clean(change.url, most=LONGEST_URL),
        original=web_link(change.url) if len(change.url) <= LONGEST_URL else None,
        link=pages and pages + page,
        said=f"{clean(change.source, most=200)}, {words(change.kind)}{more}",
        why=clean(change.reason, most=_MOST_OF_REASON),
    )
