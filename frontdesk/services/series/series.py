"""Visits that come again and again: planned with what is in the way, booked in one stroke (features BK19, BK31)."""

from __future__ import annotations

from frontdesk.permissions import Deed
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.series import series_making, series_plan, series_reading
from frontdesk.services.series.series_making import SeriesClash
from frontdesk.services.series.series_wishes import (
    BookSeries,
    CancelSeries,
    ChangeSeries,
    ListSeries,
    PlanSeries,
    Scope,
    SeriesChanged,
    SeriesList,
    SeriesPick,
    SeriesPlan,
    SeriesSheet,
    ShowSeries,
)
from frontdesk.services.use_case import Work, use_case

__all__ = [
    "BookSeries", "CancelSeries", "ChangeSeries", "ListSeries", "PlanSeries", "Scope", "SeriesChanged", "SeriesClash",
    "SeriesList", "SeriesPick", "SeriesPlan", "SeriesSheet", "ShowSeries", "book_series", "cancel_series",
    "change_series", "list_series", "plan_series", "show_series",
]  # fmt: skip


@use_case(Deed.BOOK, before=lay_out_first)
def plan_series(work: Work, request: PlanSeries) -> SeriesPlan:
    """Every date of a series with what is in its way, and the nearest that is free instead.

    Raises BadInput for a series without an end, NothingAsked, NotFound, CannotDo.
    """
    return series_plan.plan(work, request)


@use_case(Deed.BOOK, before=lay_out_first)
def book_series(work: Work, request: BookSeries) -> SeriesSheet:
    """Book every date that is not skipped, all of them or none; taken back in one stroke.

    Raises BadInput for a date that no clock shows or that comes twice, SeriesClash naming every date that is in the
    way, and what `booking.book` raises.
    """
    return series_making.make_series(work, request)


@use_case(Deed.BOOK, before=lay_out_first)
def change_series(work: Work, request: ChangeSeries) -> SeriesChanged:
    """Move one visit of a series, or all from it on, or all that are to come; taken back in one stroke.

    Dates that were skipped or cancelled stay so. Raises NotFound, SeriesClash, TimeSkipped, WrongStage.
    """
    return series_making.change(work, request)


@use_case(Deed.BOOK)
def cancel_series(work: Work, request: CancelSeries) -> SeriesChanged:
    """Cancel one visit of a series, or all from it on, or all that are to come; taken back in one stroke.

    Raises NotFound, ReasonMissing, WrongStage, FeeUndecided.
    """
    return series_making.cancel(work, request)


@use_case(Deed.SEE_BOOK)
def show_series(work: Work, request: ShowSeries) -> SeriesSheet:
    """A series with what became of each date. Raises NotFound."""
    if request.series_id is None and request.appointment_id is not None:
        return series_making.series_of_visit(work, request.appointment_id)
    return series_reading.sheet_of(work, request.series_id or 0)


@use_case(Deed.SEE_BOOK)
def list_series(work: Work, request: ListSeries) -> SeriesList:
    """The series that still have visits to come, the next visit first."""
    return SeriesList(series_reading.sheets_of(work, series_reading.to_come(work, request.customer_id)))
