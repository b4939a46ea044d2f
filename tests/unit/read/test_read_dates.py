"""Dates and times as newsrooms write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.dates import find, parse
from scraper.model import Precision

BRUSSELS = ZoneInfo("Europe/Brussels")
LONDON = ZoneInfo("Europe/London")


def shown(text: str, *, language: str | None = None) -> list[str]:
    """What is found in a text: in UTC for times, the bare date or month for the others."""
    formats = {Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%dT%H:%M"}
    formats[Precision.SECOND] = "%Y-%m-%dT%H:%M:%S"
    return [moment.at.strftime(formats[moment.precision]) for moment in find(text, zone=BRUSSELS, language=language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-12-05T15:15-05:00", "2024-12-05T20:15"),
        ("2024-12-05T15:15:10.123Z", "2024-12-05T15:15:10"),
        ("2024-12-05 15:15", "2024-12-05T14:15"),
        ("2023-11-05T14:30+0530", "2023-11-05T09:00"),
        ("2012-09-07T24:00:00Z", "2012-09-08T00:00:00"),
        ("Fri, 07 Sep 2012 12:46:00 +0200", "2012-09-07T10:46:00"),
        ("19 Sep. 2025 12:00:00 GMT", "2025-09-19T12:00:00"),
        ("Fri, 07 Sep 12 12:46 EST", "2012-09-07T17:46"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T07:49:37"),
    ],
)
def test_machine_formats(text: str, expected: str) -> None:
    assert shown(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07 Sep. 2012 12:46", "2012-09-07T10:46"),
        ("25-May-2017 09:01", "2017-05-25T07:01"),
        ("Sept. 7, 2012 at 3:05 p.m. EDT", "2012-09-07T19:05"),
        ("September 7th, 2012", "2012-09-07"),
        ("10:30 a.m. EDT, Friday, September 7, 2012", "2012-09-07T14:30"),
        ("07.09.2012, 12:46 Uhr", "2012-09-07T10:46"),
        ("7. September 2012 um 12.46 Uhr", "2012-09-07T10:46"),
        ("1er mars 2015", "2015-03-01"),
        ("07/09/2012 à 12h14", "2012-09-07T10:14"),
        ("5 de marzo de 2015", "2015-03-05"),
        ("2 de junio de 2021 a las 14:05 h", "2021-06-02T12:05"),
        ("07/09/2012 10:46h", "2012-09-07T08:46"),
        ("5 de março de 2015 às 14h05", "2015-03-05T13:05"),
        ("venerdì 7 settembre 2012, ore 12.46", "2012-09-07T10:46"),
        ("22 maart 2022 om 14:45 uur", "2022-03-22T13:45"),
        ("7 сентября 2012 г.", "2012-09-07"),
        ("1 апреля 2020 года в 15:30 (МСК)", "2020-04-01T12:30"),
        ("7 вересня 2012 р. о 12:46", "2012-09-07T10:46"),
        ("7 września 2012 r.", "2012-09-07"),
        ("٧ سبتمبر ٢٠١٢", "2012-09-07"),
        ("7 أيلول/سبتمبر 2012", "2012-09-07"),
        ("15 كانون الثاني 2015", "2015-01-15"),
        ("2012年9月7日 12時46分", "2012-09-07T10:46"),
        ("2012年9月7日(金) 午後3時5分", "2012-09-07T13:05"),
        ("２０１２年９月７日", "2012-09-07"),
        ("2012年9月7日 下午3:05", "2012-09-07T13:05"),
        ("2012년 9월 7일 오후 3:05", "2012-09-07T13:05"),
        ("12 Ekim 2020 Pazartesi, 15:30", "2020-10-12T13:30"),
        ("April 2025", "2025-04"),
        ("avril 2025", "2025-04"),
        ("7 Sep '12", "2012-09-07"),
    ],
)
def test_dates_as_people_write_them(text: str, expected: str) -> None:
    assert shown(text) == [expected]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("3/4/2025", None, "2025-04-03"),
        ("3/4/2025", "en-gb", "2025-04-03"),
        ("3/4/2025", "en-us", "2025-03-04"),
        ("3/14/2025", "de", "2025-03-14"),
        ("14/3/2025", "en-us", "2025-03-14"),
        ("3.4.2025", "en-us", "2025-04-03"),
    ],
    ids=["day first", "British", "American", "only a month fits", "only a day fits", "full stops are European"],
)
def test_order_of_numbers_is_the_language_s(text: str, language: str | None, expected: str) -> None:
    assert shown(text, language=language) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2020",
        "29.02.2023",
        "7 September 1890",
        "7 September 2150",
        "1.2.12.2012",
        "192.168.10.12",
        "2012-13",
        "3 minutes ago",
        "Sept. 7",
        "20120907",
        "99/99/2012",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert shown(text) == []


def test_time_without_a_zone_is_the_source_s_and_says_so() -> None:
    (moment,) = find("07 Sep. 2012 12:46", zone=BRUSSELS)
    assert moment.zone_assumed
    (moment,) = find("07 Sep. 2012 12:46 CEST", zone=UTC)
    assert not moment.zone_assumed


def test_ambiguous_abbreviation_is_the_source_s_where_it_uses_it() -> None:
    (own,) = find("7 September 2012 12:00 BST", zone=LONDON)
    (other,) = find("7 September 2012 12:00 BST", zone=UTC)
    assert not own.zone_assumed
    assert other.zone_assumed


def test_skipped_and_repeated_hours_are_read_the_same_each_time() -> None:
    assert shown("2025-03-30T02:30:00") == ["2025-03-30T01:30:00"]
    assert shown("2025-10-26 02:30") == ["2025-10-26T00:30"]


def test_place_of_each_moment_is_told() -> None:
    text = "Published 7 September 2012 (updated 8 September 2012)"
    assert [text[m.start : m.end] for m in find(text, zone=UTC)] == ["7 September 2012", "8 September 2012"]


def test_parse_takes_compact_forms_and_refuses_a_sentence() -> None:
    compact = parse("20120907T124600Z", zone=BRUSSELS)
    assert compact is not None
    assert compact.at == datetime(2012, 9, 7, 12, 46, tzinfo=UTC)
    assert parse("From 7 September 2012 to 9 September 2012", zone=UTC) is None
    assert parse("", zone=UTC) is None


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    for moment in find(text, zone=BRUSSELS, language="en-us"):
        assert 0 <= moment.start < moment.end <= len(text)
        assert moment.at.tzinfo is UTC
    parse(text, zone=BRUSSELS)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2099, 12, 30)), st.integers(-12 * 4, 14 * 4))
def test_iso_round_trip(local: datetime, quarters: int) -> None:
    moment = local.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    read = parse(moment.isoformat(), zone=BRUSSELS)
    assert read is not None
    assert read.at == moment


@pytest.mark.parametrize("piece", ["1", "12:", "sep ", "1 sep ", "2012-09-07 ", "1.1.1.", "كانون ", "12:46 | "])
def test_long_texts_cost_little(piece: str) -> None:
    find(piece * (200_000 // len(piece)), zone=UTC)
