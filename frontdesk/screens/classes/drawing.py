"""Classes and their seats as rows of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from frontdesk.clock import local
from frontdesk.rules.states import Status
from frontdesk.services.classes.class_wishes import Roster, Seat, SessionCard, WaitingForSeat
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column, Row

CLASSES = (
    Column("Time", 11), Column("Class"), Column("With", 9), Column("Seats", 5, right=True),
    Column("Wait", 4, right=True),
)  # fmt: skip
ROSTER = (Column("", 2, right=True), Column("", 2), Column("Who"), Column("Telephone", 14, least=12), Column("", 17))


@dataclass(frozen=True)
class Spot:
    """What a row of the roster is."""

    seat: Seat | None = None
    waiting: WaitingForSeat | None = None

    @property
    def key(self) -> object:
        """Stays the same as long as it is the same seat, or the same one who waits."""
        return ("waits", self.waiting.entry_id) if self.waiting else ("seat", self.seat.number if self.seat else 0)


def spots(roster: Roster) -> list[Spot]:
    """The seats, then those who wait."""
    return [*(Spot(seat=seat) for seat in roster.seats), *(Spot(waiting=one) for one in roster.waiting)]


def class_row(card: SessionCard, zone: str) -> Row:
    """A class in the list of the day."""
    starts, ends = local(card.starts_at, zone), local(card.ends_at, zone)
    room = f", {card.room}" if card.room else ""
    tone = "fd-amber" if not card.free else ""
    cells = (
        f"{starts:%H:%M}–{ends:%H:%M}", harmless(f"{card.service}{room}"), harmless(card.stylist),
        f"{card.taken}/{card.seats}", str(card.waiting or ""),
    )  # fmt: skip
    return Row(card.id, cells, tone)


def spot_row(spot: Spot, place: int, *, zone: str, today: dt.date, private: bool) -> Row:
    """A seat, taken or free, or somebody who waits at this place."""
    if spot.waiting is not None:
        one, since = spot.waiting, local(spot.waiting.since, zone)
        when = f"{since:%H:%M}" if since.date() == today else f"{since:%a} {since.day} {since:%b}"
        phone = "·····" if private else one.phone or ""
        return Row(spot.key, (str(place), "w", harmless(one.customer), phone, f"waits since {when}"), "fd-amber")
    seat = spot.seat
    if seat is None or seat.status is None:
        return Row(spot.key, (str(seat.number if seat else place), "", "free", "", ""), "fd-muted")
    state = seat.status.letter + "$" * seat.paid
    phone = "·····" if private else seat.phone or ""
    words = "is here" if seat.status is Status.ARRIVED else seat.status.words
    tone = "fd-arrived" if seat.status not in (Status.PENDING, Status.CONFIRMED) else ""
    paid = ", paid" if seat.paid else ""
    return Row(spot.key, (str(seat.number), state, harmless(seat.customer), phone, f"{words}{paid}"), tone)


def class_line(card: SessionCard) -> str:
    """`Yoga with Anna in Room 1: 3 of 8 seats, 2 are here, 1 waits.`"""
    room = f" in {card.room}" if card.room else ""
    parts = [f"{card.taken} of {card.seats} seats"]
    if card.arrived:
        parts.append(f"{card.arrived} {'is' if card.arrived == 1 else 'are'} here")
    if card.waiting:
        parts.append(f"{card.waiting} {'waits' if card.waiting == 1 else 'wait'}")
    return f"{harmless(card.service)} with {harmless(card.stylist)}{room}: {', '.join(parts)}"
