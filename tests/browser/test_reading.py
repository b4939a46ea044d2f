"""The pages of a release, a source and health in a real Chromium: by keyboard, by slider, by axe's rules."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from web_views import NOW, FakeViews, change_row, release_row, text

from presswatch.web import create_app
from scraper.fetch.render import find_browser, missing
from scraper.model import Fetched, HealthKind, Kind, Role
from storage import Failing, HealthRow

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(missing() is not None, reason=str(missing()))]

EVIL = "</title><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
EVIDENCE = (
    "<title>As it was</title><script>document.title='pwned'</script><body onload=\"document.title='pwned'\">"
    "<meta http-equiv=refresh content='0;url=/nowhere'><img src=/static/icon.svg><link rel=stylesheet "
    "href=/static/style.css><iframe src=/status></iframe><form action=/nowhere><button>Go</button></form>"
)
PAGES = [
    "/",
    "/releases/1",
    "/releases/1/diff?from=1&to=3",
    "/releases/1/diff?from=1&to=3&view=side",
    "/releases/1/revisions/2",
    "/releases/1/revisions/3/evidence",
    "/releases/2",
    "/releases/2/diff?view=side",
    "/sources",
    "/sources/1",
    "/status",
    "/search",
    "/search?words=million",
    "/search?words=-x",
    "/nowhere",
]


def views() -> FakeViews:
    """A release with two edits, one in Arabic, and one of everything that may be wrong; whatever is scraped attacks."""
    body = [f"The harbour has {number} berths for ships of every size and flag." for number in range(12)]
    first = text(*body, EVIL, title=EVIL)
    second = replace(first, blocks=(*first.blocks[1:4], first.blocks[0], *first.blocks[4:]))
    third = text(*body[1:4], body[0], *body[4:11], body[11].replace("11 berths", "14 berths"), EVIL, title=EVIL)
    arabic = ["وافق المجلس يوم الاثنين على الرصيف الجديد الذي سيكلف نحو 1856 تاجا.", "ستضاء المنارة القديمة."]
    found = FakeViews(
        names=("Northern Harbour Alliance", EVIL),
        rows={
            1: release_row(1, current=3, revisions=3, title=EVIL),
            2: release_row(2, current=2, revisions=2, title=arabic[1]),
        },
        texts={
            (1, 1): first, (1, 2): second, (1, 3): third,
            (2, 1): text(*arabic, language="ar"),
            (2, 2): text(arabic[0].replace("1856", "1956"), arabic[1], language="ar"),
        },
        happened=[
            change_row(1, kind=Kind.EDITED, not_after=NOW - timedelta(hours=9), not_before=None, title=EVIL),
            change_row(2, revision_from=2, revision_to=3, title=EVIL, reason=EVIL),
            change_row(3, release_id=2),
        ],
        channels=(EVIL,),
        listed=("https://harbour.example/feed.xml", EVIL),
    )  # fmt: skip
    found.answers[1, 3] = Fetched(
        url="https://harbour.example/", final_url="https://harbour.example/", status=200,
        headers=(("content-type", "text/html"), ("x-note", EVIL)), body=EVIDENCE.encode(), started_at=NOW,
        finished_at=NOW,
    )  # fmt: skip
    found.failing = (
        Failing(page_id=1, source=EVIL, role=Role.LISTING, url=EVIL, since=NOW, error=EVIL, failures=4,
                next_poll_at=NOW),
    )  # fmt: skip
    found.troubles = tuple(
        HealthRow(id=n, source_id=1, source=EVIL, kind=HealthKind.FAILING, subject=EVIL, began_at=NOW, ended_at=ended,
                  detail=EVIL, advice=EVIL)
        for n, ended in enumerate((None, NOW), start=1)
    )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    config = uvicorn.Config(create_app(views(), now=lambda: NOW), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page of the browser, and what it complained about."""

    def __init__(self, chromium: object, **options: object) -> None:
        self.context = chromium.new_context(**options)  # type: ignore[attr-defined]
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        # What a policy refuses is no request that finishes.
        self.page.on("requestfinished", lambda request: self.asked.append(request.url))


