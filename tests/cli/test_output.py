"""What is printed: data and talk apart, no colour where none is wanted, 80 columns, people's text as text."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from decimal import Decimal

import pexpect
import pytest

from frontdesk.cli.output import json_of, table, text
from frontdesk.services.placing.availability import FreeTime
from tests.cli.conftest import REPO, Run

HOSTILE = ("[/b] Ann", "[red]x[/red]", "\x1b[31mred", "a\x07b", "rtl \u202etxt", "{name}", "%s", "\\[bold]", "名前")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_text(name: str) -> None:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=80).print(table(("Name",), [(name,)]))
    shown = out.getvalue()
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert text(name).plain in shown


def test_text_keeps_its_spaces_and_lines() -> None:
    assert text("Cut     50.00\n  Anna").plain == "Cut     50.00\n  Anna"


def test_json_has_amounts_as_strings_and_instants_with_their_zone() -> None:
    at = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
    assert json_of(FreeTime(at, at, 1, "Anna", Decimal("50.00"))) == (
        b'{"starts_at":"2026-03-10T15:00:00Z","ends_at":"2026-03-10T15:00:00Z","stylist_id":1,"stylist":"Anna",'
        b'"price":"50.00"}'
    )


@pytest.mark.usefixtures("shared")
def test_colour_is_for_terminals_only_and_not_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    def on_a_terminal() -> str:
        command = [sys.executable, "-m", "frontdesk", "free", "cut"]
        child = pexpect.spawn(command[0], command[1:], cwd=REPO, encoding="utf-8", timeout=20, dimensions=(24, 80))
        child.expect(pexpect.EOF)
        return str(child.before)

    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in on_a_terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in on_a_terminal()
    piped = subprocess.run(
        [sys.executable, "-m", "frontdesk", "free", "cut"], capture_output=True, check=True, cwd=REPO
    )
    assert b"\x1b" not in piped.stdout


def test_everything_fits_80_columns(run: Run) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff"
    run("customer", "add", "Hubert Blaine", long, "--phone", "07700900999", "--email", f"hubert@{long.lower()}.example")
    run("book", f'"{long}" colour+cut tue 10am anna')
    day = run("day", "tue")
    assert long in day.out.replace("\n", "")
    code = run("day", "tue", "--json").json["columns"][0]["entries"][0]["code"]
    for words in (
        ("day", "tue"), ("show", code), ("customer", "find", "hub"), ("customer", "show", "hub"), ("free", "cut"),
        ("do",), ("info",), ("service", "list"), ("stylist", "list"), ("user", "list"), ("whoami",),
    ):  # fmt: skip
        ended = run(*words)
        assert ended.code == 0, ended.err
        assert max(map(len, ended.out.splitlines())) <= 80, words


@pytest.mark.usefixtures("shared")
def test_a_reader_that_leaves_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "frontdesk", "do"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPO,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
