"""Bank transfers that are awaited, and those that arrive (features 6.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.permissions import Deed
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid, receivables
from frontdesk.services.prepaid.receivables import ToCome
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ListTransfers:
    """Transfers that have not arrived."""

    all: bool = False


@dataclass(frozen=True)
class Transfers:
    """The oldest first."""

    transfers: tuple[ToCome, ...]
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class EnterArrival(Write):
    """A transfer is on the account."""

    transfer_id: int
    amount: Decimal | None = None
    """All of it when it is not said."""
    arrived_on: dt.date | None = None
    """Today when it is not said."""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class GiveUpTransfer(Write):
    """It will never come."""

    transfer_id: int
    reason: str


@use_case(Deed.SELL)
def list_transfers(work: Work, request: ListTransfers) -> Transfers:
    """What has not arrived, and what waits for it."""
    return _transfers(work, all_of_them=request.all)


@use_case(Deed.SELL)
def arrived(work: Work, request: EnterArrival) -> Transfers:
    """Enter that a transfer is there: what it pays for counts from now on. Raises NotFound, NotToCome, BadInput."""
    one = _transfer(work, request.transfer_id)
    amount = one.left if request.amount is None else amount_of(work, request.amount, "amount")
    if not amount:
        raise BadInput("Nothing of that transfer is still to come. Look at the list of transfers.", field="amount")
    if request.arrived_on and request.arrived_on > work.desk.today:
        raise BadInput("That day has not come yet. Say on which day it arrived.", field="arrived_on")
    receivables.enter(work, one.id, "arrived", -amount, Because(reason=clean(request.reference)), request.arrived_on)
    work.tell("transfer.arrived", one.id)
    return _transfers(work)


@use_case(Deed.GIVE_CREDIT)
def give_up(work: Work, request: GiveUpTransfer) -> Transfers:
    """Stop waiting for a transfer, with a reason. Raises NotFound, ReasonMissing, BadInput."""
    why = clean(request.reason)
    if not why:
        raise ReasonMissing
    one = _transfer(work, request.transfer_id)
    if not one.left:
        raise BadInput("Nothing of that transfer is still to come. Look at the list of transfers.", field="transfer")
    receivables.enter(work, one.id, "written_off", -one.left, Because(reason=why))
    work.tell("transfer.given_up", one.id)
    return _transfers(work)


def _transfer(work: Work, transfer_id: int) -> ToCome:
    found = receivables.to_come(work, "ids", ids=[transfer_id])
    if not found or found[0].kind != "transfer":
        raise NotFound(what="transfer", name=transfer_id, remedy="Look at frontdesk transfer list.")
    return found[0]


def _transfers(work: Work, *, all_of_them: bool = False) -> Transfers:
    found = tuple(receivables.to_come(work, "kind", kind="transfer", all=all_of_them))
    return Transfers(found, sum((one.left for one in found), prepaid.nothing(work)))
