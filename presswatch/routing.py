"""Who is told of a change by the rules of the settings, and when. Pure: asked within the transaction of the change.

The rules are read from the first on, and the first that a change meets decides alone; with ``go_on`` those after it are
asked, too, and a channel that several of them name is told as the first of them says. A change that meets none goes to
the routes of its source at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from config import ConfigError, Settings
from config.rules import RuleSettings
from presswatch.matching import has_words, is_in, marked, searched, spoken_in
from presswatch.schedule import next_digest, next_hour, quiet_windows
from storage import Appointment, DatabaseDamaged, FeedRow, Storage, Way

__all__ = ["DEFAULT", "Chosen", "Verdict", "check_rules", "unknown_sources", "verdict", "ways"]

DEFAULT = "routes"
"""What is said to have decided where no rule did."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A way, and the rule that chose it."""

    way: Way
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of a change."""

    chosen: tuple[Chosen, ...]
    dropped_by: str | None = None
    """The rule that said so."""


def ways(rules: Sequence[RuleSettings], row: FeedRow, routes: Sequence[str], at: datetime) -> tuple[Way, ...]:
    """By which ways a change that was detected at ``at`` is told; ``routes`` are those of its source."""
    return tuple(each.way for each in verdict(rules, row, routes, at).chosen)


def verdict(rules: Sequence[RuleSettings], row: FeedRow, routes: Sequence[str], at: datetime) -> Verdict:
    """The same with the reasons."""
    texts, chosen, is_met = _Texts(row), dict[str, Chosen](), False
    for place, rule in enumerate(rules, start=1):
        if not _meets(row, texts, rule):
            continue
        name, is_met = rule.name or f"rule {place}", True
        if rule.drop:
            return Verdict(chosen=tuple(chosen.values()), dropped_by=name)
        for channel in rule.routes or routes:
            chosen.setdefault(channel, Chosen(way=_way(channel, rule, row.change.importance, at), rule=name))
        if not rule.go_on:
            break
    if not is_met:
        chosen = {channel: Chosen(way=Way(channel=channel), rule=DEFAULT) for channel in routes}
    return Verdict(chosen=tuple(chosen.values()))


def unknown_sources(rules: Iterable[RuleSettings], names: Collection[str]) -> list[str]:
    """What is wrong with the sources of rules, by the names that there are: a sentence for each name without a source.

    Patterns may stand for sources that are yet to come.
    """
    known = {name.casefold(): name for name in names}
    found = []
    for wanted in dict.fromkeys(name for rule in rules for name in rule.sources if "*" not in name):
        if wanted.casefold() not in known:
            close = difflib.get_close_matches(wanted.casefold(), known, n=1, cutoff=0.5)
            hint = f'did you mean "{known[close[0]]}"?' if close else f"known are: {', '.join(sorted(names)) or 'none'}"
            found.append(f'a rule names the source "{wanted}", and there is none; {hint}')
    return found


def check_rules(settings: Settings, storage: Storage) -> None:
    """Refuse rules about sources that there are none of, where all names are known.

    A configured source without a name gets that of its site when it is watched: until then any name may be its. Asked
    by the commands that tell, and not by the one that adds a source which a rule names already.

    Raises:
        ConfigError: the message names each and the nearest that there is.
    """
    watched = storage.source_names(removed=True)
    named = [source.name for source in settings.sources if source.name]
    is_new = any(source.name is None for source in settings.sources) and len(settings.sources) > len(watched)
    if not is_new and (problems := unknown_sources(settings.rules, {*watched.values(), *named})):
        raise ConfigError("\n".join(problems))


class _Texts:
    """What of a change is read only where a rule asks for it, and once for all rules."""

    def __init__(self, row: FeedRow) -> None:
        self._row = row

    @cached_property
    def searched(self) -> str:
        """Its title and texts, marked; the title alone where they can't be read: that is no reason to lose a change."""
        try:
            return searched(self._row)
        except DatabaseDamaged:
            return marked(self._row.change.title)

    @cached_property
    def language(self) -> str:
        """In lower case; empty where nobody says."""
        text = self._row.after or self._row.before
        try:
            return (spoken_in(self._row, None if text is None else text.read()) or "").lower()
        except DatabaseDamaged:
            return (self._row.language or "").lower()


def _meets(row: FeedRow, texts: _Texts, rule: RuleSettings) -> bool:
    """The cheap conditions first."""
    if rule.kinds and row.change.kind.value not in rule.kinds:
        return False
    if row.change.importance < rule.importance:
        return False
    if rule.sources and not any(_fits(row.change.source, pattern) for pattern in rule.sources):
        return False
    if rule.languages and not is_in(texts.language, rule.languages):
        return False
    if rule.words and not has_words(texts.searched, rule.words):
        return False
    return not (rule.not_words and has_words(texts.searched, rule.not_words))


def _fits(name: str, pattern: str) -> bool:
    """A ``*`` stands for any text; each part is looked for once, from where the one before ended."""
    name, (first, *rest) = name.casefold(), pattern.casefold().split("*")
    if not rest:
        return name == first
    *middle, last = rest
    if not name.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = name.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(name) - len(last) >= at and name.endswith(last)


def _way(channel: str, rule: RuleSettings, importance: float, at: datetime) -> Way:
    if rule.urgent is not None and importance >= rule.urgent:
        return Way(channel=channel)
    zone = ZoneInfo(rule.time_zone)
    quiet = quiet_windows(at, rule.quiet, zone=zone) if rule.quiet else ()
    if rule.digest is None:
        return Way(channel=channel, quiet=quiet)
    is_hourly = rule.digest == "hourly"
    due_at = next_hour(at) if is_hourly else next_digest(at, rule.due_at, zone=zone, weekday=rule.weekday)
    # A week ahead, other days are quiet than those of the change.
    held = Way(channel=channel, quiet=quiet_windows(due_at, rule.quiet, zone=zone) if rule.quiet else ())
    return Way(channel=channel, digest=Appointment(name=_name(rule), due_at=held.free_at(due_at)))


def _name(rule: RuleSettings) -> str:
    """What tells a digest from others of its channel, for people, too: rules that say the same share one."""
    if rule.digest == "hourly":
        when = "hourly"
    else:
        day = "" if rule.weekday is None else f" on {_DAYS[rule.weekday]}"
        when = f"{rule.digest}{day} at {_clock(rule.due_at)}"
    quiet = f", not from {_clock(rule.quiet[0])} to {_clock(rule.quiet[1])}" if rule.quiet else ""
    is_local = rule.digest != "hourly" or rule.quiet
    return f"{when}{quiet}{f', {rule.time_zone}' if is_local else ''}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
