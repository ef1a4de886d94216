"""commission, pay, tips: rules, statements and tips in short forms."""

from __future__ import annotations

import csv
import io

from tests.cli.conftest import Run


def _ok(run: Run, *words: str, who: str = "mo") -> str:
    ended = run(*words, who=who)
    assert ended.code == 0, (words, ended.err)
    return ended.out


def _flat(words: str) -> str:
    return " ".join(words.split())


def _sale(run: Run, *more: str) -> None:
    code = run("book", "jane cut mon 10am anna", "--json").json["code"]
    _ok(run, "checkout", code, *more, who="ria")


def test_a_rule_is_set_explained_and_ended(run: Run) -> None:
    assert "40 % of the price after discount, without tax" in _flat(_ok(run, "commission", "list"))
    number = run("commission", "rule", "--bands", "0:40 2000:45", "--service", "cut", "--json", who="mo").json[
        "rule_id"
    ]
    tried = _ok(run, "commission", "why", "anna", "cut", "--price", "60")
    assert _flat(tried).startswith(
        "20.00: 40 % from 0.00, 45 % from 2,000.00 of the price after discount, without tax, each band of the period"
    )
    assert "Fits as well" in tried
    _ok(run, "commission", "end", str(number))
    assert "2,000.00" not in _ok(run, "commission", "list")
    assert "Say how much in one way" in run("commission", "rule", "40", "--each", "5", who="mo").err
    assert '"40" is no band' in run("commission", "rule", "--reached", "40", who="mo").err
    refused = run("commission", "list", who="ria")
    assert (refused.code, "Ria may not see commission rates. Ask a manager." in refused.err) == (3, True)


def test_a_statement_in_words_and_as_a_file_and_a_close_that_comes_too_early(run: Run) -> None:
    _sale(run, "--pay", "cash:50")
    page = _ok(run, "pay", "statement", "anna")
    assert "Anna, 2026-03-01 to 2026-03-31, GBP, still open" in page
    assert "41.67 x 40 %" in page
    own = _ok(run, "pay", "statement", who="anna")
    assert [line for line in own.splitlines() if "To pay" in line] == ["To pay      16.67"]
    assert run("pay", "statement", "bo", who="anna").code == 3
    number = run("pay", "statement", "anna", "--json", who="mo").json["entries"][0]["id"]
    assert "Share" in _ok(run, "commission", "why", str(number), who="anna")
    rows = list(csv.DictReader(io.StringIO(_ok(run, "pay", "export", "--entries"))))
    assert [(row["stylist"], row["amount"]) for row in rows] == [("Anna", "16.67")]
    assert "runs to 2026-03-31. Close it when that day is over." in run("pay", "close", "9/3", who="mo").err
    _ok(run, "pay", "adjust", "anna", "5.00", "forgotten", "refill")
    _ok(run, "pay", "guarantee", "anna", "100")
    shown = _ok(run, "pay", "show")
    assert shown.splitlines()[2].split() == ["Anna", "21.67", "78.33", "0.00", "100.00"]
    assert "open" in _ok(run, "pay", "period")


def test_tips_move_and_are_owed(run: Run) -> None:
    _sale(run, "--pay", "cash:60", "--tip", "5")
    assert _ok(run, "tips", "owed", who="ria").splitlines()[1].split() == ["Anna", "5.00"]
    assert "Bo" in _ok(run, "tips", "move", "1", "anna", "bo", "2.50", who="ria")
    assert _ok(run, "tips", "owed", who="anna").splitlines()[-1].split() == ["Together", "2.50"]
    pooled = _ok(run, "tips", "pool")
    assert [line.split() for line in pooled.splitlines()[2:]] == [["Anna", "8:00", "2.50"], ["Bo", "8:00", "2.50"]]
    number = pooled.split()[1].rstrip(",")
    assert "5.00 are in no pool again" in _ok(run, "tips", "unpool", number)
    assert run("tips", "unpool", number, who="ria").code == 3


def test_how_the_shop_takes_money_is_shown_and_changed(run: Run) -> None:
    shown = _flat(_ok(run, "shop", "till", who="ria"))
    assert "Cash to the nearest smallest coin" in shown
    assert "A refund leaves commission" in shown
    changed = _flat(_ok(run, "shop", "till", "--pool-tips", "--tips", "10 12", "--cash-rounding", "0.05", who="ada"))
    assert "Cash to the nearest 0.05" in changed
    assert "Tips suggested 10 %, 12 % Tips are pooled, managers have no share" in changed
    assert _flat(_ok(run, "shop", "till")) == changed
    assert '"x" is no whole percentage' in run("shop", "till", "--tips", "10 x", who="ada").err
    assert "each 1 to 100 %" in run("shop", "till", "--tips", "10 120", who="ada").err
    assert run("shop", "till", "--own-tips", who="ria").code == 3