@pytest.fixture
def visit(chromium: object) -> Iterator[Visit]:
    made = Visit(chromium)
    yield made
    made.context.close()


def axe() -> str:
    path = os.environ.get("AXE_CORE")
    if not path:
        pytest.skip("AXE_CORE names no axe.min.js (npm install axe-core); .ci/run sees to it")
    return Path(path).read_text()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    site: str, chromium: object, width: int, scheme: str
) -> None:
    rules = axe()
    made = Visit(chromium, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    for path in PAGES:
        made.page.goto(site + path)
        made.page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        made.page.evaluate(rules)
        found = made.page.evaluate("() => axe.run()")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == [], path
        assert made.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, path
    made.context.close()


def test_pages_complain_of_nothing_execute_nothing_and_ask_only_here(site: str, visit: Visit) -> None:
    for path in PAGES[:-1]:
        visit.page.goto(site + path)
        assert visit.page.title() != "pwned", path
    assert visit.said == []
    assert all(url.startswith(site) for url in visit.asked)


def test_keys_go_from_change_to_change_and_leave_fields_alone(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/releases/1/diff?from=1&to=3")
    focused = "() => document.activeElement.id"
    assert visit.page.locator(".keys").is_visible()
    for key, expected in (("n", "c1"), ("n", "c2"), ("n", "c2"), ("p", "c1"), ("p", "c1")):
        visit.page.keyboard.press(key)
        assert visit.page.evaluate(focused) == expected
    visit.page.focus("#view")
    visit.page.keyboard.press("n")
    assert visit.page.evaluate(focused) == "view"


def test_slider_shows_another_version_in_the_place_of_the_text(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/releases/1")
    assert visit.page.locator(".which").inner_text().startswith("Revision 3 of 3, as it stands")
    visit.page.focus("#versions")
    visit.page.keyboard.press("Home")
    visit.page.wait_for_function("() => document.querySelector('.which').innerText.startsWith('Revision 1 of 3')")
    assert "11 berths" in visit.page.locator(".version .text").inner_text()
    assert visit.page.get_attribute("#versions", "aria-valuetext") == "Revision 1"
    assert visit.page.evaluate("() => document.activeElement.id") == "versions"
    assert visit.said == []


def test_without_a_script_everything_can_be_read(site: str, chromium: object) -> None:
    made = Visit(chromium, java_script_enabled=False)
    made.page.goto(f"{site}/releases/1")
    assert not made.page.locator("#versions").is_visible()
    made.page.click("text=Revision 2 >> nth=0")
    assert made.page.url.endswith("/releases/1/revisions/2")
    made.page.goto(f"{site}/releases/1/diff?from=2&to=3")
    assert made.page.locator("del >> text=11").first.is_visible()
    assert not made.page.locator(".keys").is_visible()
    made.context.close()


def test_evidence_runs_loads_and_sends_nothing(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/releases/1/revisions/3/evidence/page")
    visit.page.click("text=Go")
    visit.page.wait_for_timeout(300)
    assert visit.page.title() == "As it was"
    assert visit.page.url == f"{site}/releases/1/revisions/3/evidence/page"
    assert [url.removeprefix(site) for url in visit.asked if "favicon" not in url] == [
        "/releases/1/revisions/3/evidence/page"
    ]


def test_a_diff_on_paper_is_told_without_colour(site: str, visit: Visit) -> None:
    visit.page.goto(f"{site}/releases/1/diff?from=1&to=3")
    visit.page.emulate_media(media="print")
    looks = "(each) => { const s = getComputedStyle(each); return [s.color, s.textDecorationLine]; }"
    assert visit.page.locator(".diff ins").first.evaluate(looks) == ["rgb(0, 0, 0)", "underline"]
    assert visit.page.locator(".diff del").first.evaluate(looks) == ["rgb(0, 0, 0)", "line-through"]
    assert not visit.page.locator("form.filter").is_visible()
