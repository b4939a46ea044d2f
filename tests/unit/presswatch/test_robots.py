"""What a host allows, hour by hour and day by day, whatever becomes of its robots.txt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from presswatch.robots import Robots
from presswatch.threads import Threads
from scraper.fetch import Fetcher, FetchSettings
from scraper.model import Failure
from storage import Storage, open_storage

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BASE = "https://harbour.example.int"
PUBLIC, PRIVATE = f"{BASE}/news/a", f"{BASE}/private/b"
RULES = "User-agent: *\nDisallow: /private\nCrawl-delay: 3\nSitemap: /map.xml\n"


@dataclass
class Host:
    """A server whose robots.txt does as it is told, and a clock."""

    storage: Storage
    threads: Threads
    now: datetime = START
    answer: httpx.Response | Exception = field(default_factory=lambda: httpx.Response(200, text=RULES))
    asked: list[datetime] = field(default_factory=list)
    robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process: it knows what is stored and nothing else."""
        fetcher = Fetcher(FetchSettings(), clock=lambda: self.now, transport=httpx.MockTransport(self.handle))
        self.robots = Robots(storage=self.storage, fetcher=fetcher, clock=lambda: self.now, run=self.threads)

    def handle(self, _request: httpx.Request) -> httpx.Response:
        self.asked.append(self.now)
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(self.answer.status_code, headers=self.answer.headers, content=self.answer.content)

    async def allows(self, url: str, at: timedelta) -> bool:
        """Whether a page may be asked for so long after the start; looked at each hour until then."""
        while self.now < START + at:
            self.now = min(self.now + HOUR, START + at)
            refused = await self.robots.refusal(url)
        return refused is None


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    threads = Threads(1)
    with open_storage(f"sqlite:///{tmp_path}/x.db") as storage:
        yield Host(storage, threads)
        threads.close()


ERROR = httpx.Response(503, text="later")
NONE = httpx.Response(404)
BUSY = httpx.Response(429)
DOWN = httpx.ConnectError("refused")

TABLE = {
    "one failure throws no rules away": (RULES, ERROR, 25 * HOUR, True, False),
    "nor does one of the whole host": (RULES, DOWN, 25 * HOUR, True, False),
    "nor one that says too many requests": (RULES, BUSY, 25 * HOUR + 2 * MINUTE, True, False),
    "the last rules count for a week": (RULES, ERROR, 7 * DAY - MINUTE, True, False),
    "after a week nothing is allowed": (RULES, ERROR, 7 * DAY + MINUTE, False, False),
    "a file that was not there is remembered for a week, too": (None, ERROR, 7 * DAY - MINUTE, True, True),
    "and then nothing is allowed either": (None, ERROR, 8 * DAY, False, False),
    "after 30 days the last rules are the best guess": (RULES, ERROR, 31 * DAY + HOUR, True, False),
    "and stay so": (RULES, ERROR, 33 * DAY, True, False),
}


@pytest.mark.parametrize(("before", "then", "after", "public", "private"), TABLE.values(), ids=TABLE.keys())
async def test_a_host_whose_robots_txt_fails_later(
    host: Host, before: str | None, then: httpx.Response | Exception, after: timedelta, public: bool, private: bool
) -> None:
    host.answer = httpx.Response(200, text=before) if before else NONE
    assert await host.robots.refusal(PUBLIC) is None
    host.answer = then
    assert await host.allows(PUBLIC, after) is public
    host.restart()
    assert (await host.robots.refusal(PUBLIC) is None) is public
    assert (await host.robots.refusal(PRIVATE) is None) is private


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_a_clock_that_was_ahead_knew_of_a_robots_txt_is_asked_for_anew(host: Host, restarted: bool) -> None:
    """Else what could not be had then would forbid everything until that time has come."""
    host.answer, host.now = BUSY, START + 365 * DAY
    assert await host.robots.refusal(PUBLIC) is not None
    host.answer, host.now = NONE, START
    if restarted:
        host.restart()
    assert await host.robots.refusal(PUBLIC) is None
    host.answer, host.now = httpx.Response(200, text=RULES), START - DAY
    assert await host.robots.refusal(PRIVATE) is not None


