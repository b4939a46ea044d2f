"""What is said of the health of a source or a channel: its JSON, its line and its message.

Pure; scraped text is made harmless.
"""

from __future__ import annotations

from datetime import datetime

from presswatch.notify.compose import Message, between
from presswatch.notify.message import LONGEST_URL, clean, instant, printable, rfc3339
from presswatch.words import moment, web_link
from scraper.model import HealthKind, HealthPhase
from storage import HealthRow, Told

__all__ = ["advised", "health_line", "health_message", "health_object", "health_payload", "patient"]

_LONGEST_DETAIL = 1_000
_LONGEST_SUBJECT = 200
"""An address in the middle of a sentence; the whole of it is in ``url``."""

_SUBJECTS = {
    "newsroom": "all its listings", "listings": "some of its listings", "releases": "many of its releases",
    "some releases": "some of its releases",
}  # fmt: skip
_SAID = {
    HealthKind.FAILING: ("looks at {} fail", "looks at {} succeed again"),
    HealthKind.UNREADABLE: ("{} {be} unreadable", "{} {be} readable again"),
    HealthKind.GONE: ("{} {be} gone", "{} {be} there again"),
    HealthKind.EMPTY: ("no releases are found on {}", "releases are found on {} again"),
    HealthKind.ALL_NEW: ("all addresses on {} changed at once", "the addresses on {} stay the same again"),
    HealthKind.CHURN: ("the addresses on {} are others on each look", "the addresses on {} stay the same again"),
    HealthKind.DUPLICATES: (
        "the same releases are named many times on {}", "the same releases are no longer named many times on {}",
    ),
    HealthKind.SILENT: ("nothing was published for unusually long", "something was published again"),
    HealthKind.FROZEN: ("newer releases are missing on {}", "newer releases are no longer missing on {}"),
    HealthKind.STUCK: ("{} takes no messages", "{} takes messages again"),
    HealthKind.UNWATCHED: ("{} leads to nothing that can be watched", "{} is no longer without anything to watch"),
}  # fmt: skip
"""Of each kind, while it lasts and when it is over."""


def health_object(health: HealthRow) -> dict[str, object]:
    """The trouble as ``--json`` and webhooks name it."""
    return {
        "id": health.id,
        "kind": health.kind.value,
        "source": health.source and clean(health.source),
        "subject": clean(health.subject, most=LONGEST_URL),
        "began_at": rfc3339(health.began_at),
        "ended_at": health.ended_at and rfc3339(health.ended_at),
        "detail": clean(health.detail, most=_LONGEST_DETAIL),
        "advice": clean(health.advice),
    }


def health_payload(told: Told, *, link: str | None = None) -> dict[str, object]:
    """The webhook's JSON: ``type``, ``timestamp`` (RFC 3339) and ``data``, the trouble and which end of it is told."""
    data = {**health_object(told.health), "phase": told.phase.value}
    if link is not None:
        data["link"] = link
    whose = "channel" if told.health.kind is HealthKind.STUCK else "source"
    return {"type": f"{whose}.health", "timestamp": rfc3339(_at(told)), "data": data}


def advised(said: str, advice: str) -> str:
    """What is wrong, with or without a full stop of its own, and what to do about it."""
    return f"{said.rstrip('.')}. {advice}"


def patient(health: HealthRow) -> str:
    """Whose trouble it is: the source's name, the channel, or an address; as it was stored."""
    if health.kind is HealthKind.STUCK:
        return f"channel {health.subject}"
    return health.subject if health.source is None else health.source


def health_line(told: Told) -> str:
    """One line for a terminal: when, what is or was wrong, with which source, and what to do about it."""
    health, is_over = told.health, told.phase is HealthPhase.ENDED
    what = f"well again: no longer {health.kind.value}" if is_over else health.kind.value
    said = f"since {instant(health.began_at)}: {health.detail}" if is_over else advised(health.detail, health.advice)
    where = patient(health)
    return "  ".join(
        (
            instant(_at(told)),
            f"{what:<15}",
            f"{printable(where, most=200)}: {printable(said, most=_LONGEST_DETAIL)}",
        )
    )


def health_message(told: Told, *, key: str, pages: str | None = None) -> Message:
    """The message of one end of a trouble.

    Args:
        told: the trouble, and which end.
        key: the same at every attempt.
        pages: the address of this installation's pages.
    """
    health, is_over, at = told.health, told.phase is HealthPhase.ENDED, _at(told)
    said, source = _said(told), clean(health.source or "")
    link = pages and f"{pages}/{'status' if health.kind is HealthKind.STUCK else 'sources'}"
    original = web_link(health.subject) if len(health.subject) <= LONGEST_URL else None
    return Message(
        key=key,
        thread=f"trouble-{health.id}" if health.source_id is None else f"health-{health.source_id}",
        at=at,
        label="well again" if is_over else "trouble",
        sentence=f"{source}: {said}." if source else f"{_heading(said)}.",
        line=health_line(told),
        when=between(health.began_at, at) if is_over else f"since {moment(at)}",
        source=source,
        title=_heading(said),
        url=clean(health.subject, most=LONGEST_URL) if original else "",
        original=original,
        not_after=at,
        detail=clean(health.detail, most=_LONGEST_DETAIL),
        advice="" if is_over else clean(health.advice),
        link=link,
        payload=health_payload(told, link=link),
    )


def _said(told: Told) -> str:
    """What is or was wrong, in a clause."""
    subject = told.health.subject
    is_channel = told.health.kind is HealthKind.STUCK
    known = f"the channel {clean(subject)}" if is_channel else _SUBJECTS.get(subject)
    named = known or clean(subject, most=_LONGEST_SUBJECT) or "it"
    began, ended = _SAID[told.health.kind]
    clause = ended if told.phase is HealthPhase.ENDED else began
    return clause.format(named, be="are" if subject in _SUBJECTS else "is")


def _heading(clause: str) -> str:
    """It begins with a capital, but for an address."""
    return clause if web_link(clause.split(maxsplit=1)[0]) else clause[0].upper() + clause[1:]


def _at(told: Told) -> datetime:
    """When that which is told happened."""
    health = told.health
    return health.ended_at if told.phase is HealthPhase.ENDED and health.ended_at else health.began_at
