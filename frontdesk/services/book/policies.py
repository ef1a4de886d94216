"""What leaving late and not coming cost: one rule for all services, and others for some (features BK26)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import money_text, percent_text
from frontdesk.permissions import Deed
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case

_LONGEST_NOTICE = 525_600
_HOUR, _DAY = 60, 1440


@dataclass(frozen=True, kw_only=True)
class SetPolicy(Write):
    """What a service's late cancellations and no-shows cost; every other service's when none is named."""

    service_id: int | None = None
    notice_minutes: int
    """Less notice than this is late."""
    late_percent: Decimal | None = None
    """Share of the price that a late cancellation costs; or a flat sum, or nothing."""
    late_flat: Decimal | None = None
    no_show_percent: Decimal | None = None
    no_show_flat: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class RemovePolicy(Write):
    """The policy of a service, or the one for every other when none is named."""

    service_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ListPolicies:
    """All of them."""


@dataclass(frozen=True)
class PolicyCard:
    """What leaving costs."""

    service_id: int | None
    service: str
    """`every other service` of the one that holds for the rest."""
    notice_minutes: int
    late_percent: Decimal | None
    late_flat: Decimal | None
    no_show_percent: Decimal | None
    no_show_flat: Decimal | None
    words: str
    """`with less than 24 h notice 50 %, no-show 100 %`."""


@dataclass(frozen=True)
class Policies:
    """The one for every other service first, then those of single services by name."""

    policies: tuple[PolicyCard, ...]


@use_case(Deed.SEE_BOOK)
def list_policies(work: Work, request: ListPolicies) -> Policies:
    """What leaving late and not coming cost."""
    return Policies(tuple(_cards(work)))


@use_case(Deed.EDIT_CATALOGUE)
def set_policy(work: Work, request: SetPolicy) -> PolicyCard:
    """From now on leaving costs this. What was charged before stays. Raises BadInput, NotFound."""
    if not 0 <= request.notice_minutes <= _LONGEST_NOTICE:
        raise BadInput("The notice has to be between 0 minutes and a year.", field="notice_minutes")
    facts = {
        "service": request.service_id,
        "notice": request.notice_minutes,
        **_charge(work, "late", request.late_percent, request.late_flat),
        **_charge(work, "no_show", request.no_show_percent, request.no_show_flat),
    }
    if request.service_id is not None:
        known = text("SELECT id FROM services WHERE id = :id")
        if work.session.execute(known, {"id": request.service_id}).scalar() is None:
            raise NotFound(what="service", name=request.service_id, remedy="Look at the list of services.")
    policy_id = work.session.execute(_SET, facts).scalar_one()
    work.tell("policy.changed", policy_id)
    return next(card for card in _cards(work) if card.service_id == request.service_id)


@use_case(Deed.EDIT_CATALOGUE)
def remove_policy(work: Work, request: RemovePolicy) -> Policies:
    """The policy no longer holds; what was charged before stays. Raises NotFound."""
    gone = work.session.execute(_REMOVE, {"service": request.service_id}).scalar()
    if gone is None:
        name = "for every other service" if request.service_id is None else f"of service {request.service_id}"
        raise NotFound(what="policy", name=name, remedy="Look at the list with frontdesk policy list.")
    work.tell("policy.removed", gone)
    return Policies(tuple(_cards(work)))


def _charge(work: Work, what: str, percent: Decimal | None, flat: Decimal | None) -> dict[str, Decimal | None]:
    name = {"late": "late cancellation", "no_show": "no-show"}[what]
    if percent is not None and flat is not None:
        raise BadInput(f"A {name} costs a share or a flat sum: say one of the two.", field=f"{what}_percent")
    if percent is not None and not 0 <= percent <= 100:
        raise BadInput("A share has to be between 0 and 100 %.", field=f"{what}_percent")
    return {f"{what}_percent": percent, f"{what}_flat": None if flat is None else amount_of(work, flat, name)}


def _cards(work: Work) -> list[PolicyCard]:
    found = []
    for row in work.session.execute(_POLICIES):
        late = _said(work, row.late_percent, row.late_flat)
        missed = _said(work, row.no_show_percent, row.no_show_flat)
        words = f"with less than {notice_said(row.notice_minutes)} notice {late}, no-show {missed}"
        name = row.service or "every other service"
        found.append(
            PolicyCard(
                row.service_id, name, row.notice_minutes, row.late_percent, row.late_flat, row.no_show_percent,
                row.no_show_flat, words,
            )
        )  # fmt: skip
    return found


def _said(work: Work, percent: Decimal | None, flat: Decimal | None) -> str:
    if percent is not None:
        return percent_text(percent, work.shop.locale)
    return "nothing" if flat is None else money_text(flat, work.shop.currency, work.shop.locale)


def notice_said(minutes: int) -> str:
    """`24 h`, `3 days`, `90 min`."""
    if minutes and minutes % _DAY == 0 and minutes > _DAY:
        return f"{minutes // _DAY} days"
    return f"{minutes // _HOUR} h" if minutes and minutes % _HOUR == 0 else f"{minutes} min"


_POLICIES = text("""
    SELECT p.service_id, CAST(v.name AS text) AS service, p.notice_minutes, p.late_percent, p.late_flat,
           p.no_show_percent, p.no_show_flat
      FROM cancellation_policies p LEFT JOIN services v ON v.id = p.service_id
     ORDER BY p.service_id IS NOT NULL, v.name, v.id
""")
_SET = text("""
    INSERT INTO cancellation_policies
        (service_id, notice_minutes, late_percent, late_flat, no_show_percent, no_show_flat)
    VALUES (:service, :notice, :late_percent, :late_flat, :no_show_percent, :no_show_flat)
    ON CONFLICT ON CONSTRAINT cancellation_policies_key DO UPDATE
       SET notice_minutes = excluded.notice_minutes, late_percent = excluded.late_percent,
           late_flat = excluded.late_flat, no_show_percent = excluded.no_show_percent,
           no_show_flat = excluded.no_show_flat
    RETURNING id
""")
_REMOVE = text("DELETE FROM cancellation_policies WHERE service_id IS NOT DISTINCT FROM :service RETURNING id")
