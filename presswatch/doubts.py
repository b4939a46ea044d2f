"""What the last looks at a release saw and no second look confirmed yet, as a sentence for people."""

from __future__ import annotations

from presswatch.words import counted, moment
from scraper.model import Doubt, Suspect

__all__ = ["doubt_words"]

_WORDS = {
    Doubt.GONE: "the page was gone",
    Doubt.COLLAPSED: "most of the text was missing",
    Doubt.INTERSTITIAL: "an error, a login, a consent or a check for robots stood in the place of the text",
    Doubt.TRUNCATED: "the page was cut off",
    Doubt.STALE: "the stamp went back",
    Doubt.FLAPPING: "an earlier text stood there again",
    Doubt.RESTLESS: "the text was another, as on many looks of late",
    Doubt.BLINKING: "passages came, went or moved while the stamp did not",
    Doubt.DOUBLE: "the whole text of another release stood there",
    Doubt.BARE: "nothing that a release would have stood there",
    Doubt.KIN: "nearly the text of another release stood there",
    Doubt.STRANGER: "another release's text stood there",
    Doubt.RESTAMP: "a declared stamp moved and nothing else",
    Doubt.EMPTY: "the list was empty",
    Doubt.ALL_NEW: "the list shared nothing with what it had",
}


def doubt_words(suspect: Suspect) -> str:
    """What is doubted and since when; a clause for each look would say the same again."""
    looks = "at the last look" if suspect.total == 1 else f"at the last {counted(suspect.total, 'look')}"
    return f"{_WORDS[suspect.doubt]} {looks}, first {moment(suspect.since)}; another look is to confirm it"
