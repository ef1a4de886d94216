"""One visit of a series: this one, this and later, or all that are to come (features BK19)."""

from __future__ import annotations

import datetime as dt

from frontdesk.errors import BadInput
from frontdesk.screens.base import DeskScreen
from frontdesk.services.cancel_reasons import ListCancelReasons, list_cancel_reasons
from frontdesk.services.day import DayEntry
from frontdesk.services.series import CancelSeries, ChangeSeries, Scope, SeriesChanged, cancel_series, change_series
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question


async def ask_scope(screen: DeskScreen, entry: DayEntry, wish: str) -> Scope | None:
    """How much of a series is meant; only this of what is in none, and None when it is left as it is."""
    if not entry.in_series:
        return Scope.THIS
    ways = [
        Answer("t", "this one", Scope.THIS),
        Answer("l", "this and all later ones", Scope.LATER),
        Answer("a", "all that are to come", Scope.ALL),
    ]
    return await screen.app.wait_for(Question(f"{entry.customer} comes again and again. {wish} which?", ways))


async def cancel(screen: DeskScreen, entry: DayEntry, scope: Scope) -> SeriesChanged | None:
    """Ask why, and cancel so much of the series; None when it was left as it is, or refused."""
    listed = await screen.ask(list_cancel_reasons, ListCancelReasons())
    offers = [Offer(reason.name, reason.name) for reason in listed.reasons]

    async def save(filled: Filled) -> CancelSeries:
        if not filled["reason"]:
            raise BadInput("Say why in a few words.", field="reason")
        return CancelSeries(appointment_id=entry.appointment_id, scope=scope, reason=filled["reason"])

    why = Field("reason", "Why", find=among(offers) if offers else None)
    wish = await screen.fill(Form(f"Cancel {entry.customer}, {scope.value.replace('_', ' ')}", [why], save))
    return None if wish is None else await screen.write(cancel_series, wish)


async def move(
    screen: DeskScreen, entry: DayEntry, scope: Scope, starts_at: dt.datetime, stylist_id: int | None
) -> SeriesChanged | None:
    """Move so much of the series; None when it was refused."""
    wish = ChangeSeries(appointment_id=entry.appointment_id, scope=scope, starts_at=starts_at, stylist_id=stylist_id)
    return await screen.write(change_series, wish)


def said(word: str, entry: DayEntry, changed: SeriesChanged) -> str:
    """`Moved 5 visits of Jane Doe; 1 stays as it is.`"""
    visits = "visit" if len(changed.changed) == 1 else "visits"
    left = f"; {len(changed.left)} left as they are" if changed.left else ""
    return f"{word} {len(changed.changed)} {visits} of {entry.customer}{left}."
