"""A morning at Vale Street's till: visits in the book, and waiting for what a key began."""

from __future__ import annotations

import datetime as dt

import psycopg

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.book.visits import StepVisit, arrive, finish, start
from frontdesk.services.people.sign_in import open_desk
from tests.screens.desk import Played
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march
from tests.vale_street import token


def desk_of(played: Played, login: str = "ria") -> Desk:
    """Somebody else's desk over the same database."""
    return open_desk(played.app.backstage.sessions, token(login), played.app.clock)


def a_morning(played: Played, clock: SetClock, conninfo: str) -> tuple[int, int]:
    """Jane is done with cut and blow-dry, Kim sits in Anna's chair: their visits, 7QK2 and 9SHW."""
    ria = desk_of(played)
    clock.set(march(9, 9))
    jane = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO)).appointment_id
    kim = booked(ria, KIM, march(9, 11, 30), (CUT, ANNA)).appointment_id
    for visit, came in ((jane, march(9, 9, 58)), (kim, march(9, 11, 25))):
        clock.set(came)
        arrive(ria, StepVisit(appointment_id=visit))
        clock.set(came + dt.timedelta(minutes=5))
        start(ria, StepVisit(appointment_id=visit))
    clock.set(march(9, 11, 32))
    finish(ria, StepVisit(appointment_id=jane))
    with psycopg.connect(conninfo) as owner:
        for visit, code in ((jane, "7QK2"), (kim, "9SHW")):
            owner.execute("UPDATE appointments SET code = %s WHERE id = %s", (code, visit))
    return jane, kim
