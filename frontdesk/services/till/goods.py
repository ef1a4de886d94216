"""Everything that can stand on a ticket, in the order in which it stands there."""

from __future__ import annotations

from frontdesk.services.packages import selling_packages, using_sessions
from frontdesk.services.prepaid import selling_accounts, selling_deposits, selling_gift_cards
from frontdesk.services.ticket.items import Goods
from frontdesk.services.till import selling_fees, selling_products, selling_services

GOODS: tuple[Goods, ...] = (
    selling_services.GOODS,
    selling_fees.GOODS,
    selling_products.GOODS,
    selling_packages.GOODS,
    using_sessions.GOODS,
    selling_gift_cards.GOODS,
    selling_deposits.GOODS,
    selling_deposits.TAX_GOODS,
    selling_accounts.GOODS,
)
