"""Who did what to one record, before and after (features AD3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.placing.freeing import customer_of, lines_of, visit_to_change
from frontdesk.services.records.story import Event, events_of_customer, events_of_visit
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.tables.customers import Customer

Kind = Literal[
    "customers", "appointments", "appointment_services", "appointment_cancellations", "sales", "sale_lines",
    "payments", "services", "products", "stylists",
]  # fmt: skip
"""What has a history that everybody may ask for; payroll and secrets have none."""


@dataclass(frozen=True, kw_only=True)
class ShowHistory:
    """One record by the table it lies in."""

    kind: Kind
    id: int


@dataclass(frozen=True)
class Change:
    """What somebody did."""

    at: dt.datetime
    who: str
    terminal: str | None
    action: str
    """`insert`, `update` or `delete`."""
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    """Of an update, the changed columns only."""


@dataclass(frozen=True)
class RecordHistory:
    """A record's story, oldest first."""

    changes: tuple[Change, ...]


@use_case(Deed.SEE_BOOK)
def show_history(work: Work, request: ShowHistory) -> RecordHistory:
    """Who did what to one record, before and after."""
    rows = work.session.execute(_HISTORY, {"table": request.kind, "id": request.id})
    return RecordHistory(tuple(Change(*row) for row in rows))


_HISTORY = text("SELECT at, who, terminal, action, old, new FROM record_history(:table, :id)")


@dataclass(frozen=True, kw_only=True)
class TellStory:
    """The history of a visit, or of a customer's card, in words."""

    appointment_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class StoryLine:
    """What somebody did."""

    at: dt.datetime
    who: str
    terminal: str | None
    sentence: str
    """`moved from Tue 10 Mar 15:00 to 15:45`."""


@dataclass(frozen=True)
class Story:
    """What happened to one thing, oldest first."""

    title: str
    """`7QK2X  Jane Doe`."""
    lines: tuple[StoryLine, ...]


@use_case(Deed.SEE_BOOK)
def tell_story(work: Work, request: TellStory) -> Story:
    """What happened to a visit or to a customer's card, who did it and where, in words. Raises NotFound, BadInput.

    Of a customer it says which fields changed, and no number, address or note; once erased, no name either.
    """
    if (request.appointment_id is None) == (request.customer_id is None):
        raise BadInput("Say whose history: a visit's or a customer's.", field="appointment_id")
    if request.appointment_id is not None:
        return _of_visit(work, request.appointment_id)
    work.require(Deed.SEE_CUSTOMERS)
    return _of_customer(work, request.customer_id or 0)


def _of_visit(work: Work, visit_id: int) -> Story:
    visit = visit_to_change(work, visit_id)
    lines = {line.id: line.name for line in lines_of(work, visit.id)}
    return _story(f"{visit.code}  {customer_of(work, visit)}", events_of_visit(work, visit.id, lines))


def _of_customer(work: Work, customer_id: int) -> Story:
    customer = work.session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(what="customer", name=customer_id, remedy="Look them up by name.")
    title = person(customer.first_name, customer.last_name, customer.code)
    return _story(title, events_of_customer(work, customer.id, erased=customer.erased_at is not None))


def _story(title: str, events: Iterable[Event]) -> Story:
    return Story(title, tuple(StoryLine(event.at, event.who, event.terminal, event.words) for event in events))
