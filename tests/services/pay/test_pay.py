"""Pay periods freeze, statements are the ledger, and everybody sees their own only (features ST11, ST12)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.commission import Reckoning
from frontdesk.services.pay.pay import (
    AdjustPay,
    ClosePayPeriod,
    ExportPay,
    ListPayPeriods,
    PayPeriodClosed,
    SetGuarantee,
    SetPayPeriod,
    ShowStatement,
    WhyPaid,
    adjust_pay,
    close_period,
    export_pay,
    list_periods,
    set_guarantee,
    set_period,
    show_statement,
    why_paid,
)
from frontdesk.services.pay.pay_paper import statement_letter, statement_pdf
from frontdesk.services.pay.tip_sheet import ListTips, UnpoolTips, list_tips, unpool_tips
from frontdesk.services.pay.tips import MoveTip, PoolTips, ShowTipsOwed, move_tip, pool_tips, show_tips_owed, tips_owed
from frontdesk.services.shop.shops import ShowShop, show_shop
from frontdesk.services.use_case import Work
from tests.goldens import agree
from tests.services.desks import ANNA, BO, COLOUR
from tests.services.pay.pay_desks import entries, given_back, rule, sold, tiers, writing

GOLDENS = Path(__file__).parents[1] / "goldens"

MARCH = dt.date(2026, 3, 9)


def _april(clock: SetClock) -> None:
    clock.set(dt.datetime(2026, 4, 1, 8, tzinfo=dt.UTC))


def _close(desk: Desk, day: dt.date = MARCH) -> PayPeriodClosed:
    return close_period(desk, ClosePayPeriod(day=day))


def test_a_statement_lists_every_entry_and_its_sum_is_the_ledger(mo: Desk, clock: SetClock) -> None:
    with writing(mo) as session:
        sold(session, {"taxable": "37.50"}, {"taxable": "12.34", "stylist": BO})
        sold(
            session,
            {"taxable": "99.99", "unit": "119.99", "gross": "119.99", "tax": "20"},
            hands=[(0, ANNA, 30), (0, BO, 60)],
        )
    sheet = show_statement(mo, ShowStatement(stylist_id=ANNA))
    ledger = entries(mo, stylist_id=ANNA)
    assert [one.id for one in sheet.entries] == [row.id for row in ledger]
    assert sheet.commission == sum(row.amount for row in ledger) == Decimal("28.33")
    assert [step.figures for step in sheet.entries[1].steps] == [
        "119.99 - 0.00 - 20.00",
        "99.99 by 30:60, part 1",
        "33.33 x 40 %",
    ]
    assert why_paid(mo, WhyPaid(entry_id=ledger[0].id)).entry == sheet.entries[0]
    _april(clock)
    closed = _close(mo)
    frozen = show_statement(mo, ShowStatement(stylist_id=ANNA, day=MARCH))
    assert (frozen.entries, frozen.commission, frozen.total) == (sheet.entries, sheet.commission, sheet.total)
    assert [(one.stylist, one.total) for one in closed.statements] == [
        ("Anna", Decimal("28.33")),
        ("Bo", Decimal("28.04")),
    ]
    rows = list(csv.DictReader(io.StringIO(export_pay(mo, ExportPay(day=MARCH)).csv)))
    assert [(row["stylist"], row["total"]) for row in rows] == [("Anna", "28.33"), ("Bo", "28.04")]
    each = list(csv.DictReader(io.StringIO(export_pay(mo, ExportPay(day=MARCH, entries=True)).csv)))
    assert sum(Decimal(row["amount"]) for row in each) == sum(row.amount for row in entries(mo))


def test_a_closed_period_is_frozen_and_a_refund_becomes_a_dated_adjustment(mo: Desk, clock: SetClock) -> None:
    with writing(mo) as session:
        first = sold(session, {"taxable": "50"})
    with pytest.raises(errors.BadInput, match="runs to 2026-03-31"):
        _close(mo)
    _april(clock)
    before = _close(mo)
    for change in (
        lambda: adjust_pay(mo, AdjustPay(stylist_id=ANNA, amount=Decimal(5), reason="Late", day=MARCH)),
        lambda: _close(mo),
        lambda: set_period(mo, SetPayPeriod(first_day=dt.date(2026, 3, 1), last_day=dt.date(2026, 3, 30))),
    ):
        with pytest.raises(errors.PayClosed):
            change()
    with pytest.raises(errors.PayClosed), writing(mo) as session:
        sold(session, {"taxable": "10"}, day="2026-03-31")
    with writing(mo) as session:
        given_back(session, first, [(1, "1")], policy="withhold", day="2026-04-01")
    adjustment = entries(mo)[-1]
    assert (adjustment.kind, adjustment.day, adjustment.for_day) == ("adjustment", dt.date(2026, 4, 1), MARCH)
    assert adjustment.amount == Decimal("-20.00")
    assert show_statement(mo, ShowStatement(stylist_id=ANNA, day=MARCH)).total == before.statements[0].total
    assert show_statement(mo, ShowStatement(stylist_id=ANNA)).commission == Decimal("-20.00")
    adjust_pay(mo, AdjustPay(stylist_id=ANNA, amount=Decimal("20.00"), reason="Goodwill after all"))
    assert show_statement(mo, ShowStatement(stylist_id=ANNA)).commission == 0


def test_the_higher_of_the_guarantee_and_what_was_earned_is_paid(mo: Desk, clock: SetClock) -> None:
    for who, amount in ((ANNA, "30.00"), (BO, "10.00")):
        set_guarantee(mo, SetGuarantee(stylist_id=who, amount=Decimal(amount)))
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, {"taxable": "100", "stylist": BO})
    assert show_statement(mo, ShowStatement(stylist_id=ANNA)).top_up == Decimal("10.00")
    _april(clock)
    paid = {one.stylist: (one.commission, one.top_up, one.total) for one in _close(mo).statements}
    assert paid == {
        "Anna": (Decimal("20.00"), Decimal("10.00"), Decimal("30.00")),
        "Bo": (Decimal("35.50"), Decimal(0), Decimal("35.50")),
    }
    assert sum(row.amount for row in entries(mo)) == sum(total for *_, total in paid.values())


def test_periods_are_months_or_as_long_as_the_one_before(mo: Desk) -> None:
    set_period(mo, SetPayPeriod(first_day=dt.date(2026, 3, 1), last_day=dt.date(2026, 3, 14)))
    with writing(mo) as session:
        sold(session, {"taxable": "10"}, day="2026-04-02")
    found = [(one.first_day, one.last_day) for one in list_periods(mo, ListPayPeriods()).periods]
    assert found == [
        (dt.date(2026, 3, 29), dt.date(2026, 4, 11)), (dt.date(2026, 3, 1), dt.date(2026, 3, 14)),
    ]  # fmt: skip
    with pytest.raises(errors.PeriodsOverlap):
        set_period(mo, SetPayPeriod(first_day=dt.date(2026, 4, 10), last_day=dt.date(2026, 4, 20)))
    with pytest.raises(errors.EarnedInPeriod):
        set_period(mo, SetPayPeriod(first_day=dt.date(2026, 3, 29), last_day=dt.date(2026, 4, 1)))


def test_a_stylist_sees_their_own_pay_only_and_a_receptionist_none(mo: Desk, anna: Desk, ria: Desk) -> None:
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, {"taxable": "100", "stylist": BO})
    theirs = entries(mo, stylist_id=BO)[0]
    assert show_statement(anna, ShowStatement()).commission == Decimal("20.00")
    assert (
        why_paid(anna, WhyPaid(entry_id=entries(mo, stylist_id=ANNA)[0].id)).entry.steps[-1].figures == "50.00 x 40 %"
    )
    with pytest.raises(errors.NotAllowed, match="Anna may not see commission rates"):
        show_statement(anna, ShowStatement(stylist_id=BO))
    with pytest.raises(errors.NotFound):
        why_paid(anna, WhyPaid(entry_id=theirs.id))
    with transaction(anna) as session:
        seen = session.execute(text("SELECT DISTINCT stylist_id FROM commissions")).scalars().all()
        others = session.execute(
            text("SELECT count(*) FROM tip_entries('GBP', '2026-12-31', 'infinity') WHERE stylist_id = 2")
        )
        assert (seen, others.scalar_one()) == ([ANNA], 0)
    with pytest.raises(errors.NotAllowed, match="Ria may not see their own pay"):
        show_statement(ria, ShowStatement(stylist_id=ANNA))
    for desk in (anna, ria):
        with pytest.raises(errors.NotAllowed):
            _close(desk)


def test_tips_are_paid_with_the_pay_once_and_are_owed_no_more(mo: Desk, anna: Desk, clock: SetClock) -> None:
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "7.50", BO: "2.50"})
    assert show_tips_owed(anna, ShowTipsOwed()).total == Decimal("7.50")
    _april(clock)
    paid = {one.stylist: (one.tips, one.total) for one in _close(mo).statements}
    assert paid == {"Anna": (Decimal("7.50"), Decimal("27.50")), "Bo": (Decimal("2.50"), Decimal("2.50"))}
    with transaction(mo) as session:
        assert set(tips_owed(Work(mo, session)).values()) == {Decimal(0)}
    assert show_tips_owed(mo, ShowTipsOwed()).owed == ()


def test_a_tip_moves_until_its_pay_is_closed_and_its_sum_stays(mo: Desk, ria: Desk, clock: SetClock) -> None:
    """CO4: changed after the sale, to an assistant who has none of it, down to nothing for the other."""
    with writing(ria) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "10.00"})
    wish = MoveTip(sale_number=1, from_stylist_id=ANNA, to_stylist_id=BO, amount=Decimal("4.00"), reason="Bo helped")
    moved = move_tip(ria, wish)
    assert move_tip(ria, wish) == moved
    assert [(one.stylist, one.amount) for one in moved.shares] == [("Anna", Decimal("6.00")), ("Bo", Decimal("4.00"))]
    with pytest.raises(errors.BadInput, match="Bo has 4.00 of that tip"):
        move_tip(ria, MoveTip(sale_number=1, from_stylist_id=BO, to_stylist_id=ANNA, amount=Decimal("4.01")))
    with pytest.raises(errors.NotFound, match="receipt 7"):
        move_tip(ria, MoveTip(sale_number=7, from_stylist_id=BO, to_stylist_id=ANNA))
    moved = move_tip(ria, MoveTip(sale_number=1, from_stylist_id=ANNA, to_stylist_id=BO))
    assert [(one.stylist, one.amount) for one in moved.shares] == [("Bo", moved.tip)]
    _april(clock)
    assert [(one.stylist, one.tips) for one in _close(mo).statements if one.tips] == [("Bo", Decimal("10.00"))]
    with pytest.raises(errors.TipsPaid):
        move_tip(mo, MoveTip(sale_number=1, from_stylist_id=BO, to_stylist_id=ANNA))


def _pooling(ada: Desk, *, managers: bool, country: str = "GB") -> None:
    with writing(ada) as session:
        session.execute(
            text("UPDATE shops SET pools_tips = true, managers_share_tips = :managers, country = :country"),
            {"managers": managers, "country": country},
        )


def test_a_pool_is_shared_by_hours_to_the_cent_and_only_then_owed(mo: Desk, ada: Desk) -> None:
    """ST16. Both are there for eight hours of the fixture's Monday; Bo is off on Tuesday."""
    _pooling(ada, managers=True)
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "10.00", BO: "0.01"})
    owed = show_tips_owed(mo, ShowTipsOwed())
    assert (owed.owed, owed.to_pool) == ((), Decimal("10.01"))
    pool = pool_tips(mo, PoolTips())
    assert [(one.stylist, one.minutes, one.amount) for one in pool.shares] == [
        ("Anna", 480, Decimal("5.01")), ("Bo", 480, Decimal("5.00")),
    ]  # fmt: skip
    assert sum(one.amount for one in pool.shares) == pool.total == Decimal("10.01")
    assert [one.amount for one in show_tips_owed(mo, ShowTipsOwed()).owed] == [Decimal("5.01"), Decimal("5.00")]
    with pytest.raises(errors.TipsPooled):
        move_tip(mo, MoveTip(sale_number=1, from_stylist_id=ANNA, to_stylist_id=BO))
    with pytest.raises(errors.BadInput, match="in no pool"):
        pool_tips(mo, PoolTips())
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "3.00"})
    assert pool_tips(mo, PoolTips()).total == Decimal("3.00"), "a late tip is in the next pool"


