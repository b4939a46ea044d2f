"""The Host header, origins, and the client behind proxies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.hosts import client_of, is_trusted, known_host, networks, same_origin

NAMES = frozenset({"watch.example"})


@pytest.mark.parametrize(
    "header",
    [
        "127.0.0.1", "127.0.0.1:8420", "[::1]:8420", "192.0.2.7", "localhost:8420", "LOCALHOST", "a.localhost",
        "watch.example", "Watch.Example:443", "watch.example.",
    ],
)  # fmt: skip
def test_host_that_is_ours(header: str) -> None:
    assert known_host(header, NAMES)


@pytest.mark.parametrize(
    "header",
    [
        None, "", "evil.example", "watch.example.evil.example", "127.0.0.1.evil.example", "evil.example:127.0.0.1",
        "user@127.0.0.1", "127.0.0.1 evil", "127.0.0.1,evil.example", "[::1", "[evil]", "localhost.evil.example",
        "notlocalhost", "watch.example\n", "2130706433", "0x7f000001", "127.1",
    ],
)  # fmt: skip
def test_host_that_is_nobodys(header: str | None) -> None:
    assert not known_host(header, NAMES)


@given(st.text(), st.text(), st.text())
def test_no_header_whatever_breaks_it(host: str, origin: str, address: str) -> None:
    known_host(host, NAMES)
    same_origin(host=host, origin=origin, fetch_site=None, address=address)
    client_of(host, origin, networks(["127.0.0.1"]))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("10.0.0.2", "rubbish", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.9, rubbish", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
    ],
    ids=[
        "no proxy", "a header that nobody vouches for", "a proxy", "a client that lies to the proxy", "two proxies",
        "rubbish", "rubbish behind", "nothing",
    ],
)  # fmt: skip
def test_client_is_the_last_that_no_proxy_of_ours_is(peer: str, forwarded: str | None, client: str) -> None:
    assert client_of(peer, forwarded, networks(["10.0.0.0/8"])) == client


def test_only_networks_that_were_named_are_trusted() -> None:
    trusted = networks(["10.0.0.0/8", "::1"])
    assert [is_trusted(each, trusted) for each in ("10.9.9.9", "::ffff:10.1.1.1", "::1", "11.0.0.1", "", "x")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
