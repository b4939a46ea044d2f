"""The channels that the settings name, opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from pathlib import Path
from typing import TextIO

import structlog

from config import ConfigError, Settings
from config.channels import ChannelSettings
from presswatch.notify import Channel, Console, Webhook
from presswatch.notify.chat import BadAddress, Chat
from presswatch.notify.file import File
from presswatch.notify.letter import Envelope
from presswatch.notify.mail import Mail, Server
from presswatch.notify.templates import Templates
from presswatch.notify.webhook import Post
from presswatch.notify.websub import Hub

__all__ = ["open_channels"]

log = structlog.get_logger()


def open_channels(
    settings: Settings, *, post: Post, console: TextIO, clock: Callable[[], datetime]
) -> dict[str, Channel]:
    """Every channel by its name; the console is always there.

    Raises:
        ConfigError: one of them can't be what the settings say; the message names it.
    """
    templates = Templates(settings.delivery.templates)
    for problem in templates.problems():
        log.warning("templates of your own can't be used, the product's are", error=problem)
    channels: dict[str, Channel] = {"console": Console(console)}
    for name, channel in settings.channels.items():
        try:
            channels[name] = _open(channel, settings, templates, post=post, console=console, clock=clock)
        except BadAddress as error:
            raise ConfigError(f"the channel {name}: {error}") from None
    return channels


def _open(
    channel: ChannelSettings, settings: Settings, templates: Templates, *, post: Post, console: TextIO,
    clock: Callable[[], datetime],
) -> Channel:  # fmt: skip
    timeout = settings.delivery.timeout
    match channel.type:
        case "console":
            return Console(console)
        case "webhook":
            secrets = [secret for secret in (channel.secret, channel.previous_secret) if secret]
            return Webhook(
                url=channel.url or "", secrets=secrets, post=post, now=clock, timeout=timeout,
                cloudevents=channel.format == "cloudevents", origin=settings.web.url,
            )  # fmt: skip
        case "mail":
            return Mail(server=_server(channel, timeout), envelope=_envelope(channel), templates=templates, now=clock)
        case "apprise":
            return Chat(url=channel.url or "", templates=templates, timeout=timeout)
        case "websub":
            feeds = f"{settings.web.url or ''}".rstrip("/") + "/feeds/changes"
            return Hub(
                url=channel.url or "", topics=[f"{feeds}.atom", f"{feeds}.json"], post=post, now=clock, timeout=timeout
            )
        case "file":
            return File(channel.path or Path())


def _server(channel: ChannelSettings, timeout: float) -> Server:
    return Server(
        host=channel.host or "", port=channel.mail_port, security=channel.security, username=channel.username or "",
        password=channel.password or "", timeout=timeout,
    )  # fmt: skip


def _envelope(channel: ChannelSettings) -> Envelope:
    return Envelope(
        sender=_mailbox(channel.sender or ""),
        to=tuple(map(_mailbox, channel.to)),
        unsubscribe=channel.unsubscribe or "",
    )


def _mailbox(text: str) -> Address:
    """``Desk <desk@example.org>``, or only the address."""
    name, _, address = text.rpartition("<")
    return Address(display_name=name.strip(' "'), addr_spec=address.removesuffix(">"))
