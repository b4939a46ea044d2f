"""The loop as a whole: politeness, identity, evidence, and what breaks without breaking anything else."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from newsroom import Newsroom, utc
from simulation import simulated

from presswatch import daemon
from presswatch import poll_release as poll_module
from scraper.judge import digest
from scraper.model import Failure, Listing, ListingKind, Source, State
from storage import DatabaseBusy

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def harbour(pages: int = 5, **fields: object) -> Newsroom:
    newsroom = Newsroom(**fields)  # type: ignore[arg-type]  # by name
    for n in range(pages):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * DAY)
    return newsroom


def asked(newsroom: Newsroom, prefix: str) -> list[str]:
    return [path for path, _, _ in newsroom.requests if path.startswith(prefix)]


async def test_what_robots_txt_forbids_is_not_asked_for_and_is_said(tmp_path: Path) -> None:
    newsroom = harbour(robots="User-agent: *\nDisallow: /2026/\n")
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        assert asked(newsroom, "/2026") == []
        failing = world.app.storage.status(world.clock.now).failing
        assert len(failing) == 5
        assert "robots.txt of harbour.example.int forbids" in (failing[0].error or "")


async def test_a_robots_txt_that_cannot_be_had_forbids_everything(tmp_path: Path) -> None:
    newsroom = harbour()
    whole = newsroom._answer
    newsroom._answer = lambda path: (503, {}, b"") if path == "/robots.txt" else whole(path)  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 12 * HOUR)
        assert {path for path, _, _ in newsroom.requests} == {"/robots.txt"}
        assert len(newsroom.requests) <= 13, "it is asked for again once an hour"


async def test_a_crawl_delay_goes_over_the_own_delay(tmp_path: Path) -> None:
    newsroom = harbour(robots="User-agent: *\nCrawl-delay: 30\n")
    times: list[object] = []
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        newsroom.before_answer = lambda path: times.append((world.clock.now, path))
        await world.watch(newsroom.base)
        await world.until(START + timedelta(minutes=10))
        visits = [at for at, path in times if path != "/robots.txt"]  # type: ignore[misc]
        gaps = [later - earlier for earlier, later in pairwise(visits)]
        assert min(gaps) >= timedelta(seconds=30)


async def test_the_pause_that_a_host_asks_for_is_kept_over_a_restart_in_the_middle_of_its_first_page(
    tmp_path: Path,
) -> None:
    newsroom = harbour(robots="User-agent: *\nCrawl-delay: 60\n")
    under_way, times = asyncio.Event(), []

    async def hang(request: httpx.Request) -> httpx.Response:
        status, headers, body = newsroom.answer(request.url.path, dict(request.headers))
        if request.url.path != "/robots.txt":
            under_way.set()
            await asyncio.Event().wait()
        return httpx.Response(status, headers=headers, content=body)

    async with simulated(httpx.MockTransport(hang), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.app.watch.tick()
        await under_way.wait()
    async with simulated(newsroom.transport(), start=START + timedelta(seconds=2), folder=tmp_path) as world:
        newsroom.before_answer = lambda path: times.append(world.clock.now)
        await world.round()
    assert times[0] == START + timedelta(seconds=60)


@pytest.mark.parametrize(("delay", "tried"), [(30, True), (60, False)], ids=["a pause", "longer than the lease bears"])
async def test_the_other_addresses_of_a_release_are_tried_as_slowly_as_robots_txt_asks(
    tmp_path: Path, delay: int, tried: bool
) -> None:
    newsroom = harbour(1, robots=f"User-agent: *\nCrawl-delay: {delay}\n")
    page = newsroom.pages["/2026/02/r-0"]
    times: list[tuple[datetime, str]] = []
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        page.moved_to = "/moved"
        await world.until(START + 3 * DAY)
        page.moved_to, page.status, page.listed = None, 404, False
        newsroom.before_answer = lambda path: times.append((world.clock.now, path))
        await world.until(START + 5 * DAY)
    visits = [(at, path) for at, path in times if path != "/robots.txt"]
    assert min(later - earlier for (earlier, _), (later, _) in pairwise(visits)) >= timedelta(seconds=delay)
    assert ({path for _, path in visits} > {"/moved", page.path}) is tried


async def test_another_address_of_a_release_that_says_429_silences_the_host(tmp_path: Path) -> None:
    newsroom = harbour(1)
    page = newsroom.pages["/2026/02/r-0"]
    earlier = {page.path, "/moved"}
    original, throttled = newsroom._answer, False

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return (429, {"retry-after": "7200"}, b"") if throttled and path in earlier else original(path)

    newsroom._answer = answer  # type: ignore[method-assign]
    times: list[tuple[datetime, str]] = []
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for day, moved in ((3, "/moved"), (5, "/moved/again")):
            page.moved_to = moved
            await world.until(START + day * DAY)
        page.moved_to, page.status, page.listed, throttled = None, 404, False, True
        newsroom.before_answer = lambda path: times.append((world.clock.now, path))
        await world.until(START + 7 * DAY)
    visits = [(at, path) for at, path in times if path != "/robots.txt"]
    after = [later - at for (at, path), (later, _) in pairwise(visits) if path in earlier]
    assert after
    assert min(after) >= 2 * HOUR


async def test_a_429_silences_the_whole_host_for_as_long_as_it_asks_and_over_a_restart(tmp_path: Path) -> None:
    newsroom = harbour()
    original = newsroom._answer
    throttled = False

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return (429, {"retry-after": "7200"}, b"") if throttled and path != "/robots.txt" else original(path)

    newsroom._answer = answer  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        throttled = True
        await world.until(START + 10 * HOUR)
        before = len([1 for _, _, status in newsroom.requests if status == 429])
        assert 1 <= before <= 6
        paused_at = world.clock.now
    async with simulated(newsroom.transport(), start=paused_at, folder=tmp_path) as world:
        asked_before = len(newsroom.requests)
        await world.round()
        assert len(newsroom.requests) - asked_before <= 1


async def test_a_host_that_asks_to_be_left_alone_while_the_database_is_busy_is_left_alone_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise DatabaseBusy("somebody else is at it")

    newsroom = harbour()
    own = newsroom._answer
    newsroom._answer = lambda path: (  # type: ignore[method-assign]
        (429, {"retry-after": "7200"}, b"") if path == "/feed.xml" else own(path)
    )
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        monkeypatch.setattr(world.app.storage, "leave_alone", busy)
        await world.watch(newsroom.base)
        await world.until(START + 2 * HOUR)
    assert len(asked(newsroom, "/feed.xml")) == 1


async def test_the_same_release_under_two_addresses_is_one(tmp_path: Path) -> None:
    """Aliases with the same text, other spellings of one address, and a canonical link that says so."""
    newsroom = harbour(1)
    page = newsroom.pages["/2026/02/r-0"]
    newsroom.pages["/alias/r-0"] = page
    feed = newsroom.feed
    base = newsroom.base.replace("https://", "http://www.")
    extra = "".join(
        f"<item><title>Again</title><link>{url}</link></item>"
        for url in (f"{newsroom.base}/alias/r-0", f"{base}/2026/02/r-0?utm_source=rss", f"{newsroom.base}/2026/02/r-0/")
    )
    newsroom.feed = lambda: feed().replace("</channel>", f"{extra}</channel>")  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        (release,) = world.app.storage.releases()
        assert release.revisions == 1
        assert len(world.app.storage.addresses(release.id)) == 2
        page.version += 1
        await world.until(START + 3 * DAY)
        assert world.kinds() == [("silently-edited", "/2026/02/r-0")]


async def test_a_release_that_moves_without_a_redirect_is_moved_whichever_is_noticed_first(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for path in ("/2026/02/r-0", "/2026/02/r-1"):
            old = newsroom.pages.pop(path)
            old.path = path.replace("/02/", "/archive/")
            newsroom.pages[old.path] = old
        await world.until(START + 6 * DAY)
        assert sorted(world.kinds()) == [("moved", "/2026/archive/r-0"), ("moved", "/2026/archive/r-1")]
        newsroom.pages["/2026/archive/r-0"].version += 1
        await world.until(START + 12 * DAY)
        assert world.kinds()[-1] == ("silently-edited", "/2026/archive/r-0")
        (row,) = [row for row in world.app.storage.releases() if row.url.endswith("/2026/archive/r-0")]
        assert [r.number for r in world.app.storage.revisions(row.id)] == [1, 2]


async def test_the_evidence_of_a_revision_is_what_the_server_sent(tmp_path: Path) -> None:
    newsroom = harbour(1)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        for day in range(1, 4):
            newsroom.pages["/2026/02/r-0"].version += 1
            await world.until(START + 3 * day * DAY)
        (release,) = world.app.storage.releases()
        for number in range(1, 5):
            evidence = world.app.storage.evidence(release.id, number)
            assert evidence is not None
            assert f"in version {number - 1} of the plan" in evidence.body.decode()
            assert evidence.header("content-type") == "text/html; charset=utf-8"


async def test_a_better_reader_is_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a new recipe stored evidence is read again: an unchanged page stays unchanged, an edit is still seen."""
    newsroom = harbour(2)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        for module in ("scraper.judge.again", "scraper.judge.telling", "presswatch.look", "presswatch.poll_release"):
            monkeypatch.setattr(import_module(module), "RECIPE", 2)
        monkeypatch.setattr(import_module("presswatch.look"), "digest", lambda release: digest(release, 2))
        newsroom.pages["/2026/02/r-1"].version += 1
        await world.until(START + 4 * DAY)
        assert world.kinds() == [("silently-edited", "/2026/02/r-1")]
        for release in world.app.storage.releases():
            assert {row.recipe for row in world.app.storage.revisions(release.id)} <= {1, 2}
            assert world.app.storage.revisions(release.id)[-1].recipe == 2


