"""Newsrooms as they are asked for, and which of them are watched. Asks the network nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from config import Settings, SourceSettings, profile_of
from scraper.model import Profile, Render
from scraper.urls import identity
from storage import SourceRow

__all__ = ["Plan", "Watched", "all_planned", "not_watched", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A newsroom that is to be watched, as it was asked for."""

    url: str
    name: str | None = None
    every: timedelta | None = None
    per_day: int | None = None
    routes: tuple[str, ...] | None = None
    """None: those of the settings."""
    time_zone: str = "UTC"
    language: str | None = None
    render: Render = Render.AUTO
    profile: Profile = field(default_factory=Profile)


def planned(configured: SourceSettings) -> Plan:
    """The plan of a configured source."""
    return Plan(
        url=configured.url, name=configured.name, every=configured.every, per_day=configured.per_day,
        routes=configured.routes, time_zone=configured.time_zone,
        language=configured.language, render=Render(configured.render),
        profile=profile_of(configured),
    )  # fmt: skip


class Watched:
    """What is watched, to be found by a plan."""

    def __init__(self, rows: Iterable[SourceRow]) -> None:
        rows = list(rows)
        self._by_name = {row.source.name: row for row in rows}
        self._by_home = {identity(row.source.home): row for row in rows}

    def find(self, plan: Plan) -> SourceRow | None:
        """By its address, else by its name."""
        return self._by_home.get(identity(plan.url)) or self._by_name.get(plan.name or "")


def all_planned(settings: Settings) -> list[Plan]:
    """What is configured; of two spellings of one address the first."""
    plans: dict[str, Plan] = {}
    for configured in settings.sources:
        plans.setdefault(identity(configured.url), planned(configured))
    return list(plans.values())


def not_watched(settings: Settings, rows: Iterable[SourceRow]) -> list[Plan]:
    """Those that are configured but not watched, without asking the network."""
    watched = Watched(rows)
    return [plan for plan in all_planned(settings) if watched.find(plan) is None]
