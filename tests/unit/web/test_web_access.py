"""Who may do what, as tables: the entrance of an installation, and what becomes of a request there."""

from __future__ import annotations

import pytest

from presswatch.web.access import Entrance, Facts, Need, NotGuarded, Verdict, Way, allowed, entrance, need

HERE = "http://127.0.0.1:8420"
AT = {
    "local": Entrance(way=Way.LOCAL, address=HERE),
    "password": Entrance(way=Way.PASSWORD, address="https://watch.example", has_password=True),
    "password and feed token": Entrance(way=Way.PASSWORD, address=HERE, has_password=True, feed_token=True),
    "proxy": Entrance(way=Way.PROXY, address=HERE, user_header="x-user"),
    "proxy and password": Entrance(way=Way.PROXY, address=HERE, user_header="x-user", has_password=True),
    "public": Entrance(way=Way.PUBLIC, address=HERE),
}  # fmt: skip
OK, LOG_IN, NO_TOKEN, NOT_HERE = Verdict.ALLOWED, Verdict.LOG_IN, Verdict.NO_TOKEN, Verdict.NOT_HERE

ASKED = {
    "page": ("GET", "/releases/1"),
    "feed": ("GET", "/feeds/changes.atom"),
    "api": ("GET", "/api/v1/changes"),
    "status": ("GET", "/api/v1/status"),
    "troubles": ("GET", "/api/v1/health"),
    "evidence": ("GET", "/releases/1/revisions/2/evidence/body"),
    "manage": ("GET", "/manage"),
    "change": ("POST", "/manage/sources/1/pause"),
    "mark": ("POST", "/changes/1/mark"),
    "mark by the api": ("PATCH", "/api/v1/changes/1/mark"),
    "health": ("GET", "/health"),
    "login": ("POST", "/login"),
}
EVERYTHING = dict.fromkeys(ASKED, OK)
OF_THE_API = dict.fromkeys(["api", "status", "troubles", "mark by the api"], NO_TOKEN)
READ_BY_TOKEN = {"api": OK, "status": OK, "troubles": OK, "mark by the api": Verdict.READS_ONLY}
NOTHING_BUT = {"health": OK, "login": OK}
BEHIND_A_PASSWORD = {**dict.fromkeys(ASKED, LOG_IN), **OF_THE_API, **NOTHING_BUT}
BEHIND_A_PROXY = {**dict.fromkeys(ASKED, NOT_HERE), **OF_THE_API, **NOTHING_BUT}
READING = {
    **EVERYTHING,
    **dict.fromkeys(["status", "troubles", "evidence", "manage", "change", "mark", "mark by the api"], NOT_HERE),
}

TABLE: list[tuple[str, dict[str, bool], dict[str, Verdict]]] = [
    ("local", {}, EVERYTHING),
    ("password", {}, BEHIND_A_PASSWORD),
    ("password", {"session": True}, EVERYTHING),
    ("password", {"token": True}, {**BEHIND_A_PASSWORD, **READ_BY_TOKEN}),
    ("password", {"token": True, "writes": True}, {**BEHIND_A_PASSWORD, **READ_BY_TOKEN, "mark by the api": OK}),
    ("password", {"user": True}, BEHIND_A_PASSWORD),
    ("password and feed token", {}, {**BEHIND_A_PASSWORD, "feed": OK}),
    ("proxy", {}, BEHIND_A_PROXY),
    ("proxy", {"user": True}, EVERYTHING),
    ("proxy", {"token": True}, {**BEHIND_A_PROXY, **READ_BY_TOKEN}),
    ("proxy and password", {}, BEHIND_A_PASSWORD),
    ("proxy and password", {"session": True}, EVERYTHING),
    ("public", {}, READING),
    ("public", {"session": True, "token": True, "writes": True, "user": True}, READING),
]


@pytest.mark.parametrize(("where", "shown", "expected"), TABLE)
def test_who_may_do_what(where: str, shown: dict[str, bool], expected: dict[str, Verdict]) -> None:
    found = {
        name: allowed(Facts(method=method, path=path, **shown), AT[where]) for name, (method, path) in ASKED.items()
    }
    assert found == expected


@pytest.mark.parametrize("where", AT)
@pytest.mark.parametrize("name", ASKED)
def test_a_name_that_nobody_gave_it_gets_nothing_not_even_with_a_session(where: str, name: str) -> None:
    method, path = ASKED[name]
    facts = Facts(method=method, path=path, host="rebound.example", session=True, token=True, user=True)
    assert allowed(facts, AT[where]) is Verdict.UNKNOWN_HOST


