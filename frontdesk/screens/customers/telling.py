"""Who changed what about a customer, and when: the words of the history sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Desk
from frontdesk.screens.customers.wording import HIDDEN, day_words
from frontdesk.services.records.history import Change, RecordHistory
from frontdesk.text import harmless

_WORDS = {
    "first_name": "first name", "last_name": "last name", "phone": "telephone", "email": "e-mail", "code": "number",
    "date_of_birth": "date of birth", "gender": "gender", "preferred_stylist_id": "preferred stylist",
    "notes": "notes", "is_active": "",
}  # fmt: skip
_LONGEST = 60


def history_words(history: RecordHistory, desk: Desk, stylists: dict[int, str], *, private: bool) -> Content:
    """Newest first: a line of who and when, and one for every field that changed."""
    lines = [line for change in reversed(history.changes) for line in _told(change, desk, stylists, private)]
    return Content("\n").join(lines) if lines else Content("Nothing is written down about this customer.")


def _told(change: Change, desk: Desk, stylists: dict[int, str], private: bool) -> Iterator[Content]:
    old, new = change.old or {}, change.new or {}
    at = f"{day_words(change.at, desk.shop)} {local(change.at, desk.shop.timezone):%H:%M}"
    place = f" at {harmless(change.terminal)}" if change.terminal else ""
    did = {"insert": "added them", "delete": "took them away"}.get(change.action, "changed")
    if change.action == "update" and "is_active" in new:
        did = "brought them back" if new["is_active"] else "archived them"
    yield Content.assemble((f"{at}  ", "$fd-muted"), (harmless(change.who), "bold"), f"{place} {did}")
    for column, word in _WORDS.items():
        if not word or column not in new or (change.action == "insert" and not new[column]):
            continue
        now = _value(column, new[column], stylists, private)
        before = _value(column, old.get(column), stylists, private)
        was = f"  (was {before})" if change.action == "update" else ""
        yield Content.assemble(f"    {word}  {now}", (was, "$fd-muted"))


def _value(column: str, value: Any, stylists: dict[int, str], private: bool) -> str:  # noqa: ANN401  a column's value
    if value in (None, ""):
        return "none"
    if private:
        return HIDDEN
    said = harmless(" / ".join(str(value).splitlines()))
    if column == "preferred_stylist_id":
        said = stylists.get(int(value), said)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
