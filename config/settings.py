"""Settings and sources, from TOML and the environment over it, as frozen values.

With its sections' modules, what knows pydantic. Mistakes are a :class:`ConfigError` that names each key, the file and
what to do.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.channels import ChannelName, ChannelSettings
from config.mistakes import all_mistakes, nearest, plainly
from config.pace import PaceSettings, PerDay, looks, must_leave_room
from config.rules import RuleSettings
from config.times import Zone
from config.values import Address, Duration, HostName, Network, Section, Token
from scraper.model import Profile

__all__ = [
    "ChannelSettings", "ConfigError", "DeliverySettings", "FetchSettings", "HealthSettings", "PaceSettings", "Settings",
    "SourceSettings", "WatchSettings", "WebSettings", "asked_source", "find_file", "load", "profile_of",
]  # fmt: skip

PREFIX = "PRESSWATCH_"
FILE_NAME = "presswatch.toml"
_FASTEST = timedelta(seconds=10)


class ConfigError(ValueError):
    """The configuration can't be used; the message says what, where and what to do."""


class FetchSettings(Section):
    """How pages are asked for."""

    user_agent: str = Field(default="presswatch/0.1", min_length=3, pattern=r"^[\x20-\x7e]+$")
    contact: str | None = Field(default=None, pattern=r"^[\x20-\x7e]+$")
    """A URL or mail address at which the operator of a newsroom reaches you; sent in the User-Agent."""
    delay_per_host: float = Field(default=1.0, ge=0, le=3600)
    """Seconds between two requests to one host; a longer Crawl-delay in robots.txt goes over it."""
    timeout: float = Field(default=20.0, gt=0, le=600)
    """Seconds for one request as a whole, redirects included."""
    concurrency: int = Field(default=20, ge=1, le=1000)
    """Hosts that are visited at the same time."""
    max_bytes: int = Field(default=10_000_000, ge=10_000)
    """A larger answer is refused, decoded or not."""
    max_redirects: int = Field(default=5, ge=0, le=20)
    allow_private: bool = False
    """Permits loopback and private addresses."""
    chromium: str | None = None
    """Path of the browser that renders pages; else the system's."""


class WatchSettings(Section):
    """How releases are watched."""

    confirm_after: Duration = timedelta(minutes=10)
    """How soon a withdrawal, or a look that seems degraded, is looked at again."""
    first_visit: int = Field(default=100, ge=1, le=100_000)
    """The newest releases that are read at the first visit of a listing; older ones are only remembered."""
    full_fetch: Duration = timedelta(hours=24)
    """A release is fetched whole at least so often: a 304 alone is not trusted for ever."""


class WebSettings(Section):
    """The pages and the feeds."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    """0 takes any free port."""
    url: Address | None = None
    """By which others reach the pages; the links in notifications and feeds begin with it."""
    feed_token: Token | None = Field(default=None, repr=False)
    """Without it in their address, feeds are not there."""
    hosts: tuple[HostName, ...] = ()
    """Names by which the pages are asked for, beside that of ``url``, addresses and localhost; others are refused."""
    public: bool = False
    """Anybody may read, nobody may change anything, whatever the address."""
    proxy_user_header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,100}$")
    """In which a proxy that asks for passwords says who asks."""
    trusted_proxies: tuple[Network, ...] = ()
    """Only from these the header counts, and what they say of the client's address and scheme."""

    @model_validator(mode="after")
    def _is_one_way_in(self) -> WebSettings:
        if self.proxy_user_header and not self.trusted_proxies:
            raise ValueError(
                "proxy_user_header needs trusted_proxies, the addresses of the proxy: anybody else can send a header"
            )
        if self.proxy_user_header and self.public:
            raise ValueError("public and proxy_user_header exclude each other: leave one of them out")
        return self


class DeliverySettings(Section):
    """How notifications leave."""

    timeout: float = Field(default=15.0, gt=0, le=60)
    """Seconds that a channel has to take a notification."""
    templates: Path | None = None
    """A folder with templates of your own."""
    most_per_hour: int = Field(default=250, ge=0, le=100_000)
    """Messages of one source to one channel; what is more is told by one summary. 0: as many as there are."""


class HealthSettings(Section):
    """What is wrong with sources and channels, rather than what happened to releases."""

    routes: tuple[str, ...] | None = None
    """Channels that are told; without it those of the source, and of a channel those of ``routes``."""


class ProfileSettings(Section):
    """What you know of a newsroom's pages; goes over what is read and learned. CSS selectors but for the last two."""

    title: str = ""
    body: str = ""
    """The elements that hold the text."""
    drop: str = ""
    """Elements that are no part of it."""
    published: str = ""
    updated: str = ""
    date_format: str = ""
    """How both dates are written, as for Python's ``strptime``."""
    time_zone: Zone | Literal[""] = ""


