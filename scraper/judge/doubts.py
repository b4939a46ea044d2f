"""Why a look that answered is not believed at once: a ladder, one reason a rung."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.judge.blinking import agree, differences, passages
from scraper.judge.diff import Diff, likeness
from scraper.judge.identity import has_same_headline
from scraper.judge.rules import Rules
from scraper.judge.stamps import Movement, movement, pair
from scraper.judge.text import fold
from scraper.model import Doubt, Known, Release, Revision, Seen, Signal, Suspect

__all__ = ["Reason", "confirmed", "doubt", "interrupted", "interstitial", "only_headline", "soon", "suspected"]

_INTERSTITIAL = {
    Signal.CHALLENGE: "the page asks whether one is a robot",
    Signal.LOGIN: "the page asks to sign in",
    Signal.CONSENT: "the page asks for consent",
    Signal.ERROR: "the page says that something failed",
}
_BY_PASSAGES = frozenset({Doubt.BLINKING, Doubt.COLLAPSED, Doubt.TRUNCATED, Doubt.RESTLESS})
"""Doubts that two looks confirm by the passages that they share."""
_WORTH_COLLAPSING = 40
_BESIDE_HEADLINE = 6
"""So many words beside those of the headline still say nothing of the release, such as "Press release: …"."""
_STRANGE = 0.4
"""See ``scraper.judge.identity``: pages of one site have less in common, versions of a release have more."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A doubt, what the next look must show again to confirm it, and a sentence for a person."""

    doubt: Doubt
    token: str
    note: str


def interstitial(found: Seen, current: Revision | None) -> str | None:
    """What stands in the release's place, where the page says so or says nothing more; it is never a revision."""
    for signal, note in _INTERSTITIAL.items():
        if signal in found.release.signals:
            return note
    if current and only_headline(found.release, current.release):
        return "the page shows nothing but the headline"
    return None


def only_headline(here: Release, there: Release) -> bool:
    """True where one look shows no more than the headline and another the text: it was not there, or not yet."""
    title = set(_WORD.findall(here.title.casefold()))
    beside = [word for word in _WORD.findall(here.text.casefold()) if word not in title]
    return bool(title) and len(beside) <= _BESIDE_HEADLINE and there.words >= _WORTH_COLLAPSING


def doubt(found: Seen, known: Known, current: Revision, diff: Diff | None, *, rules: Rules) -> Reason | None:
    """Why this look should be confirmed by another, or None.

    ``current`` is the known revision under the same recipe as ``found``, ``diff`` how they differ: None where only a
    stamp may have moved.
    """
    moved = movement(current.release, found.release)
    if diff is None:
        return _restamp(found, current) if moved is Movement.FORWARD else _stale(found, current, moved)
    before, after = current.release.words, found.release.words
    if before >= _WORTH_COLLAPSING and after < before * rules.collapse:
        return _reason(Doubt.COLLAPSED, diff, found, f"only {after} of {before} words are left")
    if Signal.UNFINISHED in found.release.signals and after < before:
        return _reason(Doubt.TRUNCATED, diff, found, "the markup stops before its end and text is missing")
    if moved is Movement.BACKWARD:
        return _stale(found, current, moved)
    if _is_stranger(found, known, current):
        note = "headline and text are another release's"
        return Reason(doubt=Doubt.STRANGER, token=fold(found.release.title), note=note)
    if any(digest == found.digest for digest, _ in known.recent):
        return Reason(doubt=Doubt.FLAPPING, token=found.digest, note="the text went back to an earlier one")
    if len(known.recent) > rules.restless:
        note = f"the text changed more than {rules.restless} times of late"
        return _reason(Doubt.RESTLESS, diff, found, note)
    if moved is not Movement.FORWARD and not only_headline(current.release, found.release):
        return _blinking(diff, found)
    return None


