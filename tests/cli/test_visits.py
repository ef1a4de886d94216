"""show, move, and the steps of a visit."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def visit(run: Run) -> str:
    """Jane's cut with Anna, Tuesday at three: its code."""
    return str(run("book", "jane cut tue 3pm anna", "--json").json["code"])


def test_show_by_code_in_any_case_and_by_number(run: Run, visit: str) -> None:
    ended = run("show", visit.lower())
    assert "Jane Doe" in ended.out
    assert "Tue 10 Mar 15:00–15:45" in ended.out
    assert "Ria  booked" in ended.out
    number = run("show", visit, "--json").json["id"]
    assert run("show", str(number), "--json").json["code"] == visit


@pytest.mark.parametrize(
    ("words", "then", "with_whom"),
    [
        ("thu 2pm", "Thu 12 Mar 14:00–14:45, before Tue 10 Mar 15:00", "Anna"),
        ("4pm", "Tue 10 Mar 16:00–16:45, before", "Anna"),
        ("thu", "Thu 12 Mar 15:00–15:45, before", "Anna"),
        ("bo", "Tue 10 Mar 15:00–15:45, before", "Bo"),
        ("thu 2pm bo", "Thu 12 Mar 14:00–14:45, before", "Bo"),
        ("2026-03-12T14:00", "Thu 12 Mar 14:00–14:45, before", "Anna"),
        ("2026-03-12T14:00:00+00:00 --stylist bo", "Thu 12 Mar 14:00–14:45, before", "Bo"),
    ],
)
def test_move_takes_what_is_said_and_keeps_the_rest(
    run: Run, visit: str, words: str, then: str, with_whom: str
) -> None:
    ended = run("move", visit, *words.split())
    assert ended.code == 0, ended.err
    assert then in ended.out
    assert f"Cut  {with_whom}" in ended.out


def test_an_hour_that_comes_twice_is_told_apart(run: Run) -> None:
    code = run("book", "jane cut sat 24 oct 10:00 anna", "--json").json["code"]
    asked = run("move", code, "2026-10-25", "01:30", "--outside", "--overbook", "night")
    assert (asked.code, "Say first or second" in asked.err) == (3, True)
    moved = run("move", code, "2026-10-25", "01:30", "second", "--outside", "--json")
    assert moved.json["starts_at"] == "2026-10-25T01:30:00Z", moved.err


def test_a_visit_goes_through_its_steps(run: Run, visit: str) -> None:
    for step, state in (
        ("confirm", "confirmed"),
        ("arrive", "arrived"),
        ("start", "in service"),
        ("finish", "completed"),
    ):
        ended = run(step, visit)
        assert (ended.code, ended.err) == (0, "")
        assert f"{visit}  Jane Doe  {state} (was " in ended.out
    assert run("start", visit).code == 3


def test_cancel_needs_a_reason_and_frees_the_time(run: Run, visit: str) -> None:
    assert run("cancel", visit, "--json").json["refused"] == "ReasonMissing"
    assert run("cancel", visit, "--reason", "Ill").code == 0
    assert "x*  Jane Doe" in run("day", "tue").out
    assert run("book", "kim cut tue 3pm anna").code == 0


def test_no_show(run: Run, visit: str) -> None:
    assert run("no-show", visit, "--json").json["status"] == "no_show"


def test_a_step_too_many_is_put_back_with_a_reason(run: Run, visit: str) -> None:
    run("no-show", visit)
    assert run("put-back", visit).code == 3
    assert "pending (was no show)" in run("put-back", visit, "--reason", "came late").out
    assert "came late" in run("show", visit).out
