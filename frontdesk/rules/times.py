"""Times of day, stretches of a day and lengths as they are said: "3.45", "half past 3", "after 2", "1h30"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from frontdesk.rules.when import Said, Wrong

MIDDAY = time(12)
_COUNTS = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25, "quarter": 15, "a quarter": 15}
_COUNTS["half"] = 30


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a day: from one time to before another, open where it is None."""

    after: time | None
    before: time | None
    day: date | None = None
    """The day that is said with it: "tonight" is today's evening."""

    def __contains__(self, at: time) -> bool:
        return (self.after is None or at >= self.after) and (self.before is None or at < self.before)

    @property
    def words(self) -> str:
        """As it can be typed again, and mean nothing else."""
        if self.after is not None and self.before is not None:
            return f"between {self.after:%H:%M} and {self.before:%H:%M}"
        return f"after {self.after:%H:%M}" if self.after is not None else f"before {self.before:%H:%M}"


@dataclass(frozen=True, slots=True)
class Length:
    """How long something takes."""

    minutes: int


Clock = time | Window | Length


def heard_clock(text: str, said: Said) -> tuple[Clock | Wrong, ...]:
    """Every time, stretch of a day and length that a few words can mean."""
    text = text.casefold()
    found: list[Clock | Wrong] = []
    for hear in (_at, _past, _ahead, _window, _length):
        found += [each for each in hear(text, said) if each not in found]
    right = [each for each in found if not isinstance(each, Wrong)]
    return tuple(right or found[:1])


def in_window(at: time, window: Window) -> time | None:
    """A bare hour as it fits a stretch of the day: "9 in the evening" is 21:00. None when neither half fits."""
    other = at.replace(hour=(at.hour + 12) % 24)
    return at if at in window else other if other in window else None


def is_bare(text: str) -> bool:
    """Whether it says neither half of the day, and could be either: "9", "9.30", but not "21" or "9am"."""
    match = _TIME.fullmatch(text.casefold())
    return match is not None and not match["half"] and int(match["hour"]) <= 12 and not match["hour"].startswith("0")


# Times

_TIME = re.compile(
    r"(?:at |@ ?|for )?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})|(?P<late>(?<=\d)[0-5]\d)|(?P<hours>h))?"
    r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.)|(?P<short>[ap])| ?o['’]?clock| uhr)?"
)
_NOON = re.compile(r"(?:at )?(?:12 )?(?:noon|midday)")


def _at(text: str, said: Said) -> tuple[time | Wrong, ...]:
    match = _TIME.fullmatch(text)
    if match is None:
        return (MIDDAY,) if _NOON.fullmatch(text) else ()
    hour, minute = int(match["hour"]), int(match["minute"] or match["late"] or 0)
    half = (match["half"] or match["short"] or "")[:1]
    if not _is_time(hour, minute, half, bare=match["hour"] == text.removeprefix("for ")):
        return (Wrong(f'There is no time "{text}". Type it like 15:30 or 3.30pm.'),)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour < min(said.opens.hour, 12) and not match["hour"].startswith("0"):
        hour += 12
    return (time(hour, minute),)


def _is_time(hour: int, minute: int, half: str, *, bare: bool) -> bool:
    if half:
        return 1 <= hour <= 12 and minute < 60
    return hour < 24 and minute < 60 and not (bare and hour == 0)


_AHEAD = re.compile(r"in (?:(?P<half>half an hour)|(?P<count>\d{1,2}|an?|one|two) (?P<unit>hours?|h|min(?:ute)?s?))")