@pytest.mark.parametrize(
    ("country", "managers", "shares", "law"),
    [("US", True, ["Bo"], "203(m)"), ("GB", False, ["Bo"], ""), ("GB", True, ["Anna", "Bo"], "")],
)
def test_managers_have_no_share_where_the_law_or_the_shop_says_so(
    mo: Desk, ada: Desk, country: str, managers: bool, shares: list[str], law: str
) -> None:
    _pooling(ada, managers=managers, country=country)
    with writing(ada) as session:
        session.execute(text("UPDATE users SET role = 'manager' WHERE login = 'anna'"))
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "10.00"})
    pool = pool_tips(mo, PoolTips())
    assert [one.stylist for one in pool.shares] == shares
    assert law in pool.by_law
    assert bool(pool.by_law) == bool(law)


def test_pay_is_not_closed_while_tips_wait_for_their_pool(mo: Desk, ada: Desk, clock: SetClock) -> None:
    _pooling(ada, managers=True)
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "10.00"})
    _april(clock)
    with pytest.raises(errors.BadInput, match="Vale Street pools its tips"):
        _close(mo)
    pool_tips(mo, PoolTips(first_day=MARCH, last_day=MARCH))
    assert sum(one.tips for one in _close(mo).statements) == Decimal("10.00")


