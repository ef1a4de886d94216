"""Visits that a change leaves to be dealt with, as every command that strands some prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from frontdesk.cli.output import table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.team.stranded import StrandedVisit


def stranded(desk: Desk, visits: Sequence[StrandedVisit]) -> Iterator[RenderableType]:
    """Nothing when there are none."""
    from frontdesk.services.wording import day_and_time

    if not visits:
        return
    yield text("")
    yield text("These visits are not covered any more. Move them, or call:", "bold")
    zone = desk.shop.timezone
    rows = [
        (day_and_time(one.starts_at, zone), one.customer, one.service, one.stylist or "nobody yet", one.code)
        for one in visits
    ]
    yield table(("When", "Customer", "Service", "With", "Visit"), rows)
