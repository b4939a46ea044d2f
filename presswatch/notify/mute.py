"""Links by which one asks to be told no more of a release or of a source. Pure.

A link holds what it is about and a signature (HMAC-SHA256, RFC 2104) under a key of this database that signs nothing
else: who has a message may mute what it is about, and nobody can make such a link for something else. Following it does
nothing by itself, since mail programs and scanners follow links; the page that it leads to has buttons.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from storage import BatchRow, ChangeRow, DigestRow, Subject, Told

__all__ = ["MuteTarget", "mute_path", "mute_target", "mute_token"]

_TOKEN = re.compile(r"(?P<what>[rs])(?P<id>[1-9][0-9]{0,14})-(?P<mac>[0-9a-f]{32})", re.ASCII)
_PURPOSE = "presswatch mute 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteTarget:
    """A release or a source, by its id; the other is None."""

    release_id: int | None = None
    source_id: int | None = None


def mute_token(secret: str, target: MuteTarget) -> str:
    """What a link to mute this ends with, such as ``r17-0f3c…``."""
    what = f"r{target.release_id}" if target.release_id is not None else f"s{target.source_id}"
    return f"{what}-{_signature(secret, what)}"


def mute_target(secret: str, token: str) -> MuteTarget | None:
    """What a token mutes; None where it was not made with this secret."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_signature(secret, found["what"] + found["id"]), found["mac"]):
        return None
    number = int(found["id"])
    return MuteTarget(release_id=number) if found["what"] == "r" else MuteTarget(source_id=number)


def mute_path(secret: str, subject: Subject) -> str | None:
    """Where one asks to be told no more of what a notification is about; None where that is no one thing."""
    match subject:
        case ChangeRow():
            target = MuteTarget(release_id=subject.release_id)
        case BatchRow() | DigestRow(source_id=int()):
            target = MuteTarget(source_id=subject.source_id)
        case Told() if subject.health.source_id is not None:
            target = MuteTarget(source_id=subject.health.source_id)
        case _:
            return None
    return f"/mute/{mute_token(secret, target)}"


def _signature(secret: str, what: str) -> str:
    return hmac.new(secret.encode(), f"{_PURPOSE}\n{what}".encode(), hashlib.sha256).hexdigest()[:32]