async def test_a_page_that_breaks_the_reader_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = harbour(5)
    read = poll_module.look

    def look(answer: object, **more: object) -> object:
        if getattr(answer, "url", "").endswith("r-2"):
            raise RecursionError("too deep")
        return read(answer, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(poll_module, "look", look)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 6 * HOUR)
        states = Counter(row.state.value for row in world.app.storage.releases(states=list(State)))
        assert states == {"live": 4, "pending": 1}
        (failing,) = world.app.storage.status(world.clock.now).failing
        assert "RecursionError" in (failing.error or "")
        assert len(asked(newsroom, "/2026/02/r-2")) < 40, "it is tried again with back-off"


async def test_a_listing_that_is_empty_or_gone_is_said_and_withdraws_nothing(tmp_path: Path) -> None:
    newsroom = harbour(4)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for page in newsroom.pages.values():
            page.listed = False
        await world.until(START + 4 * DAY)
        assert world.kinds() == []
        (failing,) = world.app.storage.status(world.clock.now).failing
        assert "leads to no releases any more" in (failing.error or "")


@pytest.mark.long
async def test_a_whole_newsroom_at_new_addresses_floods_nobody(tmp_path: Path) -> None:
    """Every address of the listing changes at once: each release is moved, and none is new."""
    newsroom = harbour(20)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for path in list(newsroom.pages):
            old = newsroom.pages.pop(path)
            old.path = path.replace("/2026/02/", "/en/news/")
            newsroom.pages[old.path] = old
        await world.until(START + 10 * DAY)
        assert Counter(kind for kind, _ in world.kinds()) == {"moved": 20}


