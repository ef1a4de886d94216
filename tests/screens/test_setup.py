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
from frontdesk.screens.setup import choices
from frontdesk.screens.setup.screen import SetUpScreen
from frontdesk.screens.setup.tax_page import with_article
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.people import sign_in
from frontdesk.services.people.people import ListTerminals, ListUsers, list_terminals, list_users
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.shop.taxes import ListTaxes, list_taxes
from frontdesk.services.team.stylists import ListStylists, list_stylists
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
    async with asyncio.timeout(90):
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
        await desk.press("ctrl+s")
        await _until(desk, lambda: desk.text.count("enter makes the shop") == 2)
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


async def test_what_is_refused_stays_typed_and_everything_can_be_changed(
    server: Handle, nothing: str, tmp_path: Path
) -> None:
    async with playing(server, nothing, tmp_path) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        await desk.press("enter")
        await desk.type("[/b] Ann's")
        await desk.press("ctrl+s")

        # A city by the beginning of its name; country, money and writing follow. Nonsense is not taken.
        await desk.type("xyzzy")
        await desk.press("enter")
        assert 'There is no "xyzzy" to choose here.' in desk.text
        await desk.press(*["backspace"] * 5)
        await desk.type("new york")
        await desk.press("enter")
        assert "US Dollar (USD)" in desk.text
        assert "English (United States)" in desk.text
        await desk.press("ctrl+s")
        assert "Sales tax differs by state and city" in " ".join(desk.text.split())
        await desk.press("enter")
        await desk.type("eight")
        await desk.press("ctrl+s")
        assert "is not a number" in desk.text
        await desk.press(*["backspace"] * 5)
        await desk.type("8.875")
        await desk.press("ctrl+s")

        # Hours that can't be are marked on their day.
        await desk.type("18-9")
        await desk.press("ctrl+s")
        assert "Monday would end at 09:00" in desk.text
        assert [row.id for row in desk.app.screen.query(".-wrong")] == ["row-mon"]
        await desk.press(*["backspace"] * 4)
        await desk.type("closed")
        await desk.press("enter")
        await desk.type("10-14, 15-19")
        await desk.press("ctrl+s")

        # The admin: two passwords that differ, then the same.
        await desk.type("Ada Lovelace")
        await desk.press("enter", "enter")
        await desk.type("short")
        await desk.press("ctrl+s")
        assert "A password has at least 10 characters." in desk.text
        await desk.press(*["backspace"] * 5)
        await desk.type(PASSWORD)
        await desk.press("enter")
        await desk.type("something else")
        await desk.press("ctrl+s")
        assert "The two passwords differ." in desk.text
        await desk.press(*["backspace"] * 14)
        await desk.type(PASSWORD)
        await desk.press("enter")
        await desk.type("4711")
        await desk.press("enter")
        await desk.type("no")
        await desk.press("enter")

        # Back and on again: everything is as it was typed.
        await desk.press("escape", "escape")
        assert "10-14, 15-19" in desk.text
        await desk.press("ctrl+s", "ctrl+s")
        assert _page(desk) == "The others"
        await desk.press("enter")
        assert "Nobody serves yet." in desk.text
        for keys in (("Ada", "sty", "", "tue-fri 10-18"), ("Ria", "rec", "1111", None), ("Zoe", "tr", "2", None)):
            name, part, pin, week = keys
            await desk.type(name)
            await desk.press("enter")
            await desk.type(part)
            await desk.press("enter")
            await desk.type(pin)
            await desk.press("enter")
            if week:
                await desk.type(week)
                await desk.press("enter")
        assert "A PIN has four to eight digits." in desk.text
        desk.shows("setup_refused")
        await desk.type("222")
        await desk.press("enter", "ctrl+r")
        assert "Zoe is taken off." in desk.text
        await desk.press("enter", "enter")
        await _until(desk, lambda: desk.app.is_signed_in)

        here = desk.app.desk
        assert (here.shop.name, here.actor.name) == ("[/b] Ann's", "Ada Lovelace")
        assert [str(tax.percent.normalize()) for tax in list_taxes(here, ListTaxes()).taxes] == ["8.875"]
        (ada,) = list_stylists(here, ListStylists()).stylists
        assert [(shift.weekday, f"{shift.starts:%H}-{shift.ends:%H}") for shift in ada.shifts] == [
            (day, "10-18") for day in (2, 3, 4, 5)
        ]
        assert [person.login for person in list_users(here, ListUsers()).people] == ["ada", "ria"]
        # A PIN is enough here now, and nothing of the setup lies about.
        sessions, secret = desk.app.backstage.sessions, desk.app.terminal_secret
        assert sign_in.sign_in(sessions, login="ria", secret="1111", method="pin", terminal_secret=secret)
        assert sign_in.sign_in(sessions, login="ada", secret="4711", method="pin", terminal_secret=secret)
        assert not list((tmp_path / "drafts").rglob("*.json"))


