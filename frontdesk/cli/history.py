"""frontdesk history: who did what to a visit or to a customer's card, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, visit_named
from frontdesk.cli.output import show, table, text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.records.history import Story


@click.command(cls=Reading)
@click.argument("visit", required=False)
@click.option("--customer", metavar="WHO", help="A customer's card instead: by name, number or telephone.")
def history(visit: str | None, customer: str | None) -> None:
    """Who did what to a visit, when and at which terminal. VISIT is its code, like 7QK2X, or its number."""
    from frontdesk.services.records.history import TellStory, tell_story

    if (visit is None) == (customer is None):
        raise click.UsageError("Say a visit's code, or --customer and a name.")
    with open_desk() as desk:
        wish = (
            TellStory(customer_id=customer_named(desk, customer))
            if customer
            else TellStory(appointment_id=visit_named(desk, visit or "").id)
        )
        story = tell_story(desk, wish)
        show(asked(), story, lambda: _drawn(desk, story))


def _drawn(desk: Desk, story: Story) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_and_time

    yield text(story.title, "bold")
    if not story.lines:
        yield text("Nothing was changed here yet.", "dim")
        return
    zone = desk.shop.timezone
    rows = [(day_and_time(line.at, zone), line.who, line.terminal or "", line.sentence) for line in story.lines]
    yield table(("When", "Who", "Where", "What"), rows)
