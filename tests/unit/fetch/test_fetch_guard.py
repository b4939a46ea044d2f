"""Which addresses may be dialled."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.guard import GuardedBackend, forbidden, forbidden_port, resolve_by_system
from scraper.fetch.problem import Problem, printable
from scraper.model import Failure

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(PUBLIC, id="a public IPv4 address"),
        pytest.param("1.1.1.1", id="a public resolver"),
        pytest.param("100.63.255.255", id="the last address before the shared space"),
        pytest.param("100.128.0.0", id="the first address after the shared space"),
        pytest.param("172.15.255.255", id="the last address before 172.16"),
        pytest.param("172.32.0.0", id="the first address after 172.31"),
        pytest.param("2606:2800:220:1:248:1893:25c8:1946", id="a public IPv6 address"),
        pytest.param(f"::ffff:{PUBLIC}", id="a public IPv4 address in IPv6 form"),
        pytest.param(
            "64:ff9b::5db8:d822", id="a public IPv4 address behind NAT64, all there is on many mobile networks"
        ),
    ],
)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert forbidden(address, allow_private=False) is None


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1"),
        *("::1", "fd00::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:a00:5", "64:ff9b::7f00:1", "64:ff9b::a00:5"),
    ],
)
def test_private_addresses_may_be_dialled_only_where_that_is_allowed(address: str) -> None:
    assert forbidden(address, allow_private=False)
    assert forbidden(address, allow_private=True) is None


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "169.254.169.254", "100.100.100.200", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
        *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "::", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("3fff::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2002:7f00:1::", "2002:5db8:d822::"),
        *("::127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "fd00:ec2::254"),
        *("::ffff:0:0", "100::1", "5f00::1", "4000::1", "", "localhost", "127.1", "2130706433", "0x7f000001"),
    ],
)
def test_other_special_addresses_may_never_be_dialled(address: str) -> None:
    assert forbidden(address, allow_private=False)
    assert forbidden(address, allow_private=True)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_the_rules_are_no_laxer_than_the_standard_librarys(address: IPv4Address) -> None:
    if forbidden(str(address), allow_private=False) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_an_ipv6_address_that_may_be_dialled_is_global_unicast(address: IPv6Address) -> None:
    if forbidden(str(address), allow_private=False) is None:
        assert address.ipv4_mapped or address.is_global


@given(st.integers(0, 2**32 - 1).map(IPv4Address), st.booleans())
def test_a_wrapped_address_is_judged_like_the_one_inside(address: IPv4Address, allow_private: bool) -> None:
    bare = forbidden(str(address), allow_private=allow_private) is None
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        wrapped = str(IPv6Address(int(IPv6Address(prefix)) + int(address)))
        assert (forbidden(wrapped, allow_private=allow_private) is None) == bare


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8000, 8080, 8443, 8888, 65535])
def test_ports_of_web_servers_may_be_dialled(port: int) -> None:
    assert forbidden_port(port, allow_private=False) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 81, 110, 445, 1023, 3306, 5432, 6379, 9200, 11211, 27017])
def test_ports_of_other_services_may_be_dialled_only_in_a_private_network(port: int) -> None:
    assert forbidden_port(port, allow_private=False)
    assert forbidden_port(port, allow_private=True) is None


# --- dialling ---------------------------------------------------------------------------------------------------------


def resolver(*answers: list[str]) -> Callable[[str, int], Any]:
    """Gives each answer once and the last for ever."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


class Dialled(httpcore.AsyncMockBackend):
    """Connects to nothing and notes where to."""

    def __init__(self, *, dead: tuple[str, ...] = ()) -> None:
        super().__init__([])
        self.addresses: list[str] = []
        self.dead = dead

    async def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        self.addresses.append(host)
        if host in self.dead:
            raise httpcore.ConnectTimeout
        return await super().connect_tcp(host, *args, **kwargs)


async def test_the_address_that_was_judged_is_dialled_and_not_the_name() -> None:
    dial = Dialled()
    backend = GuardedBackend(allow_private=False, resolve=resolver([PUBLIC]), dial=dial)
    await backend.connect_tcp("example.org", 443)
    assert dial.addresses == [PUBLIC] == [backend.dialled]


