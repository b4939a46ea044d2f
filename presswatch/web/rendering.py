"""Templates of the pages to text. Scraped text is escaped, scraped links lead to the web only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from presswatch.doubts import doubt_words
from presswatch.excerpt import beginning
from presswatch.outcomes import outcome_words
from presswatch.web.visitor import NOBODY
from presswatch.why import why_words
from presswatch.words import ago, clock, duration, moment, same_stamp, stamped, web_link, words

__all__ = ["harmless", "one_line", "render"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no HTML document may hold (HTML, section 13.2.3.5), and what UTF-8 can't."""
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional embeddings, overrides and isolates: with them a page can make an amount read backwards."""


def render(template: str, values: Mapping[str, object]) -> str:
    """The HTML of a template. Characters that HTML does not allow become U+FFFD, those that reorder text are shown."""
    return harmless(_TEMPLATES.get_template(template).render(values))


def harmless(text: str) -> str:
    """The text that every document may hold: what HTML, XML or UTF-8 can't becomes U+FFFD, what reorders is shown."""
    return _REORDERING.sub(lambda match: f"[U+{ord(match[0]):04X}]", _UNSENDABLE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """The same on one line, white space folded: for what takes no markup, such as a title."""
    return " ".join(harmless(text).split())


def language(tag: str | None) -> str | None:
    """A language tag that may stand in an attribute (BCP 47, roughly), else None."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def query(values: Mapping[str, object]) -> str:
    """A query string of those values that are there, with its question mark."""
    given = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(given, errors='replace')}" if given else ""


def day(at: date) -> str:
    """A date such as Friday, 7 September 2012."""
    return f"{at:%A}, {at.day} {at:%B %Y}"


def short_day(at: date) -> str:
    """A date such as 7 Sep 2012; of a time that in UTC."""
    found = at.astimezone(UTC) if isinstance(at, datetime) else at
    return f"{found.day} {found:%b %Y}"


def machine(at: datetime) -> str:
    """A time for a ``datetime`` attribute."""
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


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
        short_day=short_day,
        doubt=doubt_words,
        duration=duration,
        beginning=beginning,
        moment=moment,
        outcome=outcome_words,
        clock=clock,
        machine=machine,
        stamped=stamped,
        ago=ago,
        why=why_words,
    )
    environment.globals.update(feeds_at="/feeds", visitor=NOBODY)
    environment.tests["same_stamp_as"] = same_stamp
    return environment


_TEMPLATES = _environment()
