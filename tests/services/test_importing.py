"""Another system's export comes in whole or not at all, twice without a trace, and to the cent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.money import rounded
from frontdesk.rules.mapping import Kind
from frontdesk.rules.states import Status
from frontdesk.services.availability import FindFree, find_free
from frontdesk.services.checkout import CheckOut, check_out
from frontdesk.services.day import DaySheet, ShowDay, show_day
from frontdesk.services.importing import Fate, ImportPlan, ImportReport, RunImport, reconciling, run_import
from frontdesk.services.importing.answers import Count
from frontdesk.services.importing.reading import map_at
from frontdesk.services.reports import ReportDay, day_report
from frontdesk.services.sign_in import open_desk
from frontdesk.services.ticket_wishes import Pay
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, CUT, JANE, booked, march
from tests.services.exports import Folder, written
from tests.vale_street import token

DAY = dt.date(2026, 3, 3)
TABLES = (
    "services", "service_parts", "products", "taxes", "resources", "stylists", "customers", "customer_tokens",
    "appointments", "appointment_services", "appointment_parts", "time_slots", "appointment_status_history",
    "appointment_cancellations", "sales", "sale_lines", "sale_line_taxes", "payments", "import_batches",
    "imported_rows", "outbox_events", "audit_log",
)  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Folder:
    """The small export, one week before the fixture's Monday."""
    return written(tmp_path)


def rows(desk: Desk, question: str, **given: object) -> list[tuple[object, ...]]:
    """What the tables say to whoever sits here."""
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(text(question), given)]


