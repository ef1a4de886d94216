"""Invoices of sales, credit notes of what goes back, and corrections as versions that leave the first (CO16)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import select

from frontdesk.channels.pdf import Cell, Letter, Table, letter_pdf
from frontdesk.clock import local
from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.invoice import InvoiceLine, InvoicePaper, Party, invoice_text
from frontdesk.rules.pricing import TaxAmount
from frontdesk.services.papers.receipts import sale_numbered
from frontdesk.services.typed import reason_given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.documents import Invoice, InvoiceVersion
from frontdesk.tables.sales import Sale
from frontdesk.text import clean, clean_lines


class InvoicedAlready(Refusal):
    """Receipt {receipt} has invoice {number} already. Correct that one, or show it."""


class NothingToCredit(Refusal):
    """Receipt {receipt} gives money back of receipt {of}, which has no invoice. Make the invoice of {of} first."""


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who pays. What is not said is what stood on the customer's last invoice, or the customer's name."""

    buyer_name: str = ""
    buyer_address: str = ""
    """Line by line."""
    buyer_tax_number: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IssueInvoice(Buyer, Write):
    """An invoice of a sale, or a credit note of a refund or a void, by its receipt's number."""

    receipt: int


@dataclass(frozen=True, kw_only=True)
class CorrectInvoice(Buyer, Write):
    """Another version of an invoice, with another buyer, and why. The earlier ones stay as they are."""

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShowInvoice:
    """An invoice by its number: as it stands, or as a version of it stood."""

    number: int
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ListInvoices:
    """The latest invoices of this shop, or a customer's."""

    customer_id: int | None = None
    limit: int = 50


@dataclass(frozen=True)
class IssuedInvoice:
    """An invoice as it was issued."""

    invoice_id: int
    version_id: int
    number: int
    version: int
    versions: int
    """How many there are."""
    kind: str
    receipt: int
    sale_id: int
    total: Decimal
    text: str


@dataclass(frozen=True)
class InvoiceLineOfList:
    """One invoice in a list, as it stands."""

    number: int
    version: int
    kind: str
    receipt: int
    day: dt.date
    buyer: str
    total: Decimal


@dataclass(frozen=True)
class Invoices:
    """The latest first."""

    invoices: tuple[InvoiceLineOfList, ...]


_PAPER: TypeAdapter[InvoicePaper] = TypeAdapter(InvoicePaper)


@use_case(Deed.SELL)
def issue_invoice(work: Work, request: IssueInvoice) -> IssuedInvoice:
    """Make the invoice of a sale under the shop's next number; of what goes back, a credit note.

    Raises NotFound, InvoicedAlready, NothingToCredit and BadInput for a buyer without a name.
    """
    sale = work.session.get(Sale, sale_numbered(work, request.receipt))
    assert sale is not None
    if (there := _of_sale(work, sale.id)) is not None:
        raise InvoicedAlready(receipt=sale.number, number=there.number)
    if sale.corrects_id is None:
        return _issued(work, sale, _buyer(work, request, sale.customer_id), None, "")
    issued = credit(work, sale)
    if issued is None:
        of = work.session.get(Sale, sale.corrects_id)
        raise NothingToCredit(receipt=sale.number, of=of.number if of else "")
    return issued


def credit(work: Work, sale: Sale) -> IssuedInvoice | None:
    """In a refund's or void's transaction: the credit note of it, when the sale it gives back has an invoice."""
    first = _of_sale(work, sale.corrects_id or 0)
    if first is None:
        return None
    last = _version(work, first.id, None)
    bought = InvoiceWish(last.buyer_name, last.buyer_address, last.buyer_tax_number, last.customer_id)
    return _issued(work, sale, bought, first, sale.reason)


@use_case(Deed.SELL)
def correct_invoice(work: Work, request: CorrectInvoice) -> IssuedInvoice:
    """Issue it again under its number, with another buyer; the versions before stay. Raises NotFound, ReasonMissing,
    BadInput."""
    reason = reason_given(request.reason)
    invoice = _numbered(work, request.number)
    before = _version(work, invoice.id, None)
    buyer = InvoiceWish(
        clean(request.buyer_name) or before.buyer_name,
        clean_lines(request.buyer_address) or before.buyer_address,
        clean(request.buyer_tax_number) or before.buyer_tax_number,
        request.customer_id or before.customer_id,
    )
    if buyer == InvoiceWish(before.buyer_name, before.buyer_address, before.buyer_tax_number, before.customer_id):
        raise BadInput("Nothing of that is another than it was. Say what has to be corrected.", field="buyer_name")
    paper = replace(
        _paper_of(before), buyer=buyer.party(), version=before.version + 1, reason=reason, day=_day(work, work.now)
    )
    made = _kept(work, invoice, buyer, paper, reason)
    work.tell("invoice.corrected", invoice.id, number=invoice.number)
    return _answer(work, invoice, made)


