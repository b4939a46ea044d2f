"""Whole passages that come, go or move are looked at twice; what both looks agree on is told, and nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.judge import RECIPE, compare, decide, digest
from scraper.judge.blinking import agree, passages
from scraper.model import Block, BlockKind, Doubt, Fetched, Known, Outcome, Release, Revision, Seen, State

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "https://news.example.int/harbour"
BODY = (
    "The council of the alliance met on Monday and agreed to deepen the harbour by four metres.",
    "It will cost 1856 million, of which the members carry nine parts in ten and the port the rest.",
    "Dredging begins in May, and ferries keep to their timetable throughout the whole summer.",
    "The harbour office will publish the plans for all to see before the end of the month.",
)
OFFERS = (
    "Three months of every newspaper for one single coin.",
    "Warm boots, made by hand in the northern mountains.",
    "Compare thirty insurers within the next two minutes!",
    "A heating that needs neither gas nor oil nor coal.",
    "Win a voyage for two around the cape by sail.",
)


def release(*body: str, title: str = "Harbour to be deepened") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body))


class Watched:
    """A page without a stamp, looked at again and again."""

    def __init__(self, *body: str) -> None:
        content = release(*body)
        current = Revision(number=1, release=content, digest=digest(content), recipe=RECIPE, observed_at=T0)
        self.at = T0
        self.known = Known(url=URL, key=URL[8:], state=State.LIVE, current=current, last_seen_at=T0)
        self.told: list[str] = []

    def look(self, *body: str) -> Outcome:
        self.at += timedelta(hours=6)
        content = release(*body)
        answer = Fetched(
            url=URL, final_url=URL, status=200, headers=(), body=b"", started_at=self.at, finished_at=self.at
        )
        found = Seen(
            at=self.at, url=URL, final_url=URL, permanent=False, release=content, digest=digest(content),
            evidence=answer,
        )  # fmt: skip
        outcome = decide(found, self.known, self.at)
        self.known = replace(
            self.known, current=outcome.revision or outcome.refresh or self.known.current, suspect=outcome.suspect
        )
        self.told += [change.kind.value for change in outcome.changes]
        return outcome


def with_offer(offer: str, *body: str) -> tuple[str, ...]:
    return (*body[:2], offer, *body[2:])


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(BODY[:3], id="a paragraph that went"),
        pytest.param((*BODY, "The port's own council will vote on it in the first week of April."), id="one that came"),
        pytest.param((BODY[1], BODY[2], BODY[0], BODY[3]), id="one that moved"),
    ],
)
def test_a_passage_is_told_at_the_second_look_that_shows_it(after: tuple[str, ...]) -> None:
    page = Watched(*BODY)
    held = page.look(*after)
    assert held.suspect is not None
    assert held.suspect.doubt is Doubt.BLINKING
    assert held.look_again is not None
    (change,) = page.look(*after).changes
    assert change.not_after == T0 + timedelta(hours=6)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param((BODY[0], BODY[1].replace("1856", "1846"), *BODY[2:]), id="a digit"),
        pytest.param((BODY[0], BODY[1].replace("1856", "1846"), *BODY[3:]), id="a digit, and a paragraph that went"),
    ],
)
def test_a_change_within_a_block_waits_for_nothing(after: tuple[str, ...]) -> None:
    page = Watched(*BODY)
    assert len(page.look(*after).changes) == 1


def test_an_offer_that_is_another_on_each_load_is_never_told() -> None:
    draw = random.Random(7)
    page = Watched(*with_offer(OFFERS[0], *BODY))
    last = OFFERS[0]
    for _ in range(40):
        last = draw.choice([offer for offer in OFFERS if offer != last])
        page.look(*with_offer(last, *BODY))
    assert page.told == []


def test_a_list_in_another_order_on_each_load_is_never_told() -> None:
    page = Watched(*BODY, *OFFERS)
    for turn in range(1, 30):
        page.look(*BODY, *OFFERS[turn % 5 :], *OFFERS[: turn % 5])
    assert page.told == []


def test_an_order_that_followed_another_must_stand_for_three_looks() -> None:
    page = Watched(*BODY, *OFFERS)
    page.look(*BODY, *OFFERS[2:], *OFFERS[:2])
    for _ in range(2):
        page.look(*BODY, *OFFERS[3:], *OFFERS[:3])
    assert page.told == []
    page.look(*BODY, *OFFERS[3:], *OFFERS[:3])
    assert page.told == ["edited"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param((BODY[0], *BODY[2:]), id="a paragraph that went"),
        pytest.param((*BODY, "The port's own council will vote on it in the first week of April."), id="one that came"),
        pytest.param((BODY[0], BODY[1].replace("1856", "1846"), *BODY[2:]), id="a digit"),
    ],
)
def test_a_true_edit_amid_such_offers_is_told_once_and_by_the_second_look(after: tuple[str, ...]) -> None:
    page = Watched(*with_offer(OFFERS[0], *BODY))
    page.look(*with_offer(OFFERS[1], *BODY))
    page.look(*with_offer(OFFERS[2], *after))
    told = page.look(*with_offer(OFFERS[3], *after)).changes
    assert page.told == ["edited"]
    for change in told:
        assert change.not_before == T0, "no later look saw what stood before"
        assert change.not_after == T0 + timedelta(hours=12)
    for offer in (OFFERS[4], OFFERS[1], OFFERS[2], OFFERS[4], OFFERS[1]):
        page.look(*with_offer(offer, *after))
    assert page.told == ["edited"]


def test_a_passage_that_blinks_is_not_told() -> None:
    page = Watched(*BODY)
    for _ in range(5):
        page.look(*BODY[:3])
        page.look(*BODY)
    assert page.told == []


def test_so_many_passages_that_no_token_holds_them_must_be_the_same_twice() -> None:
    before, after = release(*BODY), release(*BODY, *(f"Ship number {n} of the old fleet is sold." for n in range(300)))
    token = passages(compare(before, after), after)
    assert token is not None
    assert len(token) < 100
    assert agree(token, token)
