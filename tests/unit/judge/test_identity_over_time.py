"""Releases that move, are followed by others at their address, or come back, as sequences of looks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from scraper.judge import RECIPE, Rules, decide, digest, traits
from scraper.model import (
    Block,
    BlockKind,
    Doubt,
    Fetched,
    Found,
    Kind,
    Known,
    Missing,
    Origin,
    Outcome,
    Precision,
    Release,
    Revision,
    Seen,
    Stamp,
    State,
    Twin,
)
from scraper.urls import identity

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OLD, NEW = "https://news.example.int/cps/news_1.htm", "https://news.example.int/en/2026/harbour"
RULES = Rules()
TEXTS = (
    "The council of the alliance met on Monday and agreed to deepen the harbour by four metres before winter comes.",
    "A colony of terns has settled under the roof of the lighthouse, wardens reported to the parish only yesterday.",
    "Wages of the crane drivers rise by a tenth over two summers, both sides announced after nights of bargaining.",
)


def release(text: str, *, title: str = "Harbour", day: datetime | None = T0) -> Release:
    published = Stamp(at=day, precision=Precision.DAY, raw="", origin=Origin.TEXT) if day else None
    return Release(title=title, blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),), published=published)


def seen(content: Release, url: str, at: datetime) -> Seen:
    answer = Fetched(url=url, final_url=url, status=200, headers=(), body=b"", started_at=at, finished_at=at)
    return Seen(
        at=at, url=url, final_url=url, permanent=False, release=content, digest=digest(content), evidence=answer
    )


def stored(content: Release, number: int = 1) -> Revision:
    return Revision(number=number, release=content, digest=digest(content), recipe=RECIPE, observed_at=T0)


BEFORE = release(TEXTS[0])
AFTER = release(TEXTS[0].replace("agreed", "decided"), title="Harbour | The Alliance")


def unread(**more: object) -> Known:
    return Known(url=NEW, key=identity(NEW), absent_at=T0, **more)  # type: ignore[arg-type]  # by name


def twin(**more: object) -> Twin:
    values: dict[str, object] = {"current": stored(BEFORE, 3), "last_seen_at": T0 - HOUR, **more}
    return Twin(release_id=3, url=OLD, state=State.LIVE, **values)  # type: ignore[arg-type]  # by name


def kinds(outcome: Outcome) -> list[str]:
    return [change.kind.value for change in outcome.changes]


def test_what_is_gone_with_the_newsrooms_listings_is_waited_for_a_day() -> None:
    known = Known(
        url=OLD, key=identity(OLD), state=State.LIVE, current=stored(BEFORE), last_seen_at=T0, adrift=True
    )  # fmt: skip
    for hours, expected in ((0, []), (3, []), (12, []), (25, ["withdrawn"])):
        at = T0 + HOUR + hours * HOUR
        outcome = decide(Missing(at=at, reason="404 Not Found"), known, at)
        assert kinds(outcome) == expected
        known = replace(known, suspect=outcome.suspect)


def test_a_release_that_is_gone_and_stands_elsewhere_with_a_corrected_word_is_moved_and_edited() -> None:
    outcome = decide(seen(AFTER, NEW, T0 + HOUR), unread(kin=(twin(gone=True),)), T0 + HOUR)
    assert (outcome.same_as, kinds(outcome)) == (3, ["moved", "edited"])
    for change in outcome.changes:
        assert (change.not_before, change.not_after) == (T0 - HOUR, T0 + HOUR), "since the old address was seen last"
    moved, edited = outcome.changes
    assert (moved.url_before, moved.revision_from, moved.revision_to) == (OLD, 3, 3)
    assert (edited.revision_from, edited.revision_to) == (3, 4)
    assert outcome.revision is not None
    assert outcome.revision.number == 4


def test_whether_the_other_still_stands_is_looked_at_before_anything_is_said() -> None:
    found, state = seen(AFTER, NEW, T0 + HOUR), unread(kin=(twin(),))
    first = decide(found, state, found.at)
    assert (first.suspect and first.suspect.doubt, first.ask_release, first.look_again) == (Doubt.KIN, 3, 10 * MINUTE)
    held = replace(state, suspect=first.suspect)
    later = replace(found, at=found.at + 10 * MINUTE)
    assert kinds(decide(later, replace(held, kin=(twin(gone=True),)), later.at)) == ["moved", "edited"]
    stands = decide(later, replace(held, kin=(twin(last_seen_at=found.at + MINUTE),)), later.at)
    assert (stands.same_as, kinds(stands)) == (None, ["new"])
    assert stands.changes[0].not_after == found.at
    unknown = decide(later, held, later.at)
    assert (kinds(unknown), unknown.ask_release) == ([], 3)


def test_one_that_cannot_be_reached_for_a_day_moved_and_one_that_is_not_looked_at_did_not() -> None:
    for failing, hours, expected in ((True, 3, []), (True, 25, ["moved", "edited"]), (False, 3, ["new"])):
        state, at = unread(kin=(twin(failing=failing),)), T0 + HOUR
        for _ in range(RULES.patience):
            outcome = decide(seen(AFTER, NEW, at), state, at)
            state, at = replace(state, suspect=outcome.suspect), at + hours * HOUR / (RULES.patience - 1)
        assert kinds(outcome) == expected


def test_a_release_that_is_gone_is_not_withdrawn_while_others_are_to_be_read_but_for_no_longer_than_a_day() -> None:
    state = Known(url=OLD, key=identity(OLD), state=State.LIVE, current=stored(BEFORE), last_seen_at=T0, unread=True)
    at, told = T0 + HOUR, []
    while not told:
        outcome = decide(Missing(at=at, reason="404"), state, at)
        told, state, at = kinds(outcome), replace(state, suspect=outcome.suspect), at + 30 * MINUTE
    assert told == ["withdrawn"]
    assert at - T0 == DAY + HOUR + 30 * MINUTE
    assert outcome.changes[0].not_after == T0 + HOUR


def test_the_text_of_another_release_in_the_place_of_one_withdraws_it() -> None:
    other = Twin(release_id=9, url=NEW, state=State.LIVE, current=stored(release(TEXTS[1], title="Terns")))
    state = Known(
        url=OLD, key=identity(OLD), state=State.LIVE, current=stored(BEFORE), last_seen_at=T0, same_text=other
    )
    found = seen(release(TEXTS[1], title="Terns"), OLD, T0 + HOUR)
    first = decide(found, state, found.at)
    found = replace(found, at=found.at + 30 * MINUTE)
    outcome = decide(found, replace(state, suspect=first.suspect), found.at)
    assert kinds(outcome) == ["withdrawn"]
    assert NEW in outcome.changes[0].reason


def test_a_notice_given_word_for_word_on_two_days_is_two_releases() -> None:
    other = twin(current=stored(release(TEXTS[0], day=T0 - 7 * DAY)))
    outcome = decide(seen(BEFORE, NEW, T0 + HOUR), unread(same_text=other), T0 + HOUR)
    assert (outcome.same_as, kinds(outcome)) == (None, ["new"])


def test_what_is_taken_over_after_a_migration_is_news_only_where_it_is_dated_since() -> None:
    for day, expected in ((T0, ["new"]), (T0 - 9 * DAY, []), (None, [])):
        outcome = decide(seen(release(TEXTS[1], day=day), NEW, T0 + HOUR), unread(quiet=True), T0 + HOUR)
        assert kinds(outcome) == expected


# --- any sequence of looks --------------------------------------------------------------------------------------------


@dataclass
class Kept:
    """A release as a store would keep it."""

    id: int
    url: str
    here: bool = True
    state: State = State.PENDING
    revisions: list[Revision] = field(default_factory=list)
    known: Known | None = None


class Newsroom(RuleBasedStateMachine):
    """Three addresses at which texts come, change and go; each look is decided and kept as storage does."""

    urls = ("https://a.example/1", "https://a.example/2", "https://a.example/3")

    def __init__(self) -> None:
        super().__init__()
        self.now = T0
        self.pages: dict[str, Release | None] = dict.fromkeys(self.urls)
        self.releases = [Kept(id=n, url=url) for n, url in enumerate(self.urls, 1)]
        self.reused: dict[str, tuple[datetime, ...]] = dict.fromkeys(self.urls, ())
        self.observed: set[str] = set()

    @rule(url=st.sampled_from(urls), text=st.sampled_from(range(3)), version=st.integers(0, 1))
    def show(self, url: str, text: int, version: int) -> None:
        words = TEXTS[text].replace("only", "just").replace("agreed", "decided") if version else TEXTS[text]
        self.pages[url] = release(words, title=f"Title {text}", day=T0 + text * DAY)

    @rule(url=st.sampled_from(urls))
    def remove(self, url: str) -> None:
        self.pages[url] = None

    @rule(url=st.sampled_from(urls), other=st.sampled_from(urls))
    def move(self, url: str, other: str) -> None:
        if url != other:
            self.pages[other], self.pages[url] = self.pages[url], None

    @rule(url=st.sampled_from(urls), times=st.integers(1, 4))
    def look(self, url: str, times: int) -> None:
        for _ in range(times):
            self.now += 31 * MINUTE
            one = next((kept for kept in self.releases if kept.here and kept.url == url), None)
            if one is None:
                one = Kept(id=len(self.releases) + 1, url=url)
                self.releases.append(one)
            content = self.pages[url]
            found = Missing(at=self.now, reason="404") if content is None else seen(content, url, self.now)
            known = self.known(one, found)
            outcome = decide(found, known, self.now)
            self.keep(one, known, outcome, found)

    def known(self, one: Kept, found: Found) -> Known:
        known = one.known or Known(url=one.url, key=identity(one.url), absent_at=T0)
        current = one.revisions[-1] if one.revisions else None
        known = replace(known, url=one.url, key=identity(one.url), state=one.state, current=current, same_text=None,
                        recent=tuple((each.digest, each.observed_at) for each in one.revisions),
                        reused=self.reused[one.url])  # fmt: skip
        if not isinstance(found, Seen):
            return known
        others = [kept for kept in self.releases if kept is not one and kept.revisions]
        text = [kept for kept in others if kept.revisions[-1].digest == found.digest]
        if text and (current is None or current.digest != found.digest):
            known = replace(known, same_text=self.twin(text[0]))
        shared = traits(found.release)
        kin = [kept for kept in others if shared & traits(kept.revisions[-1].release)]
        return replace(known, kin=tuple(map(self.twin, kin)) if current is None and not text else ())

    def twin(self, kept: Kept) -> Twin:
        suspect = kept.known.suspect if kept.known else None
        gone = kept.state is State.WITHDRAWN or (suspect is not None and suspect.doubt is Doubt.GONE)
        return Twin(
            release_id=kept.id, url=kept.url, state=kept.state, gone=gone, current=kept.revisions[-1],
            last_seen_at=kept.known.last_seen_at if kept.known else None,
        )  # fmt: skip

    def keep(self, one: Kept, known: Known, outcome: Outcome, found: Found) -> None:
        if outcome.follower is not None:
            one.state, one.here = outcome.state, False
            self.reused[one.url] = (found.at, *self.reused[one.url])
            follower = self.by_id(outcome.follower.same_as) or Kept(id=len(self.releases) + 1, url=one.url)
            if follower not in self.releases:
                self.releases.append(follower)
            one, outcome, known = follower, outcome.follower, Known(url=one.url, key=identity(one.url))
        elif outcome.same_as is not None:
            self.releases.remove(one)
            survivor = self.by_id(outcome.same_as)
            assert survivor is not None, "a release is never absorbed by one that is not there"
            if identity(survivor.url) == outcome.key and survivor.here:
                return
            one = survivor
        one.here, one.url, one.state = True, outcome.url, outcome.state
        one.known = replace(known, suspect=outcome.suspect, last_seen_at=outcome.seen_at or known.last_seen_at)
        if outcome.revision is not None:
            assert outcome.revision.number == len(one.revisions) + 1
            one.revisions.append(outcome.revision)
            self.observed.add(outcome.revision.digest)
        for change in outcome.changes:
            assert change.not_before is None or change.not_before <= change.not_after
            assert change.kind is not Kind.MOVED or change.url_before != change.url

    def by_id(self, release_id: int | None) -> Kept | None:
        return next((kept for kept in self.releases if kept.id == release_id), None)

    @invariant()
    def nothing_that_was_observed_is_lost(self) -> None:
        kept = {revision.digest for one in self.releases for revision in one.revisions}
        assert self.observed <= kept

    @invariant()
    def an_address_has_one_release(self) -> None:
        here = [one.url for one in self.releases if one.here]
        assert len(here) == len(set(here))


Newsroom.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestNewsroom = Newsroom.TestCase
