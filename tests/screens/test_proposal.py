"""What is proposed when a day falls apart, as it stands on a small screen."""

from __future__ import annotations

import datetime as dt

from textual.widgets import Static

from frontdesk.screens.visits.proposal import ProposalSheet
from frontdesk.services.book.proposals import Proposal, ProposedVisit
from frontdesk.widgets.plain_table import PlainTable
from tests.widgets.test_hostile_text import Alone

NOBODY = "call: nobody who does Wash, cut and blow-dry is free that day"


def _visit(number: int, customer: str, phone: str | None) -> ProposedVisit:
    at = dt.datetime(2026, 3, 10, 9 + number, tzinfo=dt.UTC)
    return ProposedVisit(
        number, f"V{number}", customer, phone, "Wash, cut", at, None, "", NOBODY, to_call=True, step=None
    )


async def test_the_number_to_call_is_seen_however_long_the_reason_is() -> None:
    visits = (_visit(1, "Jane Doe", "+447700900123"), _visit(2, "Kim Lee", None))
    for private in (False, True):
        sheet = ProposalSheet(Proposal("Anna is ill", visits, (), visits), "Europe/London", private=private)
        async with Alone().run_test(size=(80, 24)) as pilot:
            await pilot.app.push_screen(sheet)
            await pilot.pause()
            painted = [row.cells[-1] for row in sheet.query_one(PlainTable).rows]
            assert painted[0].startswith("call: nobody" if private else "call +447700900123: nobody")
            assert painted[1] == NOBODY
            in_full = str(sheet.query_one("#in-full", Static).content)
            assert in_full.endswith("is free that day")
            assert ("0123" in in_full) is not private
