"""One look at a release: ask, look, decide, record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from presswatch.learning import learn_site
from presswatch.look import look, read_again
from presswatch.means import Means, Polled, took
from presswatch.noise import hushed
from scraper.judge import RECIPE, ailment, decide, is_gone, traits
from scraper.model import (
    Change,
    Doubt,
    DuePage,
    Failed,
    Failure,
    Fetched,
    Found,
    Habits,
    Known,
    Outcome,
    Pulse,
    Revision,
    Seen,
    State,
    Twin,
    Why,
)
from scraper.pace import born, hours_of, noted, placed
from scraper.read import DRAWN, version
from scraper.urls import host as host_of
from scraper.urls import identity
from storage import Storage

__all__ = ["poll_release"]

_ALIASES_TRIED = 3
_LONGEST_DETOUR = 45.0
"""Seconds of pauses before these tries: a look is to end while its host's lease lasts."""
_MOST_KIN = 4
"""Releases that are compared with one that is read for the first time."""
_MOST_EARLIER = 20
"""Earlier revisions that are read again with a new recipe."""

log = structlog.get_logger()


async def poll_release(page: DuePage, means: Means) -> Polled:
    """Look at a release and write down what it comes to.

    Raises:
        LeaseLost: the host is another process's by now; nothing is written.
        Unknown: the release was found to be another one meanwhile.
    """
    known = await means.run(means.storage.known, page.page_id, now=means.clock(), identity=identity)
    answer = await means.ask(page, whole=_is_wanted_whole(known, means))
    found = await _look(answer, page, means)
    if known.suspect and known.suspect.doubt is Doubt.GONE and is_gone(found, known):
        found = await _elsewhere(page, known, means) or found
    now = means.clock()
    outcome = await means.run(_decide, page, known, found, now, means)
    pulse = noted(
        page.pulse,
        now=now,
        failed=outcome.failed is not None,
        held=outcome.suspect is not None,
        prior=means.pacer.context(page.source_id).prior,
        changed_at=_changed_at(outcome, known),
        born_at=_born_at(outcome, known),
        finds=len(_edits(outcome)),
    )
    again, pulse = _next(page, outcome, pulse, means)
    gained = _gained(page, outcome, means)
    changes = await means.run(
        means.storage.record,
        page,
        owner=means.owner,
        found=found,
        outcome=outcome,
        pulse=pulse,
        next_poll_at=again,
        router=means.router(page.source),
        traits=traits,
        ailment=ailment(outcome),
        physician=means.physician(page.source),
        batching=means.rules.batching,
        ms=took(answer, now),
        gained=gained,
    )
    means.pacer.learn(page.source_id, gained)
    await learn_site(page, outcome, means)
    log.info(
        "polled",
        page=page.url,
        state=outcome.state.value,
        note=outcome.note,
        status=getattr(answer, "status", None),
        changes=[change.kind.value for change in outcome.changes] or None,
    )
    return Polled(failed=outcome.failed, changes=len(changes))


def _is_wanted_whole(known: Known, means: Means) -> bool:
    """A doubt needs the page itself, though not for ever where it never ends."""
    doubt, patience = known.suspect, means.rules.patience
    is_doubted = doubt is not None and doubt.total < patience and doubt.turns < patience
    return known.state is not State.LIVE or is_doubted


async def _look(answer: Fetched | Failed, page: DuePage, means: Means) -> Found:
    """The finding; a page that breaks the reader is a failed look and comes back with back-off like any other."""
    now = means.clock()
    try:
        return await means.run(look, answer, source=page.source, now=now, site=page.site)
    except Exception as error:
        log.exception("reading failed", page=page.url)
        detail = f"reading the page failed: {type(error).__name__}: {error}"
        return Failed(at=now, failure=Failure.UNREADABLE, detail=detail)


async def _elsewhere(page: DuePage, known: Known, means: Means) -> Seen | None:
    """The release at another address of this host that it is known by, before it is said to be gone.

    As slowly as any visit of the host; not where its pause would keep its lease too long. The tries end where the host
    asks to be left alone.
    """
    here = [url for url in known.aliases if host_of(url) == page.host][:_ALIASES_TRIED]
    pause = max(means.settings.fetch.delay_per_host, await means.robots.delay(page.url)) if here else 0.0
    if pause * len(here) > _LONGEST_DETOUR:
        return None
    for url in here:
        await means.sleep(pause)
        found = await _look(await means.ask(replace(page, url=url), whole=True), page, means)
        if isinstance(found, Seen) and identity(found.final_url) != known.key:
            return replace(found, permanent=True)
        if means.rests(page.host):
            break
    return None


def _decide(page: DuePage, known: Known, found: Found, now: datetime, means: Means) -> Outcome:
    known, reread, earlier = _up_to_date(page, known, found, means.storage)
    if isinstance(found, Seen):
        known = _with_twins(page, known, found, means.storage)
    outcome = decide(found, known, now, means.rules)
    if isinstance(found, Seen):
        outcome = hushed(outcome, found, known, page, means.storage)
    if reread and outcome.refresh is None:
        outcome = replace(outcome, refresh=known.current)
    return replace(outcome, reread=earlier)


