"""What becomes of prepaid money that is never used, by the rule it was issued under: kept with its tax, or turned into
credit (features 6.3). Private to who closes deposits and to who writes off what has expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.rules.pricing import Line, TaxAmount, TaxRate, price
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.use_case import Work


def keep(work: Work, one: Holding, amount: Decimal, kind: Literal["forfeited", "expired"], why: str = "") -> None:
    """Keep so much of a prepayment, and enter the tax in it.

    Tax that was due when the money came has been paid and goes out with it. Tax that is due when it is used is due now
    where it is known what the money was for; a card for anything was for nothing that bears tax, and owes none
    (Directive 2006/112/EC, Article 30b: nothing was supplied).
    """
    taxes = prepaid.taxes_out(work, one, amount)
    if one.tax_point == "used" and (one.kind == "deposit" or one.service_id is not None):
        taxes = list(tax_in(amount, rates_of_services(work), work.shop.currency))
    prepaid.enter(work, one.id, kind, -amount, Because(reason=why), prepaid.negative(taxes))


def rates_of_services(work: Work) -> tuple[TaxRate, ...]:
    """What is taken of a service today."""
    return tuple(TaxRate(*row) for row in work.session.execute(_RATES, {"day": work.desk.today}))


_RATES = text("""
    SELECT id, CAST(name AS text), percent, inclusive, position, compounds FROM taxes
     WHERE valid_from <= :day AND valid_until > :day AND on_services ORDER BY position, id
""")


def tax_in(amount: Decimal, rates: Sequence[TaxRate], currency: str) -> Sequence[TaxAmount]:
    """The tax in an amount that is kept for a service: nothing more will be asked for, so it is inside."""
    line = Line(0, Decimal(1), amount, tuple(replace(rate, inclusive=True) for rate in rates))
    return price([line], currency=currency).lines[0].taxes


def turn_to_credit(work: Work, one: Holding, customer_id: int, why: str) -> None:
    """Make credit of what is left, with the tax that was paid in it."""
    rule = replace(prepaid.rule_of(work, "credit"), tax_point=tax_point_of(one))
    credit = prepaid.issue(work, "credit", rule, customer_id=customer_id, reason=why)
    transfer(work, one, credit.id, why)


def transfer(work: Work, one: Holding, to_id: int, why: str) -> None:
    """Move all that is left onto another prepayment, with the tax that was paid in it."""
    taxes = prepaid.taxes_out(work, one, one.balance)
    off = prepaid.enter(work, one.id, "transferred", -one.balance, Because(reason=why), prepaid.negative(taxes))
    prepaid.enter(work, to_id, "transferred", -off.amount, Because(reason=why), taxes)


def tax_point_of(one: Holding) -> Literal["received", "used"]:
    """When its tax is due, as its rule said when it was issued."""
    return "received" if one.tax_point == "received" else "used"
