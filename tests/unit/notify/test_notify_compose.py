"""What a message says, whatever its channel."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import CHANGE, STAMP, hostile, told

from presswatch.notify import Delivery, compose, diff_path, trial
from scraper.model import Kind, Precision
from storage import StampRow

LATER = StampRow(at=datetime(2012, 9, 9, tzinfo=UTC), precision=Precision.DAY, raw="9 Sep")
SENTENCES = {
    Kind.NEW: "Northern Harbour Alliance published “Ministers agree”.",
    Kind.EDITED: "Northern Harbour Alliance edited “Ministers agree”.",
    Kind.SILENTLY_EDITED: "Northern Harbour Alliance edited “Ministers agree” and did not move its stamp.",
    Kind.RESTAMPED: "Northern Harbour Alliance moved the stamp of “Ministers agree”; the text is the same.",
    Kind.WITHDRAWN: "Northern Harbour Alliance withdrew “Ministers agree”.",
    Kind.RESTORED: "Northern Harbour Alliance put “Ministers agree” back.",
    Kind.MOVED: "Northern Harbour Alliance moved “Ministers agree” to another address.",
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_sentence(kind: Kind) -> None:
    assert told(kind=kind).sentence == SENTENCES[kind]


def test_an_edit_of_a_page_without_a_stamp_says_so() -> None:
    message = told(kind=Kind.EDITED, stamp_before=None, stamp_after=None)
    assert message.sentence.endswith("edited “Ministers agree”; the page shows no stamp.")
    assert message.stamp == "the page shows none"


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        pytest.param(STAMP, STAMP, Kind.SILENTLY_EDITED, "did not move: 7 Sep 2012, 10:46 UTC", id="it stood still"),
        pytest.param(STAMP, LATER, Kind.EDITED, "7 Sep 2012, 10:46 UTC → 9 Sep 2012", id="it moved"),
        pytest.param(None, LATER, Kind.EDITED, "9 Sep 2012; there was none before", id="it came"),
        pytest.param(STAMP, None, Kind.EDITED, "gone; it was 7 Sep 2012, 10:46 UTC", id="it went"),
        pytest.param(None, LATER, Kind.NEW, "9 Sep 2012", id="of a new release"),
    ],
)
def test_what_became_of_the_stamp_is_said(
    before: StampRow | None, after: StampRow | None, kind: Kind, said: str
) -> None:
    assert told(stamp_before=before, stamp_after=after, kind=kind).stamp == said


@pytest.mark.parametrize(
    ("not_before", "said"),
    [
        pytest.param(None, "first seen 8 Sep 2012, 06:00:00 UTC", id="nobody looked before"),
        pytest.param(
            datetime(2012, 9, 8, 5, tzinfo=UTC), "between 8 Sep 2012, 05:00:00 and 06:00:00 UTC", id="on one day"
        ),
        pytest.param(
            datetime(2012, 9, 7, 23, tzinfo=UTC), "between 7 Sep 2012, 23:00:00 UTC and 8 Sep 2012, 06:00:00 UTC",
            id="over midnight",
        ),
    ],
)  # fmt: skip
def test_the_window_is_said(not_before: datetime | None, said: str) -> None:
    assert told(not_before=not_before).when == said


def test_the_same_delivery_is_the_same_message() -> None:
    assert told() == told()


def test_links_lead_to_the_diff_and_to_the_web_only() -> None:
    assert diff_path(CHANGE) == "/releases/3/diff?from=1&to=2"
    assert diff_path(replace(CHANGE, revision_from=None)) == "/releases/3"
    assert diff_path(replace(CHANGE, revision_to=1)) == "/releases/3"
    assert told().original == "https://harbour.example/news_1.htm"
    for url in ("javascript:alert(1)", "ftp://a.example/", 'https://a.example/"x', "https://a.example/" + "x" * 5000):
        assert told(url=url).original is None


def test_what_is_left_out_is_counted() -> None:
    many = hostile(*(f"paragraph {n}" for n in range(20)))
    assert (len(many.passages), many.left_out) == (12, 8)


def test_a_message_without_a_diff_has_no_passages() -> None:
    assert compose(Delivery(key="k", change=CHANGE)).passages == ()


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))  # type: ignore[arg-type]  # surrogates, too
def test_all_text_of_a_message_is_harmless_as_text(payload: str) -> None:
    message = hostile(payload)
    texts = [message.sentence, message.source, message.title, message.url, message.reason, message.beginning]
    texts += [each.text for passage in message.passages for each in passage.segments]
    assert message.stamp_after
    for text in [*texts, message.stamp_after.raw]:
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
        text.encode()


def test_the_trial_says_what_it_is_and_shows_changed_words() -> None:
    message = trial(at=datetime(2026, 3, 2, tzinfo=UTC))
    assert message.label == message.payload["type"] == "test"
    assert "test" in message.sentence
    assert "test" in message.line
    assert message.passages
