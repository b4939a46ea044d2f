"""Settings come from TOML and the environment; a mistake is one sentence that names the key and what to do."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, find_file, load
from config.settings import seconds


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
    monkeypatch.setenv("PRESSWATCH_CHANNELS__DESK__SECRET", "whsec_fromtheenvironment")
    settings = load(
        file(
            tmp_path,
            "[fetch]\ntimeout = 5\nmax_redirects = 2\n"
            '[channels.desk]\ntype = "webhook"\nurl = "https://a.example"\nsecret = "x"',
        )
    )
    assert (settings.fetch.timeout, settings.fetch.max_redirects, settings.fetch.allow_private) == (7, 2, True)
    assert settings.channels["desk"].secret == "whsec_fromtheenvironment"


MISTAKES = {
    "an unknown key is named with the nearest": (
        "[fetch]\ndelay = 1", 'unknown key "fetch.delay"; did you mean "fetch.delay_per_host"?',
    ),
    "an unknown section is named with the nearest": ("[fetsh]\ntimeout = 1", 'unknown key "fetsh"'),
    "an unknown key of a source": (
        '[[sources]]\nurl = "https://a.example"\nevry = "1h"',
        'unknown key "sources.0.evry"; did you mean "sources.every"?',
    ),
    "a duration in no known form": ('[pace]\nfastest = "soon"', '"soon" is no duration; write it like "90s"'),
    "a duration of nothing": ('[pace]\nfastest = "0s"', "longer than nothing"),
    "no number": ('[fetch]\ntimeout = "long"', "fetch.timeout"),
    "an unknown zone": ('[[sources]]\nurl = "https://a.example"\ntime_zone = "Brussels"', "no time zone"),
    "a route to nowhere": ('routes = ["desk"]', 'no channel "desk"; known are: console'),
    "a webhook without url": ('[channels.a]\ntype = "webhook"\nsecret = "x"', 'needs a "url"'),
    "a webhook without secret": ('[channels.a]\ntype = "webhook"\nurl = "https://a.example"', 'needs a "secret"'),
    "no TOML": ("[fetch", "it is no TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(file(tmp_path, text))
    assert sentence in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value).replace("TOML: ", "")[:200]


def test_a_misspelt_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_FETCH__DELAY", "1")
    with pytest.raises(ConfigError, match="PRESSWATCH_FETCH__DELAY_PER_HOST"):
        load()


def test_a_file_that_was_asked_for_and_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such settings file"):
        find_file(tmp_path / "none.toml")


def test_the_file_of_the_working_directory_goes_before_that_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / ".config" / "presswatch" / "presswatch.toml"
    home.parent.mkdir(parents=True)
    home.write_text("")
    monkeypatch.chdir(tmp_path)
    environment = {"HOME": str(tmp_path / "home")}
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
