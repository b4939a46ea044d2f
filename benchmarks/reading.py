"""How well pages are read, beside other extractors on the same pages in the same run: ``make bench-reading``.

    python -m benchmarks.reading [--quick] [--only PART] [--tools NAME,NAME] [--show]

Prints one table, a row a measure and a column a tool, with the bars of issue 3; fails on no figure. The labelled pages,
recordings and evaluators belong to others and are no part of the project: ``PRESSWATCH_CORPORA`` says where they are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.reading_refetch import measure_refetch
from benchmarks.reading_sets import measure_sets, measure_stamps
from benchmarks.reading_stability import PAGES, PAGES_OF_OTHERS, measure_stability
from benchmarks.reading_table import LEARNED, OWN, render
from benchmarks.reading_tools import TOOLS, NoCorporaError, Tool, folder, with_evaluators

__all__ = ["main"]

PARTS = ("reading", "stamps", "stability", "refetch")
_QUICK = 5
"""One page in so many."""
_LIBRARIES = ("trafilatura", "htmldate", "readability-lxml", "newspaper4k")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; a mistake on the command line or a missing folder is a sentence and status 2."""
    options = _parsed(arguments)
    try:
        shared = folder()
    except NoCorporaError as error:
        sys.exit(_refused(str(error)))
    found: dict[str, dict[str, float]] = {}
    notes, shown = _heading(options), list[str]()
    every = _QUICK if options.quick else 1
    with tempfile.TemporaryDirectory() as results:
        evaluators = with_evaluators(shared, Path(results))
        if "reading" in options.only:
            found |= measure_sets(evaluators, options.tools, every=every, say=_say)
        if "stamps" in options.only:
            found |= measure_stamps(evaluators, options.tools, say=_say)
        if "stability" in options.only:
            found |= measure_stability(evaluators, options.tools, every=every, say=_say)
        if "refetch" in options.only:
            traces = shared / "corpora" / "traces"
            figures, more, shown = measure_refetch(evaluators, options.tools, traces, every=every, say=_say)
            found, notes = found | figures, [*notes, *more]
    sys.stdout.write(render(found, [tool.name for tool in options.tools], notes))
    if options.show:
        sys.stdout.write("\n".join(["", *shown]) + "\n")


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the pages")
    parser.add_argument("--only", type=_parts, default=PARTS, metavar="PART,PART", help=", ".join(PARTS))
    parser.add_argument(
        "--tools", type=_tools, default=TOOLS, metavar="NAME,NAME", help=", ".join(t.name for t in TOOLS)
    )
    parser.add_argument(
        "--show", action="store_true", help="every re-fetch on which presswatch and the record disagree"
    )
    return parser.parse_args(arguments)


def _parts(text: str) -> list[str]:
    return [_one_of(PARTS, name) for name in text.split(",")]


def _tools(text: str) -> list[Tool]:
    known = {tool.name: tool for tool in TOOLS}
    return [known[_one_of(known, name)] for name in text.split(",")]


def _one_of(known: Sequence[str] | dict[str, Tool], name: str) -> str:
    if name.strip() not in known:
        raise argparse.ArgumentTypeError(f"{name.strip()!r} is none of {', '.join(known)}")
    return name.strip()


def _heading(options: argparse.Namespace) -> list[str]:
    """What the reader of the table must know."""
    every = _QUICK if options.quick else 1
    names = {tool.name for tool in options.tools}
    notes = [f"On one page in {_QUICK}." if options.quick else "On all pages of the development halves."]
    if names - {OWN, LEARNED}:
        notes.append("Beside: " + ", ".join(f"{name} {version(name)}" for name in _LIBRARIES) + ".")
    if "stability" in options.only:
        own, other = PAGES // every, PAGES_OF_OTHERS // every
        notes.append(f"Same body and edits seen: about {own} pages for presswatch, {other} for the others.")
    if LEARNED in names:
        notes.append(f"{LEARNED}: {OWN} after two other loads of the page and up to four pages of its host.")
    return notes


def _refused(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
