"""Forms: what they say while they are mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot
from textual.widgets import Static

from frontdesk.errors import BadInput
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled, Form
from tests.widgets.test_hostile_text import Alone


async def _until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await pilot.pause(0.01)


async def test_a_reason_goes_once_what_it_was_about_is_mended() -> None:
    async def save(filled: Filled) -> str:
        raise BadInput(f"The last day {filled['last']} is before the first.", field="last")

    async def preview(filled: Filled) -> str:
        return f"Until {filled['last']}, {filled['note']}."

    form = Form("Away", [Field("last", "Last day", "monday"), Field("note", "Note")], save, preview=preview)
    async with Alone().run_test() as pilot:
        await pilot.app.push_screen(form)

        def said(line: str) -> str:
            return str(form.query_one(line, Static).content)

        await pilot.press("ctrl+s")
        await _until(pilot, lambda: "monday is before" in said("#reason"))
        await pilot.press("tab", "x")
        await _until(pilot, lambda: "x." in said("#preview"))
        assert "monday is before" in said("#reason")  # only the note has changed
        await pilot.press("shift+tab", "ctrl+u", *"friday")
        await _until(pilot, lambda: "Until friday" in said("#preview"))
        await _until(pilot, lambda: not said("#reason"))
        assert not form.query(".-wrong")
