"""What the commands do that say who may come in: password, token create, list and revoke."""

from __future__ import annotations

import getpass
import sys

from config import ConfigError
from presswatch.cli.context import emit, people, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import clean, when
from presswatch.clock import utc_now
from presswatch.notify.message import rfc3339
from presswatch.web.keys import digest, new_token
from presswatch.web.passwords import MOST, hashed, why_not
from storage import StorageError

__all__ = ["FORESEEN", "create", "list_tokens", "password", "revoke"]

FORESEEN = (ConfigError, StorageError)

_LONGEST_NAME = 100


def password(*, remove: bool) -> None:
    """Store a hash, or none."""
    with store() as storage:
        had = storage.password_hash() is not None
        storage.set_password(None if remove else hashed(_asked()))
    if remove:
        people.print("The password is removed, and every session has ended." if had else "There was no password.")
    elif had:
        people.print("The password is changed, and every session has ended.")
    else:
        people.print("The password is set. A daemon that runs asks for it after it is started again.")


def _asked() -> str:
    """The new password, asked for twice; or a line of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline(MOST + 2).rstrip("\r\n")
    else:
        given = getpass.getpass("New password: ")
        if why_not(given) is None and getpass.getpass("Once more: ") != given:
            raise UserError("the two are not the same; nothing was changed")
    if reason := why_not(given):
        raise UserError(f"{reason}; nothing was changed")
    return given


def create(*, name: str, writes: bool) -> None:
    """Print a new token on standard output, and on it nothing else."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UserError(f"the name of a token has 1 to {_LONGEST_NAME} printable characters")
    made = new_token()
    with store() as storage:
        storage.add_token(name, digest(made), now=utc_now(), writes=writes)
    sys.stdout.write(made + "\n")
    may = "read and mark changes" if writes else "read"
    people.print(f"It is shown this once: a program sends it as Authorization: Bearer, and may {may} with it.")


def revoke(*, name: str) -> None:
    """Forget it."""
    with store() as storage:
        storage.revoke_token(name.strip())
    people.print(f'The token "{clean(name)}" is valid no more.')


def list_tokens(*, json: bool) -> None:
    """Their names."""
    with store() as storage:
        rows = storage.tokens()
    for row in rows:
        if json:
            emit({"name": row.name, "created_at": rfc3339(row.created_at), "writes": row.writes})
        else:
            tables.print(f"{when(row.created_at)}  {clean(row.name)}{', writes' if row.writes else ''}", soft_wrap=True)
    if not rows and not json:
        people.print("There are no tokens: presswatch token create NAME")
