"""What was agreed with a customer, on their page: remembered, listed, forgotten (features SV7)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from frontdesk.db.server import Handle
from tests.screens.desk import Played, playing
from tests.services.desks import ANNA, CUT, JANE, booked, march

pytestmark = pytest.mark.asyncio


async def _reads(desk: Played, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in desk.text:
            await desk.pilot.pause(0.01)


async def test_sixty_minutes_are_agreed_with_jane_and_anna_listed_and_forgotten(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "A")
        assert "Agree with Jane Doe" in desk.text
        await desk.type("cut")
        await desk.press("enter")
        await desk.type("anna")
        await desk.press("enter")
        await desk.type("sixty")
        await desk.press("ctrl+s")
        assert '"sixty" is no number of minutes' in desk.text
        await desk.press(*["backspace"] * 5)
        await desk.type("60")
        await desk.press("ctrl+s")
        await _reads(desk, "Remembered for Jane Doe: Cut with Anna: 60 min.")
        await _reads(desk, "Agreed    Cut with Anna: 60 min")
        visit = booked(desk.app.desk, JANE, march(10, 15), (CUT, ANNA))
        assert visit.ends_at == march(10, 16)
        await desk.press("A")
        assert "forget Cut with Anna: 60 min" in desk.text
        await desk.press("1")
        await _reads(desk, "Forgotten: Cut with Anna: 60 min.")
        await desk.press("A")
        assert "Agree with Jane Doe" in desk.text, "nothing is left to list"
