"""Receipts and invoices by e-mail: asked for in a transaction, sent afterwards by whoever looks into the outbox (CO15).

A letter is a row of `prints` and an event of the outbox that names it. Who takes an event keeps it for a while; who
dies with it in hand gives it back when the while is over, and the next try carries the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from frontdesk.channels.mail import SECONDS, Mail, Mailbox, NotTaken, send_mail
from frontdesk.channels.pdf import receipt_pdf
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.receipt import as_text
from frontdesk.services.papers.invoices import invoice_pdf, show_in
from frontdesk.services.papers.receipts import rows_of, sale_numbered
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.documents import Print
from frontdesk.text import clean, email_address

LEASE = dt.timedelta(minutes=5)
"""So long a letter stays with whoever took it."""
WAITS = (1, 5, 15, 60, 180, 720)
"""Minutes until the next try; after the last one it is given up."""

LetterKind = Literal["receipt", "gift_receipt", "invoice"]


class NoAddress(Refusal):
    """{who} has no e-mail address here. Type one, or add it to the customer."""


@dataclass(frozen=True, kw_only=True)
class MailReceipt(Write):
    """A receipt that is to be sent, or its invoice, by the receipt's number."""

    number: int
    document: LetterKind = "receipt"
    address: str = ""
    """The customer's when it is not said."""


@dataclass(frozen=True)
class Queued:
    """A letter that waits to be sent."""

    print_id: int
    address: str
    is_copy: bool


@dataclass(frozen=True, kw_only=True)
class TakeMails(Write):
    """Letters that are due, to be sent by whoever asks."""

    most: int = 20


@dataclass(frozen=True)
class TakenMail:
    """A letter in hand."""

    event_id: int
    print_id: int
    attempts: int
    """How often it was tried, with this time."""


@dataclass(frozen=True)
class TakenMails:
    """In the order in which they are due."""

    mails: tuple[TakenMail, ...]


@dataclass(frozen=True, kw_only=True)
class SettleMail(Write):
    """What became of a letter in hand."""

    event_id: int
    print_id: int
    attempts: int
    error: str = ""
    for_good: bool = False
    """Whether trying again is no use."""


@dataclass(frozen=True)
class Settled:
    """What became of it."""

    outcome: str
    """`sent`, `waiting` or `given up`."""


@dataclass(frozen=True, kw_only=True)
class SendAgain(Write):
    """A letter that was given up is tried once more."""

    print_id: int


@dataclass(frozen=True, kw_only=True)
class ListOutbox:
    """Letters of this shop, the latest first."""

    limit: int = 50
    waiting: bool = False
    """Only those that are still to go."""


@dataclass(frozen=True)
class OutboxLetter:
    """A letter, and what became of it."""

    print_id: int
    document: str
    receipt: int
    address: str
    asked_at: dt.datetime
    outcome: str
    """`sent`, `waiting` or `given up`."""
    error: str
    """Why the last try failed."""


@dataclass(frozen=True)
class Outbox:
    """The latest first."""

    letters: tuple[OutboxLetter, ...]


@dataclass(frozen=True)
class Sent:
    """What one look into the outbox came to."""

    sent: int
    waiting: int
    given_up: int
    errors: tuple[str, ...]


@use_case(Deed.SELL)
def mail_receipt(work: Work, request: MailReceipt) -> Queued:
    """Ask for a receipt or an invoice to be sent. Raises NotFound, NoAddress, BadInput for what is no address."""
    sale_id = sale_numbered(work, request.number)
    return queue_mail(work, sale_id, request.document, request.address)