@pytest.mark.parametrize("answer", [ERROR, BUSY, DOWN], ids=["503", "429", "no answer"])
async def test_a_robots_txt_that_was_never_had_forbids_everything_for_30_days(
    host: Host, answer: httpx.Response | Exception
) -> None:
    host.answer = answer
    assert await host.robots.refusal(PUBLIC) is not None
    assert not await host.allows(PUBLIC, 30 * DAY - HOUR)
    host.restart()
    for days in (30, 31, 60):
        await host.allows(PUBLIC, days * DAY)
        host.now = host.asked[-1] + HOUR
        await host.robots.refusal(PUBLIC)
        host.now += 2 * MINUTE  # one who is asked too often is left alone for a minute
        assert await host.robots.refusal(PUBLIC) is None, "giving up does not flip back"
    host.answer = httpx.Response(200, text=RULES)
    await host.allows(PUBLIC, 61 * DAY)
    assert await host.robots.refusal(PRIVATE) is not None


async def test_the_30_days_begin_with_the_first_failure_and_not_with_the_last_success(host: Host) -> None:
    host.answer = httpx.Response(200, text="User-agent: *\nDisallow: /\n")
    assert await host.robots.refusal(PUBLIC) is not None
    host.now, host.answer = START + 40 * DAY, ERROR
    refused = await host.robots.refusal(PUBLIC)
    assert refused is not None
    assert refused.detail == "robots.txt of harbour.example.int answers 503, which forbids everything"


async def test_a_success_between_two_failures_begins_the_count_anew(host: Host) -> None:
    host.answer = ERROR
    assert not await host.allows(PUBLIC, 20 * DAY)
    host.answer = httpx.Response(200, text=RULES)
    assert await host.allows(PUBLIC, 21 * DAY)
    host.answer = ERROR
    assert not await host.allows(PUBLIC, 40 * DAY)


async def test_it_is_asked_for_once_a_day_and_once_an_hour_while_it_fails(host: Host) -> None:
    await host.allows(PUBLIC, 2 * DAY)
    assert len(host.asked) == 2
    host.answer = ERROR
    await host.allows(PUBLIC, 3 * DAY)
    host.asked.clear()
    await host.allows(PUBLIC, 4 * DAY)
    assert len(host.asked) == 24


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        pytest.param(httpx.Response(429, headers={"retry-after": "600"}), 10 * MINUTE, id="429 and a time"),
        pytest.param(httpx.Response(429), MINUTE, id="429 alone"),
        pytest.param(httpx.Response(503, headers={"retry-after": "600"}), 10 * MINUTE, id="503 and a time"),
    ],
)
async def test_a_host_that_is_asked_too_often_is_left_alone_first(
    host: Host, answer: httpx.Response, pause: timedelta
) -> None:
    assert await host.robots.refusal(PUBLIC) is None
    host.now, host.answer = START + DAY, answer
    refused = await host.robots.refusal(PUBLIC)
    assert refused is not None
    assert (refused.failure, refused.retry_after or MINUTE) == (Failure.THROTTLED, pause)
    host.now += pause / 2
    refused = await host.robots.refusal(PUBLIC)
    assert refused is not None
    assert refused.retry_after == pause / 2
    host.restart()
    assert await host.robots.refusal(PUBLIC) == refused, "the next process leaves it alone as well"
    host.now += pause / 2
    assert await host.robots.refusal(PUBLIC) is None
    assert len(host.asked) == 2


async def test_rules_that_are_kept_go_on_telling_delay_and_sitemaps(host: Host) -> None:
    assert (await host.robots.delay(PUBLIC), await host.robots.sitemaps(PUBLIC)) == (3.0, (f"{BASE}/map.xml",))
    host.now, host.answer = START + DAY, ERROR
    assert (await host.robots.delay(PUBLIC), await host.robots.sitemaps(PUBLIC)) == (3.0, (f"{BASE}/map.xml",))


