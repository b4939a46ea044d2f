"""A site on which every scraped field is an attack, and the lists of such."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from corpora import corpus
from web_views import NOW, STAMP, FakeViews, change_row, release_row

from scraper.model import Block, BlockKind, Fetched, HealthKind, Kind, Redirect, Release, Role
from storage import Failing, HealthRow, MarkRow, SavedRow, StampRow

__all__ = ["hostile", "naughty_strings", "payload_list"]


def payload_list() -> list[str]:
    """Some thousand scripts as attackers write them; the test is skipped where the list isn't there."""
    path = corpus("conformance", "xss-payloads", "xss-payload-list.txt")
    return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()


def naughty_strings() -> list[str]:
    """Some hundred texts that programs were seen to stumble over; skipped as the other."""
    found: list[str] = json.loads(corpus("conformance", "naughty-strings", "blns.json").read_text(encoding="utf-8"))
    return found


def hostile(payloads: Sequence[str]) -> FakeViews:
    """A site on which every scraped field is a payload."""
    views = FakeViews(names=tuple(payloads))
    for number, payload in enumerate(payloads, start=1):
        blocks = tuple(
            Block(kind=kind, text=each) for each, kind in zip(payloads, [*BlockKind] * len(payloads), strict=False)
        )
        stamp = replace(STAMP, raw=payload)
        before = Release(title=payload, blocks=blocks, stamps=(stamp,), published=stamp, language=payload)
        after = replace(before, title=payload + " x", blocks=(*blocks[1:], *blocks[:1]))
        row = StampRow(at=STAMP.at, precision=STAMP.precision, raw=payload)
        views.rows[number] = release_row(number, url=payload, source=payload, title=payload, current=2)
        views.texts[number, 1], views.texts[number, 2] = before, after
        views.happened.append(
            change_row(
                number,
                kind=(Kind.SILENTLY_EDITED, Kind.NEW, Kind.MOVED)[number % 3],
                release_id=number,
                source=payload,
                url=payload,
                url_before=payload,
                title=payload,
                stamp_before=row,
                stamp_after=row,
                reason=payload,
            )
        )
    views.saved = tuple(
        SavedRow(id=n, name=payload, query=f"words={n}x" if n % 2 else "kind=gone", created_at=NOW)
        for n, payload in enumerate(payloads, start=1)
    )
    views.marked = {
        n: MarkRow(noise=True, note=payload, noted_at=NOW, noted_by=payload, taught_by=1)
        for n, payload in enumerate(payloads, start=1)
    }
    views.known_at = views.listed = views.channels = tuple(payloads)
    views.troubles = tuple(
        HealthRow(
            id=n, source_id=1, source=payload, kind=HealthKind.FAILING, subject=payload, began_at=NOW, ended_at=None,
            detail=payload, advice=payload,
        )
        for n, payload in enumerate(payloads, start=1)
    )  # fmt: skip
    views.failing = tuple(
        Failing(
            page_id=1, source=payload, role=Role.RELEASE, url=payload, since=NOW, error=payload, failures=2,
            next_poll_at=None,
        )
        for payload in payloads
    )  # fmt: skip
    views.answers[1, 2] = Fetched(
        url=payloads[0],
        final_url=payloads[-1],
        status=200,
        headers=tuple((each, each) for each in payloads),
        body=b"",
        started_at=NOW,
        finished_at=NOW,
        redirects=tuple(Redirect(status=301, url=each) for each in payloads),
    )
    return views
