"""The judge as evaluators call it, the newsroom in memory that it is measured in, and the table that is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.judge import judge
from benchmarks.judging import main
from benchmarks.judging_looks import START, Newsroom, answered
from benchmarks.judging_table import Line, render
from benchmarks.judging_texts import release_of
from scraper.model import BlockKind

URL = "https://news.example.int/2026/03/harbour.htm"
PARAGRAPHS = (
    "The council of the alliance met on Monday and agreed to deepen the harbour by four metres before winter.",
    "It will cost 1856 million, of which the members carry nine parts in ten and the port the rest of it.",
    "Dredging begins in May, and ferries keep to their timetable throughout, according to the harbour office.",
)


def page(*paragraphs: str, title: str = "Harbour to be deepened", stamp: str = "02 Mar. 2026 10:00") -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs or PARAGRAPHS)
    return (
        f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>02 Mar. 2026 - | Last updated: {stamp}</p>{body}</article></body></html>"
    ).encode()


EDITED = (PARAGRAPHS[0], PARAGRAPHS[1].replace("1856", "1846"), PARAGRAPHS[2])


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        pytest.param(page(), None, id="nothing changed"),
        pytest.param(page(*EDITED), "silently-edited", id="a digit changed and the stamp stood"),
        pytest.param(page(*EDITED, stamp="03 Mar. 2026 08:00"), "edited", id="a digit changed and the stamp advanced"),
        pytest.param(page(stamp="03 Mar. 2026 08:00"), "restamped", id="only the stamp moved"),
        pytest.param(page(*PARAGRAPHS[:2]), "silently-edited", id="a paragraph is gone at two looks"),
        pytest.param(page("Just a moment", title="Checking your browser"), None, id="a page that asks for a human"),
    ],
)
def test_a_pair_of_loads_is_judged_as_the_product_would(after: bytes, kind: str | None) -> None:
    assert judge(page(), after, URL)["kind"] == kind


def test_the_verdict_says_what_changed_from_what_to_what_and_why() -> None:
    found = judge(page(), page(*EDITED), URL)
    (change,) = found["changes"]
    assert "1856" in change["before"]
    assert "1846" in change["after"]
    assert 0 < found["importance"] <= 1
    assert "stamp did not move" in found["reason"]


def test_earlier_loads_of_the_page_are_looks_that_came_before() -> None:
    found = judge(page(), page(*EDITED), URL, [(page(), URL), (page(*EDITED), URL)])
    assert found["kind"] == "silently-edited"


def test_a_newsroom_is_quiet_at_its_first_visit_and_tells_what_comes_later() -> None:
    room = Newsroom(home=URL)
    room.visit(lambda at: answered(page(), URL, at), URL, START)
    room.visit(lambda at: answered(page(), f"{URL}x", at), f"{URL}x", START, quiet=False)
    assert [change.kind.value for change in room.changes] == []
    room.visit(lambda at: answered(page(*EDITED), f"{URL}y", at), f"{URL}y", START, quiet=False)
    assert [change.kind.value for change in room.changes] == ["new"]


def test_a_recorded_text_is_a_release_with_its_links() -> None:
    release = release_of("Terms\n=====\n\n* See [the list](https://a.example/list) of **ports**.\n\n## Scope")
    assert [(block.kind, block.text) for block in release.blocks] == [
        (BlockKind.PARAGRAPH, "Terms"),
        (BlockKind.LIST_ITEM, "See the list of ports."),
        (BlockKind.HEADING, "Scope"),
    ]
    assert [link.target for link in release.blocks[1].links] == ["https://a.example/list"]


def test_the_table_shows_what_was_seen_beside_the_bar() -> None:
    table = render(
        [Line(set="noise", what="reports", seen=2, bar="0", is_met=False), Line(set="x", what="y", seen=0.5)]
    )
    assert table.splitlines()[2].split() == ["noise", "reports", "2", "0", "NO"]
    assert table.splitlines()[3].split() == ["x", "y", "0.500"]


def test_without_the_recordings_the_command_says_where_to_put_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRESSWATCH_CORPORA", str(tmp_path))
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "PRESSWATCH_CORPORA" in capsys.readouterr().err
