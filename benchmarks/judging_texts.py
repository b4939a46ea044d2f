"""Recordings that have a page's text only, in Markdown: policies, and travel advice with its publisher's own notes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.judging_files import moment, rows
from benchmarks.judging_looks import Newsroom, seen
from benchmarks.judging_table import Line
from benchmarks.reading_recorded import Kind as Noted
from benchmarks.reading_recorded import kind_of
from scraper.model import Block, BlockKind, Change, Kind, Link, Origin, Precision, Release, Stamp

__all__ = ["measure_advice", "measure_versions", "release_of"]

_TEXT = frozenset({Kind.EDITED, Kind.SILENTLY_EDITED})
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)[^)]*\)")
_MARK = re.compile(r"^(?:#+|[*+-]|\d+\.|>)\s+")
_RULE = re.compile(r"^[\s=*_-]+$")
_MINOR = re.compile(r"^(?:\W*[\w ]{0,40}[–-]\s*)?editorial change\W*$", re.IGNORECASE)


def release_of(text: str, *, title: str = "", stamp: Stamp | None = None) -> Release:
    """A text in Markdown as the release that it was."""
    lines = [line.strip() for line in text.split("\n")]
    blocks = tuple(map(_block, (line for line in lines if line and not _RULE.match(line))))
    return Release(title=title, blocks=blocks, stamps=(stamp,) if stamp else (), language="en")


def _block(line: str) -> Block:
    kind = BlockKind.HEADING if line.startswith("#") else BlockKind.PARAGRAPH
    if line.startswith(("* ", "- ", "+ ")):
        kind = BlockKind.LIST_ITEM
    if line.startswith("|"):
        kind = BlockKind.TABLE_ROW
    links = tuple(Link(text=match[1], target=match[2]) for match in _LINK.finditer(line) if match[1])
    return Block(kind=kind, text=_LINK.sub(r"\1", _MARK.sub("", line)).replace("**", "").strip(), links=links)


# --- policies ---------------------------------------------------------------------------------------------------------


def measure_versions(traces: Path) -> tuple[list[Line], list[str]]:
    """Every version of a policy that its recorder kept: is what it noted told, and what it did not note not."""
    folder = traces / "ota-genai-eu-versions"
    texts = {row["sha"]: row["text"] for row in rows(folder / "contents.jsonl.xz")}
    tried: Counter[str] = Counter()
    told: Counter[str] = Counter()
    missed: list[str] = []
    rooms: dict[str, Newsroom] = {}
    for row in sorted(rows(folder / "trace.jsonl.gz"), key=lambda row: row["captured_at"]):
        if row["sha"] not in texts:
            continue
        room = rooms.setdefault(row["doc"], Newsroom(home="https://policies.example/", learns=False))
        url, at = "https://policies.example/policy", moment(row["captured_at"])
        before, is_first = len(room.changes), room.known(url) is None
        room.visit(lambda now, r=row, url=url: seen(release_of(texts[r["sha"]], title=r["doc"]), url, now), url, at)  # type: ignore[misc]
        sort = _sort(row, texts)
        if is_first or not sort:
            continue
        tried[sort] += 1
        told[sort] += any(change.kind in _TEXT for change in room.changes[before:])
        if len(room.changes) == before:
            missed.append(f"not told: {row['doc']} {row['captured_at']} {sort}")
    name = "ota-genai-eu-versions"
    return [
        Line(set=name, what=f"{sort}: reported, of {tried[sort]}", seen=told[sort] / tried[sort])
        for sort in sorted(tried)
    ], missed


def _sort(row: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """What a version is by its text; nothing for the first one, and for the recorder's own changes."""
    if row["op"] != "change" or row["prev"] not in texts or row["kind"] == "upgrade":
        return ""
    noted = kind_of(texts[row["prev"]], texts[row["sha"]])
    if noted is Noted.MARKUP:
        one, two = (release_of(texts[sha]) for sha in (row["prev"], row["sha"]))
        return "links or marks" if one.text != two.text or _targets(one) != _targets(two) else "markup that nobody sees"
    return f"text that had stood before ({noted})" if row["seen_before"] else str(noted)


def _targets(release: Release) -> list[str]:
    return [link.target for block in release.blocks for link in block.links]


# --- travel advice ----------------------------------------------------------------------------------------------------


def measure_advice(traces: Path) -> tuple[list[Line], list[str]]:
    """Advice with the publisher's stamp and note: kinds by the stamp, importance by what the note calls it."""
    folder = traces / "travel-advisories"
    room = Newsroom(home="https://advice.example/", learns=False)
    pages: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    events = {(row["country"], row["dest"], row["captured_at"]): row for row in rows(folder / "events.jsonl.gz")}
    steps: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows(folder / "contents_sample.jsonl.xz"):
        country, place, file = row["path"].split("/", 2)
        steps[country, place, row["captured_at"]].append((file, row["text"]))
    right, wrong, notes = 0, [], list[tuple[Change, str]]()
    for country, place, when in sorted(steps, key=lambda key: key[2]):
        files, page = dict(steps[country, place, when]), pages[country, place]
        is_first = not page
        is_text = any(page.get(name) != text for name, text in files.items() if name.endswith(".md"))
        page.update(files)
        event = events.get((country, place, when))
        told = _advised(room, country, place, page, moment(when), event)
        if is_first or event is None or event["first"]:
            continue
        kinds = {change.kind for change in told}
        wanted = _wanted(event, is_text=is_text)
        right += kinds == wanted
        if kinds != wanted:
            wrong.append(f"{place} {when}: {sorted(kinds)} for {sorted(wanted)}; {event['kinds']}; {event['reason']}")
        notes += [(change, event["reason"]) for change in told if event["reason_changed"] and event["reason"]]
    minor = [change.importance for change, note in notes if _MINOR.match(note)]
    major = [change.importance for change, note in notes if not _MINOR.match(note)]
    name, total = "travel-advisories", right + len(wrong)
    lines = [
        Line(set=name, what=f"kind as the stamp and the text say, of {total}", seen=right / total),
        Line(set=name, what=f"importance: noted change before editorial one ({len(major)} against {len(minor)})",
             seen=_before(major, minor)),
    ]  # fmt: skip
    return lines, wrong


def _advised(
    room: Newsroom, country: str, place: str, page: Mapping[str, str], at: datetime, event: Mapping[str, Any] | None
) -> list[Change]:
    url, before = f"https://advice.example/{country}/{place}".replace(" ", "-"), len(room.changes)
    stamp = None
    if event and event["stamp"]:
        stamp = Stamp(at=moment(event["stamp"]), precision=Precision.SECOND, raw=event["stamp"], origin=Origin.TEXT)
    text = "\n".join(page[name] for name in sorted(page) if name.endswith(".md"))
    release = release_of(text, title=f"{country}: advice for {place}", stamp=stamp)
    room.visit(lambda now: seen(release, url, now), url, at)
    return room.changes[before:]


def _wanted(event: Mapping[str, Any], *, is_text: bool) -> set[Kind]:
    if is_text:
        return {Kind.EDITED if event["stamp_changed"] else Kind.SILENTLY_EDITED}
    return {Kind.RESTAMPED} if event["stamp_changed"] else set()


def _before(greater: list[float], less: list[float]) -> float:
    """How often one of the first is greater than one of the second; equal ones count half."""
    pairs = len(greater) * len(less)
    won = sum((one > two) + (one == two) / 2 for one in greater for two in less)
    return won / pairs if pairs else 0.0
