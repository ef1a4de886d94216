"""What the shop owes in goods and what is owed to it: every balance, kind by kind, and between shops (features CO7,
CO19, 6.3).

Whoever keeps a ledger adds its SELECT to `LEDGERS`; each answers rows of `Liability`'s fields, in that order, for the
currency `:currency` on the day `:today`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import TextClause, text

from frontdesk.permissions import Deed
from frontdesk.services.points import points_held
from frontdesk.services.prepaid import forfeiting, prepaid
from frontdesk.services.use_case import Work, Write, use_case


@dataclass(frozen=True, kw_only=True)
class ReportLiabilities:
    """As it stands now, in the whole business, in this shop's money."""


@dataclass(frozen=True)
class Liability:
    """One kind of balance."""

    kind: str
    """gift_card, service_card, credit, deposit, package, points; account, voucher, transfer."""
    is_owed_to_us: bool
    """Money that is to come; else goods or money that we owe."""
    count: int
    """How many have something on them."""
    total: Decimal
    over: Decimal
    """Of the total, what can't be used any more because its last day has passed."""


@dataclass(frozen=True)
class Liabilities:
    """Each equals the sum of its balances."""

    kinds: tuple[Liability, ...]
    owed_by_us: Decimal
    owed_to_us: Decimal
    currency: str


PREPAYMENTS = """
    SELECT CASE WHEN p.service_id IS NOT NULL THEN 'service_card' ELSE p.kind END AS kind, false AS is_owed_to_us,
           count(*) AS count, sum(b.balance) AS total,
           coalesce(sum(b.balance) FILTER (WHERE p.expires_on < :today), 0) AS over
      FROM (SELECT prepayment_id, sum(amount) AS balance FROM prepayment_entries GROUP BY prepayment_id
            HAVING sum(amount) <> 0 ORDER BY prepayment_id) b -- in order of an index: no hash that spills to disk
      JOIN prepayments p ON p.id = b.prepayment_id
     WHERE p.currency = :currency GROUP BY 1
"""
ACCOUNTS = """
    SELECT 'account', true, count(*), coalesce(sum(b.owed), 0), 0
      FROM (SELECT account_id, sum(amount) AS owed FROM account_entries GROUP BY account_id HAVING sum(amount) <> 0) b
      JOIN house_accounts a ON a.id = b.account_id WHERE a.currency = :currency HAVING count(*) > 0
"""
RECEIVABLES = """
    SELECT r.kind, true, count(*), sum(b.due), 0
      FROM (SELECT receivable_id, sum(amount) AS due FROM receivable_entries GROUP BY receivable_id
            HAVING sum(amount) <> 0) b
      JOIN receivables r ON r.id = b.receivable_id WHERE r.currency = :currency GROUP BY r.kind
"""

PACKAGES = """
    SELECT 'package', false, count(DISTINCT b.id), sum(b.value),
           coalesce(sum(b.value) FILTER (WHERE b.last_day < :today), 0)
      FROM (SELECT p.id, t.last_day, sum(e.value) AS value
              FROM package_entries e JOIN package_lots t ON t.id = e.lot_id
              JOIN customer_packages p ON p.id = t.customer_package_id
             WHERE p.currency = :currency GROUP BY p.id, t.id HAVING sum(e.value) <> 0) b HAVING count(*) > 0
"""

LEDGERS: list[str] = [PREPAYMENTS, PACKAGES, ACCOUNTS, RECEIVABLES]
"""One SELECT for each ledger."""


@use_case(Deed.SEE_TAKINGS)
def report_liabilities(work: Work, request: ReportLiabilities) -> Liabilities:
    """What is still on gift cards, credit, deposits, packages and points, and what accounts, vouchers and transfers
    still owe: one question."""
    asked = {"currency": work.shop.currency, "today": work.desk.today}
    nothing = prepaid.nothing(work)
    kinds = (*(Liability(*row) for row in work.session.execute(_query(), asked)), *_points(work, nothing))
    return Liabilities(
        kinds,
        sum((one.total for one in kinds if not one.is_owed_to_us), nothing),
        sum((one.total for one in kinds if one.is_owed_to_us), nothing),
        work.shop.currency,
    )


def _points(work: Work, nothing: Decimal) -> Iterator[Liability]:
    """What everybody's points would pay for by today's rule."""
    held = points_held.held_by_all(work)
    if held.points:
        yield Liability("points", False, held.customers, held.worth, nothing)