def counts(desk: Desk) -> dict[str, object]:
    """How many rows there are of everything."""
    return {table: rows(desk, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def fates(answer: ImportPlan) -> dict[tuple[str, int], Fate]:
    """By file and row."""
    return {(row.file, row.row): row.fate for row in answer.rows}


def sheet(desk: Desk, day: dt.date = DAY) -> DaySheet:
    """The book of a day."""
    return show_day(desk, ShowDay(day=day))


def entries(desk: Desk, day: dt.date = DAY) -> list[tuple[str, str, str, str, str]]:
    """Column, time, customer, service and marks of a day's book."""
    return [
        (column.name, f"{entry.starts_at:%H:%M}", entry.customer, entry.service, entry.marks.rstrip("*"))
        for column in sheet(desk, day).columns
        for entry in column.entries
    ]


def test_the_book_and_the_till_come_in(ada: Desk, export: Folder) -> None:
    report = export.run(ada)
    assert (report.rows_read, report.rows_added, report.differences) == (10, 9, ())
    assert entries(ada) == [
        ("MAX", "10:45", "AMY01", "Fringe trim", "d$"),
        ("ZOE", "10:00", "AMY01", "Cut", "d$"),
        ("ZOE", "11:00", "BEA01", "Cut", "d"),
    ]
    taken = "SELECT imported_number, number, day, closed_at, subtotal, tax, total FROM sales ORDER BY 1"
    assert rows(ada, taken) == [
        ("7", None, DAY, None, Decimal("60.50"), Decimal("3.03"), Decimal("63.53")),
        ("8", None, DAY, None, Decimal("39.00"), Decimal("1.95"), Decimal("40.95")),
    ]
    assert rows(ada, "SELECT DISTINCT method FROM payments") == [("imported",)]
    assert rows(ada, "SELECT count(*) FROM commissions") == [(0,)]


def test_one_clients_rows_of_a_day_are_one_visit(ada: Desk, export: Folder) -> None:
    export.run(ada)
    visits = rows(ada, "SELECT to_char(starts_local, 'HH24:MI'), extract(epoch FROM ends_at - starts_at) / 60, status"
                       " FROM appointments ORDER BY starts_at")  # fmt: skip
    assert visits == [("10:00", 60, "completed"), ("11:00", 45, "completed")]


def test_the_day_report_has_every_stylists_cents(ada: Desk, export: Folder) -> None:
    export.run(ada)
    by_code = {one.code: one for one in day_report(ada, ReportDay(day=DAY)).stylists}
    assert (by_code["ZOE"].services, by_code["ZOE"].taxes) == (Decimal("48.50"), {"GST": Decimal("2.43")})
    assert (by_code[None].products, by_code[None].taxes) == (Decimal("39.00"), {"GST": Decimal("1.95")})


def test_imported_numbers_leave_the_shops_own_series_alone(ada: Desk, export: Folder) -> None:
    export.run(ada)
    visit = booked(ada, JANE, march(10, 10))
    paid = check_out(ada, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(Pay(method="cash"),)))
    assert paid.number == 1


def test_a_code_finds_the_customer(ada: Desk, export: Folder) -> None:
    export.run(ada)
    found = "SELECT c.code FROM customer_tokens t JOIN customers c ON c.id = t.customer_id WHERE t.token = 'amy01'"
    assert rows(ada, found) == [("AMY01",)]
    assert rows(ada, "SELECT code FROM customers WHERE code IS NOT NULL ORDER BY 1") == [("AMY01",), ("BEA01",)]


def test_the_dry_run_tells_every_rows_fate_and_changes_nothing(ada: Desk, export: Folder) -> None:
    before = counts(ada)
    plan = export.plan(ada)
    assert counts(ada) == before
    assert len(plan.rows) == 10
    assert fates(plan)["services.csv", 2] is Fate.HERE  # the cut that Vale Street has
    assert fates(plan)["book.csv", 3] is Fate.JOINED
    assert export.run(ada).counts == plan.counts


def test_importing_twice_adds_nothing(ada: Desk, export: Folder) -> None:
    export.add("missed.csv", "BEA01,ZOE,CUT,03/03/2026", "EVA01,ZOE,CUT,03/03/2026")
    export.add("cancelled.csv", "DEE01,ZOE,CUT,03/03/2026,01/03/2026,MAX")
    export.run(ada)
    before = counts(ada)
    again = export.run(ada)
    assert counts(ada) == before
    assert (again.batch_id, again.rows_added, again.differences) == (None, 0, ())
    assert {count.fate for count in again.counts} == {Fate.HERE}


def test_a_repeated_request_gets_the_first_answer(ada: Desk, export: Folder) -> None:
    wish = RunImport(folder=export.path, map_file=export.map_file)
    first = run_import(ada, wish)
    assert run_import(ada, wish) == first


def test_a_later_export_adds_only_what_is_new(ada: Desk, export: Folder) -> None:
    export.run(ada)
    export.add("book.csv", "AMY01,ZOE,TRIM,03/03/2026,14:00", "CEE01,ZOE,CUT,04/03/2026,09:00")
    export.add("till.csv", "9,03/03/2026,Fringe trim,AMY01,ZOE,1,10,0.5")
    report = export.run(ada)
    assert report.rows_added == 3
    assert Count(Kind.BOOKING, Fate.JOINED, 1) in report.counts
    assert rows(ada, "SELECT count(*), max(extract(epoch FROM ends_at - starts_at) / 60) FROM appointments") == [
        (3, 255)
    ]
    assert ("ZOE", "14:00", "AMY01", "Fringe trim", "d$") in entries(ada)


def test_identical_rows_are_as_many_as_there_are(ada: Desk, export: Folder) -> None:
    export.add("till.csv", *["9,03/03/2026,Argan oil,BEA01,ZOE,1,19.5,0.975"] * 2)
    export.run(ada)
    assert rows(ada, "SELECT subtotal, tax FROM sales WHERE imported_number = '9'") == [(39, Decimal("1.96"))]
    assert export.run(ada).rows_added == 0


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


def test_negative_lines_are_lines(ada: Desk, export: Folder) -> None:
    export.add(
        "till.csv",
        "9,03/03/2026,Six cuts,BEA01,HOUSE,1,240,12",
        "9,03/03/2026,Cut,BEA01,ZOE,1,50,2.5",
        "9,03/03/2026,Cut,BEA01,HOUSE,1,-50.5,-2.525",
    )
    export.run(ada)
    lines = (
        "SELECT kind, unit_price, l.tax, l.total FROM sale_lines l JOIN sales s ON s.id = sale_id"
        " WHERE imported_number = '9' ORDER BY position"
    )
    assert rows(ada, lines) == [
        ("bundle", 240, 12, 252),
        ("service", 50, Decimal("2.5"), Decimal("52.5")),
        ("bundle", Decimal("-50.5"), Decimal("-2.53"), Decimal("-53.03")),
    ]
    house = next(one for one in day_report(ada, ReportDay(day=DAY)).stylists if one.stylist_id is None)
    assert (house.other, house.products) == (Decimal("189.50"), Decimal("39.00"))


def test_a_receipt_may_pay_for_several_people(ada: Desk, export: Folder) -> None:
    export.add("till.csv", "9,03/03/2026,Cut,BEA01,ZOE,1,50,2.5", "9,03/03/2026,Argan oil,CEE01,ZOE,1,19.5,0.975")
    export.run(ada)
    who = (
        "SELECT p.code, c.code FROM sales s JOIN sale_lines l ON l.sale_id = s.id"
        " JOIN customers p ON p.id = s.customer_id JOIN customers c ON c.id = l.customer_id"
        " WHERE imported_number = '9' ORDER BY position"
    )
    assert rows(ada, who) == [("BEA01", "BEA01"), ("BEA01", "CEE01")]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("book.csv", "BEA01,ZOE,CUT,03/03/2026", "BEA01,ZOE,CUT,31/02/2026",
         'book.csv, row 4, column Date: "31/02/2026" is not a day like 23/11/2018. Nothing was imported.'),
        ("book.csv", "ZOE,CUT", "ZOE,KUT",
         "book.csv, row 2, column Service: there is no service KUT, neither in the export nor in the catalogue."
         " 1 more like it: a dry run lists them. Nothing was imported."),
        ("till.csv", "48.5,", "48.5.0,",
         'till.csv, row 2, column Amount: "48.5.0" is not a number like 1234.50. Nothing was imported.'),
        ("till.csv", "7,03/03/2026,Fringe", "7,04/03/2026,Fringe",
         "till.csv, row 2, column Date: receipt 7 has more than one day. 1 more like it: a dry run lists them."),
        ("till.csv", "GST", "HST", 'till.csv, row 1 has no column "GST". It has No, Date, What, Client, Staff, Qty,'),
        ("till.csv", "Cut,AMY01", 'Cut,"AMY01', "till.csv, row 2: a quotation mark opens a cell and is not closed"),
        ("till.csv", "Cut,AMY01,", "Cut,", "till.csv, row 2: there are 7 cells, but 8 headings. Nothing was imported."),
        ("old.toml", "TRIM = 15\n", "",
         'book.csv, row 3, column Service: the map has no minutes for it. Write "TRIM" = 30 under [minutes].'),
        ("old.toml", "book.csv", "diary.csv", "diary.csv can't be read: No such file or directory."),
        ("old.toml", "[staff]", 'currency = "CAD"\n[staff]',
         "The map says that amounts are CAD, and Vale Street keeps GBP. Import into the right shop, or change"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_named_and_changes_nothing(
    ada: Desk, export: Folder, file: str, old: str, new: str, sentence: str
) -> None:
    before = counts(ada)
    export.edit(file, old, new)
    assert sentence in export.refusal(ada)
    assert counts(ada) == before


def test_the_dry_run_names_every_fault(ada: Desk, export: Folder) -> None:
    export.add("book.csv", "A,ZOE,KUT,03/03/2026,10:00", "A,ZOE,CUT,3 March,10:00", "A,ZOE,CUT,03/03/2026")
    plan = export.plan(ada)
    refused = [(row.row, row.why) for row in plan.rows if row.fate is Fate.REFUSED]
    assert refused == [
        (5, "Service: there is no service KUT, neither in the export nor in the catalogue."),
        (6, 'Date: "3 March" is not a day like 23/11/2018.'),
        (7, "there are 4 cells, but 5 headings."),
    ]


def test_a_folder_that_is_not_there_is_said(ada: Desk, export: Folder) -> None:
    missing = RunImport(folder=export.path / "nowhere", map_file=export.map_file)
    with pytest.raises(errors.BadInput, match="There is no folder"):
        run_import(ada, missing)


def test_only_an_admin_imports(ria: Desk, mo: Desk, export: Folder) -> None:
    for desk in (ria, mo):
        with pytest.raises(errors.NotAllowed):
            export.run(desk)
        with pytest.raises(errors.NotAllowed):
            export.plan(desk)


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", "utf-8"), ("cp1252", "cp1252")])
def test_what_windows_writes_is_read(ada: Desk, export: Folder, encoding: str, said: str) -> None:
    till = export.path / "till.csv"
    export.edit("till.csv", "Argan oil", "Huile d’été")
    till.write_bytes(till.read_text(encoding="utf-8").encode(encoding))
    export.edit("old.toml", "[staff]", f'encoding = "{said}"\n[staff]')
    export.run(ada)
    assert ("other", "Huile d’été") in rows(ada, "SELECT kind, name FROM sale_lines")


def test_the_wrong_encoding_is_named_by_row(ada: Desk, export: Folder) -> None:
    (export.path / "products.csv").write_bytes(b"Code,Name,Price\nOIL,Argan oil,5\nSHA,Cr\xe8me,5\n")
    assert export.refusal(ada).startswith("products.csv, row 3 holds a letter that is not utf-8.")


def test_names_that_want_to_be_more_are_only_names(ada: Desk, export: Folder) -> None:
    export.edit("services.csv", "Fringe trim", "[/b] \x1b[31mTrim\u202e")
    export.edit("till.csv", "Fringe trim", "[/b] \x1b[31mTrim\u202e")
    export.edit("products.csv", "Argan oil", "'; DROP TABLE sales; --")
    export.edit("till.csv", "Argan oil", "'; DROP TABLE sales; --")
    export.edit("book.csv", "BEA01", '"=1+1|{x}\u2066\n%s"')
    export.run(ada)
    assert ("MAX", "10:45", "AMY01", "[/b] [31mTrim", "d$") in entries(ada)
    assert ("ZOE", "11:00", "=1+1|{x} %s", "Cut", "d") in entries(ada)
    assert ("product", "'; DROP TABLE sales; --") in rows(ada, "SELECT kind, name FROM sale_lines")
    assert export.run(ada).rows_added == 0


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


def test_people_with_names_come_with_them(ada: Desk, export: Folder) -> None:
    export.edit("old.toml", "[customers]", '[customers]\nfile = "people.csv"\ncode = "Code"\nfirst_name = "First"\n'
                'last_name = "Last"\nphone = "Phone"\nemail = "Mail"')  # fmt: skip
    (export.path / "people.csv").write_text(
        "Code,First,Last,Phone,Mail\nAMY01,Amy,Ås,07700 900456,amy@example.org\nBEA01,Bea,,call mum,no mail\n",
        encoding="utf-8",
    )
    export.run(ada)
    people = "SELECT first_name, last_name, phone, email, notes FROM customers WHERE code IS NOT NULL ORDER BY code"
    assert rows(ada, people) == [
        ("Amy", "Ås", "+447700900456", "amy@example.org", ""),
        ("Bea", "", None, None, "Telephone in the old system: call mum\nE-mail in the old system: no mail"),
    ]
    assert ("as",) in rows(ada, "SELECT token FROM customer_tokens WHERE kind = 'last'")


def test_a_closed_receipt_is_not_edited_and_the_difference_is_explained(ada: Desk, export: Folder) -> None:
    export.run(ada)
    export.edit("till.csv", "AMY01,ZOE,1,48.5,2.425", "AMY01,ZOE,1,48.51,2.4255")
    assert fates(export.plan(ada))["till.csv", 2] is Fate.CHANGED
    report = export.run(ada)
    (difference,) = report.differences
    assert (difference.day, difference.staff, difference.what) == (DAY, "ZOE", "amount")
    assert (difference.in_file, difference.in_book) == (Decimal("48.51"), Decimal("48.50"))
    assert difference.explanation.startswith("Receipt 7 was imported before and reads otherwise in this file")


def test_a_cent_that_nobody_can_explain_would_undo_the_import(ada: Desk, export: Folder) -> None:
    export.run(ada)
    mapping = map_at(export.map_file)
    till = (export.path / "till.csv").read_text(encoding="utf-8")
    with transaction(ada) as session:
        book = reconciling.sums_of_book(session, ada.shop.id, ["7", "8"])
    honest = reconciling.compare(reconciling.sums_of_file(till, mapping, "GBP"), book, frozenset())
    assert (honest.sums, honest.differences) == (6, ())
    altered = reconciling.sums_of_file(till.replace(",39,", ",39.01,"), mapping, "GBP")
    (difference,) = reconciling.compare(altered, book, frozenset()).differences
    assert (difference.what, difference.in_file - difference.in_book) == ("amount", Decimal("0.01"))
    with pytest.raises(reconciling.DoesNotAddUp, match=r"The book would have 39\.00 as amount of nobody on 2026-03-03"):
        reconciling.refuse_unexplained(reconciling.compare(altered, book, frozenset()))


def test_an_import_that_does_not_add_up_leaves_nothing(
    server: Handle, committed: str, clock: SetClock, export: Folder
) -> None:
    with psycopg.connect(server.conninfo(committed)) as connection:
        connection.execute(
            "CREATE FUNCTION add_a_cent() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.amount := NEW.amount + 0.01; RETURN NEW; END';"
            "CREATE TRIGGER add_a_cent BEFORE INSERT ON sale_line_taxes FOR EACH ROW EXECUTE FUNCTION add_a_cent()"
        )
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    ada = open_desk(lambda: Session(engine), token("ada"), clock)
    before = counts(ada)
    with pytest.raises(reconciling.DoesNotAddUp, match=r"1\.96 as GST of nobody on 2026-03-03, the file has 1\.95"):
        export.run(ada)
    assert counts(ada) == before


def test_both_ways_of_rounding_agree_with_one_another() -> None:
    for thousandths in range(-2000, 2000):
        amount = Decimal(thousandths) / 1000
        units = reconciling._half_up(Fraction(amount) * 100)
        assert Decimal(units) / 100 == rounded(amount, "GBP")


def test_a_receipt_that_rounds_otherwise_as_a_whole_is_listed(ada: Desk, export: Folder) -> None:
    export.add("till.csv", *(f"9,03/03/2026,Cut,BEA0{n},ZOE,1,{amount},{tax}" for n, amount, tax in (
        (1, "10.1", "0.505"), (2, "10.3", "0.515"))))  # fmt: skip
    (rounding,) = export.run(ada).roundings
    assert (rounding.receipt, rounding.tax) == ("9", "GST")
    assert (rounding.by_line, rounding.by_receipt) == (Decimal("1.03"), Decimal("1.02"))


def test_what_is_odd_is_noted(ada: Desk, export: Folder) -> None:
    export.add("till.csv", "20,03/03/2026,Cut,BEA01,ZOE,1,50,9")
    notes = export.run(ada).notes
    assert "11 receipt numbers between 7 and 20 are not in the export." in notes
    assert "GST is not 5 % of the amount in row 5. The file's is kept." in notes
    assert "New stylists without hours: MAX, ZOE. Nobody can book them until they have shifts." in notes


def test_the_history_knows_who_imported(ada: Desk, export: Folder) -> None:
    export.run(ada)
    who = Counter(rows(ada, "SELECT who, table_name FROM audit_log WHERE request_id IS NOT NULL"))
    assert who["Ada", "appointments"] == 2
    assert who["Ada", "sale_lines"] == 3


def test_counts_add_up(ada: Desk, export: Folder) -> None:
    report: ImportReport = export.run(ada)
    of_rows = [count for count in report.counts if count.kind not in (Kind.STAFF, Kind.CUSTOMER)]
    assert sum(count.rows for count in of_rows) == report.rows_read
    assert Count(Kind.CUSTOMER, Fate.NEW, 2) in report.counts
