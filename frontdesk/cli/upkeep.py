"""frontdesk upkeep: what is due every day without anybody asking, for whoever prefers cron to a desk that is on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import clock_of, open_database, open_desk, token_of
from frontdesk.cli.output import show, table, text

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.records.upkeep import ChoreState


@click.group()
def upkeep() -> None:
    """What is due every day without anybody asking. Every desk that is on does it; here it can be done by cron."""


@upkeep.command(cls=Writing)
def run() -> None:
    """Do what is due and was not done today; exit code 1 when something went wrong.

    Safe while people work and as often as you like: of many at once, one does each.
    """
    from frontdesk.faults import kept_in_log
    from frontdesk.services.records.upkeep import Outside, keep_up

    settings = asked().settings
    with _desk_and_owner() as (desk, owner):
        outside = Outside.of(settings, owner)
        found = keep_up(desk, outside, again=True, fault=lambda error: kept_in_log(error, lambda: settings.log_file))
    rows = [(one.name, "done" if one.is_done else "not now", one.words) for one in found.done]
    rows += [(one.name, "wrong", one.words) for one in found.failed]
    show(asked(), found, lambda: [table(("What", "", "What came of it"), rows) if rows else text("Nothing is due.")])
    if found.failed:
        raise click.exceptions.Exit(1)


@upkeep.command("list", cls=Reading)
def list_() -> None:
    """What there is to do every day, when it was done last here, and what goes wrong."""
    from frontdesk.services.records.upkeep import ListChores, list_chores

    with open_desk() as desk:
        found = list_chores(desk, ListChores())
    rows = [(one.name, one.words, str(one.done_on or "never"), _state(one)) for one in found.chores]
    rows.append(("letters", "receipts and invoices by e-mail", "", f"{found.letters_due} due"))
    show(asked(), found, lambda: [table(("What", "", "Done on", ""), rows)])


def _state(one: ChoreState) -> str:
    return one.error or ("due" if one.is_due else "")


@contextmanager
def _desk_and_owner() -> Iterator[tuple[Desk, str | None]]:
    """The desk, and how the tables' owner connects where that is known here."""
    from frontdesk.services.people import sign_in

    line = asked()
    token = token_of(line)
    if line.sessions is not None or not token:
        with open_desk() as desk:  # a desk that is open already, or what says that nobody has signed in
            yield desk, None
        return
    with open_database() as database:
        yield sign_in.open_desk(database.sessions, token, clock_of(line), shop_id=line.shop), database.owner_conninfo
