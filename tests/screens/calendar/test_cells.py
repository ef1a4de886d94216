"""What a cell says: letter, marks, minutes off the row, names of any width, and nothing that a terminal would obey."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from frontdesk.rules.states import Status
from frontdesk.screens.calendar.grid_view import LaidDay, Window, cell
from frontdesk.screens.calendar.laying import Stop
from frontdesk.screens.calendar.laying_runs import Ink, Run, fitted, plain
from frontdesk.services.sheets.day import DaySheet
from tests.screens.calendar.sheets import at, column, entry, sheet, vale_street

WIDTH = 24


def lines(day: DaySheet, number: int = 0, *, private: bool = False, width: int = WIDTH) -> dict[str, str]:
    """A column's cells by their times, without blanks at the right."""
    there = LaidDay(day, day.slot_minutes)
    there.look(marked=frozenset(), lifted=None, private=private)
    window = Window(7 + width * len(day.columns), 2 + there.axis.rows, len(day.columns), there.axis.rows)
    assert window.column_width == width
    return {
        f"{wall:%H:%M}": plain(cell(there, window, (2 + row, number))).rstrip()
        for row, wall in enumerate(there.axis.walls)
    }


def test_an_entry_says_its_letter_first_then_marks_name_and_service() -> None:
    told = lines(sheet(column("Anna", entry("9:00", "9:45", "Jane Doe", "Cut", Status.COMPLETED, marks="$"))))
    assert told["09:00"] == "▌d$ Jane Doe        Cut"
    assert told["09:15"] == told["09:30"] == "▌"
    assert told["09:45"] == ""


def test_a_start_off_the_row_says_its_minutes() -> None:
    assert lines(sheet(column("Bo", entry("9:50", "10:30", "Ola Berg"))))["09:45"] == "▌c :50 Ola Berg     Cut"


def test_a_service_without_room_stands_in_the_second_row() -> None:
    told = lines(sheet(column("Bo", entry("9:00", "10:00", "Mia Abt", "Wash, cut and blow-dry"))))
    assert (told["09:00"], told["09:15"]) == ("▌c Mia Abt", "▌  Wash, cut and blow-…")


def test_who_has_arrived_says_how_long_ago() -> None:
    visit = entry("14:00", "15:00", "Kim Lee", "Cut", Status.ARRIVED, arrived="14:30")
    assert lines(sheet(column("Anna", visit)))["14:00"] == "▌a Kim Lee  22m     Cut"


def test_colour_says_how_long_it_still_takes_and_where_the_visit_goes_on() -> None:
    day = vale_street()
    assert lines(day, 0)["14:30"] == "┊~ then Bo 15:50"
    assert lines(day, 1)["14:30"] == "┊~ 28m left"
    assert lines(day, 1)["14:45"] == "┊▌c :50 Lea Roth    Cut"
    assert lines(day, 0)["15:15"] == "▌  finish"


def test_a_break_is_hatched_and_named() -> None:
    told = lines(sheet(column("Anna", breaks=[("12:00", "12:30", "lunch")])))
    assert (told["12:00"], told["12:15"], told["12:30"]) == ("░░ lunch", "░░", "")


def test_a_customer_who_looks_reads_no_marks_no_waits_and_no_reasons() -> None:
    visit = entry("14:00", "15:00", "Kim Lee", "Cut", Status.ARRIVED, arrived="14:30", marks="$!*")
    told = lines(sheet(column("Anna", visit, breaks=[("12:00", "12:30", "migraine")])), private=True)
    assert told["14:00"] == "▌a Kim Lee          Cut"
    assert told["12:00"] == "░░"


def test_a_cell_is_as_wide_as_it_is_whatever_the_name() -> None:
    for name in ("山田 太郎", "山" * 30, "Zoë 👩‍🦰 Brandt", "e\u0301" * 20, "\x1b[2J[/b] Ann\x07", "\u202eevil"):
        there = LaidDay(sheet(column("Anna", entry("9:00", "9:15", name, name))), 15)
        for width in range(24, 45):
            window = Window(7 + width, 40, 1, there.axis.rows)
            for cursor in (None, Stop(0, there.columns[0].placed[0])):
                for brackets in (False, True):
                    line = cell(there, window, (2, 0), cursor=cursor, brackets=brackets)
                    assert sum(cell_len(run.text) for run in line) == width
                    assert "\x1b" not in plain(line)
                    assert "\u202e" not in plain(line)


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 20))
def test_a_line_is_fitted_to_its_cells(a: str, b: str, width: int) -> None:
    ink, other = Ink("text", "free"), Ink("muted", "surface")
    a, b = ("".join(sign for sign in text if sign.isprintable()) for text in (a, b))
    assert sum(cell_len(run.text) for run in fitted((Run(a, ink), Run(b, other)), width, ink)) == width


