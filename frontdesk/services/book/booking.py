"""Putting a customer in a stylist's chair, and moving them to another (features BK3 to BK16)."""

from __future__ import annotations

from frontdesk.permissions import Deed
from frontdesk.services.book.visit_making import make_visit, move_visit
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import BookAppointment, Booked, BookedLine, BookLine, MoveAppointment
from frontdesk.services.use_case import Work, use_case

__all__ = ["BookAppointment", "BookLine", "Booked", "BookedLine", "MoveAppointment", "book", "move"]


@use_case(Deed.BOOK, before=lay_out_first)
def book(work: Work, request: BookAppointment) -> Booked:
    """Put a customer in a stylist's chair, or refuse and say why.

    Raises StylistTaken, NothingFree, OutsideShift, NoResource, CannotDo, CustomerBusy, InThePast, NotFound; BeingBooked
    and KeptForSomebody for time that is held; AddonUnasked and AddonAlone; BadInput for a length or a price that can't
    be. Holds the customer and every strip concerned.
    """
    return make_visit(work, request)


@use_case(Deed.BOOK, before=lay_out_first)
def move(work: Work, request: MoveAppointment) -> Booked:
    """Put a visit somewhere else in one transaction: no moment exists when both times are free, or neither.

    Raises what `book` raises, WrongStage for a visit that has begun or ended, ChangedMeanwhile; WaitTooLong and
    LinesOverlap when some of its lines would leave the others. Overbooked lines that waited for the freed time get it
    first.
    """
    return move_visit(work, request)
