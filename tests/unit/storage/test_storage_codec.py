"""Whatever the model holds comes back from JSON as it was."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scraper.model import (
    Block,
    BlockKind,
    Claim,
    Doubt,
    Entry,
    Failed,
    Failure,
    Link,
    Origin,
    Precision,
    Profile,
    Redirect,
    Release,
    Signal,
    Site,
    Stamp,
    Suspect,
)
from storage import codec

TEXTS = st.text(st.characters(codec=None), max_size=30)
"""NUL and lone surrogates included."""
TIMES = st.datetimes(timezones=st.just(UTC))
STAMPS = st.builds(
    Stamp,
    at=TIMES,
    precision=st.sampled_from(Precision),
    raw=TEXTS,
    origin=st.sampled_from(Origin),
    zone_assumed=st.booleans(),
    day=st.none() | st.dates(),
)
CLAIMS = st.builds(Claim, updated=st.booleans(), believed=st.booleans(), why=TEXTS, stamp=STAMPS)
SITES = st.builds(
    Site,
    version=TEXTS,
    pages=st.integers(0, 99),
    releases=st.integers(0, 99),
    loads=st.integers(0, 99),
    recurring=st.frozensets(TEXTS, max_size=4),
    varying=st.frozensets(TEXTS, max_size=4),
    body=TEXTS,
)
LINKS = st.lists(st.builds(Link, text=TEXTS, target=TEXTS), max_size=3).map(tuple)
BLOCKS = st.builds(Block, kind=st.sampled_from(BlockKind), text=TEXTS, links=LINKS)
RELEASES = st.builds(
    Release,
    title=TEXTS,
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    published=st.none() | STAMPS,
    stamps=st.lists(STAMPS, max_size=3).map(tuple),
    language=st.none() | TEXTS,
    canonical=st.none() | TEXTS,
    signals=st.frozensets(st.sampled_from(Signal)),
    claims=st.lists(CLAIMS, max_size=3).map(tuple),
)
ENTRIES = st.builds(
    Entry, url=TEXTS, key=TEXTS, title=TEXTS, published=st.none() | STAMPS, updated=st.none() | STAMPS, summary=TEXTS
)
SUSPECTS = st.builds(Suspect, doubt=st.sampled_from(Doubt), since=TIMES, looks=st.integers(1, 99), token=TEXTS)


@given(RELEASES)
def test_a_release_comes_back(release: Release) -> None:
    text = codec.release_to(release)
    assert text.isascii()
    back = codec.release_from(text)
    assert back == release
    assert [stamp.day for stamp in back.stamps] == [stamp.day for stamp in release.stamps]


@given(SITES)
def test_what_was_learned_of_a_site_comes_back(site: Site) -> None:
    assert codec.site_from(codec.site_to(site)) == site


@given(st.builds(Profile, title=TEXTS, body=TEXTS, drop=TEXTS, date_format=TEXTS))
def test_a_profile_comes_back(profile: Profile) -> None:
    assert codec.profile_from(codec.profile_to(profile)) == profile


@given(st.none() | ENTRIES)
def test_an_entry_comes_back(entry: Entry | None) -> None:
    assert codec.entry_from(codec.entry_to(entry)) == entry


@given(st.none() | SUSPECTS)
def test_a_suspicion_comes_back(suspect: Suspect | None) -> None:
    assert codec.suspect_from(codec.suspect_to(suspect)) == suspect


@given(st.lists(st.builds(Redirect, status=st.integers(300, 399), url=TEXTS), max_size=5).map(tuple))
def test_redirects_come_back(redirects: tuple[Redirect, ...]) -> None:
    assert codec.redirects_from(codec.redirects_to(redirects)) == redirects


def test_a_failure_that_was_kept_before_hosts_were_named_is_read() -> None:
    failed = Failed(at=datetime(2026, 3, 2, 12, tzinfo=UTC), failure=Failure.THROTTLED, detail="429", status=429)
    tree = codec.failed_to(failed)
    del tree["host"]
    assert codec.failed_from(tree) == failed
