"""The receipts of another system's export agree with the book to the cent, or nothing comes in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import psycopg
import pytest
from sqlalchemy import NullPool
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotFound
from frontdesk.money import rounded
from frontdesk.services.drawers.drawers import AddDrawer, OpenDrawer, add_drawer, open_drawer
from frontdesk.services.importing import Fate, reconciling
from frontdesk.services.importing.reading import map_at
from frontdesk.services.packages.packages import ShowCustomerPackages, customer_packages
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.reports.journal import VerifyJournal, verify_journal
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.stock.stock import ShowLevels, levels
from frontdesk.services.ticket.ticket_wishes import Pay, UseSession
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import (
    BundleOfBefore,
    GiveBackLine,
    NothingToGiveBack,
    Refund,
    ShowRefundable,
    refund,
    refundable,
)
from frontdesk.services.till.voiding import VoidSale, void
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, CUT, JANE, booked, march
from tests.services.importing.exports import Folder
from tests.services.importing.imported import DAY, counts, fates, rows
from tests.vale_street import token


def test_the_day_report_has_every_stylists_cents(ada: Desk, export: Folder) -> None:
    export.run(ada)
    by_code = {one.code: one for one in day_report(ada, ReportDay(day=DAY)).stylists}
    assert (by_code["ZOE"].services, by_code["ZOE"].taxes) == (Decimal("48.50"), {"GST": Decimal("2.43")})
    assert (by_code[None].products, by_code[None].taxes) == (Decimal("39.00"), {"GST": Decimal("1.95")})


def test_imported_numbers_leave_the_shops_own_series_alone(ada: Desk, export: Folder) -> None:
    export.run(ada)
    visit = booked(ada, JANE, march(10, 10))
    paid = check_out(ada, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(Pay(method="cash"),)))
    assert paid.number == 1


def test_negative_lines_are_lines(ada: Desk, export: Folder) -> None:
    export.add(
        "till.csv",
        "9,03/03/2026,Six cuts,BEA01,HOUSE,1,240,12",
        "9,03/03/2026,Cut,BEA01,ZOE,1,50,2.5",
        "9,03/03/2026,Cut,BEA01,HOUSE,1,-50.5,-2.525",
    )
    export.run(ada)
    lines = (
        "SELECT l.kind, unit_price, l.tax, l.total FROM sale_lines l JOIN sales s ON s.id = sale_id"
        " WHERE imported_number = '9' ORDER BY position"
    )
    assert rows(ada, lines) == [
        ("bundle", 240, 12, 252),
        ("service", 50, Decimal("2.5"), Decimal("52.5")),
        ("bundle", Decimal("-50.5"), Decimal("-2.53"), Decimal("-53.03")),
    ]
    house = next(one for one in day_report(ada, ReportDay(day=DAY)).stylists if one.stylist_id is None)
    assert (house.other, house.products) == (Decimal("189.50"), Decimal("39.00"))


def test_a_receipt_may_pay_for_several_people(ada: Desk, export: Folder) -> None:
    export.add("till.csv", "9,03/03/2026,Cut,BEA01,ZOE,1,50,2.5", "9,03/03/2026,Argan oil,CEE01,ZOE,1,19.5,0.975")
    export.run(ada)
    who = (
        "SELECT p.code, c.code FROM sales s JOIN sale_lines l ON l.sale_id = s.id"
        " JOIN customers p ON p.id = s.customer_id JOIN customers c ON c.id = l.customer_id"
        " WHERE imported_number = '9' ORDER BY position"
    )
    assert rows(ada, who) == [("BEA01", "BEA01"), ("BEA01", "CEE01")]


def test_a_closed_receipt_is_not_edited_and_the_difference_is_explained(ada: Desk, export: Folder) -> None:
    export.run(ada)
    export.edit("till.csv", "AMY01,ZOE,1,48.5,2.425", "AMY01,ZOE,1,48.51,2.4255")
    assert fates(export.plan(ada))["till.csv", 2] is Fate.CHANGED
    report = export.run(ada)
    (difference,) = report.differences
    assert (difference.day, difference.staff, difference.what) == (DAY, "ZOE", "amount")
    assert (difference.in_file, difference.in_book) == (Decimal("48.51"), Decimal("48.50"))
    assert difference.explanation.startswith("Receipt 7 was imported before and reads otherwise in this file")


def test_a_cent_that_nobody_can_explain_would_undo_the_import(ada: Desk, export: Folder) -> None:
    export.run(ada)
    mapping = map_at(export.map_file)
    till = (export.path / "till.csv").read_text(encoding="utf-8")
    with transaction(ada) as session:
        book = reconciling.sums_of_book(session, ada.shop.id, ["7", "8"])
    honest = reconciling.compare(reconciling.sums_of_file(till, mapping, "GBP"), book, frozenset())
    assert (honest.sums, honest.differences) == (6, ())
    altered = reconciling.sums_of_file(till.replace(",39,", ",39.01,"), mapping, "GBP")
    (difference,) = reconciling.compare(altered, book, frozenset()).differences
    assert (difference.what, difference.in_file - difference.in_book) == ("amount", Decimal("0.01"))
    with pytest.raises(reconciling.DoesNotAddUp, match=r"The book would have 39\.00 as amount of nobody on 2026-03-03"):
        reconciling.refuse_unexplained(reconciling.compare(altered, book, frozenset()))


def test_an_import_that_does_not_add_up_leaves_nothing(
    server: Handle, committed: str, clock: SetClock, export: Folder
) -> None:
    with psycopg.connect(server.conninfo(committed)) as connection:
        connection.execute(
            "CREATE FUNCTION add_a_cent() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.amount := NEW.amount + 0.01; RETURN NEW; END';"
            "CREATE TRIGGER add_a_cent BEFORE INSERT ON sale_line_taxes FOR EACH ROW EXECUTE FUNCTION add_a_cent()"
        )
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    ada = open_desk(lambda: Session(engine), token("ada"), clock)
    before = counts(ada)
    with pytest.raises(reconciling.DoesNotAddUp, match=r"1\.96 as GST of nobody on 2026-03-03, the file has 1\.95"):
        export.run(ada)
    assert counts(ada) == before


def test_both_ways_of_rounding_agree_with_one_another() -> None:
    for thousandths in range(-2000, 2000):
        amount = Decimal(thousandths) / 1000
        units = reconciling._half_up(Fraction(amount) * 100)
        assert Decimal(units) / 100 == rounded(amount, "GBP")


def test_a_receipt_that_rounds_otherwise_as_a_whole_is_listed(ada: Desk, export: Folder) -> None:
    export.add("till.csv", *(f"9,03/03/2026,Cut,BEA0{n},ZOE,1,{amount},{tax}" for n, amount, tax in (
        (1, "10.1", "0.505"), (2, "10.3", "0.515"))))  # fmt: skip
    (rounding,) = export.run(ada).roundings
    assert (rounding.receipt, rounding.tax) == ("9", "GST")
    assert (rounding.by_line, rounding.by_receipt) == (Decimal("1.03"), Decimal("1.02"))


def _with_packages(export: Folder) -> None:
    export.edit("old.toml", 'negative_lines = "bundle"', 'negative_lines = "bundle"\n[receipts.packages.BUNDLE]\n'
                'service = "CUT"\nsessions = 6')  # fmt: skip
    export.edit("old.toml", '[products]\nfile = "products.csv"',
                '[products]\nfile = "products.csv"\non_hand = "Here"\nlow_at = "Least"')  # fmt: skip
    export.edit("products.csv", "Code,Name,Price", "Code,Name,Price,Here,Least")
    export.edit("products.csv", "OIL,Argan oil,19.5", "OIL,Argan oil,19.5,-1,2")
    export.add(
        "till.csv",
        "9,03/03/2026,Six cuts,BEA01,HOUSE,1,240,12",
        "10,04/03/2026,Cut,BEA01,ZOE,1,50,2.5",
        "10,04/03/2026,Consultation,BEA01,HOUSE,1,-50,-2.5",
        "11,04/03/2026,Cut,CEE01,ZOE,1,50,2.5",
        "11,04/03/2026,Consultation,CEE01,HOUSE,1,-50,-2.5",
    )


def test_bundles_become_packages_and_the_shelf_is_what_the_file_says(ada: Desk, export: Folder) -> None:
    _with_packages(export)
    before = counts(ada)
    plan = export.plan(ada)
    assert counts(ada) == before
    why = {(row.file, row.row): row.why for row in plan.rows}
    assert why["till.csv", 5] == "receipt 9, a package of 6 sessions"
    assert why["till.csv", 7] == "receipt 10, takes back a bundle's, uses 1 session of BUNDLE"
    assert why["till.csv", 9] == "receipt 11, takes back a bundle's, uses 1 session of BUNDLE sold before this export"
    assert "Products that come with how many there are: 1, of them 1 below zero." in plan.notes
    export.run(ada)
    entries = "SELECT kind, sessions, value, day FROM package_entries ORDER BY kind, sessions"
    assert rows(ada, entries) == [
        ("opened", 1, 0, DAY + dt.timedelta(1)), ("sold", 6, 0, DAY), ("used", -1, 0, DAY + dt.timedelta(1)),
        ("used", -1, 0, DAY + dt.timedelta(1)),
    ]  # fmt: skip
    moves = "SELECT kind, quantity, day FROM stock_moves ORDER BY id"
    assert rows(ada, moves) == [("opening", 1, DAY), ("sold", -2, DAY)]
    (oil,) = (one for one in levels(ada, ShowLevels(low=True)).levels)
    assert (oil.code, oil.quantity, oil.low_at, oil.order_to) == ("OIL", -1, 2, 2)
    later = rows(ada, "SELECT (SELECT count(*) FROM package_entries), (SELECT count(*) FROM stock_moves)")
    assert export.run(ada).rows_added == 0
    assert rows(ada, "SELECT (SELECT count(*) FROM package_entries), (SELECT count(*) FROM stock_moves)") == later
    export.add("till.csv", "12,05/03/2026,Cut,BEA01,ZOE,1,50,2.5", "12,05/03/2026,Misc,BEA01,HOUSE,1,-50,-2.5")
    export.run(ada)
    left = "SELECT CAST(sum(sessions) AS integer), count(DISTINCT lot_id) FROM package_entries"
    assert rows(ada, left) == [(4, 2)]


def test_a_session_of_an_imported_bundle_pays_for_a_visit_here(ada: Desk, export: Folder) -> None:
    _with_packages(export)
    export.run(ada)
    ((customer,),) = rows(ada, "SELECT id FROM customers WHERE code = 'BEA01'")
    visit = booked(ada, int(str(customer)), march(10, 10), (CUT, ANNA))
    (package,) = customer_packages(ada, ShowCustomerPackages(customer_id=int(str(customer)))).packages
    assert package.left == 5
    use = UseSession(line_id=visit.lines[0].line_id, customer_package_id=package.id)
    paid = check_out(ada, CheckOut(appointment_ids=(visit.appointment_id,), sessions=(use,)))
    assert paid.total == 0
    (package,) = customer_packages(ada, ShowCustomerPackages(customer_id=int(str(customer)))).packages
    assert package.left == 4


def test_a_package_of_nothing_is_refused(ada: Desk, export: Folder) -> None:
    _with_packages(export)
    export.edit("old.toml", 'service = "CUT"', 'service = "KUT"')
    assert export.refusal(ada).startswith("The map says that BUNDLE pays for KUT, and there is no such service.")


def test_an_imported_receipt_is_given_back_by_line_in_cash_or_as_credit(ada: Desk, export: Folder) -> None:
    """Its cut of 48.50 and its trim of 12.00, with 5 % on top; nobody knows how it was paid."""
    export.run(ada)
    add_drawer(ada, AddDrawer(name="Drawer 1"))
    session = open_drawer(ada, OpenDrawer(total=Decimal(100))).session_id
    left = refundable(ada, ShowRefundable(imported="7"))
    assert (left.called, left.total, [one.method for one in left.tenders]) == (
        "7 of before",
        Decimal("63.53"),
        ["cash"],
    )
    trim = next(one for one in left.lines if one.name == "Fringe trim")
    back = refund(ada, Refund(imported="7", reason="Too short", lines=(GiveBackLine(line_id=trim.line_id),)))
    assert (back.number, back.tax, [(one.method, one.amount) for one in back.payments]) == (
        1, Decimal("0.60"), [("cash", Decimal("12.60"))],
    )  # fmt: skip
    assert "Of receipt 7" in back.receipt
    assert rows(ada, "SELECT sum(amount) FROM drawer_cash WHERE session_id = :it", it=session) == [(Decimal("87.40"),)]
    rest = refund(ada, Refund(sale_id=left.sale_id, reason="All of it", to_credit=True))
    assert [(one.method, one.amount) for one in rest.payments] == [("credit", Decimal("50.93"))]
    with pytest.raises(NothingToGiveBack, match="receipt 7"):
        refund(ada, Refund(imported="7", reason="Once more"))
    assert examine_data(ada, ExamineData()).findings == ()
    assert verify_journal(ada, VerifyJournal()).is_whole


def test_products_of_an_imported_receipt_come_back_to_the_shelf(ada: Desk, export: Folder) -> None:
    export.run(ada)
    before = rows(ada, "SELECT coalesce(sum(quantity), 0) FROM stock_moves")[0][0]
    (oil,) = refundable(ada, ShowRefundable(imported="8")).lines
    one = GiveBackLine(line_id=oil.line_id, quantity=Decimal(1))
    assert refund(ada, Refund(imported="8", reason="Leaked", lines=(one,))).total == Decimal("20.48")
    assert rows(ada, "SELECT sum(quantity) FROM stock_moves")[0][0] == Decimal(str(before)) + 1


def test_what_an_imported_receipt_can_not_give_back_says_what_to_do(ada: Desk, export: Folder) -> None:
    export.add("till.csv", "9,03/03/2026,Six cuts,BEA01,HOUSE,1,240,12", "9,03/03/2026,Cut,BEA01,ZOE,1,50,2.5")
    export.run(ada)
    left = refundable(ada, ShowRefundable(imported="9"))
    with pytest.raises(BundleOfBefore, match="Six cuts is a bundle of the system before"):
        refund(ada, Refund(imported="9", reason="All of it"))
    cut = next(one for one in left.lines if one.name == "Cut")
    assert refund(ada, Refund(imported="9", reason="Cut", lines=(GiveBackLine(line_id=cut.line_id),))).total > 52
    with pytest.raises(BadInput, match="frontdesk refund --imported"):
        void(ada, VoidSale(sale_id=left.sale_id, reason="Wrong"))
    with pytest.raises(NotFound, match="7"):
        refundable(ada, ShowRefundable(number=7))