async def test_addresses_that_change_on_every_look_are_refused(tmp_path: Path) -> None:
    newsroom = harbour(15)
    looks = 0
    feed = newsroom.feed

    def churning() -> str:
        nonlocal looks
        looks += 1
        return feed().replace("/2026/02/r-", f"/2026/02/r-{looks}-") if looks > 1 else feed()

    newsroom.feed = churning  # type: ignore[method-assign]
    newsroom.validators = False
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 3 * DAY)
        assert world.kinds() == []
        (failing,) = world.app.storage.status(world.clock.now).failing
        assert "change on every look" in (failing.error or "")


async def test_a_withdrawal_is_told_though_every_other_look_meets_a_check_for_robots(tmp_path: Path) -> None:
    newsroom = harbour(1, validators=False)
    challenge = b"<title>Just a moment...</title><h1>Checking your browser</h1><form class='cf-challenge'></form>"
    html = {"content-type": "text/html"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        whole, looks = newsroom._answer, 0

        def answer(path: str) -> tuple[int, dict[str, str], bytes]:
            nonlocal looks
            if path != "/2026/02/r-0":
                return whole(path)
            looks += 1
            return (404, html, b"<h1>Not found</h1>") if looks % 2 else (200, html, challenge)

        newsroom._answer = answer  # type: ignore[method-assign]
        await world.until(START + 3 * DAY)
        assert world.kinds() == [("withdrawn", "/2026/02/r-0")]
        assert looks < 40, "what stays away is looked at at its ordinary pace"


async def test_after_a_clock_that_was_ahead_by_a_year_looks_and_deliveries_go_on(tmp_path: Path) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START + 365 * DAY, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 366 * DAY)
        newsroom.add("/2026/03/new", "Brand new", START)
        await world.app.watch.round(everything=True)
    newsroom.requests.clear()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.round()
        assert {path for path, _, _ in newsroom.requests} >= {"/feed.xml", "/2026/02/r-0", "/2026/02/r-2"}
        assert world.app.storage.outbox_counts()["pending"] == 0


