"""Standing visits and classes by command: planned, booked, moved, joined, called off."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk.desk import Desk
from frontdesk.services.menu.catalogue import AddService, add_service
from tests.cli.conftest import Run

LINE = "jane cut every 6w tue 10 anna x4"


def test_a_standing_visit_is_planned_booked_moved_and_cancelled(run: Run) -> None:
    run("book", "--yes", "kim cut 21 apr 10 anna")
    plan = run("series", "plan", LINE)
    assert (plan.code, "Anna is taken 10:00–10:45 by Kim Lee" in plan.out) == (0, True)
    assert "In doubt: 2." in plan.err
    assert "Instead of 2: 09:15 Anna, 10:00 Bo, Wed 22 Apr 10:00 Anna" in plan.out
    refused = run("series", "book", LINE)
    assert (refused.code, "Anna is taken" in refused.err) == (3, True)
    booked = run("series", "book", LINE, "--skip-blocked", "--json").json
    assert [one["appointment_id"] is None for one in booked["dates"]] == [False, True, False, False]
    code = booked["dates"][2]["code"]
    moved = run("series", "move", code, "wed", "3", "jun", "11", "--scope", "later")
    assert "Wed 03 Jun 2026 11:00" in moved.out
    assert "Wed 15 Jul 2026 11:00" in moved.out
    assert "Moved 2." in moved.err
    assert run("series", "cancel", code, "--scope", "all", "--reason", "moved away").code == 0
    assert "No series has visits to come." in run("series", "list").err
    assert run("series", "show", code).out.count("cancelled") == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jane cut every 6w tue 10 anna", "How many times?"),
        ("jane cut tue 10 anna", "does not come again"),
        ("jane cut every 6w tue 10 anna x500", "104"),
    ],
)
def test_what_is_no_series_is_told_what_is_missing(run: Run, line: str, words: str) -> None:
    ended = run("series", "plan", line)
    assert ended.code in (2, 3)
    assert words in ended.err


def test_a_class_is_planned_joined_left_and_called_off(run: Run, mo: Desk) -> None:
    add_service(mo, AddService(name="Yoga", code="YOGA", price=Decimal(15), minutes=60, kind="class", seats=1))
    planned = run("class", "plan", "yoga", "anna", "thu", "14:00", "--times", "2", "--json").json
    number = str(planned["sessions"][0]["id"])
    seat = run("class", "join", number, "jane doe", "--json").json
    assert seat["seat"] == 1
    assert "waits at place 1" in run("class", "join", number, "Ann", "--guest").out
    assert "1/1" in run("class", "list", "thu").out
    left = run("class", "leave", seat["code"], "--reason", "ill")
    entry = left.err.split()[-1]
    assert "seat 1" in run("class", "join", number, "--entry", entry).out
    assert "Ann" in run("class", "roster", number).out
    assert "16:00" in run("class", "move", number, "16:00", "--seats", "3").out
    gone = run("class", "cancel", number, "--reason", "anna is ill")
    assert "Call Ann" in gone.err
    assert run("class", "plan", "yoga", "anna", "fri", "14:00", "--seats", "0").code == 3
