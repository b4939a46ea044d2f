"""The pages as a browser gets them."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from web_views import NOW, STAMP, FakeViews, change_row, release_row, text

from presswatch.web import create_app
from scraper.html import Document, parse
from scraper.model import Block, BlockKind, Fetched, HealthKind, Kind, Link, Precision, Redirect, Release, Role
from storage import DatabaseBusy, Failing, HealthRow, StampRow, open_storage

ANSWER = Fetched(
    url="https://harbour.example/old.htm",
    final_url="https://harbour.example/news_1.htm",
    status=200,
    headers=(("content-type", "text/html"), ("x-note", "<b>bold</b>")),
    body=b"<html><script>alert(1)</script>",
    started_at=NOW,
    finished_at=NOW,
    redirects=(Redirect(status=301, url="https://harbour.example/old.htm"),),
)


def site() -> FakeViews:
    """One release with two revisions and the silent edit between them."""
    return FakeViews(
        rows={1: release_row(1, current=2, revisions=2)},
        texts={
            (1, 1): text("Twelve vessels will be on call at any hour.", "Nothing else changed.", language="en"),
            (1, 2): text("Nine vessels will be on call by day.", "Nothing else changed.", language="en"),
        },
        happened=[change_row(1)],
        answers={(1, 1): ANSWER, (1, 2): ANSWER},
    )


def ask(views: FakeViews, path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
    """One request to the application."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(views, now=lambda: NOW), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://watch.example") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(send())


def page(views: FakeViews, path: str) -> Document:
    answer = ask(views, path)
    assert answer.status_code == 200
    return parse(answer.text)


def words(document: Document, selector: str = "main") -> str:
    """The text of the first element that matches, white space folded."""
    node = document.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


PAGES = [
    "/",
    "/?kind=silently-edited&source=Northern+Harbour+Alliance",
    "/?from=0001-01-01&to=9999-12-31",
    "/releases/1",
    "/releases/1/diff?from=1&to=2",
    "/releases/1/diff?from=1&to=2&view=side",
    "/releases/1/revisions/1",
    "/releases/1/revisions/2/evidence",
    "/sources",
    "/sources/1",
    "/status",
]


# --- what every page has in common ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/releases/7", "/?kind=odd", "/health", "/static/style.css"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    headers = ask(site(), path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_for_nothing_from_elsewhere_and_runs_nothing(path: str) -> None:
    document = page(site(), path)
    assert document.css("script:not([src^='/static/']), iframe, object, embed, style, [style]") == []
    assert not any(script.text() for script in document.css("script"))
    for node in document.css("link[href], img[src], form[action]"):
        target = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("action")
        assert target is not None
        assert target.startswith("/")


