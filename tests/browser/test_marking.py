"""The stream in a real Chromium: marks without a new page, keys, filters, and all of it without scripts."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from storage_room import NOON, Room, entry

from presswatch.desk import Desk
from presswatch.web import create_app
from presswatch.web.access import Entrance, Way
from presswatch.web.door import Door
from scraper.fetch.render import find_browser, missing
from scraper.model import Kind
from storage import MarkRow, open_storage

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(missing() is not None, reason=str(missing()))]

EVIL = "</title><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
PAGES = ["/", "/?mark=starred", "/?kind=edited", "/?words=-x", "/?words=nowhere", "/releases/1", "/releases/1/diff"]


@dataclass
class Place:
    """Where the pages are served, and what they are over."""

    url: str
    room: Room


@dataclass
class Visit:
    """A page of the browser, and what it complained about."""

    page: Any
    said: list[str] = field(default_factory=list)

    def focused(self) -> str:
        return str(self.page.evaluate("() => document.activeElement.id"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Five changes, the last of which is change 6; change 3 has a note that attacks and change 2 is noise."""
    with open_storage(f"sqlite:///{tmp_path}/desk.db") as storage:
        room = Room(storage=storage)
        room.watch()
        room.list(entry("one"), entry("two"))
        for n, name in enumerate(("one", "two", "one", "one", "one", "two")):
            kinds = [Kind.NEW] if n < 2 else [Kind.SILENTLY_EDITED if n % 2 else Kind.EDITED]
            room.read(f"https://news.example/{name}", f"The pier is open to {12 - n} ships.", EVIL, kinds=kinds)
            room.later(hours=7)
        storage.mark(3, starred=True, note=EVIL, by="ada", now=NOON)
        storage.mark(2, noise=True, now=NOON)
        storage.save_search("Edits <b>of</b> piers", "kind=edited", now=NOON)
        site = create_app(storage, now=lambda: room.now, desk=Desk(storage))
        door = Door(site, at=Entrance(way=Way.LOCAL, address=""), keys=storage, now=lambda: room.now)
        server = uvicorn.Server(uvicorn.Config(door, port=0, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Place(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", room)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, place: Place) -> Iterator[Visit]:
    context = chromium.new_context(reduced_motion="reduce")
    made = Visit(context.new_page())
    made.page.on("console", lambda message: made.said.append(message.text))
    made.page.on("pageerror", lambda error: made.said.append(str(error)))
    made.page.goto(place.url)
    yield made
    context.close()


def eventually(visit: Visit, selector: str) -> None:
    visit.page.wait_for_selector(selector, state="attached", timeout=60_000)


def test_keys_move_the_focus_from_change_to_change_and_open_one(visit: Visit) -> None:
    for key, expected in (("j", "change-6"), ("j", "change-5"), ("k", "change-6"), ("k", "change-6")):
        visit.page.keyboard.press(key)
        assert visit.focused() == expected
    assert visit.page.locator("#change-6").get_attribute("aria-labelledby") == "title-6"
    visit.page.keyboard.press("o")
    visit.page.wait_for_url("**/releases/2")
    assert visit.said == []


@pytest.mark.parametrize(("key", "name"), [("e", "reviewed"), ("s", "starred"), ("n", "noise")])
def test_a_key_marks_the_change_without_a_new_page_and_once_more_unmarks_it(
    visit: Visit, place: Place, key: str, name: str
) -> None:
    visit.page.evaluate("() => { window.same = true; }")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press(key)
    eventually(visit, f"#change-6.is-{name} button[name={name}][aria-pressed=true]")
    assert getattr(place.room.storage.marks([6])[6], name)
    assert visit.page.locator("#told").inner_text() == f"Marked as {name}."
    visit.page.keyboard.press(key)
    eventually(visit, f"#change-6:not(.is-{name}) button[name={name}][aria-pressed=false]")
    assert place.room.storage.marks([6]) == {}
    assert visit.page.evaluate("() => window.same")
    assert visit.focused() == "change-6"
    assert visit.said == []


def test_a_mark_that_did_not_arrive_is_not_set_on_the_next_change(visit: Visit, place: Place) -> None:
    sent: list[str] = []

    def lose(route: Any) -> None:
        sent.append(route.request.post_data)
        route.abort("aborted")

    visit.page.route("**/changes/6/mark", lose)
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("n")
    # Once by the script, and once by the form itself: the page stays where it was all the same.
    deadline = time.monotonic() + 30
    while len(sent) < 2 and time.monotonic() < deadline:
        visit.page.wait_for_timeout(50)
    assert ["noise=true" in each for each in sent] == [True, True]
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("s")
    eventually(visit, "#change-5.is-starred")
    assert place.room.storage.marks([5, 6]) == {5: MarkRow(starred=True)}


def test_keys_do_nothing_in_a_field_or_together_with_another_key(visit: Visit, place: Place) -> None:
    visit.page.keyboard.press("/")
    assert visit.focused() == "words"
    visit.page.keyboard.type("jokes?")
    assert visit.page.input_value("#words") == "jokes?"
    visit.page.evaluate("() => document.activeElement.blur()")
    visit.page.keyboard.press("j")
    for chord in ("Control+e", "Alt+e", "Meta+s"):
        visit.page.keyboard.press(chord)
    visit.page.locator("#change-6 summary").click()
    visit.page.locator("#change-6 textarea").focus()
    visit.page.keyboard.type("see?")
    assert visit.page.input_value("#change-6 textarea") == "see?"
    assert place.room.storage.marks([6]) == {}


def test_help_shows_the_keys_and_gives_the_focus_back(visit: Visit) -> None:
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("?")
    assert visit.page.locator("dialog#keys").is_visible()
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("Escape")
    assert not visit.page.locator("dialog#keys").is_visible()
    assert visit.focused() == "change-6"


def test_u_shows_what_is_unread(visit: Visit) -> None:
    visit.page.keyboard.press("u")
    visit.page.wait_for_url("**/?mark=unread")
    assert visit.page.locator("article.change").count() == 5


def test_a_mark_that_can_not_be_set_is_told_by_a_page(visit: Visit) -> None:
    visit.page.eval_on_selector("#marking [name=token]", "(each) => { each.value = 'old'; }")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("e")
    visit.page.wait_for_selector("text=Nothing was done")


def test_without_a_script_marks_notes_filters_and_searches_work(chromium: Any, place: Place) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(place.url)
    page.click("#change-6 button[name=starred]")
    assert page.url.endswith("/#change-6")
    assert page.get_attribute("#change-6 button[name=starred]", "aria-pressed") == "true"
    page.click("#change-6 summary")
    page.fill("#change-6 textarea", "Ask the harbour master.")
    page.click("#change-6 .noting button")
    assert page.inner_text("#change-6 .said p >> nth=0") == "Ask the harbour master."
    page.select_option("#mark", "starred")
    page.click("button:text-is('Show')")
    assert page.locator("article.change").count() == 2
    page.fill("#name", "Stars")
    page.click("button:text-is('Keep')")
    assert page.inner_text("h1") == "Stars"
    page.click("button:text-is('Delete')")
    assert page.inner_text("h1") == "Changes"
    assert not page.locator(".keys").is_visible()
    context.close()


def test_what_is_scraped_or_noted_executes_nothing(visit: Visit, place: Place) -> None:
    for path in PAGES:
        visit.page.goto(place.url + path)
        assert visit.page.title() != "pwned", path
    assert [each for each in visit.said if "400" not in each] == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (390, "light"), (1440, "dark"), (1440, "light")])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    chromium: Any, place: Place, width: int, scheme: str
) -> None:
    path = os.environ.get("AXE_CORE")
    if not path:
        pytest.skip("AXE_CORE names no axe.min.js (npm install axe-core); .ci/run sees to it")
    rules = Path(path).read_text()
    size = {"width": width, "height": 900}
    context = chromium.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    for each in PAGES:
        page.goto(place.url + each)
        page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        page.evaluate(rules)
        found = page.evaluate("() => axe.run()")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], each
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, each
    page.goto(place.url)
    page.keyboard.press("?")
    page.evaluate(rules)
    assert page.evaluate("() => axe.run()")["violations"] == []
    context.close()
