"""How those who wait are written: a row of the list, and all there is to know of the one under the cursor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from textual.content import Content

from frontdesk.clock import day_of, local
from frontdesk.desk import Shop
from frontdesk.rules.wait_words import hours_words, how_long, weekdays_words
from frontdesk.services.waiting.offers import Offer
from frontdesk.services.waiting.queueing import InQueue, TakesTurns
from frontdesk.services.waiting.turns import Skipped
from frontdesk.services.waiting.waitlist import Waiting
from frontdesk.services.waiting.walk_ins import QueueWish
from frontdesk.services.wording import clock_time, day_and_time, day_words, when_said
from frontdesk.text import cell_width, fit, harmless
from frontdesk.widgets.plain_table import Column, Row

HIDDEN = "·····"
"""What stands where a customer who looks at the screen should read nothing."""

WAITING_COLUMNS = (
    Column("Who"),
    Column("Wants"),
    Column("With", 9),
    Column("Waits", 5, right=True),
    Column("Could have", 22),
)
QUEUE_COLUMNS = (
    Column("Who"),
    Column("Wants"),
    Column("Asked for", 9),
    Column("Came", 5),
    Column("Begins", 18),
)


def _left(until: dt.datetime, now: dt.datetime) -> str:
    """What is left of an offer, in whole minutes begun."""
    return f"{max(0, -(-int((until - now).total_seconds()) // 60))}m"


def waiting_row(one: Waiting, now: dt.datetime, shop: Shop) -> Row:
    """A line of the waitlist."""
    today = day_of(now, shop.timezone)
    cells = (
        one.customer, one.what, one.stylist or "anybody", how_long(int((now - one.since).total_seconds() // 60)),
        _could_have(one, now, today, shop),
    )  # fmt: skip
    return Row(one.id, cells, _tone(one, now, today, shop))


def _tone(one: Waiting, now: dt.datetime, today: dt.date, shop: Shop) -> str:
    if one.offer_until is not None and one.offer_until > now:
        return "fd-amber"
    if one.fits_at is not None and day_of(one.fits_at, shop.timezone) == today:
        return "fd-service"
    return "" if one.fits_at is not None or one.seats_left else "fd-muted"


def _could_have(one: Waiting, now: dt.datetime, today: dt.date, shop: Shop) -> str:
    zone = shop.timezone
    if one.offered_at is not None and one.offer_until is not None and one.offer_until > now:
        day = "" if day_of(one.offered_at, zone) == today else f"{local(one.offered_at, zone):%a} "
        return f"offered {day}{clock_time(one.offered_at, zone)} {_left(one.offer_until, now)}"
    if one.session_starts_at is not None:
        seats = one.seats_left or 0
        return f"{seats} seat{'s' * (seats != 1)} free" if seats else "the class is full"
    if one.fits_at is None:
        return "nothing free"
    if day_of(one.fits_at, zone) == today:
        return f"today {clock_time(one.fits_at, zone)} {one.fits_with}"
    return f"{day_and_time(one.fits_at, zone)} {one.fits_with}"


def waiting_about(
    one: Waiting | None, offers: Sequence[Offer], now: dt.datetime, shop: Shop, *, private: bool, wide: bool = False
) -> Content:
    """All there is to know of the one under the cursor, and which offers nobody answered."""
    zone, lines = shop.timezone, list(_unanswered(offers, shop))
    if one is None:
        return Content("\n").join(lines)
    if lines and wide:
        lines.append(Content(""))
    phone = harmless(HIDDEN if private and one.phone else one.phone or "")
    asked = f"asked {when_said(one.since, day_of(now, zone), zone)}"
    name, wish = Content.styled(harmless(one.customer), "bold"), harmless(f"{one.what} with {one.stylist or 'anybody'}")
    if wide:
        lines += [name, *([Content(phone)] if phone else []), Content.styled(asked, "$fd-muted"), Content("")]
        lines += [Content(wish), *(Content(part) for part in _when(one, shop))]
    else:
        lines.append(Content("  ").join(part for part in (name, Content(phone), Content(asked)) if part.plain))
        lines.append(Content(", ".join([wish, *_when(one, shop)])))
    if one.note:
        note = HIDDEN if private else one.note
        lines.append(Content.styled(harmless(f"“{note}”"), "$fd-muted"))
    return Content("\n").join([*lines, *([Content("")] if wide else []), _next_step(one, now, zone)])


def _unanswered(offers: Sequence[Offer], shop: Shop) -> list[Content]:
    said = []
    for offer in offers:
        if not offer.is_open and offer.next is not None:
            when = f"{day_and_time(offer.starts_at, shop.timezone)} {offer.stylist}"
            words = f"{when}: {offer.customer} did not answer. Next: {offer.next.customer}"
            said.append(Content.styled(harmless(words), "$fd-amber"))
    return said


def _when(one: Waiting, shop: Shop) -> list[str]:
    if one.session_starts_at is not None:
        return [day_and_time(one.session_starts_at, shop.timezone)]
    days = (
        day_words(one.first_day)
        if one.first_day == one.last_day
        else f"{day_words(one.first_day)} to {day_words(one.last_day)}"
    )
    return [part for part in (days, weekdays_words(one.weekdays), hours_words(one.opens, one.closes)) if part]


def _next_step(one: Waiting, now: dt.datetime, zone: str) -> Content:
    if one.offered_at is not None and one.offer_until is not None and one.offer_until > now:
        words = (
            f"Held for them: {day_and_time(one.offered_at, zone)} with {one.offered_with}, until"
            f" {clock_time(one.offer_until, zone)}. enter books it, O takes another answer"
        )
        return Content.styled(harmless(words), "$fd-amber")
    if one.session_starts_at is not None:
        if one.seats_left:
            return Content.styled("A seat is free: enter gives it to them", "$fd-service")
        return Content.styled("The class is full", "$fd-muted")
    if one.fits_at is None or one.fits_until is None:
        return Content.styled("Nothing of that is free in the next two weeks. e changes it", "$fd-muted")
    when = f"{day_and_time(one.fits_at, zone)}–{clock_time(one.fits_until, zone)} with {one.fits_with}"
    again = "They did not answer the last offer. " if one.offer_lapsed else ""
    return Content.styled(harmless(f"{again}Free: {when}. enter books it, O offers it"), "$fd-service")


def queue_row(one: InQueue, now: dt.datetime, shop: Shop) -> Row:
    """A line of the queue."""
    cells = (
        one.customer, one.service, one.asked_for or "", clock_time(one.joined_at, shop.timezone),
        _begins(one, now, shop),
    )  # fmt: skip
    tone = "fd-muted" if one.starts_at is None else "fd-service" if one.starts_at <= now else ""
    return Row(one.id, cells, tone)


def _begins(one: InQueue, now: dt.datetime, shop: Shop) -> str:
    if one.starts_at is None:
        return "not today"
    if one.starts_at <= now:
        return f"now, {one.stylist}"
    minutes = -(-int((one.starts_at - now).total_seconds()) // 60)
    return f"{clock_time(one.starts_at, shop.timezone)} {one.stylist}, {how_long(minutes)}"


def turn_words(order: Sequence[TakesTurns], skipped: Sequence[Skipped], shop: Shop, *, wide: bool) -> Content:
    """Whose turn it is, then whose; which turns were passed on and why."""
    head = Content.styled("Whose turn", "$fd-muted")
    if not order:
        return Content.assemble(head, "   nobody works here today")
    if wide:
        room = max(10, *(cell_width(one.name) for one in order)) + 2
        heading = Content.styled(f"{fit('Whose turn', room)}turns", "$fd-muted")
        said = [heading, *(_turn(one, place, shop, fit(one.name, room)) for place, one in enumerate(order))]
        if skipped:
            said += [Content(""), Content.styled("Passed over", "$fd-muted")]
    else:
        each = [_turn(one, place, shop, one.name) for place, one in enumerate(order)]
        said = [Content("   ").join([head, *each])]
    return Content("\n").join([*said, *(_passed_over(one, shop, wide=wide) for one in skipped[-4:])])


def _turn(one: TakesTurns, place: int, shop: Shop, name: str) -> Content:
    when = f"at {clock_time(one.free_at, shop.timezone)}" if one.free_at else "no more today"
    said = (" free", "$fd-service") if one.is_free else (f" {when}", "$fd-muted")
    return Content.assemble((harmless(name), "bold" if place == 0 else ""), f" {_count(one)} ", said)


def _passed_over(one: Skipped, shop: Shop, *, wide: bool) -> Content:
    said = f"{clock_time(one.at, shop.timezone)} {one.stylist}"
    return Content.styled(
        harmless(f"{said}: {one.reason} ({one.by})" if wide else f"{said} passed over: {one.reason}"), "$fd-muted"
    )


def _count(one: TakesTurns) -> str:
    return f"{one.turns.normalize():f}"


def wish_words(wish: QueueWish) -> str:
    """What a line would put in the queue, or what it leaves open."""
    if wish.question:
        return wish.question
    who = wish.customer if wish.customer_id is not None else f"{wish.customer}, without a card"
    asked = f" with {wish.stylist}" if wish.stylist else ""
    return f"{who}:  {wish.service} {wish.minutes}m{asked}   enter puts them in the queue"
