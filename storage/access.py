"""Who may come in: the password's hash, sessions and the API's tokens. Of keys only digests are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage import schema
from storage.columns import shorten
from storage.database import Part, reading, writing
from storage.errors import NameTaken, Unknown

__all__ = ["Access", "TokenRow"]

_META = schema.Meta
_SESSION = schema.Session
_TOKEN = schema.Token
_PASSWORD = "password-hash"  # noqa: S105  # the key of a row
_MOST_SESSIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token of the API, without itself."""

    name: str
    created_at: datetime
    writes: bool
    """It may change something; else it reads only."""


class Access(Part):
    """What is asked of who comes from elsewhere."""

    @reading
    def password_hash(self, connection: Connection) -> str | None:
        """The hash of the password; None where none is set."""
        return connection.execute(select(_META.value).where(_META.key == _PASSWORD)).scalar()

    @writing
    def set_password(self, connection: Connection, hashed: str | None) -> None:
        """Set the password or, by None, have none. Every session ends."""
        connection.execute(delete(_META).where(_META.key == _PASSWORD))
        if hashed is not None:
            connection.execute(insert(_META).values(key=_PASSWORD, value=hashed))
        connection.execute(delete(_SESSION))

    @writing
    def add_session(
        self, connection: Connection, digest: str, *, now: datetime, until: datetime, hashed: str | None
    ) -> bool:
        """Begin a session, unless the password is no more the one with this hash. True where it has begun.

        Those that are over are forgotten, and of very many the oldest end.
        """
        # A password that is changed while somebody logs in with the old one must not leave a session behind.
        if connection.execute(select(_META.value).where(_META.key == _PASSWORD)).scalar() != hashed:
            return False
        connection.execute(delete(_SESSION).where(_SESSION.until <= now))
        newest = select(_SESSION.digest).order_by(_SESSION.created_at.desc()).limit(_MOST_SESSIONS - 1)
        connection.execute(delete(_SESSION).where(_SESSION.digest.not_in(newest)))
        connection.execute(insert(_SESSION).values(digest=digest, created_at=now, until=until))
        return True

    @reading
    def has_session(self, connection: Connection, digest: str, *, now: datetime) -> bool:
        """True while the session with this digest lasts."""
        asked = select(_SESSION.digest).where(_SESSION.digest == digest, _SESSION.until > now)
        return connection.execute(asked).first() is not None

    @writing
    def end_session(self, connection: Connection, digest: str) -> None:
        """End a session, if there is such."""
        connection.execute(delete(_SESSION).where(_SESSION.digest == digest))

    @writing
    def add_token(self, connection: Connection, name: str, digest: str, *, now: datetime, writes: bool = False) -> None:
        """Let a token read the API and, where it ``writes``, change something by it.

        Raises:
            NameTaken: there is one of this name.
        """
        if connection.execute(select(_TOKEN.id).where(_TOKEN.name == name)).first() is not None:
            raise NameTaken(f"there is a token called {shorten(name)!r} already; revoke it first, or take another name")
        connection.execute(insert(_TOKEN).values(name=name, digest=digest, created_at=now, writes=writes))

    @reading
    def tokens(self, connection: Connection) -> list[TokenRow]:
        """The tokens, by name."""
        rows = connection.execute(select(_TOKEN.name, _TOKEN.created_at, _TOKEN.writes).order_by(_TOKEN.name))
        return [TokenRow(**row._asdict()) for row in rows]

    @reading
    def token(self, connection: Connection, digest: str) -> TokenRow | None:
        """The token with this digest; None where there is none."""
        asked = select(_TOKEN.name, _TOKEN.created_at, _TOKEN.writes).where(_TOKEN.digest == digest)
        row = connection.execute(asked).first()
        return None if row is None else TokenRow(**row._asdict())

    @writing
    def revoke_token(self, connection: Connection, name: str) -> None:
        """Let a token read no more.

        Raises:
            Unknown: there is none of this name.
        """
        if not connection.execute(delete(_TOKEN).where(_TOKEN.name == name)).rowcount:
            raise Unknown(f"there is no token called {shorten(name)!r}")
