"""Letters by e-mail: one message to a mail server, or why it was not taken (stdlib smtplib).

A letter keeps its Message-ID through every try, so that a server that took it before the line broke can tell.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

SECONDS = 15.0
"""So long each answer of the server may take."""
TLS_FROM_THE_START = 465
OURSELVES = ("localhost", "127.0.0.1", "::1")


class NotTaken(Exception):
    """The server did not take a letter."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good
        """Whether trying again is no use: the address does not exist."""


@dataclass(frozen=True)
class Mailbox:
    """The server that takes the letters, and whose address stands on them."""

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""

    @property
    def is_there(self) -> bool:
        """Whether letters can be sent at all."""
        return bool(self.host and self.sender)


@dataclass(frozen=True)
class Mail:
    """One letter."""

    to: str
    subject: str
    text: str
    message_id: str
    at: dt.datetime
    sender_name: str = ""
    files: Sequence[tuple[str, bytes]] = ()
    """PDFs with their names."""


def send_mail(mailbox: Mailbox, mail: Mail, *, seconds: float = SECONDS) -> None:
    """Hand a letter to the server. Raises NotTaken."""
    try:
        with _line_to(mailbox, seconds) as line:
            line.send_message(_message(mailbox, mail))
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise NotTaken(f"{mail.to} was refused: {_words(words)}", for_good=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"the mail server says {error.smtp_code} {_words(error.smtp_error)}") from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotTaken(f"{mailbox.host}:{mailbox.port} {_why(error)}") from error


def _line_to(mailbox: Mailbox, seconds: float) -> smtplib.SMTP:
    if mailbox.port == TLS_FROM_THE_START:
        context = ssl.create_default_context()
        line: smtplib.SMTP = smtplib.SMTP_SSL(mailbox.host, mailbox.port, timeout=seconds, context=context)
    else:
        line = smtplib.SMTP(mailbox.host, mailbox.port, timeout=seconds)
        line.ehlo()
        if line.has_extn("starttls"):
            line.starttls(context=ssl.create_default_context())
            line.ehlo()
        elif mailbox.user and mailbox.host not in OURSELVES:
            line.close()
            raise NotTaken(f"{mailbox.host} offers no TLS, and a password is not sent in the open")
    if mailbox.user:
        line.login(mailbox.user, mailbox.password)
    return line


def _message(mailbox: Mailbox, mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(mail.sender_name, addr_spec=mailbox.sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    for name, data in mail.files:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message


def _words(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "does not answer"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hung up"
    if isinstance(error, ConnectionRefusedError):
        return "does not listen"
    return f"can't be reached ({getattr(error, 'strerror', None) or error})"
