"""upkeep: as it is typed, by a person and by cron."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_upkeep_is_done_once_a_day_and_says_what_it_came_to(run: Run) -> None:
    assert "never" in run("upkeep", "list").out
    first = run("upkeep", "run")
    assert first.code == 0, first.err
    assert [name in first.out for name in ("packages", "points", "cards", "strips", "history")] == [True] * 5
    assert run("upkeep", "run").out == "Nothing is due.\n"
    again = run("upkeep", "run", "--json").json
    assert (again["done"], again["failed"]) == ([], [])
    states = run("upkeep", "list", "--json").json["chores"]
    assert {one["done_on"] for one in states} == {"2026-03-09"}
    assert run("upkeep", "run", who="anna", typed="").code != 0
