"""How long a busy shop takes to be made up, stage by stage, and of how many rows."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from pathlib import Path

import psycopg

from frontdesk.db import migrations
from frontdesk.db.server import PrivateServer
from frontdesk.services.seeding import SeedShop, Size, seed

GOAL_SECONDS = 20.0
"""On two cores, with the strips laid out."""
_TODAY = dt.date(2026, 3, 9)


def main() -> None:
    """Print the whole and its stages."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with PrivateServer(folder / "home").attach() as server:
            with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE busy")
            migrations.migrate(server.conninfo("busy"))
            _measure(server.conninfo("busy"))
    finally:
        shutil.rmtree(folder)


def _measure(owner: str) -> None:
    reached: dict[str, float] = {}
    began = time.perf_counter()
    made = seed(
        owner, SeedShop(today=_TODAY, size=Size.BUSY), lambda doing, *_: reached.update({doing: time.perf_counter()})
    )
    whole = time.perf_counter() - began
    rows = sum(made.rows.values())
    print(f"a busy shop        {whole:.1f} s   goal <= {GOAL_SECONDS:.0f} s   ({rows:,} rows)")
    for stage, until in reached.items():
        print(f"  {stage.lower():<20} {until - began:.1f} s")
        began = until
    for table in ("customers", "appointments", "appointment_services", "time_slots", "sales", "commissions"):
        print(f"  {table:<20} {made.rows[table]:,} rows")


if __name__ == "__main__":
    main()
