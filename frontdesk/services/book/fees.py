"""What a late cancellation or a no-show costs: proposed by the policy, asked for or let pass, owed until it is paid
(features BK26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, Protocol

from sqlalchemy import text

from frontdesk.errors import FeePaid, FeeTooHigh, FeeUndecided, NotFound, ReasonMissing
from frontdesk.money import money_text, percent_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.deposits import fee_beside
from frontdesk.rules.fees import Charge, Priced, fee_for, spread
from frontdesk.rules.states import EXITS
from frontdesk.services.placing import freeing
from frontdesk.services.prepaid.deposits import kept_when_left
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.tables.appointments import Appointment, AppointmentService
from frontdesk.tables.cancelling import AppointmentFee
from frontdesk.text import clean

FeeKind = Literal["late_cancel", "no_show"]

WORDS = {"late_cancel": "Late cancellation", "no_show": "No-show"}
"""What a fee is called on a ticket."""


@dataclass(frozen=True, kw_only=True)
class WhatLeavingCosts:
    """Somebody is about to leave a visit, or some of its lines."""

    appointment_id: int
    line_ids: tuple[int, ...] = ()
    """All lines that are still to come, when none is named."""
    no_show: bool = False
    """They did not come; else they cancel now."""


@dataclass(frozen=True)
class LineCost:
    """What leaving one line costs, and how it was reckoned."""

    line_id: int
    service: str
    stylist: str | None
    price: Decimal
    fee: Decimal
    rule: str
    """`50 % of £50.00`; empty when it costs nothing."""


@dataclass(frozen=True)
class LeavingCost:
    """What the policy proposes. Nothing is written yet."""

    appointment_id: int
    customer: str
    notice_minutes: int
    """Until the visit begins; negative after that."""
    is_late: bool
    """With less notice than a policy asks for."""
    stays: bool
    """They come for another line of the visit, and so nothing is proposed."""
    lines: tuple[LineCost, ...]
    total: Decimal
    words: str
    """`Cut: 50 % of £50.00`; empty when it costs nothing."""


class Settling(Protocol):
    """What is said about a fee with a way out."""

    @property
    def fee(self) -> Decimal | None:
        """How much is asked for."""

    @property
    def waive_reason(self) -> str:
        """Why not all of it."""


@use_case(Deed.SEE_BOOK)
def what_leaving_costs(work: Work, request: WhatLeavingCosts) -> LeavingCost:
    """What the policy proposes when these lines are left now. Raises NotFound."""
    visit = freeing.visit_to_change(work, request.appointment_id)
    lines = freeing.lines_of(work, visit.id)
    leaving = [line for line in lines if line.id in (request.line_ids or [one.id for one in lines])]
    if not leaving:
        raise NotFound(what="line", name=request.line_ids[0], remedy="Look at the visit with frontdesk show.")
    return cost_of(work, visit, leaving, "no_show" if request.no_show else "late_cancel")


def notice_of(work: Work, visit: Appointment) -> int:
    """Minutes until a visit begins."""
    return int((visit.starts_at - work.now).total_seconds() // 60)


def is_late(work: Work, visit: Appointment, lines: Sequence[AppointmentService]) -> bool:
    """Whether this is less notice than a policy of these lines asks for."""
    return cost_of(work, visit, lines, "late_cancel").is_late


def cost_of(work: Work, visit: Appointment, lines: Sequence[AppointmentService], kind: FeeKind) -> LeavingCost:
    """What the policy proposes when these lines of a visit are left now."""
    notice, shop = notice_of(work, visit), work.shop
    asked = {"visit": visit.id, "lines": [line.id for line in lines], "exits": sorted(EXITS)}
    rows = work.session.execute(_COSTS, asked).all()
    stays = any(row.stays for row in rows)
    late = any(row.notice_minutes is not None and notice < row.notice_minutes for row in rows)
    found: list[LineCost] = []
    for row in rows:
        owes = not stays and (kind == "no_show" or (row.notice_minutes is not None and notice < row.notice_minutes))
        charge = (
            Charge(row.no_show_percent, row.no_show_flat)
            if kind == "no_show"
            else Charge(row.late_percent, row.late_flat)
        )
        priced = Priced(row.price, row.list_price, row.usual)
        fee = fee_for(charge, priced, shop.currency) if owes else rounded(Decimal(0), shop.currency)
        rule = _rule(work, charge, priced) if fee else ""
        found.append(LineCost(row.id, row.name, row.stylist, row.price, fee, rule))
    found = _beside_deposit(work, visit, found)
    total = sum((line.fee for line in found), rounded(Decimal(0), shop.currency))
    words = ", ".join(f"{line.service}: {line.rule}" for line in found if line.fee)
    customer = freeing.customer_of(work, visit)
    return LeavingCost(visit.id, customer, notice, late, stays, tuple(found), total, words)


def _beside_deposit(work: Work, visit: Appointment, lines: list[LineCost]) -> list[LineCost]:
    """With a deposit that is kept, no more is asked for than is left of the price (features BK24)."""
    nothing = rounded(Decimal(0), work.shop.currency)
    asked = sum((line.fee for line in lines), nothing)
    if not asked or not (kept := kept_when_left(work, visit.id)):
        return lines
    most = fee_beside(asked, kept, sum((line.price for line in lines), nothing))
    shares = spread(most, [line.fee for line in lines], work.shop.currency)
    why = f", less the deposit of {_money(work, kept)}" if most < asked else ""
    return [
        replace(line, fee=share, rule=f"{line.rule}{why}" if share else "")
        for line, share in zip(lines, shares, strict=True)
    ]


def _rule(work: Work, charge: Charge, line: Priced) -> str:
    shop = work.shop
    if charge.percent is None:
        return "flat"
    base = money_text(line.base or Decimal(0), shop.currency, shop.locale)
    usual = ", the usual price" if not (line.price or line.list_price) else ""
    return f"{percent_text(charge.percent, shop.locale)} of {base}{usual}"


_COSTS = text("""
    SELECT l.id, l.name, s.first_name AS stylist, l.price * l.quantity AS price, v.price AS list_price,
           p.notice_minutes, p.late_percent, p.late_flat, p.no_show_percent, p.no_show_flat,
           EXISTS (SELECT FROM appointment_services o WHERE o.appointment_id = :visit AND o.id <> ALL (:lines)
                      AND o.status <> ALL (:exits)) AS stays,
           CASE WHEN v.price = 0 THEN coalesce(
               (SELECT x.price FROM stylist_specialties x
                 WHERE x.stylist_id = l.stylist_id AND (x.service_id = v.id OR x.category_id = v.category_id)
                   AND x.price > 0 ORDER BY x.service_id NULLS LAST LIMIT 1),
               (SELECT g.price FROM service_levels g WHERE g.service_id = v.id AND g.level = s.level AND g.price > 0),
               (SELECT mode() WITHIN GROUP (ORDER BY t.unit_price) FROM sale_lines t
                 WHERE t.stylist_id = l.stylist_id AND t.service_id = v.id AND t.unit_price > 0)) END AS usual
      FROM appointment_services l JOIN services v ON v.id = l.service_id
      LEFT JOIN stylists s ON s.id = l.stylist_id
      LEFT JOIN LATERAL (SELECT * FROM cancellation_policies c
                          WHERE c.service_id = l.service_id OR c.service_id IS NULL
                          ORDER BY c.service_id NULLS LAST LIMIT 1) p ON true
     WHERE l.id = ANY (:lines) ORDER BY l.position
