"""Every way to pay that the till knows."""

from __future__ import annotations

from frontdesk.rules.pricing import CASH
from frontdesk.services.cards import paying_card
from frontdesk.services.packages import paying_package
from frontdesk.services.points import paying_points
from frontdesk.services.prepaid import (
    paying_account,
    paying_credit,
    paying_deposit,
    paying_gift_card,
    paying_transfer,
    paying_voucher,
)
from frontdesk.services.ticket.tenders import TenderKind

TENDERS: tuple[TenderKind, ...] = (
    TenderKind(CASH),
    paying_card.TENDER,
    paying_package.TENDER,
    paying_points.TENDER,
    paying_gift_card.TENDER,
    paying_credit.TENDER,
    paying_deposit.TENDER,
    paying_account.TENDER,
    paying_voucher.TENDER,
    paying_transfer.TENDER,
)


def tender_kind(method: str) -> TenderKind | None:
    """How this is paid; None when the till does not take it."""
    return next((kind for kind in TENDERS if kind.method == method), None)
