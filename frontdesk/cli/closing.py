"""frontdesk x, z, close, correct: a look at the figures, the close of the day, and a wrong tender put right."""

from __future__ import annotations

import click

from frontdesk.cli.approving import APPROVED_BY, approved
from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.output import money, say, show, table, text

ON_PAPER = click.option(
    "--print", "on_paper", is_flag=True, help="On the printer too, with the journal's hash as a QR."
)


@click.command(cls=Reading)
def x() -> None:
    """What was sold since the last Z. It resets nothing."""
    from frontdesk.services.drawers.closing import ShowX, show_x

    with open_desk() as desk:
        found = show_x(desk, ShowX())
    show(asked(), found, lambda: [text(found.sheet)])


@click.command(cls=Reading)
@click.argument("number", type=int, required=False)
@ON_PAPER
def z(number: int | None, on_paper: bool) -> None:
    """A closed day again, as it was printed; the last one when no number is said."""
    from frontdesk.services.drawers.closing import ShowZ, show_z

    with open_desk() as desk:
        found = show_z(desk, ShowZ(number=number))
    show(asked(), found, lambda: [text(found.sheet)])
    if on_paper:
        _print(found.sheet, found.head_hash)


def _print(sheet: str, head_hash: str) -> None:
    """The journal's last hash stands beneath it as a QR, for frontdesk journal verify --against."""
    from frontdesk.services.papers.printing import print_text

    say(print_text(asked().settings.printer, sheet, qr=head_hash).sentence)


@click.command(cls=Writing)
@click.option("--check", is_flag=True, help="Only say what stands in the way.")
@click.option("--cards", metavar="AMOUNT", help="The total that the card terminal shows.")
@click.option("--cards-note", metavar="WHY", default="", help="Why that is not what was charged here.")
@click.option("--anyway", metavar="REASON", default="", help="Although something is left open; a manager's to say.")
@click.option("--approved-by", metavar="MANAGER", help=APPROVED_BY)
@ON_PAPER
def close(
    check: bool, cards: str | None, cards_note: str, anyway: str, approved_by: str | None, on_paper: bool
) -> None:
    """Close the day and print its Z: close --cards 1706.50."""
    from frontdesk.money import parse_money
    from frontdesk.permissions import Deed
    from frontdesk.services.drawers.checklist import CheckDay, check_day
    from frontdesk.services.drawers.closing import CloseDay, close_day

    with open_desk() as desk:
        if check:
            found = check_day(desk, CheckDay())
            rows = [
                (one.sentence, f"{thing.words} {thing.code}".strip(), one.key)
                for one in found.blockers
                for thing in one.things
            ]
            show(asked(), found, lambda: [table(("What", "Which", "Key"), rows)] if rows else [])
            if not rows:
                say("Nothing stands in the way. frontdesk close closes the day.")
            return
        with usage():
            counted = parse_money(cards, desk.shop.currency, desk.shop.locale, "cards") if cards else None
        approval = approved(desk, approved_by, Deed.CLOSE_ANYWAY)
        wish = CloseDay(cards=counted, cards_note=cards_note, reason=anyway, approval=approval, **asked().once())
        done = close_day(desk, wish)
        show(asked(), done, lambda: [text(done.sheet)])
        say(f"The day is closed: Z {done.number}.")
    if on_paper:
        _print(done.sheet, done.figures.head_hash)


@click.command(cls=Writing)
@click.argument("number", type=int)
@click.argument("out_of", metavar="ENTERED_AS")
@click.argument("into", metavar="IT_WAS")
@click.option("--reason", required=True, help="Why.")
@click.option("--amount", "typed", metavar="AMOUNT", help="Only so much of it.")
@click.option("--approval", "code", metavar="CODE", default="", help="Of the card terminal, when it was a card.")
@click.option("--approved-by", metavar="MANAGER", help=APPROVED_BY)
def correct(
    number: int, out_of: str, into: str, reason: str, typed: str | None, code: str, approved_by: str | None
) -> None:
    """Put a wrong tender right, also after the close: correct 17 cash card --approval 123456 --reason "Was a card"."""
    from frontdesk.money import parse_money
    from frontdesk.permissions import Deed
    from frontdesk.services.till.correcting import CorrectTender, correct_tender

    with open_desk() as desk:
        shop = desk.shop
        with usage():
            amount = parse_money(typed, shop.currency, shop.locale) if typed else None
        wish = CorrectTender(
            number=number, out_of=out_of.lower().replace("-", "_"), into=into.lower().replace("-", "_"), reason=reason,
            amount=amount, approval_code=code, approval=approved(desk, approved_by, Deed.REFUND), **asked().once(),
        )  # fmt: skip
        done = correct_tender(desk, wish)
        of = f" of Z {done.z}, which stays as it is" if done.z else ""
        words = f"Receipt {done.number} moves {money(done.amount, shop)} of receipt {done.corrects_number}{of}."
        show(asked(), done, lambda: [text(f"{words} It was {done.into.replace('_', ' ')}.")])
