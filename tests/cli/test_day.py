"""day: stylists, rooms, and the book as it stood."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_a_day_shows_rooms_and_how_the_book_stood(run: Run) -> None:
    assert run("book", "jane massage tue 3pm anna").code == 0
    rooms = run("day", "tue", "--view", "rooms").out
    assert "Room 1" in rooms
    assert "Anna" not in rooms
    assert "15:00–16:00  p*  Jane Doe  Massage" in rooms
    then = run("day", "2026-03-10", "--as-of", "2026-03-09 17:00")
    assert then.code == 0, then.err
    assert "0 visits  as it stood Mon 9 Mar 17:00" in then.out, (
        "history is written by the server's clock, which is later"
    )
    later = run("day", "tue", "--as-of", "2199-01-01T00:00+00:00", "--json").json
    assert [entry["customer"] for column in later["columns"] for entry in column["entries"]] == ["Jane Doe"]
    assert run("day", "tue", "--as-of", "perhaps").code == 2
