"""What a notification says, before any channel has given it a form.

    Delivery (what is to be told) | compose | Message | a channel's own form, with its own escaping

Beside ``compose``, which says what happened to a release, ``batch``, ``digest`` and ``health`` make messages of the
other subjects.

Pure. All text of a message is harmless as text: one line, no controls, no overrides of direction, bounded. What is
markup somewhere (``<``, ``@everyone``) stands in it as it was read: each channel escapes its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from presswatch.excerpt import Excerpt, Excerpts, beginning, excerpts
from presswatch.notify.message import LONGEST_URL, Delivery, clean, flat, line, payload
from presswatch.words import clock, moment, same_stamp, stamped, web_link, words
from scraper.judge import Diff, Segment
from scraper.model import Kind
from storage import ChangeRow, StampRow

__all__ = ["Message", "ReleaseLink", "between", "compose", "diff_path", "passages"]

_MOST_PASSAGES = 12
_LONGEST_TITLE = 200
"""A headline in the middle of a sentence; the whole of it is in ``title``."""
_LONGEST_BEGINNING = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLink:
    """One of several releases that a message is about."""

    title: str
    url: str
    """Its address, to be read."""
    original: str | None = None
    """The same, to be followed: None where it does not lead to the web."""
    link: str | None = None
    """What differs, on the pages of this installation."""
    said: str = ""
    """What happened to it, in a few words; empty where it is the same for all."""
    why: str = ""
    """What of it says how important that is; empty likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One notification, for any channel to put into its form."""

    key: str
    """The same at every attempt: a receiver may drop a repetition by it."""
    thread: str
    """The same for all that is told of one release, one batch, one source's health, or that was too much of one source;
    each digest has its own."""
    at: datetime
    """When presswatch was sure of it."""
    label: str
    """What happened, in a word or two: ``silently edited``."""
    sentence: str
    """What happened, to whom."""
    line: str
    """All of it on one line, for a terminal."""
    when: str
    """The window in which it happened, in words."""
    stamp: str = ""
    """What became of the page's own stamp, in words; empty where there is no page."""
    source: str
    """Its name; empty where there is none."""
    title: str
    """The release's; else what happened, without whose it is."""
    url: str = ""
    """The address of the release, or of the page that is ill, to be read; empty where there is none."""
    original: str | None = None
    """The same, to be followed: None where it does not lead to the web."""
    not_after: datetime
    """It happened before this."""
    url_before: str | None = None
    """Where it stood, of one that moved."""
    not_before: datetime | None = None
    """It happened after this; None: nobody had looked before, or it is about more than one release."""
    stamp_before: StampRow | None = None
    stamp_after: StampRow | None = None
    passages: tuple[Excerpt, ...] = ()
    """The changed words in place."""
    left_out: int = 0
    """Changed passages that are not among them."""
    beginning: str = ""
    """The first words of a release that is new."""
    importance: float | None = None
    """From 0 to 1."""
    reason: str = ""
    """Why it is as important as that, in a clause."""
    releases: tuple[ReleaseLink, ...] = ()
    """The first releases of a batch, the most important ones of a digest."""
    more_releases: int = 0
    """Releases of it that are not among them."""
    detail: str = ""
    """What the looks at a source saw that is ill, or was."""
    advice: str = ""
    """What can be done about it."""
    link: str | None = None
    """What differs, or how the source fares, on the pages of this installation."""
    mute: str | None = None
    """A page on which one can ask to be told no more of the release or of the source."""
    payload: Mapping[str, object]
    """The same for programs: ``type``, ``timestamp`` and ``data``."""


def compose(delivery: Delivery) -> Message:
    """The message of a delivery: the same one at every attempt."""
    change = delivery.change
    shown = passages(delivery.diff)
    return Message(
        key=delivery.key,
        thread=f"release-{change.release_id}",
        at=change.detected_at,
        label=words(change.kind),
        sentence=_sentence(change),
        line=line(change),
        when=_when(change),
        stamp=_stamp_words(change),
        source=clean(change.source),
        title=clean(change.title),
        url=clean(change.url, most=LONGEST_URL),
        original=web_link(change.url) if len(change.url) <= LONGEST_URL else None,
        url_before=change.url_before and clean(change.url_before, most=LONGEST_URL),
        not_before=change.not_before,
        not_after=change.not_after,
        stamp_before=_stamp(change.stamp_before),
        stamp_after=_stamp(change.stamp_after),
        passages=shown.shown,
        left_out=shown.left_out,
        beginning=beginning(clean(delivery.text, most=_LONGEST_BEGINNING)),
        importance=change.importance,
        reason=clean(change.reason),
        link=delivery.link,
        payload=payload(delivery),
    )


def diff_path(change: ChangeRow) -> str:
    """Where the pages show what a change is about."""
    if change.revision_from is None or change.revision_to in (None, change.revision_from):
        return f"/releases/{change.release_id}"
    return f"/releases/{change.release_id}/diff?from={change.revision_from}&to={change.revision_to}"


def _sentence(change: ChangeRow) -> str:
    source = clean(change.source, most=_LONGEST_TITLE)
    title = f"“{clean(change.title, most=_LONGEST_TITLE)}”" if change.title.strip() else "a release without a title"
    match change.kind:
        case Kind.NEW:
            return f"{source} published {title}."
        case Kind.EDITED:
            how = "" if change.stamp_after is not None else "; the page shows no stamp"
            return f"{source} edited {title}{how}."
        case Kind.SILENTLY_EDITED:
            return f"{source} edited {title} and did not move its stamp."
        case Kind.RESTAMPED:
            return f"{source} moved the stamp of {title}; the text is the same."
        case Kind.WITHDRAWN:
            return f"{source} withdrew {title}."
        case Kind.RESTORED:
            return f"{source} put {title} back."
        case Kind.MOVED:
            return f"{source} moved {title} to another address."


def _when(change: ChangeRow) -> str:
    if change.not_before is None:
        return f"first seen {moment(change.not_after)}"
    return between(change.not_before, change.not_after)


def between(after: datetime, until: datetime) -> str:
    """A window in words; a day that both ends are on is said once."""
    same_day = after.astimezone(UTC).date() == until.astimezone(UTC).date()
    end = f"{clock(until)} UTC" if same_day else moment(until)
    return f"between {moment(after).removesuffix(' UTC') if same_day else moment(after)} and {end}"


def _stamp_words(change: ChangeRow) -> str:
    before, after = change.stamp_before, change.stamp_after
    if after is None:
        return "the page shows none" if before is None else f"gone; it was {stamped(before)}"
    if before is None:
        return stamped(after) if change.kind is Kind.NEW else f"{stamped(after)}; there was none before"
    if same_stamp(before, after):
        return f"did not move: {stamped(after)}"
    return f"{stamped(before)} → {stamped(after)}"


def passages(diff: Diff | None) -> Excerpts:
    """The changed words in place, harmless as text; none where there is no diff."""
    if diff is None:
        return Excerpts(shown=(), left_out=0)
    found = excerpts(diff, most=_MOST_PASSAGES)
    return replace(found, shown=tuple(map(_harmless, found.shown)))


def _harmless(excerpt: Excerpt) -> Excerpt:
    segments = (Segment(op=segment.op, text=flat(segment.text)) for segment in excerpt.segments)
    return replace(excerpt, segments=tuple(segments))


def _stamp(stamp: StampRow | None) -> StampRow | None:
    return stamp and replace(stamp, raw=clean(stamp.raw))
