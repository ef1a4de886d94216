"""How often something comes again, as a receptionist says it: "every 6w", "every other tue", "monthly", "x8"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from frontdesk.rules.recurrence import MOST, Unit
from frontdesk.rules.when import COUNTS, WEEKDAY_WORDS, WEEKDAYS, Wrong


@dataclass(frozen=True, slots=True)
class Every:
    """So many days, weeks or months from one time to the next."""

    count: int
    unit: Unit
    weekday: int | None = None
    """The day of the week that is said with it, Monday 0."""

    @property
    def words(self) -> str:
        """As it can be typed again: "every 6 weeks"."""
        often = f"every {self.unit}" if self.count == 1 else f"every {self.count} {self.unit}s"
        return often if self.weekday is None else f"{often} {WEEKDAYS[self.weekday].lower()}"


@dataclass(frozen=True, slots=True)
class Times:
    """So many times in all."""

    count: int


_ORDINALS = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ALONE = {
    "daily": Every(1, Unit.DAY),
    "weekly": Every(1, Unit.WEEK),
    "fortnightly": Every(2, Unit.WEEK),
    "every fortnight": Every(2, Unit.WEEK),
    "monthly": Every(1, Unit.MONTH),
    "quarterly": Every(3, Unit.MONTH),
    "yearly": Every(12, Unit.MONTH),
    "every year": Every(12, Unit.MONTH),
}
_EVERY = re.compile(
    rf"(?:every|each) (?:(?P<count>\d{{1,3}}|{'|'.join((*_ORDINALS, *COUNTS))}) ?)?"
    r"(?P<unit>d|days?|w|wks?|weeks?|m|mths?|months?)"
)
_WEEKDAY = re.compile(
    rf"(?:every|each) (?:(?P<count>{'|'.join(_ORDINALS)}) )?(?P<day>{WEEKDAY_WORDS})s?"
    r"|(?P<days>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s"
)
_TIMES = re.compile(r"[x×] ?(?P<one>\d{1,4})|(?P<two>\d{1,4}) ?(?:[x×]|times)")
_UNITS = {"d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH}


def heard_often(text: str) -> tuple[Every | Times | Wrong, ...]:
    """What a few words say of coming again; nothing when they don't."""
    text = text.casefold()
    if text in _ALONE:
        return (_ALONE[text],)
    if text in ("biweekly", "bimonthly"):
        return (Wrong(f'"{text}" is said of twice in one and of every second. Type every 2w, or every 2 months.'),)
    if match := _TIMES.fullmatch(text):
        return (_times(int(match["one"] or match["two"]), text),)
    if match := _EVERY.fullmatch(text):
        return (_every(_count(match["count"]), _UNITS[match["unit"][0]], text),)
    if match := _WEEKDAY.fullmatch(text):
        day = (match["day"] or match["days"])[:3].title()
        return (Every(_count(match["count"]), Unit.WEEK, WEEKDAYS.index(day)),)
    return ()


def _count(words: str | None) -> int:
    if words is None:
        return 1
    return int(words) if words.isdecimal() else _ORDINALS.get(words) or COUNTS[words]


def _every(count: int, unit: Unit, text: str) -> Every | Wrong:
    if not 1 <= count <= 366:
        return Wrong(f'Nothing comes "{text}". Type it like every 6w, or monthly.')
    return Every(count, unit)


def _times(count: int, text: str) -> Times | Wrong:
    if not 2 <= count <= MOST:
        return Wrong(f'A series has from 2 to {MOST} visits, not "{text}".')
    return Times(count)
