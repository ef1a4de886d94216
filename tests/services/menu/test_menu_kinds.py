"""Add-ons, bundles, classes, levels and a stylist's own price: what stands on the menu beside plain services."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.menu.addons import AddonWish, ListAddons, SetAddons, list_addons, set_addons
from frontdesk.services.menu.catalogue import AddService, EditService, ServiceCard, add_service, edit_service
from frontdesk.services.menu.levels import LevelWish, ListLevels, SetLevels, list_levels, set_levels
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.menu.own_terms import OwnTermsSet, SetLevel, SetOwnTerms, set_level, set_own_terms
from frontdesk.services.team.stylists import SetSkills, set_skills
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, ELM_SERVICE


def _gloss(mo: Desk) -> ServiceCard:
    return add_service(mo, AddService(name="Gloss", code="GLOSS", price=Decimal(12), minutes=15, kind="addon"))


def _day(mo: Desk, *services: int) -> ServiceCard:
    wish = AddService(name="Style day", code="DAY", price=Decimal(70), kind="bundle", contains=services)
    return add_service(mo, wish)


def test_an_addon_goes_with_the_services_it_was_set_for(mo: Desk, ria: Desk) -> None:
    gloss = _gloss(mo)
    set_addons(mo, SetAddons(service_id=COLOUR, addons=(AddonWish(addon_id=gloss.id, is_required=True),)))
    (card,) = list_addons(ria, ListAddons(service_ids=(COLOUR,))).addons
    assert (card.service, card.addon, card.minutes, card.price, card.is_required) == (
        "Colour", "Gloss", 15, Decimal(12), True,
    )  # fmt: skip
    assert list_addons(ria, ListAddons()).of(CUT) == ()
    set_addons(mo, SetAddons(service_id=COLOUR, addons=()))
    assert list_addons(ria, ListAddons()).addons == ()


def test_what_is_no_addon_is_not_added(mo: Desk, ria: Desk) -> None:
    gloss = _gloss(mo)
    with pytest.raises(errors.BadInput, match="Cut is booked by itself"):
        set_addons(mo, SetAddons(service_id=COLOUR, addons=(AddonWish(addon_id=CUT),)))
    with pytest.raises(errors.BadInput, match="twice"):
        set_addons(mo, SetAddons(service_id=COLOUR, addons=(AddonWish(addon_id=gloss.id),) * 2))
    with pytest.raises(errors.BadInput, match="no add-ons of its own"):
        set_addons(mo, SetAddons(service_id=gloss.id, addons=()))
    with pytest.raises(errors.NotFound):
        set_addons(mo, SetAddons(service_id=ELM_SERVICE, addons=()))
    with pytest.raises(errors.NotAllowed):
        set_addons(ria, SetAddons(service_id=COLOUR, addons=()))


def test_a_bundle_takes_as_long_as_what_is_in_it_and_costs_its_own_price(mo: Desk) -> None:
    card = _day(mo, CUT, BLOW_DRY)
    assert (card.kind, card.minutes, card.contains) == ("bundle", 75, (CUT, BLOW_DRY))
    shown = next(s for s in show_menu(mo, ShowMenu()).services if s.id == card.id)
    assert (shown.kind, shown.minutes, shown.price) == ("bundle", 75, Decimal(70))
    wish = EditService(
        service_id=card.id, version=card.version, name=card.name, code=card.code, price=card.price, kind="bundle",
        contains=(BLOW_DRY, CUT, BLOW_DRY),
    )  # fmt: skip
    changed = edit_service(mo, wish)
    assert (changed.minutes, changed.contains, changed.version) == (105, (BLOW_DRY, CUT, BLOW_DRY), card.version + 1)


def test_a_bundle_of_one_of_addons_or_with_minutes_of_its_own_is_refused(mo: Desk) -> None:
    gloss = _gloss(mo)
    for contains, why in [((CUT,), "two services or more"), ((CUT, gloss.id), "it is an add-on")]:
        with pytest.raises(errors.BadInput, match=why):
            _day(mo, *contains)
    with pytest.raises(errors.BadInput, match="takes as long as what is in it"):
        add_service(
            mo, AddService(name="X", code="X", price=Decimal(1), kind="bundle", contains=(CUT, COLOUR), minutes=30)
        )


@pytest.mark.parametrize("seats", [None, 0, -1, 501])
def test_a_class_of_no_seats_is_refused(mo: Desk, seats: int | None) -> None:
    with pytest.raises(errors.BadInput, match="between 1 and 500 seats") as refused:
        add_service(
            mo, AddService(name="Braids", code="BRAID", price=Decimal(10), minutes=60, kind="class", seats=seats)
        )
    assert refused.value.facts["field"] == "seats"


def test_a_class_has_seats_and_nothing_else_has(mo: Desk) -> None:
    card = add_service(
        mo, AddService(name="Braids", code="BRAID", price=Decimal(10), minutes=60, kind="class", seats=8)
    )
    assert (card.kind, card.seats, card.minutes) == ("class", 8, 60)
    with pytest.raises(errors.BadInput, match="Only a class has seats"):
        add_service(mo, AddService(name="Y", code="Y", price=Decimal(1), minutes=30, seats=3))


def test_what_something_is_does_not_change_later(mo: Desk) -> None:
    gloss = _gloss(mo)
    wish = EditService(
        service_id=gloss.id, version=gloss.version, name="Gloss", code="GLOSS", price=gloss.price, minutes=15
    )
    with pytest.raises(errors.BadInput, match="Gloss stays what it is"):
        edit_service(mo, wish)


def test_levels_say_what_differs(mo: Desk, ria: Desk) -> None:
    set_level(mo, SetLevel(stylist_id=ANNA, level="senior"))
    set_levels(mo, SetLevels(service_id=CUT, levels=(LevelWish(level="senior", price=Decimal(60)),)))
    found = list_levels(ria, ListLevels(service_id=CUT))
    assert [(one.level, one.price, one.minutes) for one in found.levels] == [("senior", Decimal(60), None)]
    assert found.known == ("senior",)
    for wrong, why in [
        (LevelWish(level="senior"), "Say what differs"),
        (LevelWish(level=" ", minutes=5), "needs a name"),
        (LevelWish(level="junior", minutes=0), "between 1 and 1440"),
    ]:
        with pytest.raises(errors.BadInput, match=why):
            set_levels(mo, SetLevels(service_id=CUT, levels=(wrong,)))


def _price(set_: OwnTermsSet, service_id: int) -> tuple[Decimal, int]:
    return next((s.price, s.minutes) for s in set_.skills if s.service_id == service_id)


def test_a_stylists_own_price_goes_before_their_levels(mo: Desk) -> None:
    set_levels(mo, SetLevels(service_id=CUT, levels=(LevelWish(level="senior", price=Decimal(60), minutes=50),)))
    assert _price(set_level(mo, SetLevel(stylist_id=ANNA, level="senior")), CUT) == (Decimal(60), 50)
    own = set_own_terms(mo, SetOwnTerms(stylist_id=ANNA, service_id=CUT, price=Decimal(66)))
    assert _price(own, CUT) == (Decimal(66), 50)
    again = set_own_terms(mo, SetOwnTerms(stylist_id=ANNA, service_id=CUT))
    assert _price(again, CUT) == (Decimal(60), 50)


def test_a_price_of_their_own_takes_nothing_from_somebody_who_does_everything(mo: Desk) -> None:
    set_skills(mo, SetSkills(stylist_id=BO))
    before = {s.service_id for s in set_level(mo, SetLevel(stylist_id=BO, level="")).skills}
    own = set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=CUT, minutes=30))
    assert {s.service_id for s in own.skills} == before
    assert _price(own, CUT)[1] == 30


def test_nobody_has_a_price_for_what_they_do_not_do(mo: Desk) -> None:
    set_skills(mo, SetSkills(stylist_id=BO, service_ids=(CUT,)))
    with pytest.raises(errors.CannotDo):
        set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=COLOUR, price=Decimal(1)))
