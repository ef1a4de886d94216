"""What a desk sends while others work, while nobody does, and for each key along a line of 300 ms and lost packets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from frontdesk.clock import day_of
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.placing.availability import FindFree, FreeTime, find_free
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.benchmarks.demo_shop import DemoShop, demo_shop, installed
from tests.benchmarks.figures import Figure, counted, fact, lasting, median, sized
from tests.benchmarks.pty_line import PtyLine
from tests.benchmarks.scratch import QUICK, Scratch
from tests.terminal.harness import ssh
from tests.terminal.harness.network import NoSuchLine, bad_line
from tests.terminal.harness.terminal import Terminal

QUIET = 1.0
"""Seconds without a byte after which a change has been painted."""
COLUMNS = 3
"""How many stylists a terminal of 80 columns shows."""
SEEN = timedelta(hours=4)
"""And of a day whose rows are quarters of an hour."""
BOOKINGS = 5
A_KEY_S_BYTES = 2048
BURST = "kim blow-dry friday noon"


def figures(scratch: Scratch) -> Iterator[Figure]:
    """Everything that reaches the terminal counts."""
    quick = scratch.size == QUICK
    with demo_shop(scratch) as shop:
        with PtyLine(installed(), shop.environment) as line:
            full = _sign_in(shop, line)
            yield sized("live: the whole book after the PIN", full, "80 columns, 24 rows, 16 million colours")
            yield from _others_bookings(shop, line, full)
            yield from _idle(line, 12 if quick else 65)
        phrase = f"{shop.somebody()} cut tomorrow 3pm"[: 8 if quick else None]
        with Terminal(installed(), environment=shop.environment) as desk:
            yield from _keys(shop, desk, phrase, "on this machine", 0.4)
        yield from _far_away(shop, phrase)


def _sign_in(shop: DemoShop, line: PtyLine) -> int:
    """Ria at the desk. How many bytes her book took."""
    line.until(b"Who is at the desk?")
    line.rest()
    mark = len(line.sent)
    line.type(shop.choosing("ria") + b"\r")
    line.until(shop.heading(), mark)
    line.rest(QUIET)
    return len(line.sent) - mark


def _others_bookings(shop: DemoShop, line: PtyLine, full: int) -> Iterator[Figure]:
    """Mo books at another desk, again and again, what Ria looks at. Not today: it may be late."""
    desk = shop.desk("mo")
    days, free = _free_in_sight(desk, shop.cut)
    for _ in range(days):
        line.type(b">")
        line.rest()
    wish = BookLine(service_id=shop.cut, stylist_id=free.stylist_id)
    took: list[float] = []
    sent: list[int] = []
    for _ in range(BOOKINGS):
        line.rest(QUIET)
        mark = len(line.sent)
        book(desk, BookAppointment(customer_id=None, lines=(wish,), starts_at=free.starts_at))
        committed = time.perf_counter()
        line.rest(QUIET)
        took.append(max(0.0, line.last - committed))
        sent.append(len(line.sent) - mark)
        undo_last(desk, UndoLast())
    note = f"{median(sent):,} bytes, the line that says it among them; {min(sent):,} to {max(sent):,}"
    yield counted("live: another's booking, of the whole book", 100 * median(sent) / full, 5, "%", note)
    yield lasting("live: from another's commit to the last byte of it", median(took), 1000)


def _free_in_sight(desk: Desk, service: int) -> tuple[int, FreeTime]:
    """The first start that stands on the screen, and so many days from today."""
    asked = FindFree(service_id=service, first_day=desk.today + timedelta(days=1), limit=0)
    for free in find_free(desk, asked).times:
        day = day_of(free.starts_at, desk.shop.timezone)
        columns = show_day(desk, ShowDay(day=day)).columns
        opens = min(start for column in columns for start, _ in column.shift)
        if free.stylist_id in {each.stylist_id for each in columns[:COLUMNS]} and free.starts_at - opens < SEEN:
            return (day - desk.today).days, free
    raise LookupError("nothing is free in two weeks")


def _idle(line: PtyLine, seconds: float) -> Iterator[Figure]:
    """The clock in the header changes within two seconds of a minute; all else is too much."""
    line.rest(QUIET)
    clock = other = 0
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        arrived = len(line.take(left))
        if time.time() % 60 < 2:
            clock += arrived
        else:
            other += arrived
    yield fact(f"live: bytes of an idle desk in {seconds:g} s", other, 0, f"and {clock} for the clock's minute")


def _keys(shop: DemoShop, desk: Terminal, phrase: str, where: str, answer: float) -> Iterator[Figure]:
    """A phrase key by key, each with what it painted, and then another one as fast as it can be sent."""
    patience = 60.0
    desk.wait_for("Who is at the desk?", patience)
    desk.quiet(answer)
    desk.type(shop.choosing("ria").decode() + "\r")
    desk.wait_for("b book", patience)
    desk.quiet(3 * answer)
    desk.keys(":")
    desk.wait_for("enter book", patience)
    desk.quiet(answer)
    sent = []
    for key in phrase:
        mark = desk.mark()
        desk.keys(key)
        desk.quiet(answer)
        sent.append(desk.sent_bytes(mark))
    note = f"{len(sent)} keys, most {max(sent):,}"
    yield counted(f"live: a key on the booking line, {where}", median(sent), A_KEY_S_BYTES, "B", note)
    desk.keys(*["backspace"] * len(phrase), *BURST)
    shown = desk.wait_until(lambda text: BURST in text and phrase not in text, "every key", patience)
    lost = 0 if BURST in shown else len(phrase) + len(BURST)
    yield fact(f"live: keys lost of {len(phrase) + len(BURST)} at once, {where}", lost, 0)
    desk.keys(*["backspace"] * len(BURST), "escape")  # nothing half typed stays for the next one
    desk.wait_for("b book", patience)
    desk.quiet(answer)


def _far_away(shop: DemoShop, phrase: str) -> Iterator[Figure]:
    if not ssh.found():
        yield sized("live: 300 ms and 1 % loss", 0, "not taken: there is no sshd here")
        return
    folder = shop.settings.state_folder / "sshd"
    try:
        with (
            bad_line(round_trip_ms=300, loss_percent=1) as line,
            ssh.opened(folder, installed(), shop.folders, address=line.address, within=line.within) as door,
            Terminal(door.ssh(), environment=shop.environment) as desk,
        ):
            yield from _keys(shop, desk, phrase, "300 ms and 1 % loss away", 1.2)
            yield sized("live: packets lost on that line", line.lost, f"of {line.carried + line.lost}", "")
    except NoSuchLine as why:
        yield sized("live: 300 ms and 1 % loss", 0, f"not taken: {why}")
