"""What a customer has here and what they owe: every ledger's balance in one question (features CO7-CO10, CO19, N20).

Whoever keeps a ledger adds its SELECT to `LEDGERS`. Each answers rows of `Balance`'s fields, in that order, for the
customer `:customer` on the day `:today`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import TextClause, text

from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ShowBalances:
    """A customer."""

    customer_id: int


@dataclass(frozen=True)
class Balance:
    """One thing that a customer has, or owes."""

    kind: str
    """package, membership, points; gift_card, credit, deposit, account."""
    id: int | None
    """Of the package, the gift card, the credit."""
    name: str
    """`Five cuts: Cut`, `Gift card 7QK2X`, `Points`."""
    amount: Decimal | None
    """Its money: what is left on a card, what one owes (negative), what points or sessions are worth."""
    sessions: int | None
    """Left of a package, of the service named."""
    points: int | None
    service_id: int | None
    """For which service alone; None for any."""
    usable_from: dt.date | None
    """Not before; None for now."""
    expires_on: dt.date | None
    """Its last day; None for never."""
    note: str
    """`from Jane Doe`, `frozen until 2 Apr`, or why credit was given."""


@dataclass(frozen=True)
class Balances:
    """Everything a customer has or owes, ledger by ledger, what expires first before what lasts."""

    customer_id: int
    balances: tuple[Balance, ...]


PACKAGES = """
    SELECT p.kind, p.id, p.name || ': ' || v.name AS name, sum(e.value) AS amount,
           CAST(sum(e.sessions) AS bigint) AS sessions, CAST(NULL AS bigint) AS points, t.service_id,
           CASE WHEN t.first_day > :today THEN t.first_day END AS usable_from, t.last_day AS expires_on,
           concat_ws(', ',
               CASE WHEN p.customer_id <> :customer THEN 'from ' || trim(concat_ws(' ', c.first_name, c.last_name)) END,
               (SELECT 'frozen until ' || to_char(max(f.until_day), 'FMDD Mon') FROM package_freezes f
                 WHERE f.customer_package_id = p.id AND f.first_day <= :today AND f.until_day > :today)) AS note
      FROM customer_packages p JOIN package_lots t ON t.customer_package_id = p.id
      JOIN package_entries e ON e.lot_id = t.id
      JOIN services v ON v.id = t.service_id JOIN customers c ON c.id = p.customer_id
     WHERE (t.last_day IS NULL OR t.last_day >= :today)
       AND p.id IN (SELECT o.id FROM customer_packages o WHERE o.customer_id = :customer
                     UNION ALL
                    SELECT s.customer_package_id FROM package_sharers s
                     WHERE s.customer_id = :customer AND s.removed_at IS NULL)
     GROUP BY p.id, t.id, v.id, c.id HAVING sum(e.sessions) > 0
"""
MEMBERSHIPS = """
    SELECT p.kind, p.id, p.name || ': ' || trim_scale(p.percent_off) || ' % off', NULL, NULL, NULL, NULL,
           CASE WHEN p.first_day > :today THEN p.first_day END, p.last_day, ''
      FROM customer_packages p
     WHERE p.customer_id = :customer AND p.percent_off > 0 AND p.ended_at IS NULL
       AND (p.last_day IS NULL OR p.last_day >= :today)
"""
# What went, went of those that would expire first: of what has expired by today the rest is left out.
POINTS = """
    SELECT 'points', NULL, 'Points', NULL, NULL, p.points, NULL, NULL, NULL, ''
      FROM (SELECT m.points - greatest(coalesce(m.over, 0) + m.gone, 0) AS points
              FROM (SELECT sum(e.points) AS points, sum(least(e.points, 0)) AS gone,
                           sum(e.points) FILTER (WHERE e.points > 0 AND e.expires_on <= :today) AS over
                      FROM loyalty_entries e WHERE e.customer_id = :customer) m) p
     WHERE p.points <> 0
"""

PREPAID = """
    SELECT p.kind, p.id,
           CASE p.kind WHEN 'gift_card' THEN concat_ws(': ', 'Gift card ' || p.code, v.name)
                       WHEN 'deposit' THEN 'Deposit for ' || a.code
                       ELSE concat_ws(' ', 'Credit', 'for ' || nullif(p.limited_to, '')) END,
           b.balance, NULL, NULL, p.service_id, NULL, p.expires_on, concat_ws(', ', nullif(p.reason, ''), u.name)
      FROM prepayments p
      CROSS JOIN LATERAL (SELECT sum(e.amount) AS balance FROM prepayment_entries e WHERE e.prepayment_id = p.id) b
      LEFT JOIN services v ON v.id = p.service_id LEFT JOIN appointments a ON a.id = p.appointment_id
      LEFT JOIN users u ON u.id = p.issued_by AND p.kind = 'credit'
     WHERE p.customer_id = :customer AND b.balance > 0 AND (p.expires_on IS NULL OR p.expires_on >= :today)
"""
ACCOUNT = """
    SELECT 'account', h.id, 'House account', -coalesce(sum(e.amount), 0), NULL, NULL, NULL, NULL, NULL, ''
      FROM house_accounts h LEFT JOIN account_entries e ON e.account_id = h.id
     WHERE h.customer_id = :customer GROUP BY h.id
"""

LEDGERS: list[str] = [PACKAGES, MEMBERSHIPS, POINTS, PREPAID, ACCOUNT]
"""One SELECT for each ledger. Casts are written as in these: `NULL` for what it has not."""


@use_case(Deed.SEE_CUSTOMERS)
def balances(work: Work, request: ShowBalances) -> Balances:
    """What a customer has here and what they owe."""
    return Balances(request.customer_id, tuple(balances_of(work, request.customer_id)))


def balances_of(work: Work, customer_id: int) -> Sequence[Balance]:
    """Every balance of a customer, in one question."""
    asked = {"customer": customer_id, "today": work.desk.today}
    return [Balance(*row) for row in work.session.execute(_query(), asked)]


def _query() -> TextClause:
    joined = " UNION ALL ".join(f"({ledger})" for ledger in LEDGERS)
    order = "ORDER BY kind, expires_on NULLS LAST, id, service_id"
    return text(f"SELECT * FROM ({joined}) found {order}")  # noqa: S608  pieces of ours alone
