"""A real salon's eleven weeks come in: its book, its till and its people, held against its own files to the cent.

The files are not part of the project; without them beside the checkout these tests are skipped, and say so.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import NullPool, text
from sqlmodel import Session

from frontdesk.clock import SetClock, local
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.mapping import Kind
from frontdesk.rules.states import Status
from frontdesk.services.importing import Fate, ImportPlan, ImportReport, PlanImport, RunImport, plan_import, run_import
from frontdesk.services.packages.packages import ShowCustomerPackages, customer_packages
from frontdesk.services.people.sign_in import open_desk, sign_in
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.reports.journal import ExportJournal, VerifyJournal, export_journal, verify_journal
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.shop.setup import FoundBusiness, found_business
from frontdesk.services.stock.stock import ShowLevels, levels

REPOSITORY = Path(__file__).parents[3]
SALON = REPOSITORY / ".." / "shared" / "data" / "real-salon"
MAP = REPOSITORY / "tests" / "maps" / "real-salon.toml"
DATABASE = f"real_salon_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
SATURDAY = dt.date(2018, 5, 12)

MISSING = "THE REAL SALON IS NOT HERE: nothing of ../shared/data/real-salon was imported or checked"


@dataclass(frozen=True)
class Salon:
    """A fresh Toronto shop after the import."""

    desk: Desk
    plan: ImportPlan
    report: ImportReport

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """What the tables say."""
        with transaction(self.desk) as session:
            return [tuple(row) for row in session.execute(text(question))]

    def counts(self) -> dict[tuple[Kind, Fate], int]:
        """Rows by kind and fate."""
        return {(count.kind, count.fate): count.rows for count in self.report.counts}


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> None:
    """The salon's files, or a skip that is seen: pytest's own is a single letter."""
    if SALON.is_dir():
        return
    screen = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    if screen is not None and capture is not None:  # a worker of pytest-xdist has no screen
        with capture.global_and_fixture_disabled():
            screen.write_line(f"\n{MISSING}", yellow=True, bold=True)
    pytest.skip(MISSING)


@pytest.fixture(scope="module")
def salon(files: None, request: pytest.FixtureRequest) -> Iterator[Salon]:
    """Imported once, committed, and looked at from all sides."""
    server: Handle = request.getfixturevalue("server")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    migrations.migrate(server.conninfo(DATABASE))
    owner = open_engine(server.conninfo(DATABASE), poolclass=NullPool)
    engine = open_engine(server.conninfo(DATABASE, user=f"{DATABASE}_desk"))
    business = FoundBusiness(
        name="King Street", code="king", shop="King Street", timezone="America/Toronto", currency="CAD",
        locale="en_CA", country="CA", admin_login="kit", admin_name="Kit", admin_password="a long password",
    )  # fmt: skip
    found_business(lambda: Session(owner), business)
    token = sign_in(lambda: Session(engine), login="kit@king", secret="a long password")
    desk = open_desk(lambda: Session(engine), token, SetClock(dt.datetime(2026, 3, 9, 14, 0, tzinfo=dt.UTC)))
    plan = plan_import(desk, PlanImport(folder=SALON, map_file=MAP))
    yield Salon(desk, plan, run_import(desk, RunImport(folder=SALON, map_file=MAP)))
    engine.dispose()


def rows(file: str) -> list[dict[str, str]]:
    """A file of the salon, read as plainly as can be."""
    with (SALON / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def day_of(written: str) -> dt.date:
    """03/14/2018."""
    month, day, year = map(int, written.split("/"))
    return dt.date(year, month, day)


def cents(written: str) -> Decimal:
    """Rounded half up on its own."""
    return Decimal(written).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_every_row_has_a_fate_and_none_is_refused(salon: Salon) -> None:
    assert salon.counts() == {
        (Kind.SERVICE, Fate.NEW): 33,
        (Kind.PRODUCT, Fate.NEW): 101,
        (Kind.STAFF, Fate.NEW): 5,
        (Kind.CUSTOMER, Fate.NEW): 507,
        (Kind.BOOKING, Fate.NEW): 698,
        (Kind.BOOKING, Fate.JOINED): 94,
        (Kind.BOOKING, Fate.OVERBOOKED): 10,
        (Kind.BOOKING, Fate.WAITING): 12,
        (Kind.NO_SHOW, Fate.MARKED): 27,
        (Kind.CANCELLATION, Fate.HISTORY): 79,
        (Kind.RECEIPT, Fate.NEW): 927,
    }
    assert salon.report.counts == salon.plan.counts
    told = {(row.file, row.row) for row in salon.plan.rows}
    files = ("services.csv", "products.csv", "bookings.csv", "no-shows.csv", "cancellations.csv", "receipts.csv")
    assert told == {(file, place) for file in files for place in range(2, len(rows(file)) + 2)}


def test_staff_are_people_and_customers_have_codes(salon: Salon) -> None:
    assert salon.ask("SELECT code FROM stylists ORDER BY 1") == [
        ("BECKY",), ("JJ",), ("JOANNE",), ("KELLY",), ("SINEAD",),
    ]  # fmt: skip
    mentioned = {row["Code"] for file in ("bookings.csv", "no-shows.csv", "cancellations.csv") for row in rows(file)}
    mentioned |= {row["Client"] for row in rows("receipts.csv")}
    assert {code for (code,) in salon.ask("SELECT code FROM customers")} == mentioned - {"", "WALK_IN"}


def test_bookings_are_visits_of_one_client_and_day(salon: Salon) -> None:
    visits = {(row["Code"], row["Date"]) for row in rows("bookings.csv")}
    assert salon.ask("SELECT count(*) FROM appointments") == [(len(visits),)]
    assert salon.ask("SELECT count(*) FROM appointment_services") == [(len(rows("bookings.csv")),)]


def test_that_saturdays_book_is_shown(salon: Salon) -> None:
    sheet = show_day(salon.desk, ShowDay(day=SATURDAY))
    shown = Counter(
        ("HOUSE" if column.stylist_id is None else column.name, entry.customer,
         f"{local(entry.starts_at, 'America/Toronto'):%H:%M}")
        for column in sheet.columns for entry in column.entries
    )  # fmt: skip
    missed = {(row["Code"], row["Service"]) for row in rows("no-shows.csv") if day_of(row["Date"]) == SATURDAY}
    booked = [row for row in rows("bookings.csv") if day_of(row["Date"]) == SATURDAY]
    expected = Counter(
        (row["Staff"], row["Code"], f"{int(row['TimeInt']) // 60:02}:{int(row['TimeInt']) % 60:02}")
        for row in booked
        if (row["Code"], row["Service"]) not in missed
    )
    assert len(booked) == 22
    assert shown == expected
    assert [entry.customer for entry in sheet.left] == [code for code, _ in sorted(missed)]


def test_no_shows_are_marked_and_hold_no_time(salon: Salon) -> None:
    marked = salon.ask(
        "SELECT coalesce(c.code, ''), to_char(a.starts_local, 'MM/DD/YYYY'), v.code FROM appointment_services l"
        " JOIN appointments a ON a.id = l.appointment_id JOIN services v ON v.id = l.service_id"
        " LEFT JOIN customers c ON c.id = a.customer_id WHERE l.status = 'no_show'"
    )
    assert Counter(marked) == Counter((row["Code"], row["Date"], row["Service"]) for row in rows("no-shows.csv"))
    holding = (
        "SELECT count(*) FROM time_slots t JOIN appointment_parts p ON p.id = t.part_id"
        " JOIN appointment_services l ON l.id = p.appointment_service_id WHERE l.status = 'no_show'"
    )
    assert salon.ask(holding) == [(0,)]


def test_cancellations_are_history_without_a_time(salon: Salon) -> None:
    kept = "SELECT count(*), count(appointment_id), count(cancelled_at) FROM appointment_cancellations"
    assert salon.ask(kept) == [(79, 8, 0)]
    stand = "SELECT DISTINCT a.status FROM appointment_cancellations c JOIN appointments a ON a.id = c.appointment_id"
    assert salon.ask(stand) == [("completed",)]


def test_what_overlaps_is_listed_and_kept_without_a_piece(salon: Salon) -> None:
    assert len(salon.report.overlaps) == 10
    overbooked = (
        "SELECT count(*), count(t.id) FROM appointment_services l"
        " JOIN appointment_parts p ON p.appointment_service_id = l.id LEFT JOIN time_slots t ON t.part_id = p.id"
        " WHERE l.overbooked AND l.overbook_reason = 'imported overlap'"
    )
    assert salon.ask(overbooked) == [(10, 0)]
    assert salon.ask("SELECT count(*) FROM time_slots WHERE status = 'booked'") == [(814 - 10 - 26 - 12,)]


def test_receipts_are_closed_sales_outside_the_series(salon: Salon) -> None:
    numbers = {row["Receipt"] for row in rows("receipts.csv")}
    sold = salon.ask("SELECT imported_number, number, status FROM sales")
    assert {number for number, _, _ in sold} == numbers
    assert {(own, status) for _, own, status in sold} == {(None, "closed")}
    assert salon.ask("SELECT count(*) FROM commissions") == [(0,)]
    assert "155 receipt numbers between 8 and 852 are not in the export." in salon.report.notes


def test_negative_lines_are_lines(salon: Salon) -> None:
    negative = [row for row in rows("receipts.csv") if Decimal(row["Amount"]) < 0]
    total = sum(cents(row["Amount"]) + cents(row["GST"]) + cents(row["PST"]) for row in negative)
    kept = salon.ask("SELECT count(*), sum(total) FROM sale_lines WHERE taxable < 0 AND kind = 'bundle'")
    assert kept == [(37, total)]


def test_bundles_are_packages_and_what_takes_them_back_uses_their_sessions(salon: Salon) -> None:
    receipts = rows("receipts.csv")
    sold = [row for row in receipts if row["Description"] == "Blow dry bundle 5+1"]
    used = Counter(row["Client"] for row in receipts if Decimal(row["Amount"]) < 0)
    entries = (
        "SELECT e.kind, count(*), CAST(sum(e.sessions) AS integer), sum(e.value) FROM package_entries e GROUP BY e.kind"
    )
    assert {kind: tuple(rest) for kind, *rest in salon.ask(entries)} == {
        "sold": (len(sold), 6 * len(sold), 0), "used": (37, -37, 0), "opened": (2, 2, 0),
    }  # fmt: skip
    left = salon.ask(
        "SELECT c.code, CAST(sum(e.sessions) AS integer) FROM package_entries e JOIN package_lots t ON t.id = e.lot_id"
        " JOIN customer_packages p ON p.id = t.customer_package_id JOIN customers c ON c.id = p.customer_id GROUP BY 1"
    )
    bought = Counter(row["Client"] for row in sold)
    expected = {who: max(0, 6 * bought[who] - used[who]) for who in bought.keys() | used.keys()}
    assert sorted(left) == sorted(expected.items())
    earlier = (
        "SELECT c.code FROM customer_packages p JOIN customers c ON c.id = p.customer_id WHERE p.sale_line_id IS NULL"
    )
    assert {code for (code,) in salon.ask(earlier)} == used.keys() - bought.keys() == {"SCHH01", "WOOJ01"}
    words = (
        "Bundles sold that become packages: 12. Sessions taken back: 37, of them 2 of what was sold before the export"
    )
    assert any(note.startswith(words) for note in salon.plan.notes)


def test_what_is_left_of_a_bundle_is_shown_with_the_customer(salon: Salon) -> None:
    found = salon.ask(
        "SELECT p.customer_id, p.id FROM customer_packages p JOIN customers c ON c.id = p.customer_id"
        " WHERE c.code = 'JASA01'"
    )
    ((customer, package),) = found
    (shown,) = customer_packages(salon.desk, ShowCustomerPackages(customer_id=int(str(customer)))).packages
    assert (shown.id, [one.sessions for one in shown.sessions]) == (package, [6])


def test_what_is_on_hand_is_the_files_and_what_was_sold_came_off_it(salon: Salon) -> None:
    there = {one.code: one for one in levels(salon.desk, ShowLevels()).levels}
    file = {row["Code"]: int(row["On Hand"]) for row in rows("products.csv")}
    assert {code: one.quantity for code, one in there.items()} == {
        code: many for code, many in file.items() if code in there
    }
    assert {code for code, many in file.items() if many} <= there.keys()
    assert sum(one.quantity < 0 for one in there.values()) == 3
    lines = "SELECT CAST(sum(quantity) AS integer) FROM sale_lines WHERE kind = 'product'"
    moved = "SELECT CAST(-sum(quantity) AS integer) FROM stock_moves WHERE kind = 'sold'"
    assert salon.ask(moved) == salon.ask(lines) != [(None,)]
    days = (
        "SELECT count(*) FROM stock_moves m JOIN sale_lines l ON l.id = m.sale_line_id JOIN sales s ON s.id = l.sale_id"
    )
    assert salon.ask(f"{days} WHERE m.day <> s.day") == [(0,)]


def test_the_journal_of_those_months_is_the_files_to_the_cent(salon: Salon) -> None:
    expected: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows("receipts.csv"):
        month, line = f"{day_of(row['Date']):%Y-%m}", [cents(row[column]) for column in ("Amount", "GST", "PST")]
        for account, amount in zip(("sold", "tax: GST", "tax: PST"), line, strict=True):
            expected[month][account] -= amount
        expected[month]["imported"] += sum(line)
    first, last = dt.date(2018, 3, 1), dt.date(2018, 5, 31)
    posted: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in export_journal(salon.desk, ExportJournal(first=first, last=last)).postings:
        account = "sold" if one.account in ("services", "products", "other") else one.account
        posted[f"{one.day:%Y-%m}"][account] += one.debit - one.credit
    assert posted == expected
    assert {sum(accounts.values()) for accounts in posted.values()} == {0}
    assert len(posted) == 3
    assert verify_journal(salon.desk, VerifyJournal()).wrong == ()


def test_nearly_every_served_booking_is_paid_by_its_receipt(salon: Salon) -> None:
    unpaid = (
        "SELECT l.status, count(*) FROM appointment_services l"
        " WHERE NOT EXISTS (SELECT FROM sale_lines s WHERE s.appointment_service_id = l.id) GROUP BY l.status"
    )
    assert salon.ask(unpaid) == [(Status.NO_SHOW.value, 26)]


def test_every_day_and_member_of_staff_is_the_files_sum_to_the_cent(salon: Salon) -> None:
    expected: dict[tuple[dt.date, str | None], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in rows("receipts.csv"):
        place = day_of(row["Date"]), row["Staff"] if row["Staff"] != "HOUSE" else None
        line = [cents(row[column]) for column in ("Amount", "GST", "PST")]
        expected[place] = [total + part for total, part in zip(expected[place], line, strict=True)]
    reported = {}
    for day in sorted({day for day, _ in expected}):
        for one in day_report(salon.desk, ReportDay(day=day)).stylists:
            reported[day, one.code] = [one.services + one.products + one.other, one.taxes["GST"], one.taxes["PST"]]
    assert reported == expected
    assert len(reported) == 195


def test_the_imports_own_comparison_finds_no_difference(salon: Salon) -> None:
    assert salon.report.sums_compared == 3 * 195
    assert salon.report.differences == ()


def test_the_receipts_that_round_otherwise_as_a_whole_are_listed(salon: Salon) -> None:
    assert {rounding.receipt for rounding in salon.report.roundings} == {
        "75", "309", "347", "473", "621", "470", "690", "740", "753", "754", "782", "823",
    }  # fmt: skip
    assert {abs(each.by_line - each.by_receipt) for each in salon.report.roundings} == {Decimal("0.01")}


def test_the_doctor_finds_nothing_wrong(salon: Salon) -> None:
    assert examine_data(salon.desk, ExamineData()).findings == ()


def test_importing_again_adds_nothing(salon: Salon) -> None:
    tables = "SELECT (SELECT count(*) FROM audit_log), (SELECT count(*) FROM imported_rows)"
    before = salon.ask(tables)
    again = run_import(salon.desk, RunImport(folder=SALON, map_file=MAP))
    assert (again.batch_id, again.rows_read, again.rows_added, again.differences) == (None, 1981, 0, ())
    assert salon.ask(tables) == before
