"""The verbs of the line, said as its first word: "move jane 4pm", "sick anna until fri", "late bo 20" (features N1).

Each takes what it needs in any order, and asks for the one thing that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from frontdesk.rules.hearing import Heard, Name, Nobody, Nothing, Spoken, To, role
from frontdesk.rules.phrase_line import TypedLine
from frontdesk.rules.phrase_lines import Unclear, lines_of, pieces
from frontdesk.rules.phrase_questions import NAMED_AT_ONCE, one_stylist, stylist_answers, unclear, which_service, whose
from frontdesk.rules.phrase_sorting import every, who
from frontdesk.rules.phrase_wishes import (
    Block,
    Cancel,
    Free,
    Gaps,
    Go,
    Late,
    Move,
    Phrase,
    Question,
    Queue,
    Redo,
    Sick,
    Step,
    Swap,
    Undo,
    Wait,
    When,
    Wish,
)
from frontdesk.rules.slips import is_slip, is_turned
from frontdesk.rules.times import Length, Window
from frontdesk.rules.vocabulary import Service, Stylist


class People(Enum):
    """Whom a verb speaks of, where a name could be a customer's or a stylist's."""

    STYLISTS = auto()
    CUSTOMERS = auto()
    BOTH = auto()
    EITHER = auto()


@dataclass(frozen=True)
class Verb:
    """A first word, what may stand behind it, and what comes of it."""

    name: str
    takes: frozenset[str]
    people: People
    wish: Callable[[TypedLine, Sequence[Heard]], Wish | Question]
    has_text: bool = False
    """Words that mean nothing are its text."""
    needs_name: bool = False
    """It is done to somebody's visit."""


def verb_of(typed: Spoken, called: frozenset[str]) -> Verb | Question | None:
    """The verb that a line begins with, if it does; a question when it nearly does. A colon makes it certain."""
    if not typed.words:
        return None
    first, rest = typed.words[0], " ".join(typed.words[1:])
    word = first.casefold()
    if word in VERBS or is_certain(typed):
        return VERBS[word.removesuffix(":")]
    if not word.isalpha() or word in called or not rest:
        return None
    meant = [each for each in VERBS if is_turned(word, each) or (len(each) > _SHORT and is_slip(word, each))]
    return verb_or_customer(meant[0], typed) if len(meant) == 1 else None


_SHORT = 4
"""Verbs of so many letters are too near to names: only letters that changed places are a slip of them."""


def is_certain(typed: Spoken) -> bool:
    """Whether the verb is said with a colon behind it, as the answer to a question."""
    return typed.words[0].endswith(":") and typed.words[0][:-1].casefold() in VERBS


def verb_or_customer(verb: str, typed: Spoken) -> Question:
    """A first word that may be a verb, or somebody's name."""
    word, rest = typed.words[0], " ".join(typed.words[1:])
    return Question(
        f'What is "{word}"?',
        ((f"the command {verb}", f"{verb}: {rest}".strip()), (f"the customer {word}", f'"{word}" {rest}'.strip())),
    )


def people_of(stretch: Heard, verb: Verb, called: frozenset[str]) -> Heard:
    """A stretch as a verb hears it: who is ill is a stylist, and whose visit is moved is a customer."""
    meanings = stretch.meanings
    if verb.people is People.STYLISTS:
        nobody = bool(meanings) and "stylist" in verb.takes and not verb.has_text
        meanings = stretch.others or ((Nobody(),) if nobody else meanings)
    elif verb.people is People.CUSTOMERS and Name() in meanings:
        kept = tuple(
            each
            for each in meanings
            if not isinstance(each, Stylist) and (not isinstance(each, Service) or "service" in verb.takes)
        )
        meanings = kept
    elif verb.people is People.EITHER and any(isinstance(each, Stylist) for each in meanings):
        meanings = meanings if stretch.words.casefold() in called else stretch.others
    meanings = tuple(each for each in meanings if role(each) in verb.takes) or meanings
    return stretch if meanings == stretch.meanings else replace(stretch, meanings=meanings)


def the_customer(verb: Verb, stretches: list[Heard]) -> list[Heard]:
    """Somebody has to be named whose visit it is: of one who may be a stylist, the customer is meant."""
    doubtful = [place for place, each in enumerate(stretches) if Name() in each.meanings and each.others]
    if not verb.needs_name or who(stretches) or len(doubtful) != 1:
        return stretches
    sure = replace(stretches[doubtful[0]], meanings=(Name(),))
    return [*stretches[: doubtful[0]], sure, *stretches[doubtful[0] + 1 :]]


def read_verb(verb: Verb, line: TypedLine, stretches: Sequence[Heard]) -> Wish | Question:
    """What a line with a verb asks for, once each of its stretches means one thing."""
    for stretch in stretches:
        if any(role(meaning) not in verb.takes for meaning in stretch.meanings[:1]):
            return line.without(f'"{verb.name}" does not go with "{stretch.words}".', stretch)
    return verb.wish(line, stretches)


# What each verb makes of a line


