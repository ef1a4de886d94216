"""What can be chosen while a shop is set up: zones, countries, money, ways of writing, trades. Found as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from frontdesk.text import folded
from frontdesk.widgets.field import Find, Offer
from frontdesk.zones import available_timezones

TRADES = {
    "salon": "Hair and beauty salon", "spa": "Day spa", "clinic": "Small clinic", "retail": "Shop that also serves",
    "reservations": "Rooms or tables to book",
}  # fmt: skip
"""The presets, as people call them."""
PARTS = ("stylist", "receptionist", "manager", "trainee", "admin", "auditor")
"""What somebody may be, the commonest first."""
INSIDE, ON_TOP = "inside the price", "added on top"

_NO_COUNTRIES = ("ZZ", "EU", "UN", "EZ")
_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def plain(words: Iterable[str]) -> Find:
    """A choice among a few words that are their own values, in their order."""
    return found([(Offer(word, word), folded(word)) for word in words])


def found(known: Sequence[tuple[Offer, str]]) -> Find:
    """A choice among offers by the beginnings of their words: whose very word is typed stands first."""

    async def find(typed: str) -> Sequence[Offer]:
        wanted = folded(typed).split()
        fitting = [(words.split(), offer) for offer, words in known if _fits(words.split(), wanted)]
        nearest = sorted(fitting, key=lambda one: (*(each not in one[0] for each in wanted), _is_later(one[0], wanted)))
        return [offer for _, offer in nearest]

    return find


def _fits(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _is_later(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return not " ".join(words).startswith(" ".join(wanted))


def trades() -> Find:
    """The presets."""
    return found([(Offer(name, label), folded(label)) for name, label in TRADES.items()])


@cache
def zones() -> Find:
    """Every zone people live in, by its city or its country; UTC for who insists."""
    places = sorted(name for name in available_timezones() if name.partition("/")[0] in _REGIONS)
    return found([(Offer(name, name), _zone_words(name)) for name in (*places, "UTC")])


@cache
def countries() -> Find:
    """Every country, by its name or its two letters."""
    known = [(Offer(code, country_name(code)), f"{folded(country_name(code))} {code.lower()}") for code in _codes()]
    return found(sorted(known, key=lambda one: one[1]))


@cache
def currencies() -> Find:
    """All money that is taken somewhere today, by its name or its three letters."""
    from babel.numbers import get_territory_currencies

    taken = sorted({money for code in _codes() for money in get_territory_currencies(code)})
    return found([(Offer(code, currency_name(code)), folded(currency_name(code))) for code in taken])


@cache
def locales(country: str) -> Find:
    """How money and dates are written: the languages of the country first, then everybody's."""
    from babel.localedata import locale_identifiers

    known = [name for name in locale_identifiers() if name.rpartition("_")[2] in _codes()]
    ordered = sorted(known, key=lambda name: (not name.endswith(f"_{country}"), locale_name(name)))
    return found([(Offer(name, locale_name(name)), folded(locale_name(name))) for name in ordered])


def country_name(code: str) -> str:
    """`Germany`."""
    from babel import Locale

    return str(Locale("en").territories.get(code, code))


def currency_name(code: str) -> str:
    """`Euro (EUR)`."""
    from babel import Locale

    return f"{Locale('en').currencies.get(code, code)} ({code})"


def locale_name(name: str) -> str:
    """`German (Germany)`."""
    from babel import Locale

    return str(Locale.parse(name).get_display_name("en") or name)


@cache
def _codes() -> frozenset[str]:
    from babel import Locale

    known = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in known if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES)


def _zone_words(name: str) -> str:
    from babel.core import get_global

    country = get_global("zone_territories").get(name)
    city = name.rpartition("/")[2].replace("_", " ")
    return f"{folded(city)} {folded(name)} {folded(country_name(str(country))) if country else ''}"
