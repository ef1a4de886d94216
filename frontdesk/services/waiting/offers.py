"""A free time offered to somebody who waits: held for them until they answer, for so many minutes (features BK21).

Nobody has to end an offer: past its time it has lapsed, whoever looks next finds the time free and the next name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import (
    AlreadyOffered,
    InThePast,
    NotFound,
    NotWaiting,
    OfferAnswered,
    OfferLapsed,
    OfferTaken,
    Refusal,
)
from frontdesk.permissions import Deed
from frontdesk.rules.fitting import Way, holding
from frontdesk.rules.hours import DAY
from frontdesk.services.book.keeping import keep, release
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.booking_wishes import Booked
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.waiting.fitting import (
    Fitting,
    first_fits,
    fits_of,
    gaps_between,
    moment,
    stylist_names,
    ways_of,
)
from frontdesk.services.waiting.waitlist import BookWaiting, book_entry
from frontdesk.services.waiting.who_waits import WaitingRow, entry_to_change
from frontdesk.services.wording import clock_time, day_and_time, person


@dataclass(frozen=True, kw_only=True)
class OfferTime(Write):
    """Hold a time for somebody who waits, and ask them."""

    entry_id: int
    starts_at: dt.datetime
    stylist_id: int | None = None
    """Whom they asked for, else whoever is free, when it is None."""


@dataclass(frozen=True, kw_only=True)
class AnswerOffer(Write):
    """What they said, or that it is not meant any more."""

    offer_id: int


@dataclass(frozen=True)
class Offer:
    """A time that is or was offered."""

    id: int
    entry_id: int
    customer: str
    phone: str | None
    what: str
    stylist_id: int
    stylist: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    until: dt.datetime
    """When it lapses by itself."""
    is_open: bool
    seconds_left: int
    next: Fitting | None = None
    """Of a time that nobody took: who could be asked after them."""


@dataclass(frozen=True, kw_only=True)
class ListOffers:
    """What is being offered."""


@dataclass(frozen=True)
class Offers:
    """Open offers first, the soonest to lapse first; then those that lapsed while their time is still to come."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Answered:
    """An offer that is over, and whom to ask next."""

    offer: Offer
    next: Fitting | None


@use_case(Deed.BOOK, before=lay_out_first)
def offer_time(work: Work, request: OfferTime) -> Offer:
    """Hold a time for somebody who waits, until they answer or the shop's minutes for an offer are over.

    No other terminal can book it meanwhile. Raises NotWaiting, AlreadyOffered, InThePast, OfferTaken with what is free
    for them instead.
    """
    row = entry_to_change(work, request.entry_id)
    starts_at = whole_minute(request.starts_at)
    zone = work.shop.timezone
    if starts_at <= work.now:
        raise InThePast(time=day_and_time(starts_at, zone))
    if not row.services:
        raise NotWaiting(who=row.customer, why="it is a seat in a class they want", remedy="Seat them in the class.")
    _refuse_offered(work, row)
    way = _way(work, row, request.stylist_id, starts_at)
    if way is None:
        raise _taken(work, row, starts_at, "nobody who could do it is free then")
    name = stylist_names(work, [way.stylist_id])[way.stylist_id]
    until = min(work.now + dt.timedelta(minutes=rules_of(work).offer_minutes), starts_at)
    key = uuid4()
    lead = way.needs[0]
    stretches = [
        (starts_at + dt.timedelta(seconds=s.offset), starts_at + dt.timedelta(seconds=s.offset + s.length))
        for s in lead.spans
    ]
    in_the_way = keep(work, lead.resources[0], stretches, key, until, stylist=name, aloud=False)
    if in_the_way:
        raise _taken(work, row, starts_at, in_the_way)
    made = work.session.execute(
        _OFFER,
        {
            "entry": row.id, "stylist": way.stylist_id, "starts": starts_at, "key": key, "until": until,
            "ends": starts_at + dt.timedelta(seconds=way.told_seconds), "now": work.now,
        },
    ).scalar_one()  # fmt: skip
    work.tell("waitlist.offered", row.id, offer=made)
    return _offer(work, _read(work, made))