@pytest.mark.parametrize("where", ["local", "password", "proxy"])
@pytest.mark.parametrize(
    "shown",
    [
        {"fetch_site": "cross-site"},
        {"fetch_site": "same-site"},
        {"fetch_site": "cross-site", "origin": HERE},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
@pytest.mark.parametrize("path", ["/manage/add", "/login", "/logout"])
def test_a_form_of_another_page_does_nothing(where: str, shown: dict[str, str], path: str) -> None:
    facts = Facts(method="POST", path=path, host="127.0.0.1:8420", session=True, user=True, **shown)
    assert allowed(facts, AT[where]) is Verdict.FORGED


@pytest.mark.parametrize(
    "shown",
    [
        {"fetch_site": "same-origin"},
        {"fetch_site": "none"},
        {"origin": "http://127.0.0.1:8420"},
        {"origin": "https://watch.example"},
        {},
    ],
    ids=["fetch metadata", "typed in", "the same host", "the address that a proxy stands for", "no browser"],
)
def test_a_form_of_ours_is_taken(shown: dict[str, str]) -> None:
    facts = Facts(method="POST", path="/manage/add", host="127.0.0.1:8420", session=True, **shown)
    assert allowed(facts, AT["password"]) is OK


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW", "get"])
def test_whatever_is_no_reading_needs_an_owner_wherever_it_leads(method: str) -> None:
    assert {need(method, path) for path in ("/", "/nowhere", "/apis", "/feeds/x")} == {Need.OWN}
    assert need(method, "/api/v1/changes") is Need.CHANGE_API


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", Need.READ), ("/nowhere", Need.READ), ("/health/", Need.READ), ("/static/a/b", Need.READ),
        ("/static/style.css", Need.NOTHING), ("/robots.txt", Need.NOTHING), ("/login", Need.NOTHING),
        ("/loginx", Need.READ), ("/manage/", Need.OWN),
        ("/mute/x.y", Need.NOTHING), ("/mute/x/y", Need.READ),
        ("/status", Need.OWN), ("/evidence", Need.OWN), ("/revisions/7/evidence/page", Need.OWN),
        ("/1\n/evidence", Need.OWN),
        ("/api", Need.API), ("/apis", Need.READ), ("/feeds/x/y.atom", Need.FEED), ("/health\n", Need.READ),
    ],
)  # fmt: skip
def test_what_an_address_needs(path: str, expected: Need) -> None:
    assert need("GET", path) is expected


# --- the entrance -----------------------------------------------------------------------------------------------------

LOOPBACK = ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"]
ELSEWHERE = ["0.0.0.0", "::", "192.0.2.7", "2001:db8::1", "fe80::1%eth0", ""]


@pytest.mark.parametrize("bound", LOOPBACK)
def test_on_loopback_nothing_is_asked(bound: str) -> None:
    assert entrance(bound=bound, address=HERE, has_password=False).way is Way.LOCAL


@pytest.mark.parametrize("bound", ELSEWHERE)
def test_beyond_loopback_it_does_not_start_unguarded(bound: str) -> None:
    with pytest.raises(NotGuarded, match="presswatch password"):
        entrance(bound=bound, address=HERE, has_password=False)


@pytest.mark.parametrize("bound", [*LOOPBACK, *ELSEWHERE])
@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"has_password": True}, Way.PASSWORD),
        ({"has_password": False, "user_header": "X-User", "trusted_proxies": ("10.0.0.0/8",)}, Way.PROXY),
        ({"has_password": True, "user_header": "X-User", "trusted_proxies": ("10.0.0.0/8",)}, Way.PROXY),
        ({"has_password": False, "public": True}, Way.PUBLIC),
    ],
)
def test_a_way_in_that_was_chosen_holds_everywhere(bound: str, given: dict[str, object], way: Way) -> None:
    assert entrance(bound=bound, address=HERE, **given).way is way  # type: ignore[arg-type]


def test_the_name_of_the_address_and_those_of_the_settings_are_known() -> None:
    at = entrance(bound="127.0.0.1", address="https://Watch.Example:8443/x", has_password=False, hosts=("desk.lan",))
    assert at.names == {"watch.example", "desk.lan"}
