"""Mail against a real server: what is taken, refused and encrypted, and who gets it when again."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import pytest
from mail_server import MailServer
from messages import told

from presswatch.notify import NotSent, Sent
from presswatch.notify.letter import Envelope
from presswatch.notify.mail import Mail, Server
from presswatch.notify.templates import Templates

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DESK, EDITOR = "desk@example.org", "editor@example.org"


def channel(server: MailServer, *to: str, security: str = "plain", **more: object) -> Mail:
    values = {"host": "127.0.0.1", "port": server.port, "security": security, "timeout": 5.0, **more}
    envelope = Envelope(
        sender=Address("Watch", addr_spec="watch@example.org"), to=[Address(addr_spec=each) for each in to or (DESK,)]
    )
    return Mail(server=Server(**values), envelope=envelope, templates=Templates(), now=lambda: NOW)  # type: ignore[arg-type]


async def test_a_mail_arrives_with_its_parts() -> None:
    async with MailServer().served() as server:
        assert await channel(server, DESK, EDITOR).send(told()) == Sent()
    (envelope,), (mail,) = server.got, server.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watch@example.org", [DESK, EDITOR])
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "[-Twelve-]{+Nine+} vessels will sail." in text
    assert "</del><ins" in html


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_mail_goes_encrypted_and_logged_in(security: str, certificate: Path) -> None:
    server = MailServer(login=("watch", "hush"))
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with server.served(**{security: certificate}):
        mail = channel(server, security=security, username="watch", password="hush", context=trusting)
        assert await mail.send(told()) == Sent()
    assert server.ciphers == [True]


async def test_a_certificate_that_nobody_trusts_is_refused(certificate: Path) -> None:
    async with MailServer().served(starttls=certificate) as server:
        result = await channel(server, security="starttls").send(told())
    assert isinstance(result, NotSent)
    assert "certificate" in result.error
    assert not result.permanent
    assert server.got == []


async def test_nothing_is_sent_unencrypted_where_starttls_is_asked_for_and_not_offered() -> None:
    server = MailServer()
    async with server.served():
        result = await channel(server, security="starttls", username="watch", password="hush").send(told())
    assert isinstance(result, NotSent)
    assert "no STARTTLS" in result.error
    assert server.got == []


async def test_a_wrong_login_is_tried_again_and_not_repeated(certificate: Path) -> None:
    server = MailServer(login=("watch", "hush"))
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with server.served(starttls=certificate):
        mail = channel(server, security="starttls", username="watch", password="s3cr3t", context=trusting)
        result = await mail.send(told())
    assert isinstance(result, NotSent)
    assert (result.permanent, "535" in result.error, "s3cr3t" in result.error) == (False, True, False)


@pytest.mark.parametrize(
    ("answers", "error", "permanent"),
    [
        pytest.param({"to_sender": "451 4.3.0 later"}, "451", False, id="a 4xx to the sender is for now"),
        pytest.param({"to_sender": "550 5.7.1 not you"}, "550", True, id="a 5xx to the sender is for ever"),
        pytest.param({"to_sender": "530 5.7.0 log in"}, "530", False, id="but not where it asks for a login"),
        pytest.param({"to_recipient": lambda _: "450 4.2.0 greylisted"}, "450", False, id="a greylisted recipient"),
        pytest.param({"to_recipient": lambda _: "550 5.1.1 unknown"}, "550", True, id="an unknown recipient"),
        pytest.param({"to_data": "452 4.3.1 full"}, "452", False, id="a 4xx to the text is for now"),
        pytest.param({"to_data": "554 5.6.0 spam"}, "554", True, id="a 5xx to the text is for ever"),
    ],
)
async def test_the_answer_decides_between_later_and_never(
    answers: dict[str, object], error: str, permanent: bool
) -> None:
    server = MailServer(**answers)  # type: ignore[arg-type]
    async with server.served():
        result = await channel(server).send(told())
    assert isinstance(result, NotSent)
    assert (error in result.error, result.permanent) == (True, permanent)
    assert server.got == []


async def test_a_recipient_who_was_refused_is_named_and_tried_again_without_the_others() -> None:
    server = MailServer(to_recipient=lambda who: "450 greylisted" if who == EDITOR else None)
    async with server.served():
        mail = channel(server, DESK, EDITOR)
        first = await mail.send(told())
        server.to_recipient = lambda _: None
        second = await mail.send(told())
    assert first == NotSent(
        error=f"the mail server refused recipients (taken for 1, not for 1): {EDITOR}: 450 greylisted", unsure=True
    )
    assert second == Sent()
    assert [each.rcpt_tos for each in server.got] == [[DESK], [EDITOR]]
    assert server.mails[0]["message-id"] == server.mails[1]["message-id"]


async def test_a_recipient_who_is_refused_for_ever_is_a_dead_letter_though_the_others_have_it() -> None:
    server = MailServer(to_recipient=lambda who: "550 unknown" if who == EDITOR else None)
    async with server.served():
        result = await channel(server, DESK, EDITOR).send(told())
    assert isinstance(result, NotSent)
    assert (result.permanent, EDITOR in result.error) == (True, True)
    assert len(server.got) == 1


async def test_a_server_that_hangs_is_given_up_in_time() -> None:
    server = MailServer(slow=1.0)
    async with server.served():
        result = await channel(server, timeout=0.4).send(told())
    assert isinstance(result, NotSent)
    assert (result.permanent, result.unsure) == (False, True)
    assert result.error.endswith(f":{server.port}: it did not answer in time")


@pytest.mark.parametrize(
    "greeting", [b"", b"554 go away\r\n", b"\x00\xff garbage\r\n", b"220 hello\r\n", b"220-" * 9000]
)
async def test_a_server_that_is_none_is_a_failure_that_is_tried_again(greeting: bytes) -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server = MailServer()
    server.port = listening.sockets[0].getsockname()[1]
    result = await channel(server, timeout=1.0).send(told())
    listening.close()
    assert isinstance(result, NotSent)
    assert not result.permanent


async def test_nobody_listening_is_a_failure() -> None:
    async with MailServer().served() as server:
        pass
    result = await channel(server).send(told())
    assert isinstance(result, NotSent)
    assert result.error == f"no mail could be sent by 127.0.0.1:{server.port}: Connection refused"


async def test_a_port_that_does_not_begin_with_tls_is_named_with_what_may_be_meant() -> None:
    server = MailServer()
    async with server.served():
        result = await channel(server, security="tls").send(told())
    assert isinstance(result, NotSent)
    assert result.error.endswith(f':{server.port}: it does not begin with TLS; security = "starttls" may be meant')


async def test_a_rude_goodbye_undoes_nothing() -> None:
    server = MailServer(rude=True)
    async with server.served():
        assert await channel(server).send(told()) == Sent()
    assert len(server.got) == 1


def test_the_password_is_not_shown() -> None:
    assert "hush" not in repr(Server(host="h", port=25, security="tls", username="u", password="hush"))
