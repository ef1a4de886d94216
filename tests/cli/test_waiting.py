"""waitlist, queue and turns as they are typed."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_somebody_waits_is_offered_a_time_and_takes_it(run: Run) -> None:
    added = run(
        "waitlist", "add", "kim", "cut", "+", "blow-dry", "--on", "tue fri", "--at", "after 16", "-s", "anna", "--json"
    )
    assert added.code == 0, added.err
    entry = added.json
    assert (entry["what"], entry["weekdays"], entry["opens"]) == ("Cut+Blow-dry", [2, 5], 16 * 60)
    assert run("waitlist", "leave", str(entry["id"])).code == 3
    assert (
        run("waitlist", "leave", str(entry["id"]), "--reason", "Found another").out == "Kim Lee is off the waitlist.\n"
    )
    run("waitlist", "add", "Zoe", "cut", "--guest", "--from", "tue", "--until", "tue")
    listed = run("waitlist", "list").out
    assert "Zoe" in listed
    assert "Tue 10 Mar" in listed
    number = run("waitlist", "list", "--json").json["waiting"][0]["id"]
    offer = run("waitlist", "offer", str(number), "--json").json
    assert (offer["starts_at"], offer["stylist"]) == ("2026-03-10T09:00:00Z", "Anna")
    assert "until 09:10" in run("waitlist", "offers").out
    assert "Zoe" in run("waitlist", "answer", str(offer["id"]), "yes").out
    assert "Nobody waits." in run("waitlist", "list").err
    again = run("waitlist", "answer", str(offer["id"]), "no")
    assert (again.code, "was taken already" in again.err) == (3, True)


def test_a_declined_offer_names_the_next(run: Run) -> None:
    for name in ("Zoe", "Max"):
        run("waitlist", "add", name, "cut", "--guest", "--until", "tue")
    first, second = (one["id"] for one in run("waitlist", "list", "--json").json["waiting"])
    offer = run("waitlist", "offer", str(first), "tue", "3pm", "-s", "bo", "--json").json
    assert f"Next: Max, entry {second}." in run("waitlist", "answer", str(offer["id"]), "no").out
    assert "Max" in run("waitlist", "book", str(second), "tue", "3pm").out
    assert run("waitlist", "add", "Zoe", "cut", "--guest", "--at", "teatime").code == 2
    assert run("waitlist", "book", "99").code == 3


def test_a_walk_in_is_queued_and_given_a_turn(run: Run) -> None:
    assert "09:00 Anna" in run("queue", "kim", "cut").out
    number = run("queue", "--json").json["waiting"][0]["id"]
    assert "Whose turn" in run("queue").out
    given = run("queue", "--turn", str(number))
    assert (given.code, "Kim Lee" in given.out) == (0, True), given.err
    assert "Nobody waits for a turn." in run("queue").out
    assert "at lunch (Ria)" in run("turns", "--skip", "bo", "--reason", "at lunch").out
    assert [one["name"] for one in run("turns", "--json").json["order"]] == ["Anna", "Bo"]
    unclear = run("queue", "kim")
    assert (unclear.code, "What for?" in unclear.err) == (3, True)
    run("queue", "zoe", "cut")
    waiting = run("queue", "--json").json["waiting"][0]["id"]
    assert run("queue", "--leave", str(waiting), "--reason", "too long").out == "Zoe has left the queue.\n"
