"""When a source's site is learned, and from what: its stored evidence, so that the same store teaches the same."""

from __future__ import annotations

from dataclasses import replace

import structlog

from presswatch.means import Means
from scraper.model import DuePage, Fetched, Outcome, Site
from scraper.read import MOST_LOADS, Load, learn
from storage import Storage

__all__ = ["is_due", "learn_site"]

_FIRST = 4
"""Releases from which on something is learned."""
_AGAIN = (3, 6, 12)
"""Numbers of a revision after which it is worth a look whether something varies on each load."""

log = structlog.get_logger()


def is_due(site: Site, releases: int, number: int) -> bool:
    """True where there are twice as many releases to learn from as the last time, or one keeps changing."""
    if releases < _FIRST:
        return False
    return number in _AGAIN or releases >= 2 * site.releases


async def learn_site(page: DuePage, outcome: Outcome, means: Means) -> None:
    """Learn the site of a release that has a new revision, where that is due, and keep what came of it.

    The look itself is recorded by then: what goes wrong here is logged, and tried again with the next occasion.
    """
    if outcome.revision is None:
        return
    try:
        site = await means.run(_learned, means.storage, page.source_id, outcome.revision.number)
    except Exception:
        log.exception("learning failed", source=page.source.name)
        return
    if site is not None:
        log.info("learned", source=page.source.name, pages=site.pages, loads=site.loads, version=site.version)


def _learned(storage: Storage, source_id: int, number: int) -> Site | None:
    """What was learned and is kept now; None where it was not due."""
    known = storage.site(source_id)
    releases = storage.readable(source_id)
    if not is_due(known, releases, number):
        return None
    site = replace(learn(map(_load, storage.loads(source_id, most=MOST_LOADS))), releases=releases)
    storage.keep_site(source_id, site)
    return site


def _load(answer: Fetched) -> Load:
    return Load(answer.body, answer.final_url, answer.header("content-type"))
