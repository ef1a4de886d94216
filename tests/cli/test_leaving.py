"""cancel and no-show with their price, policy, board, and paying what is owed."""

from __future__ import annotations

from tests.cli.conftest import Run


def _visit(run: Run, words: str) -> str:
    return str(run("book", words, "--json").json["code"])


def test_a_late_no_is_asked_for_let_pass_and_paid(run: Run) -> None:
    assert run("policy", "set", "--notice", "24", "--late", "50%", "--no-show", "100%").code == 3
    ended = run("policy", "set", "--notice", "24", "--late", "50%", "--no-show", "100%", who="mo")
    assert "with less than 24 h notice 50 %, no-show 100 %" in ended.out, ended.err
    assert "every other service" in run("policy", "list").out
    code = _visit(run, "jane cut today 3pm anna")
    undecided = run("cancel", code, "--reason", "ill")
    assert (undecided.code, "costs £25.00: Cut: 50 % of £50.00" in undecided.err) == (3, True)
    refused = run("cancel", code, "--reason", "ill", "--json").json
    assert (refused["refused"], refused["facts"]["proposed"]) == ("FeeUndecided", "25.00")
    left = run("cancel", code, "--reason", "ill", "--fee", "all")
    assert "late cancelled" in left.out
    assert "owes £25.00" in left.out
    paid = run("checkout", code, "--fees", "--pay", "cash:30")
    assert "Late cancellation, Cut" in paid.out, paid.err
    assert "Give back £5.00" in paid.err
    other = _visit(run, "kim cut today 4pm anna")
    assert "£50.00 let pass" in run("no-show", other, "--waive", "snowed in").out
    assert "every other service" not in run("policy", "remove", who="mo").out


def test_one_service_of_a_visit_is_cancelled(run: Run) -> None:
    code = _visit(run, "jane cut+blow tue 3pm anna")
    assert run("cancel", code, "--only", "nail", "--reason", "ill").code == 2
    left = run("cancel", code, "--only", "blow", "--reason", "ill")
    assert left.code == 0, left.err
    states = [line["status"] for line in run("show", code, "--json").json["lines"]]
    assert states == ["pending", "cancelled"]


def test_the_board_says_where_everybody_is(run: Run) -> None:
    assert "Nobody is here" in run("board").out
    code = _visit(run, "jane colour today 9:00 anna")
    assert "arrived 09:00 (on time)" in run("arrive", code).out
    assert "Waiting" in run("board").out
    assert "in service" in run("start", code).out
    assert "processing" in run("start", code).out
    board = run("board")
    assert "Processing" in board.out
    assert "0/45m" in board.out
    assert run("board", "--json").json["rows"][0]["place"] == "Processing"
    assert "09:00 (on time)" in run("show", code).out
    assert "0/30 + 0/45 + 30" in run("show", code).out


def test_what_to_know_about_somebody_is_said_when_they_come(run: Run) -> None:
    added = run("alert", "add", "jane", "doe", "--kind", "allergy", "--words", "ammonia", "--json").json
    code = _visit(run, "jane cut today 3pm anna")
    assert run("alert", "card", code).out.splitlines()[:2] == ["ALLERGY: ammonia", "first visit"]
    assert "ammonia" in run("alert", "list", "jane").out
    assert "No longer: ammonia" in run("alert", "end", str(added["id"])).out
    assert run("alert", "end", str(added["id"])).code == 3
