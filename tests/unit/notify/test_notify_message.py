"""What notifications say, and that scraped text can't do anything in them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.notify import Console, Delivery, NotSent, Sent, change_object, compose, line, payload
from presswatch.notify.message import MAX_BYTES, encoded, printable, rfc3339
from scraper.judge import compare
from scraper.model import Block, BlockKind, Kind, Precision, Release
from storage import ChangeRow, StampRow

STAMP = StampRow(
    at=datetime(2012, 9, 7, 10, 46, tzinfo=UTC), precision=Precision.MINUTE, raw="Last updated: 07 Sep. 2012 12:46"
)


CHANGE = ChangeRow(
    id=7,
    kind=Kind.SILENTLY_EDITED,
    release_id=3,
    source_id=1,
    source="Northern Harbour Alliance",
    url="https://harbour.example/news_1.htm",
    url_before=None,
    title="Ministers agree",
    detected_at=datetime(2012, 9, 8, 6, 0, 5, 250_000, tzinfo=UTC),
    not_before=datetime(2012, 9, 8, 5, 0, tzinfo=UTC),
    not_after=datetime(2012, 9, 8, 6, 0, tzinfo=UTC),
    stamp_before=STAMP,
    stamp_after=STAMP,
    revision_from=1,
    revision_to=2,
    importance=0.75,
    reason="The text changed and the stamp stood still.",
)


def release(*paragraphs: str, title: str = "Ministers agree") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs))


def test_change_object_is_the_public_contract() -> None:
    assert change_object(CHANGE) == {
        "id": 7,
        "kind": "silently-edited",
        "url": "https://harbour.example/news_1.htm",
        "source": "Northern Harbour Alliance",
        "title": "Ministers agree",
        "detected_at": "2012-09-08T06:00:05Z",
        "not_before": "2012-09-08T05:00:00Z",
        "not_after": "2012-09-08T06:00:00Z",
        "stamp_before": "2012-09-07T10:46:00Z",
        "stamp_before_precision": "minute",
        "stamp_after": "2012-09-07T10:46:00Z",
        "stamp_after_precision": "minute",
        "revision_from": 1,
        "revision_to": 2,
        "importance": 0.75,
        "url_before": None,
        "reason": "The text changed and the stamp stood still.",
        "batch": None,
    }


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        pytest.param(Precision.MONTH, "2012-09", id="a month stays a month"),
        pytest.param(Precision.DAY, "2012-09-07", id="a date stays a date"),
        pytest.param(Precision.MINUTE, "2012-09-07T10:46:00Z", id="a time is in UTC"),
    ],
)
def test_stamp_is_told_as_precisely_as_the_page_tells_it(precision: Precision, said: str) -> None:
    stamp = StampRow(at=STAMP.at, precision=precision, raw="")
    told = change_object(replace(CHANGE, stamp_after=stamp))
    assert (told["stamp_after"], told["stamp_after_precision"]) == (said, precision.value)


def test_payload_names_type_time_and_what_differs() -> None:
    diff = compare(release("Twelve vessels will sail."), release("Nine vessels will sail.", "A new paragraph."))
    message = payload(Delivery(key="k", change=CHANGE, diff=diff, link="http://127.0.0.1:8420/releases/3"))
    assert (message["type"], message["timestamp"]) == ("release.silently-edited", "2012-09-08T06:00:05Z")
    data = message["data"]
    assert isinstance(data, dict)
    assert data["link"] == "http://127.0.0.1:8420/releases/3"
    assert data["diff"] == {
        "title_changed": False,
        "blocks_changed": 2,
        "words_added": 4,
        "words_removed": 1,
        "links_changed": 0,
        "touched": [
            {"what": "number", "before": "Twelve", "after": "Nine", "where": "the first paragraph"},
            {"what": "added-passage", "before": "", "after": "A new paragraph.", "where": "the second paragraph"},
        ],
        "runs": [{"removed": "Twelve", "added": "Nine"}, {"removed": "", "added": "A new paragraph."}],
        "truncated": False,
    }


def test_payload_without_two_revisions_has_no_diff() -> None:
    message = json.loads(encoded(payload(Delivery(key="k", change=replace(CHANGE, kind=Kind.NEW)))))
    assert "diff" not in message["data"]


def test_body_stays_below_twenty_kilobytes_whatever_the_page_says() -> None:
    huge = "\N{SNOWMAN WITHOUT SNOW}\U0001f6a2 " * 20_000
    before = release(*(f"{i} {huge}" for i in range(40)), title=huge)
    after = release(*(f"{i} {huge[::-1]} {i}" for i in range(40)), title=huge[::-1])
    stormy = replace(CHANGE, title=huge, url="https://harbour.example/" + "%41" * 9_000, source=huge, reason=huge)
    body = encoded(payload(Delivery(key="k", change=stormy, diff=compare(before, after))))
    assert len(body) < MAX_BYTES
    assert json.loads(body)["data"]["diff"]["truncated"] is True


@given(st.text(max_size=40), st.text(max_size=40))
def test_body_is_strict_json_for_any_text(title: str, text: str) -> None:
    diff = compare(release("old words", title="x"), release(text, title=title))
    body = encoded(payload(Delivery(key="k", change=replace(CHANGE, title=title + "\ud800\x00", url=text), diff=diff)))
    shown = json.loads(body.decode("utf-8", "strict"))["data"]["title"]
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m", id="an escape sequence is shown, not obeyed"),
        pytest.param("\x9b2J", "\\x9b2J", id="so is the eight-bit one"),
        pytest.param("two\r\nlines\tand a tab", "two lines and a tab", id="line ends are spaces"),
        pytest.param("a\u202egpj.exe", "a\\u202egpj.exe", id="an override of direction is shown"),
        pytest.param("\x1b]8;;http://x\x07click", "\\x1b]8;;http://x\\x07click", id="so is a hidden link"),
        pytest.param("عربي  नमस्ते 👩\u200d🚀", "عربي नमस्ते 👩\u200d🚀", id="scripts and emoji survive"),
        pytest.param("\udcff", "\\udcff", id="a lone surrogate is shown"),
    ],
)
def test_text_for_a_terminal_commands_nothing(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_line_is_one_line_of_printable_text(text: str) -> None:
    shown = line(replace(CHANGE, title=text, source=text, url=text))
    assert shown.splitlines() == [shown]
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert shown.encode()


def test_line_says_when_what_and_how_the_stamp_stands() -> None:
    assert line(CHANGE) == (
        "2012-09-08 06:00:05Z  silently edited  Northern Harbour Alliance: Ministers agree  "
        "(stamp stands at 2012-09-07T10:46:00Z)  <https://harbour.example/news_1.htm>"
    )


def test_line_names_both_stamps_of_an_honest_edit() -> None:
    later = StampRow(at=datetime(2012, 9, 9, tzinfo=UTC), precision=Precision.DAY, raw="")
    assert "(stamp 2012-09-07T10:46:00Z to 2012-09-09)" in line(replace(CHANGE, kind=Kind.EDITED, stamp_after=later))


def test_line_cuts_what_is_too_long() -> None:
    assert len(line(replace(CHANGE, title="x" * 100_000, url="y" * 100_000))) < 3_000


def test_time_in_another_zone_is_told_in_utc() -> None:
    assert rfc3339(datetime.fromisoformat("2012-09-07T12:46:30.999+02:00")) == "2012-09-07T10:46:30Z"


async def _written(encoding: str) -> str:
    raw = BytesIO()
    console = Console(TextIOWrapper(raw, encoding=encoding))
    assert await console.send(compose(Delivery(key="k", change=replace(CHANGE, title="Küste 👍")))) == Sent()
    return raw.getvalue().decode(encoding)


@pytest.mark.asyncio
async def test_console_writes_a_line_in_any_encoding() -> None:
    assert "Küste 👍" in await _written("utf-8")
    assert "K\\xfcste \\U0001f44d" in await _written("ascii")


@pytest.mark.asyncio
async def test_console_that_is_closed_is_a_failure_and_no_crash() -> None:
    stream = TextIOWrapper(BytesIO(), encoding="utf-8")
    console = Console(stream)
    stream.close()
    assert isinstance(await console.send(compose(Delivery(key="k", change=CHANGE))), NotSent)


@pytest.mark.asyncio
async def test_console_whose_pipe_is_full_stops_nothing_and_tells_no_line_twice() -> None:
    reading, writing = os.pipe()
    message = compose(Delivery(key="k", change=CHANGE))
    with os.fdopen(reading, "rb", buffering=0), os.fdopen(writing, "w", encoding="utf-8") as stream:
        os.set_blocking(writing, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, b"." * 4096)
        os.set_blocking(writing, True)
        console = Console(stream)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(console.send(message), 0.1)
        assert isinstance(await asyncio.wait_for(console.send(message), 30), NotSent), "another line has to wait"
        os.set_blocking(reading, False)
        told = b""
        while b"\n" not in told:
            await asyncio.sleep(0.01)
            with contextlib.suppress(BlockingIOError):
                told += os.read(reading, 1 << 20)
        while isinstance(done := await asyncio.wait_for(console.send(message), 30), NotSent):
            await asyncio.sleep(0.01)  # what wrote the first line is about to end
        assert done == Sent()
        assert (told + os.read(reading, 1 << 20)).decode().strip(".") == f"{message.line}\n" * 2
