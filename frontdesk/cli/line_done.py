"""What a typed line wished other than a booking, carried out and told (features N1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Once, asked
from frontdesk.cli.booked import drawn_booking
from frontdesk.cli.insisting import Insisted
from frontdesk.cli.output import say, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.phrases.line_wishes import LineWish
    from frontdesk.services.series.series_wishes import PlanSeries, SeriesSheet


@dataclass(frozen=True)
class Done:
    """What a service answered, and how it is shown."""

    answer: Any
    drawn: Sequence[RenderableType]


def carry_out(desk: Desk, wish: LineWish, insisted: Insisted, reason: str) -> Done:
    """Hand the wish's request to its service. Raises what the service refuses; usage for what only a screen can do."""
    from frontdesk.services.book import visits
    from frontdesk.services.book.booking import move
    from frontdesk.services.book.swapping import swap
    from frontdesk.services.phrases import line_wishes as wishes
    from frontdesk.services.team.shop_hours import block_time
    from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
    from frontdesk.services.waiting.waitlist import add_to_waitlist, book_from_waitlist
    from frontdesk.services.waiting.walk_ins import join_queue

    once = asked().once()
    match wish:
        case wishes.MoveVisit(request):
            moved = move(desk, replace(request, **insisted.at(desk), **once))
            return Done(moved, list(drawn_booking(desk, moved)))
        case wishes.BookFromList(request):
            booked = book_from_waitlist(desk, replace(request, **once))
            return Done(booked, list(drawn_booking(desk, booked)))
        case wishes.CancelVisit():
            leave = visits.LeaveVisit(appointment_id=wish.appointment_id, line_ids=wish.line_ids, reason=reason, **once)
            left = visits.cancel(desk, leave)
            return _told(left, f"{left.customer}: {left.status.words}.")
        case wishes.SwapTwo(request):
            swapped = swap(desk, replace(request, **insisted.at(desk), **once))
            names = " and ".join(visit.customer for visit in swapped.visits)
            return _told(swapped, f"Swapped {names}.")
        case wishes.WaitFor(request):
            waiting = add_to_waitlist(desk, replace(request, **once))
            return _told(waiting, f"{waiting.customer} waits for {waiting.what}.")
        case wishes.Join(request):
            joined = join_queue(desk, replace(request, **once))
            return _told(joined, f"{joined.customer} waits for a turn: {joined.service}.")
        case wishes.BlockStylist(request):
            blocked = block_time(desk, replace(request, **once))
            return _told(blocked, "Kept free.")
        case wishes.BookAgain(request):
            sheet = _again(desk, request, once)
            return _told(sheet, f"Booked {sheet.customer}, {sheet.words}.")
        case wishes.TakeBack(again):
            undone = redo_last(desk, RedoLast(**once)) if again else undo_last(desk, UndoLast(**once))
            return _told(undone, undone.sentence)
        case wishes.StepOf(what) if what in ("confirm", "arrive", "start", "finish"):
            service = getattr(visits, what)
            stepped = service(desk, visits.StepVisit(appointment_id=wish.appointment_id, **once))
            return _told(stepped, f"{stepped.customer}: {stepped.status.words}.")
        case wishes.GoDay(day):
            raise click.UsageError(f"Days are looked at with frontdesk day {day}.")
        case _:
            raise click.UsageError("That is decided on the screen: open the desk and type it there, after a colon.")


def _again(desk: Desk, plan: PlanSeries, once: Once) -> SeriesSheet:
    """Every date is said; all of them are booked, or the service refuses and names those in the way."""
    from frontdesk.services.series.series import BookSeries, book_series, plan_series

    for one in plan_series(desk, plan).dates:
        say(f"{one.number:>3}  {one.wall:%a %d %b %Y %H:%M}  {one.words}")
    return book_series(desk, BookSeries(**{field.name: getattr(plan, field.name) for field in fields(plan)}, **once))


def _told(answer: object, sentence: str) -> Done:
    return Done(answer, [text(sentence)])
