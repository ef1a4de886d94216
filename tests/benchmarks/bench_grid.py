"""What a cursor key costs on a real pty: bytes to the terminal, time to the last of them, and the program's own CPU.

Pilot can't tell: it writes to no terminal. The pty answers Textual's question for synchronized updates as terminals do,
so that the end of an update is seen.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

from frontdesk.screens.calendar.grid_view import LaidDay, Window, cell
from frontdesk.services.sheets.day import DaySheet
from tests.benchmarks.figures import Figure, beside, lasting, median, percentile, ratio, timed
from tests.screens.calendar.sheets import busy_day

ROOT = Path(__file__).parents[2]
UP, DOWN, RIGHT, LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
WALK = ([DOWN] * 4 + [RIGHT] + [UP] * 4 + [RIGHT] + [DOWN] * 4 + [LEFT, LEFT] + [UP] * 4) * 5
"""Up and down three columns and back, within one page."""

_ASKED, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_DONE = b"\x1b[?2026l"
_QUIET_SECONDS = 0.03
_LONGEST_SECONDS = 20.0


@dataclass(frozen=True)
class Costs:
    """One key."""

    sent: int
    seconds: float


def main() -> None:
    """Print them; no database is needed."""
    for figure in figures():
        print(figure, flush=True)


def figures() -> Iterator[Figure]:
    """Bytes and times, a table of Textual's beside them, and what drawing a very full day takes."""
    day = busy_day(visits=60)
    yield lasting(
        "grid: laying out and drawing 12 stylists x 60 visits", min(timed(lambda: _draw(day)) for _ in range(5)), 150
    )
    for columns, rows in ((80, 24), (120, 36)):
        costs, cpu = walk("grid", columns, rows)
        size = f"{columns}x{rows}"
        sent = [cost.sent for cost in costs]
        yield Figure(
            f"grid: bytes of a cursor key, {size}, median", str(int(median(sent))), "<= 200", median(sent) <= 200
        )
        most = int(percentile(sent, 95))
        yield Figure(f"grid: bytes of a cursor key, {size}, 95 of 100", str(most), "<= 240", most <= 240)
        yield lasting(f"grid: CPU of a cursor key, {size}", cpu, 3, "of the whole program, writing included")
        yield beside(f"grid: key to paint, {size}, median", median([c.seconds for c in costs]), "of the wall clock")
    moved = [cost.sent for cost in walk("lifted", 80, 24, ([DOWN] * 4 + [UP] * 4) * 5)[0]]
    most = int(percentile(moved, 95))
    yield Figure("grid: bytes of a lifted visit moved a row, 80x24, 95 of 100", str(most), "<= 1024", most <= 1024)
    pairs = [(_first_paint("day"), _first_paint("nothing")) for _ in range(5)]
    day_drawn, nothing = (median([pair[place] for pair in pairs]) for place in (0, 1))
    yield ratio("grid: a day of 12 stylists and 60 visits, to an empty Textual screen", day_drawn, nothing, 1.6)
    table, cpu = walk("table", 80, 24)
    note = f"{int(median([cost.sent for cost in table]))} bytes, CPU {cpu * 1000:.3g} ms"
    yield beside("grid: a key in a DataTable of Textual's, 80x24", median([c.seconds for c in table]), note)


def _first_paint(what: str) -> float:
    """Seconds to the end of the first picture, from when everything is imported."""
    child = _child(what, 80, 24)
    start, seen = time.perf_counter(), b""
    try:
        while _DONE not in seen and time.perf_counter() - start < _LONGEST_SECONDS:
            if select.select([child.child_fd], [], [], 1.0)[0]:
                seen += os.read(child.child_fd, 65536)
            if b"READY" in seen:
                start, seen = time.perf_counter(), seen.replace(b"READY", b"")
            if _ASKED in seen:
                os.write(child.child_fd, _ANSWER)
                seen = seen.replace(_ASKED, b"")
        return time.perf_counter() - start
    finally:
        child.terminate(force=True)


def _child(what: str, columns: int, rows: int) -> pexpect.spawn:
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    command = ["-m", "tests.benchmarks.grid_child", what]
    return pexpect.spawn(sys.executable, command, cwd=str(ROOT), env=environment, dimensions=(rows, columns))


def walk(what: str, columns: int, rows: int, keys: Sequence[bytes] = WALK) -> tuple[list[Costs], float]:
    """Press the keys one after the other. Answers what each cost, and the CPU of one."""
    child = _child(what, columns, rows)
    try:
        _settle(child)
        for key in keys[:8]:
            _press(child, key)
        before = _cpu(child.pid)
        costs = [_press(child, key) for key in keys[8:]]
        return costs, (_cpu(child.pid) - before) / len(costs)
    finally:
        child.terminate(force=True)


def _settle(child: pexpect.spawn) -> None:
    """Until the first picture stands."""
    seen = b""
    end = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < end:
        if not select.select([child.child_fd], [], [], 1.0)[0]:
            if _DONE in seen:
                return
            continue
        new = os.read(child.child_fd, 65536)
        seen += new
        if _ASKED in seen:
            os.write(child.child_fd, _ANSWER)
            seen = seen.replace(_ASKED, b"")
    raise TimeoutError(f"nothing was painted: {re.sub(rb'[^ -~]', b'.', seen)[-500:]!r}")


def _press(child: pexpect.spawn, key: bytes) -> Costs:
    start = time.perf_counter()
    os.write(child.child_fd, key)
    seen, last = b"", start
    wait = 1.0
    while select.select([child.child_fd], [], [], wait)[0]:
        seen += os.read(child.child_fd, 65536)
        if seen.endswith(_DONE):
            last = time.perf_counter()
            wait = _QUIET_SECONDS
    return Costs(len(seen), last - start)


def _cpu(pid: int) -> float:
    """Seconds that a process has run, to the nanosecond where the system tells so."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _draw(sheet: DaySheet) -> None:
    day = LaidDay(sheet, 15)
    window = Window(width=24 * 12 + 7, height=2 + day.axis.rows, columns=12, rows=day.axis.rows)
    for column in window.shown:
        for y in range(window.height):
            cell(day, window, (y, column))


if __name__ == "__main__":
    main()
