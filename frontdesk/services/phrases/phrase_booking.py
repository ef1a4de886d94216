"""A typed booking against the book: who, what, when, with whom and for how much, or one question (features BK3, BK10,
BK11, BK14, BK15). Private to the reading of lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from frontdesk.clock import TimeRepeated, instant, local
from frontdesk.errors import AddonUnasked
from frontdesk.money import plain
from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase_wishes import Phrase, When
from frontdesk.rules.recurrence import MOST, Recurrence, walls
from frontdesk.services.customers.customer_search import Found
from frontdesk.services.menu.menu import Menu
from frontdesk.services.phrases.line_wishes import BookAgain, BookVisit
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood, asked
from frontdesk.services.phrases.phrase_trial import Trial, needs_of, tried
from frontdesk.services.phrases.phrase_words import ANSWERS, Asked, Guest, who_is
from frontdesk.services.placing.booking_wishes import BookAppointment, BookLine
from frontdesk.services.placing.visit_lines import LineWish, lines_asked
from frontdesk.services.search.visit_search import BEST, SOONEST, FindVisit, Search, VisitOffer, WantedLine
from frontdesk.services.series.series_wishes import PlanSeries
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, day_and_time, day_words

_SOONEST_SHOWN = 3
_LOOK_AHEAD = 30
_LOOKED_AT = 60
"""Offers, of which those that are apart are shown."""
_APART = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Booking:
    """A line's booking as far as it is known: everything but when."""

    work: Work
    line: str
    phrase: Phrase
    customer: Found | Guest
    lines: tuple[BookLine, ...]
    wishes: tuple[LineWish, ...]

    @property
    def zone(self) -> str:
        """The shop's."""
        return self.work.shop.timezone


def read_booking(work: Work, request: ReadPhrase, phrase: Phrase, menu: Menu) -> Understood:
    """What a line without a verb would book."""
    customer = who_is(work, phrase.who, request.text, as_guest=request.as_guest)
    if isinstance(customer, Asked):
        return Understood(customer)
    if not phrase.lines:
        offered = [s for s in menu.services if s.kind in ("service", "bundle")]
        return asked(
            "Which service?", [(f"{s.name} {s.minutes}m {s.price}", f"{request.text} {s.name}") for s in offered]
        )
    lines = lines_of(work, phrase, customer)
    try:
        wishes = tuple(lines_asked(work, lines, phrase.declined, customer.id))
    except AddonUnasked as refusal:
        addon = str(refusal.facts["addon"])
        options = [(f"with {addon}", f"{request.text} {addon}"), (f"no {addon}", f"{request.text} no {addon}")]
        return asked(refusal.sentence, options)
    booking = Booking(work, request.text, phrase, customer, lines, wishes)
    now = local(work.now, work.shop.timezone)
    today, when = now.date(), phrase.when
    looked_at = request.day if request.day and request.day > today and not when.soonest else None
    day = when.day or looked_at
    day = day or (today if when.time is None or when.time > now.time() else today + DAY)
    if when.time is None:
        return _without_time(booking, day)
    try:
        starts_at = instant(day, when.time, work.shop.timezone, second=when.second)
    except TimeRepeated as refusal:
        both = [(f"the {which}", f"{request.text} the {which} time") for which in ("first", "second")]
        return asked(refusal.sentence, both)
    return understood(booking, starts_at)


def lines_of(work: Work, phrase: Phrase, customer: Found | Guest) -> tuple[BookLine, ...]:
    """The lines to book: with whom they were asked for, else with whom the customer likes best."""
    liked = _preferred(work, phrase, customer)
    lines: list[BookLine] = []
    hosts = _hosts(work, [addon for line in phrase.lines for addon in line.addons])
    services = [line.service for line in phrase.lines]
    places: dict[int, int] = {}
    for number, line in enumerate(phrase.lines):
        places[number] = len(lines)
        free = line.anyone or line.unassigned or line.stylist is not None
        lines.append(
            BookLine(
                service_id=line.service,
                stylist_id=line.stylist if free else liked,
                unassigned=line.unassigned,
                minutes=line.minutes,
                asked_for=line.stylist is not None,
            )
        )
    for number, line in enumerate(phrase.lines):
        for addon in line.addons:
            goes_with = hosts.get(addon, frozenset())
            at = number if services[number] in goes_with else _first_of(services, goes_with, number)
            lines.append(BookLine(service_id=addon, addon_of=places[at]))
    return tuple(lines)


def _first_of(services: Sequence[int], goes_with: frozenset[int], otherwise: int) -> int:
    return next((place for place, service in enumerate(services) if service in goes_with), otherwise)


def _hosts(work: Work, addons: Sequence[int]) -> dict[int, frozenset[int]]:
    if not addons:
        return {}
    rows = work.session.execute(_HOSTS, {"addons": list(addons)})
    return {row.addon_id: frozenset(row.hosts) for row in rows}


_HOSTS = text("""
    SELECT addon_id, array_agg(service_id) AS hosts FROM service_addons
     WHERE addon_id = ANY (:addons) GROUP BY addon_id
""")


