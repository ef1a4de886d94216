"""How a desk talks to its browser tab: Textual's own way, and it leaves when nobody is at the other end any more."""

from __future__ import annotations

import os
import signal

from textual.drivers.web_driver import WebDriver


class BrowserDriver(WebDriver):
    """Textual's, which goes on for ever when its server was killed."""

    def run_input_thread(self) -> None:
        """Read keys until the desk ends; when the server is gone, end the desk as a dropped line would."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            os.kill(os.getpid(), signal.SIGHUP)
