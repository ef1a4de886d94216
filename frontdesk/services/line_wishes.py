"""What a typed line wishes, found in the book: visits by their numbers, stylists by theirs (features N1).

The screen shows the preview, and on enter hands the wish to the service whose request it carries.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from frontdesk.services.booking_wishes import BookAppointment


@dataclass(frozen=True)
class BookVisit:
    """A visit."""

    request: BookAppointment


@dataclass(frozen=True)
class GoDay:
    """A day to look at."""

    day: dt.date


@dataclass(frozen=True)
class TakeBack:
    """The last action, taken back or done after all."""

    again: bool = False


LineWish = BookVisit | GoDay | TakeBack
