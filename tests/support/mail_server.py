"""A mail server on loopback that keeps what it takes, says what a test wants it to say, and speaks TLS."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

__all__ = ["MailServer"]


@dataclass(slots=True)
class MailServer:
    """Takes mails. Each answer may be a reply, or a function of what the client said that gives one or None."""

    to_sender: str | None = None
    to_recipient: Callable[[str], str | None] = field(default=lambda _: None)
    to_data: str | None = None
    login: tuple[str, str] | None = None
    """The only one that is taken; None: none is needed."""
    slow: float = 0.0
    """Seconds before the answer to the data."""
    rude: bool = False
    """Answers QUIT with an error."""
    got: list[Envelope] = field(default_factory=list)
    ciphers: list[bool] = field(default_factory=list)
    """Of each mail whether it came encrypted."""
    port: int = 0
    _is_tls: bool = False

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, parsed."""
        return [message_from_bytes(each.content, policy=default) for each in self.got]  # type: ignore[arg-type, misc]  # bytes

    @contextlib.asynccontextmanager
    async def served(self, *, tls: Path | None = None, starttls: Path | None = None) -> AsyncIterator[MailServer]:
        """On a free port of loopback; ``tls`` and ``starttls`` name a certificate with its key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate := tls or starttls:
            context.load_cert_chain(certificate)
        login = {"authenticator": self._authenticate, "auth_required": True} if self.login else {}

        def protocol() -> SMTP:
            with warnings.catch_warnings():
                # It does not see that the whole connection is encrypted.
                warnings.simplefilter("ignore")
                offered = context if starttls else None
                return SMTP(self, hostname="localhost", tls_context=offered, auth_require_tls=bool(starttls), **login)

        self._is_tls = tls is not None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls else None)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode())  # type: ignore[attr-defined]  # LoginPassword
        return AuthResult(success=given == self.login, handled=False)

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if answer := self.to_recipient(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if self.to_data:
            return self.to_data
        self.got.append(envelope)
        self.ciphers.append(session.ssl is not None or self._is_tls)
        return "250 taken"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "500 stay" if self.rude else "221 bye"
