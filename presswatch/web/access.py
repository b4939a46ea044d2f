"""Who may do what: one pure function of what a request shows and of how the installation is reached.

    settings, address, password -> entrance -> Entrance
    Entrance, Facts of a request -> allowed -> Verdict

What is asked for is told by method and path alone (``need``), so that a page that is added later is guarded by default:
reading needs a reader, and anything but reading needs an owner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from presswatch.web.hosts import Network, is_loopback, known_host, networks, same_origin

__all__ = ["Entrance", "Facts", "Need", "NotGuarded", "Verdict", "Way", "allowed", "entrance", "need"]


class NotGuarded(Exception):
    """The pages would be open to everybody who reaches their address; the message says what to do."""


class Way(Enum):
    """By what a request is let in."""

    LOCAL = auto()
    """Nothing is asked: only this machine reaches the pages."""
    PASSWORD = auto()
    PROXY = auto()
    """A proxy asked; or the password, where one is set too."""
    PUBLIC = auto()
    """Anybody reads, nobody changes anything."""


class Need(Enum):
    """What an address asks of who comes."""

    NOTHING = auto()
    READ = auto()
    FEED = auto()
    """The token in its address, where there is one; else as ``READ``."""
    API = auto()
    """As ``READ``; or a token of the API."""
    OWN = auto()
    """To change something, or to see what readers need not."""
    OWN_API = auto()
    """To see of the API what readers need not; its tokens are enough, since they are the owner's."""
    CHANGE_API = auto()
    """To change something by the API; of its tokens one that may write."""


class Verdict(Enum):
    """What becomes of a request."""

    ALLOWED = auto()
    LOG_IN = auto()
    NO_TOKEN = auto()
    """The API was asked without one, or with one that is not known."""
    READS_ONLY = auto()
    """A token that may not write was to change something."""
    NOT_HERE = auto()
    """Nobody may do that in this installation, or the proxy let somebody through unnamed."""
    FORGED = auto()
    """It comes from a page of somebody else's."""
    UNKNOWN_HOST = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How the pages are reached and who is let in."""

    way: Way
    address: str
    """By which others reach the pages, absolute."""
    names: frozenset[str] = frozenset()
    """Names by which they may be asked for, in lower case."""
    has_password: bool = False
    feed_token: bool = False
    user_header: str | None = None
    trusted: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a request shows. ``session``, ``token`` and ``user`` are already found to be genuine."""

    method: str
    path: str
    host: str | None = "127.0.0.1"
    origin: str | None = None
    fetch_site: str | None = None
    session: bool = False
    token: bool = False
    writes: bool = False
    """The token may change something."""
    user: bool = False
    """A trusted proxy names who asks."""


_OPEN = re.compile(r"/health|/static/[^/]*|/login|/mute/[^/]*|/robots\.txt")
"""The signature in a link that mutes is the right to follow it: it may stand in a mail to somebody without a login. A
crawler that asks for rules is told that there are none instead of being sent to a form."""
_OWNERS_API = re.compile(r"/api/v\d+/(?:status|health)")
_OWNERS = re.compile(r"/manage(/.*)?|/status|(/.*)?/evidence(/.*)?", re.DOTALL)
"""What readers need not see: what changes things, how the machine and its channels fare, and the bytes of others."""


def need(method: str, path: str) -> Need:
    """What is needed for a method and a path."""
    if _OPEN.fullmatch(path):
        return Need.NOTHING
    reads = method in ("GET", "HEAD", "OPTIONS")
    if not reads and path.startswith("/api/"):
        return Need.CHANGE_API
    if not reads or _OWNERS.fullmatch(path):
        return Need.OWN
    if _OWNERS_API.fullmatch(path):
        return Need.OWN_API
    if path == "/api" or path.startswith("/api/"):
        return Need.API
    return Need.FEED if path.startswith("/feeds/") else Need.READ


def allowed(facts: Facts, at: Entrance) -> Verdict:
    """What becomes of a request."""
    if not known_host(facts.host, at.names):
        return Verdict.UNKNOWN_HOST
    reads = facts.method in ("GET", "HEAD", "OPTIONS")
    if not reads and not same_origin(
        host=facts.host or "", origin=facts.origin, fetch_site=facts.fetch_site, address=at.address
    ):
        return Verdict.FORGED
    wanted = need(facts.method, facts.path)
    if wanted is Need.NOTHING or (wanted is Need.FEED and at.feed_token):
        return Verdict.ALLOWED
    if at.way is Way.PUBLIC:
        is_owners = wanted in (Need.OWN, Need.OWN_API, Need.CHANGE_API)
        return Verdict.NOT_HERE if is_owners else Verdict.ALLOWED
    if at.way is Way.LOCAL or (facts.session and at.has_password) or (facts.user and at.way is Way.PROXY):
        return Verdict.ALLOWED
    if wanted in (Need.API, Need.OWN_API, Need.CHANGE_API):
        if not facts.token:
            return Verdict.NO_TOKEN
        return Verdict.READS_ONLY if wanted is Need.CHANGE_API and not facts.writes else Verdict.ALLOWED
    return Verdict.LOG_IN if at.has_password else Verdict.NOT_HERE


def entrance(
    *,
    bound: str,
    address: str,
    has_password: bool,
    public: bool = False,
    user_header: str | None = None,
    trusted_proxies: tuple[str, ...] = (),
    hosts: tuple[str, ...] = (),
    feed_token: bool = False,
) -> Entrance:
    """How the pages are guarded.

    Args:
        bound: the address that is listened at, not a name.
        address: by which others reach the pages.
        has_password: one was set.
        public: the settings' ``web.public``, as are the next.
        user_header: ``web.proxy_user_header``.
        trusted_proxies: ``web.trusted_proxies``.
        hosts: ``web.hosts``.
        feed_token: whether feeds have a token of their own.

    Raises:
        NotGuarded: it is reached from elsewhere, and nothing says who may come in.
    """
    way = _way(bound, has_password=has_password, public=public, proxy=user_header is not None)
    if way is None:
        raise NotGuarded(
            f"at {bound} everybody who reaches this machine could read and change what is watched: set a password with "
            '"presswatch password" (in a container: docker compose run --rm presswatch password); '
            "docs/access.md tells of other ways"
        )
    name = (_name(address),) if _name(address) else ()
    return Entrance(
        way=way, address=address, names=frozenset(each.lower() for each in (*hosts, *name)),
        has_password=has_password, feed_token=feed_token, user_header=user_header.lower() if user_header else None,
        trusted=networks(trusted_proxies),
    )  # fmt: skip


def _way(bound: str, *, has_password: bool, public: bool, proxy: bool) -> Way | None:
    if public:
        return Way.PUBLIC
    if proxy:
        return Way.PROXY
    if has_password:
        return Way.PASSWORD
    return Way.LOCAL if is_loopback(bound) else None


def _name(address: str) -> str:
    found = re.match(r"https?://([^/?#:@\[\]]+)", address, re.IGNORECASE)
    return found[1] if found else ""
