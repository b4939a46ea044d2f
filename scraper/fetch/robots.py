"""robots.txt: what a site asks of programs (RFC 9309). Pure; the only module that knows protego.

    answer -> of_answer -> Robots -> allows(url, agent), crawl_delay(agent), sitemaps

The caller fetches ``/robots.txt`` of each host before anything else of it, and keeps the result for no longer than
:data:`KEEP`. ``(status, text)`` is all there is to store of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin, urlsplit, urlunsplit

from protego import Protego

from scraper.model import Failed, Failure, Fetched

__all__ = ["GIVE_UP", "KEEP", "MAX_BYTES", "Robots", "location", "of_answer", "read"]

KEEP = timedelta(hours=24)
"""RFC 9309 section 2.4."""
GIVE_UP = timedelta(days=30)
"""A site whose robots.txt has been unreachable for this long counts as one without (RFC 9309 section 2.3.1.4)."""
MAX_BYTES = 500 * 1024
"""What is parsed of it (RFC 9309 section 2.5)."""

_LONGEST_DELAY = 60.0
_MOST_SITEMAPS = 100
_MOST_WORK = 200_000
"""Rules times the agents that they are for: protego files each rule under each agent."""
_MOST_AGENTS = 2_000
_NO_RULE = frozenset({"", "site", "host"})
"""How lines begin that don't end a list of agents."""
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What one host asks of programs."""

    status: int | None
    """The answer's status; None where there was no answer."""
    text: str = ""
    """The rules as they were sent, as far as they count."""
    url: str = ""
    """Where they came from."""
    _rules: Protego = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rules", Protego.parse(_bounded(self.text)))

    @property
    def unreachable(self) -> bool:
        """True where nothing is known and therefore nothing allowed."""
        return self.status is None or not 200 <= self.status < 500

    def allows(self, url: str, agent: str) -> bool:
        """True where a program with this product token, such as "presswatch", may fetch this address."""
        if self.unreachable:
            return False
        try:
            return self._rules.can_fetch(url, agent)
        except ValueError:
            # An address that doesn't parse; no rule is about it, and fetching refuses it.
            return True

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests that the site asks for, at most 60; None where it doesn't."""
        delay = self._rules.crawl_delay(agent)
        return None if delay is None else min(delay, _LONGEST_DELAY)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Absolute http(s) addresses of the sitemaps that it names, each once, at most 100."""
        found = dict.fromkeys(filter(None, (_absolute(self.url, target) for target in self._rules.sitemaps)))
        return tuple(found)[:_MOST_SITEMAPS]


def location(url: str) -> str:
    """Where the rules for an address are: ``/robots.txt`` of its scheme, host and port."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "/robots.txt", "", ""))


def of_answer(answer: Fetched | Failed, *, unreachable_for: timedelta = timedelta(0)) -> Robots:
    """The rules that a fetch of robots.txt came to; see :func:`read`.

    Redirects without end, or to where nobody may go, count as a file that isn't there (RFC 9309 section 2.3.1.2).
    """
    if isinstance(answer, Fetched):
        return read(answer.status, answer.body, final_url=answer.final_url, unreachable_for=unreachable_for)
    status = _NOT_FOUND if answer.failure is Failure.REDIRECTS else None
    return read(status, b"", final_url="", unreachable_for=unreachable_for)


def read(status: int | None, body: bytes, *, final_url: str, unreachable_for: timedelta = timedelta(0)) -> Robots:
    """The rules in an answer.

    2xx: as the first 500 KiB say; a web page in place of the file has none. 3xx and 4xx: everything is allowed.
    Anything else, and no answer (``status`` None): nothing is, unless it has been so for 30 days
    (``unreachable_for``, since the first such answer); then it is as if there were no file.
    """
    if status is not None and 200 <= status < 300:
        return Robots(status=status, text=_text(body), url=final_url)
    known = Robots(status=status, url=final_url)
    return Robots(status=_NOT_FOUND, url=final_url) if known.unreachable and unreachable_for >= GIVE_UP else known


def _text(body: bytes) -> str:
    start = body[:MAX_BYTES]
    if len(body) > MAX_BYTES:
        # The last line may be cut in two, and half a rule can forbid more than the whole one.
        start = start[: max(start.rfind(b"\n"), start.rfind(b"\r")) + 1]
    text = start.decode("utf-8-sig", "replace").replace("\0", "\ufffd")
    return "" if text.lstrip().startswith("<") else text


def _bounded(text: str) -> str:
    """The lines up to where taking them in would cost more than any real file does."""
    lines = text.splitlines()
    in_group = agents = work = 0
    naming = False
    for number, line in enumerate(lines):
        start = line.lstrip()[:4].lower()
        if start == "user":
            in_group = in_group + 1 if naming else 1
            agents += 1
            naming = True
        elif start not in _NO_RULE and not start.startswith("#"):
            naming = False
            work += in_group
        if agents > _MOST_AGENTS or work > _MOST_WORK:
            return "\n".join(lines[:number])
    return text


def _absolute(base: str, target: str) -> str:
    try:
        url = urljoin(base, target)
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc else ""
    except ValueError:
        return ""
