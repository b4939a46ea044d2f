"""The channel to mailboxes: one mail a message, over SMTP with TLS.

Python's own smtplib, in a thread that nobody waits for: a server that hangs holds up neither the other channels nor the
end of the process. The conversation as a whole has the time that a channel has, so that no mail leaves after its
delivery was given up.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from presswatch.notify.channel import NotSent, Sent
from presswatch.notify.compose import Message
from presswatch.notify.letter import Envelope, letter
from presswatch.notify.message import printable
from presswatch.notify.templates import Templates
from presswatch.threads import detached

__all__ = ["Mail", "Server"]

_OF_THE_LOGIN = frozenset({530, 534, 535, 538})
"""Answers that speak of the login and not of the mail (RFC 4954): whoever mends the settings still wants the mail."""
_REMEMBERED = 1000
"""Messages of which it is remembered who has them already."""

Answer: TypeAlias = tuple[int, bytes]
"""What a server says: a code and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The mail server that takes what is sent."""

    host: str
    port: int
    security: Literal["tls", "starttls", "plain"]
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 15.0
    """Seconds for the conversation as a whole."""
    context: ssl.SSLContext | None = None
    """Whom to trust; None: whom the system trusts."""


class Mail:
    """Mails to one or more people.

    Where the server takes a mail for some of them only, later attempts of this process go to the others.
    """

    def __init__(
        self, *, server: Server, envelope: Envelope, templates: Templates, now: Callable[[], datetime]
    ) -> None:
        self._server = server
        self._envelope = envelope
        self._templates = templates
        self._now = now
        self._served: OrderedDict[str, set[str]] = OrderedDict()

    async def send(self, message: Message) -> Sent | NotSent:
        """Hand it to the server; a 4xx and a broken conversation are tried again, a 5xx to the mail itself is not."""
        # A template of the user's own may take its time: the loop must not wait for it.
        now, templates = self._now(), self._templates
        mail = await detached("write a mail", letter, message, self._envelope, templates=templates, at=now)
        served = self._served.get(message.key, set())
        waiting = [address.addr_spec for address in self._envelope.to if address.addr_spec not in served]
        sender = self._envelope.sender.addr_spec
        try:
            refused = await detached("send a mail", _hand_over, self._server, mail, sender, waiting)
        except smtplib.SMTPResponseException as error:
            final = isinstance(error, _Refused) and _is_final(error.smtp_code)
            said = _said((error.smtp_code, _bytes(error.smtp_error)))
            return NotSent(error=self._clause(f"the mail server answered {said}"), permanent=final)
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            unsure = not isinstance(error, (socket.gaierror, ConnectionRefusedError, UnicodeError))
            why = f"no mail could be sent by {_why(error, self._server)}"
            return NotSent(error=self._clause(why), unsure=unsure)
        if not refused:
            self._served.pop(message.key, None)
            return Sent()
        self._remember(message.key, set(waiting) - refused.keys())
        return self._partly(refused, taken=len(waiting) - len(refused))

    def _remember(self, key: str, served: set[str]) -> None:
        self._served.setdefault(key, set()).update(served)
        while len(self._served) > _REMEMBERED:
            self._served.popitem(last=False)

    def _partly(self, refused: Mapping[str, Answer], *, taken: int) -> NotSent:
        """Not for everybody: those who were refused are named, as many as the clause holds."""
        others = f"taken for {taken}, " if taken else ""
        each = "; ".join(f"{who}: {_said(answer)}" for who, answer in refused.items())
        return NotSent(
            error=self._clause(f"the mail server refused recipients ({others}not for {len(refused)}): {each}"),
            permanent=all(_is_final(code) for code, _ in refused.values()),
            unsure=taken > 0,
        )

    def _clause(self, text: str) -> str:
        """A server may repeat what it was told."""
        password = self._server.password
        return printable(text.replace(password, "…") if password else text, most=300)


class _Refused(smtplib.SMTPResponseException):
    """The server does not take this mail, from this sender or with this text."""


def _hand_over(server: Server, mail: bytes, sender: str, recipients: Sequence[str]) -> dict[str, Answer]:
    """The recipients for whom the server does not take a mail, with its answers; the others have it.

    Raises:
        SMTPException: nobody has it.
        OSError: nobody has it, as far as one can know.
    """
    refused: dict[str, Answer] = {}
    with _connected(server) as (smtp, hurry):
        _accepted(smtp.mail(sender))
        for recipient in recipients:
            hurry()
            answer = smtp.rcpt(recipient)
            if answer[0] not in (250, 251):
                refused[recipient] = answer
        if len(refused) < len(recipients):
            hurry()
            _accepted(_data(smtp, mail))
    return refused


def _data(smtp: smtplib.SMTP, mail: bytes) -> Answer:
    try:
        return smtp.data(mail)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, _bytes(error.smtp_error)


@contextlib.contextmanager
def _connected(server: Server) -> Iterator[tuple[smtplib.SMTP, Callable[[], None]]]:
    """A conversation, encrypted and logged in as asked for; and what sets the time that is left for its next step."""
    deadline = time.monotonic() + server.timeout
    context = server.context or ssl.create_default_context()
    smtp = _open(server, context)

    def hurry() -> None:
        left = deadline - time.monotonic()
        if left <= 0 or smtp.sock is None:
            raise TimeoutError(f"the mail server took longer than {server.timeout:g} s")
        smtp.sock.settimeout(left)

    try:
        hurry()
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            hurry()
            if not smtp.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError(
                    "the mail server offers no STARTTLS, and nothing is sent unencrypted"
                )
            smtp.starttls(context=context)
        if server.username:
            hurry()
            smtp.login(server.username, server.password)
        hurry()
        yield smtp, hurry
        # What was taken is taken, whatever is said at the end.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            hurry()
            smtp.quit()
    finally:
        smtp.close()


def _open(server: Server, context: ssl.SSLContext) -> smtplib.SMTP:
    name = socket.gethostname()
    # smtplib would ask the name server for its own full name, and wait for as long as that takes.
    here = name if "." in name else "[127.0.0.1]"
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, here, timeout=server.timeout, context=context)
    return smtplib.SMTP(server.host, server.port, here, timeout=server.timeout)


def _accepted(answer: Answer) -> None:
    if answer[0] != 250:
        raise _Refused(*answer)


def _is_final(code: int) -> bool:
    return code >= 500 and code not in _OF_THE_LOGIN


def _why(error: Exception, server: Server) -> str:
    """Which server, and what came of it: silence is a closed connection to smtplib, plain text a version to OpenSSL."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"{where}: it did not answer in time"
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return f'{where}: it does not begin with TLS; security = "starttls" may be meant'
    return f"{where}: {getattr(error, 'strerror', None) or error}"


def _said(answer: Answer) -> str:
    code, words = answer
    return f"{code} {words.decode('utf-8', 'replace')}"


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")
