"""frontdesk waitlist, queue, turns: who waits for a time or a turn, and who gets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.booked import drawn_booking
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, menu_of, service_named, stylist_named
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.when import day_said, moment_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.waiting.offers import Offer
    from frontdesk.services.waiting.queueing import InQueue, TakesTurns
    from frontdesk.services.waiting.turns import Skipped
    from frontdesk.services.waiting.waitlist import Waiting


@click.group()
def waitlist() -> None:
    """Who wants a time that is not free yet. ENTRY is the number that list shows."""


@waitlist.command("list", cls=Reading)
def list_() -> None:
    """Who waits, how long, and the first time each could have."""
    from frontdesk.services.waiting.waitlist import ListWaiting, list_waiting

    with open_desk() as desk:
        listed = list_waiting(desk, ListWaiting())
        show(asked(), listed, lambda: _drawn_list(desk, listed.waiting))
        if not listed.waiting:
            say("Nobody waits. frontdesk waitlist add puts somebody on the list.")


@waitlist.command(cls=Writing)
@click.argument("who")
@click.argument("services", nargs=-1, required=True)
@click.option("--guest", is_flag=True, help="WHO is only a name, without a card.")
@click.option("--stylist", "-s", help="Only with this one.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
@click.option("--until", metavar="DATE", help="The last day; four weeks later otherwise.")
@click.option("--on", "days", default="", help='On which weekdays: "tue fri", mon-wed, weekend.')
@click.option("--at", "hours", default="", help='At which hours: 16-18, "after 16", "before 12".')
@click.option("--note", default="", help="For whoever calls them.")
def add(
    who: str, services: tuple[str, ...], guest: bool, stylist: str | None, since: str | None, until: str | None,
    days: str, hours: str, note: str,
) -> None:  # fmt: skip
    """Somebody who wants a time that is not free: add "jane doe" colour + blow-dry --at "after 16"."""
    from frontdesk.rules.wait_words import hours_meant, weekdays_meant
    from frontdesk.services.waiting.waitlist import AddToWaitlist, add_to_waitlist

    with usage():
        weekdays, (not_before, over_by) = weekdays_meant(days), hours_meant(hours)
    with open_desk() as desk:
        menu = menu_of(desk)
        wish = AddToWaitlist(
            customer_id=None if guest else customer_named(desk, who),
            guest_name=who if guest else "",
            service_ids=tuple(service_named(menu, one.strip()).id for one in words_of(services).split("+")),
            stylist_id=stylist_named(menu, stylist).id if stylist else None,
            first_day=day_said(desk, since), last_day=day_said(desk, until), weekdays=weekdays,
            not_before=not_before, over_by=over_by, note=note, **asked().once(),
        )  # fmt: skip
        entry = add_to_waitlist(desk, wish)
        show(asked(), entry, lambda: _drawn_list(desk, (entry,)))


@waitlist.command(cls=Writing)
@click.argument("entry", type=int)
@click.argument("when", nargs=-1)
@click.option("--stylist", "-s", help="With this one; whom they asked for, or whoever is free, otherwise.")
def offer(entry: int, when: tuple[str, ...], stylist: str | None) -> None:
    """Hold a time for somebody who waits and ask them; the first they could have when WHEN is not said."""
    from frontdesk.services.waiting.offers import OfferTime, offer_time

    with open_desk() as desk:
        stylist_id = stylist_named(menu_of(desk), stylist).id if stylist else None
        starts_at, found = (moment_said(desk, words_of(when)), None) if when else _first_fit(desk, entry)
        wish = OfferTime(entry_id=entry, starts_at=starts_at, stylist_id=stylist_id or found, **asked().once())
        made = offer_time(desk, wish)
        show(asked(), made, lambda: _drawn_offers(desk, (made,)))


@waitlist.command(cls=Reading)
def offers() -> None:
    """What is being offered with the time that is left, and what nobody answered with the next name."""
    from frontdesk.services.waiting.offers import ListOffers, list_offers

    with open_desk() as desk:
        found = list_offers(desk, ListOffers())
        show(asked(), found, lambda: _drawn_offers(desk, found.offers))
        if not found.offers:
            say("Nothing is being offered.")


@waitlist.command(cls=Writing)
@click.argument("number", type=int)
@click.argument("said", type=click.Choice(["yes", "no", "withdraw"]))
def answer(number: int, said: str) -> None:
    """What somebody said to an offer: yes books it, no frees the time, withdraw takes the offer back."""
    from frontdesk.services.waiting import offers

    wish = offers.AnswerOffer(offer_id=number, **asked().once())
    with open_desk() as desk:
        if said == "yes":
            booked = offers.take_offer(desk, wish)
            show(asked(), booked, lambda: drawn_booking(desk, booked))
            return
        closed = (offers.decline_offer if said == "no" else offers.withdraw_offer)(desk, wish)
        after = f"Next: {closed.next.customer}, entry {closed.next.entry_id}." if closed.next else "Nobody else fits."
        show(asked(), closed, lambda: [text(f"The time is free again. {after}")])


@waitlist.command(cls=Writing)
@click.argument("entry", type=int)
@click.argument("when", nargs=-1)
@click.option("--stylist", "-s", help="With this one; whom they asked for, or whoever is free, otherwise.")
def book(entry: int, when: tuple[str, ...], stylist: str | None) -> None:
    """Give somebody who waits a time; the first they could have when WHEN is not said."""
    from frontdesk.services.waiting.waitlist import BookWaiting, book_from_waitlist

    with open_desk() as desk:
        stylist_id = stylist_named(menu_of(desk), stylist).id if stylist else None
        starts_at, found = (moment_said(desk, words_of(when)), None) if when else _first_fit(desk, entry)
        wish = BookWaiting(entry_id=entry, starts_at=starts_at, stylist_id=stylist_id or found, **asked().once())
        booked = book_from_waitlist(desk, wish)
        show(asked(), booked, lambda: drawn_booking(desk, booked))


@waitlist.command(cls=Writing)
@click.argument("entry", type=int)
@click.option("--reason", default="", help="Why; it is kept.")
def leave(entry: int, reason: str) -> None:
    """Somebody waits no more. It needs a reason."""
    from frontdesk.services.waiting.waitlist import LeaveWaitlist, leave_waitlist

    with open_desk() as desk:
        left = leave_waitlist(desk, LeaveWaitlist(entry_id=entry, reason=reason, **asked().once()))
        show(asked(), left, lambda: [text(f"{left.customer} is off the waitlist.")])


def _first_fit(desk: Desk, entry: int) -> tuple[Any, int | None]:
    from frontdesk.errors import NotFound
    from frontdesk.services.waiting.waitlist import ListWaiting, list_waiting

    one = next((one for one in list_waiting(desk, ListWaiting()).waiting if one.id == entry), None)
    if one is None or one.fits_at is None:
        raise NotFound(what="free time for entry", name=entry, remedy="Say when, or look at frontdesk waitlist list.")
    return one.fits_at, one.fits_stylist_id


def _drawn_list(desk: Desk, waiting: tuple[Waiting, ...]) -> Iterator[RenderableType]:
    from frontdesk.rules.wait_words import hours_words, how_long, weekdays_words
    from frontdesk.services.wording import day_and_time, day_words

    zone = desk.shop.timezone
    rows = []
    for one in waiting:
        days = f"{day_words(one.first_day)} to {day_words(one.last_day)}"
        when = ", ".join(filter(None, (days, weekdays_words(one.weekdays), hours_words(one.opens, one.closes))))
        could = f"{day_and_time(one.fits_at, zone)} {one.fits_with}" if one.fits_at else ""
        if one.offered_at is not None and one.offer_until is not None:
            could = f"offered {day_and_time(one.offered_at, zone)}, offer {one.offer_id}"
        who = f"{one.customer} {one.phone or ''}".strip()
        rows.append((str(one.id), who, one.what, one.stylist or "anybody", when, how_long(one.waits_minutes), could))
    if rows:
        headings = ("Entry", "Who", "Wants", "With", "When", "Waits", "Could have")
        yield table(headings, rows, right=("Entry", "Waits"))


def _drawn_offers(desk: Desk, offers: tuple[Offer, ...]) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time, day_and_time

    zone = desk.shop.timezone
    rows = [
        (str(one.id), f"{one.customer} {one.phone or ''}".strip(), one.what, day_and_time(one.starts_at, zone),
         one.stylist, f"until {clock_time(one.until, zone)}" if one.is_open
         else f"no answer, next {one.next.customer}" if one.next else "no answer")
        for one in offers
    ]  # fmt: skip
    if rows:
        yield table(("Offer", "Who", "Wants", "When", "With", "Held"), rows, right=("Offer",))


@click.command(cls=Writing)
@click.argument("line", nargs=-1)
@click.option("--turn", "assigned", type=int, metavar="NUMBER", help="Give this one of the queue a turn, now.")
@click.option("--leave", "left", type=int, metavar="NUMBER", help="This one of the queue has gone; say why.")
@click.option("--stylist", "-s", help="With --turn: to somebody else than whose turn it is.")
@click.option("--reason", default="", help="Why a turn is passed on, or why somebody left.")
def queue(
    line: tuple[str, ...], assigned: int | None, left: int | None, stylist: str | None, reason: str
) -> None:  # fmt: skip
    """Put a walk-in into the queue: queue kim cut. Alone it shows the queue and whose turn it is."""
    from frontdesk.services.waiting import walk_ins

    with open_desk() as desk:
        if assigned is not None:
            to = stylist_named(menu_of(desk), stylist).id if stylist else None
            wish = walk_ins.AssignWalkIn(walk_in_id=assigned, stylist_id=to, reason=reason, **asked().once())
            given = walk_ins.assign_walk_in(desk, wish)
            show(asked(), given, lambda: drawn_booking(desk, given.booked))
        elif left is not None:
            gone = walk_ins.leave_queue(desk, walk_ins.LeaveQueue(walk_in_id=left, reason=reason, **asked().once()))
            show(asked(), gone, lambda: [text(f"{gone.customer} has left the queue.")])
        elif line:
            joined = walk_ins.join_queue(desk, walk_ins.JoinQueue(text=words_of(line), **asked().once()))
            show(asked(), joined, lambda: _drawn_queue(desk, (joined,)))
        else:
            sheet = walk_ins.show_queue(desk, walk_ins.ShowQueue())
            show(asked(), sheet, lambda: [*_drawn_queue(desk, sheet.waiting), *_drawn_turns(desk, sheet.order, ())])


def _drawn_queue(desk: Desk, waiting: tuple[InQueue, ...]) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time

    zone = desk.shop.timezone
    rows = [
        (str(one.id), one.customer, one.service, one.asked_for or "", clock_time(one.joined_at, zone),
         f"{clock_time(one.starts_at, zone)} {one.stylist}" if one.starts_at else "not today",
         "" if one.wait_minutes is None else f"{one.wait_minutes}m")
        for one in waiting
    ]  # fmt: skip
    if rows:
        yield table(("Number", "Who", "Wants", "Asked for", "Came", "Begins", "In"), rows, right=("Number", "In"))
    else:
        yield text("Nobody waits for a turn.")


@click.command(cls=Writing)
@click.option("--skip", "skipped", metavar="STYLIST", help="Pass this one's turn on; say why.")
@click.option("--reason", default="", help="Why; everybody can read it.")
def turns(skipped: str | None, reason: str) -> None:
    """Whose turn it is, how often it was whose today, and which turns were passed on."""
    from frontdesk.services.waiting import turns

    with open_desk() as desk:
        if skipped:
            stylist_id = stylist_named(menu_of(desk), skipped).id
            sheet = turns.skip_turn(desk, turns.SkipTurn(stylist_id=stylist_id, reason=reason, **asked().once()))
        else:
            sheet = turns.show_turns(desk, turns.ShowTurns())
        show(asked(), sheet, lambda: _drawn_turns(desk, sheet.order, sheet.skipped))


def _drawn_turns(desk: Desk, order: tuple[TakesTurns, ...], skipped: tuple[Skipped, ...]) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time

    zone = desk.shop.timezone
    rows = [
        (one.name, f"{one.turns.normalize():f}", str(one.served), clock_time(one.last_at, zone) if one.last_at else "",
         "now" if one.is_free else clock_time(one.free_at, zone) if one.free_at else "not today")
        for one in order
    ]  # fmt: skip
    if rows:
        yield table(("Whose turn", "Turns", "Served", "Last", "Free"), rows, right=("Turns", "Served"))
    for one in skipped:
        yield text(f"{clock_time(one.at, zone)}  {one.stylist} passed over: {one.reason} ({one.by})")