def test_a_pool_is_taken_back_whole_until_one_of_its_days_is_paid(
    mo: Desk, ria: Desk, ada: Desk, clock: SetClock
) -> None:
    _pooling(ada, managers=True)
    with writing(mo) as session:
        sold(session, {"taxable": "50"}, tips={ANNA: "10.00", BO: "0.01"})
    pool_tips(mo, PoolTips())
    sheet = list_tips(ria, ListTips())
    (pool,) = sheet.pools
    assert [(one.stylist, one.amount, one.pool_id) for one in sheet.tips] == [
        ("Anna", Decimal("10.00"), pool.pool_id), ("Bo", Decimal("0.01"), pool.pool_id),
    ]  # fmt: skip
    assert (pool.made_by, sum(one.amount for one in pool.shares), sheet.to_pool) == ("Mo", pool.total, Decimal(0))
    with pytest.raises(errors.NotAllowed):
        unpool_tips(ria, UnpoolTips(pool_id=pool.pool_id))
    wish = UnpoolTips(pool_id=pool.pool_id)
    gone = unpool_tips(mo, wish)
    assert unpool_tips(mo, wish) == gone
    assert gone.total == list_tips(ria, ListTips()).to_pool == Decimal("10.01")
    assert show_tips_owed(mo, ShowTipsOwed()).owed == ()
    move_tip(mo, MoveTip(sale_number=1, from_stylist_id=ANNA, to_stylist_id=BO, amount=Decimal(4), reason="Bo helped"))
    anna, bo = list_tips(ria, ListTips()).tips
    assert (anna.amount, bo.amount, bo.moved_by, bo.reason) == (Decimal(6), Decimal("4.01"), "Mo", "Bo helped")
    with pytest.raises(errors.NotFound):
        unpool_tips(mo, UnpoolTips(pool_id=pool.pool_id))
    again = pool_tips(mo, PoolTips(first_day=MARCH, last_day=MARCH))
    _april(clock)
    _close(mo)
    assert list_tips(ria, ListTips(day=MARCH)).is_closed
    with pytest.raises(errors.TipsPaid):
        unpool_tips(mo, UnpoolTips(pool_id=again.pool_id))


