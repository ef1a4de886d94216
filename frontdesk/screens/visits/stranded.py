"""Visits that a change of hours leaves outside them: told before it is saved, listed after, with a way to the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Protocol, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.messages import GoTo
from frontdesk.services.team.foresight import WouldStrand, foresee
from frontdesk.services.team.stranded import StrandedVisit
from frontdesk.text import harmless
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column, PlainTable, Row

R = TypeVar("R")


class Stranding(Protocol):
    """An answer that lists the visits left behind."""

    @property
    def stranded(self) -> tuple[StrandedVisit, ...]:
        """Those visits, soonest first."""


A = TypeVar("A", bound=Stranding)


def saves_all_the_same(refusal: Refusal) -> str | None:
    """What ctrl+o does about visits that would be stranded."""
    return "saves it all the same; the visits stay in the book" if isinstance(refusal, WouldStrand) else None


async def saved(screen: DeskScreen, service: Callable[[Desk, R], A], request: R, filled: Filled) -> A:
    """Save, unless it would strand visits and nobody has insisted yet. Raises WouldStrand."""
    if not isinstance(filled.insists_on, WouldStrand):
        ahead = await screen.ask(partial(foresee, service), request)
        if ahead.stranded:
            raise WouldStrand(ahead.stranded, screen.desk.shop.timezone)
    return await screen.ask(service, request)


async def deal_with(screen: DeskScreen, visits: tuple[StrandedVisit, ...]) -> None:
    """List what was left behind; the one that is chosen is shown in the book."""
    if visits:
        chosen = await screen.app.wait_for(StrandedList(visits, screen.desk.shop.timezone))
        if chosen is not None:
            screen.app.pass_on("calendar", GoTo(chosen))


class StrandedList(ModalScreen["int | None"]):
    """The visits, and enter to go to one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    CSS = """
    StrandedList { align: center bottom; background: $background 40%; }
    StrandedList PlainTable { height: auto; max-height: 12; min-height: 3; background: $surface; }
    """

    def __init__(self, visits: Sequence[StrandedVisit], timezone: str) -> None:
        super().__init__()
        self._visits = tuple(visits)
        self._timezone = timezone

    def compose(self) -> ComposeResult:
        """What they are, the list, what to do."""
        count = len({one.appointment_id for one in self._visits})
        said = "One visit is" if count == 1 else f"{count} visits are"
        with Vertical(classes="panel"):
            yield Static(Content(f"{said} outside working hours now. Move each, or call."), classes="title")
            yield PlainTable(
                [Column("When", 16), Column("Customer"), Column("Service", least=12), Column("With", 12)], id="stranded"
            )
            yield Static(Content("enter shows it in the book   esc leaves them as they are"), classes="quiet")

    def on_mount(self) -> None:
        """Arrows choose at once."""
        table = self.query_one(PlainTable)
        table.show([self._row(one) for one in self._visits])
        table.styles.height = min(len(self._visits) + 1, 12)
        table.focus()

    def _row(self, one: StrandedVisit) -> Row:
        at = local(one.starts_at, self._timezone)
        when = f"{at:%a} {at.day:>2} {at:%b %H:%M}"
        cells = (when, harmless(one.customer), one.service, one.stylist or "nobody yet")
        return Row((one.appointment_id, one.service, one.starts_at), cells)

    @on(PlainTable.Chosen)
    def _go(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        visit = self._visits[chosen.table.rows.index(chosen.row)] if chosen.row else None
        self.dismiss(visit.appointment_id if visit else None)

    def action_leave(self) -> None:
        """Leave them as they are."""
        self.dismiss(None)
