"""frontdesk package: packages and memberships on offer, and what customers have of them (features CO9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, listed, menu_of, money_said, percent_said, service_named, stylist_named
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.paying import close_ticket, paying, tenders_said
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.book.visits import VisitSheet
    from frontdesk.services.packages.packages import CustomerPackageCard, PackageCard, Sessions
    from frontdesk.services.ticket.ticket_wishes import SellPackage, UseSession


@click.group("package")
def package() -> None:
    """Packages and memberships. PACKAGE is a name on offer; HELD is the number that show gives."""


@package.command(cls=Writing)
@click.argument("name")
@click.argument("price")
@click.argument("services", metavar="[SERVICE:SESSIONS]...", nargs=-1)
@click.option("--months", type=int, metavar="N", help="How long it is good for; for ever otherwise.")
@click.option("--membership", is_flag=True, help="Its sessions come anew, and members may pay less.")
@click.option("--renews", type=int, metavar="MONTHS", help="How often a membership's sessions come anew.")
@click.option("--off", "percent_off", metavar="PERCENT", help="What members pay less for services.")
@click.option("--sharers", type=int, default=0, metavar="N", help="How many others may use it.")
@click.option("--tax", "tax_point", type=click.Choice(["received", "used"]), help="When its tax is due.")
def add(
    name: str, price: str, services: tuple[str, ...], months: int | None, membership: bool, renews: int | None,
    percent_off: str | None, sharers: int, tax_point: str | None,
) -> None:  # fmt: skip
    """Put a package on offer: add "Five cuts" 200 cut:5 --months 12."""
    from decimal import Decimal

    from frontdesk.services.packages.packages import AddPackage, add_package

    with open_desk() as desk:
        wish = AddPackage(
            name=name, price=money_said(price, desk.shop, "price"), services=_sessions(desk, services), months=months,
            kind="membership" if membership else "package", renews_months=renews,
            percent_off=percent_said(percent_off, desk) or Decimal(0), sharers=sharers,
            tax_point=tax_point, **asked().once(),  # type: ignore[arg-type]  # click's choices are these two
        )  # fmt: skip
        made = add_package(desk, wish)
        show(asked(), made, lambda: _offered(desk, [made]))


@package.command("list", cls=Reading)
@click.option("--all", "every", is_flag=True, help="With what is no longer sold.")
def list_(every: bool) -> None:
    """What is on offer."""
    from frontdesk.services.packages.packages import ListPackages, list_packages

    with open_desk() as desk:
        found = list_packages(desk, ListPackages(all=every))
        show(asked(), found, lambda: _offered(desk, list(found.packages)))
        if not found.packages:
            say('Nothing is on offer. frontdesk package add "Five cuts" 200 cut:5 --months 12 adds one.')


@package.command(cls=Writing)
@click.argument("name", metavar="PACKAGE")
@click.argument("customer")
@paying
@click.option("--by", "stylist", metavar="STYLIST", help="Who sold it, for commission.")
def sell(
    name: str, customer: str, tenders: tuple[str, ...], approvals: tuple[str, ...], issuer: str | None,
    stylist: str | None,
) -> None:  # fmt: skip
    """Sell a package alone: sell five "jane doe" --pay cash. With a visit, checkout --package sells it."""
    from frontdesk.services.ticket.ticket_wishes import SellPackage
    from frontdesk.services.till.checkout import CheckOut

    with open_desk() as desk:
        seller = stylist_named(menu_of(desk), stylist).id if stylist else None
        whose = customer_named(desk, customer)
        with usage():
            paid = tenders_said(desk, tenders, approvals, issuer)
        sold_one = SellPackage(package_id=package_named(desk, name).id, customer_id=whose, stylist_id=seller)
        wish = CheckOut(customer_id=whose, packages=(sold_one,), tenders=paid, **asked().once())
        close_ticket(desk, wish)


@package.command("show", cls=Reading)
@click.argument("customer")
@click.option("--all", "every", is_flag=True, help="With what is used up or over.")
def show_(customer: str, every: bool) -> None:
    """What a customer has, and what is left of it."""
    from frontdesk.services.packages.packages import ShowCustomerPackages, customer_packages

    with open_desk() as desk:
        wish = ShowCustomerPackages(customer_id=customer_named(desk, customer), all=every)
        found = customer_packages(desk, wish)
        show(asked(), found, lambda: _held(desk, list(found.packages)))
        if not found.packages:
            say("They have no package.")


@package.command(cls=Writing)
@click.argument("held", metavar="HELD", type=int)
@click.argument("until", nargs=-1, required=True)
@click.option("--from", "first", metavar="DATE", help="From today otherwise.")
@click.option("--reason", "-r", required=True, help="Why.")
def freeze(held: int, until: tuple[str, ...], first: str | None, reason: str) -> None:
    """Let a package rest until a day; it is good for as many days longer."""
    from frontdesk.services.packages.package_changes import FreezePackage, freeze_package

    with open_desk() as desk:
        day = day_said(desk, words_of(until))
        assert day is not None
        wish = FreezePackage(
            customer_package_id=held, until_day=day, first_day=day_said(desk, first), reason=reason, **asked().once()
        )
        card = freeze_package(desk, wish)
        show(asked(), card, lambda: _held(desk, [card]))


@package.command(cls=Writing)
@click.argument("held", metavar="HELD", type=int)
def thaw(held: int) -> None:
    """Use a frozen package again from today."""
    from frontdesk.services.packages.package_changes import ThawPackage, thaw_package

    with open_desk() as desk:
        card = thaw_package(desk, ThawPackage(customer_package_id=held, **asked().once()))
        show(asked(), card, lambda: _held(desk, [card]))


@package.command(cls=Writing)
@click.argument("held", metavar="HELD", type=int)
@click.argument("customer")
@click.option("--stop", is_flag=True, help="They may use it no more.")
def share(held: int, customer: str, stop: bool) -> None:
    """Let somebody else use a package."""
    from frontdesk.services.packages.package_changes import SharePackage, UnsharePackage, share_package, unshare_package

    with open_desk() as desk:
        whom = customer_named(desk, customer)
        if stop:
            card = unshare_package(
                desk, UnsharePackage(customer_package_id=held, customer_id=whom, **asked().once())
            )  # fmt: skip
        else:
            card = share_package(desk, SharePackage(customer_package_id=held, customer_id=whom, **asked().once()))
        show(asked(), card, lambda: _held(desk, [card]))


@package.command(cls=Writing)
@click.argument("name", metavar="PACKAGE")
@click.argument("customer")
@click.argument("services", metavar="SERVICE:SESSIONS...", nargs=-1, required=True)
@click.option("--value", required=True, metavar="AMOUNT", help="What is left is worth so much.")
@click.option("--reason", "-r", required=True, help="Where it comes from.")
def bring(name: str, customer: str, services: tuple[str, ...], value: str, reason: str) -> None:
    """Enter what is left of a package that was not sold here: bring five "jane doe" cut:2 --value 70 -r "old till"."""
    from frontdesk.services.packages.package_changes import BringPackage, bring_package

    with open_desk() as desk:
        wish = BringPackage(
            package_id=package_named(desk, name).id, customer_id=customer_named(desk, customer),
            services=_sessions(desk, services), value=money_said(value, desk.shop, "value"), reason=reason,
            **asked().once(),
        )  # fmt: skip
        card = bring_package(desk, wish)
        show(asked(), card, lambda: _held(desk, [card]))


@package.command(cls=Writing)
def lapse() -> None:
    """Enter what was not used in time, as of today."""
    from frontdesk.services.packages.package_changes import LapsePackages, lapse_packages

    with open_desk() as desk:
        gone = lapse_packages(desk, LapsePackages(**asked().once()))
        show(asked(), gone, lambda: [text(f"{gone.sessions} sessions, {amount(gone.value, desk.shop)}")])


@package.command(cls=Reading)
@click.option("--from", "first", metavar="DATE", help="Today otherwise.")
@click.option("--to", "last", metavar="DATE", help="Until today otherwise.")
def report(first: str | None, last: str | None) -> None:
    """What packages brought in, session by session, and what is still owed for them."""
    from frontdesk.services.packages.package_report import ReportPackages, package_report

    with open_desk() as desk:
        wish = ReportPackages(first_day=day_said(desk, first), last_day=day_said(desk, last))
        found = package_report(desk, wish)
        heads = ("Package", "Sold", "Used", "Earned", "Lapsed", "Given back", "Left", "Owed")
        rows = [
            (
                one.name, amount(one.sold, desk.shop), str(one.used_sessions), amount(one.used, desk.shop),
                amount(one.lapsed, desk.shop), amount(one.given_back, desk.shop), str(one.owed_sessions),
                amount(one.owed, desk.shop),
            )
            for one in found.packages
        ]  # fmt: skip
        show(asked(), found, lambda: [table(heads, rows, right=heads[1:])])


def package_named(desk: Desk, words: str) -> PackageCard:
    """A package on offer by its name, its number or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.packages.packages import ListPackages, list_packages
    from frontdesk.text import folded

    offered = list_packages(desk, ListPackages()).packages
    exact = [one for one in offered if folded(one.name) == folded(words) or str(one.id) == words]
    likely = exact or [one for one in offered if folded(words) and folded(one.name).startswith(folded(words))]
    if len(likely) != 1:
        names = [one.name for one in likely or offered]
        raise NotFound(what="one package", name=words, remedy=listed("On offer", names))
    return likely[0]


