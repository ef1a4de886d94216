"""Visits of several services: one after the other by several hands, with add-ons and bundles, moved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, MoveAppointment, book, move
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.menu.addons import AddonWish, SetAddons, set_addons
from frontdesk.services.menu.catalogue import AddService, ServiceCard, add_service
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.team.stylists import SetSkills, set_skills
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, booked, march


def wished(desk: Desk, starts_at: dt.datetime, *lines: BookLine, declined: tuple[int, ...] = ()) -> Booked:
    wish = BookAppointment(customer_id=JANE, starts_at=starts_at, lines=lines, declined_addons=declined)
    return book(desk, wish)


def lines_of(visit: Booked) -> list[tuple[str, str | None, str]]:
    return [(line.service, line.stylist, f"{line.starts_at:%H:%M}") for line in visit.lines]


def addon(mo: Desk, service: int, *, required: bool = False, name: str = "Gloss") -> ServiceCard:
    card = add_service(mo, AddService(name=name, code=name.upper(), price=Decimal(12), minutes=15, kind="addon"))
    set_addons(mo, SetAddons(service_id=service, addons=(AddonWish(addon_id=card.id, is_required=required),)))
    return card


# BK10


def test_a_colour_a_cut_and_a_blow_dry_by_somebody_else_are_one_visit_on_two_columns(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (COLOUR, ANNA), (CUT, ANNA), (BLOW_DRY, BO))
    assert lines_of(visit) == [("Colour", "Anna", "10:00"), ("Cut", "Anna", "11:45"), ("Blow-dry", "Bo", "12:30")]
    assert (visit.starts_at, visit.ends_at) == (march(10, 10), march(10, 13))


def test_the_customer_waits_up_to_the_limit_for_whoever_is_busy(ria: Desk) -> None:
    booked(ria, KIM, march(10, 12, 8), (BLOW_DRY, BO))
    visit = booked(ria, JANE, march(10, 11, 45), (CUT, ANNA), (BLOW_DRY, BO))
    assert lines_of(visit) == [("Cut", "Anna", "11:45"), ("Blow-dry", "Bo", "12:40")]


def test_longer_than_the_limit_is_refused_naming_who_is_busy_and_until_when(ria: Desk) -> None:
    booked(ria, KIM, march(10, 12, 20), (BLOW_DRY, BO))
    with pytest.raises(errors.StylistTaken, match="Bo is taken 12:20–12:50 by Kim Lee"):
        booked(ria, JANE, march(10, 11, 45), (CUT, ANNA), (BLOW_DRY, BO))


def test_moving_the_visit_moves_all_of_it_and_finds_the_waits_anew(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO))
    booked(ria, KIM, march(11, 10, 15), (CUT, BO))
    moved = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(11, 10)))
    assert lines_of(moved) == [("Cut", "Anna", "10:00"), ("Blow-dry", "Bo", "11:00")]
    assert (moved.starts_at, moved.ends_at) == (march(11, 10), march(11, 11, 30))
    undo_last(ria, UndoLast())
    seen = show(ria, ShowVisit(code=visit.code))
    assert (seen.starts_at, seen.ends_at) == (visit.starts_at, visit.ends_at)


def test_one_line_moves_by_itself_and_the_visit_follows(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO))
    last = visit.lines[1].line_id
    wish = MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 10, 55), line_ids=(last,))
    moved = move(ria, wish)
    assert (moved.starts_at, moved.ends_at) == (march(10, 10), march(10, 11, 25))
    with pytest.raises(errors.WaitTooLong, match="would wait 45 minutes between Cut and Blow-dry, and 15"):
        move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 11, 30), line_ids=(last,)))
    with pytest.raises(errors.LinesOverlap, match="Cut and Blow-dry"):
        move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 10, 30), line_ids=(last,)))
    first = visit.lines[0].line_id
    back = move(
        ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 10, 5), line_ids=(first,))
    )
    assert (back.starts_at, back.ends_at) == (march(10, 10, 5), march(10, 11, 25))


def test_a_line_that_is_not_in_the_visit_does_not_move(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10))
    with pytest.raises(errors.NotFound, match="There is no line 999"):
        move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 11), line_ids=(999,)))


def test_the_limit_is_the_shops(ria: Desk, ada: Desk) -> None:
    booked(ria, KIM, march(10, 12, 15), (CUT, BO))
    with pytest.raises(errors.StylistTaken):
        booked(ria, JANE, march(10, 11, 45), (CUT, ANNA), (BLOW_DRY, BO))
    edit_shop_rules(ada, EditShopRules(wait_minutes=30))
    assert booked(ria, JANE, march(10, 11, 45), (CUT, ANNA), (BLOW_DRY, BO)).ends_at == march(10, 13, 30)


def test_a_visit_that_moves_keeps_the_length_it_was_booked_with(ria: Desk) -> None:
    """CA1: booked ones keep their length until asked."""
    visit = wished(ria, march(10, 10), BookLine(service_id=CUT, stylist_id=ANNA, minutes=60))
    moved = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 14)))
    assert moved.ends_at == march(10, 15)


# BK11


def test_an_add_on_comes_behind_its_service_and_shifts_what_follows(mo: Desk, ria: Desk) -> None:
    gloss = addon(mo, COLOUR)
    visit = wished(
        ria,
        march(10, 10),
        BookLine(service_id=COLOUR, stylist_id=ANNA),
        BookLine(service_id=BLOW_DRY, stylist_id=BO),
        BookLine(service_id=gloss.id, addon_of=0),
    )
    assert lines_of(visit) == [("Colour", "Anna", "10:00"), ("Gloss", "Anna", "11:45"), ("Blow-dry", "Bo", "12:00")]
    assert visit.lines[1].price == Decimal(12)
    assert visit.ends_at == march(10, 12, 30)


def test_an_add_on_by_itself_is_refused(mo: Desk, ria: Desk) -> None:
    gloss = addon(mo, COLOUR)
    with pytest.raises(errors.AddonAlone) as refused:
        wished(ria, march(10, 10), BookLine(service_id=gloss.id, stylist_id=ANNA))
    assert refused.value.sentence == "Gloss is added to another service: +gloss."
    with pytest.raises(errors.BadInput, match="Gloss does not go with Cut. It goes with Colour."):
        wished(ria, march(10, 10), BookLine(service_id=CUT), BookLine(service_id=gloss.id, addon_of=0))
    with pytest.raises(errors.BadInput, match="not there"):
        wished(ria, march(10, 10), BookLine(service_id=COLOUR), BookLine(service_id=gloss.id, addon_of=7))


def test_a_required_add_on_is_asked_about_before_it_is_booked(mo: Desk, ria: Desk) -> None:
    gel = add_service(mo, AddService(name="Gel", code="GEL", price=Decimal(40), minutes=45))
    removal = addon(mo, gel.id, required=True, name="Removal")
    with pytest.raises(errors.AddonUnasked) as refused:
        wished(ria, march(10, 10), BookLine(service_id=gel.id, stylist_id=ANNA))
    assert refused.value.sentence == ("Gel needs an answer before it is booked: Removal 15m 12.00, yes or no?")
    assert refused.value.facts["addon_id"] == removal.id
    plain = wished(ria, march(10, 10), BookLine(service_id=gel.id, stylist_id=ANNA), declined=(removal.id,))
    assert plain.ends_at == march(10, 10, 45)
    line = (BookLine(service_id=gel.id, stylist_id=ANNA), BookLine(service_id=removal.id, addon_of=0))
    assert wished(ria, march(10, 12), *line).ends_at == march(10, 13)


def test_what_was_added_moves_with_its_service(mo: Desk, ria: Desk) -> None:
    gloss = addon(mo, COLOUR)
    visit = wished(
        ria, march(10, 9), BookLine(service_id=COLOUR, stylist_id=ANNA), BookLine(service_id=gloss.id, addon_of=0)
    )
    only = (visit.lines[1].line_id,)
    moved = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 13), line_ids=only))
    assert lines_of(moved) == [("Colour", "Anna", "13:00"), ("Gloss", "Anna", "14:45")]
    handed = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 13), stylist_id=BO))
    assert [line.stylist for line in handed.lines] == ["Bo", "Bo"]


# BK12


def test_a_bundle_lays_out_its_parts_across_rooms_for_its_own_price(mo: Desk, ria: Desk) -> None:
    day = add_service(
        mo,
        AddService(
            name="Spa day", code="SPA", price=Decimal("100.01"), kind="bundle", contains=(MASSAGE, CUT, BLOW_DRY)
        ),
    )
    visit = wished(ria, march(14, 10), BookLine(service_id=day.id, stylist_id=ANNA))
    assert lines_of(visit) == [("Massage", "Anna", "10:00"), ("Cut", "Anna", "11:00"), ("Blow-dry", "Anna", "11:45")]
    assert [line.price for line in visit.lines] == [Decimal("50.01"), Decimal("31.25"), Decimal("18.75")]
    assert sum(line.price for line in visit.lines) == Decimal("100.01")
    moved = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(14, 11), stylist_id=BO))
    assert sum(line.price for line in moved.lines) == Decimal("100.01")


def test_who_is_named_for_a_bundle_does_what_of_it_they_can(mo: Desk, ria: Desk) -> None:
    set_skills(mo, SetSkills(stylist_id=BO, service_ids=(CUT,)))
    day = add_service(
        mo, AddService(name="Style day", code="DAY", price=Decimal(70), kind="bundle", contains=(CUT, BLOW_DRY))
    )
    visit = wished(ria, march(10, 10), BookLine(service_id=day.id, stylist_id=BO))
    assert [line.stylist for line in visit.lines] == ["Bo", "Anna"]


def test_a_bundle_has_no_length_of_its_own_to_change(mo: Desk, ria: Desk) -> None:
    day = add_service(
        mo, AddService(name="Style day", code="DAY", price=Decimal(70), kind="bundle", contains=(CUT, BLOW_DRY))
    )
    with pytest.raises(errors.BadInput, match="is a bundle"):
        wished(ria, march(10, 10), BookLine(service_id=day.id, minutes=30))
    dear = wished(ria, march(10, 10), BookLine(service_id=day.id, price=Decimal(64)))
    assert [line.price for line in dear.lines] == [Decimal(40), Decimal(24)]


def test_a_class_is_not_booked_as_a_visit(mo: Desk, ria: Desk) -> None:
    braids = add_service(
        mo, AddService(name="Braids", code="BRAID", price=Decimal(10), minutes=60, kind="class", seats=8)
    )
    with pytest.raises(errors.BadInput, match="Braids is a class"):
        wished(ria, march(10, 10), BookLine(service_id=braids.id))
