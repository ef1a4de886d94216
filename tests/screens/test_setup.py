"""The first time: from an empty database to a shop that takes a booking, with the keyboard alone."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from frontdesk.db.server import Handle
from frontdesk.permissions import Role
from frontdesk.screens.setup.screen import SetUpScreen
from frontdesk.services.availability import FindFree, find_free
from frontdesk.services.booking import BookAppointment, BookLine, book
from frontdesk.services.customers import AddCustomer, add_customer
from frontdesk.services.menu import ShowMenu, show_menu
from frontdesk.services.taxes import ListTaxes, list_taxes
from tests.screens.desk import Played, each_size, playing

pytestmark = pytest.mark.asyncio

PASSWORD = "correct horse"


@pytest.fixture
def nothing(server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database without a business, on a machine that stands in Berlin and speaks English."""
    with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
        connection.execute("TRUNCATE businesses RESTART IDENTITY CASCADE")
    for name, value in (("TZ", "Europe/Berlin"), ("LC_ALL", "en_GB.UTF-8"), ("USER", "ada")):
        monkeypatch.setenv(name, value)
    return committed


async def _until(played: Played, is_so: Callable[[], bool]) -> None:
    """Wait for what happens aside."""
    async with asyncio.timeout(30):
        while not is_so():
            await played.pilot.pause(0.01)
    await played.settled()


def _page(played: Played) -> str:
    screen = played.app.screen
    assert isinstance(screen, SetUpScreen)
    return screen.step.title


@each_size
async def test_enter_after_enter_makes_a_working_shop(
    server: Handle, nothing: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, nothing, tmp_path, size=size) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        desk.shows("setup_business")
        await desk.press("enter")
        await desk.type("Vale")
        await desk.press("enter", "enter", "enter")
        desk.shows("setup_place")
        await desk.press(*["enter"] * 4)
        desk.shows("setup_tax")
        await desk.press(*["enter"] * 3)
        desk.shows("setup_hours")
        await desk.press(*["enter"] * 7)
        await desk.press("enter", "enter")
        await desk.type(PASSWORD)
        await desk.press("enter")
        await desk.type(PASSWORD)
        await desk.press("enter", "enter", "enter")
        assert _page(desk) == "The others"
        desk.shows("setup_people")
        await desk.press("enter")
        desk.shows("setup_ready")
        await desk.press("enter")
        await _until(desk, lambda: desk.app.is_signed_in)
        assert desk.app.current_mode == "calendar"
        assert desk.app.desk.actor.role is Role.ADMIN

        # What was made: a menu with German prices and tax, the admin's own column, this terminal.
        here = desk.app.desk
        assert (here.shop.timezone, here.shop.currency, here.shop.locale) == ("Europe/Berlin", "EUR", "en_DE")
        assert [(tax.name, str(tax.percent.normalize())) for tax in list_taxes(here, ListTaxes()).taxes] == [
            ("MwSt", "19")
        ]
        kept = tmp_path / "terminal"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert kept.read_text().strip() == desk.app.terminal_secret
        cut = show_menu(here, ShowMenu()).services[0]
        free = find_free(here, FindFree(service_id=cut.id)).times[0]
        jane = add_customer(here, AddCustomer(first_name="Jane"))
        line = BookLine(service_id=cut.id, stylist_id=free.stylist_id)
        made = book(here, BookAppointment(customer_id=jane.id, starts_at=free.starts_at, lines=(line,)))
        assert made.code
