"""free and gaps: times of several services, the best first, and holes with whom to call."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_several_services_are_one_visit_with_their_stylists(run: Run) -> None:
    ended = run("free", "colour", "+", "blow-dry", "-s", "anna", "-s", "bo", "--from", "tue", "--limit", "1")
    assert ended.code == 0, ended.err
    assert [line.split() for line in ended.out.splitlines()] == [
        ["Day", "Time", "With", "Price"],
        ["Tue", "10", "Mar", "09:00–11:15", "09:00", "Anna,", "10:45", "Bo", "150.00"],
    ]


def test_best_says_why(run: Run) -> None:
    assert run("book", "kim cut tue 9.45 anna").code == 0
    best = run("free", "cut", "--best", "--stylist", "anna", "--from", "tue", "--days", "1", "--json").json["offers"][0]
    assert best["starts_at"] == "2026-03-10T09:00:00Z"
    assert best["reasons"] == ["fills a 45 min gap"]
    assert best["score"] == 100
    shown = run("free", "cut", "--best", "-s", "anna", "--from", "tue", "--days", "1", "--limit", "1").out
    assert "fills a 45 min gap" in shown


def test_hours_of_the_day_are_kept(run: Run) -> None:
    ended = run(
        "free", "cut", "--from", "tue", "--not-before", "16:00", "--not-after", "17:00", "--days", "1", "--json"
    )
    assert [offer["starts_at"][11:16] for offer in ended.json["offers"]] == ["16:00", "16:15"]
    assert "no time" in run("free", "cut", "--not-before", "noonish").err


def test_nothing_free_explains_itself(run: Run) -> None:
    ended = run("free", "massage", "--from", "sun", "--days", "1")
    assert ended.code == 0
    assert "Massage needs 60 min; Anna has no gap on Sun 15 Mar, Bo has none." in ended.err
    assert (
        "Anna's longest gap on Tue 10 Mar is 480 min" in run("free", "cut", "--from", "tue", "--days", "1", "--why").out
    )


def test_gaps_list_holes_with_whom_to_call(run: Run) -> None:
    assert run("book", "kim cut tue 9.30 anna").code == 0
    ended = run("gaps", "tue", "--stylist", "anna")
    assert ended.out.splitlines()[:2] == [
        "09:00–09:30  Anna  30 min, up to 30.00",
        "Nobody waits for it, and nobody is due.",
    ]
    assert run("gaps", "sun").err == "No hole of 30 minutes or more is left on Sun 15 Mar.\n"
