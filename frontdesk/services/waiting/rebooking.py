"""When somebody would come again by their own rhythm, with whom they were last (features N23)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import day_bounds, local
from frontdesk.errors import NotFound, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.rhythm import days_in_rhythm, rhythm
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.search.visit_search import SOONEST, FindVisit, Search, VisitOffer, WantedLine
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.waiting.coming_again import LastVisit, last_visits
from frontdesk.services.wording import day_words, person

_OFFERED = 3


class NoRhythm(Refusal):
    """{customer} has been here on {times} so far, which is no rhythm yet. Say in how many weeks."""


class NothingBefore(Refusal):
    """{customer} has not had anything done here yet. Book them like anybody."""


class NothingInRhythm(Refusal):
    """Nothing is free for {customer} around {day} with whom they were last. Look for a time with anybody."""


@dataclass(frozen=True, kw_only=True)
class ProposeRebooking:
    """When would this customer come again?"""

    customer_id: int | None = None
    appointment_id: int | None = None
    """Or the customer of this visit."""
    weeks: int | None = None
    """Instead of their own rhythm."""


@dataclass(frozen=True)
class Rebooking:
    """The nearest times of the same weekday with the same stylists, the one proposed first."""

    customer_id: int
    customer: str
    every: int
    """Days."""
    last: dt.date
    why: str
    """`every 41 days, so 42 after Tue 10 Mar`."""
    offers: tuple[VisitOffer, ...]


@use_case(Deed.SEE_CUSTOMERS, before=lay_out_first)
def propose_rebooking(work: Work, request: ProposeRebooking) -> Rebooking:
    """The same services with the same stylists, on the same weekday nearest to the customer's own rhythm, nearest to
    the same time of day.

    Raises NotFound, NothingBefore, NoRhythm and NothingInRhythm.
    """
    asked = {"customer": request.customer_id, "visit": request.appointment_id, "now": work.now, "shop": work.shop.id}
    row = work.session.execute(_CUSTOMER, asked).one_or_none()
    if row is None:
        raise NotFound(what="customer", name=request.customer_id or "of that visit", remedy="Look them up first.")
    customer = person(row.first_name, row.last_name, row.code)
    had = last_visits(work, [row.id]).get(row.id)
    if had is None:
        raise NothingBefore(customer=customer)
    every = request.weeks * 7 if request.weeks else rhythm(row.days)
    if every is None:
        times = len(row.days)
        raise NoRhythm(customer=customer, times="one day" if times == 1 else f"{times} days")
    last = had.starts_local.date()
    offers = _offers(work, row.id, had, every)
    if not offers:
        raise NothingInRhythm(customer=customer, day=day_words(last + DAY * every))
    day = local(offers[0].starts_at, work.shop.timezone).date()
    why = f"every {every} days" if not request.weeks else f"in {request.weeks} weeks"
    return Rebooking(row.id, customer, every, last, f"{why}, so {(day - last).days} after {day_words(last)}", offers)


def _offers(work: Work, customer_id: int, had: LastVisit, every: int) -> tuple[VisitOffer, ...]:
    lines = tuple(
        WantedLine(service_id=service, stylist_id=stylist)
        for service, stylist in zip(had.services, had.stylists, strict=True)
    )
    search = Search.of(work, lines, customer_id)
    tomorrow = work.desk.today + DAY
    days = [day for day in days_in_rhythm(had.starts_local.date(), every) if day >= tomorrow]
    if not days:  # somebody who has not been here for long: the first of their weekdays
        days = [
            tomorrow + DAY * ((had.starts_local.isoweekday() - tomorrow.isoweekday()) % 7 + 7 * n) for n in range(3)
        ]
    zone = work.shop.timezone
    whole = int(day_bounds(min(days), zone)[0].timestamp()), int(day_bounds(max(days), zone)[1].timestamp())
    lying, besides = search.gaps(*whole), search.elsewhere([whole])
    wish = FindVisit(lines=lines)
    minute = had.starts_local.hour * 60 + had.starts_local.minute
    found: list[VisitOffer] = []
    for day in days:
        times = search.offers(search.windows(day, day + DAY, wish), 0, sort=SOONEST, gaps=lying, besides=besides)
        found += sorted(times, key=lambda one: (abs(_minute(one, zone) - minute), one.starts_at))[:_OFFERED]
        if len(found) >= _OFFERED:
            break
    return tuple(found[:_OFFERED])


def _minute(offer: VisitOffer, zone: str) -> int:
    wall = local(offer.starts_at, zone)
    return wall.hour * 60 + wall.minute


_CUSTOMER = text("""
    SELECT c.id, c.first_name, c.last_name, c.code,
           (SELECT coalesce(array_agg(DISTINCT CAST(a.starts_local AS date)), '{}') FROM appointments a
             WHERE a.customer_id = c.id AND a.shop_id = :shop AND a.status = 'completed' AND a.starts_at < :now
               AND NOT a.for_guest) AS days
      FROM customers c
     WHERE c.id = coalesce(:customer, (SELECT customer_id FROM appointments WHERE id = :visit)) AND c.is_active
""")
