"""Days made up for the grid: built by hand, so that each test says what matters."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal
from itertools import count

from frontdesk.clock import instant
from frontdesk.rules.intervals import joined, without
from frontdesk.rules.states import Status
from frontdesk.services.sheets.day import DayBlock, DayColumn, DayEntry, DayPart, DaySheet

ZONE = "Europe/London"
DAY = dt.date(2026, 3, 10)
_LINES = count(1)


def at(wall: str, day: dt.date = DAY, timezone: str = ZONE, *, second: bool | None = None) -> dt.datetime:
    """`at("14:50")`: that time on the shop's wall."""
    return instant(day, dt.time.fromisoformat(wall.zfill(5)), timezone, second=second)


def entry(
    start: str,
    end: str,
    customer: str = "Jane Doe",
    service: str = "Cut",
    status: Status = Status.CONFIRMED,
    *,
    waits: tuple[str, str] | None = None,
    marks: str = "",
    visit: int | None = None,
    arrived: str | None = None,
    day: dt.date = DAY,
    timezone: str = ZONE,
) -> DayEntry:
    """A line of a visit; `waits` is the time in which colour takes effect."""
    line = next(_LINES)
    starts, ends = at(start, day, timezone), at(end, day, timezone)
    edges = [starts, *(at(wall, day, timezone) for wall in waits or ()), ends]
    kinds = ("active", "processing", "finish") if waits else ("active",)
    return DayEntry(
        appointment_id=line if visit is None else -visit,
        line_id=line,
        code=f"V{line}",
        customer_id=line,
        customer=customer,
        service=service,
        status=status,
        starts_at=starts,
        ends_at=ends,
        price=Decimal("50.00"),
        overbooked="!" in marks,
        paid="$" in marks,
        new_customer="*" in marks,
        parts=tuple(DayPart(*part) for part in zip(kinds, edges, edges[1:], strict=False)),
        arrived_at=at(arrived, day, timezone) if arrived else None,
    )


def column(
    name: str,
    *entries: DayEntry,
    number: int | None = 1,
    shift: tuple[str, str] | None = ("9:00", "17:00"),
    breaks: Iterable[tuple[str, str, str]] = (),
    day: dt.date = DAY,
    timezone: str = ZONE,
) -> DayColumn:
    """A stylist's day; what is neither taken nor a break is free."""
    hours = [(at(shift[0], day, timezone), at(shift[1], day, timezone))] if shift else []
    blocks = [DayBlock(at(a, day, timezone), at(b, day, timezone), why) for a, b, why in breaks]
    busy = [(p.starts_at, p.ends_at) for e in entries for p in e.parts if p.kind != "processing"]
    free = without(hours, joined([*busy, *((block.starts_at, block.ends_at) for block in blocks)]))
    return DayColumn(
        resource_id=number,
        stylist_id=number,
        name=name,
        shift=tuple(hours),
        blocks=tuple(blocks),
        entries=tuple(sorted(entries, key=lambda each: each.starts_at)),
        free=tuple(free),
        next_free=next((start for start, _ in free), None),
    )


def sheet(
    *columns: DayColumn,
    now: str = "14:52",
    hours: tuple[str, str] | None = ("9:00", "17:00"),
    minutes: int = 15,
    day: dt.date = DAY,
    timezone: str = ZONE,
) -> DaySheet:
    """A day of a shop in London."""
    opening = ((at(hours[0], day, timezone), at(hours[1], day, timezone)),) if hours else ()
    return DaySheet(
        day=day,
        shop="Vale Street",
        timezone=timezone,
        columns=columns,
        left=(),
        now=at(now, day, timezone),
        slot_minutes=minutes,
        hours=opening,
        currency="GBP",
    )


