"""The table of ``make bench-reading``, the command without its pages, and what a recorder's versions are worth."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.reading import main
from benchmarks.reading_recorded import Kind, differing, kind_of, pairs
from benchmarks.reading_table import LEARNED, OWN, ROWS, render
from benchmarks.reading_tools import Learner

TOOLS = [OWN, LEARNED, "other"]


def cells(table: str, label: str) -> list[str]:
    """The cells of the row that begins with a label."""
    line = next(line for line in table.splitlines() if line.startswith(label))
    return line.removeprefix(label).split()


def test_a_row_shows_every_tool_the_bar_and_whether_it_is_met() -> None:
    table = render({"zyte_aeb.f1": {OWN: 0.9712, LEARNED: 0.98, "other": 0.953}}, TOOLS)
    assert table.splitlines()[0].split() == [*TOOLS, "bar", "met"]
    assert cells(table, "zyte_aeb: body F1") == ["0.971", "0.980", "0.953", "≥", "0.970", "yes"]


@pytest.mark.parametrize(
    ("own", "learned", "met"),
    [
        pytest.param(0.99, 0.9, "yes", id="met by itself"),
        pytest.param(0.98, 0.99, LEARNED, id="met only when the site is known"),
        pytest.param(0.98, 0.989, "NO", id="met by neither"),
        pytest.param(0.9896, 0.98, "yes", id="met at the precision that is shown"),
    ],
)
def test_a_bar_is_met_by_itself_or_when_the_site_is_known_or_not(own: float, learned: float, met: str) -> None:
    table = render({"stability.markup": {OWN: own, LEARNED: learned}}, TOOLS)
    assert cells(table, "same body: markup")[-1] == met


@pytest.mark.parametrize(("ratio", "met"), [(0.2, "yes"), (0.21, "NO")], ids=["at the ceiling", "above it"])
def test_a_ceiling_is_a_bar_too(ratio: float, met: str) -> None:
    assert cells(render({"fundus.ratio": {OWN: ratio}}, TOOLS), "fundus: CPU to trafilatura's")[-1] == met


def test_what_a_tool_does_not_give_is_a_dash_and_what_no_tool_gave_is_left_out() -> None:
    table = render({"stamps.trap_wrong": {OWN: 0}, "fundus.f1": {"absent": 1.0}}, TOOLS, ["A note."])
    assert cells(table, "traps taken")[:3] == ["0", "–", "–"]
    assert "fundus" not in table
    assert table.endswith("\n\nA note.\n")


def test_a_bar_that_presswatch_was_not_measured_against_is_neither_met_nor_missed() -> None:
    assert cells(render({"fundus.f1": {"other": 0.9}}, TOOLS), "fundus: body F1")[-1] == "0.955"


def test_every_line_is_as_wide_as_the_next() -> None:
    table = render({row.key: {OWN: 0.5} for row in ROWS}, TOOLS)
    assert len({len(line) for line in table.splitlines()}) == 1
    assert len({row.key for row in ROWS}) == len(ROWS)


def test_without_the_pages_the_command_says_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PRESSWATCH_CORPORA", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main([])
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert not said.out
    assert said.err.count("\n") == 1
    assert str(tmp_path) in said.err
    assert "set PRESSWATCH_CORPORA to the folder that holds `corpora` and `tools`." in said.err


@pytest.mark.parametrize("mistake", [["--tools", "boilerpipe"], ["--only", "boilerpipe"]], ids=["tool", "part"])
def test_a_name_that_is_none_is_told_with_those_that_are(
    mistake: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(mistake)
    assert ended.value.code == 2
    assert "'boilerpipe' is none of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        pytest.param("See [the pier](/a).", "See [the **pier**](/b).", Kind.MARKUP, id="a link leads elsewhere"),
        pytest.param("Fish and eels", "Eels and fish", Kind.ORDER, id="the same words in another order"),
        pytest.param("Updated: 3 March 2026", "Updated: 4 April 2026", Kind.DATES, id="only a date moved"),
        pytest.param("The pier is open", "The pier is shut", Kind.WORDS, id="a word is another"),
    ],
)
def test_a_recorded_version_is_told_by_what_changed_in_it(before: str, after: str, kind: Kind) -> None:
    assert kind_of(before, after) is kind


def test_a_difference_is_told_in_one_line() -> None:
    assert differing("the old pier is open today", "the old pier is shut today") == "…old pier is [-open] [+shut]"
    assert differing("a b c d e f g h", "x b c d e f g y").endswith("(2 places)")


def capture(hour: int, text: str) -> dict[str, Any]:
    return {"captured_at": at(hour), "html": f"<body><p>{text}</p><script>The pier is shut.</script></body>"}


def at(hour: int, minute: int = 0) -> str:
    return f"2026-03-02T{hour:02}:{minute:02}:00Z"


def version(hour: int, before: str, after: str, kind: str = "change") -> dict[str, Any]:
    return {"captured_at": at(hour, 1), "kind": kind, "before": before, "after": after}


OPEN, SHUT = "The pier is open.", "The pier is shut."


@pytest.mark.parametrize(
    ("texts", "versions", "kinds"),
    [
        pytest.param([OPEN, OPEN], [], [Kind.NOTHING], id="nothing was recorded"),
        pytest.param(
            [OPEN, SHUT], [version(2, OPEN, SHUT)], [Kind.WORDS], id="a version belongs to the capture before it"
        ),
        pytest.param(
            [OPEN, OPEN], [version(2, OPEN, SHUT)], [Kind.ELSEWHERE], id="words that only a script of the page holds"
        ),
        pytest.param([OPEN, OPEN], [version(2, OPEN, SHUT, "upgrade")], [Kind.RECORDER], id="the recorder is another"),
        pytest.param(
            [OPEN, SHUT, SHUT], [version(3, OPEN, SHUT)], [Kind.LATE, Kind.ELSEWHERE], id="noted one capture late"
        ),
        pytest.param(
            [OPEN, OPEN, SHUT], [version(3, OPEN, SHUT)], [Kind.NOTHING, Kind.WORDS], id="nothing before it changed"
        ),
    ],
)
def test_pairs_of_captures_know_what_was_recorded_between_them(
    texts: list[str], versions: list[dict[str, Any]], kinds: list[Kind]
) -> None:
    captures = [capture(hour, text) for hour, text in enumerate(texts, start=1)]
    found = pairs(captures, [each["captured_at"] for each in captures], versions)
    assert [pair.kind for pair in found] == kinds


def test_siblings_are_other_pages_of_the_host_and_never_the_page_itself() -> None:
    rows = [
        {"id": "own", "url": "https://www.example.org/a"},
        {"id": "again", "url": "https://example.org/a?again"},
        {"id": "other", "url": "https://example.org/b"},
        {"id": "strange", "url": "https://example.net/b"},
        {"id": "unnamed", "url": None},
    ]
    pages = {"own": b"one", "again": b"one", "other": b"two", "strange": b"three", "unnamed": b"four"}
    extraction = SimpleNamespace(load=lambda _name: rows, page=lambda row: pages[row["id"]])
    learner = Learner(SimpleNamespace(extraction=extraction), ["set"])  # type: ignore[arg-type]
    assert learner.siblings(rows[0]) == [(b"two", "https://example.org/b")]
    assert learner.siblings(rows[4]) == []
