"""journal and export: the chain of money events, and what the bookkeeper gets."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from tests.cli.conftest import Run


def test_the_journal_is_verified_and_exported_in_balance(run: Run) -> None:
    for _ in range(2):
        assert run("checkout", "--product", "Shampoo", "--pay", "cash").code == 0
    whole = run("journal", "verify", who="mo")
    assert (whole.code, "2 entries, every one as it was written." in whole.out) == (0, True)
    head = whole.out.splitlines()[-1]
    assert run("journal", "verify", "--against", head[:16], who="mo").code == 0
    bent = run("journal", "verify", "--against", "f" * 16, who="mo")
    assert (bent.code, "no entry has the hash ffffffffffff" in bent.out) == (1, True)
    rows = list(csv.DictReader(io.StringIO(run("export", "journal", "mon", "9", "mar", who="mo").out)))
    assert {row["kind"] for row in rows} == {"sale"}
    assert sum(Decimal(row["debit"]) for row in rows) == sum(Decimal(row["credit"]) for row in rows) > 0
    back = run("export", "journal", "10", "mar", "--until", "9 mar", who="mo")
    assert back.code != 0
    assert "Say them in order" in back.err
