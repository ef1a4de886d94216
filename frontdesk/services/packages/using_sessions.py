"""Sessions of packages on a ticket: a line of a visit takes a session's own value for its price, and the session is
used when the ticket is closed (features CO9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import AlreadyPaid, BadInput, NotFound, PackageUsedUp, Refusal
from frontdesk.money import rounded
from frontdesk.rules.sessions import next_session
from frontdesk.services.packages import package_lots
from frontdesk.services.packages.package_lots import LotLeft
from frontdesk.services.packages.selling_packages import ToSell, return_sessions, tax_inside
from frontdesk.services.ticket.items import BackLine, Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import Ticket, UseSession
from frontdesk.services.use_case import Work, Write
from frontdesk.services.wording import day_words
from frontdesk.tables.sales import Sale


class PackageForOthers(Refusal):
    """{name} belongs to {owner} and pays for them and whom they share it with. Share it first, or pay another way."""


class PackageNotForThis(Refusal):
    """{name} pays for {services}, not for {service}. Pay for it another way."""


class PackageLapsed(Refusal):
    """{name} was good until {day}. Sell another, or pay another way."""


class PackageNotYet(Refusal):
    """{name} has its next session from {day}. Pay another way until then."""


class PackageFrozen(Refusal):
    """{name} is frozen until {day}. End the freeze first, or pay another way."""


class PackageEnded(Refusal):
    """{name} was given back and pays for nothing any more. Pay another way."""


@dataclass(frozen=True)
class SessionUsed:
    """A session that pays for a line of a visit."""

    wish: UseSession
    name: str
    """Of the package."""
    value: Decimal
    tax: Decimal
    """Of the value, tax that was paid when it was sold."""
    lot_id: int | None = None
    sold_at: int | None = None
    """Which of the packages on the same ticket it comes from, the first one 0."""


def _none(work: Work, ticket: Ticket) -> list[Item]:
    """A session is no line of its own."""
    return []


def _touches(work: Work, ticket: Ticket, items: list[Item]) -> list[Item]:
    if not ticket.sessions:
        return items
    places = {item.visit_line_id: place for place, item in enumerate(items) if item.visit_line_id is not None}
    known = [wish.customer_package_id for wish in ticket.sessions if wish.customer_package_id is not None]
    if isinstance(ticket, Write):  # a quote only looks
        package_lots.hold(work, known)
    lots = package_lots.lots_left(work, customer_package_ids=known)
    on_ticket = [item for item in items if isinstance(item.wish, ToSell)]
    drawn = _Drawn(work, lots, on_ticket)
    touched = list(items)
    for wish in ticket.sessions:
        place = places.get(wish.line_id)
        if place is None:
            raise NotFound(what="line", name=wish.line_id, remedy="It is not on this ticket: look at its lines.")
        item = touched[place]
        if item.paid:
            raise AlreadyPaid
        if isinstance(item.wish, SessionUsed) or item.quantity != 1:
            raise BadInput(f"One session pays for one {item.name}. Take the other off the ticket.", field="sessions")
        used = drawn.take(wish, item, ticket)
        touched[place] = replace(
            item,
            unit_price=used.value,
            list_price=item.unit_price if item.list_price is None else item.list_price,
            voucher_value=used.value,
            discount=None,
            discount_why="",
            is_discounted=False,
            taxed_as=drawn.taxed_as(used),
            wish=used,
        )
    return touched


class _Drawn:
    """What is left while the wishes of one ticket are read one after the other."""

    def __init__(self, work: Work, lots: Sequence[LotLeft], on_ticket: Sequence[Item]) -> None:
        self._work = work
        self._left = {lot.id: lot for lot in lots}
        self._sold: list[tuple[int, Item, int, int, Decimal, Decimal]] = []
        for place, item in enumerate(on_ticket):
            self._add(place, item)

    def _add(self, place: int, item: Item) -> None:
        to_sell, work = item.wish, self._work
        assert isinstance(to_sell, ToSell)
        taxable = item.unit_price
        if to_sell.tax_point == "received":
            inside = work.session.execute(_INSIDE, {"day": work.desk.today}).scalar_one()
            taxable = item.unit_price - rounded(item.unit_price * inside / (100 + inside), work.shop.currency)
        tax = tax_inside(taxable, item.unit_price, to_sell.tax_point)
        today = work.desk.today
        for lot in to_sell.lots(today, item.unit_price, tax, work.shop.currency):
            if lot.first_day == today:
                self._sold.append((place, item, lot.service_id, lot.sessions, lot.value, lot.tax))

    def taxed_as(self, used: SessionUsed) -> str:
        """How its line is taxed: not at all when the tax was paid on top of the package's price."""
        return "none" if self._tax_point(used) == "received" and not used.tax and used.value else "service"

    def _tax_point(self, used: SessionUsed) -> str:
        if used.lot_id is not None:
            return self._left[used.lot_id].tax_point
        item = next(item for place, item, *_ in self._sold if place == used.sold_at)
        assert isinstance(item.wish, ToSell)
        return item.wish.tax_point

    def take(self, wish: UseSession, item: Item, ticket: Ticket) -> SessionUsed:
        """The next session for a line. Raises what speaks against it."""
        if wish.customer_package_id is None:
            return self._take_new(wish, item)
        return self._take_known(wish, item, item.customer_id or ticket.customer_id)

    def _take_new(self, wish: UseSession, item: Item) -> SessionUsed:
        currency = self._work.shop.currency
        for at, (place, sold, service_id, sessions, value, tax) in enumerate(self._sold):
            if service_id == item.service_id and sessions:
                mine, taxed = next_session(sessions, value, tax, currency)
                self._sold[at] = (place, sold, service_id, sessions - 1, value - mine, tax - taxed)
                return SessionUsed(wish, sold.name, mine, taxed, sold_at=place)
        raise BadInput(
            f"No package on this ticket has a session for {item.name}. Sell one that has, or name the customer's.",
            field="sessions",
        )

    def _take_known(self, wish: UseSession, item: Item, customer_id: int | None) -> SessionUsed:
        today, currency = self._work.desk.today, self._work.shop.currency
        lots = [lot for lot in self._left.values() if lot.customer_package_id == wish.customer_package_id]
        if not lots:
            raise NotFound(
                what="package with sessions", name=wish.customer_package_id,
                remedy="Look at what the customer has.",
            )  # fmt: skip
        _refuse_unusable(lots, item, customer_id)
        mine = [lot for lot in lots if lot.service_id == item.service_id]
        lot = next((lot for lot in mine if lot.is_usable(today)), None)
        if lot is None:
            _refuse_empty(mine, self._work)
        assert lot is not None
        if lot.currency != currency:
            raise BadInput(
                f"{lot.name} was sold in {lot.currency}. Use it in a shop that takes that.", field="sessions"
            )
        value, tax = next_session(lot.sessions, lot.value, lot.tax, currency)
        self._left[lot.id] = replace(lot, sessions=lot.sessions - 1, value=lot.value - value, tax=lot.tax - tax)
        return SessionUsed(wish, lot.name, value, tax, lot_id=lot.id)


