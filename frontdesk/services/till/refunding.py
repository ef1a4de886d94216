"""Money given back of a closed sale: all of it, by line, by amount; to what it was paid with or to credit (CO13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from frontdesk.errors import BadInput, Refusal, SessionsGoWhole
from frontdesk.money import rounded, split
from frontdesk.permissions import Deed
from frontdesk.rules.giving_back import (
    LineLeft,
    MoreThanLeft,
    by_amount,
    by_quantity,
    cash_rounding,
    spread,
    tenders_back,
    wished_back,
)
from frontdesk.rules.pricing import CASH
from frontdesk.services.drawers.drawer_sessions import open_session_for
from frontdesk.services.papers import invoices
from frontdesk.services.papers.receipts import printed
from frontdesk.services.prepaid.credit import grant_credit
from frontdesk.services.till import giving_back
from frontdesk.services.till.giving_back import Back, SoldAlready, sold_already
from frontdesk.services.till.voiding import why_no_void
from frontdesk.services.typed import reason_given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.sales import Payment, Sale

Policy = Literal["withhold", "goodwill", "split"]
"""What becomes of the commission: taken back, left to whoever earned it, or half of it taken back."""

CREDIT = "credit"


class NothingToGiveBack(Refusal):
    """Nothing of receipt {number} is left to give back."""


class BundleOfBefore(Refusal):
    """{name} is a bundle of the system before, and what is left of it stands among the customer's packages here. Give
    back the other lines by name; take its sessions off there, and pay for them out of the drawer with a reason."""


class CreditNeedsSomebody(Refusal):
    """Credit is somebody's, and nobody stands on that receipt. Say which customer it is for, or give the money back."""


@dataclass(frozen=True, kw_only=True)
class GiveBackLine:
    """A line that goes back: so many of it, or so much of its price and no thing. All that is left when neither is
    said."""

    line_id: int
    quantity: Decimal | None = None
    amount: Decimal | None = None
    is_damaged: bool = False
    """A product that can't go back on the shelf."""


@dataclass(frozen=True, kw_only=True)
class GiveBackBy:
    """How much goes back by one of the sale's tenders."""

    payment_id: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Refund(Write):
    """What goes back of a sale, by its receipt's number or its row's. All that is left when no lines and no amount are
    said; the tip with it."""

    reason: str
    number: int | None = None
    sale_id: int | None = None
    imported: str = ""
    """Its number in the system that it was brought over from; that goes back in cash, or as credit."""
    lines: tuple[GiveBackLine, ...] = ()
    amount: Decimal | None = None
    """Shared out over what is left of the lines; no thing comes back."""
    tip: Decimal | None = None
    """Of the tip; all that is left of it with the whole sale, and nothing otherwise."""
    tenders: tuple[GiveBackBy, ...] = ()
    """By which tenders; by what was not cash first when it is not said."""
    to_credit: bool = False
    """As credit instead; what a package paid for goes back to the package all the same."""
    customer_id: int | None = None
    """Whose the credit is, when it is not the payer's."""
    commission: Policy | None = None
    """By the shop's rule when it is not said."""
    is_damaged: bool = False
    """Everything that comes back with the whole sale can't be sold again."""
    approval_code: str = ""
    """Of the card terminal."""
    drawer_session_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ShowRefundable:
    """A sale by its receipt's number, its row's, or its number in the system that it was brought over from."""

    number: int | None = None
    sale_id: int | None = None
    imported: str = ""


@dataclass(frozen=True)
class RefundableLine:
    """What is left of a line."""

    line_id: int
    kind: str
    name: str
    quantity: Decimal
    total: Decimal
    sold: Decimal
    """How many were sold."""
    paid: Decimal
    """What they cost."""


@dataclass(frozen=True)
class RefundableTender:
    """What is left of a tender."""

    payment_id: int
    method: str
    amount: Decimal