def packages_said(desk: Desk, names: tuple[str, ...], sold_by: int | None) -> tuple[SellPackage, ...]:
    """The packages that stand on a ticket."""
    from frontdesk.services.ticket.ticket_wishes import SellPackage

    return tuple(SellPackage(package_id=package_named(desk, name).id, stylist_id=sold_by) for name in names)


def sessions_said(desk: Desk, sheets: list[VisitSheet], said: tuple[str, ...], new: bool) -> tuple[UseSession, ...]:
    """`cut` takes the package that lapses first, `cut:12` that one, and one sold on the ticket when there is no other.

    Usage errors for what is no one service of the visits, and for what no package pays for.
    """
    from frontdesk.services.packages.packages import FindSessions, usable_sessions
    from frontdesk.services.ticket.ticket_wishes import UseSession
    from frontdesk.text import folded

    if not said:
        return ()
    usable = usable_sessions(desk, FindSessions(appointment_ids=tuple(sheet.id for sheet in sheets))).sessions
    found: list[UseSession] = []
    for one in said:
        name, _, number = one.partition(":")
        taken = {wish.line_id for wish in found}
        lines = [line for sheet in sheets for line in sheet.lines if line.id not in taken]
        line = next((line for line in lines if name and folded(line.service).startswith(folded(name))), None)
        if line is None or (number and not number.isdecimal()):
            known = ", ".join(line.service for line in lines)
            raise click.UsageError(f'"{one}" names no service of these visits: {known}. Say it like cut, or cut:12.')
        mine = [each for each in usable if each.line_id == line.id]
        held = int(number) if number else mine[0].customer_package_id if mine else None
        if held is None and not new:
            raise click.UsageError(f"No package of theirs pays for {line.service} today. Leave --session off.")
        found.append(UseSession(line_id=line.id, customer_package_id=held))
    return tuple(found)


