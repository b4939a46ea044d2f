"""When a page says that it was published and updated: every claim, weighed by how it is made and where it stands.

A visible claim is a label and a date in one segment, or a label in one and the date in the next. It counts near the
headline and around the end of the text; beside other articles, in the small print and inside sentences it does not.
Visible and declared times are separate facts: institutions move one and not the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from scraper.model import Claim, Origin, Stamp
from scraper.read.claims import Candidate, Place, Reading, as_claims
from scraper.read.machine import declared_published, declared_updated, hidden_published, in_address, of_server
from scraper.read.page import Page
from scraper.read.published import Choice, choose_published, turned_after
from scraper.read.shown import shown_dates
from scraper.read.structured import Declared
from scraper.read.times import sharpened

__all__ = ["Dates", "Place", "Reading", "read_dates"]


class Dates(NamedTuple):
    """What a page tells of its times."""

    published: Stamp | None
    stamps: tuple[Stamp, ...]
    """Of updates: the most believed first, at most one for each origin."""
    claims: tuple[Claim, ...]
    """Every candidate that was weighed, the believed ones first."""


def read_dates(
    page: Page, declared: Declared, place: Place, reading: Reading, url: str, last_modified: str | None = None
) -> Dates:
    """When a page was published and updated, and why that is believed.

    ``last_modified`` is the HTTP header of that name, which becomes the last of the stamps.
    """
    shown = shown_dates(page, place, reading)
    publications = declared_published(page, declared, place, reading)
    updates = declared_updated(page, declared, place, reading)
    address = in_address(url) or in_address(declared.canonical)
    hidden = hidden_published(declared, reading)
    visible = [c for c in shown if not c.updated]
    seen = [c for c in shown if c.updated]
    choice = choose_published(publications, visible, address, hidden, [*updates, *(c for c in seen if c.score > 0)])
    choice = choice._replace(candidate=choice.candidate and sharpened(choice.candidate, page.times, reading))
    believed = _believed_updates(page, seen, updates, choice, reading)
    stamps = [candidate.stamp() for candidate in believed]
    server = of_server(last_modified)
    weighed = [*publications, *visible, *([address] if address else []), *hidden, *seen, *updates]
    return Dates(
        published=choice.candidate.stamp(day=choice.day) if choice.candidate else None,
        stamps=(*stamps, *([server] if server else [])),
        claims=_claims(weighed, choice, believed, server),
    )


def _believed_updates(
    page: Page, seen: list[Candidate], updates: list[Candidate], choice: Choice, reading: Reading
) -> list[Candidate]:
    """One of each origin, the visible ones first."""
    found = []
    for origin in (Origin.TEXT, Origin.TIME):
        # Of claims equally good the latest is the last update: pages list their updates one below the other.
        claims = [c for c in seen if c.origin is origin and c.score > 0 and not _is_publication(c, choice)]
        best = max(claims, key=lambda claim: (claim.score, claim.moment.at), default=None)
        if best is not None:
            found.append(turned_after(sharpened(best, page.times, reading), choice.candidate))
    for origin in (Origin.JSON_LD, Origin.META):
        found.extend([c for c in updates if c.origin is origin][:1])
    return found


def _is_publication(candidate: Candidate, choice: Choice) -> bool:
    """True for a time element whose class says "updated" and which tells the publication: hAtom wants that class."""
    published = choice.candidate
    if published is None or candidate.origin is not Origin.TIME or published.moment.precision.is_date:
        return False
    return abs(candidate.moment.at - published.moment.at) < timedelta(minutes=1)


def _claims(
    weighed: list[Candidate], choice: Choice, believed: list[Candidate], server: Stamp | None
) -> tuple[Claim, ...]:
    taken = [*([choice.candidate] if choice.candidate else []), *believed]
    others = [
        c if c.score <= 0 and c.segment >= 0 else replace(c, why=f"{c.why}; another is more believed") for c in weighed
    ]
    claims = as_claims(others, taken)
    if server is None:
        return claims
    why = "the server tells it of its answer, which may be the time of a deployment"
    return (Claim(updated=True, stamp=server, believed=True, why=why), *claims)
