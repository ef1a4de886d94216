"""Packages and memberships on a ticket: what is sold, and what a customer has from then on (features CO9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.money import money_text, split
from frontdesk.rules.prepayments import tax_share
from frontdesk.rules.sessions import Contents, Lot, last_day_of, lots_of, periods
from frontdesk.services.packages import package_lots
from frontdesk.services.packages.package_lots import LotLeft
from frontdesk.services.ticket.items import BackLine, Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import Off, SellPackage, Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.packages import CustomerPackage
from frontdesk.tables.sales import Sale

KINDS = ("package", "membership")


class PackageNeedsSomebody(BadInput):
    """Nobody is named to whom {name} belongs."""

    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name} belongs to somebody. Say for which customer it is.", field="customer_id")


class PackageMostlyUsed(Refusal):
    """Only what is unused of a package goes back: of {name} that is {left}, not {asked}. Give back {left}."""


@dataclass(frozen=True)
class ToSell:
    """A package that is about to be sold, and what it is made of."""

    wish: SellPackage
    id: int
    kind: str
    name: str
    percent_off: Decimal
    sharers: int
    tax_point: str
    months: int | None
    renews_months: int | None
    contents: tuple[Contents, ...]

    def days(self, first_day: dt.date) -> list[tuple[dt.date, dt.date | None]]:
        """The periods for which it brings sessions."""
        return periods(first_day, self.months, self.renews_months)

    def lots(self, first_day: dt.date, paid: Decimal, tax: Decimal, currency: str) -> list[Lot]:
        """Its sessions, each with its own value."""
        return lots_of(self.contents, self.days(first_day), paid, tax, currency)


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.packages:
        return []
    asked = {
        "packages": [wish.package_id for wish in ticket.packages],
        "sellers": [wish.stylist_id for wish in ticket.packages if wish.stylist_id],
    }
    rows = {row.id: row for row in work.session.execute(_PACKAGES, asked)}
    sellers = {row.id: row.first_name for row in work.session.execute(_SELLERS, asked)} if asked["sellers"] else {}
    items = []
    for wish in ticket.packages:
        row = rows.get(wish.package_id)
        if row is None:
            raise NotFound(
                what="package", name=wish.package_id, remedy="It may not be sold any more: look at the list."
            )
        contents = tuple(Contents(service, sessions, Decimal(price)) for service, sessions, price in row.contents or ())
        to_sell = ToSell(
            wish, row.id, row.kind, row.name, row.percent_off, row.sharers, row.tax_point, row.months,
            row.renews_months, contents,
        )  # fmt: skip
        items.append(
            Item(
                row.kind,
                row.name,
                1,
                row.price,
                wish.stylist_id,
                wish.customer_id or ticket.customer_id,
                sellers.get(wish.stylist_id or 0, ""),
                is_discounted=False,
                taxed_as="service" if row.tax_point == "received" else "none",
                wish=to_sell,
            )
        )
    return items


_PACKAGES = text("""
    SELECT p.id, p.kind, p.name, p.price, p.percent_off, p.sharers, p.tax_point, p.months, p.renews_months,
           (SELECT jsonb_agg(jsonb_build_array(s.service_id, s.sessions, CAST(v.price AS text)) ORDER BY s.id)
              FROM package_services s JOIN services v ON v.id = s.service_id WHERE s.package_id = p.id) AS contents
      FROM packages p WHERE p.id = ANY (:packages) AND p.is_active
""")
_SELLERS = text("SELECT id, first_name FROM stylists WHERE id = ANY (:sellers)")


def _touches(work: Work, ticket: Ticket, items: list[Item]) -> list[Item]:
    """A package for which nobody is named is the visit's customer's; and members pay less for services."""
    somebody = next((item.customer_id for item in items if item.customer_id and item.kind not in KINDS), None)
    items = [
        replace(item, customer_id=somebody) if item.kind in KINDS and item.customer_id is None else item
        for item in items
    ]
    whose = {item.customer_id for item in items if _may_be_less(item)}
    terms = _terms(work, items, whose) if whose else {}
    return [
        replace(item, discount=Off(percent=terms[item.customer_id][0]), discount_why=terms[item.customer_id][1])
        if _may_be_less(item) and item.customer_id in terms
        else item
        for item in items
    ]


def _may_be_less(item: Item) -> bool:
    """A service at its list price that nothing was typed for: a member's percent goes with no other price."""
    return bool(
        item.kind == "service"
        and item.customer_id
        and not item.paid
        and item.is_discounted
        and item.discount is None
        and item.list_price is None
    )


