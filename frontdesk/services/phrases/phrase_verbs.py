"""Typed verbs against the book: whose visit, which stylist, from when until when (features N1). Private to the reading
of lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import text

from frontdesk.clock import TimeRepeated, instant, local
from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase_wishes import Block, Cancel, Free, Line, Move, Swap, When
from frontdesk.services.book.swapping import SwapVisits
from frontdesk.services.menu.menu import Menu
from frontdesk.services.phrases.line_wishes import BlockStylist, CancelVisit, MoveVisit, SwapTwo
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood, asked
from frontdesk.services.phrases.phrase_visits import KnownVisit, visit_of
from frontdesk.services.phrases.phrase_words import Asked
from frontdesk.services.placing.booking_wishes import MoveAppointment
from frontdesk.services.search.visit_search import SOONEST, FindVisit, Search, VisitOffer, WantedLine
from frontdesk.services.team.shop_hours import BlockTime
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, day_and_time, day_words

_LOOK_AHEAD = 30
_SHOWN = 9


def read_move(work: Work, request: ReadPhrase, wish: Move, menu: Menu) -> Understood:
    """`Move Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna → Tue 10 Mar 16:00 with Bo`."""
    visit = visit_of(work, wish.who, wish.of, request.text)
    if isinstance(visit, Asked):
        return Understood(visit)
    zone, to = work.shop.timezone, wish.to
    before = local(visit.starts_at, zone)
    day = to.day or before.date()
    if to.soonest or to.window is not None or to.until is not None:
        return _move_somewhere(work, request, wish, visit)
    at = to.time or before.time()
    try:
        starts_at = instant(day, at, zone, second=to.second)
    except TimeRepeated as refusal:
        return asked(refusal.sentence, _both(request.text))
    return _moved(work, visit, starts_at, wish.stylist, menu)


def _moved(work: Work, visit: KnownVisit, starts_at: dt.datetime, stylist_id: int | None, menu: Menu) -> Understood:
    zone = work.shop.timezone
    stylist = next((each.name for each in menu.stylists if each.id == stylist_id), None)
    if starts_at == visit.starts_at and stylist_id in (None, *{line.stylist_id for line in visit.lines}):
        return asked(f"{visit.words(zone)}: that is where it is. Type another time, day or stylist.")
    there = f"{day_and_time(starts_at, zone)} with {stylist or visit.with_whom}"
    move = MoveAppointment(appointment_id=visit.id, starts_at=starts_at, stylist_id=stylist_id, version=visit.version)
    return Understood(
        customer=visit.customer,
        starts_at=starts_at,
        preview=f"Move {visit.words(zone)} → {there}",
        wish=MoveVisit(move),
    )


def _move_somewhere(work: Work, request: ReadPhrase, wish: Move, visit: KnownVisit) -> Understood:
    """To the first free time, or to one of those within the days and hours that were said."""
    to = wish.to
    first = to.day or work.desk.today
    last = to.until or (first if to.day else first + _LOOK_AHEAD * DAY)
    places = {line.id: place for place, line in enumerate(visit.lines)}
    lines = [
        WantedLine(
            service_id=line.service_id,
            stylist_id=wish.stylist or line.stylist_id,
            addon_of=places.get(line.addon_of or 0),
        )
        for line in visit.lines
    ]
    found = _offers(work, lines, replace(to, day=first, until=last), visit.customer_id)
    if not found:
        return asked(f"Nothing is free for {visit.what} {_days(first, last)}. Type other days.")
    zone = work.shop.timezone
    where = wish.stylist
    options = [
        (
            f"{day_and_time(each.starts_at, zone)} with {each.lines[0].stylist or visit.with_whom}",
            f'move "visit {visit.code}" to {local(each.starts_at, zone):%Y-%m-%d %H:%M}'
            + (f" with {each.lines[0].stylist}" if where else ""),
        )
        for each in found
    ]
    return asked("To what time?", options)


def read_cancel(work: Work, request: ReadPhrase, wish: Cancel) -> Understood:
    """`Cancel Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna`."""
    visit = visit_of(work, wish.who, wish.of, request.text, wish.services)
    if isinstance(visit, Asked):
        return Understood(visit)
    lines = [line for line in visit.lines if not wish.services or line.service_id in wish.services]
    only = replace(visit, lines=tuple(lines))
    some = tuple(line.id for line in lines) if len(lines) < len(visit.lines) else ()
    return Understood(
        customer=visit.customer,
        starts_at=visit.starts_at,
        preview=f"Cancel {only.words(work.shop.timezone)}",
        wish=CancelVisit(visit.id, some, lines[0].id, visit.customer, only.what, visit.starts_at),
    )


def read_swap(work: Work, request: ReadPhrase, wish: Swap) -> Understood:
    """`Swap Jane Doe, Cut, Tue 10 Mar 15:00 with Anna ⇄ Kim Lee, Cut, Tue 10 Mar 16:00 with Bo`."""
    one = visit_of(work, wish.one, wish.of, request.text)
    if isinstance(one, Asked):
        return Understood(one)
    other = visit_of(work, wish.other, wish.of, request.text)
    if isinstance(other, Asked):
        return Understood(other)
    zone = work.shop.timezone
    if one.id == other.id:
        return asked(f"{one.words(zone)}: that is one visit. Type the names of two.")
    swap = SwapVisits(appointment_id=one.id, other_id=other.id, version=one.version, other_version=other.version)
    return Understood(
        customer=one.customer,
        starts_at=other.starts_at,
        preview=f"Swap {one.words(zone)} ⇄ {other.words(zone)}",
        wish=SwapTwo(swap),
    )


def read_free(work: Work, request: ReadPhrase, wish: Free, menu: Menu) -> Understood:
    """What is free, soonest first: each answer is the line that books it but for the name."""
    lines = _wanted_lines(wish.lines, wish.stylist)
    first = max(wish.when.day or work.desk.today, work.desk.today)
    last = wish.when.until or (first if wish.when.day else first + _LOOK_AHEAD * DAY)
    found = _offers(work, lines, replace(wish.when, day=first, until=last), None)
    names = {each.id: each.name for each in menu.services}
    what = "+".join(names[line.service_id] for line in lines)
    if not found:
        return asked(f"Nothing is free for {what} {_days(first, last)}. Type other days.")
    options = [(_said(work, each), _to_book(work, each, what, len(lines))) for each in found]
    return asked(f"Free for {what} {_days(first, last)}:", options)


def _said(work: Work, offer: VisitOffer) -> str:
    zone = work.shop.timezone
    people = dict.fromkeys(line.stylist for line in offer.lines if line.stylist)
    why = [reason for reason in offer.reasons if reason.startswith("fills")][:1]
    when = f"{day_and_time(offer.starts_at, zone)}–{clock_time(offer.ends_at, zone)}"
    return ", ".join([f"{when} with {' and '.join(people)}" if people else when, *why])


def _to_book(work: Work, offer: VisitOffer, what: str, lines: int) -> str:
    """The offer as a line: one stylist behind all of it, or each behind their own."""
    people = {line.stylist for line in offer.lines}
    if len(people) == 1 and (stylist := people.pop()):
        what = f"{what} with {stylist}"
    elif len(offer.lines) == lines:
        what = ", ".join(
            f"{each.service} with {each.stylist}" if each.stylist else each.service for each in offer.lines
        )
    return f"{local(offer.starts_at, work.shop.timezone):%Y-%m-%d %H:%M} {what}"


def read_block(work: Work, request: ReadPhrase, wish: Block) -> Understood:
    """`Keep Anna free Tue 10 Mar 13:00–13:30: lunch`."""
    zone, when = work.shop.timezone, wish.when
    begins = when.time or (when.window.after if when.window else None)
    assert begins is not None  # the grammar asks for it
    day = when.day or request.day or work.desk.today
    starts_at = instant(day, begins, zone, second=when.second)
    if wish.minutes is not None:
        ends_at = starts_at + dt.timedelta(minutes=wish.minutes)
    else:
        assert when.window is not None
        assert when.window.before is not None
        ends_at = instant(day, when.window.before, zone)
    row = work.session.execute(_STRIP, {"stylist": wish.stylist}).one()
    block = BlockTime(resource_id=row.resource_id, starts_at=starts_at, ends_at=ends_at, name=wish.name)
    stretch = f"{day_and_time(starts_at, zone)}–{clock_time(ends_at, zone)}"
    said = f"Keep {row.first_name} free {stretch}" + (f": {wish.name}" if wish.name else "")
    return Understood(
        starts_at=starts_at, ends_at=ends_at, stylist=row.first_name, preview=said, wish=BlockStylist(block)
    )


_STRIP = text("SELECT resource_id, first_name FROM stylists WHERE id = :stylist")


# What several need


def _wanted_lines(lines: tuple[Line, ...], stylist: int | None) -> list[WantedLine]:
    found: list[WantedLine] = []
    for line in lines:
        whom, place = line.stylist or (None if line.anyone else stylist), len(found)
        found.append(WantedLine(service_id=line.service, stylist_id=whom, minutes=line.minutes))
        found += [WantedLine(service_id=addon, stylist_id=whom, addon_of=place) for addon in line.addons]
    return found


def _offers(work: Work, lines: list[WantedLine], when: When, customer_id: int | None) -> list[VisitOffer]:
    search = Search.of(work, lines, customer_id)
    window = when.window
    within = FindVisit(
        lines=tuple(lines),
        not_before=window.after if window else None,
        not_after=window.before if window else None,
    )
    assert when.day is not None
    assert when.until is not None
    return search.offers(search.windows(when.day, when.until + DAY, within), _SHOWN, sort=SOONEST)


def _days(first: dt.date, last: dt.date) -> str:
    return f"on {day_words(first)}" if first == last else f"from {day_words(first)} to {day_words(last)}"


def _both(line: str) -> list[tuple[str, str]]:
    return [(f"the {which}", f"{line} the {which} time") for which in ("first", "second")]
