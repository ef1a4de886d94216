"""The ledger of gift cards, credit and deposits: what is on each, what comes onto it and what goes off it. Private to
the services that sell them, take them and list them; all of them in their own transaction.

The database holds a prepayment from an entry to the commit and refuses what it does not cover, so that of two tills
that take the last of it one wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import Refusal
from frontdesk.money import money_text, rounded
from frontdesk.rules.prepayments import (
    PrepaidKind,
    PrepaidRule,
    code_shown,
    default_rule,
    drawn_down,
    last_day,
    tax_share,
)
from frontdesk.rules.pricing import TaxAmount
from frontdesk.services.customers.because import NO_MORE, Because
from frontdesk.services.ticket.items import BackLine
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person
from frontdesk.tables.prepaid import Prepayment, PrepaymentEntry, PrepaymentEntryTax
from frontdesk.tables.sales import Payment, Sale


class TransferAwaited(Refusal):
    """The bank transfer that pays for {what} has not arrived. Enter its arrival first, or take another tender."""


class OtherMoney(Refusal):
    """{what} is in {currency}, which this shop does not take. Use it where it was issued, or take another tender."""


class SpentAlready(Refusal):
    """Of {what} only {left} is left: the rest is spent. Give back {left} at most, or give back first what it paid
    for."""


@dataclass(frozen=True)
class Holding:
    """A gift card, a credit or a deposit, and what is on it."""

    id: int
    kind: str
    """gift_card, credit, deposit."""
    code: str
    """Of a gift card, as people read it."""
    customer_id: int | None
    customer: str
    appointment_id: int | None
    visit: str
    """The code of a deposit's visit."""
    service_id: int | None
    service: str
    """What a gift card is for; empty for anything."""
    limited_to: str
    """services, products, or empty for anything."""
    tax_point: str
    forfeit: str
    currency: str
    expires_on: dt.date | None
    """Its last day."""
    reason: str
    issued_at: dt.datetime
    issued_by: str
    shop_id: int
    shop: str
    """Where it was issued."""
    received: Decimal
    """All that came onto it, without what was given back or moved away."""
    balance: Decimal
    waits: bool
    """For a bank transfer that pays for it and has not arrived."""

    @property
    def name(self) -> str:
        """As it stands in a sentence: `gift card 7QK2-9M4T-XW5Z`, `the deposit for 7QK2X`."""
        if self.kind == "gift_card":
            return f"gift card {self.code}"
        return f"the deposit for {self.visit}" if self.kind == "deposit" else f"the credit for {self.reason}"

    def is_over(self, today: dt.date) -> bool:
        """Whether its last day has passed."""
        return self.expires_on is not None and self.expires_on < today


