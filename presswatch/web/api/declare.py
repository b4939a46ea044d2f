"""What an endpoint is: its address, the parameters that it takes and what it answers. Pure.

A declaration is read twice: to understand a request, and to describe the endpoint in the OpenAPI document. So the two
can't say different things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from config.mistakes import nearest
from presswatch.web.marking import Desk
from presswatch.web.page import BadRequest, NotFound
from presswatch.web.views import Views

__all__ = ["Asked", "Endpoint", "Parameter", "among", "flag", "moment", "number_of", "share", "text", "understood"]

_DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)
_MOST_VALUES = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Read = Callable[[str], object]
"""A value to what is meant; raises ValueError with a few words where it can't be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Something that is asked with."""

    name: str
    says: str
    schema: Mapping[str, object]
    read: Read
    many: bool = False
    """It may come several times; the values are a tuple."""
    default: object = None
    in_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as an endpoint understands it."""

    views: Views
    now: datetime
    values: Mapping[str, Any]
    body: Mapping[str, Any] = field(default_factory=dict)
    """What was sent, where something was."""
    desk: Desk | None = None
    """Where changes are marked; None: marks are not shown here."""
    by: str | None = None
    """The name of who asks, where there are names."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # the parameter's own
        return self.values[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address of the API."""

    path: str
    """Below ``/api/v1``."""
    name: str
    says: str
    answer: str
    """The name of a schema."""
    listed: bool = False
    """It answers a page of such."""
    parameters: tuple[Parameter, ...] = ()
    function: Callable[[Asked], Mapping[str, object]] = field(repr=False)
    takes: str = ""
    """The name of the schema of what is sent to change something; empty where it only reads."""

    @property
    def method(self) -> str:
        """The method by which it is asked."""
        return "PATCH" if self.takes else "GET"


def understood(endpoint: Endpoint, query: Sequence[tuple[str, str]], path: Mapping[str, str]) -> dict[str, object]:
    """The values of an endpoint's parameters.

    Raises:
        BadRequest: one can't be meant, comes too often, or there is none of its name; the message says which.
        NotFound: a part of the path can't be meant.
    """
    known = {each.name for each in endpoint.parameters if not each.in_path}
    for name, _ in query:
        if name not in known:
            close = nearest(name, known)
            raise BadRequest("there is no such parameter" + (f"; did you mean {close}?" if close else ""))
    values: dict[str, object] = {}
    for each in endpoint.parameters:
        given = [path[each.name]] if each.in_path else [value for name, value in query if name == each.name]
        values[each.name] = _value(each, given)
    return values


def _value(parameter: Parameter, given: Sequence[str]) -> object:
    if len(given) > (_MOST_VALUES if parameter.many else 1):
        raise BadRequest(f"{parameter.name}: it is given too often")
    try:
        read = tuple(parameter.read(value) for value in given)
    except ValueError as error:
        if parameter.in_path:
            raise NotFound from None
        raise BadRequest(f"{parameter.name}: {error}") from None
    if parameter.many:
        return tuple(dict.fromkeys(read))
    return read[0] if read else parameter.default


# --- kinds of parameters ----------------------------------------------------------------------------------------------


def number_of(
    name: str, says: str, *, least: int = 0, most: int = 10**15 - 1, default: int | None = None, in_path: bool = False
) -> Parameter:
    """A whole number."""

    def read(value: str) -> int:
        if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
            raise ValueError(f"it is a whole number from {least} to {most}")
        return int(value)

    schema: dict[str, object] = {"type": "integer", "minimum": least, "maximum": most}
    if default is not None:
        schema["default"] = default
    return Parameter(name=name, says=says, schema=schema, read=read, default=default, in_path=in_path)


def share(name: str, says: str) -> Parameter:
    """A number from 0 to 1."""

    def read(value: str) -> float:
        if not re.fullmatch(r"0?\.[0-9]{1,9}|[01](\.0{0,9})?", value):
            raise ValueError("it is a number from 0 to 1, such as 0.5")
        return float(value)

    schema = {"type": "number", "minimum": 0, "maximum": 1}
    return Parameter(name=name, says=says, schema=schema, read=read, default=0.0)


def text(name: str, says: str, *, most: int = 200, many: bool = False) -> Parameter:
    """Words."""

    def read(value: str) -> str:
        if not value.strip() or len(value) > most:
            raise ValueError(f"it has 1 to {most} characters, and not only spaces")
        return value.strip()

    schema = {"type": "string", "minLength": 1, "maxLength": most}
    return Parameter(name=name, says=says, schema=schema, read=read, many=many)


def among(name: str, says: str, words: Sequence[str], *, many: bool = False) -> Parameter:
    """One of some words."""

    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"it is one of {', '.join(words)}")
        return value

    return Parameter(name=name, says=says, schema={"type": "string", "enum": list(words)}, read=read, many=many)


def flag(name: str, says: str) -> Parameter:
    """True or false."""

    def read(value: str) -> bool:
        if value not in ("true", "false"):
            raise ValueError("it is true or false")
        return value == "true"

    return Parameter(name=name, says=says, schema={"type": "boolean", "default": False}, read=read, default=False)


def moment(name: str, says: str) -> Parameter:
    """A time with its zone, or a date, which is its first moment in UTC."""

    def read(value: str) -> datetime:
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                return datetime.combine(date.fromisoformat(value), time(), UTC)
            # Without a zone, subtracting from a time that has one raises TypeError.
            found = datetime.fromisoformat(value)
            return _EPOCH + (found - _EPOCH)
        except (ValueError, OverflowError, TypeError):
            raise ValueError("it is a date, 2026-03-01, or a time with its zone, 2026-03-01T08:00:00Z") from None

    schema = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return Parameter(name=name, says=says, schema=schema, read=read)