def test_a_statement_on_paper_is_the_golden_one_and_always_the_same_bytes(mo: Desk, clock: SetClock) -> None:
    set_guarantee(mo, SetGuarantee(stylist_id=ANNA, amount=Decimal("90.00")))
    rule(mo, Reckoning(form="tier_band", tiers=tiers(("0", "40"), ("100", "50"))), service_id=COLOUR)
    with writing(mo) as session:
        cut = {"unit": "60", "gross": "60", "discount": "6", "taxable": "45", "tax": "9"}
        sold(
            session,
            cut,
            {
                "name": "Shampoo 250 ml",
                "kind": "product",
                "service": None,
                "product": 1,
                "taxable": "15",
                "gross": "15",
            },
        )
        first = sold(
            session, {"name": "Colour [/b]", "service": COLOUR, "gross": "120", "taxable": "120"}, tips={ANNA: "7.50"}
        )
        sold(session, {"taxable": "30", "gross": "30"}, hands=[(0, BO, 15), (0, ANNA, 30)])
        given_back(session, first, [(1, "0.25")], policy="split", day="2026-03-10")
    _april(clock)
    _close(mo)
    asked = ShowStatement(stylist_id=ANNA, day=MARCH)
    letter = statement_letter(show_statement(mo, asked), show_shop(mo, ShowShop()))
    said = [letter.title, *letter.seller, *letter.buyer, *(f"{a}: {b}" for a, b in letter.facts)]
    for table in letter.tables:
        said += [" | ".join(cell.text for cell in table.headings), *(" | ".join(row) for row in table.rows)]
    printed = "\n".join([*said, *(f"{a}: {b}" for a, b in letter.totals), ""])
    agree(GOLDENS / "statement.txt", printed.encode())
    name, page = statement_pdf(mo, asked)
    assert name == "statement-2026-03-01-2026-03-31-1.pdf"
    assert page.startswith(b"%PDF")
    assert statement_pdf(mo, asked) == (name, page)
