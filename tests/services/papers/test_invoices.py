"""Invoices: numbers without gaps, versions that leave the first as it was, credit notes for what goes back (CO16)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.papers.invoices import (
    CorrectInvoice,
    InvoicedAlready,
    IssuedInvoice,
    IssueInvoice,
    ListInvoices,
    NothingToCredit,
    ShowInvoice,
    correct_invoice,
    invoice_pdf,
    issue_invoice,
    list_invoices,
    show_invoice,
)
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from frontdesk.services.use_case import Work
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.goldens import agree
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, booked, march

GOLDENS = Path(__file__).parents[1] / "goldens"
CASH = Pay(method="cash", amount=Decimal(200))


def sold(desk: Desk) -> Receipted:
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    wish = CheckOut(
        appointment_ids=(visit.appointment_id,),
        products=(SellProduct(product_id=1, stylist_id=BO),),
        tip=Decimal(5),
        discount=Off(percent=Decimal(10)),
        discount_reason="Regular",
        tenders=(CASH,),
    )
    return check_out(desk, wish)


def shampoo(desk: Desk) -> Receipted:
    return check_out(desk, CheckOut(products=(SellProduct(product_id=1),), tenders=(CASH,)))


def test_an_invoice_says_who_pays_and_reads_like_this(ria: Desk) -> None:
    sold(ria)
    wish = IssueInvoice(
        receipt=1, buyer_name="Doe & Söhne <GmbH>", buyer_address="Straße 1\n10115 Berlin", buyer_tax_number="DE 123"
    )
    made = issue_invoice(ria, wish)
    assert (made.number, made.version, made.kind, made.total) == (1, 1, "invoice", Decimal("88.20"))
    agree(GOLDENS / "invoice.txt", made.text.encode())
    with pytest.raises(InvoicedAlready, match="Receipt 1 has invoice 1 already"):
        issue_invoice(ria, replace(wish, request_id=uuid4()))
    assert issue_invoice(ria, wish) == made, "the same wish is answered again"


def test_a_buyer_is_known_from_the_last_time(ria: Desk) -> None:
    sold(ria)
    assert issue_invoice(ria, IssueInvoice(receipt=1)).text.count("Jane Doe") == 1
    shampoo(ria)
    with pytest.raises(errors.BadInput, match="names who pays"):
        issue_invoice(ria, IssueInvoice(receipt=2))
    issue_invoice(ria, IssueInvoice(receipt=2, customer_id=JANE, buyer_name="Doe Ltd", buyer_address="2 High Street"))
    shampoo(ria)
    third = issue_invoice(ria, IssueInvoice(receipt=3, customer_id=JANE))
    assert "Doe Ltd" in third.text
    assert "2 High Street" in third.text
    mine = list_invoices(ria, ListInvoices(customer_id=JANE)).invoices
    assert [(one.number, one.buyer) for one in mine] == [(3, "Doe Ltd"), (2, "Doe Ltd"), (1, "Jane Doe")]


def test_a_correction_makes_version_two_and_keeps_one(ria: Desk) -> None:
    sold(ria)
    first = issue_invoice(ria, IssueInvoice(receipt=1))
    second = correct_invoice(ria, CorrectInvoice(number=1, buyer_name="Jane Doe Ltd", reason="The firm pays"))
    assert (second.number, second.version, second.versions) == (1, 2, 2)
    assert "INVOICE 1, VERSION 2" in second.text
    assert "The firm pays" in second.text
    assert show_invoice(ria, ShowInvoice(number=1)) == second
    assert show_invoice(ria, ShowInvoice(number=1, version=1)).text == first.text
    with pytest.raises(errors.BadInput, match="Nothing of that is another"):
        correct_invoice(ria, CorrectInvoice(number=1, reason="Again"))
    with pytest.raises(errors.ReasonMissing):
        correct_invoice(ria, CorrectInvoice(number=1, buyer_name="X", reason=" "))
    with pytest.raises(errors.NotFound, match="no version 3"):
        show_invoice(ria, ShowInvoice(number=1, version=3))
    for statement in ("UPDATE invoice_versions SET buyer_name = 'X'", "DELETE FROM invoices"):
        with pytest.raises(ProgrammingError), transaction(ria, uuid4()) as session:
            session.execute(text(statement))


def test_what_goes_back_of_an_invoiced_sale_has_its_credit_note(ria: Desk, mo: Desk) -> None:
    sold(ria)
    issue_invoice(ria, IssueInvoice(receipt=1))
    part = refund(mo, Refund(number=1, reason="Burst", amount=Decimal("10.00")))
    assert part.credit_note == 2
    note = show_invoice(mo, ShowInvoice(number=2))
    assert (note.kind, note.total) == ("credit_note", Decimal("-10.00"))
    agree(GOLDENS / "credit-note.txt", note.text.encode())
    shampoo(ria)
    assert void(ria, VoidSale(number=3, reason="Wrong")).credit_note is None
    with pytest.raises(NothingToCredit, match=r"Make the invoice of 3 first"):
        issue_invoice(ria, IssueInvoice(receipt=4))
    with pytest.raises(InvoicedAlready):
        issue_invoice(ria, IssueInvoice(receipt=2))


def test_an_invoice_is_a_page_whose_names_are_no_markup(ria: Desk) -> None:
    sold(ria)
    made = issue_invoice(
        ria, IssueInvoice(receipt=1, buyer_name="</para><b>Ann & Bo", buyer_address="Łódź 縮毛\nΑθήνα")
    )
    with transaction(ria) as session:
        name, page = invoice_pdf(Work(ria, session), made.version_id, copy=False)
        assert invoice_pdf(Work(ria, session), made.version_id, copy=False)[1] == page, "always the same bytes"
        assert invoice_pdf(Work(ria, session), made.version_id, copy=True)[1] != page
    assert name == "invoice-1.pdf"
    assert page.startswith(b"%PDF-")
    assert b"DejaVuSans" in page


@pytest.fixture
def tills(server: Handle, committed: str) -> Iterator[list[Desk]]:
    """Eight of them."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    yield [open_desk(lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW)) for _ in range(8)]
    engine.dispose()


