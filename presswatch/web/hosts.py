"""Who is asked and who asks: the Host header, the Origin of a form, and the client behind a proxy. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

__all__ = ["Network", "client_of", "is_loopback", "is_trusted", "known_host", "networks", "same_origin"]

Network = IPv4Network | IPv6Network
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::\d{1,5})?")
_MOST_HOPS = 20


def known_host(header: str | None, names: Collection[str]) -> bool:
    """True where a Host header names this installation.

    A page of somebody else's whose name was pointed at this machine (DNS rebinding) sends that name. It can't send an
    address or ``localhost``: then the page is of that address itself. The port is no matter.

    Args:
        header: as sent; None where there is none.
        names: in lower case.
    """
    found = _HOST.fullmatch(header or "")
    if found is None:
        return False
    name = found["name"].lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or _address(name.strip("[]")) is not None or name in names


def same_origin(*, host: str, origin: str | None, fetch_site: str | None, address: str) -> bool:
    """True where a request that changes something can't come from a page of somebody else's.

    ``Sec-Fetch-Site`` can't be forged by a page. Where a browser sends none (over plain HTTP), it sends ``Origin``. Who
    sends neither is no browser, and there is nobody whose session could be used.

    Args:
        host: the Host header.
        origin: the Origin header.
        fetch_site: the Sec-Fetch-Site header (w3c.github.io/webappsec-fetch-metadata).
        address: by which others reach the pages: a proxy may change the Host header.
    """
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    if origin is None:
        return True
    theirs = _authority(origin)
    return theirs is not None and theirs in (host.lower(), _authority(address))


def _authority(url: str) -> str | None:
    """Host and port of an origin, the port only where it isn't the scheme's own."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return name if port in (None, default) else f"{name}:{port}"


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks of the settings.

    Raises:
        ValueError: one is none.
    """
    return tuple(ipaddress.ip_network(each) for each in given)


def is_trusted(peer: str, trusted: Sequence[Network]) -> bool:
    """True where an address is one of these networks'."""
    found = _address(peer)
    return found is not None and any(found in network for network in trusted)


def client_of(peer: str, forwarded_for: str | None, trusted: Sequence[Network]) -> str:
    """The address that a request is from: what trusted proxies say, read from the end, as far as they can be trusted.

    What stands before the first address that is no trusted proxy's, anybody may have written.
    """
    client = peer
    for hop in reversed((forwarded_for or "").split(",")[-_MOST_HOPS:]):
        if not is_trusted(client, trusted) or _address(hop.strip()) is None:
            break
        client = hop.strip()
    return client


def is_loopback(address: str) -> bool:
    """True where only this machine reaches what listens at an address."""
    found = _address(address)
    return found is not None and found.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
