"""What this machine says about where it stands, offered when a business is set up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from frontdesk.errors import BadInput

LOCALTIME = Path("/etc/localtime")


@dataclass(frozen=True)
class Guesses:
    """Offered, never taken without being shown."""

    timezone: str
    country: str
    language: str

    def for_zone(self, timezone: str) -> Guesses:
        """The same for another zone, which says more about the country than the machine's language does."""
        return Guesses(timezone, _country_of(timezone) or self.country, self.language)

    @property
    def currency(self) -> str:
        """What is paid with in that country today."""
        from babel.numbers import get_territory_currencies

        return next(iter(get_territory_currencies(self.country)), "USD")

    @property
    def locale(self) -> str:
        """The machine's language as that country writes it, or the country's own where there is no such locale."""
        from babel.languages import get_official_languages
        from babel.localedata import exists

        likely = (self.language, *get_official_languages(self.country, regional=True, de_facto=True))
        return next((name for name in (f"{one}_{self.country}" for one in likely) if exists(name)), "en_US")


def guesses(environ: Mapping[str, str], localtime: Path = LOCALTIME) -> Guesses:
    """From the machine's zone and the words its user reads."""
    said = next((environ[name] for name in ("LC_ALL", "LC_MONETARY", "LANG") if environ.get(name)), "")
    found = re.match(r"([a-z]{2,3})_([A-Z]{2})", said)
    language, country = found.groups() if found else ("en", "")
    timezone = environ.get("TZ", "").lstrip(":") or _zone_of(localtime)
    return Guesses(timezone, _country_of(timezone) or country or "US", language)


def refuse_unknown(country: str, currency: str, locale: str) -> None:
    """A country, a currency and a way of writing that there are. Raises BadInput naming the field."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import list_currencies

    if currency not in list_currencies():
        raise BadInput(f"There is no currency {currency}. Use its three letters, like GBP or EUR.", field="currency")
    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        raise BadInput(f"There is no locale {locale}. Use one like en_GB or de_DE.", field="locale") from None
    if country not in known.territories or not country.isalpha():
        raise BadInput(f"There is no country {country}. Use its two letters, like GB or DE.", field="country")


def code_of(name: str) -> str:
    """A short name in plain letters, for behind the @."""
    from frontdesk.text import tokens

    return "-".join(tokens(name))[:30].strip("-") or "shop"


def _zone_of(localtime: Path) -> str:
    parts = str(localtime.resolve()).split("zoneinfo/")
    return parts[1] if len(parts) > 1 and "/" in parts[1] else "UTC"


def _country_of(timezone: str) -> str:
    from babel.core import get_global

    country = get_global("zone_territories").get(timezone)
    return str(country) if country not in (None, "001", "ZZ") else ""
