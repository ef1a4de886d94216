"""The type-to-book line: "jane cut tue 3pm anna", in any order, becomes one visit or one question (BK3, N1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar

from frontdesk.rules.hearing import Heard, Meaning, Name, Nobody, Soonest, heard, role, spoken
from frontdesk.rules.vocabulary import Named, Service, Stylist, Vocabulary, title
from frontdesk.rules.when import Day, Fixed, InWeeks, Said, Weekday, Wrong, agree, day_name, day_of, one_day

__all__ = ["Named", "Phrase", "Question", "Vocabulary", "understand"]

LONGEST_LINE = 40
"""Words on a line; more is a letter pasted into the wrong field."""

_MONTHS_THAT_ARE_NAMES = frozenset({"jan", "april", "may", "june", "august"})
_TAKEN_ONCE = frozenset({"day", "time", "stylist"})

Sought = TypeVar("Sought")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A visit as it was typed: who is the words left over, for the service to look up; a past day is left as it is."""

    who: str
    services: tuple[int, ...]
    day: date | None
    time: time | None
    stylist: int | None
    soonest: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is not clear, and the answers: each a label and the whole line as it would then read."""

    text: str
    options: tuple[tuple[str, str], ...] = ()


def understand(
    text: str,
    words: Vocabulary,
    *,
    today: date,
    now: time,
    day_first: bool = True,
    opens: time = time(8),
) -> Phrase | Question:
    """Read a line. Whatever could be meant in two ways is asked, one question at a time, and never guessed.

    Names match in full, by code, or by a beginning of three letters that only one has; "blow-dry", "blow dry" and
    "blowdry" are one. "with anna" is the stylist, what stands in quotes is the customer. A weekday is the next such
    day: today's own until the time asked for has passed; "next tue" is the one in next week, weeks beginning on Monday.
    24/12 is the next 24 December. An hour before opens without am or pm is in the afternoon. "next" alone is the first
    free time.
    """
    said = Said(today=today, now=now, day_first=day_first, opens=opens)
    typed = spoken(text)
    if len(typed) > LONGEST_LINE:
        return Question(f"That is more than {LONGEST_LINE} words. Type who, what, and when.")
    line = _Line(tuple(typed), words, said)
    stretches = _sorted_out(heard(typed, words, said))
    return line.doubt(stretches) or line.conflict(stretches) or line.phrase(stretches)


@dataclass(frozen=True, slots=True)
class _Line:
    typed: tuple[str, ...]
    vocabulary: Vocabulary
    said: Said

    def doubt(self, stretches: Sequence[Heard]) -> Question | None:
        """The first stretch that is wrong, or could be two things."""
        for stretch in stretches:
            if question := self.wrong(stretch):
                return question
        for place, stretch in enumerate(stretches):
            meanings = _likely(place, stretches)
            if len(meanings) > 1:
                return Question(f'What is "{stretch.words}"?', tuple(self.option(stretch, each) for each in meanings))
        return self.month_or_name(stretches)

    def wrong(self, stretch: Heard) -> Question | None:
        for meaning in stretch.meanings:
            if isinstance(meaning, Wrong):
                return Question(meaning.sentence, tuple(self.option(stretch, Fixed(day)) for day in meaning.instead))
            if isinstance(meaning, Nobody):
                options = [self.option(stretch, Stylist(stylist.id)) for stylist in self.vocabulary.stylists[:9]]
                return Question(f"No stylist is called {stretch.words}.", tuple(options))
        return None

    def month_or_name(self, stretches: Sequence[Heard]) -> Question | None:
        """ "may 3 cut" is 3 May for nobody, or May at three."""
        if _who(stretches) or _all(stretches, time):
            return None
        for stretch in stretches:
            names = [word for word in stretch.words.split() if word.casefold() in _MONTHS_THAT_ARE_NAMES]
            hours = [word for word in stretch.words.split() if word.isdecimal()]
            if len(names) == len(hours) == 1 == len(stretch.words.split()) - 1:
                as_name = f'"{names[0]}" at {hours[0]}'
                return Question(
                    f'What is "{stretch.words}"?',
                    (
                        *(self.option(stretch, meaning) for meaning in stretch.others),
                        (f"the customer {names[0]}, at {hours[0]}", self.line((stretch, as_name))),
                    ),
                )
        return None

    def conflict(self, stretches: Sequence[Heard]) -> Question | None:
        """Two of what a visit has one of."""
        times, stylists = _all(stretches, time), _all(stretches, Stylist)
        if len({at for at, _ in times}) > 1:
            return self.which("Which time?", times)
        if len({stylist for stylist, _ in stylists}) > 1:
            return self.which("Which stylist?", stylists)
        return self.other_day(stretches)

    def other_day(self, stretches: Sequence[Heard]) -> Question | None:
        said = _days(stretches)
        if agree([day for day, _ in said]):
            return None
        fixed = {day.day for day, _ in _all(stretches, Fixed)}
        only_weekdays = len(fixed) == 1 and not _all(stretches, InWeeks)
        return self.which(f"{day_name(min(fixed))} is another day." if only_weekdays else "Which day?", said)

    def which(self, question: str, found: Sequence[tuple[Meaning, Heard]]) -> Question:
        options = []
        for meaning, stretch in found:
            others = [(other, "") for _, other in found if other is not stretch]
            options.append(
                (self.label(stretch, meaning), self.line((stretch, self.rewritten(stretch, meaning)), *others))
            )
        return Question(question, tuple(dict(options).items()))

    def phrase(self, stretches: Sequence[Heard]) -> Phrase:
        at = next((at for at, _ in _all(stretches, time)), None)
        days = [day for day, _ in _days(stretches)]
        return Phrase(
            who=_who(stretches),
            services=tuple(service.id for service, _ in _all(stretches, Service)),
            day=one_day(days, at, self.said) if days else None,
            time=at,
            stylist=next((stylist.id for stylist, _ in _all(stretches, Stylist)), None),
            soonest=bool(_all(stretches, Soonest)),
        )

    def option(self, stretch: Heard, meaning: Meaning) -> tuple[str, str]:
        return self.label(stretch, meaning), self.line((stretch, self.rewritten(stretch, meaning)))

    def label(self, stretch: Heard, meaning: Meaning) -> str:
        if isinstance(meaning, time):
            return f"{meaning:%H:%M}"
        if isinstance(meaning, Service):
            return title(meaning, self.vocabulary)
        if isinstance(meaning, Stylist):
            return f"with {title(meaning, self.vocabulary)}"
        if isinstance(meaning, Fixed | Weekday | InWeeks):
            return day_name(day_of(meaning, None, self.said))
        return f"the customer {stretch.words}"

    def rewritten(self, stretch: Heard, meaning: Meaning) -> str:
        """Words that can mean nothing else."""
        if isinstance(meaning, Fixed | Weekday | InWeeks):
            return day_of(meaning, None, self.said).isoformat()
        return f'"{stretch.words}"' if isinstance(meaning, Name) else self.label(stretch, meaning)

    def line(self, *changes: tuple[Heard, str]) -> str:
        """The whole line with some stretches said otherwise, or left out."""
        words = list(self.typed)
        for stretch, instead in changes:
            words[stretch.first : stretch.last] = [instead] + [""] * (stretch.last - stretch.first - 1)
        return " ".join(filter(None, words))


def _sorted_out(stretches: list[Heard]) -> list[Heard]:
    """Drop what a stretch can't mean because another certainly means it: with "tue", tom is no day."""
    while True:
        taken = {role(stretch.meanings[0]) for stretch in stretches if len(stretch.meanings) == 1} & _TAKEN_ONCE
        fewer = [_fewer(place, stretches, taken) for place in range(len(stretches))]
        if fewer == stretches:
            return stretches
        stretches = fewer


