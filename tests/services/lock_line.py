"""Who stands in line for a lock: what a race waits for before it lets everybody go."""

from __future__ import annotations

import time

import psycopg


def until_they_wait(conninfo: str, many: int) -> None:
    """Come back once so many sessions of this database wait for a lock. AssertionError after half a minute."""
    with psycopg.connect(conninfo, autocommit=True) as watcher:
        for _ in range(1500):
            row = watcher.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row and row[0] >= many:
                return
            time.sleep(0.02)
    raise AssertionError(f"fewer than {many} wait")
