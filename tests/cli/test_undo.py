"""undo and redo, as they are typed."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_undo_takes_back_and_redo_does_again(run: Run) -> None:
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    run("move", code, "4pm")
    assert run("undo").out == "Taken back: Jane Doe moved to Tue 10 Mar 16:00.\n"
    assert run("show", code, "--json").json["starts_at"] == "2026-03-10T15:00:00Z"
    assert run("redo").out == "Done again: Jane Doe moved to Tue 10 Mar 16:00.\n"
    assert [run("undo").code for _ in range(3)] == [0, 0, 3]
    assert run("show", code, "--json").json["status"] == "void"


def test_a_refused_action_can_be_gone_past(run: Run) -> None:
    run("book", "kim cut tue 11am anna")
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    run("move", code, "4pm", who="mo")
    refused = run("undo", "--json")
    assert refused.code == 3
    assert "Mo has changed visit" in refused.json["sentence"]
    assert run("undo", "--past", str(refused.json["facts"]["action"])).out.startswith("Taken back: Kim Lee booked")


def test_undo_survives_the_end_of_the_program(run_for_good: Run) -> None:
    run_for_good("book", "jane cut tue 3pm anna")
    assert run_for_good("undo").out.startswith("Taken back: Jane Doe booked")
