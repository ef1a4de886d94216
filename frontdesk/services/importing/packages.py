"""Bundles of an import as packages: the sessions of each customer, beside the receipts' lines, which stay as they are.

The other system took a bundle's money and taxes when it was sold and takes a line back whenever it is used. Its lines
are kept so, to the cent. A session is therefore worth nothing more on the books: its money stands on the receipt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import rounded
from frontdesk.services.importing.draft import Draft, DraftLot, DraftSale, DraftSaleLine
from frontdesk.services.importing.rows import add_all
from frontdesk.services.importing.writing import Ids
from frontdesk.services.use_case import Work
from frontdesk.tables.packages import CustomerPackage, Package, PackageEntry, PackageLot, PackageService

EARLIER = "sold before the imported receipts begin"


def plan_packages(draft: Draft) -> None:
    """Which bundles become packages, and which sessions each line that takes one back uses: the oldest first."""
    if not draft.mapping.packages:
        return
    services = draft.known.services.keys() | {row.code for row in draft.services}
    for code, package in draft.mapping.packages.items():
        if package.service not in services:
            raise BadInput(
                f'The map says that {code} pays for {package.service}, and there is no such service. Write the code of'
                " one of the export or of the catalogue.", field="packages",
            )  # fmt: skip
    lots = [
        DraftLot(one.customer, _code(draft, one.name), one.service, one.first_day, one.left, id=one.id, left=one.left)
        for one in draft.known.lots
    ]
    known = len(lots)
    for sale in draft.sales:
        lots += _sold(draft, sale)
        for line in sale.lines:
            if line.kind == "bundle" and line.row.amount < 0 and line.row.customer:
                _use(draft, sale, line, lots)
    used = {id(lot) for sale in draft.sales for line in sale.lines for lot, _ in line.sessions}
    draft.lots += [lot for place, lot in enumerate(lots) if place >= known or id(lot) in used]


def _sold(draft: Draft, sale: DraftSale) -> Iterator[DraftLot]:
    for line in sale.lines:
        package = draft.mapping.packages.get(line.service or "")
        if package and line.service and line.row.amount >= 0 and line.row.customer:
            many = package.sessions * int(line.row.quantity)
            yield DraftLot(line.row.customer, line.service, package.service, sale.day, many, sold=line, left=many)


def _use(draft: Draft, sale: DraftSale, line: DraftSaleLine, lots: list[DraftLot]) -> None:
    wanted = max(1, int(abs(line.row.quantity)))
    mapped = draft.mapping.packages
    served = {each.service for each in sale.lines if each.row.customer == line.row.customer}
    bundle = next((code for code, one in mapped.items() if one.service in served), next(iter(mapped)))
    service = mapped[bundle].service
    mine = [lot for lot in lots if (lot.customer, lot.service) == (line.row.customer, service) and lot.day <= sale.day]
    for lot in sorted(mine, key=lambda lot: lot.day):
        many = min(wanted, lot.left)
        if many:
            lot.left -= many
            wanted -= many
            line.sessions.append((lot, many))
    if wanted:
        # As many as are taken back were certainly there; what else was left of it nobody knows.
        earlier = next((lot for lot in mine if lot.sold is None and lot.id is None and lot.bundle == bundle), None)
        if earlier is None:
            earlier = DraftLot(line.row.customer, bundle, service, sale.day, 0)
            lots.append(earlier)
        earlier.sessions += wanted
        line.sessions.append((earlier, wanted))


def tell_packages(draft: Draft) -> None:
    """Say in a line what becomes of the bundles."""
    sold = sum(lot.sold is not None for lot in draft.lots)
    used = [(lot, many) for sale in draft.sales for line in sale.lines for lot, many in line.sessions]
    earlier = sum(many for lot, many in used if lot.sold is None and lot.id is None)
    if sold or used:
        draft.notes.append(
            f"Bundles sold that become packages: {sold}. Sessions taken back: {sum(many for _, many in used)}, of them"
            f" {earlier} of what was sold before the export begins."
        )


def _code(draft: Draft, name: str) -> str:
    return next((code for code in draft.mapping.packages if _name(draft, code) == name), name)


def _name(draft: Draft, code: str) -> str:
    new = next((row.name for row in draft.services if row.code == code), None)
    return new or (draft.known.services[code].name if code in draft.known.services else code)


def write_packages(work: Work, draft: Draft, ids: Ids, written: Mapping[DraftSaleLine, tuple[int, int]]) -> None:
    """Packages of customers with their sessions, sold, brought over and used."""
    if not draft.lots:
        return
    packages = _offers(work, draft, ids)
    fresh = [lot for lot in draft.lots if lot.id is None]
    rows = [
        {
            "shop_id": work.shop.id, "package_id": packages[lot.bundle], "customer_id": ids.customers[lot.customer],
            "sale_line_id": written[lot.sold][1] if lot.sold else None, "kind": "package",
            "name": _name(draft, lot.bundle), "price": rounded(lot.sold.row.amount, draft.currency) if lot.sold else 0,
            "currency": draft.currency, "tax_point": "received", "first_day": lot.day,
            "reason": "" if lot.sold else EARLIER,
        }
        for lot in fresh
    ]  # fmt: skip
    kept = add_all(work.session, CustomerPackage, rows)
    lots = [
        {"customer_package_id": number, "service_id": ids.services[lot.service], "first_day": lot.day}
        for lot, number in zip(fresh, kept, strict=True)
    ]
    for lot, number in zip(fresh, add_all(work.session, PackageLot, lots), strict=True):
        lot.id = number
    came = [
        _entry(work, ids, lot, lot.sold.row.customer if lot.sold else lot.customer, lot.sessions,
               written[lot.sold] if lot.sold else None)
        for lot in fresh
    ]  # fmt: skip
    used = [
        _entry(work, ids, lot, line.row.customer, -many, written[line]) | {"kind": "used", "day": sale.day}
        for sale in draft.sales
        for line in sale.lines
        for lot, many in line.sessions
    ]
    add_all(work.session, PackageEntry, came + used)


def _entry(
    work: Work, ids: Ids, lot: DraftLot, customer: str, sessions: int, line: tuple[int, int] | None
) -> dict[str, object]:
    return {
        "shop_id": work.shop.id, "lot_id": lot.id, "kind": "sold" if lot.sold else "opened", "sessions": sessions,
        "value": Decimal(0), "sale_id": line[0] if line else None, "sale_line_id": line[1] if line else None,
        "customer_id": ids.customers[customer], "reason": "" if line else EARLIER, "day": lot.day,
    }  # fmt: skip


def _offers(work: Work, draft: Draft, ids: Ids) -> dict[str, int]:
    """The packages themselves, by the bundle's code; one that is missing costs what it was last sold for."""
    found = {}
    for code in sorted({lot.bundle for lot in draft.lots if lot.bundle in draft.mapping.packages}):
        name = _name(draft, code)
        number = draft.known.packages.get(name)
        if number is None:
            sold = [lot.sold.row for lot in draft.lots if lot.sold and lot.bundle == code]
            price = sold[-1].amount / sold[-1].quantity if sold else Decimal(0)
            (number,) = add_all(work.session, Package, [
                {"kind": "package", "name": name, "price": rounded(price, draft.currency), "tax_point": "received"}
            ])  # fmt: skip
            one = draft.mapping.packages[code]
            contents = {"package_id": number, "service_id": ids.services[one.service], "sessions": one.sessions}
            add_all(work.session, PackageService, [contents])
        found[code] = number
    return found
