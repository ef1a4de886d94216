"""What another terminal has just done, as a sentence with its author (features AD5, N10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.permissions import Deed
from frontdesk.rules.states import Status
from frontdesk.services.stock.awaited import waiting_words, who_waits
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.waiting.fitting import fits_of
from frontdesk.services.wording import person, when_said

_NOBODY_KNOWN = "Somebody"


@dataclass(frozen=True, kw_only=True)
class ReadNotice:
    """What came over the wire: no names, so that who may not see a thing learns nothing of it."""

    kind: str
    """What happened: `appointment.moved`."""
    id: int
    """The row it is about."""
    by: int | None = None
    """Who did it."""


@dataclass(frozen=True)
class Notice:
    """What happened, in words."""

    sentence: str
    """`Mo moved Kim Lee to 14:00.` Empty when there is nothing to say, only to look anew."""
    day: dt.date | None
    """The shop's day it concerns; None when it may concern any, or more than one."""
    mine: bool
    """Whether I did it myself, here or at another terminal."""
    author: str
    fits: str = ""
    """`2 waiting fit`: what came free could be given to somebody on the waitlist (features BK20)."""


Told = tuple[str, dt.date | None]


@use_case(Deed.SEE_BOOK)
def read_notice(work: Work, request: ReadNotice) -> Notice:
    """What another terminal has done, read under the reader's own permissions.

    What can't be seen, or is of a kind that this version does not know, is told by its kind alone.
    """
    author = work.session.execute(_AUTHOR, {"by": request.by}).scalar() or _NOBODY_KNOWN
    noun, _, verb = request.kind.partition(".")
    read = _READERS.get(noun, _named)
    said, day = read(work, noun, verb, request.id)
    fits = _fits(work, verb, request.id) if noun == "appointment" else ""
    sentence = f"{author} {said}.{f' {fits}' * bool(fits)}" if said else ""
    return Notice(sentence, day, request.by == work.actor.user_id, author, fits)


_AUTHOR = text("SELECT name FROM users WHERE id = :by")


def _visit(work: Work, noun: str, verb: str, visit_id: int) -> Told:
    row = work.session.execute(_VISIT, {"id": visit_id}).one_or_none()
    if row is None:
        return f"{_words(verb)} a visit", None
    zone = work.shop.timezone
    who = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    when = when_said(row.starts_at, work.desk.today, zone)
    status = Status(row.status)
    if verb in ("taken_back", "done_again") and status is Status.VOID:
        said = f"took back the booking of {who} for {when}"
    else:
        said = _VISIT_WORDS.get(verb, f"{_words(verb)} {{who}}, {{when}}").format(
            who=who, when=when, status=status.words
        )
    day = day_of(row.starts_at, zone)
    moved_from = _moved_from(work, visit_id) if verb in _MOVING else None
    return said, day if moved_from is None or day_of(moved_from, zone) == day else None


_VISIT_WORDS = {
    "booked": "booked {who} for {when}", "moved": "moved {who} to {when}", "confirmed": "confirmed {who}, {when}",
    "arrived": "checked in {who}, {when}", "in_service": "started {who}, {when}",
    "processing": "left {who}, {when}, to process", "late_cancelled": "cancelled {who}, {when}, late",
    "completed": "finished {who}, {when}", "no_show": "marked {who}, {when}, as a no-show",
    "cancelled": "cancelled {who}, {when}", "put_back": "put back {who}, {when}: {status}",
    "swapped": "put {who} at {when}, in a swap", "shifted": "shifted {who} to {when}",
    "resized": "gave {who}, {when}, another length", "handed_over": "handed over {who}, {when}",
    "reassigned": "gave the visit at {when} to {who}", "added": "added a service for {who}, {when}",
    "dropped": "took a service off {who}, {when}", "grouped": "changed the party of {who}, {when}",
    "taken_back": "took something back: {who}, {when}, is {status}",
    "done_again": "did it again: {who}, {when}, is {status}",
}  # fmt: skip
_VISIT = text("""
    SELECT a.starts_at, a.status, a.guest_name, c.first_name, c.last_name, c.code AS customer_code
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id WHERE a.id = :id
""")


def _fits(work: Work, verb: str, visit_id: int) -> str:
    """How many of the waitlist could take what a visit has left: `2 waiting fit: w shows them.`"""
    if verb not in _FREEING:
        return ""
    rows = work.session.execute(_FREED, {"id": visit_id}).all()
    days: dict[dt.date, list[tuple[int, dt.datetime, dt.datetime]]] = {}
    for row in rows:
        if row.ends_at > work.now:
            day = day_of(row.starts_at, work.shop.timezone)
            days.setdefault(day, []).append((row.stylist_id, row.starts_at, row.ends_at))
    fitting = {fit.entry_id for day, its in days.items() for fit in fits_of(work, day, its, besides_visit=visit_id)}
    return f"{len(fitting)} waiting fit{'s' * (len(fitting) == 1)}: w shows who." if fitting else ""


