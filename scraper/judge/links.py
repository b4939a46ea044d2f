"""Where the links of a text lead, and which of them lead elsewhere than before.

A target counts as content; how it is spelt, and what a server puts into it anew on each load, does not.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import parse_qs

from scraper.model import Block, Link
from scraper.urls import identity

__all__ = ["LinkChange", "changed_links", "link_key", "link_keys"]

_ONE_LOAD = frozenset(
    "nonce _wpnonce csrf csrf_token _csrf csrfmiddlewaretoken authenticity_token form_build_id cb cachebuster "
    "cache_buster nocache rnd rand random timestamp ts _ _t signature sig expires expiry policy key-pair-id "
    "awsaccesskeyid googleaccessid hdnea hdnts hmac access_token auth_token".split()
)
_ONE_LOAD_PREFIXES = ("x-amz-", "x-goog-", "x-oss-", "__cf_chl")
_SIGNED = frozenset("sv sr se st sp spr ske skoid sks skt sktid skv".split())
"""What stands beside ``sig`` in a shared access signature of Azure's."""
_FILE_VERSION = frozenset({"v", "ver", "version", "rev", "t", "d", "h", "hash", "itok"})
"""A number or hash that busts caches, where the path is that of a file; YouTube's ``v`` is none."""
_FILE = re.compile(r"\.[a-z]{2,4}\d?$", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:html?|php\d?|aspx?|jspx?|cfm)$", re.IGNORECASE)
_VERSION = re.compile(r"[0-9a-f.:_-]{1,40}", re.IGNORECASE)
_ITOK = re.compile(r"[\w-]{6,12}")
_HASHED_NAME = re.compile(r"(?<=[^/])[.-](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,40}(?=\.[a-z0-9]{2,5}$)")
_NUMBERED_HOST = re.compile(r"^(cdn|static|assets?|img|images?|media|dl|files?|s)-?\d+(?=\.[^/]+\.)")
_NUMBERED_WWW = re.compile(r"^www\d+\.(?=[^/]+\.)")
_WRAPPERS = (
    (re.compile(r"https?://lm?\.facebook\.com/l\.php\?(.*)"), "u"),
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?(.*)"), "q"),
    (re.compile(r"https?://[a-z0-9.]+\.safelinks\.protection\.outlook\.com/\?(.*)"), "url"),
)
"""Redirectors that sign the address they lead to anew each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange:
    """A link that leads elsewhere, or one that came or went while its words may have stayed."""

    text: str
    before: str | None
    """Where it led; None where there was none."""
    after: str | None

    @property
    def host_changed(self) -> bool:
        """True where it leads to another site than before."""
        return self.before is None or self.after is None or _host(self.before) != _host(self.after)


def link_key(target: str) -> str:
    """What a target is compared by: :func:`scraper.urls.identity`, less what differs from load to load."""
    for pattern, name in _WRAPPERS:
        if found := pattern.match(target):
            target = parse_qs(found[1]).get(name, [target])[0]
    place, _, query = identity(target).partition("?")
    place = _NUMBERED_HOST.sub(r"\1", _NUMBERED_WWW.sub("", place))
    is_file = _FILE.search(place) is not None and not _PAGE.search(place)
    place = _HASHED_NAME.sub("", place)
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    is_signed = any(name.lower() == "sig" for name, _, _ in pairs)
    kept = [
        f"{name}{equals}{value}"
        for name, equals, value in pairs
        if not _is_of_one_load(name.lower(), value, is_file=is_file, is_signed=is_signed)
    ]
    return f"{place}?{'&'.join(kept)}" if kept else place


def link_keys(blocks: Iterable[Block]) -> list[str]:
    """Where the words of a text lead, in the order of reading; a link that is cut in two counts once."""
    return [key for key, _ in groupby(link_key(link.target) for block in blocks for link in _shown(block))]


def changed_links(before: Sequence[Block], after: Sequence[Block]) -> tuple[LinkChange, ...]:
    """The links of some blocks that lead elsewhere than before: those with the same words, then gone ones, then new."""
    if [block.links for block in before] == [block.links for block in after]:
        return ()
    old, new = _distinct(before), _distinct(after)
    worded, lost, won = _paired(old, new, by=lambda link: link.text)
    _, lost, won = _paired(lost, won, by=lambda link: link_key(link.target))
    if len(lost) == len(won) == 1:
        worded, lost, won = [*worded, (lost[0], won[0])], [], []
    return (
        *(
            LinkChange(text=new.text, before=old.target, after=new.target)
            for old, new in worded
            if link_key(old.target) != link_key(new.target)
        ),
        *(LinkChange(text=link.text, before=link.target, after=None) for link in lost),
        *(LinkChange(text=link.text, before=None, after=link.target) for link in won),
    )


def _paired(
    old: Sequence[Link], new: Sequence[Link], *, by: Callable[[Link], str]
) -> tuple[list[tuple[Link, Link]], list[Link], list[Link]]:
    """Links of one key, the first with the first, and those on either side that have no other."""
    places: defaultdict[str, deque[Link]] = defaultdict(deque)
    for link in new:
        places[by(link)].append(link)
    pairs, lost = [], []
    for link in old:
        if same := places[by(link)]:
            pairs.append((link, same.popleft()))
        else:
            lost.append(link)
    return pairs, lost, [link for same in places.values() for link in same]


def _is_of_one_load(name: str, value: str, *, is_file: bool, is_signed: bool) -> bool:
    if name in _ONE_LOAD or name.startswith(_ONE_LOAD_PREFIXES) or (is_signed and name in _SIGNED):
        return True
    if not is_file or name not in _FILE_VERSION:
        return False
    return bool(_VERSION.fullmatch(value) or (name == "itok" and _ITOK.fullmatch(value)))


def _host(target: str) -> str:
    return link_key(target).partition("/")[0]


def _shown(block: Block) -> Iterator[Link]:
    """The links that have words; those of pictures are no text."""
    return (link for link in block.links if link.text.strip())


def _distinct(blocks: Iterable[Block]) -> list[Link]:
    """The links with words; one that is cut in two counts once."""
    shown = (link for block in blocks for link in _shown(block))
    return [next(same) for _, same in groupby(shown, key=lambda link: link_key(link.target))]
