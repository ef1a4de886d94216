"""A visit's and a customer's history put into words. Private to `history`, which hands in the open session."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.money import plain
from frontdesk.rules.states import Status, is_backwards
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, day_and_time

_ONE_ACT = dt.timedelta(seconds=2)
"""What one person did to several lines within this time was one key."""

_LONGEST_NOTE = 60

_ADDED = "added"
"""With this reason a line comes into a visit that was there before."""


@dataclass(frozen=True)
class Event:
    """Something that was done, to the whole visit or to some of its lines."""

    at: dt.datetime
    who: str
    terminal: str | None
    words: str
    line_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Row:
    """One entry of the history of a visit or of a line."""

    line_id: int | None
    at: dt.datetime
    who: str
    terminal: str | None
    action: str
    old: dict[str, Any]
    new: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> _Row:  # noqa: ANN401  a row of record_history
        old, new = (json.loads(kept, parse_float=Decimal) if kept else {} for kept in (row.old, row.new))
        return cls(row.line_id, row.at, row.who, row.terminal, row.action, old, new)

    def said(self, words: str) -> Event:
        """This entry as an event."""
        lines = frozenset({self.line_id}) if self.line_id is not None else frozenset[int]()
        return Event(self.at, self.who, self.terminal, words, lines)


def events_of_visit(work: Work, visit_id: int, lines: Mapping[int, str]) -> list[Event]:
    """What was done to a visit, oldest first; `lines` are the names of its services by line."""
    rows = [_Row.of(row) for row in work.session.execute(_CHANGES, {"visit": visit_id})]
    names = {row.id: row.first_name for row in work.session.execute(_NAMES)}
    booking = next((row for row in rows if row.line_id is None and row.action == "insert"), None)
    events = list(_steps(work, visit_id, rows, booking))
    for row in rows:
        if row.action == "insert" and row.line_id is not None and not _together(row, booking):
            events.append(row.said(f"added {_service(row.new, names)}"))
        elif row.action == "update":
            events += [row.said(words) for words in _changes(work, row, names)]
    if booking is not None:
        taken = [_service(row.new, names) for row in rows if row.line_id and _together(row, booking)]
        when = day_and_time(dt.datetime.fromisoformat(booking.new["starts_at"]), work.shop.timezone)
        events.append(booking.said(f"booked for {when}" + f": {', '.join(taken)}" * bool(taken)))
    events += _payments(work, visit_id)
    return _told_once(sorted(events, key=lambda event: event.at), lines)


def _together(row: _Row, booking: _Row | None) -> bool:
    return booking is not None and row.action == "insert" and row.at - booking.at <= _ONE_ACT


def _service(line: dict[str, Any], names: Mapping[int, str]) -> str:
    return f"{line['name']} with {_name(line['stylist_id'], names)}"


def _name(stylist_id: int | None, names: Mapping[int, str]) -> str:
    return names.get(stylist_id, "somebody who left") if stylist_id is not None else "nobody yet"


def _changes(work: Work, row: _Row, names: Mapping[int, str]) -> Iterator[str]:
    """What an update changed, as far as it is worth telling: states are told by the steps, with their reasons."""
    old, new, zone = row.old, row.new, work.shop.timezone
    if "starts_at" in new and row.line_id is None:
        before, after = (dt.datetime.fromisoformat(each["starts_at"]) for each in (old, new))
        same_day = day_of(before, zone) == day_of(after, zone)
        then = clock_time(after, zone) if same_day else day_and_time(after, zone)
        yield f"moved from {day_and_time(before, zone)} to {then}"
    elif "ends_at" in new and row.line_id is None:
        yield f"until {clock_time(dt.datetime.fromisoformat(new['ends_at']), zone)}"
    if "stylist_id" in new:
        yield f"from {_name(old['stylist_id'], names)} to {_name(new['stylist_id'], names)}"
    if "name" in new:
        yield f"{old['name']} → {new['name']}"
    if "price" in new:
        was, now = (plain(Decimal(each["price"]), work.shop.currency) for each in (old, new))
        yield f"price {was} → {now}"
    if "quantity" in new:
        yield f"quantity {old['quantity']} → {new['quantity']}"
    if "overbooked" in new:
        yield f"overbooked: {new['overbook_reason']}" if new["overbooked"] else "no longer overbooked"
    for column, word in (("notes", "note"), ("internal_notes", "note for staff")):
        if column in new:
            yield f'{word} "{_short(new[column])}"' if new[column] else f"{word} removed"
    if "guest_name" in new:
        yield f"for {new['guest_name'] or 'the customer'}"
    if "customer_id" in new:
        yield "made over to another customer"
    if "group_id" in new:
        yield "joined a party" if new["group_id"] else "left its party"


def _short(note: str) -> str:
    line = " ".join(note.split())
    return line if len(line) <= _LONGEST_NOTE else f"{line[: _LONGEST_NOTE - 1]}…"


def _steps(work: Work, visit_id: int, rows: list[_Row], booking: _Row | None) -> Iterator[Event]:
    """The states a visit went through, with their reasons, and with time and terminal of the change they belong to.

    A line's last step is its last change of state, and so on backwards; visits that came with an import have steps
    older than their history, which keep the time that came with them.
    """
    changed: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.line_id is not None and row.action == "update" and "status" in row.new:
            changed[row.line_id].append(row)
    for step in work.session.execute(_STEPS, {"visit": visit_id}).all():  # the latest first
        if step.from_status is None:
            if booking is None:
                yield Event(step.at, step.who or "another system", None, "booked")
            continue
        event = Event(step.at, step.who or "another system", None, _step_words(step))
        if step.line_id is not None:
            event = replace(event, line_ids=frozenset({step.line_id}))
        its = changed[step.line_id]
        if its and its[-1].new["status"] == step.to_status:
            row = its.pop()
            event = replace(event, at=row.at, who=row.who, terminal=row.terminal)
        if step.from_status != Status.VOID or step.reason != _ADDED:  # its row says that it was added
            yield event


def _step_words(step: Any) -> str:  # noqa: ANN401  a row of _STEPS
    was, now = Status(step.from_status), Status(step.to_status)
    if (was, now, step.reason) == (Status.PROCESSING, Status.IN_SERVICE, None):
        return "back in the chair"
    words = f"back to {now.words}" if is_backwards(was, now) else _STEP_WORDS.get(now, now.words)
    return f"{words}: {step.reason}" if step.reason else words


_STEP_WORDS = {
    Status.IN_SERVICE: "started", Status.COMPLETED: "finished", Status.NO_SHOW: "no-show", Status.VOID: "void",
    Status.LATE_CANCELLED: "cancelled late",
}  # fmt: skip


def _payments(work: Work, visit_id: int) -> Iterator[Event]:
    for row in work.session.execute(_PAID, {"visit": visit_id}):
        who, terminal = row.who or row.cashier or "another system", row.terminal
        yield Event(row.told_at or row.closed_at, who, terminal, f"paid, ticket {row.number or row.imported_number}")


def _told_once(events: Iterable[Event], lines: Mapping[int, str]) -> list[Event]:
    """What one person did to several lines at once is one event; what concerns some lines only names them."""
    told: list[Event] = []
    for event in events:
        recent = (n for n in reversed(range(len(told))) if event.at - told[n].at <= _ONE_ACT)
        same = next((n for n in recent if (told[n].who, told[n].words) == (event.who, event.words)), None)
        if same is None:
            told.append(event)
        else:
            told[same] = replace(told[same], line_ids=told[same].line_ids | event.line_ids)
    return [_with_names(event, lines) for event in told]


def _with_names(event: Event, lines: Mapping[int, str]) -> Event:
    if not event.line_ids or event.line_ids >= lines.keys():
        return event
    names = "+".join(name for line_id, name in lines.items() if line_id in event.line_ids)
    return replace(event, words=f"{names}: {event.words}")


def events_of_customer(work: Work, customer_id: int, *, erased: bool) -> list[Event]:
    """What was done to a customer's card: which field changed and who did it, but no number, address or note."""
    rows = [_Row.of(row) for row in work.session.execute(_CARD, {"customer": customer_id})]
    names = {row.id: row.first_name for row in work.session.execute(_NAMES)}
    events = []
    for row in rows:
        if row.action == "insert":
            events.append(row.said("added"))
        elif words := list(_card_changes(row, names, erased=erased)):
            events.append(row.said(", ".join(words)))
    return events


