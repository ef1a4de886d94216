"""Deposits: how much a visit asks for, what was paid, and what becomes of it when nobody comes (features BK24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import NotFound, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.deposits import DepositLine, DepositRule, asked_for
from frontdesk.rules.prepayments import FORFEITS, Forfeit
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.prepaid import forfeiting, prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.text import clean

Outcome = Literal["", "kept", "returned", "credit"]


class NoDepositThere(Refusal):
    """Nothing is left of a deposit for visit {visit}. Look at frontdesk deposit list."""


class DepositNotForfeit(Refusal):
    """Visit {visit} is still to come, so its deposit stays for it. Cancel the visit first, or move the deposit to
    another visit."""


class GiveBackByRefund(Refusal):
    """Money goes back with a refund of the receipt that took it: refund {receipts}, and the deposit is off the
    books."""


class CreditNeedsName(Refusal):
    """Credit is somebody's, and the visit is a guest's. Keep the deposit, or give it back."""


class NothingToKeep(Refusal):
    """With {fees} asked for leaving it, nothing of the deposit for {visit} may be kept: together that is the whole
    price. Give it back, or turn it into credit."""


@dataclass(frozen=True, kw_only=True)
class DepositOf:
    """A visit."""

    appointment_id: int


@dataclass(frozen=True)
class DepositStand:
    """What a visit asks for and what was paid."""

    appointment_id: int
    visit: str
    customer: str
    price: Decimal
    """Of all its lines that are still to come or were served."""
    asked: Decimal
    """By the shop's rules, for who they are."""
    paid: Decimal
    """What was left for it, used since or not; without what was given back or moved away."""
    held: Decimal
    """What is left."""
    waits: bool
    """For a bank transfer that has not arrived; until then it does not count."""
    outcome: Outcome
    """What the rules make of it, once the visit was left; empty while it stays for the visit."""

    @property
    def missing(self) -> Decimal:
        """What is still asked for."""
        return max(self.asked - (Decimal(0) if self.waits else self.paid), self.asked * 0)


@dataclass(frozen=True, kw_only=True)
class ListDeposits:
    """Deposits that are held."""

    all: bool = False
    """With what was used, kept and given back."""


@dataclass(frozen=True)
class Deposits:
    """What was left for which visits, the oldest first."""

    deposits: tuple[DepositStand, ...]
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class CloseDeposit(Write):
    """What becomes of a deposit whose visit was left."""

    appointment_id: int
    outcome: Outcome = ""
    """kept, returned or credit; as the rules say when it is empty."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MoveDeposit(Write):
    """A deposit stays with whoever paid it: it is for another visit now."""

    appointment_id: int
    to_appointment_id: int


@use_case(Deed.SEE_BOOK)
def deposit_of(work: Work, request: DepositOf) -> DepositStand:
    """What a visit asks for and what was paid for it. Raises NotFound."""
    return stand_of(work, request.appointment_id)


@use_case(Deed.SELL)
def list_deposits(work: Work, request: ListDeposits) -> Deposits:
    """Every deposit that is held, with what the rules make of it."""
    found = prepaid.holdings(work, "kind", kind="deposit", all=request.all)
    visits = list(dict.fromkeys(one.appointment_id for one in found if one.appointment_id))
    stands = tuple(_stands(work, visits, found))
    return Deposits(stands, sum((one.held for one in stands), prepaid.nothing(work)))


def deposit_asked(work: Work, appointment_id: int) -> Decimal:
    """What the shop's rules ask for before this visit. Raises NotFound."""
    return stand_of(work, appointment_id).asked


def asked_when_booking(work: Work, appointment_id: int) -> Decimal:
    """The deposit to ask for while they are still on the telephone; one question where nothing asks for any."""
    if not work.session.execute(_ANY_RULE).scalar():
        return prepaid.nothing(work)
    return deposit_asked(work, appointment_id)


_ANY_RULE = text("SELECT EXISTS (SELECT FROM deposit_rules)")


def stand_of(work: Work, appointment_id: int) -> DepositStand:
    """What a visit asks for and what was paid for it, in two questions. Raises NotFound."""
    found = _stands(work, [appointment_id], prepaid.holdings(work, "visits", visits=[appointment_id]))
    if not found:
        raise NotFound(what="visit", name=appointment_id, remedy="Look at the day's book.")
    return found[0]


