"""A hundred thousand hostile texts, a part of them here: what each widget paints is text, and as wide as the widget."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.markup import MarkupError
from textual.screen import Screen
from textual.visual import visualize
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from frontdesk.styles.themes import DARK, with_house_colours
from frontdesk.text import cell_width, fit, harmless, wrapped
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.field import Field, FieldRow, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.line import Line
from frontdesk.widgets.modal import Answer, Question, Sheet
from frontdesk.widgets.plain_table import Column, PlainTable, Row
from tests.widgets.hostile import CORPUS, check, check_painted, flood, hostile, in_rows, leaked

quick = settings(max_examples=60, deadline=None, database=None)
texts = st.lists(hostile, min_size=4, max_size=4)


class Alone(App[None]):
    """One widget and nothing else."""

    CSS_PATH = "../../frontdesk/styles/base.tcss"

    def __init__(self, *shown: Widget) -> None:
        super().__init__()
        self.shown = shown
        self.register_theme(DARK)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The house's."""
        return with_house_colours(DARK, DARK.variables)

    def compose(self) -> ComposeResult:
        """It."""
        yield from self.shown


def check_screen(screen: Screen[object]) -> None:
    """Everything on a screen, as the terminal gets it."""
    check(screen._compositor.render_strips(), screen.size.width)


@settings(max_examples=400, deadline=None, database=None)
@given(hostile, st.integers(0, 60), st.booleans())
def test_any_text_is_fitted_into_any_number_of_cells(text: str, width: int, right: bool) -> None:
    said = fit(harmless(text), width, right=right)
    assert cell_width(said) == width
    assert not leaked(said)
    assert all(cell_width(line) <= max(width, 2) for line in wrapped(harmless(text), max(width, 2)))


async def test_a_table_of_sixty_six_thousand_cells() -> None:
    columns = [Column("Name"), Column("[/b]", 9), Column("Price", 7, right=True), Column("\x1b[31m", 1)]
    table = PlainTable(columns, empty="[/] nobody")
    async with Alone(table).run_test(size=(90, 401)) as pilot:
        rows = [Row(number, cells) for number, cells in enumerate(in_rows(flood(66_000), 4))]
        for first in range(0, len(rows), 400):
            table.show(rows[first : first + 400])
            check([table.render_line(y) for y in range(1, 401)], 90)
        table.show(rows[:50])
        table.go_to(20)
        await pilot.pause()
        check_screen(pilot.app.screen)

        @quick
        @given(texts, hostile)
        def holds(cells: Sequence[str], empty: str) -> None:
            table.show([Row(0, tuple(cells)), Row(1, tuple(reversed(cells)), "fd-amber")])
            check([table.render_line(y) for y in range(3)], 90)
            table.show([], empty=empty)
            check([table.render_line(y) for y in range(1, 4)], 90)

        holds()


async def test_a_bar_of_five_thousand_ends() -> None:
    bar = Bar()
    async with Alone(bar).run_test(size=(60, 3)):
        for left, right in in_rows(flood(5000, seed=2), 2):
            bar.show(left, right)
            check_painted(bar)


class AnyForm(Form[None]):
    """A form of every kind of field."""

    def __init__(self, said: Sequence[str]) -> None:
        async def save(filled: Filled) -> None:
            raise AssertionError

        async def preview(filled: Filled) -> str:
            return "\n".join(said)

        offers = [Offer(str(number), text) for number, text in enumerate(said)]
        fields = [
            Field("who", said[0], value=said[1], hint=said[2], find=among(offers)),
            Field("notes", said[2], value=said[0], lines=True),
            Field("pin", said[3], value=said[1], secret=True),
        ]
        super().__init__(said[0], fields, save, preview=preview)


async def test_a_field_of_four_thousand_values() -> None:
    line = Line()
    async with Alone(line).run_test(size=(40, 3)):
        line.focus()
        for number, text in enumerate(flood(4000, seed=5)):
            line.value = text
            line.cursor_position = number % (len(line.value) + 1)
            check_painted(line)


async def test_forms_questions_and_sheets_of_hundreds_of_texts() -> None:
    app = Alone()
    async with app.run_test(size=(80, 30)) as pilot:
        for said in in_rows(flood(300, seed=3), 60):
            form = AnyForm(said)
            await app.push_screen(form)
            await pilot.pause()
            check_screen(app.screen)
            rows = list(form.query(FieldRow))
            for at in range(4, 60, 14):
                rows[0].put(said[at])
                rows[1].put("\n".join(said[at : at + 3]), "7")
                rows[0]._show(tuple(Offer("", each) for each in said[at : at + 8]))
                form._say(said[at + 3])
                await pilot.pause()
                check_screen(app.screen)
            app.pop_screen()
        for said in in_rows(flood(240, seed=4), 40):
            answers = [Answer(str(number), text, number) for number, text in enumerate(said)]
            for modal in (Question(said[0], answers), Sheet(said[1], "\n".join(said))):
                await app.push_screen(modal)
                await pilot.pause()
                check_screen(app.screen)
                app.pop_screen()


def crashes(text: str) -> bool:
    """Whether a widget that reads markup fails on this."""
    try:
        Content.from_markup(text)
    except MarkupError:
        return True
    return False


async def test_what_is_not_made_harmless_crashes_or_leaks() -> None:
    """The negative control: without the care taken above, the same texts do what is feared."""
    assert sum(crashes(text) for text in CORPUS) >= 3
    assert crashes("[/b] Ann")
    with pytest.raises(MarkupError):
        visualize(Label(""), "[/b] Ann", markup=True)
    careless = Static("", markup=False)
    seen = 0
    async with Alone(careless).run_test(size=(60, 3)) as pilot:
        for text in ("\x1b]0;owned\x07", "\x9b31m", "\u202eevil"):
            careless.update(text)
            await pilot.pause()
            seen += bool(leaked(careless.render_line(0).text))
    assert seen == 3
    field = Input()
    async with Alone(field).run_test(size=(60, 3)):
        field.value = "\x1b]52;c;aGk=\x1b\\"
        assert leaked(field.render_line(0).text)
