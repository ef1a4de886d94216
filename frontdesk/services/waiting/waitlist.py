"""Who waits for a time that is not free yet: written down, found again when it is, booked from (features BK20).

What became of a wish is not written beside it: whose visit is taken back waits again by itself, in the old place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import BadInput, NotFound, NothingAsked, NotWaiting, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Fit
from frontdesk.services.book.keeping import release
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import BookAppointment, Booked, BookLine
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.waiting.fitting import first_fits, moment, stylist_names
from frontdesk.services.waiting.who_waits import HowMany, WaitingRow, entry_to_change, how_many_wait, who_waits
from frontdesk.text import clean

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, kw_only=True)
class AddToWaitlist(Write):
    """Somebody who wants a time that is not free."""

    customer_id: int | None = None
    guest_name: str = ""
    """Of somebody without a card."""
    service_ids: tuple[int, ...] = ()
    """One after the other; none for a seat in a class."""
    stylist_id: int | None = None
    """Anybody when it is None."""
    session_id: int | None = None
    """A seat in this class."""
    first_day: dt.date | None = None
    """From today, when nothing is said."""
    last_day: dt.date | None = None
    """Until four weeks later."""
    weekdays: tuple[int, ...] = EVERY_DAY
    """1 for Monday to 7 for Sunday."""
    not_before: dt.time | None = None
    over_by: dt.time | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeWaiting(AddToWaitlist):
    """What somebody on the list wants now, all of it; their place in the order stays."""

    entry_id: int


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waitlist."""

    id: int
    customer_id: int | None
    customer: str
    phone: str | None
    what: str
    """`Cut+Blow-dry`, or a class."""
    service_ids: tuple[int, ...]
    stylist_id: int | None
    stylist: str | None
    """None for anybody."""
    session_id: int | None
    session_starts_at: dt.datetime | None
    seats_left: int | None
    """Of the class they want a seat in."""
    first_day: dt.date
    last_day: dt.date
    weekdays: tuple[int, ...]
    opens: int
    """Minutes after midnight."""
    closes: int
    note: str
    since: dt.datetime
    waits_minutes: int
    """How long they have been waiting."""
    fits_at: dt.datetime | None = None
    """The first free time in the coming two weeks that they could have."""
    fits_until: dt.datetime | None = None
    fits_with: str | None = None
    fits_stylist_id: int | None = None
    offer_id: int | None = None
    """A time is held for them."""
    offered_at: dt.datetime | None = None
    """Which."""
    offered_with: str | None = None
    offer_until: dt.datetime | None = None
    """When the offer lapses by itself."""
    offer_lapsed: bool = False
    """The last time they were offered was not answered."""


@dataclass(frozen=True, kw_only=True)
class ListWaiting:
    """Everybody on the waitlist."""


@dataclass(frozen=True)
class WaitingList:
    """Everybody on the waitlist, in the order of asking."""

    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, kw_only=True)
class LeaveWaitlist(Write):
    """Somebody waits no more."""

    entry_id: int
    reason: str = ""


@dataclass(frozen=True)
class LeftList:
    """Who was taken off."""

    entry_id: int
    customer: str


@dataclass(frozen=True, kw_only=True)
class BookWaiting(Write):
    """Give somebody who waits a time."""

    entry_id: int
    starts_at: dt.datetime
    stylist_id: int | None = None
    """Whom they asked for, else whoever is free, when it is None."""
    overbook_reason: str | None = None
    outside_hours: bool = False


@use_case(Deed.BOOK)
def add_to_waitlist(work: Work, request: AddToWaitlist) -> Waiting:
    """Write down who wants what, with whom, on which days and at which hours. Raises BadInput, NothingAsked,
    NotFound."""
    row = work.session.execute(_ADD, _checked(work, request) | {"now": work.now}).one()
    _put_services(work, row.id, request.service_ids)
    work.tell("waitlist.added", row.id)
    return _one(work, row.id)


@use_case(Deed.BOOK)
def change_waiting(work: Work, request: ChangeWaiting) -> Waiting:
    """What somebody waits for has changed. Raises what adding raises, NotWaiting."""
    values = _checked(work, request)
    entry_to_change(work, request.entry_id)
    work.session.execute(_CHANGE, values | {"entry": request.entry_id})
    work.session.execute(text("DELETE FROM waitlist_services WHERE entry_id = :e"), {"e": request.entry_id})
    _put_services(work, request.entry_id, request.service_ids)
    work.tell("waitlist.changed", request.entry_id)
    return _one(work, request.entry_id)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def list_waiting(work: Work, request: ListWaiting) -> WaitingList:
    """Who waits, how long, and the first free time that each could have."""
    rows = who_waits(work)
    fits = first_fits(work, rows)
    names = stylist_names(work, {fit.stylist_id for fit in fits.values()})
    offers = {row.entry_id: row for row in work.session.execute(_OFFERS, {"entries": [row.id for row in rows]})}
    return WaitingList(tuple(_waiting(work, row, fits.get(row.id), names, offers.get(row.id)) for row in rows))


