"""What every wish about hours is checked for, and whom it holds.

The services that change hours refuse by it, and the setup before it asks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.services.use_case import Work

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class StylistToChange:
    """A stylist whose hours are about to change, held until commit."""

    id: int
    name: str
    resource_id: int


def stylist_to_change(work: Work, stylist_id: int) -> StylistToChange:
    """Hold a stylist's row, so that two managers change one roster one after the other. Raises NotFound."""
    row = work.session.execute(_STYLIST, {"stylist": stylist_id}).one_or_none()
    if row is None:
        raise NotFound(what="stylist", name=stylist_id, remedy="Look at the list of stylists.")
    return StylistToChange(row.id, f"{row.first_name} {row.last_name}".strip(), row.resource_id)


_STYLIST = text("SELECT id, first_name, last_name, resource_id FROM stylists WHERE id = :stylist FOR NO KEY UPDATE")


def shop_of(work: Work, shop_id: int | None) -> int:
    """A shop of this business, this desk's when none is named. Raises NotFound."""
    if shop_id in (None, work.shop.id):
        return work.shop.id
    if work.session.execute(text("SELECT 1 FROM shops WHERE id = :shop"), {"shop": shop_id}).scalar() is None:
        raise NotFound(what="shop", name=shop_id, remedy="Look at the list of shops.")
    return int(shop_id or 0)


def refuse_bad_week(spans: Iterable[tuple[int, dt.time, dt.time]]) -> None:
    """Weekdays from 1 to 7, stretches that end after they start and don't overlap. Raises BadInput."""
    spans = list(spans)
    for weekday in sorted({span[0] for span in spans}):
        refuse_no_weekday(weekday)
        refuse_overlaps([(starts, ends) for its, starts, ends in spans if its == weekday], WEEKDAYS[weekday - 1])


def refuse_overlaps(spans: Sequence[tuple[dt.time, dt.time]], day: str) -> None:
    """Stretches of one day that end after they start and don't overlap. Raises BadInput."""
    for starts, ends in spans:
        refuse_backwards(starts, ends, day)
    for one, other in pairwise(sorted(spans)):
        if other[0] < one[1]:
            raise BadInput(
                f"{day} has {_wall(one)} and {_wall(other)}, which overlap. Make them one, or part them.",
                field="starts",
            )


def refuse_no_weekday(weekday: int) -> None:
    """A weekday from 1 to 7. Raises BadInput."""
    if not 1 <= weekday <= 7:
        raise BadInput(f"There is no weekday {weekday}. 1 is Monday, 7 is Sunday.", field="weekday")


def refuse_backwards(starts: dt.time, ends: dt.time, what: str, field: str = "ends") -> None:
    """A stretch ends after it starts. Raises BadInput."""
    if ends <= starts:
        raise BadInput(
            f"{what} would end at {ends:%H:%M}, before it starts at {starts:%H:%M}. Change one of them.", field=field
        )


def _wall(span: tuple[dt.time, dt.time]) -> str:
    return f"{span[0]:%H:%M}–{span[1]:%H:%M}"
