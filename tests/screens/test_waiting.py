"""Those who wait: the waitlist with offers, and the walk-in queue (features BK20, BK21, CI3, CI4, CI5)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.waiting.queue import QueueScreen
from frontdesk.screens.waiting.waitlist import WaitlistScreen
from frontdesk.services.book.visits import LeaveVisit, cancel
from frontdesk.services.classes.class_wishes import LeaveClass
from frontdesk.services.classes.classes import leave
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.waiting.turns import SkipTurn, skip_turn
from frontdesk.services.waiting.waitlist import AddToWaitlist, ListWaiting, add_to_waitlist, list_waiting
from frontdesk.services.waiting.walk_ins import JoinQueue, ShowQueue, join_queue, show_queue
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question
from tests import vale_street
from tests.screens.desk import Played, each_size, elsewhere, playing, soon
from tests.services.classes.test_classes import joined, planned, yoga
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march

pytestmark = pytest.mark.asyncio
TUESDAY = dt.date(2026, 3, 10)


def _some_wait(played: Played) -> None:
    yesterday = elsewhere(played, "ria", dt.datetime(2026, 3, 6, 16, 20, tzinfo=dt.UTC))
    add_to_waitlist(
        yesterday,
        AddToWaitlist(
            customer_id=JANE, service_ids=(CUT, BLOW_DRY), stylist_id=ANNA, first_day=dt.date(2026, 3, 9),
            last_day=dt.date(2026, 3, 20), weekdays=(2, 5), not_before=dt.time(15), note="Call after six,\nnot before",
        ),
    )  # fmt: skip
    ria = elsewhere(played, "ria", vale_street.NOW)
    add_to_waitlist(ria, AddToWaitlist(customer_id=KIM, service_ids=(CUT,), first_day=TUESDAY, last_day=TUESDAY))
    add_to_waitlist(ria, AddToWaitlist(customer_id=OLA, service_ids=(COLOUR,), stylist_id=BO, over_by=dt.time(11)))
    add_to_waitlist(ria, AddToWaitlist(guest_name="[/b] Zoë 山田", service_ids=(CUT,)))


@each_size
async def test_the_waitlist_is_read_at_a_glance(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("ria")
        await desk.press("w")
        assert "Nobody waits. + puts somebody on the list" in desk.text
        _some_wait(desk)
        desk.app.screen.show_anew()  # type: ignore[attr-defined]
        await desk.settled()
        desk.shows("waitlist")
        await desk.press("down", "O")
        await soon(desk, lambda: "is held for Kim Lee until 09:10" in desk.text)
        desk.shows("waitlist_offer")


@each_size
async def test_the_queue_is_read_at_a_glance(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size, clock=SetClock(march(9, 10, 7))) as desk:
        await desk.sign_in("ria")
        ria = elsewhere(desk, "ria", march(9, 10, 2))
        booked(ria, JANE, march(9, 10, 5), (COLOUR, ANNA))
        for line in ("ola colour with bo", "zoe cut", "[/b]ann blow-dry"):
            join_queue(ria, JoinQueue(text=line))
        skip_turn(ria, SkipTurn(stylist_id=BO, reason="[/b] on the phone"))
        await desk.press("q")
        await desk.type("kim cut")
        await soon(desk, lambda: "enter puts them in the queue" in desk.text and desk.looks("queue"))
        desk.shows("queue")


async def test_a_walk_in_takes_eight_keys_and_an_enter_and_another_enter_gives_a_turn(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, clock=SetClock(march(9, 10))) as desk:
        await desk.sign_in("ria")
        await desk.press("q")
        await desk.type("kim cut")
        await desk.press("enter")
        await soon(desk, lambda: "Kim Lee is in the queue for Cut: Anna is free now" in desk.text)
        (kim,) = show_queue(elsewhere(desk, "ria", march(9, 10)), ShowQueue()).waiting
        assert (kim.customer_id, kim.stylist, kim.wait_minutes) == (KIM, "Anna", 0)
        await desk.press("enter")
        await soon(desk, lambda: "Kim Lee is with Anna now, until 10:45" in desk.text)
        assert "Whose turn   Bo 0  free   Anna 1  at 10:45" in desk.text
        # A second one is Bo's; given to Anna it needs a reason, and Anna is not free: the estimate says when.
        # The line is still there, so that the letters of whoever comes next never act on the list.
        await desk.type("ola cut")
        await desk.press("enter")
        await soon(desk, lambda: "Ola Berg is in the queue" in desk.text)
        await desk.press("down", "G")
        await soon(desk, lambda: isinstance(desk.app.screen, Question))
        assert "Who takes Ola Berg, Cut?" in desk.text
        await desk.press("escape", "S")
        await soon(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("at lunch")
        await desk.press("enter")
        await soon(desk, lambda: "Bo passed over: at lunch" in desk.text)
        await desk.press("x")
        await soon(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.press("enter")
        assert "That needs a reason." in desk.text
        await desk.type("too long")
        await desk.press("enter")
        await soon(desk, lambda: "Ola Berg has left the queue." in desk.text)
        assert "Nobody waits for a turn." in desk.text
        await desk.press("u")
        await soon(desk, lambda: "Kim Lee" in desk.text and "now, " in desk.text)
        # A name that two have is one question; somebody else of that name is a guest.
        add_customer(elsewhere(desk, "ria"), AddCustomer(first_name="Kim", last_name="Poe"))
        await desk.press("q")
        await desk.type("kim blow")
        await desk.press("enter")
        await soon(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("3")
        await soon(desk, lambda: "Kim is in the queue for Blow-dry" in desk.text)
        await desk.press("escape", "escape")
        await soon(desk, lambda: not isinstance(desk.app.screen, QueueScreen))


async def test_somebody_is_put_on_the_list_offered_what_came_free_and_booked(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(vale_street.NOW)
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in("ria")
        ria = elsewhere(desk, "ria")
        visits = [booked(ria, None, march(9, hour), (CUT, ANNA)).appointment_id for hour in range(9, 17)]
        await desk.press("w", "plus")
        await soon(desk, lambda: isinstance(desk.app.screen, Form))
        await desk.type("kim")
        await soon(desk, lambda: "Kim Lee" in desk.text)
        await desk.press("enter")
        await desk.type("cut")
        await desk.press("enter")
        await desk.type("anna")
        await desk.press("enter", "enter")
        await desk.type("today")
        await desk.press("ctrl+s")
        await soon(desk, lambda: "Kim Lee waits for Cut." in desk.text)
        add_to_waitlist(ria, AddToWaitlist(guest_name="Zoe", service_ids=(CUT,), last_day=dt.date(2026, 3, 9)))
        (kim, _) = list_waiting(ria, ListWaiting()).waiting
        assert (kim.customer_id, kim.stylist, kim.last_day, kim.fits_at) == (KIM, "Anna", dt.date(2026, 3, 9), None)
        await desk.press("escape")
        # Another desk cancels: who fits is told here within a second.
        cancel(elsewhere(desk, "mo"), LeaveVisit(appointment_id=visits[4], reason="Ill"))
        await desk.app.tell({"kind": "appointment.cancelled", "id": visits[4], "by": 4}).wait()
        assert "2 waiting fit: w shows who." in desk.text.replace("\n ", "")
        await desk.press("w", "home", "O")
        await soon(desk, lambda: "12:45 with Anna is held for Kim Lee until 09:10" in desk.text)
        clock.set(march(9, 9, 11))
        desk.app.screen.show_anew()  # type: ignore[attr-defined]
        await desk.settled()
        assert "Kim Lee did not answer. Next: Zoe" in desk.text
        await desk.press("down", "O")
        await soon(desk, lambda: "12:45 with Anna is held for Zoe until 09:21" in desk.text)
        await desk.press("O")
        await soon(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("t")
        await soon(desk, lambda: "Booked Zoe, Cut, Mon 9 Mar 12:45 with Anna" in desk.text)
        await desk.press("u")
        await soon(desk, lambda: "Zoe" in desk.text and "Taken back" in desk.text)
        assert isinstance(desk.app.screen, WaitlistScreen)
        await desk.press("home", "enter")
        await soon(desk, lambda: "Booked Kim Lee, Cut, Mon 9 Mar 12:45 with Anna" in desk.text)
        # Who waits for a seat in a class gets it with enter, too.
        mo = elsewhere(desk, "mo", clock.now())
        session = planned(mo, yoga(mo, seats=1))
        seat = joined(mo, session, JANE)
        joined(mo, session, OLA)
        desk.app.screen.show_anew()
        await desk.settled()
        await desk.press("end", "enter")
        await soon(desk, lambda: "Ola Berg wants a seat in Yoga, which is full." in desk.text)
        assert seat.appointment_id is not None
        leave(mo, LeaveClass(appointment_id=seat.appointment_id, reason="Ill"))
        desk.app.screen.show_anew()
        await desk.settled()
        assert "1 seat free" in desk.text
        await desk.press("enter")
        await soon(desk, lambda: "Ola Berg has seat 1 of Yoga" in desk.text)
