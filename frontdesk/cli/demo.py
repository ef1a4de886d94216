"""frontdesk demo: the desk on a private database of its own, with a busy made-up shop around today."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import clock_of, waiting
from frontdesk.cli.opening import open_app
from frontdesk.cli.output import say
from frontdesk.cli.seed import progress
from frontdesk.cli.serve import serve_desks
from frontdesk.keeping import keep

if TYPE_CHECKING:
    from frontdesk.settings import Settings


@click.command(cls=Bare)
@click.option("--reset", is_flag=True, help="Begin anew, whatever you changed in it.")
@click.option(
    "--size", type=click.Choice(["small", "busy", "year"]), default="busy", show_default=True, help="How busy it is."
)
@click.option("--web", is_flag=True, help="In browsers on this machine, one desk per tab, until Ctrl+C.")
@click.option("--port", type=click.IntRange(0, 65535), help="With --web: where it listens; 0 takes any.")
def demo(reset: bool, size: str, web: bool, port: int | None) -> None:
    """The desk of a made-up busy shop, to try everything. Nothing of yours is touched.

    It is made around today, and made anew when its day is over.
    """
    settings = demo_settings(asked().settings)
    if port is not None and not web:
        raise click.UsageError("--port belongs to --web.")
    hints = made_up(settings, reset=reset, size=size)
    if web:
        serve_desks(("demo", "--size", size), settings, port=port)
    else:
        open_app(settings, hints)


def demo_settings(settings: Settings) -> Settings:
    """Folders of its own, and so a server, a terminal and drafts of its own."""
    return replace(
        settings, database="demo", database_url=None, admin_url=None, data_folder=settings.data_folder / "demo",
        config_folder=settings.config_folder / "demo", state_folder=settings.state_folder / "demo",
    )  # fmt: skip


def made_up(settings: Settings, *, reset: bool, size: str) -> tuple[str, ...]:
    """Make the shop if there is none of today, and answer what the sign-in screen says of its people."""
    from frontdesk.clock import local
    from frontdesk.services.seeding.house import ZONE

    now = local(clock_of(asked()).now(), ZONE)
    card = settings.config_folder / "demo.json"
    try:
        found = json.loads(card.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if reset or found.get("day") != f"{now.date()}" or found.get("size") != size:
        hints = _make(settings, size)
        card.write_text(json.dumps({"day": f"{now.date()}", "size": size, "hints": hints}), encoding="utf-8")
        return hints
    return tuple(found["hints"])


def _make(settings: Settings, size: str) -> tuple[str, ...]:
    from frontdesk.cli.seed import seed_wish
    from frontdesk.db.database import open_database, open_server
    from frontdesk.services.seeding import seed

    say("Making up a busy shop around today; it takes a moment, once a day.")
    with open_server(settings, waiting()) as server:
        server.drop_database()
        with open_database(settings, waiting()) as database, progress() as on_progress:
            assert database.owner_conninfo is not None
            made = seed(database.owner_conninfo, seed_wish(size, 1, None, "vale-demo", "Vale Street"), on_progress)
    keep(settings.terminal_file, made.terminal_secret)
    widest = max(len(person.name) for person in made.people)
    told = [f"{person.name:<{widest}}  PIN {person.pin}   {person.role}" for person in made.people]
    return ("A made-up shop. Its people:", *told, f"Everybody's password: {made.people[0].password}")
