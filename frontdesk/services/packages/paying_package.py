"""Packages as a tender: the sessions on the ticket pay for their lines, exactly and whether or not it is said (CO9).

Their use is written with their lines; at commit both come to the same (`package_entries_pay_their_lines`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import plain, rounded, split
from frontdesk.rules.pricing import TaxAmount
from frontdesk.services.packages.using_sessions import SessionUsed
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work

METHOD = "package"


def covered(counter: Counter) -> Decimal:
    """What the sessions on the ticket pay for: their lines, without tax that comes on top."""
    lines = zip(counter.items, counter.priced.lines, strict=True)
    return sum(
        (min(line.total, item.wish.value) for item, line in lines if isinstance(item.wish, SessionUsed)), Decimal(0)
    )


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal:
    whole = rounded(covered(counter), work.shop.currency)
    if not whole:
        raise BadInput(
            "No session of a package is used on this ticket. Choose one for a service first.", field="tenders"
        )
    if pay.amount not in (None, whole):
        raise BadInput(
            f"The sessions on this ticket pay {plain(whole, work.shop.currency)}, neither more nor less.",
            field="tenders",
        )
    return whole


def _completed(work: Work, counter: Counter, tenders: Sequence[Pay]) -> tuple[Pay, ...]:
    """The sessions pay first, whether it was said or not."""
    whole = rounded(covered(counter), work.shop.currency)
    said = [place for place, pay in enumerate(tenders) if pay.method == METHOD]
    if not whole or len(said) > 1:
        return tuple(tenders)
    mine = Pay(method=METHOD, amount=whole)
    if not said:
        return (mine, *tenders)
    return tuple(mine if place in said and pay.amount is None else pay for place, pay in enumerate(tenders))


def _lines(work: Work, counter: Counter, pay: Pay, amount: Decimal) -> list[Item]:
    """What was taxed when the package was sold is not taxed again: its tax comes out, one line for each session."""
    if counter.ticket.tax_exempt_reason:
        return []
    found = []
    for item, line in zip(counter.items, counter.priced.lines, strict=True):
        used = item.wish
        taxes = [tax for tax in line.taxes if tax.inclusive and tax.amount]
        if isinstance(used, SessionUsed) and used.tax and taxes:
            found.append(
                Item(
                    "prepaid_tax", f"Tax paid with {used.name}", 1, Decimal(0), None, item.customer_id,
                    service_id=item.service_id, is_discounted=False, taxed_as="none",
                    fixed_taxes=_taken_out(work, used, taxes),
                )
            )  # fmt: skip
    return found


def _taken_out(work: Work, used: SessionUsed, taxes: Sequence[TaxAmount]) -> tuple[TaxAmount, ...]:
    currency = work.shop.currency
    shares = split(used.tax, [tax.amount for tax in taxes], currency)
    bare = used.value - used.tax
    return tuple(
        TaxAmount(tax.tax_id, tax.name, tax.percent, True, -bare, -share)
        for tax, share in zip(taxes, shares, strict=True)
        if share
    )


TENDER = TenderKind(METHOD, most=_most, lines=_lines, completed=_completed)
