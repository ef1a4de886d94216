"""How the roster says hours, days and people: for cells, the side panel and the sheet that enter opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from textual.content import Content

from frontdesk.money import percent_text
from frontdesk.rules.week import week_words
from frontdesk.services.team.stylist_hours import BreakCard, DifferentDay
from frontdesk.services.team.stylists import StylistProfile
from frontdesk.services.team.week import DayOff, WeekDay
from frontdesk.text import harmless

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
BAR = 5
"""Cells of a day's bar."""


def wall(time: dt.time) -> str:
    """`9`, or `9:30`: as short as it can be read."""
    return f"{time.hour}:{time.minute:02}" if time.minute else f"{time.hour}"


def span(starts: dt.time, ends: dt.time) -> str:
    """`9–17`."""
    return f"{wall(starts)}–{wall(ends)}"


def day_title(day: dt.date) -> str:
    """`Tue 10 Mar`."""
    return f"{day:%a} {day.day} {day:%b}"


def minutes_words(minutes: int) -> str:
    """`4h 15m`, `45m`."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours}h" if hours else "", f"{rest}m" if rest or not hours else "")))


def hours_line(day: WeekDay, room: int) -> str:
    """The first line of a cell."""
    if day.closure is not None:
        return "shut"
    if day.off is not None and day.off.is_whole:
        return "off"
    mark = " ≠" if day.differs else ""
    if not day.shifts:
        return f"–{mark}"
    said = " ".join(span(shift.starts, shift.ends) for shift in day.shifts)
    if len(said) + len(mark) > room:
        said = f"{span(day.shifts[0].starts, day.shifts[-1].ends)}"
        mark = " ≠" if day.differs else " +" if len(day.shifts) > 1 else ""
    return f"{said}{mark}"


def load_line(day: WeekDay, room: int) -> str:
    """The second line of a cell: why somebody is away, or how full the day is; `░` for a break."""
    if day.closure is not None:
        return day.closure
    if day.off is not None and day.off.is_whole:
        return day.off.kind
    if day.off is not None:
        return _off_span(day.off)
    there = day.booked_minutes + day.free_minutes
    if not day.shifts or not there:
        return next((f"at {shift.shop}" for shift in day.shifts if shift.shop), "")
    full = (day.booked_minutes * BAR + there // 2) // there if day.booked_minutes < there else BAR
    full = max(full, 1) if day.booked_minutes else 0
    return "▇" * full + "·" * (BAR - full) + (" ░" if day.breaks and room > BAR + 1 else "")


def _off_span(off: DayOff) -> str:
    since = f"off {wall(off.starts)}" if off.starts else "off"
    return f"{since}–{wall(off.ends)}" if off.ends else since + ("–" if off.starts else "")


def day_sentences(name: str, day: WeekDay) -> Iterator[str]:
    """A day in sentences, what weighs more first."""
    if day.closure is not None:
        yield f"The shop is shut: {day.closure}."
    if day.off is not None:
        note = f" ({day.off.note})" if day.off.note else ""
        yield f"{name} is away, {day.off.kind}{note}{'' if day.off.is_whole else f': {_off_span(day.off)}'}."
    where = [f"{span(s.starts, s.ends)}{f' at {s.shop}' if s.shop else ''}" for s in day.shifts]
    usual = "This day differs from the usual week" if day.differs else "The usual week"
    yield f"{usual}: {', '.join(where) if where else 'no work'}."
    for one in day.breaks:
        yield f"{one.name.capitalize()} {span(one.starts, one.ends)}{'' if one.every_week else ', this day only'}."
    there = day.booked_minutes + day.free_minutes
    if there:
        visits = "" if not day.visits else ", 1 visit" if day.visits == 1 else f", {day.visits} visits"
        booked = minutes_words(day.booked_minutes) if day.booked_minutes else "Nothing"
        yield f"{booked} booked of {minutes_words(there)}{visits}."
    elif day.visits:
        yield f"{day.visits} {'visit' if day.visits == 1 else 'visits'} all the same."


def day_brief(day: WeekDay) -> str:
    """A day in one line, for below the grid."""
    if day.closure is not None:
        return f"shut, {day.closure}" + (f"; {day.visits} booked all the same" if day.visits else "")
    hours = " and ".join(span(s.starts, s.ends) for s in day.shifts) or "off"
    if day.off is not None and day.off.is_whole:
        return f"{day.off.kind}; otherwise {hours}" + (f"; {day.visits} booked all the same" if day.visits else "")
    said = [f"{hours}, not as usual" if day.differs else hours]
    if day.off is not None:
        said.append(f"{_off_span(day.off)} ({day.off.kind})")
    said += [f"{one.name} {span(one.starts, one.ends)}" for one in day.breaks]
    there = day.booked_minutes + day.free_minutes
    if there:
        booked = minutes_words(day.booked_minutes) if day.booked_minutes else "nothing"
        said.append(f"{booked} of {minutes_words(there)} booked")
    return ", ".join(said)


def reach_line(who: StylistProfile, *, private: bool) -> str:
    """Their code, and how to reach them."""
    card = who.card
    return "  ".join(
        one for one in (card.code, None if private else card.phone, None if private else card.email) if one
    )


def person_content(who: StylistProfile, locale: str, *, private: bool) -> Content:
    """A stylist on one page: hours, breaks, days away, services, rates."""
    said: list[Content] = []

    def part(title: str, lines: Iterable[str]) -> None:
        found = [harmless(line) for line in lines]
        if found:
            said.extend((Content(""), Content.styled(title, "$fd-muted"), *(Content(line) for line in found)))

    part("Usual week", _weeks(who))
    part("Other days", map(_other_day, who.days))
    part("Breaks", _breaks(who.breaks))
    part("Away", (_away(one.first_day, one.last_day, one.kind, "" if private else one.note) for one in who.time_off))
    part("Does", ["everything on the menu"] if who.does_everything else _skills(who))
    if who.rates is not None and not private:
        rates = (("services", who.rates.service_percent), ("products", who.rates.product_percent))
        part("Earns", (f"{percent_text(percent, locale)} of {what}" for what, percent in rates if percent is not None))
    return Content("\n").join(said)


def _weeks(who: StylistProfile) -> Iterator[str]:
    for week in who.weeks:
        words = week_words((one.weekday, one.starts, one.ends) for one in week.shifts)
        since = f"from {day_title(week.valid_from)}: " if week.valid_from and week is not who.weeks[0] else ""
        for place, piece in enumerate(words.split("; ")):
            yield f"{since if not place else ''}{piece}"
    if not who.weeks:
        yield "no hours yet"


def _other_day(day: DifferentDay) -> str:
    return f"{day_title(day.day)}  {', '.join(span(s.starts, s.ends) for s in day.shifts) or 'off'}"


def _breaks(breaks: Iterable[BreakCard]) -> Iterator[str]:
    """`Mon–Fri 12:30–13:00 lunch`, then those of one day."""
    weekly: dict[str, list[tuple[int, dt.time, dt.time]]] = {}
    once: list[BreakCard] = []
    for one in breaks:
        if one.weekday is None:
            once.append(one)
        else:
            weekly.setdefault(one.name, []).append((one.weekday, one.starts, one.ends))
    for name, week in weekly.items():
        yield from (f"{piece} {name}" for piece in week_words(week).split("; "))
    yield from (f"{day_title(one.day)} {span(one.starts, one.ends)} {one.name}" for one in once if one.day)


def _away(first: dt.date, last: dt.date, kind: str, note: str) -> str:
    days = day_title(first) if first == last else f"{day_title(first)} to {day_title(last)}"
    return f"{days}  {kind}{f', {note}' if note else ''}"


def _skills(who: StylistProfile) -> Iterator[str]:
    shelves: dict[str, list[str]] = {}
    for skill in who.skills:
        shelves.setdefault(skill.category or "", []).append(skill.name)
    for shelf, names in shelves.items():
        yield f"{shelf}: {', '.join(names)}" if shelf else ", ".join(names)
