"""Reads for feeds: changes with the texts before and after them, in one SELECT."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from scraper.model import Release
from storage import codec, compress, schema
from storage.changes import change_row, select_changes
from storage.database import AnyRow, AnySelect, Part, reading
from storage.rows import ChangeRow

__all__ = ["FeedRow", "Feeds", "StoredText", "feed_row", "select_with_texts"]

_CHANGE = schema.Change
_META = schema.Meta
_SOURCE = schema.Source
_BEFORE = schema.Revision.__table__.alias("before")
_AFTER = schema.Revision.__table__.alias("after")


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as it is kept, to be read when it is needed: a feed has many, and seldom needs them all."""

    content: bytes

    def read(self) -> Release:
        """The text.

        Raises:
            DatabaseDamaged: it is none.
        """
        return codec.release_from(compress.unpack(self.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A change with the texts that it is between."""

    change: ChangeRow
    before: StoredText | None
    """None where there was none, or it was thrown away."""
    after: StoredText | None
    language: str | None
    """Of the source, as its owner says."""

    @property
    def size(self) -> int:
        """Bytes that the texts take as they are kept."""
        return sum(len(text.content) for text in (self.before, self.after) if text)


class Feeds(Part):
    """What feeds are made of."""

    @reading
    def database_id(self, connection: Connection) -> str:
        """What tells this database from every other; copies of it and back-ups have the same."""
        return str(connection.execute(select(_META.value).where(_META.key == "database-id")).scalar_one())

    @reading
    def source_names(self, connection: Connection, *, removed: bool = False) -> dict[int, str]:
        """The names of the sources by their ids, in order of name; of those that were removed only where asked for."""
        asked = select(_SOURCE.id, _SOURCE.name).order_by(_SOURCE.name)
        if not removed:
            asked = asked.where(_SOURCE.removed_at.is_(None))
        return {row.id: row.name for row in connection.execute(asked)}


def select_with_texts() -> AnySelect:
    """The columns of :func:`feed_row`."""
    columns = _BEFORE.c.content.label("text_before"), _AFTER.c.content.label("text_after")
    return (
        select_changes(_SOURCE.language.label("source_language"), *columns)
        .outerjoin(_BEFORE, and_(_BEFORE.c.release_id == _CHANGE.release_id, _BEFORE.c.number == _CHANGE.revision_from))
        .outerjoin(_AFTER, and_(_AFTER.c.release_id == _CHANGE.release_id, _AFTER.c.number == _CHANGE.revision_to))
    )


def feed_row(row: AnyRow) -> FeedRow:
    """A row of :func:`select_with_texts`."""
    before, after = (None if text is None else StoredText(text) for text in (row.text_before, row.text_after))
    return FeedRow(change=change_row(row), before=before, after=after, language=row.source_language)
