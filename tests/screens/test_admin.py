"""The admin screen: its rooms, what may be done in them and by whom, and what is lost before it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from frontdesk.db.server import Handle
from frontdesk.errors import BadInput
from frontdesk.screens.admin.parts import parts_meant, parts_words
from frontdesk.screens.admin.rooms import ROOMS
from frontdesk.screens.admin.screen import AdminScreen
from frontdesk.screens.visits.stranded import StrandedList
from frontdesk.services.menu.addons import ListAddons, list_addons
from frontdesk.services.menu.catalogue import (
    EditService,
    ListServices,
    ServicePartCard,
    ServicePartWish,
    edit_service,
    list_services,
)
from frontdesk.services.menu.levels import ListLevels, list_levels
from frontdesk.services.people.people import ListUsers, list_users
from frontdesk.services.people.sign_in import sign_in
from frontdesk.services.shop.taxes import ListTaxes, list_taxes
from frontdesk.services.stock.products import AddProduct, add_product
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests.screens.desk import TERMINAL, Played, each_size, elsewhere, playing, shown, soon
from tests.services.desks import JANE, booked, march


async def _enter(played: Played, room: str) -> None:
    """Into a room, from wherever one is."""
    await played.press("f7", "escape", "home", *["down"] * [one.NAME for one in ROOMS].index(room), "enter")
    await soon(played, lambda: _is_in(played, room))


def _is_in(played: Played, room: str) -> bool:
    """Whether the room's own list is there: its name stands among the rooms before."""
    screen = played.app.screen
    return isinstance(screen, AdminScreen) and screen._listed is screen.room and room == screen.room.NAME