@dataclass(frozen=True, kw_only=True)
class CountWaiting:
    """How many wait."""


@use_case(Deed.SEE_BOOK)
def count_waiting(work: Work, request: CountWaiting) -> HowMany:
    """How many wait on the waitlist, and how many of today's walk-ins have had no turn yet."""
    return how_many_wait(work)


@use_case(Deed.BOOK)
def leave_waitlist(work: Work, request: LeaveWaitlist) -> LeftList:
    """Take somebody off the list, with the reason; a time that is held for them is free again. Raises ReasonMissing,
    NotWaiting."""
    reason = clean(request.reason)
    if not reason:
        raise ReasonMissing
    row = entry_to_change(work, request.entry_id)
    left = {"entry": row.id, "reason": reason, "now": work.now}
    work.session.execute(_LEAVE, left)
    for key in work.session.execute(_WITHDRAW, left).scalars():
        release(work, key)
    work.tell("waitlist.left", row.id)
    return LeftList(row.id, row.customer)


@use_case(Deed.BOOK, before=lay_out_first)
def book_from_waitlist(work: Work, request: BookWaiting) -> Booked:
    """Give somebody who waits a time: they are booked, and off the list for as long as that visit stands.

    Raises NotWaiting and what booking raises.
    """
    row = entry_to_change(work, request.entry_id)
    return book_entry(work, row, request)


def book_entry(work: Work, row: WaitingRow, request: BookWaiting, *, hold_key: UUID | None = None) -> Booked:
    """The same for a service that has the entry locked, and perhaps the key under which the time is held."""
    if not row.services:
        raise NotWaiting(who=row.customer, why="it is a seat in a class they want", remedy="Seat them in the class.")
    stylist = request.stylist_id or row.stylist_id
    able = _able(work, row, stylist)
    booked = make_visit(
        work,
        BookAppointment(
            customer_id=row.customer_id,
            guest_name="" if row.customer_id is not None else row.customer,
            starts_at=request.starts_at,
            lines=tuple(
                BookLine(
                    service_id=service,
                    stylist_id=stylist if service in able else None,
                    asked_for=row.stylist_id is not None and service in able,
                )
                for service in row.services
            ),
            notes=row.note,
            overbook_reason=request.overbook_reason,
            outside_hours=request.outside_hours,
            hold_key=hold_key,
        ),
    )
    work.session.execute(_TIE, {"entry": row.id, "visit": booked.appointment_id})
    work.tell("waitlist.booked", row.id)
    return booked


def _able(work: Work, row: WaitingRow, stylist_id: int | None) -> set[int]:
    """Which of their services that stylist does; of a single one, booking says so if not."""
    if stylist_id is None:
        return set()
    if len(row.services) == 1:
        return set(row.services)
    needs = wanted(work.session, work.shop.id, row.services)
    return {need.service_id for need in needs if need.by(stylist_id) is not None}


_TIE = text("UPDATE waitlist_entries SET appointment_id = :visit WHERE id = :entry")


def _checked(work: Work, request: AddToWaitlist) -> dict[str, Any]:
    """What is written of a wish. Raises BadInput, NothingAsked, NotFound."""
    guest = clean(request.guest_name)
    if request.customer_id is None and not guest:
        raise BadInput("Say who waits: a customer, or a name.", field="customer")
    if not request.service_ids and request.session_id is None:
        raise NothingAsked
    first = max(request.first_day or work.desk.today, work.desk.today)
    last = request.last_day or first + dt.timedelta(weeks=4)
    if last < first:
        raise BadInput("The last day they could come lies before the first, or is over.", field="last_day")
    days = sorted(set(request.weekdays))
    if not days or not set(days) <= set(EVERY_DAY):
        raise BadInput("Say on which weekdays they could come.", field="weekdays")
    since, until = request.not_before or dt.time(), request.over_by
    if until is not None and until <= since:
        raise BadInput("The hours they could come end before they begin.", field="over_by")
    if request.session_id is not None:
        first = last = _class_day(work, request.session_id)
    _refuse_unknown(work, request)
    return {
        "shop": work.shop.id, "customer": request.customer_id, "guest": "" if request.customer_id else guest,
        "stylist": request.stylist_id, "session": request.session_id, "first": first, "last": last, "weekdays": days,
        "starts": f"{since:%H:%M}", "ends": f"{until:%H:%M}" if until else "24:00", "note": clean(request.note),
    }  # fmt: skip


