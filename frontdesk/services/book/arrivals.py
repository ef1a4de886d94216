"""What everybody has to know when somebody comes, on one card, and who has seen it (features CI6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import number_text
from frontdesk.permissions import Deed
from frontdesk.rules.birthdays import birthday_words
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.arrivals import ArrivalCard as Seen
from frontdesk.tables.arrivals import CustomerAlert
from frontdesk.text import clean

AlertKind = Literal["allergy", "health", "alert"]
KINDS: tuple[AlertKind, ...] = ("allergy", "health", "alert")

PRIVATE = frozenset({"allergy", "health", "alert", "debt", "fee"})
"""Kinds of lines that a customer who is looking should not read."""


@dataclass(frozen=True, kw_only=True)
class ArrivalOf:
    """A visit whose customer is here."""

    appointment_id: int


@dataclass(frozen=True)
class CardLine:
    """One thing to know."""

    kind: str
    """`allergy`, `health`, `alert`, `debt`, `birthday`, `new`, `telephone`, `wish`."""
    words: str
    """`ALLERGY: ammonia`, `owes 12.00`, `birthday Thursday`."""
    alert_id: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is hidden while a customer may be looking."""
        return self.kind in PRIVATE


@dataclass(frozen=True)
class ArrivalCard:
    """What there is to know about who has come. Without lines there is nothing to show."""

    appointment_id: int
    customer: str
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, kw_only=True)
class DismissCard(Write):
    """I have read the card."""

    appointment_id: int
    alert_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    """What else it spoke of."""


@dataclass(frozen=True)
class CardSeen:
    """Who has read a card, and when."""

    appointment_id: int
    seen_by: str
    seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AddAlert(Write):
    """Something to know about a customer whenever they come."""

    customer_id: int
    words: str
    kind: AlertKind = "alert"


@dataclass(frozen=True, kw_only=True)
class EndAlert(Write):
    """It holds no longer; that it did is kept."""

    alert_id: int


@dataclass(frozen=True, kw_only=True)
class ListAlerts:
    """Of which customer."""

    customer_id: int


@dataclass(frozen=True)
class Alert:
    """Something to know about a customer."""

    id: int
    customer_id: int
    kind: str
    words: str
    since: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class Alerts:
    """What holds, allergies first."""

    alerts: tuple[Alert, ...]


@use_case(Deed.SEE_CUSTOMERS)
def arrival_card(work: Work, request: ArrivalOf) -> ArrivalCard:
    """What to know about who has come: alerts, what they owe, a birthday, what they waited for.

    Raises NotFound.
    """
    asked = {"visit": request.appointment_id, "until": work.now}
    row = work.session.execute(_CARD, asked).one_or_none()
    if row is None:
        raise NotFound(what="visit", name=request.appointment_id, remedy="Look at the day's book.")
    name = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    return ArrivalCard(row.id, name, tuple(_card_lines(work, row)))


def _card_lines(work: Work, row: Any) -> Iterator[CardLine]:  # noqa: ANN401  a row of _CARD
    if row.customer_id is None or row.for_guest:
        return
    for alert_id, kind, words in row.alerts or ():
        yield CardLine(kind, alert_said(kind, words), alert_id)
    if owed := (row.fees or Decimal(0)) + (row.unpaid or Decimal(0)) + (row.account or Decimal(0)):
        yield CardLine("debt", f"owes {number_text(owed, work.shop.currency, work.shop.locale)}")
    if birthday := birthday_words(row.date_of_birth, work.desk.today):
        yield CardLine("birthday", birthday)
    for product in row.back or ():
        yield CardLine("wish", f"{product} is back")
    if row.is_first:
        yield CardLine("new", "first visit")
    if not row.phone:
        yield CardLine("telephone", "no telephone number yet")


def alert_said(kind: str, words: str) -> str:
    """`ALLERGY: ammonia`."""
    return words if kind == "alert" else f"{kind.upper()}: {words}"