def _preferred(work: Work, phrase: Phrase, customer: Found | Guest) -> int | None:
    """Whom the customer likes best, if they do all that nobody was named for."""
    theirs = customer.preferred_stylist_id
    left = [line for line in phrase.lines if line.stylist is None and not (line.anyone or line.unassigned)]
    if theirs is None or not left:
        return None
    able = work.session.execute(_ABLE, {"stylist": theirs, "services": [line.service for line in left]}).scalar()
    return theirs if able else None


# A stylist without any specialty does everything.
_ABLE = text("""
    SELECT p.is_active AND (NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = p.id)
           OR NOT EXISTS (SELECT FROM services v WHERE v.id = ANY (:services) AND v.kind <> 'bundle'
                             AND NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = p.id
                                                AND (x.service_id = v.id OR x.category_id = v.category_id))))
      FROM stylists p WHERE p.id = :stylist
""")


def offers(booking: Booking, day: dt.date, until: dt.date, limit: int, *, sort: str) -> list[VisitOffer]:
    """Times at which it could be booked, within the days and hours that were said."""
    work, window = booking.work, booking.phrase.when.window
    wanted = [
        WantedLine(service_id=line.service_id, stylist_id=line.stylist_id, minutes=line.minutes, addon_of=line.addon_of)
        for line in booking.lines
    ]
    search = Search.of(work, wanted, booking.customer.id)
    within = FindVisit(
        lines=tuple(wanted),
        not_before=window.after if window else None,
        not_after=window.before if window else None,
    )
    return search.offers(search.windows(day, until, within), limit, sort=sort)


def _without_time(booking: Booking, day: dt.date) -> Understood:
    """The first free one when `next` was said, the others beside it; else a choice, the best first and why."""
    when = booking.phrase.when
    said = when.day is not None
    last = when.until or (day if said else day + _LOOK_AHEAD * DAY)
    if booking.phrase.every is not None:
        last = when.day or last
    if when.soonest:
        found = offers(booking, day, last + DAY, _SOONEST_SHOWN, sort=SOONEST)
    else:
        found = offers(booking, day, last + DAY if said else day + DAY, _LOOKED_AT, sort=BEST)
        found = _apart(found or offers(booking, day, last + DAY, _LOOKED_AT, sort=SOONEST))
    if not found:
        name = booking_name(booking)
        days = f"on {day_words(day)}" if last == day else f"from {day_words(day)} to {day_words(last)}"
        return asked(f"Nothing is free for {name} {days}. Type another day.")
    lines = [(_offered(each, booking.zone), _as_line(booking, each)) for each in found]
    if when.soonest:
        first = understood(booking, found[0].starts_at, found[0])
        return replace(first, others=tuple(lines[1:]))
    return asked("At what time?", lines)


def _apart(found: Sequence[VisitOffer]) -> list[VisitOffer]:
    """As many as can be answered, in their order: first those an hour apart or with others, because a customer who
    can't come at 10:45 can't at 11:00."""
    chosen: dict[int, VisitOffer] = {}

    def is_near(offer: VisitOffer, other: VisitOffer) -> bool:
        same = [line.stylist_id for line in offer.lines] == [line.stylist_id for line in other.lines]
        return same and abs(offer.starts_at - other.starts_at) < _APART

    for place, offer in enumerate(found):
        if not any(is_near(offer, other) for other in chosen.values()):
            chosen[place] = offer
    places = [*chosen, *(place for place in range(len(found)) if place not in chosen)][:ANSWERS]
    return [found[place] for place in sorted(places)]


def _offered(offer: VisitOffer, zone: str) -> str:
    """`Tue 10 Mar 09:00 with Anna, fills a 45 min gap`."""
    names = dict.fromkeys(line.stylist for line in offer.lines if line.stylist)
    why = [_why(offer)] if _why(offer) else []
    with_ = f" with {' and '.join(names)}" if names else ""
    return ", ".join([f"{day_and_time(offer.starts_at, zone)}{with_}", *why])


def _as_line(booking: Booking, offer: VisitOffer) -> str:
    """The line with the offer's time; its stylist is said too where one does all of it and nobody was named."""
    words = [booking.line.strip()]
    if booking.phrase.when.soonest:
        words = [" ".join(w for w in booking.line.split() if w.casefold() not in ("next", "soonest", "asap", "now"))]
    words.append(f"{local(offer.starts_at, booking.zone):%Y-%m-%d %H:%M}")
    names = {line.stylist for line in offer.lines if line.stylist}
    open_ = all(
        line.stylist is None and not line.anyone and not line.unassigned for line in booking.phrase.lines
    ) and not any(line.stylist_id for line in booking.lines)
    if len(names) == 1 and open_:
        words.append(f"with {names.pop()}")
    return " ".join(words)


def booking_name(booking: Booking) -> str:
    """`Cut+Blow-dry`."""
    needs = needs_of(booking.work, booking.wishes, booking.customer.id)
    return "+".join(need.name for need in needs)


