"""frontdesk alert: what everybody has to know when a customer comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, visit_named
from frontdesk.cli.output import show, table, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontdesk.services.book.arrivals import Alert

_KINDS = ("allergy", "health", "alert")


@click.group()
def alert() -> None:
    """What everybody has to know when a customer comes: an allergy, a warning."""


@alert.command("list", cls=Reading)
@click.argument("who", nargs=-1, required=True)
def list_(who: tuple[str, ...]) -> None:
    """What there is to know about somebody."""
    from frontdesk.services.book.arrivals import ListAlerts, list_alerts

    with open_desk() as desk:
        found = list_alerts(desk, ListAlerts(customer_id=customer_named(desk, " ".join(who))))
    show(asked(), found, lambda: [_drawn(found.alerts)])


@alert.command(cls=Writing)
@click.argument("who", nargs=-1, required=True)
@click.option("--words", required=True, help="Ammonia; as everybody is to read it.")
@click.option("--kind", type=click.Choice(_KINDS), default="alert", show_default=True, help="What it is.")
def add(who: tuple[str, ...], words: str, kind: Any) -> None:  # noqa: ANN401  one of the three
    """Something to know: alert add jane doe --kind allergy --words ammonia."""
    from frontdesk.services.book.arrivals import AddAlert, add_alert

    with open_desk() as desk:
        customer_id = customer_named(desk, " ".join(who))
        added = add_alert(desk, AddAlert(customer_id=customer_id, words=words, kind=kind, **asked().once()))
    show(asked(), added, lambda: [_drawn([added])])


@alert.command(cls=Writing)
@click.argument("number", type=int)
def end(number: int) -> None:
    """It holds no longer; NUMBER as in the list."""
    from frontdesk.services.book.arrivals import EndAlert, end_alert

    with open_desk() as desk:
        ended = end_alert(desk, EndAlert(alert_id=number, **asked().once()))
    show(asked(), ended, lambda: [text(f"No longer: {ended.words}")])


@alert.command(cls=Reading)
@click.argument("visit")
def card(visit: str) -> None:
    """What to know about who comes to a visit, on one card."""
    from frontdesk.services.book.arrivals import ArrivalOf, arrival_card

    with open_desk() as desk:
        found = arrival_card(desk, ArrivalOf(appointment_id=visit_named(desk, visit).id))
    show(asked(), found, lambda: [text(line.words) for line in found.lines] or [text("Nothing to know.")])


def _drawn(alerts: Sequence[Alert]) -> Any:  # noqa: ANN401  a Rich table
    return table(("No.", "Kind", "Words"), [(str(one.id), one.kind, one.words) for one in alerts])
