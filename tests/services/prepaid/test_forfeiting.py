"""Prepaid money that is never used: kept with its tax, made credit, or owed until it is given back (features 6.3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.prepayments import Forfeit, PrepaidKind, TaxPoint
from frontdesk.services.book.visits import LeaveVisit, no_show
from frontdesk.services.packages.package_changes import LapsePackages, lapse_packages
from frontdesk.services.packages.packages import AddPackage, Sessions, add_package
from frontdesk.services.prepaid.deposits import CloseDeposit, close_deposit
from frontdesk.services.prepaid.prepaid_rules import SetPrepaidRule, set_prepaid_rule
from frontdesk.services.reports.journal import ExportJournal, VerifyJournal, export_journal, verify_journal
from frontdesk.services.reports.liabilities import (
    ReportLiabilities,
    WriteOffExpired,
    report_liabilities,
    write_off_expired,
)
from frontdesk.services.ticket.ticket_wishes import Pay, SellGiftCard, SellPackage, TakeDeposit
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.services.desks import ANNA, COLOUR, CUT, JANE, booked, march

CASH = Pay(method="cash")


def rule(mo: Desk, kind: PrepaidKind, tax_point: TaxPoint, forfeit: Forfeit = "kept") -> None:
    """A rule for what is good for a year."""
    set_prepaid_rule(mo, SetPrepaidRule(kind=kind, tax_point=tax_point, forfeit=forfeit, months=12))


def balances(mo: Desk) -> dict[str, Decimal]:
    """What stands on each account that tells of prepaid money; the journal is whole."""
    seen = verify_journal(mo, VerifyJournal())
    assert seen.is_whole, seen
    found: dict[str, Decimal] = {}
    for one in export_journal(mo, ExportJournal(first=march(9, 9).date(), last=dt.date(2030, 1, 1))).postings:
        found[one.account] = found.get(one.account, Decimal(0)) + one.debit - one.credit
    assert sum(found.values()) == 0
    return {account: amount for account, amount in found.items() if amount and account != "cash"}


@pytest.mark.parametrize("tax_point", ["received", "used"])
def test_a_deposit_that_is_kept_leaves_its_tax_to_the_state(
    ria: Desk, mo: Desk, clock: SetClock, tax_point: TaxPoint
) -> None:
    """36.00 with 20 % inside: whenever it is due, 6.00 are the state's and 30.00 the shop's."""
    rule(mo, "deposit", tax_point)
    visit = booked(ria, JANE, march(11, 13), (COLOUR, ANNA)).appointment_id
    deposit = TakeDeposit(appointment_id=visit, amount=Decimal(36))
    taken = check_out(ria, CheckOut(deposits=(deposit,), tenders=(CASH,)))
    assert taken.tax == (6 if tax_point == "received" else 0)
    clock.set(march(11, 15))
    no_show(ria, LeaveVisit(appointment_id=visit))
    close_deposit(ria, CloseDeposit(appointment_id=visit))
    assert balances(mo) == {"forfeited": Decimal(-30), "tax: VAT": Decimal(-6)}


@pytest.mark.parametrize("tax_point", ["received", "used"])
def test_a_card_for_a_service_that_lapses_leaves_its_tax_to_the_state(
    ria: Desk, mo: Desk, clock: SetClock, tax_point: TaxPoint
) -> None:
    rule(mo, "service_card", tax_point)
    check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=CUT, code="CUT1"),), tenders=(CASH,)))
    clock.set(clock.now() + dt.timedelta(days=400))
    assert write_off_expired(mo, WriteOffExpired()).total == Decimal(50)
    assert balances(mo) == {"forfeited": Decimal("-41.67"), "tax: VAT": Decimal("-8.33")}
    assert write_off_expired(mo, WriteOffExpired()).count == 0


def test_a_card_for_anything_was_for_nothing_that_bears_tax(ria: Desk, mo: Desk, clock: SetClock) -> None:
    rule(mo, "gift_card", "used")
    check_out(ria, CheckOut(gift_cards=(SellGiftCard(amount=Decimal(50), code="ANY1"),), tenders=(CASH,)))
    clock.set(clock.now() + dt.timedelta(days=400))
    write_off_expired(mo, WriteOffExpired())
    assert balances(mo) == {"forfeited": Decimal(-50)}


@pytest.mark.parametrize(("forfeit", "became"), [("credit", "credit"), ("returned", "gift_card")])
def test_what_is_not_the_shops_to_keep_stays_owed(
    ria: Desk, mo: Desk, clock: SetClock, forfeit: Forfeit, became: str
) -> None:
    rule(mo, "gift_card", "used", forfeit)
    card = SellGiftCard(amount=Decimal(50), code="ANY1", customer_id=JANE)
    check_out(ria, CheckOut(gift_cards=(card,), tenders=(CASH,)))
    clock.set(clock.now() + dt.timedelta(days=400))
    for _ in range(2):
        assert write_off_expired(mo, WriteOffExpired()).count == 0
    found = report_liabilities(mo, ReportLiabilities()).kinds
    assert [(one.kind, one.total) for one in found] == [(became, Decimal(50))]
    assert balances(mo) == {"gift cards" if became == "gift_card" else "credit": Decimal(-50)}


@pytest.mark.parametrize("tax_point", ["received", "used"])
def test_sessions_that_lapse_leave_their_tax_to_the_state(
    ria: Desk, mo: Desk, clock: SetClock, tax_point: TaxPoint
) -> None:
    five = (Sessions(service_id=CUT, sessions=5),)
    wish = AddPackage(name="Five cuts", price=Decimal(200), services=five, months=12, tax_point=tax_point)
    package = SellPackage(package_id=add_package(mo, wish).id, customer_id=JANE)
    check_out(ria, CheckOut(packages=(package,), tenders=(CASH,)))
    clock.set(clock.now() + dt.timedelta(days=400))
    rule(mo, "package", tax_point, "returned")
    assert lapse_packages(mo, LapsePackages()).sessions == 0, "what has to be returned is owed until it is"
    rule(mo, "package", tax_point, "kept")
    assert lapse_packages(mo, LapsePackages()).sessions == 5
    assert balances(mo) == {"forfeited": Decimal("-166.67"), "tax: VAT": Decimal("-33.33")}
    with transaction(ria) as session:
        assert session.execute(text("SELECT sum(value) + sum(tax) FROM package_entries")).scalar_one() == 0
