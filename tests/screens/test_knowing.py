"""What to know about a customer, written on their page and read when they come (features CI6)."""

from __future__ import annotations

from pathlib import Path

from frontdesk.db.server import Handle
from tests.screens.desk import playing, until
from tests.screens.till import desk_of
from tests.services.desks import ANNA, CUT, JANE, booked, march


async def test_an_allergy_is_written_down_read_on_arrival_hidden_and_ended(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        booked(desk_of(desk), JANE, march(9, 9, 30), (CUT, ANNA))
        await desk.sign_in()
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("enter", "exclamation_mark")
        await until(desk, "To know when Jane Doe comes")
        await desk.type("ammonia")
        await desk.press("ctrl+s")
        await until(desk, "!! ALLERGY: ammonia")
        desk.shows("customers_alert")
        await desk.press("I")
        await until(desk, lambda: "ammonia" not in desk.text)

        await desk.press("F", "a")
        await until(desk, "Jane Doe is here")
        assert "ammonia" not in desk.text
        await desk.press("enter", "I", "f3")
        await until(desk, "!! ALLERGY: ammonia")
        await desk.press("exclamation_mark")
        await until(desk, "no longer: ALLERGY: ammonia")
        await desk.press("1")
        await until(desk, "Nobody is told that of Jane Doe any more.")
        await until(desk, lambda: "!! ALLERGY" not in desk.text)
