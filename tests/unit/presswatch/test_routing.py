"""The first rule that a change meets decides who is told, and when; without one the routes of its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from web_views import change_row, text

from config.rules import RuleSettings
from presswatch.routing import unknown_sources, verdict, ways
from scraper.model import Kind, Release
from storage import FeedRow, StoredText, Way, codec, compress

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 23, tzinfo=UTC)


def stored(release: Release) -> StoredText:
    return StoredText(compress.pack(codec.release_to(release)))


def news(**given: Any) -> FeedRow:
    change = replace(
        change_row(), source="Harbour Office", kind=Kind.EDITED, importance=0.5, title="Pier approved", **given
    )
    before = stored(text("Twelve vessels call at the pier.", language="de"))
    after = stored(text("Nine vessels call at the eastern pier.", language="en-GB"))
    return FeedRow(change=change, before=before, after=after, language="fr")


def rules(*tables: dict[str, Any]) -> list[RuleSettings]:
    return [RuleSettings(**table) for table in tables]


def told(*tables: dict[str, Any], row: FeedRow | None = None, at: datetime = NOON) -> list[str]:
    return [way.channel for way in ways(rules(*tables), row or news(), ("console",), at)]


def test_without_a_rule_the_source_routes_are_told_at_once() -> None:
    assert ways([], news(), ("console", "desk"), NOON) == (Way(channel="console"), Way(channel="desk"))


def test_a_channel_that_stands_in_the_routes_twice_is_told_once() -> None:
    assert ways([], news(), ("desk", "console", "desk"), NOON) == (Way(channel="desk"), Way(channel="console"))


CONDITIONS = {
    "source": ({"sources": ["Harbour Office"]}, {"sources": ["Harbour"]}),
    "source in another case": ({"sources": ["harbour office"]}, {"sources": ["Office"]}),
    "pattern": ({"sources": ["Harb*off*"]}, {"sources": ["*harbour"]}),
    "pattern for all": ({"sources": ["*"]}, {"sources": ["*x*"]}),
    "pattern whose parts would overlap": ({"sources": ["Harbour*Office"]}, {"sources": ["Harbour O*Office"]}),
    "kind": ({"kinds": ["edited", "new"]}, {"kinds": ["new"]}),
    "importance": ({"importance": 0.5}, {"importance": 0.51}),
    "words of the title": ({"words": ["approved"]}, {"words": ["approve"]}),
    "words before": ({"words": ["twelve"]}, {"words": ["eleven"]}),
    "words after": ({"words": ["ten", "NINE vessels"]}, {"words": ["ten", "nine boats"]}),
    "a phrase": ({"words": ['"eastern pier"']}, {"words": ['"pier eastern"']}),
    "not these words": ({"not_words": ["boats"]}, {"not_words": ["boats", "pier"]}),
    "language": ({"languages": ["en"]}, {"languages": ["de", "fr"]}),
    "all at once": ({"kinds": ["edited"], "words": ["pier"]}, {"kinds": ["edited"], "words": ["boat"]}),
}


@pytest.mark.parametrize(("met", "missed"), CONDITIONS.values(), ids=CONDITIONS.keys())
def test_a_condition_is_met_or_missed(met: dict[str, Any], missed: dict[str, Any]) -> None:
    assert told({**met, "routes": ["desk"]}) == ["desk"]
    assert told({**missed, "routes": ["desk"]}) == ["console"]


def test_the_first_rule_that_is_met_decides() -> None:
    assert told({"routes": ["one"]}, {"routes": ["two"]}) == ["one"]
    assert told({"routes": ["one"], "kinds": ["new"]}, {"routes": ["two"]}) == ["two"]


def test_a_rule_that_goes_on_adds_its_channels_to_those_of_the_next_that_is_met() -> None:
    assert told({"routes": ["one"], "go_on": True}, {"routes": ["two", "one"]}, {"routes": ["three"]}) == ["one", "two"]
    assert told({"routes": ["one"], "go_on": True}) == ["one"]
    assert told({"routes": ["one"], "go_on": True}, {"drop": True}) == ["one"]


def test_a_rule_without_routes_is_about_those_of_the_source() -> None:
    (way,) = ways(rules({"digest": "daily"}), news(), ("console",), NOON)
    assert way.channel == "console"
    assert way.digest is not None
    assert (way.digest.name, way.digest.due_at) == ("daily at 08:00, UTC", datetime(2026, 3, 3, 8, tzinfo=UTC))


def test_nobody_is_told_of_what_is_dropped_and_the_rule_is_named() -> None:
    found = verdict(rules({"kinds": ["new"], "drop": True}, {"name": "chatter", "drop": True}), news(), ("a",), NOON)
    assert (found.chosen, found.dropped_by) == ((), "chatter")


def test_a_channel_named_twice_is_told_as_the_first_rule_says() -> None:
    given = rules({"routes": ["a"], "go_on": True}, {"name": "rest", "routes": ["a", "b"], "digest": "hourly"})
    found = verdict(given, news(), ("console",), NOON).chosen
    assert [(each.way.channel, each.rule, each.way.digest is None) for each in found] == [
        ("a", "rule 1", True), ("b", "rest", False),
    ]  # fmt: skip


def test_what_is_urgent_waits_for_nothing() -> None:
    quiet = {"quiet": "22:00-07:00", "urgent": 0.5}
    assert ways(rules(quiet), news(), ("a",), NIGHT) == (Way(channel="a"),)
    assert ways(rules({**quiet, "digest": "daily"}), news(), ("a",), NIGHT) == (Way(channel="a"),)
    (held,) = ways(rules({**quiet, "urgent": 0.6}), news(), ("a",), NIGHT)
    assert held.free_at(NIGHT) == datetime(2026, 3, 3, 7, tzinfo=UTC)


def test_a_digest_that_falls_into_quiet_hours_is_due_at_their_end() -> None:
    (way,) = ways(rules({"digest": "hourly", "quiet": "22:00-07:00"}), news(), ("a",), NIGHT)
    assert way.digest is not None
    assert way.digest.due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert way.digest.name == "hourly, not from 22:00 to 07:00, UTC"


def test_a_weekly_digest_keeps_to_the_quiet_hours_of_its_own_day() -> None:
    weekly = {"digest": "weekly", "day": "sunday", "at": "23:00", "quiet": "22:00-07:00"}
    (way,) = ways(rules(weekly), news(), ("a",), NOON)
    assert way.digest is not None
    assert way.digest.due_at == datetime(2026, 3, 9, 7, tzinfo=UTC)


def test_a_text_that_can_not_be_read_loses_no_change() -> None:
    broken = replace(news(), before=StoredText(b"none"), after=StoredText(b"none"))
    assert told({"words": ["pier"], "routes": ["desk"]}, row=broken) == ["desk"]
    assert told({"words": ["twelve"], "routes": ["desk"]}, row=broken) == ["console"]
    assert told({"languages": ["fr"], "routes": ["desk"]}, row=broken) == ["desk"]


def test_a_source_that_is_not_there_is_told_with_the_nearest() -> None:
    given = rules({"sources": ["Harbor Office", "harbour office", "New*", "zzz"], "drop": True})
    nearest, none = unknown_sources(given, ["Harbour Office", "Ministry"])
    assert nearest == 'a rule names the source "Harbor Office", and there is none; did you mean "Harbour Office"?'
    assert none.endswith('"zzz", and there is none; known are: Harbour Office, Ministry')
