"""The dates of a series before it is booked: what is in the way of each, and what to do about it (features BK19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import ClassVar
from uuid import uuid4

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.clock import boundary, local
from frontdesk.errors import Refusal
from frontdesk.rules.moment import Here, moment_meant
from frontdesk.screens.base import DeskScreen
from frontdesk.services.series.series import (
    BookSeries,
    ChangeSeries,
    SeriesChanged,
    SeriesClash,
    SeriesPick,
    SeriesPlan,
    SeriesSheet,
    book_series,
    change_series,
    plan_series,
)
from frontdesk.services.series.series_wishes import Instead, Mark, PlannedDate, PlanSeries
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_KEYS = "enter book  space skip  m shift  1-3 take that  del as ruled  esc leave"


async def book_again(screen: DeskScreen, wish: PlanSeries) -> SeriesSheet | None:
    """Show every date of a series with what is in its way, let each be shifted or skipped, and book them in one stroke.

    None when it was left as it is. Raises what `plan_series` refuses.
    """
    plan = await screen.ask(plan_series, wish)
    return await screen.app.wait_for(SeriesDates(screen, wish, plan))


async def move_series(screen: DeskScreen, wish: ChangeSeries) -> SeriesChanged | None:
    """Move so much of a series; dates that can't follow may stay where they are. None when it was left as it is."""
    screen.app.let_go()
    try:
        return await screen.ask_surely(change_series, wish)
    except SeriesClash as clash:
        numbers = tuple(sorted(clash.refused))
        first = clash.refused[numbers[0]].sentence.split(". ")[0].removesuffix(".")
        others = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
        ways = [Answer("l", "move the others, and leave those where they are", True)]
        if not await screen.app.wait_for(Question(f"Date {numbers[0]}{others} can't be had: {first}.", ways)):
            return None
        return await screen.write(change_series, replace(wish, leave=(*wish.leave, *numbers), request_id=uuid4()))
    except Refusal as refusal:
        screen.refused(change_series, wish, refusal)
        return None


def booked_said(sheet: SeriesSheet) -> str:
    """`Booked Jane Doe, Cut, every 6 weeks: 7 dates, 1 skipped.`"""
    booked = sum(one.appointment_id is not None for one in sheet.dates)
    skipped = len(sheet.dates) - booked
    dates = "1 date" if booked == 1 else f"{booked} dates"
    return f"Booked {sheet.customer}, {sheet.words}: {dates}{f', {skipped} skipped' if skipped else ''}."


