"""Tomorrow on paper: 80 columns, per stylist, with alerts and who has not confirmed (features CD9)."""

from __future__ import annotations

from sqlalchemy import text

from frontdesk.desk import Desk
from frontdesk.services.book.visits import StepVisit, confirm
from frontdesk.services.reports.printed_day import PrintDay, print_day
from frontdesk.text import cell_width
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march


def test_tomorrow_fits_eighty_columns_per_stylist_with_alerts(ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 10), (CUT, ANNA)).appointment_id
    confirm(ria, StepVisit(appointment_id=jane))
    booked(ria, KIM, march(10, 11), (CUT, ANNA))
    booked(ria, OLA, march(10, 12), (COLOUR, BO))
    with ria.sessions() as sql:
        sql.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": ria.token})
        sql.execute(
            text("INSERT INTO customer_alerts (customer_id, kind, words) VALUES (1, 'allergy', :words)"),
            {"words": "ammonia, and everything that smells of it, " * 4},
        )
        sql.execute(text("UPDATE customers SET last_name = '[/b] 山田' WHERE id = 2"))
        sql.commit()
    printed = print_day(ria, PrintDay())
    assert [(one.stylist, [line.state for line in one.lines]) for one in printed.columns] == [
        ("Anna", ["c", "?"]), ("Bo", ["?"]),
    ]  # fmt: skip
    lines = printed.sheet.splitlines()
    assert max(map(cell_width, lines)) <= 80
    assert "! allergy: ammonia" in printed.sheet
    assert "[/b] 山田" in printed.sheet
    assert lines[0].startswith("Vale Street")
    assert lines[0].endswith("Tue 10 Mar 2026, 3 lines")
    assert lines[-1] == "? is not confirmed yet"
    assert "Nothing is booked." in print_day(ria, PrintDay(day=march(20, 9).date())).sheet
