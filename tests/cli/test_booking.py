"""free, book, day: from a telephone call to a line in the book."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cli.conftest import Run


def visits_in(run: Run, day: str = "tue") -> int:
    """How many are in the book that day."""
    columns = run("day", day, "--json").json["columns"]
    return len({entry["code"] for column in columns for entry in column["entries"]})


def test_free_lists_times_with_the_stylist_asked_for(run: Run) -> None:
    ended = run("free", "cut", "--stylist", "bo", "--from", "tomorrow", "--limit", "2")
    assert ended.code == 0, ended.err
    assert [line.split() for line in ended.out.splitlines()] == [
        ["Day", "Cut", "With", "Price"],
        ["Tue", "10", "Mar", "10:00–10:45", "Bo", "50.00"],
        ["10:15–11:00", "Bo", "50.00"],
    ]


def test_free_says_who_and_what_there_is_when_a_name_fits_nothing(run: Run) -> None:
    ended = run("free", "perm")
    assert ended.code == 3
    assert "Blow-dry, Cut, Colour, Massage" in ended.err
    assert run("free", "cut", "-s", "zoe").err.startswith("There is no stylist zoe. There are: Anna, Bo.")


def test_a_line_books_and_the_preview_is_talk(run: Run) -> None:
    ended = run("book", "jane", "cut", "tue", "3pm", "anna")
    assert ended.code == 0, ended.err
    assert ended.err == "Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00\n"
    assert ended.out.startswith("Booked Jane Doe, Tue 10 Mar 15:00–15:45. Visit ")
    day = run("day", "tue").out
    assert "15:00–15:45  p*  Jane Doe  Cut" in day
    assert "p pending  * new" in day


def test_a_dry_run_books_nothing(run: Run) -> None:
    ended = run("book", "jane cut tue 3pm anna", "--dry-run")
    assert ended.out == "Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00\n"
    assert visits_in(run) == 0


def test_an_unclear_line_is_refused_with_what_it_could_have_meant(run: Run) -> None:
    ended = run("book", "jane cut tue anna", "--json")
    assert ended.code == 3
    assert ended.json["refused"] == "Unclear"
    first = ended.json["facts"]["options"][0]
    assert first.startswith("jane cut tue anna 2026-03-10 ")
    assert f"  {first}\n" in ended.err
    assert run("book", ended.json["facts"]["options"][0]).code == 0


def test_a_taken_time_is_refused_and_can_be_insisted_on_with_a_reason(run: Run) -> None:
    assert run("book", "jane cut tue 3pm anna").code == 0
    refused = run("book", "kim cut tue 3pm anna")
    assert refused.code == 3
    assert "taken" in refused.err
    assert "! overbooked" in run("book", "kim cut tue 3pm anna", "--overbook", "sisters").out


def test_the_same_key_books_once_and_answers_the_same(run: Run) -> None:
    key = str(uuid4())
    first = run("book", "jane cut tue 3pm anna", "--json", "--key", key)
    again = run("book", "jane cut tue 3pm anna", "--json", "--key", key)
    assert first.code == again.code == 0
    assert first.json == again.json
    assert visits_in(run) == 1
    other = run("book", "kim cut wed 3pm anna", "--json", "--key", key)
    assert (other.code, other.json["refused"]) == (3, "SameKeyOtherWish")


def test_it_stays_booked_for_the_next_command(run_for_good: Run) -> None:
    code = run_for_good("book", "jane cut tue 3pm anna", "--json").json["code"]
    assert code in run_for_good("day", "tue").out
    assert run_for_good("arrive", code).code == 0
    assert "arrived" in run_for_good("show", code).out


def test_another_key_is_another_wish(run: Run) -> None:
    for _ in range(2):
        run("book", "jane cut tue 3pm anna", "--guest", "Ann", "--overbook", "twins", "--key", str(uuid4()))
    assert visits_in(run) == 2


def test_a_trainee_books_outside_hours_with_a_managers_pin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_NEW_PIN", "4711")
    assert run("user", "pin", who="mo").code == 0
    assert run("terminal", "register", "front desk", who="ada").code == 0
    line = ("book", "kim cut tue 7pm anna", "--outside")
    assert "A manager can approve it" in run(*line, who="tess").err
    monkeypatch.setenv("FRONTDESK_PIN", "1111")
    assert run(*line, "--approved-by", "mo", who="tess").code == 3
    monkeypatch.setenv("FRONTDESK_PIN", "4711")
    assert run(*line, "--approved-by", "mo", who="tess").code == 0


def test_names_with_markup_are_names(run: Run) -> None:
    assert run("customer", "add", "[/b] Ann", "[red]").code == 0
    assert run("customer", "find", "ann").out.splitlines()[1].split("  ")[2:3] == ["[/b] Ann [red]"]
    ended = run("book", '"ann" cut tue 3pm anna')
    assert ended.code == 0, ended.err
    assert "[/b] Ann [red]" in ended.out
    assert "[/b] Ann [red]" in run("day", "tue").out


def test_a_day_in_words_or_figures_is_the_same_day(run: Run) -> None:
    days = {run("day", *words.split(), "--json").json["day"] for words in ("tomorrow", "tue", "10/3", "2026-03-10")}
    assert days == {"2026-03-10"}
    assert run("day", "--json").json["day"] == "2026-03-09"
