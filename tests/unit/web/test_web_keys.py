"""Keys, passwords, form tokens, attempts, forms and where one goes after logging in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.attempts import Attempts, Bucket
from presswatch.web.csrf import csrf_token, is_genuine
from presswatch.web.form import read_form
from presswatch.web.keys import bearer, digest, new_session, new_token
from presswatch.web.login import local_path
from presswatch.web.page import BadRequest
from presswatch.web.passwords import MOST, hashed, is_right, why_not

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOKEN = "pwt_" + "a" * 43


def test_a_new_token_is_read_back_from_its_header() -> None:
    made = new_token()
    assert bearer(f"Bearer {made}") == made
    assert len({new_token(), new_token(), new_session(), new_session()}) == 4


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} ", f"BEARER {TOKEN}"])
def test_a_bearer_is_read_as_http_writes_it(header: str) -> None:
    assert bearer(header) == TOKEN


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN} x"],
)
def test_what_is_no_bearer_of_ours_is_none(header: str | None) -> None:
    assert bearer(header) is None


@given(st.text())
def test_no_text_breaks_the_parser_and_what_it_takes_is_a_token(text: str) -> None:
    for header in (text, f"Bearer {text}"):
        found = bearer(header)
        assert found is None or (found.startswith("pwt_") and found in header)
    assert len(digest(text)) == 64


def test_a_password_is_known_again_and_no_other() -> None:
    stored = hashed("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert is_right("correct horse battery", stored)
    assert not is_right("correct horse batterx", stored)
    assert not is_right("", stored)


def test_without_a_password_none_is_right() -> None:
    assert not is_right("nobody's", None)
    assert not is_right("anything", "rubbish in the database")


def test_passwords_are_bounded() -> None:
    assert why_not("short") is not None
    assert why_not("x" * (MOST + 1)) is not None
    assert why_not("long enough") is None


@given(st.text(), st.text())
def test_a_form_token_is_genuine_for_its_session_only(mine: str, other: str) -> None:
    assert is_genuine(csrf_token(mine), mine)
    assert is_genuine(csrf_token(mine), other) == (mine == other)
    assert not is_genuine(mine, mine)


# --- attempts ---------------------------------------------------------------------------------------------------------

EACH, TOGETHER = Bucket(size=3, refill=timedelta(seconds=30)), Bucket(size=10, refill=timedelta(seconds=5))


def attempts(**given: int) -> Attempts:
    return Attempts(each=EACH, together=TOGETHER, **given)


def test_a_client_has_a_few_attempts_and_then_one_in_a_while() -> None:
    tried = attempts()
    for _ in range(3):
        assert not tried.wait("192.0.2.1", NOW)
        tried.spend("192.0.2.1", NOW)
    assert tried.wait("192.0.2.1", NOW) == timedelta(seconds=30)
    assert not tried.wait("192.0.2.2", NOW)
    assert not tried.wait("192.0.2.1", NOW + timedelta(seconds=30))
    tried.forgive("192.0.2.1")
    assert not tried.wait("192.0.2.1", NOW)


def test_many_clients_share_a_bound_and_memory_has_one() -> None:
    tried = attempts(most=7)
    for number in range(10):
        assert not tried.wait(f"192.0.2.{number}", NOW)
        tried.spend(f"192.0.2.{number}", NOW)
    assert tried.wait("192.0.2.99", NOW) == timedelta(seconds=5)
    assert len(tried) == 7


def test_a_subscriber_of_ipv6_is_one_client_with_all_its_addresses() -> None:
    tried = attempts()
    for number in range(3):
        tried.spend(f"2001:db8::{number}", NOW)
    assert tried.wait("2001:db8::ffff", NOW)
    assert not tried.wait("2001:db8:0:1::1", NOW)


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(days=365)])
def test_attempts_of_a_clock_that_was_ahead_count_no_more(ahead: timedelta) -> None:
    tried = attempts()
    for number in range(40):
        tried.spend(f"192.0.2.{number % 4}", NOW + ahead)
    for client in ("192.0.2.1", "192.0.2.99"):
        assert not tried.wait(client, NOW)
    for _ in range(3):
        tried.spend("192.0.2.1", NOW)
    assert tried.wait("192.0.2.1", NOW) == timedelta(seconds=30)


def test_attempts_beyond_the_bound_are_waited_for_no_longer_than_those_within() -> None:
    tried = attempts()
    for _ in range(40):
        tried.spend("192.0.2.1", NOW)
    assert tried.wait("192.0.2.1", NOW) == timedelta(seconds=30)


@given(st.lists(st.tuples(st.sampled_from(["a", "192.0.2.1", "::1"]), st.floats(0, 100)), max_size=60))
def test_nobody_ever_has_more_attempts_than_the_buckets_hold(steps: list[tuple[str, float]]) -> None:
    tried, now, made = attempts(), NOW, 0
    for client, pause in steps:
        now += timedelta(seconds=pause)
        if not tried.wait(client, now):
            tried.spend(client, now)
            made += 1
    assert made <= TOGETHER.size + (now - NOW) / TOGETHER.refill


# --- forms ------------------------------------------------------------------------------------------------------------


def test_a_form_is_read_with_its_last_value_and_all_of_them() -> None:
    form = read_form("application/x-www-form-urlencoded; charset=utf-8", b"a=1&b=+x+&a=%E2%82%AC&c=")
    assert (form.text("a"), form.text("b"), form.text("c"), form.text("d")) == ("€", "x", "", "")
    assert form.all("a") == ["1", "€"]


def test_a_form_with_a_file_is_read() -> None:
    body = (
        b'--XX\r\nContent-Disposition: form-data; name="token"\r\n\r\nabc\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.opml"\r\nContent-Type: text/xml\r\n\r\n'
        b"<opml>\r\n\xff</opml>\r\n--XX--\r\n"
    )
    form = read_form("multipart/form-data; boundary=XX", body)
    assert form.text("token") == "abc"
    assert form.files == {"file": b"<opml>\r\n\xff</opml>"}


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary="]
)
def test_what_is_no_form_is_refused(kind: str) -> None:
    with pytest.raises(BadRequest):
        read_form(kind, b"a=1")


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(BadRequest):
        read_form("application/x-www-form-urlencoded", b"a=1&" * 6_000)


@given(st.text(), st.binary(max_size=300))
def test_no_body_breaks_the_reader(boundary: str, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={boundary}", boundary):
        try:
            read_form(kind, body + b"--x" + body)
        except BadRequest:
            continue


@pytest.mark.parametrize("path", ["/", "/releases/1", "/?kind=new&source=a%20b", "/login"])
def test_one_comes_back_to_a_path_of_ours(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil.example", "/a\r\nb: c", "/é"],
)
def test_one_never_goes_elsewhere(path: str) -> None:
    assert local_path(path) == "/"