def vale_street() -> DaySheet:
    """The afternoon of the sketches: colour that takes effect, a cut beside it, somebody who waits, nobody's visit."""
    s = Status
    anna = column(
        "Anna",
        entry("9:00", "9:45", "Hana Ito", "Cut", s.COMPLETED, marks="$"),
        entry("9:45", "10:45", "Orla Quinn", "Blow-dry", s.COMPLETED, marks="$"),
        entry("11:15", "12:30", "Fay Lund", "Balayage", s.COMPLETED, marks="$"),
        entry("13:00", "14:00", "Jane Doe", "Cut", s.COMPLETED, marks="$"),
        entry("14:00", "15:45", "Kim Lee", "Colour", s.ARRIVED, waits=("14:30", "15:15"), visit=2, arrived="14:48"),
        entry("16:15", "17:00", "Noor Amin", "Blow-dry", s.PENDING),
        breaks=[("12:30", "13:00", "lunch")],
        number=1,
    )
    bo = column(
        "Bo",
        entry("10:00", "11:30", "Ella Marsh", "Cut", s.COMPLETED, marks="$"),
        entry("11:30", "12:00", "Lou", "Fringe", s.COMPLETED, marks="$"),
        entry("13:50", "15:45", "Ola Berg", "Colour", s.PROCESSING, waits=("14:30", "15:20")),
        entry("14:50", "15:20", "Lea Roth", "Cut"),
        entry("15:50", "16:20", "Kim Lee", "Blow-dry", visit=2),
        entry("16:20", "17:10", "Mia Abt", "Cut+Blow-dry", marks="*"),
        shift=("10:00", "18:00"),
        breaks=[("13:00", "13:45", "lunch")],
        number=2,
    )
    cai = column(
        "Cai",
        entry("9:30", "10:00", "山田 太郎", "シャンプー"),
        entry("12:00", "13:00", "Zoë 👩‍🦰 Brandt-Oyelaran", "Cut and finish", s.IN_SERVICE),
        entry("13:00", "13:05", "Ada", "Fringe"),
        entry("13:05", "13:10", "Bea", "Fringe", s.PENDING),
        entry("14:00", "15:00", "Ines Gil", "Cut", marks="!"),
        entry("14:15", "15:00", "Tom Ford", "Beard", s.PENDING, marks="!*"),
        breaks=[("11:00", "11:30", "training")],
        shift=("9:30", "16:00"),
        number=3,
    )
    nobody = column("Unassigned", entry("14:45", "16:15", "Vera Pohl", "Balayage", s.PENDING), number=None, shift=None)
    return sheet(anna, bo, cai, nobody, hours=("8:00", "18:00"))


_NAMES = (
    "Jane Doe",
    "Kim Lee",
    "Ola Berg",
    "Lea Roth",
    "Mia Abt",
    "Noor Amin",
    "山田 花子",
    "Zoë Brandt",
    "Ann O'Neil",
)
_SERVICES = (("Cut", 45), ("Blow-dry", 30), ("Colour", 90), ("Fringe", 15), ("Beard", 20), ("Cut+Blow-dry", 60))


def busy_day(stylists: int = 12, visits: int = 60, now: str = "14:52") -> DaySheet:
    """Everybody's column with so many visits, the same in every run: rather fuller than any shop."""
    luck = random.Random(7)
    states = (Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.IN_SERVICE, Status.COMPLETED)
    columns = []
    for number in range(1, stylists + 1):
        entries, minute = [], 8 * 60
        for _ in range(visits):
            service, lasts = luck.choice(_SERVICES)
            lasts = lasts if visits <= 12 else 5 * luck.randint(1, 3)
            start, end = minute, min(minute + lasts, 23 * 60 + 45)
            if start >= 23 * 60 + 40:
                start, end = 12 * 60, 12 * 60 + 30
            entries.append(
                entry(
                    f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}", luck.choice(_NAMES), service,
                    luck.choice(states), marks=luck.choice(("", "", "$", "*")),
                )
            )  # fmt: skip
            minute = end + luck.choice((0, 0, 0, 15, 30) if visits <= 12 else (0, 5))
        columns.append(
            column(
                f"Stylist {number}", *entries, number=number, shift=("8:00", "20:00"),
                breaks=[("12:00", "12:30", "lunch")] if visits <= 12 else (),
            )
        )  # fmt: skip
    return sheet(*columns, now=now, hours=("8:00", "20:00"))
