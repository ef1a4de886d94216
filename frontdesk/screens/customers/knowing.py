"""What everybody has to know when a customer comes, kept on their page: listed, added, ended (features CI6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.customers.wording import HIDDEN
from frontdesk.screens.wishes import Wishes
from frontdesk.services.book.arrivals import (
    KINDS,
    AddAlert,
    Alert,
    EndAlert,
    ListAlerts,
    add_alert,
    alert_said,
    end_alert,
    list_alerts,
)
from frontdesk.text import fit, harmless
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_LISTED = 9
"""So many can be chosen by a digit."""
_TONES = {"allergy": "$fd-red", "health": "$fd-red", "alert": "$fd-amber"}
_WORDS = {"allergy": "an allergy", "health": "something of health", "alert": "anything else"}


def alert_lines(alerts: Sequence[Alert], *, width: int, private: bool) -> Iterator[Content]:
    """How they stand on the customer's page: above all else."""
    for one in alerts:
        said = HIDDEN if private else alert_said(one.kind, harmless(one.words))
        yield Content.styled(fit(f"!! {said}", width), _TONES[one.kind])


async def change_alerts(screen: DeskScreen, customer_id: int, name: str) -> str:
    """End one, or add one; answers what to say of it, never its words, and nothing when all was left as it is."""
    found = (await screen.ask(list_alerts, ListAlerts(customer_id=customer_id))).alerts
    chosen: Alert | str | None = "more"
    if found:
        answers: list[Answer[Alert | str]] = [
            Answer(str(number), f"no longer: {alert_said(one.kind, one.words)}", one)
            for number, one in enumerate(found[:_LISTED], start=1)
        ]
        answers.append(Answer("+", "something else to know", "more"))
        chosen = await screen.app.wait_for(Question(f"To know about {name}", answers))
    if isinstance(chosen, Alert):
        ended = await screen.write(end_alert, EndAlert(alert_id=chosen.id))
        return f"Nobody is told that of {name} any more." if ended else ""
    if chosen is None:
        return ""
    added = await screen.fill(_form(screen, customer_id, name))
    return f"Everybody is told when {name} comes." if added else ""


def _form(screen: DeskScreen, customer_id: int, name: str) -> Form[Alert]:
    wishes = Wishes()
    kinds = [Offer(kind, _WORDS[kind]) for kind in KINDS]

    async def save(filled: Filled) -> Alert:
        kind = next((one for one in KINDS if one == filled.picked["kind"]), None)
        if kind is None:
            raise BadInput("Choose what sort it is.", field="kind")
        wish = AddAlert(customer_id=customer_id, words=filled["words"], kind=kind, request_id=wishes.id_for(filled))
        return await screen.ask(add_alert, wish)

    fields = [
        Field("words", "To know", hint="ammonia"),
        Field("kind", "It is", value=kinds[0].label, picked=kinds[0].value, find=among(kinds)),
    ]
    title = f"To know when {name} comes"
    return Form(title, fields, save, keeper=screen.keeper(f"alert {customer_id}", title))
