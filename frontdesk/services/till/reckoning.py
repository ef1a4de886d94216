"""Why a ticket comes to what it comes to, figure by figure (features N5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.rules.explaining import Explainer, Reason
from frontdesk.rules.pricing import Cut, reckon
from frontdesk.services.ticket import prices
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till import bill
from frontdesk.services.till.bill import Bill
from frontdesk.services.use_case import Work, use_case
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ExplainTicket(Ticket):
    """A ticket, paid or not."""


@dataclass(frozen=True)
class Explained:
    """Every figure in the order of the ticket: its price, what came off, its taxes, then the whole and its tenders."""

    reasons: tuple[Reason, ...]
    currency: str


@use_case(Deed.SELL)
def explain(work: Work, request: ExplainTicket) -> Explained:
    """Why every figure of a quote is what it is. Raises what `ticket.quote` raises."""
    bill.visits_of(work, request, locked=False)
    items = [item for item in bill.items_of(work, request) if not item.paid]
    made = bill.drawn_up(work, request, items)
    tip = bill.tip_of(work, request)
    counter = bill.completed(work, Counter(request, made.items, made.priced, made.priced.total + tip))
    found = reckon(counter.due, bill.tenders_of(work, counter), work.shop.currency, made.cash_step)
    explainer = Explainer(
        made.lines,
        [item.name for item in made.items],
        made.priced,
        work.shop.currency,
        [Cut(one.id, one.discount, one.reaches) for one in made.coupons],
        [one.code for one in made.coupons],
        made.ticket_discount,
        made.tax_rounding == "ticket",
    )
    reasons = [*_prices(work, request, made), *explainer.reasons(), *_tips(work, request, made, explainer, found.kept)]
    said = explainer.sum_of
    if tip or found.kept or found.rounding:
        if found.rounding:
            due = counter.due + found.rounding
            words = f"cash is paid in steps of {made.cash_step.normalize():f}"
            reasons.append(Reason("Rounding", words, said(due, -counter.due), found.rounding))
        parts = [made.priced.total, tip, *(one for one in (found.kept, found.rounding) if one)]
        due = counter.due + found.kept + found.rounding
        reasons.append(Reason("To pay", "total, tip and rounding", said(*parts), due))
    else:
        due = counter.due
    paid = [amount for _, amount in found.payments]
    if paid:
        reasons.append(Reason("Rest", "what is due less what counts", said(due, *(-one for one in paid)), found.rest))
    if found.change:
        handed = sum((given for method, given in found.handed_over if method == "cash"), Decimal(0))
        counts = sum((amount for method, amount in found.payments if method == "cash"), Decimal(0))
        reasons.append(Reason("Change", "cash handed over less what counts", said(handed, -counts), found.change))
    return Explained(tuple(reasons), work.shop.currency)


def _prices(work: Work, ticket: Ticket, made: Bill) -> Iterator[Reason]:
    """Why a line's price is not the list's."""
    percent = prices.percent_off(work, ticket)
    for place, item in enumerate(made.items):
        if item.list_price is None:
            continue
        figure, exempted = f"{item.name}: price", made.exempted.get(place)
        price = item.unit_price if exempted is None else exempted[0]
        if price != item.list_price or exempted is None:
            yield Reason(figure, *_price(item, ticket, percent, price), price)
        if exempted is not None:
            arithmetic = f"{price:f} x 100 / {100 + exempted[1].normalize():f}"
            yield Reason(figure, f"without the tax inside: {made.tax_exempt_reason}", arithmetic, item.unit_price)


def _price(item: Item, ticket: Ticket, percent: Decimal | None, price: Decimal) -> tuple[str, str]:
    if item.voucher_value is not None:
        return "a package's own session price", f"{price:f}"
    if item.typed_price is not None:
        return typed_words(item.list_price, clean(ticket.discount_reason)), f"{price:f}"
    if percent is not None:
        words = f"price class {ticket.price_class_id}, {percent.normalize():f} % off the list's"
        return words, f"{item.list_price:f} x (100 - {percent.normalize():f}) / 100"
    return f"the list says {item.list_price:f}", f"{price:f}"


def typed_words(list_price: Decimal | None, reason: str) -> str:
    """Why a price is what somebody typed."""
    said = f"typed, the list says {list_price:f}" if list_price is not None else "typed"
    return f"{said}, because {reason}" if reason else said


def _tips(work: Work, ticket: Ticket, made: Bill, explainer: Explainer, kept: Decimal) -> Iterator[Reason]:
    tip = bill.tip_of(work, ticket) + kept
    if not tip:
        return
    shares = bill.tips_of(work, ticket, made.items, made.priced, kept)
    served = {who: net for who, net in bill.served(work, made.items, made.priced).items() if who not in ticket.tip_to}
    weights = {who: max(net, Decimal(0)) for who, net in served.items()}
    whole, given = sum(weights.values(), Decimal(0)), sum(ticket.tip_to.values(), Decimal(0))
    names = {item.stylist_id: item.stylist for item in made.items if item.stylist}
    if others := sorted(set(shares) - set(names)):
        names |= {row.id: row.first_name for row in work.session.execute(_STYLISTS, {"stylists": others})}
    for who, amount in shares.items():
        figure = f"Tip for {names[who]}"
        if who in ticket.tip_to or ticket.tip_stylist_id or not whole:
            yield Reason(figure, "as it was said", f"{amount:f}", amount)
            continue
        rest = tip - given
        exact = Fraction(rest) * Fraction(weights[who]) / Fraction(whole)
        arithmetic = f"{rest:f} x {weights[who]:f} / {whole:f}"
        yield Reason(figure, "by what each one's services came to", explainer.shared(arithmetic, exact, amount), amount)


_STYLISTS = text("SELECT id, first_name FROM stylists WHERE id = ANY (CAST(:stylists AS bigint[]))")
