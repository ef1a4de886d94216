"""What is offered can be booked, and what is refused is refused for a reason that is true (features BK5)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.services.menu.own_terms import SetOwnTerms, set_own_terms
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.placing.accommodations import RememberAccommodation, remember_accommodation
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.placing.booking_wishes import Booked
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.team.shop_hours import BlockTime, block_time
from frontdesk.services.use_case import Work
from tests.seeds import seeds
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

CASES = 300 * len(seeds(0))
DAYS = tuple(day for day in range(9, 21) if day != 15)
"""Twelve days, without their Sunday; the first is today, at nine."""

ROOM = 3
STRIPS = {ANNA: 1, BO: 2}
SHIFTS = {ANNA: (9, 17), BO: (10, 18), None: (9, 18)}
BLOCKS = {(BO, 12): (march(12, 13), march(12, 14, 30)), (None, 13): (march(13, 11), march(13, 15))}
"""Bo has a lesson, and the room is painted."""

HANDS = {
    (CUT, ANNA): ((0, 45),),
    (CUT, BO): ((0, 50),),
    (BLOW_DRY, ANNA): ((0, 30),),
    (BLOW_DRY, BO): ((0, 30),),
    (COLOUR, ANNA): ((0, 30), (75, 105)),
    (COLOUR, BO): ((0, 30), (75, 105)),
    (MASSAGE, ANNA): ((0, 70),),
    (MASSAGE, BO): ((0, 60),),
}
"""From which minute to which the stylist is busy; Bo cuts slowly, and Jane's massage with Anna is longer."""


@dataclass(frozen=True)
class Case:
    """A wish."""

    service: int
    stylist: int | None
    starts_at: dt.datetime


Facts = Mapping[int, list[tuple[dt.datetime, dt.datetime]]]


def _book(ria: Desk, mo: Desk) -> None:
    """A busy book with blocks, own lengths and one agreement."""
    set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=CUT, minutes=50))
    remember_accommodation(
        ria, RememberAccommodation(customer_id=JANE, service_id=MASSAGE, stylist_id=ANNA, minutes=70, price=Decimal(90))
    )
    for (stylist, _), (starts_at, ends_at) in BLOCKS.items():
        resource = ROOM if stylist is None else STRIPS[stylist]
        block_time(mo, BlockTime(resource_id=resource, starts_at=starts_at, ends_at=ends_at, name="Closed"))
    draw = random.Random(11)
    for day in DAYS:
        for customer in (KIM, OLA, None, None, None, None):
            wish = (draw.choice((CUT, BLOW_DRY, COLOUR, MASSAGE)), draw.choice((ANNA, BO, None)))
            starts_at = march(day, draw.randint(9, 17), draw.choice((0, 15, 30, 45)))
            try:
                booked(ria, customer, starts_at, wish)
            except errors.Refusal:
                continue


def _cases() -> Iterator[Case]:
    draw = random.Random(5)
    for _ in range(CASES):
        day = draw.choice(DAYS)
        starts_at = march(day, draw.randint(8, 18), draw.choice((0, 15, 30, 45)))
        yield Case(draw.choice((CUT, BLOW_DRY, COLOUR, MASSAGE)), draw.choice((ANNA, BO, None)), starts_at)


def _facts(sessions: Sessions) -> Facts:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        rows = session.execute(text("SELECT resource_id, starts_at, ends_at FROM time_slots WHERE status = 'booked'"))
        found: dict[int, list[tuple[dt.datetime, dt.datetime]]] = {1: [], 2: [], 3: []}
        for resource, starts_at, ends_at in rows:
            found[resource].append((starts_at, ends_at))
    return found


def _true_reasons(case: Case, facts: Facts) -> set[type[errors.Refusal]]:
    """By brute force, from the rules and what lies in the book: nothing of the engine's."""
    if case.starts_at < march(9, 9):
        return {errors.InThePast}
    if case.stylist is None:
        each = [_true_reasons(Case(case.service, one, case.starts_at), facts) for one in (ANNA, BO)]
        if not all(each):
            return set()
        return {errors.NothingFree, *(reason for them in each for reason in them if reason is errors.NoResource)}
    reasons: set[type[errors.Refusal]] = set()
    needed = [_stretch(case, span) for span in HANDS[case.service, case.stylist]]
    if _met(facts[STRIPS[case.stylist]], needed):
        reasons.add(errors.StylistTaken)
    elif not _open(case.stylist, needed):
        reasons.add(errors.OutsideShift)
    if case.service == MASSAGE:
        room = [_stretch(case, (0, HANDS[case.service, case.stylist][0][1] + 15))]
        if _met(facts[ROOM], room) or not _open(None, room):
            reasons.add(errors.NoResource)
    return reasons


def _stretch(case: Case, span: tuple[int, int]) -> tuple[dt.datetime, dt.datetime]:
    return case.starts_at + dt.timedelta(minutes=span[0]), case.starts_at + dt.timedelta(minutes=span[1])


def _met(
    facts: list[tuple[dt.datetime, dt.datetime]], needed: list[tuple[dt.datetime, dt.datetime]]
) -> list[tuple[dt.datetime, dt.datetime]]:
    return [fact for fact in facts if any(start < fact[1] and fact[0] < end for start, end in needed)]