def _card_changes(row: _Row, names: Mapping[int, str], *, erased: bool) -> Iterator[str]:
    old, new = row.old, row.new
    if "first_name" in new or "last_name" in new:
        # A history keeps changed columns only, so a name is told as far as it changed.
        both = [
            " ".join(filter(None, (each.get("first_name"), each.get("last_name")))) or "nothing" for each in (old, new)
        ]
        yield "name" if erased else f"name {both[0]} → {both[1]}"
    yield from (word for column, word in _FIELDS.items() if column in new)
    if "preferred_stylist_id" in new:
        yield f"preferred stylist {_name(new['preferred_stylist_id'], names)}"
    if "is_active" in new:
        yield "taken out of the search" if not new["is_active"] else "back in the search"
    if "erased_at" in new:
        yield "erased"


_FIELDS = {
    "phone": "telephone", "email": "e-mail", "date_of_birth": "date of birth", "gender": "gender", "notes": "notes",
    "preferences": "preferences", "code": "code",
}  # fmt: skip

_NAMES = text("SELECT id, first_name FROM stylists")
_CHANGES = text("""
    SELECT CAST(NULL AS bigint) AS line_id, h.at, h.who, h.terminal, h.action, CAST(h.old AS text) AS old,
           CAST(h.new AS text) AS new FROM record_history('appointments', :visit) h
    UNION ALL
    SELECT l.id, h.at, h.who, h.terminal, h.action, CAST(h.old AS text), CAST(h.new AS text)
      FROM appointment_services l CROSS JOIN LATERAL record_history('appointment_services', l.id) h
     WHERE l.appointment_id = :visit
     ORDER BY at
""")
_CARD = text("""
    SELECT CAST(NULL AS bigint) AS line_id, at, who, terminal, action, CAST(old AS text) AS old,
           CAST(new AS text) AS new FROM record_history('customers', :customer)
""")
_STEPS = text("""
    SELECT h.at, u.name AS who, h.appointment_service_id AS line_id, h.from_status, h.to_status, h.reason
      FROM appointment_status_history h LEFT JOIN users u ON u.id = h.user_id
     WHERE h.appointment_id = :visit ORDER BY h.at DESC, h.id DESC
""")
_PAID = text("""
    SELECT s.number, s.imported_number, s.closed_at, u.name AS cashier, h.at AS told_at, h.who, h.terminal
      FROM sales s LEFT JOIN users u ON u.id = s.cashier_id
      LEFT JOIN LATERAL (SELECT * FROM record_history('sales', s.id) ORDER BY at DESC LIMIT 1) h ON true
     WHERE s.status = 'closed'
       AND s.id IN (SELECT p.sale_id FROM sale_lines p JOIN appointment_services l ON l.id = p.appointment_service_id
                     WHERE l.appointment_id = :visit)
""")
