"""How a day's figures look: headlines, three tables, a chart by hour, what to look at. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from textual.content import Content

from frontdesk.desk import Shop
from frontdesk.money import number_text
from frontdesk.rules.shares import bar, columns
from frontdesk.services.reports.today import TodaySheet
from frontdesk.services.sheets.day_figures import HourFigures
from frontdesk.services.wording import day_words
from frontdesk.text import cell_width, fit, harmless
from frontdesk.widgets.plain_table import Column, Row

BESIDE = 54
"""Cells of the headlines that are not the note beside an amount."""
NARROW = 76
BAR = 6
HIDDEN = "···"
"""Instead of money, while a customer may be looking."""


@dataclass(frozen=True)
class Figures:
    """A sheet with the manner in which its shop writes money."""

    sheet: TodaySheet
    shop: Shop
    width: int
    """Cells of the window."""
    private: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for everything in one row."""
        return self.width < NARROW

    def money(self, amount: Decimal | None) -> str:
        """An amount without its currency."""
        if self.private:
            return HIDDEN
        return "" if amount is None else number_text(amount, self.shop.currency, self.shop.locale)


@dataclass(frozen=True)
class View:
    """One way to look at the day."""

    name: str
    """`stylist`."""
    columns: Callable[[Figures], Sequence[Column]]
    rows: Callable[[Figures], Iterator[Row]]
    empty: str


def heading(sheet: TodaySheet) -> str:
    """Which day of which shop."""
    return f"{'Today' if sheet.is_today else 'Day'}   {day_words(sheet.day)}   {sheet.shop}"


def headlines(figures: Figures) -> Content:
    """Money left, visits right."""
    sheet = figures.sheet
    room = min(max(0, figures.width - BESIDE), 46)
    paid, more = _paid(figures, room)
    left = [
        _money("Takings", figures.money(sheet.takings), against(sheet, room), room),
        _money("Average", figures.money(sheet.average_ticket), paid, room),
        _money("Tips", figures.money(sheet.tips), more, room),
    ]
    right = [
        _facts(("Visits", str(sheet.visits.total)), ("Used", _share(sheet.used))),
        Content(_states(sheet)),
        _facts(("Rebooked", _share(sheet.rebooked)), ("Waited", "–" if sheet.waited is None else f"{sheet.waited}m")),
    ]
    return Content("\n").join([Content.assemble(a, b) for a, b in zip(left, right, strict=True)])


def _paid(figures: Figures, room: int) -> tuple[str, str]:
    """What was taken by each tender, on two lines."""
    lines = ["", ""]
    for method, amount in figures.sheet.tenders.items():
        said = f"{method} {figures.money(amount)}"
        longer = f"{lines[0]}  {said}".strip()
        at = 0 if cell_width(longer) <= room and not lines[1] else 1
        lines[at] = f"{lines[at]}  {said}".strip()
    return lines[0], lines[1]


def _money(label: str, amount: str, beside: str, room: int) -> Content:
    note = fit(harmless(beside), room)
    return Content.assemble((f" {fit(label, 7)}", "$fd-muted"), (fit(amount, 11, right=True), "bold"), f"   {note}  ")


def against(sheet: TodaySheet, room: int) -> str:
    """`12 % up on last Tue by now`; where there is less room, `112 % up on Tue by now`."""
    if sheet.up is None:
        return ""
    share = f"{abs(sheet.up)} % {'up' if sheet.up > 0 else 'down'} on" if sheet.up else "as"
    by_now = " by now" if sheet.is_today else ""
    said = f"{share} last {sheet.day:%a}{by_now}"
    return said if cell_width(said) <= room else f"{share} {sheet.day:%a}{by_now}"


def _facts(*pairs: tuple[str, str]) -> Content:
    said = [
        Content.assemble((fit(label, 8 - 2 * place), "$fd-muted"), (fit(value, 6, right=True), "bold"))
        for place, (label, value) in enumerate(pairs)
    ]
    return Content("   ").join(said)


def _states(sheet: TodaySheet) -> str:
    """Visits by the letters of the book."""
    visits = sheet.visits
    counts = (("d", visits.done), ("a", visits.here), ("p", visits.to_come), ("n", visits.no_show),
              ("x", visits.cancelled))  # fmt: skip
    return "  ".join(f"{letter} {count}" for letter, count in counts if count)


def _share(percent: int | None) -> str:
    return "–" if percent is None else f"{percent} %"


# By stylist


def _with_commission(figures: Figures) -> bool:
    return not figures.is_narrow and any(one.commission is not None for one in figures.sheet.stylists)


