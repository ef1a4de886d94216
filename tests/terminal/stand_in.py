"""A desk of ten lines, for tests of the ground that desks stand on: a sign-in with a PIN, and a field."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial

from textual.app import App, ComposeResult
from textual.widgets import Input, Label


class StandIn(App[None]):
    """Says hello, takes a PIN, then takes words; leaves as desks do when they are told to."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """A label and a field."""
        yield Label("Sign in with a PIN", id="said", markup=False)
        yield Input(password=True)

    def on_mount(self) -> None:
        """Listen to the signals that end desks."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The PIN first, then anything."""
        if event.input.password and event.value == "1111":
            event.input.password = False
            self.query_one("#said", Label).update(f"Signed in by process {os.getpid()}")
        else:
            self.query_one("#said", Label).update(f"Heard {event.value}")
        event.input.value = ""


if __name__ == "__main__":
    app = StandIn()
    app.run()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):  # the pty may be gone, and Python would exit with 120
        os.dup2(nowhere, stream.fileno())
    raise SystemExit(app.return_code or 0)
