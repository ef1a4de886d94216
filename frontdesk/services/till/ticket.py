"""The ticket on the counter before it is closed: what it comes to, what can be added, and who has not paid yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.errors import BadInput
from frontdesk.money import percent_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.pricing import NobodyToTip, Reckoned, reckon
from frontdesk.rules.states import Status
from frontdesk.services.book.fees import OpenFee, fees_of
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till import bill
from frontdesk.services.till.bill import Bill, TicketVisit
from frontdesk.services.till.discounts import more_than_allowed
from frontdesk.services.till.offered import OfferedTender, offered
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.text import clean, tokens

_MOST_PRODUCTS = 20


@dataclass(frozen=True, kw_only=True)
class QuoteTicket(Ticket):
    """A ticket to be shown. It may be empty, unpaid, or paid with too much."""


@dataclass(frozen=True)
class QuoteLine:
    """One line of the ticket. Its amount is before discounts."""

    line_id: int | None
    """The visit's line; None for a product."""
    product_id: int | None
    name: str
    stylist_id: int | None
    stylist: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    discount: Decimal
    """Taken off this line alone; the ticket's discount stands among the quote's discounts."""
    already_paid: bool
    """Shown, and not asked for again."""
    appointment_id: int | None = None
    """Whose line it is; None for a product."""
    fee_id: int | None = None
    """Of a fee for a visit that was left late or missed."""
    kind: str = "service"
    """Of sale lines: service, product, fee, gift_card, charge."""
    list_price: Decimal | None = None
    """Of one, where a price class, a typed price or a session's own made another of it."""
    customer_id: int | None = None
    """Whose it is, when one person pays for several."""


@dataclass(frozen=True)
class QuotedTip:
    """Somebody on the ticket who can be tipped, whoever served most first."""

    stylist_id: int
    name: str
    amount: Decimal
    """Their part of the tip."""


@dataclass(frozen=True)
class QuotedTender:
    """One tender as typed: without an amount it has taken the rest."""

    method: str
    amount: Decimal


@dataclass(frozen=True)
class Quote:
    """What a ticket comes to, to the cent that `checkout.check_out` will take."""

    customer: str
    customer_id: int | None
    visits: tuple[TicketVisit, ...]
    lines: tuple[QuoteLine, ...]
    lines_total: Decimal
    """Before discounts, without what is paid already."""
    discounts: tuple[tuple[str, Decimal], ...]
    """What each takes off, as a positive amount."""
    tip: Decimal
    tip_for: str
    """`Anna`, or `Anna and Bo`; empty when there is no tip, or nobody on the ticket to give it to."""
    tips: tuple[QuotedTip, ...]
    taxes_on_top: tuple[tuple[str, Decimal], ...]
    total_due: Decimal
    """With tip."""
    taxes_within: tuple[tuple[str, Decimal], ...]
    tenders: tuple[QuotedTender, ...]
    rest: Decimal
    """Still to be paid."""
    change: Decimal
    """Cash to give back."""
    over: Decimal
    """More than is due from a card: a tip, or a wrong figure. A sale would refuse it."""
    over_by_card: bool
    currency: str
    rounding: Decimal = Decimal(0)
    """What is paid more, or less, because cash has no smaller coins; part of what is due."""
    kept: Decimal = Decimal(0)
    """Change that is kept as a tip; part of the tip."""
    tip_suggestions: tuple[tuple[int, Decimal], ...] = ()
    """Percent of the services, and what that is."""
    tip_base: Decimal = Decimal(0)
    """What the services come to, of which tips are shares."""
    over_limit: str = ""
    """Why a manager has to allow the discounts, with a reason: `more than 10 % off`. Empty when nobody has to."""
    open_fees: tuple[OpenFee, ...] = ()
    """What the customer owes for visits they left late or did not come to, and is not on the ticket yet."""
    offers: tuple[OfferedTender, ...] = ()
    """What the payer has here that could pay: the deposit for the visit, credit."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to pay for."""
        return all(line.already_paid for line in self.lines)

    @property
    def is_settled(self) -> bool:
        """Whether the tenders are exactly enough, change given."""
        return not (self.is_empty or self.rest or self.over)