""")


def charge(work: Work, visit: Appointment, lines: Sequence[AppointmentService], kind: FeeKind, said: Settling) -> str:
    """Write down what these lines owe for being left, or who let it pass; answers how that is said after the step.

    Raises FeeUndecided when there is a fee and nothing is said about it, FeeTooHigh, ReasonMissing, NotAllowed.
    """
    cost = cost_of(work, visit, lines, kind)
    fee, why = said.fee, clean(said.waive_reason)
    if fee is not None and amount_of(work, fee, "fee") > cost.total:
        raise FeeTooHigh(fee=_money(work, fee), proposed=_money(work, cost.total))
    if not cost.total:
        return ""
    if fee is None and not why:
        raise FeeUndecided(fee=_money(work, cost.total), words=cost.words, proposed=cost.total)
    fee = Decimal(0) if fee is None else amount_of(work, fee, "fee")
    waived = fee < cost.total
    if waived and not why:
        raise ReasonMissing
    if waived:
        work.require(Deed.WAIVE_FEE)
    owing = [line for line in cost.lines if line.fee]
    shares = spread(fee, [line.fee for line in owing], work.shop.currency)
    work.session.add_all(
        AppointmentFee(
            shop_id=visit.shop_id,
            appointment_service_id=line.line_id,
            customer_id=visit.customer_id,
            kind=kind,
            proposed=line.fee,
            amount=share,
            waived_by=work.actor.user_id if waived else None,
            waive_reason=why if waived else None,
            at=work.now,
        )
        for line, share in zip(owing, shares, strict=True)
    )
    work.session.flush()
    return f", owes {_money(work, fee)}" if fee else f", {_money(work, cost.total)} let pass"


def _money(work: Work, amount: Decimal) -> str:
    return money_text(amount, work.shop.currency, work.shop.locale)


def take_back(work: Work, line_ids: Sequence[int]) -> None:
    """These lines have not been left after all: nothing is owed for it. Raises FeePaid."""
    paid = work.session.execute(_PAID, {"lines": list(line_ids)}).scalar()
    if paid:
        raise FeePaid(visit=paid)
    work.session.execute(_TAKE_BACK, {"lines": list(line_ids), "at": work.now})


_PAID = text("""
    SELECT a.code FROM appointment_fees f JOIN appointment_services l ON l.id = f.appointment_service_id
      JOIN appointments a ON a.id = l.appointment_id
     WHERE f.appointment_service_id = ANY (:lines) AND f.taken_back_at IS NULL AND f.sale_line_id IS NOT NULL
     LIMIT 1 FOR UPDATE OF f
