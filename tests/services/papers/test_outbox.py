"""Receipts by e-mail, to a real mail server: none is lost when it dies, and none is sent twice (features CO15)."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Session_
from sqlalchemy import text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.channels.mail import Mailbox
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.pricing import NotPaidInFull
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.papers.invoices import IssueInvoice, issue_invoice
from frontdesk.services.papers.outbox import (
    ListOutbox,
    MailReceipt,
    NoAddress,
    SendAgain,
    TakeMails,
    list_outbox,
    mail_receipt,
    send_again,
    send_due,
    take_mails,
)
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from tests import vale_street
from tests.conftest import desk_conninfo


@dataclass
class Office:
    """What a mail server has taken, and how it is to behave."""

    letters: list[EmailMessage] = field(default_factory=list)
    dies_at: str = ""
    """`recipient`, `data` or `kept`: hangs up there, once."""
    refuses: str = ""
    tries: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session_, envelope: Envelope, address: str, _: list[str]) -> str:
        self.tries += 1
        if self.dies_at == "recipient":
            self.hang_up(server)
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session_, envelope: Envelope) -> str:
        if self.dies_at == "data":
            self.hang_up(server)
            return "250 OK"
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        if self.dies_at == "kept":
            self.hang_up(server)
        return "250 OK"

    def hang_up(self, server: SMTP) -> None:
        self.dies_at = ""
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()


class Post(Controller):
    """On whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


@pytest.fixture
def office() -> Office:
    """What the mail server has taken."""
    return Office()


@pytest.fixture
def mailbox(office: Office) -> Iterator[Mailbox]:
    """The mail server's address."""
    controller = Post(office, hostname="127.0.0.1", port=0)
    controller.start()
    yield Mailbox("127.0.0.1", controller.port, sender="desk@vale.example")
    controller.stop()


def sold(desk: Desk, customer_id: int | None = None) -> int:
    wish = CheckOut(
        products=(SellProduct(product_id=1),),
        customer_id=customer_id,
        tenders=(Pay(method="cash", amount=Decimal(20)),),
    )
    return check_out(desk, wish).number


def later(clock: SetClock, **by: int) -> None:
    clock.set(clock.now() + dt.timedelta(**by))


def zoe(desk: Desk) -> int:
    return add_customer(desk, AddCustomer(first_name="Zoë", email="zoe@example.com")).id


def pdf_of(letter: EmailMessage) -> tuple[str | None, bytes]:
    (page,) = letter.iter_attachments()
    content = page.get_content()
    assert isinstance(content, bytes)
    return page.get_filename(), content


def test_a_receipt_goes_to_the_customers_address_with_its_page(ria: Desk, office: Office, mailbox: Mailbox) -> None:
    sold(ria, zoe(ria))
    queued = mail_receipt(ria, MailReceipt(number=1))
    assert (queued.address, queued.is_copy) == ("zoe@example.com", False)
    assert send_due(ria, mailbox).sent == 1
    (letter,) = office.letters
    assert letter["To"] == "zoe@example.com"
    assert letter["From"] == "Vale Street <desk@vale.example>"
    assert letter["Subject"] == "Receipt 1, Vale Street"
    body = letter.get_body()
    assert body is not None
    assert "TOTAL                               £18.00" in body.get_content()
    name, page = pdf_of(letter)
    assert name == "receipt-1.pdf"
    assert page.startswith(b"%PDF-")
    assert send_due(ria, mailbox).sent == 0, "once"
    assert mail_receipt(ria, MailReceipt(number=1, address="Zoe@Example.com ")).is_copy
    assert [(one.outcome, one.address) for one in list_outbox(ria, ListOutbox()).letters] == [
        ("waiting", "Zoe@example.com"),
        ("sent", "zoe@example.com"),
    ]


def test_an_invoice_is_sent_as_it_was_issued(ria: Desk, office: Office, mailbox: Mailbox) -> None:
    sold(ria, zoe(ria))
    with pytest.raises(errors.BadInput, match="has no invoice"):
        mail_receipt(ria, MailReceipt(number=1, document="invoice"))
    issue_invoice(ria, IssueInvoice(receipt=1))
    mail_receipt(ria, MailReceipt(number=1, document="invoice"))
    assert send_due(ria, mailbox).sent == 1
    assert office.letters[0]["Subject"] == "Invoice 1, Vale Street"
    assert pdf_of(office.letters[0])[0] == "invoice-1.pdf"


def test_who_has_no_address_is_asked_for_one(ria: Desk) -> None:
    sold(ria)
    with pytest.raises(NoAddress, match="Whoever paid has no e-mail address here. Type one"):
        mail_receipt(ria, MailReceipt(number=1))
    for typed in ("zoe", "zoe@", "a@b.c\r\nBcc: eve@example.com"):
        with pytest.raises(errors.BadInput):
            mail_receipt(ria, MailReceipt(number=1, address=typed))
    with pytest.raises(errors.BadInput, match="No mail server is named here"):
        send_due(ria, Mailbox(""))


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_server_that_dies_in_the_middle_gets_the_letter_later_and_once(
    ria: Desk, clock: SetClock, office: Office, mailbox: Mailbox, where: str
) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    office.dies_at = where
    first = send_due(ria, mailbox)
    assert (first.sent, first.waiting) == (0, 1)
    assert "hung up" in first.errors[0] or "can't be reached" in first.errors[0]
    assert send_due(ria, mailbox).sent == 0, "not before a minute has passed"
    later(clock, minutes=1)
    assert send_due(ria, mailbox).sent == 1
    later(clock, minutes=60)
    assert send_due(ria, mailbox).sent == 0
    assert len(office.letters) == 1