def _terms(work: Work, items: Sequence[Item], whose: set[int | None]) -> dict[int | None, tuple[Decimal, str]]:
    """The percent each of them has as a member, and of what: the most of several, one sold on this ticket too."""
    asked = {"customers": [one for one in whose if one], "today": work.desk.today}
    found = [(row.customer_id, row.percent_off, row.name) for row in work.session.execute(_MEMBERS, asked)]
    for item in items:
        if isinstance(item.wish, ToSell) and item.wish.percent_off and item.customer_id:
            found.append((item.customer_id, item.wish.percent_off, item.wish.name))
    terms: dict[int | None, tuple[Decimal, str]] = {}
    for customer_id, percent, name in found:
        if customer_id not in terms or percent > terms[customer_id][0]:
            terms[customer_id] = (percent, name)
    return terms


_MEMBERS = text("""
    SELECT p.customer_id, p.percent_off, p.name FROM customer_packages p
     WHERE p.customer_id = ANY (:customers) AND p.percent_off > 0 AND p.ended_at IS NULL AND p.first_day <= :today
       AND p.last_day >= :today
       AND NOT EXISTS (SELECT FROM package_freezes f
                        WHERE f.customer_package_id = p.id AND f.first_day <= :today AND f.until_day > :today)
""")


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    for line in lines:
        to_sell, row = line.item.wish, line.row
        assert isinstance(to_sell, ToSell)
        if row.customer_id is None:
            raise PackageNeedsSomebody(name=to_sell.name)
        first_day = _begins(work, to_sell, row.customer_id)
        paid = row.gross - row.discount
        package = CustomerPackage(
            shop_id=work.shop.id,
            package_id=to_sell.id,
            customer_id=row.customer_id,
            sale_line_id=row.id,
            kind=to_sell.kind,
            name=to_sell.name,
            price=paid,
            currency=sale.currency,
            percent_off=to_sell.percent_off,
            sharers=to_sell.sharers,
            tax_point=to_sell.tax_point,
            first_day=first_day,
            last_day=last_day_of(first_day, to_sell.months),
            created_at=work.now,
        )
        work.session.add(package)
        work.session.flush()
        lots = to_sell.lots(first_day, paid, tax_inside(row.taxable, paid, to_sell.tax_point), sale.currency)
        package_lots.write_lots(work, package, lots, kind="sold", sale_id=sale.id, line_id=row.id)


def tax_inside(taxable: Decimal, paid: Decimal, tax_point: str) -> Decimal:
    """What of the price was tax that is paid at once; tax on top of the price is none of it."""
    return max(paid - taxable, Decimal(0)) if tax_point == "received" else Decimal(0)


def _begins(work: Work, to_sell: ToSell, customer_id: int) -> dt.date:
    """Today; a membership that is sold again follows the one that still runs."""
    if to_sell.kind != "membership":
        return work.desk.today
    work.session.execute(text("SELECT id FROM customers WHERE id = :customer FOR NO KEY UPDATE"), {
        "customer": customer_id
    }).all()  # fmt: skip
    running: dt.date | None = work.session.execute(
        _RUNNING, {"customer": customer_id, "package": to_sell.id, "today": work.desk.today}
    ).scalar()
    return work.desk.today if running is None else running + dt.timedelta(days=1)


_RUNNING = text("""
    SELECT max(last_day) FROM customer_packages
     WHERE customer_id = :customer AND package_id = :package AND ended_at IS NULL AND last_day >= :today
""")