@use_case(Deed.SELL)
def quote(work: Work, request: QuoteTicket) -> Quote:
    """What a ticket comes to and how far its tenders go. Nothing is refused for being too little or too much.

    Raises NotFound, DiscountTooLarge, TenderNotPositive and BadInput.
    """
    visits = bill.visits_of(work, request, locked=False)
    lines = bill.items_of(work, request)
    made = bill.drawn_up(work, request, [item for item in lines if not item.paid])
    sums, tip = made.priced, bill.tip_of(work, request)
    counter = bill.completed(work, Counter(request, made.items, sums, sums.total + tip))
    found = reckon(counter.due, bill.tenders_of(work, counter), work.shop.currency, made.cash_step)
    tips = _tips(work, request, made, found.kept)
    payer = made.customer_id or bill.payer_of(request, lines)
    payer = payer or next((visit.customer_id for visit in visits if visit.customer_id), None)
    return Quote(
        customer=_name(work, payer, visits),
        customer_id=payer,
        visits=tuple(visits),
        lines=tuple(_lines(lines, made, work.shop.currency)),
        lines_total=sums.subtotal,
        discounts=tuple(_discounts(work, request, made)),
        tip=tip + found.kept,
        tip_for=" and ".join(one.name for one in tips if one.amount),
        tips=tips,
        taxes_on_top=tuple((tax.name, tax.amount) for tax in sums.taxes if not tax.inclusive),
        total_due=counter.due + found.kept + found.rounding,
        taxes_within=tuple((tax.name, tax.amount) for tax in sums.taxes if tax.inclusive),
        tenders=tuple(QuotedTender(method, amount) for method, amount in found.handed_over),
        rest=found.rest,
        change=found.change,
        over=found.over,
        over_by_card=_over_by_card(found),
        currency=work.shop.currency,
        rounding=found.rounding,
        kept=found.kept,
        tip_suggestions=tuple(_suggestions(made, work.shop.currency)),
        tip_base=_of_services(made),
        over_limit=more_than_allowed(work, request, made),
        open_fees=_open_fees(work, request, payer, visits),
        offers=offered(work, counter),
    )


def _of_services(made: Bill) -> Decimal:
    lines = zip(made.items, made.priced.lines, strict=True)
    return sum((line.net for item, line in lines if item.kind == "service"), Decimal(0))


def _suggestions(made: Bill, currency: str) -> Iterator[tuple[int, Decimal]]:
    """Tips are for services, not for products."""
    services = _of_services(made)
    for percent in made.tip_percents if services > 0 else ():
        yield percent, rounded(services * percent / 100, currency)


def _open_fees(work: Work, ticket: Ticket, payer: int | None, visits: Sequence[TicketVisit]) -> tuple[OpenFee, ...]:
    if payer is None and not visits:
        return ()
    found = fees_of(work, customer_id=payer, visit_ids=[visit.id for visit in visits])
    return tuple(fee for fee in found if fee.id not in ticket.fee_ids)


def _over_by_card(found: Reckoned) -> bool:
    return found.over > 0


def _name(work: Work, customer_id: int | None, visits: Sequence[TicketVisit]) -> str:
    asked = {"customer": customer_id, "visits": [visit.id for visit in visits]}
    row = work.session.execute(_NAME, asked).one()
    if customer_id is None and not row.guest_name:
        return ""
    return person(row.first_name, row.last_name, row.code, None if customer_id else row.guest_name)


_NAME = text("""
    SELECT c.first_name, c.last_name, c.code,
           (SELECT min(guest_name) FROM appointments WHERE id = ANY (CAST(:visits AS bigint[])) AND guest_name <> '')
               AS guest_name
      FROM (SELECT CAST(:customer AS bigint) AS id) asked LEFT JOIN customers c ON c.id = asked.id
""")