def test_without_colours_brackets_stand_round_the_cursor() -> None:
    there = LaidDay(sheet(column("Anna", entry("9:00", "9:45", "Jane Doe"))), 15)
    window = Window(7 + WIDTH, 40, 1, there.axis.rows)
    visit, room = there.columns[0].stops[:2]
    on_visit = cell(there, window, (2, 0), cursor=visit, brackets=True)
    in_room = cell(there, window, (5, 0), cursor=room, brackets=True)
    assert plain(on_visit) == "[c Jane Doe         Cu] "
    assert plain(in_room) == "[" + " " * 21 + "] "


def test_what_began_above_the_window_says_its_name_in_its_first_row() -> None:
    there = LaidDay(sheet(column("Anna", entry("9:00", "11:00", "Jane Doe"))), 15)
    window = replace(Window(7 + WIDTH, 12, 1, there.axis.rows), top=4)
    assert plain(cell(there, window, (2, 0))).rstrip() == "▌c 09:00 Jane Doe   Cut"


def test_names_say_the_next_free_time_and_strips_the_whole_day() -> None:
    day = vale_street()
    there = LaidDay(day, 15)
    window = Window(7 + 3 * WIDTH, 24, 4, there.axis.rows)
    assert plain(cell(there, window, (0, 0))).rstrip() == "Anna  next 10:45"
    assert plain(cell(there, window, (0, 2))).rstrip() == "Cai  next 10:00     1/2"
    assert plain(cell(there, window, (1, 0))).rstrip() == "  ▇▇▇▃▃▇▇░▇▇▇▇▇▃▃▇"
    assert there.axis.since == at("8:00")


def test_what_else_stands_in_a_column_says_what_it_is() -> None:
    yoga = replace(
        entry("9:00", "9:30", "Yoga", "class"), session_id=4, taken=2, seats=3, appointment_id=-4, line_id=-4
    )
    gloss = replace(entry("10:00", "10:15", "Jane Doe", "Gloss", marks="*"), addon_of=1, group_id=2, in_series=True)
    room = replace(entry("11:00", "12:00", "Jane Doe", "Massage"), hands="Anna")
    own = replace(entry("13:00", "14:00", "Kim Lee", "Massage"), things=("Room 1",))
    late = entry("14:30", "15:30", "Ola Berg", "Cut")
    over = entry("14:00", "14:30", "Lea Roth", "Cut", Status.IN_SERVICE)
    told = lines(sheet(column("Anna", yoga, gloss, room, own)))
    assert told["09:00"] == "▌2/3 Yoga"
    assert told["10:00"] == "▌c*&↻ + Gloss"
    assert (told["11:00"], told["11:15"]) == ("▌c Jane Doe     Massage", "▌  with Anna")
    assert told["13:15"] == "▌  Room 1"
    told = lines(sheet(column("Bo", over, late)))
    assert told["14:00"] == "▌s Lea Roth  over 22m"
    assert told["14:30"] == "▌c Ola Berg  late 22"
    day = sheet(column("Bo", over, late))
    seen = lines(day, private=True)
    assert (seen["14:00"], seen["14:30"]) == ("▌s Lea Roth         Cut", "▌c Ola Berg         Cut")


def test_time_that_is_kept_says_for_whom_and_how_long() -> None:
    anna = column("Anna", breaks=[("9:00", "9:30", "Ria is booking"), ("10:00", "11:00", "offered to Kim Lee")])
    held, offer = anna.blocks
    blocks = (replace(held, kind="held", until=at("15:00")), replace(offer, kind="offer", until=at("15:00")))
    told = lines(sheet(replace(anna, blocks=blocks)))
    assert (told["09:00"], told["10:00"]) == ("░░ Ria is booking", "░░ 8m left, offered to…")
    assert lines(sheet(replace(anna, blocks=blocks)), private=True)["10:00"] == "░░"


def test_work_in_other_hands_is_a_rail_in_between() -> None:
    from frontdesk.services.sheets.day import DayPart

    line = entry("9:00", "11:00", "Jane Doe", "Colour")
    parts = (
        DayPart("active", at("9:00"), at("9:30")),
        DayPart("elsewhere", at("9:30"), at("10:30")),
        DayPart("finish", at("10:30"), at("11:00")),
    )
    other = replace(line, starts_at=at("9:30"), ends_at=at("10:30"), hands="Anna", parts=parts[1:2])
    told = lines(sheet(column("Anna", replace(line, parts=parts)), column("Bo", other, number=2)))
    assert (told["09:00"], told["09:30"], told["10:30"]) == ("▌c Jane Doe      Colour", "┊~ then Bo 09:30", "▌  finish")


def test_colours_by_service_leave_the_letter_and_change_the_bar() -> None:
    day = sheet(column("Anna", replace(entry("9:00", "10:00"), category_id=8)))
    there = LaidDay(day, 15)
    window = Window(7 + WIDTH, 12, 1, there.axis.rows)
    place = (2 + there.axis.row_of(at("9:00")), 0)
    bars = []
    for by_category in (False, True):
        there.look(marked=frozenset(), lifted=None, private=False, by_category=by_category)
        bars.append(cell(there, window, place)[0])
    assert [(bar.text[:2], bar.ink.fg) for bar in bars] == [("▌c", "confirmed"), ("▌c", "shelf2")]
