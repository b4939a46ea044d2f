"""How a version of a release is cited: in words, as BibTeX and as CSL-JSON. Pure text from what is known of it.

A press release may change, so a citation says which version was seen when, where it is kept, and by which checksum of
the answer's bytes anybody can tell that it is the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from presswatch.web.rendering import one_line
from presswatch.words import moment
from scraper.model import Precision, Stamp

__all__ = ["Citation"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "{}$&#%_"},
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ADDRESS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '{}\\"<>^`|')
"""What an address keeps; the rest is percent-encoded, so that braces stay balanced and nothing ends a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One version of a release, and where it stands."""

    institution: str
    title: str
    published: Stamp | None
    """None where the page does not say."""
    url: str
    """The original's."""
    release_id: int
    number: int
    seen_at: datetime
    kept_at: str
    """Its permanent address."""
    sha256: str | None
    """Of the bytes it was read from; None where none were kept."""
    language: str | None = None

    @property
    def _parts(self) -> tuple[int, ...]:
        """Year, month and day of the publication, as far as they are told."""
        if self.published is None:
            return ()
        day = _day(self.published)
        return (day.year, day.month) if self.published.precision is Precision.MONTH else (day.year, day.month, day.day)

    @property
    def text(self) -> str:
        """In the style of the American Psychological Association, with the version beside it."""
        year, month, day = (*self._parts, None, None, None)[:3]
        told = "n.d." if year is None else f"{year}, {date(year, month or 1, 1):%B}{f' {day}' if day else ''}"
        checksum = f", SHA-256 of its bytes {self.sha256}" if self.sha256 else ""
        return (
            f"{one_line(self.institution)}. ({told}). {one_line(self.title) or '[Untitled]'} [Press release]. "
            f"{_address(self.url)} (Revision {self.number}, seen {moment(self.seen_at)}; kept at "
            f"{_address(self.kept_at)}{checksum})"
        )

    @property
    def bibtex(self) -> str:
        """An entry that BibTeX and biblatex read, in UTF-8."""
        year, month, day = (*self._parts, None, None, None)[:3]
        checksum = f", SHA-256 {self.sha256}" if self.sha256 else ""
        seen = f"Revision {self.number}, seen {moment(self.seen_at)}"
        fields = {
            "author": f"{{{_tex(self.institution)}}}",
            "title": f"{{{_tex(self.title) or 'Untitled'}}}",
            "year": year,
            "month": month,
            "day": day,
            "howpublished": "Press release",
            "url": _address(self.url),
            "urldate": f"{self.seen_at.astimezone(UTC):%Y-%m-%d}",
            "note": f"{seen}, kept at {_tex(_address(self.kept_at))}{checksum}",
        }
        lines = [
            f"  {name} = {_MONTHS[int(value) - 1] if name == 'month' else f'{{{value}}}'},\n"
            for name, value in fields.items()
            if value is not None
        ]
        return f"@misc{{presswatch-{self.release_id}-{self.number},\n{''.join(lines)}}}\n"

    @property
    def csl(self) -> str:
        """A list of one item, as citation managers take it (CSL-JSON 1.0)."""
        seen = self.seen_at.astimezone(UTC)
        item: dict[str, object] = {
            "id": f"presswatch-{self.release_id}-{self.number}",
            "type": "webpage",
            "genre": "Press release",
            "title": one_line(self.title) or "Untitled",
            "author": [{"literal": one_line(self.institution)}],
            "URL": _address(self.url),
            "accessed": {"date-parts": [[seen.year, seen.month, seen.day]]},
            "version": f"Revision {self.number}",
            "archive": "presswatch",
            "archive_location": _address(self.kept_at),
            "note": f"Seen {moment(self.seen_at)}{f'; SHA-256 {self.sha256}' if self.sha256 else ''}",
        }
        if self._parts:
            item["issued"] = {"date-parts": [list(self._parts)]}
        if self.language:
            item["language"] = one_line(self.language)
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _day(stamp: Stamp) -> date:
    return stamp.day or stamp.at.astimezone(UTC).date()


def _tex(text: str) -> str:
    return re.sub(r"[\\{}$&#%_~^]", lambda match: _SPECIAL[match[0]], one_line(text))


def _address(url: str) -> str:
    return quote(one_line(url), safe=_ADDRESS)
