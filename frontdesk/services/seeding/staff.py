"""The people who serve in a made-up shop: what they do, how well, when, and for how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from frontdesk.text import tokens

Week = Mapping[int, tuple[dt.time, dt.time]]
"""From and until by weekday, 1 for Monday."""


class Sketch(NamedTuple):
    """A stylist before they have a number."""

    first_name: str
    last_name: str
    week: str
    does: tuple[str, ...]
    """Shelves of the menu; codes of single services."""
    level: str
    percent: int
    """Of services; of products it is ten."""
    bio: str
    own_prices: Mapping[str, str] = {}
    raised_from: int | None = None
    """What their rate was until four months ago."""


def _week(days: str, starts: str, ends: str) -> Week:
    return {int(day): (dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)) for day in days}


WEEKS: Mapping[str, Week] = {
    "early": _week("12345", "09:00", "17:00"),
    "to Saturday": {**_week("2345", "10:00", "18:00"), **_week("6", "09:00", "17:00")},
    "late": {**_week("3", "10:00", "18:00"), **_week("45", "12:00", "20:00"),
             **_week("6", "09:00", "17:00"), **_week("7", "10:00", "16:00")},
    "weekend": {**_week("14", "10:00", "18:00"), **_week("5", "12:00", "20:00"),
                **_week("6", "09:00", "17:00"), **_week("7", "10:00", "16:00")},
    "school hours": _week("1245", "09:30", "14:30"),
}  # fmt: skip

SUNDAY = (dt.time(10), dt.time(16))
"""The made-up shop is open on Sundays, so that there is something to look at whenever one looks."""

STYLE, COLOUR, BARBER, NAILS, BODY = "Cut and style", "Colour", "Barbering", "Nails and brows", "Face and body"
_HAIR = (STYLE, COLOUR)

SKETCHES = (
    Sketch("Anna", "Kowalska", "early", _HAIR, "expert", 45, "Colour and long hair", {"CUT": "58.00", "WCB": "70.00"}),
    Sketch("Bo", "Lindqvist", "to Saturday", (BARBER, "CUT", "KIDS"), "advanced", 40, "Fades and beards"),
    Sketch("Carla", "D'Angelo", "late", _HAIR, "expert", 44, "Balayage", {"BALA": "215.00"}, 40),
    Sketch("Kasia", "Nowak", "weekend", (BODY, NAILS), "advanced", 38, "Massage, facials, nails"),
    Sketch("Dev", "Patel", "weekend", (BARBER, STYLE), "advanced", 40, "Classic cuts, hot towels"),
    Sketch("Elif", "Yılmaz", "to Saturday", _HAIR, "advanced", 40, "Highlights", {}, 37),
    Sketch("Femi", "Adéyẹmí", "late", _HAIR, "expert", 43, "Curls and texture", {"WCB": "68.00"}),
    Sketch("Grace", "O'Neill", "early", (STYLE, NAILS), "intermediate", 37, "Blow-dries, brows"),
    Sketch("Hugo", "Martín", "early", (*_HAIR, BARBER), "advanced", 40, "A bit of everything"),
    Sketch("Isla", "MacLeod", "late", (STYLE, "TONE", "ROOT"), "beginner", 32, "In training", {"BLOW": "24.00"}),
    Sketch("Lena", "Vögel", "early", (BODY, NAILS), "expert", 42, "Deep tissue", {"MAS": "88.00"}),
    Sketch("Jin", "Park", "school hours", (NAILS, STYLE), "advanced", 39, "Gel nails"),
    Sketch("Marek", "Šimek", "to Saturday", (BARBER, STYLE), "intermediate", 36, "Skin fades"),
    Sketch("Nia", "Brathwaite", "early", _HAIR, "advanced", 40, "Colour correction"),
    Sketch("Owen", "Prys-Jones", "weekend", (BARBER, STYLE), "beginner", 31, "In training"),
    Sketch("Priya", "Raman", "to Saturday", (NAILS, BODY), "advanced", 38, "Lashes, facials"),
    Sketch("Rosa", "Nuñez", "late", _HAIR, "intermediate", 37, "Long layers"),
    Sketch("Sam", "Whitlock", "school hours", _HAIR, "advanced", 40, "Fine hair"),
    Sketch("Thea", "Lindström", "early", _HAIR, "expert", 44, "Precision bobs", {"CUT": "56.00"}),
    Sketch("Uma", "Desai", "weekend", (STYLE, BODY), "intermediate", 36, "Head massage"),
)
"""In the order of the book; a smaller shop has the first of them."""

PEOPLE = {
    "ria": ("Ria", "receptionist"),
    "tess": ("Tess", "trainee"),
    "mo": ("Mo", "manager"),
    "ada": ("Ada", "admin"),
    "anna": ("Anna", "stylist"),
    "bo": ("Bo", "stylist"),
}
"""Who signs in: name and role by login. The stylists among them are the first of the sketches, by first name."""


def login_of(sketch: Sketch) -> str:
    """What their e-mail begins with."""
    return tokens(sketch.first_name)[0]
