"""What goes with a service, in a line: its add-ons, its levels, what a bundle is made of.

`Gloss, Removal (ask)`; `senior 60.00 50m, junior 40.00`; `Massage + Facial + Manicure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.services.menu.addons import AddonCard, AddonWish
from frontdesk.services.menu.catalogue import ServiceCard
from frontdesk.services.menu.levels import LevelCard, LevelWish
from frontdesk.text import folded

_ASKS = re.compile(r"\s*\(?\bask\b\)?\s*$", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,4})\s*m(?:in)?", re.IGNORECASE)


def addons_meant(words: str, menu: Iterable[ServiceCard]) -> tuple[AddonWish, ...]:
    """The add-ons that are named, and whether each has to be asked about. Raises BadInput for the field `addons`."""
    known = [one for one in menu if one.kind == "addon" and one.is_active]
    return tuple(
        AddonWish(
            addon_id=_named(_ASKS.sub("", piece), known, "add-on", "addons").id, is_required=bool(_ASKS.search(piece))
        )
        for piece in _pieces(words, ",")
    )


def addons_words(cards: Iterable[AddonCard]) -> str:
    """Add-ons as they can be typed again."""
    return ", ".join(f"{card.addon} (ask)" if card.is_required else card.addon for card in cards)


def contents_meant(words: str, menu: Iterable[ServiceCard]) -> tuple[int, ...]:
    """The services of a bundle. Raises BadInput for the field `contains`."""
    known = [one for one in menu if one.kind == "service" and one.is_active]
    return tuple(_named(piece, known, "service", "contains").id for piece in _pieces(words, "+"))


def contents_words(contains: Iterable[int], menu: Iterable[ServiceCard]) -> str:
    """What a bundle is made of, as it can be typed again."""
    names = {one.id: one.name for one in menu}
    return " + ".join(names.get(each, str(each)) for each in contains)


def levels_meant(words: str, shop: Shop) -> tuple[LevelWish, ...]:
    """What differs with each level. Raises BadInput for the field `levels`."""
    return tuple(_level(piece, shop) for piece in _pieces(words, ","))


def levels_words(cards: Iterable[LevelCard], shop: Shop) -> str:
    """Levels as they can be typed again."""
    said = []
    for card in cards:
        price = [number_text(card.price, shop.currency, shop.locale)] if card.price is not None else []
        said.append(" ".join([card.level, *price, *([f"{card.minutes}m"] if card.minutes else [])]))
    return ", ".join(said)


def _level(piece: str, shop: Shop) -> LevelWish:
    name, price, minutes = [], None, None
    for word in piece.split():
        if match := _MINUTES.fullmatch(word):
            minutes = int(match[1])
        elif word[0].isdigit():
            price = parse_money(word, shop.currency, shop.locale, field="levels")
        else:
            name.append(word)
    if not name or (price is None and minutes is None):
        raise BadInput(f'"{piece}" is no level. Say senior 60.00, or senior 60.00 50m.', field="levels")
    return LevelWish(level=" ".join(name), price=price, minutes=minutes)


def _pieces(words: str, between: str) -> list[str]:
    return [piece.strip() for piece in words.split(between) if piece.strip()]


def _named(words: str, known: Sequence[ServiceCard], what: str, field: str) -> ServiceCard:
    wanted = folded(words.strip())
    exact = [one for one in known if wanted in (folded(one.name), folded(one.code))]
    found = exact or [one for one in known if wanted and folded(one.name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(f"Which {what}? {', '.join(one.name for one in found[:6])}.", field=field)
    listed = ", ".join(one.name for one in known[:6]) or "none yet: + puts one on the menu"
    raise BadInput(f"There is no {what} {words.strip()}. On the menu: {listed}.", field=field)
