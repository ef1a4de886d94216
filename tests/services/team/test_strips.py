"""What is always true of strips, whatever is done to the book in whatever order."""

from __future__ import annotations

import datetime as dt
import random
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.book.booking import BookAppointment, BookLine, MoveAppointment, book, move
from frontdesk.services.book.visits import LeaveVisit, StepVisit, arrive, cancel, finish, no_show, put_back
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.team import slots
from tests.seeds import seeds
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, MASSAGE, booked, march

DAYS = [dt.date(2026, 3, day) for day in (10, 11)]

FACTS_OVERLAP = """
    SELECT count(*) FROM time_slots a JOIN time_slots b
        ON a.resource_id = b.resource_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
"""
FACTS_MISSING_OR_LEFT_OVER = """
    SELECT count(*) FROM appointment_parts p JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN time_slots t ON t.part_id = p.id
     WHERE (t.id IS NOT NULL) <> (p.resource_id IS NOT NULL
            AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
            AND NOT (l.overbooked AND p.role = 'lead'))
"""


def _one(desk: Desk, question: str) -> int:
    with transaction(desk) as session:
        return int(session.execute(text(question)).scalar_one())


def _changed_by_a_rebuild(desk: Desk) -> int:
    with transaction(desk, uuid4()) as session:
        days = [(resource, day) for resource in (1, 2, 3) for day in DAYS]
        slots.hold(session, days)
        return slots.rebuild(session, days, desk.clock.now())


def _something(desk: Desk, dice: random.Random, visits: list[int]) -> None:
    def when() -> dt.datetime:
        return march(dice.choice((10, 11)), dice.randint(8, 17), dice.choice((0, 10, 15, 30, 45)))

    def lines() -> tuple[BookLine, ...]:
        return tuple(
            BookLine(service_id=dice.choice((CUT, COLOUR, MASSAGE)), stylist_id=dice.choice((ANNA, BO, None)))
            for _ in range(dice.randint(1, 2))
        )

    deed = dice.choice(("book", "book", "book", "squeeze", "move", "cancel", "no show", "arrive", "finish", "back"))
    if deed in ("book", "squeeze"):
        reason = "regular" if deed == "squeeze" else None
        wish = BookAppointment(customer_id=None, starts_at=when(), lines=lines(), overbook_reason=reason)
        visits.append(book(desk, wish).appointment_id)
    elif visits:
        visit = dice.choice(visits)
        if deed == "move":
            stylist = dice.choice((ANNA, BO, None))
            move(desk, MoveAppointment(appointment_id=visit, starts_at=when(), stylist_id=stylist))
        elif deed in ("cancel", "no show", "back"):
            leave = {"cancel": cancel, "no show": no_show, "back": put_back}[deed]
            leave(desk, LeaveVisit(appointment_id=visit, reason="dice"))
        else:
            step = {"arrive": arrive, "finish": finish}[deed]
            step(desk, StepVisit(appointment_id=visit))


@pytest.mark.parametrize("seed", range(2 * len(seeds(0))))
def test_facts_never_overlap_and_the_rest_is_always_derived(ria: Desk, seed: int) -> None:
    dice, visits = random.Random(seed), list[int]()
    done = 0
    for _ in range(40):
        try:
            _something(ria, dice, visits)
        except Refusal:
            continue
        done += 1
    assert done > 10
    assert _one(ria, FACTS_OVERLAP) == 0
    assert _one(ria, FACTS_MISSING_OR_LEFT_OVER) == 0
    assert _changed_by_a_rebuild(ria) == 0


def test_dropping_every_derived_piece_and_rebuilding_gives_the_same_rows(ria: Desk) -> None:
    find_free(ria, FindFree(service_id=CUT))
    booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    pieces = "SELECT md5(string_agg(concat_ws('|', resource_id, starts_at, ends_at, status, reason), ',' ORDER BY resource_id, starts_at)) FROM time_slots WHERE starts_at >= '2026-03-10' AND starts_at < '2026-03-12'"  # noqa: E501
    with transaction(ria, uuid4()) as session:
        before = session.execute(text(pieces)).scalar_one()
        session.execute(text("DELETE FROM time_slots WHERE status NOT IN ('booked', 'held')"))
        assert session.execute(text(pieces)).scalar_one() != before
        slots.rebuild(session, [(r, day) for r in (1, 2, 3) for day in DAYS], ria.clock.now())
        assert session.execute(text(pieces)).scalar_one() == before


def test_a_lapsed_hold_is_purged_by_whoever_holds_the_strip_next(ria: Desk) -> None:
    booked(ria, JANE, march(10, 9))
    with transaction(ria, uuid4()) as session:
        session.execute(
            text(
                "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, held_by, held_until,"
                " hold_key)"
                " VALUES (1, 1, '2026-03-10 15:00Z', '2026-03-10 15:45Z', 'held', 1, '2026-03-09 08:59Z',"
                " gen_random_uuid())"
            )
        )
    booked(ria, None, march(10, 12))
    assert _one(ria, "SELECT count(*) FROM time_slots WHERE status = 'held'") == 0
    assert booked(ria, None, march(10, 15)).code


def test_a_fact_put_by_hand_without_a_rebuild_is_found(ria: Desk) -> None:
    """The negative control of the property above."""
    find_free(ria, FindFree(service_id=CUT))
    with transaction(ria, uuid4()) as session:
        session.execute(
            text(
                "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, held_by, held_until,"
                " hold_key)"
                " VALUES (1, 1, '2026-03-10 15:00Z', '2026-03-10 15:45Z', 'held', 1, 'infinity', gen_random_uuid())"
            )
        )
    assert _one(ria, FACTS_OVERLAP) == 1
