"""Prepaid money by arithmetic: codes, taxes inside, several balances for one ticket, debts paid oldest first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.accounts import AccountLine, open_debts
from frontdesk.rules.deposits import DepositLine, DepositRule, asked_for, fee_beside
from frontdesk.rules.pools import Purse, used
from frontdesk.rules.prepayments import code_of, code_shown, drawn_down, last_day, tax_share

CENTS = st.integers(0, 100_00).map(lambda cents: Decimal(cents) / 100)
POUNDS = st.integers(0, 12).map(Decimal)
"""Few and whole, so that they collide."""
POOLS = st.fixed_dictionaries({"services": POUNDS, "products": POUNDS, "other": POUNDS})
PURSES = st.lists(st.tuples(POUNDS, st.sampled_from(["", "services", "products"])), max_size=6).map(
    lambda drawn: [Purse(number, balance, limit) for number, (balance, limit) in enumerate(drawn)]
)


def nothing_too_much(purses: list[Purse], pools: dict[str, Decimal], taken: dict[int, Decimal]) -> bool:
    """Whether no purse gives more than it has, and no pool gets more than it is from those limited to it."""
    limited = {
        pool: sum((taken.get(one.id, Decimal(0)) for one in purses if one.limited_to == pool), Decimal(0))
        for pool in pools
    }
    return (
        all(taken.get(one.id, Decimal(0)) <= one.balance for one in purses)
        and all(limited[pool] <= pools[pool] for pool in pools)
        and sum(taken.values(), Decimal(0)) <= sum(pools.values(), Decimal(0))
    )


@given(PURSES, POOLS)
def test_purses_pay_as_far_as_they_go_and_no_further(purses: list[Purse], pools: dict[str, Decimal]) -> None:
    taken = used(purses, pools)
    assert nothing_too_much(purses, pools, taken)
    free = sum((one.balance for one in purses if not one.limited_to), Decimal(0))
    reach = {
        pool: min(sum((one.balance for one in purses if one.limited_to == pool), Decimal(0)), pools[pool])
        for pool in pools
    }
    most = min(sum(reach.values(), Decimal(0)) + free, sum(pools.values(), Decimal(0)))
    assert sum(taken.values(), Decimal(0)) == most, "nothing is left unused because another stood in its way"


@given(PURSES, POOLS, POUNDS)
def test_an_amount_within_reach_is_paid_to_the_cent(
    purses: list[Purse], pools: dict[str, Decimal], amount: Decimal
) -> None:
    most = sum(used(purses, pools).values(), Decimal(0))
    taken = used(purses, pools, min(amount, most))
    assert sum(taken.values(), Decimal(0)) == min(amount, most)
    assert nothing_too_much(purses, pools, taken)


def test_a_plain_order_would_leave_money_unused() -> None:
    """The negative control: a credit for anything that pays for products stands in the way of one for them."""
    purses = [Purse(1, Decimal(10), ""), Purse(2, Decimal(10), "products")]
    pools = {"services": Decimal(10), "products": Decimal(10), "other": Decimal(0)}
    assert used(purses, pools) == {1: Decimal(10), 2: Decimal(10)}
    by_hand = min(purses[0].balance, pools["products"])
    assert by_hand + min(purses[1].balance, pools["products"] - by_hand) == Decimal(10)


@given(st.lists(CENTS, max_size=8), CENTS)
def test_what_is_drawn_down_is_the_amount_or_all_there_is(balances: list[Decimal], amount: Decimal) -> None:
    parts = drawn_down(list(enumerate(balances)), amount)
    assert sum((part for _, part in parts), Decimal(0)) == min(amount, sum(balances, Decimal(0)))
    assert all(0 < part <= balances[place] for place, part in parts)
    assert [place for place, _ in parts] == sorted(place for place, _ in parts)


@given(st.lists(CENTS, min_size=1, max_size=3), st.lists(st.integers(1, 50_00), min_size=1, max_size=8))
def test_tax_goes_out_in_parts_and_all_of_it_with_the_last(taxes: list[Decimal], spent: list[int]) -> None:
    parts = [Decimal(cents) / 100 for cents in spent]
    balance, inside = sum(parts, Decimal(0)), list(taxes)
    for part in parts:
        out = tax_share(inside, balance, part, "GBP")
        inside = [tax - share for tax, share in zip(inside, out, strict=True)]
        balance -= part
    assert inside == [Decimal(0)] * len(taxes)


DEBTS = st.lists(st.tuples(st.booleans(), st.integers(1, 50_00)), max_size=12)


@given(DEBTS)
def test_what_is_open_is_what_is_owed_and_the_oldest_goes_first(drawn: list[tuple[bool, int]]) -> None:
    entries, owed = [], Decimal(0)
    for number, (is_debt, cents) in enumerate(drawn):
        amount = Decimal(cents) / 100 if is_debt else -min(Decimal(cents) / 100, owed)
        if amount:
            entries.append(AccountLine(number, amount))
            owed += amount
    found = open_debts(entries)
    assert sum((left for _, left in found), Decimal(0)) == owed
    debts = [entry.id for entry in entries if entry.amount > 0]
    assert [debt for debt, _ in found] == debts[len(debts) - len(found) :], "none is open before one that is paid"


def test_a_refund_lessens_its_own_debt() -> None:
    entries = [AccountLine(1, Decimal(50)), AccountLine(2, Decimal(30)), AccountLine(3, Decimal(-30), corrects_id=2)]
    assert open_debts(entries) == [(1, Decimal(50))]
    assert open_debts([*entries[:2], AccountLine(3, Decimal(-30))]) == [(1, Decimal(20)), (2, Decimal(30))]


ALL, NEW, MISSED = "all", "new", "no_show"
COLOUR = DepositLine(3, 1, Decimal(120))
RULES = (
    DepositRule(3, None, "new", Decimal(30), None),
    DepositRule(None, 1, "all", None, Decimal(15)),
    DepositRule(None, None, "no_show", Decimal(50), None),
)


@pytest.mark.parametrize(
    ("is_new", "missed_one", "asked"), [(True, False, "36.00"), (False, False, "15.00"), (False, True, "15.00")]
)
def test_the_narrowest_rule_that_applies_holds(is_new: bool, missed_one: bool, asked: str) -> None:
    found = asked_for([COLOUR], RULES, is_new=is_new, missed_one=missed_one, currency="GBP")
    assert found == Decimal(asked)


def test_a_deposit_is_never_more_than_the_price() -> None:
    cheap = DepositLine(9, 1, Decimal("8.00"))
    assert asked_for([cheap], RULES, is_new=True, missed_one=True, currency="GBP") == Decimal("8.00")
    assert asked_for([cheap], (), is_new=True, missed_one=True, currency="GBP") == 0


@given(CENTS, CENTS, CENTS)
def test_a_fee_beside_a_deposit_is_never_more_than_the_price(fee: Decimal, deposit: Decimal, price: Decimal) -> None:
    deposit = min(deposit, price)
    asked = fee_beside(fee, deposit, price)
    assert 0 <= asked <= fee
    assert asked + deposit <= price


@pytest.mark.parametrize(
    ("typed", "code"),
    [("7qk2-9m4t-xw5z", "7QK29M4TXW5Z"), (" gift 1 ", "GIFT1"), ("ab", ""), ("x" * 33, ""), ("no!", ""), ("ö123", "")],
)
def test_a_code_is_read_however_it_was_typed(typed: str, code: str) -> None:
    assert code_of(typed) == code
    assert code_of(code_shown(code)) == code


def test_months_end_on_the_same_day_or_the_last_one() -> None:
    assert last_day(12, dt.date(2026, 3, 9)) == dt.date(2027, 3, 9)
    assert last_day(1, dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)
    assert last_day(None, dt.date(2026, 3, 9)) is None