_SELECT = """
    SELECT p.id, p.kind, p.code, p.customer_id, c.first_name, c.last_name, c.code AS customer_code, a.guest_name,
           p.appointment_id, a.code AS visit, p.service_id, CAST(v.name AS text) AS service, p.limited_to, p.tax_point,
           p.forfeit, p.currency, p.expires_on, p.reason, p.issued_at, u.name AS issued_by, p.shop_id, h.name AS shop,
           b.received, b.balance,
           EXISTS (SELECT FROM prepayment_entries e
                     JOIN receivables r ON r.sale_id = e.sale_id AND r.kind = 'transfer'
                    WHERE e.prepayment_id = p.id AND e.kind = 'received'
                      AND (SELECT sum(x.amount) FROM receivable_entries x WHERE x.receivable_id = r.id) > 0) AS waits
      FROM prepayments p JOIN shops h ON h.id = p.shop_id
      LEFT JOIN customers c ON c.id = p.customer_id
      LEFT JOIN appointments a ON a.id = p.appointment_id
      LEFT JOIN services v ON v.id = p.service_id
      LEFT JOIN users u ON u.id = p.issued_by
      CROSS JOIN LATERAL (SELECT coalesce(sum(e.amount), 0) AS balance,
                                 coalesce(sum(e.amount) FILTER (
                                     WHERE e.kind IN ('received', 'returned', 'transferred')), 0) AS received
                            FROM prepayment_entries e WHERE e.prepayment_id = p.id) b
     WHERE {which} ORDER BY p.expires_on NULLS LAST, p.issued_at, p.id LIMIT :most
"""
_WHICH = {
    "code": "p.code = :code",
    "ids": "p.id = ANY (CAST(:ids AS bigint[]))",
    "customer": "p.customer_id = :customer AND p.kind = :kind AND b.balance > 0",
    "visits": "p.appointment_id = ANY (CAST(:visits AS bigint[]))",
    "kind": """p.id IN (
                 SELECT q.id FROM prepayments q
                  WHERE q.kind = :kind AND (:all OR (SELECT sum(e.amount) FROM prepayment_entries e
                                                      WHERE e.prepayment_id = q.id) > 0)
                  ORDER BY q.expires_on NULLS LAST, q.issued_at, q.id LIMIT :most)""",
    "payer": """b.balance > 0 AND (p.kind = 'credit' AND p.customer_id = :customer
                 OR p.kind = 'deposit' AND p.appointment_id IN (
                     SELECT unnest(CAST(:visits AS bigint[]))
                     UNION ALL
                     SELECT l.appointment_id FROM appointment_fees f
                       JOIN appointment_services l ON l.id = f.appointment_service_id
                      WHERE f.id = ANY (CAST(:fees AS bigint[]))))""",
}
_FIND = {name: text(_SELECT.format(which=which)) for name, which in _WHICH.items()}
_MOST = 10_000


def holdings(work: Work, which: str, *, most: int = _MOST, **asked: object) -> list[Holding]:
    """Prepayments by `code`, `ids`, `customer` and `kind`, `visits`, `kind`, or what a `payer` may use, in one
    question; what is over first comes first."""
    found = []
    for row in work.session.execute(_FIND[which], {**asked, "most": most}):
        facts = dict(row._mapping)
        name = (facts.pop("first_name"), facts.pop("last_name"), facts.pop("customer_code"), facts.pop("guest_name"))
        facts["customer"] = person(*name) if any(name) else ""
        for optional in ("visit", "service", "issued_by"):
            facts[optional] = facts[optional] or ""
        found.append(Holding(**{**facts, "code": code_shown(facts["code"] or "")}))
    return found


def rule_of(work: Work, kind: PrepaidKind) -> PrepaidRule:
    """What holds for prepayments of a kind here: the business's rule, or the country's."""
    row = work.session.execute(_RULE, {"kind": kind}).one_or_none()
    return default_rule(kind, work.shop.country) if row is None else PrepaidRule(*row)


_RULE = text("SELECT tax_point, forfeit, months FROM prepayment_rules WHERE kind = :kind")


def issue(
    work: Work,
    kind: str,
    rule: PrepaidRule,
    *,
    expires_on: dt.date | None = None,
    **whose: Any,  # noqa: ANN401  columns of its table
) -> Prepayment:
    """A new prepayment with nothing on it. Without a last day its rule's months count."""
    issued = Prepayment(
        shop_id=work.shop.id,
        kind=kind,
        tax_point=rule.tax_point,
        forfeit=rule.forfeit,
        currency=work.shop.currency,
        expires_on=expires_on or last_day(rule.months, work.desk.today),
        issued_at=work.now,
        **whose,
    )
    work.session.add(issued)
    work.session.flush()
    return issued


