"""The visits of another system's export: who came, who did not, who sat beside whom, and who is nobody."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.importing import Fate
from frontdesk.services.placing.availability import FindFree, find_free
from tests.services.desks import ANNA, CUT, JANE, booked, march
from tests.services.importing.exports import Folder
from tests.services.importing.imported import DAY, entries, fates, rows, sheet


def test_one_clients_rows_of_a_day_are_one_visit(ada: Desk, export: Folder) -> None:
    export.run(ada)
    visits = rows(ada, "SELECT to_char(starts_local, 'HH24:MI'), extract(epoch FROM ends_at - starts_at) / 60, status"
                       " FROM appointments ORDER BY starts_at")  # fmt: skip
    assert visits == [("10:00", 60, "completed"), ("11:00", 45, "completed")]


def test_a_no_show_is_marked_and_frees_its_time(ada: Desk, export: Folder) -> None:
    export.add("missed.csv", "AMY01,ZOE,CUT,03/03/2026")
    export.add("book.csv", "CEE01,ZOE,CUT,03/03/2026,10:15")
    export.edit("book.csv", "BEA01,ZOE,CUT,03/03/2026,11:00\n", "")
    report = export.run(ada)
    assert report.overlaps == ()
    assert [(entry.customer, entry.status) for entry in sheet(ada).left] == [("AMY01", Status.NO_SHOW)]


def test_a_no_show_that_comes_later_is_marked_on_the_booking_that_is_here(ada: Desk, export: Folder) -> None:
    export.run(ada)
    pieces = rows(ada, "SELECT count(*) FROM time_slots WHERE status = 'booked'")[0][0]
    export.add("missed.csv", "BEA01,ZOE,CUT,03/03/2026")
    export.run(ada)
    assert [(entry.customer, entry.status) for entry in sheet(ada).left] == [("BEA01", Status.NO_SHOW)]
    assert rows(ada, "SELECT count(*) FROM time_slots WHERE status = 'booked'") == [(int(str(pieces)) - 1,)]
    assert rows(ada, "SELECT status FROM appointments ORDER BY starts_at") == [("completed",), ("no_show",)]


def test_what_matches_no_booking_is_history_without_a_time(ada: Desk, export: Folder) -> None:
    export.add("missed.csv", "EVA01,ZOE,CUT,03/03/2026")
    export.add("cancelled.csv", "DEE01,MAX,CUT,05/03/2026,01/03/2026,ZOE")
    plan = export.plan(ada)
    assert {fates(plan)["missed.csv", 2], fates(plan)["cancelled.csv", 2]} == {Fate.HISTORY}
    export.run(ada)
    kept = (
        "SELECT c.code, a.for_day, a.cancelled_on, a.cancelled_at, a.appointment_id, a.cancelled_by, a.note"
        " FROM appointment_cancellations a JOIN customers c ON c.id = a.customer_id ORDER BY 1"
    )
    assert rows(ada, kept) == [
        ("DEE01", dt.date(2026, 3, 5), dt.date(2026, 3, 1), None, None, "ZOE", ""),
        ("EVA01", DAY, DAY, None, None, "", "no-show"),
    ]


def test_a_cancelled_booking_that_was_served_after_all_stays(ada: Desk, export: Folder) -> None:
    export.add("cancelled.csv", "BEA01,MAX,CUT,03/03/2026,01/03/2026,ZOE")
    export.run(ada)
    assert ("ZOE", "11:00", "BEA01", "Cut", "d") in entries(ada)
    linked = "SELECT a.status, c.note FROM appointment_cancellations c JOIN appointments a ON a.id = c.appointment_id"
    assert rows(ada, linked) == [("completed", "booked again")]


def test_an_overlap_is_kept_as_overbooked_and_listed(ada: Desk, export: Folder) -> None:
    export.add("book.csv", "CEE01,ZOE,CUT,03/03/2026,10:30")
    plan = export.plan(ada)
    assert fates(plan)["book.csv", 5] is Fate.OVERBOOKED
    (overlap,) = export.run(ada).overlaps
    assert (overlap.row, overlap.stylist, overlap.beside) == (5, "ZOE", "row 2, 10:00 CUT of AMY01")
    assert ("ZOE", "10:30", "CEE01", "Cut", "d!") in entries(ada)
    kept = "SELECT overbook_reason FROM appointment_services WHERE overbooked"
    assert rows(ada, kept) == [("imported overlap",)]


def test_what_was_booked_here_keeps_its_time(ada: Desk, export: Folder) -> None:
    _give_code(ada)
    booked(ada, JANE, march(10, 10), (CUT, ANNA))
    export.add("book.csv", "CEE01,ANNA,CUT,10/03/2026,10:15", "CEE01,ANNA,TRIM,10/03/2026,12:00")
    (overlap,) = export.run(ada).overlaps
    assert (overlap.row, overlap.beside) == (5, "a visit that is here already")


def test_a_booking_to_come_is_no_longer_offered(ada: Desk, export: Folder) -> None:
    _give_code(ada)
    wish = FindFree(service_id=CUT, stylist_id=ANNA, first_day=dt.date(2026, 3, 10), days=1, limit=0)
    assert march(10, 10) in {free.starts_at for free in find_free(ada, wish).times}
    export.add("book.csv", "CEE01,ANNA,CUT,10/03/2026,10:00")
    export.run(ada)
    free = {each.starts_at for each in find_free(ada, wish).times}
    assert free.isdisjoint({march(10, 9, 30), march(10, 10), march(10, 10, 30)})
    assert {march(10, 9, 15), march(10, 10, 45)} <= free
    assert ("Anna", "10:00", "CEE01", "Cut", "c") in entries(ada, dt.date(2026, 3, 10))


def _give_code(desk: Desk) -> None:
    with transaction(desk, uuid4()) as session:
        session.execute(text("UPDATE stylists SET code = 'ANNA' WHERE id = :anna"), {"anna": ANNA})


def test_a_customers_other_visit_at_that_time_stays_beside(ada: Desk, export: Folder) -> None:
    with transaction(ada, uuid4()) as session:
        session.execute(text("UPDATE customers SET code = 'JANE01' WHERE id = :jane"), {"jane": JANE})
    booked(ada, JANE, march(10, 10))
    export.add("book.csv", "JANE01,ZOE,CUT,10/03/2026,10:15")
    export.run(ada)
    assert rows(ada, "SELECT for_guest FROM appointments WHERE customer_id = :jane ORDER BY starts_at", jane=JANE) == [
        (False,), (True,)
    ]  # fmt: skip


def test_who_is_nobody_holds_no_time_and_sells_without_a_name(ada: Desk, export: Folder) -> None:
    export.add(
        "book.csv",
        "AMY01,HOUSE,BUNDLE,04/03/2026,09:00",
        ",ZOE,CUT,04/03/2026,09:00",
        ",ZOE,CUT,04/03/2026,10:00",
    )
    assert fates(export.plan(ada))["book.csv", 5] is Fate.WAITING
    export.run(ada)
    day = dt.date(2026, 3, 4)
    assert entries(ada, day) == [
        ("ZOE", "09:00", "somebody without a name", "Cut", "d"),
        ("ZOE", "10:00", "somebody without a name", "Cut", "d"),
        ("Unassigned", "09:00", "AMY01", "Six cuts", "d"),
    ]
    assert rows(ada, "SELECT count(*) FROM appointments WHERE customer_id IS NULL") == [(2,)]
    assert rows(ada, "SELECT code FROM stylists WHERE code IS NOT NULL ORDER BY 1") == [("MAX",), ("ZOE",)]


@pytest.mark.parametrize(
    ("day", "time", "fate", "why", "shown"),
    [
        ("29/03/2026", "01:30", Fate.SKIPPED, "taken as 02:00", "2026-03-29 02:00:00"),
        ("26/10/2025", "01:30", Fate.REPEATED, "taken as 01:30", "2025-10-26 01:30:00"),
    ],
)
def test_a_time_in_the_clock_change_has_a_fate_of_its_own(
    ada: Desk, export: Folder, day: str, time: str, fate: Fate, why: str, shown: str
) -> None:
    export.add("book.csv", f"CEE01,ZOE,CUT,{day},{time}")
    plan = export.plan(ada)
    assert [(row.fate, row.why) for row in plan.rows if (row.file, row.row) == ("book.csv", 5)] == [(fate, why)]
    export.run(ada)
    local = (
        "SELECT starts_local::text FROM appointments a JOIN customers c ON c.id = a.customer_id WHERE c.code = 'CEE01'"
    )
    assert rows(ada, local) == [(shown,)]