def _sessions(desk: Desk, said: tuple[str, ...]) -> tuple[Sessions, ...]:
    from frontdesk.services.packages.packages import Sessions

    menu, found = menu_of(desk) if said else None, []
    for one in said:
        name, _, number = one.rpartition(":")
        if not name or not number.isdecimal() or menu is None:
            raise click.UsageError(f'"{one}" does not say how many sessions. Say it like cut:5.')
        found.append(Sessions(service_id=service_named(menu, name).id, sessions=int(number)))
    return tuple(found)


def _offered(desk: Desk, cards: list[PackageCard]) -> Iterator[RenderableType]:
    rows = [
        (
            one.name, one.kind, amount(one.price, desk.shop),
            ", ".join(f"{each.sessions} {each.service}" for each in one.services) or f"{one.percent_off:f} % off",
            f"{one.months} months" if one.months else "", f"every {one.renews_months}" if one.renews_months else "",
            str(one.sharers or ""),
        )
        for one in cards
    ]  # fmt: skip
    yield table(("Name", "Kind", "Price", "Has", "Good for", "Anew", "Shared"), rows, right=("Price", "Shared"))


def _held(desk: Desk, cards: list[CustomerPackageCard]) -> Iterator[RenderableType]:
    rows = [
        (
            str(one.id), one.name, one.owner, ", ".join(_left(one)) or "none",
            str(one.last_day or ""), f"frozen until {one.frozen_until}" if one.frozen_until else "",
            ", ".join(each.name for each in one.sharers),
        )
        for one in cards
    ]  # fmt: skip
    yield table(("No.", "Name", "Whose", "Left", "Until", "", "Shared with"), rows, right=("No.",))


def _left(card: CustomerPackageCard) -> Iterator[str]:
    sums: dict[str, int] = {}
    for one in card.sessions:
        sums[one.service] = sums.get(one.service, 0) + one.sessions
    for service, sessions in sums.items():
        yield f"{sessions} {service}"
    if card.percent_off:
        yield f"{card.percent_off:f} % off"