def suspected(reason: Reason, known: Known, *, at: datetime, rules: Rules) -> Suspect:
    """The suspicion after one more look; one that shows something else for the same reason begins to count anew."""
    held = known.suspect
    if held is None or held.doubt is not reason.doubt or not _shows_again(held, reason):
        before = known.last_seen_at or known.absent_at
        begun = Suspect(doubt=reason.doubt, since=at, seen_before=before, token=reason.token)
        if held is None:
            return begun
        if held.doubt is reason.doubt:
            return replace(begun, total=held.total + 1, turns=held.turns)
        return replace(begun, turns=interrupted(held, rules).turns)
    if not rules.counts(held, at):
        return held
    return replace(held, looks=held.looks + 1, total=held.total + 1)


def interrupted(held: Suspect, rules: Rules) -> Suspect:
    """The suspicion after a look that was doubted for another reason.

    One that lasted was looked at at the ordinary pace already: what comes after it may be looked at soon again.
    """
    return replace(held, turns=0 if _lasts(held, rules) else held.turns + 1)


def _shows_again(held: Suspect, reason: Reason) -> bool:
    """True where the looks share what is doubted, though a page that varies shows other things besides."""
    return agree(held.token, reason.token) if reason.doubt in _BY_PASSAGES else held.token == reason.token


def confirmed(suspect: Suspect, known: Known, rules: Rules) -> bool:
    """True where enough looks in a row showed the same."""
    flips = 0
    if suspect.doubt is Doubt.FLAPPING:
        flips = len(known.recent) - len({digest for digest, _ in known.recent})
    return suspect.looks >= rules.looks(suspect.doubt, flips=flips) + _wanderings(suspect)


def _wanderings(suspect: Suspect) -> int:
    """How many more looks an order must stand for: the more others preceded it, the likelier it comes again by chance.

    A passage that is there twice seldom is so by chance.
    """
    is_order = suspect.doubt in _BY_PASSAGES and suspect.token.startswith("~")
    return (suspect.total - suspect.looks).bit_length() if is_order else 0


def soon(suspect: Suspect, at: datetime, rules: Rules, *, times: int = 1) -> timedelta | None:
    """How soon the next look is wanted, ``times`` as late as for others.

    None where many were doubted already, for one reason or for several by turns, and the ordinary pace must do.
    """
    if _lasts(suspect, rules) or suspect.turns >= rules.patience:
        return None
    return rules.until_next(suspect, at, times=times)


def _lasts(suspect: Suspect, rules: Rules) -> bool:
    """True for a doubt that so many looks did not end that the page is looked at at its ordinary pace."""
    return suspect.total >= rules.patience * rules.looks(suspect.doubt) // 2


def _reason(kind: Doubt, diff: Diff, found: Seen, note: str) -> Reason:
    return Reason(doubt=kind, token=differences(diff, found.release), note=note)


def _stale(found: Seen, current: Revision, moved: Movement) -> Reason | None:
    """A cache that serves an old copy shows an old stamp, whatever else differs on each load."""
    _, stamp = pair(current.release, found.release)
    if moved is not Movement.BACKWARD or stamp is None:
        return None
    return Reason(doubt=Doubt.STALE, token=stamp.at.isoformat(), note="the stamp went backwards")


def _blinking(diff: Diff, found: Seen) -> Reason | None:
    token = passages(diff, found.release)
    if token is None:
        return None
    return Reason(doubt=Doubt.BLINKING, token=token, note="whole passages came, went or moved")


def _restamp(found: Seen, current: Revision) -> Reason | None:
    """A declared stamp that moves alone may be the time of the load: it must stand still for a second look."""
    _, stamp = pair(current.release, found.release)
    if stamp is None or stamp.origin.is_visible:
        return None
    return Reason(doubt=Doubt.RESTAMP, token=stamp.at.isoformat(), note="only a declared stamp moved")


def _is_stranger(found: Seen, known: Known, current: Revision) -> bool:
    if has_same_headline(current.release, found.release):
        return False
    return known.same_text is not None or likeness(current.release, found.release) < _STRANGE