def _ahead(text: str, said: Said) -> tuple[time, ...]:
    """ "in an hour", "in 20 minutes": from now on, and still today."""
    match = _AHEAD.fullmatch(text)
    if match is None:
        return ()
    count = {"a": 1, "an": 1, "one": 1, "two": 2, None: 30}.get(match["count"]) or int(match["count"])
    minutes = count * 60 if (match["unit"] or "m").startswith("h") else count
    later = said.now.hour * 60 + said.now.minute + minutes
    return (time(later // 60, later % 60),) if later < 24 * 60 else ()


_PAST = re.compile(
    rf"(?:at )?(?P<some>\d{{1,2}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})(?: min(?:ute)?s?)?"
    r" (?P<way>past|to) (?P<hour>.+)"
)
_HALF = re.compile(r"(?:at )?half (?P<hour>\d{1,2})")


def _past(text: str, said: Said) -> tuple[time, ...]:
    """ "half past 3", "20 to 4"; "half 3" is half past three in English and half past two in German."""
    if match := _HALF.fullmatch(text):
        hour = _plain_hour(match["hour"], said)
        return () if hour is None else (_moved(hour, 30), _moved(hour, -30))
    match = _PAST.fullmatch(text)
    if match is None:
        return ()
    hour = _plain_hour(match["hour"], said)
    some = int(match["some"]) if match["some"].isdecimal() else _COUNTS[match["some"]]
    if hour is None or not 0 < some < 60:
        return ()
    return (_moved(hour, some if match["way"] == "past" else -some),)


def _plain_hour(text: str, said: Said) -> time | None:
    at = next(iter(_at(text, said)), None)
    return at if isinstance(at, time) and at.minute == 0 else None


def _moved(at: time, minutes: int) -> time:
    hour, minute = divmod((at.hour * 60 + minutes) % (24 * 60), 60)
    return time(hour, minute)


# Stretches of a day

_PARTS: dict[str, tuple[time | None, time | None]] = {
    "am": (None, MIDDAY),
    "morning": (None, MIDDAY),
    "pm": (MIDDAY, None),
    "afternoon": (MIDDAY, time(18)),
    "evening": (time(17), None),
    "lunchtime": (MIDDAY, time(14)),
}
_PART = re.compile(rf"(?P<this>this )?(?:in the |at )?(?P<part>{'|'.join(_PARTS)})s?")
_ONE_SIDE = re.compile(r"(?P<way>after|from|since|not before|before|until|till|til|by) (?P<at>.+)")
_BETWEEN = re.compile(r"(?:between |from )?(?P<one>.+?)(?: ?[-–] ?| (?:and|to|until|till) )(?P<two>.+)")


def _window(text: str, said: Said) -> tuple[Window | Wrong, ...]:
    if text == "tonight":
        return (Window(*_PARTS["evening"], said.today),)
    if match := _PART.fullmatch(text):
        return (Window(*_PARTS[match["part"]], said.today if match["this"] else None),)
    if match := _ONE_SIDE.fullmatch(text):
        at = _any_time(match["at"], said)
        if at is None:
            return ()
        return (Window(at, None) if match["way"] in ("after", "from", "since", "not before") else Window(None, at),)
    match = _BETWEEN.fullmatch(text)
    if match is None or (" and " in text and not text.startswith("between ")):
        return ()
    half = re.search(r"\d ?([ap]\.?m\.?)$", match["two"])
    one = match["one"] + (half[1] if half and re.fullmatch(r"\d{1,2}(?:[:.]\d{2})?", match["one"]) else "")
    after, before = _any_time(one, said), _any_time(match["two"], said)
    if half and after is not None and before is not None and after >= before:
        after = _any_time(match["one"], said)
    if after is None or before is None:
        return ()
    if after >= before:
        return (Wrong(f'"{text}" ends before it begins. Type it like 14:00-16:00.'),)
    return (Window(after, before),)


def _any_time(text: str, said: Said) -> time | None:
    found = [*_at(text, said), *_past(text, said)]
    return found[0] if len(found) == 1 and isinstance(found[0], time) else None


# Lengths

_DAY_LONG = 24 * 60
_LENGTHS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    (re.compile(r"(?:for )?(\d{1,3}) ?-?(?:m|min|mins|minutes?)"), lambda match: int(match[1])),
    (
        re.compile(r"(?:for )?(\d{1,2}) ?(?:h|hr|hrs|hours?) ?(\d{1,2})? ?(?:m|min|mins|minutes)?"),
        lambda match: int(match[1]) * 60 + int(match[2] or 0),
    ),
    (re.compile(r"(?:for )?(\d)[.,]5 ?(?:h|hr|hrs|hours?)"), lambda match: int(match[1]) * 60 + 30),
    (re.compile(r"(?:for )?half an hour"), lambda match: 30),
    (re.compile(r"(?:for )?(?:an|one) hour"), lambda match: 60),
    (re.compile(r"(?:for )?(?:an|one) hour and a half"), lambda match: 90),
    (re.compile(r"for (\d{2,3})"), lambda match: int(match[1])),
)
_BARE_HOURS = re.compile(r"(\d{1,2})h(?:[0-5]\d)?")
_LONGEST_BARE = 8
"""From so many hours on, "8h" and "15h30" are times of day: nothing takes as long."""


def _length(text: str, said: Said) -> tuple[Length | Wrong, ...]:
    if (bare := _BARE_HOURS.fullmatch(text)) and int(bare[1]) >= _LONGEST_BARE:
        return ()
    for shape, minutes in _LENGTHS:
        if match := shape.fullmatch(text):
            if 0 < minutes(match) < _DAY_LONG:
                return (Length(minutes(match)),)
            return (Wrong(f'Nothing takes "{text}". Type minutes like 45m, or hours like 1h30.'),)
    return ()
