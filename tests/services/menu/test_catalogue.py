"""What there is to buy, and who may change it (features CA1, CA5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.cancel_reasons import (
    AddCancelReason,
    ListCancelReasons,
    add_cancel_reason,
    list_cancel_reasons,
)
from frontdesk.services.menu.catalogue import (
    AddService,
    EditService,
    ListServices,
    ServiceCard,
    ServicePartWish,
    add_service,
    edit_service,
    list_services,
)
from frontdesk.services.shop.taxes import AddTax, ListTaxes, add_tax, list_taxes
from frontdesk.services.stock.products import AddProduct, ListProducts, add_product, list_products
from tests.services.desks import ANNA, COLOUR, ELM_SERVICE, JANE, KIM, booked, march


def _perm(*, price: str = "90", code: str = "PERM", minutes: int | None = 60, category: str = "Style") -> AddService:
    return AddService(name="Perm", code=code, price=Decimal(price), minutes=minutes, category=category)


def _edited(card: ServiceCard, *parts: ServicePartWish, version: int | None = None) -> EditService:
    return EditService(
        service_id=card.id,
        name=card.name,
        code=card.code,
        price=card.price,
        category=card.category,
        parts=parts or tuple(ServicePartWish(kind=p.kind, minutes=p.minutes, holds=p.holds) for p in card.parts),
        version=card.version if version is None else version,
    )


def _shown(desk: Desk, service_id: int) -> ServiceCard:
    return next(s for s in list_services(desk, ListServices(all=True)).services if s.id == service_id)


def _processing_minutes(desk: Desk, appointment_id: int) -> int:
    question = text("""
        SELECT extract(epoch FROM p.ends_at - p.starts_at) / 60 FROM appointment_parts p
          JOIN appointment_services l ON l.id = p.appointment_service_id
         WHERE l.appointment_id = :visit AND p.kind = 'processing'
    """)
    with transaction(desk) as session:
        return int(session.execute(question, {"visit": appointment_id}).scalar_one())


def test_new_visits_use_new_parts_and_booked_ones_keep_theirs(mo: Desk) -> None:
    """CA1."""
    before = booked(mo, JANE, march(17, 10), (COLOUR, ANNA))
    colour = _shown(mo, COLOUR)
    assert [part.minutes for part in colour.parts] == [30, 45, 30]
    changed = edit_service(
        mo,
        _edited(
            colour,
            ServicePartWish(kind="active", minutes=30),
            ServicePartWish(kind="processing", minutes=35, holds=()),
            ServicePartWish(kind="finish", minutes=30),
        ),
    )
    after = booked(mo, KIM, march(18, 10), (COLOUR, ANNA))
    assert (changed.minutes, changed.version) == (95, colour.version + 1)
    assert _processing_minutes(mo, before.appointment_id) == 45
    assert _processing_minutes(mo, after.appointment_id) == 35
    assert (after.ends_at - after.starts_at) == dt.timedelta(minutes=95)


def test_what_somebody_else_changed_meanwhile_is_noticed(mo: Desk, ada: Desk) -> None:
    colour = _shown(mo, COLOUR)
    edit_service(mo, _edited(colour, ServicePartWish(kind="active", minutes=90)))
    with pytest.raises(errors.ChangedMeanwhile, match="Mo changed this"):
        edit_service(ada, _edited(colour))


def test_saving_what_is_there_already_changes_nothing(mo: Desk) -> None:
    colour = _shown(mo, COLOUR)
    assert edit_service(mo, _edited(colour)) == colour
    renamed = edit_service(mo, replace(_edited(colour), name="Full colour"))
    assert (renamed.name, renamed.version) == ("Full colour", colour.version + 1)


def test_a_service_goes_on_a_shelf_by_name_and_a_new_shelf_is_made(mo: Desk) -> None:
    perm = add_service(mo, _perm(category="style"))
    nails = add_service(mo, _perm(code="NAIL", category=" Nails "))
    assert (perm.category, perm.minutes, perm.price) == ("Style", 60, Decimal("90.00"))
    assert nails.category == "Nails"
    assert [s.code for s in list_services(mo, ListServices()).services][-1] == "NAIL"
    assert booked(mo, JANE, march(17, 10), (perm.id, ANNA)).lines[0].price == Decimal(90)


def test_a_service_no_longer_offered_is_listed_when_asked_for(mo: Desk) -> None:
    colour = _shown(mo, COLOUR)
    gone = EditService(
        service_id=colour.id, name="Colour", code="COL", price=colour.price, minutes=90, version=colour.version,
        is_active=False,
    )  # fmt: skip
    edit_service(mo, gone)
    assert COLOUR not in {s.id for s in list_services(mo, ListServices()).services}
    assert not _shown(mo, COLOUR).is_active
    with pytest.raises(errors.NotFound):
        booked(mo, JANE, march(17, 10), (COLOUR, ANNA))


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        ("-5", "The price can't be below zero. Type 5.00."),
        ("9.999", "The price 9.999 is too fine for GBP. Type 10.00."),
        ("1e12", "The price is too large. Check that it isn't a number of another kind."),
        ("NaN", "The price is too large. Check that it isn't a number of another kind."),
    ],
)
def test_a_wrong_price_gets_one_plain_sentence(mo: Desk, price: str, sentence: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        add_service(mo, _perm(price=price))
    assert (refused.value.sentence, refused.value.facts["field"]) == (sentence, "price")
    with pytest.raises(errors.BadInput, match="price"):
        add_product(mo, AddProduct(name="Wax", code="WAX", price=Decimal(price)))


@pytest.mark.parametrize(
    ("minutes", "parts", "words"),
    [
        (None, (), "How long does it take"),
        (0, (), "between 1 and 1440 minutes"),
        (1441, (), "between 1 and 1440 minutes"),
        (30, (ServicePartWish(kind="active", minutes=30),), "not in both"),
        (None, (ServicePartWish(kind="active", minutes=0),), "Part 1 takes between"),
        (None, (ServicePartWish(kind="magic", minutes=30),), "Part 1 can't be 'magic'"),
        (None, (ServicePartWish(kind="active", minutes=30, holds=("dog",)),), "Part 1 can't hold 'dog'"),
        (None, (ServicePartWish(kind="cleanup", minutes=30),), "One part has to be the service itself"),
    ],
)
def test_a_service_without_a_sane_length_is_refused(
    mo: Desk, minutes: int | None, parts: tuple[ServicePartWish, ...], words: str
) -> None:
    wish = AddService(name="Perm", code="PERM", price=Decimal(90), minutes=minutes, parts=parts)
    with pytest.raises(errors.BadInput, match=words):
        add_service(mo, wish)


def test_codes_are_given_once(mo: Desk) -> None:
    with pytest.raises(errors.NameTaken):
        add_service(mo, _perm(code="CUT"))
    with pytest.raises(errors.NameTaken):
        add_product(mo, AddProduct(name="Other shampoo", code="SHA", price=Decimal(5)))
    with pytest.raises(errors.NameTaken):
        add_product(mo, AddProduct(name="Other", code="OTH", barcode="5012345678900", price=Decimal(5)))
    with pytest.raises(errors.NameTaken):
        add_cancel_reason(mo, AddCancelReason(name="Ill"))


def test_names_are_cleaned_and_may_not_be_empty(mo: Desk) -> None:
    reason = add_cancel_reason(mo, AddCancelReason(name=" Train\u202e  late\n"))
    assert reason.name == "Train late"
    with pytest.raises(errors.BadInput) as refused:
        add_service(mo, AddService(name="\u200b ", code="X", price=Decimal(1), minutes=5))
    assert refused.value.facts["field"] == "name"
    assert [r.name for r in list_cancel_reasons(mo, ListCancelReasons()).reasons] == [
        "Ill", "Changed plans", "Train late",
    ]  # fmt: skip


def test_a_product_is_on_the_shelf(mo: Desk) -> None:
    wax = add_product(mo, AddProduct(name="Wax", code="WAX", price=Decimal("9.5"), cost=Decimal(4), brand="Kin"))
    assert wax in list_products(mo, ListProducts()).products
    assert (wax.price, wax.barcode, wax.version) == (Decimal("9.50"), None, 1)


def test_a_new_rate_ends_the_one_before_it_and_stops_at_the_next(mo: Desk) -> None:
    june, may = dt.date(2026, 6, 1), dt.date(2026, 5, 1)
    for percent, day in ((22, june), (21, may)):
        add_tax(mo, AddTax(name="VAT", percent=Decimal(percent), inclusive=True, valid_from=day))
    taxes = list_taxes(mo, ListTaxes()).taxes
    assert [(t.percent, t.valid_from, t.valid_until) for t in taxes] == [
        (Decimal(20), None, may), (Decimal(21), may, june), (Decimal(22), june, None),
    ]  # fmt: skip
    with pytest.raises(errors.NameTaken):
        add_tax(mo, AddTax(name="VAT", percent=Decimal(23), inclusive=True, valid_from=june))
    for wrong in ("-1", "100.5", "1.00001", "NaN"):
        with pytest.raises(errors.BadInput):
            add_tax(mo, AddTax(name="City", percent=Decimal(wrong), inclusive=False))


def test_a_trainee_sees_the_menu_and_changes_nothing(tess: Desk) -> None:
    assert [s.code for s in list_services(tess, ListServices()).services] == ["BLOW", "CUT", "COL", "MAS"]
    with pytest.raises(errors.NotAllowed, match="Tess may not change services, products, prices and taxes"):
        add_service(tess, _perm())
    with pytest.raises(errors.NotAllowed):
        edit_service(tess, _edited(_shown(tess, COLOUR)))


def test_the_other_businesss_service_is_not_there(mo: Desk) -> None:
    with pytest.raises(errors.NotFound):
        edit_service(
            mo,
            EditService(service_id=ELM_SERVICE, name="Cut", code="CUT", price=Decimal(1), minutes=45, version=1),
        )


def test_a_repeated_request_adds_nothing(mo: Desk) -> None:
    wish = _perm()
    assert add_service(mo, wish) == add_service(mo, wish)
    assert len(list_services(mo, ListServices()).services) == 5
