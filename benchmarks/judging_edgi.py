"""Whether sorting by importance puts first what people found important: ``python -m benchmarks.judging_edgi``.

Two sets that people labelled: EDGI's pairs of pages, said by its analysts to be changes that matter or not, and the
travel advice of Canada, each version of which its publisher calls an editorial change or says what is new. Both are
read from the corpora and are no part of the project.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from corpora import CORPORA

from scraper.judge import compare, digest, weigh
from scraper.model import Block, BlockKind, Kind, Link, Release
from scraper.read import extract

__all__ = ["rows"]

_PAIRS = CORPORA / "edgi-pairs" / "example-data"
_ADVICE = CORPORA / "traces" / "travel-advisories"
_EDITORIAL = re.compile(r"editorial|mise à jour rédactionnelle", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")

Scored = Sequence[tuple[float, bool]]
"""The importance of each change, and whether people found it important."""


def rows() -> list[tuple[str, int, float, float, float]]:
    """A line for each set: its name, how many pairs, the area under the curve, Spearman's and Kendall's correlation."""
    sets = {"EDGI's labelled pairs": list(edgi()), "Canada's travel advice": list(advice())}
    return [(name, len(found), area(found), spearman(found), kendall(found)) for name, found in sets.items()]


# --- the sets ---------------------------------------------------------------------------------------------------------


def edgi() -> Iterator[tuple[float, bool]]:
    """EDGI's pairs; one whose text is read as the same has no importance."""
    for path in sorted(_PAIRS.glob("*-a.html")):
        before, after = (
            extract(each.read_bytes(), "https://www.example.gov/page")
            for each in (path, path.with_name(path.name.replace("-a.html", "-b.html")))
        )
        yield _importance(before, after), path.name.startswith("truepos")


def advice() -> Iterator[tuple[float, bool]]:
    """Versions of the advice for a country, all sections that changed, and what the publisher noted of them."""
    notes = {(each["commit"], each["country"], each["dest"]): each["reason"] for each in _lines("events.jsonl.gz")}
    versions: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for each in _lines("contents_sample.jsonl.xz"):
        if each["path"].startswith("canada/") and each["path"].endswith(".md"):
            versions[each["path"]].append(each)
    edits: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for path, found in sorted(versions.items()):
        country, place, _ = path.split("/")
        for before, after in pairwise(sorted(found, key=lambda each: each["captured_at"])):
            edits[after["commit"], country, place].append((before["text"], after["text"]))
    for key, texts in edits.items():
        if note := notes.get(key):
            before, after = (_release("\n".join(side)) for side in zip(*texts, strict=True))
            yield _importance(before, after), not _EDITORIAL.search(note)


def _lines(name: str) -> Iterator[dict[str, str]]:
    opened = gzip.open if name.endswith(".gz") else lzma.open
    with opened(_ADVICE / name, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _importance(before: Release, after: Release) -> float:
    return 0.0 if digest(before) == digest(after) else weigh(Kind.EDITED, compare(before, after))[0]


def _release(markdown: str) -> Release:
    return Release(
        title="", blocks=tuple(_block(line) for line in markdown.splitlines() if line.strip()), language="en"
    )


def _block(line: str) -> Block:
    kind = BlockKind.HEADING if line.startswith("#") else BlockKind.PARAGRAPH
    if re.match(r"\s*[-*+] ", line):
        kind = BlockKind.LIST_ITEM
    links = tuple(Link(text=found[1], target=found[2]) for found in _LINK.finditer(line))
    return Block(kind=kind, text=" ".join(_LINK.sub(r"\1", line).strip("#*-+ ").replace("**", "").split()), links=links)


# --- how well the order agrees ----------------------------------------------------------------------------------------


def area(found: Scored) -> float:
    """How often an important change is scored over an unimportant one; ties count by half."""
    good, bad = [s for s, label in found if label], [s for s, label in found if not label]
    return sum((a > b) + (a == b) / 2 for a in good for b in bad) / (len(good) * len(bad))


def spearman(found: Scored) -> float:
    """The correlation of ranks."""
    xs, ys = _ranks([s for s, _ in found]), _ranks([float(label) for _, label in found])
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = (sum((a - x) ** 2 for a in xs) * sum((b - y) ** 2 for b in ys)) ** 0.5
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread if spread else 0.0


def kendall(found: Scored) -> float:
    """Kendall's tau-b, which reckons with ties."""
    agree = tied = labelled = 0
    for n, (one, label) in enumerate(found):
        for other, other_label in found[n + 1 :]:
            tied += one != other
            labelled += label != other_label
            agree += ((one > other) - (one < other)) * (label - other_label)
    return agree / (tied * labelled) ** 0.5 if tied and labelled else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1, equal values sharing the middle one."""
    order = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(order, start=1)))}
    last = {value: place for place, value in enumerate(order, start=1)}
    return [(first[value] + last[value]) / 2 for value in values]


def main() -> None:
    """Measure and print."""
    out = io.StringIO()
    out.write(f"{'':28}{'pairs':>8}{'area':>8}{'Spearman':>10}{'Kendall':>10}\n")
    for name, count, *figures in rows():
        out.write(f"{name:28}{count:8}{figures[0]:8.3f}{figures[1]:10.3f}{figures[2]:10.3f}\n")
    sys.stdout.write(out.getvalue())


if __name__ == "__main__":
    main()