async def test_a_name_that_is_rebound_to_a_private_address_is_refused() -> None:
    dial = Dialled()
    backend = GuardedBackend(allow_private=False, resolve=resolver([PUBLIC], ["127.0.0.1"]), dial=dial)
    await backend.connect_tcp("rebind.test", 80)
    for _ in range(10):
        with pytest.raises(Problem, match=r"rebind\.test \(127\.0\.0\.1\) is a loopback address") as caught:
            await backend.connect_tcp("rebind.test", 80)
        assert caught.value.failure is Failure.ADDRESS
    assert dial.addresses == [PUBLIC]


async def test_of_a_public_and_a_private_address_only_the_public_one_is_dialled() -> None:
    dial = Dialled(dead=(PUBLIC,))
    backend = GuardedBackend(allow_private=False, resolve=resolver(["10.0.0.5", PUBLIC, "::1"]), dial=dial)
    with pytest.raises(httpcore.ConnectTimeout):
        await backend.connect_tcp("mixed.test", 80)
    assert dial.addresses == [PUBLIC]


async def test_the_next_address_is_tried_where_one_fails() -> None:
    dial = Dialled(dead=("2606:2800::1", "1.1.1.1"))
    backend = GuardedBackend(allow_private=False, resolve=resolver(["2606:2800::1", "1.1.1.1", PUBLIC]), dial=dial)
    await backend.connect_tcp("example.org", 80)
    assert dial.addresses == ["2606:2800::1", "1.1.1.1", PUBLIC]


async def test_no_more_than_four_addresses_are_tried() -> None:
    many = tuple(f"93.184.216.{number}" for number in range(50))
    dial = Dialled(dead=many)
    backend = GuardedBackend(allow_private=False, resolve=resolver(list(many)), dial=dial)
    with pytest.raises(httpcore.ConnectTimeout):
        await backend.connect_tcp("example.org", 80)
    assert len(dial.addresses) == 4


async def test_a_literal_address_is_judged_without_the_resolver() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        raise AssertionError("asked")

    backend = GuardedBackend(allow_private=False, resolve=never, dial=Dialled())
    with pytest.raises(Problem, match=r"169\.254\.169\.254 is a link-local address and may not be asked\.$"):
        await backend.connect_tcp("169.254.169.254", 80)
    with pytest.raises(Problem, match=r"127\.0\.0\.1 is a loopback address and may not be asked; fetch\.allow_private"):
        await backend.connect_tcp("127.0.0.1", 80)


async def test_a_forbidden_port_is_refused_before_the_name_is_resolved() -> None:
    backend = GuardedBackend(allow_private=False, dial=Dialled())
    with pytest.raises(Problem, match=r"Port 22 of example\.org is reserved"):
        await backend.connect_tcp("example.org", 22)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
async def test_a_name_that_does_not_resolve_is_a_failure_of_dns(error: Exception) -> None:
    async def fails(_host: str, _port: int) -> list[str]:
        raise error

    backend = GuardedBackend(allow_private=False, resolve=fails, dial=Dialled())
    with pytest.raises(Problem, match=r"nowhere\.test does not resolve") as caught:
        await backend.connect_tcp("nowhere.test", 80)
    assert caught.value.failure is Failure.DNS


async def test_a_name_without_addresses_is_a_failure_of_dns() -> None:
    backend = GuardedBackend(allow_private=False, resolve=resolver([]), dial=Dialled())
    with pytest.raises(Problem, match="has no address"):
        await backend.connect_tcp("empty.test", 80)


async def test_the_system_resolves_each_address_once() -> None:
    assert await resolve_by_system("127.0.0.1", 80) == ["127.0.0.1"]


def test_what_a_terminal_could_act_on_is_escaped() -> None:
    assert printable("a\x1b[31m\r\nb\u202ec") == "a\\x1b[31m\\r\\nb\\u202ec"


@given(st.text())
def test_a_detail_is_one_short_printable_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) <= 300
