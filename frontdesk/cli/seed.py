"""frontdesk db seed: a made-up shop to look at, or the small one that proofs are made with."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import clock_of, open_database
from frontdesk.cli.output import facts, say, show, table
from frontdesk.keeping import keep, kept

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.services.seeding import Seeded, SeedShop

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(cls=Bare)
@click.option("--preset", type=click.Choice(["salon"]), default="salon", show_default=True, help="Which trade.")
@click.option(
    "--size", type=click.Choice(["small", "busy", "year"]), default="busy", show_default=True, help="How much of it."
)
@click.option("--seed", "number", type=int, default=1, show_default=True, help="Another number, other people.")
@click.option("--today", type=_DAY, metavar="DATE", help="The day it is made around; today when it is not said.")
@click.option("--code", default="vale-demo", show_default=True, help="The business's short name behind the @.")
@click.option("--name", default="Vale Street demo", show_default=True, help="What the business is called.")
@click.option("--fixture", is_flag=True, help="A small shop of a few people, in an empty database.")
def seed(preset: str, size: str, number: int, today: dt.datetime | None, code: str, name: str, fixture: bool) -> None:
    """Make a shop up: people, a year of visits and sales, and strips laid out a year ahead.

    It is a business of its own beside what is there. Its people, passwords and PINs are printed; this machine becomes
    its terminal if it is nobody's yet.
    """
    from frontdesk.db.making import NoAdminAddress
    from frontdesk.services.seeding import seed as seed_shop
    from frontdesk.services.seeding import seed_fixture

    line = asked()
    with open_database() as database:
        if database.owner_conninfo is None:
            raise NoAdminAddress
        if fixture:
            made = seed_fixture(database.owner_conninfo)
        else:
            wish = seed_wish(size, number, today.date() if today else None, code, name)
            with progress() as on_progress:
                made = seed_shop(database.owner_conninfo, wish, on_progress)
    show(line, made, lambda: _drawn(made))
    if not kept(line.settings.terminal_file):
        keep(line.settings.terminal_file, made.terminal_secret)
        say(f"This machine is its terminal now; the secret is kept in {line.settings.terminal_file}.")


def seed_wish(size: str, number: int, today: dt.date | None, code: str, name: str) -> SeedShop:
    from frontdesk.clock import local
    from frontdesk.services.seeding import SeedShop, Size
    from frontdesk.services.seeding.house import ZONE

    now = local(clock_of(asked()).now(), ZONE)
    wish = SeedShop(
        today=today or now.date(), at=now.time().replace(second=0, microsecond=0), seed=number, size=Size(size),
        code=code, name=name,
    )  # fmt: skip
    return wish


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar per stage on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda doing, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=total)
            bars.update(tasks[doing], completed=done, total=total)

        yield tell


def _drawn(made: Seeded) -> Iterator[Table]:
    counted = (("appointments", "visits"), ("sales", "sales"), ("customers", "customers"), ("stylists", "stylists"))
    said = ", ".join(f"{made.rows[name]:,} {word}" for name, word in counted if name in made.rows)
    yield facts([("Business", f"{made.name} ({made.code})"), ("Made", said), ("Terminal", made.terminal)])
    yield table(
        ("Sign in as", "Name", "Role", "PIN", "Password"),
        [(f"{who.login}@{made.code}", who.name, who.role, who.pin, who.password) for who in made.people],
    )