class SourceSettings(Section):
    """A newsroom to watch."""

    url: Address
    name: str | None = Field(default=None, min_length=1, max_length=200)
    every: Duration | None = None
    """A promise: its listings are never looked at later than so long after the last look."""
    per_day: PerDay | None = None
    """Looks a day at this newsroom, a hard limit; without it only ``pace.per_day`` counts."""
    time_zone: Zone = "UTC"
    language: str | None = None
    routes: tuple[str, ...] | None = None
    render: Literal["auto", "never", "always"] = "auto"
    """Whether its pages are rendered by a browser: where the plain page leads to no release, never, or always."""
    profile: ProfileSettings = ProfileSettings()

    @field_validator("every", mode="before")
    @classmethod
    def _has_a_unit(cls, value: object) -> object:
        """A bare number was meant as minutes as often as not."""
        text = str(value).strip()
        if isinstance(value, str | int | float) and re.fullmatch(r"\d*[1-9]\d*(?:\.\d+)?", text):
            raise ValueError(f'"{text}" says no unit: write "{text}m" for minutes or "{text}s" for seconds')
        return value


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", case_sensitive=False,
        env_ignore_empty=True,
    )  # fmt: skip

    database: str = "sqlite:///presswatch.db"
    routes: tuple[str, ...] = ("console",)
    """Channels that are told of a source's changes unless the source names its own."""
    fetch: FetchSettings = FetchSettings()
    watch: WatchSettings = WatchSettings()
    pace: PaceSettings = PaceSettings()
    web: WebSettings = WebSettings()
    delivery: DeliverySettings = DeliverySettings()
    health: HealthSettings = HealthSettings()
    channels: dict[ChannelName, ChannelSettings] = Field(default_factory=dict)
    sources: tuple[SourceSettings, ...] = ()
    rules: tuple[RuleSettings, ...] = ()

    @property
    def pages(self) -> str | None:
        """The address that links to the pages begin with; None where nobody knows one."""
        if self.web.url:
            return self.web.url.rstrip("/")
        here = self.web.host in ("localhost", "127.0.0.1") and self.web.port
        return f"http://{self.web.host}:{self.web.port}" if here else None

    @property
    def hubs(self) -> tuple[str, ...]:
        """The hubs that feeds name, and that are told of what is new in them."""
        return tuple(each.url for each in self.channels.values() if each.type == "websub" and each.url)

    @model_validator(mode="after")
    def _hubs_reach_the_feeds(self) -> Settings:
        if self.hubs and not self.web.url:
            raise ValueError('a channel of type "websub" needs "url" in [web], where hubs read the feeds')
        if self.hubs and self.web.feed_token:
            raise ValueError('a hub would be told feed_token of [web]: leave that out, or the channel of type "websub"')
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Settings:
        self._lead((*self.routes, *(self.health.routes or ())))
        self._lead(route for rule in self.rules for route in rule.routes or ())
        return self

    @model_validator(mode="after")
    def _sources_are_acceptable(self) -> Settings:
        for source in self.sources:
            self.accept(source)
        for what in ("url", "name"):
            values = [value for source in self.sources if (value := getattr(source, what))]
            for value in values:
                if values.count(value) > 1:
                    raise ValueError(f'two sources have the {what} "{value}"')
        self._promises_are_kept()
        return self

    def routes_of(self, own: tuple[str, ...] | None) -> tuple[str, ...]:
        """The channels that are told of a source: its own, where it has any, else those of all."""
        return self.routes if own is None else own

    def told_of_health(self, own: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The channels that are told what is wrong with a source; ``own`` are its routes, where it has any."""
        return self.routes_of(own) if self.health.routes is None else self.health.routes

    def told_of_outage(self, channel: str) -> tuple[str, ...]:
        """The channels that are told that this one is stuck: those of health without it, else the console."""
        told = self.told_of_health()
        others = tuple(each for each in dict.fromkeys(told) if each != channel)
        return others if others or not told or channel == "console" else ("console",)

    def _promises_are_kept(self) -> None:
        promised = sum(looks(source.every) for source in self.sources if source.every)
        if self.pace.per_day and promised > self.pace.per_day / 2:
            raise ValueError(
                f'the sources\' "every" ask for {promised:.0f} looks a day at the least, more than half of the '
                f"{self.pace.per_day} of pace.per_day, which leaves too few for all else: promise less or raise it"
            )

    def accept(self, source: SourceSettings) -> None:
        """Hold a source against the other settings.

        Newsrooms of one's own (``fetch.allow_private``) may be looked at as often as one likes.

        Raises:
            ValueError: it is looked at too often, or one of its routes leads nowhere.
        """
        self._lead(source.routes or ())
        if source.every and source.every < _FASTEST and not self.fetch.allow_private:
            raise ValueError(f'"every" of {source.url} must be 10 seconds or longer: a newsroom is looked at politely')
        if source.every and (budget := source.per_day or self.pace.per_day):
            whose = "its per_day" if source.per_day else "pace.per_day"
            must_leave_room(source.every, budget, who=source.url, whose=whose)

    def _lead(self, routes: Iterable[str]) -> None:
        unknown = [route for route in dict.fromkeys(routes) if route not in self.known_channels]
        if unknown:
            raise ValueError("; ".join(_no_channel(route, self.known_channels) for route in unknown))

    @property
    def known_channels(self) -> frozenset[str]:
        """The names of all channels; the console is always there."""
        return frozenset({"console", *self.channels})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes over the file, which comes in as the keyword arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def _no_channel(route: str, known: Collection[str]) -> str:
    close = nearest(route, known)
    hint = f'; did you mean "{close}"? Known' if close else "; known"
    return f'there is no channel "{route}"{hint} are: {", ".join(sorted(known))}'


def profile_of(source: SourceSettings) -> Profile:
    """What the settings say of a source's pages."""
    return Profile(**source.profile.model_dump())


def find_file(explicit: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Path | None:
    """The settings file: the one asked for, by argument or PRESSWATCH_CONFIG, else ./presswatch.toml, else the user's.

    Raises:
        ConfigError: the one asked for is not there.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(_FILE_VARIABLE)
    if explicit or named:
        asked = explicit or Path(named or "")
        if not asked.is_file():
            what = "it is a folder, and no settings file" if asked.is_dir() else "there is no such settings file"
            raise ConfigError(f"{asked}: {what}{'' if explicit else f' ({_FILE_VARIABLE})'}")
        return asked
    base = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    places = Path(FILE_NAME), Path(base) / "presswatch" / FILE_NAME
    return next((place for place in places if place.is_file()), None)


def load(file: Path | None = None) -> Settings:
    """The settings of a file (``find_file`` tells which) and of the environment.

    Raises:
        ConfigError: the file can't be read, a key is unknown or a value is wrong.
    """
    values = _read(file) if file else {}
    _refuse_unknown_environment(os.environ)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise ConfigError(all_mistakes(error.errors(), where=_where(file), known=_keys(Settings))) from None
    except ValueError as error:
        raise ConfigError(f"the environment: {_no_json(str(error))}") from None


def _no_json(said: str) -> str:
    """What is wrong where a variable is no JSON; ``said`` by pydantic-settings, which names the key and no value."""
    key = re.search(r'field "(\w+)"', said)
    lists = [name for name, field in ChannelSettings.model_fields.items() if isinstance(field.default, tuple)]
    inner = re.compile(rf"{PREFIX}CHANNELS__\w+__(?:{'|'.join(lists)})", re.IGNORECASE)
    if key and key[1] == "channels" and (named := sorted(filter(inner.fullmatch, os.environ))):
        return f'{" and ".join(named)}: lists are JSON there, such as ["desk@example.org"]'
    variable = f"{PREFIX}{key[1].upper()}" if key else "a variable"
    example = _EXAMPLES.get(key[1]) if key else None
    return f"{variable} is no JSON, as lists and tables are written there{f', such as {example}' if example else ''}"


def asked_source(settings: Settings, **values: object) -> SourceSettings:
    """A source that was asked for by arguments, held to the same rules as one of the settings.

    Raises:
        ConfigError: one of them is wrong; the message names it.
    """
    try:
        source = SourceSettings.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{str(first['loc'][0]).replace('_', '-')}: {plainly(first)}") from None
    try:
        settings.accept(source)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    return source


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: it can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: it is no TOML: {error}") from None


def _where(file: Path | None) -> str:
    return f"{file} or the environment" if file else "the environment"


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every key, dotted; ``*`` stands for the name of a channel or the place of a source or rule."""
    nested = {"channels": ChannelSettings, "sources": SourceSettings, "rules": RuleSettings}
    keys = []
    for name, field in model.model_fields.items():
        inner: object = nested.get(name) or field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys.extend(_keys(inner, f"{prefix}{name}.*." if name in nested else f"{prefix}{name}."))
        else:
            keys.append(f"{prefix}{name}")
    return keys


def _refuse_unknown_environment(environment: Mapping[str, str]) -> None:
    """The environment's source ignores what it doesn't know; a misspelt variable must not pass for a setting.

    An empty one counts as not set, as everywhere: ``${NAME:-}`` in a compose file makes such.
    """
    known = set(_keys(Settings))
    for variable, value in environment.items():
        if not value or not variable.upper().startswith(PREFIX) or variable.upper() in _NOT_SETTINGS:
            continue
        path = variable[len(PREFIX) :].lower().split("__")
        dotted = ".".join(path)
        is_channel = path[0] == "channels" and len(path) in (1, 3)
        if dotted not in known and not is_channel and dotted not in {key.split(".")[0] for key in known}:
            close = nearest(dotted, known)
            hint = f"; did you mean {PREFIX}{close.upper().replace('.', '__')}?" if close else ""
            raise ConfigError(f"the environment: unknown setting {variable}{hint}")


_EXAMPLES = {
    "routes": '["console"]', "sources": '[{"url": "https://www.example.int/news"}]',
    "channels": '{"desk": {"type": "console"}}', "rules": '[{"kinds": ["restamped"], "drop": true}]',
}  # fmt: skip
"""How such settings are written in the environment."""
_FILE_VARIABLE = "PRESSWATCH_CONFIG"
_DEBUG_VARIABLE = "PRESSWATCH_DEBUG"
"""Set to anything, an error that nobody foresaw is shown with its traceback."""
_NOT_SETTINGS = frozenset({"PRESSWATCH_CORPORA", "PRESSWATCH_WHEEL", _FILE_VARIABLE, _DEBUG_VARIABLE})
