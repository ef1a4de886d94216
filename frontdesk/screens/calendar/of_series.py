"""One visit of a series: this one, this and later, or all that are to come (features BK19)."""

from __future__ import annotations

import datetime as dt

from frontdesk.screens.base import DeskScreen
from frontdesk.screens.visits import leaving
from frontdesk.screens.visits.series import move_series
from frontdesk.services.series.series import CancelSeries, ChangeSeries, Scope, SeriesChanged, cancel_series
from frontdesk.services.sheets.day import DayEntry
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
    title = f"Cancel {entry.customer}, {scope.value.replace('_', ' ')}"
    wish = await leaving.ask_why(screen, title, entry.appointment_id)
    if wish is None:
        return None
    whole = CancelSeries(
        appointment_id=entry.appointment_id, scope=scope, reason=wish.reason, fee=wish.fee,
        waive_reason=wish.waive_reason,
    )  # fmt: skip
    return await screen.write(cancel_series, whole)


async def move(
    screen: DeskScreen, entry: DayEntry, scope: Scope, starts_at: dt.datetime, stylist_id: int | None
) -> SeriesChanged | None:
    """Move so much of the series; None when it was refused."""
    wish = ChangeSeries(appointment_id=entry.appointment_id, scope=scope, starts_at=starts_at, stylist_id=stylist_id)
    return await move_series(screen, wish)


def said(word: str, entry: DayEntry, changed: SeriesChanged) -> str:
    """`Moved 5 visits of Jane Doe; 1 stays as it is.`"""
    visits = "visit" if len(changed.changed) == 1 else "visits"
    left = f"; {len(changed.left)} left as they are" if changed.left else ""
    return f"{word} {len(changed.changed)} {visits} of {entry.customer}{left}."
