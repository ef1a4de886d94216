"""The type-to-book line against the real book: who is meant, whether it is free, and what it will cost (features BK3).

Reading changes nothing. A line that can be booked comes back with the request that books it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.clock import instant, local
from frontdesk.money import plain
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase import Named, Phrase, Question, Vocabulary, understand
from frontdesk.services.availability import FreeTime, free_between, lay_out_first
from frontdesk.services.booking import BookAppointment, BookLine
from frontdesk.services.candidates import Wanted, wanted
from frontdesk.services.customer_search import Found, find_by_number, find_by_words
from frontdesk.services.menu import Menu, menu
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import clock_time, day_and_time, day_words

_ANSWERS = 9
"""As many as there are digits to press."""


@dataclass(frozen=True, kw_only=True)
class ReadPhrase:
    """A line as it was typed: `jane cut tue 3pm anna`."""

    text: str
    day: dt.date | None = None
    """The day that is looked at: it is meant when the line names none."""
    as_guest: bool = False
    """Whoever is not known is booked by their name alone, without a card."""


@dataclass(frozen=True)
class Asked:
    """The one thing that is not clear, and the answers: a label and the whole line as it would then read."""

    text: str
    options: tuple[tuple[str, str], ...] = ()
    unknown: str = ""
    """The name that nobody has: they can be added, or booked as a guest."""


@dataclass(frozen=True)
class _Guest:
    """Somebody without a card."""

    name: str
    id: None = None
    phone: None = None
    preferred_stylist_id: None = None


@dataclass(frozen=True)
class Understood:
    """What a line means, or the one question it leaves."""

    question: Asked | None = None
    customer: str = ""
    services: tuple[str, ...] = ()
    stylist: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    price: Decimal | None = None
    preview: str = ""
    """`Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00`."""
    warning: str | None = None
    """Why it would be refused as it stands."""
    request: BookAppointment | None = None


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def read_phrase(work: Work, request: ReadPhrase) -> Understood:
    """What a typed line would book. Raises TimeSkipped, TimeRepeated and NotFound for times and things that are not."""
    menu_ = menu(work.session)
    now = local(work.now, work.shop.timezone)
    read = understand(
        request.text,
        _vocabulary(menu_),
        today=now.date(),
        now=now.time(),
        day_first=work.shop.country not in ("US", "CA"),
    )
    if isinstance(read, Question):
        return Understood(Asked(read.text, read.options[:_ANSWERS]))
    customer = _who(work, read.who, request)
    if isinstance(customer, Asked):
        return Understood(customer)
    if not read.services:
        options = [(f"{s.name} {s.minutes}m {s.price}", f"{request.text} {s.name}") for s in menu_.services]
        return Understood(Asked("Which service?", tuple(options[:_ANSWERS])))
    needs = wanted(work.session, work.shop.id, read.services)
    stylist_id = read.stylist or _preferred(customer, needs)
    today = now.date()
    day = read.day or (request.day if request.day and request.day > today else None)
    day = day or (today if read.time is None or read.time > now.time() else today + DAY)
    if read.time is None:
        return _soonest(work, request.text, read, needs, stylist_id, day, customer)
    starts_at = instant(day, read.time, work.shop.timezone)
    return _understood(work, needs, stylist_id, starts_at, customer)


def _vocabulary(menu_: Menu) -> Vocabulary:
    return Vocabulary(
        tuple(Named(s.id, (s.name, s.code)) for s in menu_.services),
        tuple(Named(p.id, tuple(filter(None, (p.name, f"{p.name} {p.last_name}", p.code)))) for p in menu_.stylists),
    )


def _who(work: Work, who: str, request: ReadPhrase) -> Found | _Guest | Asked:
    if not who:
        return Asked("Who is it for? Type a name, or the end of a telephone number.")
    if who.startswith("#") and who[1:].isdigit():
        known = find_by_number(work.session, int(who[1:]))
        return known or Asked(f"There is no customer {who}.")
    found = find_by_words(work.session, who, _ANSWERS)
    if len(found) == 1:
        return found[0]
    if found:
        return Asked(f"Which {who}?", tuple((_label(f), _with_number(request.text, who, f.id)) for f in found))
    if request.as_guest:
        return _Guest(who.title() if who.islower() else who)
    return Asked(f"Nobody is called {who}. Add them first, or type another name.", unknown=who)


def _with_number(line: str, who: str, customer_id: int) -> str:
    """The same line with the customer's number, in quotes, for their name, wherever its words stood."""
    for word in who.split():
        line = line.replace(word, "", 1)
    return f'"#{customer_id}" {" ".join(line.split())}'


