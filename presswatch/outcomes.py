"""What came of a look, in words for people; how it is kept is for programs (``outcome`` in docs/api.md)."""

from __future__ import annotations

from scraper.model import Failure

__all__ = ["outcome_words"]

_WORDS: dict[str, str] = {
    "changed": "read, new or changed",
    "seen": "read, as before",
    "unmodified": "not modified since",
    "missing": "gone",
    Failure.ADDRESS: "an address that is not permitted",
    Failure.DNS: "host not found",
    Failure.CONNECT: "no connection",
    Failure.TLS: "no secure connection",
    Failure.TIMEOUT: "no answer in time",
    Failure.BROKEN: "a broken answer",
    Failure.TOO_LARGE: "too large",
    Failure.REDIRECTS: "too many redirects",
    Failure.ROBOTS: "left alone because of robots.txt",
    Failure.THROTTLED: "asked to come later",
    Failure.SERVER: "an error of the server",
    Failure.REFUSED: "refused",
    Failure.UNREADABLE: "nothing that can be read",
}


def outcome_words(outcome: str) -> str:
    """The outcome; one of an earlier or later version as it is kept."""
    return _WORDS.get(outcome, outcome)
