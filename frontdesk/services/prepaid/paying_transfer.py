"""Bank transfers as a tender: what they pay for is held until they arrive (features 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from frontdesk.services.prepaid import receivables
from frontdesk.services.ticket.tenders import TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale
from frontdesk.text import clean


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    receivables.take(work, sale, payment, "transfer", reference=clean(pay.code))


def _columns(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    return {"code": clean(pay.code) or None}


TENDER = TenderKind("transfer", taken=_taken, given_back=receivables.give_back, columns=_columns)
