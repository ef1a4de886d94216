"""What is behind the screens: the database, opened aside while the first screen paints, and the ear for the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from frontdesk.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from frontdesk.db.database import Database
    from frontdesk.db.listening import Ear

A = TypeVar("A")


class Backstage:
    """The database of some settings. `open` blocks and belongs into a thread; nothing is imported before it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stack = ExitStack()
        self._database: Database | None = None
        self._ear: Ear | None = None

    def open(self, on_wait: Callable[[str], None]) -> None:
        """Start or reach the server, make or migrate the database when that is ours to do. Raises its refusals."""
        from frontdesk.db.database import open_database

        self._database = self._stack.enter_context(open_database(self.settings, on_wait))

    @property
    def database(self) -> Database:
        """The database, once it is open."""
        assert self._database is not None
        return self._database

    def sessions(self) -> Session:
        """A session as the desk's role."""
        return self.database.sessions()

    def listen(self, on_notice: Callable[[str], None], on_state: Callable[[bool], None]) -> None:
        """Hear what other terminals change. Both are called from a thread."""
        from frontdesk.db.listening import Ear

        self._ear = Ear(self.database.desk_conninfo, on_notice, on_state)
        self._ear.open()

    def is_founded(self) -> bool:
        """Whether there is a business to sign in to, as far as this machine can know."""
        from sqlalchemy import text

        from frontdesk.db.transactions import spoken

        if self.database.owner_conninfo is None:
            return True
        with spoken(), self.database.owner_sessions() as owner, owner() as session:
            return bool(session.execute(text("SELECT EXISTS (SELECT FROM businesses)")).scalar())

    def as_owner(self, do: Callable[[Callable[[], Session]], A]) -> A:
        """Do something as the owner of the tables, before anybody can be signed in. Raises its refusals."""
        with self.database.owner_sessions() as owner:
            return do(owner)

    def close(self) -> None:
        """Let the server go."""
        if self._ear:
            self._ear.close()
        self._stack.close()