def test_a_letter_that_was_kept_before_the_line_broke_has_the_same_id(
    ria: Desk, clock: SetClock, office: Office, mailbox: Mailbox
) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    office.dies_at = "kept"
    send_due(ria, mailbox)
    later(clock, minutes=1)
    send_due(ria, mailbox)
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_away_is_tried_less_and_less_often_and_then_no_more(ria: Desk, clock: SetClock) -> None:
    sold(ria, zoe(ria))
    asked = mail_receipt(ria, MailReceipt(number=1))
    nobody = Mailbox("127.0.0.1", 1, sender="desk@vale.example")
    tries = 0
    for _ in range(7):
        tries += bool(send_due(ria, nobody).errors)
        later(clock, hours=13)
    (letter,) = list_outbox(ria, ListOutbox()).letters
    assert (tries, letter.outcome) == (7, "given up")
    assert "does not listen" in letter.error
    assert not send_due(ria, nobody).errors
    again = send_again(ria, SendAgain(print_id=asked.print_id))
    assert not again.is_copy, "what never left was no original"
    with pytest.raises(errors.BadInput, match="was sent, or will be"):
        send_again(ria, SendAgain(print_id=again.print_id))


def test_an_address_that_does_not_exist_is_given_up_at_once(ria: Desk, office: Office, mailbox: Mailbox) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    office.refuses = "550 nobody here"
    assert send_due(ria, mailbox).given_up == 1
    assert "nobody here" in list_outbox(ria, ListOutbox()).letters[0].error


def test_a_password_is_not_sent_in_the_open_and_never_shown(
    ria: Desk, office: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    monkeypatch.setattr("frontdesk.channels.mail.OURSELVES", ())  # as if the server were another machine
    locked = replace(mailbox, user="desk", password="geheim")
    assert "offers no TLS, and a password is not sent in the open" in send_due(ria, locked).errors[0]
    assert office.letters == []
    assert "geheim" not in repr(locked)


def test_whoever_dies_with_a_letter_in_hand_gives_it_back(
    ria: Desk, clock: SetClock, office: Office, mailbox: Mailbox
) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    assert len(take_mails(ria, TakeMails()).mails) == 1
    assert send_due(ria, mailbox).sent == 0
    later(clock, minutes=5)
    assert send_due(ria, mailbox).sent == 1
    assert len(office.letters) == 1


def test_of_many_senders_each_letter_is_sent_by_one(
    server: Handle, committed: str, office: Office, mailbox: Mailbox
) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    desks = [open_desk(lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW)) for _ in range(4)]
    customer = zoe(desks[0])
    for _ in range(6):
        mail_receipt(desks[0], MailReceipt(number=sold(desks[0], customer)))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda desk: send_due(desk, mailbox), desks))
    engine.dispose()
    assert sum(one.sent for one in found) == 6
    assert sorted(str(letter["Subject"]) for letter in office.letters) == [
        f"Receipt {number}, Vale Street" for number in range(1, 7)
    ]


def test_another_business_sees_and_sends_no_letter_of_ours(ria: Desk, office: Office, mailbox: Mailbox) -> None:
    sold(ria, zoe(ria))
    queued = mail_receipt(ria, MailReceipt(number=1))
    eve = open_desk(ria.sessions, vale_street.token("eve"), ria.clock)
    assert send_due(eve, mailbox).sent == 0
    assert list_outbox(eve, ListOutbox()).letters == ()
    with pytest.raises(errors.NotFound):
        send_again(eve, SendAgain(print_id=queued.print_id))
    anna = open_desk(ria.sessions, vale_street.token("anna"), ria.clock)
    with pytest.raises(errors.NotAllowed):
        send_due(anna, mailbox)
    assert office.letters == []


def test_a_receipt_that_is_asked_for_with_the_sale_is_queued_with_it_or_not_at_all(
    ria: Desk, office: Office, mailbox: Mailbox
) -> None:
    wish = CheckOut(
        products=(SellProduct(product_id=1),),
        customer_id=zoe(ria),
        tenders=(Pay(method="cash", amount=Decimal(20)),),
        mail_to="",
    )
    assert check_out(ria, wish) == check_out(ria, wish)
    assert send_due(ria, mailbox).sent == 1
    nobody = replace(wish, customer_id=None, request_id=uuid4())
    with pytest.raises(NoAddress):
        check_out(ria, nobody)
    with pytest.raises(NotPaidInFull):
        check_out(ria, replace(wish, tenders=(), mail_to="a@example.com", request_id=uuid4()))
    assert [one.receipt for one in list_outbox(ria, ListOutbox()).letters] == [1]


def test_a_letter_is_an_event_of_the_same_transaction_that_names_nobody(ria: Desk, mo: Desk) -> None:
    sold(ria, zoe(ria))
    mail_receipt(ria, MailReceipt(number=1))
    with transaction(mo) as session:
        events = session.execute(
            text("SELECT to_jsonb(o)::text FROM outbox_events o WHERE kind = 'mail.asked'")
        ).scalars()
        (event,) = events
    assert "zoe" not in event.casefold()
