"""How much each role may take off without a manager, and what is kept of everything that came off (features CO6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, ReasonMissing
from frontdesk.money import minor_digits, percent_text, rounded
from frontdesk.permissions import MAY, Deed, Role
from frontdesk.rules.pricing import Priced
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till.bill import Bill
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.discounts import SaleDiscount
from frontdesk.tables.sales import Sale, SaleLine
from frontdesk.text import clean

_LIMITED = (Role.TRAINEE, Role.RECEPTIONIST, Role.MANAGER, Role.ADMIN)


def more_than_allowed(work: Work, ticket: Ticket, made: Bill) -> str:
    """What of the discounts goes over the person's limit, as words; empty when nothing does.

    Typed discounts and prices below the list's count, coupons and price classes don't: those were somebody's decision.
    """
    if Deed.DISCOUNT_MORE in MAY[work.actor.role] or not _is_typed(ticket, made):
        return ""
    limit = made.discount_limit
    if limit is None:
        return ""
    currency, cent = work.shop.currency, Decimal(1).scaleb(-minor_digits(work.shop.currency))
    taken = list(_typed_off(made))
    whole, off = sum((base for base, _ in taken), Decimal(0)), sum((part for _, part in taken), Decimal(0))
    of_a_line = any(part > base * limit / 100 + cent for base, part in taken)  # a spread may move it by a cent
    if not of_a_line and off <= rounded(whole * limit / 100, currency):
        return ""
    return f"more than {percent_text(limit, work.shop.locale)} off"


def _is_typed(ticket: Ticket, made: Bill) -> bool:
    return bool(ticket.discount or any(_typed_discount(item) or item.typed_price is not None for item in made.items))


def _typed_discount(item: Item) -> bool:
    """Whether somebody typed it: what a membership gives was decided when it was sold."""
    return item.discount is not None and not item.discount_why


def _typed_off(made: Bill) -> Iterator[tuple[Decimal, Decimal]]:
    """Each line's price before anything typed, and what was typed off it."""
    for item, line, asked in zip(made.items, made.priced.lines, made.lines, strict=True):
        if not asked.is_discounted or line.gross < 0:
            continue
        lowered = Decimal(0)
        if item.typed_price is not None and item.list_price is not None:
            lowered = max(item.list_price * item.quantity - line.gross, Decimal(0))
        own = line.own_discount if _typed_discount(item) else Decimal(0)
        yield line.gross + lowered, lowered + own + line.ticket_discount


def allow(work: Work, ticket: Ticket, made: Bill) -> int | None:
    """Let a ticket's discounts pass, or ask for a manager. Answers who approved them, when somebody had to.

    Raises NotAllowed and ReasonMissing.
    """
    if not more_than_allowed(work, ticket, made):
        return None
    if not clean(ticket.discount_reason):
        raise ReasonMissing
    work.require(Deed.DISCOUNT_MORE)
    approver: int | None = work.session.execute(
        text("SELECT approver_of(:code, :deed)"), {"code": work.approval, "deed": Deed.DISCOUNT_MORE.name}
    ).scalar()
    return approver


def keep(work: Work, sale: Sale, ticket: Ticket, made: Bill, rows: Sequence[SaleLine], approved_by: int | None) -> None:
    """Write everything that came off each line, and why."""
    reason = clean(ticket.discount_reason)
    for place, row in enumerate(rows[: len(made.items)]):
        for position, (kind, percent, amount, coupon) in enumerate(_parts(ticket, made, made.priced, place), start=1):
            given = made.items[place].discount_why if kind == "line" else ""
            work.session.add(
                SaleDiscount(
                    sale_id=sale.id,
                    sale_line_id=row.id,
                    position=position,
                    kind=kind,
                    percent=percent,
                    amount=amount,
                    coupon_id=coupon,
                    reason="" if kind == "coupon" else given or reason,
                    approved_by=None if kind == "coupon" or given else approved_by,
                )
            )
    work.session.flush()


def _parts(
    ticket: Ticket, made: Bill, sums: Priced, place: int
) -> Iterator[tuple[str, Decimal | None, Decimal, int | None]]:
    line, item = sums.lines[place], made.items[place]
    if line.own_discount:
        yield "line", item.discount.percent if item.discount else None, line.own_discount, None
    coupons = {coupon.id: coupon for coupon in made.coupons}
    for key, amount in line.cuts:
        if amount:
            yield "coupon", coupons[int(key)].discount.percent, amount, int(key)
    if line.ticket_discount:
        yield "ticket", ticket.discount.percent if ticket.discount else None, line.ticket_discount, None


@dataclass(frozen=True, kw_only=True)
class SetDiscountLimit(Write):
    """How much a role takes off without a manager."""

    role: Role
    percent: Decimal | None
    """None: any amount."""


@dataclass(frozen=True, kw_only=True)
class ListDiscountLimits:
    """How much each role may take off."""


@dataclass(frozen=True)
class DiscountLimitCard:
    """A role's limit."""

    role: Role
    percent: Decimal | None
    """None: any amount."""


@dataclass(frozen=True)
class DiscountLimits:
    """Every role that takes money, managers without a limit: a discount is theirs to allow."""

    limits: tuple[DiscountLimitCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def set_discount_limit(work: Work, request: SetDiscountLimit) -> DiscountLimits:
    """Set a role's limit, or take it away. Raises BadInput."""
    if request.role not in _LIMITED or Deed.DISCOUNT_MORE in MAY[request.role]:
        able = " and ".join(role.value for role in _LIMITED if Deed.DISCOUNT_MORE not in MAY[role])
        raise BadInput(f"A limit is for those who ask a manager: {able}. Say one of them.", field="role")
    if request.percent is not None and not 0 <= request.percent <= 100:
        raise BadInput("The percent has to be between 0 and 100. Type 10, for example.", field="percent")
    asked = {"role": request.role.value, "percent": request.percent}
    work.session.execute(_DROP if request.percent is None else _SET, asked)
    work.tell("discount_limit.set", 0, **{"role": request.role.value})
    return _limits(work)


_DROP = text("DELETE FROM discount_limits WHERE role = :role")
_SET = text(
    "INSERT INTO discount_limits (role, percent) VALUES (:role, :percent)"
    " ON CONFLICT (business_id, role) DO UPDATE SET percent = excluded.percent"
)


@use_case(Deed.SELL)
def list_discount_limits(work: Work, request: ListDiscountLimits) -> DiscountLimits:
    """How much each role may take off."""
    return _limits(work)


def _limits(work: Work) -> DiscountLimits:
    rows = work.session.execute(text("SELECT role, percent FROM discount_limits"))
    known = {row.role: row.percent for row in rows}
    roles = [role for role in _LIMITED if Deed.DISCOUNT_MORE not in MAY[role]]
    return DiscountLimits(tuple(DiscountLimitCard(role, known.get(role.value)) for role in roles))