async def test_what_breaks_inside_refuses_the_page_and_raises_nothing(host: Host) -> None:
    host.storage.close()
    broken = "https://[harbour/x"
    assert await host.robots.refusal(broken) is not None
    assert await host.robots.delay(broken) == 0
    assert await host.robots.sitemaps(broken) == ()


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        (ERROR, Failure.ROBOTS, "robots.txt of harbour.example.int answers 503, which forbids everything"),
        (DOWN, Failure.CONNECT, "refused"),
    ],
    ids=["503", "no answer"],
)
async def test_why_a_robots_txt_failed_is_told_by_the_next_process_too(
    host: Host, answer: httpx.Response | Exception, failure: Failure, said: str
) -> None:
    host.answer = answer
    told = await host.robots.refusal(PUBLIC)
    host.now += MINUTE
    host.restart()
    again = await host.robots.refusal(PUBLIC)
    assert told is not None
    assert again is not None
    assert (again.failure, again.detail) == (told.failure, told.detail)
    assert again.failure is failure
    assert said in again.detail
    assert len(host.asked) == 1
    host.now += HOUR
    host.answer = httpx.Response(200, text=RULES)
    host.restart()
    assert await host.robots.refusal(PUBLIC) is None
    kept = host.storage.robots("harbour.example.int")
    assert kept is not None
    assert kept.failed is None


async def test_rules_that_were_had_are_asked_of_the_database_once_a_day(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    stored = host.storage.robots
    monkeypatch.setattr(host.storage, "robots", lambda name: asked.append(name) or stored(name))  # type: ignore[func-returns-value]
    for _ in range(3):
        assert await host.robots.refusal(PUBLIC) is None
        assert await host.robots.delay(PUBLIC) == 3
    assert len(asked) == 1
    host.now += 25 * HOUR
    host.answer = ERROR
    for _ in range(3):
        assert await host.robots.refusal(PUBLIC) is None
    assert len(asked) == 4, "what could not be had is another process's to have found"


async def test_rules_of_very_many_hosts_are_not_all_kept_in_mind(host: Host) -> None:
    for number in range(1_100):
        await host.robots.refusal(f"https://h{number}.example.int/")
    assert len(host.robots._fresh) == 1_000
    host.answer = httpx.Response(200, text=RULES + "#" * 30_000)
    await host.robots.refusal(PUBLIC)
    assert "harbour.example.int" not in host.robots._fresh


async def test_who_waits_for_an_answer_has_what_failed_before_asked_for_again_once(host: Host) -> None:
    """``presswatch add`` after the server was started, or the setting was mended: not an hour later."""
    host.answer = DOWN
    refused = await host.robots.refusal(PUBLIC)
    assert refused is not None
    host.now += MINUTE
    host.restart()
    again = await host.robots.refusal(PUBLIC)
    assert again is not None, "an ordinary look leaves the host alone"
    host.robots.anew = host.now
    assert await host.robots.refusal(PUBLIC) is not None
    assert await host.robots.refusal(PUBLIC) is not None
    assert len(host.asked) == 2
    host.now += MINUTE
    host.answer = httpx.Response(200, text=RULES)
    host.restart()
    host.robots.anew = host.now
    assert await host.robots.refusal(PUBLIC) is None


async def test_a_host_that_asks_to_be_left_alone_is_not_asked_for_its_robots_txt_either(host: Host) -> None:
    host.answer = httpx.Response(429, headers={"retry-after": "7200"})
    assert await host.robots.refusal(PUBLIC) is not None
    for _ in range(2):
        host.now += 59 * MINUTE
        host.robots.anew = host.now
        refused = await host.robots.refusal(PUBLIC)
        assert refused is not None
        assert refused.failure is Failure.THROTTLED
        host.restart()
    assert host.asked == [START]
    host.now = START + 2 * HOUR
    assert await host.robots.refusal(PUBLIC) is not None
    assert host.asked == [START, host.now]


@pytest.mark.parametrize("answer", [httpx.Response(200, text=RULES), BUSY, DOWN], ids=["200", "429", "no answer"])
async def test_a_robots_txt_of_the_future_is_asked_for_anew(host: Host, answer: httpx.Response | Exception) -> None:
    """The clock was set back: what is said to be kept since then must not count until then."""
    host.now, host.answer = START + 400 * DAY, answer
    await host.robots.refusal(PUBLIC)
    host.now, host.answer = START, httpx.Response(200, text=RULES)
    for _ in range(2):
        assert await host.robots.refusal(PUBLIC) is None
        host.restart()
    assert len(host.asked) == 2
