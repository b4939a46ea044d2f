"""Which addresses may be dialled, and the dialling itself.

A name is resolved, every address is judged, and a judged address is what is dialled: a second, different answer of the
resolver (DNS rebinding) is never asked for. Whoever decides earlier, on the text of a URL, decides on something else
than what is connected to.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore

from scraper.fetch.problem import Problem
from scraper.model import Failure

__all__ = ["Dial", "GuardedBackend", "Resolve", "forbidden", "forbidden_port", "resolve_by_system"]

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""From host and port to addresses; raises OSError where the name doesn't resolve."""
Dial = httpcore.AsyncNetworkBackend
"""What connects to an address that has been judged."""

_MOST_ADDRESSES = 4
_IMPATIENCE = 5.0
"""Seconds for an address while there is another one to try."""

_PERMITTABLE = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a carrier's shared address"),
        ("127.0.0.0/8", "a loopback address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
    )
)
_PERMITTABLE_6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (("::1/128", "the loopback address"), ("fc00::/7", "a private address"))
)

# The IANA special-purpose registries (RFC 6890), by hand: ``ipaddress.is_global`` differs between Python versions.
_NEVER = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("100.100.100.200/32", "a cloud's metadata service"),
        ("0.0.0.0/8", "no address of a host"),
        ("169.254.0.0/16", "a link-local address"),
        ("192.0.0.0/24", "a protocol assignment"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a relay address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_NEVER_6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("fd00:ec2::254/128", "a cloud's metadata service"),
        ("fe80::/10", "a link-local address"),
        ("ff00::/8", "a multicast address"),
        ("2001:db8::/32", "a documentation address"),
        ("3fff::/20", "a documentation address"),
        # Teredo is in here, and 6to4 below: they wrap an IPv4 address and no publisher uses them (RFC 7526).
        ("2001::/23", "a protocol assignment"),
        ("2002::/16", "a 6to4 address"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_WRAPPERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""IPv4-mapped (RFC 4291 section 2.5.5.2) and NAT64 (RFC 6052): the IPv4 address inside is the one that is reached."""

_WEB_PORTS = frozenset({80, 443})
# fmt: off
_DANGEROUS_PORTS = frozenset({
    1080, 1433, 1521, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3260, 3306, 3389, 4369, 4444, 5060,
    5061, 5432, 5433, 5672, 5900, 5901, 5984, 5985, 5986, 6000, 6379, 6380, 6443, 6665, 6666, 6667, 6668,
    6669, 6697, 7000, 7001, 7199, 8086, 8500, 9042, 9092, 9160, 9200, 9300, 10250, 10255, 11211, 15672, 26379,
    27017, 27018, 27019, 28015, 50070,
})
# fmt: on
"""Databases, queues, caches, cluster managers, remote desktops, chat: services that a forged request could talk to."""


def forbidden(address: str, *, allow_private: bool) -> str | None:
    """Why this IP address may not be dialled, as a noun phrase; None where it may.

    ``allow_private`` permits loopback, private, shared (RFC 6598) and unique-local addresses, and no others.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "no IP address"
    if isinstance(parsed, IPv4Address):
        return _forbidden_4(parsed, allow_private=allow_private)
    return _forbidden_6(parsed, allow_private=allow_private)


def forbidden_port(port: int, *, allow_private: bool) -> str | None:
    """Why this TCP port may not be dialled, as a clause after "port n"; None where it may."""
    if allow_private or port in _WEB_PORTS:
        return None
    if port < 1024:
        return "is reserved for a service other than the web"
    return "belongs to a service other than the web" if port in _DANGEROUS_PORTS else None


def _forbidden_4(address: IPv4Address, *, allow_private: bool) -> str | None:
    for network, reason in _NEVER:
        if address in network:
            return reason
    if allow_private:
        return None
    return next((reason for network, reason in _PERMITTABLE if address in network), None)


def _forbidden_6(address: IPv6Address, *, allow_private: bool) -> str | None:
    if any(address in wrapper for wrapper in _WRAPPERS):
        inner = _forbidden_4(IPv4Address(int(address) & 0xFFFFFFFF), allow_private=allow_private)
        return inner and f"{inner} in IPv6 form"
    for network, reason in _NEVER_6:
        if address in network:
            return reason
    for network, reason in _PERMITTABLE_6:
        if address in network:
            return None if allow_private else reason
    return None if address in _GLOBAL_UNICAST else "no public address"


async def resolve_by_system(host: str, port: int) -> list[str]:
    """The addresses of a host in the system's order of preference (RFC 6724).

    It runs in the event loop's default executor, whose size bounds how many names resolve at once.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to permitted addresses and ports; tries the next address where one fails.

    Raises:
        Problem: ``address`` or ``dns``. A failing connect raises what httpcore raises.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve = resolve_by_system,
        dial: Dial | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._dial = dial or httpcore.AnyIOBackend()
        self.dialled = ""
        """The address of the last connection that was tried."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first permitted address that answers."""
        if reason := forbidden_port(port, allow_private=self._allow_private):
            raise Problem(Failure.ADDRESS, f"Port {port} of {host} {reason}.")
        addresses = (await self._permitted(host, port))[:_MOST_ADDRESSES]
        for number, address in enumerate(addresses, start=1):
            last = number == len(addresses)
            self.dialled = address
            try:
                return await self._dial.connect_tcp(
                    address, port, timeout if last else _IMPATIENCE, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last:
                    raise
        raise AssertionError("there is always an address to dial")

    async def _permitted(self, host: str, port: int) -> list[str]:
        found = [host] if _is_literal(host) else await self._resolved(host, port)
        judged = {address: forbidden(address, allow_private=self._allow_private) for address in found}
        permitted = [address for address, reason in judged.items() if reason is None]
        if permitted:
            return permitted
        address, reason = next(iter(judged.items()))
        shown = host if host == address else f"{host} ({address})"
        unless = (
            "" if forbidden(address, allow_private=True) else "; fetch.allow_private = true in the settings permits it"
        )
        raise Problem(Failure.ADDRESS, f"{shown} is {reason} and may not be asked{unless}.")

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            why = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
            raise Problem(Failure.DNS, f"The name {host} does not resolve: {why}.") from exc
        if not found:
            raise Problem(Failure.DNS, f"The name {host} has no address.")
        return found


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
