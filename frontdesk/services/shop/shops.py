"""The shop itself: what it is called, what its receipts say, how its day is cut (features AD8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.guesses import refuse_unknown
from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.businesses import Shop
from frontdesk.text import clean, clean_lines

SLOT_MINUTES = (5, 10, 15, 20, 30, 60)
"""Grids on which offered starts may lie."""

TAX_ROUNDINGS = ("line", "ticket")
"""Where a tax is rounded to the cent."""


@dataclass(frozen=True, kw_only=True)
class ShowShop:
    """A shop; this desk's when none is named."""

    shop_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ListShops:
    """The business's shops."""


@dataclass(frozen=True, kw_only=True)
class EditShop(Write):
    """A shop as it is from now on: every field, as it was seen and changed.

    Zone and currency stay: visits and money of a shop are written in them.
    """

    shop_id: int | None = None
    """This desk's, when it is not given."""
    version: int
    """The version that was seen, to notice what somebody else changed meanwhile."""
    name: str
    address: str = ""
    receipt_footer: str = ""
    slot_minutes: int
    locale: str
    country: str
    tax_rounding: str
    tax_number: str | None = None
    """As it is, when it is not said."""


@dataclass(frozen=True)
class ShopCard:
    """A shop."""

    id: int
    business: str
    name: str
    address: str
    """Several lines, printed on receipts."""
    receipt_footer: str
    """The last lines of every receipt."""
    timezone: str
    currency: str
    locale: str
    country: str
    slot_minutes: int
    tax_rounding: str
    is_active: bool
    version: int
    tax_number: str = ""
    """Under which the shop pays taxes: on its receipts and invoices."""


@dataclass(frozen=True)
class Shops:
    """Shops by name."""

    shops: tuple[ShopCard, ...]


@use_case(Deed.SEE_BOOK)
def show_shop(work: Work, request: ShowShop) -> ShopCard:
    """A shop. Raises NotFound."""
    return _card(work, request.shop_id or work.shop.id)


@use_case(Deed.SEE_BOOK)
def list_shops(work: Work, request: ListShops) -> Shops:
    """The business's shops."""
    return Shops(tuple(_cards(work)))


@use_case(Deed.EDIT_SHOP)
def edit_shop(work: Work, request: EditShop) -> ShopCard:
    """Change a shop; a desk that is open takes it up when it is opened again.

    Raises BadInput naming the field, NotFound, NameTaken, ChangedMeanwhile.
    """
    name = given(request.name, "shop", "a name, like Vale Street", "name")
    if request.slot_minutes not in SLOT_MINUTES:
        grids = f"{', '.join(map(str, SLOT_MINUTES[:-1]))} or {SLOT_MINUTES[-1]}"
        raise BadInput(f"Starts can be {grids} minutes apart. Choose one.", field="slot_minutes")
    if request.tax_rounding not in TAX_ROUNDINGS:
        raise BadInput("A tax is rounded per line or per ticket. Choose one.", field="tax_rounding")
    locale, country = clean(request.locale).replace("-", "_"), clean(request.country).upper()
    shop = work.session.get(Shop, request.shop_id or work.shop.id, with_for_update=True)
    if shop is None:
        raise NotFound(what="shop", name=request.shop_id, remedy="Look at the list of shops.")
    refuse_changed(work, "shops", shop.id, seen=request.version, found=shop.version)
    refuse_unknown(country, shop.currency, locale)
    shop.name, shop.address = name, clean_lines(request.address)
    shop.receipt_footer, shop.slot_minutes = clean_lines(request.receipt_footer), request.slot_minutes
    shop.locale, shop.country, shop.tax_rounding = locale, country, request.tax_rounding
    if request.tax_number is not None:
        shop.tax_number = clean(request.tax_number)
    shop.version += 1
    work.session.flush()
    work.tell("shop.changed", shop.id)
    return _card(work, shop.id)


def _card(work: Work, shop_id: int) -> ShopCard:
    card = next(_cards(work, shop_id), None)
    if card is None:
        raise NotFound(what="shop", name=shop_id, remedy="Look at the list of shops.")
    return card


def _cards(work: Work, shop_id: int | None = None) -> Iterator[ShopCard]:
    rows = work.session.execute(_SHOPS, {"shop": shop_id})
    return (ShopCard(*row) for row in rows)


_SHOPS = text("""
    SELECT s.id, b.name AS business, s.name, s.address, s.receipt_footer, s.timezone, s.currency, s.locale, s.country,
           s.slot_minutes, s.tax_rounding, s.is_active, s.version, s.tax_number
      FROM shops s JOIN businesses b ON b.id = s.business_id
     WHERE s.id = CAST(:shop AS bigint) OR CAST(:shop AS bigint) IS NULL
     ORDER BY s.name, s.id
""")
