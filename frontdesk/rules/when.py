"""Days as a receptionist says them: "tue", "+2w", "24/12", "mon week", "this week"; times are in `times`.

A word that could be two things has two meanings here; the caller decides or asks. General date parsers guess: they drop
the hour of "tomorrow 9" and read 24/12 as tomorrow.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

WEEKDAY_WORDS = r"mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
MONTH_WORDS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}
"""Numbers in words."""


@dataclass(frozen=True, slots=True)
class Said:
    """How today, a bare hour and 3/4 are to be taken here."""

    today: date
    now: time
    day_first: bool
    opens: time
    """An hour before this one without am or pm is in the afternoon: from 8, "3" is 15:00 and "9" is 09:00."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One certain day."""

    day: date


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday 0: the coming one, or with "next" the one in next week."""

    index: int
    next_week: bool
    weeks: int = 0
    """Weeks after that one: "tue week" is the Tuesday after the coming one."""


@dataclass(frozen=True, slots=True)
class InWeeks:
    """So many weeks from today; beside a weekday, that day of the week reached."""

    weeks: int


@dataclass(frozen=True, slots=True)
class Span:
    """Some days that follow each other: "this week"."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Until:
    """To the end of a day, or of a span's last one: "until fri"."""

    day: Fixed | Weekday | InWeeks


@dataclass(frozen=True, slots=True)
class Wrong:
    """Said like a day or a time, but there is none such; instead is what may have been meant."""

    sentence: str
    instead: tuple[date, ...] = ()


Day = Fixed | Weekday | InWeeks
Days = Day | Span | Until


def heard_days(text: str, said: Said) -> Days | Wrong | None:
    """The day or days that a few words mean; None if they sound like none, Wrong if they only sound so."""
    text = text.casefold()
    if match := _UNTIL.fullmatch(text):
        day = _heard_day(match["day"], said)
        return Until(day) if isinstance(day, Fixed | Weekday | InWeeks) else day
    if match := _FROM.fullmatch(text):
        return _heard_day(match["day"], said)
    return _heard_span(text, said) or _heard_day(text, said)


def day_of(meaning: Day, at: time | None, said: Said) -> date:
    """The day meant. A weekday is the next such day: today's own name is today until the time asked for has passed."""
    if isinstance(meaning, Fixed):
        return meaning.day
    if isinstance(meaning, InWeeks):
        return said.today + timedelta(weeks=meaning.weeks)
    if meaning.next_week:
        return weekday_in_week(meaning.index, said.today + timedelta(weeks=1))
    ahead = (meaning.index - said.today.weekday()) % 7
    passed = ahead == 0 and at is not None and at <= said.now
    return said.today + timedelta(days=7 if passed else ahead, weeks=meaning.weeks)


def agree(days: Sequence[Day]) -> bool:
    """Whether several ways to say a day are of one day: "tue 10 mar", "tue in 3 weeks", but not "tue wed"."""
    fixed = {each.day for each in days if isinstance(each, Fixed)}
    weekdays = {each.index for each in days if isinstance(each, Weekday)}
    weeks = {each.weeks for each in days if isinstance(each, InWeeks)}
    if max(len(fixed), len(weekdays), len(weeks)) > 1 or (fixed and weeks):
        return False
    return not (fixed and weekdays) or {day.weekday() for day in fixed} == weekdays


def one_day(days: Sequence[Day], at: time | None, said: Said) -> date:
    """The day that agreeing words mean together: "tue in 3 weeks" is the Tuesday of that week."""
    weekdays = [each for each in days if isinstance(each, Weekday)]
    others = [each for each in days if not isinstance(each, Weekday)]
    day = day_of((others or weekdays)[0], at, said)
    return weekday_in_week(weekdays[0].index, day) if others and weekdays else day


def weekday_in_week(index: int, day: date) -> date:
    """A day of the week that a day lies in, weeks beginning on Monday."""
    return day + timedelta(days=index - day.weekday())


