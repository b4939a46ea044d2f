"""Chats by Apprise whose requests are kept instead of sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_plus

import pytest

from presswatch.notify.chat import Chat
from presswatch.notify.templates import Templates

__all__ = ["SERVICES", "body_of", "chat", "recorded", "texts_of"]

SERVICES = {
    "Slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "Discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "Discord, as Markdown": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?format=markdown",
    "Teams": "workflows://prod-00.example.logic.azure.com:443/643e69f83c8944/abcdefgh",
    "Matrix": "matrixs://token@matrix.example.org/!r:h",
    "Telegram": "tgram://123456789:ABCdefghijkl123456789opqyz/-123456789525",
    "ntfy": "ntfys://ntfy.example.org/topic",
    "Mattermost": "mmost://mm.example.org/3ccdd113474722377935511fc85d3dd4",
    "Rocket.Chat": "rocket://3ccdd113474722377935511fc85d3dd4/wer@rc.example.org",
    "Pushover": "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@tttttttttttttttttttttttttttttt",
    "Zulip": "zulip://bot@org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/stream",
}


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is sent from now on, in place of the network: bodies as text."""
    requests = pytest.importorskip("requests")
    taken: list[str] = []

    def send(_self: object, request: Any, **_how: object) -> Any:
        body = request.body or b""
        taken.append(body.decode() if isinstance(body, bytes) else body)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = 200, request, request.url
        answer._content = b"ok" if "slack" in request.url else b'{"ok": true, "result": {"id": 1}, "event_id": "$e"}'
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return taken


def chat(url: str, **more: Any) -> Chat:
    """A channel to one address, which waits for nobody's rate."""
    made = Chat(url=url, templates=Templates(), **more)
    made._service.request_rate_per_sec = 0
    return made


def body_of(taken: list[str]) -> str:
    """All texts of the last request, whatever its shape."""
    return "\n".join(texts_in(taken[-1]))


def texts_in(body: str) -> list[str]:
    """The texts of a request: the strings of its JSON, else all of it."""
    try:
        return texts_of(json.loads(body))
    except json.JSONDecodeError:
        return [unquote_plus(body)]


def texts_of(value: object) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_of(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_of(each)]
    return [value] if isinstance(value, str) else []
