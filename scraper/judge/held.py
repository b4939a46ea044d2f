"""Looks of which nothing is concluded: everything stays as it was, but for what is suspected."""

from __future__ import annotations

from dataclasses import replace

from scraper.judge.doubts import Reason, confirmed, soon, suspected
from scraper.judge.rules import Rules
from scraper.model import Failed, Known, Outcome, Seen, Suspect

__all__ = ["doubted", "held"]


def held(known: Known, *, note: str, suspect: Suspect | None = None, failed: Failed | None = None) -> Outcome:
    """The outcome of such a look."""
    return Outcome(state=known.state, url=known.url, key=known.key, suspect=suspect, failed=failed, note=note)


def doubted(reason: Reason, found: Seen, known: Known, rules: Rules) -> Outcome | Suspect:
    """The look held for another one, or the suspicion that it confirms."""
    suspect = suspected(reason, known, at=found.at, rules=rules)
    if confirmed(suspect, known, rules):
        return suspect
    outcome = held(known, note=f"{reason.note}; to be confirmed", suspect=suspect)
    return replace(outcome, look_again=soon(suspect, found.at, rules))
