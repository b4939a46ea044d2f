"""What a status says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.status import failure_of, retry_after
from scraper.model import Failure, Fetched

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def answer(status: int, *, body: bytes = b"x", **headers: str) -> Fetched:
    return Fetched(
        url="https://example.org/a",
        final_url="https://example.org/b",
        status=status,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        body=body,
        started_at=NOW,
        finished_at=NOW,
    )


@pytest.mark.parametrize("status", [200, 201, 203, 204, 226, 304, 404, 410])
def test_what_can_be_used_is_no_failure(status: int) -> None:
    assert failure_of(answer(status), NOW) is None


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (100, Failure.BROKEN),
        (101, Failure.BROKEN),
        (202, Failure.BROKEN),
        (206, Failure.BROKEN),
        (300, Failure.BROKEN),
        (302, Failure.BROKEN),
        (305, Failure.BROKEN),
        (400, Failure.REFUSED),
        (401, Failure.REFUSED),
        (403, Failure.REFUSED),
        (405, Failure.REFUSED),
        (418, Failure.REFUSED),
        (451, Failure.REFUSED),
        (499, Failure.REFUSED),
        (429, Failure.THROTTLED),
        (500, Failure.SERVER),
        (502, Failure.SERVER),
        (503, Failure.SERVER),
        (599, Failure.SERVER),
        (600, Failure.BROKEN),
        (999, Failure.REFUSED),
    ],
)
def test_a_status_is_a_failure_of_its_kind(status: int, failure: Failure) -> None:
    failed = failure_of(answer(status), NOW)
    assert failed is not None
    assert (failed.failure, failed.status, failed.at, failed.retry_after) == (failure, status, NOW, None)


def test_503_with_retry_after_is_throttling() -> None:
    failed = failure_of(answer(503, retry_after="120"), NOW)
    assert failed is not None
    assert (failed.failure, failed.retry_after) == (Failure.THROTTLED, timedelta(minutes=2))


def test_a_failure_names_the_host_that_answered() -> None:
    failed = failure_of(replace(answer(429), final_url="https://www.example.org:8443/b"), NOW)
    assert failed is not None
    assert failed.host == "www.example.org:8443"


@pytest.mark.parametrize("header", [{"x_amzn_waf_action": "challenge"}, {"cf_mitigated": "challenge"}])
@pytest.mark.parametrize("status", [200, 202, 405])
def test_a_firewall_that_says_that_it_asks_for_a_human_refuses(status: int, header: dict[str, str]) -> None:
    failed = failure_of(answer(status, **header), NOW)
    assert failed is not None
    assert failed.failure is Failure.REFUSED
    assert "robot" in failed.detail


def test_an_empty_page_is_broken() -> None:
    failed = failure_of(answer(200, body=b""), NOW)
    assert failed is not None
    assert (failed.failure, failed.detail) == (Failure.BROKEN, "example.org answered 200 with an empty body.")


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (503, "example.org answered 503 Service Unavailable."),
        (999, "example.org answered 999."),
        (302, "example.org answered 302 Found and did not say where to."),
    ],
)
def test_the_detail_is_one_sentence(status: int, detail: str) -> None:
    failed = failure_of(answer(status), NOW)
    assert failed is not None
    assert failed.detail == detail


@pytest.mark.parametrize(
    ("value", "span"),
    [
        pytest.param("0", timedelta(0), id="now"),
        pytest.param("120", timedelta(seconds=120), id="seconds"),
        pytest.param(" 5 ", timedelta(seconds=5), id="seconds with blanks"),
        pytest.param("-7", timedelta(0), id="negative seconds"),
        pytest.param("9" * 5_000, timedelta(hours=24), id="an absurd number of seconds"),
        pytest.param("Mon, 23 Nov 2026 12:05:00 GMT", timedelta(minutes=5), id="a date"),
        pytest.param("Monday, 23-Nov-26 12:05:00 GMT", timedelta(minutes=5), id="a date of RFC 850"),
        pytest.param("Mon Nov 23 12:05:00 2026", timedelta(minutes=5), id="a date of asctime"),
        pytest.param("Sun, 22 Nov 2026 12:05:00 GMT", timedelta(0), id="a date that is past"),
        pytest.param("Thu, 31 Dec 2099 23:59:59 GMT", timedelta(hours=24), id="a date in 2099"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -1200", timedelta(hours=24), id="the last date there is"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("soon", None, id="a word"),
        pytest.param("\u0661\u0662", None, id="digits of another script"),
        pytest.param("Mon, 99 Nov 2026 99:99:99 GMT", None, id="an impossible date"),
        pytest.param("", None, id="nothing"),
        pytest.param(None, None, id="no header"),
    ],
)
def test_retry_after_is_read_and_clamped(value: str | None, span: timedelta | None) -> None:
    assert retry_after(value, now=NOW) == span


@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d .{0,8}"))
def test_any_retry_after_is_within_a_day(value: str) -> None:
    span = retry_after(value, now=NOW)
    assert span is None or timedelta(0) <= span <= timedelta(hours=24)


@given(st.integers(0, 2000), st.text(max_size=10), st.binary(max_size=2))
def test_any_status_has_a_verdict(status: int, value: str, body: bytes) -> None:
    failed = failure_of(answer(status, body=body, retry_after=value), NOW)
    assert failed is None or failed.detail.endswith(".")