def _query() -> TextClause:
    joined = " UNION ALL ".join(f"({ledger})" for ledger in LEDGERS)
    return text(f"SELECT * FROM ({joined}) found ORDER BY is_owed_to_us, kind")  # noqa: S608  pieces of ours alone


@dataclass(frozen=True, kw_only=True)
class ReportSettlements:
    """Cards of one shop used at another, from a day to a day; the month so far when they are not said."""

    since: dt.date | None = None
    until: dt.date | None = None
    """The last day."""


@dataclass(frozen=True)
class Settlement:
    """What one shop owes another for prepayments that were used or topped up away from where they were issued."""

    debtor_id: int
    debtor: str
    creditor_id: int
    creditor: str
    amount: Decimal
    times: int


@dataclass(frozen=True)
class Settlements:
    """Between each two shops at most one, the difference of both ways."""

    since: dt.date
    until: dt.date
    settlements: tuple[Settlement, ...]
    currency: str


@use_case(Deed.SEE_TAKINGS)
def shop_settlements(work: Work, request: ReportSettlements) -> Settlements:
    """What the shops of the business owe each other: whoever took the money pays whoever gave the goods."""
    until = request.until or work.desk.today
    since = request.since or until.replace(day=1)
    asked = {"since": since, "until": until, "currency": work.shop.currency}
    found = tuple(Settlement(*row) for row in work.session.execute(_SETTLEMENTS, asked))
    return Settlements(since, until, found, work.shop.currency)


# What goes off a card elsewhere its shop owes there; what comes onto it elsewhere is owed to its shop.
_SETTLEMENTS = text("""
    WITH away AS (
        SELECT least(p.shop_id, e.shop_id) AS low, greatest(p.shop_id, e.shop_id) AS high,
               CASE WHEN p.shop_id < e.shop_id THEN -e.amount ELSE e.amount END AS low_owes
          FROM prepayment_entries e JOIN prepayments p ON p.id = e.prepayment_id
         WHERE p.shop_id <> e.shop_id AND e.day BETWEEN :since AND :until AND p.currency = :currency
           AND e.kind IN ('received', 'redeemed', 'returned')),
    pairs AS (SELECT low, high, sum(low_owes) AS low_owes, count(*) AS times FROM away GROUP BY low, high)
    SELECT d.id, CAST(d.name AS text), c.id, CAST(c.name AS text), abs(x.low_owes), x.times
      FROM pairs x
      JOIN shops d ON d.id = CASE WHEN x.low_owes > 0 THEN x.low ELSE x.high END
      JOIN shops c ON c.id = CASE WHEN x.low_owes > 0 THEN x.high ELSE x.low END
     WHERE x.low_owes <> 0 ORDER BY d.name, c.name
""")


@dataclass(frozen=True, kw_only=True)
class WriteOffExpired(Write):
    """What can't be used any more leaves the books."""


@dataclass(frozen=True)
class Expired:
    """What left the books."""

    count: int
    total: Decimal


@use_case(Deed.SEE_TAKINGS)
def write_off_expired(work: Work, request: WriteOffExpired) -> Expired:
    """Enter the end of gift cards and credit whose last day has passed, by the rule they were issued under.

    What is kept is owed no longer, what turns into credit is owed as that, what is returned until it is given back.
    """
    return write_off(work)


def write_off(work: Work) -> Expired:
    """The same over open work, for whoever need not see what the shop takes."""
    over = work.session.execute(_OVER, {"today": work.desk.today, "currency": work.shop.currency}).scalars()
    total, count = prepaid.nothing(work), 0
    for one in prepaid.holdings(work, "ids", ids=list(over)):
        if one.forfeit == "credit" and one.customer_id is not None:
            forfeiting.turn_to_credit(work, one, one.customer_id, f"What was left on {one.name}")
            continue
        forfeiting.keep(work, one, one.balance, "expired")
        total, count = total + one.balance, count + 1
    return Expired(count, total)


_OVER = text("""
    SELECT p.id FROM prepayments p
     WHERE p.expires_on < :today AND p.kind <> 'deposit' AND p.currency = :currency
       AND (p.forfeit = 'kept' OR p.forfeit = 'credit' AND p.kind <> 'credit' AND p.customer_id IS NOT NULL)
       AND (SELECT sum(e.amount) FROM prepayment_entries e WHERE e.prepayment_id = p.id) > 0
""")