def _lines(lines: Sequence[Item], made: Bill, currency: str) -> Iterator[QuoteLine]:
    """What is paid already stands where it stood; what comes with the bill, after everything else."""
    prices = iter(zip(made.items, made.priced.lines, strict=True))
    standing = [(item, None) if item.paid else next(prices) for item in lines]
    for item, price in [*standing, *prices]:
        yield QuoteLine(
            item.visit_line_id,
            item.product_id,
            item.name,
            item.stylist_id,
            item.stylist,
            item.quantity,
            item.unit_price,
            price.gross if price else rounded(item.quantity * item.unit_price, currency),
            price.own_discount if price else rounded(Decimal(0), currency),
            item.paid,
            item.appointment_id,
            item.fee_id,
            item.kind,
            item.list_price,
            item.customer_id,
        )


def _discounts(work: Work, ticket: Ticket, made: Bill) -> Iterator[tuple[str, Decimal]]:
    lines = made.priced.lines
    for item, line in zip(made.items, lines, strict=True):
        if item.discount is not None:
            what = item.discount_why or "Discount"
            yield f"{what}{_percent(work, item.discount.percent)}, on {item.name}", line.own_discount
    for coupon in made.coupons:
        whole = sum((amount for line in lines for key, amount in line.cuts if key == coupon.id), Decimal(0))
        yield f"{coupon.name}{_percent(work, coupon.discount.percent)}", rounded(whole, work.shop.currency)
    if ticket.discount is not None:
        whole = sum((line.ticket_discount for line in lines), Decimal(0))
        yield f"Discount{_percent(work, ticket.discount.percent)}", rounded(whole, work.shop.currency)


def _percent(work: Work, percent: Decimal | None) -> str:
    return f" {percent_text(percent, work.shop.locale)}" if percent is not None else ""


def _tips(work: Work, ticket: Ticket, made: Bill, kept: Decimal) -> tuple[QuotedTip, ...]:
    """Everybody who served, and whoever the tip is named for."""
    items = made.items
    try:
        shares = bill.tips_of(work, ticket, items, made.priced, kept)
    except NobodyToTip:
        shares = {}
    served = bill.served(work, items, made.priced)
    names = {item.stylist_id: item.stylist for item in items if item.stylist_id is not None}
    for other in set(shares) - set(names):
        names[other] = work.session.execute(_STYLIST, {"id": other}).scalar() or ""
    nothing = rounded(Decimal(0), work.shop.currency)
    whom = sorted({*served, *shares}, key=lambda one: (-served.get(one, Decimal(0)), one))
    return tuple(QuotedTip(one, names[one], shares.get(one, nothing)) for one in whom)


_STYLIST = text("SELECT first_name FROM stylists WHERE id = :id")


@dataclass(frozen=True, kw_only=True)
class FindProduct:
    """What was scanned or typed: a barcode, a code, or the beginnings of words."""

    text: str


@dataclass(frozen=True)
class ProductFound:
    """Something that can be put on the ticket."""

    id: int
    name: str
    code: str
    barcode: str | None
    brand: str
    price: Decimal
    variant: str = ""
    """Its size or shade, where there are several."""
    on_shelf: int | None = None
    """How many there are; None for what is not counted."""


@dataclass(frozen=True)
class ProductsFound:
    """What could be meant, likeliest first."""

    products: tuple[ProductFound, ...]
    exact: bool
    """A barcode or a code was typed in full: the one product is meant."""


