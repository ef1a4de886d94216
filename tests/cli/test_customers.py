"""customer: found, added, shown, changed, archived."""

from __future__ import annotations

from uuid import uuid4

from tests.cli.conftest import Run


def test_found_by_name_and_by_the_end_of_the_telephone_number(run: Run) -> None:
    for words in ("ja do", "0123"):
        assert "1    Jane Doe  +447700900123" in run("customer", "find", *words.split()).out
    nobody = run("customer", "find", "xaver")
    assert (nobody.code, nobody.out) == (0, "")
    assert "customer add" in nobody.err
    assert 'Found with "jane"' in run("customer", "find", "jnae").err


def test_added_with_what_is_known(run: Run) -> None:
    wish = (
        "customer",
        "add",
        "Mary",
        "Ann",
        "Poe",
        "--phone",
        "07700 900456",
        "--born",
        "1988-02-29",
        "--stylist",
        "bo",
    )
    key = ("--key", str(uuid4()), "--json")
    card = run(*wish, *key).json
    assert (card["first_name"], card["last_name"], card["phone"]) == ("Mary Ann", "Poe", "+447700900456")
    assert (card["preferred_stylist_id"], card["date_of_birth"]) == (2, "1988-02-29")
    assert run(*wish, *key).json == card


def test_a_field_that_can_not_be_is_refused_by_name(run: Run) -> None:
    ended = run("customer", "add", "Mary", "--phone", "12", "--json")
    assert (ended.code, ended.json["facts"]["field"]) == (3, "phone")
    assert run("customer", "add", "Mary", "--born", "yesterday").code == 2


def test_changed_field_by_field(run: Run) -> None:
    changed = run("customer", "edit", "jane", "--notes", "Tea, no sugar", "--phone", "", "--json").json
    assert (changed["notes"], changed["phone"], changed["last_name"]) == ("Tea, no sugar", None, "Doe")
    assert run("customer", "edit", "jane").code == 2
    stale = run("customer", "edit", "jane", "--notes", "Coffee", "--seen", "1", "--json")
    assert stale.json["refused"] == "ChangedMeanwhile"


def test_shown_on_one_page(run: Run) -> None:
    run("book", "jane cut tue 3pm anna")
    shown = run("customer", "show", "1").out
    assert "Jane Doe (1)" in shown
    assert "Tue 10 Mar 2026 15:00 Cut Anna pending" in shown


def test_several_of_a_name_are_asked_about(run: Run) -> None:
    run("customer", "add", "Jane", "Dorn")
    ended = run("customer", "show", "jane", "--json")
    assert (ended.code, ended.json["refused"]) == (3, "Unclear")
    assert len(ended.json["facts"]["options"]) == 2


def test_archived_people_are_found_no_more(run: Run) -> None:
    assert "archived" in run("customer", "archive", "ola").out
    assert run("customer", "find", "ola", "--json").json["customers"] == []
    number = run("customer", "archive", "jane", "--json").json["id"]
    assert "archived" not in run("customer", "restore", str(number)).out
    assert len(run("customer", "find", "jane", "--json").json["customers"]) == 1
    assert run("customer", "restore", "999").code == 3
