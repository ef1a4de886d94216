"""Desks in terminals and browsers, each on a database of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]

PLAIN = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}
"""A terminal as most people have it."""

STAND_IN = (sys.executable, "-m", "tests.terminal.stand_in")


@dataclass(frozen=True)
class Served:
    """A server of browsers' desks."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def serving(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[Served]:
    """Run something that serves desks and says where; at the end it is told to stop."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=REPO, env=environment
    )
    try:
        assert process.stdout is not None
        said = ""
        while (found := re.search(r"http://[^ :]+:(\d+)/", said)) is None:
            line = process.stdout.readline()
            assert line, f"it ended: {said}"
            said += line
        yield Served(process, int(found[1]))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Serve a program's words to browsers, with more in the environment if need be."""
    with ExitStack() as stack:
        yield lambda *words, **more: stack.enter_context(
            serving((sys.executable, "-m", "tests.terminal.serve_child", *words), PLAIN | more)
        )