def test_numbers_have_no_gaps_under_eight_tills_some_of_which_are_refused(tills: list[Desk]) -> None:
    def sell(place: int) -> int | None:
        desk = tills[place % 8]
        receipt = shampoo(desk).number
        try:
            made: IssuedInvoice = issue_invoice(
                desk, IssueInvoice(receipt=receipt, buyer_name="Doe" if place % 3 else "")
            )
        except errors.BadInput:
            return None
        return made.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(sell, range(24)))
    given = sorted(number for number in numbers if number is not None)
    assert given == list(range(1, 17))
    # One that is taken back after it had its number gives it to the next.
    with tills[0].sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": tills[0].token})
        session.execute(
            text(
                "INSERT INTO invoices (shop_id, kind, sale_id, issued_at, number) SELECT 1, 'invoice', id, now(), 99"
                " FROM sales WHERE id NOT IN (SELECT sale_id FROM invoices) LIMIT 1"
            )
        )
        assert session.execute(text("SELECT max(number) FROM invoices")).scalar() == 17, "whatever is said"
        session.rollback()
    shampoo(tills[0])
    assert issue_invoice(tills[0], IssueInvoice(receipt=25, buyer_name="Doe")).number == 17


def test_nobody_reads_another_business_invoices_and_receipts(ria: Desk) -> None:
    sold(ria)
    issue_invoice(ria, IssueInvoice(receipt=1))
    eve = open_desk(ria.sessions, vale_street.token("eve"), ria.clock)
    assert list_invoices(eve, ListInvoices()).invoices == ()
    with pytest.raises(errors.NotFound):
        show_invoice(eve, ShowInvoice(number=1))
    with pytest.raises(errors.NotFound):
        issue_invoice(eve, IssueInvoice(receipt=1, buyer_name="Eve"))
