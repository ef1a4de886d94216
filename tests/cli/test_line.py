"""frontdesk book with a verb: what the line wishes is shown with --dry-run, and done without."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_a_line_moves_and_cancels(run: Run) -> None:
    run("book", "jane cut tue 3pm anna")
    dry = run("book", "move jane 4pm bo", "--dry-run")
    assert "Move Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna → Tue 10 Mar 16:00 with Bo" in dry.out
    moved = run("book", "move jane 4pm bo", "--json").json
    assert moved["lines"][0]["stylist"] == "Bo"
    left = run("book", "cancel jane", "--reason", "ill")
    assert "Jane Doe: cancelled" in left.out
    assert run("book", "cancel jane").code == 3


def test_other_verbs_are_done_too(run: Run) -> None:
    assert "Kept free." in run("book", "block anna tue 13:00 lunch 30m").out
    assert "Kim Lee waits for Cut." in run("book", "wait kim cut this week").out
    assert "Kim Lee waits for a turn: Cut." in run("book", "queue kim cut").out
    series = run("book", "jane cut every 6w wed 10 anna x3")
    assert "Booked Jane Doe" in series.out
    assert run("book", "go tue").code == 2
