"""The real app over a database of its own, driven by keys, and its picture as plain text."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console
from textual.pilot import Pilot

from frontdesk.app import FrontDesk
from frontdesk.backstage import Backstage
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.services.sign_in import Secret, open_desk
from frontdesk.settings import Settings
from tests import vale_street

GOLDENS = Path(__file__).parent / "goldens"
TERMINAL = "the secret of the front desk's terminal"
PINS = {"ria": "1111", "tess": "2222", "mo": "3333", "ada": "4444"}
SIZES = [(80, 24), (120, 36)]


def with_pins(conninfo: str) -> None:
    """Register a terminal in Vale Street and give its people PINs."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "INSERT INTO terminals (business_id, shop_id, name, secret_hash)"
            " VALUES (1, 1, 'Front desk', sha256(convert_to(%s, 'UTF8')))",
            (TERMINAL,),
        )
        for login, pin in PINS.items():
            kept = Secret.of(pin)
            connection.execute(
                "INSERT INTO user_secrets (user_id, method, scheme, salt, key_hash)"
                " SELECT id, 'pin', %s, %s, sha256(decode(%s, 'hex')) FROM users WHERE login = %s AND business_id = 1",
                (kept.scheme, kept.salt, kept.key, login),
            )


class CopyBackstage(Backstage):
    """A copy of the tests' database, which is open already."""

    def __init__(self, settings: Settings, database: Any) -> None:  # noqa: ANN401  a Database
        super().__init__(settings)
        self._database = database

    def open(self, on_wait: Callable[[str], None]) -> None:
        """It is."""


class Played:
    """The app in somebody's hands."""

    def __init__(self, app: FrontDesk, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys and wait until what they began is done."""
        await self.pilot.press(*keys)
        await self.settled()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", ":": "colon", "/": "slash", ".": "full_stop", ",": "comma", "+": "plus", "-": "minus"}
        await self.press(*(names.get(sign, sign) for sign in text))

    async def settled(self) -> None:
        """Wait for the work under way and for what it paints; commands that wait for keys are not waited for."""
        for _ in range(200):
            await self.pilot.pause()
            busy = [
                worker
                for worker in self.app.workers
                if not worker.is_finished
                and worker not in self.app._let_go
                and worker.group in ("sheet", "sign-in", "open", "save", "preview", "offers", "keys", "heard")
            ]
            if not busy:
                return
            await asyncio.wait([asyncio.ensure_future(_finished(worker)) for worker in busy], timeout=10)

    async def sign_in(self, login: str = "ria") -> None:
        """Somebody sits down at the registered terminal."""
        desk = open_desk(self.app.backstage.sessions, vale_street.token(login), self.app.clock)
        await self.app.sit_down(desk)
        await self.settled()

    @property
    def text(self) -> str:
        """The screen as it is read, without colours; no spaces at the ends of lines."""
        app, size = self.app, self.app.size
        console = Console(
            width=size.width, height=size.height, file=io.StringIO(), force_terminal=True, color_system="truecolor",
            record=True, legacy_windows=False, safe_box=False,
        )  # fmt: skip
        console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
        return "\n".join(line.rstrip() for line in console.export_text(styles=False).splitlines())

    def shows(self, name: str) -> None:
        """Compare the screen with its golden file; FRONTDESK_WRITE_GOLDENS=1 writes it anew."""
        golden = GOLDENS / f"{name}-{self.app.size.width}x{self.app.size.height}.txt"
        if os.environ.get("FRONTDESK_WRITE_GOLDENS"):
            GOLDENS.mkdir(exist_ok=True)
            golden.write_text(self.text + "\n", encoding="utf-8")
        assert self.text + "\n" == golden.read_text(encoding="utf-8")


async def _finished(worker: Any) -> None:  # noqa: ANN401  a Worker of anything
    try:
        await worker.wait()
    except Exception:  # noqa: BLE001  what went wrong shows on the screen, or fails the test by itself
        return


@asynccontextmanager
async def playing(
    server: Handle, database: str, folder: Path, *, size: tuple[int, int] = (80, 24), clock: SetClock | None = None,
    scanner: bool = False, **settings: Any,  # noqa: ANN401  any setting
) -> AsyncIterator[Played]:  # fmt: skip
    """The app over this database, in a terminal of this size, at the fixture's moment."""
    from frontdesk.db.database import Database
    from frontdesk.db.engine import open_engine
    from tests.conftest import desk_conninfo

    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
    loop.set_default_executor(threads)
    conninfo = desk_conninfo(server, database)
    engine = open_engine(conninfo)
    own = replace(Settings(data_folder=folder, config_folder=folder, state_folder=folder, lock_minutes=0), **settings)
    backstage = CopyBackstage(own, Database(database, conninfo, server.conninfo(database), engine))
    app = FrontDesk(backstage, own, clock or SetClock(vale_street.NOW), terminal_secret=TERMINAL, scanner=scanner)
    try:
        async with app.run_test(size=size) as pilot:
            played = Played(app, pilot)
            await played.settled()
            yield played
    finally:
        backstage.close()
        with ThreadPoolExecutor(1) as waiting:  # whoever still asks in a thread has a connection out
            await loop.run_in_executor(waiting, threads.shutdown)
        engine.dispose()


each_size = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
