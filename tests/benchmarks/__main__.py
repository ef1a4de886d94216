"""Prints every figure, one line each: `make bench`. `--quick` takes small books, `--only day` one of them.

A figure that is missed is printed as missed and fails nothing: the machine may have had other work to do.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from tests.benchmarks.scratch import QUICK, Size, scratch

FIGURES = {
    "help": "bench_help",
    "free": "bench_free_times",
    "visits": "bench_visit_times",
    "booking": "bench_booking",
    "series": "bench_series",
    "race": "bench_race",
    "throughput": "bench_throughput",
    "attempts": "bench_attempts",
    "days": "bench_days",
    "customers": "bench_customers",
    "day": "bench_day",
    "till": "bench_till",
    "prepaid": "bench_prepaid",
    "paint": "bench_paint",
    "live": "bench_live",
}
"""Modules by the names they are asked for by. Processes that are spawned come by here too, and import none."""
PRINTED = {"grid": "bench_grid", "server": "bench_server", "seeding": "bench_seeding"}


def main() -> None:
    """Take them one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small books: whether it runs, not how fast it is")
    parser.add_argument("--only", choices=[*FIGURES, *PRINTED], action="append", help="one figure; may be repeated")
    parser.add_argument("--visits", type=int, help="how many visits the day is summed up in")
    parser.add_argument("--slots", type=int, help="how many pieces the bigger book has; 0 for no bigger book")
    parser.add_argument("--keep", type=Path, help="a folder to keep the books in, for the next run")
    asked = parser.parse_args()
    size = QUICK if asked.quick else Size()
    if asked.visits:
        size = replace(size, visits=asked.visits)
    if asked.slots is not None:
        size = replace(size, many_slots=asked.slots)
    chosen = asked.only or [*PRINTED, *FIGURES]
    for name in chosen:
        if name in PRINTED:
            import_module(f"tests.benchmarks.{PRINTED[name]}").main()
    if not any(name in FIGURES for name in chosen):
        return
    with scratch(size, asked.keep) as place:
        for name in chosen:
            if name in FIGURES:
                for figure in import_module(f"tests.benchmarks.{FIGURES[name]}").figures(place):
                    print(figure, flush=True)


if __name__ == "__main__":
    main()