@use_case(Deed.SELL)
def find_product(work: Work, request: FindProduct) -> ProductsFound:
    """Products by barcode, else by code, else by the beginnings of the words of name and brand. Raises BadInput."""
    typed = clean(request.text)
    if not typed:
        raise BadInput("Scan a barcode, or type the beginning of a product's name.", field="text")
    shelf = [ProductFound(*row) for row in work.session.execute(_SHELF)]
    for exact in ([p for p in shelf if p.barcode == typed], [p for p in shelf if p.code.upper() == typed.upper()]):
        if exact:
            return ProductsFound(_counted(work, exact), exact=True)
    wanted = tokens(typed)
    return ProductsFound(_counted(work, [p for p in shelf if _is_called(p, wanted)][:_MOST_PRODUCTS]), exact=False)


def _counted(work: Work, found: Sequence[ProductFound]) -> tuple[ProductFound, ...]:
    """With how many of each lie on the shelf."""
    if not found:
        return ()
    asked = {"shop": work.shop.id, "products": [one.id for one in found]}
    there = {row.id: row.quantity for row in work.session.execute(_ON_SHELF, asked)}
    return tuple(replace(one, on_shelf=there.get(one.id)) for one in found)


_ON_SHELF = text("""
    SELECT p.id, CAST(coalesce(sum(m.quantity), 0) AS bigint) AS quantity
      FROM products p
      LEFT JOIN stock_moves m ON m.product_id = p.id AND m.shop_id = :shop AND m.location_id IS NULL
     WHERE p.id = ANY (CAST(:products AS bigint[])) AND p.is_stocked GROUP BY p.id
""")


def _is_called(product: ProductFound, wanted: Sequence[str]) -> bool:
    words = tokens(f"{product.name} {product.variant} {product.brand} {product.code}")
    return bool(wanted) and all(any(word.startswith(one) for word in words) for one in wanted)


_SHELF = text("SELECT id, name, code, barcode, brand, price, variant FROM products WHERE is_active ORDER BY name, id")


@dataclass(frozen=True, kw_only=True)
class UnpaidVisits:
    """A day; today when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class UnpaidVisit:
    """Somebody who is here or has been, and owes for it."""

    appointment_id: int
    code: str
    customer_id: int | None
    customer: str
    status: Status
    starts_at: dt.datetime
    arrived_at: dt.datetime | None
    services: tuple[str, ...]
    """Those not paid yet."""
    stylists: tuple[str, ...]
    amount: Decimal
    """Before taxes on top and discounts."""


@dataclass(frozen=True)
class Unpaid:
    """Visits of a day that are not paid yet: who is done first, then who is still here, each in order of time."""

    day: dt.date
    visits: tuple[UnpaidVisit, ...]
    currency: str


@use_case(Deed.SELL)
def unpaid_visits(work: Work, request: UnpaidVisits) -> Unpaid:
    """Who has been served, or is being served, and has not paid."""
    day = request.day or work.desk.today
    since, until = day_bounds(day, work.shop.timezone)
    rows = work.session.execute(_UNPAID, {"shop": work.shop.id, "since": since, "until": until})
    visits = tuple(
        UnpaidVisit(
            row.id,
            row.code,
            row.customer_id,
            person(row.first_name, row.last_name, row.customer_code, row.guest_name),
            Status(row.status),
            row.starts_at,
            row.arrived_at,
            tuple(row.services),
            tuple(row.stylists),
            row.amount,
        )
        for row in rows
    )
    return Unpaid(day, visits, work.shop.currency)


_UNPAID = text("""
    SELECT a.id, a.code, a.customer_id, a.guest_name, c.first_name, c.last_name, c.code AS customer_code, a.status,
           a.starts_at, min(l.arrived_at) AS arrived_at, sum(l.price * l.quantity) AS amount,
           array_agg(CAST(l.name AS text) ORDER BY l.position) AS services,
           array_remove(array_agg(DISTINCT CAST(s.first_name AS text)), NULL) AS stylists
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until
       AND a.status IN ('arrived', 'in_service', 'processing', 'completed')
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
       AND NOT EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id)
     GROUP BY a.id, c.id
     ORDER BY a.status <> 'completed', a.starts_at, a.id
""")
