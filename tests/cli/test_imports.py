"""import: another system's export, told row by row and then brought over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.services.importing.exports import Folder, written


@pytest.fixture
def export(tmp_path: Path) -> Folder:
    """The invented shop's files and their map."""
    (tmp_path / "export").mkdir()
    return written(tmp_path / "export")


def test_a_dry_run_tells_and_changes_nothing(run: Run, export: Folder) -> None:
    words = ("import", str(export.path), "--map", str(export.map_file), "--dry-run")
    told = run(*words, who="ada")
    assert told.code == 0, told.err
    assert "old till: 10 rows" in told.out
    assert "services.csv:2" not in told.out
    assert "services.csv:2  already here" in run(*words, "--rows", who="ada").out
    assert "Nothing was changed" in told.err
    assert len(run(*words, "--json", who="ada").json["rows"]) == 10
    assert run("customer", "find", "amy01", "--json").json["customers"] == []


def test_it_comes_over_and_a_second_time_adds_nothing(run: Run, export: Folder) -> None:
    words = ("import", str(export.path), "--map", str(export.map_file))
    first = run(*words, who="ada")
    assert first.code == 0, first.err
    assert "added as batch" in first.out
    assert "sums held against the files: all equal." in first.out
    assert max(map(len, first.out.splitlines())) <= 80
    assert "nothing new" in run(*words, who="ada").out
    assert run("customer", "find", "amy01", "--json").json["customers"][0]["code"] == "AMY01"
    assert run(*words).code == 3


def test_what_came_over_is_given_back_by_its_old_number(run: Run, export: Folder) -> None:
    run("import", str(export.path), "--map", str(export.map_file), who="ada")
    words = ("refund", "7", "--reason", "Too short", "--line", "fringe")
    assert "receipt" in run(*words, who="mo").err, "7 is not one of the shop's own numbers"
    back = run(*words, "--imported", who="mo")
    assert back.code == 0, back.err
    assert "Of receipt 7" in back.out
    assert "back of receipt 7 of before" in back.err
    assert "--imported" in run("refund", "A-7", "--reason", "Too short", who="mo").err


def test_rows_that_can_not_be_read_refuse_all(run: Run, export: Folder) -> None:
    export.add("book.csv", "AMY01,ZOE,CUT,99/99/2026,10:00")
    words = ("import", str(export.path), "--map", str(export.map_file))
    told = run(*words, "--dry-run", who="ada")
    assert told.code == 3
    assert "refused" in told.out
    assert "nothing would be imported" in told.err
    assert run(*words, who="ada").code == 3
    assert run("import", str(export.path), "--map", "nowhere.toml").code == 2
