"""Takes the pictures in this folder: the real app over a made-up shop, driven by keys. `make screenshots` runs it.

Every picture is made at 80x24 and at 120x36; the book, the till and the day also in light colours and without any.
Named scenes alone are taken with `python screenshots/take.py line sick`. A line is emptied before it is typed on: what
was half typed for the picture before is kept, as it would be for anybody.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from frontdesk.app import FrontDesk
from frontdesk.backstage import Backstage
from frontdesk.clock import SetClock
from frontdesk.db.database import open_database
from frontdesk.services.seeding import SeedShop, Size, seed
from frontdesk.settings import Settings

HERE = Path(__file__).parent
TODAY = dt.date(2026, 3, 10)
NOW = dt.datetime(2026, 3, 10, 14, 52, tzinfo=dt.UTC)
SIZES = ((80, 24), (120, 36))
PINS = {"ria": "1111", "mo": "3333", "ada": "4444"}

Scene = tuple[str, str, tuple[str, ...]]
"""A picture's name, who sits there, and the keys that lead there."""

SCENES: tuple[Scene, ...] = (
    ("sign_in", "", ()),
    ("calendar", "ria", ("tab",)),
    ("line", "ria", ("colon", "ctrl+u", *"nora cut 17:00", "enter")),
    ("board", "ria", ("F",)),
    ("week", "ria", ("tab", "W")),
    ("month", "ria", ("v", "v", "v", "v")),
    ("rooms", "ria", ("v",)),
    ("waitlist", "ria", ("w",)),
    ("queue", "ria", ("q", "ctrl+u", *"kim cut")),
    ("classes", "ria", ("Y",)),
    ("sick", "ria", ("colon", "ctrl+u", *"sick anna", "enter")),
    ("booking", "ria", ("b", *"nora", "enter", *"cut")),
    ("customers", "ria", ("f3", *"nora", "down")),
    ("stylists", "mo", ("f4",)),
    ("checkout", "ria", ("f5", "enter", *"tip 5 card 50")),
    ("drawer", "ria", ("D", "enter", *"20x3 10x7 50p x4")),
    ("close", "mo", ("D", "Z")),
    ("pay", "mo", ("f4", "E")),
    ("today", "mo", ("f6",)),
    ("admin", "ada", ("f7", "enter")),
    ("help", "ria", ("f1",)),
)
COLOURED = ("calendar", "checkout", "today")
"""Those that are also taken in the other colours."""


def main() -> None:
    """Make the shop up, then take every picture anew."""
    wanted = sys.argv[1:] or [name for name, *_ in SCENES]
    if not sys.argv[1:]:
        for old in HERE.glob("*.svg"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o711)  # a server that runs as another user passes through
        settings = Settings(
            data_folder=place / "data", config_folder=place / "config", state_folder=place / "state", lock_minutes=0
        )
        print("Making up a busy shop…")
        with open_database(settings) as database:
            assert database.owner_conninfo is not None
            wish = SeedShop(today=TODAY, at=dt.time(14, 52), size=Size.BUSY, code="vale", name="Vale Street")
            made = seed(database.owner_conninfo, wish, lambda doing, done, total: None)
            logins = {person.login: person.pin for person in made.people}
            for name, who, keys in (scene for scene in SCENES if scene[0] in wanted):
                for size in SIZES:
                    for theme in _themes(name):
                        apart = replace(settings, state_folder=place / f"{name}-{size[0]}-{theme}")  # with no draft
                        asyncio.run(_take(apart, made.terminal_secret, logins, (name, who, keys), size, theme))


def _themes(name: str) -> tuple[str, ...]:
    return ("dark", "light", "no-color") if name in COLOURED else ("dark",)


async def _take(
    settings: Settings, terminal: str, pins: dict[str, str], scene: Scene, size: tuple[int, int], theme: str
) -> None:
    name, who, keys = scene
    os.environ.pop("NO_COLOR", None)
    if theme == "no-color":
        os.environ["NO_COLOR"] = "1"
    app = FrontDesk(Backstage(settings), settings, SetClock(NOW), terminal_secret=terminal, scanner=False)
    if theme == "light":
        app.theme = "frontdesk-light"
    try:
        async with app.run_test(size=size) as pilot:
            await _until(pilot, lambda: app.is_open and not _busy(app))
            if who:
                await pilot.press(who[0], *pins[who], "enter")
                await _until(pilot, lambda: app.is_signed_in and app.current_mode == "calendar" and not _busy(app))
            for key in keys:
                await pilot.press({" ": "space", ":": "colon"}.get(key, key))
                await _until(pilot, lambda: not _busy(app))
            await pilot.pause(0.3)
            await _until(pilot, lambda: not _busy(app))
            picture = app.export_screenshot(title="frontdesk")
    finally:
        app.backstage.close()
    suffix = "" if theme == "dark" else f"-{theme}"
    path = HERE / f"{name}-{size[0]}x{size[1]}{suffix}.svg"
    path.write_text(_without_fonts(picture), encoding="utf-8")
    print(path.name)


def _busy(app: FrontDesk) -> bool:
    """Whether something is still on its way to the screen; forms that wait for keys are not."""
    waiting = ("warm",)
    return any(
        not worker.is_finished and worker.group not in waiting and worker not in app._let_go for worker in app.workers
    )


async def _until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.02)
    sys.exit(f"The picture never came about: {pilot.app.screen}")


def _without_fonts(svg: str) -> str:
    """The same picture, which asks nobody for a font: the viewer's own monospace is used."""
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")


if __name__ == "__main__":
    main()
