"""Points are a ledger: earned as a sale closes, spent once, taken back with what comes back, expired by day (CO10)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, Refusal
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.points import points_held
from frontdesk.services.points.loyalty import (
    CorrectPoints,
    ExpirePoints,
    OwedPoints,
    SetLoyaltyRule,
    SetLoyaltyTier,
    ShowPoints,
    correct_points,
    expire_points,
    points_owed,
    set_rule,
    set_tier,
    show_points,
)
from frontdesk.services.reports.balances import ShowBalances, balances
from frontdesk.services.ticket.ticket_wishes import Pay, SellGiftCard, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import GiveBackLine, Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from frontdesk.services.use_case import Work
from tests.conftest import desk_conninfo
from tests.services.desks import JANE, KIM, booked, march
from tests.vale_street import NOW, token

CASH = Pay(method="cash")


@pytest.fixture
def points(mo: Desk) -> Desk:
    """The shop gives a point for each 1.00, worth a nickel, for a year."""
    set_rule(mo, SetLoyaltyRule(points_per_unit=Decimal(1), point_value=Decimal("0.05"), months=12))
    return mo


def _cut(desk: Desk, *tenders: Pay, hour: int = 10, tip: str = "0", day: int = 9) -> Receipted:
    visit = booked(desk, JANE, march(day, hour))
    return check_out(
        desk, CheckOut(appointment_ids=(visit.appointment_id,), tenders=tenders or (CASH,), tip=Decimal(tip))
    )


def _has(desk: Desk, customer: int = JANE) -> int:
    return show_points(desk, ShowPoints(customer_id=customer)).points


def _sum(desk: Desk) -> int:
    with transaction(desk) as session:
        return int(session.execute(text("SELECT coalesce(sum(points), 0) FROM loyalty_entries")).scalar_one())


def _give(desk: Desk, points: int) -> None:
    correct_points(desk, CorrectPoints(customer_id=JANE, points=points, reason="Brought over"))


def test_a_point_for_each_1_00_net_of_tax_and_none_for_the_tip(ria: Desk, points: Desk) -> None:
    _cut(ria, tip="10")
    shown = show_points(ria, ShowPoints(customer_id=JANE))
    # 50.00 with 20 % tax inside is 41.67 net.
    assert (shown.points, shown.worth) == (41, Decimal("2.05"))
    assert [(one.kind, one.words, one.expires_on) for one in shown.entries] == [
        ("earned", "1 for each 1.00 of 41.67", dt.date(2027, 3, 9))
    ]
    assert [(one.kind, one.points) for one in balances(ria, ShowBalances(customer_id=JANE)).balances] == [
        ("points", _sum(ria))
    ]


def test_without_a_rule_nothing_is_earned(ria: Desk) -> None:
    _cut(ria)
    assert _has(ria) == 0


def test_points_pay_and_what_they_pay_for_earns_none(ria: Desk, points: Desk) -> None:
    _give(points, 500)
    sale = _cut(ria, Pay(method="points"), CASH)
    assert [(p.method, p.amount) for p in sale.payments] == [("points", Decimal("25.00")), ("cash", Decimal("25.00"))]
    # Half of it was paid with points: half of 41.67 earns.
    assert _has(ria) == 20 == _sum(ria)


def test_a_part_of_the_points_pays_to_the_cent(ria: Desk, points: Desk) -> None:
    _give(points, 100)
    _cut(ria, Pay(method="points", amount=Decimal("4.98")), CASH)
    redeemed = next(one for one in show_points(ria, ShowPoints(customer_id=JANE)).entries if one.kind == "redeemed")
    assert (redeemed.points, redeemed.words) == (-100, "paid 4.98")


def test_nobody_pays_with_more_points_than_they_have_nor_buys_a_gift_card_with_them(ria: Desk, points: Desk) -> None:
    with pytest.raises(BadInput, match="no points to pay with"):
        _cut(ria, Pay(method="points"), CASH)
    _give(points, 500)
    with pytest.raises(Refusal):
        _cut(ria, Pay(method="points", amount=Decimal(30)), CASH, hour=14)
    card = CheckOut(customer_id=JANE, gift_cards=(SellGiftCard(amount=Decimal(20)),), tenders=(Pay(method="points"),))
    with pytest.raises(Refusal):
        check_out(ria, card)
    assert _has(ria) == 500


def test_a_refund_takes_back_what_was_earned_and_gives_back_what_was_spent(ria: Desk, points: Desk) -> None:
    _give(points, 500)
    sale = _cut(ria, Pay(method="points"), CASH)
    refund(points, Refund(sale_id=sale.sale_id, reason="Unhappy"))
    assert _has(ria) == 500 == _sum(ria)


def test_a_part_that_comes_back_takes_its_points_and_the_rest_takes_the_rest(ria: Desk, points: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10))
    wish = CheckOut(
        appointment_ids=(visit.appointment_id,), products=(SellProduct(product_id=1, quantity=2),), tenders=(CASH,)
    )
    sale = check_out(ria, wish)
    assert _has(ria) == 71  # 41.67 and twice 15.00
    with transaction(ria) as session:
        line = session.execute(text("SELECT id FROM sale_lines WHERE kind = 'product'")).scalar_one()
    refund(points, Refund(sale_id=sale.sale_id, reason="Dry", lines=(GiveBackLine(line_id=line, quantity=Decimal(1)),)))
    assert _has(ria) == 56
    refund(points, Refund(sale_id=sale.sale_id, reason="All of it"))
    assert _has(ria) == 0


def test_a_void_leaves_no_points(ria: Desk, points: Desk) -> None:
    void(ria, VoidSale(sale_id=_cut(ria).sale_id, reason="Wrong visit"))
    assert _has(ria) == 0 == _sum(ria)


def test_a_tier_multiplies_what_is_earned_from_then_on(ria: Desk, points: Desk) -> None:
    set_tier(points, SetLoyaltyTier(name="Gold", from_points=40, multiplier=Decimal(2)))
    _cut(ria)
    shown = show_points(ria, ShowPoints(customer_id=JANE))
    assert (shown.points, shown.tier) == (41, "Gold")
    _cut(ria, hour=14)
    assert _has(ria) == 41 + 83


def test_points_expire_on_their_day_by_an_entry_that_is_dated_then(ria: Desk, points: Desk, clock: SetClock) -> None:
    _cut(ria)
    clock.set(dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC))
    assert (_has(ria), _sum(ria)) == (0, 41)
    assert balances(ria, ShowBalances(customer_id=JANE)).balances == ()
    assert expire_points(points, ExpirePoints()).points == 41
    assert expire_points(points, ExpirePoints()).points == 0
    assert _has(ria) == 0 == _sum(ria)
    with transaction(ria) as session:
        gone = session.execute(text("SELECT points, day FROM loyalty_entries WHERE kind = 'expired'")).one()
    assert tuple(gone) == (-41, dt.date(2027, 3, 9))


def test_what_is_owed_is_the_sum_of_everybodys_points(ria: Desk, points: Desk) -> None:
    _cut(ria)
    correct_points(points, CorrectPoints(customer_id=KIM, points=60, reason="Sorry"))
    owed = points_owed(points, OwedPoints())
    assert (owed.customers, owed.points, owed.worth) == (2, 101, Decimal("5.05"))
    assert owed.points == _has(ria) + _has(ria, KIM)


def test_points_are_given_by_hand_with_a_reason_and_by_a_manager_only(ria: Desk, points: Desk) -> None:
    with pytest.raises(errors.NotAllowed):
        correct_points(ria, CorrectPoints(customer_id=JANE, points=5, reason="Nice"))
    with pytest.raises(errors.ReasonMissing):
        correct_points(points, CorrectPoints(customer_id=JANE, points=5, reason=" "))
    with pytest.raises(errors.PointsUsedUp):
        correct_points(points, CorrectPoints(customer_id=JANE, points=-5, reason="Wrong"))


def _race(handle: Handle, database: str) -> list[str]:
    """100 points, and two tills that take all of them at once: what came of each."""
    engines = [open_engine(desk_conninfo(handle, database)) for _ in range(2)]
    mo = open_desk(lambda: Session(engines[0]), token("mo"), SetClock(NOW))
    set_rule(mo, SetLoyaltyRule(points_per_unit=Decimal(0), point_value=Decimal("0.05")))
    _give(mo, 100)
    visits = [booked(mo, JANE, march(9, hour)).appointment_id for hour in (10, 14)]

    def pay(engine: Engine, visit: int) -> str:
        desk = open_desk(lambda: Session(engine), token("ria"), SetClock(NOW))
        tenders = (Pay(method="points", amount=Decimal(5)), CASH)
        try:
            check_out(desk, CheckOut(appointment_ids=(visit,), tenders=tenders))
        except Refusal as refusal:
            return type(refusal).__name__
        return "paid"

    with ThreadPoolExecutor(2) as tills:
        came = list(tills.map(pay, engines, visits))
    for engine in engines:
        engine.dispose()
    return sorted(came)


def test_points_are_spent_once_at_two_tills(server: Handle, committed: str) -> None:
    came = _race(server, committed)
    assert (came[1], came[0] in ("PointsUsedUp", "BadInput")) == ("paid", True)
    with psycopg.connect(server.conninfo(committed)) as owner:
        assert owner.execute("SELECT sum(points) FROM loyalty_entries").fetchone() == (0,)


def test_without_its_trigger_and_its_lock_points_would_be_spent_twice(
    server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, read = Barrier(2), points_held.usable
    with psycopg.connect(server.conninfo(committed)) as owner:
        owner.execute("DROP TRIGGER loyalty_entries_not_overdrawn ON loyalty_entries")

    def read_together(work: Work, customer_id: int) -> int:
        found = read(work, customer_id)
        both.wait(10)
        return found

    monkeypatch.setattr(points_held, "hold", lambda work, customer_id: None)
    monkeypatch.setattr(points_held, "usable", read_together)
    assert _race(server, committed) == ["paid", "paid"]
    with psycopg.connect(server.conninfo(committed)) as owner:
        assert owner.execute("SELECT sum(points) FROM loyalty_entries").fetchone() == (-100,)
