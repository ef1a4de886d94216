"""An import, from paper into the tables: in the order in which rows need one another, many at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.money import rounded
from frontdesk.rules.export_rows import CustomerRow, Row
from frontdesk.services.importing.draft import KINDS, Draft
from frontdesk.services.importing.rows import add_all
from frontdesk.services.stock.products import supplier_called
from frontdesk.services.use_case import Work
from frontdesk.tables.catalogue import Product, Service, ServiceCategory, ServicePart, Tax
from frontdesk.tables.customers import Customer
from frontdesk.tables.imports import ImportBatch, ImportedRow
from frontdesk.tables.stylists import Resource, Stylist
from frontdesk.text import email_address, folded, phone_number, search_tokens, sort_key, tokens


@dataclass
class Ids:
    """What the other system's codes are called here, and which rows were written."""

    services: dict[str, int]
    products: dict[str, int]
    stylists: dict[str, int]
    resources: dict[str, int]
    """Staff code to the strip."""
    customers: dict[str, int]
    taxes: list[int] = field(default_factory=list)
    """In the map's order."""
    written: dict[Row, tuple[str, int]] = field(default_factory=dict)
    """Row of the export to table and number here."""


def write_catalogue(work: Work, draft: Draft) -> Ids:
    """Services, products and taxes that are missing, then people."""
    known = draft.known
    ids = Ids(
        {code: service.id for code, service in known.services.items()},
        {code: product.id for code, product in known.products.items()},
        {code: stylist.id for code, stylist in known.stylists.items()},
        {code: stylist.resource_id for code, stylist in known.stylists.items()},
        dict(known.customers),
    )
    _write_services(work, draft, ids)
    _write_products(work, draft, ids)
    _write_taxes(work, draft, ids)
    _write_staff(work, draft, ids)
    _write_customers(work, draft, ids)
    return ids


def _write_services(work: Work, draft: Draft, ids: Ids) -> None:
    categories = dict(draft.known.categories)
    missing = sorted({row.category for row in draft.services if row.category} - categories.keys())
    shelves = [{"name": name, "position": place} for place, name in enumerate(missing, start=len(categories) + 1)]
    categories |= dict(zip(missing, add_all(work.session, ServiceCategory, shelves), strict=True))
    rows = [
        {
            "category_id": categories.get(row.category), "code": row.code, "name": row.name,
            "price": rounded(row.price, draft.currency), "cost": rounded(row.cost, draft.currency),
            "is_active": row.is_active,
        }
        for row in draft.services
    ]  # fmt: skip
    added = add_all(work.session, Service, rows)
    parts = []
    for row, service_id in zip(draft.services, added, strict=True):
        ids.services[row.code] = service_id
        ids.written[row] = ("services", service_id)
        if row.code in draft.mapping.minutes:
            minutes = draft.mapping.minutes[row.code]
            parts.append(
                {"service_id": service_id, "position": 1, "kind": "active", "minutes": minutes, "holds": ["lead"]}
            )
    add_all(work.session, ServicePart, parts)


def _write_products(work: Work, draft: Draft, ids: Ids) -> None:
    suppliers = {name: supplier_called(work, name) for name in sorted({row.supplier for row in draft.products})}
    rows = [
        {
            "code": row.code, "name": row.name, "barcode": row.barcode, "brand": row.brand,
            "supplier_id": suppliers[row.supplier],
            "category": row.category, "price": rounded(row.price, draft.currency),
            "cost": rounded(row.cost, draft.currency), "is_active": row.is_active,
        }
        for row in draft.products
    ]  # fmt: skip
    for row, product_id in zip(draft.products, add_all(work.session, Product, rows), strict=True):
        ids.products[row.code] = product_id
        ids.written[row] = ("products", product_id)


