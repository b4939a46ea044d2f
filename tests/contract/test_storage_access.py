"""The password's hash, sessions and tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsroom import utc

from storage import NameTaken, Storage, TokenRow, Unknown

NOW = utc(2026, 3, 2, 8, 0)
LATER = NOW + timedelta(days=30)


def test_there_is_no_password_until_one_is_set(storage: Storage) -> None:
    assert storage.password_hash() is None
    storage.set_password("one")
    storage.set_password("two")
    assert storage.password_hash() == "two"
    storage.set_password(None)
    assert storage.password_hash() is None


def test_a_session_lasts_until_its_time_or_its_end(storage: Storage) -> None:
    storage.set_password("hash")
    assert storage.add_session("a", now=NOW, until=LATER, hashed="hash")
    assert storage.has_session("a", now=LATER - timedelta(seconds=1))
    assert not storage.has_session("a", now=LATER)
    assert not storage.has_session("b", now=NOW)
    storage.end_session("a")
    storage.end_session("never begun")
    assert not storage.has_session("a", now=NOW)


def test_another_password_ends_every_session_and_lets_none_begin_with_the_old_one(storage: Storage) -> None:
    storage.set_password("old")
    storage.add_session("a", now=NOW, until=LATER, hashed="old")
    storage.set_password("new")
    assert not storage.has_session("a", now=NOW)
    assert not storage.add_session("b", now=NOW, until=LATER, hashed="old")
    assert not storage.has_session("b", now=NOW)


def test_a_session_needs_a_password(storage: Storage) -> None:
    assert not storage.add_session("a", now=NOW, until=LATER, hashed="hash")


def test_of_very_many_sessions_the_oldest_end(storage: Storage) -> None:
    storage.set_password("hash")
    for n in range(102):
        storage.add_session(f"s{n}", now=NOW + timedelta(seconds=n), until=LATER, hashed="hash")
    assert [n for n in range(102) if not storage.has_session(f"s{n}", now=NOW)] == [0, 1]


def test_a_token_reads_until_it_is_revoked(storage: Storage) -> None:
    storage.add_token("newsbot", "digest", now=NOW)
    row = TokenRow(name="newsbot", created_at=NOW, writes=False)
    assert storage.tokens() == [row]
    assert storage.token("digest") == row
    assert storage.token("other") is None
    storage.revoke_token("newsbot")
    assert storage.token("digest") is None
    assert storage.tokens() == []


def test_a_token_writes_where_that_was_said(storage: Storage) -> None:
    storage.add_token("desk", "digest", now=NOW, writes=True)
    assert storage.token("digest") == TokenRow(name="desk", created_at=NOW, writes=True)


def test_a_name_of_a_token_is_given_once(storage: Storage) -> None:
    storage.add_token("newsbot", "digest", now=NOW)
    with pytest.raises(NameTaken, match="newsbot"):
        storage.add_token("newsbot", "other", now=NOW)
    with pytest.raises(Unknown, match="nobody"):
        storage.revoke_token("nobody")
