"""The type-to-book line as a language: "jane cut tue 3pm anna", "move jane 4pm", in any order, is one wish or one
question (features BK3, N1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from frontdesk.rules.hearing import (
    Anyone,
    Ear,
    Heard,
    Name,
    Nobody,
    Nothing,
    Spoken,
    Unassigned,
    Without,
    heard,
    spoken,
)
from frontdesk.rules.often import Every, Times
from frontdesk.rules.phrase_line import TypedLine
from frontdesk.rules.phrase_lines import Unclear, lines_of, pieces
from frontdesk.rules.phrase_questions import every_stylist, unclear
from frontdesk.rules.phrase_sorting import beside_name, every, likely, sorted_out, who
from frontdesk.rules.phrase_verbs import (
    People,
    Verb,
    is_certain,
    people_of,
    read_verb,
    the_customer,
    verb_of,
    verb_or_customer,
)
from frontdesk.rules.phrase_wishes import Phrase, Question, When, Wish
from frontdesk.rules.slips import meant_by
from frontdesk.rules.times import Length
from frontdesk.rules.vocabulary import Named, Service, Stylist, Vocabulary, title
from frontdesk.rules.when import Fixed, Said, Wrong, day_name
from frontdesk.text import tokens

__all__ = ["Named", "Phrase", "Question", "Vocabulary", "understand", "understand_when", "with_customer", "words_of"]

LONGEST_LINE = 40
"""Words on a line; more is a letter pasted into the wrong field."""

_ANSWERS = 9
_MONTHS_THAT_ARE_NAMES = frozenset({"jan", "april", "may", "june", "august"})
_NOBODY = frozenset[str]()


def understand(
    text: str,
    words: Vocabulary,
    *,
    today: date,
    now: time,
    day_first: bool = True,
    opens: time = time(8),
    called: frozenset[str] | None = None,
    named: frozenset[str] = frozenset(),
) -> Wish | Question:
    """Read a line. Whatever could be meant in two ways is asked, one question at a time, and never guessed.

    A verb stands first: move, cancel, sick, late, free, gaps, swap, wait, queue, block, go, undo. Without one, a visit
    is booked. Names match in full, by code, or by a beginning of three letters that only one has; "blow-dry", "blow
    dry" and "blowdry" are one. "with anna" is the stylist, what stands in quotes is the customer. A weekday is the next
    such day: today's own until the time asked for has passed; "next tue" is the one in next week, weeks beginning on
    Monday, and "tue week" the one after the coming. 24/12 is the next 24 December. An hour before opens without am or
    pm is in the afternoon. "next" alone is the first free time.

    `called` are the words of the line that begin a customer's name: they are never taken for a slip of the fingers.
    Any other word that is one letter away from one service, stylist or day is taken for it where a customer is named
    beside; where it could be two things, or nobody is named, it is asked. Without `called`, a word beside a name may be
    a name too. `named` are those that are a customer's whole name: a customer called Block may stand where a verb does.
    """
    said = Said(today=today, now=now, day_first=day_first, opens=opens)
    typed = spoken(text)
    if len(typed.words) > LONGEST_LINE:
        return Question(f"That is more than {LONGEST_LINE} words. Type who, what, and when.")
    verb = verb_of(typed, called or _NOBODY)
    if isinstance(verb, Question):
        return verb
    if verb is None:
        return _Reading(typed, Ear(words, said), 1 if typed.words[:1] == ("book",) else 0, None, called).wish()
    ear = Ear(words, said, verb.name == "swap", verb.name == "late", verb.name == "move")
    wish = _Reading(typed, ear, 1, verb, called).wish()
    if typed.words[0].casefold() in named and not is_certain(typed):
        booking = _Reading(typed, Ear(words, said), 0, None, called).wish()
        books = isinstance(booking, Phrase) and bool(booking.lines)
        if books is isinstance(wish, Question):
            return booking if books else wish
        return verb_or_customer(verb.name, typed)
    return wish


def understand_when(text: str, *, today: date, now: time, day_first: bool = True) -> When | Question | None:
    """Read words that are a day, a time or both. None when they are anything else."""
    said = Said(today=today, now=now, day_first=day_first, opens=time(8))
    read = _Reading(spoken(text), Ear(Vocabulary((), ()), said), 0, None, None).wish()
    if isinstance(read, Question):
        return read
    when = read.when if isinstance(read, Phrase) else When()
    only = When(day=when.day, time=when.time, second=when.second)
    return only if read == Phrase("", when=only) else None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a line as customers' names are searched, to find out which of them begin one."""
    return tuple(dict.fromkeys("".join(tokens(word)) for word in spoken(text).words))


