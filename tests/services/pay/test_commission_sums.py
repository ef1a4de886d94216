"""Door and rule reckon the same, whatever is sold and given back; printed arithmetic comes to the cent shown."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import text

from frontdesk.desk import Desk
from frontdesk.money import rounded, split
from frontdesk.rules.commission import (
    BASES,
    GivenBack,
    Reckoning,
    Rule,
    Sold,
    base_of,
    by_hands,
    earned,
    rule_for,
    taken_back,
    tier_amount,
    unearned,
)
from frontdesk.rules.commission_steps import how_of, steps_of
from frontdesk.services.pay.commission import cards
from frontdesk.services.use_case import Work
from tests.seeds import seeds
from tests.services.desks import ANNA, BO
from tests.services.pay.pay_desks import entries, given_back, rule, sold, tiers, writing

DAY = dt.date(2026, 3, 9)


def _rules(dice: random.Random, desk: Desk) -> None:
    with writing(desk) as session:
        session.execute(text("UPDATE stylists SET level = 'senior' WHERE id = 2"))
    scopes: list[dict[str, Any]] = [
        {}, {"stylist_id": ANNA}, {"level": "senior"}, {"service_id": 1}, {"category_id": 2}, {"kind": "product"},
        {"service_id": 2, "stylist_id": BO}, {"product_id": 1, "kind": "product"}, {"service_id": 3},
    ]  # fmt: skip
    for scope in scopes:
        base = dice.choice(list(BASES))
        form = dice.choice(["percent", "flat", "tier_whole", "tier_band"])
        bands = sorted({Decimal(0), *(Decimal(dice.randrange(1, 40000)) / 100 for _ in range(dice.randrange(4)))})
        how = Reckoning(
            form=form,
            base=base,
            percent=Decimal(dice.randrange(0, 1000000)) / 10000 if form == "percent" else None,
            flat=Decimal(dice.randrange(0, 2000)) / 100 if form == "flat" else None,
            tiers=tiers(*((str(at), str(dice.randrange(0, 10001) / Decimal(100))) for at in bands))
            if "tier" in form
            else (),
        )
        rule(desk, how, DAY, **scope)


def _line(dice: random.Random) -> dict[str, Any]:
    service = dice.choice([1, 2, 3, 4, None])
    cents = dice.choice([dice.randrange(0, 30000), dice.randrange(0, 20), 0])
    off = dice.randrange(0, cents + 1) if dice.random() < 0.5 else 0
    taxable = rounded(Decimal(cents - off) / 120, "GBP")
    return {
        "kind": "service" if service else "product", "service": service, "product": None if service else 1,
        "stylist": dice.choice([ANNA, BO]), "quantity": str(dice.choice([1, 1, 1, 2, 3])),
        "list": str(Decimal(dice.randrange(0, 30000)) / 100), "gross": str(Decimal(cents) / 100),
        "discount": str(Decimal(off) / 100), "taxable": str(taxable),
        "tax": str(Decimal(cents - off) / 100 - taxable), "cost": str(Decimal(dice.randrange(0, 900)) / 100),
        "voucher": str(Decimal(dice.randrange(0, 9000)) / 100) if dice.random() < 0.3 else None,
        "name": "A thing", "unit": str(Decimal(cents) / 100),
    }  # fmt: skip


def _sold(line: dict[str, Any]) -> Sold:
    return Sold(
        kind=line["kind"], quantity=Decimal(line["quantity"]), list_price=Decimal(line["list"]),
        gross=Decimal(line["gross"]), discount=Decimal(line["discount"]), taxable=Decimal(line["taxable"]),
        tax=Decimal(line["tax"]), cost=Decimal(line["cost"]),
        voucher_value=None if line["voucher"] is None else Decimal(line["voucher"]), service_id=line["service"],
        product_id=line["product"], category_id={1: 1, 2: 1, 3: 2, 4: 3}.get(line["service"]),
    )  # fmt: skip


def _agreed(desk: Desk) -> list[Rule]:
    with writing(desk) as session:
        return [
            Rule(id=c.id, scope=c.scope, how=c.reckoning, valid_from=c.valid_from or dt.date.min,
                 valid_until=c.valid_until or dt.date.max)
            for c in cards(Work(desk, session))
        ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3, *seeds(4)])
def test_the_door_writes_what_the_rule_says_and_printed_arithmetic_comes_to_the_cent(mo: Desk, seed: int) -> None:
    dice = random.Random(seed)
    _rules(dice, mo)
    agreed, totals = _agreed(mo), defaultdict[tuple[int, int], Decimal](Decimal)
    expected: list[tuple[int, Decimal, Decimal]] = []
    sales: list[tuple[int, list[dict[str, Any]]]] = []
    with writing(mo) as session:
        for _ in range(60):
            lines = [_line(dice) for _ in range(dice.randrange(1, 5))]
            hands = []
            for at, line in enumerate(lines):
                who = [(line["stylist"], 1)]
                if dice.random() < 0.4:
                    who = [(each, dice.randrange(1, 90)) for each in dice.sample([ANNA, BO], 2)]
                    hands += [(at, *each) for each in who]
                for place, (stylist, _minutes) in enumerate(who):
                    counts = rule_for(agreed, _sold(line), stylist, "senior" if stylist == BO else "", DAY)
                    if counts is None:
                        continue
                    base = by_hands(base_of(counts.how, _sold(line), "GBP"), [m for _, m in who], "GBP")[place]
                    before = totals[counts.id, stylist]
                    expected.append((stylist, base, earned(counts.how, base, before, "GBP")))
                    totals[counts.id, stylist] += base
            sales.append((sold(session, *lines, hands=hands), lines))
    written = entries(mo)
    assert [(row.stylist_id, row.base, row.amount) for row in written] == expected
    assert len(written) > 100
    _give_back(dice, mo, sales)
    assert _check_every_entry(mo) >= 180
    _check_tiers_add_up(mo, agreed)


def _give_back(dice: random.Random, desk: Desk, sales: list[tuple[int, list[dict[str, Any]]]]) -> None:
    """Parts and wholes of lines go back, and the ledger of each entry follows the rule."""
    by_line: dict[int, list[Any]] = defaultdict(list)
    for row in entries(desk):
        by_line[row.sale_line_id].append(row)
    with writing(desk) as session:
        for first, lines in dice.sample(sales, 25):
            positions = [
                at for at, line in enumerate(lines, start=1) if Decimal(line["total" if "total" in line else "gross"])
            ]
            for share in dice.choice([["1"], ["0.37"], ["0.5"], ["0.25", "0.3"]]):
                parts = [(at, share) for at in positions]
                if parts:
                    given_back(
                        session, first, parts, policy=dice.choice(["withhold", "split", "goodwill"]), day="2026-03-20"
                    )
    left: dict[int, Decimal] = {}
    for row in entries(desk):
        if row.kind == "earned":
            left[row.id] = row.base
            continue
        how, kept = how_of(row.inputs), row.inputs
        part = GivenBack(
            whole=Decimal(kept["part_of"]), before=Decimal(kept["part_before"]), now=Decimal(kept["part_now"])
        )
        take = taken_back(Decimal(kept["earned_base"]), part, kept["policy"], "GBP")
        before = Decimal(kept.get("before", 0))
        assert row.base == -take
        assert row.amount == unearned(how, take, left[row.corrects_id], before, "GBP")
        left[row.corrects_id] -= take
        assert left[row.corrects_id] >= 0


def _check_tiers_add_up(desk: Desk, agreed: list[Rule]) -> None:
    totals, paid = defaultdict[tuple[int, int], Decimal](Decimal), defaultdict[tuple[int, int], Decimal](Decimal)
    for row in entries(desk):
        totals[row.rule_id, row.stylist_id] += row.base
        paid[row.rule_id, row.stylist_id] += row.amount
    tiered = {one.id: one.how for one in agreed if one.how.is_tiered}
    assert {key: paid[key] for key in paid if key[0] in tiered} == {
        key: tier_amount(tiered[key[0]], total, "GBP") for key, total in totals.items() if key[0] in tiered
    }


def _check_every_entry(desk: Desk) -> int:
    """Negative control: a printed figure that is a cent off is noticed."""
    noticed = 0
    for row in entries(desk):
        steps = steps_of(row.inputs, base=row.base, percent=row.percent, amount=row.amount, currency="GBP")
        for step in steps:
            if step.figures:
                assert _reckoned(step.figures) == Decimal(step.value), (step, row.inputs)
                noticed += _reckoned(step.figures) != Decimal(step.value) + Decimal("0.01")
        last = [step for step in steps if step.figures]
        if row.inputs.get("policy") == "goodwill" or (row.inputs.get("policy") and not row.base):
            assert row.amount == 0
        elif last:
            assert Decimal(last[-1].value) == row.amount
    assert noticed > 300
    return len(entries(desk))


def _reckoned(figures: str) -> Decimal:
    """What somebody with a pocket calculator finds: products and quotients first, then sums, rounded half up."""
    if " by " in figures:
        whole, weights, place = re.fullmatch(r"(\S+) by (\S+), part (\d+)", figures).groups()  # type: ignore[union-attr]
        return split(Decimal(whole), [Decimal(each) for each in weights.split(":")], "GBP")[int(place) - 1]
    total = Fraction(0)
    for sign, term in re.findall(r"(^| \+ | - )(.+?)(?= \+ | - |$)", figures):
        value, way = Fraction(1), "x"
        for piece in term.replace(" %", " / 100").split():
            if piece in ("x", "/"):
                way = piece
            else:
                number = Fraction(piece)
                value = value * number if way == "x" else value / number
        total += -value if sign == " - " else value
    return rounded(total, "GBP")


def test_the_calculator_of_these_tests_can_count() -> None:
    assert _reckoned("33.50 by 2:1, part 2") == Decimal("11.17")
    assert _reckoned("60.00 - 2 x 4.10") == Decimal("51.80")
