"""The public JSON shapes, as docs/json.md describes them; that of a change is the notifications' own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from presswatch.notify import health_object
from presswatch.notify.message import rfc3339, said
from presswatch.passage import Passage, passages_with
from presswatch.rehearsal import Rehearsed
from scraper.judge import Diff, Op, Part, touches
from scraper.model import Release, Revision, Site, Stamp, Suspect
from storage import (
    DeadLetter,
    HealthRow,
    Hit,
    ListingRow,
    MarkRow,
    MuteRow,
    Query,
    Queue,
    ReleaseRow,
    RevisionRow,
    SourceRow,
    StampRow,
    Status,
    Where,
)

if TYPE_CHECKING:  # else every command would load the parser
    from scraper.discover import Exploration
    from scraper.read import Explanation

__all__ = [
    "diff_object",
    "explanation_object",
    "exploration_object",
    "hit_object",
    "hit_passages",
    "listing_object",
    "mark_object",
    "rehearsed_object",
    "release_object",
    "revision_object",
    "show_object",
    "source_object",
    "stamp_fields",
    "status_object",
    "told",
]


def told(stamp: Stamp | StampRow | None) -> str | None:
    """A stamp as it is said everywhere, or nothing."""
    return None if stamp is None else said(stamp)


def stamp_fields(published: Stamp | StampRow | None, updated: Stamp | StampRow | None) -> dict[str, object]:
    """The fields that a revision and a shown release have in common."""
    return {
        "published_at": told(published),
        "published_precision": published.precision.value if published else None,
        "updated_at": told(updated),
        "updated_precision": updated.precision.value if updated else None,
        "updated_raw": updated.raw if updated else None,
    }


def revision_object(row: RevisionRow) -> dict[str, object]:
    """A line of ``presswatch history --json``; ``sha256`` is that of the normalised content."""
    return {
        "number": row.number,
        "observed_at": rfc3339(row.observed_at),
        "title": row.title,
        **stamp_fields(row.published, row.updated),
        "sha256": row.digest,
        "words": row.words,
        "change": row.change.value if row.change else None,
        "evidence_sha256": row.sha256,
    }


def hit_object(hit: Hit, query: Query, where: Where) -> dict[str, object]:
    """A line of ``presswatch search --json``."""
    return {
        "url": hit.url,
        "source": hit.source,
        "title": hit.title,
        "revision": hit.number,
        "revision_before": hit.before,
        "observed_at": rfc3339(hit.observed_at),
        "change": hit.kind.value if hit.kind else None,
        "current": hit.is_current,
        "passages": ["".join(piece.text for piece in each.pieces) for each in hit_passages(hit, query, where)],
    }


def hit_passages(hit: Hit, query: Query, where: Where) -> list[Passage]:
    """The words in their place: in the text that has them, which is the one before where they vanished."""
    has_gone = where is Where.VANISHED and hit.text_before is not None
    text = hit.text_before if has_gone and hit.text_before else hit.text
    return passages_with(query, text.read())


def show_object(row: ReleaseRow, revision: Revision) -> dict[str, object]:
    """``presswatch show --json``."""
    release = revision.release
    return {
        "url": row.url,
        "title": release.title,
        **stamp_fields(release.published, release.stamp),
        "language": release.language,
        "body": [block.text for block in release.blocks],
        "blocks": [_block(release, index) for index in range(len(release.blocks))],
        "source": row.source,
        "state": row.state.value,
        "revision": revision.number,
        "observed_at": rfc3339(revision.observed_at),
        "sha256": revision.digest,
        "stamps": [
            {"at": told(s), "precision": s.precision.value, "raw": s.raw, "origin": s.origin.value,
             "zone_assumed": s.zone_assumed}
            for s in release.stamps
        ],
    }  # fmt: skip


def _block(release: Release, index: int) -> dict[str, object]:
    block = release.blocks[index]
    links = [{"text": link.text, "target": link.target} for link in block.links]
    return {"kind": block.kind.value, "text": block.text, "links": links}


def explanation_object(row: ReleaseRow, number: int, found: Explanation, site: Site) -> dict[str, object]:
    """Why a revision was read as it was."""
    return {
        "url": row.url,
        "revision": number,
        "title": found.release.title,
        "blocks": [
            {"text": piece.text, "kind": piece.kind.value, "taken": piece.taken, "why": piece.why, "place": piece.place}
            for piece in found.pieces
        ],
        "dates": [
            {
                "claims": "update" if claim.updated else "publication",
                "at": told(claim.stamp),
                "raw": claim.stamp.raw,
                "origin": claim.stamp.origin.value,
                "believed": claim.believed,
                "why": claim.why,
            }
            for claim in found.release.claims
        ],
        "profile_missed": list(found.missed),
        "site": {
            "version": site.version,
            "pages": site.pages,
            "loads": site.loads,
            "recurring": len(site.recurring),
            "varying": sorted(site.varying),
            "body": site.body,
        },
    }


def diff_object(row: ReleaseRow, before: int, after: int, diff: Diff) -> dict[str, object]:
    """``presswatch diff --json``: only the parts that are not the same."""
    return {
        "url": row.url,
        "revision_from": before,
        "revision_to": after,
        "title": [{"op": s.op.value, "text": s.text} for s in diff.title] if diff.title_changed else None,
        "parts": [_part(part) for part in diff.differing],
        "touched": [
            {"what": t.what.value, "before": t.before, "after": t.after, "where": t.where} for t in touches(diff)
        ],
        "coarse": diff.coarse is not None,
        "coarse_note": diff.coarse,
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "op": part.op.value,
        "kind": part.kind.value,
        "kind_before": (part.kind_before or part.kind).value if part.op is not Op.ADDED else None,
        "segments": [{"op": s.op.value, "text": s.text} for s in part.segments],
        "links": [{"text": link.text, "before": link.before, "after": link.after} for link in part.links],
    }


def exploration_object(found: Exploration) -> dict[str, object]:
    """``presswatch add --json``: what an address leads to."""
    return {
        "url": found.url,
        "title": found.title,
        "language": found.language,
        "single": found.single,
        "release": None if found.release is None else {
            "title": found.release.title,
            "published_at": told(found.release.published),
            "updated_at": told(found.release.stamp),
        },
        "listings": [
            {
                "url": item.listing.url,
                "kind": item.listing.kind.value,
                "why": item.why,
                "entries": [
                    {"url": entry.url, "title": entry.title, "published_at": told(entry.published),
                     "updated_at": told(entry.updated)}
                    for entry in item.entries
                ],
            }
            for item in found.listings
        ],
        "tried": list(found.tried),
    }  # fmt: skip


def source_object(row: SourceRow) -> dict[str, object]:
    """A line of ``presswatch sources --json``."""
    source = row.source
    return {
        "name": source.name,
        "home": source.home,
        "time_zone": source.time_zone,
        "language": source.language,
        "every_seconds": source.every.total_seconds() if source.every else None,
        "per_day": source.per_day,
        "routes": None if source.routes is None else list(source.routes),
        "paused": source.paused,
        "listings": row.listings,
        "releases": row.releases,
        "unread": row.pending,
        "failing": row.failing,
        "last_poll_at": row.last_poll_at and rfc3339(row.last_poll_at),
        "next_poll_at": row.next_poll_at and rfc3339(row.next_poll_at),
        "next_why": row.next_why and row.next_why.value,
        "last_change_at": row.last_change_at and rfc3339(row.last_change_at),
    }


def rehearsed_object(each: Rehearsed) -> dict[str, object]:
    """A line of ``presswatch notify --dry-run --json``."""
    change = each.change
    return {
        "change": change.id,
        "kind": change.kind.value,
        "url": change.url,
        "source": change.source,
        "title": change.title,
        "importance": change.importance,
        "detected_at": rfc3339(change.detected_at),
        "channel": each.channel,
        "how": each.how.value,
        "at": each.at and rfc3339(each.at),
        "rule": each.rule,
        "digest": each.digest,
        "batch": change.batch_id,
    }


def mark_object(mark: MarkRow) -> dict[str, object]:
    """How a change is marked."""
    return {
        "reviewed": mark.reviewed,
        "starred": mark.starred,
        "noise": mark.noise,
        "note": mark.note or None,
        "noted_at": mark.noted_at and rfc3339(mark.noted_at),
        "noted_by": mark.noted_by,
        "taught_by": mark.taught_by,
        "teaches": mark.teaches,
    }


def listing_object(row: ListingRow) -> dict[str, object]:
    """A listing of the API."""
    return {
        "id": row.id,
        "url": row.url,
        "kind": row.kind.value,
        "size": row.size,
        "visited_at": row.visited_at and rfc3339(row.visited_at),
        "last_poll_at": row.last_poll_at and rfc3339(row.last_poll_at),
        "last_ok_at": row.last_ok_at and rfc3339(row.last_ok_at),
        "next_poll_at": row.next_poll_at and rfc3339(row.next_poll_at),
        "error": row.last_error,
        "failures": row.failures,
    }


def release_object(row: ReleaseRow) -> dict[str, object]:
    """A release of the API, without its text."""
    return {
        "id": row.id,
        "url": row.url,
        "title": row.title,
        "source": row.source,
        "state": row.state.value,
        "published_at": row.published_at and rfc3339(row.published_at),
        "discovered_at": rfc3339(row.discovered_at),
        "last_seen_at": row.last_seen_at and rfc3339(row.last_seen_at),
        "next_poll_at": row.next_poll_at and rfc3339(row.next_poll_at),
        "revisions": row.revisions,
        "revision": row.current,
        "in_doubt": None if row.suspect is None else _suspect_object(row.suspect),
    }


def _suspect_object(suspect: Suspect) -> dict[str, object]:
    return {"what": suspect.doubt.value, "since": rfc3339(suspect.since), "looks": suspect.total}


def status_object(
    found: Status,
    dead: Sequence[DeadLetter],
    not_watched: Sequence[str],
    ill: Sequence[HealthRow],
    mutes: Sequence[MuteRow],
    queues: Iterable[Queue],
) -> dict[str, object]:
    """``presswatch status --json``; ``not_watched`` are the addresses that are configured but not watched."""
    return {
        "sources": found.sources,
        "paused": found.paused,
        "not_watched": list(not_watched),
        "listings": found.listings,
        "releases": {state.value: count for state, count in found.releases.items()},
        "revisions": found.revisions,
        "changes": found.changes,
        "due": found.due,
        "failing": [
            {"source": f.source, "url": f.url, "since": f.since and rfc3339(f.since), "error": f.error,
             "failures": f.failures}
            for f in found.failing
        ],
        "outbox": found.outbox,
        "oldest_pending": found.oldest_pending and rfc3339(found.oldest_pending),
        "waiting": [
            {"channel": queue.channel, "pending": queue.pending,
             "since": queue.oldest_pending and rfc3339(queue.oldest_pending), "error": queue.last_error,
             "next_attempt_at": queue.next_attempt_at and rfc3339(queue.next_attempt_at)}
            for queue in queues if queue.pending
        ],
        "heartbeat_at": found.heartbeat_at and rfc3339(found.heartbeat_at),
        "last_poll_at": found.last_poll_at and rfc3339(found.last_poll_at),
        "size": found.size,
        "health": [health_object(each) for each in ill],
        "mutes": [
            {"source": m.source, "url": m.url, "until": m.until and rfc3339(m.until)} for m in mutes
        ],
        "dead": [{"id": d.id, "channel": d.channel, "error": d.last_error} for d in dead],
    }  # fmt: skip
