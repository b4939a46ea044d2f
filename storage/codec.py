"""The model's values as JSON and back, without loss: whatever a page holds, lone surrogates and NUL included."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from scraper.model import (
    Block,
    BlockKind,
    Claim,
    Doubt,
    Entry,
    Failed,
    Failure,
    Habits,
    Link,
    Origin,
    Precision,
    Profile,
    Redirect,
    Release,
    Rhythm,
    Signal,
    Site,
    Stamp,
    Suspect,
)

__all__ = [
    "entry_from",
    "entry_to",
    "failed_from",
    "failed_to",
    "habits_from",
    "habits_to",
    "profile_from",
    "profile_to",
    "redirects_from",
    "redirects_to",
    "release_from",
    "release_to",
    "site_from",
    "site_to",
    "suspect_from",
    "suspect_to",
]

Tree: TypeAlias = Any
"""What ``json`` reads and writes."""


def release_to(release: Release) -> bytes:
    """A release as JSON."""
    tree = {
        "title": release.title,
        "blocks": [_block_to(block) for block in release.blocks],
        "published": _stamp_to(release.published),
        "stamps": [_stamp_to(stamp) for stamp in release.stamps],
        "language": release.language,
        "canonical": release.canonical,
        "signals": sorted(release.signals),
        "claims": [_claim_to(claim) for claim in release.claims],
    }
    return json.dumps(tree, separators=(",", ":")).encode("ascii")


def release_from(text: bytes) -> Release:
    """The release of :func:`release_to`."""
    tree = json.loads(text)
    return Release(
        title=tree["title"],
        blocks=tuple(_block_from(block) for block in tree["blocks"]),
        published=_stamp_from(tree["published"]),
        stamps=tuple(stamp for each in tree["stamps"] if (stamp := _stamp_from(each))),
        language=tree["language"],
        canonical=tree["canonical"],
        signals=frozenset(map(Signal, tree["signals"])),
        claims=tuple(map(_claim_from, tree.get("claims", ()))),
    )


def entry_to(entry: Entry | None) -> Tree:
    """An entry as a tree."""
    if entry is None:
        return None
    return {
        "url": entry.url,
        "key": entry.key,
        "title": entry.title,
        "published": _stamp_to(entry.published),
        "updated": _stamp_to(entry.updated),
        "summary": entry.summary,
    }


def entry_from(tree: Tree) -> Entry | None:
    """The entry of :func:`entry_to`."""
    if tree is None:
        return None
    return Entry(**{**tree, "published": _stamp_from(tree["published"]), "updated": _stamp_from(tree["updated"])})


def suspect_to(suspect: Suspect | None) -> Tree:
    """A suspicion as a tree."""
    if suspect is None:
        return None
    return {
        "doubt": suspect.doubt,
        "since": suspect.since.isoformat(),
        "looks": suspect.looks,
        "total": suspect.total,
        "turns": suspect.turns,
        "seen_before": suspect.seen_before.isoformat() if suspect.seen_before else None,
        "token": suspect.token,
    }


def suspect_from(tree: Tree) -> Suspect | None:
    """The suspicion of :func:`suspect_to`."""
    if tree is None:
        return None
    before = tree["seen_before"] and datetime.fromisoformat(tree["seen_before"])
    moments = {"since": datetime.fromisoformat(tree["since"]), "seen_before": before}
    return Suspect(**{**tree, "doubt": Doubt(tree["doubt"]), **moments})


def failed_to(failed: Failed | None) -> Tree:
    """Why a look yielded nothing as a tree."""
    if failed is None:
        return None
    pause = failed.retry_after
    return {
        "at": failed.at.isoformat(),
        "failure": failed.failure,
        "detail": failed.detail,
        "retry_after": None if pause is None else pause.total_seconds(),
        "status": failed.status,
        "host": failed.host,
    }


def failed_from(tree: Tree) -> Failed | None:
    """The failure of :func:`failed_to`."""
    if tree is None:
        return None
    pause = tree["retry_after"]
    return Failed(
        at=datetime.fromisoformat(tree["at"]),
        failure=Failure(tree["failure"]),
        detail=tree["detail"],
        retry_after=None if pause is None else timedelta(seconds=pause),
        status=tree["status"],
        host=tree.get("host"),
    )


def profile_to(profile: Profile) -> Tree:
    """What a person says of a site as a tree; None for nothing."""
    said = {name: value for name, value in asdict(profile).items() if value}
    return said or None


def profile_from(tree: Tree) -> Profile:
    """The value of :func:`profile_to`."""
    return Profile(**(tree or {}))


def site_to(site: Site) -> Tree:
    """What was learned of a site as a tree."""
    return {
        "version": site.version,
        "pages": site.pages,
        "releases": site.releases,
        "loads": site.loads,
        "recurring": sorted(site.recurring),
        "varying": sorted(site.varying),
        "body": site.body,
    }


def site_from(tree: Tree) -> Site:
    """The value of :func:`site_to`; nothing learned for None."""
    if tree is None:
        return Site()
    return Site(**{**tree, "recurring": frozenset(tree["recurring"]), "varying": frozenset(tree["varying"])})


def habits_to(habits: Habits) -> Tree:
    """What pacing keeps of a source as a tree."""
    return {
        "hours": list(habits.rhythm.hours),
        "days": list(habits.rhythm.days),
        "hinted": habits.hinted,
        "silent": habits.silent,
        "useless": habits.useless,
    }


def habits_from(tree: Tree) -> Habits:
    """The value of :func:`habits_to`; nothing kept for None."""
    if tree is None:
        return Habits()
    rhythm = Rhythm(hours=tuple(tree["hours"]), days=tuple(tree["days"]))
    return Habits(rhythm=rhythm, hinted=tree["hinted"], silent=tree["silent"], useless=tree["useless"])


def redirects_to(redirects: tuple[Redirect, ...]) -> Tree:
    """Hops as a tree."""
    return [[hop.status, hop.url] for hop in redirects]


def redirects_from(tree: Tree) -> tuple[Redirect, ...]:
    """The hops of :func:`redirects_to`."""
    return tuple(Redirect(status=status, url=url) for status, url in tree)


def _block_to(block: Block) -> Tree:
    return [block.kind, block.text, [[link.text, link.target] for link in block.links]]


def _block_from(tree: Tree) -> Block:
    kind, text, links = tree
    return Block(
        kind=BlockKind(kind), text=text, links=tuple(Link(text=label, target=target) for label, target in links)
    )


def _stamp_to(stamp: Stamp | None) -> Tree:
    if stamp is None:
        return None
    facts = [stamp.at.isoformat(), stamp.precision, stamp.raw, stamp.origin, stamp.zone_assumed]
    return facts if stamp.day is None else [*facts, stamp.day.isoformat()]


def _stamp_from(tree: Tree) -> Stamp | None:
    if tree is None:
        return None
    at, precision, raw, origin, zone_assumed, *day = tree
    return Stamp(
        at=datetime.fromisoformat(at),
        precision=Precision(precision),
        raw=raw,
        origin=Origin(origin),
        zone_assumed=zone_assumed,
        day=date.fromisoformat(day[0]) if day else None,
    )


def _claim_to(claim: Claim) -> Tree:
    return [claim.updated, claim.believed, claim.why, _stamp_to(claim.stamp)]


def _claim_from(tree: Tree) -> Claim:
    updated, believed, why, told = tree
    stamp = _stamp_from(told)
    assert stamp is not None, "a claim is written with its stamp"  # noqa: S101 - for the types
    return Claim(updated=updated, believed=believed, why=why, stamp=stamp)
