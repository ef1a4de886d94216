"""A day put together again: somebody ill, late, overrunning, a room out of order."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.reshuffling import (
    ApplyProposal,
    Proposal,
    ProposeLate,
    ProposeOutage,
    ProposeOverrun,
    ProposeSick,
    apply_proposal,
    propose_late,
    propose_outage,
    propose_overrun,
    propose_sick,
)
from frontdesk.services.book.visits import StepVisit, start
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.book.test_changing import busy
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march
from tests.services.undo.test_undo import book_of, sheet


def says(proposal: Proposal) -> list[str]:
    return [f"{visit.customer}: {visit.says}" for visit in proposal.visits]


def all_of(proposal: Proposal) -> ApplyProposal:
    stays = tuple(visit.appointment_id for visit in proposal.visits if visit.step is None)
    return ApplyProposal(steps=proposal.steps, leave=proposal.leave, stays=stays)


def with_time_off(desk: Desk) -> tuple[object, list[str]]:
    """The book and the roster."""
    with transaction(desk) as session:
        off = session.execute(text("SELECT (to_jsonb(t) - 'id' - 'created_at')::text FROM time_off t ORDER BY id"))
        return book_of(desk), list(off.scalars())


def test_anna_is_ill_and_her_day_goes_elsewhere_in_one_stroke_and_comes_back_in_one(mo: Desk, ria: Desk) -> None:
    booked(mo, JANE, march(10, 11), (CUT, ANNA))
    booked(mo, KIM, march(10, 12), (COLOUR, ANNA))
    booked(mo, OLA, march(10, 14), (MASSAGE, ANNA), (BLOW_DRY, ANNA))
    booked(mo, None, march(10, 9), (CUT, ANNA))
    booked(mo, None, march(10, 12, 15), (BLOW_DRY, BO))
    before = with_time_off(mo)
    proposal = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    assert proposal.title == "Anna is ill on Tue 10 Mar"
    assert (
        says(proposal)
        == [
            "somebody without a name: 10:00 with Bo instead of 09:00",
            "Jane Doe: 11:00 with Bo, as agreed",
            "Kim Lee: 12:45 with Bo instead of 12:00",
            "Ola Berg: 14:45 with Bo instead of 14:00",
        ]
        or says(proposal)[1] == "Jane Doe: 11:00 with Bo, as agreed"
    )
    assert with_time_off(mo) == before
    applied = apply_proposal(mo, all_of(proposal))
    assert applied.sentence == "4 visits shifted, time off written down."
    assert busy(mo, ANNA) == []
    after = with_time_off(mo)
    assert examine_data(mo, ExamineData()).findings == ()
    assert undo_last(mo, UndoLast()).sentence == "Taken back: 4 visits shifted."
    assert with_time_off(mo) == before
    assert redo_last(mo, RedoLast()).sentence == "Done again: 4 visits shifted."
    assert with_time_off(mo) == after
    hers = propose_sick(ria, ProposeSick(stylist_id=BO, day=march(10, 0).date()))
    assert (hers.leave, hers.also) == (
        None,
        ("A manager has to write down that Bo is away; until then the column can be booked.",),
    )
    with pytest.raises(errors.NotAllowed):
        apply_proposal(ria, ApplyProposal(steps=(), leave=proposal.leave))


def test_who_fits_nowhere_is_on_the_call_list_with_their_phone(mo: Desk) -> None:
    for hour in range(10, 17):
        booked(mo, None, march(10, hour), (CUT, BO), (CUT, BO), overbook_reason="Full")
    booked(mo, JANE, march(10, 11), (CUT, ANNA))
    before = with_time_off(mo)
    proposal = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    assert says(proposal) == ["Jane Doe: call: nobody who does Cut is free that day"]
    assert [call.phone for call in proposal.calls] == ["+447700900123"]
    apply_proposal(mo, all_of(proposal))
    undo_last(mo, UndoLast())
    assert with_time_off(mo) == before


def test_a_proposal_names_what_has_changed_in_between_and_applies_nothing(mo: Desk, ria: Desk) -> None:
    jane = booked(ria, JANE, march(10, 11), (CUT, ANNA)).appointment_id
    booked(ria, KIM, march(10, 12), (CUT, ANNA))
    proposal = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    move(ria, MoveAppointment(appointment_id=jane, starts_at=march(10, 15)))
    before = with_time_off(mo)
    with pytest.raises(errors.ChangedVisit, match="Ria has changed visit .* of Jane Doe meanwhile. Nothing was done"):
        apply_proposal(mo, all_of(proposal))
    assert with_time_off(mo) == before
    again = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    booked(ria, OLA, march(10, 9), (CUT, ANNA))
    with pytest.raises(errors.BookedMeanwhile, match="of Ola Berg has come into the book"):
        apply_proposal(mo, all_of(again))
    booked(ria, None, march(10, 12), (CUT, BO))
    with pytest.raises(errors.StylistTaken):
        apply_proposal(mo, ApplyProposal(steps=again.steps))


def test_twelve_visits_keep_whom_they_like_and_break_no_rule(mo: Desk) -> None:
    with transaction(mo, uuid4()) as session:
        session.execute(text("UPDATE customers SET preferred_stylist_id = 2 WHERE id = 1"))
        session.execute(text("INSERT INTO resources (shop_id, kind, name) VALUES (1, 'stylist', 'Cy')"))
        session.execute(text(
            "INSERT INTO stylists (resource_id, first_name) SELECT id, 'Cy' FROM resources WHERE name = 'Cy'"
        ))  # fmt: skip
        session.execute(text(
            "INSERT INTO weekly_shifts (stylist_id, shop_id, weekday, starts, ends, valid_from)"
            " SELECT s.id, 1, d, '09:00', '17:00', '2026-01-01' FROM generate_series(1, 6) d, stylists s"
            " WHERE s.first_name = 'Cy'"
        ))  # fmt: skip
    for at in range(11):
        booked(mo, None, march(10, 9 + at * 40 // 60, at * 40 % 60), (BLOW_DRY, ANNA))
    booked(mo, JANE, march(10, 16, 30), (BLOW_DRY, ANNA))
    booked(mo, None, march(10, 10), (COLOUR, BO))
    proposal = propose_sick(mo, ProposeSick(stylist_id=ANNA, day=march(10, 0).date()))
    assert len(proposal.visits) == 12
    assert proposal.visits[-1].says == "16:30 with Bo, as agreed, whom they like"
    assert proposal.calls == ()
    apply_proposal(mo, all_of(proposal))
    assert busy(mo, ANNA) == []
    assert examine_data(mo, ExamineData()).findings == ()


def test_bo_is_late_and_his_column_takes_up_its_slack(ria: Desk, mo: Desk) -> None:
    jane = booked(ria, JANE, march(9, 10), (CUT, BO)).appointment_id
    kim = booked(ria, KIM, march(9, 10, 45), (CUT, BO)).appointment_id
    ola = booked(ria, OLA, march(9, 12), (CUT, BO)).appointment_id
    before = book_of(ria)
    proposal = propose_late(ria, ProposeLate(stylist_id=BO, minutes=20))
    assert (proposal.title, says(proposal)) == (
        "Bo is 20 minutes late",
        ["Jane Doe: 10:20 instead of 10:00", "Kim Lee: 11:05 instead of 10:45"],
    )
    assert [call.customer for call in proposal.calls] == ["Jane Doe", "Kim Lee"]
    apply_proposal(ria, all_of(proposal))
    assert [sheet(ria, v).starts_at for v in (jane, kim, ola)] == [march(9, 10, 20), march(9, 11, 5), march(9, 12)]
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee shifted."
    assert book_of(ria) == before
    with pytest.raises(errors.BadInput, match="how many minutes"):
        propose_late(ria, ProposeLate(stylist_id=BO, minutes=0))


def test_an_overrun_pushes_the_day(ria: Desk, mo: Desk, clock: SetClock) -> None:
    jane = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
    kim = booked(ria, KIM, march(9, 10, 45), (CUT, ANNA)).appointment_id
    line = sheet(ria, jane).lines[0].id
    with pytest.raises(errors.WrongStage, match="Only a service under way"):
        propose_overrun(ria, ProposeOverrun(line_id=line))
    clock.set(march(9, 10))
    start(ria, StepVisit(appointment_id=jane))
    clock.set(march(9, 10, 55))
    before = book_of(ria)
    proposal = propose_overrun(ria, ProposeOverrun(line_id=line, minutes=5))
    assert (proposal.title, says(proposal)) == (
        "Jane Doe's Cut runs until 11:00",
        ["Kim Lee: 11:00 instead of 10:45"],
    )
    apply_proposal(ria, all_of(proposal))
    assert (sheet(ria, jane).ends_at, sheet(ria, kim).starts_at) == (march(9, 11), march(9, 11))
    assert busy(ria, ANNA, 9) == ["10:00-11:00", "11:00-11:45"]
    assert examine_data(mo, ExamineData()).findings == ()
    assert undo_last(ria, UndoLast()).sentence == "Taken back: Jane Doe and Kim Lee shifted."
    assert book_of(ria) == before


def test_a_burst_pipe_sends_massages_to_another_room_or_time(ria: Desk, mo: Desk) -> None:
    with transaction(mo, uuid4()) as session:
        session.execute(text("INSERT INTO resources (shop_id, kind, name) VALUES (1, 'room', 'Room 2')"))
    other = booked(ria, KIM, march(10, 11), (MASSAGE, BO)).appointment_id
    one = booked(ria, JANE, march(10, 11), (MASSAGE, ANNA)).appointment_id
    room = 3
    proposal = propose_outage(ria, ProposeOutage(resource_id=room, since=march(10, 10), until=march(10, 14)))
    assert says(proposal) == ["Jane Doe: 12:15 with Room 2 instead of 11:00"]
    apply_proposal(ria, all_of(proposal))
    assert sheet(ria, one).starts_at == march(10, 12, 15)
    assert (busy(ria, room), sheet(ria, other).starts_at) == ([], march(10, 11))
    assert examine_data(mo, ExamineData()).findings == ()
    undo_last(ria, UndoLast())
    assert busy(ria, room) == ["11:00-12:00", "12:00-12:15"]
    assert Decimal(sheet(ria, one).lines[0].price) == Decimal(80)
