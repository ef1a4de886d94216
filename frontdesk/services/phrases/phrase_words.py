"""The words of a typed line against the shop's: what services and stylists are called, and who a name is. Private to
the services that read lines."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.rules.phrase import Named, Vocabulary, with_customer, words_of
from frontdesk.rules.phrase_verbs import VERBS
from frontdesk.rules.search_words import beginnings_until
from frontdesk.services.customers.customer_search import Found, find_by_number, find_by_words, find_forgiving
from frontdesk.services.menu.menu import Menu, menu
from frontdesk.services.use_case import Work
from frontdesk.text import tokens

ANSWERS = 9
"""As many as there are digits to press."""


@dataclass(frozen=True)
class Asked:
    """The one thing that is not clear, and the answers: a label and the whole line as it would then read."""

    text: str
    options: tuple[tuple[str, str], ...] = ()
    unknown: str = ""
    """The name that nobody has: they can be added, or booked as a guest."""


@dataclass(frozen=True)
class Guest:
    """Somebody without a card."""

    name: str
    id: None = None
    phone: None = None
    preferred_stylist_id: None = None


def vocabulary(on_offer: Menu) -> Vocabulary:
    """What can be named on a line."""
    return Vocabulary(
        tuple(Named(s.id, tuple(filter(None, (s.name, s.code))), s.kind == "addon") for s in on_offer.services),
        tuple(
            Named(p.id, tuple(dict.fromkeys(filter(None, (p.name, f"{p.name} {p.last_name}".strip(), p.code)))))
            for p in on_offer.stylists
        ),
    )


@dataclass(frozen=True)
class Called:
    """The words of a line that are in some customer's name."""

    begins: frozenset[str]
    """Those that begin one: no slips of the fingers, those."""
    whole: frozenset[str]
    """Those that are one."""


def called(session: Session, line: str) -> Called:
    """Which words of a line could be a customer, in one question."""
    words = [word for word in words_of(line) if len(word) > 1 and word.isalpha()]
    if not words:
        return Called(frozenset(), frozenset())
    asked = {"words": words, "untils": [beginnings_until(word) for word in words]}
    rows = session.execute(_CALLED, asked).all()
    return Called(frozenset(row.word for row in rows), frozenset(row.word for row in rows if row.is_whole))


# One step along the index for each word: the name itself comes first of all that begin so.
_CALLED = text("""
    SELECT w.word, t.token = w.word AS is_whole
      FROM unnest(CAST(:words AS text[]), CAST(:untils AS text[])) AS w (word, until)
     CROSS JOIN LATERAL (SELECT t.token FROM customer_tokens t
                          WHERE t.token ~>=~ w.word AND t.token ~<~ w.until AND t.kind IN ('first', 'last')
                          ORDER BY t.token USING ~<~ LIMIT 1) t
""")


def who_is(work: Work, name: str, line: str, *, as_guest: bool = False) -> Found | Guest | Asked:
    """The customer meant by some words of a line, or the question which of them, or that nobody is called so."""
    if not name:
        return Asked("Who is it for? Type a name, or the end of a telephone number.")
    if name.startswith("#") and name[1:].isdigit():
        known = find_by_number(work.session, int(name[1:]))
        return known or Asked(f"There is no customer {name}.")
    found = find_by_words(work.session, name, ANSWERS)
    if len(found) == 1:
        return found[0]
    if found:
        return Asked(f"Which {name}?", _answers(found, line, name))
    if as_guest:
        return Guest(name.title() if name.islower() else name)
    close = find_forgiving(work.session, name, ANSWERS)
    if close:
        return Asked(f"Nobody is called {name}. Who is meant?", _answers(close, line, name), unknown=name)
    return Asked(f"Nobody is called {name}. Add them first, or type another name.", unknown=name)


def _answers(found: list[Found], line: str, name: str) -> tuple[tuple[str, str], ...]:
    return tuple((_label(each), with_customer(line, name, f'"#{each.id}"')) for each in found)


def _label(found: Found) -> str:
    seen = f"last seen {found.last_seen.day} {found.last_seen:%b %Y}" if found.last_seen else "new"
    tail = f" {found.phone[-4:]}" if found.phone else ""
    return f"{found.name}{tail}, {seen}"


_COMPLETED = 8


def completions(work: Work, line: str) -> tuple[str, ...]:
    """The line with its last word as it could go on: what the shop offers, who serves, a verb at its head, then people.

    A name of two words is completed from either; what is said in full already is left.
    """
    head, _, begun = line.rpartition(" ")
    joined = max(begun.rfind("+"), begun.rfind(","))
    head, begun = (f"{head} {begun[: joined + 1]}".lstrip(), begun[joined + 1 :]) if joined >= 0 else (head, begun)
    typed = "".join(tokens(begun))
    if not typed:
        return ()
    on_offer = menu(work.session)
    names = [each.name for each in on_offer.services] + [each.name for each in on_offer.stylists]
    found = [name for name in names if "".join(tokens(name)).startswith(typed)]
    if not head:
        found += [verb for verb in VERBS if verb.startswith(typed)]
    found += [each.name for each in find_by_words(work.session, begun, _COMPLETED)]
    between = "" if not head or head[-1] in "+," else " "
    return tuple(dict.fromkeys(f"{head}{between}{name} " for name in found))[:_COMPLETED]
