"""stylist, hours, shop, category, user, product, tax: what changes about the house, in short forms."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


def _ok(run: Run, *words: str, who: str = "mo") -> str:
    ended = run(*words, who=who)
    assert ended.code == 0, (words, ended.err)
    return ended.out


def test_breaks_are_added_every_week_or_once_listed_and_removed(run: Run) -> None:
    code = run("book", "jane cut wed 12pm anna", "--json").json["code"]
    assert code in _ok(run, "stylist", "break", "add", "anna", "tue-wed 12-12:30", "--name", "lunch")
    _ok(run, "stylist", "break", "add", "bo", "15-15:30", "--on", "tomorrow")
    listed = _ok(run, "stylist", "break", "list", who="ria")
    assert [line.split()[1:] for line in listed.splitlines()[1:]] == [
        ["Anna", "Tue", "12:00–12:30", "lunch"], ["Anna", "Wed", "12:00–12:30", "lunch"],
        ["Bo", "2026-03-10", "15:00–15:30", "break"],
    ]  # fmt: skip
    assert run("book", "kim cut tue 12pm anna").code == 3
    for one in run("stylist", "break", "list", "anna", "--json").json["breaks"]:
        _ok(run, "stylist", "break", "remove", str(one["id"]))
    assert _ok(run, "book", "kim cut tue 12pm anna")


def test_a_break_sent_twice_with_one_key_is_added_once(run: Run) -> None:
    key = ("--key", "11111111-1111-4111-8111-111111111111")
    for _ in range(2):
        _ok(run, "stylist", "break", "add", "anna", "mon-wed 12-12:30", *key)
    assert len(run("stylist", "break", "list", "--json").json["breaks"]) == 3


def test_who_is_here_after_all_can_be_booked(run: Run) -> None:
    _ok(run, "stylist", "off", "anna", "tue", "wed", "--kind", "sick")
    listed = _ok(run, "stylist", "away")
    assert "2026-03-10 to 2026-03-11  sick" in listed
    assert run("book", "kim cut tue 12pm anna").code == 3
    _ok(run, "stylist", "here", listed.splitlines()[1].split()[0])
    assert _ok(run, "book", "kim cut tue 12pm anna")


def test_a_stylist_is_shown_changed_leaves_and_comes_back(run: Run) -> None:
    shown = _ok(run, "stylist", "show", "anna")
    assert "Mon–Sat 09:00–17:00" in shown
    assert "Of services  40 %" in shown
    assert "40 %" not in _ok(run, "stylist", "show", "anna", who="ria")
    assert "Anna Berg" in _ok(run, "stylist", "edit", "anna", "--last-name", "Berg", "--code", "AB")
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    assert code in _ok(run, "stylist", "leave", "anna")
    assert "Anna" not in _ok(run, "stylist", "list")
    assert run("stylist", "show", "anna").code == 3
    assert "Mon–Sat" in _ok(run, "stylist", "back", "anna berg")
    assert _ok(run, "book", "kim cut tue 10am anna")


def test_skills_and_rates_are_shown_and_set(run: Run) -> None:
    assert "Massage" in _ok(run, "stylist", "skills", "bo", who="ria")
    assert "Bo does Blow-dry, Cut." in _ok(run, "stylist", "skills", "bo", "cut", "blow")
    assert run("book", "jane colour tue 3pm bo").code == 3
    assert "Bo does everything." in _ok(run, "stylist", "skills", "bo", "--everything")
    assert run("stylist", "skills", "bo", "cut", "--everything").code == 2
    assert "Bo's rates hold from 2026-06-01." in _ok(
        run, "stylist", "rates", "bo", "--of-services", "42", "--from", "1/6"
    )
    assert "42 % from 2026-06-01" in _ok(run, "stylist", "rates", "bo")
    refused = run("stylist", "rates", "bo")
    assert (refused.code, "Ria may not see commission rates" in refused.err) == (3, True)


def test_opening_hours_and_closures(run: Run) -> None:
    code = run("book", "jane cut tue 3pm anna", "--json").json["code"]
    assert "Mon–Sat 09:00–18:00" in _ok(run, "hours", "list", who="ria")
    _ok(run, "hours", "set", "mon-fri 9-20", "--from", "1/6")
    assert [line.split() for line in _ok(run, "hours", "list").splitlines()[1:]] == [
        ["before", "2026-06-01", "Mon–Sat", "09:00–18:00"], ["2026-06-01", "Mon–Fri", "09:00–20:00"],
    ]  # fmt: skip
    assert code in _ok(run, "hours", "close", "tue", "wed", "--why", "Painters")
    closed = _ok(run, "hours", "closures", who="ria")
    assert "2026-03-10 to 2026-03-11  Painters" in closed
    _ok(run, "hours", "reopen", closed.splitlines()[1].split()[0])
    assert _ok(run, "hours", "closures") == ""
    assert run("hours", "close", "tue", "--why", "x").code == 3


def test_the_shop_is_shown_and_changed_by_an_admin(run: Run) -> None:
    assert "Vale Street (1) of Vale" in _ok(run, "shop", "show", who="ria")
    assert run("shop", "edit", "--slot", "20", who="mo").code == 3
    changed = _ok(run, "shop", "edit", "--slot", "20", "--footer", "Bye", who="ada")
    assert "every 20 minutes" in changed
    assert "12 Vale Street" in changed
    assert run("shop", "edit", "--slot", "7", who="ada").code == 3
    assert "Vale Street" in _ok(run, "shop", "list")


def test_shelves_products_and_taxes_are_changed(run: Run) -> None:
    _ok(run, "category", "add", "Nails")
    _ok(run, "category", "rename", "nai", "Hands", "--place", "1")
    assert _ok(run, "category", "list").splitlines()[1].split() == ["1", "Hands", "0"]
    assert "19.50" in _ok(run, "product", "edit", "sha", "--price", "19.50")
    _ok(run, "product", "edit", "sha", "--not-sold")
    assert run("product", "edit", "sha", "--price", "20").code == 3
    assert "Shampoo" in _ok(run, "product", "edit", "sha", "--sold")
    assert "before 2026-06-01" in _ok(run, "tax", "end", "vat", "31/5")
    assert run("tax", "end", "gst", who="mo").err.startswith("There is no tax gst. There are: VAT.")


@pytest.mark.parametrize("wish", [("--name", "Ria Low"), ("--role", "manager"), ("--stylist", "bo")])
def test_people_are_changed_and_let_in_again(run: Run, wish: tuple[str, str]) -> None:
    assert run("user", "edit", "ria", *wish, who="mo").code == 3
    changed = _ok(run, "user", "edit", "ria", *wish, who="ada")
    assert ("manager" if wish[0] == "--role" else "receptionist") in changed
    _ok(run, "user", "disable", "ria", who="ada")
    assert "disabled" not in _ok(run, "user", "enable", "ria", who="ada")
    assert run("user", "edit", "ada", "--role", "manager", who="ada").code == 3
