"""From the command to the sign-in, and from the PIN's last key to today's book, beside Textual's hello on a pty."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.demo_shop import DemoShop, demo_shop, installed
from tests.benchmarks.figures import Figure, median, ratio
from tests.benchmarks.pty_line import PtyLine
from tests.benchmarks.scratch import Scratch

HELLO = (sys.executable, str(Path(__file__).with_name("hello.py")))
F8 = b"\x1b[19~"


def figures(scratch: Scratch) -> Iterator[Figure]:
    """In turns: whatever else the machine does strikes both."""
    hello: list[float] = []
    paints: list[float] = []
    books: list[float] = []
    switches: list[float] = []
    with demo_shop(scratch) as shop:
        for turn in range(1 + max(2, scratch.size.rounds * 3 // 20)):
            with PtyLine(HELLO, shop.environment) as line:
                theirs = line.until(b"Hello") - line.began
            paint, book, switch = _desk(shop, shop.heading())
            if turn:  # before that, nothing was in the machine's caches
                hello.append(theirs)
                paints.append(paint)
                books.append(book)
                switches.append(switch)
    yield ratio("paint: the sign-in, to Textual's hello", median(paints), median(hello), 1.1)
    yield ratio("paint: today's book after the PIN and enter, to hello", median(books), median(hello), 1.5)
    yield ratio("paint: the book after a switch by the PIN's last digit", median(switches), median(hello), 1.5)


def _desk(shop: DemoShop, heading: bytes) -> tuple[float, float, float]:
    """Seconds to the sign-in, to the book, and to the book again for somebody who was there before."""
    with PtyLine(installed(), shop.environment) as line:
        paint = line.until(b"Opening the book") - line.began
        line.until(b"Who is at the desk?")
        line.rest()
        mark = len(line.sent)
        line.type(shop.choosing("ria"))
        book = -line.type(b"\r") + line.until(heading, mark)
        line.rest()
        _lock(line)
        line.type(shop.choosing("mo") + b"\r")
        line.rest()
        _lock(line)
        mark = len(line.sent)
        switch = -line.type(shop.choosing("ria")) + line.until(heading, mark)
    return paint, book, switch


def _lock(line: PtyLine) -> None:
    mark = len(line.sent)
    line.send(F8)
    line.until(b"Who is at the desk?", mark)
    line.rest()
