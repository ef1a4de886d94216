"""history, as it is typed."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_history_of_a_visit_and_of_a_customer(run: Run) -> None:
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    run("arrive", code, who="mo")
    ended = run("history", code)
    assert f"{code}  Jane Doe" in ended.out
    assert "booked for Tue 10 Mar 15:00: Cut with Anna" in ended.out
    assert "Mo" in ended.out
    assert run("history", code, "--json").json["lines"][1]["sentence"] == "arrived"
    run("customer", "edit", "jane", "--phone", "+447700900999")
    assert "telephone" in run("history", "--customer", "jane").out


def test_history_of_nothing_is_a_mistyped_line(run: Run) -> None:
    assert run("history").code == 2
    assert run("history", "7QK2X", "--customer", "jane").code == 2
