"""What a diff costs on the worst that a page can hold: part of ``make bench``. Prints CPU time beside the bar."""

from __future__ import annotations

import gc
import io
import sys
import time
from collections.abc import Callable

from scraper.judge import compare
from scraper.model import Block, BlockKind, Release

__all__ = ["rows"]

_LINES = [f"line {n} of a long list" for n in range(100_000)]
_OLD = "This is sentence number {} of the old text."


def _numbered(text: str) -> str:
    return " ".join(text.format(n) for n in range(115_000))


def _words(text: str, step: int) -> list[str]:
    return [" ".join(text.format(n * step % 15_000) for n in range(15_000))]


def _page(edited: tuple[int, ...] = ()) -> list[str]:
    """Paragraphs of 5 MB in all."""
    text = "Paragraph {} of the release says that {} crates were landed at the pier in the old harbour. "
    return [text.format(n, 13 if n in edited else 12) * 5 for n in range(10_500)]


def _typical(edited: tuple[int, ...] = ()) -> list[str]:
    """900 words in ten paragraphs."""
    text = "Paragraph {} of the release says that {} of {} crates were landed. "
    return [text.format(n, 38 if n in edited else 37, n * 91) + text.format(n, 37, n * 91) * 6 for n in range(10)]


CASES: dict[str, tuple[float, Callable[[], tuple[list[str], list[str]]]]] = {
    "900 words, 3 edits": (2, lambda: (_typical(), _typical((2, 5, 8)))),
    "15,000 words all different": (
        500, lambda: (_words("a{}", 1), _words("b{}", 1)),
    ),
    "15,000 words in another order": (
        500, lambda: (_words("a{}", 1), _words("a{}", 7)),
    ),
    "5 MB page, 3 paragraphs edited": (500, lambda: (_page(), _page((5, 600, 7_000)))),
    "5 MB page, every paragraph edited": (500, lambda: (_page(), _page(tuple(range(10_500))))),
    "one block of 5 MB, one word changed": (
        500, lambda: ([_numbered(_OLD)], [_numbered(_OLD).replace("number 555 ", "number 556 ")]),
    ),
    "one block of 5 MB, all different": (500, lambda: ([_numbered(_OLD)], [_numbered(_OLD).upper()])),
    "one block of 5 MB, every sentence edited": (
        500, lambda: ([_numbered(_OLD)], [_numbered(_OLD.replace("This", "That"))]),
    ),
    "100,000 equal lines, one changed": (500, lambda: (["line"] * 100_000, [*["line"] * 99_999, "end"])),
    "100,000 lines, one changed": (500, lambda: (_LINES, [*_LINES[:500], "line of another list", *_LINES[501:]])),
    "100,000 lines from last to first": (500, lambda: (_LINES, _LINES[::-1])),
    "100,000 lines all different": (500, lambda: (_LINES, [line.upper() for line in _LINES])),
}  # fmt: skip


def rows() -> list[tuple[str, float, float, str | None]]:
    """Each case with its CPU milliseconds, the best of three, the bar, and what the diff says of being coarse."""
    found = []
    for name, (bar, make) in CASES.items():
        before, after = (_release(body) for body in make())
        found.append((name, min(_cost(before, after) for _ in range(3)), bar, compare(before, after).coarse))
    return found


def _release(body: list[str]) -> Release:
    return Release(title="Harbour", blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body))


def _cost(before: Release, after: Release) -> float:
    gc.collect()
    start = time.process_time()
    compare(before, after)
    return (time.process_time() - start) * 1000


def main() -> None:
    """Measure and print."""
    out = io.StringIO()
    out.write(f"{'':42}{'CPU ms':>10}{'bar':>8}\n")
    for name, cost, bar, coarse in rows():
        out.write(f"{name:42}{cost:10.2f}{bar:8.0f}  {coarse or ''}\n")
    sys.stdout.write(out.getvalue())


if __name__ == "__main__":
    main()
