"""What is proposed when a day falls apart: each visit with where it would go, taken or left, applied in one stroke
(features BK18, SV2, N11)."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.clock import local
from frontdesk.screens.base import DeskScreen
from frontdesk.services.book.reshuffling import Applied, ApplyProposal, Proposal, ProposedVisit, Step, apply_proposal
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column, PlainTable, Row


async def offer(screen: DeskScreen, proposal: Proposal) -> Applied | None:
    """Show a proposal and apply what is accepted of it; None when it is left, or was refused, which has been said."""
    taken = await screen.app.wait_for(ProposalSheet(proposal, screen.desk.shop.timezone, private=screen.app.private))
    if taken is None or not (taken or proposal.leave):
        return None
    stays = tuple(one.appointment_id for one in proposal.visits if one.step is None or one.step not in taken)
    wish = ApplyProposal(steps=taken, leave=proposal.leave, stays=stays if proposal.leave else ())
    applied = await screen.write(apply_proposal, wish)
    if applied is not None:
        calls = [one for one in proposal.calls if one.step is None or one.step in taken]
        whom = f" Call {', '.join(_called(one, screen.app.private) for one in calls)}." if calls else ""
        screen.say(f"{applied.sentence}{whom}", "amber" if calls else "")
    return applied


def _called(one: ProposedVisit, private: bool) -> str:
    return f"{one.customer} {one.phone}" if one.phone and not private else one.customer


class ProposalSheet(ModalScreen["tuple[Step, ...] | None"]):
    """Every visit concerned; space leaves one as it is, enter does the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("space", "leave_one", show=False),
    ]
    CSS = """
    ProposalSheet { align: center bottom; background: $background 40%; }
    ProposalSheet PlainTable { height: auto; max-height: 12; min-height: 2; background: $surface; }
    """

    def __init__(self, proposal: Proposal, timezone: str, *, private: bool) -> None:
        super().__init__()
        self._proposal = proposal
        self._timezone = timezone
        self._private = private
        self._left: set[int] = set()
        """Visits that stay where they are."""

    def compose(self) -> ComposeResult:
        """What has happened, the list, what the keys do."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(self._proposal.title)), classes="title")
            yield PlainTable(
                [Column("", 2), Column("Now", 5), Column("Customer", 18), Column("What", 14), Column("Then")],
                empty="Nobody else is concerned.",
                id="proposed",
            )
            yield Static(Content(""), id="in-full")
            yield from (Static(Content(harmless(sentence)), classes="quiet") for sentence in self._proposal.also)
            yield Static(Content(self._keys()), classes="quiet")

    def _keys(self) -> str:
        if not self._proposal.steps and self._proposal.leave is None:
            return "esc back"
        return "enter does it all; u takes it back   space leaves one   esc leaves all"

    def on_mount(self) -> None:
        """Arrows choose at once."""
        self._show()
        table = self.query_one(PlainTable)
        table.styles.height = max(3, min(len(self._proposal.visits) + 1, 12))
        table.focus()

    def _show(self) -> None:
        self.query_one(PlainTable).show([self._row(one) for one in self._proposal.visits])

    def _row(self, one: ProposedVisit) -> Row:
        left = one.appointment_id in self._left
        mark = "·" if left else "!!" if one.to_call else "→"
        then = "stays as it is" if left else self._says(one)
        now = f"{local(one.starts_at, self._timezone):%H:%M}"
        tone = "fd-muted" if left else "fd-amber" if one.to_call else ""
        return Row(one.appointment_id, (mark, now, one.customer, one.what, then), tone)

    def _says(self, one: ProposedVisit) -> str:
        """What becomes of it; whom to call has the number first, which is needed now."""
        if one.to_call and one.phone and not self._private:
            return f"call {one.phone}: {one.says.removeprefix('call: ')}"
        return one.says

    @on(PlainTable.Moved)
    def _moved(self) -> None:
        """In full what a small window cuts off."""
        row = self.query_one(PlainTable).row
        one = next((one for one in self._proposal.visits if row and one.appointment_id == row.key), None)
        words = f"{one.customer}, {one.what}: {self._says(one)}" if one else ""
        self.query_one("#in-full", Static).update(Content(harmless(words)))

    def action_leave_one(self) -> None:
        """Leave this one as it is, or take it after all."""
        row = self.query_one(PlainTable).row
        visit = next((one for one in self._proposal.visits if row and one.appointment_id == row.key), None)
        if visit is not None and visit.step is not None:
            self._left ^= {visit.appointment_id}
            self._show()

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        taken: tuple[Step, ...] = tuple(one for one in self._proposal.steps if one.appointment_id not in self._left)
        self.dismiss(taken)

    def key_enter(self) -> None:
        """With nobody in the list, too."""
        if not self._proposal.visits:
            self.dismiss(self._proposal.steps or None)

    def action_leave(self) -> None:
        """Everything stays."""
        self.dismiss(None)
