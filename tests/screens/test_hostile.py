"""The rest of the hundred thousand hostile texts: the book's grid and panels, and a whole shop that is called so."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql
from textual import events
from textual.content import Content
from textual.widgets import Input

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Shop
from frontdesk.rules.states import Status
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.calendar.day_list import DayList
from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.month_grid import MonthGrid
from frontdesk.screens.calendar.panel import VisitPanel
from frontdesk.screens.checkout import drawing
from frontdesk.screens.sign_in.people import PeopleList
from frontdesk.services.phrases.phrases import Asked, Understood
from frontdesk.services.sheets.day import DayBlock, DayColumn, DayEntry, DayPart, DaySheet
from frontdesk.services.sheets.month import MonthDay, MonthSheet
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.till.ticket import Quote, QuoteLine
from frontdesk.text import clean
from tests.screens.desk import Played, each_size, playing
from tests.screens.till import a_morning
from tests.services.desks import march
from tests.widgets.hostile import CORPUS, check, check_painted, flood, hostile, in_rows, leaked
from tests.widgets.test_hostile_text import Alone

COLUMNS, ENTRIES = 6, 10
PER_SHEET = COLUMNS * (2 + 3 * ENTRIES) + 1
LONDON = "Europe/London"


def a_sheet(texts: Iterator[str], number: int = 0) -> DaySheet:
    """A day on which everything is called so: shop, stylists, customers, services, reasons."""
    states = itertools.cycle(Status)
    columns = []
    for place in range(COLUMNS):
        entries = []
        for at in range(ENTRIES):
            starts = march(9, 9) + dt.timedelta(minutes=5 * ((at * 7 + place + number) % 96))
            length = dt.timedelta(minutes=(15, 30, 45, 5, 90)[(at + place) % 5])
            parts = (
                DayPart("active", starts, starts + length / 3),
                DayPart("processing", starts + length / 3, starts + 2 * length / 3),
                DayPart("finish", starts + 2 * length / 3, starts + length),
            )
            identity = place * 100 + at
            entries.append(
                DayEntry(
                    identity // 2, identity, next(texts)[:4], identity, next(texts), next(texts), next(states), starts,
                    starts + length, Decimal(50), at % 4 == 0, at % 3 == 0, at % 2 == 0, parts, place,
                    phone_tail="0123", notes=at % 2 == 0, arrived_at=starts,
                )
            )  # fmt: skip
        shift = ((march(9, 9), march(9, 17)),)
        block = DayBlock(march(9, 13), march(9, 14), next(texts))
        columns.append(DayColumn(place or None, place or None, next(texts), shift, (block,), tuple(entries), shift))
    hours = ((march(9, 9), march(9, 17)),)
    today, now = march(9, 9).date(), march(9, 12, 10)
    return DaySheet(today, next(texts), LONDON, tuple(columns), (), now, 15, hours, "GBP")


async def test_nineteen_thousand_texts_on_the_grid() -> None:
    grid, panel = DayGrid(), VisitPanel()
    panel.styles.width, panel.styles.height = 36, 20
    async with Alone(grid, panel).run_test(size=(150, 50)) as pilot:
        texts = flood(100 * PER_SHEET, seed=11)
        for number in range(100):
            sheet = a_sheet(texts, number)
            grid.private = number % 5 == 0
            grid.minutes = (15, 5, 30)[number % 3]
            grid.show(sheet)
            if number % 4 == 0:
                grid.lift(sheet.entries[number % 40])
            grid.action_page(1 if number % 2 else -1)
            check([grid.render_line(y) for y in range(grid.size.height)], grid.size.width)
            grid.cancel_lift()
            grid.action_entry(1)
            panel.show(grid.cursor, sheet, "GBP", private=False)
            if number % 10 == 0:
                await pilot.pause()
                check_painted(panel)
                check_painted(grid)
            check([panel.render_line(y) for y in range(20)], 36)


async def test_thousands_of_texts_on_the_list_and_the_month() -> None:
    listed, month = DayList(), MonthGrid()
    listed.styles.width, month.styles.width = 80, 80
    texts = flood(12 * (PER_SHEET + 31), seed=13)
    async with Alone(listed, month).run_test(size=(160, 30)) as pilot:
        for number in range(12):
            sheet = a_sheet(texts, number)
            listed.show_day(replace(sheet, left=sheet.entries[:7]), private=number % 3 == 0)
            first = dt.date(2026, 3, 1)
            days = tuple(MonthDay(first + dt.timedelta(n), n * 10, 60 * (n % 2), n, next(texts)) for n in range(31))
            month.show(MonthSheet(first, days), day=first, today=first)
            await pilot.pause()
            for widget in (listed, month):
                check([widget.render_line(y) for y in range(widget.size.height)], widget.size.width)
                check_painted(widget)


def a_quote(said: tuple[str, ...]) -> Quote:
    """A ticket on which everything is called so."""
    lines = tuple(
        QuoteLine(place, None, said[place], 1, said[place + 1], 2, Decimal(5), Decimal(10), Decimal(0), place == 2)
        for place in range(4)
    )
    nothing = Decimal(0)
    return Quote(
        said[5], 1, (), lines, Decimal(40), ((said[6], Decimal(1)),), Decimal(3), said[7], (), ((said[8], Decimal(2)),),
        Decimal(44), ((said[9], Decimal(4)),), (), Decimal(44), nothing, nothing, False, "GBP",
    )  # fmt: skip


async def test_ten_thousand_texts_at_the_till_the_line_and_the_sign_in() -> None:
    shop = Shop(1, "Vale", LONDON, "GBP", "en_GB", "GB", 15, "line")
    for said in in_rows(flood(5000, seed=12), 10):
        quote = a_quote(said)
        for width in (34, 44):
            sums = drawing.sums(quote, Ticket(discount_reason=said[0]), drawing.Aside(), shop, width)
            assert not leaked(sums.plain.replace("\n", ""))
            assert max(Content(line).cell_length for line in sums.plain.split("\n")) == width

    async def nothing(text: str) -> Understood:
        return Understood()

    line, people = TypeLine(nothing), PeopleList({})
    async with Alone(line, people).run_test(size=(100, 40)) as pilot:
        for place, said in enumerate(in_rows(flood(5000, seed=13), 10)):
            people.show([(text, text, "receptionist") for text in said])
            question = Asked(said[0], tuple((text, text) for text in said[1:4]))
            line._meant = Understood(preview=said[4], warning=said[5], question=question if place % 2 else None)
            line._asking = place % 4 == 1
            line._draw()
            line.input.value = said[6]
            if place % 20 == 0:
                await pilot.pause()
                check(pilot.app.screen._compositor.render_strips(), 100)
            assert not leaked(str(people.content).replace("\n", "") + line.preview.replace("\n", ""))


async def test_any_text_at_all_on_the_grid() -> None:
    grid = DayGrid()
    async with Alone(grid).run_test(size=(100, 30)):

        @settings(max_examples=40, deadline=None, database=None)
        @given(st.lists(hostile, min_size=8, max_size=8))
        def holds(texts: list[str]) -> None:
            grid.show(a_sheet(itertools.cycle(texts)))
            check([grid.render_line(y) for y in range(30)], 100)

        holds()


# A whole shop


def storable() -> Iterator[str]:
    """Texts that the database takes: cleaned, not empty, endlessly."""
    found = [text for text in (clean(each) for each in (*flood(600, seed=14),)) if text]
    return itertools.cycle(dict.fromkeys((*filter(None, map(clean, CORPUS)), *found)))


NAMES = {
    "businesses": ("name",), "shops": ("name", "address", "receipt_footer"), "service_categories": ("name",),
    "services": ("name",), "taxes": ("name",), "products": ("name",), "cancel_reasons": ("name",),
    "resources": ("name",), "stylists": ("first_name",), "customers": ("first_name", "last_name", "notes"),
    "users": ("name",), "terminals": ("name",),
}  # fmt: skip


def rename_everything(conninfo: str, texts: Iterator[str], columns: Mapping[str, tuple[str, ...]]) -> int:
    """Call everything so. Answers how many texts the database took; what it refuses is what nobody can type."""
    taken = 0
    with psycopg.connect(conninfo, autocommit=True) as owner:
        for table, names in columns.items():
            for (key,) in owner.execute(sql.SQL("SELECT id FROM {}").format(sql.Identifier(table))).fetchall():
                for name in names:
                    change = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s")
                    for text in itertools.islice(texts, 6):
                        try:
                            owner.execute(change.format(sql.Identifier(table), sql.Identifier(name)), (text, key))
                        except psycopg.errors.IntegrityError:
                            continue
                        taken += 1
                        break
    return taken


def check_all(desk: Played) -> None:
    """Everything on the screen, as the terminal gets it."""
    app = desk.app
    assert app.is_running
    check(app.screen._compositor.render_strips(), app.size.width)


@each_size
async def test_a_shop_in_which_everything_is_called_so(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    conninfo = server.conninfo(shop)
    clock = SetClock(march(9, 9))
    texts = storable()
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await desk.sign_in("ada")
        a_morning(desk, clock, conninfo)
        assert rename_everything(conninfo, texts, NAMES) > 30
        for key in ("f2", "F", "f3", "f4", "f5", "f6", "f7"):
            await desk.press(key)
            screen = desk.app.screen
            assert isinstance(screen, DeskScreen)
            screen.show_anew()
            await desk.settled()
            check_all(desk)
            for text in itertools.islice(texts, 8):
                screen.say(text)
                check_all(desk)
        visits = {"appointments": ("notes", "guest_name")}
        rename_everything(conninfo, texts, visits)
        await desk.press("f2")
        for key in ("tab", "enter", "escape", "H", "escape", "question_mark", "b"):
            await desk.press(key)
            check_all(desk)
        await desk.press("enter", "down", "enter", "down", "enter")
        check_all(desk)
        await desk.press("escape", "f2", "F")
        for key in ("enter", "F", "question_mark", "escape", "H", "escape", "x", "escape", "d", "u", "down", "s"):
            await desk.press(key)
            check_all(desk)
        await desk.press("f3", "a")
        check_all(desk)
        for key in ("enter", "escape", "e", "down", "down", "escape", "H", "escape", "f5", "enter", "f7", "enter", "e"):
            await desk.press(key)
            check_all(desk)


async def test_what_is_pasted_into_any_field_is_text(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ada")
        for keys in (("f2", "colon"), ("escape", "b"), ("escape", "f3"), ("down", "plus"), ("escape", "f5"), ("f8",)):
            await desk.press(*keys)
            for text in ("".join(CORPUS[place::9]) for place in range(9)):
                desk.app.post_message(events.Paste(text))
                await desk.pilot.pause()
                field = desk.app.focused
                if isinstance(field, Input):
                    assert not leaked(field.value), keys
                    check_all(desk)
                    field.value = ""
            await desk.settled()
            check_all(desk)


def test_control_bytes_reach_the_database_through_nothing(server: Handle, shop: str) -> None:
    """The last line of defence: plain SQL can't put them there either."""
    with psycopg.connect(server.conninfo(shop), autocommit=True) as owner, pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("UPDATE customers SET first_name = E'a\\x1b[2J' WHERE id = 1")
