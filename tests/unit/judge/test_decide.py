"""What the judge says of every kind of look: the table of DESIGN.md's kinds, their windows, and what is held."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import RECIPE, Rules, decide, digest
from scraper.judge.stamps import Movement, movement
from scraper.model import (
    Block,
    BlockKind,
    Doubt,
    Entry,
    Failed,
    Failure,
    Fetched,
    Found,
    Kind,
    Known,
    Link,
    Missing,
    Origin,
    Outcome,
    Precision,
    Release,
    Revision,
    Seen,
    Signal,
    Stamp,
    State,
    Suspect,
    Twin,
    Unmodified,
)

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
URL = "https://news.example.int/2026/03/harbour.htm"
KEY = "news.example.int/2026/03/harbour.htm"
HOME = "https://news.example.int/"
BODY = (
    "The council of the alliance met on Monday and agreed to deepen the harbour by four metres before winter.",
    "It will cost 1856 million, of which the members carry nine parts in ten and the port the rest of it.",
    "“We have waited long for this decision,” the chair said after the meeting in the old customs house.",
    "Dredging begins in May, and ferries keep to their timetable throughout, according to the harbour office.",
)


def stamp(at: datetime = T0, origin: Origin = Origin.TEXT) -> Stamp:
    return Stamp(at=at, precision=Precision.MINUTE, raw=f"Last updated: {at:%d %b. %Y %H:%M}", origin=origin)


def release(*body: str, title: str = "Harbour to be deepened", **fields: object) -> Release:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body or BODY)
    values: dict[str, object] = {"stamps": (stamp(),), **fields}
    return Release(title=title, blocks=blocks, **values)  # type: ignore[arg-type]  # fields by name


def answer(url: str, at: datetime) -> Fetched:
    return Fetched(url=url, final_url=url, status=200, headers=(), body=b"", started_at=at, finished_at=at)


def seen(content: Release, *, at: datetime = T0 + HOUR, final_url: str = URL, permanent: bool = False) -> Seen:
    return Seen(
        at=at, url=URL, final_url=final_url, permanent=permanent, release=content, digest=digest(content),
        evidence=answer(final_url, at),
    )  # fmt: skip


def later(found: Found, by: timedelta = 10 * MINUTE) -> Found:
    return replace(found, at=found.at + by)


def revision(content: Release, number: int = 1) -> Revision:
    return Revision(number=number, release=content, digest=digest(content), recipe=RECIPE, observed_at=T0)


def known(content: Release | None = None, **fields: object) -> Known:
    """A release that was read once, at T0."""
    content = content or release()
    current = revision(content)
    values: dict[str, object] = {
        "state": State.LIVE, "current": current, "last_seen_at": T0, "recent": ((current.digest, T0),), **fields,
    }  # fmt: skip
    return Known(url=URL, key=KEY, **values)  # type: ignore[arg-type]  # fields by name


def unread(**fields: object) -> Known:
    values: dict[str, object] = {"entry": Entry(url=URL, key=KEY, title="Harbour"), "absent_at": T0, **fields}
    return Known(url=URL, key=KEY, **values)  # type: ignore[arg-type]  # fields by name


def after(found: Found, before: Known) -> Outcome:
    return decide(found, before, found.at, Rules())


def kinds(outcome: Outcome) -> list[str]:
    return [change.kind.value for change in outcome.changes]


def again(outcome: Outcome, before: Known) -> Known:
    """What is known before the next look, as storage would hand it out."""
    current = outcome.revision or outcome.refresh or before.current
    recent = before.recent
    if outcome.revision:
        recent = (*recent, (outcome.revision.digest, outcome.revision.observed_at))
    return replace(
        before, state=outcome.state, url=outcome.url, key=outcome.key, current=current, suspect=outcome.suspect,
        last_seen_at=outcome.seen_at or before.last_seen_at, recent=recent,
    )  # fmt: skip


EDITED_BODY = (*BODY[:1], BODY[1].replace("1856", "1846"), *BODY[2:])
LATER = stamp(T0 + HOUR)

SAID_AT_ONCE = {
    "a new release after the first visit is new": (unread(), release(), ["new"]),
    "a release of the first visit is quiet": (unread(quiet=True), release(), []),
    "the same text and stamp is nothing": (known(), release(), []),
    "a changed number under a stamp that stood is silently edited": (
        known(), release(*EDITED_BODY), ["silently-edited"],
    ),
    "a changed number under a stamp that advanced is edited": (
        known(), release(*EDITED_BODY, stamps=(LATER,)), ["edited"],
    ),
    "a changed text on a page without a stamp is edited": (
        known(release(stamps=())), release(*EDITED_BODY, stamps=()), ["edited"],
    ),
    "a changed headline alone is silently edited": (
        known(), release(title="Harbour not to be deepened"), ["silently-edited"],
    ),
    "a visible stamp that advanced alone is restamped": (known(), release(stamps=(LATER,)), ["restamped"]),
    "a stamp that appeared on the same text is nothing": (known(release(stamps=())), release(), []),
    "a visible stamp that stood while the declared one moved is silently edited": (
        known(release(stamps=(stamp(), stamp(origin=Origin.META)))),
        release(*EDITED_BODY, stamps=(stamp(), stamp(T0 + HOUR, Origin.META))),
        ["silently-edited"],
    ),
    "typographic quotes, spaces and block borders are nothing": (
        known(),
        release(BODY[0], BODY[1] + " \N{NO-BREAK SPACE}" + BODY[2].replace("“", '"').replace("”", '"'), BODY[3]),
        [],
    ),
    "a release that is back is restored": (known(state=State.WITHDRAWN), release(), ["restored"]),
    "a release that is back with another text is restored and edited": (
        known(state=State.WITHDRAWN), release(*EDITED_BODY), ["restored", "silently-edited"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "content", "expected"), SAID_AT_ONCE.values(), ids=SAID_AT_ONCE.keys())
def test_one_look_suffices_where(before: Known, content: Release, expected: list[str]) -> None:
    outcome = after(seen(content), before)
    assert kinds(outcome) == expected
    assert outcome.suspect is None
    assert outcome.state is State.LIVE
    assert outcome.seen_at == T0 + HOUR


def test_a_change_tells_its_window_stamps_and_revisions() -> None:
    outcome = after(seen(release(*EDITED_BODY)), known(last_seen_at=T0 + 30 * MINUTE))
    (change,) = outcome.changes
    assert (change.not_before, change.not_after) == (T0 + 30 * MINUTE, T0 + HOUR)
    assert (change.revision_from, change.revision_to) == (1, 2)
    assert change.stamp_before == change.stamp_after == stamp()
    assert outcome.revision is not None
    assert outcome.revision.number == 2
    assert change.reason == (
        "the text changed and the stamp did not move: 1856 million became 1846 million in the second paragraph"
    )


def with_link(target: str) -> Release:
    link = Link(text="report", target=target)
    return replace(release(), blocks=(Block(kind=BlockKind.PARAGRAPH, text=BODY[0], links=(link,)), *release().blocks))


def test_a_link_that_leads_elsewhere_is_an_edit_that_says_so_and_weighs_little() -> None:
    before = known(with_link("https://harbour.example/report-1.pdf"))
    outcome = after(seen(with_link("https://harbour.example/report-2.pdf")), before)
    (change,) = outcome.changes
    assert (change.kind, outcome.revision is not None) == (Kind.SILENTLY_EDITED, True)
    assert change.reason.startswith("the target of a link changed and the stamp did not move: the link to")
    assert change.importance < 0.5


def test_a_release_that_moves_takes_the_links_within_its_site_along() -> None:
    before = known(with_link("https://harbour.example/old/report.pdf"))
    place = "https://harbour.example/new/1"
    outcome = after(seen(with_link("https://harbour.example/new/report.pdf"), final_url=place, permanent=True), before)
    assert kinds(outcome) == ["moved"]
    assert outcome.refresh is not None


def test_a_new_release_was_not_there_when_its_listing_was_last_looked_at() -> None:
    (change,) = after(seen(release()), unread()).changes
    assert (change.not_before, change.not_after) == (T0, T0 + HOUR)
    assert (change.revision_from, change.revision_to) == (None, 1)


HELD = {
    "404": (known(), Missing(at=T0 + HOUR, reason="404 Not Found"), Doubt.GONE, ["withdrawn"]),
    "a page that says not found with status 200": (
        known(), seen(release("Nothing here.", signals=frozenset({Signal.NOT_FOUND}))), Doubt.GONE, ["withdrawn"],
    ),
    "a redirect to the home page": (
        known(places=frozenset({"news.example.int"})), seen(release(), final_url=HOME), Doubt.GONE, ["withdrawn"],
    ),
    "a list of releases in its place": (
        known(), seen(release("One", "Two", signals=frozenset({Signal.LISTING}))), Doubt.GONE, ["withdrawn"],
    ),
    "a redirect to another text": (
        known(), seen(release("Opening hours: nine to five.", title="Contact"), final_url=HOME + "contact"),
        Doubt.GONE, ["withdrawn"],
    ),
    "a body of which most is missing": (known(), seen(release(BODY[0][:40])), Doubt.COLLAPSED, ["silently-edited"]),
    "markup that stops before its end": (
        known(), seen(release(*BODY[:3], signals=frozenset({Signal.UNFINISHED}))), Doubt.TRUNCATED, ["silently-edited"],
    ),
    "a stamp that went backwards": (
        known(), seen(release(*EDITED_BODY, stamps=(stamp(T0 - HOUR),))), Doubt.STALE, ["silently-edited"],
    ),
    "a stamp that went backwards alone": (
        known(), seen(release(stamps=(stamp(T0 - HOUR),))), Doubt.STALE, ["restamped"],
    ),
    "an earlier text": (
        known(recent=((digest(release(*EDITED_BODY)), T0 - HOUR), (digest(release()), T0))),
        seen(release(*EDITED_BODY)), Doubt.FLAPPING, ["silently-edited"],
    ),
    "the sixth text of a week": (
        known(recent=tuple((f"{n}", T0 - n * HOUR) for n in range(5))), seen(release(*EDITED_BODY)),
        Doubt.RESTLESS, ["silently-edited"],
    ),
    "another release's headline and text": (
        known(), seen(release("Wholly unlike words stand now where quite other ones stood before them, every one.",
                              "Nobody could take these lines for those that were here until an hour or so ago.",
                              "Yet there are enough of them, so that nothing collapsed and nothing is too short.",
                              title="Lighthouse painted")), Doubt.STRANGER, ["silently-edited"],
    ),
    "a declared stamp that moved alone": (
        known(release(stamps=(stamp(origin=Origin.JSON_LD),))),
        seen(release(stamps=(stamp(T0 + HOUR, Origin.JSON_LD),))), Doubt.RESTAMP, ["restamped"],
    ),
}  # fmt: skip


IN_THE_WAY = release("Just a moment", signals=frozenset({Signal.CHALLENGE}))

BY_TURNS: dict[str, Found] = {
    "gone": Missing(at=T0, reason="404 Not Found"),
    "collapsed": seen(release(BODY[0][:40])),
    "truncated": seen(release(*BODY[:3], signals=frozenset({Signal.UNFINISHED}))),
    "stale": seen(release(*EDITED_BODY, stamps=(stamp(T0 - HOUR),))),
}  # fmt: skip
"""Looks that are each doubted for another reason."""


@pytest.mark.parametrize(("before", "found", "doubt", "expected"), HELD.values(), ids=HELD.keys())
def test_a_second_look_is_wanted_before_anything_is_said_of(
    before: Known, found: Found, doubt: Doubt, expected: list[str]
) -> None:
    first = after(found, before)
    assert first.changes == ()
    assert first.revision is None
    assert first.suspect is not None
    assert first.suspect.doubt is doubt
    assert first.look_again == Rules().confirm_after * (3 if doubt is Doubt.GONE else 1)
    assert first.ask_listings == (doubt is Doubt.GONE)

    second, before_second = first, before
    for look in range(1, Rules().looks(doubt)):
        assert second.changes == ()
        before_second = again(second, before_second)
        second = after(replace(found, at=found.at + look * 10 * MINUTE), before_second)
    assert kinds(second) == expected
    assert second.changes[0].not_before == T0
    assert second.changes[0].not_after == T0 + HOUR, "the window ends with the first look that saw it"
    assert second.suspect is None


@pytest.mark.parametrize(("before", "found", "doubt", "expected"), HELD.values(), ids=HELD.keys())
def test_a_look_that_comes_too_soon_confirms_nothing_and_puts_nothing_off(
    before: Known, found: Found, doubt: Doubt, expected: list[str]
) -> None:
    """``presswatch check --all`` two minutes after the first."""
    del expected
    first = after(found, before)
    second = after(replace(found, at=found.at + timedelta(minutes=2)), again(first, before))
    assert first.suspect is not None
    assert second.suspect == first.suspect
    assert second.changes == ()
    wanted = Rules().confirm_after * (3 if doubt is Doubt.GONE else 1)
    assert second.look_again == wanted - timedelta(minutes=2)


@pytest.mark.parametrize(("before", "found", "doubt", "expected"), HELD.values(), ids=HELD.keys())
def test_nothing_is_said_where_the_second_look_finds_everything_as_it_was_after(
    before: Known, found: Found, doubt: Doubt, expected: list[str]
) -> None:
    del doubt, expected
    held = again(after(found, before), before)
    assert before.current is not None
    outcome = after(seen(before.current.release, at=found.at + 10 * MINUTE), held)
    assert outcome.changes == ()
    assert outcome.suspect is None
    assert outcome.state is State.LIVE


@pytest.mark.parametrize("signal", [Signal.CHALLENGE, Signal.LOGIN, Signal.CONSENT, Signal.ERROR])
def test_a_page_that_stands_in_the_way_is_never_a_revision_however_often_it_is_seen(signal: Signal) -> None:
    state = known()
    for look in range(5):
        outcome = after(seen(release("Just a moment", signals=frozenset({signal})), at=T0 + look * HOUR), state)
        assert outcome.changes == ()
        assert outcome.revision is None
        assert outcome.failed is not None
        state = again(outcome, state)
    assert state.suspect is not None
    assert state.suspect.looks == 5


@pytest.mark.parametrize(("before", "found", "doubt", "expected"), HELD.values(), ids=HELD.keys())
def test_a_page_in_the_way_takes_no_doubt_back_and_confirms_none(
    before: Known, found: Found, doubt: Doubt, expected: list[str]
) -> None:
    """It stands there after every look that is doubted: it says nothing of the release, like a failed look."""
    state, told = before, []
    for look in range(Rules().looks(doubt)):
        outcome = after(replace(found, at=found.at + look * 40 * MINUTE), state)
        told += kinds(outcome)
        state = again(outcome, state)
        challenged = after(seen(IN_THE_WAY, at=found.at + (look * 40 + 20) * MINUTE), state)
        if not told:
            assert outcome.suspect is not None
            assert challenged.suspect == replace(outcome.suspect, turns=look + 1)
            assert challenged.failed is not None
        state = again(challenged, state)
    assert told == expected


def test_pages_in_the_way_that_differ_by_turns_cost_no_haste() -> None:
    state = known()
    for look in range(8):
        signal = (Signal.LOGIN, Signal.CONSENT)[look % 2]
        outcome = after(seen(release("Before you go on", signals=frozenset({signal})), at=T0 + look * HOUR), state)
        state = again(outcome, state)
    assert outcome.look_again is None


@pytest.mark.parametrize("two", list(itertools.combinations(BY_TURNS, 2)), ids=" and ".join)
def test_doubts_of_two_kinds_that_come_by_turns_are_looked_at_at_the_ordinary_pace(two: tuple[str, str]) -> None:
    state, hasty = known(), 0
    for look in range(1, 40):
        found = BY_TURNS[two[look % 2]]
        outcome = after(replace(found, at=T0 + look * HOUR), state)
        hasty += outcome.look_again is not None
        assert outcome.changes == ()
        state = again(outcome, state)
    assert hasty <= 4


def test_a_doubt_that_lasts_for_ever_puts_off_no_other_one() -> None:
    """Such as that of a stamp that moves on each load, on a page that is then gone."""
    state = known(release(stamps=(stamp(origin=Origin.JSON_LD),)))
    for look in range(1, 20):
        at = T0 + look * HOUR
        state = again(after(seen(release(stamps=(stamp(at, Origin.JSON_LD),)), at=at), state), state)
    gone = after(Missing(at=T0 + 20 * HOUR, reason="404 Not Found"), state)
    assert gone.look_again == 30 * MINUTE


def test_a_failure_keeps_what_is_suspected_and_what_is_known() -> None:
    suspect = Suspect(doubt=Doubt.GONE, since=T0)
    outcome = after(Failed(at=T0 + HOUR, failure=Failure.TIMEOUT, detail="slow"), known(suspect=suspect))
    assert (outcome.changes, outcome.suspect, outcome.state, outcome.seen_at) == ((), suspect, State.LIVE, None)
    assert outcome.failed is not None


def test_a_doubt_of_a_clock_that_was_ahead_begins_anew() -> None:
    """Else its confirming look would be wanted, and believed, only when that time has come."""
    gone = Missing(at=T0, reason="404 Not Found")
    state = known(suspect=Suspect(doubt=Doubt.GONE, since=T0 + timedelta(days=365)))
    outcome = after(gone, state)
    assert (outcome.suspect and outcome.suspect.since, outcome.look_again) == (T0, 30 * MINUTE)
    assert kinds(after(later(gone), again(outcome, state))) == ["withdrawn"]


def test_a_304_says_that_the_known_text_was_seen_and_clears_a_suspicion() -> None:
    outcome = after(Unmodified(at=T0 + HOUR), known(suspect=Suspect(doubt=Doubt.GONE, since=T0)))
    assert (outcome.seen_at, outcome.suspect, outcome.changes) == (T0 + HOUR, None, ())


def test_a_304_does_not_bring_a_withdrawn_release_back() -> None:
    outcome = after(Unmodified(at=T0 + HOUR), known(state=State.WITHDRAWN))
    assert (outcome.state, outcome.changes, outcome.seen_at) == (State.WITHDRAWN, (), None)


def test_a_withdrawn_release_that_is_still_gone_is_not_said_again() -> None:
    assert after(Missing(at=T0, reason="404"), known(state=State.WITHDRAWN)).changes == ()


def test_a_permanent_redirect_to_the_same_text_is_a_move_with_no_second_look() -> None:
    new = "https://news.example.int/en/harbour"
    outcome = after(seen(release(), final_url=new, permanent=True), known())
    assert kinds(outcome) == ["moved"]
    assert (outcome.url, outcome.key) == (new, "news.example.int/en/harbour")
    assert outcome.changes[0].url_before == URL


def test_a_permanent_redirect_to_an_edited_text_is_a_move_and_an_edit() -> None:
    found = seen(release(*EDITED_BODY), final_url="https://news.example.int/en/harbour", permanent=True)
    assert kinds(after(found, known())) == ["moved", "silently-edited"]


def test_a_temporary_redirect_to_the_same_text_is_no_move() -> None:
    outcome = after(seen(release(), final_url="https://cdn.example.int/harbour"), known())
    assert (kinds(outcome), outcome.url) == ([], URL)


@pytest.mark.parametrize("final", ["http://news.example.int/2026/03/harbour.htm", URL + "?utm_source=feed"])
def test_another_spelling_of_the_same_address_is_no_move(final: str) -> None:
    assert kinds(after(seen(release(), final_url=final, permanent=True), known())) == []


def test_a_move_absorbs_the_unread_release_that_a_listing_named_at_the_new_address() -> None:
    twin = Twin(release_id=7, url="https://news.example.int/en/harbour", state=State.PENDING, read=False)
    found = seen(release(), final_url=twin.url, permanent=True)
    assert after(found, known(same_place=twin)).absorbs == 7


def test_the_same_text_under_a_second_address_is_the_same_release() -> None:
    twin = Twin(release_id=3, url="https://news.example.int/natolive/harbour", state=State.LIVE)
    found, state = seen(release()), unread(same_text=twin)
    first = after(found, state)
    assert (first.same_as, first.suspect and first.suspect.doubt) == (None, Doubt.DOUBLE)
    outcome = after(later(found), again(first, state))
    assert (outcome.same_as, kinds(outcome)) == (3, [])


def test_a_page_that_stands_for_many_for_a_moment_merges_nothing() -> None:
    twin = Twin(release_id=3, url="https://news.example.int/other", state=State.LIVE)
    state = unread(same_text=twin)
    held = again(after(seen(release("We are back soon. " * 9, title="Maintenance")), state), state)
    outcome = after(seen(release()), replace(held, same_text=None))
    assert (outcome.same_as, kinds(outcome)) == (None, ["new"])


@pytest.mark.parametrize(
    ("text", "merged"),
    [(release(*EDITED_BODY), 3), (release(), None), (release("Of quite another harbour.", title="Other"), None)],
    ids=["the same words", "other words: perhaps a corrected issue", "another release"],
)
def test_a_canonical_address_is_believed_only_with_the_text_that_stands_there(
    text: Release, merged: int | None
) -> None:
    twin = Twin(release_id=3, url="https://news.example.int/all", state=State.LIVE, current=revision(text))
    found, state = seen(release(*EDITED_BODY)), unread(same_place=twin)
    assert after(later(found), again(after(found, state), state)).same_as == merged


def test_the_text_of_a_release_that_is_gone_at_a_new_address_is_a_move() -> None:
    twin = Twin(release_id=3, url="https://news.example.int/old", state=State.LIVE, gone=True)
    outcome = after(seen(release()), unread(same_text=twin))
    assert (outcome.same_as, kinds(outcome), outcome.url) == (3, ["moved"], URL)
    assert outcome.changes[0].url_before == twin.url


def test_a_page_that_is_no_release_is_ignored() -> None:
    """Not at once: its text may follow."""
    bare, state = seen(release("The text follows shortly.", stamps=())), unread()
    for _ in range(Rules().patience):
        outcome = after(bare, state)
        assert (outcome.state, outcome.changes) == (State.PENDING, ())
        assert outcome.look_again is not None
        bare, state = replace(bare, at=bare.at + outcome.look_again), again(outcome, state)
    assert kinds(after(seen(release()), state)) == ["new"]
    assert after(bare, state).state is State.IGNORED


def test_a_page_that_is_let_be_costs_one_look_where_a_listing_points_at_it_and_may_have_its_text_by_then() -> None:
    ignored = unread(state=State.IGNORED)
    outcome = after(seen(release("The text follows shortly.", stamps=())), ignored)
    assert (outcome.state, outcome.suspect, outcome.look_again) == (State.IGNORED, None, None)
    assert kinds(after(seen(release()), ignored)) == ["new"]


def test_a_first_reading_that_was_cut_off_is_no_revision() -> None:
    cut = seen(release(*BODY[:2], signals=frozenset({Signal.UNFINISHED})))
    first = after(cut, unread())
    assert (first.revision, first.suspect and first.suspect.doubt) == (None, Doubt.TRUNCATED)
    assert kinds(after(seen(release()), again(first, unread()))) == ["new"]


def test_a_declared_stamp_that_moves_on_each_load_is_never_said_and_costs_no_haste() -> None:
    state = known(release(stamps=(stamp(origin=Origin.JSON_LD),)))
    for look in range(1, 9):
        at = T0 + look * HOUR
        outcome = after(seen(release(stamps=(stamp(at, Origin.JSON_LD),)), at=at), state)
        assert (outcome.changes, outcome.seen_at) == ((), at)
        state = again(outcome, state)
    assert outcome.look_again is None
    (change,) = after(seen(release(*EDITED_BODY, stamps=state.current.release.stamps), at=T0 + 9 * HOUR), state).changes  # type: ignore[union-attr]
    assert change.not_before == T0 + 8 * HOUR


def test_two_texts_that_alternate_by_chance_are_told_ever_more_rarely() -> None:
    state, told = known(), 0
    chance = random.Random(7)
    for look in range(1, 300):
        text = release() if chance.random() < 0.5 else release(*EDITED_BODY)
        at = T0 + look * 30 * MINUTE
        outcome = after(seen(text, at=at), state)
        told += len(outcome.changes)
        state = again(outcome, state)
    assert told <= 6


def test_a_text_that_differs_on_each_load_is_told_a_few_times_and_then_no_more() -> None:
    state, told = known(), 0
    for look in range(1, 200):
        outcome = after(seen(release(*BODY[:3], f"Also of interest: item {look}"), at=T0 + look * HOUR), state)
        told += len(outcome.changes)
        state = again(outcome, state)
    assert told <= 10, "at most five a week"


def test_another_spelling_of_the_address_that_it_redirects_to_for_good_is_asked_from_then_on() -> None:
    https = "https://www.news.example.int/2026/03/harbour.htm"
    outcome = after(seen(release(), final_url=https, permanent=True), known())
    assert (outcome.url, outcome.key, kinds(outcome)) == (https, KEY, [])


def test_an_unread_release_that_is_gone_is_withdrawn_with_what_its_listing_said() -> None:
    gone = Missing(at=T0 + HOUR, reason="410 Gone")
    first = after(gone, unread())
    (change,) = after(later(gone), again(first, unread())).changes
    assert (change.kind, change.title, change.revision_from) == (Kind.WITHDRAWN, "Harbour", None)


def test_an_unread_release_of_the_first_visit_that_is_gone_is_ignored() -> None:
    gone = Missing(at=T0 + HOUR, reason="410 Gone")
    outcome = after(later(gone), again(after(gone, unread(quiet=True)), unread(quiet=True)))
    assert (outcome.state, outcome.changes) == (State.IGNORED, ())


def test_stamps_brought_up_to_date_are_stored_without_a_change() -> None:
    outcome = after(seen(release(published=stamp(T0 - HOUR))), known())
    assert outcome.refresh is not None
    assert outcome.refresh.number == 1
    assert outcome.refresh.release.published is not None


words = st.lists(st.sampled_from([*BODY, *EDITED_BODY, "x"]), min_size=1, max_size=5).map(lambda body: release(*body))
stamped = st.builds(
    lambda content, hours: replace(content, stamps=(stamp(T0 + hours * HOUR),)), words, st.integers(-2, 2)
)
looks = st.one_of(
    stamped.map(seen),
    st.just(Missing(at=T0, reason="404")),
    st.just(Unmodified(at=T0)),
    st.just(seen(IN_THE_WAY)),
    st.just(Failed(at=T0, failure=Failure.TIMEOUT, detail="slow")),
)


@given(st.lists(looks, max_size=12))
def test_any_sequence_of_looks_keeps_the_history_in_order(sequence: list[Found]) -> None:
    """Revisions count up by one; windows are no longer than the history; a withdrawal is followed by a return only."""
    state = known()
    numbers, open_withdrawal = [1], False
    for index, found in enumerate(sequence, 1):
        outcome = after(replace(found, at=T0 + index * 10 * MINUTE), state)
        for change in outcome.changes:
            assert change.not_before is None or change.not_before <= change.not_after
            if change.kind is Kind.WITHDRAWN:
                assert not open_withdrawal
                open_withdrawal = True
            elif change.kind is Kind.RESTORED:
                assert open_withdrawal
                open_withdrawal = False
        if outcome.revision:
            numbers.append(outcome.revision.number)
        state = again(outcome, state)
        assert (state.state is State.WITHDRAWN) == open_withdrawal
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_new_release_with_an_old_date_is_listed_late_and_weighs_little() -> None:
    old = release(published=Stamp(at=T0 - timedelta(days=90), precision=Precision.DAY, raw="", origin=Origin.META))
    (change,) = after(seen(old), unread()).changes
    assert change.kind is Kind.NEW
    assert change.importance < 0.3
    assert "though it is dated 2025-12-02" in change.reason


def test_what_a_listing_dates_is_a_release_even_where_its_body_is_bare() -> None:
    entry = Entry(url=URL, key=KEY, title="Harbour", published=stamp())
    outcome = after(seen(Release(title="Harbour", blocks=())), unread(entry=entry))
    assert kinds(outcome) == ["new"]


def test_a_stamp_that_is_gone_stays_in_history() -> None:
    stamped = Stamp(at=T0, precision=Precision.MINUTE, raw="Last updated: 02 Mar. 2026 09:00", origin=Origin.TEXT)
    before, after = release("one", stamps=(stamped,)), release("one")
    outcome = decide(seen(after), known(before), T0 + timedelta(hours=1))
    kept = outcome.refresh.release if outcome.refresh else before
    assert kept.stamps == (stamped,)


def test_the_server_s_time_alone_is_no_stamp_that_stood_still() -> None:
    served = Stamp(at=T0, precision=Precision.SECOND, raw="Mon, 02 Mar 2026", origin=Origin.HTTP)
    before, after = release("one", stamps=(served,)), release("two", stamps=(served,))
    assert movement(before, after) is Movement.NONE


# --- a page that shows its headline and no text -----------------------------------------------------------------------

HEADLINE_ALONE = release("Press release: Harbour to be deepened")


def test_a_page_with_nothing_but_the_headline_is_no_revision_however_often_it_is_seen() -> None:
    before = known()
    for look in range(1, 6):
        outcome = after(seen(HEADLINE_ALONE, at=T0 + look * HOUR), before)
        assert outcome.revision is None
        assert outcome.changes == ()
        assert outcome.failed is not None
        before = again(outcome, before)
    assert after(seen(release(), at=T0 + 6 * HOUR), before).changes == ()


def test_a_page_that_asks_to_sign_in_is_told_as_that_though_it_shows_the_headline() -> None:
    outcome = after(seen(release("Sign in", signals=frozenset({Signal.LOGIN}))), known())
    assert outcome.note == "the page asks to sign in, instead of the release"


def test_the_text_that_comes_after_the_headline_alone_is_a_revision_and_no_edit() -> None:
    outcome = after(seen(release()), known(HEADLINE_ALONE))
    assert outcome.revision is not None
    assert outcome.changes == ()


def test_a_short_text_that_grows_by_a_sentence_is_an_edit() -> None:
    outcome = after(seen(release("The port is closed. It opens on Monday.")), known(release("The port is closed.")))
    assert kinds(outcome) == ["silently-edited"]
