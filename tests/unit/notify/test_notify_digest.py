"""A digest counts its changes and names the most important; a summary says of whom there were too many."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from web_views import NOW, change_row

from presswatch.notify.digest import digest_line, digest_message
from presswatch.notify.message import MAX_BYTES, encoded
from presswatch.notify.templates import HTML, TEMPLATES, TEXT, Templates
from scraper.model import Kind
from storage import DigestRow

DIGEST = DigestRow(
    id=3, name="daily at 08:00, UTC", source_id=None, source=None, began_at=NOW - timedelta(hours=9), last_at=NOW,
    size=5, kinds={Kind.EDITED: 4, Kind.NEW: 1}, sources=2, batches={7: 3},
    changes=(
        change_row(1, title="Pier approved"), change_row(2, batch_id=7, title="Minister"), change_row(4, batch_id=7),
        change_row(5, batch_id=8, title="Alone"),
    ),
)  # fmt: skip
SUMMARY = replace(DIGEST, source_id=4, source="Harbour", size=4_940, sources=1, batches={})


def test_a_digest_counts_its_changes_and_names_each_batch_once() -> None:
    message = digest_message(DIGEST, key="k", pages="https://watch.example")
    assert message.sentence == "5 changes at 2 sources: 1 new, 4 edited."
    assert message.title == "5 changes (daily at 08:00, UTC)"
    assert [(each.title, each.said.partition(", ")[2]) for each in message.releases] == [
        ("Pier approved", "silently edited"),
        ("Minister", "silently edited, the same on 3 releases"),
        ("Alone", "silently edited"),
    ]
    assert message.releases[1].link == "https://watch.example/?batch=7"
    assert message.more_releases == 0
    assert message.link == "https://watch.example/"


def test_a_digest_in_a_mail_says_of_each_change_what_matters_and_where_it_is_read() -> None:
    first = replace(DIGEST.changes[0], reason="twelve became nine in the first paragraph")
    digest = replace(DIGEST, size=1, kinds={Kind.SILENTLY_EDITED: 1}, sources=1, changes=(first,), batches={})
    message = digest_message(digest, key="k", pages="https://watch.example")
    text = Templates().render(TEXT, message).text
    assert "Importance  0.75 of 1, the highest of them\n" in text
    assert (
        "Northern Harbour Alliance, silently edited: Pier approved\n"
        "  twelve became nine in the first paragraph\n"
        "  https://watch.example/releases/1/diff?from=1&to=2\n"
        "  https://harbour.example/news_1.htm\n"
    ) in text
    html = Templates().render(HTML, message).text
    assert ">twelve became nine in the first paragraph</span>" in html
    assert "the highest of them" in html


def test_a_summary_says_how_many_more_there_were_of_whom_and_where_they_are() -> None:
    message = digest_message(SUMMARY, key="k", pages="https://watch.example")
    assert message.sentence.startswith("4,940 more changes of Harbour: 1 new, 4 edited.")
    assert message.more_releases == 4_940 - 4
    assert message.link == "https://watch.example/?source=Harbour"
    assert (message.source, message.label, message.payload["type"]) == ("Harbour", "summary", "digest.summary")


def test_every_template_says_what_happened_where_and_how_to_be_told_no_more() -> None:
    link = "https://watch.example/mute/s4-0"
    message = replace(digest_message(DIGEST, key="k", pages="https://watch.example"), mute=link)
    for name in TEMPLATES[1:]:
        text = " ".join(Templates().render(name, message).text.split())
        assert "Pier approved" in text, name
        assert "the same on 3 releases" in text, name
        assert link in text, name


def test_its_body_is_never_too_long() -> None:
    many = tuple(change_row(n, title="x" * 500, url=f"https://a.example/{'y' * 1_900}/{n}") for n in range(200))
    body = encoded(digest_message(replace(DIGEST, changes=many, size=200), key="k").payload)
    assert len(body) < MAX_BYTES
    assert json.loads(body)["data"]["size"] == 200


@given(st.text(max_size=30), st.text(max_size=30))
def test_hostile_text_stays_on_one_line_without_controls(name: str, title: str) -> None:
    hostile = replace(SUMMARY, source=name, changes=(change_row(1, title=title, source=name),))
    message = digest_message(hostile, key="k", pages="https://watch.example")
    for text in (digest_line(hostile), message.sentence, *(each.title + each.said for each in message.releases)):
        assert not {unicodedata.category(char) for char in text} & {"Cc", "Cs", "Zl", "Zp"}