def _label(found: Found) -> str:
    seen = f"last seen {found.last_seen.day} {found.last_seen:%b %Y}" if found.last_seen else "new"
    tail = f" {found.phone[-4:]}" if found.phone else ""
    return f"{found.name}{tail}, {seen}"


def _preferred(customer: Found | _Guest, needs: Sequence[Wanted]) -> int | None:
    theirs = customer.preferred_stylist_id
    return theirs if theirs is not None and all(need.by(theirs) for need in needs) else None


def _soonest(
    work: Work,
    line: str,
    read: Phrase,
    needs: Sequence[Wanted],
    stylist_id: int | None,
    day: dt.date,
    customer: Found | _Guest,
) -> Understood:
    """Without a time: the first free one when `next` was said, else a choice of what is free that day."""
    until = day + (DAY if read.day else 30 * DAY)
    free = _free(work, needs[0], stylist_id, day, until)
    zone = work.shop.timezone
    if not free:
        when = f"on {day_words(day)}. Type another day" if read.day else "in the next 30 days. Look at who works when"
        return Understood(Asked(f"Nothing is free for {needs[0].name} {when}."))
    if read.soonest:
        return _understood(work, needs, free[0].stylist_id, free[0].starts_at, customer)
    starts = {t.starts_at: t for t in reversed(free)}
    options = [
        (
            f"{day_and_time(at, zone)} with {starts[at].stylist}",
            f"{line} {local(at, zone):%Y-%m-%d %H:%M} with {starts[at].stylist}",
        )
        for at in sorted(starts)
    ]
    return Understood(Asked("At what time?", tuple(options[:_ANSWERS])))


def _free(work: Work, need: Wanted, stylist_id: int | None, day: dt.date, until: dt.date) -> list[FreeTime]:
    one = need.by(stylist_id) if stylist_id else None
    return free_between(work, need, (one,) if one else need.stylists, day, until)


def _understood(
    work: Work, needs: Sequence[Wanted], stylist_id: int | None, starts_at: dt.datetime, customer: Found | _Guest
) -> Understood:
    zone = work.shop.timezone
    day = local(starts_at, zone).date()
    ends_at = starts_at + dt.timedelta(minutes=sum(need.plan.told_minutes for need in needs))
    hit = next((t for t in _free(work, needs[0], stylist_id, day, day + DAY) if t.starts_at == starts_at), None)
    asked = needs[0].by(stylist_id) if stylist_id else None
    stylist = hit.stylist if hit else asked.name if asked else "anybody"
    prices = [
        one.price if (one := need.by(hit.stylist_id if hit else stylist_id or 0)) else need.price for need in needs
    ]
    price = sum(prices, Decimal(0))
    warning = None if hit else f"{stylist.capitalize()} is not free then."
    said = [
        f"{day_and_time(starts_at, zone)}–{clock_time(ends_at, zone)}",
        f"{customer.name} {customer.phone[-4:] if customer.phone else ''}".strip(),
        "+".join(need.name for need in needs),
        stylist,
        plain(price, work.shop.currency),
    ]
    lines = tuple(BookLine(service_id=need.service_id, stylist_id=stylist_id) for need in needs)
    return Understood(
        customer=customer.name,
        services=tuple(need.name for need in needs),
        stylist=stylist,
        starts_at=starts_at,
        ends_at=ends_at,
        price=price,
        preview="  ".join(said),
        warning=warning,
        request=BookAppointment(
            customer_id=customer.id,
            guest_name="" if customer.id is not None else customer.name,
            starts_at=starts_at,
            lines=lines,
        ),
    )
