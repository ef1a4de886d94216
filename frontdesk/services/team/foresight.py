"""What a change would do, before it is done: the use-case itself is run, and taken back (features ST2, ST4)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from frontdesk.clock import local
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.team.stranded import StrandedVisit
from frontdesk.services.use_case import USE_CASES, Work

R = TypeVar("R")
A = TypeVar("A")

_TOLD = 3
"""So many visits are named in a sentence."""


class WouldStrand(Refusal):
    """That leaves {count} outside working hours: {visits}."""

    def __init__(self, stranded: tuple[StrandedVisit, ...], timezone: str) -> None:
        visits = list({one.appointment_id: one for one in reversed(stranded)}.values())[::-1]
        named = [f"{one.customer} {local(one.starts_at, timezone):%a %-d %b %H:%M}" for one in visits[:_TOLD]]
        more = f" and {len(visits) - _TOLD} more" if len(visits) > _TOLD else ""
        count = "1 visit" if len(visits) == 1 else f"{len(visits)} visits"
        super().__init__(count=count, visits=", ".join(named) + more)
        self.stranded = stranded


class _TakeBack(Refusal):
    """That was only looked at."""


def foresee(service: Callable[[Desk, R], A], desk: Desk, request: R) -> A:
    """What a writing use-case would answer now; nothing is changed and nobody is told. Raises what it would raise.

    What it would change is held while it is looked at, for as long as the change itself would take.
    """
    deed = next(one.deed for one in USE_CASES.values() if one.run is service)
    function: Callable[[Work, R], A] = inspect.unwrap(service)
    answers: list[A] = []
    try:
        with transaction(desk, uuid4()) as session:
            work = Work(desk, session)
            work.require(deed)
            answers.append(function(work, request))
            raise _TakeBack
    except _TakeBack:
        return answers[0]
