"""The form on which money goes back: which lines or how much, by which tender, where the goods go, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money, rounded
from frontdesk.rules.tender_words import method_words
from frontdesk.screens.base import DeskScreen
from frontdesk.services.till.refunding import (
    GiveBackBy,
    GiveBackLine,
    Refund,
    Refundable,
    RefundableLine,
    Refunded,
    refund,
)
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

AS_PAID = Offer("paid", "as it was paid")
TO_CREDIT = Offer("credit", "as credit")
ON_SHELF, DAMAGED = Offer("shelf", "back on the shelf"), Offer("damaged", "damaged, not for sale")
_PICK = re.compile(r"(?:(\d+)\s*[x×]\s*)?(\d+)")


BY_ITSELF = {
    "credit": "{} is theirs as credit.",
    "gift_card": "{} is on the gift card again.",
    "package": "The session is there again.",
    "points": "{} is theirs in points again.",
    "account": "{} less is owed on the account.",
    "deposit": "The deposit of {} is held again.",
}
"""What went back without anybody handing it over, in a sentence."""


def called(method: str) -> str:
    """`in cash`, `by card`."""
    return "in cash" if method == "cash" else f"by {method_words(method).lower()}"


def refund_form(screen: DeskScreen, left: Refundable) -> Form[Refunded]:
    """What of a receipt goes back. A refusal leaves everything as it was typed; a manager may be asked."""
    shop = screen.desk.shop

    def number(amount: Decimal) -> str:
        return number_text(amount, shop.currency, shop.locale)

    lines = [one for one in left.lines if one.total or one.quantity]
    tenders = [
        Offer(str(one.payment_id), f"{called(one.method)}, {number(one.amount)} at most") for one in left.tenders
    ]
    has_goods = any(one.kind == "product" for one in lines)

    def wish(filled: Filled) -> Refund:
        by = filled.picked["by"]
        if not by:
            raise BadInput("How does it go back? Choose from the list.", field="by")
        picked = picked_lines(filled["lines"], lines)
        amount = parse_money(filled["amount"], shop.currency, shop.locale, "amount") if filled["amount"] else None
        if picked and amount is not None:
            raise BadInput("Type the lines that go back, or an amount of all of them, not both.", field="amount")
        if amount is not None and amount > left.total:
            problem = f"Of receipt {left.called} {number(left.total)} is left. Type that or less."
            raise BadInput(problem, field="amount")
        damaged = has_goods and filled.picked["stock"] == DAMAGED.value
        going = sum(
            (_going(one, asked) for asked in picked for one in lines if one.line_id == asked.line_id), Decimal(0)
        )
        going = rounded(going, shop.currency)
        whole = amount if amount is not None else going if picked else left.total + left.tip
        return Refund(
            sale_id=left.sale_id,
            reason=filled["reason"],
            lines=tuple(GiveBackLine(line_id=one.line_id, quantity=one.quantity, is_damaged=damaged) for one in picked),
            amount=amount,
            is_damaged=damaged and not picked,
            to_credit=by == TO_CREDIT.value,
            tenders=(GiveBackBy(payment_id=int(by), amount=whole),) if by.isdigit() else (),
        )

    async def save(filled: Filled) -> Refunded:
        if not filled["reason"]:
            raise BadInput("Say why in a few words: it stands on the receipt and in the journal.", field="reason")
        return await screen.ask_surely(refund, wish(filled))

    async def preview(filled: Filled) -> str:
        chosen = {one.line_id for one in picked_lines(filled["lines"], lines)} or {one.line_id for one in lines}
        said = [
            f"{'▸' if one.line_id in chosen else ' '} {place}  {_many(one)}{one.name}  {number(one.total)}"
            for place, one in enumerate(lines, start=1)
        ]
        tip = [f"  tip  {number(left.tip)}, goes back with all of it"] if left.tip else []
        return "\n".join([*said, *tip])

    fields = [
        Field("lines", "Lines", hint="all of it; or by number: 1 3, one of two: 1x2"),
        Field("amount", "Or an amount", hint="of all lines; nothing comes back but money"),
        Field("by", "How", value=AS_PAID.label, picked=AS_PAID.value, find=among([AS_PAID, *tenders, TO_CREDIT])),
        *(
            [Field("stock", "Products", value=ON_SHELF.label, picked=ON_SHELF.value, find=among([ON_SHELF, DAMAGED]))]
            if has_goods
            else []
        ),
        Field("reason", "Because", hint="why: not content, wrong shade"),
    ]
    return Form(
        f"Give back of receipt {left.called}, {number(left.total + left.tip)} left", fields, save, preview=preview
    )


def picked_lines(typed: str, lines: Sequence[RefundableLine]) -> list[GiveBackLine]:
    """`1 3` or `1x2`: which lines, and how many of each. Nothing means all. Raises BadInput."""
    if typed.casefold() in ("", "all"):
        return []
    picked: dict[int, GiveBackLine] = {}
    for part in re.split(r"[\s,;]+", re.sub(r"\s*([x×])\s*", r"\1", typed.strip())):
        found = _PICK.fullmatch(part)
        place = int(found[2]) if found else 0
        if found is None or not 1 <= place <= len(lines):
            raise BadInput(f'"{part}" is none of the lines. Type 1 to {len(lines)}, or nothing for all.', field="lines")
        line = lines[place - 1]
        if line.line_id in picked:
            raise BadInput(f"Line {place} is named twice. Name it once.", field="lines")
        many = Decimal(found[1]) if found[1] else None
        if many is not None and many > line.quantity:
            problem = f"Of {line.name} {line.quantity.normalize():f} can come back. Type that or less."
            raise BadInput(problem, field="lines")
        picked[line.line_id] = GiveBackLine(line_id=line.line_id, quantity=many)
    return list(picked.values())


def _going(line: RefundableLine, asked: GiveBackLine) -> Decimal:
    if asked.quantity is None or not line.quantity:
        return line.total
    return line.total * asked.quantity / line.quantity


def _many(line: RefundableLine) -> str:
    return f"{line.quantity.normalize():f} × " if line.quantity != 1 else ""
