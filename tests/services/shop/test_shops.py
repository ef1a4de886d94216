"""The shop itself, its hours as they are listed, and the shelves of its menu."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.menu.categories import (
    AddCategory,
    ListCategories,
    RenameCategory,
    add_category,
    list_categories,
    rename_category,
)
from frontdesk.services.shop.shops import EditShop, ListShops, ShopCard, ShowShop, edit_shop, list_shops, show_shop
from frontdesk.services.team.shop_hours import (
    AddClosure,
    BlockTime,
    ListBlocks,
    ListBusinessHours,
    ListClosures,
    OpenHours,
    SetBusinessHours,
    add_closure,
    block_time,
    list_blocks,
    list_business_hours,
    list_closures,
    set_business_hours,
)
from tests.services.desks import march

ELM_SHOP = 2


def _as_it_is(card: ShopCard) -> EditShop:
    return EditShop(
        version=card.version, name=card.name, address=card.address, receipt_footer=card.receipt_footer,
        slot_minutes=card.slot_minutes, locale=card.locale, country=card.country, tax_rounding=card.tax_rounding,
    )  # fmt: skip


def test_a_shop_is_shown_and_changed(ada: Desk) -> None:
    seen = show_shop(ada, ShowShop())
    assert (seen.business, seen.name, seen.timezone, seen.version) == ("Vale", "Vale Street", "Europe/London", 1)
    wish = replace(
        _as_it_is(seen), name=" Vale\u202e Lane ", address="1 Vale Lane\nLondon", slot_minutes=20, locale="de-DE"
    )
    changed = edit_shop(ada, wish)
    assert (changed.name, changed.address, changed.slot_minutes, changed.locale, changed.version) == (
        "Vale Lane", "1 Vale Lane\nLondon", 20, "de_DE", 2,
    )  # fmt: skip
    assert [shop.name for shop in list_shops(ada, ListShops()).shops] == ["Vale Lane"]


def test_a_tax_number_stays_until_another_is_said(ada: Desk) -> None:
    edit_shop(ada, replace(_as_it_is(show_shop(ada, ShowShop())), tax_number="GB 123"))
    changed = edit_shop(ada, replace(_as_it_is(show_shop(ada, ShowShop())), name="Vale Lane", request_id=uuid4()))
    assert (changed.name, changed.tax_number) == ("Vale Lane", "GB 123")


def test_two_people_who_change_the_shop_do_not_overwrite_each_other(ada: Desk) -> None:
    seen = show_shop(ada, ShowShop())
    edit_shop(ada, replace(_as_it_is(seen), receipt_footer="Thank you"))
    with pytest.raises(errors.ChangedMeanwhile, match="Ada changed this"):
        edit_shop(ada, replace(_as_it_is(seen), receipt_footer="Bye", request_id=uuid4()))
    assert show_shop(ada, ShowShop()).receipt_footer == "Thank you"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": " "}, "name"),
        ({"slot_minutes": 7}, "slot_minutes"),
        ({"tax_rounding": "never"}, "tax_rounding"),
        ({"locale": "q"}, "locale"),
        ({"country": "1"}, "country"),
    ],
)
def test_what_no_shop_can_be_is_refused_by_field(ada: Desk, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        edit_shop(ada, replace(_as_it_is(show_shop(ada, ShowShop())), **wish))
    assert refused.value.facts["field"] == field


def test_only_an_admin_changes_the_shop_and_only_their_own(ada: Desk, mo: Desk) -> None:
    seen = show_shop(mo, ShowShop())
    with pytest.raises(errors.NotAllowed, match="Mo may not change the shop. Ask an admin."):
        edit_shop(mo, _as_it_is(seen))
    with pytest.raises(errors.NotFound):
        edit_shop(ada, replace(_as_it_is(seen), shop_id=ELM_SHOP))
    with pytest.raises(errors.NotFound):
        show_shop(ada, ShowShop(shop_id=ELM_SHOP))


def test_opening_hours_are_listed_with_their_days(mo: Desk) -> None:
    first = dt.date(2026, 6, 1)
    short = (OpenHours(weekday=1, opens=dt.time(10), closes=dt.time(14)),)
    set_business_hours(mo, SetBusinessHours(valid_from=first, hours=short))
    weeks = list_business_hours(mo, ListBusinessHours()).weeks
    assert [(week.valid_from, week.valid_until, len(week.hours)) for week in weeks] == [
        (None, first, 6), (first, None, 1),
    ]  # fmt: skip
    assert weeks[1].hours == short
    with pytest.raises(errors.NotFound):
        list_business_hours(mo, ListBusinessHours(shop_id=ELM_SHOP))


def test_closures_that_are_over_are_not_listed(mo: Desk) -> None:
    for day, name in ((dt.date(2026, 12, 25), "Christmas"), (dt.date(2026, 3, 9), "Today"), (dt.date(2026, 3, 8), "x")):
        add_closure(mo, AddClosure(first_day=day, last_day=day, name=name))
    assert [shut.name for shut in list_closures(mo, ListClosures()).closures] == ["Today", "Christmas"]


def test_blocks_of_a_day_are_listed_in_the_order_of_the_book(ria: Desk) -> None:
    for resource, day, hour in ((3, 10, 9), (1, 10, 13), (1, 10, 9), (1, 11, 9)):
        block_time(ria, BlockTime(resource_id=resource, starts_at=march(day, hour), ends_at=march(day, hour + 1)))
    found = list_blocks(ria, ListBlocks(day=dt.date(2026, 3, 10))).blocks
    assert [(block.resource, block.starts_at) for block in found] == [
        ("Anna", march(10, 9)), ("Anna", march(10, 13)), ("Room 1", march(10, 9)),
    ]  # fmt: skip
    assert list_blocks(ria, ListBlocks()).blocks == ()


def test_shelves_are_added_renamed_and_put_elsewhere(mo: Desk, ria: Desk) -> None:
    nails = add_category(mo, AddCategory(name="Nails"))
    assert (nails.place, nails.services) == (4, 0)
    hands = rename_category(mo, RenameCategory(category_id=nails.id, name="Hands", place=2))
    assert hands.place == 2
    shelves = list_categories(ria, ListCategories()).categories
    assert [(shelf.name, shelf.place, shelf.services) for shelf in shelves] == [
        ("Style", 1, 2), ("Hands", 2, 0), ("Colour", 3, 1), ("Body", 4, 1),
    ]  # fmt: skip
    assert rename_category(mo, RenameCategory(category_id=nails.id, name="hands", place=99)).place == 4
    with pytest.raises(errors.NameTaken):
        rename_category(mo, RenameCategory(category_id=nails.id, name="STYLE"))
    with pytest.raises(errors.NameTaken):
        add_category(mo, AddCategory(name="style"))
    with pytest.raises(errors.NotFound):
        rename_category(mo, RenameCategory(category_id=99, name="x"))
    with pytest.raises(errors.NotAllowed):
        add_category(ria, AddCategory(name="x"))
