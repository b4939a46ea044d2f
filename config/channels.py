"""The settings of channels: where notifications go. A type takes its own keys and refuses the others'."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

__all__ = ["ChannelName", "ChannelSettings", "Secret"]

_LEAST_KEY, _MOST_KEY = 24, 64
"""Bytes of a webhook's secret, after the Standard Webhooks specification."""
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_UNSUBSCRIBE = re.compile(r"(?:mailto:[^<>,\s@]+@|https://)[!-;=?-~]+", re.IGNORECASE)
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
"""An address of RFC 5321 without its quoted and literal forms; in ASCII, as not every server takes others."""
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,255}")
_PLAIN = r"^[\x20-\x7e]+$"
_PORTS = {"starttls": 587, "tls": 465, "plain": 25}


def _secret(value: str) -> str:
    """What it is is never said: messages end up in logs."""
    text = value.removeprefix("whsec_")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret is whsec_ and Base64; make one: presswatch secret") from None
    if not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise ValueError(
            f"a webhook secret has {_LEAST_KEY} to {_MOST_KEY} bytes, not {len(key)}; make one: presswatch secret"
        )
    return value


def _shown(value: str) -> str:
    return value if value.isprintable() else ascii(value)[1:-1]


def _mailbox(value: str) -> str:
    """``desk@example.org`` or ``Desk <desk@example.org>``."""
    name, _, address = value.rpartition("<")
    address = address.removesuffix(">") if name else value
    if not _MAILBOX.fullmatch(address) or not value.isprintable() or value.count("<") > 1 or "=?" in value:
        raise ValueError(
            f'"{_shown(value)}" is no mail address; write it like "desk@example.org" or "Desk <desk@example.org>"'
        )
    return value


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError(f'"{_shown(value)}" is no host; write its name or its address, such as "smtp.example.org"')
    return value


def _unsubscribe(value: str) -> str:
    if not _UNSUBSCRIBE.fullmatch(value):
        raise ValueError(f'"{_shown(value)}" must begin with mailto: and an address, or with https://')
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", value):
        raise ValueError(
            f'"{_shown(value)}" is no name of a channel; it has letters of ASCII, digits, "_", "." and "-" only'
        )
    return value


Secret = Annotated[str, AfterValidator(_secret)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Host = Annotated[str, AfterValidator(_host)]
Unsubscribe = Annotated[str, AfterValidator(_unsubscribe)]
ChannelName = Annotated[str, AfterValidator(_name)]

_NEEDS: dict[str, tuple[str, ...]] = {
    "console": (), "webhook": ("url", "secret"), "mail": ("host", "sender", "to"), "apprise": ("url",),
    "file": ("path",), "websub": ("url",),
}  # fmt: skip
_TAKES: dict[str, frozenset[str]] = {
    "console": frozenset(), "webhook": frozenset({"previous_secret", "format"}),
    "mail": frozenset({"port", "security", "username", "password", "unsubscribe"}), "apprise": frozenset(),
    "file": frozenset(), "websub": frozenset(),
}  # fmt: skip


class ChannelSettings(BaseModel):
    """Where a notification goes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    type: Literal["console", "webhook", "mail", "apprise", "file", "websub"]
    url: str | None = Field(default=None, repr=False)
    """Of a webhook, of what Apprise sends to, or of a hub; it is most often a secret itself."""
    secret: Secret | None = Field(default=None, repr=False)
    """Of a webhook: ``whsec_`` and the Base64 of 24 to 64 bytes, after the Standard Webhooks specification."""
    previous_secret: Secret | None = Field(default=None, repr=False)
    """While a secret is being replaced, both sign."""
    format: Literal["standard", "cloudevents"] = "standard"
    """Of a webhook's body: the plain payload, or a CloudEvent that holds it."""
    host: Host | None = None
    """The mail server."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """Of the mail server; else that of the kind of security."""
    security: Literal["starttls", "tls", "plain"] = "starttls"
    """How the mail server is spoken to; unencrypted only on this machine."""
    username: str | None = Field(default=None, min_length=1, pattern=_PLAIN)
    password: str | None = Field(default=None, min_length=1, pattern=_PLAIN, repr=False)
    sender: Mailbox | None = None
    """From whom the mails are."""
    to: tuple[Mailbox, ...] = ()
    unsubscribe: Unsubscribe | None = None
    """Where the recipients of mails can ask to get no more: ``mailto:`` or, for one click, ``https:``."""
    path: Path | None = None
    """Of the file."""

    @property
    def mail_port(self) -> int:
        """The port of the mail server."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _url_is_one(self) -> ChannelSettings:
        if self.url is None:
            return self
        if self.type in ("webhook", "websub") and not _WEB.match(self.url):
            what = "a webhook" if self.type == "webhook" else "a hub"
            raise ValueError(f'the "url" of {what} is no web address; it begins with http:// or https:// and a host')
        if self.type == "apprise" and not re.match(r"[a-z0-9]+://", self.url, re.IGNORECASE):
            raise ValueError('the "url" for Apprise begins with its name of the service, such as slack://')
        return self

    @model_validator(mode="after")
    def _is_whole(self) -> ChannelSettings:
        for key in _NEEDS[self.type]:
            if not getattr(self, key):
                raise ValueError(f'a channel of type "{self.type}" needs {_WANTED[key]}')
        for key in self.model_fields_set - {"type", *_NEEDS[self.type]} - _TAKES[self.type]:
            if getattr(self, key) not in (None, ()):
                raise ValueError(f'a channel of type "{self.type}" has no "{key}"')
        return self

    @model_validator(mode="after")
    def _login_is_safe(self) -> ChannelSettings:
        if (self.username is None) != (self.password is None):
            raise ValueError('"username" and "password" go together')
        if self.type == "mail" and self.security == "plain" and not _is_here(self.host or ""):
            raise ValueError('"security" may be "plain" only where the mail server is on this machine')
        return self


_WANTED = {
    "url": 'a "url"', "secret": 'a "secret" (see: presswatch secret)', "host": 'a "host", the mail server',
    "sender": 'a "sender", the address that its mails come from', "to": '"to", a list of addresses',
    "path": 'a "path"',
}  # fmt: skip


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
