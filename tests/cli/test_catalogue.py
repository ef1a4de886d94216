"""service, product, tax, stylist: the menu, the shelf and who serves."""

from __future__ import annotations

import datetime as dt

import click
import pytest

from frontdesk.cli.week import week_said, week_written
from tests.cli.conftest import Run


def test_a_service_of_one_piece_and_one_of_several_can_be_booked(run: Run) -> None:
    assert run("service", "add", "Perm", "--price", "80", "--minutes", "90", "--category", "Style").code == 3
    added = run("service", "add", "Perm", "--price", "80", "--minutes", "90", "--category", "Style", who="mo")
    assert "PERM  Perm" in added.out
    parts = ("--part", "active:30", "--part", "processing:45", "--part", "finish:30", "--json")
    gloss = run("service", "add", "High", "gloss", "--code", "HG", "--price", "95.50", *parts, who="mo").json
    assert [(part["minutes"], part["holds"]) for part in gloss["parts"]] == [(30, ["lead"]), (45, []), (30, ["lead"])]
    assert "High gloss" in run("service", "list").out
    assert run("book", "jane perm tue 10am anna").code == 0


def test_addons_bundles_classes_and_levels_stand_on_the_menu(run: Run) -> None:
    run("service", "addon", "colour", "Gloss", "--price", "12", "--minutes", "15", "--ask", who="mo")
    assert "Colour   Gloss   GLOSS   15m  12.00  asks" in run("service", "addons", "colour").out
    assert run("service", "addon", "colour", "gloss", "--off", who="mo").code == 0
    assert "Nothing is added" in run("service", "addons").err
    assert "bundle" in run("service", "bundle", "New look", "colour", "cut", "--price", "150", who="mo").out
    assert "class of 6" in run(
        "service", "class", "Braids", "--seats", "6", "--minutes", "60", "--price", "25", who="mo"
    ).out  # fmt: skip
    refused = run("service", "class", "Plaits", "--seats", "0", "--minutes", "60", "--price", "25", who="mo")
    assert (refused.code, "between 1 and 500 seats" in refused.err) == (3, True)
    assert "senior  60.00" in run("service", "level", "cut", "senior", "--price", "60", who="mo").out
    assert "45m 60.00" in run("stylist", "level", "anna", "senior", who="mo").out
    assert "40m 66.00, their own price and length" in run(
        "stylist", "terms", "anna", "cut", "--price", "66", "--minutes", "40", who="mo"
    ).out  # fmt: skip


def test_products_are_sold_by_any_name(run: Run) -> None:
    run("product", "add", "Wax", "--price", "9.90", "--barcode", "4006381333931", who="mo")
    assert "4006381333931   9.90" in run("product", "list").out
    for name in ("wax", "WAX", "4006381333931", "wa"):
        assert run("checkout", "--product", name, "--pay", "cash", "--json").json["total"] == "9.90"
    assert run("checkout", "--product", "brush", "--pay", "cash").err.startswith(
        "There is no product brush. On the shelf"
    )


def test_a_tax_has_days(run: Run) -> None:
    run("tax", "add", "VAT", "21%", "--from", "1/6", who="mo")
    rows = [line.split() for line in run("tax", "list").out.splitlines()]
    assert ["VAT", "20", "%", "inside", "services", "and", "products", "before", "2026-06-01"] in rows
    assert ["VAT", "21", "%", "inside", "services", "and", "products", "2026-06-01"] in rows


def test_a_stylist_is_added_with_a_week_and_can_be_booked(run: Run) -> None:
    added = run("stylist", "add", "Cleo", "--week", "mon-fri 10-18", "--week", "sat 9-13", "--does", "cut", who="mo")
    assert added.code == 0, added.err
    assert "Cleo     Mon–Fri 10:00–18:00; Sat" in added.out
    assert run("book", "jane cut sat 9am cleo").code == 0
    assert run("book", "kim colour tue 10am cleo").code == 3


def test_changes_of_hours_name_the_visits_they_strand(run: Run) -> None:
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    for wish in (
        ("off", "anna", "tue", "--kind", "sick"),
        ("day", "anna", "wed", "12-20"),
        ("week", "bo", "daily 9-18"),
    ):
        ended = run("stylist", *wish, who="mo")
        assert ended.code == 0, ended.err
        assert (code in ended.out) is (wish[0] == "off")
    assert run("book", "kim cut wed 7pm anna").code == 3
    assert "12:00" in run("free", "cut", "-s", "anna", "--from", "wed", "--limit", "1").out


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (["mon-sat 9-17"], "Mon–Sat 09:00–17:00"),
        (["tue,thu 9-13,14-18"], "Tue 09:00–13:00, 14:00–18:00; Thu 09:00–13:00, 14:00–18:00"),
        (["fri-mon 10:30-12"], "Mon 10:30–12:00; Fri–Sun 10:30–12:00"),
        (["weekdays 9-17", "weekend 9-12"], "Mon–Fri 09:00–17:00; Sat, Sun 09:00–12:00"),
        ([], ""),
    ],
)
def test_a_week_is_read_and_written(said: list[str], written: str) -> None:
    assert week_written(week_said(said)) == written


@pytest.mark.parametrize("said", ["mon", "9-17", "funday 9-17", "mon 9", "mon 25-26", "mon-sat 9-17-18"])
def test_what_is_no_week_is_usage(said: str) -> None:
    with pytest.raises(click.UsageError):
        week_said([said])


def test_times_are_wall_times() -> None:
    (shift,) = week_said(["mon 9:05-17.30"])
    assert (shift.weekday, shift.starts, shift.ends) == (1, dt.time(9, 5), dt.time(17, 30))
