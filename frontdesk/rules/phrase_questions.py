"""Questions that several kinds of lines leave: which service, which stylist, whose visit."""

from __future__ import annotations

from collections.abc import Sequence

from frontdesk.rules.hearing import Heard
from frontdesk.rules.phrase_line import TypedLine
from frontdesk.rules.phrase_lines import Unclear
from frontdesk.rules.phrase_sorting import every
from frontdesk.rules.phrase_wishes import Question
from frontdesk.rules.times import Length
from frontdesk.rules.vocabulary import Service, Stylist, title

NAMED_AT_ONCE = 9
"""So many answers have a digit."""


def which_service(line: TypedLine) -> Question:
    """A line without a service."""
    said, vocabulary = line.line(), line.ear.vocabulary
    offered = [named for named in vocabulary.services if not named.addon][:NAMED_AT_ONCE]
    names = [title(Service(named.id), vocabulary) for named in offered]
    return Question("Which service?", tuple((name, f"{said} {name}".strip()) for name in names))


def unclear(line: TypedLine, said: Unclear) -> Question:
    """What can't be given to one service, as a question."""
    first, stretch = said.what[0]
    if isinstance(first, Length):
        return line.without(f"Which service takes {first.minutes} minutes? Type the length behind it.", stretch)
    if isinstance(first, Service):
        return _who_does(line, said)
    return line.which("Which stylist?", said.what)


def _who_does(line: TypedLine, said: Unclear) -> Question:
    first, stretch = said.what[0]
    named = every_stylist(line)
    name = line.label(stretch, first)
    options = [(f"with {each}", line.line((stretch, f"{name} with {each}"))) for each in named[: NAMED_AT_ONCE - 1]]
    return Question(f"Who does the {name}?", ((*options, ("anyone", line.line((stretch, f"{name} anyone"))))))


def every_stylist(line: TypedLine) -> list[str]:
    """What every stylist is called."""
    vocabulary = line.ear.vocabulary
    return [title(Stylist(named.id), vocabulary) for named in vocabulary.stylists]


def stylist_answers(line: TypedLine) -> tuple[tuple[str, str], ...]:
    """The line with each stylist named."""
    said = line.line()
    return tuple((name, f"{said} with {name}") for name in every_stylist(line)[:NAMED_AT_ONCE])


def one_stylist(line: TypedLine, stretches: Sequence[Heard], question: str) -> int | Question:
    """The one stylist that is named, or the question who."""
    stylists = every(stretches, Stylist)
    if not stylists:
        return Question(question, stylist_answers(line))
    if len({stylist for stylist, _ in stylists}) > 1:
        return line.which("Which stylist?", stylists)
    return stylists[0][0].id


def whose(line: TypedLine, question: str, stretches: Sequence[Heard]) -> Question:
    """Nobody is left to be the customer: a stylist's namesake may be."""
    options = [
        (f"the customer {stretch.words}", line.line((stretch, f'"{stretch.words}"')))
        for _, stretch in every(stretches, Stylist)
    ]
    return Question(question, tuple(options[:NAMED_AT_ONCE]))