def understood(booking: Booking, starts_at: dt.datetime, offer: VisitOffer | None = None) -> Understood:
    """The visit with its preview, whether it can be booked or not."""
    work, customer = booking.work, booking.customer
    request = BookAppointment(
        customer_id=customer.id,
        guest_name="" if customer.id is not None else customer.name,
        starts_at=starts_at,
        lines=booking.lines,
        declined_addons=booking.phrase.declined,
    )
    trial = tried(work, request, booking.wishes, customer.name)
    again = _again(booking, starts_at)
    ends_at, price = trial.ends_at(booking.wishes, starts_at), trial.price(booking.wishes)
    why = _why(offer or _offer_at(booking, starts_at, trial))
    said = [
        f"{day_and_time(starts_at, booking.zone)}–{clock_time(ends_at, booking.zone)}{_which_hour(booking, starts_at)}",
        f"{customer.name} {customer.phone[-4:] if customer.phone else ''}".strip(),
        *_what_and_whom(booking, trial),
        plain(price, work.shop.currency),
        *([again.words] if again else []),
    ]
    return Understood(
        customer=customer.name,
        services=tuple(need.name for need in trial.needs),
        stylist=_with_whom(booking, trial),
        starts_at=starts_at,
        ends_at=ends_at,
        price=price,
        preview="  ".join(said) + (f"   {why}" if why else ""),
        warning=trial.refusal.sentence if trial.refusal else None,
        request=None if again else request,
        wish=BookAgain(again.plan) if again else BookVisit(request),
    )


@dataclass(frozen=True)
class _Series:
    plan: PlanSeries
    words: str


def _again(booking: Booking, starts_at: dt.datetime) -> _Series | None:
    """The rule by which it comes again, if it does: so many times, or as often as there are days until the last."""
    every, times, until = booking.phrase.every, booking.phrase.times, booking.phrase.when.until
    if every is None:
        return None
    first = local(starts_at, booking.zone).replace(tzinfo=None)
    rule = Recurrence(first, every.count, every.unit, times or MOST)
    if times is None and until is not None:
        rule = replace(rule, count=max(1, sum(1 for wall in walls(rule) if wall.date() <= until)))
    plan = PlanSeries(
        customer_id=booking.customer.id,
        guest_name="" if booking.customer.id is not None else booking.customer.name,
        lines=booking.lines,
        first=first,
        every=rule.every,
        unit=rule.unit.value,
        count=rule.count,
        declined_addons=booking.phrase.declined,
    )
    last = walls(rule)[-1].date()
    year = f" {last.year}" if last.year != first.year else ""
    return _Series(plan, f"{rule.words}, until {day_words(last)}{year}")


def _which_hour(booking: Booking, starts_at: dt.datetime) -> str:
    """Of an hour that the autumn change brings twice, which it is (features BK31)."""
    if booking.phrase.when.second is None:
        return ""
    begins = local(starts_at, booking.zone)
    twice = begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset()
    return (" (the second)" if booking.phrase.when.second else " (the first)") if twice else ""


def _offer_at(booking: Booking, starts_at: dt.datetime, trial: Trial) -> VisitOffer | None:
    """What the search says of this very time with these very people."""
    if not trial.placed or any(line.unassigned for line in booking.lines):
        return None
    day = local(starts_at, booking.zone).date()
    people = [each.stylist.stylist_id for each in trial.placed if each.stylist]
    lines = booking.lines
    if len(lines) == len(people):  # a bundle is several; elsewhere nobody else has to be looked at
        lines = tuple(replace(line, stylist_id=one) for line, one in zip(lines, people, strict=True))
    anytime = replace(booking, lines=lines, phrase=replace(booking.phrase, when=When()))
    for offer in offers(anytime, day, day + DAY, 0, sort=BEST):
        if offer.starts_at == starts_at and [line.stylist_id for line in offer.lines] == people:
            return offer
    return None


def _why(offer: VisitOffer | None) -> str:
    """Only what is worth a word: `fills a 45 min gap`."""
    return next((reason for reason in offer.reasons if reason.startswith("fills")), "") if offer else ""


def _what_and_whom(booking: Booking, trial: Trial) -> list[str]:
    """`Colour+Cut`, `Anna`; or `Colour+Cut Anna, Blow-dry Bo`."""
    people = _people(booking, trial)
    names = [need.name for need in trial.needs]
    if len(set(people)) == 1:
        return ["+".join(names), people[0]]
    groups: list[tuple[str, list[str]]] = []
    for name, who in zip(names, people, strict=True):
        if groups and groups[-1][0] == who:
            groups[-1][1].append(name)
        else:
            groups.append((who, [name]))
    return [", ".join(f"{'+'.join(services)} {who}" for who, services in groups)]


def _with_whom(booking: Booking, trial: Trial) -> str:
    return " and ".join(dict.fromkeys(_people(booking, trial)))


def _people(booking: Booking, trial: Trial) -> list[str]:
    if trial.placed:
        return [each.stylist.name if each.stylist else "nobody yet" for each in trial.placed]
    pairs = [(need.by(wish.stylist_id or 0), wish) for need, wish in zip(trial.needs, booking.wishes, strict=True)]
    return [one.name if one else "nobody yet" if wish.unassigned else "anybody" for one, wish in pairs]
