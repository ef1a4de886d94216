"""frontdesk why: why a time can or can't be booked (features BK32)."""

from __future__ import annotations

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, service_named, stylist_named
from frontdesk.cli.output import show, text
from frontdesk.cli.when import moment_said, words_of


@click.command(cls=Reading)
@click.argument("stylist")
@click.argument("when", nargs=-1, required=True)
@click.option("--service", help="Time for this; otherwise for the shop's shortest slot.")
def why(stylist: str, when: tuple[str, ...], service: str | None) -> None:
    """Why a time can or can't be booked: why bo tue 9.30am. STYLIST may be anybody.

    Every rule that says no, in order: the past, the shop, the shift, breaks, visits, rooms.
    """
    from frontdesk.services.search.why import ExplainTime, explain

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = ExplainTime(
            stylist_id=None if stylist == "anybody" else stylist_named(menu, stylist).id,
            at=moment_said(desk, words_of(when)),
            service_id=service_named(menu, service).id if service else None,
        )
        explained = explain(desk, wish)
        show(asked(), explained, lambda: [text(sentence) for sentence in explained.sentences])