""")
_TAKE_BACK = text("""
    UPDATE appointment_fees SET taken_back_at = :at
     WHERE appointment_service_id = ANY (:lines) AND taken_back_at IS NULL AND sale_line_id IS NULL
""")


@dataclass(frozen=True, kw_only=True)
class FindOpenFees:
    """Somebody's open fees, or everybody's."""

    customer_id: int | None = None


@dataclass(frozen=True)
class OpenFee:
    """A fee that is still to be paid."""

    id: int
    name: str
    """`Late cancellation, Cut`: as it stands on a ticket."""
    amount: Decimal
    customer_id: int | None
    customer: str
    code: str
    """Of the visit."""


@dataclass(frozen=True)
class OpenFees:
    """Fees still to be paid, the oldest first."""

    fees: tuple[OpenFee, ...]
    total: Decimal


@use_case(Deed.SEE_BOOK)
def open_fees(work: Work, request: FindOpenFees) -> OpenFees:
    """Fees that were asked for and are not paid yet."""
    found = fees_of(work, customer_id=request.customer_id, everybody=request.customer_id is None)
    return OpenFees(found, sum((fee.amount for fee in found), rounded(Decimal(0), work.shop.currency)))


def fees_of(
    work: Work,
    *,
    customer_id: int | None = None,
    visit_ids: Sequence[int] = (),
    fee_ids: Sequence[int] = (),
    everybody: bool = False,
) -> tuple[OpenFee, ...]:
    """Open fees of a customer, of these visits, or with these numbers."""
    asked = {"customer": customer_id, "visits": list(visit_ids), "fees": list(fee_ids), "all": everybody}
    return tuple(
        OpenFee(
            row.id,
            f"{WORDS[row.kind]}, {row.service}",
            row.amount,
            row.customer_id,
            person(row.first_name, row.last_name, row.customer_code, row.guest_name),
            row.code,
        )
        for row in work.session.execute(_OPEN, asked)
    )


_OPEN = text("""
    SELECT f.id, f.kind, f.amount, f.customer_id, l.name AS service, a.code, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code
      FROM appointment_fees f JOIN appointment_services l ON l.id = f.appointment_service_id
      JOIN appointments a ON a.id = l.appointment_id LEFT JOIN customers c ON c.id = f.customer_id
     WHERE f.taken_back_at IS NULL AND f.sale_line_id IS NULL AND f.amount > 0
       AND (:all OR f.customer_id = :customer OR a.id = ANY (CAST(:visits AS bigint[]))
            OR f.id = ANY (CAST(:fees AS bigint[])))
     ORDER BY f.at, f.id
""")
