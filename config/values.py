"""How values are written in the settings: durations, addresses, names of hosts, networks, tokens."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

__all__ = ["Address", "Duration", "HostName", "Network", "Section", "Token", "seconds"]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_LONGEST = timedelta(days=3660)
"""A wait beyond ten years is a slip of the pen, and beyond some thousands a date that no calendar has."""
_LEAST_TOKEN, _MOST_TOKEN = 20, 200
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{_LEAST_TOKEN},{_MOST_TOKEN}}}")
"""It is a segment of a path, and must not be guessed: 20 random characters of these are 120 bits."""


def seconds(text: str) -> timedelta:
    """A duration as people write it: ``90``, ``90s``, ``15m``, ``1h30m``, ``7d``, ``2w``.

    Raises:
        ValueError: it is none.
    """
    try:
        return _seconds(text.strip().lower())
    except OverflowError:
        raise ValueError(f'"{text}" is no duration that anybody waits for') from None


def _seconds(text: str) -> timedelta:
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return timedelta(seconds=float(text))
    if not _DURATION.fullmatch(text):
        raise ValueError(f'"{text}" is no duration; write it like "90s", "15m", "1h30m" or "7d"')
    return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+(?:\.\d+)?)([smhdw])", text)))


def _duration(value: object) -> object:
    return seconds(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else value


def _sensible(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError("it must be longer than nothing")
    if value > _LONGEST:
        raise ValueError("it must not be longer than ten years")
    return value


def _address(value: str) -> str:
    if not re.match(r"https?://[^/?#\s]", value, re.IGNORECASE):
        raise ValueError(f'"{value}" is no web address; it begins with http:// or https:// and a host')
    return value


def _token(value: str) -> str:
    """What it is is never said: messages end up in logs."""
    if not _TOKEN.fullmatch(value):
        raise ValueError(
            f"a feed token is {_LEAST_TOKEN} to {_MOST_TOKEN} letters, digits, - and _; "
            "make one: presswatch secret --feeds"
        )
    return value


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?", value):
        raise ValueError(f'"{value}" is no host name; write it without scheme and port, such as "watch.example.org"')
    return value.lower()


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise ValueError(f'"{value}" is no address or network; write "127.0.0.1" or "10.0.0.0/8"') from None


HostName = Annotated[str, AfterValidator(_host_name)]
Network = Annotated[str, AfterValidator(_network)]
Duration = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_sensible)]
Address = Annotated[str, AfterValidator(_address)]
Token = Annotated[str, AfterValidator(_token)]


class Section(BaseModel):
    """A table of the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")
