"""swap, change, group, sick, late."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


def booked(run: Run, words: str) -> str:
    return str(run("book", words, "--json").json["code"])


def test_two_visits_change_places_and_back(run: Run) -> None:
    jane, kim = booked(run, "jane cut tue 10 anna"), booked(run, "kim cut tue 15 bo")
    ended = run("swap", jane, kim)
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            f"{jane}  Jane Doe  Tue 10 Mar 15:00, before Tue 10 Mar 10:00",
            f"{kim}  Kim Lee  Tue 10 Mar 10:00, before Tue 10 Mar 15:00",
        ],
    )
    assert run("undo").out == "Taken back: Jane Doe and Kim Lee swapped.\n"


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("--service blow-dry", "10:00–10:30  p  Blow-dry  Anna  30.00"),
        ("--minutes 60 --price 70", "10:00–11:00  p  Cut      Anna  70.00"),
        ("--stylist bo", "10:00–10:45  p  Cut      Bo    50.00"),
        ("--until 11:00", "10:00–11:00  p  Cut      Anna  50.00"),
        ("--add blow-dry", "10:45–11:15  p  Blow-dry  Anna  30.00"),
        ("--hand-to bo --at 10:20", "10:00–10:45  p  Cut      Anna  50.00"),
        ("--whose kim", "Kim Lee  Tue 10 Mar 10:00–10:45"),
    ],
)
def test_what_is_in_a_visit_is_changed(run: Run, words: str, then: str) -> None:
    visit = booked(run, "jane cut tue 10 anna")
    ended = run("change", visit, *words.split())
    assert (ended.code, then in ended.out) == (0, True), ended


def test_one_service_less_needs_to_be_named(run: Run) -> None:
    visit = booked(run, "jane cut+blowdry tue 10 anna")
    assert "Say which service with --only: Cut, Blow-dry." in run("change", visit, "--minutes", "50").err
    assert "x  Blow-dry" in run("change", visit, "--drop", "No time", "--only", "blow").out
    assert run("change", visit, "--add", "cut", "--until", "12:00").code == 2


def test_a_party(run: Run) -> None:
    jane, kim = booked(run, "jane cut tue 10 anna"), booked(run, "kim cut tue 10 bo")
    made = run("group", "make", jane, kim, "--name", "The Does")
    assert "The Does  (Jane Doe pays)" in made.out
    assert "Tue 10 Mar 11:00" in run("group", "move", kim, "tue", "11:00").out
    assert run("group", "arrive", jane).out.count(" a ") == 2
    assert run("group", "leave", kim).code == 0
    assert run("group", "show", kim).code == 3


def test_sick_and_late_propose_and_apply(run: Run) -> None:
    visit = booked(run, "jane cut tue 10:30 anna")
    proposed = run("sick", "anna", "tue")
    assert "Anna is ill on Tue 10 Mar" in proposed.out
    assert "10:30 with Bo, as agreed" in proposed.out
    assert "Nothing is changed yet" in proposed.err
    done = run("sick", "anna", "tue", "--apply", who="mo")
    assert "1 visit shifted, time off written down." in done.out
    assert "Bo" in run("show", visit).out
    assert run("undo", who="mo").out == "Taken back: Jane Doe shifted to Tue 10 Mar 10:30.\n"
    kim = booked(run, "kim cut 10:00 bo")
    assert "10:20 instead of 10:00" in run("late", "bo", "20").out
    assert "1 visit shifted." in run("late", "bo", "20", "--apply").out
    assert "10:20" in run("show", kim).out
