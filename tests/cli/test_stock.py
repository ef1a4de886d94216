"""stock and supplier: as they are typed."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_stock_is_received_counted_used_carried_and_told(run: Run) -> None:
    assert "makes another place" in run("stock", "place").err
    assert "Store room" in run("stock", "place", "Store", "room", who="mo").out
    came = run("stock", "receive", "sha", "6", "--cost", "7.20", "--at", "store", "--json").json
    assert [(one["quantity"], one["now"], one["place"]) for one in came["moves"]] == [(6, 6, "Store room")]
    run("stock", "move", "sha", "4", "--from", "store room")
    run("stock", "use", "sha", "--tester")
    assert run("stock", "use", "sha", "1", "--damaged", "--json").json["refused"] == "ReasonMissing"
    run("stock", "count", "5012345678900", "2")
    assert run("stock", "correct", "sha", "-1", "--reason", "Box", "--json").json["refused"] == "NotAllowed"
    assert run("stock", "correct", "sha", "-1", "--reason", "Box", who="mo").code == 0
    listed = run("stock").out
    assert "1 the shelf, 2 Store room" in listed
    told = run("stock", "history", "sha").out
    assert [word in told for word in ("corrected", "Box", "counted", "tester", "carried", "received")] == [True] * 6
    assert "1" in run("product", "list").out


def test_what_is_low_is_ordered_and_comes(run: Run) -> None:
    assert run("supplier", "add", "Wella", "--phone", "020 7946 0001", who="mo").out == "Wella is a supplier.\n"
    run("product", "edit", "sha", "--supplier", "Wella", "--cost", "7.20", who="mo")
    assert "2 or fewer" in run("stock", "level", "sha", "2", "6", who="mo").err
    assert "low" in run("stock", "--low").out
    assert "43.20" in run("stock", "order").out
    order = run("stock", "order", "wel", "--json").json
    assert [(line["quantity"], line["received"]) for line in order["lines"]] == [(6, 0)]
    assert run("stock", "receive", "sha", "6", "--order", str(order["id"])).code == 0
    assert run("stock", "orders").err == "Nothing is on its way.\n"
    assert "closed" in run("stock", "orders", "--all").out
    assert run("stock", "--low").err == "There is enough of everything.\n"
    assert "Wella" in run("supplier", "list").out
    assert run("supplier", "edit", "wella", "--note", "Tuesdays", who="mo").code == 0


def test_what_is_mistyped_is_said(run: Run) -> None:
    for words in (["receive", "sha"], ["receive", "sha", "x"], ["count", "sha", "-1"], ["level", "sha", "few"]):
        assert run("stock", *words, who="mo").code == 2
    assert run("stock", "receive", "sha", "1", "--at", "moon", "--json").json["refused"] == "NotFound"
    wrong = run("product", "add", "Wax", "--price", "9", "--barcode", "5012345678900", "--json", who="mo").json
    assert wrong["sentence"].startswith("5012345678900 is the barcode of Shampoo 250 ml already")
    added = run("product", "add", "--family", "Mask", "--variant", "1 l", "--price", "9", "--json", who="mo").json
    assert (added["name"], added["family"], added["on_shelf"]) == ("Mask 1 l", "Mask", 0)


def test_who_waits_is_written_down_named_by_the_delivery_and_ended(run: Run) -> None:
    assert "Nobody waits" in run("stock", "wishes").err
    said = run("stock", "wish", "jane doe", "sha", "--note", "two of them").err
    assert said == "Jane Doe waits for Shampoo 250 ml.\n"
    again = run("stock", "wish", "jane doe", "sha", "--json").json
    assert again["refused"] == "WishedAlready"
    assert again["sentence"].startswith("Jane Doe waits for Shampoo 250 ml already, since ")
    came = run("stock", "receive", "sha", "6").err
    assert "Jane Doe waits for Shampoo 250 ml" in came
    (listed,) = run("stock", "wishes", "sha", "--json").json["wishes"]
    assert (listed["customer"], listed["on_shelf"], listed["note"]) == ("Jane Doe", 6, "two of them")
    assert "is back" in run("stock", "wishes", "--of", "jane doe").out
    assert run("stock", "unwish", "kim lee", "sha", "--json").json["refused"] == "NotFound"
    assert run("stock", "unwish", "jane doe").code == 2
    assert "they know that it is here" in run("stock", "unwish", "jane doe", "sha", "--because", "told").err
    assert "told" in run("stock", "wishes", "--all").out
    assert run("stock", "unwish", str(listed["id"]), "--json").json["refused"] == "NotFound"
    assert "Jane Doe" not in run("stock", "receive", "sha", "6").err
