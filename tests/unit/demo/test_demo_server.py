"""The demo as real servers on loopback."""

from __future__ import annotations

import http.client
import socket
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from presswatch.demo import DURATION, SCRIPT, Demo, Newsroom, alliance, ministry, railway

STARTED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = STARTED

    def __call__(self) -> datetime:
        return self.at

    def to(self, seconds: float) -> None:
        self.at = STARTED + timedelta(seconds=seconds)


def get(url: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]  # the connection is closed before a test reads it
    connection.close()
    return answer


def body(answer: http.client.HTTPResponse) -> bytes:
    found: bytes = answer.body  # type: ignore[attr-defined]  # see get
    return found


def test_each_newsroom_listens_on_its_own_loopback_port() -> None:
    with Demo() as demo:
        assert set(demo.urls) == set(Newsroom)
        assert len({urlsplit(url).port for url in demo.urls.values()}) == 3
        assert {urlsplit(url).hostname for url in demo.urls.values()} == {"127.0.0.1"}
        assert [source.home for source in demo.sources()] == [
            demo.urls[Newsroom.ALLIANCE] + alliance.LISTING,
            demo.urls[Newsroom.MINISTRY] + "/",
            demo.urls[Newsroom.RAILWAY] + "/",
        ]
        for source in demo.sources():
            assert get(source.home, urlsplit(source.home).path).status == 200


def test_stopping_frees_the_ports_and_leaves_no_thread() -> None:
    before = threading.active_count()
    demo = Demo()
    demo.start()
    ports = [urlsplit(url).port for url in demo.urls.values()]
    demo.stop()
    demo.stop()
    assert demo.urls == {}
    assert threading.active_count() <= before
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port or 0)) != 0


def test_taken_port_is_an_error_that_leaves_nothing_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        demo = Demo(ports=(0, 0, taken.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            demo.start()
        assert demo.urls == {}


def test_unchanged_page_is_answered_with_304_by_either_validator() -> None:
    with Demo(now=Clock()) as demo:
        url = demo.urls[Newsroom.ALLIANCE]
        first = get(url, alliance.PATROLS)
        by_tag = get(url, alliance.PATROLS, If_None_Match=first.headers["ETag"])
        by_time = get(url, alliance.PATROLS, If_Modified_Since=first.headers["Last-Modified"])
        assert [by_tag.status, by_time.status] == [304, 304]
        assert body(by_tag) == b""
        assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_changed_page_is_answered_in_full() -> None:
    clock = Clock()
    with Demo(now=clock) as demo:
        url = demo.urls[Newsroom.ALLIANCE]
        first = get(url, alliance.PATROLS)
        clock.to(15)
        validators = {"If_None_Match": first.headers["ETag"], "If_Modified_Since": first.headers["Last-Modified"]}
        second = get(url, alliance.PATROLS, **validators)
        assert second.status == 200
        assert b"nine vessels" in body(second)
        assert get(url, alliance.PATROLS, If_Modified_Since=first.headers["Last-Modified"]).status == 200


@pytest.mark.parametrize("value", ["", "yesterday", "Mon, 99 Foo 2026 25:61:61 GMT"])
def test_unreadable_condition_is_ignored(value: str) -> None:
    with Demo(now=Clock()) as demo:
        assert get(demo.urls[Newsroom.ALLIANCE], alliance.PATROLS, If_Modified_Since=value).status == 200


def test_glitch_is_given_to_one_request_only() -> None:
    clock = Clock()
    with Demo(now=clock) as demo:
        clock.to(6)
        statuses = [get(demo.urls[Newsroom.ALLIANCE], alliance.CHARTS).status for _ in range(3)]
    assert statuses == [500, 200, 200]


def test_rotating_page_differs_on_each_load() -> None:
    with Demo(now=Clock()) as demo:
        assert len({body(get(demo.urls[Newsroom.RAILWAY], railway.TICKETS)) for _ in range(3)}) == 3


def test_links_of_feed_and_sitemap_name_the_server_itself() -> None:
    with Demo() as demo:
        feed = body(get(demo.urls[Newsroom.MINISTRY], ministry.FEED)).decode()
        sitemap = body(get(demo.urls[Newsroom.RAILWAY], railway.SITEMAP)).decode()
        assert f"<link>{demo.urls[Newsroom.MINISTRY]}{ministry.DYKES}</link>" in feed
        assert f"<loc>{demo.urls[Newsroom.RAILWAY]}{railway.BRIDGE}</loc>" in sitemap


def test_query_is_ignored_and_head_has_no_body() -> None:
    with Demo() as demo:
        netloc = urlsplit(demo.urls[Newsroom.ALLIANCE]).netloc
        connection = http.client.HTTPConnection(netloc, timeout=60)
        for method in ("HEAD", "GET"):
            connection.request(method, alliance.PATROLS + "?selectedLocale=en")
            answer = connection.getresponse()
            assert answer.status == 200
            assert bool(answer.read()) is (method == "GET")
        connection.close()


def test_hurried_script_never_dates_anything_into_the_future() -> None:
    clock = Clock()
    with Demo(now=clock, scale=10) as demo:
        for event in SCRIPT:
            clock.to(event.at.total_seconds() / 10)
            assert demo.elapsed == event.at
            answer = get(demo.urls[event.newsroom], event.to or event.path)
            modified = answer.headers["Last-Modified"]
            if modified:
                stamp = datetime.strptime(modified, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
                assert stamp <= clock.at
        assert demo.elapsed == DURATION