def _fewer(place: int, stretches: Sequence[Heard], taken: set[str]) -> Heard:
    stretch = stretches[place]
    if len(stretch.meanings) < 2:
        return stretch
    left = tuple(meaning for meaning in stretch.meanings if role(meaning) not in taken)
    second_stylist = stretch.whole and left == (Name(),) and _who(stretches) and not _beside_name(place, stretches)
    return stretch if second_stylist or not left else replace(stretch, meanings=left)


def _likely(place: int, stretches: Sequence[Heard]) -> tuple[Meaning, ...]:
    """What a stretch may mean after all: the customer only where a customer's name could stand."""
    stretch = stretches[place]
    if stretch.is_name or len(stretch.others) == len(stretch.meanings):
        return stretch.meanings
    return stretch.meanings if _may_be_customer(place, stretches) else stretch.others


def _may_be_customer(place: int, stretches: Sequence[Heard]) -> bool:
    stretch = stretches[place]
    if not _who(stretches):
        return True
    if any(isinstance(meaning, Fixed) for meaning in stretch.others):
        return _is_name(place + 1, stretches)
    if stretch.whole or all(isinstance(meaning, Service) for meaning in stretch.others):
        return False
    return _beside_name(place, stretches)


def _beside_name(place: int, stretches: Sequence[Heard]) -> bool:
    return _is_name(place - 1, stretches) or _is_name(place + 1, stretches)


def _is_name(place: int, stretches: Sequence[Heard]) -> bool:
    return 0 <= place < len(stretches) and stretches[place].is_name


def _who(stretches: Sequence[Heard]) -> str:
    """The customer's words as typed; an "and" stays between two of them."""
    parts = [
        stretch.words
        for place, stretch in enumerate(stretches)
        if stretch.is_name
        or (stretch.words in ("and", "&") and _is_name(place - 1, stretches) and _is_name(place + 1, stretches))
    ]
    return " ".join(parts)


def _days(stretches: Sequence[Heard]) -> list[tuple[Day, Heard]]:
    return [*_all(stretches, Fixed), *_all(stretches, Weekday), *_all(stretches, InWeeks)]


def _all(stretches: Sequence[Heard], kind: type[Sought]) -> list[tuple[Sought, Heard]]:
    """Every stretch that has such a meaning, with the meaning."""
    return [(meaning, each) for each in stretches for meaning in each.others[:1] if isinstance(meaning, kind)]