def day_name(day: date) -> str:
    """A day as questions name it: Tue 10 Mar 2026."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _heard_day(text: str, said: Said) -> Day | Wrong | None:
    for shape, meaning in _DAYS:
        if match := shape.fullmatch(text):
            try:
                return meaning(match, said)
            except (ValueError, OverflowError):
                return Wrong(f'There is no day "{text}". Type it like 24 dec, or 2026-12-24.')
    return None


def _heard_span(text: str, said: Said) -> Span | None:
    today = said.today
    if match := _WEEK_OR_MONTH.fullmatch(text):
        ahead = 1 if match["which"] == "next" else 0
        if match["unit"] == "month":
            first = _months_on(today.replace(day=1), ahead)
            return Span(max(first, today), _months_on(first, 1) - timedelta(days=1))
        monday = weekday_in_week(0, today + timedelta(weeks=ahead))
        if match["unit"] == "weekend":
            return Span(max(monday + timedelta(days=5), today), monday + timedelta(days=6))
        return Span(max(monday, today), monday + timedelta(days=6))
    if match := _NEXT_FEW.fullmatch(text):
        count = int(match["count"]) if match["count"].isdecimal() else COUNTS[match["count"]]
        days = count * (7 if match["unit"].startswith("w") else 1)
        return Span(today, today + timedelta(days=days - 1)) if days else None
    if match := _WEEKDAYS.fullmatch(text):
        first = day_of(Weekday(_place(match["one"], WEEKDAYS), next_week=False), None, said)
        return Span(first, first + timedelta(days=(_place(match["two"], WEEKDAYS) - first.weekday()) % 7))
    return None


_UNTIL = re.compile(r"(?:until|till|til|through|to the end of) (?P<day>.+)")
_FROM = re.compile(r"(?:from|starting(?: on)?|since) (?P<day>.+)")
_WEEK_OR_MONTH = re.compile(r"(?:in |on )?(?:(?P<which>this|next) |the )?(?P<unit>week|weekend|month)")
_NEXT_FEW = re.compile(rf"(?:in |within )?the next (?P<count>\d{{1,2}}|{'|'.join(COUNTS)}) (?P<unit>days?|w(?:ee)?ks?)")
_WEEKDAYS = re.compile(rf"(?P<one>{WEEKDAY_WORDS}) ?[-–] ?(?P<two>{WEEKDAY_WORDS})")


def _named(match: re.Match[str], said: Said) -> Fixed:
    ahead = {"yes": -1, "tod": 0, "day": 2}.get(match["name"][:3], 1)
    return Fixed(said.today + timedelta(days=ahead))


def _weekday(match: re.Match[str], said: Said) -> Weekday:
    return Weekday(_place(match["weekday"], WEEKDAYS), match["which"] == "next ")


def _weekday_week(match: re.Match[str], said: Said) -> Weekday:
    """ "tue week", "a week on tue": a week after the coming one."""
    return Weekday(_place(match["weekday"] or match["day"], WEEKDAYS), next_week=False, weeks=1)


def _week_today(match: re.Match[str], said: Said) -> Fixed:
    weeks = 2 if "fortnight" in match[0] else 1
    return Fixed(said.today + timedelta(weeks=weeks, days=1 if match["tomorrow"] else 0))


def _ahead(match: re.Match[str], said: Said) -> Fixed | InWeeks:
    count = int(match["count"]) if match["count"].isdecimal() else COUNTS[match["count"]]
    if match["unit"].startswith("w"):
        return InWeeks(count)
    if match["unit"].startswith("m"):
        return Fixed(_months_on(said.today, count))
    return Fixed(said.today + timedelta(days=count))


def _slashed(match: re.Match[str], said: Said) -> Fixed | Wrong:
    one, two = int(match["one"]), int(match["two"])
    day, month = (one, two) if said.day_first else (two, one)
    if month > 12 >= day:
        turned = _next_such(month, day, match["year"], said)
        return Wrong(f'There is no month {month} in "{match[0]}".', instead=(turned,))
    return Fixed(_next_such(day, month, match["year"], said))


def _dotted(match: re.Match[str], said: Said) -> Fixed:
    return Fixed(_next_such(int(match["day"]), int(match["month"]), match["year"], said))


def _worded(match: re.Match[str], said: Said) -> Fixed:
    return Fixed(_next_such(int(match["day"]), _place(match["month"], MONTHS) + 1, match["year"], said))


def _iso(match: re.Match[str], said: Said) -> Fixed:
    return Fixed(date(int(match["year"]), int(match["month"]), int(match["day"])))


def _ordinal(match: re.Match[str], said: Said) -> Fixed:
    """The next day of that number, in the first month that has it."""
    wanted, first = int(match["day"]), said.today.replace(day=1)
    if not 1 <= wanted <= 31:
        raise ValueError("no month has such a day")
    months = [_months_on(first, ahead) for ahead in range(4)]
    days = [month.replace(day=wanted) for month in months if wanted <= monthrange(month.year, month.month)[1]]
    return Fixed(min(day for day in days if day >= said.today))


def _next_such(day: int, month: int, year: str | None, said: Said) -> date:
    """That day in the year named, else the next one from today: 24/12 is never in the past, 29/2 waits for its year."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(said.today.year, said.today.year + 9)
    days = [date(year, month, day) for year in years if 1 <= day <= monthrange(year, month)[1]]
    coming = [day for day in days if day >= said.today]
    if not coming:
        raise ValueError("no such day in any year")
    return coming[0]


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _place(word: str, names: tuple[str, ...]) -> int:
    return [name.casefold() for name in names].index(word[:3])


_YEAR = r"(?P<year>20\d{2})"
_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Said], Day | Wrong]], ...] = (
    (re.compile(r"(?P<name>today|tomorrow|tmrw|tmw|tmr|tom|yesterday|day after tomorrow)"), _named),
    (re.compile(rf"(?:on )?(?P<which>next |this )?(?P<weekday>{WEEKDAY_WORDS})\.?"), _weekday),
    (re.compile(rf"(?:on )?(?P<weekday>{WEEKDAY_WORDS}) week|(?:a )?week on (?P<day>{WEEKDAY_WORDS})"), _weekday_week),
    (re.compile(r"\+(?P<count>\d{1,3})(?P<unit>[dwm])"), _ahead),
    (re.compile(r"(?:in )?a fortnight(?: today)?|a week today|(?:a )?week (?P<tomorrow>tomorrow)"), _week_today),
    (re.compile(rf"in (?P<count>\d{{1,3}}|{'|'.join(COUNTS)}) (?P<unit>days?|w(?:ee)?ks?|months?)"), _ahead),
    (re.compile(r"(?:on )?(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?"), _slashed),
    (re.compile(r"(?:on )?(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>\d{4}|\d{2})?)?"), _dotted),
    (re.compile(r"(?:on )?(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"), _iso),
    (
        re.compile(
            rf"(?:on )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? ?(?:of )?(?P<month>{MONTH_WORDS})\.?(?: {_YEAR})?"
        ),
        _worded,
    ),
    (re.compile(rf"(?:on )?(?P<month>{MONTH_WORDS})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: {_YEAR})?"), _worded),
    (re.compile(r"(?:on )?(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)"), _ordinal),
)