def _class_day(work: Work, session_id: int) -> dt.date:
    starts: dt.datetime | None = work.session.execute(
        text("SELECT starts_at FROM class_sessions WHERE id = :id AND shop_id = :shop AND NOT is_cancelled"),
        {"id": session_id, "shop": work.shop.id},
    ).scalar()
    if starts is None:
        raise NotFound(what="class", name=session_id, remedy="Look at the list of classes.")
    return day_of(starts, work.shop.timezone)


def _refuse_unknown(work: Work, request: AddToWaitlist) -> None:
    """Rows that are not there would only be told of by the database, in its own words."""
    found = work.session.execute(
        _KNOWN,
        {"customer": request.customer_id, "stylist": request.stylist_id, "services": list(set(request.service_ids))},
    ).one()
    if request.customer_id is not None and not found.customer:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up, or add them first.")
    if request.stylist_id is not None and not found.stylist:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at who works here.")
    if found.services < len(set(request.service_ids)):
        raise NotFound(what="service", name="of that number", remedy="Look at the list of services.")


_KNOWN = text("""
    SELECT EXISTS (SELECT FROM customers WHERE id = :customer) AS customer,
           EXISTS (SELECT FROM stylists WHERE id = :stylist AND is_active) AS stylist,
           (SELECT count(*) FROM services WHERE id = ANY (:services) AND is_active) AS services
""")
_ADD = text("""
    INSERT INTO waitlist_entries (shop_id, customer_id, guest_name, stylist_id, session_id, first_day, last_day,
                                  weekdays, starts, ends, note, created_at)
    VALUES (:shop, :customer, :guest, :stylist, :session, :first, :last, :weekdays, CAST(:starts AS time),
            CAST(:ends AS time), :note, :now)
    RETURNING id
""")
_CHANGE = text("""
    UPDATE waitlist_entries
       SET customer_id = :customer, guest_name = :guest, stylist_id = :stylist, session_id = :session,
           first_day = :first, last_day = :last, weekdays = :weekdays, starts = CAST(:starts AS time),
           ends = CAST(:ends AS time), note = :note
     WHERE id = :entry
""")


def _put_services(work: Work, entry_id: int, service_ids: tuple[int, ...]) -> None:
    work.session.execute(_PUT_SERVICES, {"entry": entry_id, "services": list(service_ids)})


_PUT_SERVICES = text("""
    INSERT INTO waitlist_services (entry_id, position, service_id)
    SELECT :entry, place, service
      FROM unnest(CAST(:services AS bigint[])) WITH ORDINALITY AS asked (service, place)
""")
_LEAVE = text("UPDATE waitlist_entries SET left_at = :now, left_reason = :reason WHERE id = :entry")
_WITHDRAW = text("""
    UPDATE waitlist_offers SET closed_at = :now, closed_as = 'withdrawn'
     WHERE entry_id = :entry AND closed_at IS NULL AND until > :now RETURNING hold_key
""")


def _one(work: Work, entry_id: int) -> Waiting:
    (row,) = who_waits(work, entry_id)
    return _waiting(work, row, None, {}, None)


def _waiting(
    work: Work,
    row: WaitingRow,
    fit: Fit | None,
    names: dict[int, str],
    offer: Any,  # noqa: ANN401  a row of _OFFERS
) -> Waiting:
    is_open = offer is not None and offer.until > work.now
    return Waiting(
        row.id, row.customer_id, row.customer, row.phone, "+".join(row.names), row.services, row.stylist_id,
        row.stylist, row.session_id, row.session_starts_at, row.seats_left, row.first_day, row.last_day, row.weekdays,
        row.opens, row.closes, row.note, row.since, int((work.now - row.since).total_seconds() // 60),
        fits_at=moment(fit.start) if fit else None,
        fits_until=moment(fit.end) if fit else None,
        fits_with=names[fit.stylist_id] if fit else None,
        fits_stylist_id=fit.stylist_id if fit else None,
        offer_id=offer.id if is_open else None,
        offered_at=offer.starts_at if is_open else None,
        offered_with=offer.stylist if is_open else None,
        offer_until=offer.until if is_open else None,
        offer_lapsed=offer is not None and not is_open,
    )  # fmt: skip


# The last offer of each that nobody has answered: it is open, or it has lapsed by itself.
_OFFERS = text("""
    SELECT DISTINCT ON (o.entry_id) o.id, o.entry_id, o.starts_at, o.until, p.first_name AS stylist
      FROM waitlist_offers o JOIN stylists p ON p.id = o.stylist_id
     WHERE o.entry_id = ANY (:entries) AND o.closed_at IS NULL
     ORDER BY o.entry_id, o.id DESC
""")
