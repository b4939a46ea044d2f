"""Lists of feeds as other programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.opml import opml
from presswatch.web.outlines import MOST, NoOutline, Outline, read_opml

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Ministries">
  <outline type="rss" text="Fisheries" title="Ministry of Fisheries" xmlUrl="https://fish.example/feed" htmlUrl="https://fish.example/"/>
  <outline type="rss" text="Twice" xmlUrl="https://fish.example/feed"/>
</outline>
<outline text="Rail &amp; Road" XMLURL=" https://rail.example/rss "/>
<outline text="A link" type="link" url="https://else.example/"/>
</body></opml>"""


def test_feeds_are_read_from_folders_each_once_and_in_order() -> None:
    assert read_opml(LIST) == [
        Outline(feed="https://fish.example/feed", title="Ministry of Fisheries", site="https://fish.example/"),
        Outline(feed="https://rail.example/rss", title="Rail & Road"),
        Outline(title="A link", site="https://else.example/"),
    ]


def test_what_is_exported_can_be_read() -> None:
    outlines = [
        Outline(feed="https://a.example/1.atom", title="A & <B>", site="https://a.example/"),
        Outline(feed="https://c.example/rss", title="C"),
        Outline(title="Without a feed", site="https://d.example/news?a=1&b=2"),
    ]
    assert read_opml(opml("newsrooms", outlines)) == outlines


def test_what_no_xml_may_hold_is_not_exported() -> None:
    (read,) = read_opml(opml("newsrooms", [Outline(feed="https://a.example/\x0b\ud800", title="\x00\ufffe")]))
    assert read.feed.startswith("https://a.example/")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no XML"),
        (b"<html><body>not a list", "no XML"),
        (b"<rss/>", "no OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><opml><outline text="&b;"/></opml>', "entities"),
        (b'<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]><opml>&f;</opml>', "entities"),
        (b"<opml>%b</opml>" % b"".join(b'<outline xmlUrl="%d"/>' % n for n in range(MOST + 1)), "more than"),
    ],
    ids=["nothing", "a page", "a feed", "a bomb", "a file of ours", "too many"],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_reason(body: bytes, said: str) -> None:
    with pytest.raises(NoOutline, match=said):
        read_opml(body)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for given_body in (body, b"<opml>" + body + b"</opml>"):
        try:
            read_opml(given_body)
        except NoOutline:
            continue
