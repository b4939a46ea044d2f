"""Templates to text: the only module that knows Jinja. Scraped text is escaped, scraped links lead to the web only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from scraper.model import Kind, Precision, Stamp
from storage import StampRow

__all__ = ["harmless", "moment", "one_line", "render", "same_stamp", "stamped", "words"]

_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"'`\\]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no HTML document may hold (HTML, section 13.2.3.5), and what UTF-8 can't."""
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional embeddings, overrides and isolates: with them a page can make an amount read backwards."""
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def render(template: str, values: Mapping[str, object]) -> str:
    """The HTML of a template. Characters that HTML does not allow become U+FFFD, those that reorder text are shown."""
    return harmless(_TEMPLATES.get_template(template).render(values))


def harmless(text: str) -> str:
    """The text that every document may hold: what HTML, XML or UTF-8 can't becomes U+FFFD, what reorders is shown."""
    return _REORDERING.sub(lambda match: f"[U+{ord(match[0]):04X}]", _UNSENDABLE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """The same on one line, white space folded: for what takes no markup, such as a title."""
    return " ".join(harmless(text).split())


def web_link(url: str) -> str | None:
    """The address as a link's target, None where it leads elsewhere than to the web."""
    return url if _WEB.fullmatch(url) else None


def language(tag: str | None) -> str | None:
    """A language tag that may stand in an attribute (BCP 47, roughly), else None."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def query(values: Mapping[str, object]) -> str:
    """A query string of those values that are there, with its question mark."""
    given = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(given, errors='replace')}" if given else ""


def words(kind: Kind) -> str:
    """A kind as people read it."""
    return kind.value.replace("-", " ")


def day(at: date) -> str:
    """A date such as Friday, 7 September 2012."""
    return f"{at:%A}, {at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """A time such as 7 Sep 2012, 10:46:05 UTC."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M:%S} UTC"


def clock(at: datetime) -> str:
    """The time of day in UTC."""
    return f"{at.astimezone(UTC):%H:%M:%S}"


def machine(at: datetime) -> str:
    """A time for a ``datetime`` attribute."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def stamped(stamp: Stamp | StampRow) -> str:
    """A stamp as exactly as its page tells it, in UTC where it has a time of day."""
    if stamp.precision is Precision.MONTH:
        return f"{stamp.at:%B %Y}"
    if stamp.precision is Precision.DAY:
        return f"{stamp.at.day} {stamp.at:%b %Y}"
    seconds = ":%S" if stamp.precision is Precision.SECOND else ""
    return f"{stamp.at.day} {stamp.at:%b %Y, %H:%M}{stamp.at.strftime(seconds)} UTC"


def ago(at: datetime, now: datetime) -> str:
    """How far a time is from now, in words."""
    gap = abs(now - at)
    for unit, name in _UNITS:
        if gap >= unit:
            count = gap // unit
            text = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{text} ago" if at <= now else f"in {text}"
    return "just now" if at <= now else "in a moment"


def same_stamp(before: Stamp | StampRow | None, after: Stamp | StampRow | None) -> bool:
    """True where both tell the same time, or neither tells one."""
    if before is None or after is None:
        return before is after
    return (before.at, before.precision) == (after.at, after.precision)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("presswatch.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        web_link=web_link,
        language=language,
        query=query,
        words=words,
        day=day,
        moment=moment,
        clock=clock,
        machine=machine,
        stamped=stamped,
        ago=ago,
    )
    environment.globals["feeds_at"] = "/feeds"
    environment.tests["same_stamp_as"] = same_stamp
    return environment


_TEMPLATES = _environment()
