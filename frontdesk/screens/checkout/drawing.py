"""How a ticket looks: its lines left, its sums right, and the list of who has not paid. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Shop
from frontdesk.money import money_text, number_text
from frontdesk.rules.prepayments import code_of
from frontdesk.rules.tender_words import method_words
from frontdesk.services.cards.card_payments import CardCharge
from frontdesk.services.cards.customer_cards import CardOnFile
from frontdesk.services.packages.packages import UsableSession
from frontdesk.services.reports.balances import Balance
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till.checkout import Receipted
from frontdesk.services.till.parked import ParkedCard
from frontdesk.services.till.ticket import Quote, QuoteLine, UnpaidVisit
from frontdesk.text import cell_width, fit, folded, harmless, wrapped
from frontdesk.widgets.plain_table import Column, Row

TICKET_COLUMNS = (Column("Ticket"), Column("By", 8), Column("", 10, right=True))
LIST_COLUMNS = (Column("", 1), Column("", 6), Column("To pay"), Column("", least=16), Column("", 11, right=True))

AMOUNT = 12
"""Cells for an amount beside its label."""


@dataclass(frozen=True)
class Key:
    """What a row of the ticket is."""

    kind: str
    """service, fee, product, package, gift_card, deposit, account, charge or tender."""
    at: int
    """The visit line's or the fee's number; of everything else, its place."""


@dataclass(frozen=True)
class Aside:
    """What belongs to who pays and is not on the ticket: shown beside it, and hidden when somebody may be looking."""

    sessions: Sequence[UsableSession] = ()
    balances: Sequence[Balance] = ()
    cards: Sequence[CardOnFile] = ()

    def card(self, number: int | None) -> str:
        """`Visa …4242`, of a card on file."""
        return next((f"{one.brand} …{one.last4}" for one in self.cards if one.id == number), "Card on file")


_GIFT_CODE = re.compile(r"^Gift card (\w{4}(?:-\w{4}){2})\b", re.MULTILINE)
PACKAGES = ("package", "membership", "bundle")


def ticket_rows(quote: Quote, ticket: Ticket, aside: Aside, shop: Shop) -> Iterator[Row]:
    """The lines of the ticket, then what has been put down."""
    places: Counter[str] = Counter()
    sessions = {one.line_id for one in ticket.sessions}
    for line in quote.lines:
        kind = "package" if line.kind in PACKAGES and line.line_id is None else line.kind
        if line.line_id is not None:
            key = Key("service", line.line_id)
        elif line.fee_id is not None:
            key = Key("fee", line.fee_id)
        else:
            key = Key(kind, places[kind])
            places[kind] += 1
        paid = line.already_paid
        name = f"{line.name}, by session" if line.line_id in sessions else _what(line, shop)
        yield Row(key, (name, line.stylist, "paid" if paid else _number(line.amount, shop)), _muted(paid))
    unsaid = len(quote.tenders) - len(ticket.tenders)  # what the sessions pay stands first, and nobody has put it down
    for index, tender in enumerate(quote.tenders):
        pay = ticket.tenders[index - unsaid] if index >= unsaid else None
        code = code_of(pay.code)[-_END_OF_CODE:] if pay else ""
        said = _PAID.get(tender.method) or f"Paid by {method_words(tender.method).lower()}"
        if code:
            said = f"{method_words(tender.method)} {code}"
        if pay and pay.customer_card_id is not None:
            said = aside.card(pay.customer_card_id) + (", charged" if pay.card_payment_id is not None else "")
        yield Row(Key("tender", index - unsaid), (said, "", _number(-tender.amount, shop)), "fd-done")


_PAID = {"package": "Paid by session", "account": "Put on the account", "transfer": "Paid by transfer"}
_END_OF_CODE = 4


def _what(line: QuoteLine, shop: Shop) -> str:
    name = line.name if line.quantity == 1 else f"{line.quantity} × {line.name}"
    if line.list_price is not None and line.list_price != line.unit_price:
        return f"{name}, list {_number(line.list_price, shop)}"
    return name


def _muted(paid: bool) -> str:
    return "fd-muted" if paid else ""


def list_rows(
    unpaid: Sequence[UnpaidVisit], parked: Sequence[ParkedCard], loose: Sequence[CardCharge], shop: Shop, typed: str
) -> Iterator[Row]:
    """What a card terminal has left open, tickets put aside, then visits to be paid; only those that what is typed can
    mean."""
    for charge in loose:
        who, note = _loose(charge)
        if _meant(typed, who):
            amount = _number(charge.left or charge.amount, shop)
            yield Row(("card", charge.id), ("!", wall(charge.asked_at, shop), who, note, amount), "fd-amber")
    for one in parked:
        if _meant(typed, f"{one.customer} {one.label}"):
            who = one.customer or one.label or "Nobody in particular"
            note = f"put aside {_age(one.minutes)}, {one.parked_by}".removesuffix(", ")
            yield Row(
                ("parked", one.id), ("K", wall(one.parked_at, shop), who, note, _number(one.due, shop)), "fd-amber"
            )
    aside = {code for one in parked for code in one.visits}  # whoever pays them goes on with that ticket
    for visit in unpaid:
        if visit.code in aside:
            continue
        if _meant(typed, f"{visit.customer} {visit.code}"):
            services = ", ".join(visit.services)
            cells = (
                visit.status.letter, wall(visit.starts_at, shop), visit.customer, services,
                _number(visit.amount, shop),
            )  # fmt: skip
            yield Row(("visit", visit.appointment_id), cells)


def _loose(charge: CardCharge) -> tuple[str, str]:
    """What is open about a charge, and what enter does."""
    card = charge.card or "Card"
    if charge.status == "pending":
        what = "Back on card?" if charge.kind == "refund" else "Card charged?"
        return f"{what} No answer", "enter asks again"
    if charge.sale_number is None:
        return f"{card}, on no ticket", "enter gives it back"
    return f"{card}, not given back", "enter gives it back"


def _age(minutes: int) -> str:
    """`12m`, `3h`, `2d`."""
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 24 * 60 else f"{minutes // (24 * 60)}d"


def _meant(typed: str, called: str) -> bool:
    words = folded(called).split()
    return all(any(word.startswith(part) for word in words) for part in folded(typed).split())


def nobody(typed: str) -> str:
    """What an empty list says: how to fill it."""
    if typed.strip():
        return f'Nobody who has to pay is called "{harmless(typed.strip())}". / looks among all customers.'
    return "Everybody has paid. + or a scan sells; p on a visit in the book brings it."


def heading(quote: Quote | None, shop: Shop) -> str:
    """Whose ticket it is, which visits, and since when they are here."""
    said = ["Checkout"]
    if quote is not None:
        said.append(quote.customer or "Nobody in particular")
        codes = " ".join(visit.code for visit in quote.visits)
        if codes:
            said.append(f"visit {codes}" if len(quote.visits) == 1 else f"visits {codes}")
        came = [visit.arrived_at for visit in quote.visits if visit.arrived_at]
        if came:
            said.append(f"arrived {wall(min(came), shop)}")
    return "   ".join(said)


def sums(quote: Quote, ticket: Ticket, aside: Aside | None, shop: Shop, width: int) -> Content:
    """What it comes to, what has been paid, what is left, and what lies ready to pay with; `aside` is None when
    somebody may be looking."""
    said: list[Content] = [_sum("Lines", quote.lines_total, shop, width)]
    for label, amount in quote.discounts:
        said.append(_sum(label, -amount, shop, width))
    if ticket.discount_reason:
        said.append(_note(f"because {ticket.discount_reason}", width))
    if quote.over_limit:
        said.append(_note(f"{quote.over_limit}: a manager's PIN allows it", width, "$fd-amber"))
    for name, amount in quote.taxes_on_top:
        said.append(_sum(name, amount, shop, width))
    if ticket.tax_exempt_reason:
        said.append(_note(f"No tax: {ticket.tax_exempt_reason}", width))
    said += _tips(quote, shop, width)
    if quote.rounding:
        said.append(_sum("Rounding", quote.rounding, shop, width))
    said.append(_row("TO PAY", money_text(quote.total_due, shop.currency, shop.locale), width, "bold $accent"))
    for name, amount in quote.taxes_within:
        said.append(_row(f"{name} within", _number(amount, shop), width, "$fd-muted"))
    if quote.tenders:
        said.append(Content(""))
        said.append(_sum("Paid", sum((one.amount for one in quote.tenders), Decimal(0)), shop, width))
        if quote.rest:
            said.append(_row("Rest", _number(quote.rest, shop), width, "bold $fd-amber"))
    if aside is not None:
        said += _ready(quote, ticket, aside, shop, width)
    return Content("\n").join(said)


def _tips(quote: Quote, shop: Shop, width: int) -> Iterator[Content]:
    given = [one for one in quote.tips if one.amount]
    if quote.tip and not given:
        yield _sum("Tip, for nobody yet", quote.tip, shop, width)
    for one in given:
        yield _sum(f"Tip, {one.name}", one.amount, shop, width)


def _ready(quote: Quote, ticket: Ticket, aside: Aside, shop: Shop, width: int) -> Iterator[Content]:
    """What lies ready to pay with, what they owe, and what else they have here."""
    ready = [_row(f"{one.name}, * uses it", _number(one.amount, shop), width, "$fd-amber") for one in quote.offers]
    used = {one.line_id for one in ticket.sessions}
    free = {one.line_id: one for one in aside.sessions if one.line_id not in used}
    for one in free.values():
        ready.append(_row(f"{one.service}, * by session", f"{one.left} left", width, "$fd-amber"))
    charged = {one.customer_card_id for one in ticket.tenders}
    for card in aside.cards:
        if card.id not in charged and not card.why_not and quote.rest:
            ready.append(_row(f"{aside.card(card.id)}, * charges", "on file", width, "$fd-amber"))
    if quote.open_fees:
        owed = sum((fee.amount for fee in quote.open_fees), Decimal(0))
        ready.append(_row("Owes, + adds it", _number(owed, shop), width, "$fd-amber"))
    offered = {one.method for one in quote.offers}
    for held in aside.balances:
        if held.kind == "account" and held.amount:
            ready.append(_row("Owes on account, + pays", _number(-held.amount, shop), width, "$fd-amber"))
        elif held.kind in ("gift_card", "credit", "points") and held.kind not in offered:
            what = str(held.points) if held.points is not None else _number(held.amount or Decimal(0), shop)
            ready.append(_row(held.name, what, width, "$fd-muted"))
    if ready:
        yield Content("")
        yield from ready


def sold(receipt: Receipted, quote: Quote, shop: Shop, width: int) -> Content:
    """A ticket that is paid."""
    said = [_row("Paid", money_text(receipt.total + receipt.tip, shop.currency, shop.locale), width, "bold")]
    for one in receipt.payments:
        said.append(_row(method_words(one.method), _number(one.handed_over, shop), width, "$fd-muted"))
    for tip in quote.tips:
        if tip.amount:
            said.append(_row(f"Tip, {tip.name}", _number(tip.amount, shop), width, "$fd-muted"))
    said.append(_row("Receipt", str(receipt.number), width, "$fd-muted"))
    if any(line.kind == "gift_card" for line in quote.lines):  # to be written on the card, where nothing prints it
        said += [_row("Gift card", code, width, "bold") for code in _GIFT_CODE.findall(receipt.receipt)]
    if receipt.change:
        said += [Content(""), Content.styled("Give back", "bold $fd-amber")]
    return Content("\n").join(said)


def ahead(quote: Quote, shop: Shop) -> str:
    """What enter would do with the line as it stands; what comes of it first, where a narrow screen still shows it."""
    if quote.over:
        said = [f"{_number(quote.over, shop)} over"]
    elif quote.rest:
        said = [f"rest {_number(quote.rest, shop)}"]
    elif quote.change:
        said = [f"give back {_number(quote.change, shop)}"]
    else:
        said = ["paid in full"]
    said.append(f"to pay {_number(quote.total_due, shop)}")
    if quote.tip:
        said.append(f"tip {_number(quote.tip, shop)} {quote.tip_for}".rstrip())
    said += [f"{method_words(one.method).lower()} {_number(one.amount, shop)}" for one in quote.tenders]
    first, *more = said
    return " · ".join([first[:1].upper() + first[1:], *more])


def _sum(label: str, amount: Decimal, shop: Shop, width: int) -> Content:
    return _row(label, _number(amount, shop), width, "")


def _note(words: str, width: int, style: str = "$fd-muted") -> Content:
    lines = wrapped(harmless(words), width - 2)
    return Content.styled("\n".join(f"  {fit(one, width - 2)}" for one in lines), style)


def _row(label: str, amount: str, width: int, style: str) -> Content:
    """A label, wrapped beside its amount; the amount stands in the first line."""
    room = max(8, width - max(AMOUNT, cell_width(amount) + 1))
    first, *rest = wrapped(harmless(label), room)
    lines = [fit(first, room) + fit(amount, width - room, right=True), *(f"  {fit(one, room - 2)}" for one in rest)]
    return Content.styled("\n".join(lines), style)


def _number(amount: Decimal, shop: Shop) -> str:
    return number_text(amount, shop.currency, shop.locale).replace("-", "−")


def wall(at: dt.datetime, shop: Shop) -> str:
    """`12:58`."""
    return f"{local(at, shop.timezone):%H:%M}"


def big(amount: Decimal, shop: Shop) -> str:
    """An amount for letters three rows high."""
    return number_text(amount, shop.currency, shop.locale)


def page(words: str, width: int) -> str:
    """A page of paper where a screen is a little narrower: what is wide gives spaces away, and no line breaks."""
    return "\n".join(_narrowed(line.rstrip(), width) for line in words.splitlines())


def _narrowed(line: str, width: int) -> str:
    over = cell_width(line) - width
    if over <= 0:
        return line
    if not line.strip("-"):
        return line[:width]
    widest = max(re.findall(" {2,}", line), key=len, default="")
    if len(widest) < over + 1:
        return line
    at = line.rindex(widest)
    return line[:at] + line[at + over :]


def quote_text(quote: Quote, shop: Shop) -> str:
    """A quote as it is printed: 42 columns, and no number of a sale on it."""
    lines = [shop.name, "QUOTE, nothing is sold", quote.customer, ""]
    lines += [
        _plain_row(_what(line, shop), _number(line.amount, shop)) for line in quote.lines if not line.already_paid
    ]
    lines += [_plain_row(label, _number(-amount, shop)) for label, amount in quote.discounts]
    lines += [_plain_row(name, _number(amount, shop)) for name, amount in quote.taxes_on_top]
    if quote.tip:
        lines.append(_plain_row("Tip", _number(quote.tip, shop)))
    lines.append(_plain_row("TO PAY", money_text(quote.total_due, shop.currency, shop.locale)))
    lines += [_plain_row(f"{name} within", _number(amount, shop)) for name, amount in quote.taxes_within]
    return "\n".join(line for line in lines if line or line == "")


def _plain_row(label: str, amount: str, width: int = 42) -> str:
    room = width - max(AMOUNT, cell_width(amount) + 1)
    return fit(harmless(label), room) + fit(amount, width - room, right=True)
