"""Only cash is rounded, kept change is a tip, and whatever is put down the sums are the whole."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from frontdesk.errors import Refusal
from frontdesk.rules.tendering import CardOverTender, CoinMissing, NotPaidInFull, Tender, reckon, settle
from tests.seeds import seeds

STEP = Decimal("0.05")


def cash(amount: str | None = None, *, keep: bool = False) -> Tender:
    return Tender("cash", Decimal(amount) if amount else None, keep_change=keep)


def card(amount: str | None = None) -> Tender:
    return Tender("card", Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("due", "tenders", "paid", "rounding", "change"),
    [
        ("97.98", [cash()], ["98.00"], "0.02", "0.00"),
        ("97.98", [cash("98")], ["98.00"], "0.02", "0.00"),
        ("97.98", [cash("100")], ["98.00"], "0.02", "2.00"),
        ("97.97", [cash("100")], ["97.95"], "-0.02", "2.05"),
        ("98.02", [cash("98")], ["98.00"], "-0.02", "0.00"),
        ("97.98", [card()], ["97.98"], "0", "0.00"),
        ("97.98", [cash("50"), card()], ["50.00", "47.98"], "0", "0.00"),
        ("97.98", [card("47.98"), cash()], ["47.98", "50.00"], "0", "0.00"),
        ("97.98", [card("50"), cash("50")], ["50.00", "48.00"], "0.02", "2.00"),
        ("97.98", [card("50"), cash()], ["50.00", "48.00"], "0.02", "0.00"),
        ("97.98", [cash("50"), cash("50")], ["50.00", "48.00"], "0.02", "2.00"),
        ("0.02", [cash()], ["0.00"], "-0.02", "0.00"),
    ],
)
def test_only_the_cash_part_is_rounded(
    due: str, tenders: list[Tender], paid: list[str], rounding: str, change: str
) -> None:
    settled = settle(Decimal(due), tenders, "AUD", STEP)
    assert [amount for _, amount in settled.payments] == [Decimal(amount) for amount in paid]
    assert (settled.rounding, settled.change) == (Decimal(rounding), Decimal(change))


def test_without_a_step_nothing_is_rounded() -> None:
    """The negative control."""
    assert settle(Decimal("97.98"), [cash("100")], "GBP").payments == (("cash", Decimal("97.98")),)
    with pytest.raises(NotPaidInFull, match=r"0\.02"):
        settle(Decimal("98.02"), [cash("98")], "GBP")


def test_coins_that_do_not_exist_are_refused() -> None:
    with pytest.raises(CoinMissing, match=r"smallest coin here is 0\.05 AUD. Type 50\.00 AUD"):
        reckon(Decimal(98), [cash("49.99")], "AUD", STEP)


def test_what_is_missing_is_said_to_the_cent_as_another_tender_would_pay_it() -> None:
    assert reckon(Decimal("97.98"), [cash("50")], "AUD", STEP).rest == Decimal("47.98")


def test_kept_change_is_a_tip_and_nothing_is_rounded_then() -> None:
    settled = settle(Decimal("97.98"), [cash("100", keep=True)], "AUD", STEP)
    assert (settled.kept, settled.rounding, settled.change) == (Decimal("2.02"), Decimal(0), Decimal(0))
    assert settled.payments == (("cash", Decimal(100)),)


def test_a_card_keeps_no_change() -> None:
    with pytest.raises(CardOverTender):
        settle(Decimal(98), [Tender("card", Decimal(100), keep_change=True)], "AUD", STEP)


def some_tenders(dice: Random) -> list[Tender]:
    tenders = []
    for _ in range(dice.randrange(4)):
        if dice.random() < 0.5:
            amount = Decimal(dice.randrange(1, 2_000)) * STEP if dice.random() < 0.7 else None
            tenders.append(Tender("cash", amount, keep_change=dice.random() < 0.2))
        else:
            tenders.append(Tender("card", Decimal(dice.randrange(1, 9_000)) / 100 if dice.random() < 0.6 else None))
    return tenders


@pytest.mark.parametrize("seed", seeds(50))
def test_whatever_is_put_down_the_payments_are_what_was_due_its_rounding_and_the_tip(seed: int) -> None:
    dice, settled_ones, rounded_ones = Random(seed), 0, 0
    for _ in range(2_000):
        due, tenders = Decimal(dice.randrange(1, 15_000)) / 100, some_tenders(dice)
        found = reckon(due, tenders, "AUD", STEP)
        counts = sum(amount for _, amount in found.payments)
        assert counts + found.rest == due + found.rounding + found.kept
        assert sum(given for _, given in found.handed_over) == counts + found.change + found.over
        assert abs(found.rounding) <= STEP / 2
        assert not (found.rounding and (found.kept or found.rest))
        assert any(one.keep_change for one in tenders) or found.change % STEP == 0
        try:
            settled = settle(due, tenders, "AUD", STEP)
        except Refusal:
            continue
        settled_ones += 1
        rounded_ones += bool(settled.rounding)
        assert sum(amount for _, amount in settled.payments) == due + settled.rounding + settled.kept
        if not any(method == "cash" for method, _ in settled.payments):
            assert not settled.rounding
    assert settled_ones > 200
    assert rounded_ones > 20
