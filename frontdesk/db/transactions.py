"""One transaction per use-case, entered as whoever is signed in; what the database refuses comes out in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import psycopg
from sqlalchemy import exc, text
from sqlmodel import Session

from frontdesk.db.constraints import refusal_of
from frontdesk.desk import Desk
from frontdesk.errors import Busy, NotSignedIn, OutcomeUnknown, Refusal, Unreachable

LOCK_TIMEOUT = "4s"
"""How long one terminal waits for another that is saving the same day."""

_ENTER = text(
    "SELECT set_config('frontdesk.token', :token, true), set_config('frontdesk.request', :request, true),"
    " set_config('lock_timeout', :lock_timeout, true), set_config('transaction_read_only', :reading, true),"
    " actor_user() AS actor"
)
_BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.AdminShutdown)


@contextmanager
def transaction(desk: Desk, request_id: UUID | None = None) -> Iterator[Session]:
    """A session inside a transaction of the person at this desk; read-only without a request id.

    Commits at the end and rolls back on anything raised. Raises Busy, Unreachable when the database goes away
    before the commit, OutcomeUnknown when it goes away during it, NotSignedIn when the sign-in has ended, and the
    refusal that belongs to a constraint.
    """
    with spoken(), desk.sessions() as session:
        entered = session.execute(
            _ENTER,
            {
                "token": desk.token,
                "request": str(request_id or ""),
                "lock_timeout": LOCK_TIMEOUT,
                "reading": "off" if request_id else "on",
            },
        )
        if entered.one().actor != desk.actor.user_id:
            raise NotSignedIn
        try:
            yield session
        except Refusal:
            _take_back(session)
            raise
        session.flush()
        with _committing(request_id):
            session.commit()


def _take_back(session: Session) -> None:
    """Roll back without forgetting what is prepared.

    psycopg drops every prepared statement at a rollback that passes through it, lest a table was made in vain; a
    refusal makes none, and the next five of each statement would be planned anew.
    """
    if not session.is_active:
        return
    connection = session.connection()
    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg.Connection) and not connection.in_nested_transaction():
        with suppress(psycopg.OperationalError):  # a lost connection is for the session's own rollback to find
            driver.pgconn.exec_(b"ROLLBACK")


@contextmanager
def spoken() -> Iterator[None]:
    """Turns what the driver raises into what a receptionist can act on; anything else travels up untouched."""
    try:
        yield
    except exc.DBAPIError as error:
        refusal = _in_words(error)
        if refusal is None:
            raise
        raise refusal from error
    except exc.TimeoutError as error:
        raise Busy from error


@contextmanager
def _committing(request_id: UUID | None) -> Iterator[None]:
    try:
        yield
    except exc.DBAPIError as error:
        # A server that still answers has said that it did not commit.
        if request_id and error.connection_invalidated:
            raise OutcomeUnknown(request_id=request_id) from error
        raise


def _in_words(error: exc.DBAPIError) -> Refusal | None:
    cause = error.orig or error
    if isinstance(cause, _BUSY):
        return Busy()
    if isinstance(cause, psycopg.errors.InsufficientPrivilege) and '"idempotency_keys"' in str(cause):
        return NotSignedIn()  # whoever may write at all may claim a key: the sign-in has ended since the check
    if isinstance(cause, psycopg.Error):
        refusal = refusal_of(cause)
        if refusal is not None:
            return refusal
    if (error.connection_invalidated or isinstance(cause, _LOST)) and not isinstance(
        cause, psycopg.errors.ProgramLimitExceeded
    ):
        return Unreachable(reason=_first_line(cause))
    return None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
