"""Months of history: made ahead, moved out of the default one, as guarded and as described as the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from frontdesk.db import upkeep
from frontdesk.db.migrations import migrate, rollback
from frontdesk.db.upkeep import months, prepare_months
from frontdesk.errors import Busy
from tests.db import catalogue
from tests.db.catalogue import schema_of
from tests.db.conftest import Place, signed_in

OLD = ("2024-12-31 23:59:59.999999Z", "2025-01-01 00:00:00Z", "2025-02-28 12:00:00Z")


@pytest.fixture
def old(place: Place) -> Iterator[str]:
    """A database whose history was never looked after: its name."""
    with place.database("old") as name, psycopg.connect(place.owner(name), autocommit=True) as owner:
        for moment in OLD:
            owner.execute(
                "INSERT INTO audit_log (at, business_id, who, table_name, row_id, action)"
                " VALUES (%s, 1, 'Ria', 'x', 1, 'y')",
                (moment,),
            )
        yield name


def _partitions(connection: psycopg.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT tableoid::regclass::text, count(*) FROM audit_log GROUP BY 1")
    return dict(rows.fetchall())


def test_months_roll_over_the_year() -> None:
    assert [f"{month:%Y-%m}" for month in months(dt.date(2026, 11, 1), 3)] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
    ]
    assert [f"{month:%Y-%m}" for month in months(dt.date(2026, 12, 1), 0)] == ["2026-12"]


def test_every_month_moves_into_a_partition_of_its_own(place: Place, old: str) -> None:
    with psycopg.connect(place.owner(old), autocommit=True) as owner:
        before = owner.execute("SELECT count(*), md5(string_agg(a::text, '' ORDER BY id)) FROM audit_log a").fetchone()
        (now,) = owner.execute("SELECT to_char(now(), 'YYYY_MM')").fetchone() or ("",)
        made = prepare_months(place.owner(old), ahead=2)
        assert made[:4] == ["audit_log_2024_12", "audit_log_2025_01", "audit_log_2025_02", f"audit_log_{now}"]
        assert len(made) == 6
        found = _partitions(owner)
        assert {name: found[name] for name in made[:3]} == dict.fromkeys(made[:3], 1)
        assert set(found) == set(made[:4])
        after = owner.execute("SELECT count(*), md5(string_agg(a::text, '' ORDER BY id)) FROM audit_log a").fetchone()
        assert after == before
        owner.execute("UPDATE customers SET last_name = 'Smith' WHERE id = 1")
        assert _partitions(owner)[f"audit_log_{now}"] == found[f"audit_log_{now}"] + 1
    assert prepare_months(place.owner(old), ahead=2) == []


def test_months_are_as_guarded_and_described_as_the_rest(place: Place, old: str) -> None:
    prepare_months(place.owner(old))
    with psycopg.connect(place.owner(old)) as owner:
        assert catalogue.silent(owner) == set()
        assert catalogue.oddly_named(owner) == set()
        loose = owner.execute("""
            SELECT relname FROM pg_class WHERE relname LIKE 'audit_log%' AND relkind IN ('r', 'p')
               AND (NOT relrowsecurity OR relowner <> to_regrole(owner_role())
                    OR has_table_privilege(desk_role(), oid, 'SELECT') <> (relname = 'audit_log'))
        """).fetchall()
        assert loose == []
    with psycopg.connect(place.desk(old)) as desk:
        assert signed_in(desk, "mo").execute("SELECT count(*) > 3 FROM audit_log").fetchone() == (True,)
        assert signed_in(desk, "ria").execute("SELECT count(*) FROM audit_log").fetchone() == (0,)
        assert desk.execute("SELECT count(*) > 0 FROM record_history('customers', 1)").fetchone() == (True,)


def test_many_that_look_after_it_at_once_make_each_month_once(place: Place, old: str) -> None:
    with ThreadPoolExecutor(4) as keepers:
        made = [name for names in keepers.map(lambda _: prepare_months(place.owner(old)), range(4)) for name in names]
    assert len(made) == len(set(made)) == 7


def test_whoever_writes_history_for_long_is_not_waited_for(
    place: Place, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PATIENCE", "30ms")
    with psycopg.connect(place.owner(old)) as writer:
        writer.execute("UPDATE customers SET last_name = 'Smith' WHERE id = 1")
        with pytest.raises(Busy):
            prepare_months(place.owner(old))
    assert prepare_months(place.owner(old))


def test_months_go_with_their_table_and_come_back_only_when_asked(place: Place, old: str) -> None:
    before = schema_of(place.owner(old), place.version)
    prepare_months(place.owner(old))
    rollback(place.owner(old), target="0001")
    migrate(place.owner(old))
    assert schema_of(place.owner(old), place.version) == before
