"""What is asked of a typed line, and what is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.services.phrases.line_wishes import LineWish
from frontdesk.services.phrases.phrase_words import ANSWERS, Asked
from frontdesk.services.placing.booking_wishes import BookAppointment


@dataclass(frozen=True, kw_only=True)
class ReadPhrase:
    """A line as it was typed: `jane cut tue 3pm anna`."""

    text: str
    day: dt.date | None = None
    """The day that is looked at: it is meant when the line names none."""
    as_guest: bool = False
    """Whoever is not known is booked by their name alone, without a card."""


@dataclass(frozen=True)
class Understood:
    """What a line means, or the one question it leaves."""

    question: Asked | None = None
    customer: str = ""
    services: tuple[str, ...] = ()
    stylist: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    price: Decimal | None = None
    preview: str = ""
    """`Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00   fills a 45 min gap`; of a verb, a sentence."""
    warning: str | None = None
    """Why it would be refused as it stands."""
    request: BookAppointment | None = None
    """What books it; nothing where something else than one visit is wished."""
    wish: LineWish | None = None
    """What enter carries out."""
    others: tuple[tuple[str, str], ...] = ()
    """Other lines that would do as well: the next free times behind the first."""


def asked(text: str, options: Sequence[tuple[str, str]] = (), unknown: str = "") -> Understood:
    """One question, with as many answers as there are digits."""
    return Understood(Asked(text, tuple(options[:ANSWERS]), unknown))