class SeriesDates(ModalScreen["SeriesSheet | None"]):
    """The list, and under it what could be had instead of the date under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("space", "skip", show=False),
        Binding("m", "shift", show=False),
        Binding("delete,backspace", "as_ruled", show=False),
        *(Binding(str(number), f"instead({number})", show=False) for number in (1, 2, 3)),
    ]
    CSS = """
    SeriesDates { align: center bottom; background: $background 40%; }
    SeriesDates PlainTable { height: auto; max-height: 14; min-height: 3; background: $surface; }
    SeriesDates #instead { height: auto; max-height: 3; margin-top: 1; }
    SeriesDates #said { height: auto; max-height: 3; }
    """

    def __init__(self, screen: DeskScreen, wish: PlanSeries, plan: SeriesPlan) -> None:
        super().__init__()
        self._on = screen
        self._wish = wish
        self._plan = plan
        self._picks: dict[int, SeriesPick] = {pick.number: pick for pick in wish.picks}
        self.is_saving = False
        """Whether keys wait because something is being looked up or saved."""

    def compose(self) -> ComposeResult:
        """Whose and what, the dates, what could be had instead, how many are in doubt, the keys."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(f"{self._plan.customer}: {self._plan.words}")), classes="title")
            yield PlainTable(
                [Column("", 3, right=True), Column("", 1), Column("Date", 15), Column("Time", 11), Column("")],
                id="dates",
            )
            yield Static(Content(""), id="instead")
            yield Static(Content(""), id="said", classes="reason")
            yield Static(Content(_KEYS), classes="quiet")

    def on_mount(self) -> None:
        """The cursor rests on the first date that is in doubt."""
        table = self.query_one(PlainTable)
        self._draw()
        table.styles.height = min(len(self._plan.dates) + 1, 14)
        if self._plan.in_doubt:
            table.go_to(self._plan.in_doubt[0])
        table.focus()

    # Drawing

    def _draw(self, refusal: str = "") -> None:
        self.query_one(PlainTable).show([self._row(one) for one in self._plan.dates])
        doubt = len(self._plan.in_doubt)
        words = refusal or (f"{_dates(doubt)} in doubt: shift or skip." if doubt else "")
        self.query_one("#said", Static).update(Content(harmless(words)))
        self._draw_instead()

    def _row(self, one: PlannedDate) -> Row:
        zone = self._on.desk.shop.timezone
        starts = local(one.starts_at, zone) if one.starts_at else one.wall
        ends = f"–{local(one.ends_at, zone):%H:%M}" if one.ends_at else ""
        glyph = "!" if one.is_in_doubt else "-" if one.mark is Mark.SKIPPED else ">" if one.is_shifted else " "
        tone = "fd-amber" if one.is_in_doubt else "fd-muted" if one.mark is Mark.SKIPPED else ""
        cells = (str(one.number), glyph, _day(starts, year=True), f"{starts:%H:%M}{ends}", harmless(one.words))
        return Row(one.number, cells, tone)

    @on(PlainTable.Moved)
    def _draw_instead(self) -> None:
        one = self._under
        if one is None or not one.is_in_doubt:
            words = Content("")
        else:
            why = Content(f"{one.number}  {harmless(one.words)}.\n")
            none = Content("Nothing is free near it: space skips it, m shifts it.")
            words = why + (Content("   Instead  ") + self._offers(one) if one.instead else none)
        self.query_one("#instead", Static).update(words)

    def _offers(self, one: PlannedDate) -> Content:
        parts: list[Content] = []
        for number, each in enumerate(one.instead, start=1):
            words = harmless(self._offer(one, each))
            parts.append(Content.assemble((str(number), "bold $accent"), " ", words))
        return Content("   ").join(parts)

    def _offer(self, one: PlannedDate, each: Instead) -> str:
        at = local(each.starts_at, self._on.desk.shop.timezone)
        day = "" if at.date() == one.wall.date() else f"{_day(at)} "
        return f"{day}{at:%H:%M} {each.stylist}"

    @property
    def _under(self) -> PlannedDate | None:
        row = self.query_one(PlainTable).row
        return next((one for one in self._plan.dates if row is not None and one.number == row.key), None)

    # What the keys do

    def action_leave(self) -> None:
        """Nothing was booked."""
        self.dismiss(None)

    def action_skip(self) -> None:
        """This date shall not be; pressed again, it shall."""
        one = self._under
        if one is not None:
            self._pick(one.number, None if one.mark is Mark.SKIPPED else SeriesPick(number=one.number))

    def action_as_ruled(self) -> None:
        """This date is as the rule has it."""
        if self._under is not None:
            self._pick(self._under.number, None)

    def action_instead(self, number: int) -> None:
        """Take what is offered."""
        one = self._under
        if one is None or number > len(one.instead):
            return
        each = one.instead[number - 1]
        self._pick(one.number, SeriesPick(number=one.number, starts_at=each.starts_at, stylist_id=each.stylist_id))

    def action_shift(self) -> None:
        """Another time for this date, in words."""
        if self._under is not None:
            self._ask_when(self._under)

    @work(group="commands")
    async def _ask_when(self, one: PlannedDate) -> None:
        zone = self._on.desk.shop.timezone
        before = one.starts_at or boundary(one.wall.date(), one.wall.time(), zone)
        here = Here(self._on.desk.clock.now(), zone, self._on.desk.shop.country)

        async def save(filled: Filled) -> dt.datetime:
            return moment_meant(filled["when"], here, instead_of=before, field="when")

        async def preview(filled: Filled) -> str:
            return f"{local(await save(filled), zone):%a %-d %b %Y %H:%M}" if filled["when"] else ""

        title = f"Shift {one.number}, {_day(one.wall)} {one.wall:%H:%M}"
        form = Form(title, [Field("when", "To", hint="11:15, wed 10am, 24/12 15:30")], save, preview=preview)
        at = await self._on.app.wait_for(form)
        if at is not None:
            self._pick(one.number, SeriesPick(number=one.number, starts_at=at))

    def _pick(self, number: int, pick: SeriesPick | None) -> None:
        if pick is None:
            self._picks.pop(number, None)
        else:
            self._picks[number] = pick
        self.is_saving = True
        self._plan_anew("")

    @work(group="sheet", exclusive=True)
    async def _plan_anew(self, refusal: str) -> None:
        """Look at every date again, with what was decided."""
        try:
            self._plan = await self._on.ask(plan_series, replace(self._wish, picks=self._chosen()))
            self._draw(refusal)
        except Refusal as said:
            self.query_one("#said", Static).update(Content(harmless(said.sentence)))
        finally:
            self.is_saving = False

    def _chosen(self) -> tuple[SeriesPick, ...]:
        return tuple(self._picks[number] for number in sorted(self._picks))

    @on(PlainTable.Chosen)
    def _book(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        if self.is_saving:
            return
        if self._plan.in_doubt:
            self.query_one(PlainTable).go_to(self._next_in_doubt(self._plan.in_doubt))
            return
        self.is_saving = True
        self._save()

    def _next_in_doubt(self, numbers: Sequence[int]) -> int:
        """The one after the cursor, or the first again."""
        here = self._under.number if self._under else 0
        return next((number for number in numbers if number > here), numbers[0])

    @work(group="save")
    async def _save(self) -> None:
        said = {field.name: getattr(self._wish, field.name) for field in fields(self._wish)}
        wish = BookSeries(**{**said, "picks": self._chosen()})
        try:
            self.dismiss(await self._on.ask_surely(book_series, wish))
        except Refusal as refusal:
            self._plan_anew(refusal.sentence)


def _day(at: dt.date, *, year: bool = False) -> str:
    return f"{at:%a} {at.day:>2} {at:%b %Y}" if year else f"{at:%a} {at.day} {at:%b}"


def _dates(count: int) -> str:
    return "1 date is" if count == 1 else f"{count} dates are"