_INSIDE = text("""
    SELECT coalesce(sum(percent), 0) FROM taxes
     WHERE on_services AND inclusive AND valid_from <= :day AND valid_until > :day
""")


def _refuse_unusable(lots: Sequence[LotLeft], item: Item, customer_id: int | None) -> None:
    first = lots[0]
    if first.ended:
        raise PackageEnded(name=first.name)
    if not first.is_for(customer_id):
        raise PackageForOthers(name=first.name, owner=first.owner or "somebody else")
    if first.frozen_until is not None:
        raise PackageFrozen(name=first.name, day=day_words(first.frozen_until))
    services = list(dict.fromkeys(lot.service for lot in lots))
    if item.service_id not in {lot.service_id for lot in lots}:
        raise PackageNotForThis(name=first.name, services=" and ".join(services), service=item.name)


def _refuse_empty(lots: Sequence[LotLeft], work: Work) -> None:
    """Why none of these lots has a session for today."""
    today, name = work.desk.today, lots[0].name
    ahead = [lot.first_day for lot in lots if lot.first_day > today and lot.sessions]
    current = [lot for lot in lots if lot.first_day <= today and (lot.last_day is None or lot.last_day >= today)]
    if ahead:
        raise PackageNotYet(name=name, day=day_words(min(ahead)))
    last = max((lot.last_day for lot in lots if lot.last_day), default=None)
    if not current and last is not None:
        raise PackageLapsed(name=name, day=day_words(last))
    raise PackageUsedUp


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    """The sessions are used. Those of packages on the same ticket exist by now: they are sold before."""
    used = [(line, line.item.wish) for line in lines if isinstance(line.item.wish, SessionUsed)]
    if not used:
        return
    new = [row.id for row in work.session.execute(_SOLD_NOW, {"sale": sale.id})] if _any_new(used) else []
    lots = package_lots.lots_left(work, customer_package_ids=new) if new else []
    for line, session in used:
        lot_id = session.lot_id
        if session.sold_at is not None:
            lot_id = next(
                lot.id
                for lot in lots
                if lot.customer_package_id == new[session.sold_at]
                and lot.service_id == line.item.service_id
                and lot.first_day <= work.desk.today
            )
        assert lot_id is not None
        package_lots.note(
            work, lot_id, "used", -1, -session.value, -session.tax, sale_id=sale.id, line_id=line.row.id,
            customer_id=line.row.customer_id,
        )  # fmt: skip
    work.session.flush()


def _any_new(used: Sequence[tuple[SoldLine, SessionUsed]]) -> bool:
    return any(session.sold_at is not None for _, session in used)


_SOLD_NOW = text("""
    SELECT p.id FROM sale_lines l JOIN customer_packages p ON p.sale_line_id = l.id
     WHERE l.sale_id = :sale ORDER BY l.position
""")


def _given_back(work: Work, sale: Sale, lines: Sequence[BackLine]) -> None:
    return_sessions(work, sale)


GOODS = Goods(("service",), _none, _sold, _given_back, _touches)