@dataclass(frozen=True)
class Refundable:
    """A sale, and what of it can still go back."""

    sale_id: int
    number: int
    customer_id: int | None
    currency: str
    lines: tuple[RefundableLine, ...]
    tenders: tuple[RefundableTender, ...]
    tip: Decimal
    total: Decimal
    """Without the tip."""
    why_no_void: str
    """Empty when it can be voided as a whole."""
    imported_number: str = ""
    """Its number in the system that it was brought over from; it has none of the shop's then."""

    @property
    def called(self) -> str:
        """Its number as people say it."""
        return f"{self.imported_number} of before" if self.imported_number else str(self.number)


@dataclass(frozen=True)
class BackBy:
    """What went back by a tender."""

    method: str
    amount: Decimal


@dataclass(frozen=True)
class Refunded:
    """A refund as it was written. Amounts are positive: what went back."""

    sale_id: int
    number: int
    corrects_id: int
    corrects_number: int
    total: Decimal
    tip: Decimal
    tax: Decimal
    payments: tuple[BackBy, ...]
    receipt: str
    credit_note: int | None = None
    """Its number, when the sale had an invoice."""


@use_case(Deed.SELL)
def refundable(work: Work, request: ShowRefundable) -> Refundable:
    """What of a sale can still go back. Raises NotFound, RefundOfRefund, VoidedAlready."""
    sold = sold_already(work, sale_id=request.sale_id, number=request.number, imported=request.imported)
    giving_back.refuse_voided(sold)
    return Refundable(
        sold.sale.id,
        sold.sale.number or 0,
        sold.sale.customer_id,
        sold.sale.currency,
        tuple(
            RefundableLine(line.key, row.kind, row.name, line.quantity, line.total, row.quantity, row.total)
            for line in sold.lines
            for row in (sold.rows[line.key],)
        ),
        tuple(RefundableTender(one.key, one.method, one.amount) for one in sold.tenders if one.amount > 0),
        rounded(sold.tip, sold.sale.currency),
        rounded(sold.total, sold.sale.currency),
        why_no_void(work, sold),
        sold.sale.imported_number or "",
    )


@use_case(Deed.REFUND)
def refund(work: Work, request: Refund) -> Refunded:
    """Give money back under a number of its own, with its taxes and everything that was moved, or change nothing.

    Raises NotFound, RefundOfRefund, VoidedAlready, ReasonMissing, NothingToGiveBack, MoreThanLeft, BadInput,
    MoreThanWasPaid when another till was quicker, and what speaks against taking a thing back.
    """
    reason = reason_given(request.reason)
    sold = sold_already(work, sale_id=request.sale_id, number=request.number, imported=request.imported)
    giving_back.refuse_voided(sold)
    lines = _lines(request, sold)
    tips = _tips(request, sold)
    if not (lines or tips):
        raise NothingToGiveBack(number=sold.sale.number or sold.sale.imported_number)
    _refuse_bundles(sold, lines)
    back = _by_tenders(work, request, sold, lines, tips)
    takes_cash = not request.to_credit and any(one.method == CASH and one.key in back.tenders for one in sold.tenders)
    session_id = open_session_for(work, request.drawer_session_id or _same_drawer(work, sold), takes_cash)
    sale = giving_back.write(work, sold, back, kind="refund", reason=reason, session_id=session_id)
    if request.to_credit:
        _to_credit(work, sale, request)
    giving_back.write_commissions(work, sale, request.commission or _policy(work))
    giving_back.close(work, sale)
    note = invoices.credit(work, sale)
    work.tell("sale.refunded", sale.id, number=sale.number, corrects=sold.sale.id)
    return Refunded(
        sale.id,
        sale.number or 0,
        sold.sale.id,
        sold.sale.number or 0,
        -sale.total,
        -sale.tip,
        -sale.tax,
        tuple(BackBy(row.method, row.amount) for row in work.session.execute(_BACK_BY, {"sale": sale.id})),
        printed(work, sale.id, copy=False),
        note.number if note else None,
    )