# What is owed: fees nobody has paid, the house account, and visits that were finished and left the shop unpaid, this
# one not among them.
# A visit counts with its lines before taxes on top and discounts, as the list of the unpaid does.
_CARD = text("""
    SELECT a.id, a.customer_id, a.for_guest, a.guest_name, c.first_name, c.last_name, c.code AS customer_code, c.phone,
           c.date_of_birth,
           (SELECT jsonb_agg(jsonb_build_array(k.id, k.kind, k.words) ORDER BY k.kind <> 'allergy', k.kind, k.id)
              FROM customer_alerts k WHERE k.customer_id = a.customer_id AND k.ended_at IS NULL) AS alerts,
           (SELECT sum(f.amount) FROM appointment_fees f
             WHERE f.customer_id = a.customer_id AND f.taken_back_at IS NULL AND f.sale_line_id IS NULL) AS fees,
           (SELECT sum(l.price * l.quantity)
              FROM appointments o JOIN appointment_services l ON l.appointment_id = o.id
             WHERE o.customer_id = a.customer_id AND o.id <> a.id AND o.status = 'completed'
               AND l.status = 'completed' AND o.starts_at <= :until AND o.source <> 'import'
               AND NOT EXISTS (SELECT FROM paid_visit_lines s WHERE s.appointment_service_id = l.id)) AS unpaid,
           (SELECT sum(e.amount) FROM house_accounts h JOIN account_entries e ON e.account_id = h.id
             WHERE h.customer_id = a.customer_id) AS account,
           (SELECT jsonb_agg(p.name ORDER BY w.wished_at, w.id)
              FROM product_wishes w JOIN products p ON p.id = w.product_id
             WHERE w.customer_id = a.customer_id AND w.ended_at IS NULL AND p.is_active
               AND (SELECT sum(m.quantity) FROM stock_moves m
                     WHERE m.shop_id = a.shop_id AND m.product_id = p.id AND m.location_id IS NULL) > 0) AS back,
           NOT EXISTS (SELECT FROM appointments o
                        WHERE o.customer_id = a.customer_id AND o.id <> a.id AND o.status = 'completed') AS is_first
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id WHERE a.id = :visit
""")


@use_case(Deed.SERVE)
def dismiss_card(work: Work, request: DismissCard) -> CardSeen:
    """Keep who has read the card, and of what it spoke; never its words. Raises NotFound."""
    known = text("SELECT id FROM appointments WHERE id = :id")
    if work.session.execute(known, {"id": request.appointment_id}).scalar() is None:
        raise NotFound(what="visit", name=request.appointment_id, remedy="Look at the day's book.")
    kinds = sorted({kind for kind in map(clean, request.kinds) if kind})
    seen = Seen(appointment_id=request.appointment_id, alerts=sorted(request.alert_ids), kinds=kinds, seen_at=work.now)
    work.session.add(seen)
    work.session.flush()
    return CardSeen(request.appointment_id, work.actor.name, work.now)


@use_case(Deed.SERVE)
def add_alert(work: Work, request: AddAlert) -> Alert:
    """Something everybody has to know when this customer comes. Raises BadInput, NotFound."""
    words = clean(request.words)
    if not words:
        raise BadInput("An alert needs a word or two, like ammonia.", field="words")
    if request.kind not in KINDS:
        raise BadInput(f"An alert is one of {', '.join(KINDS)}.", field="kind")
    known = text("SELECT id FROM customers WHERE id = :id")
    if work.session.execute(known, {"id": request.customer_id}).scalar() is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up first.")
    alert = CustomerAlert(customer_id=request.customer_id, kind=request.kind, words=words, created_at=work.now)
    work.session.add(alert)
    work.session.flush()
    work.tell("customer.changed", request.customer_id)
    return _alert(alert)


@use_case(Deed.SERVE)
def end_alert(work: Work, request: EndAlert) -> Alert:
    """It holds no longer. Raises NotFound."""
    alert = work.session.get(CustomerAlert, request.alert_id)
    if alert is None or alert.ended_at is not None:
        raise NotFound(what="alert", name=request.alert_id, remedy="Look at the customer's alerts.")
    alert.ended_at = work.now
    work.session.flush()
    work.tell("customer.changed", alert.customer_id)
    return _alert(alert)


@use_case(Deed.SEE_CUSTOMERS)
def list_alerts(work: Work, request: ListAlerts) -> Alerts:
    """What everybody has to know about a customer."""
    rows = work.session.execute(_ALERTS, {"customer": request.customer_id})
    return Alerts(tuple(Alert(*row) for row in rows))


_ALERTS = text("""
    SELECT id, customer_id, kind, words, created_at, ended_at FROM customer_alerts
     WHERE customer_id = :customer AND ended_at IS NULL ORDER BY kind <> 'allergy', kind, id
""")


def _alert(row: CustomerAlert) -> Alert:
    return Alert(row.id, row.customer_id, row.kind, row.words, row.created_at, row.ended_at)