def enter(
    work: Work,
    prepayment_id: int,
    kind: str,
    amount: Decimal,
    because: Because = NO_MORE,
    taxes: Iterable[TaxAmount] = (),
) -> PrepaymentEntry:
    """One entry, with the tax inside it. Holds the prepayment; raises SpentMeanwhile when it is not covered."""
    entry = PrepaymentEntry(
        prepayment_id=prepayment_id,
        shop_id=work.shop.id,
        kind=kind,
        amount=amount,
        day=work.desk.today,
        at=work.now,
        sale_id=because.sale_id,
        sale_line_id=because.sale_line_id,
        payment_id=because.payment_id,
        corrects_id=because.corrects_id,
        reason=because.reason,
    )
    work.session.add(entry)
    work.session.flush()
    rows = [
        PrepaymentEntryTax(
            entry_id=entry.id,
            tax_id=tax.tax_id,
            name=tax.name,
            percent=tax.percent,
            inclusive=tax.inclusive,
            taxable=tax.taxable,
            amount=tax.amount,
        )
        for tax in taxes
        if tax.amount or tax.taxable
    ]
    work.session.add_all(rows)
    work.session.flush()
    return entry


def taxes_of_line(work: Work, line_id: int) -> list[TaxAmount]:
    """The taxes of a sale's line as they were written."""
    return [TaxAmount(*row) for row in work.session.execute(_LINE_TAXES, {"line": line_id})]


_LINE_TAXES = text("""
    SELECT tax_id, name, percent, inclusive, taxable, amount FROM sale_line_taxes WHERE sale_line_id = :line
     ORDER BY tax_id
""")


def taxes_out(work: Work, holding: Holding, amount: Decimal) -> list[TaxAmount]:
    """The tax that goes out with an amount: what was taken when the money came is not taken again. Positive."""
    if holding.tax_point != "received":
        return []
    inside = [TaxAmount(*row) for row in work.session.execute(_TAXES_INSIDE, {"prepayment": holding.id})]
    if amount >= holding.balance:
        return inside
    currency = holding.currency
    shares = tax_share([tax.amount for tax in inside], holding.balance, amount, currency)
    bases = tax_share([tax.taxable for tax in inside], holding.balance, amount, currency)
    return [replace(tax, amount=share, taxable=base) for tax, share, base in zip(inside, shares, bases, strict=True)]


_TAXES_INSIDE = text("""
    SELECT t.tax_id, max(CAST(t.name AS text)), t.percent, t.inclusive, sum(t.taxable), sum(t.amount)
      FROM prepayment_entries e JOIN prepayment_entry_taxes t ON t.entry_id = e.id
     WHERE e.prepayment_id = :prepayment GROUP BY t.tax_id, t.percent, t.inclusive HAVING sum(t.amount) <> 0
     ORDER BY t.tax_id
""")


def negative(taxes: Iterable[TaxAmount]) -> list[TaxAmount]:
    """The same taxes, going out."""
    return [replace(tax, taxable=-tax.taxable, amount=-tax.amount) for tax in taxes]


def redeem(work: Work, sale: Sale, payment: Payment, parts: Sequence[tuple[Holding, Decimal]]) -> None:
    """Take what a payment takes off the prepayments that pay it, with the tax that its `prepaid_tax` lines say.

    Raises SpentMeanwhile when another till has just used some of it.
    """
    lines = tax_lines_of(work, sale.id)
    for holding, amount in parts:
        line_id, taxes = lines.get(tax_line_name(holding), (None, []))
        enter(work, holding.id, "redeemed", -amount, Because(sale.id, line_id, payment.id), taxes)


def tax_line_name(holding: Holding) -> str:
    """What the line is called that takes out the tax of a prepayment: one for each on a ticket."""
    whose = {"gift_card": holding.code, "deposit": f"{holding.visit} no. {holding.id}", "credit": f"no. {holding.id}"}
    return f"Tax paid before: {holding.kind.replace('_', ' ')} {whose[holding.kind]}"


def tax_lines_of(work: Work, sale_id: int) -> dict[str, tuple[int, list[TaxAmount]]]:
    """A sale's `prepaid_tax` lines by name: their numbers and taxes."""
    found: dict[str, tuple[int, list[TaxAmount]]] = {}
    for line_id, name, *tax in work.session.execute(_TAX_LINES, {"sale": sale_id}):
        found.setdefault(name, (line_id, []))[1].append(TaxAmount(*tax))
    return found


