"""What a typed line wishes, found in the book: visits by their numbers, stylists by theirs (features N1).

The screen shows the preview, and on enter hands the request that the wish carries to its service.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from frontdesk.services.book.late_customers import ProposeCustomerLate
from frontdesk.services.book.reshuffling import ProposeLate, ProposeSick
from frontdesk.services.book.swapping import SwapVisits
from frontdesk.services.placing.booking_wishes import BookAppointment, MoveAppointment
from frontdesk.services.series.series_wishes import PlanSeries
from frontdesk.services.team.shop_hours import BlockTime
from frontdesk.services.waiting.waitlist import AddToWaitlist, BookWaiting
from frontdesk.services.waiting.walk_ins import JoinQueue


@dataclass(frozen=True)
class BookVisit:
    """A visit."""

    request: BookAppointment


@dataclass(frozen=True)
class BookAgain:
    """A visit that comes again and again: first its dates are looked at."""

    request: PlanSeries


@dataclass(frozen=True)
class MoveVisit:
    """A visit elsewhere."""

    request: MoveAppointment


@dataclass(frozen=True)
class CancelVisit:
    """A visit that will not be, or one line of it: why and for what fee is asked then."""

    appointment_id: int
    line_ids: tuple[int, ...]
    """Some of its lines; all of them when it is empty."""
    line_id: int
    """The first of those."""
    customer: str
    services: str
    starts_at: dt.datetime


@dataclass(frozen=True)
class SwapTwo:
    """Two visits in each other's place."""

    request: SwapVisits


@dataclass(frozen=True)
class WaitFor:
    """Somebody for the waitlist."""

    request: AddToWaitlist


@dataclass(frozen=True)
class BookFromList:
    """Somebody of the waitlist, into a time that is free."""

    request: BookWaiting


@dataclass(frozen=True)
class Join:
    """Somebody who walked in."""

    request: JoinQueue


@dataclass(frozen=True)
class BeIll:
    """Somebody who is not there: each day has a proposal for its visits."""

    stylist: str
    days: tuple[ProposeSick, ...]


@dataclass(frozen=True)
class ComeLate:
    """A stylist who comes late: a proposal for the visits of today."""

    request: ProposeLate


@dataclass(frozen=True)
class CustomerLate:
    """A customer who comes late: first one chooses what is done about it."""

    request: ProposeCustomerLate
    starts_at: dt.datetime


@dataclass(frozen=True)
class BlockStylist:
    """Time that is kept free."""

    request: BlockTime


@dataclass(frozen=True)
class StepOf:
    """A visit's next step, as its keys do it."""

    what: str
    """confirm, arrive, start, finish, no-show or pay."""
    appointment_id: int
    line_id: int
    """The first of its lines."""
    customer: str
    services: str
    starts_at: dt.datetime


@dataclass(frozen=True)
class GoVisit:
    """A visit to look at."""

    appointment_id: int
    starts_at: dt.datetime


@dataclass(frozen=True)
class GoDay:
    """A day to look at."""

    day: dt.date


@dataclass(frozen=True)
class TakeBack:
    """The last action, taken back or done after all."""

    again: bool = False


LineWish = (
    BookVisit | BookAgain | MoveVisit | CancelVisit | SwapTwo | WaitFor | BookFromList | Join | BeIll | ComeLate
    | CustomerLate | BlockStylist | StepOf | GoVisit | GoDay | TakeBack
)  # fmt: skip
