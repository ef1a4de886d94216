"""Fair turns, by the rule alone (features CI4)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from frontdesk.rules.turns import Turner, TurnRules, in_order, passed_over, weight

NINE = dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)
CUT = dt.timedelta(minutes=45)


def _at(hours: float) -> dt.datetime:
    return NINE + dt.timedelta(hours=hours)


def test_fewest_turns_first_then_longest_ago_then_whoever_began_earlier() -> None:
    late = Turner(1, _at(1), 1)
    early = Turner(2, _at(0), 2)
    served = Turner(3, _at(0), 3, Decimal(1), _at(2))
    before = Turner(4, _at(0), 4, Decimal(1), _at(1))
    half = Turner(5, _at(0), 5, Decimal("0.5"), _at(3))
    order = in_order([served, late, half, before, early])
    assert [one.stylist_id for one in order] == [2, 1, 5, 4, 3]
    assert [one.stylist_id for one in passed_over(order, 5)] == [2, 1]
    assert passed_over(order, 2) == []


def test_of_two_who_began_together_the_first_of_the_book_is_first() -> None:
    assert [one.stylist_id for one in in_order([Turner(7, NINE, 2), Turner(9, NINE, 1)])] == [9, 7]


@pytest.mark.parametrize(
    ("asked_for", "minutes", "counts"), [(False, 45, "1"), (True, 45, "0.5"), (False, 15, "0"), (True, 15, "0")]
)
def test_a_request_and_a_small_service_count_as_the_shop_says(asked_for: bool, minutes: int, counts: str) -> None:
    rules = TurnRules(request=Decimal("0.5"), small=Decimal(0), small_minutes=15)
    assert weight(rules, asked_for=asked_for, minutes=minutes) == Decimal(counts)


def _week(seed: int, stylists: int, choose: object = None) -> Counter[int]:
    """Six days of walk-ins as they come, each served by whose turn it is as soon as anybody is free."""
    rolls = random.Random(seed)
    total: Counter[int] = Counter(dict.fromkeys(range(stylists), 0))
    last: dict[int, dt.datetime] = {}
    for day in range(6):
        opens = NINE + dt.timedelta(days=day)
        busy = dict.fromkeys(total, opens)
        today: Counter[int] = Counter()
        now = opens
        while now < opens + dt.timedelta(hours=8):
            free = [stylist for stylist, until in busy.items() if until <= now]
            if len(free) == stylists:  # equals: nobody has a reason to be passed over
                turners = [Turner(s, opens, s, Decimal(today[s]), last.get(s)) for s in free]
                one = rolls.choice(turners) if choose else in_order(turners)[0]
                today[one.stylist_id] += 1
                total[one.stylist_id] += 1
                last[one.stylist_id], busy[one.stylist_id] = now, now + CUT
            now += CUT + dt.timedelta(minutes=rolls.randint(0, 20))
    return total


@pytest.mark.parametrize("seed", range(20))
def test_over_a_week_the_counts_of_equals_differ_by_one_at_most(seed: int) -> None:
    counts = _week(seed, stylists=2 + seed % 5).values()
    assert max(counts) - min(counts) <= 1


def test_without_the_rule_they_differ_by_more() -> None:
    spreads = [max(c) - min(c) for c in (_week(seed, 4, choose="anyhow").values() for seed in range(20))]
    assert max(spreads) > 1


@pytest.mark.parametrize("seed", range(20))
def test_on_a_busy_day_whoever_is_behind_catches_up_as_soon_as_they_are_free(seed: int) -> None:
    rolls = random.Random(seed)
    turners = [Turner(stylist, NINE, stylist) for stylist in range(5)]
    for step in range(200):
        free = rolls.sample(turners, rolls.randint(1, 5))
        chosen = in_order(free)[0]
        assert chosen.turns == min(one.turns for one in free)
        given = replace(chosen, turns=chosen.turns + 1, last_at=NINE + dt.timedelta(minutes=step))
        turners = [given if one.stylist_id == chosen.stylist_id else one for one in turners]