@use_case(Deed.SELL)
def show_invoice(work: Work, request: ShowInvoice) -> IssuedInvoice:
    """An invoice as it was issued, in this version or that. Raises NotFound."""
    invoice = _numbered(work, request.number)
    return _answer(work, invoice, _version(work, invoice.id, request.version))


@use_case(Deed.SELL)
def list_invoices(work: Work, request: ListInvoices) -> Invoices:
    """Invoices and credit notes as they stand, the latest first."""
    asked = {"shop": work.shop.id, "customer": request.customer_id, "limit": min(max(request.limit, 1), 500)}
    rows = work.session.execute(_LIST, asked)
    return Invoices(
        tuple(
            InvoiceLineOfList(
                row.number,
                row.version,
                row.kind,
                row.receipt,
                local(row.issued_at, work.shop.timezone).date(),
                row.buyer_name,
                row.total,
            )
            for row in rows
        )
    )


_LIST = text("""
    SELECT i.number, v.version, i.kind, s.number AS receipt, i.issued_at, v.buyer_name, s.total
      FROM invoices i JOIN sales s ON s.id = i.sale_id
      CROSS JOIN LATERAL (SELECT version, buyer_name, customer_id FROM invoice_versions
                           WHERE invoice_id = i.id ORDER BY version DESC LIMIT 1) v
     WHERE i.shop_id = :shop AND (CAST(:customer AS bigint) IS NULL OR v.customer_id = :customer)
     ORDER BY i.number DESC LIMIT :limit
""")


def show_in(work: Work, version_id: int) -> IssuedInvoice:
    """A version by its row, in the caller's transaction."""
    made = work.session.get(InvoiceVersion, version_id)
    assert made is not None
    invoice = work.session.get(Invoice, made.invoice_id)
    assert invoice is not None
    return _answer(work, invoice, made)


def invoice_pdf(work: Work, version_id: int, *, copy: bool) -> tuple[str, bytes]:
    """A version of an invoice as PDF, and what to call the file."""
    made = work.session.get(InvoiceVersion, version_id)
    assert made is not None
    paper = _paper_of(made)
    page = "LETTER" if work.shop.country in ("US", "CA") else "A4"
    return f"{paper.title.lower().replace(', ', '-').replace(' ', '-')}.pdf", letter_pdf(_letter(paper, copy, page))


def _letter(paper: InvoicePaper, copy: bool, page: str) -> Letter:
    what = Table(
        (Cell(""), Cell("How many", True), Cell("Price", True), Cell("Off", True), Cell("Amount", True)),
        (0.46, 0.12, 0.14, 0.13, 0.15),
        paper.rows(),
    )
    taxes = Table(
        (Cell("Tax"), Cell("Net", True), Cell("Tax", True), Cell("Gross", True)), (0.52, 0.16, 0.16, 0.16),
        paper.tax_rows(),
    )  # fmt: skip
    return Letter(
        paper.title, paper.seller.lines(), paper.buyer.lines(), paper.facts(),
        (what, taxes) if paper.taxes else (what,), paper.totals(), paper.notes(), "COPY" if copy else "", page,
    )  # fmt: skip


@dataclass(frozen=True)
class InvoiceWish:
    """A buyer as they stand on the paper."""

    name: str
    address: str
    tax_number: str
    customer_id: int | None

    def party(self) -> Party:
        """For the paper."""
        return Party(self.name, tuple(self.address.splitlines()), self.tax_number)


def _buyer(work: Work, request: Buyer, payer: int | None) -> InvoiceWish:
    customer = request.customer_id or payer
    before = None
    known = ""
    if customer is not None:
        row = work.session.execute(_CUSTOMER, {"id": customer}).one_or_none()
        if row is None:
            raise NotFound(what="customer", name=customer, remedy="Look them up first.")
        known = person(row.first_name, row.last_name, row.code)
        latest = select(InvoiceVersion).where(InvoiceVersion.customer_id == customer)
        before = work.session.exec(latest.order_by(text("id DESC")).limit(1)).first()
    name = clean(request.buyer_name) or (before.buyer_name if before else known)
    if not name:
        raise BadInput("An invoice names who pays. Say their name.", field="buyer_name")
    same = before is not None and name == before.buyer_name
    return InvoiceWish(
        name,
        clean_lines(request.buyer_address) or (before.buyer_address if before and same else ""),
        clean(request.buyer_tax_number) or (before.buyer_tax_number if before and same else ""),
        customer,
    )


_CUSTOMER = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")


def _of_sale(work: Work, sale_id: int) -> Invoice | None:
    return work.session.exec(select(Invoice).where(Invoice.sale_id == sale_id)).one_or_none()


