"""Whose minutes and price count: the visit's, the customer's, the stylist's, the level's, the menu's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, MoveAppointment, book, move
from frontdesk.services.menu.catalogue import (
    EditService,
    ListServices,
    ServicePartWish,
    edit_service,
    list_services,
)
from frontdesk.services.menu.levels import LevelWish, SetLevels, set_levels
from frontdesk.services.menu.own_terms import SetLevel, SetOwnTerms, set_level, set_own_terms
from frontdesk.services.placing.accommodations import (
    ForgetAccommodation,
    ListAccommodations,
    RememberAccommodation,
    forget_accommodation,
    list_accommodations,
    remember_accommodation,
)
from frontdesk.services.shop.shop_rules import EditShopRules, ShowShopRules, edit_shop_rules, show_shop_rules
from tests.services.desks import ANNA, BO, COLOUR, CUT, ELM_CUSTOMER, JANE, KIM, booked, march


def told(visit: Booked) -> tuple[int, Decimal]:
    """Minutes and price of a visit of one line."""
    (line,) = visit.lines
    return round((visit.ends_at - visit.starts_at).total_seconds()) // 60, line.price


def test_anna_is_senior_and_dearer_than_bo(mo: Desk, ria: Desk) -> None:
    """CA2."""
    set_level(mo, SetLevel(stylist_id=ANNA, level="senior"))
    set_levels(mo, SetLevels(service_id=CUT, levels=(LevelWish(level="senior", price=Decimal(60), minutes=40),)))
    assert told(booked(ria, JANE, march(10, 10), (CUT, ANNA))) == (40, Decimal(60))
    assert told(booked(ria, KIM, march(10, 10), (CUT, BO))) == (45, Decimal(50))


def test_the_first_that_says_something_wins_minutes_and_price_apart(mo: Desk, ria: Desk) -> None:
    set_level(mo, SetLevel(stylist_id=ANNA, level="senior"))
    set_levels(mo, SetLevels(service_id=CUT, levels=(LevelWish(level="senior", price=Decimal(60), minutes=40),)))
    set_own_terms(mo, SetOwnTerms(stylist_id=ANNA, service_id=CUT, minutes=35))
    assert told(booked(ria, KIM, march(10, 10))) == (35, Decimal(60))
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, price=Decimal(44)))
    assert told(booked(ria, JANE, march(10, 11))) == (35, Decimal(44))
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, stylist_id=ANNA, minutes=60))
    assert told(booked(ria, JANE, march(10, 12))) == (60, Decimal(44))
    line = BookLine(service_id=CUT, stylist_id=ANNA, minutes=50, price=Decimal("41.50"))
    wish = BookAppointment(customer_id=JANE, starts_at=march(10, 14), lines=(line,))
    assert told(book(ria, wish)) == (50, Decimal("41.50"))
    assert told(booked(ria, KIM, march(10, 16))) == (35, Decimal(60))


def test_sixty_minutes_are_remembered_for_jane_with_anna_and_forgotten_again(ria: Desk) -> None:
    """SV7."""
    card = remember_accommodation(
        ria, RememberAccommodation(customer_id=JANE, service_id=CUT, stylist_id=ANNA, minutes=60)
    )
    assert (card.customer, card.service, card.stylist, card.minutes) == ("Jane Doe", "Cut", "Anna", 60)
    assert told(booked(ria, JANE, march(10, 10), (CUT, ANNA)))[0] == 60
    assert told(booked(ria, JANE, march(10, 14), (CUT, BO)))[0] == 45
    assert list_accommodations(ria, ListAccommodations(customer_id=JANE)).accommodations == (card,)
    assert forget_accommodation(ria, ForgetAccommodation(accommodation_id=card.id)).accommodations == ()
    assert told(booked(ria, JANE, march(11, 10), (CUT, ANNA)))[0] == 45


def test_what_is_remembered_twice_is_one_agreement(ria: Desk) -> None:
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, minutes=60))
    again = remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, price=Decimal(45)))
    assert (again.minutes, again.price, again.stylist) == (60, Decimal(45), None)


def test_hands_take_longer_and_colour_takes_its_time(ria: Desk) -> None:
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=COLOUR, minutes=125))
    booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    with pytest.raises(errors.StylistTaken, match="10:00–10:40"):
        booked(ria, KIM, march(10, 10, 35), (CUT, ANNA))
    booked(ria, KIM, march(10, 10, 40), (CUT, ANNA))
    with pytest.raises(errors.BadInput, match="Colour takes at least 47 minutes. Give it 47 or more."):
        remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=COLOUR, minutes=46))


def test_what_can_not_be_agreed_is_refused(ria: Desk) -> None:
    for wish, refusal in [
        (RememberAccommodation(customer_id=JANE, service_id=CUT), errors.BadInput),
        (RememberAccommodation(customer_id=JANE, service_id=CUT, price=Decimal(-1)), errors.BadInput),
        (RememberAccommodation(customer_id=JANE, service_id=CUT, minutes=0), errors.BadInput),
        (RememberAccommodation(customer_id=JANE, service_id=CUT, minutes=1441), errors.BadInput),
        (RememberAccommodation(customer_id=ELM_CUSTOMER, service_id=CUT, minutes=50), errors.NotFound),
        (RememberAccommodation(customer_id=JANE, service_id=99, minutes=50), errors.NotFound),
        (RememberAccommodation(customer_id=JANE, service_id=CUT, stylist_id=3, minutes=50), errors.CannotDo),
    ]:
        with pytest.raises(refusal):
            remember_accommodation(ria, wish)
    with pytest.raises(errors.NotFound):
        forget_accommodation(ria, ForgetAccommodation(accommodation_id=99))


def test_a_price_said_by_hand_stays_whoever_does_it(ria: Desk, mo: Desk) -> None:
    set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=CUT, price=Decimal(33)))
    line = BookLine(service_id=CUT, stylist_id=ANNA, price=Decimal(20))
    ours = book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 10), lines=(line,)))
    theirs = booked(ria, KIM, march(10, 11), (CUT, ANNA))
    for visit, price in [(ours, Decimal(20)), (theirs, Decimal(33))]:
        moved = move(
            ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=visit.starts_at, stylist_id=BO)
        )
        assert moved.lines[0].price == price


def test_an_amount_that_is_none_is_refused_on_a_line_too(ria: Desk) -> None:
    for line in (BookLine(service_id=CUT, price=Decimal(-1)), BookLine(service_id=CUT, minutes=0)):
        with pytest.raises(errors.BadInput):
            book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 10), lines=(line,)))


def test_a_shop_s_rules_are_shown_and_changed_by_an_admin(ria: Desk, ada: Desk) -> None:
    assert show_shop_rules(ria, ShowShopRules()).wait_minutes == 15
    changed = edit_shop_rules(ada, EditShopRules(wait_minutes=20, small_turn=Decimal("0.5")))
    assert (changed.wait_minutes, changed.small_turn, changed.late_minutes) == (20, Decimal("0.5"), 15)
    with pytest.raises(errors.NotAllowed):
        edit_shop_rules(ria, EditShopRules(wait_minutes=5))
    with pytest.raises(errors.BadInput, match="The wait limit can be 0 to 480 minutes"):
        edit_shop_rules(ada, EditShopRules(wait_minutes=481))
    with pytest.raises(errors.BadInput, match="counts as 0, 0.5 or 1 turn"):
        edit_shop_rules(ada, EditShopRules(request_turn=Decimal("0.7")))
    with pytest.raises(errors.ChangedMeanwhile):
        edit_shop_rules(ada, EditShopRules(wait_minutes=5, version=changed.version - 1))


def test_new_visits_are_as_the_menu_says_now_and_booked_ones_keep_what_they_were(ria: Desk, mo: Desk) -> None:
    """CA1."""
    old = booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    card = next(s for s in list_services(mo, ListServices()).services if s.id == COLOUR)
    parts = tuple(
        ServicePartWish(kind=kind, minutes=minutes, holds=holds)
        for kind, minutes, holds in (("active", 30, ("lead",)), ("processing", 35, ()), ("finish", 30, ("lead",)))
    )
    edit_service(
        mo,
        EditService(
            service_id=COLOUR, version=card.version, name=card.name, code=card.code, price=Decimal(130),
            category=card.category, parts=parts,
        ),
    )  # fmt: skip
    moved = move(ria, MoveAppointment(appointment_id=old.appointment_id, starts_at=march(10, 14)))
    assert told(moved) == (105, Decimal(120))
    assert told(booked(ria, KIM, march(11, 10), (COLOUR, ANNA))) == (95, Decimal(130))