def _move(line: TypedLine, stretches: Sequence[Heard]) -> Move | Question:
    to = next((place for place, each in enumerate(stretches) if To() in each.meanings), None)
    before, behind = (stretches[:to], stretches[to + 1 :]) if to is not None else ([], stretches)
    name = who(stretches)
    if not name:
        return whose(line, "Whose visit moves? Type a name.", stretches)
    of, there = line.when(before), line.when(behind)
    if isinstance(of, Question) or isinstance(there, Question):
        return of if isinstance(of, Question) else there if isinstance(there, Question) else Question("")
    stylists = every(behind, Stylist)
    if len({stylist for stylist, _ in stylists}) > 1:
        return line.which("Which stylist?", stylists)
    if there == When() and not stylists:
        return Question("Where to? Type a day, a time or a stylist.")
    return Move(name, there, stylists[0][0].id if stylists else None, of)


def _cancel(line: TypedLine, stretches: Sequence[Heard]) -> Cancel | Question:
    when = line.when(stretches)
    if isinstance(when, Question):
        return when
    if not who(stretches):
        return Question("Whose visit is cancelled? Type a name.")
    return Cancel(who(stretches), when, tuple(service.id for service, _ in every(stretches, Service)))


def _sick(line: TypedLine, stretches: Sequence[Heard]) -> Sick | Question:
    when, stylist = line.when(stretches), one_stylist(line, stretches, "Who is ill?")
    if isinstance(stylist, Question) or isinstance(when, Question):
        return stylist if isinstance(stylist, Question) else when if isinstance(when, Question) else Question("")
    return Sick(stylist, _from_then_on(when))


def _from_then_on(when: When) -> When:
    """Who is ill at two is ill from two on, and what is free at three is looked for from three on."""
    return when if when.time is None else replace(when, time=None, window=Window(when.time, None))


def _late(line: TypedLine, stretches: Sequence[Heard]) -> Late | Question:
    lengths, stylists, name = every(stretches, Length), every(stretches, Stylist), who(stretches)
    if len({stylist for stylist, _ in stylists}) > 1:
        return line.which("Which stylist?", stylists)
    if not stylists and not name:
        return Question("Who is late? Type a stylist or a customer.", stylist_answers(line))
    if stylists and name:
        return line.without(f'"{name}" is not the stylist.', *(each for each in stretches if each.is_name))
    if not lengths:
        said = line.line()
        return Question(
            "How late?", tuple((f"{minutes} minutes", f"{said} {minutes}m") for minutes in (5, 10, 15, 20, 30))
        )
    if len({length for length, _ in lengths}) > 1:
        return line.which("How late?", lengths)
    return Late(lengths[0][0].minutes, stylists[0][0].id if stylists else None, name)


def _free(line: TypedLine, stretches: Sequence[Heard]) -> Free | Question:
    said = _with_services(line, stretches)
    if isinstance(said, Question):
        return said
    return Free(said.lines, _from_then_on(said.when), said.stylist)


def _gaps(line: TypedLine, stretches: Sequence[Heard]) -> Gaps | Question:
    when, stylists = line.when(stretches), every(stretches, Stylist)
    if isinstance(when, Question):
        return when
    if len({stylist for stylist, _ in stylists}) > 1:
        return line.which("Which stylist?", stylists)
    return Gaps(when, stylists[0][0].id if stylists else None)


def _swap(line: TypedLine, stretches: Sequence[Heard]) -> Swap | Question:
    when = line.when(stretches)
    if isinstance(when, Question):
        return when
    groups = _groups(line, stretches)
    if len(groups) == 1 and len(groups[0]) > 1:
        words = [stretch.words for stretch in groups[0]]
        if len(words) > 2:
            return _split(line, groups[0])
        return Swap(words[0], words[1], when)
    if len(groups) != 2:
        return Question("Which two visits change places? Type two names: swap jane, kim.")
    one, other = (" ".join(stretch.words for stretch in group) for group in groups)
    return Swap(one, other, when)


def _groups(line: TypedLine, stretches: Sequence[Heard]) -> list[list[Heard]]:
    """The customers' names, parted by a comma, by "and", "with" or "for", by a quote, or by anything else."""
    groups: list[list[Heard]] = []
    open_ = False
    for stretch in stretches:
        if not stretch.is_name:
            open_ = False
            continue
        quoted = line.typed.words[stretch.first].startswith('"')
        if open_ and not quoted and stretch.first not in line.typed.breaks:
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
        open_ = not quoted
    return groups


def _split(line: TypedLine, group: Sequence[Heard]) -> Question:
    """Where one name ends and the other begins."""
    options = []
    words = [stretch.words for stretch in group]
    for place in range(1, len(words)):
        one, other = " ".join(words[:place]), " ".join(words[place:])
        changed = line.line((group[0], f'"{one}" "{other}"'), *((each, "") for each in group[1:]))
        options.append((f"{one} and {other}", changed))
    return Question("Which two visits change places?", tuple(options[:NAMED_AT_ONCE]))


