"""Tokens in forms, so that only a page of ours can send them. Pure.

The token is made from the session's secret id, which no other page can know; nothing has to be stored, and it ends with
the session. Who needs no session (on loopback, behind a proxy) has a secret of the process in its place.
"""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["csrf_token", "is_genuine"]


def csrf_token(secret: str) -> str:
    """The token of the forms that are shown to the holder of a secret."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"presswatch form", hashlib.sha256).hexdigest()


def is_genuine(given: str, secret: str) -> bool:
    """True where a form was made for the holder of the secret. The time that it takes tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), csrf_token(secret).encode())
