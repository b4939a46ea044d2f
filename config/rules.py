"""The settings of rules: who is told of which changes, and when. The first rule that a change meets decides."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from config.mistakes import nearest
from config.times import Hours, TimeOfDay, Zone
from scraper.model import Kind

__all__ = ["RuleSettings"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,7}")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_WORDS = 200


def _kind(value: str) -> str:
    kinds = [kind.value for kind in Kind]
    if value not in kinds:
        close = nearest(value, kinds)
        hint = f'did you mean "{close}"?' if close else f"known are: {', '.join(kinds)}"
        raise ValueError(f'"{value}" is no kind of change; {hint}')
    return value


def _day(value: str) -> str:
    if value.lower() not in _DAYS:
        close = nearest(value.lower(), _DAYS)
        hint = f'did you mean "{close}"?' if close else f"known are: {', '.join(_DAYS)}"
        raise ValueError(f'"{value}" is no day of the week; {hint}')
    return value.lower()


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value.lower()):
        raise ValueError(f'"{value}" is no language; write its tag, such as "en" or "pt-br"')
    return value.lower()


def _words(value: str) -> str:
    if value.count('"') % 2:
        raise ValueError(f"{value[:40]!r} has a quotation mark that nothing closes")
    if not any(char.isalnum() for char in value) or len(value) > _LONGEST_WORDS:
        raise ValueError(
            f'"{value[:40]}" are no words: they have a letter, and {_LONGEST_WORDS} characters at the most'
        )
    return value


def _source(value: str) -> str:
    if not value.strip():
        raise ValueError('it must be the name of a source, or a pattern such as "Ministry*"')
    return value


KindName = Annotated[str, AfterValidator(_kind)]
Day = Annotated[str, AfterValidator(_day)]
Language = Annotated[str, AfterValidator(_language)]
WantedWords = Annotated[str, AfterValidator(_words)]
SourceName = Annotated[str, AfterValidator(_source)]


class RuleSettings(BaseModel):
    """What is done with a change that meets all of its conditions; a condition that is left out is met by any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=80)
    """By which it is told that it decided; else its place, such as ``rule 2``."""
    sources: tuple[SourceName, ...] = ()
    """Names of sources, whatever their case; ``*`` stands for any text."""
    kinds: tuple[KindName, ...] = ()
    importance: float = Field(default=0.0, ge=0, le=1)
    """The least."""
    words: tuple[WantedWords, ...] = ()
    """Any of them: all words of a text, in any order; what stands in quotation marks as it stands."""
    not_words: tuple[WantedWords, ...] = ()
    """None of them."""
    languages: tuple[Language, ...] = ()
    """Any of them, as the page declares its own, else that of the source: ``en`` stands for ``en-gb``, too."""
    routes: tuple[str, ...] | None = None
    """Channels that are told, in place of those of the source."""
    drop: bool = False
    """Nobody is told."""
    go_on: bool = False
    """The rules after it are asked, too."""
    digest: Literal["hourly", "daily", "weekly"] | None = None
    """Told together with others, in one message."""
    at: TimeOfDay | None = None
    """When a daily or weekly digest is sent; without it 08:00."""
    day: Day | None = None
    """Of a weekly digest; without it Monday."""
    quiet: Hours | None = None
    """What happens in these hours is told at their end."""
    urgent: float | None = Field(default=None, ge=0, le=1)
    """From this importance on a change waits neither for the digest nor for the end of the quiet hours."""
    time_zone: Zone = "UTC"
    """Of ``at``, ``day`` and ``quiet``."""

    @property
    def due_at(self) -> time:
        """The time of the day of a daily or weekly digest."""
        return self.at or time(8)

    @property
    def weekday(self) -> int | None:
        """The day of a weekly digest, Monday being 0; None: every day."""
        return _DAYS.index(self.day or "monday") if self.digest == "weekly" else None

    @model_validator(mode="after")
    def _makes_sense(self) -> RuleSettings:
        mistakes = list(self._mistakes())
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _mistakes(self) -> list[str]:
        given = self.model_fields_set
        acts = given & {"routes", "digest", "at", "day", "quiet", "urgent", "go_on"}
        found = []
        if self.drop and acts:
            found.append(f'a rule that drops has no "{min(acts)}"')
        if self.routes == ():
            found.append('"routes" names no channel; where nobody is to be told, say drop = true')
        if "at" in given and self.digest not in ("daily", "weekly"):
            found.append('"at" needs digest = "daily" or "weekly"')
        if "day" in given and self.digest != "weekly":
            found.append('"day" needs digest = "weekly"')
        if "urgent" in given and not (self.digest or self.quiet):
            found.append('"urgent" needs "quiet" or "digest", through which it breaks')
        if "time_zone" in given and not (self.digest or self.quiet):
            found.append('"time_zone" needs "quiet" or "digest"')
        if not (self.drop or given & {"routes", "digest", "quiet"}):
            found.append('it does nothing: a rule has "routes", "drop", "digest" or "quiet"')
        return found