def _stylist_columns(figures: Figures) -> Sequence[Column]:
    earned = [Column("commission", 10, right=True)] if _with_commission(figures) else []
    return (
        Column("By stylist"), Column("visits", 6, right=True), Column("services", 9, right=True),
        Column("retail", 8, right=True), Column("tips", 8, right=True), *earned, Column("used", 5, right=True),
        *([] if figures.is_narrow else [Column("", BAR)]),
    )  # fmt: skip


def _stylist_rows(figures: Figures) -> Iterator[Row]:
    for one in figures.sheet.stylists:
        earned = [figures.money(one.commission)] if _with_commission(figures) else []
        cells = (
            one.name, str(one.visits), figures.money(one.services), figures.money(one.retail), figures.money(one.tips),
            *earned, "" if one.used is None else _share(one.used), bar(one.used or 0, 100, BAR),
        )  # fmt: skip
        yield Row(("stylist", one.stylist_id), cells)


# By service


def _service_columns(figures: Figures) -> Sequence[Column]:
    return (
        Column("By service"), Column("times", 6, right=True), Column("taken", 11, right=True),
        Column("share", 6, right=True), Column("", 16),
    )  # fmt: skip


def _service_rows(figures: Figures) -> Iterator[Row]:
    most = max((one.amount for one in figures.sheet.services), default=Decimal(0))
    for one in figures.sheet.services:
        cells = (
            one.name, f"{one.times.normalize():f}", figures.money(one.amount), _share(one.share),
            bar(one.amount, most, 16),
        )  # fmt: skip
        yield Row(("service", one.kind, one.name), cells)


# By hour


def _hour_columns(figures: Figures) -> Sequence[Column]:
    return (Column("By hour", 8), Column("visits", 6, right=True), Column("taken", 11, right=True), Column(""))


def _hour_rows(figures: Figures) -> Iterator[Row]:
    most = max((one.takings for one in figures.sheet.hours), default=Decimal(0))
    for one in figures.sheet.open_hours:
        taken = figures.money(one.takings) if one.takings else ""
        cells = (f"{one.hour:02}:00", str(one.visits or ""), taken, bar(one.takings, most, 40))
        yield Row(("hour", one.hour), cells)


VIEWS = (
    View("stylist", _stylist_columns, _stylist_rows, "Nobody works this day, and nothing was sold."),
    View("service", _service_columns, _service_rows, "Nothing was sold yet."),
    View("hour", _hour_columns, _hour_rows, "No visits, and nothing sold."),
)


def view_line(at: int) -> Content:
    """What the table shows, and what it would show next."""
    after = VIEWS[(at + 1) % len(VIEWS)].name
    return Content.assemble((" before tax", "$fd-muted"), "   ", ("v", "bold $accent"), (f" by {after}", "$fd-muted"))


# The chart beside


def chart(figures: Figures, width: int, height: int) -> Content:
    """Takings by hour as columns, with the visits that began in each under them."""
    hours = figures.sheet.open_hours
    if not hours or height < 6:
        return Content("")
    room = max(1, min(5, width // len(hours)))
    thick = max(1, room - 1)
    gap = " " * (room - thick)
    drawn = columns([one.takings for one in hours], height - 5)
    most = max(hours, key=lambda one: (one.takings, -one.hour))
    title = f"By hour, most at {most.hour:02}:00: {figures.money(most.takings)}" if most.takings else "By hour"
    lines = [Content.styled(fit(title, width), "$fd-muted"), Content("")]
    lines += [Content.styled("".join(cell * thick + gap for cell in row), "$accent") for row in drawn]
    lines.append(Content.styled(_under(hours, room, lambda one: f"{one.hour}"), "$fd-muted"))
    lines.append(Content(_under(hours, room, lambda one: str(one.visits) if one.visits else "")))
    lines.append(Content.styled("hour, and visits begun in it", "$fd-muted"))
    return Content("\n").join(lines)


def _under(hours: Sequence[HourFigures], room: int, said: Callable[[HourFigures], str]) -> str:
    """Words under columns; where they have no room every second one says nothing."""
    words = [said(one) for one in hours]
    every = 1 if max(map(len, words)) < room else 2
    step = room * every
    return "".join(fit(words[place], step) for place in range(0, len(words), every))


# What to look at


def to_look_at(sheet: TodaySheet) -> Content:
    """What is loose, in sentences."""
    if not sheet.to_look_at:
        return Content.styled(" Nothing is left to look at.", "$fd-muted")
    said = " · ".join(one.sentence for one in sheet.to_look_at)
    return Content.assemble((" To look at", "bold $fd-amber"), "   ", ("enter", "bold $accent"), f" opens\n {said}")