@use_case(Deed.BOOK, before=lay_out_first)
def take_offer(work: Work, request: AnswerOffer) -> Booked:
    """They want it: the time that was held for them becomes their visit.

    Raises OfferLapsed with what to do when they answer too late, OfferAnswered, NotWaiting, CustomerBusy.
    """
    asked, row = _open(work, request.offer_id)
    booked = book_entry(
        work,
        row,
        BookWaiting(entry_id=row.id, starts_at=asked.starts_at, stylist_id=asked.stylist_id),
        hold_key=asked.hold_key,
    )
    work.session.execute(_CLOSE, {"id": asked.id, "now": work.now, "as": "taken"})
    return booked


@use_case(Deed.BOOK, before=lay_out_first)
def decline_offer(work: Work, request: AnswerOffer) -> Answered:
    """They do not want it: the time is free again, and the next name is answered. Raises OfferLapsed, OfferAnswered."""
    return _close(work, request.offer_id, "declined")


@use_case(Deed.BOOK, before=lay_out_first)
def withdraw_offer(work: Work, request: AnswerOffer) -> Answered:
    """The shop takes an offer back; the time is free again. Raises OfferLapsed, OfferAnswered."""
    return _close(work, request.offer_id, "withdrawn")


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def list_offers(work: Work, request: ListOffers) -> Offers:
    """What is being offered, with the time that is left; and what nobody answered, with the next name."""
    rows = work.session.execute(_STANDING, {"shop": work.shop.id, "now": work.now}).all()
    open_ones = [_offer(work, row) for row in rows if row.until > work.now]
    lapsed = [_offer(work, row, _next(work, row)) for row in rows if row.until <= work.now]
    return Offers((*sorted(open_ones, key=lambda one: one.until), *(one for one in lapsed if one.next is not None)))


def _close(work: Work, offer_id: int, answer: str) -> Answered:
    asked, _ = _open(work, offer_id)
    work.session.execute(_CLOSE, {"id": asked.id, "now": work.now, "as": answer})
    release(work, asked.hold_key)
    work.tell(f"waitlist.{answer}", asked.entry_id, offer=asked.id)
    return Answered(_offer(work, asked), _next(work, asked))


def _open(work: Work, offer_id: int) -> tuple[Any, WaitingRow]:
    """An offer that can still be answered, and whose it is; both are this terminal's until commit.

    The entry is locked before the offer, as everywhere.
    """
    asked = _read(work, offer_id)
    if asked.closed_as is not None:
        raise OfferAnswered(
            time=_when(work, asked), who=_who(asked), answer=asked.closed_as, remedy="Look at the waitlist."
        )
    row = entry_to_change(work, asked.entry_id)
    work.session.execute(_LOCK, {"id": offer_id})
    asked = _read(work, offer_id)
    if asked.closed_as is not None:
        raise OfferAnswered(
            time=_when(work, asked), who=_who(asked), answer=asked.closed_as, remedy="Look at the waitlist."
        )
    if asked.until <= work.now:
        at = clock_time(asked.until, work.shop.timezone)
        raise OfferLapsed(time=_when(work, asked), who=_who(asked), at=at, remedy=_instead(work, row, asked))
    return asked, row


def _instead(work: Work, row: WaitingRow, asked: Any) -> str:  # noqa: ANN401  a row of _READ
    """What to do when somebody answers too late: the time may still be there."""
    if asked.starts_at > work.now and _way(work, row, asked.stylist_id, asked.starts_at) is not None:
        return "It is still free: book it from the list, or offer it again."
    return f"It is gone. {_free_for(work, row)}"


def _free_for(work: Work, row: WaitingRow) -> str:
    fit = first_fits(work, [row]).get(row.id)
    if fit is None:
        return f"Nothing that {row.customer} waits for is free in the next two weeks."
    name = stylist_names(work, [fit.stylist_id])[fit.stylist_id]
    return f"Free for them next: {day_and_time(moment(fit.start), work.shop.timezone)} with {name}."


def _taken(work: Work, row: WaitingRow, starts_at: dt.datetime, why: str) -> Refusal:
    time = day_and_time(starts_at, work.shop.timezone)
    return OfferTaken(time=time, why=why, instead=_free_for(work, row))


def _way(work: Work, row: WaitingRow, stylist_id: int | None, starts_at: dt.datetime) -> Way | None:
    """The first way to serve them from that moment on in which everybody and everything is free."""
    (ways,) = ways_of(work, [(row.services, stylist_id or row.stylist_id)])
    day = day_of(starts_at, work.shop.timezone)
    gaps = gaps_between(work, [ways], day, day + DAY)
    start = int(starts_at.timestamp())
    return next((way for way in ways if holding(way, gaps, start) is not None), None)


