"""A made-up shop around today in the run's own server, and desks of it as people open them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from frontdesk.clock import SystemClock, local
from frontdesk.db.database import Database, open_database, open_server
from frontdesk.desk import Desk
from frontdesk.keeping import keep
from frontdesk.screens.sign_in.people import seated
from frontdesk.services.people.sign_in import names, open_desk, sign_in
from frontdesk.services.seeding import SeedShop, Size, seed
from frontdesk.services.seeding.house import ZONE
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.settings import Settings
from tests.benchmarks.scratch import Scratch

TERMINAL = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class DemoShop:
    """The small shop of `frontdesk demo`, with its server running."""

    settings: Settings
    database: Database
    secret: str
    """The terminal's."""
    pins: Mapping[str, str]
    letters: Mapping[str, str]

    @property
    def folders(self) -> dict[str, str]:
        """What leads a desk to this shop."""
        told = {
            "DATA_FOLDER": self.settings.data_folder, "CONFIG_FOLDER": self.settings.config_folder,
            "STATE_FOLDER": self.settings.state_folder, "DATABASE": self.settings.database,
        }  # fmt: skip
        return {f"FRONTDESK_{name}": str(value) for name, value in told.items()}

    @property
    def environment(self) -> dict[str, str]:
        """What a desk in a terminal finds."""
        return TERMINAL | {"HOME": str(self.settings.state_folder)} | self.folders

    def desk(self, login: str = "ria") -> Desk:
        """Somebody at another terminal."""
        sessions = self.database.sessions
        token = sign_in(
            sessions, login=login, secret=self.pins[login], method="pin", terminal_secret=self.secret
        )  # fmt: skip
        return open_desk(sessions, token, SystemClock())

    def heading(self) -> bytes:
        """What the book of today begins with: a stylist's name, as nothing but the book paints it."""
        return show_day(self.desk(), ShowDay()).columns[0].name.encode() + b"\x1b["

    @property
    def cut(self) -> int:
        """A service that most of its stylists do."""
        return int(self._ask("SELECT id FROM services WHERE code = 'CUT'"))

    def somebody(self) -> str:
        """A customer, as one types the name."""
        plain = "first_name ~ '^[A-Za-z]{4,}$' AND last_name ~ '^[A-Za-z]{4,}$'"
        return self._ask(f"SELECT lower(first_name || ' ' || last_name) FROM customers WHERE {plain} ORDER BY id")

    def _ask(self, query: str) -> str:
        assert self.database.owner_conninfo is not None
        with psycopg.connect(self.database.owner_conninfo) as owner:
            found = owner.execute(query).fetchone()
        assert found is not None
        return str(found[0])

    def choosing(self, login: str) -> bytes:
        """The keys that choose somebody on the sign-in screen and type their PIN, but for its end."""
        return (self.letters[login] + self.pins[login]).encode()


@contextmanager
def demo_shop(scratch: Scratch) -> Iterator[DemoShop]:
    """Made anew: it is a shop of today."""
    folder = scratch.home / "desk"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    settings = Settings(
        database="desk", data_folder=scratch.home, config_folder=folder / "config", state_folder=folder / "state"
    )
    assert settings.server_home == scratch.home / "server"
    settings.state_folder.mkdir()
    with open_server(settings) as server:
        server.drop_database()
    with open_database(settings) as database:
        assert database.owner_conninfo is not None
        now = local(SystemClock().now(), ZONE)
        wish = SeedShop(today=now.date(), at=now.time().replace(second=0, microsecond=0), size=Size.SMALL)
        made = seed(database.owner_conninfo, wish)
        keep(settings.terminal_file, made.terminal_secret)
        listed = names(database.sessions, made.terminal_secret)
        yield DemoShop(
            settings,
            database,
            made.terminal_secret,
            {person.login: person.pin for person in made.people},
            {seat.login: seat.letter for seat in seated([(each.login, each.name, each.role) for each in listed])},
        )


def installed() -> tuple[str, ...]:
    """The command as it was installed beside this interpreter."""
    return (str(Path(sys.executable).with_name("frontdesk")),)