_BACK_BY = text("SELECT method, -amount AS amount FROM payments WHERE sale_id = :sale ORDER BY position")


def _same_drawer(work: Work, sold: SoldAlready) -> int | None:
    """The drawer that took the money, while it is open still."""
    still = text("SELECT id FROM drawer_sessions WHERE id = :session AND closed_at IS NULL")
    found: int | None = work.session.execute(still, {"session": sold.sale.drawer_session_id}).scalar()
    return found


def _refuse_bundles(sold: SoldAlready, lines: Sequence[LineLeft]) -> None:
    """Another system sold a bundle and took it back whenever it was used, in lines that no session here knows of."""
    if sold.sale.imported_number is None:
        return
    bundle = next((line for line in lines if sold.rows[line.key].kind == "bundle"), None)
    if bundle is not None:
        raise BundleOfBefore(name=bundle.name)


def _lines(request: Refund, sold: SoldAlready) -> list[LineLeft]:
    currency = sold.sale.currency
    if request.lines and request.amount is not None:
        raise BadInput("Say which lines go back, or an amount of all of them.", field="amount")
    if request.amount is not None:
        amount = _to_the_cent(request.amount, currency, "amount")
        if not amount and request.tip:
            return []
        if amount <= 0:
            raise BadInput("Say how much goes back: more than nothing.", field="amount")
        return spread(sold.lines, amount, currency)
    if not request.lines:
        return [] if _is_tip_alone(request) else [line for line in sold.lines if not line.is_gone]
    left = {line.key: line for line in sold.lines}
    found = [_line(wish, left, currency) for wish in request.lines]
    if len({line.key for line in found}) < len(found):
        raise BadInput("A line stands there twice. Say each once.", field="lines")
    return found + _what_hangs_on(sold, found)


def _is_tip_alone(request: Refund) -> bool:
    return bool(request.tip) and not request.lines and request.amount is None


def _line(wish: GiveBackLine, left: dict[int, LineLeft], currency: str) -> LineLeft:
    line = left.get(wish.line_id)
    if line is None:
        raise BadInput("That line stands on another receipt. Look at this one's lines.", field="lines")
    if wish.quantity is not None and wish.amount is not None:
        raise BadInput(f"Say how many of {line.name} come back, or how much of its price.", field="lines")
    if wish.amount is not None:
        if line.by_package:
            raise SessionsGoWhole
        return by_amount(line, _to_the_cent(wish.amount, currency, "amount"), currency)
    if line.is_gone:
        raise MoreThanLeft(left="nothing", what=line.name, asked="more")
    return by_quantity(line, line.quantity if wish.quantity is None else wish.quantity, currency)


def _what_hangs_on(sold: SoldAlready, lines: Sequence[LineLeft]) -> list[LineLeft]:
    """With the last of the things goes what stood there because of them: rounding, tax that was taken before. With a
    session goes the tax that was paid with its package."""
    going = {line.key: line for line in lines}
    paired = _taxes_of_sessions(sold)
    with_sessions = [paired[key] for key, line in going.items() if key in paired and line.quantity]
    going |= {line.key: line for line in with_sessions}
    rest = [line for line in sold.lines if not line.is_gone and line != going.get(line.key)]
    hangs = [line for line in rest if sold.rows[line.key].kind in ("rounding", "prepaid_tax")]
    return with_sessions + (hangs if len(hangs) == len(rest) else [])


def _taxes_of_sessions(sold: SoldAlready) -> dict[int, LineLeft]:
    """For each line that a session paid for, the line that took its package's tax out again: the nth of a service's."""
    found: dict[int, LineLeft] = {}
    taxes = [
        line for line in sold.lines if sold.rows[line.key].kind == "prepaid_tax" and sold.rows[line.key].service_id
    ]
    for line in (line for line in sold.lines if line.by_package):
        mine = next((tax for tax in taxes if sold.rows[tax.key].service_id == sold.rows[line.key].service_id), None)
        if mine is not None:
            taxes.remove(mine)
            if not mine.is_gone:
                found[line.key] = mine
    return found


