"""frontdesk shop rules: how the shop keeps its book."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_the_shop_s_rules_are_shown_and_changed_by_an_admin(run: Run) -> None:
    shown = run("shop", "rules")
    assert "15 min at most" in shown.out
    changed = run("shop", "rules", "--wait", "20", "--cleanup-overrun", "--small-turn", "0.5", "--json", who="ada")
    assert (changed.code, changed.json["wait_minutes"], changed.json["cleanup_may_overrun"]) == (0, 20, True)
    assert run("shop", "rules", "--wait", "5", who="mo").code == 3
    assert run("shop", "rules", "--small-turn", "much", who="ada").code == 3
    assert "20 min at most" in run("shop", "rules").out
