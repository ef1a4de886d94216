"""Only what differs is written when another day comes: nothing of the day before may stay between."""

from __future__ import annotations

from tests.terminal.conftest import Shop, sign_in
from tests.terminal.harness.terminal import Terminal

GRID = slice(1, 22)


def painted_anew(desk: Terminal) -> list[str]:
    """The grid after the lock has covered all of it."""
    desk.keys("f8")
    desk.wait_for("Locked by Ria")
    desk.type("1111")
    desk.wait_for("tomorrow")
    desk.quiet(0.5)
    return desk.screen_text().split("\n")[GRID]


def test_a_day_with_fewer_columns_leaves_nothing_of_the_one_before(shop: Shop) -> None:
    shop.ask(
        "DELETE FROM weekly_shifts WHERE stylist_id = 2"
        " AND weekday = extract(isodow FROM now() AT TIME ZONE (SELECT timezone FROM shops WHERE id = 1)) %% 7 + 1"
        " RETURNING weekday"
    )
    with shop.open_desk(columns=120) as desk:
        sign_in(desk)
        assert "Bo" in desk.screen_text().split("\n")[1]
        desk.keys(">")
        desk.wait_for("tomorrow")
        desk.quiet(0.5)
        shown = desk.screen_text().split("\n")[GRID]
        assert "Bo" not in shown[0]
        assert shown == painted_anew(desk)
