"""A visit laid out as if it were booked now, without holding anything: with whom, when each service, or why not.

Private to the reading of typed lines. The booking itself decides again, under held strips.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import NotAllowed, Refusal
from frontdesk.services.book.visit_moving import refuse_past
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import unfree
from frontdesk.services.placing.booking_wishes import BookAppointment
from frontdesk.services.placing.candidates import Wanted, wanted
from frontdesk.services.placing.placing import Allowance, Choice, PlacedLine, Placing, follow_their_lines
from frontdesk.services.placing.visit_lines import LineWish
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team.strip_hours import homes
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class Trial:
    """How a visit would lie."""

    needs: tuple[Wanted, ...]
    placed: tuple[PlacedLine, ...] = ()
    """Nothing when it would be refused."""
    refusal: Refusal | None = None

    def price(self, wishes: Sequence[LineWish]) -> Decimal:
        """What it costs: with whom it would be, else with whoever was asked for."""
        if self.placed:
            return sum((each.stylist.price if each.stylist else each.need.price for each in self.placed), Decimal(0))
        asked = [need.by(wish.stylist_id or 0) for need, wish in zip(self.needs, wishes, strict=True)]
        return sum((one.price if one else need.price for one, need in zip(asked, self.needs, strict=True)), Decimal(0))

    def ends_at(self, wishes: Sequence[LineWish], starts_at: dt.datetime) -> dt.datetime:
        """When the customer is told that it is over."""
        if self.placed:
            return max(each.told_ends for each in self.placed)
        asked = [need.plan_for(need.by(wish.stylist_id or 0)) for need, wish in zip(self.needs, wishes, strict=True)]
        return starts_at + dt.timedelta(minutes=sum(plan.told_minutes for plan in asked))


def needs_of(work: Work, wishes: Sequence[LineWish], customer_id: int | None) -> list[Wanted]:
    """What the lines of a visit need, on the terms of this customer and this visit."""
    own = [Own(wish.minutes, wish.price) for wish in wishes]
    return wanted(work.session, work.shop.id, [wish.service_id for wish in wishes], customer_id=customer_id, own=own)


def tried(work: Work, request: BookAppointment, wishes: Sequence[LineWish], customer: str) -> Trial:
    """Lay a visit out as `booking.book` would now. What it would be refused for is told, not raised."""
    theirs = None if request.for_guest else request.customer_id
    needs = needs_of(work, wishes, theirs)
    choices = follow_their_lines([_choice(wish, need) for wish, need in zip(wishes, needs, strict=True)])
    try:
        refuse_past(work, request.starts_at, in_past=False)
        placing = Placing(work, rules_of(work), needs, choices, request.starts_at, Allowance())
        people = {option.lead for line in placing.lines for option in line.options if option.lead is not None}
        things = {each.resource_id for need in needs for them in need.others.values() for each in them}
        found = homes(work.session, people | things)
        days = [day for home in found.values() for day in home.days(*placing.span)]
        if not all(found[resource].is_laid_out(day) for resource, day in days):
            return Trial(tuple(needs))  # so far ahead nothing is laid out; booking does it
        placing.read(days)
        placed = placing.place()
        if theirs is not None:
            ends = max(each.told_ends for each in placed)
            unfree.refuse_customer_elsewhere(work, theirs, customer, request.starts_at, ends)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return Trial(tuple(needs), refusal=refusal)
    return Trial(tuple(needs), tuple(placed))


def _choice(wish: LineWish, need: Wanted) -> Choice:
    able = not (wish.if_able and wish.stylist_id is not None and need.by(wish.stylist_id) is None)
    return Choice(wish.stylist_id if able else None, wish.unassigned, wish.assistant_id, wish.follows)
