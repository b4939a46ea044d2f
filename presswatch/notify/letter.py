"""A message as an e-mail: plain text and HTML side by side, and headers that keep what belongs together. Pure.

No header takes scraped text but the subject, and that on one line. Message-ID is the same at every attempt, and what is
told of one release refers to one thread (RFC 5322, section 3.6.4). A one-click unsubscription is RFC 8058's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from presswatch.notify.compose import Message
from presswatch.notify.message import clean
from presswatch.notify.templates import HTML, SUBJECT, TEXT, Templates

__all__ = ["Envelope", "letter"]

_LONGEST_SUBJECT = 200
_DOT_ATOM = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
"""What stands in a Message-ID as it is; a part of RFC 5322's dot-atom-text."""
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom, to whom."""

    sender: Address
    to: Sequence[Address]
    unsubscribe: str = ""
    """An address (``mailto:``) or a page (``https:``) that takes somebody off."""


def letter(message: Message, envelope: Envelope, *, templates: Templates, at: datetime) -> bytes:
    """The e-mail of a message, written at a moment, as it goes over the wire."""
    domain, leave = envelope.sender.domain, envelope.unsubscribe
    subject = templates.render(SUBJECT, message)
    text = templates.render(TEXT, message, note=subject.note, unsubscribe=leave)
    html = templates.render(HTML, message, note=text.note, unsubscribe=leave)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = envelope.sender
    mail["To"] = tuple(envelope.to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = _id(message.key, domain)
    thread = _id(_thread(message), domain)
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    if leave:
        mail["List-Unsubscribe"] = f"<{leave}>"
        if leave.lower().startswith("https:"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(_noted(text.text, html.note), cte="quoted-printable")
    mail.add_alternative(html.text, subtype="html", cte="quoted-printable")
    return _subject(subject.text) + mail.as_bytes()


def _subject(text: str) -> bytes:
    """The header's lines. EmailMessage decodes an encoded word in what it is given, line ends and all (RFC 2047)."""
    line = clean(text, most=_LONGEST_SUBJECT) or "presswatch"
    charset = "us-ascii" if line.isascii() and "=?" not in line else "utf-8"
    header = Header(line, charset, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {header}\r\n".encode("ascii")


def _noted(text: str, note: str) -> str:
    """A template of the user's own may leave out what the reader should know."""
    return text if note in text.replace("\n", " ") else f"{text}\n\nNote: {note}\n"


def _thread(message: Message) -> str:
    """Ids of releases count from one in every database: two installations with one sender are two threads."""
    return f"{message.thread}.{hashlib.sha256(message.source.encode()).hexdigest()[:12]}"


def _id(name: str, domain: str) -> str:
    whole = _DOT_ATOM.fullmatch(name) and len(name) <= _LONGEST_ID
    return f"<{name if whole else hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain}>"