@each_size
async def test_the_house_has_its_rooms(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("ada")
        await desk.press("f7")
        desk.shows("admin")
        await desk.press("enter", "down")
        desk.shows("admin_people")
        await _enter(desk, "Services")
        await desk.press("down", "down", "e")
        await shown(desk, Form)
        desk.shows("admin_service")


async def _new(desk: Played, key: str) -> None:
    """The form of something new on the menu: s a service, a an add-on, b a bundle, c a class."""
    await desk.press("plus")
    await shown(desk, Question)
    await desk.press(key)
    await shown(desk, Form)


async def test_an_admin_lets_somebody_in_and_out_again(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ada")
        await _enter(desk, "People and PINs")
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("Zoe [")
        await desk.press("backspace", "backspace", "tab", "tab", "tab", "tab")
        await desk.type("12")
        await desk.press("ctrl+s")
        await soon(desk, "A PIN has four to eight digits.")
        await desk.type("1234")
        await desk.press("ctrl+s")
        await soon(desk, "Zoe can sign in as zoe.")
        token = sign_in(desk.app.backstage.sessions, login="zoe", secret="1234", method="pin", terminal_secret=TERMINAL)
        assert token
        await desk.press("end", "enter")
        await shown(desk, Question)
        await desk.press("p")
        await shown(desk, Form)
        await desk.type("2222")
        await desk.press("tab")
        await desk.type("2223")
        await desk.press("ctrl+s")
        await soon(desk, "The two are not the same PIN.")
        await desk.press("2", "2", "2", "2", "ctrl+s")
        await soon(desk, "Zoe has a new PIN")
        await desk.press("minus")
        await shown(desk, Question)
        assert "signed out everywhere at once" in " ".join(desk.text.split())
        await desk.press("y")
        await soon(desk, "Zoe can't sign in any more.")
        assert {one.name: one.is_active for one in list_users(elsewhere(desk, "ada"), ListUsers()).people}[
            "Zoe"
        ] is False
        await desk.press("v", "end")
        assert "disabled" in desk.text
        await desk.press("minus")
        await soon(desk, "Zoe can sign in again.")


async def test_the_menu_the_shelf_and_the_taxes_are_kept(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        await _enter(desk, "Services")
        await _new(desk, "a")
        for typed in ("Gloss", "gloss", "", "12", "15"):
            await desk.type(typed)
            await desk.press("tab")
        await desk.press("ctrl+s")
        await soon(desk, "Gloss is on the menu.")
        await _new(desk, "s")
        for typed in ("Balayage", "bal", "Colour", "180", "45 + 30 processing + 45 finish"):
            await desk.type(typed)
            await desk.press("tab")
        await soon(desk, "The stylist is busy for 90 of 120 minutes.")
        await desk.press("ctrl+s")
        await soon(desk, "Balayage is on the menu.")
        made = next(s for s in list_services(elsewhere(desk, "mo"), ListServices()).services if s.name == "Balayage")
        assert [(p.kind, p.minutes, p.holds) for p in made.parts] == [
            ("active", 45, ("lead",)), ("processing", 30, ()), ("finish", 45, ("lead",)),
        ]  # fmt: skip
        await desk.press("e")
        await shown(desk, Form)
        await desk.press("tab", "tab")
        await desk.type("Sheen")
        await desk.press("ctrl+s")
        await soon(desk, "There is no add-on Sheen. On the menu: Gloss.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("gloss (ask)")
        await desk.press("tab")
        await desk.type("senior 200 130m")
        await desk.press("ctrl+s")
        await soon(desk, "Balayage is changed")
        mo = elsewhere(desk, "mo")
        assert [(a.addon, a.is_required) for a in list_addons(mo, ListAddons()).of(made.id)] == [("Gloss", True)]
        (level,) = list_levels(mo, ListLevels(service_id=made.id)).levels
        assert (level.level, level.price, level.minutes) == ("senior", Decimal(200), 130)
        await _new(desk, "b")
        for typed in ("Look", "look", "", "190", "balayage + cut"):
            await desk.type(typed)
            await desk.press("tab")
        await soon(desk, "It takes 165 minutes.")
        await desk.press("ctrl+s")
        await soon(desk, "Look is on the menu.")
        await _new(desk, "c")
        for typed in ("Braids", "braid", "", "25", "60", "0"):
            await desk.type(typed)
            await desk.press("tab")
        await desk.press("ctrl+s")
        await soon(desk, "between 1 and 500 seats")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("6")
        await desk.press("ctrl+s")
        await soon(desk, "Braids is on the menu.")
        await desk.press("end", "H")
        await shown(desk, Sheet)
        assert "Mo added: " in desk.text
        await desk.press("escape", "minus")
        await shown(desk, Question)
        await desk.press("y")
        await soon(desk, "is off the menu.")
        await desk.press("home", "e")
        await shown(desk, Form)
        blow_dry = next(s for s in list_services(elsewhere(desk, "ada"), ListServices()).services if s.code == "BLOW")
        parts = (ServicePartWish(kind="active", minutes=35),)
        meanwhile = EditService(
            service_id=blow_dry.id,
            version=blow_dry.version,
            name="Blow-dry",
            code="BLOW",
            price=blow_dry.price,
            parts=parts,
        )
        edit_service(elsewhere(desk, "ada"), meanwhile)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("33")
        await desk.press("ctrl+s")
        await soon(desk, "Ada changed this while you were typing.")
        await desk.press("ctrl+o")
        await soon(desk, "Blow-dry is changed")
        now = next(s for s in list_services(elsewhere(desk, "ada"), ListServices()).services if s.code == "BLOW")
        assert (now.price, now.minutes) == (Decimal(33), 30)
        await _enter(desk, "Cancellation policy")
        await desk.press("plus")
        await shown(desk, Form)
        await desk.press("tab", "tab")
        await desk.type("a lot")
        await desk.press("ctrl+s")
        await soon(desk, "Say a share like 50%, a sum like 25.00")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("50%")
        await desk.press("ctrl+s")
        await soon(desk, "every other service: with less than 24 h notice 50 %, no-show 50 %.")
        add_product(elsewhere(desk, "mo"), AddProduct(name="[/b] 山田 🙂" + "x" * 200, code="ODD", price=made.price))
        await _enter(desk, "Products")
        assert "[/b] 山田" in desk.text
        await _enter(desk, "Categories")
        await desk.press("end", "e")
        await shown(desk, Form)
        await desk.press("tab", "backspace", "1", "ctrl+s")
        await soon(desk, "Body is number 1 on the menu.")
        await _enter(desk, "Taxes")
        await desk.press("e")
        await shown(desk, Form)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("21")
        await desk.press("ctrl+s")
        await soon(desk, "VAT is 21 % from 9 Mar 2026.")
        old, new = list_taxes(elsewhere(desk, "mo"), ListTaxes()).taxes
        assert (old.percent, old.valid_until) == (Decimal(20), dt.date(2026, 3, 9))
        assert (new.percent, new.valid_until) == (Decimal(21), None)
        await _enter(desk, "Terminals")
        await desk.press("plus")
        assert "Mo may not change who may sign in. Ask an admin." in desk.text


async def test_hours_and_closures_tell_whom_they_strand(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ada")
        booked(elsewhere(desk, "ada"), JANE, march(10, 15, 45))
        add_closure(
            elsewhere(desk, "ada"),
            AddClosure(first_day=dt.date(2026, 4, 3), last_day=dt.date(2026, 4, 6), name="Easter"),
        )
        await _enter(desk, "Closures")
        assert "Fri 3 Apr 2026" in desk.text
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("tomorrow")
        await desk.press("tab", "tab")
        await desk.type("Flood")
        await desk.press("ctrl+s")
        await soon(desk, "leaves 1 visit outside working hours: Jane Doe Tue 10 Mar 15:45")
        await desk.press("escape")
        await _enter(desk, "Shop and hours")
        await desk.press("e")
        await shown(desk, Form)
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("mon-sat 9-16")
        await desk.press("ctrl+s")
        await soon(desk, "leaves 1 visit")
        await desk.press("ctrl+o")
        await shown(desk, StrandedList)
        await desk.press("escape")
        await soon(desk, "Mon–Sat 09:00–16:00")
        await desk.press("down", "e")
        await shown(desk, Form)
        await desk.press("end")
        await desk.type(" 2")
        await desk.press("ctrl+s")
        await soon(desk, "Vale Street 2 is changed")


async def test_this_machine_keeps_its_settings_its_secret_and_its_backups(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    here = server.conninfo(shop)
    (tmp_path / "config.toml").write_text("# Ours.\n", encoding="utf-8")
    async with playing(server, shop, tmp_path, database_url=here, admin_url=here) as desk:
        await desk.sign_in("ada")
        await _enter(desk, "Settings")
        await desk.press("down", "enter")
        await shown(desk, Form)
        await desk.press("backspace")
        await desk.type("7")
        await desk.press("ctrl+s")
        await soon(desk, "The desk locks itself after 7 minutes without a key")
        assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "# Ours.\nlock_minutes = 7\n"
        assert "config.toml" in desk.text
        await _enter(desk, "Terminals")
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("Back room")
        await desk.press("ctrl+s")
        await soon(desk, "Back room is registered")
        kept = tmp_path / "terminal"
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.read_text(encoding="utf-8").strip() == desk.app.terminal_secret != TERMINAL
        await _enter(desk, "History")
        await soon(desk, "added terminal Back room")
        await desk.press("enter")
        await shown(desk, Sheet)
        await desk.press("escape")
        await _enter(desk, "Backup now")
        await soon(desk, "There is no backup on this machine yet.")
        await desk.press("plus")
        screen = desk.app.screen
        assert isinstance(screen, AdminScreen)
        await soon(desk, lambda: "read back, every table the same" in screen.said_last)
        made = list((tmp_path / "backups").glob("*.dump"))
        assert len(made) == 1
        assert made[0].name in desk.text


async def test_a_receptionist_looks_around_and_is_told_what_she_may_not(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f7", "plus")
        assert "enter goes into People and PINs" in desk.text
        for room, words in (
            ("People and PINs", "Ria may not change who may sign in."),
            ("Services", "Ria may not change services, products, prices and taxes. Ask a manager."),
            ("Closures", "Ria may not change hours, shifts and time off. Ask a manager."),
            ("Backup now", "Ria may not change the shop."),
        ):
            await _enter(desk, room)
            await desk.press("plus")
            await soon(desk, words)
        await _enter(desk, "History")
        assert "Ria may not see who did what. Ask a manager." in desk.text
        await _enter(desk, "People and PINs")
        await desk.press("down", "down", "down", "down", "enter")
        await shown(desk, Question)
        await desk.press("p")
        await shown(desk, Form)  # her own PIN is hers to change
        await desk.press("escape")
        await shown(desk, AdminScreen)


def test_parts_are_read_as_they_are_written() -> None:
    for words in ("45", "30 + 45 processing + 30 finish", "60 with lead, room + 15 cleanup with room"):
        parts = [ServicePartCard(part.kind, part.minutes, part.holds) for part in parts_meant(words)]
        assert parts_words(parts) == words
    assert parts_meant("10 with nobody")[0].holds == ()
    for words in ("soon", "30 napping", "30 with the dog"):
        with pytest.raises(BadInput) as refused:
            parts_meant(words)
        assert refused.value.facts["field"] == "takes"
