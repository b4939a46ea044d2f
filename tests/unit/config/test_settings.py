"""Settings come from TOML and the environment; a mistake is one sentence that names the key and what to do."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, find_file, load
from config.settings import _EXAMPLES, PREFIX, ChannelSettings, Settings, asked_source
from config.values import seconds
from presswatch.notify.webhook import secret_key

ROOT = Path(__file__).parents[3]
TOKEN = "kX3v-2mQ9_tR7wZpL4bN8cDf"
SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PRESSWATCH_"):
            monkeypatch.delenv(name)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "presswatch.toml"
    path.write_text(text)
    return path


def test_no_file_and_no_environment_give_the_defaults() -> None:
    settings = load()
    assert settings.database == "sqlite:///presswatch.db"
    assert settings.fetch.delay_per_host == 1.0
    assert not settings.fetch.allow_private


def test_the_example_loads_and_names_every_section() -> None:
    settings = load(Path("config/example.toml"))
    assert settings.sources[0].every == timedelta(minutes=15)
    assert settings.channels["desk"].type == "webhook"


def test_the_example_shows_the_defaults() -> None:
    example, defaults = load(Path("config/example.toml")), load()
    for section in ("watch", "pace", "web", "delivery"):
        assert getattr(example, section) == getattr(defaults, section)
    assert example.fetch.model_copy(update={"contact": None}) == defaults.fetch


def test_the_environment_goes_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_FETCH__TIMEOUT", "7")
    monkeypatch.setenv("PRESSWATCH_FETCH__ALLOW_PRIVATE", "true")
    monkeypatch.setenv("PRESSWATCH_CHANNELS__DESK__SECRET", SECRET)
    settings = load(
        file(
            tmp_path,
            "[fetch]\ntimeout = 5\nmax_redirects = 2\n"
            f'[channels.desk]\ntype = "webhook"\nurl = "https://a.example"\nsecret = "{SECRET[::-1][:33]}"',
        )
    )
    assert (settings.fetch.timeout, settings.fetch.max_redirects, settings.fetch.allow_private) == (7, 2, True)
    assert settings.channels["desk"].secret == SECRET


MAIL = '[channels.a]\ntype = "mail"\nhost = "h.example"\nsender = "a@example.org"\n'
MISTAKES = {
    "an unknown key is named with the nearest": (
        "[fetch]\ndelay = 1", 'unknown key "fetch.delay"; did you mean "fetch.delay_per_host"?',
    ),
    "an unknown section is named with the nearest": ("[fetsh]\ntimeout = 1", 'unknown key "fetsh"'),
    "an unknown key of a source": (
        '[[sources]]\nurl = "https://a.example"\nevry = "1h"',
        'unknown key "sources.1.evry"; did you mean "sources.every"?',
    ),
    "a duration in no known form": ('[pace]\nfastest = "soon"', '"soon" is no duration; write it like "90s"'),
    "bounds that leave no gap": (
        '[pace]\nfastest = "8h"\nslowest = "6h"',
        '"fastest" (8:00:00) is longer than "slowest" (6:00:00): lower the one or raise the other',
    ),
    "a bound above another's default": ('[pace]\nfastest = "6h"', 'longer than "slowest_listing" (4:00:00)'),
    "fewer looks than one an hour": ("[pace]\nper_day = 23", "pace.per_day: it must be 24 or more"),
    "a duration of nothing": ('[pace]\nfastest = "0s"', "longer than nothing"),
    "no number": ('[fetch]\ntimeout = "long"', "fetch.timeout"),
    "an unknown zone": ('[[sources]]\nurl = "https://a.example"\ntime_zone = "Brussels"', "no time zone"),
    "a hub that is no web address": (
        '[channels.a]\ntype = "websub"\nurl = "hub"', 'the "url" of a hub is no web address'
    ),
    "a hub that cannot read the feeds": (
        '[channels.a]\ntype = "websub"\nurl = "https://hub.example"', 'needs "url" in [web], where hubs read the feeds'
    ),
    "a hub that would be told a secret": (
        f'web = {{url = "https://a.example", feed_token = "{TOKEN}"}}\nchannels.a = {{type = "websub", url = "https://b.c"}}',
        "a hub would be told feed_token of [web]",
    ),
    "a route to nowhere": ('routes = ["desk"]', 'no channel "desk"; known are: console'),
    "a webhook without url": (f'[channels.a]\ntype = "webhook"\nsecret = "{SECRET}"', 'needs a "url"'),
    "a webhook's url without a host": ('[channels.a]\ntype = "webhook"\nurl = "https://"', "is no web address"),
    "a webhook's secret that is no Base64": (
        '[channels.a]\ntype = "webhook"\nurl = "https://a.example"\nsecret = "hush hush"',
        "channels.a.secret: a webhook secret is whsec_ and Base64; make one: presswatch secret",
    ),
    "a webhook's secret that is too short": (
        '[channels.a]\ntype = "webhook"\nurl = "https://a.example"\nsecret = "whsec_aHVzaA=="',
        "a webhook secret has 24 to 64 bytes, not 4",
    ),
    "a mail without a server": ('[channels.a]\ntype = "mail"', 'type "mail" needs a "host"'),
    "a mail server with a space": (
        '[channels.a]\ntype = "mail"\nhost = "mail server"', '"mail server" is no host; write its name or its address',
    ),
    "a mail to nobody": (
        '[channels.a]\ntype = "mail"\nhost = "h.example"\nsender = "a@example.org"', 'needs "to", a list of addresses',
    ),
    "a mail to no address": (MAIL + 'to = ["desk"]', '"desk" is no mail address; write it like'),
    "a mail from two lines": (MAIL + 'to = ["A\\r\\nBcc: <b@example.org>"]', "is no mail address"),
    "a mail from an encoded word": (MAIL + 'to = ["=?utf-8?q?=0D=0A?= <b@example.org>"]', "is no mail address"),
    "a mail that leaves this machine unencrypted": (
        MAIL + 'to = ["a@example.org"]\nsecurity = "plain"', '"plain" only where the mail server is on this machine',
    ),
    "half a login": (MAIL + 'to = ["a@example.org"]\nusername = "u"', '"username" and "password" go together'),
    "a leave-taking that leads nowhere": (
        MAIL + 'to = ["a@example.org"]\nunsubscribe = "http://a.example>"', "must begin with mailto:",
    ),
    "a key of another type": (
        '[channels.a]\ntype = "file"\npath = "a"\nhost = "h"', 'a channel of type "file" has no "host"',
    ),
    "an address that is none of Apprise's": ('[channels.a]\ntype = "apprise"\nurl = "slack"', "such as slack://"),
    "a channel by a name with a space": ('[channels."a b"]\ntype = "console"', '"a b" is no name of a channel'),
    "a file without a place": ('[channels.a]\ntype = "file"', 'needs a "path"'),
    "a feed token that is short": (
        '[web]\nfeed_token = "guessed"',
        "web.feed_token: a feed token is 20 to 200 letters, digits, - and _; make one: presswatch secret --feeds",
    ),
    "a feed token that is no part of a path": (f'[web]\nfeed_token = "{"a/" * 20}"', "web.feed_token: a feed token is"),
    "pages at no address": ('[web]\nurl = "watch.example"', '"watch.example" is no web address'),
    "a source without a scheme": ('[[sources]]\nurl = "www.example.int"', '"www.example.int" is no web address'),
    "a source that is looked at all the time": (
        '[[sources]]\nurl = "https://a.example"\nevery = "9s"',
        '"every" of https://a.example must be 10 seconds or longer',
    ),
    "a duration beyond any use": ('[pace]\nslowest = "9999999d"', "must not be longer than ten years"),
    "a webhook without secret": ('[channels.a]\ntype = "webhook"\nurl = "https://a.example"', 'needs a "secret"'),
    "no TOML": ("[fetch", "it is no TOML"),
    "less than the least": ("[fetch]\ndelay_per_host = -1", "fetch.delay_per_host: it must be 0 or more"),
    "none of the words": (
        '[channels.a]\ntype = "fax"',
        'channels.a.type: it must be "console", "webhook", "mail", "apprise", "file" or "websub"',
    ),
    "a key that is missing": ('[[sources]]\nname = "A"', "sources.1.url: it is missing"),
    "the second of several": (
        '[[rules]]\ndrop = true\n[[rules]]\ndrop = 5\nname = "b"', "rules.2.drop: it must be true or false",
    ),
    "one pair of brackets for a source": (
        '[sources]\nurl = "https://a.example"',
        "sources: each is a table of its own, below [[sources]] in two pairs of brackets",
    ),
    "one pair of brackets for a rule": ("[rules]\ndrop = true", "rules: each is a table of its own, below [[rules]]"),
    "a value of several sorts": (
        '[[sources]]\nurl = "https://a.example"\n[sources.profile]\ntime_zone = "Mars/X"',
        'sources.1.profile.time_zone: "Mars/X" is no time zone',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, text))
    assert sentence in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value).replace("TOML: ", "")[:200]


def test_a_feed_token_is_never_shown(tmp_path: Path) -> None:
    token = "kX3v-2mQ9_tR7wZpL4bN8cDf"
    assert token not in repr(load(file(tmp_path, f'[web]\nfeed_token = "{token}"')))
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, f'[web]\nfeed_token = "{token} "'))
    assert token not in str(raised.value)


def test_all_mistakes_are_told_at_once_a_line_each(tmp_path: Path) -> None:
    wrong = 'databse = "x"\n[fetch]\ntimeout = "abc"\nmax_bytes = 1.5\n[web]\nport = 99999'
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, wrong))
    lines = str(raised.value).splitlines()
    keys = ["fetch.timeout: ", "fetch.max_bytes: ", "web.port: ", 'unknown key "databse"']
    assert len(lines) == len(keys)
    assert all(key in line for key, line in zip(keys, lines, strict=True))


def test_a_flood_of_mistakes_is_cut_and_counted(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, "".join(f"wrong{n} = 1\n" for n in range(50))))
    assert str(raised.value).splitlines()[-1].endswith("and 30 more mistakes")


@pytest.mark.parametrize(
    "text",
    [
        '[fetch]\nallow_private = "perhaps"\nconcurrency = "x"\ntimeout = nan\nuser_agent = "é"\ncontact = 5',
        "[pace]\nfastest = []\n[web]\nport = -1\nhost = 5\n[delivery]\ntimeout = 61",
        'routes = "console"\nchannels = 5\nsources = 5',
        '[[sources]]\nname = ""\nurl = "https://a.example"\nrender = 5\nroutes = 5\nprofile = 5',
        '[delivery]\ntemplates = 5\n[channels.a]\ntype = "file"\npath = 5',
        '[channels.a]\ntype = "mail"\nhost = 5\nport = "x"\nsecurity = 5\nsender = 5\nto = 5\nusername = "é"',
        "[web]\nurl = 5\nfeed_token = 5\n[health]\nroutes = 5\n[channels]\na = 5",
    ],
)
def test_no_message_is_the_librarys_own(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, text))
    assert not re.search(r"Input should|function-|valid |\[type=", str(raised.value)), str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "ROUTES",
            "console",
            'PRESSWATCH_ROUTES is no JSON, as lists and tables are written there, such as ["console"]',
        ),
        ("CHANNELS", "{", "PRESSWATCH_CHANNELS is no JSON"),
        (
            "CHANNELS__EDITORS__TO",
            "desk@example.org",
            'the environment: PRESSWATCH_CHANNELS__EDITORS__TO: lists are JSON there, such as ["desk@example.org"]',
        ),
        ("FETCH", "fast", "PRESSWATCH_FETCH is no JSON, as lists and tables are written there"),
        ("HEALTH__ROUTES", "console", "health.routes: it must be a list"),
    ],
)
def test_a_variable_that_is_no_json_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"PRESSWATCH_{name}", value)
    with pytest.raises(ConfigError, match=re.escape(sentence)) as raised:
        load()
    assert not re.search(r"Source|parsing", str(raised.value))


def test_what_is_said_of_such_a_variable_would_load(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, example in _EXAMPLES.items():
        monkeypatch.setenv(f"PRESSWATCH_{name.upper()}", example)
    assert load().rules[0].drop


@pytest.mark.parametrize("name", ["FETCH__CONTACT", "FETCH__TIMEOUT", "ROUTES", "WATCH__CONFIRM_AFTER", "MISSPELT"])
def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(PREFIX + name, "")
    assert load() == Settings()


def test_the_settings_load_in_a_container_that_was_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """compose.yaml hands on variables that may be unset, with what it puts in their place."""
    handed = re.findall(r"^ +(PRESSWATCH_\w+): \$\{\1:-(.*)\}$", (ROOT / "compose.yaml").read_text(), re.MULTILINE)
    assert ("PRESSWATCH_FETCH__CONTACT", "") in handed
    for name, value in handed:
        monkeypatch.setenv(name, value)
    assert load() == Settings()


@pytest.mark.parametrize("name", ["PRESSWATCH_DEBUG", "PRESSWATCH_CONFIG"])
def test_what_is_told_to_the_command_is_no_unknown_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    assert load() == Settings()


@pytest.mark.parametrize("secret", ["hush hush", "whsec_aHVzaA==", "whsec_" + "A" * 100, "ключ", "\x00"])
def test_a_wrong_secret_is_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError) as raised:
        ChannelSettings(type="webhook", url="https://a.example", secret=secret)
    assert secret not in str(raised.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_a_mail_server_on_this_machine_may_be_spoken_to_unencrypted(host: str) -> None:
    mail = {"type": "mail", "host": host, "security": "plain", "sender": "a@example.org", "to": ("b@example.org",)}
    assert ChannelSettings.model_validate(mail).mail_port == 25


def test_addresses_and_passwords_of_channels_are_neither_shown_nor_repeated() -> None:
    hidden = {"url": "slack://s3cr3t", "password": "s3cr3t"}
    shown = ChannelSettings(type="apprise", url=hidden["url"])
    assert "s3cr3t" not in repr(shown)
    for values in ({"type": "webhook", "url": "s3cr3t"}, {"type": "apprise", **hidden}, {"type": "mail", **hidden}):
        with pytest.raises(ValueError) as raised:
            ChannelSettings.model_validate(values)
        assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    ("web", "pages"),
    [
        pytest.param({}, "http://127.0.0.1:8420", id="this machine"),
        pytest.param({"url": "https://watch.example.org/"}, "https://watch.example.org", id="where others reach them"),
        pytest.param({"host": "0.0.0.0"}, None, id="nobody knows by which name"),
        pytest.param({"port": 0}, None, id="nobody knows at which port"),
    ],
)
def test_links_lead_to_where_the_pages_are(web: dict[str, object], pages: str | None) -> None:
    assert Settings(web=web).pages == pages


def test_a_secret_is_not_shown_by_settings_that_are() -> None:
    assert SECRET not in repr(ChannelSettings(type="webhook", url="https://a.example", secret=SECRET))


@given(
    st.text(max_size=100)
    | st.text("ABab01+/=-_ ", max_size=100)
    | st.binary(max_size=80).map(lambda key: "whsec_" + base64.b64encode(key).decode())
)
def test_the_settings_take_the_secrets_that_webhooks_sign_with_and_no_others(secret: str) -> None:
    def taken(by: Callable[[], object]) -> bool:
        try:
            by()
        except ValueError:
            return False
        return True

    settings = taken(lambda: ChannelSettings(type="webhook", url="https://a.example", secret=secret))
    assert settings == (bool(secret) and taken(lambda: secret_key(secret)))


def test_newsrooms_of_ones_own_may_be_looked_at_all_the_time() -> None:
    often = {"url": "http://127.0.0.1:8000/", "every": "2s"}
    assert Settings(sources=[often], fetch={"allow_private": True}).sources[0].every == timedelta(seconds=2)


ASKED = {
    "a zone": ({"time_zone": "Foo/Bar"}, 'time-zone: "Foo/Bar" is no time zone'),
    "nothing": ({"every": "0"}, "every: it must be longer than nothing"),
    "too often": ({"every": "9s"}, "must be 10 seconds or longer"),
    "a route": ({"routes": ("desk",)}, 'there is no channel "desk"; known are: console'),
    "an address": ({"url": "ftp://a.example"}, 'url: "ftp://a.example" is no web address'),
}


@pytest.mark.parametrize(("values", "sentence"), ASKED.values(), ids=ASKED.keys())
def test_a_source_that_is_asked_for_keeps_the_rules_of_one_in_the_settings(
    values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        asked_source(Settings(), **{"url": "https://a.example", **values})
    assert sentence in str(raised.value)


def test_a_misspelt_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_FETCH__DELAY", "1")
    with pytest.raises(ConfigError, match="PRESSWATCH_FETCH__DELAY_PER_HOST"):
        load()


def test_a_file_that_was_asked_for_and_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such settings file"):
        find_file(tmp_path / "none.toml")


def test_the_environment_names_the_file_unless_an_option_does(tmp_path: Path) -> None:
    mine = file(tmp_path, "")
    assert find_file(environment={"PRESSWATCH_CONFIG": str(mine)}) == mine
    assert find_file(mine, environment={"PRESSWATCH_CONFIG": "/none.toml"}) == mine
    with pytest.raises(ConfigError, match=r"none.toml: there is no such settings file \(PRESSWATCH_CONFIG\)"):
        find_file(environment={"PRESSWATCH_CONFIG": "none.toml"})


def test_the_file_of_the_working_directory_goes_before_that_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / ".config" / "presswatch" / "presswatch.toml"
    home.parent.mkdir(parents=True)
    home.write_text("")
    monkeypatch.chdir(tmp_path)
    environment = {"HOME": str(tmp_path / "home"), "PRESSWATCH_CONFIG": ""}
    assert find_file(environment=environment) == home
    (tmp_path / "presswatch.toml").write_text("")
    assert find_file(environment=environment) == Path("presswatch.toml")


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        assert seconds(text) >= timedelta()
    except ValueError as error:
        assert "no duration" in str(error)


def test_a_duration_beyond_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no duration that anybody waits for"):
        seconds("99999999999999w")


# --- the budget -------------------------------------------------------------------------------------------------------


def test_a_promise_that_would_eat_half_of_the_budget_is_refused_with_the_arithmetic() -> None:
    settings = Settings(pace={"per_day": 1000})
    with pytest.raises(
        ConfigError, match=r"24 h / 0:02:00 = 720 looks a day .* half of the 1000 of pace.per_day; 0:02:53"
    ):
        asked_source(settings, url="https://a.example/", every="2m")
    assert asked_source(settings, url="https://a.example/", every="3m").every == timedelta(minutes=3)


def test_a_source_s_promise_is_held_against_its_own_budget() -> None:
    with pytest.raises(ValueError, match="of its per_day"):
        Settings(sources=[{"url": "https://a.example/", "every": "15m", "per_day": 100}])


def test_promises_that_eat_the_budget_together_are_refused() -> None:
    sources = [{"url": f"https://{n}.example/", "every": "5m"} for n in range(3)]
    with pytest.raises(ValueError, match="864 looks a day at the least, more than half of the 1000"):
        Settings(sources=sources, pace={"per_day": 1000})


@pytest.mark.parametrize("text", ["5", "90", "2.5"])
def test_a_promise_without_a_unit_is_refused(text: str) -> None:
    with pytest.raises(
        ConfigError, match=f'"{text}" says no unit: write "{text}m" for minutes or "{text}s" for seconds'
    ):
        asked_source(Settings(), url="https://a.example/", every=text)


@pytest.mark.parametrize("text", ["7-22", "07:00-07:00", "07:00-25:00", "always"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="are no hours; write them like"):
        Settings(pace={"hours": text})


@pytest.mark.parametrize(
    ("health", "stuck", "told"),
    [
        pytest.param(None, "desk", ("console", "mail"), id="those of routes without the channel itself"),
        pytest.param(("mail",), "desk", ("mail",), id="those of health where they are named"),
        pytest.param(("desk",), "desk", ("console",), id="the console where nobody else is left"),
        pytest.param(("console",), "console", (), id="nobody where the console itself is all there is"),
        pytest.param((), "desk", (), id="nobody where nobody is to be told of health"),
        pytest.param(None, "fax", ("console", "desk", "mail"), id="of a channel that is no more"),
    ],
)
def test_who_is_told_of_a_stuck_channel(health: tuple[str, ...] | None, stuck: str, told: tuple[str, ...]) -> None:
    channels = {name: {"type": "console"} for name in ("desk", "mail")}
    chosen = Settings(channels=channels, routes=("console", "desk", "mail"), health={"routes": health})
    assert chosen.told_of_outage(stuck) == told
