"""A target counts as content; how it is spelt and what varies from load to load does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import LinkChange, digest, same_words
from scraper.judge.links import changed_links, link_key
from scraper.model import Block, BlockKind, Link, Release

ALIKE = {
    "scheme, www and a slash at the end": ("http://www.a.int/x/", "https://a.int/x"),
    "fragments": ("https://a.int/x#top", "https://a.int/x"),
    "the order of parameters": ("https://a.int/x?a=1&b=2", "https://a.int/x?b=2&a=1"),
    "tracking": ("https://a.int/x?utm_source=feed&id=1", "https://a.int/x?id=1&fbclid=abc"),
    "a session in the query": ("https://a.int/x?sid=0123456789abcdef0123", "https://a.int/x"),
    "a session in the path": ("https://a.int/x;jsessionid=AAAA", "https://a.int/x;jsessionid=BBBB"),
    "a session of NATO's": ("https://a.int/SID-B618DF60-33B60EEC/x", "https://a.int/SID-B618DF60-33B60EED/x"),
    "a nonce": ("https://a.int/x?_wpnonce=12ab", "https://a.int/x?_wpnonce=34cd"),
    "a cache buster": ("https://a.int/x?_=17000001", "https://a.int/x?_=17000002"),
    "a signature of Amazon's": (
        "https://b.a.int/r.pdf?X-Amz-Date=1&X-Amz-Signature=ab", "https://b.a.int/r.pdf?X-Amz-Date=2&X-Amz-Signature=cd",
    ),
    "a signature of CloudFront's": (
        "https://b.a.int/r.pdf?Expires=17&Signature=ab&Key-Pair-Id=K", "https://b.a.int/r.pdf?Expires=18&Signature=cd&Key-Pair-Id=K",
    ),
    "a signature of Azure's": ("https://a.int/r.pdf?sv=1&se=2&sp=r&sig=ab", "https://a.int/r.pdf?sv=1&se=3&sp=r&sig=cd"),
    "a file's version": ("https://a.int/r.pdf?__blob=file&v=5", "https://a.int/r.pdf?__blob=file&v=6"),
    "a file's hash in its name": ("https://a.int/report.3f2a9c1b.pdf", "https://a.int/report.77aa9c1b.pdf"),
    "numbered hosts": ("https://cdn1.a.int/x", "https://cdn2.a.int/x"),
    "numbered webs": ("https://www3.a.int/x", "https://www.a.int/x"),
    "a redirector that signs": (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.int%2Fx&h=AT0", "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.int%2Fx&h=AT1",
    ),
}  # fmt: skip
APART = {
    "another path": ("https://a.int/x", "https://a.int/y"),
    "another case in the path": ("https://a.int/Report", "https://a.int/report"),
    "another host": ("https://a.int/x", "https://b.int/x"),
    "another number of a page": ("https://a.int/news_1.htm", "https://a.int/news_2.htm"),
    "another film": ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcR"),
    "another id": ("https://a.int/x.php?id=12", "https://a.int/x.php?id=13"),
    "another version of a page": ("https://a.int/doc?v=1", "https://a.int/doc?v=2"),
    "another file by its date": ("https://a.int/report-20240115.pdf", "https://a.int/report-20240116.pdf"),
    "another file that is all hash": ("https://a.int/3f2a9c1b.pdf", "https://a.int/77aa9c1b.pdf"),
    "another goal of a redirector": (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.int%2Fx&h=AT0", "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.int%2Fy&h=AT0",
    ),
    "another subdomain": ("https://de.a.int/x", "https://fr.a.int/x"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE.keys())
def test_no_edit_is(one: str, other: str) -> None:
    assert link_key(one) == link_key(other)
    assert digest(linked(one)) == digest(linked(other))


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART.keys())
def test_an_edit_is(one: str, other: str) -> None:
    assert link_key(one) != link_key(other)
    assert digest(linked(one)) != digest(linked(other))
    assert same_words(linked(one), linked(other))


@given(st.text())
def test_any_text_has_a_key(target: str) -> None:
    assert link_key(target) == link_key(target)


def block(*links: tuple[str, str], kind: BlockKind = BlockKind.PARAGRAPH, text: str = "words") -> Block:
    return Block(kind=kind, text=text, links=tuple(Link(text=shown, target=target) for shown, target in links))


def release(*blocks: Block) -> Release:
    return Release(title="A headline", blocks=blocks)


def linked(*targets: str) -> Release:
    return release(block(*((f"link {n}", target) for n, target in enumerate(targets))))


A, B = "https://a.int/1", "https://b.int/2"
SAME = {
    "a link that is cut in two": (release(block(("the report", A))), release(block(("the", A), ("report", A)))),
    "a picture that is linked": (release(block(("x", A))), release(block(("", B), ("x", A)))),
    "links in a parted paragraph": (
        release(block(("x", A), ("y", B), text="one two")),
        release(block(("x", A), text="one"), block(("y", B), text="two")),
    ),
    "the kind of a block": (release(block()), release(block(kind=BlockKind.HEADING))),
}  # fmt: skip
OTHER = {
    "a link that came": (release(block()), release(block(("x", A)))),
    "two links that changed places": (release(block(("x", A), ("y", B))), release(block(("x", B), ("y", A)))),
}


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME.keys())
def test_no_revision_is_made_by(before: Release, after: Release) -> None:
    assert digest(before) == digest(after)


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER.keys())
def test_a_revision_is_made_by(before: Release, after: Release) -> None:
    assert digest(before) != digest(after)


def test_earlier_recipes_took_in_no_links() -> None:
    assert digest(linked(A), recipe=2) == digest(linked(B), recipe=2)


def test_a_digest_is_64_hex_digits() -> None:
    assert int(digest(linked(A)), 16)
    assert len(digest(linked(A))) == 64


CHANGES = {
    "the same words lead elsewhere": ([("x", A)], [("x", B)], [LinkChange(text="x", before=A, after=B)]),
    "words and target of the only link": ([("x", A)], [("y", B)], [LinkChange(text="y", before=A, after=B)]),
    "a link that came": ([("x", A)], [("x", A), ("y", B)], [LinkChange(text="y", before=None, after=B)]),
    "a link that went": ([("x", A), ("y", B)], [("x", A)], [LinkChange(text="y", before=B, after=None)]),
    "two that changed places": (
        [("x", A), ("y", B)], [("x", B), ("y", A)],
        [LinkChange(text="x", before=A, after=B), LinkChange(text="y", before=B, after=A)],
    ),
    "another spelling of the target": ([("x", A)], [("x", "http://www.a.int/1/")], []),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_changed_links(before: list[tuple[str, str]], after: list[tuple[str, str]], expected: list[LinkChange]) -> None:
    found = changed_links([block(*before)], [block(*after)])
    assert list(found) == expected


def test_whether_a_link_leads_to_another_site() -> None:
    assert LinkChange(text="x", before=A, after=B).host_changed
    assert not LinkChange(text="x", before=A, after="https://www.a.int/2").host_changed
