"""What a line was understood as, in one readable line: for the table of phrases."""

from __future__ import annotations

from datetime import date, time

from frontdesk.rules.phrase import Named, Vocabulary, understand, words_of
from frontdesk.rules.phrase_wishes import (
    Block,
    Cancel,
    Free,
    Gaps,
    Go,
    Late,
    Line,
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

TODAY, NOW = date(2026, 3, 9), time(9)
"""The Monday on which the fixture's clock stands."""

SERVICES = {
    1: ("Cut", "ct"), 2: ("Blow-dry", "bd"), 3: ("Colour", "col"), 4: ("Massage",), 5: ("Colour correction",),
    6: ("Gel nails", "gel"), 7: ("Spa day",),
}  # fmt: skip
ADDONS = {8: ("Gloss",), 9: ("Removal",)}
STYLISTS = {11: ("Anna", "Anna Smith", "as"), 12: ("Bo", "Bo Larsen"), 13: ("Daniel",), 14: ("Tomasz", "Tomasz Nowak")}

SHOP = Vocabulary(
    services=(
        *(Named(number, names) for number, names in SERVICES.items()),
        *(Named(number, names, addon=True) for number, names in ADDONS.items()),
    ),
    stylists=tuple(Named(number, names) for number, names in STYLISTS.items()),
)
CUSTOMERS = ("Jane", "Doe", "Kim", "Lee", "Ola", "Berg", "May", "Block", "Ana")
"""Who has a card."""

_NAMES = {number: names[0] for number, names in (SERVICES | ADDONS | STYLISTS).items()}


def called(text: str) -> frozenset[str]:
    """The words of a line that begin a customer's name, as the service finds them."""
    names = [name.casefold() for name in CUSTOMERS]
    return frozenset(word for word in words_of(text) if word and any(name.startswith(word) for name in names))


def read(text: str, *, known: bool = True) -> Wish | Question:
    """A line as the desk would hear it."""
    names = called(text)
    whole = names & {name.casefold() for name in CUSTOMERS}
    return understand(text, SHOP, today=TODAY, now=NOW, called=names if known else None, named=whole)


def said(read: Wish | Question) -> str:
    """`book jane | Cut with Anna | Tue 10 Mar 15:00`; a question with the lines of its answers."""
    match read:
        case Question(text, options):
            return " | ".join([f"? {text}", *(line for _, line in options)])
        case Phrase():
            return _book(read)
        case Move(who, to, stylist, of):
            place = " of " + _when(of) if of != When() else ""
            return f"move {who}{place} | {f'{_when(to)}{_with(stylist)}'.strip()}"
        case Cancel(who, of, services):
            what = "".join(f" {_NAMES[each]}" for each in services)
            return f"cancel {who}{what} | {_when(of)}".rstrip(" |")
        case Sick(stylist, when):
            return f"sick {_NAMES[stylist]} | {_when(when)}".rstrip(" |")
        case Late(minutes, stylist, who):
            return f"late {who or 'stylist ' + _NAMES[stylist or 0]} {minutes}m"
        case Free(lines, when, _):
            return f"free {_lines(lines)} | {_when(when)}".rstrip(" |")
        case Gaps(when, stylist):
            return f"gaps{_with(stylist)} | {_when(when)}".rstrip(" |")
        case Swap(one, other, of):
            return f"swap {one} and {other} | {_when(of)}".rstrip(" |")
        case Wait(who, lines, when, stylist):
            return f"wait {who} | {_lines(lines)} | {_when(when)}".rstrip(" |")
        case Queue(who, lines, _):
            return f"queue {who or 'somebody'} | {_lines(lines)}"
        case Block(stylist, when, minutes, name):
            length = f" {minutes}m" if minutes else ""
            return f"block {_NAMES[stylist]} | {_when(when)}{length} | {name}".rstrip(" |")
        case Step(what, who, of):
            return f"{what} {who} | {_when(of)}".rstrip(" |")
        case Go(day, who):
            return " ".join(filter(None, ("go", who, _day(day) if day else "")))
        case Undo():
            return "undo"
        case Redo():
            return "redo"


def _book(phrase: Phrase) -> str:
    loose = " ".join(
        filter(None, (
            _NAMES[phrase.stylist] if phrase.stylist and not phrase.lines else "",
            f"{phrase.minutes}m" if phrase.minutes else "",
            "anyone" if phrase.anyone else "", "unassigned" if phrase.unassigned else "",
        ))
    )  # fmt: skip
    parts = [f"book {phrase.who or 'nobody'}", _lines(phrase.lines) or loose or "nothing", _when(phrase.when)]
    if phrase.declined:
        parts.append("".join(f"no {_NAMES[each]}" for each in phrase.declined))
    if phrase.every is not None:
        parts.append(phrase.every.words + (f" x{phrase.times}" if phrase.times else ""))
    if phrase.forgiven:
        parts.append(", ".join(f"{typed}: {meant}" for typed, meant in phrase.forgiven))
    return " | ".join(filter(None, parts))


def _lines(lines: tuple[Line, ...]) -> str:
    return ", ".join(
        _NAMES[line.service]
        + "".join(f"+{_NAMES[each]}" for each in line.addons)
        + (f" {line.minutes}m" if line.minutes else "")
        + _with(line.stylist)
        + (" anyone" if line.anyone else "")
        + (" unassigned" if line.unassigned else "")
        for line in lines
    )


def _with(stylist: int | None) -> str:
    return f" with {_NAMES[stylist]}" if stylist else ""


def _when(when: When) -> str:
    parts = [
        _day(when.day) if when.day else "",
        f"to {_day(when.until)}" if when.until else "",
        f"{when.time:%H:%M}" if when.time else "",
        when.window.words if when.window else "",
        {True: "second", False: "first", None: ""}[when.second],
        "soonest" if when.soonest else "",
    ]
    return " ".join(filter(None, parts))


def _day(day: date) -> str:
    year = "" if day.year == TODAY.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"
