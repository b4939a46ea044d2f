"""From page to page of one listing, back in time: for a first visit that is to go further, and for catching up.

How slowly is the caller's: ``get`` keeps to robots.txt and the pause of the host.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo

from scraper import urls
from scraper.discover.entries import NotAListing, unique
from scraper.discover.listing import read_listing
from scraper.model import Entry, Failed, Fetched, Listed

__all__ = ["MAX_PAGES", "Walk", "walk"]

MAX_PAGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a listing and the pages after it name."""

    entries: tuple[Entry, ...]
    """In their order, each once: mostly the newest first."""
    pages: int
    """How many were read, the first one included."""
    following: str | None
    """Where it goes on; None where this was its end."""
    why: str
    """One sentence: why it was not walked further."""


async def walk(
    first: Listed,
    url: str,
    *,
    get: Callable[[str], Awaitable[Fetched | Failed]],
    zone: tzinfo,
    most: int,
    shapes: tuple[str, ...] = (),
    known: frozenset[str] = frozenset(),
) -> Walk:
    """The entries of a listing that answered at ``url`` and of its next pages, ``most`` pages at most.

    It stops where no next page is named, at one that was read before, that can't be read or that names nothing new,
    and after a page of which every release is in ``known``: then what follows is known, too.
    """
    most = min(most, MAX_PAGES)
    entries = list(first.entries)
    seen, keys = {urls.identity(url)}, {entry.key for entry in entries}
    listed, pages = first, 1

    def stopped(why: str) -> Walk:
        return Walk(entries=unique(entries), pages=pages, following=listed.following, why=why)

    while listed.following is not None:
        address = listed.following
        if known and all(entry.key in known for entry in listed.entries):
            return stopped("Everything on its last page is known.")
        if urls.identity(address) in seen:
            return stopped(f"{address} was read before.")
        if pages >= most:
            return stopped(f"{pages} pages were read.")
        answer = await get(address)
        if isinstance(answer, Failed) or answer.status != 200:
            detail = answer.detail if isinstance(answer, Failed) else f"It answered with status {answer.status}."
            return stopped(f"{address} could not be read. {detail}")
        seen |= {urls.identity(address), urls.identity(answer.final_url)}
        try:
            following = read_listing(answer, zone=zone, shapes=shapes, kind=first.kind)
        except NotAListing as refusal:
            return stopped(f"{address} is no further page. {refusal}")
        fresh = [entry for entry in following.entries if entry.key not in keys]
        if not fresh:
            return stopped(f"{address} names nothing new.")
        listed, pages = following, pages + 1
        entries += fresh
        keys |= {entry.key for entry in fresh}
    return stopped("It names no further page.")
