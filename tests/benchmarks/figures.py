"""A figure: what was measured, what is wanted, and how times are taken on a machine that has other work to do."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the answer."""

    name: str
    measured: str
    goal: str = ""
    """Empty for what is only shown beside a figure."""
    met: bool = True
    note: str = ""

    def __str__(self) -> str:
        verdict = f"goal {self.goal:<10} {'met' if self.met else 'missed'}" if self.goal else f"{'beside':<15}"
        return f"{self.name:<62} {self.measured:>9}   {verdict:<22} {self.note}".rstrip()


def ratio(name: str, ours: float, baseline: float, goal: float) -> Figure:
    """How many times the baseline it takes; both in seconds, both shown in milliseconds."""
    times = ours / baseline
    note = f"{_milliseconds(ours)} against {_milliseconds(baseline)}"
    return Figure(name, f"{times:.3g}x", f"<= {goal:g}x", times <= goal, note)


def share(name: str, ours: float, baseline: float, least: float, unit: str) -> Figure:
    """How much of the baseline is reached, of which there should be no less than so much."""
    part = ours / baseline
    note = f"{ours:.3g} against {baseline:.3g} {unit}"
    return Figure(name, f"{part:.3g}x", f">= {least:g}x", part >= least, note)


def lasting(name: str, seconds: float, goal_milliseconds: float, note: str = "") -> Figure:
    """How long it takes."""
    met = seconds * 1000 <= goal_milliseconds
    return Figure(name, _milliseconds(seconds), f"<= {goal_milliseconds:g} ms", met, note)


def counted(name: str, many: float, most: float, unit: str, note: str = "") -> Figure:
    """How much of something there is, of which there should be no more than so much."""
    return Figure(name, f"{many:.3g} {unit}", f"<= {most:g} {unit}", many <= most, note)


def beside(name: str, seconds: float, note: str = "") -> Figure:
    """How long something takes that has no goal of its own."""
    return Figure(name, _milliseconds(seconds), note=note)


def sized(name: str, many: int, note: str = "", unit: str = " B") -> Figure:
    """How much of something there is, where that has no goal of its own."""
    return Figure(name, f"{many:,}{unit}", note=note)


def fact(name: str, measured: object, goal: object, note: str = "") -> Figure:
    """Something that holds or does not."""
    return Figure(name, str(measured), str(goal), measured == goal, note)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes, garbage collected before and not during."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def interleaved(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of every call, by work: in turns, so that what else the machine does strikes all of them alike."""
    for work in works:
        for _ in range(3):  # warm: caches of both sides are full and plans are made
            work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, its in zip(works, times, strict=True):
            its.append(timed(work))
    return times


def percentile(times: Sequence[float], percent: float) -> float:
    """The time that so many percent of all stay within."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(times: Sequence[float]) -> float:
    """The time in the middle."""
    return percentile(times, 50)
