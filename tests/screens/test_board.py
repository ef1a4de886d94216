"""The floor on the screen: who is where and for how long, and the keys on them (features CI1, CI2, CI6, CI7, SV1)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.screens.board.screen import BoardScreen
from frontdesk.services.book.arrivals import AddAlert, add_alert
from frontdesk.services.book.fees import FindOpenFees, open_fees
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import ShowVisit, StepVisit, arrive, finish, go_on, show
from frontdesk.services.waiting.walk_ins import JoinQueue, join_queue
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.till import desk_of
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march

POLICY = SetPolicy(notice_minutes=24 * 60, late_percent=Decimal(50), no_show_percent=Decimal(100))


def a_busy_floor(ria: Desk, clock: SetClock) -> None:
    """At 10:40 Jane's colour processes, Kim waits too long, somebody sits in Bo's chair, Ola is to come, one pays."""
    jane = booked(ria, JANE, march(9, 9, 15), (COLOUR, ANNA)).appointment_id
    kim = booked(ria, KIM, march(9, 10, 15), (CUT, ANNA), overbook_reason="in her processing").appointment_id
    done = booked(ria, None, march(9, 9), (BLOW_DRY, BO), outside_hours=True).appointment_id
    sits = booked(ria, None, march(9, 10), (CUT, BO)).appointment_id
    booked(ria, OLA, march(9, 11), (CUT, BO))
    clock.set(march(9, 8))
    add_alert(ria, AddAlert(customer_id=OLA, words="ammonia", kind="allergy"))
    for hour, minute, act, visit in (
        (9, 0, go_on, done), (9, 20, go_on, jane), (9, 35, finish, done), (10, 0, go_on, jane), (10, 2, go_on, sits),
        (10, 20, arrive, kim),
    ):  # fmt: skip
        clock.set(march(9, hour, minute))
        act(ria, StepVisit(appointment_id=visit))
    clock.set(march(9, 10, 35))
    join_queue(ria, JoinQueue(text="pip cut with bo"))
    clock.set(march(9, 10, 40))


@each_size
async def test_the_floor_and_the_keys_on_it(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    clock = SetClock(march(9, 8))
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        ria = desk_of(desk)
        a_busy_floor(ria, clock)
        await desk.sign_in("mo")
        set_policy(desk.app.desk, POLICY)
        await desk.press("F")
        await until(desk, "Waiting")
        desk.shows("board")
        assert "20m" in desk.text
        assert "!! waits" in desk.text
        clock.set(march(9, 10, 41))
        desk.app._minute()
        await until(desk, "21m")

        await desk.press("s")
        await until(desk, "Kim Lee: in service.")
        await desk.press("question_mark")
        await until(desk, "Kim Lee's Cut runs until 11:30")
        await desk.press("escape")
        await desk.press("u")
        await until(desk, "Taken back: Kim Lee started.")

        await _go_to(desk, "Pip")
        await desk.press("a")
        await until(desk, "Pip has no chair yet. enter gives them to whose turn it is.")
        await desk.press("enter")
        await until(desk, "they keep their place.")

        await _go_to(desk, "Ola Berg")
        await desk.press("a")
        await until(desk, "ALLERGY: ammonia")
        desk.shows("board_card")
        await desk.press("s")
        await desk.press("enter")
        await until(desk, "Ola Berg: arrived 10:41 (19 min early).")
        await desk.press("x")
        await until(desk, "Cut: 50 % of £50.00")
        desk.shows("board_leaving")
        await desk.type("ill")
        await desk.press("enter", "enter", "enter")
        await until(desk, "Ola Berg: cancelled late, owes £25.00.")
        assert open_fees(ria, FindOpenFees(customer_id=OLA)).total == Decimal("25.00")
        await desk.press("u")
        await until(desk, "Taken back: Ola Berg")
        assert open_fees(ria, FindOpenFees(customer_id=OLA)).total == 0

        await desk.press("escape")
        await until(desk, lambda: desk.app.current_mode == "calendar")
        await desk.press("F")
        await until(desk, "Waiting")
        await _go_to(desk, "Jane Doe")
        await desk.press("enter")
        await until(desk, lambda: desk.app.current_mode == "calendar")
        await desk.settled()


async def _go_to(desk: Played, name: str) -> None:
    """Move the cursor until it is on somebody."""
    screen = desk.app.screen
    assert isinstance(screen, BoardScreen)
    for key in ("home", *["down"] * 8, "right", "home", *["down"] * 8, "right", "home", *["down"] * 4):
        if screen.row is not None and screen.row.customer == name:
            return
        await desk.press(key)
    raise AssertionError(f"{name} is nowhere on the board")


async def test_a_late_customer_is_nudged_marked_and_taken_back(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        ria = desk_of(desk)
        visit = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
        await desk.sign_in("mo")
        set_policy(desk.app.desk, POLICY)
        clock.set(march(9, 10, 14))
        await desk.press("F")
        await until(desk, "14m past")
        clock.set(march(9, 10, 15))
        desk.app._minute()
        await until(desk, "!! late 15")
        await desk.press("n")
        await until(desk, "Jane Doe did not come")
        await desk.press("alt+f", "ctrl+u")
        await desk.type("60")
        await desk.press("ctrl+s")
        await until(desk, "at most")
        await desk.press("alt+f", "ctrl+u")
        await desk.type("50")
        await desk.press("ctrl+s")
        await until(desk, "Jane Doe: no-show, owes £50.00.")
        assert open_fees(ria, FindOpenFees(customer_id=JANE)).total == Decimal("50.00")
        await desk.press("u")
        await until(desk, "!! late 15")
        assert open_fees(ria, FindOpenFees(customer_id=JANE)).total == 0
        arrive(ria, StepVisit(appointment_id=visit))
        desk.app.tell({"kind": "appointment.arrived", "id": visit, "by": ria.actor.user_id})
        await until(desk, "Ria checked in Jane Doe, 10:00.")
        await until(desk, "▸ a Jane Doe")
        await desk.settled()


async def test_an_overrun_proposes_moves_and_one_key_takes_them_back(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 10))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        ria = desk_of(desk)
        jane = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
        kim = booked(ria, KIM, march(9, 10, 45), (CUT, ANNA)).appointment_id
        go_on(ria, StepVisit(appointment_id=jane))
        await desk.sign_in()
        clock.set(march(9, 10, 54))
        await desk.press("F")
        await until(desk, "9 longer")
        await desk.press("question_mark")
        await until(desk, "By its plan it ends about 10:54, 9 minutes late.")
        await desk.press("escape")
        clock.set(march(9, 10, 55))
        desk.app._minute()
        await until(desk, "!! 10 over")
        await desk.press("question_mark")
        await until(desk, "Jane Doe's Cut runs until 11:05")
        desk.shows("board_overrun")
        await desk.press("enter")
        await until(desk, "2 visits shifted.")
        assert show(ria, ShowVisit(appointment_id=kim)).starts_at >= march(9, 11, 5)
        await desk.press("u")
        await until(desk, "Taken back")
        assert show(ria, ShowVisit(appointment_id=kim)).starts_at == march(9, 10, 45)
        assert show(ria, ShowVisit(appointment_id=jane)).ends_at == march(9, 10, 45)
