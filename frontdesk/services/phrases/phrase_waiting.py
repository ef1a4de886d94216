"""Typed verbs about those who wait: the waitlist, the queue, and holes that somebody could fill (features N1, N19).

Private to the reading of lines.
"""

from __future__ import annotations

from frontdesk.clock import instant, local
from frontdesk.money import plain
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase_wishes import Gaps, Phrase, Queue, Wait
from frontdesk.services.menu.menu import Menu
from frontdesk.services.phrases.line_wishes import BookFromList, Join, WaitFor
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood, asked
from frontdesk.services.phrases.phrase_words import Asked, Guest, who_is
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.use_case import Work
from frontdesk.services.waiting.gaps import Call, Hole, ShowGaps, gap_radar
from frontdesk.services.waiting.waitlist import AddToWaitlist, BookWaiting
from frontdesk.services.waiting.walk_ins import JoinQueue
from frontdesk.services.waiting.who_waits import who_waits
from frontdesk.services.wording import clock_time, day_and_time, day_words

_WAIT_AHEAD = 28
LISTED = "waiting "
"""Before the number of somebody on the waitlist, where a name stands."""


def read_wait(work: Work, request: ReadPhrase, wish: Wait) -> Understood:
    """`Jane Doe 0123 waits for Cut with Anna, Mon 9 Mar to Sun 15 Mar, from 12:00`."""
    who = who_is(work, wish.who, request.text, as_guest=request.as_guest)
    if isinstance(who, Asked):
        return Understood(who)
    when = wish.when
    first = when.day or work.desk.today
    last = when.until or (first if when.day else first + _WAIT_AHEAD * DAY)
    after, before = (when.window.after, when.window.before) if when.window else (when.time, None)
    services = [service for line in wish.lines for service in (line.service, *line.addons)]
    needs = wanted(work.session, work.shop.id, services, customer_id=who.id)
    stylist = next((one.name for need in needs if wish.stylist and (one := need.by(wish.stylist))), None)
    add = AddToWaitlist(
        customer_id=who.id,
        guest_name=who.name if isinstance(who, Guest) else "",
        service_ids=tuple(services),
        stylist_id=wish.stylist,
        first_day=first,
        last_day=last,
        not_before=after,
        over_by=before,
    )
    tail = f" {who.phone[-4:]}" if who.phone else ""
    said = [
        f"{who.name}{tail} waits for {'+'.join(need.name for need in needs)}" + (f" with {stylist}" if stylist else ""),
        day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}",
        *([f"from {after:%H:%M}"] if after else []),
        *([f"over by {before:%H:%M}"] if before else []),
    ]
    return Understood(customer=who.name, preview=", ".join(said), wish=WaitFor(add))


def read_queue(work: Work, request: ReadPhrase, wish: Queue, menu: Menu) -> Understood:
    """`Kim Lee waits for a turn: Cut with Bo`. Who has no card is known by the name they give."""
    if len(wish.lines) > 1:
        return asked("One service at a time waits for a turn. Type the first; add the other in the chair.")
    who = who_is(work, wish.who, request.text, as_guest=True) if wish.who else Guest("Walk-in")
    if isinstance(who, Asked):
        return Understood(who)
    line = wish.lines[0]
    service = next(each.name for each in menu.services if each.id == line.service)
    stylist = next((each.name for each in menu.stylists if each.id == wish.stylist), None)
    join = JoinQueue(
        customer_id=who.id,
        guest_name=who.name if isinstance(who, Guest) else "",
        service_id=line.service,
        stylist_id=wish.stylist,
    )
    new = " (no card)" if isinstance(who, Guest) else ""
    with_ = f" with {stylist}" if stylist else ""
    return Understood(customer=who.name, preview=f"{who.name}{new} waits for a turn: {service}{with_}", wish=Join(join))


def read_gaps(work: Work, request: ReadPhrase, wish: Gaps) -> Understood:
    """The holes of a day and whom to call about each; an answer is the line that books them into it."""
    work.require(Deed.SEE_CUSTOMERS)
    if wish.when.until is not None and wish.when.until != wish.when.day:
        return asked("Gaps are shown for one day. Type which, like gaps tue.")
    day = wish.when.day or request.day or work.desk.today
    radar = gap_radar(work, ShowGaps(day=day, stylist_id=wish.stylist))
    window = wish.when.window
    zone = work.shop.timezone
    holes = [hole for hole in radar.holes if window is None or local(hole.starts_at, zone).time() in window]
    if not holes:
        return asked(f"There is no gap worth money on {day_words(radar.day)}. Type another day.")
    calls = [(_call(work, hole, call), _to_book(work, hole, call)) for hole in holes for call in hole.calls]
    empty = [(_hole(work, hole), _to_fill(work, hole)) for hole in holes if not hole.calls]
    minutes = sum(hole.minutes for hole in holes)
    count = "1 gap" if len(holes) == 1 else f"{len(holes)} gaps"
    return asked(f"{count} on {day_words(radar.day)}, {minutes} minutes:", [*calls, *empty])


def _hole(work: Work, hole: Hole) -> str:
    stretch = f"{clock_time(hole.starts_at, work.shop.timezone)}–{clock_time(hole.ends_at, work.shop.timezone)}"
    return f"{stretch} {hole.stylist}, {hole.minutes}m worth {plain(hole.worth, work.shop.currency)}"


def _call(work: Work, hole: Hole, call: Call) -> str:
    return f"{_hole(work, hole)}: {call.customer} {call.phone or ''}, {call.what}, {call.why}".replace(" ,", ",")


def _to_fill(work: Work, hole: Hole) -> str:
    return f"{local(hole.starts_at, work.shop.timezone):%Y-%m-%d %H:%M} with {hole.stylist}"


def _to_book(work: Work, hole: Hole, call: Call) -> str:
    at = f"{local(call.starts_at, work.shop.timezone):%Y-%m-%d %H:%M} with {hole.stylist}"
    if call.entry_id is not None:
        return f'"{LISTED}{call.entry_id}" {at}'
    return f'"#{call.customer_id}" {call.what} {at}'


def read_listed(work: Work, phrase: Phrase) -> Understood:
    """Somebody of the waitlist, into a time: `Tue 10 Mar 15:00  Jane Doe 0123  Cut  Anna   from the waitlist`."""
    number, when = phrase.who.removeprefix(LISTED), phrase.when
    entry = next((each for each in who_waits(work) if number.isdecimal() and each.id == int(number)), None)
    if entry is None:
        return asked("They wait no more. Look at the list with w.")
    if when.day is None or when.time is None:
        return asked(f"When is {entry.customer} booked? Type a day and a time.")
    starts_at = instant(when.day, when.time, work.shop.timezone, second=when.second)
    stylist_id = phrase.stylist or entry.stylist_id
    needs = wanted(work.session, work.shop.id, entry.services, customer_id=entry.customer_id)
    stylist = next((one.name for need in needs if stylist_id and (one := need.by(stylist_id))), "anybody")
    tail = f" {entry.phone[-4:]}" if entry.phone else ""
    said = [day_and_time(starts_at, work.shop.timezone), f"{entry.customer}{tail}", "+".join(entry.names), stylist]
    return Understood(
        customer=entry.customer,
        starts_at=starts_at,
        stylist=stylist,
        preview="  ".join(said) + "   from the waitlist",
        wish=BookFromList(BookWaiting(entry_id=entry.id, starts_at=starts_at, stylist_id=stylist_id)),
    )
