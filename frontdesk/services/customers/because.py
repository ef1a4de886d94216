"""Why an entry of a ledger was written: by which sale, line or tender, taking back which other, or in whose words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Because:
    """Where an entry comes from. All of it may be missing."""

    sale_id: int | None = None
    sale_line_id: int | None = None
    payment_id: int | None = None
    corrects_id: int | None = None
    reason: str = ""


NO_MORE = Because()