@pytest.mark.parametrize("path", PAGES)
def test_page_has_the_frame_that_assistive_technology_needs(path: str) -> None:
    document = page(site(), path)
    assert document.css_first("html[lang=en]") is not None
    assert len(document.css("h1")) == len(document.css("main#content")) == 1
    assert document.css_first("a.skip[href='#content']") is not None
    levels = [int((node.tag or "h9")[1]) for node in document.css("h1, h2, h3, h4")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    labelled = {node.attributes["for"] for node in document.css("label[for]")}
    assert {node.attributes["id"] for node in document.css("select, input")} <= labelled
    assert all(" ".join(node.text().split()) for node in document.css("a"))
    ids = [node.attributes["id"] for node in document.css("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_links_are_paths_whatever_the_host_header_says(path: str) -> None:
    answer = ask(site(), path, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


@pytest.mark.parametrize("path", PAGES)
def test_unchanged_page_is_answered_with_304(path: str) -> None:
    first = ask(site(), path)
    second = ask(site(), path, headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


def test_head_is_get_without_a_body() -> None:
    head = ask(site(), "/", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == ask(site(), "/").headers["etag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    answer = ask(site(), "/releases/1", method=method)
    assert answer.status_code == 405
    assert "Content-Security-Policy".lower() in answer.headers


# --- changes ----------------------------------------------------------------------------------------------------------


def test_change_says_kind_title_source_window_stamp_words_and_importance() -> None:
    shown = words(page(site(), "/"), "article.change")
    for part in (
        "silently edited",
        "Ministers agree",
        "Northern Harbour Alliance",
        "between 2 Mar 2026, 06:30:00 and 07:30:00 UTC",
        "did not move: 1 Mar 2026, 05:55 UTC",
        "Last updated: 01 Mar. 2026 06:55",
        "importance 0.75",
        "The text changed and the stamp stood still.",
        "Compare revisions 1 and 2",
    ):
        assert part in shown


def test_changed_words_stand_in_their_place() -> None:
    document = page(site(), "/")
    assert words(document, ".excerpts del") == "Twelve"
    assert words(document, ".excerpts ins") == "Nine"
    assert "Nothing else changed." not in words(document)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_named_in_plain_words(kind: Kind) -> None:
    views = site()
    views.happened = [change_row(1, kind=kind)]
    assert words(page(views, "/"), "article .kind") == kind.value.replace("-", " ")


def test_change_links_to_the_release_and_to_the_comparison() -> None:
    targets = [node.attributes["href"] for node in page(site(), "/").css("article a")]
    assert targets == ["/releases/1", "/releases/1/diff?from=1&to=2"]


def test_moved_release_shows_both_addresses() -> None:
    views = site()
    views.happened = [
        change_row(
            1,
            kind=Kind.MOVED,
            url="https://harbour.example/b.htm",
            url_before="https://harbour.example/a.htm",
            revision_to=1,
        )
    ]
    shown = words(page(views, "/"), "article")
    assert "https://harbour.example/a.htm" in shown
    assert "https://harbour.example/b.htm" in shown


def test_new_release_shows_how_it_begins() -> None:
    views = site()
    views.happened = [change_row(1, kind=Kind.NEW, revision_from=None, revision_to=1, not_before=None)]
    shown = words(page(views, "/"), "article")
    assert "Twelve vessels will be on call at any hour." in shown
    assert "first seen 2 Mar 2026, 07:30:00 UTC" in shown


def test_edit_with_a_stamp_that_moved_shows_both() -> None:
    views = site()
    later = StampRow(at=NOW, precision=Precision.DAY, raw="2 March 2026")
    views.happened = [change_row(1, kind=Kind.EDITED, stamp_after=later)]
    terms = page(views, "/").css_first(".terms")
    assert terms is not None
    assert [node.text() for node in terms.css("del, ins")] == ["1 Mar 2026, 05:55 UTC", "2 Mar 2026"]


def test_change_whose_revision_is_gone_is_still_shown() -> None:
    views = site()
    views.texts.clear()
    assert "Ministers agree" in words(page(views, "/"), "article")


def test_newest_change_stands_first_under_its_day() -> None:
    views = site()
    views.happened = [change_row(n, detected_at=NOW - timedelta(days=3 - n)) for n in (1, 2, 3)]
    document = page(views, "/")
    assert [node.attributes["id"] for node in document.css("article")] == ["change-3", "change-2", "change-1"]
    assert [node.text() for node in document.css(".day h2")] == [
        "Monday, 2 March 2026",
        "Sunday, 1 March 2026",
        "Saturday, 28 February 2026",
    ]


def test_paging_reaches_every_change_once_and_keeps_the_filter() -> None:
    views = site()
    views.happened = [change_row(n, kind=Kind.EDITED if n % 2 else Kind.NEW) for n in range(1, 151)]
    seen: list[str] = []
    path: str | None = "/?kind=edited"
    while path:
        document = page(views, path)
        seen += [str(node.attributes["id"]) for node in document.css("article")]
        following = document.css_first("a[rel=next]")
        path = following.attributes["href"] if following else None
        assert path is None or "kind=edited" in path
    assert seen == [f"change-{n}" for n in range(149, 0, -2)]


def test_a_batch_is_one_card_that_leads_to_all_of_it() -> None:
    views = site()
    views.happened = [change_row(number, batch_id=None if number == 3 else 9) for number in range(1, 6)]
    shown = page(views, "/")
    assert [node.attributes["id"] for node in shown.css("article.change")] == ["change-5", "change-3"]
    assert "the same edit 4 times: show all" in words(shown, "#change-5")
    assert "the same edit" not in words(shown, "#change-3")
    whole = page(views, "/?batch=9")
    assert [node.attributes["id"] for node in whole.css("article.change")] == [f"change-{n}" for n in (5, 4, 2, 1)]
    assert whole.css_first('nav.pages a[href="/"]') is not None


def test_filters_by_source_and_shows_which() -> None:
    views = site()
    views.names = ("Northern Harbour Alliance", "A & B <press>")
    views.happened = [change_row(1), change_row(2, source_id=2, source="A & B <press>")]
    document = page(views, "/?source=A+%26+B+%3Cpress%3E&kind=")
    assert [node.attributes["id"] for node in document.css("article")] == ["change-2"]
    assert words(document, "#source option[selected]") == "A & B <press>"


@pytest.mark.parametrize(
    "query", ["kind=odd", "source=nobody", "before=x", "before=-1", "before=1e9", "before=" + "9" * 5000, "source=%00"]
)
def test_query_that_makes_no_sense_is_a_bad_request(query: str) -> None:
    assert ask(site(), f"/?{query}").status_code == 400


def test_no_change_yet_is_said() -> None:
    assert "Nothing has happened yet" in words(page(FakeViews(), "/"))


# --- a release --------------------------------------------------------------------------------------------------------


def test_release_shows_facts_life_revisions_and_text() -> None:
    views = site()
    views.known_at = ("https://harbour.example/old.htm",)
    document = page(views, "/releases/1")
    original = document.css_first("dl a")
    assert original is not None
    assert original.attributes["href"] == "https://harbour.example/news_1.htm"
    assert original.attributes["rel"] == "noopener noreferrer nofollow"
    shown = words(document)
    for part in (
        "Also known at",
        "https://harbour.example/old.htm",
        "live, last seen",
        "first visit",
        "Compare with 1",
    ):
        assert part in shown
    assert "Nine vessels will be on call by day." in words(document, ".text")


def test_text_and_title_carry_their_language_and_direction() -> None:
    views = site()
    views.texts[1, 2] = text("نص عربي", title="عنوان", language="ar")
    document = page(views, "/releases/1")
    for node in (document.css_first("h1"), document.css_first(".text")):
        assert node is not None
        assert (node.attributes["lang"], node.attributes["dir"]) == ("ar", "auto")
    assert document.css_first("h1 bdi") is not None


@pytest.mark.parametrize("tag", ['en" onclick="x', "", "x" * 500, "en_GB", "é", "en us"])
def test_language_that_is_none_is_left_out(tag: str) -> None:
    views = site()
    views.texts[1, 2] = text("Some text.", language=tag)
    node = page(views, "/releases/1").css_first(".text")
    assert node is not None
    assert "lang" not in node.attributes


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "ftp://h.example/",
        "//h.example",
        "https:",
        "x",
    ],
)
def test_address_that_is_no_web_address_is_shown_and_not_linked(url: str) -> None:
    views = site()
    views.rows[1] = release_row(1, url=url, current=2)
    document = page(views, "/releases/1")
    assert url.strip() in words(document, "dl")
    assert document.css("dl a") == []


def test_every_kind_of_block_is_shown() -> None:
    views = site()
    blocks = tuple(Block(kind=kind, text=f"a {kind.value}") for kind in BlockKind)
    views.texts[1, 1] = views.texts[1, 2] = Release(title="t", blocks=blocks)
    shown = words(page(views, "/releases/1"), ".text")
    assert shown == " ".join(f"a {kind.value}" for kind in BlockKind)


def test_release_that_was_not_read_yet_has_a_page() -> None:
    views = FakeViews(rows={1: release_row(1, current=None, title="", revisions=0, last_seen_at=None)})
    assert "It was not read yet." in words(page(views, "/releases/1"))


def test_ten_thousand_revisions_are_paged() -> None:
    views = site()
    views.texts = {(1, n): text("Some text.") for n in range(1, 10_001)}
    views.rows[1] = release_row(1, current=10_000)
    document = page(views, "/releases/1")
    assert len(document.css("tbody tr")) == 100
    older = document.css_first("a[rel=next]")
    assert older is not None
    assert older.attributes["href"] == "/releases/1?before=9901"
    assert words(page(views, "/releases/1?before=9901"), "tbody th") == "9900"


def test_diff_shows_what_went_what_came_and_that_the_stamp_stood() -> None:
    document = page(site(), "/releases/1/diff?from=1&to=2")
    assert words(document, ".diff del") == "Twelve"
    assert words(document, ".diff ins") == "Nine"
    assert "Nothing else changed." in words(document, ".diff .part-same")
    assert "did not move" in words(document, "dl")


def test_diff_without_numbers_compares_the_last_two() -> None:
    assert ask(site(), "/releases/1/diff").text == ask(site(), "/releases/1/diff?from=1&to=2").text


def test_diff_names_added_removed_and_moved_paragraphs_in_words() -> None:
    views = site()
    kept = [f"Paragraph number {n} stays what and where it is." for n in range(4)]
    views.texts[1, 1] = text("Quite another beginning.", *kept, "The walker of the column goes on.")
    views.texts[1, 2] = text(
        "The walker of the column goes on.", *kept, "Brand-new ending, unlike all above!", title="T"
    )
    document = page(views, "/releases/1/diff")
    assert {node.text() for node in document.css(".diff .note")} >= {"added paragraph", "removed paragraph"}
    assert [node.text().strip() for node in document.css("h1 ins")] == ["T"]


def blocks(*found: Block) -> Release:
    return Release(title="Vessels", blocks=found, language="en")


def compared(before: Release, after: Release) -> Document:
    views = site()
    views.texts = {(1, 1): before, (1, 2): after}
    return page(views, "/releases/1/diff")


LONG = "Nine vessels of the harbour will be on call by day, and three of them at night."


def test_diff_shows_the_words_that_changed_in_a_paragraph_that_moved() -> None:
    others = [Block(kind=BlockKind.PARAGRAPH, text=f"{n} crews of the fleet will sail in week {n}.") for n in range(3)]
    first, last = (Block(kind=BlockKind.PARAGRAPH, text=text) for text in (LONG, LONG.replace("Nine", "Twelve")))
    document = compared(blocks(first, *others), blocks(*others, last))
    assert words(document, ".diff .part-moved del") == "Nine"
    assert words(document, ".diff .part-moved .note") == "moved paragraph"


def test_diff_shows_where_a_link_led_and_leads() -> None:
    before, after = (
        blocks(Block(kind=BlockKind.PARAGRAPH, text=LONG, links=(Link(text="vessels", target=target),)))
        for target in ("https://harbour.example/1", "javascript:alert(1)//<b>")
    )
    document = compared(before, after)
    assert words(document, ".part-links") == "link vessels: https://harbour.example/1 javascript:alert(1)//<b>"
    assert not document.css(".part-links a, .touched a")
    assert "The two texts are the same." not in words(document, "main")


def test_diff_shows_that_a_block_is_of_another_kind() -> None:
    before, after = (blocks(Block(kind=kind, text=LONG)) for kind in (BlockKind.PARAGRAPH, BlockKind.HEADING))
    assert words(compared(before, after), ".diff .note") == "paragraph before, now heading"


def test_diff_lists_what_was_touched_the_most_telling_first() -> None:
    before, after = (
        blocks(Block(kind=BlockKind.TABLE_ROW, text=f"vessels | {n} | {how}"))
        for n, how in ((12, "afloat"), (9, "ashore"))
    )
    found = [node.text() for node in compared(before, after).css(".touched .note")]
    assert found == ["number", "wording", "table cell", "table cell"]


def test_diff_says_where_it_is_coarse_and_why() -> None:
    text = " ".join(f"Sentence number {n} tells of a vessel." for n in range(10_000))
    before, after = (
        blocks(Block(kind=BlockKind.PARAGRAPH, text=each)) for each in (text, text.replace("tells", "told"))
    )
    assert "paragraph 1 is too long to be compared word by word" in words(compared(before, after), ".coarse")


def test_diff_of_a_version_with_itself_says_so() -> None:
    assert "The two texts are the same." in words(page(site(), "/releases/1/diff?from=2&to=2"))


def test_diff_shows_a_stamp_that_moved() -> None:
    views = site()
    views.texts[1, 2] = text("Nine vessels.", stamp=None)
    terms = page(views, "/releases/1/diff").css_first("dl")
    assert terms is not None
    assert [node.text() for node in terms.css("del")] == ["1 Mar 2026, 05:55 UTC"]
    assert "none after" in terms.text()


def test_one_version_is_shown_with_its_digest() -> None:
    shown = words(page(site(), "/releases/1/revisions/1"))
    for part in ("Twelve vessels", "d" * 64, "1 of 2", STAMP.raw):
        assert part in shown


@pytest.mark.parametrize(
    "path",
    [
        "/releases/2",
        "/releases/0",
        "/releases/-1",
        "/releases/x",
        "/releases/" + "9" * 5000,
        "/releases/٣",
        "/releases/1/",
        "/releases/1/revisions/3",
        "/releases/1/revisions/" + "1" * 40,
        "/releases/1/revisions/3/evidence",
        "/releases/1/diff?from=7&to=2",
        "/releases/1/diff?from=1&to=999999999999999",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/style.css/",
        "/wp-login.php",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    answer = ask(site(), path)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_evidence_shows_status_and_headers_as_text() -> None:
    document = page(site(), "/releases/1/revisions/2/evidence")
    assert "x-note<b>bold</b>" in words(document, "table")
    shown = words(document, "dl")
    for part in (
        "Status200",
        "301 from https://harbour.example/old.htm",
        "31 bytes",
        hashlib.sha256(ANSWER.body).hexdigest(),
    ):
        assert part in shown


def test_body_is_a_download_and_nothing_else() -> None:
    answer = ask(site(), "/releases/1/revisions/2/evidence/body")
    assert answer.content == ANSWER.body
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="release-1-revision-2.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].endswith("; sandbox")


def test_revision_without_evidence_has_no_evidence_page() -> None:
    views = site()
    views.answers.clear()
    assert ask(views, "/releases/1/revisions/1/evidence").status_code == 404
    assert ask(views, "/releases/1/revisions/1/evidence/body").status_code == 404


# --- sources and health -----------------------------------------------------------------------------------------------


def test_sources_say_last_and_next_look_and_what_fails_since_when() -> None:
    views = site()
    views.failing = (
        Failing(
            page_id=5,
            source="Northern Harbour Alliance",
            role=Role.LISTING,
            url="https://harbour.example/news.htm",
            since=NOW - timedelta(hours=5),
            error="the server answered 503",
            failures=4,
            next_poll_at=None,
        ),
    )
    shown = words(page(views, "/sources"))
    for part in (
        "Watching.",
        "2 minutes ago",
        "in 13 minutes",
        "Fails since 2 Mar 2026, 03:30:00 UTC, 4 looks in a row",
    ):
        assert part in shown


def trouble(**given: object) -> HealthRow:
    values: dict[str, object] = {
        "id": 1, "source_id": 1, "source": "Northern Harbour Alliance", "kind": HealthKind.GONE, "subject": "newsroom",
        "began_at": NOW - timedelta(hours=5), "ended_at": None, "detail": "1 of 1 listing: 404",
        "advice": "Look elsewhere.",
    }  # fmt: skip
    return HealthRow(**(values | given))  # type: ignore[arg-type]  # the names are the row's own


def test_sources_say_what_is_wrong_and_what_to_do() -> None:
    views = site()
    views.troubles = (
        trouble(),
        trouble(source_id=None, source=None, kind=HealthKind.UNWATCHED, subject="https://nowhere.example/"),
        trouble(detail="what was wrong once", ended_at=NOW),
    )
    shown = words(page(views, "/sources"))
    assert "gone since 2 Mar 2026, 03:30:00 UTC: 1 of 1 listing: 404 Look elsewhere." in shown
    assert "Configured but not watched https://nowhere.example/" in shown
    assert "what was wrong once" not in shown


def test_sources_say_that_nobody_watches() -> None:
    views = site()
    views.heartbeat_at = NOW - timedelta(minutes=5)
    assert "Nobody is watching since 2 Mar 2026, 08:25:00 UTC." in words(page(views, "/sources"))


@pytest.mark.parametrize(
    ("age", "status", "told"),
    [
        pytest.param(timedelta(seconds=4), 200, "ok", id="a fresh heartbeat is health"),
        pytest.param(timedelta(seconds=60), 200, "ok", id="so is one of a minute"),
        pytest.param(timedelta(seconds=61), 503, "stopped", id="an older one is none"),
        pytest.param(timedelta(days=-1), 200, "ok", id="a clock that was set back is not the watcher's death"),
        pytest.param(None, 503, "starting", id="none ever is none"),
    ],
)
def test_health_is_the_heartbeats_age(age: timedelta | None, status: int, told: str) -> None:
    views = site()
    views.heartbeat_at = None if age is None else NOW - age
    answer = ask(views, "/health")
    assert (answer.status_code, answer.json()["status"]) == (status, told)
    assert answer.headers["cache-control"] == "no-store"


def test_database_that_fails_is_503_and_leaks_nothing() -> None:
    views = site()
    views.broken = DatabaseBusy("SELECT secret FROM /var/lib/presswatch.db")
    for path in ("/", "/releases/1", "/sources"):
        answer = ask(views, path)
        assert answer.status_code == 503
        assert "secret" not in answer.text
        assert "/var/lib" not in answer.text
    assert ask(views, "/health").json()["status"] == "unreadable"


def test_defect_is_500_and_leaks_nothing() -> None:
    views = site()
    views.names = (None,)  # type: ignore[assignment]  # what should not be
    answer = ask(views, "/?source=x")
    assert answer.status_code in (400, 500)
    views.broken = RuntimeError("SELECT secret")  # type: ignore[assignment]  # what should not be
    answer = ask(views, "/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_pages_work_over_the_real_store(tmp_path: Path) -> None:
    with open_storage(f"sqlite:///{tmp_path / 'presswatch.db'}") as storage:
        statuses = {path: ask(storage, path).status_code for path in ("/", "/sources", "/health", "/releases/1")}  # type: ignore[arg-type]  # both are Views
    assert statuses == {"/": 200, "/sources": 200, "/health": 503, "/releases/1": 404}


# --- colours ----------------------------------------------------------------------------------------------------------

_GROUNDS = {
    "ink": ("ground", "raised"),
    "soft": ("ground", "raised"),
    "link": ("ground", "raised"),
    "alarm": ("ground",),
    "alarm-ink": ("alarm",),
    "added": ("added-ground", "ground"),
    "removed": ("removed-ground", "ground"),
    "new": ("ground",),
    "edited": ("ground",),
    "moved": ("ground",),
    "restored": ("ground",),
    "gone-ink": ("gone",),
}


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_meet_wcag_aa(scheme: str) -> None:
    sheet = ask(site(), "/static/style.css").text
    tokens = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", rules))
        for rules in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    ]
    colours = tokens[0] | (tokens[1] if scheme == "dark" else {})
    for front, grounds in _GROUNDS.items():
        for ground in grounds:
            assert _contrast(colours[front], colours[ground]) >= 4.5, (front, ground)
    assert _contrast(colours["field"], colours["ground"]) >= 3.0


# --- a release's life -------------------------------------------------------------------------------------------------


def test_each_passage_says_since_when_it_stands_and_what_it_replaced() -> None:
    document = page(site(), "/releases/1")
    assert len(document.css(".passage")) == 1
    assert words(document, ".passage .since") == (
        "since 2 Mar 2026 Came with revision 2, between 2 Mar 2026, 06:30:00 and 07:30:00 UTC (silently edited). "
        "It replaced: Twelve vessels will be on call at any hour."
    )
    assert page(site(), "/releases/1/revisions/1").css(".passage") == []


def test_versions_too_long_to_be_compared_are_shown_without_since_when() -> None:
    views = site()
    views.texts[1, 1] = views.texts[1, 2] = text("word " * 160_000)
    shown = words(page(views, "/releases/1"), ".version")
    assert "a time that is not told: the versions are too long" in shown


def test_versions_are_reached_with_and_without_a_slider() -> None:
    document = page(site(), "/releases/1")
    slider = document.css_first("input[type=range]")
    assert slider is not None
    assert slider.attributes["data-numbers"] == "1 2"
    assert document.css_first(".slide[hidden]") is not None, "without a script it does nothing, so it is not there"
    assert document.css_first(".version a[rel=prev][href='/releases/1/revisions/1']") is not None
    assert page(site(), "/releases/1/revisions/1").css_first(".version a[rel=next]") is not None


def test_timeline_is_told_in_words_too() -> None:
    document = page(site(), "/releases/1")
    shown = words(document, "svg[role=img] desc")
    assert "It showed the stamp 1 Mar 2026, 05:55 UTC." in shown
    assert "Silently edited was seen, under a stamp that did not move." in shown
    assert len(document.css(".tie-silently-edited")) == 1


def test_texts_are_compared_side_by_side() -> None:
    document = page(site(), "/releases/1/diff?from=1&to=2&view=side")
    left, right = document.css(".pair[id] .cell")
    assert (left.css("ins"), right.css("del")) == ([], [])
    assert "Twelve vessels" in left.text()
    assert "Nine vessels" in right.text()
    assert ask(site(), "/releases/1/diff?view=odd").status_code == 400


def test_permanent_addresses_lead_to_where_a_version_stands_now() -> None:
    for path, place in (
        ("/revisions/102", "/releases/1/revisions/2"),
        ("/revisions/101..102", "/releases/1/diff?from=1&to=2"),
    ):
        answer = ask(site(), path)
        assert (answer.status_code, answer.headers["location"]) == (302, place)
    for path in ("/revisions/9", "/revisions/101..9", "/revisions/x", "/revisions/1..2..3"):
        assert ask(site(), path).status_code == 404


def test_a_diff_over_two_releases_has_no_address() -> None:
    views = site()
    views.texts[2, 1] = text("other")
    assert ask(views, "/revisions/101..201").status_code == 404


def test_citations_name_the_permanent_address_under_the_pages_own() -> None:
    entry = ask(site(), "/releases/1/revisions/2/citation.bib")
    assert entry.headers["content-type"] == "text/x-bibtex; charset=utf-8"
    assert "kept at http://127.0.0.1:8420/revisions/102" in entry.text
    (item,) = ask(site(), "/releases/1/revisions/2/citation.json").json()
    assert item["archive_location"] == "http://127.0.0.1:8420/revisions/102"
    assert ask(site(), "/releases/1/revisions/9/citation.bib").status_code == 404


# --- evidence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("view", "media_type"), [("page", "text/html"), ("source", "text/plain")])
def test_evidence_is_looked_at_under_a_policy_that_lets_nothing_happen(view: str, media_type: str) -> None:
    answer = ask(site(), f"/releases/1/revisions/2/evidence/{view}")
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-dns-prefetch-control"] == "off"
    assert answer.text == ANSWER.body.decode()
    assert ask(site(), f"/releases/1/revisions/9/evidence/{view}").status_code == 404


def test_evidence_opens_no_connection_ahead() -> None:
    views = site()
    views.answers[1, 2] = replace(ANSWER, body="<LINK rel=preconnect href=//evil.example><p>é</p>".encode("cp1252"))
    assert ask(views, "/releases/1/revisions/2/evidence/page").text == (
        "<inert-LINK rel=preconnect href=//evil.example><p>é</p>"
    )


# --- a source, and health ---------------------------------------------------------------------------------------------


def test_source_tells_its_rhythm_its_edits_and_how_looks_fare() -> None:
    shown = words(page(site(), "/sources/1"))
    for part in (
        "3, 75 %", "median time to the first edit2 hours", "Most on Mondays (2 of 12)", "by the time at which they say",
        "1,203 requests and 5.0 MB", "no answer in time", "https://harbour.example/feed.xml",
    ):  # fmt: skip
        assert part in shown
    assert ask(site(), "/sources/9").status_code == 404


def test_source_without_times_says_so() -> None:
    views = site()
    views.claimed = ()
    assert "No release told the time" in words(page(views, "/sources/1"))
    views.seen = (NOW,)
    assert "they were seen first" in words(page(views, "/sources/1"))


def test_health_tells_what_fails_what_was_tried_and_what_was_given_up() -> None:
    views = site()
    assert "Nothing is wrong." in words(page(views, "/status"))
    views.channels = ("desk",)
    views.failing = (
        Failing(page_id=1, source="Northern Harbour Alliance", role=Role.LISTING, url="https://harbour.example/",
                since=NOW, error="status 503", failures=4, next_poll_at=NOW),
    )  # fmt: skip
    shown = words(page(views, "/status"))
    for part in ("4 looks in a row: status 503", "server-error, status 503 after 1,204 ms", "presswatch resend 1"):
        assert part in shown
    assert "Nothing is wrong." not in shown


def test_a_search_shows_the_words_in_place_and_leads_to_revision_and_diff() -> None:
    found = page(site(), "/search?words=nine+vessels")
    assert [mark.text() for mark in found.css("mark")] == ["Nine", "vessels"]
    links = [link.attributes["href"] for link in found.css("main a")]
    assert links == ["/releases/1/revisions/2", "/releases/1/diff?from=1&to=2"]


def test_where_words_vanished_the_text_before_is_shown() -> None:
    found = page(site(), "/search?words=vessels&where=vanished")
    assert "Twelve vessels" in found.css("main")[0].text()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("words=%22", "Name at least one word"),
        ("words=-a", "only for what is missing"),
        ("words=zebra", "Nothing was found."),
        ("words=nine", "Nine vessels"),
        ("words=nine&from=0001-01-01&to=9999-12-31", "Nine vessels"),
    ],
)
def test_a_search_says_what_came_of_it(query: str, said: str) -> None:
    assert said in page(site(), f"/search?{query}").css("main")[0].text()


@pytest.mark.parametrize(
    "query", ["where=there", "kind=x", "source=x", "from=x", "to=2026-13-01", "before=x", f"language={'x' * 36}"]
)
def test_a_search_that_no_form_sends_is_refused(query: str) -> None:
    assert ask(site(), f"/search?words=a&{query}").status_code == 400


def test_a_long_title_is_cut_in_lists_and_stands_whole_beside() -> None:
    views = site()
    views.happened = [change_row(1, title="word " * 60)]
    link = page(views, "/").css("h3 a")[0]
    assert len(link.text()) <= 141
    assert link.attributes["title"] == "word " * 60
