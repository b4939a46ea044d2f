"""The password's hash: Argon2id with the parameters of RFC 9106. The only module that knows argon2."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["LEAST", "MOST", "hashed", "is_right", "why_not"]

LEAST, MOST = 10, 1_000
"""Characters. No other rule: length is what counts (NIST SP 800-63B, section 3.1.1.2)."""
_HASHER = PasswordHasher()
"""Its defaults are the second recommendation of RFC 9106, section 4: 64 MiB, three passes; about 50 ms."""


def why_not(password: str) -> str | None:
    """Why a password can't be taken, in a sentence; None where it can."""
    if len(password) < LEAST:
        return f"a password has at least {LEAST} characters; some words in a row are easy to remember"
    return f"a password has at most {MOST} characters" if len(password) > MOST else None


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def is_right(password: str, stored: str | None) -> bool:
    """True where a password is the one that was hashed. As long as it takes, too, where none was."""
    try:
        right = _HASHER.verify(stored or _NOBODYS, password[: MOST + 1].encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


_NOBODYS = _HASHER.hash("nobody's")