def _numbered(work: Work, number: int) -> Invoice:
    found = select(Invoice).where(Invoice.shop_id == work.shop.id, Invoice.number == number)
    invoice = work.session.exec(found).one_or_none()
    if invoice is None:
        raise NotFound(what="invoice", name=number, remedy="Look at the list of invoices.")
    return invoice


def _version(work: Work, invoice_id: int, version: int | None) -> InvoiceVersion:
    found = select(InvoiceVersion).where(InvoiceVersion.invoice_id == invoice_id)
    if version is not None:
        found = found.where(InvoiceVersion.version == version)
    made = work.session.exec(found.order_by(text("version DESC")).limit(1)).first()
    if made is None:
        raise NotFound(what="version", name=version, remedy="Look at the invoice as it stands.")
    return made


def _issued(work: Work, sale: Sale, buyer: InvoiceWish, of: Invoice | None, reason: str) -> IssuedInvoice:
    """The row takes the number, and holds the shop's series until the commit."""
    invoice = Invoice(
        shop_id=work.shop.id,
        kind="invoice" if of is None else "credit_note",
        sale_id=sale.id,
        corrects_id=of.id if of else None,
        issued_at=work.now,
    )
    work.session.add(invoice)
    work.session.flush()
    work.session.refresh(invoice)
    paper = _paper(work, sale, invoice, buyer, of, reason)
    made = _kept(work, invoice, buyer, paper, "")
    work.tell("invoice.issued", invoice.id, number=invoice.number)
    return _answer(work, invoice, made)


def _kept(work: Work, invoice: Invoice, buyer: InvoiceWish, paper: InvoicePaper, reason: str) -> InvoiceVersion:
    made = InvoiceVersion(
        invoice_id=invoice.id,
        buyer_name=buyer.name,
        buyer_address=buyer.address,
        buyer_tax_number=buyer.tax_number,
        customer_id=buyer.customer_id,
        reason=reason,
        contents=_PAPER.dump_python(paper, mode="json"),
        issued_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(made)
    return made


def _paper(
    work: Work, sale: Sale, invoice: Invoice, buyer: InvoiceWish, of: Invoice | None, reason: str
) -> InvoicePaper:
    asked = {"sale": sale.id}
    shop = work.session.execute(_SHOP, {"shop": work.shop.id}).one()
    return InvoicePaper(
        kind=invoice.kind,
        number=invoice.number,
        version=1,
        day=_day(work, work.now),
        supplied=f"{sale.day:%d %b %Y}",
        receipt=str(sale.number or sale.imported_number),
        of=of.number if of else None,
        reason=reason,
        seller=Party(shop.name, tuple(shop.address.splitlines()), shop.tax_number),
        buyer=buyer.party(),
        lines=tuple(InvoiceLine(*row) for row in work.session.execute(_LINES, asked)),
        taxes=tuple(TaxAmount(*row) for row in work.session.execute(_TAXES, asked)),
        total=sale.total,
        tip=sale.tip,
        paid=tuple((row.method, row.amount) for row in work.session.execute(_PAID, asked)),
        no_tax_because=sale.tax_exempt_reason,
        footer=tuple(shop.receipt_footer.splitlines()),
        currency=sale.currency,
        locale=work.shop.locale,
    )


def _day(work: Work, at: dt.datetime) -> str:
    return f"{local(at, work.shop.timezone):%d %b %Y}"


def _paper_of(made: InvoiceVersion) -> InvoicePaper:
    return replace(_PAPER.validate_python(made.contents), version=made.version)


def _answer(work: Work, invoice: Invoice, made: InvoiceVersion) -> IssuedInvoice:
    paper = _paper_of(made)
    count = text("SELECT count(*) FROM invoice_versions WHERE invoice_id = :invoice")
    versions: int = work.session.execute(count, {"invoice": invoice.id}).scalar_one()
    return IssuedInvoice(
        invoice.id, made.id, invoice.number, made.version, versions, invoice.kind, int(paper.receipt), invoice.sale_id,
        paper.total, invoice_text(paper),
    )  # fmt: skip


_SHOP = text("SELECT name, address, tax_number, receipt_footer FROM shops WHERE id = :shop")
_LINES = text("""
    SELECT name, quantity, unit_price, discount, gross - discount AS amount FROM sale_lines
     WHERE sale_id = :sale AND kind <> 'prepaid_tax' ORDER BY position
""")
_TAXES = text("""
    SELECT t.tax_id, t.name, t.percent, t.inclusive, sum(t.taxable) AS taxable, sum(t.amount) AS amount
      FROM sale_line_taxes t JOIN sale_lines l ON l.id = t.sale_line_id WHERE l.sale_id = :sale
     GROUP BY t.tax_id, t.name, t.percent, t.inclusive ORDER BY t.tax_id
""")
_PAID = text("SELECT method, amount FROM payments WHERE sale_id = :sale ORDER BY position")
