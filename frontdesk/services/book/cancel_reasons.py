"""Why visits are cancelled: the list to pick from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import CancelReason


@dataclass(frozen=True, kw_only=True)
class AddCancelReason(Write):
    """A reason to pick when a visit is cancelled."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ListCancelReasons:
    """The reasons to pick from."""

    all: bool = False
    """With those no longer offered."""


@dataclass(frozen=True)
class CancelReasonCard:
    """Why visits are cancelled."""

    id: int
    name: str
    is_active: bool


@dataclass(frozen=True)
class CancelReasons:
    """Reasons in their order."""

    reasons: tuple[CancelReasonCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_cancel_reason(work: Work, request: AddCancelReason) -> CancelReasonCard:
    """One more reason, at the end of the list. Raises BadInput, NameTaken."""
    name = given(request.name, "reason", "a word or two, like Ill", "name")
    place = work.session.execute(text("SELECT coalesce(max(position), 0) + 1 FROM cancel_reasons")).scalar_one()
    reason = CancelReason(name=name, position=place)
    work.session.add(reason)
    work.session.flush()
    work.tell("cancel_reason.added", reason.id)
    return CancelReasonCard(reason.id, name, True)


@use_case(Deed.SEE_BOOK)
def list_cancel_reasons(work: Work, request: ListCancelReasons) -> CancelReasons:
    """The reasons to pick from, in their order."""
    rows = work.session.execute(_REASONS, {"all": request.all})
    return CancelReasons(tuple(CancelReasonCard(*row) for row in rows))


_REASONS = text("SELECT id, name, is_active FROM cancel_reasons WHERE is_active OR :all ORDER BY position, id")
