"""Another system's export comes in whole or not at all, and twice without a trace."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.rules.mapping import Kind
from frontdesk.services.importing import Fate, ImportReport, RunImport, run_import
from frontdesk.services.importing.answers import Count
from tests.services.importing.exports import Folder
from tests.services.importing.imported import DAY, counts, entries, fates, rows


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


def test_a_code_finds_the_customer(ada: Desk, export: Folder) -> None:
    export.run(ada)
    found = "SELECT c.code FROM customer_tokens t JOIN customers c ON c.id = t.customer_id WHERE t.token = 'amy01'"
    assert rows(ada, found) == [("AMY01",)]
    assert rows(ada, "SELECT code FROM customers WHERE code IS NOT NULL ORDER BY 1") == [("AMY01",), ("BEA01",)]


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


def test_only_an_admin_imports(ria: Desk, mo: Desk, export: Folder) -> None:
    for desk in (ria, mo):
        with pytest.raises(errors.NotAllowed):
            export.run(desk)
        with pytest.raises(errors.NotAllowed):
            export.plan(desk)


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