_TAX_LINES = text("""
    SELECT l.id, CAST(l.name AS text), t.tax_id, t.name, t.percent, t.inclusive, t.taxable, t.amount
      FROM sale_lines l JOIN sale_line_taxes t ON t.sale_line_id = l.id
     WHERE l.sale_id = :sale AND l.kind = 'prepaid_tax' ORDER BY l.position, t.tax_id
""")


def put_back(work: Work, sale: Sale, payment: Payment, original: Payment) -> None:
    """Put what a refund or a void gives back onto the prepayments that had paid, the last used first.

    Tax goes in again as the refund's own `prepaid_tax` lines say; without any, none does.
    """
    rows = work.session.execute(_REDEEMED, {"payment": original.id}).all()
    again = {row.original: (row.line, row.tax) for row in work.session.execute(_TAX_BACK, {"sale": sale.id})}
    left = -payment.amount
    for entry, amount in drawn_down([(row, row.open) for row in rows], left):
        line_id, _ = again.pop(entry.sale_line_id, (None, None))
        enter(
            work,
            entry.prepayment_id,
            "redeemed",
            amount,
            Because(sale.id, line_id, payment.id, entry.id),
            taxes_of_line(work, line_id) if line_id else (),
        )


_REDEEMED = text("""
    SELECT e.id, e.prepayment_id, e.sale_line_id,
           -e.amount - coalesce((SELECT sum(b.amount) FROM prepayment_entries b WHERE b.corrects_id = e.id), 0) AS open
      FROM prepayment_entries e
     WHERE e.payment_id = :payment AND e.kind = 'redeemed' AND e.corrects_id IS NULL ORDER BY e.id DESC
""")
_TAX_BACK = text("""
    SELECT corrects_line_id AS original, id AS line, tax FROM sale_lines
     WHERE sale_id = :sale AND kind = 'prepaid_tax' AND corrects_line_id IS NOT NULL
""")


def take_off(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    """Take off what a refund or a void of the line that sold it gives back. Raises SpentAlready."""
    for line in lines:
        bought = work.session.execute(_BOUGHT, {"line": line.original.id}).one_or_none()
        back = -line.row.total
        if bought is None or not back:
            continue
        (holding,) = holdings(work, "ids", ids=[bought.prepayment_id])
        if holding.balance < back:
            left = money_text(holding.balance, holding.currency, work.shop.locale)
            raise SpentAlready(what=holding.name, left=left)
        enter(
            work,
            holding.id,
            "returned",
            -back,
            Because(sale.id, line.row.id, corrects_id=bought.id),
            taxes_of_line(work, line.row.id) if holding.tax_point == "received" else (),
        )


_BOUGHT = text("""
    SELECT id, prepayment_id FROM prepayment_entries
     WHERE sale_line_id = :line AND kind = 'received' AND corrects_id IS NULL
""")


def refuse_unusable(work: Work, holding: Holding) -> None:
    """Raise what speaks against using it here at all: other money, or a transfer that has not arrived."""
    if holding.currency != work.shop.currency:
        raise OtherMoney(what=holding.name.capitalize(), currency=holding.currency)
    if holding.waits:
        raise TransferAwaited(what=holding.name)


def money(work: Work, amount: Decimal) -> str:
    """An amount as the shop's people write it."""
    return money_text(amount, work.shop.currency, work.shop.locale)


def nothing(work: Work) -> Decimal:
    """No money, in the shop's money."""
    return rounded(Decimal(0), work.shop.currency)


def taxes_by_holding(work: Work, parts: Sequence[tuple[Holding, Decimal]]) -> Mapping[int, list[TaxAmount]]:
    """What each part's tax line takes out: negative, and inside, so that the line comes to nothing."""
    found = {}
    for holding, amount in parts:
        if taxes := taxes_out(work, holding, amount):
            found[holding.id] = [replace(tax, inclusive=True) for tax in negative(taxes)]
    return found
