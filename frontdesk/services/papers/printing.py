"""Receipts and invoices on paper: written down before they are printed, so that the second one says COPY (CO15).

Printing comes after the sale's commit and belongs to none of its transactions: a printer that is off is told in a
sentence, and the sale stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import text

from frontdesk.channels.pdf import receipt_pdf
from frontdesk.channels.printer import SECONDS, PrinterOff, PrintRow, escpos, send
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.receipt import Row
from frontdesk.services.papers.invoices import invoice_pdf
from frontdesk.services.papers.receipts import rows_of, sale_numbered
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.documents import Print
from frontdesk.text import clean

Document = Literal["receipt", "gift_receipt", "invoice"]
NAMES: dict[Document, str] = {"receipt": "Receipt", "gift_receipt": "Gift receipt", "invoice": "Invoice"}


NO_PRINTER = (
    'No printer is named here. Write printer = "tcp://192.168.1.50:9100" or "file:/dev/usb/lp0" into config.toml; '
    "frontdesk info says where it is."
)


@dataclass(frozen=True, kw_only=True)
class BeginPrint(Write):
    """A receipt that is about to be printed, by its number or its row's."""

    number: int | None = None
    sale_id: int | None = None
    document: Document = "receipt"
    """An invoice is a page, and no printer's that prints receipts."""
    channel: Literal["printer", "pdf"] = "printer"


@dataclass(frozen=True)
class PrintJob:
    """What to print."""

    print_id: int
    invoice_version_id: int | None
    """Which issue of the invoice; none for a receipt."""
    number: int
    is_copy: bool
    took_cash: bool
    """Whether the drawer has to open for it."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class EndPrint(Write):
    """What became of it."""

    print_id: int
    error: str = ""
    """Why it was not printed; empty when it was."""


@dataclass(frozen=True, kw_only=True)
class ShowPrints:
    """What left the house of a sale, by its number."""

    number: int


@dataclass(frozen=True)
class PrintedOnce:
    """One time it was printed or sent."""

    id: int
    document: str
    channel: str
    is_copy: bool
    address: str
    outcome: str
    """`done`, `failed`, or `waiting`."""
    error: str


@dataclass(frozen=True)
class Prints:
    """In the order in which they were asked for."""

    prints: tuple[PrintedOnce, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt to print."""

    printed: bool
    is_copy: bool
    sentence: str
    """For whoever stands there: that it was printed, or why not and what to do."""


