"""How well changes are judged, on recorded and on disturbed pages: ``make bench-judging``.

    python -m benchmarks.judging [--quick] [--only SET,SET] [--show]

Prints one table, a row a figure, with the bars of issue 4; fails on no figure. The recordings, labelled pages and the
tool that disturbs them belong to others and are no part of the project: ``PRESSWATCH_CORPORA`` says where they are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    judging_edgi,
    judging_listings,
    judging_noise,
    judging_snapshots,
    judging_texts,
    judging_whitehouse,
)
from benchmarks.judging_table import Line, render
from benchmarks.reading_tools import NoCorporaError, folder

__all__ = ["main"]

_Measured = tuple[list[Line], list[str]]
_QUICK = 8
"""One disturbed page in so many, and as few looks at each."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; a mistake on the command line or a missing folder is a sentence and status 2."""
    options = _parsed(arguments)
    try:
        shared = folder()
    except NoCorporaError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    lines: list[Line] = []
    notes: list[str] = []
    for name in options.only:
        _say(name)
        measured, more = _SETS[name](shared, options.quick)
        lines += measured
        notes += more
    sys.stdout.write(render(lines))
    if options.show:
        sys.stdout.write("\n".join(["", *notes]) + "\n")


def _noise(shared: Path, quick: bool) -> _Measured:  # noqa: FBT001 - as the others
    if quick:
        return judging_noise.measure(shared, every=_QUICK, polls=_QUICK, say=_say)
    return judging_noise.measure(shared, say=_say)


def _of_traces(measure: Callable[[Path], _Measured]) -> Callable[[Path, bool], _Measured]:
    return lambda shared, _: measure(shared / "corpora" / "traces")


_SETS: dict[str, Callable[[Path, bool], _Measured]] = {
    "whitehouse": _of_traces(judging_whitehouse.measure),
    "snapshots": _of_traces(judging_snapshots.measure),
    "versions": _of_traces(judging_texts.measure_versions),
    "advice": _of_traces(judging_texts.measure_advice),
    "listings": _of_traces(judging_listings.measure),
    "edgi": lambda shared, _: judging_edgi.measure(shared),
    "noise": _noise,
}


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="an eighth of the disturbed pages, eight looks at each")
    parser.add_argument("--only", type=_sets, default=list(_SETS), metavar="SET,SET", help=", ".join(_SETS))
    parser.add_argument("--show", action="store_true", help="every false report and every change that was missed")
    return parser.parse_args(arguments)


def _sets(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in _SETS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(_SETS)}")
    return names


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