def _write_taxes(work: Work, draft: Draft, ids: Ids) -> None:
    rows = [
        {
            "name": tax.name, "percent": tax.percent, "inclusive": False, "on_services": tax.charged,
            "on_products": tax.charged, "valid_from": "-infinity",
        }
        for tax in draft.taxes
    ]  # fmt: skip
    here = {(tax.name, tax.percent): tax.id for tax in reversed(draft.known.taxes)}
    for tax, tax_id in zip(draft.taxes, add_all(work.session, Tax, rows), strict=True):
        here[tax.name, tax.percent] = tax_id
    ids.taxes = [here[tax.name, tax.percent] for tax in draft.mapping.taxes]


def _write_staff(work: Work, draft: Draft, ids: Ids) -> None:
    names = set(draft.known.resources)
    columns = []
    for place, code in enumerate(draft.staff, start=len(names) + 1):
        name = code if code not in names else f"{code} (imported)"
        names.add(name)
        columns.append({"shop_id": work.shop.id, "kind": "stylist", "name": name, "position": place})
    strips = add_all(work.session, Resource, columns)
    people = [
        {"resource_id": strip, "code": code, "first_name": column["name"]}
        for strip, code, column in zip(strips, draft.staff, columns, strict=True)
    ]
    for code, strip, stylist in zip(draft.staff, strips, add_all(work.session, Stylist, people), strict=True):
        ids.stylists[code], ids.resources[code] = stylist, strip


def _write_customers(work: Work, draft: Draft, ids: Ids) -> None:
    people = [_person(row, work.shop.country) for row in draft.customers]
    found_by: list[tuple[int, str, str]] = []
    added = add_all(work.session, Customer, people)
    for row, person, customer_id in zip(draft.customers, people, added, strict=True):
        ids.customers[row.code] = customer_id
        if row.row:
            ids.written[row] = ("customers", customer_id)
        found_by += [(customer_id, kind, token) for kind, token in _tokens(person)]
    columns = [list(column) for column in zip(*found_by, strict=True)] or [[], [], []]
    work.session.execute(_TOKENS, dict(zip(("customers", "kinds", "tokens"), columns, strict=True)))


_TOKENS = text("""
    INSERT INTO customer_tokens (customer_id, kind, token)
    SELECT * FROM unnest(CAST(:customers AS bigint[]), CAST(:kinds AS text[]), CAST(:tokens AS text[]))
""")


def _person(row: CustomerRow, country: str) -> dict[str, str | None]:
    """A customer as kept. A telephone number or address that can't be read is kept as a note, never dropped."""
    notes = []
    phone = email = None
    if row.phone:
        try:
            phone = phone_number(row.phone, country)
        except BadInput:
            notes.append(f"Telephone in the old system: {row.phone}")
    if row.email:
        try:
            email = email_address(row.email)
        except BadInput:
            notes.append(f"E-mail in the old system: {row.email}")
    return {
        "code": row.code, "first_name": row.first_name, "last_name": row.last_name, "phone": phone, "email": email,
        "notes": "\n".join(notes), "sort_key": sort_key(row.first_name, row.last_name) or folded(row.code),
    }  # fmt: skip


def _tokens(person: dict[str, str | None]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set(
        search_tokens(
            first_name=person["first_name"] or "", last_name=person["last_name"] or "", phone=person["phone"],
            email=person["email"],
        )
    )  # fmt: skip
    words = tokens(person["code"] or "")
    return found | {("code", word) for word in [*words, "".join(words)] if word}


def write_batch(work: Work, draft: Draft, ids: Ids, rows_read: int) -> int:
    """The run itself, and which row of the export became which row here."""
    source = draft.mapping.source
    batch = {"shop_id": work.shop.id, "source": source, "rows_read": rows_read, "rows_added": len(ids.written)}
    (batch_id,) = add_all(work.session, ImportBatch, [batch])
    rows = [
        {
            "batch_id": batch_id, "source": source, "kind": KINDS[type(row)].value, "source_key": draft.keys[row],
            "table_name": table, "row_id": number,
        }
        for row, (table, number) in ids.written.items()
    ]  # fmt: skip
    add_all(work.session, ImportedRow, rows)
    return batch_id
