"""What lies on a stylist's day and can be taken away: time off, breaks, blocks, hours that differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.week_grid import Spot
from frontdesk.screens.stylists.wording import DAYS, day_title, span
from frontdesk.services.team import roster, shop_hours
from frontdesk.services.team.stranded import StrandedVisit


@dataclass(frozen=True)
class Removable:
    """Something that can go, and how."""

    words: str
    """What is taken away, and what that means."""
    done: str
    service: Callable[[Desk, Any], Any]
    request: object

    async def remove(self, screen: DeskScreen) -> tuple[StrandedVisit, ...] | None:
        """Take it away. None when it was refused, else what that strands."""
        answer = await screen.write(self.service, self.request)
        return None if answer is None else answer.stranded


async def removable(screen: DeskScreen, spot: Spot) -> list[Removable]:
    """Everything on the day under the cursor that can be taken away."""
    day, name, zone = spot.day.day, spot.row.name, screen.desk.shop.timezone
    found: list[Removable] = []
    if spot.day.off is not None:
        found.append(
            Removable(
                f"the time off, all of it ({spot.day.off.kind}): {name} works as usual",
                f"{name} is here after all.",
                roster.remove_time_off,
                roster.RemoveTimeOff(time_off_id=spot.day.off.id),
            )
        )
    for one in spot.day.breaks:
        when = f"on all {DAYS[day.isoweekday() - 1]}, past ones too" if one.every_week else f"on {day_title(day)}"
        found.append(
            Removable(
                f"the {one.name} {span(one.starts, one.ends)} {when}",
                f"No {one.name} any more.",
                roster.remove_break,
                roster.RemoveBreak(break_id=one.id),
            )
        )
    if spot.day.differs:
        found.append(
            Removable(
                f"what differs on {day_title(day)}: back to the usual week",
                f"{day_title(day)} is as usual.",
                roster.set_dated_shift,
                roster.SetDatedShift(stylist_id=spot.row.stylist_id, day=day, as_usual=True),
            )
        )
    blocks = await screen.ask(shop_hours.list_blocks, shop_hours.ListBlocks(day=day))
    for block in blocks.blocks:
        if block.resource_id == spot.row.resource_id:
            when = span(local(block.starts_at, zone).time(), local(block.ends_at, zone).time())
            found.append(
                Removable(
                    f"the block {when} ({block.name}): it can be booked again",
                    f"{when} can be booked again.",
                    shop_hours.unblock_time,
                    shop_hours.UnblockTime(block_id=block.id),
                )
            )
    return found
