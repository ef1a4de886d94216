"""Cancellations and fees that go with lines when their leaving is taken back, or done again. Private to `undo`.

A line may have been left and put back several times; each time has rows of its own, told apart by when it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.rules.states import Status
from frontdesk.services.book import fees
from frontdesk.services.book.restoring import Way, forget_cancellation
from frontdesk.services.use_case import Work

_CANCELLED = frozenset({Status.CANCELLED, Status.LATE_CANCELLED})
_FEES = {Status.LATE_CANCELLED: "late_cancel", Status.NO_SHOW: "no_show"}
_LEFT = _CANCELLED | {Status.NO_SHOW}


def follow(work: Work, way: Way, at: dt.datetime, *, left_then: bool) -> None:
    """What counts of a visit's cancellations and fees on this way, for an action of that moment.

    `left_then`: it was the action that the lines were left by; else the one that put them back. Raises FeePaid.
    """
    pairs = way.pairs()
    cancelled_no_more = [w.id for w, s in pairs if w.status in _CANCELLED and s.status not in _CANCELLED]
    if cancelled_no_more:
        forget_cancellation(work, way.visit.id, cancelled_no_more)
    left_no_more = [was.id for was, shall in pairs if was.status in _LEFT and shall.status not in _LEFT]
    if left_no_more:
        fees.take_back(work, left_no_more)
    again = {s.id: s.status for w, s in pairs if w.status not in _LEFT and s.status in _LEFT}
    if again:
        _recall(work, way.visit.id, again, at, left_then=left_then)


def _recall(work: Work, visit_id: int, again: dict[int, Status], at: dt.datetime, *, left_then: bool) -> None:
    asked: dict[str, object] = {"visit": visit_id, "at": at}
    cancelled = [line for line, status in again.items() if status in _CANCELLED]
    if cancelled:
        work.session.execute(_CANCELLED_FROM if left_then else _CANCELLED_BEFORE, {**asked, "lines": cancelled})
    for status, kind in _FEES.items():
        lines: Sequence[int] = [line for line, its in again.items() if its is status]
        if lines:
            work.session.execute(_OWED_FROM if left_then else _OWED_BEFORE, {"lines": lines, "kind": kind, "at": at})


# An action is remembered and its rows are written in one breath, in whichever order.
_THEN = "{column} >= CAST(:at AS timestamptz) - interval '5 seconds' ORDER BY id"
_BEFORE = "{column} <= :at ORDER BY id DESC"
_CANCELLATION = """
    UPDATE appointment_cancellations SET taken_back_at = NULL WHERE taken_back_at IS NOT NULL AND id = (
        SELECT id FROM appointment_cancellations
         WHERE appointment_id = :visit AND (appointment_service_id IS NULL OR appointment_service_id = ANY (:lines))
           AND {which} LIMIT 1)
"""
_FEE = """
    UPDATE appointment_fees SET taken_back_at = NULL WHERE taken_back_at IS NOT NULL AND id IN (
        SELECT (SELECT id FROM appointment_fees
                 WHERE appointment_service_id = line AND kind = :kind AND {which} LIMIT 1)
          FROM unnest(CAST(:lines AS bigint[])) AS line)
"""
_CANCELLED_FROM = text(_CANCELLATION.format(which=_THEN.format(column="cancelled_at")))
_CANCELLED_BEFORE = text(_CANCELLATION.format(which=_BEFORE.format(column="cancelled_at")))
_OWED_FROM = text(_FEE.format(which=_THEN.format(column="at")))
_OWED_BEFORE = text(_FEE.format(which=_BEFORE.format(column="at")))
