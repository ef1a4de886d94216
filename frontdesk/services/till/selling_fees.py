"""Fees for late cancellations and no-shows on a ticket (features BK26)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.errors import AlreadyPaid, NotFound
from frontdesk.services.book.fees import fees_of
from frontdesk.services.ticket.items import BackLine, Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Sale


def lock(work: Work, ticket: Ticket) -> None:
    """Hold the ticket's fees for the rest of the transaction, so that no other till takes them too."""
    if ticket.fee_ids:
        work.session.execute(_LOCK_FEES, {"fees": sorted(set(ticket.fee_ids))}).all()


_LOCK_FEES = text("SELECT id FROM appointment_fees WHERE id = ANY (:fees) ORDER BY id FOR UPDATE")


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    wanted = sorted(set(ticket.fee_ids))
    if not wanted:
        return []
    open_ones = {fee.id: fee for fee in fees_of(work, fee_ids=wanted)}
    for fee_id in wanted:
        if fee_id not in open_ones:
            paid = text("SELECT true FROM appointment_fees WHERE id = :id AND sale_line_id IS NOT NULL")
            if work.session.execute(paid, {"id": fee_id}).scalar():
                raise AlreadyPaid
            raise NotFound(what="open fee", name=fee_id, remedy="It may have been taken back: look at the ticket.")
    return [
        Item("fee", open_ones[one].name, 1, open_ones[one].amount, None, open_ones[one].customer_id, fee_id=one)
        for one in wanted
    ]


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    for line in lines:
        work.session.execute(_PAID, {"fee": line.item.fee_id, "line": line.row.id})


_PAID = text("UPDATE appointment_fees SET sale_line_id = :line WHERE id = :fee")


def _given_back(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    """What was voided was never paid; what was refunded is paid, and forgiven."""
    if sale.kind == "void":
        work.session.execute(_OPEN_AGAIN, {"lines": [line.original.id for line in lines]})


_OPEN_AGAIN = text("UPDATE appointment_fees SET sale_line_id = NULL WHERE sale_line_id = ANY (:lines)")

GOODS = Goods(("fee",), _items_of, _sold, _given_back)
