"""States of lines and visits."""

from __future__ import annotations

import pytest

from frontdesk.rules.states import (
    EXITS,
    STAGES,
    Status,
    Step,
    is_backwards,
    may_become,
    next_part,
    status_before,
    visit_status,
    way_taken,
)


def test_every_state_has_a_letter_of_its_own() -> None:
    assert len({status.letter for status in Status}) == len(Status)


@pytest.mark.parametrize("status", sorted(EXITS))
def test_nothing_leaves_an_exit_by_an_ordinary_step(status: Status) -> None:
    assert not any(may_become(status, wish) for wish in Status)


def test_stages_may_be_skipped_forwards_only() -> None:
    assert may_become(Status.PENDING, Status.COMPLETED)
    assert not may_become(Status.COMPLETED, Status.ARRIVED)
    assert is_backwards(Status.COMPLETED, Status.ARRIVED)
    assert is_backwards(Status.NO_SHOW, Status.PENDING)
    assert not is_backwards(Status.PENDING, Status.NO_SHOW)


@pytest.mark.parametrize(
    ("lines", "visit"),
    [
        ("pending confirmed", "confirmed"),
        ("completed pending", "in_service"),
        ("completed cancelled", "completed"),
        ("cancelled no_show", "no_show"),
        ("cancelled cancelled", "cancelled"),
        ("in_service arrived", "in_service"),
        ("completed processing", "processing"),
    ],
)
def test_a_visit_s_state_follows_its_lines(lines: str, visit: str) -> None:
    assert visit_status(map(Status, lines.split())) is Status(visit)


def test_the_way_through_is_six_stages() -> None:
    assert len(STAGES) == 6


def test_taking_back_twice_goes_two_steps_back() -> None:
    steps = [Step(Status.PENDING, Status.ARRIVED), Step(Status.ARRIVED, Status.IN_SERVICE)]
    assert status_before(steps) is Status.ARRIVED
    steps.append(Step(Status.IN_SERVICE, Status.ARRIVED, taken_back=True))
    assert status_before(steps) is Status.PENDING
    steps.append(Step(Status.ARRIVED, Status.PENDING, taken_back=True))
    assert status_before(steps) is None


def test_back_into_the_chair_is_the_way_on_unless_it_was_taken_back() -> None:
    begun = [Step(Status.PENDING, Status.IN_SERVICE), Step(Status.IN_SERVICE, Status.PROCESSING)]
    on = Step(Status.PROCESSING, Status.IN_SERVICE)
    assert status_before([*begun, on]) is Status.PROCESSING
    assert [stay.status for stay in way_taken([*begun, on])].count(Status.PROCESSING) == 1
    assert status_before([*begun, on._replace(taken_back=True)]) is Status.PENDING
    back = Step(Status.IN_SERVICE, Status.PROCESSING, taken_back=True)
    assert [stay.status for stay in way_taken([*begun, on, back])] == [
        Status.PENDING,
        Status.IN_SERVICE,
        Status.PROCESSING,
    ]


def test_a_line_goes_on_through_as_many_processings_as_its_plan_has() -> None:
    chair = Status.IN_SERVICE
    assert next_part(Status.ARRIVED, 0, 1) is chair
    assert next_part(chair, 0, 1) is Status.PROCESSING
    assert next_part(Status.PROCESSING, 1, 1) is chair
    assert next_part(chair, 1, 1) is None
    assert next_part(chair, 1, 2) is Status.PROCESSING
    assert next_part(chair, 0, 0) is None
    assert next_part(Status.COMPLETED, 0, 1) is None
