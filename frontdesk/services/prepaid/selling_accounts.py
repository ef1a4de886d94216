"""Paying off a house account on a ticket: the oldest debt first (features CO19)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import house_accounts, prepaid
from frontdesk.services.prepaid.house_accounts import OwesLess
from frontdesk.services.ticket.items import BackLine, Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import PayAccount, Ticket
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Sale


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    items = []
    for wish in ticket.accounts:
        account = house_accounts.account_of(work, wish.customer_id)
        amount = amount_of(work, wish.amount, "amount")
        if not amount:
            raise BadInput("Paying nothing clears nothing. Type how much.", field="amount")
        if amount > account.owed:
            raise OwesLess(customer=account.customer, owed=prepaid.money(work, account.owed))
        name = f"Paid on account, {account.customer}"
        items.append(
            Item(
                "account",
                name,
                1,
                amount,
                None,
                wish.customer_id,
                is_discounted=False,
                taxed_as="none",
                wish=wish,
            )
        )
    return items


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    for line in lines:
        wish = line.item.wish
        assert isinstance(wish, PayAccount)
        account = house_accounts.account_of(work, wish.customer_id)
        house_accounts.enter(work, account.id, "paid", -line.row.total, Because(sale.id, line.row.id))


def _given_back(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    """What was paid off is owed again, even where that is over the limit."""
    for line in lines:
        paid = work.session.execute(_PAID, {"line": line.original.id}).one()
        because = Because(sale.id, line.row.id, corrects_id=paid.id)
        house_accounts.enter(work, paid.account_id, "paid", -line.row.total, because)


_PAID = text("""
    SELECT id, account_id FROM account_entries WHERE sale_line_id = :line AND kind = 'paid' AND corrects_id IS NULL
""")

GOODS = Goods(("account",), _items_of, _sold, _given_back)