async def test_a_daemon_goes_on_when_its_clock_is_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = harbour(3)
    async with simulated(newsroom.transport(), start=START + 365 * DAY, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.round()
        monkeypatch.setattr(daemon, "_WATCHDOG", 0)
        monkeypatch.setattr(daemon, "time", SimpleNamespace(time=lambda: world.clock().timestamp(), monotonic=float))
        watchdog = asyncio.create_task(daemon._mind_the_clock(world.app, AsyncIOScheduler()))
        await asyncio.sleep(0)
        world.clock.now = START
        async with asyncio.timeout(60):
            while (due := world.app.storage.next_due_at(START)) is None or due > START:
                await asyncio.sleep(0)
        watchdog.cancel()


async def test_the_whole_loop_runs_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    newsroom = harbour(5)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, database=postgresql) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        newsroom.pages["/2026/02/r-0"].version += 1
        newsroom.pages["/2026/02/r-1"].status = 410
        await world.until(START + 3 * DAY)
        assert sorted(world.kinds()) == [("silently-edited", "/2026/02/r-0"), ("withdrawn", "/2026/02/r-1")]
        assert len(world.console.getvalue().splitlines()) == 2


async def test_no_failure_is_called_by_a_name_outside_the_list(tmp_path: Path) -> None:
    """The log of polls has a closed vocabulary."""
    newsroom = harbour(4)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        for page, status in zip(newsroom.pages.values(), (500, 403, 404, 200), strict=True):
            page.status = status
        await world.until(START + DAY)
        words = {poll.outcome for poll in world.app.storage.polls(limit=10_000)}
        assert words <= {"seen", "changed", "unmodified", "missing"} | {failure.value for failure in Failure}


async def test_a_release_that_moved_and_whose_old_address_leads_home_is_moved(tmp_path: Path) -> None:
    newsroom = harbour(3)
    whole = newsroom._answer

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/":
            return 200, {"content-type": "text/html"}, b"<html><h1>Harbour</h1><p>Welcome.</p></html>"
        return (302, {"location": f"{newsroom.base}/"}, b"") if gone and path == "/2026/02/r-0" else whole(path)

    gone = False
    newsroom._answer = answer  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        old = newsroom.pages.pop("/2026/02/r-0")
        old.path = "/archive/r-0"
        newsroom.pages[old.path] = old
        gone = True
        await world.until(START + 5 * DAY)
        assert world.kinds() == [("moved", "/archive/r-0")]
        old.version += 1
        await world.until(START + 9 * DAY)
        assert world.kinds()[1:] == [("silently-edited", "/archive/r-0")]


async def test_after_days_without_a_look_a_feed_of_new_releases_is_news(tmp_path: Path) -> None:
    newsroom = harbour(12)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
    newsroom.pages.clear()
    for n in range(12):
        newsroom.add(f"/2026/03/n-{n}", f"Newer release {n}", START + timedelta(days=2, hours=n))
    async with simulated(newsroom.transport(), start=START + 4 * DAY, folder=tmp_path) as world:
        await world.until(START + 5 * DAY)
        assert Counter(kind for kind, path in world.kinds() if path.startswith("/2026/03")) == {"new": 12}