def with_customer(text: str, name: str, instead: str) -> str:
    """The same line with other words for the customer's, wherever those stood."""
    typed = spoken(text)
    words, put = list(typed.words), False
    for part in name.split():
        for place, word in enumerate(words):
            if word.strip('" ') == part or word.strip('" ') == name:
                words[place] = "" if put else instead
                put = True
                break
    if not put:
        words.insert(0, instead)
    line = TypedLine(typed, Ear(Vocabulary((), ()), Said(date.min, time(), day_first=True, opens=time())))
    return line.joined(words)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line, the verb it begins with, and the names that are known."""

    typed: Spoken
    ear: Ear
    first: int
    verb: Verb | None
    called: frozenset[str] | None
    forgiven: tuple[tuple[str, str], ...] = ()

    def wish(self) -> Wish | Question:
        line = TypedLine(self.typed, self.ear)
        stretches = heard(self.typed, self.ear, self.first)
        if self.verb is not None:
            stretches = [people_of(stretch, self.verb, self.called or _NOBODY) for stretch in stretches]
        stretches = sorted_out(stretches, self.typed)
        mended = self._mended(line, stretches)
        if isinstance(mended, _Reading):
            return mended.wish()
        if question := _wrong(line, stretches) or mended:
            return question
        if self.verb is not None:
            stretches = the_customer(self.verb, stretches)
        if doubt := _doubt(line, stretches):
            return doubt
        stretches = [replace(each, meanings=likely(place, stretches)) for place, each in enumerate(stretches)]
        if self.verb is not None:
            return read_verb(self.verb, line, stretches)
        booking = _month_or_name(line, stretches) or _booking(line, stretches)
        return booking if isinstance(booking, Question) else replace(booking, forgiven=self.forgiven)

    def _mended(self, line: TypedLine, stretches: Sequence[Heard]) -> _Reading | Question | None:
        """The line with the first slip of the fingers put right, or the question what was meant; None without one."""
        if self.verb is not None and self.verb.has_text:
            return None
        slips = {place: meant for place in range(len(stretches)) if (meant := self._slip(stretches[place]))}
        for place, meant in slips.items():
            stretch = stretches[place]
            named = any(each.is_name for other, each in enumerate(stretches) if other not in slips)
            nobody_needed = self.verb is not None and self.verb.people is People.STYLISTS
            sure = nobody_needed or (named and (self.called is not None or not beside_name(place, stretches)))
            if len(meant) == 1 and sure:
                words = list(self.typed.words)
                words[stretch.first] = meant[0]
                return replace(
                    self,
                    typed=replace(self.typed, words=tuple(words)),
                    forgiven=(*self.forgiven, (stretch.words, meant[0])),
                )
            options = [(each, line.line((stretch, each))) for each in meant[: _ANSWERS - 1]]
            return Question(f'What is "{stretch.words}"?', (*options, line.option(stretch, Name())))
        return None

    def _slip(self, stretch: Heard) -> tuple[str, ...]:
        word = self.typed.words[stretch.first]
        unknown = stretch.meanings in ((Name(),), (Nothing(),), (Nobody(),))
        if not unknown or word.startswith('"') or stretch.last - stretch.first > 1:
            return ()
        if self.called and any(token in self.called for token in ("".join(tokens(word)), *tokens(word))):
            return ()
        return meant_by(word, self.ear.vocabulary)


def _wrong(line: TypedLine, stretches: Sequence[Heard]) -> Question | None:
    """The first stretch that can't be anything."""
    for stretch in stretches:
        for meaning in stretch.meanings:
            if isinstance(meaning, Wrong):
                return Question(meaning.sentence, tuple(line.option(stretch, Fixed(day)) for day in meaning.instead))
    return None


def _doubt(line: TypedLine, stretches: Sequence[Heard]) -> Question | None:
    """The first stretch that is nobody, or could be two things."""
    for stretch in stretches:
        if Nobody() in stretch.meanings:
            options = [
                (f"with {name}", line.line((stretch, f"with {name}"))) for name in every_stylist(line)[:_ANSWERS]
            ]
            return Question(f"No stylist is called {stretch.words}.", tuple(options))
        if Nothing() in stretch.meanings:
            return Question(f"No service is called {stretch.words}.", _services_instead(line, stretch))
    for place, stretch in enumerate(stretches):
        meanings = likely(place, stretches)
        if len(meanings) > 1:
            return Question(f'What is "{stretch.words}"?', tuple(line.option(stretch, each) for each in meanings))
    return None


