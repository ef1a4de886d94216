"""The line to type on, by keys alone: 23 of them for a visit, a verb for everything else (features BK3, N1)."""

from __future__ import annotations

from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.calendar.line import TypeLine
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.visits.proposal import ProposalSheet
from frontdesk.widgets.modal import Question
from tests.screens.desk import Played, playing, until
from tests.services.desks import JANE, KIM, booked, march


def line_of(desk: Played) -> TypeLine:
    """The line of the book."""
    assert isinstance(desk.app.screen, CalendarScreen)
    return desk.app.screen.query_one(TypeLine)


async def typed(desk: Played, words: str) -> None:
    """A line as if it had been typed from its colon on, and understood."""
    await desk.press("colon")
    line_of(desk).open(words)
    await understood(desk)


async def understood(desk: Played) -> None:
    """What stands on the line has been read."""
    await until(desk, lambda: line_of(desk)._of == line_of(desk).input.value)


async def test_a_day_is_run_from_the_line(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        keys = ["colon", *(" ".join("jane cut tue 3pm anna").replace("   ", " space ").split()), "enter"]
        assert len(keys) == 23
        await desk.press(*keys)
        await until(desk, lambda: "Booked Jane Doe, Cut, Tue 10 Mar 15:00 with Anna" in desk.text)

        await typed(desk, "jane cut thu")
        await desk.press("enter")
        desk.shows("line_question")
        await desk.press("1")
        await understood(desk)
        assert line_of(desk).preview.startswith("Thu 12 Mar ")
        await desk.press("enter")
        await until(desk, lambda: "Booked Jane Doe, Cut, Thu 12 Mar" in desk.text)

        await typed(desk, "move jane tue to 4pm bo")
        assert line_of(desk).preview == (
            "Move Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna → Tue 10 Mar 16:00 with Bo"
        )
        await desk.press("enter")
        await until(desk, lambda: "Moved Jane Doe, Cut, Tue 10 Mar 16:00 with Bo" in desk.text)

        await typed(desk, "move jane 5pm")
        await desk.press("enter")
        assert "1 Jane Doe 0123, Cut, Tue 10 Mar 16:00 with Bo" in desk.text
        await desk.press("1")
        await understood(desk)
        assert "→ Tue 10 Mar 17:00" in line_of(desk).preview
        await desk.press("escape")

        await desk.press("colon", "ctrl+u")
        await desk.type("ki")
        await desk.press("tab")
        assert line_of(desk).input.value == "Kim Lee "
        line_of(desk).open("Kim Lee cu")
        await desk.press("tab")
        assert line_of(desk).input.value == "Kim Lee Cut "
        line_of(desk).open("Kim Lee Cut next bo")
        await understood(desk)
        desk.shows("line_next")
        await desk.press("enter")
        await until(desk, lambda: "Booked Kim Lee, Cut," in desk.text)

        await typed(desk, "go tue")
        await desk.press("enter")
        await until(desk, lambda: "Tue 10 Mar   tomorrow" in desk.text)
        await desk.press("colon", "up", "up")
        assert line_of(desk).input.value == "Kim Lee Cut next bo"
        await desk.press("down", "down")
        assert line_of(desk).input.value == ""
        line_of(desk).open("undo")
        await understood(desk)
        await desk.press("enter")
        await until(desk, lambda: "Taken back: Kim Lee booked" in desk.text)

        await desk.press("f8")
        await desk.sign_in("mo")
        await desk.press("colon", "up")
        assert line_of(desk).input.value == "", "what somebody else typed is theirs"


async def test_who_is_ill_or_late_is_typed(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        booked(desk.app.desk, JANE, march(9, 10))
        booked(desk.app.desk, KIM, march(10, 15))

        await typed(desk, "jane cut")
        assert "tab complete" in desk.text
        long = "jane doe cut with anna every 6 weeks on tuesday at 10:00 x8"
        await typed(desk, long)
        assert f": {long}" in desk.text, "the keys make room for the words"
        await typed(desk, "sick anna tomorrow")
        assert line_of(desk).preview == "Anna is ill, Tue 10 Mar: what becomes of each visit?"
        await desk.press("enter")
        await until(desk, lambda: isinstance(desk.app.screen, ProposalSheet))
        assert "15:00 with Bo" in desk.text
        await desk.press("enter")
        await until(desk, lambda: "1 visit shifted, time off written down." in desk.text)

        await typed(desk, "late jane 20")
        await desk.press("enter")
        await until(desk, lambda: isinstance(desk.app.screen, Question))
        assert "1  begin at 10:20, until 11:05" in desk.text
        await desk.press("1")
        await until(desk, lambda: "Jane Doe: begin at 10:20, until 11:05." in desk.text)

        await typed(desk, "late anna 90")
        await desk.press("enter")
        await until(desk, lambda: isinstance(desk.app.screen, ProposalSheet))
        await desk.press("escape")
        assert line_of(desk).input.value == "late anna 90", "what was thought better of stays typed"
        await desk.press("escape")

        await typed(desk, "start jane")
        await desk.press("enter")
        await until(desk, lambda: "Jane Doe: in service." in desk.text)
        await typed(desk, "go kim")
        await desk.press("enter")
        await until(desk, lambda: "Tue 10 Mar   tomorrow" in desk.text)