def _stands(work: Work, visits: Sequence[int], found: Sequence[Holding]) -> list[DepositStand]:
    rows = work.session.execute(_VISITS, {"visits": list(visits), "exits": sorted(EXITS)}).all()
    stands = []
    for row in rows:
        mine = [one for one in found if one.appointment_id == row.id]
        lines = [DepositLine(service, category, Decimal(price)) for service, category, price in row.lines or ()]
        rules = [_rule(*rule) for rule in row.rules or ()]
        asked = asked_for(lines, rules, is_new=row.is_new, missed_one=row.missed_one, currency=work.shop.currency)
        nothing = prepaid.nothing(work)
        stand = DepositStand(
            row.id,
            row.code,
            row.customer or row.guest_name or "",
            sum((line.price for line in lines), nothing),
            asked,
            sum((one.received for one in mine), nothing),
            sum((one.balance for one in mine), nothing),
            any(one.waits for one in mine),
            "",
        )
        stands.append(replace(stand, outcome=_outcome(Status(row.status), mine)))
    return stands


def _rule(service_id: int | None, category_id: int | None, who: str, percent: str, amount: str) -> DepositRule:
    return DepositRule(
        service_id,
        category_id,
        who,  # type: ignore[arg-type]  # a CHECK of its table
        None if percent is None else Decimal(percent),
        None if amount is None else Decimal(amount),
    )


def _outcome(status: Status, held: Sequence[Holding]) -> Outcome:
    """Who cancels in time, or comes and pays otherwise, gets it back; else the rule of the day it was paid holds."""
    open_ = [one for one in held if one.balance]
    if not open_ or status not in EXITS | {Status.COMPLETED}:
        return ""
    if status in (Status.LATE_CANCELLED, Status.NO_SHOW):
        return next(rule for rule in FORFEITS if rule == open_[0].forfeit)
    return "returned"


_VISITS = text("""
    SELECT a.id, a.code, a.status, a.guest_name, a.customer_id,
           coalesce(nullif(trim(concat_ws(' ', c.first_name, c.last_name)), ''), CAST(c.code AS text)) AS customer,
           (SELECT jsonb_agg(jsonb_build_array(l.service_id, v.category_id, CAST(l.price * l.quantity AS text))
                             ORDER BY l.position)
              FROM appointment_services l JOIN services v ON v.id = l.service_id
             WHERE l.appointment_id = a.id AND l.status <> ALL (:exits)) AS lines,
           (SELECT jsonb_agg(jsonb_build_array(r.service_id, r.category_id, r.who, CAST(r.percent AS text),
                                               CAST(r.amount AS text)) ORDER BY r.id)
              FROM deposit_rules r) AS rules,
           a.for_guest OR NOT EXISTS (
               SELECT FROM appointments o WHERE o.customer_id = a.customer_id AND o.id <> a.id
                  AND o.status = 'completed') AS is_new,
           EXISTS (SELECT FROM appointments o WHERE o.customer_id = a.customer_id AND o.id <> a.id
                      AND o.status = 'no_show') AS missed_one
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.id = ANY (CAST(:visits AS bigint[])) ORDER BY a.starts_at, a.id
""")


@use_case(Deed.SELL)
def close_deposit(work: Work, request: CloseDeposit) -> DepositStand:
    """Keep a deposit whose visit was left, or turn it into credit, as the rules say or as a manager does.

    Raises NoDepositThere, DepositNotForfeit, GiveBackByRefund, CreditNeedsName, NothingToKeep.
    """
    work.session.execute(_LOCK, {"visit": request.appointment_id}).all()
    stand = stand_of(work, request.appointment_id)
    held = [one for one in prepaid.holdings(work, "visits", visits=[request.appointment_id]) if one.balance]
    if not held:
        raise NoDepositThere(visit=stand.visit)
    if not stand.outcome:
        raise DepositNotForfeit(visit=stand.visit)
    for one in held:
        prepaid.refuse_unusable(work, one)
    outcome = request.outcome or stand.outcome
    if outcome != stand.outcome:
        work.require(Deed.GIVE_CREDIT)
    if outcome == "returned":
        receipts = work.session.execute(_RECEIPTS, {"ids": [one.id for one in held]}).scalars()
        raise GiveBackByRefund(receipts=" and ".join(f"receipt {number}" for number in receipts) or "it")
    if outcome == "credit":
        _to_credit(work, stand, held, request.reason)
    else:
        _keep(work, stand, held, request.reason)
    work.tell("deposit.closed", request.appointment_id)
    return stand_of(work, request.appointment_id)


