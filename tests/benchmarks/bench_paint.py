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
        heading = shop.heading()
        for turn in range(1 + max(2, scratch.size.rounds * 3 // 20)):
            pairs = [(_hello(shop), _sign_in(shop)) for _ in range(3)]
            book, switch = _book(shop, heading)
            if turn:  # before that, nothing was in the machine's caches
                hello += [theirs for theirs, _ in pairs]
                paints += [ours for _, ours in pairs]
                books.append(book)
                switches.append(switch)
    yield ratio("paint: the sign-in, to Textual's hello", median(paints), median(hello), 1.1)
    yield ratio("paint: today's book after the PIN and enter, to hello", median(books), median(hello), 1.5)
    yield ratio("paint: the book after a switch by the PIN's last digit", median(switches), median(hello), 1.5)


def _hello(shop: DemoShop) -> float:
    with PtyLine(HELLO, shop.environment) as line:
        return line.until(b"Hello") - line.began


def _sign_in(shop: DemoShop) -> float:
    with PtyLine(installed(), shop.environment) as line:
        return line.until(b"Opening the book") - line.began


def _book(shop: DemoShop, heading: bytes) -> tuple[float, float]:
    """Seconds to the book, and to the book again for somebody who was there before."""
    with PtyLine(installed(), shop.environment) as line:
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
    return book, switch


def _lock(line: PtyLine) -> None:
    mark = len(line.sent)
    line.send(F8)
    line.until(b"Who is at the desk?", mark)
    line.rest()