@use_case(Deed.SELL)
def begin_print(work: Work, request: BeginPrint) -> PrintJob:
    """Write down that a receipt is printed, and what is to be printed. Raises NotFound."""
    sale_id = _sale(work, request)
    is_page = request.document == "invoice"
    if is_page and request.channel == "printer":
        raise BadInput("An invoice is a page: save it with --pdf, or send it by e-mail.", field="document")
    version = work.session.execute(_ISSUE, {"sale": sale_id}).scalar() if is_page else None
    if is_page and version is None:
        raise BadInput("That receipt has no invoice. Make it first.", field="document")
    made = Print(
        shop_id=work.shop.id,
        sale_id=sale_id,
        invoice_version_id=version,
        document=request.document,
        channel=request.channel,
        asked_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(made)
    sale = work.session.execute(_TOOK_CASH, {"sale": sale_id}).one()
    gift = request.document == "gift_receipt"
    rows = () if is_page else rows_of(work, sale_id, copy=made.is_copy, gift=gift)
    opens = sale.took_cash and not (gift or made.is_copy)
    return PrintJob(made.id, made.invoice_version_id, sale.number, made.is_copy, opens, rows)


_ISSUE = text("""
    SELECT v.id FROM invoices i JOIN invoice_versions v ON v.invoice_id = i.id
     WHERE i.sale_id = :sale ORDER BY v.version DESC LIMIT 1
""")


_TOOK_CASH = text("""
    SELECT s.number, EXISTS (SELECT FROM payments p WHERE p.sale_id = s.id AND p.method = 'cash') AS took_cash
      FROM sales s WHERE s.id = :sale
""")


def _sale(work: Work, request: BeginPrint) -> int:
    if request.number is not None:
        return sale_numbered(work, request.number)
    found = text("SELECT id FROM sales WHERE shop_id = :shop AND id = :id AND status = 'closed' AND number IS NOT NULL")
    sale_id = work.session.execute(found, {"shop": work.shop.id, "id": request.sale_id}).scalar()
    if sale_id is None:
        raise NotFound(what="receipt", name=f"#{request.sale_id}", remedy="Look at the day's report.")
    return int(sale_id)


@use_case(Deed.SELL)
def end_print(work: Work, request: EndPrint) -> PrintedOnce:
    """Write down what became of it. What was never printed is no original. Raises NotFound."""
    made = work.session.get(Print, request.print_id)
    if made is None:
        raise NotFound(what="print", name=request.print_id)
    made.error = clean(request.error)
    made.done_at, made.failed_at = (None, work.now) if made.error else (work.now, None)
    work.session.flush()
    return _once(made)


@use_case(Deed.SELL)
def show_prints(work: Work, request: ShowPrints) -> Prints:
    """When a receipt was printed and sent, and what became of it. Raises NotFound."""
    sale_id = sale_numbered(work, request.number)
    rows = work.session.execute(_OF_SALE, {"sale": sale_id}).scalars()
    found = [work.session.get(Print, one) for one in rows]
    return Prints(tuple(_once(one) for one in found if one is not None))


_OF_SALE = text("SELECT id FROM prints WHERE sale_id = :sale ORDER BY id")


def _once(made: Print) -> PrintedOnce:
    outcome = "done" if made.done_at else "failed" if made.failed_at else "waiting"
    return PrintedOnce(made.id, made.document, made.channel, made.is_copy, made.address, outcome, made.error)


def print_receipt(desk: Desk, printer: str, request: BeginPrint, *, seconds: float = SECONDS) -> Outcome:
    """Print a receipt, in the thread that calls: two short transactions with the printer between them.

    A printer that fails raises nothing: the outcome says so. Raises NotFound, and what speaks against asking at all.
    """
    if not printer:
        return Outcome(False, False, NO_PRINTER)
    job = begin_print(desk, request)
    rows = [PrintRow(row.text, row.style) for row in job.rows]
    try:
        send(printer, escpos(rows, kick=job.took_cash), seconds=seconds)
    except (PrinterOff, BadInput) as refusal:
        end_print(desk, EndPrint(print_id=job.print_id, error=refusal.sentence))
        return Outcome(False, job.is_copy, refusal.sentence)
    end_print(desk, EndPrint(print_id=job.print_id))
    return Outcome(
        True, job.is_copy, f"{NAMES[request.document]} {job.number} printed{', as a copy' if job.is_copy else ''}."
    )


@dataclass(frozen=True)
class PdfFile:
    """A document as PDF."""

    name: str
    data: bytes
    is_copy: bool


def as_pdf(desk: Desk, request: BeginPrint) -> PdfFile:
    """A receipt, a gift receipt or an invoice as PDF; written down like a print. Raises NotFound and BadInput."""
    job = begin_print(desk, replace(request, channel="pdf"))
    if job.invoice_version_id is not None:
        with transaction(desk) as session:
            name, data = invoice_pdf(Work(desk, session), job.invoice_version_id, copy=job.is_copy)
    else:
        name = f"{request.document.replace('_', '-')}-{job.number}.pdf"
        data = receipt_pdf([(row.text, row.style) for row in job.rows])
    end_print(desk, EndPrint(print_id=job.print_id))
    return PdfFile(name, data, job.is_copy)


def print_text(printer: str, printed: str, *, qr: str = "", seconds: float = SECONDS) -> Outcome:
    """Print a text as it is, 42 columns wide: a Z, a quote, a statement. Never raises for a printer that fails."""
    if not printer:
        return Outcome(False, False, NO_PRINTER)
    try:
        send(printer, escpos(map(PrintRow, printed.splitlines()), qr=qr), seconds=seconds)
    except (PrinterOff, BadInput) as refusal:
        return Outcome(False, False, refusal.sentence)
    return Outcome(True, False, "Printed.")
