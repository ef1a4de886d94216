"""The classes of a day at the desk: planned, joined, arrived, left, given to who waits, called off (features BK22)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.classes.screen import ClassesScreen
from frontdesk.screens.visits.arrival import CardSheet
from frontdesk.services.classes.class_wishes import JoinClass, PlanSession
from frontdesk.services.classes.classes import join, plan_session
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Sheet
from tests.screens.desk import Played, each_size, elsewhere, playing, shown, soon
from tests.services.desks import ANNA, BO, JANE, KIM, march


def _yoga(played: Played, seats: int = 3) -> int:
    """A class with a room, and a class that is full already."""
    parts = (ServicePartWish(kind="active", minutes=60, holds=("lead", "room")),)
    wish = AddService(name="Yoga", code="YOGA", price=Decimal(15), parts=parts, kind="class", seats=seats)
    return add_service(elsewhere(played, "mo"), wish).id


@each_size
async def test_a_day_of_classes(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        ria = elsewhere(desk, "ria")
        service = _yoga(desk)
        early = PlanSession(service_id=service, stylist_id=ANNA, first=march(9, 10))
        late = PlanSession(service_id=service, stylist_id=BO, first=march(9, 17), seats=8)
        (yoga, _) = plan_session(ria, early).sessions[0], plan_session(ria, late)
        for customer, guest in ((JANE, ""), (None, "[/b] 山田🙂 Ann"), (None, "Walk-in"), (KIM, "")):
            join(ria, JoinClass(session_id=yoga.id, customer_id=customer, guest_name=guest))
        await desk.sign_in("ria")
        await desk.press("Y")
        await shown(desk, ClassesScreen)
        await desk.press("a")
        await soon(desk, lambda: "Go to a seat first: enter leads to them." in desk.text)
        await desk.press("enter", "a")
        await soon(desk, lambda: isinstance(desk.app.screen, CardSheet) or "is here" in desk.text)
        if isinstance(desk.app.screen, CardSheet):
            await desk.press("enter")
            await shown(desk, ClassesScreen)
        desk.shows("classes")
        await desk.press("down", "x")
        await shown(desk, Form)
        await desk.type("ill")
        await desk.press("ctrl+s")
        await shown(desk, ClassesScreen)
        await soon(desk, lambda: "Kim Lee waits for it: enter on their row gives it to them." in _flat(desk))
        await desk.press("end", "enter")
        await soon(desk, lambda: "Kim Lee: seat 2 in Yoga." in desk.text)
        await desk.press("escape", "escape")
        await shown(desk, CalendarScreen)
        await desk.press(*["down"] * 4, "enter")
        await shown(desk, ClassesScreen)
        await soon(desk, lambda: "3 of 3 seats" in desk.text)
        await desk.press("escape", "x")
        await shown(desk, Form)
        await desk.type("anna is away")
        await desk.press("ctrl+s")
        await shown(desk, Sheet)
        assert "Whom to call" in desk.text
        await desk.press("escape")
        await soon(desk, lambda: "10:00–11:00" not in desk.text)
        await desk.press("u")
        await soon(desk, lambda: "10:00–11:00" in desk.text)


async def test_a_class_is_planned_and_joined_by_keyboard(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        _yoga(desk)
        await desk.sign_in("ria")
        await desk.press("Y")
        await shown(desk, ClassesScreen)
        assert "No class this day. b plans one." in desk.text
        await desk.press("b")
        await shown(desk, Form)
        await desk.type("anna")
        await desk.press("enter")
        await desk.type("thu 14:00")
        await desk.press("enter")
        await desk.type("weekly x8")
        await desk.press("ctrl+s")
        await soon(desk, lambda: "Planned Yoga with Anna, Thu 12 Mar 14:00, 8 times." in _flat(desk))
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("kim")
        await desk.press("enter", "ctrl+s")
        await soon(desk, lambda: "Kim Lee: seat 1 in Yoga." in desk.text)
        await desk.press("m")
        await shown(desk, Form)
        await desk.press("end", "ctrl+u")
        await desk.type("thu 15:00")
        await desk.press("ctrl+s")
        await shown(desk, Sheet)
        assert "Kim Lee" in desk.text
        await desk.press("escape")
        await soon(desk, lambda: "15:00–16:00" in desk.text)


def _flat(desk: Played) -> str:
    return " ".join(desk.text.split())
