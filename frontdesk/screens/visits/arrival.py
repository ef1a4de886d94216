"""Somebody comes: their state, and the card of what everybody has to know about them (features CI1, CI6)."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.permissions import Deed, refusal_for
from frontdesk.screens.base import DeskScreen
from frontdesk.services.book import visits
from frontdesk.services.book.arrivals import ArrivalCard, ArrivalOf, CardLine, DismissCard, arrival_card, dismiss_card
from frontdesk.services.book.visits import Stepped, StepVisit
from frontdesk.text import harmless

_HIDDEN = "·····"
_URGENT = frozenset({"allergy", "health"})
_AMBER = frozenset({"debt", "alert"})


async def arrive(screen: DeskScreen, appointment_id: int) -> Stepped | None:
    """The customer is here. None when it was refused, which has been said; `show_card` comes next."""
    return await screen.write(visits.arrive, StepVisit(appointment_id=appointment_id))


async def show_card(screen: DeskScreen, appointment_id: int) -> None:
    """What to know about who has come, if there is anything; whoever has read it is kept."""
    if refusal_for(screen.desk.actor, Deed.SEE_CUSTOMERS) is not None:
        return
    card = await screen.ask(arrival_card, ArrivalOf(appointment_id=appointment_id))
    if not card.lines:
        return
    await screen.app.wait_for(CardSheet(card, private=screen.app.private))
    alerts = tuple(line.alert_id for line in card.lines if line.alert_id is not None)
    kinds = tuple(line.kind for line in card.lines if line.alert_id is None)
    await screen.write(dismiss_card, DismissCard(appointment_id=appointment_id, alert_ids=alerts, kinds=kinds))


class CardSheet(ModalScreen[None]):
    """The card; enter says that it was read, and no other key does anything."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape", "seen", show=False)]

    def __init__(self, card: ArrivalCard, *, private: bool) -> None:
        super().__init__()
        self._card = card
        self._private = private

    def compose(self) -> ComposeResult:
        """Who, then a line for each thing."""
        with Vertical(classes="panel"):
            yield Static(Content(harmless(f"{self._card.customer} is here")), classes="title")
            for line in self._card.lines:
                yield Static(self._said(line))
            hidden = self._private and any(line.is_private for line in self._card.lines)
            yield Static(Content("enter seen" + "   I on the book shows what is hidden" * hidden), classes="quiet")

    def _said(self, line: CardLine) -> Content:
        if self._private and line.is_private:
            return Content.styled(f"!! {_HIDDEN}" if line.kind in _URGENT else f"   {_HIDDEN}", "$fd-muted")
        tone = "$fd-red" if line.kind in _URGENT else "$fd-amber" if line.kind in _AMBER else "$foreground"
        return Content.styled(("!! " if line.kind in _URGENT else "   ") + harmless(line.words), tone)

    def on_key(self, event: events.Key) -> None:
        """Whatever else is pressed stays here."""
        if event.key not in ("enter", "escape"):
            event.stop()
            event.prevent_default()

    def action_seen(self) -> None:
        """It was read."""
        self.dismiss(None)
