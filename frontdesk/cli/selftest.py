"""frontdesk selftest: one day of a salon on a scratch database, printed step by step."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import waiting
from frontdesk.cli.output import say, show, text

if TYPE_CHECKING:
    from frontdesk.db.database import Database
    from frontdesk.settings import Settings


@dataclass(frozen=True)
class Played:
    """How the day went."""

    went_well: bool
    steps: int
    checks: int
    story: tuple[str, ...]
    failure: str | None = None


@click.command(cls=Bare)
def selftest() -> None:
    """Play one day of a salon on a scratch database, check each step, and print it. Exit code 0 or 1.

    Nothing of yours is touched: the database is made for this and dropped afterwards.
    """
    _play()


def _play() -> None:
    from frontdesk.cli import scripted_day

    line = asked()
    story: list[str] = []

    def tell(time: str, sentence: str) -> None:
        story.append(f" {time:>5}  {sentence}" if time else f"        {sentence}")
        if not line.json:
            click.echo(story[-1])

    failure = None
    with _scratch(line.settings) as database, database.owner_sessions() as owner:
        teller = scripted_day.Teller(tell)
        try:
            scripted_day.play(teller, owner, database.sessions)
        except scripted_day.WentWrong as wrong:
            failure = str(wrong)
    played = Played(failure is None, teller.steps, teller.checks, tuple(story), failure)
    said = (
        f"The day went wrong: {failure}." if failure else f"The day went as it should: {teller.checks} checks passed."
    )
    if line.json:
        show(line, played, lambda: [text(said)])
    else:
        click.echo(f"\n {said}")
    if failure:
        raise click.exceptions.Exit(1)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Database]:
    """A database made for this, dropped afterwards together with its roles, on the private server."""
    from frontdesk.db.database import open_database, open_server

    own = replace(settings, database_url=None, admin_url=None, database=f"selftest_{secrets.token_hex(4)}")
    say("Playing one day on a scratch database.")
    with open_server(own, waiting()) as server:
        try:
            with open_database(own, waiting()) as database:
                yield database
        finally:
            server.drop_database()
            server.drop_roles()