def _open(stylist: int | None, needed: list[tuple[dt.datetime, dt.datetime]]) -> bool:
    opens, closes = SHIFTS[stylist]
    day = needed[0][0].day
    block = [BLOCKS[stylist, day]] if (stylist, day) in BLOCKS else []
    return not _met(block, needed) and all(
        start >= march(day, opens) and end <= march(day, closes) for start, end in needed
    )


def _try(desk: Desk, sessions: Sessions, case: Case) -> Booked | errors.Refusal:
    """Book it as the service does, and take the transaction back."""
    wish = BookAppointment(
        customer_id=JANE,
        starts_at=case.starts_at,
        lines=(BookLine(service_id=case.service, stylist_id=case.stylist),),
    )
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        try:
            return make_visit(Work(desk, session), wish)
        except errors.Refusal as refused:
            return refused
        finally:
            session.rollback()


def _broken(case: Case, offered: bool, answer: Booked | errors.Refusal, facts: Facts) -> str | None:
    """How a case breaks the promise, if it does."""
    reasons = _true_reasons(case, facts)
    if offered != isinstance(answer, Booked):
        return f"{case} was {'offered' if offered else 'not offered'}: {answer}"
    if isinstance(answer, errors.Refusal) and type(answer) not in reasons:
        return f"{case} was refused with {answer}, and true is {reasons}"
    if isinstance(answer, Booked) and reasons:
        return f"{case} was booked in spite of {reasons}"
    if isinstance(answer, errors.StylistTaken) and case.stylist is not None:
        needed = [_stretch(case, span) for span in HANDS[case.service, case.stylist]]
        said = [f"{start:%H:%M}–{end:%H:%M}" for start, end in _met(facts[STRIPS[case.stylist]], needed)]
        if answer.facts["taken"] not in said:
            return f"{case} was refused with {answer}, and in the way are {said}"
    return None


def _offers(ria: Desk, minutes: int | None = None) -> dict[tuple[int, int | None], set[dt.datetime]]:
    first = dt.date(2026, 3, DAYS[0])
    return {
        (service, stylist): {
            free.starts_at
            for free in find_free(
                ria,
                FindFree(
                    service_id=service, stylist_id=stylist, customer_id=JANE, first_day=first, days=12, limit=0,
                    minutes=minutes,
                ),
            ).times
        }
        for service in (CUT, BLOW_DRY, COLOUR, MASSAGE)
        for stylist in (ANNA, BO, None)
    }  # fmt: skip


def test_every_offered_start_books_and_every_other_is_refused_for_a_true_reason(
    ria: Desk, mo: Desk, sessions: Sessions, clock: SetClock
) -> None:
    """Hundreds of random wishes, searched on the customer's own terms, against rules and book read by brute force.

    The control: with offers of a search that knows nobody's own length, the same cases break the promise.
    """
    _book(ria, mo)
    facts, offers, blind = _facts(sessions), _offers(ria), _offers(ria, minutes=105)
    broken: list[str] = []
    seen_through: list[str] = []
    kinds: set[str] = set()
    for case in _cases():
        answer = _try(ria, sessions, case)
        kinds.add(type(answer).__name__)
        key = (case.service, case.stylist)
        broken += filter(None, [_broken(case, case.starts_at in offers[key], answer, facts)])
        seen_through += filter(None, [_broken(case, case.starts_at in blind[key], answer, facts)])
    assert broken == []
    assert kinds == {"Booked", "StylistTaken", "OutsideShift", "NoResource", "NothingFree", "InThePast"}
    assert seen_through


def test_the_promise_holds_for_helpers_and_for_clean_up_after_hours(
    ria: Desk, mo: Desk, ada: Desk, sessions: Sessions
) -> None:
    """Every quarter of a day: what is offered books, and nothing else does."""
    parts = (
        ServicePartWish(kind="buffer", minutes=15, holds=("room",)),
        ServicePartWish(kind="active", minutes=45, holds=("lead", "assistant", "room")),
        ServicePartWish(kind="cleanup", minutes=30, holds=("lead", "room")),
    )
    service = add_service(mo, AddService(name="Spa", code="SPA", price=Decimal(90), parts=parts)).id
    booked(ria, KIM, march(10, 12), (CUT, ANNA))
    booked(ria, OLA, march(10, 9), (MASSAGE, ANNA))
    day = dt.date(2026, 3, 10)
    for overrun in (False, True):
        edit_shop_rules(ada, EditShopRules(cleanup_may_overrun=overrun))
        for stylist in (ANNA, BO, None):
            wish = FindFree(service_id=service, stylist_id=stylist, first_day=day, days=1, limit=0)
            offered = {free.starts_at for free in find_free(ria, wish).times}
            for quarter in range(8 * 4, 19 * 4):
                starts_at = march(10, quarter // 4, quarter % 4 * 15)
                answer = _try(ria, sessions, Case(service, stylist, starts_at))
                assert (starts_at in offered) == isinstance(answer, Booked), (stylist, starts_at, answer)
    assert max(offered) == march(10, 16, 15), "Anna's hands are needed until five, clean-up comes after"
