"""Colours: what is painted can be read in every house theme, every other theme can be worn, and none is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path

import psycopg
import pytest
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.strip import Strip

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.rules.states import EXITS, Status
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.calendar.grid import DayGrid
from frontdesk.screens.calendar.grid_colours import Palette
from frontdesk.screens.calendar.laying_runs import Ink
from frontdesk.services.book.visits import StepVisit, arrive, confirm, finish, start
from frontdesk.styles.themes import HOUSE_THEMES, with_house_colours
from tests.screens.desk import Played, playing, until
from tests.screens.test_hostile import a_sheet
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march
from tests.widgets.test_hostile_text import Alone

READABLE = 4.5
"""WCAG 2.2, 1.4.3, for text."""
SEEN = 3.0
"""WCAG 2.2, 1.4.11, for signs that say something and are not text."""
DECORATION = set(" ░▒·─│┊▇▃▁▂▄▅▆█▉▊▋▎▏▕▔…")
"""Signs that repeat what letters say, or part one thing from another."""
SIGNS = set("▌▸●")


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """How much lighter one colour is than the other (WCAG 2.2, contrast ratio)."""

    def luminance(colour: ColorTriplet) -> float:
        parts = [value / 255 for value in colour]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_wcags() -> None:
    black, white = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(ColorTriplet(119, 119, 119), white) == pytest.approx(4.48, abs=0.01)


def faults(text: str, style: Style | None) -> Iterator[str]:
    """What of a painted text can't be read."""
    signs = set(text) - DECORATION
    if not signs or style is None or style.color is None or style.bgcolor is None:
        return
    front, ground = style.color.triplet, style.bgcolor.triplet
    if front is None or ground is None:
        return
    if style.reverse:
        front, ground = ground, front
    ratio = contrast(front, ground)
    if ratio < (READABLE if signs - SIGNS else SEEN):
        yield f"{text.strip()!r}: {ratio:.2f} for {front.hex} on {ground.hex}"


def unreadable(strips: list[Strip]) -> set[str]:
    """What of painted lines can't be read."""
    return {fault for strip in strips for segment in strip for fault in faults(segment.text, segment.style)}


def test_grey_on_grey_would_be_found() -> None:
    assert list(faults("Ann", Style(color="#777777", bgcolor="#555555")))


async def test_every_ink_of_the_grid_can_be_read_in_every_house_theme() -> None:
    names = cycle(("Jane Doe", "Cut", "lunch", "Kim Lee", "Blow-dry"))
    grid = DayGrid()
    inks: set[Ink] = set()
    signs: dict[Ink, set[str]] = {}
    async with Alone(grid).run_test(size=(200, 60)):
        for number in range(12):
            sheet = a_sheet(names, number)
            grid.private = number % 3 == 0
            grid.show(sheet)
            grid.mark(sheet.entries[number])
            if number % 2:
                grid.lift(sheet.entries[number])
            for cell in grid._cells():
                for run in grid._line_of(cell):
                    inks.add(run.ink)
                    signs.setdefault(run.ink, set()).update(run.text)
            grid.cancel_lift()
    assert len(inks) > 15
    assert {"pending", "confirmed", "arrived", "service", "processing", "done", "noshow"} <= {ink.fg for ink in inks}
    wrong = []
    for theme, ink in product(HOUSE_THEMES, inks):
        palette = Palette(with_house_colours(theme, {**theme.to_color_system().generate(), **theme.variables}))
        wrong += [f"{theme.name} {ink}: {fault}" for fault in faults("".join(signs[ink]), palette.style(ink))]
    assert not wrong


