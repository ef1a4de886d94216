"""The real app over a database of its own, driven by keys, and its picture as plain text."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import os
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console
from textual import events
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker

from frontdesk.app import FrontDesk
from frontdesk.backstage import Backstage
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import Secret, open_desk
from frontdesk.settings import Settings
from tests import vale_street

GOLDENS = Path(__file__).parent / "goldens"
TERMINAL = "the secret of the front desk's terminal"
PINS = {"ria": "1111", "tess": "2222", "mo": "3333", "ada": "4444"}
SIZES = [(80, 24), (120, 36)]
TICK = 0.02
"""Textual paints sixty times a second, and what is painted may have more to say."""
DEAF = 5.0
"""Seconds to wait for the ear: some tests take it away."""
PATIENCE = 60.0
"""Seconds that what should come about may take on a loaded machine."""


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

    def look_after(self, look: Callable[[], bool]) -> None:
        """Only when a test says so: no story depends on the minute."""
        self.look = look


class CountedThreads(ThreadPoolExecutor):
    """The loop's threads, and how many of their answers the loop has not heard yet."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        """Run it in a thread."""
        loop = asyncio.get_running_loop()

        def heard() -> None:
            self.under_way -= 1

        def done(_: object) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(heard)

        self.under_way += 1
        begun = super().submit(fn, *args, **kwargs)
        begun.add_done_callback(done)
        return begun