_MOVING = frozenset({"moved", "swapped", "shifted", "taken_back", "done_again"})
_FREEING = frozenset({"cancelled", "late_cancelled", "no_show", "dropped", "moved", "swapped", "shifted", "taken_back"})
# A line that has left frees its own time, one that was moved the time it had before.
_FREED = text("""
    SELECT l.stylist_id, l.starts_at, l.ends_at FROM appointment_services l
     WHERE l.appointment_id = :id AND l.stylist_id IS NOT NULL AND l.class_session_id IS NULL
       AND l.status IN ('cancelled', 'late_cancelled', 'no_show', 'void')
    UNION ALL
    SELECT coalesce(CAST(h.old->>'stylist_id' AS bigint), l.stylist_id),
           coalesce(CAST(h.old->>'starts_at' AS timestamptz), l.starts_at),
           coalesce(CAST(h.old->>'ends_at' AS timestamptz), l.ends_at)
      FROM appointment_services l
     CROSS JOIN LATERAL (SELECT old FROM record_history('appointment_services', l.id)
                          WHERE action = 'update' AND (old ? 'starts_at' OR old ? 'stylist_id')
                          ORDER BY at DESC LIMIT 1) h
     WHERE l.appointment_id = :id AND l.stylist_id IS NOT NULL AND l.class_session_id IS NULL
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")


def _moved_from(work: Work, visit_id: int) -> dt.datetime | None:
    found: dt.datetime | None = work.session.execute(_MOVED_FROM, {"id": visit_id}).scalar()
    return found


_MOVED_FROM = text("""
    SELECT CAST(old->>'starts_at' AS timestamptz) FROM record_history('appointments', :id)
     WHERE action = 'update' AND old ? 'starts_at' ORDER BY at DESC LIMIT 1
""")


def _sale(work: Work, noun: str, verb: str, sale_id: int) -> Told:
    row = work.session.execute(_SALE, {"id": sale_id}).one_or_none()
    if row is None:
        return f"{_words(verb)} a ticket", None
    days = {day_of(starts_at, work.shop.timezone) for starts_at in row.visits if starts_at} | {row.day}
    who = ", ".join(
        dict.fromkeys(person(first, last, code) for first, last, code in row.customers or () if first or last or code)
    )
    number = f" {row.number}" if row.number else ""
    return f"{_words(verb)} ticket{number}" + (f", {who}" * bool(who)), days.pop() if len(days) == 1 else None


_SALE = text("""
    SELECT s.number, s.day, array_agg(a.starts_at) AS visits,
           jsonb_agg(jsonb_build_array(c.first_name, c.last_name, c.code) ORDER BY l.position) AS customers
      FROM sales s LEFT JOIN sale_lines l ON l.sale_id = s.id
      LEFT JOIN appointment_services v ON v.id = l.appointment_service_id
      LEFT JOIN appointments a ON a.id = v.appointment_id
      LEFT JOIN customers c ON c.id = coalesce(l.customer_id, s.customer_id)
     WHERE s.id = :id GROUP BY s.id
""")


def _hours(work: Work, noun: str, verb: str, resource_id: int) -> Told:
    name = work.session.execute(text(_NAMES["resource"]), {"id": resource_id}).scalar()
    return f"{_words(verb)} the hours of {name or 'somebody'}", None


def _opening(work: Work, noun: str, verb: str, shop_id: int) -> Told:
    return f"{_words(verb)} the opening hours", None


def _named(work: Work, noun: str, verb: str, row_id: int) -> Told:
    """`added the service Cut`, `changed Kim Lee`; `voided a sale` of what has no name here."""
    question = _NAMES.get(noun)
    name = work.session.execute(text(question), {"id": row_id}).scalar() if question else None
    if not name:
        return f"{_words(verb or 'changed')} {_a(_words(noun))}", None
    return f"{_words(verb)} {name if noun in _PEOPLE else f'the {_words(noun)} {name}'}", None


_PEOPLE = ("customer", "person", "stylist", "resource")
_NAMES = {
    "customer": "SELECT coalesce(nullif(trim(first_name || ' ' || last_name), ''), code) FROM customers WHERE id = :id",
    "stylist": "SELECT trim(first_name || ' ' || last_name) FROM stylists WHERE id = :id",
    "person": "SELECT name FROM users WHERE id = :id",
    "resource": "SELECT name FROM resources WHERE id = :id",
    "service": "SELECT name FROM services WHERE id = :id",
    "category": "SELECT name FROM service_categories WHERE id = :id",
    "product": "SELECT name FROM products WHERE id = :id",
    "tax": "SELECT name FROM taxes WHERE id = :id",
    "terminal": "SELECT name FROM terminals WHERE id = :id",
    "shop": "SELECT name FROM shops WHERE id = :id",
    "cancel_reason": "SELECT name FROM cancel_reasons WHERE id = :id",
    "drawer": "SELECT name FROM drawers WHERE id = :id",
    "z": "SELECT 'Z ' || number FROM z_reports WHERE id = :id",
}
"""How a thing's name is asked, by what it is called in the kind of a notice."""


def _waiting(work: Work, noun: str, verb: str, row_id: int) -> Told:
    row = work.session.execute(_ON_A_LIST[noun], {"id": row_id}).one_or_none()
    who = "somebody" if row is None else person(row.first_name, row.last_name, row.code, row.guest_name)
    return _WAITING_WORDS.get(f"{noun}.{verb}", f"{_words(verb)} {{who}}").format(who=who), None


_ON_A_LIST = {
    noun: text(
        "SELECT c.first_name, c.last_name, c.code, e.guest_name"  # noqa: S608  nothing but names of tables
        f" FROM {table} e LEFT JOIN customers c ON c.id = e.customer_id WHERE e.id = :id"
    )
    for noun, table in (("waitlist", "waitlist_entries"), ("queue", "walk_ins"))
}
_WAITING_WORDS = {
    "waitlist.added": "put {who} on the waitlist", "waitlist.changed": "changed what {who} waits for",
    "waitlist.left": "took {who} off the waitlist", "waitlist.booked": "booked {who} from the waitlist",
    "waitlist.offered": "offered {who} a time", "waitlist.declined": "noted that {who} does not want the time",
    "waitlist.withdrawn": "withdrew the offer to {who}", "queue.joined": "put {who} in the queue",
    "queue.assigned": "gave {who} a turn", "queue.left": "let {who} go from the queue",
}  # fmt: skip


def _class(work: Work, noun: str, verb: str, session_id: int) -> Told:
    """`gave away a seat in Yoga, Thu 12 Mar 14:00`."""
    row = work.session.execute(_SESSION, {"id": session_id}).one_or_none()
    if row is None:
        return f"{_words(verb)} a class", None
    which = f"{row.name}, {when_said(row.starts_at, work.desk.today, work.shop.timezone)}"
    return f"{_CLASS_WORDS.get(verb, f'{_words(verb)} the class')} {which}", day_of(row.starts_at, work.shop.timezone)


_CLASS_WORDS = {"joined": "gave away a seat in", "left": "freed a seat in"}
_SESSION = text(
    "SELECT v.name, k.starts_at FROM class_sessions k JOIN services v ON v.id = k.service_id WHERE k.id = :id"
)


def _turn(work: Work, noun: str, verb: str, stylist_id: int) -> Told:
    name = work.session.execute(text("SELECT first_name FROM stylists WHERE id = :id"), {"id": stylist_id}).scalar()
    return f"passed {name or 'somebody'} over in the queue", None


def _hold(work: Work, noun: str, verb: str, slot_id: int) -> Told:
    """`is booking 15:00 with Anna`; a time that is kept no more is seen, not told."""
    row = work.session.execute(_HELD, {"id": slot_id}).one_or_none()
    if row is None:
        return "", None
    zone = work.shop.timezone
    when = when_said(row.starts_at, work.desk.today, zone)
    return f"is booking {when} with {row.name}", day_of(row.starts_at, zone)


_HELD = text("""
    SELECT t.starts_at, r.name FROM time_slots t JOIN resources r ON r.id = t.resource_id
     WHERE t.id = :id AND t.status = 'held'
""")


def _import(work: Work, noun: str, verb: str, batch_id: int) -> Told:
    return "brought in another system's data", None


def _menu(work: Work, noun: str, verb: str, row_id: int) -> Told:
    return "filled the menu", None


def _stock(work: Work, noun: str, verb: str, product_id: int) -> Told:
    """`received Serum. Jane Doe waits for Serum`."""
    if verb != "received":  # how many there are is seen; and a delivery, which moves them, says more than that
        return "", None
    name = work.session.execute(text(_NAMES["product"]), {"id": product_id}).scalar() or "a product"
    waiting = waiting_words(who_waits(work, [product_id]))
    return f"received {name}" + f". {waiting}" * bool(waiting), None


_READERS: dict[str, Callable[[Work, str, str, int], Told]] = {
    "appointment": _visit, "hold": _hold, "sale": _sale, "hours": _hours, "opening": _opening, "import": _import,
    "menu": _menu, "waitlist": _waiting, "queue": _waiting, "turn": _turn, "class": _class,
    "stock": _stock,
}  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"
