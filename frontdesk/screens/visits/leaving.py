"""Leaving a visit by keyboard: line or visit, why, what it costs, and why less is asked for (features BK26, CI7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.screens.base import DeskScreen
from frontdesk.services.book import visits
from frontdesk.services.book.cancel_reasons import ListCancelReasons, list_cancel_reasons
from frontdesk.services.book.fees import LeavingCost, WhatLeavingCosts, what_leaving_costs
from frontdesk.services.book.visits import LeaveVisit, Stepped
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question


@dataclass(frozen=True)
class OnLine:
    """The line of a visit under the cursor."""

    appointment_id: int
    line_id: int
    customer: str
    service: str
    starts_at: dt.datetime
    lines: int = 1
    """How many lines of the visit are still to come."""


async def cancel(screen: DeskScreen, on: OnLine) -> Stepped | None:
    """Ask line or visit, why and what of the fee, and cancel; None when it was left as it is, or refused."""
    line_ids: tuple[int, ...] = ()
    if on.lines > 1:
        only = await _only_the_line(screen, on)
        if only is None:
            return None
        line_ids = (on.line_id,) if only else ()
    what = on.service if line_ids or on.lines == 1 else "the whole visit"
    wish = await ask_why(screen, f"Cancel {on.customer}, {what}", on.appointment_id, line_ids)
    return None if wish is None else await screen.write(visits.cancel, wish)


async def ask_why(
    screen: DeskScreen, title: str, appointment_id: int, line_ids: tuple[int, ...] = ()
) -> LeaveVisit | None:
    """Ask why, and what of the fee; None when it was left as it is. Nothing is cancelled yet."""
    cost = await screen.ask(what_leaving_costs, WhatLeavingCosts(appointment_id=appointment_id, line_ids=line_ids))
    listed = await screen.ask(list_cancel_reasons, ListCancelReasons())
    offers = [Offer(reason.name, reason.name) for reason in listed.reasons]
    why = Field("reason", "Why", find=among(offers) if offers else None)
    return await screen.fill(_form(screen, title, [why], cost, line_ids))


async def no_show(screen: DeskScreen, on: OnLine) -> Stepped | None:
    """They did not come: at once where that costs nothing, else with the fee to decide on."""
    cost = await screen.ask(what_leaving_costs, WhatLeavingCosts(appointment_id=on.appointment_id, no_show=True))
    wish: LeaveVisit | None = LeaveVisit(appointment_id=on.appointment_id)
    if cost.total:
        wish = await screen.fill(_form(screen, f"{on.customer} did not come", [], cost, ()))
    return None if wish is None else await screen.write(visits.no_show, wish)


async def _only_the_line(screen: DeskScreen, on: OnLine) -> bool | None:
    ways = [
        Answer("v", "the whole visit", False),
        Answer("l", f"only {on.service} at {screen.wall(on.starts_at)}", True),
    ]
    return await screen.app.wait_for(Question(f"Cancel what of {on.customer}?", ways))


def _form(
    screen: DeskScreen, title: str, fields: list[Field], cost: LeavingCost, line_ids: tuple[int, ...]
) -> Form[LeaveVisit]:
    """Why, and where there is a fee: what of it is asked for, and why not all of it."""
    shop = screen.desk.shop
    if cost.total:
        proposed = number_text(cost.total, shop.currency, shop.locale)
        fields = [
            *fields,
            Field("fee", "Fee", value=proposed, hint="0 lets it pass"),
            Field("waive", "Why less", hint=f"needed when less than {proposed} is asked for"),
        ]

    async def save(filled: Filled) -> LeaveVisit:
        reason = filled.typed.get("reason", "").strip()
        if "reason" in filled.typed and not reason:
            raise BadInput("Say why in a few words.", field="reason")
        fee = _fee(screen, cost, filled)
        waive = filled["waive"] if cost.total else ""
        if fee is not None and fee < cost.total and not waive:
            raise BadInput("Say why less is asked for, or ask for all of it.", field="waive")
        return LeaveVisit(
            appointment_id=cost.appointment_id, line_ids=line_ids, reason=reason, fee=fee, waive_reason=waive
        )

    async def preview(filled: Filled) -> str:
        return _said(cost)

    return Form(title, fields, save, preview=preview if _said(cost) else None)


def _fee(screen: DeskScreen, cost: LeavingCost, filled: Filled) -> Decimal | None:
    if not cost.total:
        return None
    shop = screen.desk.shop
    fee = parse_money(filled["fee"] or "0", shop.currency, shop.locale, "fee")
    if fee > cost.total:
        most = number_text(cost.total, shop.currency, shop.locale)
        raise BadInput(f"The policy asks for {most} at most.", field="fee")
    return fee


def _said(cost: LeavingCost) -> str:
    if cost.total:
        return cost.words
    return "Late, and nothing is asked: they come for the rest of the visit." if cost.is_late and cost.stays else ""
