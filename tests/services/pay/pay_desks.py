"""Short ways of saying what tests of pay say often: a ticket with given lines, a rule, what was earned."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.commission import Reckoning, Scope, Tier
from frontdesk.services.pay.commission import SetCommissionRule, set_rule

BANDS = (("0", "40"), ("2000", "45"), ("3000", "50"))


def tiers(*bands: tuple[str, str]) -> tuple[Tier, ...]:
    """Bands as amount and rate."""
    return tuple(Tier(from_amount=Decimal(a), percent=Decimal(p)) for a, p in bands or BANDS)


def rule(desk: Desk, how: Reckoning, day: dt.date | None = None, **scope: Any) -> int:  # noqa: ANN401  parts of a Scope
    """A rule from a day on, from today when none is said."""
    wish = SetCommissionRule(scope=Scope(**scope), reckoning=how, valid_from=day)
    return set_rule(desk, wish).rule_id


def sold(session: Session, *lines: dict[str, Any], **more: Any) -> int:  # noqa: ANN401  as of an unfinished one
    """A closed sale with these lines and what was earned of it, as the till writes it; its number."""
    number, total = unfinished(session, *lines, **more)
    finished(session, number, total)
    return number


def unfinished(
    session: Session,
    *lines: dict[str, Any],
    day: str = "2026-03-09",
    hands: Sequence[Any] = (),
    price_class_id: int | None = None,
    tips: dict[int, str] | None = None,
) -> tuple[int, Decimal]:
    """A sale that is about to be closed, with what was earned of it: its number, and what it comes to with the tip."""
    done = [_LINE | line for line in lines]
    total = sum((Decimal(line["taxable"]) + Decimal(line["tax"]) for line in done), Decimal(0))
    asked = {"day": day, "class": price_class_id}
    number: int = session.execute(_SALE, asked).scalar_one()
    ids = [
        session.execute(_ADD_LINE, {"line": json.dumps(line), "sale": number, "position": at}).scalar_one()
        for at, line in enumerate(done, start=1)
    ]
    shared = [{"line": ids[at], "stylist": who, "minutes": minutes} for at, who, minutes in hands]
    session.execute(_WRITE, {"sale": number, "hands": json.dumps(shared)})
    for who, amount in (tips or {}).items():
        session.execute(_TIP, {"sale": number, "who": who, "amount": amount})
        total += Decimal(amount)
    return number, total


def given_back(
    session: Session,
    first: int,
    parts: Sequence[tuple[int, str]],
    *,
    policy: str | None,
    day: str,
    kind: str = "refund",
) -> int:
    """A refund of shares of a sale's lines by position, with the policy of commission; its number."""
    asked = {"day": day, "first": first, "kind": kind}
    number: int = session.execute(_REFUND, asked).scalar_one()
    total = Decimal(0)
    for at, share in parts:
        asked = {"sale": number, "first": first, "position": at, "share": Decimal(share)}
        total += session.execute(_BACK_LINE, asked).scalar_one()
    session.execute(_TAKE, {"sale": number, "policy": policy})
    finished(session, number, total)
    return number


def finished(session: Session, number: int, total: Decimal) -> None:
    """Close it, with its promises checked."""
    session.execute(_TAXES, {"sale": number})
    session.execute(_PAY, {"sale": number, "total": total})
    session.execute(_CLOSE, {"sale": number})
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"))


def entries(desk: Desk, **where: object) -> list[Any]:
    """What is in the ledger, in the order in which it was written."""
    with transaction(desk) as session:
        rows = session.execute(text("SELECT * FROM commissions ORDER BY id")).all()
    return [row for row in rows if all(getattr(row, name) == value for name, value in where.items())]


def writing(desk: Desk) -> Any:  # noqa: ANN401  a context manager of a session
    """A transaction that writes."""
    return transaction(desk, uuid.uuid4())


_LINE: dict[str, Any] = {
    "kind": "service", "service": 1, "product": None, "stylist": 1, "name": "Cut", "quantity": "1", "list": None,
    "unit": "50", "gross": "50", "discount": "0", "taxable": "50", "tax": "0", "cost": "0", "voucher": None,
}  # fmt: skip
_SALE = text("""
    INSERT INTO sales (shop_id, day, currency, closed_at, price_class_id)
    VALUES (1, :day, 'GBP', CAST(:day AS date) + time '12:00' , CAST(:class AS bigint)) RETURNING id
""")
_ADD_LINE = text("""
    INSERT INTO sale_lines (sale_id, position, kind, service_id, product_id, stylist_id, name, quantity, unit_price,
                            list_price, gross, discount, taxable, tax, total, cost, voucher_value)
    SELECT :sale, :position, l.kind, l.service, l.product, l.stylist, l.name, l.quantity, l.unit, l.list, l.gross,
           l.discount, l.taxable, l.tax, l.taxable + l.tax, l.cost, l.voucher
      FROM jsonb_to_record(CAST(:line AS jsonb)) AS l (
           kind text, service bigint, product bigint, stylist bigint, name text, quantity numeric, unit numeric,
           list numeric, gross numeric, discount numeric, taxable numeric, tax numeric, cost numeric, voucher numeric)
    RETURNING id
""")
_WRITE = text("SELECT write_commissions(:sale, 2, CAST(:hands AS jsonb))")
_TIP = text("INSERT INTO tips (sale_id, stylist_id, amount) VALUES (:sale, :who, :amount)")
_REFUND = text("""
    INSERT INTO sales (shop_id, day, currency, closed_at, kind, corrects_id, reason)
    VALUES (1, :day, 'GBP', CAST(:day AS date) + time '12:00', :kind, :first, 'Unhappy') RETURNING id
""")
_BACK_LINE = text("""
    INSERT INTO sale_lines (sale_id, position, kind, corrects_line_id, service_id, product_id, stylist_id, name,
                            quantity, unit_price, gross, discount, taxable, tax, total)
    SELECT :sale, coalesce((SELECT max(position) FROM sale_lines WHERE sale_id = :sale), 0) + 1, o.kind, o.id,
           o.service_id, o.product_id, o.stylist_id, o.name, -o.quantity * :share, o.unit_price,
           -round((o.taxable + o.tax) * :share, 2), 0, -round(o.taxable * :share, 2), -round(o.tax * :share, 2),
           -round(o.taxable * :share, 2) - round(o.tax * :share, 2)
      FROM sale_lines o WHERE o.sale_id = :first AND o.position = :position RETURNING total
""")
_TAKE = text("SELECT write_refund_commissions(:sale, :policy, 2)")
_TAXES = text("""
    INSERT INTO sale_line_taxes (sale_line_id, tax_id, name, percent, inclusive, taxable, amount)
    SELECT id, 1, 'VAT', 20, true, taxable, tax FROM sale_lines WHERE sale_id = :sale AND tax <> 0
""")
_PAY = text("""
    INSERT INTO payments (sale_id, position, method, amount, tendered) VALUES (:sale, 1, 'cash', :total, :total)
""")
_CLOSE = text("""
    UPDATE sales SET number = next_sale_number(1), status = 'closed', (subtotal, discount, tax, total, tip) = (
           SELECT sum(gross), sum(discount), sum(tax), sum(total),
                  (SELECT coalesce(sum(amount), 0) FROM tips WHERE sale_id = :sale)
             FROM sale_lines WHERE sale_id = :sale)
     WHERE id = :sale
""")
