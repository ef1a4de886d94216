"""Short ways of saying what tests say often: times in March 2026, a booking, a refusal."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, book

JANE, KIM, OLA = 1, 2, 3
ANNA, BO = 1, 2
CUT, BLOW_DRY, COLOUR, MASSAGE = 1, 2, 3, 4
ELM_CUSTOMER, ELM_SERVICE = 4, 5
"""The other business's."""


def march(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment in London before the clocks go forward: wall time is UTC."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=dt.UTC)


def booked(
    desk: Desk,
    customer: int | None,
    starts_at: dt.datetime,
    *lines: tuple[int, int | None],
    overbook_reason: str | None = None,
    outside_hours: bool = False,
    in_past: bool = False,
) -> Booked:
    """A visit in the book: services with stylists, a cut with Anna when nothing is said."""
    return book(
        desk,
        BookAppointment(
            customer_id=customer,
            starts_at=starts_at,
            lines=tuple(BookLine(service_id=s, stylist_id=p) for s, p in lines or ((CUT, ANNA),)),
            overbook_reason=overbook_reason,
            outside_hours=outside_hours,
            in_past=in_past,
        ),
    )