def _given_back(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    """What is unused goes back and the package ends; money alone makes what is left cheaper.

    Sessions that go back with the same receipt count as unused. Raises PackageMostlyUsed.
    """
    for line in lines:
        package = work.session.execute(_SOLD_BY, {"line": line.original.id}).one_or_none()
        if package is None:
            continue
        package_lots.hold(work, [package.id])
        return_sessions(work, sale, customer_package_id=package.id)
        lots = [lot for lot in package_lots.lots_left(work, customer_package_ids=[package.id]) if lot.sessions]
        back = line.row.discount - line.row.gross
        unused = sum((lot.value for lot in lots), Decimal(0))
        if back > unused and package.has_sessions:
            left, asked = (money_text(amount, sale.currency, work.shop.locale) for amount in (unused, back))
            raise PackageMostlyUsed(name=package.name, left=left, asked=asked)
        ends = line.row.quantity != 0 or (package.has_sessions and back == unused)
        _take_out(work, sale, line, lots, back, ends=ends)
        if ends:
            work.session.execute(_END, {"now": work.now, "id": package.id})


def _take_out(work: Work, sale: Sale, line: BackLine, lots: Sequence[LotLeft], back: Decimal, *, ends: bool) -> None:
    """So much goes back out of the lots; what then is left is forfeited when the package ends."""
    shares = split(back, [lot.value for lot in lots], sale.currency) if lots and back else [Decimal(0)] * len(lots)
    for lot, mine in zip(lots, shares, strict=True):
        tax = tax_share([lot.tax], lot.value, mine, sale.currency)[0] if mine else Decimal(0)
        gone = lot.sessions if ends and mine == lot.value else 0
        parts = [("refunded", gone, mine, tax)]
        if ends and not gone:
            parts.append(("forfeited", lot.sessions, lot.value - mine, lot.tax - tax))
        for kind, sessions, value, taxed in parts:
            if sessions or value:
                package_lots.note(
                    work, lot.id, kind, -sessions, -value, -taxed, sale_id=sale.id, line_id=line.row.id,
                    customer_id=line.original.customer_id,
                )  # fmt: skip
                work.session.flush()


_END = text("UPDATE customer_packages SET ended_at = :now, version = version + 1 WHERE id = :id")
_SOLD_BY = text("""
    SELECT p.id, p.name, EXISTS (SELECT FROM package_lots t WHERE t.customer_package_id = p.id) AS has_sessions
      FROM customer_packages p WHERE p.sale_line_id = :line
""")


def return_sessions(work: Work, sale: Sale, *, customer_package_id: int | None = None) -> None:
    """Give sessions back that paid for lines which this refund or void takes back whole; once, whoever asks."""
    asked = {"sale": sale.id, "package": customer_package_id}
    for row in work.session.execute(_USED, asked).all():
        package_lots.note(
            work, row.lot_id, "returned", -row.sessions, -row.value, -row.tax, sale_id=sale.id,
            line_id=row.back_line_id, customer_id=row.customer_id,
        )  # fmt: skip
    work.session.flush()


# The sum over a line's entries: what was used and not returned yet.
_USED = text("""
    SELECT e.lot_id, sum(e.sessions) AS sessions, sum(e.value) AS value, sum(e.tax) AS tax, l.id AS back_line_id,
           max(e.customer_id) AS customer_id
      FROM sale_lines l JOIN sale_lines o ON o.id = l.corrects_line_id
      JOIN package_entries e ON e.sale_line_id IN (
          SELECT o.id UNION ALL SELECT b.id FROM sale_lines b WHERE b.corrects_line_id = o.id)
       AND e.kind IN ('used', 'returned')
      JOIN package_lots t ON t.id = e.lot_id
     WHERE l.sale_id = :sale AND l.total = -o.total AND l.quantity = -o.quantity
       AND (CAST(:package AS bigint) IS NULL OR t.customer_package_id = :package)
     GROUP BY e.lot_id, l.id HAVING sum(e.sessions) < 0
     ORDER BY e.lot_id
""")

GOODS = Goods(KINDS, _items_of, _sold, _given_back, _touches)
