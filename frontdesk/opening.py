"""Opening the desk itself: the screens over the database that the settings mean, and how that ends."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from frontdesk.clock import Clock, SystemClock
from frontdesk.errors import Refusal
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from frontdesk.settings import Settings

NEEDS_TERMINAL = "The desk needs a terminal. For programs there are commands: frontdesk --help."


def open_alone() -> int:
    """`frontdesk` without a word: the real desk, without what only commands need. Answers the exit code."""
    from frontdesk.settings import load

    try:
        settings = load()
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 3
    if not has_terminal():
        print(NEEDS_TERMINAL, file=sys.stderr)
        return 2
    return open_app(settings)


def has_terminal() -> bool:
    """Whether there is somewhere to draw: a terminal, or a browser's tab through a driver of its own."""
    return "TEXTUAL_DRIVER" in os.environ or (sys.stdin.isatty() and sys.stdout.isatty())


def open_app(
    settings: Settings, *, clock: Clock | None = None, shop: int | None = None, hints: tuple[str, ...] = ()
) -> int:
    """Open the desk of these settings and answer its exit code. `hints` are told on its sign-in screen."""
    # Nothing that is imported is ever garbage: looking through it would take a twelfth of the time to the first paint.
    gc.disable()
    from frontdesk.app import FrontDesk
    from frontdesk.backstage import Backstage

    gc.freeze()
    gc.enable()
    backstage = Backstage(settings)
    try:
        app = FrontDesk(
            backstage,
            settings,
            clock or SystemClock(),
            shop=shop,
            hints=hints,
            terminal_secret=kept(settings.terminal_file),
        )
        app.heed_signals()
        app.run()
    finally:
        backstage.close()
    if app.return_code:
        _turn_from_terminal()
    return app.return_code or 0


def _turn_from_terminal() -> None:
    """The terminal may be gone: Python would leave with 120 for what it can't write there any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
        os.dup2(nowhere, stream.fileno())
