"""The visits that a failing strip displaces, as the rule of reshuffling wants them.

Private to the services that put a day together again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import text

from frontdesk.rules.intervals import without
from frontdesk.rules.openings import Gap, Span, spans_joined
from frontdesk.rules.reshuffle import Displaced, Need, Place
from frontdesk.rules.states import Status
from frontdesk.services.placing.availability import read_gaps
from frontdesk.services.placing.candidates import Wanted, wanted
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person

BEGUN = frozenset({Status.IN_SERVICE, Status.PROCESSING})


class CardPart(NamedTuple):
    """A stretch of a line and whom it keeps busy."""

    role: str
    resource_id: int
    starts: int
    ends: int


@dataclass
class CardLine:
    """A line of a displaced visit."""

    id: int
    service_id: int
    service: str
    stylist_id: int | None
    status: Status
    overbooked: bool
    parts: list[CardPart] = field(default_factory=list)


@dataclass
class Card:
    """A displaced visit with whom to call about it."""

    id: int
    code: str
    version: int
    customer_id: int | None
    customer: str
    phone: str | None
    preferred: int | None
    """The stylist the customer likes best."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    for_guest: bool
    lines: list[CardLine] = field(default_factory=list)

    @property
    def what(self) -> str:
        """`Cut+Blow-dry`."""
        return "+".join(line.service for line in self.lines)

    @property
    def has_begun(self) -> bool:
        """Somebody is being served."""
        return any(line.status in BEGUN for line in self.lines)


class Slot(NamedTuple):
    """What one need of the rule stands for: these lines, in that role."""

    lines: tuple[int, ...]
    role: str
    had: int


@dataclass(frozen=True)
class Question:
    """Displaced visits, ready to be asked about."""

    cards: tuple[Card, ...]
    displaced: tuple[Displaced, ...]
    slots: Mapping[int, tuple[Slot, ...]]
    """By visit, need by need."""
    gaps: Mapping[int, list[Gap]]
    stylists: Mapping[int, tuple[int, str]]
    """By strip: the stylist and their name."""
    names: Mapping[int, str]
    """By strip."""

    def takes(self, place: Place, visit_id: int) -> list[tuple[Slot, int]]:
        """What another strip has to take over."""
        return [(slot, to) for slot, to in zip(self.slots[visit_id], place.taken, strict=True) if to != slot.had]


def cards_on(work: Work, resource_id: int, since: dt.datetime, until: dt.datetime) -> list[Card]:
    """Every visit that keeps a strip busy between two moments and is not over, in order of time."""
    asked = {"resource": resource_id, "since": since, "until": until, "shop": work.shop.id}
    return _cards(work.session.execute(_ON_STRIP, asked))


def card_of(work: Work, appointment_id: int) -> Card | None:
    """One visit; None when nothing of it is to be served."""
    return next(iter(_cards(work.session.execute(_ONE, {"visit": appointment_id, "shop": work.shop.id}))), None)


def _cards(rows: Iterable[Any]) -> list[Card]:
    cards: dict[int, Card] = {}
    lines: dict[int, CardLine] = {}
    for row in rows:
        card = cards.setdefault(row.id, Card(
            row.id, row.code, row.version, row.customer_id,
            person(row.first_name, row.last_name, row.customer_code, row.guest_name), row.phone,
            row.preferred_stylist_id, row.starts_at, row.ends_at, row.for_guest,
        ))  # fmt: skip
        if row.line_id not in lines:
            lines[row.line_id] = CardLine(
                row.line_id, row.service_id, row.service, row.stylist_id, Status(row.status), row.overbooked
            )
            card.lines.append(lines[row.line_id])
        if row.resource_id is not None:
            lines[row.line_id].parts.append(
                CardPart(row.role, row.resource_id, _second(row.part_starts), _second(row.part_ends))
            )
    return list(cards.values())


_SHEET = """
    SELECT a.id, a.code, a.version, a.customer_id, a.guest_name, a.for_guest, a.starts_at, a.ends_at, c.first_name,
           c.last_name, c.code AS customer_code, c.phone, c.preferred_stylist_id, l.id AS line_id, l.service_id,
           l.name AS service, l.stylist_id, l.status, l.overbooked, p.role, p.resource_id, p.starts_at AS part_starts,
           p.ends_at AS part_ends
      FROM appointments a LEFT JOIN customers c ON c.id = a.customer_id
      JOIN appointment_services l ON l.appointment_id = a.id
       AND l.status IN ('pending', 'confirmed', 'arrived', 'in_service', 'processing')
      LEFT JOIN appointment_parts p ON p.appointment_service_id = l.id
     WHERE a.shop_id = :shop AND {which}
     ORDER BY a.starts_at, a.id, l.position, p.position
"""
_ON_STRIP = text(
    _SHEET.format(
        which="""a.id IN (
    SELECT m.appointment_id FROM appointment_parts q JOIN appointment_services m ON m.id = q.appointment_service_id
     WHERE q.resource_id = :resource AND q.starts_at < :until AND q.ends_at > :since
       AND m.status IN ('pending', 'confirmed', 'arrived', 'in_service', 'processing'))"""
    )
)
_ONE = text(_SHEET.format(which="a.id = :visit"))


def _second(instant: dt.datetime) -> int:
    return int(instant.timestamp())