def _wait(line: TypedLine, stretches: Sequence[Heard]) -> Wait | Question:
    if not who(stretches):
        return whose(line, "Who waits? Type a name.", stretches)
    said = _with_services(line, stretches)
    if isinstance(said, Question):
        return said
    return Wait(who(stretches), said.lines, said.when, said.stylist)


def _queue(line: TypedLine, stretches: Sequence[Heard]) -> Queue | Question:
    said = _with_services(line, stretches)
    if isinstance(said, Question):
        return said
    return Queue(who(stretches), said.lines, said.stylist)


def _block(line: TypedLine, stretches: Sequence[Heard]) -> Block | Question:
    when, stylist = line.when(stretches), one_stylist(line, stretches, "Whose time is kept free?")
    if isinstance(stylist, Question) or isinstance(when, Question):
        return stylist if isinstance(stylist, Question) else when if isinstance(when, Question) else Question("")
    begins = when.time or (when.window.after if when.window else None)
    if begins is None:
        return Question("From when? Type a time, like 13:00.")
    lengths = every(stretches, Length)
    if len({length for length, _ in lengths}) > 1:
        return line.which("For how long?", lengths)
    minutes = lengths[0][0].minutes if lengths else None
    if minutes is None and not (when.window and when.window.before):
        said = line.line()
        return Question(
            "For how long?", tuple((each, f"{said} {each}") for each in ("15m", "30m", "45m", "1h", "2h", "4h"))
        )
    text = [
        each for each in stretches if any(isinstance(meaning, Name | Service | Nothing) for meaning in each.meanings)
    ]
    return Block(stylist, when, minutes, " ".join(each.words for each in text))


def _go(line: TypedLine, stretches: Sequence[Heard]) -> Go | Question:
    when, name = line.when(stretches), who(stretches)
    if isinstance(when, Question):
        return when
    if when.day is None and not name:
        return Question("Which day? Type it like tue, tomorrow or 24/12.")
    return Go(when.day, name)


def _step(what: str) -> Callable[[TypedLine, Sequence[Heard]], Step | Question]:
    def step(line: TypedLine, stretches: Sequence[Heard]) -> Step | Question:
        when = line.when(stretches)
        if isinstance(when, Question):
            return when
        if not who(stretches):
            return Question(f"Whose visit is it? Type a name: {what} jane.")
        return Step(what, who(stretches), when)

    return step


def _with_services(line: TypedLine, stretches: Sequence[Heard]) -> Phrase | Question:
    when = line.when(stretches)
    if isinstance(when, Question):
        return when
    lines = lines_of(pieces(stretches, line.typed), line.ear.vocabulary)
    if isinstance(lines, Unclear):
        return unclear(line, lines)
    if not lines:
        return which_service(line)
    stylists = {each.stylist for each in lines}
    return Phrase(who(stretches), lines, when, stylists.pop() if len(stylists) == 1 else None)


_WHEN = frozenset({"day", "time", "window", "again"})
_DAYS = frozenset({"day", "until", "window"})
_DONE = frozenset({"stylist", "anyone", "service", "length"})

STEPS = ("confirm", "arrive", "start", "finish", "no-show", "pay")
"""What is done to a visit, as its keys do."""

_ALL = (
    Verb("move", _WHEN | {"name", "stylist", "anyone", "soonest", "to"}, People.BOTH, _move, needs_name=True),
    Verb("cancel", _WHEN | {"name", "service"}, People.CUSTOMERS, _cancel),
    Verb("sick", _DAYS | {"stylist", "time"}, People.STYLISTS, _sick),
    Verb("late", frozenset({"name", "stylist", "length"}), People.EITHER, _late),
    Verb("free", _DAYS | _DONE | {"soonest", "time"}, People.STYLISTS, _free),
    Verb("gaps", _DAYS | {"stylist"}, People.STYLISTS, _gaps),
    Verb("swap", _WHEN | {"name"}, People.CUSTOMERS, _swap),
    Verb("wait", _WHEN | _DAYS | _DONE | {"name"}, People.BOTH, _wait, needs_name=True),
    Verb("queue", frozenset({"name", "service", "stylist", "anyone"}), People.BOTH, _queue),
    Verb("block", _WHEN | {"stylist", "length", "name", "service", "nothing"}, People.STYLISTS, _block, has_text=True),
    *(Verb(what, _WHEN | {"name"}, People.CUSTOMERS, _step(what)) for what in STEPS),
    Verb("go", _WHEN | {"name"}, People.CUSTOMERS, _go),
    Verb("undo", frozenset(), People.STYLISTS, lambda line, stretches: Undo()),
    Verb("redo", frozenset(), People.STYLISTS, lambda line, stretches: Redo()),
)
_ALSO = {
    "ill": "sick", "gap": "gaps", "waitlist": "wait", "walkin": "queue", "walk-in": "queue", "goto": "go",
    "reschedule": "move", "delayed": "late", "noshow": "no-show", "here": "arrive", "done": "finish",
}  # fmt: skip
VERBS = {verb.name: verb for verb in _ALL}
VERBS |= {word: VERBS[verb] for word, verb in _ALSO.items()}
"""Every first word that is a verb."""
