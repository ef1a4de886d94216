"""frontdesk sick, late: somebody is not there, or not yet; what becomes of their visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, stylist_named
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.when import day_said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.proposals import Proposal, ProposedVisit

_APPLY = click.option("--apply", is_flag=True, help="Do it: all of it in one stroke, taken back by one undo.")


@click.command(cls=Writing)
@click.argument("stylist")
@click.argument("when", nargs=-1)
@_APPLY
@click.option("--keep-hours", is_flag=True, help="With --apply: don't write the time off down.")
def sick(stylist: str, when: tuple[str, ...], apply: bool, keep_hours: bool) -> None:
    """Somebody is ill, today or on a day: sick anna tomorrow. Each visit gets a proposal, or is to be called."""
    from frontdesk.services.book.reshuffling import ProposeSick, propose_sick

    with open_desk() as desk:
        who = stylist_named(menu_of(desk), stylist)
        found = propose_sick(desk, ProposeSick(stylist_id=who.id, day=day_said(desk, " ".join(when))))
        _told(desk, found, apply=apply, away=not keep_hours)


@click.command(cls=Writing)
@click.argument("stylist")
@click.argument("minutes", type=int)
@_APPLY
def late(stylist: str, minutes: int, apply: bool) -> None:
    """Somebody comes late today: late bo 20. Their visits begin later, as far as there is no slack."""
    from frontdesk.services.book.reshuffling import ProposeLate, propose_late

    with open_desk() as desk:
        who = stylist_named(menu_of(desk), stylist)
        _told(desk, propose_late(desk, ProposeLate(stylist_id=who.id, minutes=minutes)), apply=apply, away=False)


def _told(desk: Desk, proposal: Proposal, *, apply: bool, away: bool) -> None:
    from frontdesk.services.book.reshuffling import ApplyProposal, apply_proposal

    if not apply or not (proposal.steps or (away and proposal.leave)):
        show(asked(), proposal, lambda: _drawn(desk, proposal))
        if proposal.steps:
            say("Nothing is changed yet. Add --apply to do it.")
        return
    stays = tuple(visit.appointment_id for visit in proposal.visits if visit.step is None)
    wish = ApplyProposal(steps=proposal.steps, leave=proposal.leave if away else None, stays=stays, **asked().once())
    done = apply_proposal(desk, wish)
    show(asked(), done, lambda: [*_drawn(desk, proposal), text(done.sentence)])


def _drawn(desk: Desk, proposal: Proposal) -> Iterator[RenderableType]:
    from frontdesk.services.wording import clock_time

    yield text(proposal.title)
    yield from (text(sentence) for sentence in proposal.also)
    if not proposal.visits:
        yield text("No visit is concerned.")
        return
    zone = desk.shop.timezone
    rows = [(v.code, clock_time(v.starts_at, zone), v.customer, v.what, v.says) for v in proposal.visits]
    yield table(("", "", "Who", "What", "Proposed"), rows)
    if proposal.calls:
        yield text("")
        yield text("To call:")
        yield table(("", ""), [(call.customer, _call(call)) for call in proposal.calls])


def _call(call: ProposedVisit) -> str:
    return f"{call.phone or 'no number'}  {call.says.split(': ', 1)[-1]}"