async def test_one_address_for_all_pages_as_their_canonical_merges_nothing(tmp_path: Path) -> None:
    newsroom = harbour(5)
    newsroom.canonical = "/press-releases"
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        assert len(world.app.storage.releases()) == 5
        newsroom.add("/2026/03/new", "Something new", world.clock.now)
        await world.until(START + 2 * DAY)
        assert world.kinds() == [("new", "/2026/03/new")]


@pytest.mark.long
async def test_what_breaks_the_product_itself_comes_back_with_back_off_and_counts_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = harbour(4)

    def decide(found: object, known: object, *more: object) -> object:
        if getattr(known, "url", "").endswith("r-2"):
            raise ZeroDivisionError("a defect")
        return real(found, known, *more)  # type: ignore[arg-type]

    real = poll_module.decide
    monkeypatch.setattr(poll_module, "decide", decide)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.app.watch.round()
        assert world.app.watch.tally.failed_first == 1
        await world.until(START + 12 * HOUR)
        assert len(asked(newsroom, "/2026/02/r-2")) < 60
        (failing,) = world.app.storage.status(world.clock.now).failing
        assert "ZeroDivisionError" in (failing.error or "")


async def test_one_round_of_everything_looks_at_every_page_of_a_host(tmp_path: Path) -> None:
    newsroom = harbour(26)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        newsroom.requests.clear()
        world.clock.now += timedelta(minutes=1)
        await world.app.watch.round(everything=True)
        assert len(set(asked(newsroom, "/2026"))) == 26


async def test_a_page_that_redirects_to_https_is_asked_there_conditionally(tmp_path: Path) -> None:
    newsroom = harbour(1)
    feed = newsroom.feed
    newsroom.feed = lambda: feed().replace("https://harbour", "http://harbour")  # type: ignore[method-assign]
    plain: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            plain.append(request.url.path)
            return httpx.Response(301, headers={"location": str(request.url.copy_with(scheme="https"))})
        status, headers, body = newsroom.answer(request.url.path, dict(request.headers))
        return httpx.Response(status, headers=headers, content=body)

    async with simulated(httpx.MockTransport(handle), start=START, folder=tmp_path) as world:
        await world.watch(newsroom.base)
        await world.until(START + 20 * HOUR)
        assert world.kinds() == []
        assert plain.count("/2026/02/r-0") <= 2
        statuses = [status for path, _, status in newsroom.requests if path == "/2026/02/r-0"]
        assert statuses[:2] == [200, 200]
        assert set(statuses[2:]) == {304}


async def test_the_first_releases_of_a_new_months_sitemap_are_news(tmp_path: Path) -> None:
    newsroom = harbour(3)
    whole = newsroom._answer
    months = ["2026-02"]

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        xml = {"content-type": "application/xml"}
        schema = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        if path == "/index.xml":
            children = "".join(f"<sitemap><loc>{newsroom.base}/{month}.xml</loc></sitemap>" for month in months)
            return 200, xml, f"<sitemapindex {schema}>{children}</sitemapindex>".encode()
        month = path.strip("/").removesuffix(".xml")
        if month in months:
            pages = [page for page in newsroom.pages.values() if f"{page.published:%Y-%m}" == month]
            rows = "".join(
                f"<url><loc>{newsroom.base}{page.path}</loc><lastmod>{page.published.isoformat()}</lastmod></url>"
                for page in pages
            )
            return 200, xml, f"<urlset {schema}>{rows}</urlset>".encode()
        return whole(path)

    newsroom._answer = answer  # type: ignore[method-assign]
    newsroom.pages["/2026/02/r-0"].published -= DAY
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        source = Source(name="Harbour", home=f"{newsroom.base}/")
        listing = Listing(url=f"{newsroom.base}/index.xml", kind=ListingKind.SITEMAP)
        world.app.storage.add_source(source, listings=[listing], now=START)
        await world.until(START + DAY)
        assert world.kinds() == []
        months.append("2026-03")
        newsroom.add("/2026/03/first", "The first of March", world.clock.now)
        await world.until(START + 3 * DAY)
        assert world.kinds() == [("new", "/2026/03/first")]
