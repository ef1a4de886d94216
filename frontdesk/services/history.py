"""Who did what to one record, before and after (features AD3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case

Kind = Literal[
    "customers", "appointments", "appointment_services", "appointment_cancellations", "sales", "sale_lines",
    "payments", "services", "products", "stylists",
]  # fmt: skip
"""What has a history that everybody may ask for; payroll and secrets have none."""


@dataclass(frozen=True, kw_only=True)
class ShowHistory:
    """One record by the table it lies in."""

    kind: Kind
    id: int


@dataclass(frozen=True)
class Change:
    """What somebody did."""

    at: dt.datetime
    who: str
    terminal: str | None
    action: str
    """`insert`, `update` or `delete`."""
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    """Of an update, the changed columns only."""


@dataclass(frozen=True)
class RecordHistory:
    """A record's story, oldest first."""

    changes: tuple[Change, ...]


@use_case(Deed.SEE_BOOK)
def show_history(work: Work, request: ShowHistory) -> RecordHistory:
    """Who did what to one record, before and after."""
    rows = work.session.execute(_HISTORY, {"table": request.kind, "id": request.id})
    return RecordHistory(tuple(Change(*row) for row in rows))


_HISTORY = text("SELECT at, who, terminal, action, old, new FROM record_history(:table, :id)")
