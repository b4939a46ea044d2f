"""The channel to chats and push services (Slack, Discord, Teams, Matrix, Telegram, ntfy and over a hundred more).

The only module that knows Apprise, which comes with the extra ``apprise`` and is loaded where a channel needs it. It
works synchronously and runs in a thread that nobody waits for.

All is sent as plain text, which Apprise escapes for services that take HTML or a Markdown of their own. Some services
render Markdown in plain text, or call people at an ``@everyone`` in any format: what was scraped is made inert first.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from presswatch.excerpt import Excerpt
from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message, ReleaseLink
from presswatch.notify.templates import CHAT, Templates
from presswatch.threads import detached
from storage import StampRow

__all__ = ["BadAddress", "Chat", "escaped", "inert"]

_ZERO_WIDTH_SPACE = "\u200b"
_CALLING = re.compile(r"[@<`]|\](?=[(\[:])")
"""What begins a mention (``@everyone``, ``<!channel>``), code, or a link that shows other words than its address."""
_MARKS = re.compile(r"[\\*_~|`#>\[\]]")
_RENDER_ANYWAY = frozenset({"Discord", "Guilded", "Mattermost", "Revolt", "Zulip"})
"""Services, by Apprise's names, that render Markdown in what Apprise hands them as plain text."""
_MARKS_IN_ADDRESS = re.compile(r"[@|*~()\[\]]")
_STATUS = re.compile(r"\berror=(\d{3})\b")
_LONGEST_TITLE = 250


class BadAddress(ValueError):
    """Apprise is not installed, or knows no such address; the message does not repeat it."""


class Chat:
    """Sends to one address of Apprise's, such as ``slack://…`` or ``ntfys://…``.

    Raises:
        BadAddress: as it says.
    """

    def __init__(self, *, url: str, templates: Templates, timeout: float = 15.0) -> None:
        self._apprise = _apprise(url)
        self._service = self._apprise[0]
        self._templates = templates
        self._timeout = timeout
        as_text = self._service.resolve_format("text") == "text"
        self._escape = escaped if as_text and self._service.service_name in _RENDER_ANYWAY else inert

    async def send(self, message: Message) -> Sent | NotSent:
        """Send it, as short as the service wants it."""
        result = await detached("send by Apprise", self._notify, message)
        if result:
            return Sent()
        # Of what Apprise says only a number is told on: its words may hold the address, which is the secret.
        status = next((found[1] for entry in result.logs() if (found := _STATUS.search(entry.message))), None)
        answered = f"answered {status}" if status else "could not be reached in time or did not take it"
        return NotSent(error=f"{self._service.service_name} {answered}", unsure=status is None)

    def _notify(self, message: Message) -> Any:  # noqa: ANN401  # apprise.AppriseResult comes with the extra
        told = _inertly(message, self._escape)
        headed = self._service.title_maxlen > 0
        whose = f" ({told.source})" if told.source else ""
        title = f"{told.label.capitalize()}: {told.title or '(no title)'}{whose}"
        title = _cut(title, min(self._service.title_maxlen, _LONGEST_TITLE) if headed else _LONGEST_TITLE)
        # A service without titles gets them as the first line of the body.
        body = self._body(told, most=self._service.body_maxlen - (0 if headed else len(title) + 10))
        return self._apprise.notify(body=body, title=title, body_format="text", timeout=self._timeout)

    def _body(self, told: Message, *, most: int) -> str:
        """The longest form that the service takes."""
        return next((text for text in self._forms(told) if len(text) <= most), _cut(_shortest(told), most))

    def _forms(self, told: Message) -> Iterator[str]:
        """Ever shorter ones: passages go from the end, then the beginning of the text, or the releases."""
        total = len(told.passages)
        for count in range(total, -1, -1):
            left_out = told.left_out + total - count
            yield self._templates.render(CHAT, replace(told, passages=told.passages[:count], left_out=left_out)).text
        if told.beginning or told.releases:
            bare = replace(
                told, passages=(), left_out=told.left_out + total, beginning="", releases=(),
                more_releases=told.more_releases + len(told.releases),
            )  # fmt: skip
            yield self._templates.render(CHAT, bare).text


def inert(text: str) -> str:
    """Text that looks the same and in which nothing begins a mention, code or a link with words of its own."""
    return _CALLING.sub(lambda found: found[0] + _ZERO_WIDTH_SPACE, text)


def escaped(text: str) -> str:
    """The same with the marks of Markdown escaped."""
    return inert(_MARKS.sub(lambda found: "\\" + found[0], text))


def _inertly(message: Message, escape: Callable[[str], str]) -> Message:
    """The message with what was scraped made inert, and with addresses that may stand in any markup."""
    return replace(
        message, sentence=escape(message.sentence), line=escape(message.line), source=escape(message.source),
        title=escape(message.title), stamp=escape(message.stamp), reason=escape(message.reason),
        beginning=escape(message.beginning), stamp_before=_inert_stamp(message.stamp_before, escape),
        stamp_after=_inert_stamp(message.stamp_after, escape), payload=_inert_values(message.payload, escape),
        url=escape(message.url), url_before=message.url_before and escape(message.url_before),
        original=_inert_link(message.original),
        passages=tuple(_inert_passage(passage, escape) for passage in message.passages),
        releases=tuple(_inert_release(each, escape) for each in message.releases), detail=escape(message.detail),
        advice=escape(message.advice),
    )  # fmt: skip


def _inert_passage(passage: Excerpt, escape: Callable[[str], str]) -> Excerpt:
    return replace(passage, segments=tuple(replace(each, text=escape(each.text)) for each in passage.segments))


def _inert_release(release: ReleaseLink, escape: Callable[[str], str]) -> ReleaseLink:
    return replace(
        release,
        title=escape(release.title),
        url=escape(release.url),
        original=_inert_link(release.original),
        said=escape(release.said),
    )


def _inert_link(url: str | None) -> str | None:
    return url and _MARKS_IN_ADDRESS.sub(lambda found: quote(found[0]), url)


def _inert_stamp(stamp: StampRow | None, escape: Callable[[str], str]) -> StampRow | None:
    return stamp and replace(stamp, raw=escape(stamp.raw))


def _inert_values(value: Any, escape: Callable[[str], str]) -> Any:  # noqa: ANN401  # any JSON
    """A template of the user's own may take from the payload, too."""
    if isinstance(value, Mapping):
        return {name: _inert_values(each, escape) for name, each in value.items()}
    if isinstance(value, list):
        return [_inert_values(each, escape) for each in value]
    return escape(value) if isinstance(value, str) else value


def _shortest(told: Message) -> str:
    """For services that take no more than a short message to a telephone."""
    return "\n".join(filter(None, (told.sentence, told.link or told.original or told.url)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"


def _apprise(url: str) -> Any:  # noqa: ANN401  # apprise.Apprise comes with the extra
    try:
        import apprise  # noqa: PLC0415 - it comes with an extra and takes its time to load
    except ImportError:
        raise BadAddress("it needs the extra: pip install 'presswatch[apprise]'") from None
    # It logs addresses; what is worth knowing is in its results.
    logging.getLogger("apprise").propagate = False
    asset = apprise.AppriseAsset(
        app_id="presswatch", app_desc="presswatch", app_url="", image_url_mask="", image_url_logo="",
        image_path_mask="", async_mode=False, http_redirects=False,
    )  # fmt: skip
    built = apprise.Apprise(asset=asset)
    if not built.add(url) or len(built) != 1:
        raise BadAddress("Apprise knows no such address; see https://appriseit.com/services/")
    return built