_LOCK = text("SELECT id FROM appointments WHERE id = :visit FOR UPDATE")
_RECEIPTS = text("""
    SELECT DISTINCT s.number FROM prepayment_entries e JOIN sales s ON s.id = e.sale_id
     WHERE e.prepayment_id = ANY (:ids) AND e.kind = 'received' AND e.corrects_id IS NULL ORDER BY 1
""")


def _keep(work: Work, stand: DepositStand, held: Sequence[Holding], reason: str) -> None:
    row = work.session.execute(_LEFT, {"visit": stand.appointment_id, "exits": sorted(EXITS)}).one()
    may = max(row.price - row.fees, Decimal(0))
    if not may:
        raise NothingToKeep(fees=prepaid.money(work, row.fees), visit=stand.visit)
    for one in held:
        kept = min(one.balance, may)
        may -= kept
        if kept:
            forfeiting.keep(work, one, kept, "forfeited", clean(reason) or "Visit left")


# What the lines that were left cost, and what of that is asked for as a fee.
_LEFT = text("""
    SELECT coalesce(sum(l.price * l.quantity), 0) AS price,
           coalesce(sum((SELECT sum(f.amount) FROM appointment_fees f
                          WHERE f.appointment_service_id = l.id AND f.taken_back_at IS NULL)), 0) AS fees
      FROM appointment_services l WHERE l.appointment_id = :visit AND l.status = ANY (:exits)
""")


def _to_credit(work: Work, stand: DepositStand, held: Sequence[Holding], reason: str) -> None:
    why = clean(reason) or f"Deposit for {stand.visit}"
    for one in held:
        customer = one.customer_id
        if customer is None:
            raise CreditNeedsName
        forfeiting.turn_to_credit(work, one, customer, why)


@use_case(Deed.SELL)
def move_deposit(work: Work, request: MoveDeposit) -> DepositStand:
    """Let a deposit count for another visit. Raises NoDepositThere, NotFound."""
    held = [one for one in prepaid.holdings(work, "visits", visits=[request.appointment_id]) if one.balance]
    stand = stand_of(work, request.appointment_id)
    if not held:
        raise NoDepositThere(visit=stand.visit)
    for one in held:
        prepaid.refuse_unusable(work, one)
    to = stand_of(work, request.to_appointment_id)
    whose = work.session.execute(_CUSTOMER, {"id": to.appointment_id}).scalar()
    for one in held:
        rule = replace(prepaid.rule_of(work, "deposit"), tax_point=forfeiting.tax_point_of(one), forfeit=_forfeit(one))
        moved = prepaid.issue(
            work, "deposit", rule, expires_on=one.expires_on, customer_id=whose, appointment_id=to.appointment_id
        )
        forfeiting.transfer(work, one, moved.id, f"From {stand.visit} to {to.visit}")
    work.tell("deposit.moved", to.appointment_id)
    return stand_of(work, to.appointment_id)


_CUSTOMER = text("SELECT customer_id FROM appointments WHERE id = :id")


def _forfeit(one: Holding) -> Forfeit:
    return next(rule for rule in FORFEITS if rule == one.forfeit)


def kept_when_left(work: Work, appointment_id: int) -> Decimal:
    """What of a visit's deposits the shop keeps when it is left late or missed: beside it, a fee is never so much that
    both are more than the price."""
    return Decimal(work.session.execute(_KEPT, {"visit": appointment_id}).scalar_one())


_KEPT = text("""
    SELECT coalesce(sum(e.amount), 0) FROM prepayments p JOIN prepayment_entries e ON e.prepayment_id = p.id
     WHERE p.appointment_id = :visit AND p.kind = 'deposit' AND p.forfeit = 'kept'
       AND (e.kind <> 'forfeited')
""")
