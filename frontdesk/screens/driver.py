"""The terminal's driver: Textual's own, but for what would keep the program from ending when the line drops."""

from __future__ import annotations

import os
import signal
from typing import Any

from textual.drivers.linux_driver import LinuxDriver


class LineDriver(LinuxDriver):
    """A line that drops sends HUP, and CONT after it. Textual takes every CONT for the end of a stop: it would start
    its threads a second time on a terminal that is gone, and nobody would end those."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Textual makes it
        self._is_stopped = False
        super().__init__(*args, **kwargs)

    def _sigtstp_application(self, *_: object) -> None:
        self._is_stopped = True
        super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        if self._is_stopped:
            self._is_stopped = False
            super()._sigcont_application()

    def run_input_thread(self) -> None:
        """Read keys; a terminal that can't be read any more has hung up."""
        try:
            super().run_input_thread()
        except OSError:
            os.kill(os.getpid(), signal.SIGHUP)

    @property
    def _is_heard(self) -> bool:
        """Whether somebody still takes what is written: the thread that did dies with its terminal."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def write(self, data: str) -> None:
        """Write, or drop it: in a queue that nobody empties it would wait for ever."""
        if self._is_heard:
            super().write(data)

    def close(self) -> None:
        """End the thread that writes, if it has not ended."""
        if self._is_heard:
            super().close()
