"""Forms about hours: usual weeks, one day, a break, days away, a block. Each says what it strands before it saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import get_args

from frontdesk.clock import instant
from frontdesk.errors import BadInput
from frontdesk.rules.moment import Here, day_meant
from frontdesk.rules.week import hours_meant, week_in_line, week_words
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.week_grid import Spot
from frontdesk.screens.stylists.wording import DAYS, day_title, span
from frontdesk.screens.visits.stranded import A, saved, saves_all_the_same
from frontdesk.screens.wishes import Wishes
from frontdesk.services.team import roster, shop_hours
from frontdesk.services.team.roster import AwayKind, DayShift, HoursChanged, Shift
from frontdesk.services.team.shop_hours import ShopHoursChanged
from frontdesk.services.team.stylists import StylistProfile
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

_KINDS = tuple(Offer(kind, kind) for kind in get_args(AwayKind))


def week_form(screen: DeskScreen, who: StylistProfile) -> Form[HoursChanged]:
    """Another usual week from a day on."""
    wishes, card = Wishes(), who.card

    def shifts(filled: Filled) -> tuple[Shift, ...]:
        week = week_in_line(filled["week"], field="week")
        kept = {(one.weekday, one.starts, one.ends): one.shop_id for one in card.shifts}
        return tuple(Shift(weekday=d, starts=s, ends=e, shop_id=kept.get((d, s, e))) for d, s, e in week)

    async def save(filled: Filled) -> HoursChanged:
        wish = roster.SetWeeklyShifts(
            stylist_id=card.id, valid_from=day_in(screen, filled, "since"), shifts=shifts(filled),
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await saved(screen, roster.set_weekly_shifts, wish, filled)

    async def preview(filled: Filled) -> str:
        since = day_in(screen, filled, "since")
        words = week_words((one.weekday, one.starts, one.ends) for one in shifts(filled))
        return f"From {since:%A} {since.day} {since:%B}: {words or 'no work'}. Weeks before it stay as they are."

    usual = week_words((one.weekday, one.starts, one.ends) for one in card.shifts)
    fields = [
        Field("week", "Works", value=usual, hint="mon-fri 9-17, sat 9-13"),
        Field("since", "From", value="today", hint="1 jun"),
    ]
    return _form(screen, f"week {card.id}", f"{card.name}'s usual week from a day on", fields, save, preview)


def day_form(screen: DeskScreen, spot: Spot) -> Form[HoursChanged]:
    """One day that differs, under the cursor."""
    wishes, day = Wishes(), spot.day.day

    def wish(filled: Filled) -> roster.SetDatedShift:
        said = filled["hours"].casefold()
        as_usual = said in ("usual", "as usual")
        hours = () if as_usual or said in ("", "off", "-", "–") else hours_meant(said, field="hours")
        shifts = tuple(DayShift(starts=starts, ends=ends) for starts, ends in hours)
        return roster.SetDatedShift(
            stylist_id=spot.row.stylist_id, day=day, shifts=shifts, as_usual=as_usual, request_id=wishes.id_for(filled)
        )

    async def save(filled: Filled) -> HoursChanged:
        return await saved(screen, roster.set_dated_shift, wish(filled), filled)

    async def preview(filled: Filled) -> str:
        asked = wish(filled)
        if asked.as_usual:
            return f"{day_title(day)} as in the usual week."
        return f"{day_title(day)}: {', '.join(span(one.starts, one.ends) for one in asked.shifts) or 'off'}."

    hours = ", ".join(span(one.starts, one.ends) for one in spot.day.shifts)
    field = Field("hours", "Works", value=hours, hint="9-13, 14-18; off; usual")
    title = f"{spot.row.name}, {day:%A} {day.day} {day:%B} only"
    return _form(screen, f"day {spot.row.stylist_id} {day}", title, [field], save, preview)


def break_form(screen: DeskScreen, spot: Spot) -> Form[HoursChanged]:
    """A break, every such weekday or this day only."""
    wishes, day = Wishes(), spot.day.day
    every, once = Offer("every", f"every week, {DAYS[day.isoweekday() - 1]}"), Offer("once", f"{day_title(day)} only")

    def wish(filled: Filled) -> roster.AddBreak:
        starts, ends = _one_span(filled)
        weekly = filled.picked["when"] != once.value
        return roster.AddBreak(
            stylist_id=spot.row.stylist_id, starts=starts, ends=ends, name=filled["name"],
            weekday=day.isoweekday() if weekly else None, day=None if weekly else day,
            valid_from=max(day, screen.desk.today) if weekly else None, request_id=wishes.id_for(filled),
        )  # fmt: skip

    async def save(filled: Filled) -> HoursChanged:
        return await saved(screen, roster.add_break, wish(filled), filled)

    async def preview(filled: Filled) -> str:
        if not filled["hours"]:
            return ""
        asked = wish(filled)
        return f"{span(asked.starts, asked.ends)} can't be booked, {filled['when']}."

    fields = [
        Field("hours", "From – to", hint="13-13:30"),
        Field("when", "When", value=every.label, picked=every.value, find=among((every, once))),
        Field("name", "Called", value="lunch"),
    ]
    return _form(screen, f"break {spot.row.stylist_id}", f"A break of {spot.row.name}", fields, save, preview)


def away_form(screen: DeskScreen, spot: Spot) -> Form[HoursChanged]:
    """Days away, from the day under the cursor."""
    wishes = Wishes()

    def wish(filled: Filled) -> roster.AddTimeOff:
        first = day_in(screen, filled, "first")
        kind = next((one for one in get_args(AwayKind) if one == filled.picked["kind"]), None)
        if kind is None:
            raise BadInput("Choose why from the list.", field="kind")
        starts, ends = _one_span(filled) if filled["hours"] else (None, None)
        return roster.AddTimeOff(
            stylist_id=spot.row.stylist_id, first_day=first, kind=kind, note=filled["note"], starts=starts, ends=ends,
            last_day=day_in(screen, filled, "last") if filled["last"] else first, request_id=wishes.id_for(filled),
        )  # fmt: skip

    async def save(filled: Filled) -> HoursChanged:
        return await saved(screen, roster.add_time_off, wish(filled), filled)

    async def preview(filled: Filled) -> str:
        asked = wish(filled)
        count = (asked.last_day - asked.first_day).days + 1
        until = f" to {asked.last_day:%A} {asked.last_day.day} {asked.last_day:%B}, {count} days" if count > 1 else ""
        return f"{asked.first_day:%A} {asked.first_day.day} {asked.first_day:%B}{until}."

    fields = [
        Field("first", "First day", value=f"{spot.day.day:%a %-d %b %Y}", hint="1 jun"),
        Field("last", "Last day", hint="the same day; or 14 jun, in 2 weeks"),
        Field("kind", "Why", value="holiday", picked="holiday", find=among(_KINDS)),
        Field("hours", "Only from – to", hint="all of it; 13-17 on part of a day"),
        Field("note", "Note"),
    ]
    return _form(screen, f"away {spot.row.stylist_id}", f"{spot.row.name} is away", fields, save, preview, focus="last")


def block_form(screen: DeskScreen, spot: Spot) -> Form[ShopHoursChanged]:
    """Time of the day under the cursor that can't be booked."""
    wishes, day, zone = Wishes(), spot.day.day, screen.desk.shop.timezone

    async def save(filled: Filled) -> ShopHoursChanged:
        starts, ends = _one_span(filled)
        wish = shop_hours.BlockTime(
            resource_id=spot.row.resource_id, starts_at=instant(day, starts, zone), ends_at=instant(day, ends, zone),
            name=filled["name"], request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await saved(screen, shop_hours.block_time, wish, filled)

    async def preview(filled: Filled) -> str:
        return f"{day_title(day)} {span(*_one_span(filled))} can't be booked." if filled["hours"] else ""

    fields = [
        Field("hours", "From – to", hint="13-13:30"),
        Field("name", "Called", hint="a call, training; what the book shows"),
    ]
    title = f"Keep time of {spot.row.name} free, {day:%A} {day.day} {day:%B}"
    return _form(screen, f"block {spot.row.stylist_id} {day}", title, fields, save, preview)


def go_form(screen: DeskScreen) -> Form[dt.date]:
    """The week of a day in words."""

    async def save(filled: Filled) -> dt.date:
        return day_in(screen, filled, "day")

    async def preview(filled: Filled) -> str:
        return f"{day_in(screen, filled, 'day'):%A %-d %B %Y}" if filled["day"] else ""

    return Form("Go to a day", [Field("day", "Day", hint="fri, 3 apr, in 2 weeks, +6w")], save, preview=preview)


def day_in(screen: DeskScreen, filled: Filled, field: str) -> dt.date:
    """The day that a field means; today when it is empty. Raises BadInput."""
    desk = screen.desk
    return day_meant(
        filled[field] or "today", Here(desk.clock.now(), desk.shop.timezone, desk.shop.country), field=field
    )


def _one_span(filled: Filled) -> tuple[dt.time, dt.time]:
    spans = hours_meant(filled["hours"] or "?", field="hours")
    if len(spans) != 1:
        raise BadInput("One stretch at a time, like 13-13:30.", field="hours")
    return spans[0]


def _form(
    screen: DeskScreen,
    name: str,
    title: str,
    fields: Sequence[Field],
    save: Callable[[Filled], Awaitable[A]],
    preview: Callable[[Filled], Awaitable[str]],
    *,
    focus: str | None = None,
) -> Form[A]:
    keeper = screen.keeper(name, title)
    return Form(title, fields, save, preview=preview, keeper=keeper, can_insist=saves_all_the_same, focus=focus)
