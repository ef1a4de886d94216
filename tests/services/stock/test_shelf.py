"""What stands on the shelf and what the state takes of it, changed over time (features CA5, CA8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.shop.taxes import AddTax, EndTax, ListTaxes, add_tax, end_tax, list_taxes
from frontdesk.services.stock.products import (
    AddProduct,
    EditProduct,
    ListProducts,
    ProductCard,
    add_product,
    edit_product,
    list_products,
)

VAT = 1


def _shampoo(desk: Desk) -> ProductCard:
    return next(one for one in list_products(desk, ListProducts()).products if one.code == "SHA")


def _wish(card: ProductCard, **changes: Any) -> EditProduct:  # noqa: ANN401  fields by name
    seen = EditProduct(
        product_id=card.id, version=card.version, name=card.name, code=card.code, barcode=card.barcode,
        price=card.price, cost=card.cost,
    )  # fmt: skip
    return replace(seen, **changes)


def test_a_product_is_changed_and_taken_off_the_shelf(mo: Desk) -> None:
    dearer = edit_product(mo, _wish(_shampoo(mo), price=Decimal("19.50"), brand="Vale"))
    assert (dearer.price, dearer.brand, dearer.version) == (Decimal("19.50"), "Vale", 2)
    gone = edit_product(mo, _wish(dearer, is_active=False))
    assert not gone.is_active
    assert "SHA" not in [one.code for one in list_products(mo, ListProducts()).products]
    assert "SHA" in [one.code for one in list_products(mo, ListProducts(all=True)).products]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(mo: Desk, ada: Desk) -> None:
    seen = _shampoo(mo)
    edit_product(ada, _wish(seen, price=Decimal(20)))
    with pytest.raises(errors.ChangedMeanwhile, match="Ada changed this"):
        edit_product(mo, _wish(seen, name="Other"))
    assert _shampoo(mo).price == 20


def test_a_barcode_is_one_product_s(mo: Desk) -> None:
    wax = add_product(mo, AddProduct(name="Wax", code="WAX", price=Decimal(9)))
    with pytest.raises(errors.NameTaken):
        edit_product(mo, _wish(wax, barcode="5012345678900"))


def test_a_tax_ends_and_another_begins(mo: Desk) -> None:
    ended = end_tax(mo, EndTax(tax_id=VAT, last_day=dt.date(2026, 5, 31)))
    assert ended.valid_until == dt.date(2026, 6, 1)
    add_tax(mo, AddTax(name="GST", percent=Decimal(10), inclusive=True, valid_from=dt.date(2026, 6, 1)))
    assert [(tax.name, tax.valid_from) for tax in list_taxes(mo, ListTaxes()).taxes] == [
        ("GST", dt.date(2026, 6, 1)), ("VAT", None),
    ]  # fmt: skip


def test_a_tax_that_was_taken_is_not_untaken(mo: Desk) -> None:
    with pytest.raises(errors.BadInput, match="Tickets since Fri 6 Mar were taxed with it. Type a day from Sun 8 Mar"):
        end_tax(mo, EndTax(tax_id=VAT, last_day=dt.date(2026, 3, 6)))
    end_tax(mo, EndTax(tax_id=VAT))
    with pytest.raises(errors.BadInput, match="VAT ends on Mon 9 Mar already"):
        end_tax(mo, EndTax(tax_id=VAT, last_day=dt.date(2026, 3, 12)))
    planned = add_tax(mo, AddTax(name="GST", percent=Decimal(10), inclusive=True, valid_from=dt.date(2026, 6, 1)))
    with pytest.raises(errors.BadInput, match="GST begins on Mon 1 Jun and can't end before"):
        end_tax(mo, EndTax(tax_id=planned.id, last_day=dt.date(2026, 5, 1)))


def test_the_other_business_s_shelf_is_not_there(mo: Desk, ria: Desk) -> None:
    with pytest.raises(errors.NotFound):
        end_tax(mo, EndTax(tax_id=99))
    wish = _wish(_shampoo(mo), request_id=uuid4())
    with pytest.raises(errors.NotAllowed):
        edit_product(ria, wish)