async def test_a_setup_that_was_interrupted_goes_on_without_its_secrets(
    server: Handle, nothing: str, tmp_path: Path
) -> None:
    async with playing(server, nothing, tmp_path) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        await desk.press("enter")
        await desk.type("Vale")
        await desk.press("ctrl+s", "ctrl+s", "ctrl+s", "ctrl+s", "enter", "enter")
        await desk.type(PASSWORD)
        await _until(desk, lambda: "Vale" in "".join(p.read_text() for p in (tmp_path / "drafts").rglob("*.json")))
    assert PASSWORD not in "".join(path.read_text() for path in (tmp_path / "drafts").rglob("*.json"))
    async with playing(server, nothing, tmp_path) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        assert "What was typed before is kept" in desk.text
        assert "Vale" in desk.text


async def test_what_is_made_stays_made_when_the_last_part_fails(server: Handle, nothing: str, tmp_path: Path) -> None:
    async with playing(server, nothing, tmp_path) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        await desk.press("ctrl+s", "ctrl+s", "ctrl+s", "ctrl+s", "enter", "enter")
        await desk.type(PASSWORD)
        await desk.press("enter")
        await desk.type(PASSWORD)
        await desk.press("ctrl+s")
        await desk.type("Ada")
        await desk.press("enter", "enter", "enter", "enter")
        assert "Ada is you." in desk.text
        await desk.press(*["backspace"] * 3)
        await desk.type("Bo")
        await desk.press("enter", "enter", "enter", "enter", "enter")
        # The file of the terminal's secret can't be written: a folder lies in its place.
        (tmp_path / "terminal" / "full").mkdir(parents=True)
        await desk.press("enter")
        await _until(desk, lambda: "can't be written" in " ".join(desk.text.split()))
        assert not desk.app.is_signed_in
        (tmp_path / "terminal" / "full").rmdir()
        (tmp_path / "terminal").rmdir()
        await desk.press("enter")
        await _until(desk, lambda: desk.app.is_signed_in)
        here = desk.app.desk
        assert [one.name for one in list_stylists(here, ListStylists()).stylists] == ["Ada", "Bo"]
        assert len(show_menu(here, ShowMenu()).services) == 28
        assert len(list_terminals(here, ListTerminals()).terminals) == 1


async def test_setting_up_survives_a_window_of_any_size(server: Handle, nothing: str, tmp_path: Path) -> None:
    async with playing(server, nothing, tmp_path) as desk:
        await _until(desk, lambda: isinstance(desk.app.screen, SetUpScreen))
        await desk.press("enter")
        await desk.type("Vale")
        for width, height in ((1, 1), (200, 60), (40, 10), (120, 36), (80, 24)):
            await desk.pilot.resize_terminal(width, height)
            await desk.settled()
        assert "Vale" in desk.text
        assert _page(desk) == "The business"


@pytest.mark.parametrize(
    ("typed", "first"),
    [("berlin", "Europe/Berlin"), ("germany", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC")],
)
async def test_a_zone_is_found_by_its_city_or_its_country(typed: str, first: str) -> None:
    assert (await choices.zones()(typed))[0].value == first


async def test_a_country_is_named_as_a_sentence_names_it() -> None:
    said = [with_article(country) for country in ("United Kingdom", "Netherlands", "Czechia", "Faroe Islands")]
    assert said == ["the United Kingdom", "the Netherlands", "Czechia", "the Faroe Islands"]


async def test_money_and_writing_are_found_by_their_names() -> None:
    assert (await choices.currencies()("eur"))[0].value == "EUR"
    assert (await choices.currencies()("british"))[0].value == "GBP"
    assert (await choices.countries()("de"))[0].label == "Germany"
    assert [offer.value for offer in (await choices.locales("AT")(""))[:2]] == ["en_AT", "de_AT"]
