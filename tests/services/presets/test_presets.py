"""A new shop's menu, hours, taxes and lists, from data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotAllowed
from frontdesk.permissions import Role
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.people.sign_in import open_desk, sign_in
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.presets import InstallPreset, install_preset
from frontdesk.services.presets.reading import PRESETS, in_money, preset, taxes_of
from frontdesk.services.shop.setup import FoundBusiness, found_business
from frontdesk.services.till.discounts import (
    ListDiscountLimits,
    SetDiscountLimit,
    list_discount_limits,
    set_discount_limit,
)
from tests.conftest import desk_conninfo

NEW = FoundBusiness(
    name="Haar Werk", code="haar-werk", shop="Mitte", timezone="Europe/Berlin", currency="EUR", locale="de_DE",
    country="DE", admin_login="ada", admin_name="Ada", admin_password="spiegel an der wand",
)  # fmt: skip


@pytest.fixture
def founded(server: Handle, committed: str, clock: SetClock) -> Iterator[Desk]:
    """The desk of the first admin of a business that has nothing yet, beside Vale Street."""
    owner, program = open_engine(server.conninfo(committed)), open_engine(desk_conninfo(server, committed))
    found_business(lambda: Session(owner), NEW)

    def sessions() -> Session:
        return Session(program)

    yield open_desk(sessions, sign_in(sessions, login="ada@haar-werk", secret=NEW.admin_password), clock)
    owner.dispose()
    program.dispose()


@pytest.fixture
def rows(server: Handle, committed: str) -> Iterator[psycopg.Connection]:
    """Plain SQL beside the desk."""
    with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_read_and_names_only_what_it_has(name: str) -> None:
    chosen = preset(name)
    codes = [each.code for each in chosen.services]
    assert len(codes) == len(set(codes))
    assert {"stylist", "customer", "visit", "service"} <= chosen.words.keys()
    assert {use for each in chosen.services for use in each.uses} <= {each.name for each in chosen.resources}
    held = {role for each in chosen.services for part in each.parts for role in part.holds}
    assert held - {"lead", "assistant"} <= {each.kind for each in chosen.resources}
    assert 0 <= chosen.discounts[Role.TRAINEE] <= chosen.discounts[Role.RECEPTIONIST] < 100


def test_a_menu_in_pounds_is_plausible_in_yen() -> None:
    assert in_money(Decimal("50.00"), "JPY") == Decimal("9500")
    assert in_money(Decimal("50.00"), "EUR") == Decimal("50.00")


def test_taxes_are_inside_the_price_or_on_top_as_the_country_has_it() -> None:
    assert [(t.percent, t.inclusive) for t in taxes_of("GB")] == [(Decimal(20), True)]
    assert [(t.percent, t.inclusive) for t in taxes_of("DE")] == [(Decimal(19), True)]
    assert [t.inclusive for t in taxes_of("CA")] == [False]
    assert taxes_of("XX") == ()


def test_a_new_salon_has_a_menu_hours_taxes_and_reasons(founded: Desk, rows: psycopg.Connection) -> None:
    installed = install_preset(founded, InstallPreset(preset="salon"))
    assert (installed.services, installed.resources, installed.hours) == (len(preset("salon").services), 1, 6)
    assert installed.advice == ""
    menu = {service.code: service for service in show_menu(founded, ShowMenu()).services}
    assert (menu["COL"].category, menu["COL"].price, menu["COL"].minutes) == ("Colour", Decimal("120.00"), 105)
    assert menu["MAS"].minutes == 60
    business = founded.actor.business_id
    tax = rows.execute("SELECT name, percent, inclusive FROM taxes WHERE business_id = %s", [business]).fetchall()
    assert tax == [("MwSt", Decimal(19), True)]
    limits = list_discount_limits(founded, ListDiscountLimits()).limits
    assert {one.role: one.percent for one in limits} == {Role.TRAINEE: Decimal(10), Role.RECEPTIONIST: Decimal(20)}
    late = rows.execute("SELECT closes FROM business_hours WHERE business_id = %s AND weekday = 4", [business])
    assert late.fetchone() == (dt.time(20),)


def test_installing_twice_adds_nothing_and_keeps_what_was_changed(founded: Desk, rows: psycopg.Connection) -> None:
    install_preset(founded, InstallPreset(preset="salon"))
    mine = [founded.actor.business_id]
    rows.execute("UPDATE services SET price = 55 WHERE code = 'CUT' AND business_id = %s", mine)
    rows.execute("UPDATE taxes SET percent = 7 WHERE business_id = %s", mine)
    set_discount_limit(founded, SetDiscountLimit(role=Role.TRAINEE, percent=Decimal(3)))
    again = install_preset(founded, InstallPreset(preset="salon"))
    assert list_discount_limits(founded, ListDiscountLimits()).limits[0].percent == Decimal(3)
    assert (again.services, again.resources, again.taxes, again.cancel_reasons, again.hours) == (0, 0, 0, 0, 0)
    assert rows.execute("SELECT price FROM services WHERE code = 'CUT' AND business_id = %s", mine).fetchone() == (55,)
    counted = rows.execute("SELECT count(*), max(percent) FROM taxes WHERE business_id = %s", mine).fetchone()
    assert counted == (1, 7)


def test_a_service_of_a_spa_uses_its_own_room_only(founded: Desk, rows: psycopg.Connection) -> None:
    install_preset(founded, InstallPreset(preset="spa"))
    used = rows.execute(
        "SELECT r.name FROM service_resources u JOIN services s ON s.id = u.service_id"
        " JOIN resources r ON r.id = u.resource_id WHERE s.code = 'DUO'"
    ).fetchall()
    assert used == [("Couples' room",)]


def test_hours_that_come_after_strips_are_laid_over_them(founded: Desk, rows: psycopg.Connection) -> None:
    shop, business = founded.shop.id, founded.actor.business_id
    rows.execute("INSERT INTO resources (business_id, shop_id, kind, name) VALUES (%s, %s, 'room', 'Room 1')",
                 [business, shop])  # fmt: skip
    service = rows.execute("SELECT id FROM services WHERE business_id = %s LIMIT 1", [business]).fetchone()
    assert service is None
    install_preset(founded, InstallPreset(preset="retail"))
    wrap = next(s.id for s in show_menu(founded, ShowMenu()).services if s.code == "WRAP")
    assert find_free(founded, FindFree(service_id=wrap)).times == ()  # nobody serves yet, and the room is laid out
    install_preset(founded, InstallPreset(preset="salon"))
    open_room = rows.execute(
        "SELECT count(*) FROM time_slots t JOIN resources r ON r.id = t.resource_id"
        " WHERE r.business_id = %s AND t.status = 'available'",
        [business],
    ).fetchone()
    assert open_room is not None
    assert open_room[0] > 100


def test_an_unknown_preset_is_refused_by_name(founded: Desk) -> None:
    with pytest.raises(BadInput, match="salon, spa"):
        install_preset(founded, InstallPreset(preset="bakery"))


def test_a_receptionist_may_not_install_a_preset(ria: Desk) -> None:
    with pytest.raises(NotAllowed):
        install_preset(ria, InstallPreset(preset="salon"))
