"""What a typed line wishes, carried out on the calendar: one function for each verb (features N1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from frontdesk.clock import local
from frontdesk.screens.messages import PayFor
from frontdesk.screens.visits import arrival, leaving, proposal
from frontdesk.screens.visits.series import book_again, booked_said
from frontdesk.services.book import visits
from frontdesk.services.book.booking import book, move
from frontdesk.services.book.late_customers import propose_customer_late
from frontdesk.services.book.reshuffling import ApplyProposal, apply_proposal, propose_late, propose_sick
from frontdesk.services.book.swapping import swap
from frontdesk.services.phrases import line_wishes as wishes
from frontdesk.services.team.shop_hours import block_time
from frontdesk.services.waiting.waitlist import add_to_waitlist, book_from_waitlist
from frontdesk.services.waiting.walk_ins import join_queue
from frontdesk.widgets.modal import Answer, Question

if TYPE_CHECKING:
    from frontdesk.screens.calendar.bookings import Bookings


async def carry_out(screen: Bookings, wish: wishes.LineWish) -> bool:
    """Do what was typed. False when it was refused or thought better of: the line keeps its words."""
    return await _VERBS[type(wish)](screen, wish)


def _tell(screen: Bookings, words: str) -> None:
    screen.say(words)
    screen.show_anew()


async def _book(screen: Bookings, wish: wishes.BookVisit) -> bool:
    return await screen.place(book, wish.request)


async def _move(screen: Bookings, wish: wishes.MoveVisit) -> bool:
    return await screen.place(move, wish.request)


async def _cancel(screen: Bookings, wish: wishes.CancelVisit) -> bool:
    on = leaving.OnLine(
        wish.appointment_id, wish.line_id, wish.customer, wish.services, wish.starts_at, 2 if wish.line_ids else 1
    )
    left = await leaving.cancel(screen, on)
    if left is None:
        return False
    _tell(screen, f"Cancelled {left.customer}." + (" Who was overbooked has the time now." if left.protected else ""))
    screen.go_to(local(wish.starts_at, screen.desk.shop.timezone).date(), wish.starts_at)
    return True


async def _swap(screen: Bookings, wish: wishes.SwapTwo) -> bool:
    swapped = await screen.write(swap, wish.request)
    if swapped is None:
        return False
    one, other = swapped.visits[0], swapped.visits[-1]
    times = f"{one.customer} {screen.wall(one.starts_at)}, {other.customer} {screen.wall(other.starts_at)}"
    _tell(screen, f"Swapped: {times}.")
    screen.go_to(local(one.starts_at, screen.desk.shop.timezone).date(), one.starts_at, visit=one.appointment_id)
    return True


async def _wait(screen: Bookings, wish: wishes.WaitFor) -> bool:
    waiting = await screen.write(add_to_waitlist, wish.request)
    if waiting is None:
        return False
    _tell(screen, f"{waiting.customer} waits for {waiting.what}.")
    return True


async def _book_from_list(screen: Bookings, wish: wishes.BookFromList) -> bool:
    booked = await screen.write(book_from_waitlist, wish.request)
    if booked is None:
        return False
    screen.booked(booked)
    return True


async def _join(screen: Bookings, wish: wishes.Join) -> bool:
    joined = await screen.write(join_queue, wish.request)
    if joined is None:
        return False
    wait = f", about {joined.wait_minutes}m" if joined.wait_minutes is not None else ""
    _tell(screen, f"{joined.customer} waits for a turn: {joined.service}{wait}.")
    return True


async def _block(screen: Bookings, wish: wishes.BlockStylist) -> bool:
    if await screen.write(block_time, wish.request) is None:
        return False
    starts_at = wish.request.starts_at
    _tell(screen, f"{wish.request.name or 'Kept free'}, {screen.wall(starts_at)}–{screen.wall(wish.request.ends_at)}.")
    screen.go_to(local(starts_at, screen.desk.shop.timezone).date(), starts_at)
    return True


async def _be_ill(screen: Bookings, wish: wishes.BeIll) -> bool:
    """One day after the other: each is looked at, thinned out and applied by itself."""
    for request in wish.days:
        if await proposal.offer(screen, await screen.ask(propose_sick, request)) is None:
            return False
        screen.go_to(request.day or screen.desk.today)
    return True


async def _come_late(screen: Bookings, wish: wishes.ComeLate) -> bool:
    found = await screen.ask(propose_late, wish.request)
    if not found.visits:
        _tell(screen, f"{found.title}: nobody has to be told another time.")
        return True
    if await proposal.offer(screen, found) is None:
        return False
    screen.go_to(screen.desk.today)
    return True


async def _customer_late(screen: Bookings, wish: wishes.CustomerLate) -> bool:
    """Each way by its number; what it means for others is said with it."""
    late = await screen.ask(propose_customer_late, wish.request)
    answers = [
        Answer(str(number), f"{way.says}. Call {way.call}" if way.call and not screen.app.private else way.says, way)
        for number, way in enumerate(late.ways[:9], start=1)
    ]
    title = f"{late.customer} comes {wish.request.minutes} minutes late, at {screen.wall(late.expected_at)}."
    way = await screen.app.wait_for(Question(title, answers))
    if way is None:
        return False
    if not way.steps:
        screen.say(f"{late.customer}: {way.says}.", "amber")
    else:
        applied = await screen.write(apply_proposal, ApplyProposal(steps=way.steps, reason="late"))
        if applied is None:
            return False
        _tell(screen, f"{late.customer}: {way.says}.")
    screen.go_to(screen.desk.today, way.starts_at or wish.starts_at, visit=late.appointment_id)
    return True


async def _step(screen: Bookings, wish: wishes.StepOf) -> bool:
    """As the keys on a visit do it: who arrives has a card, who does not come may owe something."""
    if wish.what == "pay":
        screen.app.pass_on("checkout", PayFor(wish.appointment_id))
        return True
    if wish.what == "no-show":
        on = leaving.OnLine(wish.appointment_id, wish.line_id, wish.customer, wish.services, wish.starts_at)
        stepped = await leaving.no_show(screen, on)
    elif wish.what == "arrive":
        stepped = await arrival.arrive(screen, wish.appointment_id)
    else:
        service = {"confirm": visits.confirm, "start": visits.start, "finish": visits.finish}[wish.what]
        stepped = await screen.write(service, visits.StepVisit(appointment_id=wish.appointment_id))
    if stepped is None:
        return False
    _tell(screen, f"{stepped.customer}: {stepped.status.words}.")
    _show(screen, wish)
    if wish.what == "arrive":
        await arrival.show_card(screen, wish.appointment_id)
    return True


async def _go_to_visit(screen: Bookings, wish: wishes.GoVisit) -> bool:
    _show(screen, wish)
    return True


def _show(screen: Bookings, wish: wishes.StepOf | wishes.GoVisit) -> None:
    day = local(wish.starts_at, screen.desk.shop.timezone).date()
    screen.go_to(day, wish.starts_at, visit=wish.appointment_id)


async def _go(screen: Bookings, wish: wishes.GoDay) -> bool:
    screen.go_to(wish.day)
    return True


async def _take_back(screen: Bookings, wish: wishes.TakeBack) -> bool:
    await (screen.do_redo() if wish.again else screen.do_undo())
    return True


async def _again(screen: Bookings, wish: wishes.BookAgain) -> bool:
    sheet = await book_again(screen, wish.request)
    if sheet is None:
        return False
    _tell(screen, booked_said(sheet))
    screen.go_to(wish.request.first.date())
    return True


_VERBS: dict[type[Any], Callable[[Any, Any], Awaitable[bool]]] = {
    wishes.BookVisit: _book,
    wishes.BookAgain: _again,
    wishes.MoveVisit: _move,
    wishes.CancelVisit: _cancel,
    wishes.SwapTwo: _swap,
    wishes.WaitFor: _wait,
    wishes.BookFromList: _book_from_list,
    wishes.Join: _join,
    wishes.BeIll: _be_ill,
    wishes.ComeLate: _come_late,
    wishes.CustomerLate: _customer_late,
    wishes.BlockStylist: _block,
    wishes.StepOf: _step,
    wishes.GoVisit: _go_to_visit,
    wishes.GoDay: _go,
    wishes.TakeBack: _take_back,
}