def question(
    work: Work,
    cards: Sequence[Card],
    day: tuple[dt.datetime, dt.datetime],
    *,
    gone: int | None = None,
    closed: tuple[dt.datetime, dt.datetime] | None = None,
) -> Question:
    """What the rule has to know about these visits on that day, each kind of thing in one question.

    `gone` is the strip that fails while it is `closed`: others are looked for in its place, the customer's preferred
    stylist first.
    """
    since, until = max(day[0], work.now), day[1]
    needs = _needs(work, cards)
    slots: dict[int, tuple[Slot, ...]] = {}
    displaced: list[Displaced] = []
    busy = _elsewhere(work, cards, day)
    for card in cards:
        wishes = [*_wishes(card, needs, gone)]
        slots[card.id] = tuple(slot for slot, _ in wishes)
        zero = _second(card.starts_at)
        own = tuple(
            (part.resource_id, (part.starts, part.ends)) for line in card.lines for part in line.parts
            if part.resource_id != gone and not (line.overbooked and part.role == "lead")
        )  # fmt: skip
        elsewhere = [] if card.for_guest or card.customer_id is None else busy[card.customer_id]
        displaced.append(Displaced(
            card.id, zero, _second(card.ends_at) - zero, tuple(need for _, need in wishes), own,
            -(-_second(since) // 60) * 60, _second(until),
            tuple(gap for visit_id, gap in elsewhere if visit_id != card.id),
        ))  # fmt: skip
    strips = {option for one in displaced for need in one.needs for option in need.options}
    gaps = read_gaps(work.session, work.shop.id, strips, _second(day[0]), _second(day[1])) if strips else {}
    if gone is not None and closed is not None:
        gaps[gone] = without(gaps.get(gone, []), [(_second(closed[0]), _second(closed[1]))])
    people = {c.resource_id: (c.stylist_id or 0, c.name) for need in needs.values() for c in need.stylists}
    names = {c.resource_id: c.name for need in needs.values() for them in need.others.values() for c in them}
    names |= {strip: name for strip, (_, name) in people.items()}
    return Question(tuple(cards), tuple(displaced), slots, gaps, people, names)


def _needs(work: Work, cards: Sequence[Card]) -> dict[int, Wanted]:
    services = sorted({line.service_id for card in cards for line in card.lines})
    found = wanted(work.session, work.shop.id, services, retired=True) if services else []
    return {need.service_id: need for need in found}


def _wishes(card: Card, needs: Mapping[int, Wanted], gone: int | None) -> Iterable[tuple[Slot, Need]]:
    """What a visit needs of each strip. All that the failing one led goes to one other if somebody can do all of it."""
    zero = _second(card.starts_at)
    grouped: dict[tuple[str, int], list[CardLine]] = defaultdict(list)
    for line in card.lines:
        for role, strip in dict.fromkeys((part.role, part.resource_id) for part in line.parts):
            grouped[role, strip].append(line)
    for (role, strip), lines in grouped.items():
        together = [lines] if strip != gone else _shared(lines, role, strip, needs, card)
        for some in together:
            spans = spans_joined(
                Span(part.starts - zero, part.ends - part.starts)
                for line in some for part in line.parts if (part.role, part.resource_id) == (role, strip)
            )  # fmt: skip
            options: tuple[int, ...] = (strip,)
            if strip == gone:
                options = (*_instead(some, role, strip, needs, card), strip)
            elif role not in ("lead", "assistant"):
                options = (strip, *_instead(some, role, strip, needs, card))
            yield Slot(tuple(line.id for line in some), role, strip), Need(options, spans)


def _shared(
    lines: list[CardLine], role: str, strip: int, needs: Mapping[int, Wanted], card: Card
) -> list[list[CardLine]]:
    return [lines] if _instead(lines, role, strip, needs, card) else [[line] for line in lines]


def _instead(
    lines: Sequence[CardLine], role: str, strip: int, needs: Mapping[int, Wanted], card: Card
) -> tuple[int, ...]:
    """Who or what could take all of these lines over, the customer's preferred stylist first."""
    able = []
    for line in lines:
        need = needs[line.service_id]
        them = need.stylists if role == "lead" else need.others.get(role, ())
        able.append([c for c in them if c.resource_id != strip])
    common = [c for c in able[0] if all(c.resource_id in {o.resource_id for o in other} for other in able)]
    return tuple(c.resource_id for c in sorted(common, key=lambda c: c.stylist_id != card.preferred))


def _elsewhere(
    work: Work, cards: Sequence[Card], day: tuple[dt.datetime, dt.datetime]
) -> dict[int, list[tuple[int, Gap]]]:
    """By customer: their visits of that day."""
    customers = [card.customer_id for card in cards if card.customer_id is not None]
    found: dict[int, list[tuple[int, Gap]]] = defaultdict(list)
    if customers:
        asked = {"customers": customers, "since": day[0], "until": day[1]}
        for row in work.session.execute(_ELSEWHERE, asked):
            found[row.customer_id].append((row.id, (_second(row.starts_at), _second(row.ends_at))))
    return found


_ELSEWHERE = text("""
    SELECT id, customer_id, starts_at, ends_at FROM appointments
     WHERE customer_id = ANY (:customers) AND starts_at < :until AND ends_at > :since AND NOT for_guest
       AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
""")
