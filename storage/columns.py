"""Column types that read and write the same on SQLite and PostgreSQL, and refuse what one of them could not keep."""

# ruff: noqa: ARG002, ANN401 - SQLAlchemy calls these methods with a dialect and whatever the column holds.

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

__all__ = ["Id", "Json", "Key", "Line", "UtcDateTime", "Word", "clean", "shorten"]

Id = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite gives out row ids only to a column that is called INTEGER."""

_MAX_KEY = 600
"""Characters. PostgreSQL refuses index rows of more than 2,704 bytes, a hostile address has any length."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL refuses NUL in text; lone surrogates have no UTF-8."""


def clean(text: str) -> str:
    """The text as a column keeps it: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def shorten(text: str) -> str:
    """The text as an index keeps it: cleaned, and what is too long is cut, with a digest of the whole."""
    text = clean(text)
    if len(text) <= _MAX_KEY:
        return text
    return f"{text[: _MAX_KEY - 65]}#{hashlib.sha256(text.encode()).hexdigest()[:64]}"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, to the microsecond.

    Raises:
        ValueError: on writing a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone can't be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC: SQLite keeps no zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """Text, cleaned; see :func:`clean`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Without what a database refuses."""
        return None if value is None else clean(value)


class Key(TypeDecorator[str]):
    """Text that is looked up by an index; see :func:`shorten`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Without what a database refuses, and no longer than an index takes."""
        return None if value is None else shorten(value)


class Json(TypeDecorator[Any]):
    """JSON as ASCII text, so that every string survives: NUL and lone surrogates are escapes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From text."""
        return None if value is None else json.loads(value)


class JsonOrNull(Json):
    """The same in a column that is never NULL: None is JSON's ``null``."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """To text."""
        return json.dumps(value, separators=(",", ":"))


W = TypeVar("W", bound=StrEnum)


class Word(TypeDecorator[W]):
    """A word of a closed list."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        self.words = words
        super().__init__()

    def process_bind_param(self, value: W | None, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> W | None:
        """From text."""
        return None if value is None else self.words(value)
