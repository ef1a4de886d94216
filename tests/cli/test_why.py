"""why, as it is typed."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_why_says_every_reason(run: Run) -> None:
    assert run("why", "bo", "tue", "9.30am").out == "Bo starts 10:00 (shift).\nFree next: 10:00.\n"
    run("book", "kim cut tue 3pm anna")
    said = run("why", "anna", "tue", "3pm", "--service", "cut").out
    assert said.startswith("Anna is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:00).\nFree next: 15:45, or Bo")
    assert run("why", "anybody", "tue", "3pm").out == "Free: Bo until 18:00.\n"
    assert run("why", "anna", "tue", "4pm", "--json").json == {"sentences": ["Free until 17:00."], "is_free": True}
