"""The shapes of the API's answers as JSON Schema 2020-12, which is what OpenAPI 3.1 writes.

What the fields mean is said in docs/json.md. A test holds each shape against what is really answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scraper.judge import Op, Touched
from scraper.model import BlockKind, Doubt, HealthKind, Kind, ListingKind, Origin, Precision, State, Why
from storage import LONGEST_NOTE

__all__ = ["SCHEMAS", "page_of"]

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_YES_OR_NO: Schema = {"type": "boolean"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
_STATED: Schema = {
    "type": ["string", "null"],
    "description": "a time, a date or a month, as exactly as the page tells it",
}


def _object(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _word(words: Sequence[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def _maybe_word(words: Sequence[str]) -> Schema:
    return {"type": ["string", "null"], "enum": [*(str(word) for word in words), None]}


def _counts(words: Sequence[str]) -> Schema:
    return {"type": "object", "properties": {str(word): _COUNT for word in words}, "additionalProperties": _COUNT}


def page_of(name: str) -> Schema:
    """A page of a list."""
    return _object(items=_list({"$ref": f"#/components/schemas/{name}"}), next=_MAYBE_TEXT)


_PRECISION = _maybe_word(tuple(Precision))
_STAMPS = {
    "published_at": _STATED, "published_precision": _PRECISION, "updated_at": _STATED,
    "updated_precision": _PRECISION, "updated_raw": _MAYBE_TEXT,
}  # fmt: skip
_SEGMENTS = _list(_object(op=_word(tuple(Op)), text=_TEXT))
_HEALTH = _object(
    id=_COUNT, kind=_word(tuple(HealthKind)), source=_MAYBE_TEXT, subject=_TEXT, began_at=_TIME, ended_at=_MAYBE_TIME,
    detail=_TEXT, advice=_TEXT,
)  # fmt: skip

_MARK = _object(
    reviewed=_YES_OR_NO, starred=_YES_OR_NO, noise=_YES_OR_NO, note=_MAYBE_TEXT, noted_at=_MAYBE_TIME,
    noted_by=_MAYBE_TEXT, taught_by=_MAYBE_COUNT, teaches=_COUNT,
)  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Source": _object(
        id=_COUNT, name=_TEXT, home=_TEXT, time_zone=_TEXT, language=_MAYBE_TEXT, every_seconds=_MAYBE_NUMBER,
        per_day=_MAYBE_COUNT, routes={"type": ["array", "null"], "items": _TEXT}, paused=_YES_OR_NO, listings=_COUNT,
        releases=_COUNT, unread=_COUNT, failing=_COUNT, last_poll_at=_MAYBE_TIME, next_poll_at=_MAYBE_TIME,
        next_why=_maybe_word(tuple(Why)), last_change_at=_MAYBE_TIME,
    ),
    "Listing": _object(
        id=_COUNT, url=_TEXT, kind=_word(tuple(ListingKind)), size=_COUNT, visited_at=_MAYBE_TIME,
        last_poll_at=_MAYBE_TIME, last_ok_at=_MAYBE_TIME, next_poll_at=_MAYBE_TIME, error=_MAYBE_TEXT, failures=_COUNT,
    ),
    "Statistics": _object(
        rhythm={
            "anyOf": [
                _object(hours=_list(_list(_COUNT)), time_zone=_TEXT, **{"from": _word(("claims", "looks"))}),
                {"type": "null"},
            ]
        },
        weeks=_list(_object(monday={"type": "string", "format": "date"}, edited=_COUNT, silently_edited=_COUNT)),
        edited=_COUNT, silently_edited=_COUNT, silent_share=_MAYBE_NUMBER, seconds_to_first_edit=_MAYBE_NUMBER,
        looks_since=_TIME, looks=_list(_object(outcome=_TEXT, count=_COUNT, received=_COUNT)),
    ),
    "Release": _object(
        id=_COUNT, url=_TEXT, title=_TEXT, source=_TEXT, state=_word(tuple(State)), published_at=_MAYBE_TIME,
        discovered_at=_TIME, last_seen_at=_MAYBE_TIME, next_poll_at=_MAYBE_TIME, revisions=_COUNT,
        revision=_MAYBE_COUNT,
        in_doubt={"anyOf": [_object(what=_word(tuple(Doubt)), since=_TIME, looks=_COUNT), {"type": "null"}]},
    ),
    "Revision": _object(
        number=_COUNT, observed_at=_TIME, title=_TEXT, **_STAMPS, sha256=_TEXT, words=_COUNT,
        change=_maybe_word(tuple(Kind)), evidence_sha256=_MAYBE_TEXT,
    ),
    "Show": _object(
        url=_TEXT, title=_TEXT, **_STAMPS, language=_MAYBE_TEXT, body=_list(_TEXT),
        blocks=_list(
            _object(kind=_word(tuple(BlockKind)), text=_TEXT, links=_list(_object(text=_TEXT, target=_TEXT)))
        ),
        source=_TEXT, state=_word(tuple(State)), revision=_COUNT, observed_at=_TIME, sha256=_TEXT,
        stamps=_list(
            _object(at=_TEXT, precision=_word(tuple(Precision)), raw=_TEXT, origin=_word(tuple(Origin)),
                    zone_assumed=_YES_OR_NO)
        ),
    ),
    "Diff": _object(
        url=_TEXT, revision_from=_COUNT, revision_to=_COUNT, title={"anyOf": [_SEGMENTS, {"type": "null"}]},
        parts=_list(
            _object(
                op=_word(tuple(Op)), kind=_word(tuple(BlockKind)), kind_before=_maybe_word(tuple(BlockKind)),
                segments=_SEGMENTS, links=_list(_object(text=_TEXT, before=_MAYBE_TEXT, after=_MAYBE_TEXT)),
            )
        ),
        touched=_list(_object(what=_word(tuple(Touched)), before=_TEXT, after=_TEXT, where=_TEXT)),
        coarse=_YES_OR_NO, coarse_note=_MAYBE_TEXT,
    ),
    "Change": _object(
        id=_COUNT, kind=_word(tuple(Kind)), url=_TEXT, source=_TEXT, title=_TEXT, detected_at=_TIME,
        not_before=_MAYBE_TIME, not_after=_TIME, stamp_before=_STATED, stamp_before_precision=_PRECISION,
        stamp_after=_STATED, stamp_after_precision=_PRECISION, revision_from=_MAYBE_COUNT, revision_to=_MAYBE_COUNT,
        importance=_NUMBER, url_before=_MAYBE_TEXT, reason=_TEXT, batch=_MAYBE_COUNT, release=_COUNT,
        mark={"anyOf": [_MARK, {"type": "null"}]},
    ),
    "Mark": _MARK,
    "Marking": {
        "type": "object",
        "properties": {
            "reviewed": _YES_OR_NO, "starred": _YES_OR_NO, "noise": _YES_OR_NO,
            "note": {"type": ["string", "null"], "maxLength": LONGEST_NOTE},
        },
        "additionalProperties": False,
    },
    "SavedSearch": _object(id=_COUNT, name=_TEXT, query=_MAYBE_TEXT),
    "Health": _HEALTH,
    "Status": _object(
        sources=_COUNT, paused=_COUNT, not_watched=_list(_TEXT), listings=_COUNT, releases=_counts(tuple(State)),
        revisions=_COUNT, changes=_COUNT, due=_COUNT,
        failing=_list(_object(source=_TEXT, url=_TEXT, since=_MAYBE_TIME, error=_MAYBE_TEXT, failures=_COUNT)),
        outbox=_counts(()), oldest_pending=_MAYBE_TIME, heartbeat_at=_MAYBE_TIME, last_poll_at=_MAYBE_TIME,
        size=_COUNT, health=_list(_HEALTH), dead=_list(_object(id=_COUNT, channel=_TEXT, error=_MAYBE_TEXT)),
        mutes=_list(_object(source=_TEXT, url=_MAYBE_TEXT, until=_MAYBE_TIME)),
        waiting=_list(
            _object(
                channel=_TEXT, pending=_COUNT, since=_MAYBE_TIME, error=_MAYBE_TEXT, next_attempt_at=_MAYBE_TIME
            )
        ),
    ),
    "Problem": _object(type=_TEXT, title=_TEXT, status=_COUNT, detail=_TEXT),
}  # fmt: skip