def a_full_day(desk: Played, clock: SetClock, conninfo: str) -> None:
    """A visit in every state that one sees, overbooked and new ones among them."""
    ria = desk.app.desk
    for place, status in enumerate(each for each in Status if each not in EXITS):
        clock.set(march(9, 9))
        stylist = (ANNA, BO)[place % 2]
        at = march(9, 10) + dt.timedelta(minutes=75 * (place // 2))
        customer = (JANE, KIM, OLA, None, None, None)[place]
        line = (COLOUR, stylist) if status is Status.PROCESSING else ((CUT, BLOW_DRY)[place % 2], stylist)
        visit = booked(ria, customer, at, line).appointment_id
        clock.set(at - dt.timedelta(minutes=2))
        if status is Status.CONFIRMED:
            confirm(ria, StepVisit(appointment_id=visit))
        if status in (Status.ARRIVED, Status.IN_SERVICE, Status.PROCESSING, Status.COMPLETED):
            arrive(ria, StepVisit(appointment_id=visit))
        if status in (Status.IN_SERVICE, Status.PROCESSING):
            start(ria, StepVisit(appointment_id=visit))
        if status is Status.PROCESSING:
            with psycopg.connect(conninfo) as owner:
                owner.execute(_PROCESSES, (visit,))
        if status is Status.COMPLETED:
            finish(ria, StepVisit(appointment_id=visit))
    clock.set(march(9, 13))


_PROCESSES = "UPDATE appointment_services SET status = 'processing' WHERE appointment_id = %s"


def painted(desk: Played) -> list[Strip]:
    """The lines of the screen; of one that something stands over, only what stands there."""
    strips = desk.app.screen._compositor.render_strips()
    over = list(desk.app.screen.query(".panel"))
    return strips[over[0].region.y :] if over else strips


async def test_every_screen_can_be_read_in_every_house_theme(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    wrong: set[str] = set()
    looked: set[str] = set()

    def look(desk: Played, where: str) -> None:
        strips = painted(desk)
        looked.update(str(segment.style.color) for strip in strips for segment in strip if segment.style)
        wrong.update(f"{desk.app.theme}, {where}: {fault}" for fault in unreadable(strips))

    async with playing(server, shop, tmp_path, size=(120, 36), clock=clock) as desk:
        await until(desk, "Who is at the desk?")
        for theme in HOUSE_THEMES:
            desk.app.theme = theme.name
            await desk.pilot.pause()
            look(desk, "sign-in")
        await desk.sign_in("ada")
        a_full_day(desk, clock, server.conninfo(shop))
        for theme in HOUSE_THEMES:
            desk.app.theme = theme.name
            for key in ("f3", "f4", "f5", "f6", "f7", "f2"):
                await desk.press(key)
                look(desk, key)
            screen = desk.app.screen
            assert isinstance(screen, DeskScreen)
            for tone in ("amber", "red"):
                screen.say("Anna is taken.", tone)
                await desk.pilot.pause()
                look(desk, tone)
            await desk.press("f1")
            look(desk, "help")
            await desk.press("escape", "b", *"jane")
            look(desk, "form")
            await desk.press("escape", "colon")
            look(desk, "line")
            await desk.press("escape")
    assert not wrong
    assert len(looked) > 25, "colours of four themes were looked at"


async def test_every_textual_theme_can_be_worn(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in()
        a_full_day(desk, clock, server.conninfo(shop))
        screen = desk.app.screen
        assert isinstance(screen, DeskScreen)
        screen.show_anew()
        await desk.settled()
        seen = letters(desk)
        assert len(desk.app.available_themes) > 15
        for theme in sorted(desk.app.available_themes):
            desk.app.theme = theme
            await desk.pilot.pause()
            assert letters(desk) == seen, theme
        await desk.press("b")
        assert "Book a visit" in desk.text
        await desk.press("escape", "f9")
        assert desk.app.theme == HOUSE_THEMES[0].name, "from somebody else's theme F9 leads into the house"


def letters(desk: Played) -> list[str]:
    """What the grid's entries begin with: their letters and marks."""
    bars = [line.split("▌")[1:] for line in desk.text.splitlines() if "▌" in line]
    return [piece.split()[0] for line in bars for piece in line if piece.strip()]


@pytest.mark.parametrize("how", ["NO_COLOR", "ansi-dark", "ansi-light"])
async def test_without_colours_every_state_has_its_letter(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, size=(120, 60), clock=clock) as desk:
        if how != "NO_COLOR":
            desk.app.theme = how
        await desk.sign_in()
        a_full_day(desk, clock, server.conninfo(shop))
        screen = desk.app.screen
        assert isinstance(screen, DeskScreen)
        screen.show_anew()
        await until(desk, "Jane Doe")
        states = {status.letter for status in Status if status not in EXITS}
        assert states <= {piece.rstrip("$!*") for piece in letters(desk)}
        assert any("*" in piece for piece in letters(desk)), "a new customer has a mark"
        assert "▸" in desk.text
        if how == "NO_COLOR":
            await desk.press("end")
            assert "[" in desk.text, "the cursor is seen without a colour"
