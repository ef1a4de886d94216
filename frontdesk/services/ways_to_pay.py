"""Every way to pay that the till knows."""

from __future__ import annotations

from frontdesk.rules.pricing import CARD, CASH
from frontdesk.services import paying_package
from frontdesk.services.tenders import TenderKind

TENDERS: tuple[TenderKind, ...] = (
    TenderKind(CASH),
    TenderKind(CARD),
    paying_package.TENDER,
)


def tender_kind(method: str) -> TenderKind | None:
    """How this is paid; None when the till does not take it."""
    return next((kind for kind in TENDERS if kind.method == method), None)