class Played:
    """The app in somebody's hands."""

    def __init__(self, app: FrontDesk, pilot: Pilot[None], threads: CountedThreads) -> None:
        self.app = app
        self.pilot = pilot
        self._threads = threads

    async def press(self, *keys: str) -> None:
        """Press keys, and after each wait until what it began is done."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            driver.send_message(_pressed(key, self.app))
            await self._done()
        await self.settled()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", ":": "colon", "/": "slash", ".": "full_stop", ",": "comma", "+": "plus", "-": "minus"}
        await self.press(*(names.get(sign, sign) for sign in text))

    async def settled(self) -> None:
        """Wait for the work under way and for what it paints; commands that wait for keys are not waited for."""
        await self._done()
        await asyncio.sleep(TICK)
        await self._done()

    async def _done(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while True:
            await self._still()
            if not self._is_under_way():
                return
            assert loop.time() < end, f"never done: {[*self.app.workers]}\n{self.text}"
            await asyncio.sleep(0.003)

    def _is_under_way(self) -> bool:
        return (
            self._threads.under_way > 0
            or self.app._turns._on_its_way
            or self.app._is_busy()
            or any(self._is_awaited(worker) for worker in self.app.workers)
        )

    def _is_awaited(self, worker: Worker[Any]) -> bool:
        return (
            not worker.is_finished
            and worker not in self.app._let_go
            and worker.group in ("sheet", "sign-in", "open", "save", "preview", "offers", "keys", "heard")
        )

    async def _still(self) -> None:
        """Until nothing is left to be done but to wait: for a thread, for a clock, for a key. Then it is painted."""
        loop: Any = asyncio.get_running_loop()
        for _ in range(20):
            turns = 0
            while turns < 2:  # what is heard from threads comes to the queue only after one turn
                await asyncio.sleep(0)
                turns = 0 if loop._ready else turns + 1
            screen = self.app.screen_stack[-1] if self.app.screen_stack else None
            if screen is None or self.app._batch_count or not _is_to_be_painted(screen):
                return
            screen._on_timer_update()

    async def sign_in(self, login: str = "ria") -> None:
        """Somebody sits down at the registered terminal."""
        terminal = self.app.settings.card_terminal
        desk = open_desk(self.app.backstage.sessions, vale_street.token(login), self.app.clock, card_terminal=terminal)
        await self.app.sit_down(desk)
        await self.settled()
        end = asyncio.get_running_loop().time() + DEAF
        while not self.app.reach._is_live and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.005)  # until then the header says that it polls
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

    def looks(self, name: str) -> bool:
        """Whether it is its golden file by now: where news of other desks still comes in, that is waited for."""
        golden = GOLDENS / f"{name}-{self.app.size.width}x{self.app.size.height}.txt"
        written = bool(os.environ.get("FRONTDESK_WRITE_GOLDENS"))
        return written or self.text + "\n" == golden.read_text(encoding="utf-8")

    def shows(self, name: str) -> None:
        """Compare the screen with its golden file; FRONTDESK_WRITE_GOLDENS=1 writes it anew."""
        golden = GOLDENS / f"{name}-{self.app.size.width}x{self.app.size.height}.txt"
        if os.environ.get("FRONTDESK_WRITE_GOLDENS"):
            GOLDENS.mkdir(exist_ok=True)
            golden.write_text(self.text + "\n", encoding="utf-8")
        assert self.text + "\n" == golden.read_text(encoding="utf-8")


def _is_to_be_painted(screen: Screen[Any]) -> bool:
    return bool(
        screen._layout_required or screen._scroll_required or screen._repaint_required or screen._recompose_required
        or screen._dirty_widgets or screen._callbacks
    )  # fmt: skip


def _pressed(key: str, app: FrontDesk) -> events.Key:
    """A key as the terminal tells of it."""
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    original = REPLACED_KEYS.get(key, key)
    try:
        sign = unicodedata.lookup(_get_unicode_name_from_key(original))
    except KeyError:
        sign = key if len(key) == 1 else ""
    event = events.Key(key, sign or None)
    event.set_sender(app)
    return event


async def until(played: Played, holds: Callable[[], bool] | str) -> None:
    """Wait for what other threads and terminals bring about: until the screen says this, however its lines break."""

    def it_does() -> bool:
        if isinstance(holds, str):
            return " ".join(holds.split()) in " ".join(played.text.split())
        return holds()

    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        await played.settled()
        if it_does():
            return
        assert asyncio.get_running_loop().time() < end, f"never: {holds}\n{played.text}"
        await asyncio.sleep(0.01)


async def soon(played: Played, holds: Callable[[], bool] | str) -> None:
    """Wait for what a command opens or says, looking while it is still under way; `until` looks when all is still."""

    def it_does() -> bool:
        return holds in " ".join(played.text.split()) if isinstance(holds, str) else holds()

    try:
        async with asyncio.timeout(PATIENCE):
            while not it_does():
                await played.pilot.pause(0.01)
    except TimeoutError:
        pytest.fail(f"never: {holds}\n{played.text}")
    await played.settled()


async def shown(played: Played, kind: type) -> None:
    """Wait for what a command opens, or closes back to."""
    await soon(played, lambda: isinstance(played.app.screen, kind))


def elsewhere(played: Played, login: str, at: dt.datetime | None = None) -> Desk:
    """The same shop at another terminal, or at another time."""
    clock = played.app.clock if at is None else SetClock(at)
    return open_desk(played.app.backstage.sessions, vale_street.token(login), clock)


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

    loop, threads = asyncio.get_running_loop(), CountedThreads()
    loop.set_default_executor(threads)
    conninfo = desk_conninfo(server, database)
    engine = open_engine(conninfo)
    own = replace(Settings(data_folder=folder, config_folder=folder, state_folder=folder, lock_minutes=0), **settings)
    backstage = CopyBackstage(own, Database(database, conninfo, server.conninfo(database), engine))
    app = FrontDesk(backstage, own, clock or SetClock(vale_street.NOW), terminal_secret=TERMINAL, scanner=scanner)
    before = asyncio.all_tasks()
    try:
        async with app.run_test(size=size) as pilot:
            played = Played(app, pilot, threads)
            await played.settled()
            yield played
    finally:
        backstage.close()
        # As the end of a program's loop does: what is left of this app would ask in the next one's threads.
        if left := asyncio.all_tasks() - before - {asyncio.current_task()}:
            for task in left:
                task.cancel()
            await asyncio.wait(left)
        with ThreadPoolExecutor(1) as waiting:  # whoever still asks in a thread has a connection out
            await loop.run_in_executor(waiting, threads.shutdown)
        engine.dispose()


_read_sheets: dict[tuple[Any, ...], list[RuleSet]] = {}
_read_rules = Stylesheet._parse_rules


def _parse_once(sheet: Stylesheet, *words: Any, **more: Any) -> list[RuleSet]:  # noqa: ANN401  Textual's
    """Each app reads all its sheets anew: the same words under the same variables mean the same in the next one."""
    key = (tuple(sheet._variables.items()), words, tuple(more.items()))
    if key not in _read_sheets:
        _read_sheets[key] = _read_rules(sheet, *words, **more)
    return _read_sheets[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign, assignment]

each_size = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
