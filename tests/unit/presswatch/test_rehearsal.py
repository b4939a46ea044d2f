"""A rehearsal says of each change who would have been told, when and why, and counts as the store does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage_room import Room, entry
from web_views import change_row

from config import Settings
from presswatch.rehearsal import How, Rehearsed, rehearse, rehearsed
from presswatch.routing import Chosen, Verdict
from scraper.model import Change, Kind, Lesson
from storage import Appointment, ChangeRow, Way, open_storage

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESK = Verdict(chosen=(Chosen(way=Way(channel="desk"), rule="routes"),))


def change(number: int, minutes: float = 0, **given: Any) -> ChangeRow:
    return replace(change_row(number), detected_at=NOON + timedelta(minutes=minutes), **given)


def hows(found: list[Rehearsed]) -> list[str]:
    return [each.how.value for each in found]


def test_each_says_its_channel_its_time_and_its_rule() -> None:
    evening = NOON + timedelta(hours=8)
    daily = Way(channel="mail", digest=Appointment(name="daily", due_at=evening))
    held = Way(channel="desk", quiet=((NOON, evening),))
    said = Verdict(chosen=(Chosen(way=held, rule="nights"), Chosen(way=daily, rule="mornings")))
    message, digest = rehearse([(change(1), said)], most_per_hour=0)
    assert (message.how, message.channel, message.at, message.rule) == (How.MESSAGE, "desk", evening, "nights")
    assert (digest.how, digest.channel, digest.at, digest.digest) == (How.DIGEST, "mail", evening, "daily")


def test_of_whom_nobody_is_told_and_why() -> None:
    verdicts = [
        (change(1), Verdict(chosen=(), dropped_by="chatter")), (change(2), Verdict(chosen=())),
        (change(3, release_id=3), DESK), (change(4, source_id=4), DESK),
    ]  # fmt: skip
    verdicts += [(change(5, release_id=3, batch_id=7), DESK), (change(6, batch_id=7), DESK)]
    found = rehearse(verdicts, most_per_hour=0, taught_by={5: 2}, muted_releases={3}, muted_sources={4})
    expected = [
        ("dropped", "chatter"), ("unrouted", "routes"), ("muted", "mute"), ("muted", "mute"), ("noise", "change 2"),
        ("message", "routes"),
    ]  # fmt: skip
    assert [(each.how.value, each.rule) for each in found] == expected


def test_what_was_dropped_after_a_rule_that_went_on_is_told_by_that_one() -> None:
    said = replace(DESK, dropped_by="chatter")
    assert hows(list(rehearse([(change(1), said)], most_per_hour=0))) == ["message"]


def test_too_many_are_told_by_a_summary_within_the_hour() -> None:
    verdicts = [(change(n, minutes=n), DESK) for n in range(5)] + [(change(9, minutes=63), DESK)]
    found = list(rehearse(verdicts, most_per_hour=2))
    assert hows(found) == ["message", "message", "summary", "summary", "summary", "message"]
    assert {each.at for each in found[2:5]} == {NOON + timedelta(minutes=62)}


def test_the_changes_of_a_batch_but_the_first_are_one_message() -> None:
    verdicts = [(change(n, minutes=n, batch_id=7), DESK) for n in range(5)]
    assert hows(list(rehearse(verdicts, most_per_hour=2))) == ["message", *["batch"] * 4]


def test_what_was_hushed_is_named_with_the_change_that_taught_it(tmp_path: Path) -> None:
    url = "https://news.example/a"
    with open_storage(f"sqlite:///{tmp_path}/noise.db") as storage:
        room = Room(storage=storage)
        room.watch()
        room.list(entry("a"))
        room.read(url, "One.", kinds=[Kind.NEW])
        (teacher,) = room.read(url, "Two.", kinds=[Kind.EDITED])
        storage.mark(teacher, noise=True, lessons=[Lesson(change_id=teacher, sample="Two.", place="ul/li")], now=NOON)
        edit = Change(
            kind=Kind.EDITED, not_before=None, not_after=room.now, title="", url=url, revision_from=2, revision_to=3,
            noise_by=(teacher,),
        )  # fmt: skip
        (hushed,) = room.read(url, "Three.", changes=(edit,))
        found = rehearsed(storage, Settings(), since=NOON - timedelta(days=1), now=room.now)
    assert [each.change.id for each in found] == [1, teacher, hushed]
    assert [(each.how, each.channel, each.rule) for each in found if each.change.id == hushed] == [
        (How.NOISE, None, f"change {teacher}")
    ]
