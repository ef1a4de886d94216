"""Store credit as a tender: what expires first is used first, each for what it was given for (features CO8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import Refusal, SpentMeanwhile
from frontdesk.rules.pools import Purse, used
from frontdesk.services.prepaid import paying, prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale


class WhoseCredit(Refusal):
    """Credit is somebody's, and nobody is named on this ticket. Name the customer who pays."""


class NoCredit(Refusal):
    """{customer} has no credit to use for this. Take another tender."""


def usable_credit(work: Work, customer_id: int) -> list[Holding]:
    """A customer's credit that may be used here today, what expires first before what lasts."""
    return usable(work, prepaid.holdings(work, "customer", customer=customer_id, kind="credit"))


def usable(work: Work, credits_: Sequence[Holding]) -> list[Holding]:
    """Those that may be used here today."""
    today, currency = work.desk.today, work.shop.currency
    return [one for one in credits_ if not one.is_over(today) and not one.waits and one.currency == currency]


def credit_for(work: Work, counter: Counter, credits_: Sequence[Holding]) -> Decimal:
    """How much of some credit could go towards a ticket."""
    parts = used(_purses(credits_), _pools(counter))
    return sum(parts.values(), prepaid.nothing(work))


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    payer = paying.payer_of(counter)
    if payer is None:
        if not counter.items:
            return prepaid.nothing(work)
        raise WhoseCredit
    most = credit_for(work, counter, usable_credit(work, payer))
    if not most and counter.items:
        raise NoCredit(customer=paying.name_of(work, payer))
    return most


def _purses(holdings: Sequence[Holding]) -> list[Purse]:
    return [Purse(one.id, one.balance, one.limited_to) for one in holdings]


def _pools(counter: Counter) -> dict[str, Decimal]:
    """What of a ticket is services, products, and anything else that prepaid money may pay for."""
    pools = dict.fromkeys(("services", "products"), Decimal(0))
    for item, line in zip(counter.items, counter.priced.lines, strict=True):
        if item.kind in _KINDS:
            pools[_KINDS[item.kind]] += line.total
    return _whole(pools, paying.payable(counter))


_KINDS = {"service": "services", "bundle": "services", "product": "products"}


def _whole(pools: dict[str, Decimal], payable: Decimal) -> dict[str, Decimal]:
    limited = {name: max(amount, Decimal(0)) for name, amount in pools.items()}
    return {**limited, "other": max(payable - sum(limited.values(), Decimal(0)), Decimal(0))}


def _parts(holdings: Sequence[Holding], pools: Mapping[str, Decimal], amount: Decimal) -> list[tuple[Holding, Decimal]]:
    taken = used(_purses(holdings), pools, amount)
    return [(one, taken[one.id]) for one in holdings if one.id in taken]


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    assert sale.customer_id is not None
    row = work.session.execute(_SOLD, {"sale": sale.id, "prepaid": sorted(paying.PREPAID)}).one()
    pools = _whole({"services": row.services, "products": row.products}, row.payable + sale.tip)
    parts = _parts(usable_credit(work, sale.customer_id), pools, payment.amount)
    if sum((amount for _, amount in parts), Decimal(0)) != payment.amount:
        raise SpentMeanwhile
    prepaid.redeem(work, sale, payment, parts)


_SOLD = text("""
    SELECT coalesce(sum(total) FILTER (WHERE kind IN ('service', 'bundle')), 0) AS services,
           coalesce(sum(total) FILTER (WHERE kind = 'product'), 0) AS products,
           coalesce(sum(total) FILTER (WHERE kind <> ALL (:prepaid)), 0) AS payable
      FROM sale_lines WHERE sale_id = :sale
""")


def _lines(work: Work, counter: Counter, pay: Pay, amount: Decimal) -> list[Item]:
    payer = paying.payer_of(counter)
    if payer is None:
        return []
    return paying.tax_items(work, _parts(usable_credit(work, payer), _pools(counter), amount))


TENDER = TenderKind("credit", _most, _taken, prepaid.put_back, _lines)
