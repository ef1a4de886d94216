"""From what was asked for to the lines of a visit: bundles taken apart, add-ons behind what they are added to.

Private to the services that book, which hand in the open session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import AddonAlone, AddonUnasked, BadInput, NotFound
from frontdesk.money import plain, split
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work

LONGEST = 1440
"""Minutes of a day: no service lasts longer."""


@dataclass(frozen=True)
class LineWish:
    """One line of a visit, as it is going to be written."""

    service_id: int
    stylist_id: int | None = None
    unassigned: bool = False
    minutes: int | None = None
    price: Decimal | None = None
    own_price: bool = False
    """The price was said on this visit, and is not a share of a bundle's."""
    asked_for: bool = False
    assistant_id: int | None = None
    follows: int | None = None
    """The line it is added to, by its place among these."""
    bundle_id: int | None = None
    if_able: bool = False
    """With the stylist only if they do it; otherwise with anybody."""


@dataclass
class _Asked:
    """A line with what was added to it, before they have their places."""

    wish: LineWish
    addons: list[LineWish]


def lines_asked(
    work: Work, lines: Sequence[BookLine], declined: Sequence[int], customer_id: int | None
) -> list[LineWish]:
    """The lines of a visit in the order in which they are served (features BK11, BK12).

    Raises AddonAlone, AddonUnasked for a required add-on that was neither added nor declined, BadInput for one
    that does not go with its service, NotFound.
    """
    _refuse_odd(work, lines)
    menu = _menu(work, [line.service_id for line in lines], customer_id)
    asked: list[list[_Asked]] = []
    for line in lines:
        if line.addon_of is None:
            asked.append(_taken_apart(work, line, menu))
        else:
            asked.append([])
    for line in lines:
        if line.addon_of is not None:
            _add(menu, lines, asked, line)
    found = [each for group in asked for each in group]
    _refuse_unasked(work, menu, found, declined)
    wishes: list[LineWish] = []
    for each in found:
        place = len(wishes)
        wishes += [each.wish, *(replace(addon, follows=place) for addon in each.addons)]
    return wishes


def _refuse_odd(work: Work, lines: Sequence[BookLine]) -> None:
    for line in lines:
        if line.price is not None:
            amount_of(work, line.price, "price")
        if line.minutes is not None and not 0 < line.minutes <= LONGEST:
            raise BadInput(f"A service lasts 1 to {LONGEST} minutes. Say how many.", field="minutes")


def _taken_apart(work: Work, line: BookLine, menu: dict[int, Any]) -> list[_Asked]:
    row = menu[line.service_id]
    if row.kind == "addon":
        raise AddonAlone(addon=row.name, word=row.name.split()[0].lower())
    if row.kind == "class":
        raise BadInput(f"{row.name} is a class. Seat them in one of its sessions instead.", field="lines")
    if row.kind != "bundle":
        return [_Asked(_wish(line, line.service_id), [])]
    if line.minutes is not None:
        raise BadInput(f"{row.name} is a bundle. Change the length of one of its services instead.", field="minutes")
    if not row.inside:
        raise NotFound(what="service in", name=row.name, remedy="Say in the menu what the bundle is made of.")
    price = row.price if line.price is None else line.price
    shares = split(price, [menu[each].list_price for each in row.inside], work.shop.currency)
    asked: list[_Asked] = []
    for service_id, share in zip(row.inside, shares, strict=True):
        wish = replace(_wish(line, service_id), price=share, own_price=False, bundle_id=line.service_id, if_able=True)
        if menu[service_id].kind == "addon" and asked:
            asked[-1].addons.append(wish)
        else:
            asked.append(_Asked(wish, []))
    return asked


def _wish(line: BookLine, service_id: int) -> LineWish:
    named = line.stylist_id is not None
    return LineWish(
        service_id=service_id,
        stylist_id=line.stylist_id,
        unassigned=line.unassigned,
        minutes=line.minutes,
        price=line.price,
        own_price=line.price is not None,
        asked_for=named if line.asked_for is None else line.asked_for,
        assistant_id=line.assistant_id,
    )


def _add(menu: dict[int, Any], lines: Sequence[BookLine], asked: Sequence[list[_Asked]], line: BookLine) -> None:
    """Put an add-on behind its line; behind the part of a bundle that it goes with."""
    addon, place = menu[line.service_id], line.addon_of
    if place is None or not 0 <= place < len(lines) or lines[place].addon_of is not None:
        raise BadInput(f"{addon.name} is added to a line that is not there. Say to which.", field="addon_of")
    goes_with = set(addon.goes_with or ())
    hosts = asked[place]
    host = next((each for each in hosts if each.wish.service_id in goes_with), None)
    if host is None and goes_with:
        able = " or ".join(addon.hosts)
        problem = f"{addon.name} does not go with {menu[lines[place].service_id].name}. It goes with {able}."
        raise BadInput(problem, field="addon_of")
    host = host or hosts[-1]
    wish = _wish(line, line.service_id)
    host.addons.append(
        replace(wish, stylist_id=host.wish.stylist_id, unassigned=host.wish.unassigned, asked_for=host.wish.asked_for)
    )


def _refuse_unasked(work: Work, menu: dict[int, Any], found: Sequence[_Asked], declined: Sequence[int]) -> None:
    for each in found:
        there = {*declined, *(addon.service_id for addon in each.addons)}
        for addon_id, name, price, minutes in menu[each.wish.service_id].required or ():
            if addon_id not in there:
                raise AddonUnasked(
                    service=menu[each.wish.service_id].name,
                    service_id=each.wish.service_id,
                    addon=name,
                    addon_id=addon_id,
                    minutes=minutes,
                    price=plain(Decimal(str(price)), work.shop.currency),
                )


def _menu(work: Work, service_ids: Sequence[int], customer_id: int | None) -> dict[int, Any]:
    """What the menu says about these services and those inside of bundles, in one question."""
    asked = {"services": list(set(service_ids)), "customer": customer_id}
    menu = {row.id: row for row in work.session.execute(_MENU, asked)}
    for service_id in service_ids:
        if service_id not in menu:
            raise NotFound(what="service", name=service_id, remedy="Look at the list of services.")
    return menu


_MENU = text("""
    SELECT v.id, v.kind, v.name, coalesce(own.price, v.price) AS price, v.price AS list_price,
           (SELECT array_agg(b.service_id ORDER BY b.position) FROM bundle_services b WHERE b.bundle_id = v.id)
               AS inside,
           (SELECT array_agg(a.service_id) FROM service_addons a WHERE a.addon_id = v.id) AS goes_with,
           (SELECT array_agg(CAST(h.name AS text) ORDER BY h.name)
              FROM service_addons a JOIN services h ON h.id = a.service_id WHERE a.addon_id = v.id) AS hosts,
           (SELECT jsonb_agg(jsonb_build_array(x.id, x.name, x.price, m.minutes) ORDER BY a.position, x.id)
              FROM service_addons a JOIN services x ON x.id = a.addon_id
              CROSS JOIN LATERAL (SELECT coalesce(sum(p.minutes), 0) AS minutes FROM service_parts p
                                   WHERE p.service_id = x.id AND p.kind NOT IN ('buffer', 'cleanup')) m
             WHERE a.service_id = v.id AND a.is_required AND x.is_active) AS required
      FROM services v
      LEFT JOIN accommodations own ON own.customer_id = :customer AND own.service_id = v.id AND own.stylist_id IS NULL
     WHERE v.id = ANY (:services)
        OR v.id IN (SELECT service_id FROM bundle_services WHERE bundle_id = ANY (:services))
""")
