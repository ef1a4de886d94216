"""What is behind the screens: the database, opened aside while the first screen paints, and the ear for the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from frontdesk.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from frontdesk.db.database import Database
    from frontdesk.db.listening import Ear

A = TypeVar("A")

FIRST_LOOK_SECONDS = 10.0
"""After the database is open, and until somebody sits down: they are served first."""
LOOK_SECONDS = 60.0
"""Between two looks at what is due."""


class Backstage:
    """The database of some settings. `open` blocks and belongs into a thread; nothing is imported before it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stack = ExitStack()
        self._database: Database | None = None
        self._ear: Ear | None = None
        self._closing = threading.Event()
        self._aside: Engine | None = None

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

    def sessions_aside(self) -> Session:
        """A session of a connection of its own: the desk's are few, and nobody at it waits for one."""
        from sqlalchemy import NullPool
        from sqlmodel import Session

        from frontdesk.db.engine import open_engine

        if self._aside is None:
            self._aside = open_engine(self.database.desk_conninfo, poolclass=NullPool)
        return Session(self._aside)

    def look_after(self, look: Callable[[], bool]) -> None:
        """Look once a minute at what is due, in a thread of its own, until all is closed.

        `look` raises nothing, and is asked again sooner while nobody is there to look for.
        """
        threading.Thread(target=self._look_on, args=(look,), name="frontdesk-caretaker", daemon=True).start()

    def _look_on(self, look: Callable[[], bool]) -> None:
        wait = FIRST_LOOK_SECONDS
        while not self._closing.wait(wait):
            wait = LOOK_SECONDS if look() else FIRST_LOOK_SECONDS

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
        self._closing.set()
        if self._ear:
            self._ear.close()
        self._stack.close()
