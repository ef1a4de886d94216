"""How far tenders go for what is due: change, what cash is rounded to, what is kept as a tip. Arithmetic only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import plain, rounded, rounded_to

CASH = "cash"
"""The one tender that gives change."""
CARD = "card"
METHODS = (CASH, CARD)
"""What every till takes."""


class CardOverTender(Refusal):
    """{due} is left to pay, so {method} can't take {amount}: only cash gives change. Take {due}."""


class NothingLeftToPay(Refusal):
    """Nothing is left to pay by {method}. Take it off the ticket."""


class NotPaidInFull(Refusal):
    """{due} is still to be paid. Add another tender for it."""


class TenderNotPositive(Refusal):
    """A {method} tender of {amount} pays nothing. Type what is paid, or leave it off; money back is a refund."""


class TenderTooShort(Refusal):
    """This {method} pays {most} at most here, not {amount}. Type {method} {most}, and the rest another way."""


class CoinMissing(Refusal):
    """{amount} can't be handed over in cash: the smallest coin here is {coin}. Type {instead}."""


@dataclass(frozen=True, slots=True)
class Tender:
    """What a customer puts down; without an amount it takes whatever the others leave."""

    method: str
    amount: Decimal | None = None
    most: Decimal | None = None
    """How far it goes, when it does not go all the way: what is on a card, what one point buys."""
    keep_change: bool = False
    """Cash: what would be given back is a tip."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How far tenders go: what of each counts, what was handed over, and what is then missing or too much."""

    payments: tuple[tuple[str, Decimal], ...]
    handed_over: tuple[tuple[str, Decimal], ...]
    rest: Decimal
    change: Decimal
    """What cash gives back."""
    over: Decimal
    """More than was due from tenders that give no change."""
    rounding: Decimal = Decimal(0)
    """What is paid more, or less, because cash has no smaller coins."""
    kept: Decimal = Decimal(0)
    """Change that is kept as a tip."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A paid ticket: the payments are what was due, its rounding and the kept change; what was handed over is that plus
    the change."""

    payments: tuple[tuple[str, Decimal], ...]
    handed_over: tuple[tuple[str, Decimal], ...]
    change: Decimal
    rounding: Decimal = Decimal(0)
    """What was paid more, or less, because cash has no smaller coins."""
    kept: Decimal = Decimal(0)
    """Change that is a tip."""


def reckon(due: Decimal, tenders: Sequence[Tender], currency: str, cash_step: Decimal = Decimal(0)) -> Reckoned:
    """How far these tenders go, in this order, whether or not they fit. Only what cash has to pay is rounded, to whole
    steps, and only when there is enough of it. Raises TenderNotPositive, TenderTooShort, CoinMissing and BadInput."""
    if due < 0:
        raise ValueError("money back is a refund, not a payment")
    open_ = max(due - _sum(tender.amount for tender in tenders if tender.amount is not None), Decimal())
    given: list[Decimal] = []
    for tender in tenders:
        given.append(_put_down(tender, open_, currency, cash_step))
        if tender.amount is None:
            open_ -= given[-1]
    counts, left = _counted(due, given)
    for tender, amount in zip(tenders, given, strict=True):
        if tender.most is not None and amount > tender.most:
            raise TenderTooShort(
                method=tender.method, amount=_said(amount, currency), most=_said(tender.most, currency)
            )
    cash = [place for place, tender in enumerate(tenders) if tender.method == CASH]
    rounding = Decimal()
    if cash_step and not any(tenders[place].keep_change for place in cash):
        rounding, left = _round_cash(tenders, cash, given, counts, left, currency, cash_step)
    kept = Decimal()
    for place in cash:
        if tenders[place].keep_change:
            kept += given[place] - counts[place]
            counts[place] = given[place]
    change = _sum(given[place] - counts[place] for place in cash)
    over = _sum(given[place] - counts[place] for place in range(len(tenders)) if place not in cash)
    methods = [tender.method for tender in tenders]
    return Reckoned(
        tuple(zip(methods, counts, strict=True)),
        tuple(zip(methods, given, strict=True)),
        left,
        rounded(change, currency),
        over,
        rounding,
        kept,
    )


def settle(due: Decimal, tenders: Sequence[Tender], currency: str, cash_step: Decimal = Decimal(0)) -> Settled:
    """Pay what is due with these tenders, in this order, exactly.

    Raises TenderNotPositive, CardOverTender, NothingLeftToPay, NotPaidInFull, and what `reckon` raises.
    """
    found = reckon(due, tenders, currency, cash_step)
    for (method, counts), (_, given) in zip(found.payments, found.handed_over, strict=True):
        if not counts and not (found.rounding and method == CASH):
            raise NothingLeftToPay(method=method)
        if given > counts and method != CASH:
            raise CardOverTender(method=method, amount=_said(given, currency), due=_said(counts, currency))
    if found.rest:
        raise NotPaidInFull(due=_said(found.rest, currency))
    return Settled(found.payments, found.handed_over, found.change, found.rounding, found.kept)


def _counted(due: Decimal, given: Sequence[Decimal]) -> tuple[list[Decimal], Decimal]:
    left, counts = due, []
    for amount in given:
        counts.append(min(amount, left))
        left -= counts[-1]
    return counts, left


def _round_cash(
    tenders: Sequence[Tender],
    cash: Sequence[int],
    given: list[Decimal],
    counts: list[Decimal],
    left: Decimal,
    currency: str,
    step: Decimal,
) -> tuple[Decimal, Decimal]:
    """Round what cash has to pay; changes what cash gives and counts, answers the rounding and what is then left."""
    exact = _sum(counts[place] for place in cash) + left
    needed = rounded_to(exact, step, currency)
    if not cash or needed == exact:
        return Decimal(), left
    for place in cash:
        if tenders[place].amount is None and given[place]:
            given[place] = needed - _sum(given[other] for other in cash if other != place)
    if _sum(given[place] for place in cash) < needed:
        return Decimal(), left
    to_pay = needed
    for place in cash:
        counts[place] = min(given[place], to_pay)
        to_pay -= counts[place]
    return needed - exact, Decimal()


def _put_down(tender: Tender, open_: Decimal, currency: str, cash_step: Decimal) -> Decimal:
    if tender.amount is None:
        return open_ if tender.most is None else min(open_, tender.most)
    if tender.amount <= 0:
        raise TenderNotPositive(method=tender.method, amount=_said(tender.amount, currency))
    if tender.amount != rounded(tender.amount, currency):
        raise BadInput(f"{tender.amount} {currency} can't be paid exactly. Type whole coins.", field="amount")
    if tender.method == CASH and cash_step and tender.amount % cash_step:
        instead = _said(rounded_to(tender.amount, cash_step, currency) or cash_step, currency)
        raise CoinMissing(amount=_said(tender.amount, currency), coin=_said(cash_step, currency), instead=instead)
    return tender.amount


def _said(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())
