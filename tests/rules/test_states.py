"""States of lines and visits."""

from __future__ import annotations

import pytest

from frontdesk.rules.states import EXITS, STAGES, Status, is_backwards, may_become, status_before, visit_status


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
    steps = [(Status.PENDING, Status.ARRIVED), (Status.ARRIVED, Status.IN_SERVICE)]
    assert status_before(steps) is Status.ARRIVED
    steps.append((Status.IN_SERVICE, Status.ARRIVED))
    assert status_before(steps) is Status.PENDING
    steps.append((Status.ARRIVED, Status.PENDING))
    assert status_before(steps) is None