def _up_to_date(
    page: DuePage, known: Known, found: Found, storage: Storage
) -> tuple[Known, bool, tuple[Revision, ...]]:
    """The current revision as the present recipe reads it, whether that was needed, and the earlier ones likewise.

    Where there is nothing to read it from, or it was not read as a browser draws it and now is, what was found is taken
    for what it is: how it is looked at changed, and nobody can tell whether the page did.
    """
    present = version(page.site, page.source)
    current = known.current
    if current is None or (current.recipe, current.site) == (RECIPE, present):
        return known, False, ()
    evidence = storage.current_evidence(page.page_id)
    if evidence is None or current.site.endswith(DRAWN) is not present.endswith(DRAWN):
        if not isinstance(found, Seen):
            return known, False, ()
        taken = replace(current, release=found.release, digest=found.digest, recipe=RECIPE, site=present)
        return replace(known, current=taken), True, ()
    earlier = tuple(
        read_again(revision, answer, page.source, page.site)
        for revision, answer in storage.earlier(page.page_id, most=_MOST_EARLIER)
    )
    return replace(known, current=read_again(current, evidence, page.source, page.site)), True, earlier


def _with_twins(page: DuePage, known: Known, found: Seen, storage: Storage) -> Known:
    """What is known of other releases that have this text, or nearly, or stand at this address."""
    text = place = None
    if known.current is None or known.current.digest != found.digest:
        text = storage.twin_by_digest(page.source_id, found.digest, RECIPE, not_page=page.page_id)
    for url in filter(None, (found.final_url, found.release.canonical)):
        key = identity(url)
        if key != known.key and place is None:
            place = storage.twin_at(page.source_id, key, not_page=page.page_id)
    kin: Sequence[Twin] = ()
    if known.current is None and text is None:
        kin = storage.kin(page.source_id, traits(found.release), not_page=page.page_id, most=_MOST_KIN)
    return replace(
        known,
        same_text=text and _with_text(text, page, storage),
        same_place=place and _with_text(place, page, storage),
        kin=tuple(_with_text(twin, page, storage) for twin in kin),
    )


def _with_text(twin: Twin, page: DuePage, storage: Storage) -> Twin:
    """The twin with its current content, as the present recipe reads it."""
    row = storage.release(twin.release_id) if twin.read else None
    if row is None or row.current is None:
        return twin
    current = storage.revision(row.id, row.current)
    present = version(page.site, page.source)
    is_present = (current.recipe, current.site) == (RECIPE, present)
    is_drawn_alike = current.site.endswith(DRAWN) is present.endswith(DRAWN)
    evidence = storage.evidence(row.id, row.current) if is_drawn_alike and not is_present else None
    return replace(twin, current=read_again(current, evidence, page.source, page.site) if evidence else current)


def _next(page: DuePage, outcome: Outcome, pulse: Pulse, means: Means) -> tuple[datetime | None, Pulse]:
    if outcome.state is State.IGNORED:
        return None, pulse
    again, pulse = means.planned(page, pulse, failed=outcome.failed)
    if outcome.look_again:
        return means.clock() + outcome.look_again, replace(pulse, why=Why.CONFIRM)
    return again, pulse


def _edits(outcome: Outcome) -> list[Change]:
    """The changes of a text that was known, but for noise: nobody waits for that."""
    return [change for change in outcome.changes if change.revision_from is not None and not change.noise_by]


def _gained(page: DuePage, outcome: Outcome, means: Means) -> Habits | None:
    """What the look tells of its source: when it edits, and whether hints tell of that."""
    if outcome.failed is not None or outcome.suspect is not None:
        return None
    edits, hinted = _edits(outcome), page.pulse.hinted
    if not edits:
        return Habits(useless=1.0) if hinted else None
    spans = [(edit.not_before, edit.not_after, 1.0) for edit in edits if edit.not_before is not None]
    when = hours_of(spans, week=means.pacer.context(page.source_id).week) or Habits()
    return when + (Habits(hinted=1.0) if hinted else Habits(silent=1.0))


def _born_at(outcome: Outcome, known: Known) -> datetime | None:
    """When it was published, by itself and by its listing; nothing where no revision came of the look."""
    if (revision := outcome.revision) is None:
        return None
    told = revision.release.published, known.entry.published if known.entry else None
    return born(told, absent_at=known.absent_at, seen_at=revision.observed_at)


def _changed_at(outcome: Outcome, known: Known) -> datetime | None:
    """When the current version came to be: by its own stamps where they tell, else in the middle of its window."""
    if edits := _edits(outcome):
        last = edits[-1]
        stamp = last.stamp_after
        if last.not_before is None:
            return last.not_after
        if stamp and not stamp.precision.is_date and last.not_before < stamp.at <= last.not_after:
            return stamp.at
        return last.not_before + (last.not_after - last.not_before) / 2
    if (revision := outcome.revision) is None:
        return None
    seen_at = revision.observed_at
    told = [
        placed(stamp, absent_at=known.absent_at, seen_at=seen_at)
        for stamp in revision.release.stamps
        if stamp.origin.is_of_page
    ]
    published = _born_at(outcome, known)
    return max([*told, *([published] if published else [])], default=seen_at)