def queue_mail(work: Work, sale_id: int, document: LetterKind, address: str) -> Queued:
    """In the caller's transaction: the letter goes only if it commits. Raises NoAddress and BadInput."""
    found = work.session.execute(_WHOSE, {"sale": sale_id}).one()
    to = email_address(address) if clean(address) else found.email
    if not to:
        raise NoAddress(who=found.first_name or "Whoever paid")
    if document == "invoice" and found.version_id is None:
        raise BadInput("That receipt has no invoice. Make it first, then send it.", field="document")
    made = Print(
        shop_id=work.shop.id,
        sale_id=sale_id,
        invoice_version_id=found.version_id if document == "invoice" else None,
        document=document,
        channel="mail",
        address=to,
        asked_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(made)
    work.session.execute(_EVENT, {"shop": work.shop.id, "print": made.id, "now": work.now})
    return Queued(made.id, to, made.is_copy)


_WHOSE = text("""
    SELECT c.email, c.first_name,
           (SELECT v.id FROM invoices i JOIN invoice_versions v ON v.invoice_id = i.id
             WHERE i.sale_id = s.id ORDER BY v.version DESC LIMIT 1) AS version_id
      FROM sales s LEFT JOIN customers c ON c.id = s.customer_id WHERE s.id = :sale
""")
_EVENT = text("""
    INSERT INTO outbox_events (shop_id, kind, subject_id, created_at, due_at)
    VALUES (:shop, 'mail.asked', :print, :now, :now)
""")


@use_case(Deed.SELL)
def take_mails(work: Work, request: TakeMails) -> TakenMails:
    """Take the letters that are due out of everybody else's hands for a while."""
    asked = {"now": work.now, "lease": LEASE, "most": min(max(request.most, 1), 100)}
    rows = work.session.execute(text("SELECT * FROM claim_mails(:now, :lease, :most)"), asked).all()
    return TakenMails(tuple(TakenMail(row.event_id, row.print_id, row.attempts) for row in sorted(rows)))


@use_case(Deed.SELL)
def settle_mail(work: Work, request: SettleMail) -> Settled:
    """Write down what became of a letter: sent, to be tried again later, or given up. Raises NotFound."""
    made = work.session.get(Print, request.print_id)
    if made is None:
        raise NotFound(what="letter", name=request.print_id)
    made.error = clean(request.error)
    sent_at = None if made.error else work.now
    due: dt.datetime | None = None
    if made.error:
        waits = WAITS[request.attempts - 1] if request.attempts <= len(WAITS) and not request.for_good else None
        due = None if waits is None else work.now + dt.timedelta(minutes=waits)
        made.failed_at = work.now if due is None else None
    made.done_at = sent_at
    work.session.flush()
    asked = {"event": request.event_id, "sent": sent_at, "error": made.error, "due": due or _NEVER}
    work.session.execute(text("SELECT settle_mail(:event, :sent, :error, CAST(:due AS timestamptz))"), asked)
    return Settled("sent" if sent_at else "waiting" if due else "given up")


_NEVER = "infinity"


@use_case(Deed.SELL)
def send_again(work: Work, request: SendAgain) -> Queued:
    """Try a letter once more that was given up, as a letter of its own. Raises NotFound, BadInput."""
    made = work.session.get(Print, request.print_id)
    if made is None or made.channel != "mail":
        raise NotFound(what="letter", name=request.print_id, remedy="Look at the list of letters.")
    if made.failed_at is None:
        raise BadInput("That letter was sent, or will be. Ask for the receipt to be sent once more.", field="print_id")
    return queue_mail(work, made.sale_id, made.document, made.address)  # type: ignore[arg-type]  # checked by the table


@use_case(Deed.SELL)
def list_outbox(work: Work, request: ListOutbox) -> Outbox:
    """Letters that were asked for at this shop, and what became of each."""
    asked = {"shop": work.shop.id, "waiting": request.waiting, "limit": min(max(request.limit, 1), 500)}
    return Outbox(tuple(OutboxLetter(*row) for row in work.session.execute(_LIST, asked)))


_LIST = text("""
    SELECT p.id, p.document, s.number, p.address, p.asked_at,
           CASE WHEN p.done_at IS NOT NULL THEN 'sent' WHEN p.failed_at IS NOT NULL THEN 'given up'
                ELSE 'waiting' END AS outcome, p.error
      FROM prints p JOIN sales s ON s.id = p.sale_id
     WHERE p.shop_id = :shop AND p.channel = 'mail'
       AND (NOT :waiting OR (p.done_at IS NULL AND p.failed_at IS NULL))
     ORDER BY p.id DESC LIMIT :limit
""")


def _letter(work: Work, print_id: int, domain: str) -> Mail:
    """What a letter says, with its PDF."""
    made = work.session.get(Print, print_id)
    assert made is not None
    found = work.session.execute(_KEY, {"print": made.id}).one()
    if made.invoice_version_id is not None:
        issued = show_in(work, made.invoice_version_id)
        title = f"{'Invoice' if issued.kind == 'invoice' else 'Credit note'} {issued.number}"
        words, file = issued.text, invoice_pdf(work, made.invoice_version_id, copy=made.is_copy)
    else:
        rows = rows_of(work, made.sale_id, copy=made.is_copy, gift=made.document == "gift_receipt")
        title = f"Receipt {found.number}"
        words = as_text(rows)
        file = f"receipt-{found.number}.pdf", receipt_pdf([(row.text, row.style) for row in rows])
    return Mail(made.address, f"{title}, {found.shop}", words, f"<{found.key}@{domain}>", work.now, found.shop, (file,))


_KEY = text("""
    SELECT h.name AS shop, s.number,
           md5(p.id || ' ' || p.business_id || ' ' || p.asked_at || ' ' || p.address) AS key
      FROM prints p JOIN sales s ON s.id = p.sale_id JOIN shops h ON h.id = p.shop_id WHERE p.id = :print
""")


def send_due(desk: Desk, mailbox: Mailbox, *, most: int = 20, seconds: float = SECONDS) -> Sent:
    """Send what is due, letter by letter, each settled before the next; in the thread that calls.

    Raises BadInput when no mail server is named. A server that refuses raises nothing: the letter waits.
    """
    if not mailbox.is_there:
        raise BadInput(
            "No mail server is named here. Write smtp_host and smtp_from into config.toml (frontdesk info says where).",
            field="smtp_host",
        )
    outcomes, errors = [], []
    for mail in take_mails(desk, TakeMails(most=most)).mails:
        error, for_good = _sent(desk, mailbox, mail, seconds)
        settled = SettleMail(
            event_id=mail.event_id, print_id=mail.print_id, attempts=mail.attempts, error=error, for_good=for_good
        )
        outcomes.append(settle_mail(desk, settled).outcome)
        errors += [error] if error else []
    return Sent(outcomes.count("sent"), outcomes.count("waiting"), outcomes.count("given up"), tuple(errors))


def _sent(desk: Desk, mailbox: Mailbox, mail: TakenMail, seconds: float) -> tuple[str, bool]:
    """Why it was not taken, and whether that is for good; nothing when it was."""
    with transaction(desk) as session:
        letter = _letter(Work(desk, session), mail.print_id, mailbox.sender.rpartition("@")[2])
    try:
        send_mail(mailbox, letter, seconds=seconds)
    except NotTaken as refused:
        return str(refused), refused.for_good
    return "", False
