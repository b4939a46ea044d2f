"""Random keys that are shown once, and by which digest they are known again. Pure but for the randomness.

A key has 256 random bits: a plain SHA-256 of it tells nothing and needs no salt (unlike that of a password). Looking a
digest up in an index takes a time that tells of the digest at most, and not of the key.
"""

from __future__ import annotations

import hashlib
import re
import secrets

__all__ = ["bearer", "digest", "new_session", "new_token"]

_PREFIX = "pwt_"
"""So that a token is known for one wherever it turns up: in a log, in a repository."""
_TOKEN = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{43}}")
_LONGEST = 200


def new_session() -> str:
    """The id of a session, for a cookie."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A token for the API."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def bearer(header: str | None) -> str | None:
    """The token of an Authorization header (RFC 6750, section 2.1); None where it has none of ours."""
    if header is None or len(header) > _LONGEST:
        return None
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and _TOKEN.fullmatch(token) else None
