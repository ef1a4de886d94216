"""Vouchers of others: who issues those that are taken here, and what they still owe for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, NotToCome
from frontdesk.permissions import Deed
from frontdesk.rules.prepayments import code_of, drawn_down
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid, receivables
from frontdesk.services.prepaid.receivables import ToCome
from frontdesk.services.typed import amount_of, given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.owed import VoucherIssuer
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class SetIssuer(Write):
    """Who issues vouchers that are taken here, and what they keep of each."""

    name: str
    fee_percent: Decimal = Decimal(0)
    issuer_id: int | None = None
    """None for a new one."""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class ListIssuers:
    """Whose vouchers are taken here."""

    all: bool = False


@dataclass(frozen=True)
class Issuer:
    """Who issues vouchers, and what they still owe."""

    id: int
    name: str
    fee_percent: Decimal
    is_active: bool
    left: Decimal


@dataclass(frozen=True)
class Issuers:
    """By name."""

    issuers: tuple[Issuer, ...]


@dataclass(frozen=True, kw_only=True)
class ListVouchers:
    """Vouchers that were taken and are not paid for yet."""

    all: bool = False


@dataclass(frozen=True)
class Vouchers:
    """The oldest first."""

    vouchers: tuple[ToCome, ...]
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class SettleVouchers(Write):
    """Money of an issuer has come."""

    issuer_id: int
    amount: Decimal
    day: dt.date | None = None
    """When it came; today when it is not said."""
    reference: str = ""
    codes: tuple[str, ...] = ()
    """Which vouchers it is for; the oldest first when it is not said."""


@use_case(Deed.EDIT_CATALOGUE)
def set_issuer(work: Work, request: SetIssuer) -> Issuer:
    """Take somebody's vouchers, or change what they keep. Raises BadInput, NotFound, NameTaken."""
    name = given(request.name, "issuer", "a name", "name")
    if not 0 <= request.fee_percent <= 100:
        raise BadInput("What an issuer keeps is between 0 and 100 %.", field="fee_percent")
    if int(request.fee_percent.normalize().as_tuple().exponent) < -2:
        raise BadInput("What an issuer keeps has two digits behind the point at most.", field="fee_percent")
    issuer = (
        VoucherIssuer(name=name) if request.issuer_id is None else work.session.get(VoucherIssuer, request.issuer_id)
    )
    if issuer is None:
        raise NotFound(what="voucher issuer", name=request.issuer_id, remedy="Look at frontdesk voucher issuers.")
    issuer.name, issuer.fee_percent, issuer.is_active = name, request.fee_percent, request.is_active
    work.session.add(issuer)
    work.session.flush()
    work.tell("voucher_issuer.changed", issuer.id)
    return next(one for one in _issuers(work) if one.id == issuer.id)


@use_case(Deed.SELL)
def list_issuers(work: Work, request: ListIssuers) -> Issuers:
    """Whose vouchers are taken here, and what each still owes."""
    return Issuers(tuple(one for one in _issuers(work) if request.all or one.is_active))


def _issuers(work: Work) -> list[Issuer]:
    return [Issuer(*row) for row in work.session.execute(_ISSUERS, {"currency": work.shop.currency})]


_ISSUERS = text("""
    SELECT i.id, CAST(i.name AS text) AS name, i.fee_percent, i.is_active,
           coalesce((SELECT sum(e.amount) FROM receivables r JOIN receivable_entries e ON e.receivable_id = r.id
                      WHERE r.issuer_id = i.id AND r.currency = :currency), 0)
      FROM voucher_issuers i ORDER BY i.name, i.id
""")


@use_case(Deed.SELL)
def list_vouchers(work: Work, request: ListVouchers) -> Vouchers:
    """Vouchers that were taken here, with what is still to come for each."""
    found = tuple(receivables.to_come(work, "kind", kind="voucher", all=request.all))
    return Vouchers(found, sum((one.left for one in found), prepaid.nothing(work)))


@use_case(Deed.SEE_TAKINGS)
def settle(work: Work, request: SettleVouchers) -> Vouchers:
    """Enter that an issuer has paid: the named vouchers, or the oldest first. Raises BadInput, NotToCome."""
    amount = amount_of(work, request.amount, "amount")
    if not amount:
        raise BadInput("Type how much has come.", field="amount")
    named = {code_of(code) for code in request.codes}
    open_ = [
        one
        for one in receivables.to_come(work, "kind", kind="voucher", all=False)
        if one.issuer_id == request.issuer_id and (not named or one.code in named)
    ]
    parts = drawn_down([(one.id, one.left) for one in open_], amount)
    if sum((part for _, part in parts), Decimal(0)) != amount:
        raise NotToCome
    for receivable_id, part in parts:
        receivables.enter(work, receivable_id, "arrived", -part, Because(reason=clean(request.reference)), request.day)
    work.tell("vouchers.settled", request.issuer_id)
    left = receivables.to_come(work, "kind", kind="voucher", all=False)
    return Vouchers(tuple(left), sum((one.left for one in left), prepaid.nothing(work)))
