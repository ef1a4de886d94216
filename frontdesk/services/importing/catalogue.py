"""Services, products, people and taxes of an import: known by code, never changed if they are here, added if not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from frontdesk.rules.export_rows import CustomerRow, ProductRow, ReceiptRow, ServiceRow
from frontdesk.services.importing.answers import Fate
from frontdesk.services.importing.draft import Draft
from frontdesk.services.importing.known import KnownProduct, KnownService
from frontdesk.text import folded

R = TypeVar("R", ServiceRow, ProductRow)


def plan_catalogue(draft: Draft) -> None:
    """Which services, products and taxes are new."""
    draft.services += _new(draft, draft.export.services, draft.known.services)
    draft.products += _new(draft, draft.export.products, draft.known.products)
    _refuse_shared_barcodes(draft)
    here = {(tax.name, tax.percent) for tax in draft.known.taxes}
    for tax in draft.mapping.taxes:
        if (tax.name, tax.percent) in here:
            continue
        draft.taxes.append(tax)
        charged = "charged on new sales too" if tax.charged else "kept for the imported receipts only"
        draft.notes.append(f"The tax {tax.name} of {tax.percent} % is added, {charged}.")


def _new(draft: Draft, rows: Iterable[R], here: Iterable[str]) -> list[R]:
    codes = set(here)
    fresh = []
    for row in rows:
        if not draft.is_new(row):
            continue
        if row.code in codes:
            draft.tell(row, Fate.HERE, f"{row.code} is in the catalogue")
            continue
        codes.add(row.code)
        fresh.append(row)
        draft.tell(row, Fate.NEW, "" if row.name != row.code else "it has no name and is called by its code")
    return fresh


def _refuse_shared_barcodes(draft: Draft) -> None:
    owners = {product.barcode: product.code for product in draft.known.products.values() if product.barcode}
    for row in draft.products:
        if row.barcode and owners.setdefault(row.barcode, row.code) != row.code:
            draft.refuse(row, "barcode", f"{row.barcode} is the barcode of {owners[row.barcode]} already.")


def plan_people(draft: Draft) -> None:
    """Which customers and stylists are new: those of a file of names, and every code that any row mentions."""
    here = set(draft.known.customers)
    for row in draft.export.customers:
        if not draft.is_new(row):
            continue
        if row.code in here or row.code in draft.mapping.no_customers:
            draft.tell(row, Fate.HERE, f"{row.code} is here")
            continue
        here.add(row.code)
        draft.customers.append(row)
        draft.tell(row, Fate.NEW)
    for code in sorted(_codes(draft, "customer") - here):
        draft.customers.append(CustomerRow("", 0, code, "", "", "", ""))
    draft.staff += sorted(_codes(draft, "staff") - draft.known.stylists.keys())
    if draft.staff:
        names = ", ".join(draft.staff)
        draft.notes.append(f"New stylists without hours: {names}. Nobody can book them until they have shifts.")


def _codes(draft: Draft, whose: str) -> set[str]:
    export = draft.export
    rows = (*export.bookings, *export.no_shows, *export.cancellations, *export.receipts)
    return {code for row in rows if (code := str(getattr(row, whose)))}


class Menu:
    """What an export's words for services and products mean: by code, or by name as it is printed."""

    def __init__(self, draft: Draft) -> None:
        self._services = _by_name([*draft.export.services, *draft.known.services.values()])
        self._products = _by_name([*draft.export.products, *draft.known.products.values()])
        self.services = {row.code for row in draft.export.services} | set(draft.known.services)
        self.prices = {code: service.price for code, service in draft.known.services.items()}
        self.names = {code: service.name for code, service in draft.known.services.items()}
        for row in draft.services:
            self.prices[row.code], self.names[row.code] = row.price, row.name
        self.minutes = {code: service.minutes for code, service in draft.known.services.items() if service.minutes}
        self.minutes |= draft.mapping.minutes

    def meant(self, row: ReceiptRow) -> tuple[str | None, str | None]:
        """The code of the service or of the product that a receipt line names; neither when nothing is called so."""
        for words in (row.description, folded(row.description)):
            if words in self._services:
                return self._services[words], None
            if words in self._products:
                return None, self._products[words]
        return None, None


def _by_name(things: Sequence[ServiceRow | ProductRow | KnownService | KnownProduct]) -> dict[str, str]:
    """Codes by name as it stands and as search folds it, and by the code itself; the first of a name has it."""
    names: dict[str, str] = {}
    for thing in things:
        names.setdefault(thing.name, thing.code)
    for thing in things:
        for words in (thing.code, folded(thing.name), folded(thing.code)):
            names.setdefault(words, thing.code)
    return names
