"""frontdesk receipt, invoice, outbox: what is printed, saved and sent (features CO15, CO16)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import amount, say, show, table, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontdesk.channels.mail import Mailbox
    from frontdesk.desk import Desk
    from frontdesk.services.papers.invoices import IssuedInvoice
    from frontdesk.services.papers.outbox import Sent

Document = Literal["receipt", "gift_receipt", "invoice"]

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=Writing)
@click.argument("number", type=int)
@click.option("--gift", is_flag=True, help="Without prices, for whoever is given it.")
@click.option("--print", "on_paper", is_flag=True, help="On the printer; the first one printed is the receipt.")
@click.option("--pdf", type=_FILE, metavar="FILE", help="Into a file.")
@click.option("--mail", is_flag=True, help="By e-mail, to the customer or to --to.")
@click.option("--to", metavar="ADDRESS", default="", help="Another address than the customer's.")
def receipt(number: int, gift: bool, on_paper: bool, pdf: Path | None, mail: bool, to: str) -> None:
    """A receipt again, by its number: shown as a copy, printed, saved or sent."""
    from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt

    document: Document = "gift_receipt" if gift else "receipt"
    with open_desk() as desk:
        if on_paper or pdf or mail or to:
            _hand_out(desk, number, document, on_paper=on_paper, pdf=pdf, mail=mail or bool(to), to=to)
            return
        copy = copy_receipt(desk, ShowReceipt(number=number, gift=gift))
    show(asked(), copy, lambda: [text(copy.receipt)])


def _hand_out(
    desk: Desk, number: int, document: Document, *, on_paper: bool, pdf: Path | None, mail: bool, to: str
) -> None:
    """Printed, saved and sent, in this order; each says what became of it."""
    from frontdesk.services.papers.outbox import MailReceipt, mail_receipt
    from frontdesk.services.papers.printing import BeginPrint, Outcome, as_pdf, print_receipt

    once = asked().once()
    if on_paper:
        printed: Outcome = print_receipt(
            desk, asked().settings.printer, BeginPrint(number=number, document=document, **once)
        )
        show(asked(), printed, lambda: [text(printed.sentence)])
        if not printed.printed:
            raise click.exceptions.Exit(3)
    if pdf is not None:
        made = as_pdf(desk, BeginPrint(number=number, document=document))
        pdf.write_bytes(made.data)
        say(f"{made.name} saved as {pdf}.")
    if mail:
        queued = mail_receipt(desk, MailReceipt(number=number, document=document, address=to))
        show(asked(), queued, lambda: [text(f"Queued for {queued.address}.")])
        if asked().settings.smtp_host:
            _tell(_sent(desk))
        else:
            say("It goes when somebody sends the outbox: frontdesk outbox send.")


@click.group()
def invoice() -> None:
    """Numbered invoices of receipts, their versions, and credit notes."""


_BUYER = (
    click.option("--name", default="", metavar="NAME", help="Who pays; the customer when it is not said."),
    click.option("--address", default="", metavar="LINES", help=r"Where, line by line: 'Street 1\nTown'."),
    click.option("--tax-number", default="", metavar="NUMBER", help="Under which number they pay taxes."),
    click.option("--customer", metavar="WHO", help="Whose it is, when it is not the payer's."),
)


def _with_buyer(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_BUYER):
        command = option(command)
    return command


@invoice.command(cls=Writing)
@click.argument("receipt", type=int)
@_with_buyer
def make(receipt: int, name: str, address: str, tax_number: str, customer: str | None) -> None:
    """Make the invoice of a receipt; of a refund or a void, its credit note."""
    from frontdesk.services.papers.invoices import IssueInvoice, issue_invoice

    with open_desk() as desk:
        made = issue_invoice(
            desk,
            IssueInvoice(
                receipt=receipt,
                buyer_name=name,
                buyer_address=_lines(address),
                buyer_tax_number=tax_number,
                customer_id=_customer(desk, customer),
                **asked().once(),
            ),
        )
        _shown(made)


@invoice.command(cls=Writing)
@click.argument("number", type=int)
@click.option("--reason", required=True, metavar="WHY", help="Why; it stands on it.")
@_with_buyer
def correct(number: int, reason: str, name: str, address: str, tax_number: str, customer: str | None) -> None:
    """Issue it again with another buyer, as its next version; the earlier ones stay."""
    from frontdesk.services.papers.invoices import CorrectInvoice, correct_invoice

    with open_desk() as desk:
        made = correct_invoice(
            desk,
            CorrectInvoice(
                number=number,
                reason=reason,
                buyer_name=name,
                buyer_address=_lines(address),
                buyer_tax_number=tax_number,
                customer_id=_customer(desk, customer),
                **asked().once(),
            ),
        )
        _shown(made)


@invoice.command("show", cls=Writing)
@click.argument("number", type=int)
@click.option("--version", type=int, metavar="N", help="As that version stood.")
@click.option("--pdf", type=_FILE, metavar="FILE", help="Into a file: the invoice as it stands.")
@click.option("--mail", is_flag=True, help="By e-mail, to the customer or to --to.")
@click.option("--to", metavar="ADDRESS", default="", help="Another address than the customer's.")
def show_(number: int, version: int | None, pdf: Path | None, mail: bool, to: str) -> None:
    """An invoice or a credit note, by its number."""
    from frontdesk.services.papers.invoices import ShowInvoice, show_invoice

    with open_desk() as desk:
        made = show_invoice(desk, ShowInvoice(number=number, version=version))
        _shown(made)
        if pdf or mail or to:
            _hand_out(desk, made.receipt, "invoice", on_paper=False, pdf=pdf, mail=mail or bool(to), to=to)


@invoice.command("list", cls=Reading)
@click.option("--customer", metavar="WHO", help="Only this one's.")
@click.option("--limit", type=int, default=50, show_default=True, help="How many at most.")
def list_(customer: str | None, limit: int) -> None:
    """The latest invoices and credit notes of this shop."""
    from frontdesk.services.papers.invoices import ListInvoices, list_invoices

    with open_desk() as desk:
        found = list_invoices(desk, ListInvoices(customer_id=_customer(desk, customer), limit=limit))
        shop = desk.shop
    headings = ("Number", "Version", "What", "Receipt", "Day", "Who pays", "Total")
    show(asked(), found, lambda: [
        table(headings, [
            (str(one.number), str(one.version), one.kind.replace("_", " "), str(one.receipt), str(one.day), one.buyer,
             amount(one.total, shop))
            for one in found.invoices
        ], right=("Number", "Version", "Receipt", "Total"))
    ])  # fmt: skip


@click.group()
def outbox() -> None:
    """Letters that were asked for: which are still to go, and why one does not."""


@outbox.command(cls=Writing)
@click.option("--most", type=int, default=20, show_default=True, help="So many at most.")
@click.option("--every", type=click.IntRange(1), metavar="SECONDS", help="Again and again, until it is ended.")
def send(most: int, every: int | None) -> None:
    """Send what is due. What the mail server does not take is tried again later, seven times in all."""
    if every is not None:
        _send_on(most, every)
    with open_desk() as desk:
        done = _sent(desk, most)
    _tell(done)
    show(asked(), done, list)


def _send_on(most: int, every: int) -> NoReturn:
    """For ever; a database that is away for a while is waited for."""
    import time

    from frontdesk.errors import Busy, Unreachable

    while True:
        try:
            with open_desk() as desk:
                done = _sent(desk, most)
            if done.sent or done.errors:
                _tell(done)
        except (Busy, Unreachable) as away:
            say(away.sentence)
        time.sleep(every)


@outbox.command("list", cls=Reading)
@click.option("--waiting", is_flag=True, help="Only those that are still to go.")
@click.option("--limit", type=int, default=50, show_default=True, help="How many at most.")
def letters(waiting: bool, limit: int) -> None:
    """Letters of this shop, the latest first."""
    from frontdesk.services.papers.outbox import ListOutbox, list_outbox

    with open_desk() as desk:
        found = list_outbox(desk, ListOutbox(waiting=waiting, limit=limit))
    headings = ("Letter", "What", "Receipt", "To", "Outcome", "Why")
    show(asked(), found, lambda: [
        table(headings, [
            (str(one.print_id), one.document.replace("_", " "), str(one.receipt), one.address, one.outcome, one.error)
            for one in found.letters
        ], right=("Letter", "Receipt"))
    ])  # fmt: skip


@outbox.command(cls=Writing)
@click.argument("letter", type=int)
def again(letter: int) -> None:
    """Try a letter once more that was given up."""
    from frontdesk.services.papers.outbox import SendAgain, send_again

    with open_desk() as desk:
        queued = send_again(desk, SendAgain(print_id=letter, **asked().once()))
        show(asked(), queued, lambda: [text(f"Queued for {queued.address}.")])


def _sent(desk: Desk, most: int = 20) -> Sent:
    from frontdesk.services.papers.outbox import send_due

    return send_due(desk, _mailbox(), most=most)


def _tell(done: Sent) -> None:
    for error in done.errors:
        say(f"Not sent: {error}.")
    say(f"{done.sent} sent, {done.waiting} tried again later, {done.given_up} given up.")


def _mailbox() -> Mailbox:
    from frontdesk.channels.mail import Mailbox

    settings = asked().settings
    return Mailbox(
        settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password, settings.smtp_from
    )


def _shown(made: IssuedInvoice) -> None:
    show(asked(), made, lambda: [text(made.text)])


def _lines(typed: str) -> str:
    return typed.replace("\\n", "\n")


def _customer(desk: Desk, words: str | None) -> int | None:
    from frontdesk.cli.names import customer_named

    return customer_named(desk, words) if words else None