def _services_instead(line: TypedLine, stretch: Heard) -> tuple[tuple[str, str], ...]:
    vocabulary = line.ear.vocabulary
    services = [Service(named.id) for named in vocabulary.services[:_ANSWERS]]
    return tuple((title(each, vocabulary), line.line((stretch, title(each, vocabulary)))) for each in services)


def _month_or_name(line: TypedLine, stretches: Sequence[Heard]) -> Question | None:
    """ "may 3 cut" is 3 May for nobody, or May at three."""
    if who(stretches) or every(stretches, time):
        return None
    for stretch in stretches:
        names = [word for word in stretch.words.split() if word.casefold() in _MONTHS_THAT_ARE_NAMES]
        hours = [word for word in stretch.words.split() if word.isdecimal()]
        if len(names) == len(hours) == 1 == len(stretch.words.split()) - 1:
            as_name = f'"{names[0]}" at {hours[0]}'
            return Question(
                f'What is "{stretch.words}"?',
                (
                    *(line.option(stretch, meaning) for meaning in stretch.others),
                    (f"the customer {names[0]}, at {hours[0]}", line.line((stretch, as_name))),
                ),
            )
    return None


def _booking(line: TypedLine, stretches: Sequence[Heard]) -> Phrase | Question:
    """The visit, or the first thing of which it has two and needs one."""
    when = line.when(stretches)
    if isinstance(when, Question):
        return when
    found = pieces(stretches, line.typed)
    lines = lines_of(found, line.ear.vocabulary)
    if isinstance(lines, Unclear):
        return unclear(line, lines)
    stylists, lengths = every(stretches, Stylist), every(stretches, Length)
    if not lines and (added := every(stretches, Service)):
        return _added_to(line, added[0])
    if not lines and len({stylist for stylist, _ in stylists}) > 1:
        return line.which("Which stylist?", stylists)
    if not lines and len({length for length, _ in lengths}) > 1:
        return line.which("How long?", lengths)
    series = _series(line, stretches, when)
    if isinstance(series, Question):
        return series
    alone = {each.stylist for each in lines} or {stylist.id for stylist, _ in stylists}
    return Phrase(
        who=who(stretches),
        lines=lines,
        when=when,
        stylist=alone.pop() if len(alone) == 1 else None,
        minutes=lengths[0][0].minutes if lengths and not lines else None,
        anyone=not lines and bool(every(stretches, Anyone)),
        unassigned=not lines and bool(every(stretches, Unassigned)),
        every=series[0],
        times=series[1],
        declined=tuple(without.service for without, _ in every(stretches, Without)),
    )


def _added_to(line: TypedLine, added: tuple[Service, Heard]) -> Question:
    """Something that is only ever added to a service."""
    vocabulary = line.ear.vocabulary
    addon, stretch = added
    mains = [title(Service(named.id), vocabulary) for named in vocabulary.services if not named.addon][:_ANSWERS]
    name = title(addon, vocabulary)
    return Question(
        f"{name} is added to a service. To which?",
        tuple((each, line.line((stretch, f"{each} {name}"))) for each in mains),
    )


def _series(line: TypedLine, stretches: Sequence[Heard], when: When) -> tuple[Every | None, int | None] | Question:
    """How a visit comes again, if it does. A series has an end."""
    rules, times = every(stretches, Every), every(stretches, Times)
    if len({(rule.count, rule.unit) for rule, _ in rules}) > 1:
        return line.which("How often?", rules)
    if len({count for count, _ in times}) > 1:
        return line.which("How many times?", times)
    said = line.line()
    if times and not rules:
        often = ("every week", "every 4 weeks", "every 6 weeks", "every 8 weeks", "every month")
        return Question("How often?", tuple((each, f"{said} {each}") for each in often))
    if rules and not times and when.until is None:
        options = tuple((f"{count} times", f"{said} x{count}") for count in (4, 6, 8, 12, 26))
        return Question("How many times? Say it like x8, or until 24/12.", options)
    if rules and when.day is None:
        coming = [line.ear.said.today + timedelta(days=ahead) for ahead in range(1, 8)]
        return Question("On which day is the first?", tuple((day_name(day), f"{said} {day}") for day in coming))
    return (rules[0][0] if rules else None), (times[0][0].count if times else None)
