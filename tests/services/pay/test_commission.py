"""What stylists earn: which rule counts, of which base, by which bands, and what a refund takes back of it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.money import rounded
from frontdesk.rules.commission import Reckoning
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import LeaveVisit, no_show
from frontdesk.services.pay.commission import (
    EndCommissionRule,
    ListCommissionRules,
    TryCommission,
    end_rule,
    list_rules,
    try_rules,
)
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BO, CUT, JANE, booked, march
from tests.services.pay.pay_desks import entries, finished, given_back, rule, sold, tiers, unfinished, writing
from tests.vale_street import NOW, token

TODAY = dt.date(2026, 3, 9)


def _percent(percent: str, base: str = "net") -> Reckoning:
    return Reckoning(percent=Decimal(percent), base=base)


def _amounts(desk: Desk) -> list[Decimal]:
    return [row.amount for row in entries(desk)]


def test_the_nearest_rule_counts_first_of_what_and_then_of_whom(mo: Desk) -> None:
    """ST7: item and stylist, item, category, promotion, stylist, level, everybody."""
    with writing(mo) as session:
        session.execute(text("UPDATE stylists SET level = 'senior' WHERE id = 2"))
        staff = session.execute(
            text("INSERT INTO price_classes (name, percent) VALUES ('Staff', 50) RETURNING id")
        ).scalar_one()
    steps: list[tuple[str, Reckoning, dict[str, Any]]] = [
        ("everybody", _percent("1"), {}),
        ("level", _percent("2"), {"level": "senior"}),
        ("stylist", _percent("3"), {"stylist_id": BO}),
        ("price class", _percent("4"), {"price_class_id": staff}),
        ("category", _percent("5"), {"category_id": 1}),
        ("item", _percent("6"), {"service_id": CUT}),
        ("item and level", _percent("7"), {"service_id": CUT, "level": "senior"}),
        ("item and stylist", _percent("8"), {"service_id": CUT, "stylist_id": BO}),
    ]
    with writing(mo) as session:
        session.execute(text("UPDATE commission_rules SET valid_until = valid_from"))
    found = []
    for _, how, scope in steps:
        rule(mo, how, **scope)
        with writing(mo) as session:
            sold(session, {"stylist": BO, "taxable": "100", "gross": "100", "unit": "100"}, price_class_id=staff)
        found.append(entries(mo)[-1].percent)
    assert found == [Decimal(n) for n in range(1, 9)]
    # Whatever order they were written in, what they are for comes before whose they are.
    listed = [one.scope for one in list_rules(mo, ListCommissionRules()).rules]
    assert [scope.rank for scope in listed] == sorted(scope.rank for scope in listed)
    tried = try_rules(mo, TryCommission(stylist_id=BO, service_id=CUT))
    assert [one.rule.reckoning.percent for one in tried.looked_at] == [Decimal(n) for n in (8, 7, 6, 5, 3, 2, 1)]
    assert (tried.price, tried.base, tried.amount) == (Decimal("50.00"), Decimal("41.67"), Decimal("3.33"))


def test_a_rule_ends_and_the_next_in_order_counts_again(mo: Desk) -> None:
    special = rule(mo, _percent("80"), service_id=CUT)
    with writing(mo) as session:
        sold(session, {"taxable": "10"})
    end_rule(mo, EndCommissionRule(rule_id=special))
    with writing(mo) as session:
        sold(session, {"taxable": "10"})
    assert _amounts(mo) == [Decimal("8.00"), Decimal("4.00")]
    with pytest.raises(errors.NotFound, match="Look at the list of rules"):
        end_rule(mo, EndCommissionRule(rule_id=special))


def test_one_ticket_with_discount_and_voucher_gives_a_documented_result_for_each_base(mo: Desk) -> None:
    """ST9. A cut of 60.00 for 54.00, 9.00 tax inside it, 4.00 of product used, paid by a session worth 30.00; 10 %."""
    line = {
        "list": "60", "unit": "60", "gross": "60", "discount": "6", "taxable": "45", "tax": "9", "cost": "4",
        "voucher": "30",
    }  # fmt: skip
    found = {}
    for base in ("list", "discounted", "net", "taxed", "after_cost", "voucher"):
        rule(mo, _percent("10", base), service_id=CUT)
        with writing(mo) as session:
            sold(session, line)
        found[base] = (entries(mo)[-1].base, entries(mo)[-1].amount)
    assert found == {
        "list": (Decimal("60.00"), Decimal("6.00")),
        "discounted": (Decimal("54.00"), Decimal("5.40")),
        "net": (Decimal("45.00"), Decimal("4.50")),
        "taxed": (Decimal("54.00"), Decimal("5.40")),
        "after_cost": (Decimal("41.00"), Decimal("4.10")),
        "voucher": (Decimal("30.00"), Decimal("3.00")),
    }


@pytest.mark.parametrize(("form", "whole"), [("tier_whole", "2000.00"), ("tier_band", "1750.00")])
def test_bands_pay_the_documented_figure_both_ways_and_a_band_is_crossed_in_mid_ticket(
    mo: Desk, form: str, whole: str
) -> None:
    """ST8: 40 % from 0, 45 % from 2,000, 50 % from 3,000; 4,000.00 by one ticket or by many is the same."""
    rule(mo, Reckoning(form=form, tiers=tiers()), service_id=CUT)
    with writing(mo) as session:
        sold(session, {"taxable": "1950"})
        sold(session, {"taxable": "33.33"}, {"taxable": "66.67"}, {"taxable": "1200"})
        sold(session, {"taxable": "750"})
    written = entries(mo, stylist_id=ANNA)
    assert sum(row.base for row in written) == 4000
    assert sum(row.amount for row in written) == Decimal(whole)
    # 1,950 and 33.33 stay in the first band; 66.67 crosses into the second.
    crossed = {"tier_whole": Decimal("129.17"), "tier_band": Decimal("29.17")}[form]
    assert [row.amount for row in written[:3]] == [Decimal("780.00"), Decimal("13.33"), crossed]


def test_a_new_period_begins_its_bands_anew_and_a_refund_goes_back_into_its_own(mo: Desk) -> None:
    rule(mo, Reckoning(form="tier_whole", tiers=tiers(("0", "10"), ("100", "20"))), dt.date(2026, 3, 1), service_id=CUT)
    with writing(mo) as session:
        first = sold(session, {"taxable": "150"}, day="2026-03-31")
        sold(session, {"taxable": "50"}, day="2026-04-01")
        given_back(session, first, [(1, "0.6")], policy="withhold", day="2026-04-02")
    # 60 of March's 150 are left: 6.00 of it; April's own 50 stay at 10 %.
    assert _amounts(mo) == [Decimal("30.00"), Decimal("5.00"), Decimal("-24.00")]
    assert [row.kind for row in entries(mo)] == ["earned", "earned", "refund"]
    assert [row.for_day.month for row in entries(mo)] == [3, 4, 3]


def test_hands_share_a_line_seventy_to_thirty_and_never_more_than_the_whole(mo: Desk) -> None:
    """ST10, to the cent, with the same rate and by a flat amount."""
    with writing(mo) as session:
        session.execute(text("UPDATE commission_rules SET valid_until = valid_from"))
    rule(mo, _percent("100"))
    with writing(mo) as session:
        sold(session, {"taxable": "33.33"}, hands=[(0, ANNA, 70), (0, BO, 30)])
        sold(session, {"taxable": "0.01"}, hands=[(0, BO, 1), (0, ANNA, 1)])
    assert [(r.stylist_id, r.amount) for r in entries(mo)] == [
        (ANNA, Decimal("23.33")), (BO, Decimal("10.00")), (BO, Decimal("0.01")), (ANNA, Decimal("0.00")),
    ]  # fmt: skip
    rule(mo, Reckoning(form="flat", flat=Decimal("5.01")))
    with writing(mo) as session:
        sold(session, {"taxable": "0"}, hands=[(0, ANNA, 1), (0, BO, 1)])
    assert _amounts(mo)[-2:] == [Decimal("2.51"), Decimal("2.50")]


@pytest.mark.parametrize(("policy", "back"), [("withhold", "-6.67"), ("split", "-3.34"), ("goodwill", "0")])
def test_a_refund_takes_back_what_its_policy_says(mo: Desk, policy: str, back: str) -> None:
    """ST11: 40 % of a third of 50.00 and of its other two thirds; together never a cent more than was earned."""
    with writing(mo) as session:
        first = sold(session, {"taxable": "50"})
        given_back(session, first, [(1, "0.33333333")], policy=policy, day="2026-03-10")
    assert _amounts(mo) == [Decimal("20.00"), Decimal(back)]
    with writing(mo) as session:
        given_back(session, first, [(1, "0.66666667")], policy=policy, day="2026-03-10")
    left = Decimal({"withhold": 0, "split": 10, "goodwill": 20}[policy])
    assert abs(sum(_amounts(mo)) - left) <= Decimal("0.01") * (policy == "split")


def test_taking_back_is_off_unless_the_shop_turns_it_on(mo: Desk, ada: Desk) -> None:
    with writing(mo) as session:
        first = sold(session, {"taxable": "50"})
        given_back(session, first, [(1, "0.5")], policy=None, day="2026-03-09")
    assert _amounts(mo) == [20, 0]
    with writing(ada) as session:
        session.execute(text("UPDATE shops SET takes_commission_back = true"))
    with writing(mo) as session:
        given_back(session, first, [(1, "0.5")], policy=None, day="2026-03-09")
    assert _amounts(mo)[2:] == [-10]
    with pytest.raises(IntegrityError, match="withheld, left or split"), writing(mo) as session:
        given_back(session, first, [(1, "0.1")], policy="later", day="2026-03-09")


def test_a_void_takes_all_of_it_back_whatever_the_policy(mo: Desk) -> None:
    """Percent, flat and bands; what was written before the void is left to the cent."""
    rule(mo, Reckoning(form="flat", flat=Decimal("2.50")), kind="product")
    rule(mo, Reckoning(form="tier_whole", tiers=tiers(("0", "10"), ("100", "20"))), service_id=CUT)
    with writing(mo) as session:
        sold(session, {"taxable": "90"})
        voided = sold(
            session, {"taxable": "33.33"}, {"taxable": "66.67", "service": 2},
            {"kind": "product", "service": None, "product": 1, "taxable": "15"}, hands=[(1, ANNA, 20), (1, BO, 10)],
        )  # fmt: skip
        before = sum(_amounts(mo)[:1])
        given_back(session, voided, [(1, "1"), (2, "1"), (3, "1")], policy="goodwill", day="2026-03-09", kind="void")
    assert sum(_amounts(mo)) == before == 9
    assert [(row.stylist_id, row.kind) for row in entries(mo)[5:]] == [
        (ANNA, "refund"), (ANNA, "refund"), (BO, "refund"), (ANNA, "refund"),
    ]  # fmt: skip


def test_nobody_earns_of_a_no_show_fee_until_a_rule_says_so(mo: Desk) -> None:
    fee = {"kind": "fee", "service": None, "name": "No-show", "taxable": "25", "gross": "25", "unit": "25"}
    with writing(mo) as session:
        sold(session, fee)
    assert entries(mo) == []
    rule(mo, _percent("50"), kind="fee")
    with writing(mo) as session:
        sold(session, fee)
    assert _amounts(mo) == [Decimal("12.50")]


@pytest.mark.parametrize(
    ("scope", "how", "words"),
    [
        ({"stylist_id": 1, "level": "senior"}, _percent("10"), "for one stylist, for a level or for everybody"),
        ({"service_id": 1, "category_id": 1}, _percent("10"), "for one thing"),
        ({"product_id": 1}, _percent("10"), "say kind product"),
        ({"kind": "tip"}, _percent("10"), "Commission is on service"),
        ({}, Reckoning(percent=Decimal(101)), "between 0 and 100"),
        ({}, Reckoning(), "between 0 and 100"),
        ({}, Reckoning(form="flat", flat=Decimal("0.001")), "smallest coin"),
        ({}, Reckoning(form="tier_band", tiers=tiers(("10", "40"))), "first band begins at 0"),
        ({}, Reckoning(form="tier_band", tiers=tiers(("0", "40"), ("0", "50"))), "begin at the same amount"),
        ({}, Reckoning(form="lottery", percent=Decimal(1)), "A rule is percent"),
        ({}, Reckoning(base="gut", percent=Decimal(1)), "A base is list"),
    ],
)
def test_a_rule_that_says_nothing_clear_is_refused(mo: Desk, scope: dict[str, Any], how: Reckoning, words: str) -> None:
    with pytest.raises(errors.BadInput, match=words):
        rule(mo, how, **scope)


def test_who_may_not_see_rates_sets_none_and_sees_none(ria: Desk, anna: Desk) -> None:
    for desk in (ria, anna):
        with pytest.raises(errors.NotAllowed):
            rule(desk, _percent("90"))
        with pytest.raises(errors.NotAllowed):
            list_rules(desk, ListCommissionRules())


def test_a_used_rule_is_kept_by_the_database_too(mo: Desk) -> None:
    used = rule(mo, Reckoning(form="tier_band", tiers=tiers()), service_id=CUT)
    with writing(mo) as session:
        sold(session, {"taxable": "10"})
    for change in (
        "UPDATE commission_rules SET base = 'list' WHERE id = :rule",
        "INSERT INTO commission_tiers (rule_id, from_amount, percent) VALUES (:rule, 1, 99)",
    ):
        with pytest.raises(errors.RuleUsed), writing(mo) as session:
            session.execute(text(change), {"rule": used})
    again = rule(mo, Reckoning(form="tier_band", tiers=tiers(("0", "1"))), service_id=CUT)
    assert again != used


def test_a_share_of_a_no_show_fee_is_the_stylist_s_who_waited(ria: Desk, mo: Desk) -> None:
    rule(mo, _percent("50"), kind="fee")
    set_policy(mo, SetPolicy(notice_minutes=1440, late_percent=Decimal(50), no_show_percent=Decimal(100)))
    missed = booked(ria, JANE, march(9, 9), (CUT, ANNA))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id, fee=Decimal(50)))
    with transaction(mo) as session:
        fee = session.execute(text("SELECT id FROM appointment_fees")).scalar_one()
    check_out(ria, CheckOut(fee_ids=(fee,), tenders=(Pay(method="cash", amount=Decimal(50)),)))
    (earned,) = entries(mo)
    assert (earned.stylist_id, earned.amount) == (ANNA, rounded(earned.base / 2, "GBP"))


@pytest.mark.parametrize("is_held", [True, False])
def test_two_tills_at_once_add_to_the_same_bands_one_after_the_other(
    server: Handle, committed: str, is_held: bool
) -> None:
    """Two sales of 60 with 10 % from 0 and 20 % of the whole from 100 are 24. Without the lock, each would be first."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    desks = [open_desk(lambda: Session(engine), token(who), SetClock(NOW)) for who in ("mo", "ria")]
    rule(desks[0], Reckoning(form="tier_whole", tiers=tiers(("0", "10"), ("100", "20"))), service_id=CUT)
    if not is_held:
        with psycopg.connect(server.conninfo(committed), autocommit=True) as owner:
            (door,) = owner.execute("SELECT pg_get_functiondef('write_commissions'::regproc)").fetchone() or ("",)
            assert "ORDER BY s.id FOR NO KEY UPDATE" in door
            owner.execute(door.replace("ORDER BY s.id FOR NO KEY UPDATE", ""))
            owner.execute("DROP TRIGGER commissions_paid_are_kept ON commissions")
    gate = threading.Barrier(2)

    def sell(desk: Desk) -> None:
        gate.wait()
        with writing(desk) as session:
            number, total = unfinished(session, {"taxable": "60"})
            if not is_held:
                gate.wait()
            finished(session, number, total)

    with writing(desks[0]) as session:
        sold(session, {"taxable": "1", "service": 2})  # the period is there, and nobody waits for its making
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sell, desks))
    amounts = [row.amount for row in entries(desks[0]) if row.base == 60]
    assert sum(amounts) == (24 if is_held else 12)