def _refuse_offered(work: Work, row: WaitingRow) -> None:
    open_one = work.session.execute(_OPEN_OF, {"entry": row.id, "now": work.now}).first()
    if open_one is not None:
        zone = work.shop.timezone
        raise AlreadyOffered(
            who=row.customer, time=day_and_time(open_one.starts_at, zone), until=clock_time(open_one.until, zone)
        )


def _next(work: Work, asked: Any) -> Fitting | None:  # noqa: ANN401  a row of _READ
    """Who could be asked next about a time: the first who fits and was not asked about it yet."""
    if asked.starts_at <= work.now:
        return None
    day = day_of(asked.starts_at, work.shop.timezone)
    been_asked = set(work.session.execute(_ASKED, {"stylist": asked.stylist_id, "starts": asked.starts_at}).scalars())
    fits = fits_of(work, day, [(asked.stylist_id, asked.starts_at, asked.ends_at)], beginning=True)
    return next((fit for fit in fits if fit.entry_id not in been_asked), None)


def _offer(work: Work, row: Any, after: Fitting | None = None) -> Offer:  # noqa: ANN401  a row of _READ
    is_open = row.closed_as is None and row.until > work.now
    return Offer(
        row.id, row.entry_id, _who(row), row.phone, "+".join(row.names or ()), row.stylist_id, row.stylist,
        row.starts_at, row.ends_at, row.until, is_open,
        int((row.until - work.now).total_seconds()) if is_open else 0, after,
    )  # fmt: skip


def _who(row: Any) -> str:  # noqa: ANN401  a row of _READ
    return person(row.first_name, row.last_name, row.code, row.guest_name)


def _when(work: Work, row: Any) -> str:  # noqa: ANN401  a row of _READ
    return day_and_time(row.starts_at, work.shop.timezone)


def _read(work: Work, offer_id: int) -> Any:  # noqa: ANN401  a row of _READ
    row = work.session.execute(_READ, {"id": offer_id, "shop": work.shop.id}).one_or_none()
    if row is None:
        raise NotFound(what="offer", name=offer_id, remedy="Look at the waitlist.")
    return row


_COLUMNS = """
    SELECT o.id, o.entry_id, o.stylist_id, o.starts_at, o.ends_at, o.hold_key, o.until, o.closed_as, e.guest_name,
           c.first_name, c.last_name, c.code, c.phone, p.first_name AS stylist,
           (SELECT array_agg(CAST(v.name AS text) ORDER BY w.position) FROM waitlist_services w
              JOIN services v ON v.id = w.service_id WHERE w.entry_id = e.id) AS names
      FROM waitlist_offers o JOIN waitlist_entries e ON e.id = o.entry_id JOIN stylists p ON p.id = o.stylist_id
      LEFT JOIN customers c ON c.id = e.customer_id
"""
_READ = text(f"{_COLUMNS} WHERE o.id = :id AND e.shop_id = :shop")
_LOCK = text("SELECT id FROM waitlist_offers WHERE id = :id FOR UPDATE")
_OPEN_OF = text("""
    SELECT starts_at, until FROM waitlist_offers WHERE entry_id = :entry AND closed_at IS NULL AND until > :now
""")
# Not answered, and the time itself is still to come; of a time that was offered on, only the last offer stands.
_STANDING = text(f"""{_COLUMNS}
     WHERE e.shop_id = :shop AND o.closed_at IS NULL AND o.starts_at > :now
       AND NOT EXISTS (SELECT FROM waitlist_offers n WHERE n.stylist_id = o.stylist_id AND n.id > o.id
                          AND n.starts_at < o.ends_at AND n.ends_at > o.starts_at)
     ORDER BY o.until, o.id
""")
_ASKED = text("SELECT entry_id FROM waitlist_offers WHERE stylist_id = :stylist AND starts_at = :starts")
_OFFER = text("""
    INSERT INTO waitlist_offers (entry_id, stylist_id, starts_at, ends_at, hold_key, until, at)
    VALUES (:entry, :stylist, :starts, :ends, :key, :until, :now) RETURNING id
""")
_CLOSE = text("UPDATE waitlist_offers SET closed_at = :now, closed_as = :as WHERE id = :id")
