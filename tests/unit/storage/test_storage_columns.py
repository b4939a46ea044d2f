"""Columns take what pages hold, and both databases keep it alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import Json, UtcDateTime, clean, shorten
from storage.hosts import host_of

ANY_TEXT = st.text(st.characters(codec=None))
DIALECTS = pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])


@given(ANY_TEXT)
def test_cleaned_text_is_storable_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned


@given(ANY_TEXT | ANY_TEXT.map(lambda text: text * 300))
def test_shortened_text_fits_an_index_and_stays_as_it_is(text: str) -> None:
    short = shorten(text)
    assert len(short.encode()) <= 2_600
    assert shorten(short) == short


def test_long_texts_that_differ_at_their_end_stay_different() -> None:
    assert shorten("x" * 5_000 + "1") != shorten("x" * 5_000 + "2")


@DIALECTS
def test_a_time_is_kept_in_utc(dialect: object) -> None:
    column = UtcDateTime()
    brussels = datetime(2026, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    written = column.process_bind_param(brussels, dialect)  # type: ignore[arg-type]
    assert written == datetime(2026, 7, 1, 12, tzinfo=UTC)
    for read in (written, written.replace(tzinfo=None), brussels):
        back = column.process_result_value(read, dialect)  # type: ignore[arg-type]
        assert back == written
        assert back is not None
        assert back.tzinfo is UTC


@DIALECTS
def test_a_time_without_a_zone_is_refused(dialect: object) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 7, 1), dialect)  # type: ignore[arg-type]


@DIALECTS
def test_nothing_stays_nothing(dialect: object) -> None:
    for column in (UtcDateTime(), Json()):
        assert column.process_bind_param(None, dialect) is None  # type: ignore[arg-type]
        assert column.process_result_value(None, dialect) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.nato.int/cps/x", "www.nato.int"),
        ("http://127.0.0.1:8080/?q=http://x", "127.0.0.1:8080"),
        ("https://User:Pass@Example.ORG?x#y", "example.org"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"),
        ("https://xn--mller-kva.de#x", "xn--mller-kva.de"),
        ("mailto:x", ""),
        ("", ""),
        ("https://[", "["),
    ],
    ids=str,
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@given(ANY_TEXT)
def test_every_text_has_a_host(text: str) -> None:
    assert host_of(f"https://{text}") == shorten(host_of(f"https://{text}"))