def _tips(request: Refund, sold: SoldAlready) -> dict[int, Decimal]:
    """Each stylist's part of what goes back of the tip, in proportion to what they have of it."""
    currency = sold.sale.currency
    if request.tip is None:
        return {} if request.lines or request.amount is not None else dict(sold.tips)
    tip = _to_the_cent(request.tip, currency, "tip")
    if tip < 0:
        raise BadInput("A tip is not less than nothing.", field="tip")
    if tip > sold.tip:
        raise MoreThanLeft(left=f"{sold.tip} {currency}", what="the tip", asked=f"{tip} {currency}")
    shares = split(tip, list(sold.tips.values()), currency) if tip else []
    return {who: share for who, share in zip(sold.tips, shares, strict=False) if share}


def _by_tenders(
    work: Work, request: Refund, sold: SoldAlready, lines: Sequence[LineLeft], tips: dict[int, Decimal]
) -> Back:
    currency = sold.sale.currency
    amount = sum((line.total for line in lines), Decimal()) + sum(tips.values(), Decimal())
    step = work.session.execute(
        text("SELECT cash_rounding FROM shops WHERE id = :id"), {"id": work.shop.id}
    ).scalar_one()
    rounding = Decimal(0)
    if sold.paid < amount < sold.paid + step:  # more has gone back before than the lines came to, for want of coins
        rounding = sold.paid - amount
    amount += rounding
    if amount < 0:
        raise BadInput("What goes back comes to less than nothing. Give more of it back.", field="lines")
    if request.tenders:
        wishes = [(wish.payment_id, _to_the_cent(wish.amount, currency, "tenders")) for wish in request.tenders]
        tenders = wished_back(amount, wishes, sold.tenders, currency)
    else:
        of_packages = sum((line.total for line in lines if line.by_package), Decimal())
        tenders = tenders_back(amount, of_packages, sold.tenders, currency)
        if not request.to_credit:
            more = _for_coins(sold, tenders, step, currency)
            rounding += more
    damaged = {wish.line_id for wish in request.lines if wish.is_damaged}
    if request.is_damaged:
        damaged |= {line.key for line in lines}
    return Back(
        lines, tips, tenders, CREDIT if request.to_credit else "", rounding, frozenset(damaged), request.approval_code
    )


def _for_coins(sold: SoldAlready, tenders: dict[int, Decimal], step: Decimal, currency: str) -> Decimal:
    """Round what goes back in cash to coins that there are; answers what that makes more or less."""
    for tender in sold.tenders:
        if tender.method == CASH and tender.key in tenders:
            more = cash_rounding(tenders[tender.key], step, tender.amount, currency)
            if more and tenders[tender.key] + more:
                tenders[tender.key] += more
                return more
    return Decimal(0)


def _to_the_cent(amount: Decimal, currency: str, field: str) -> Decimal:
    if rounded(amount, currency) != amount:
        raise BadInput(f"{amount} is finer than {currency} can be paid.", field=field)
    return rounded(amount, currency)


def _policy(work: Work) -> Policy:
    takes = text("SELECT takes_commission_back FROM shops WHERE id = :shop")
    return "withhold" if work.session.execute(takes, {"shop": work.shop.id}).scalar() else "goodwill"


def _to_credit(work: Work, sale: Sale, request: Refund) -> None:
    """Each tender that became credit is a credit of its own, so that either can be followed to the other.

    What was paid by credit is back on the one it came from already.
    """
    customer = request.customer_id or sale.customer_id
    if customer is None:
        raise CreditNeedsSomebody
    original = aliased(Payment)
    became = select(Payment).join(original, col(original.id) == col(Payment.corrects_payment_id))
    became = became.where(Payment.sale_id == sale.id, Payment.method == CREDIT, original.method != CREDIT)
    for payment in work.session.exec(became).all():
        grant_credit(work, customer, -payment.amount, sale.reason, sale=sale, payment=payment)
