"""The people of a terminal by letter, and a PIN of dots: one widget that owns its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from frontdesk.text import cell_width, fit, folded, harmless

LEAST, MOST = 4, 8
"""Digits of a PIN."""
PAUSE_SECONDS = 0.3
"""After so long without another digit a PIN is complete: enter is not needed, and a longer PIN not cut."""


@dataclass(frozen=True)
class Seat:
    """Somebody who may sit here."""

    login: str
    name: str
    role: str
    letter: str


def seated(people: Sequence[tuple[str, str, str]]) -> tuple[Seat, ...]:
    """Login, name and role of each, with a letter of their name that nobody before them has."""
    taken: set[str] = set()
    seats: list[Seat] = []
    for login, name, role in people:
        letters = [sign for sign in folded(name) + "abcdefghijklmnopqrstuvwxyz" if sign.isascii() and sign.isalpha()]
        letter = next((sign for sign in letters if sign not in taken), "")
        taken.add(letter)
        seats.append(Seat(login, name, role, letter))
    return tuple(seats)


class PeopleList(Static, can_focus=True):
    """Choose by letter or arrows, then type the PIN. It is never shown."""

    class PinTyped(Message):
        """Somebody has typed a whole PIN."""

        def __init__(self, login: str, pin: str) -> None:
            super().__init__()
            self.login = login
            self.pin = pin

    def __init__(self, digits: Mapping[str, int]) -> None:
        """`digits` says how many somebody's PIN had the last time it was right: then nobody waits for another."""
        super().__init__(id="people", markup=False)
        self._digits = digits
        self._seats: tuple[Seat, ...] = ()
        self._at = 0
        self._pin = ""
        self._later: Timer | None = None
        self._early: list[tuple[str, str]] = []
        """Keys that came before the people did."""

    def show(self, people: Sequence[tuple[str, str, str]], *, first: str = "") -> None:
        """Put these people there, this name under the cursor."""
        self._seats = seated(people)
        self._at = next((i for i, seat in enumerate(self._seats) if seat.name == first), 0)
        self._draw()
        early, self._early = self._early, []
        for key, sign in early:
            self._press(key, sign)

    def forget(self) -> None:
        """No digit stands there any more."""
        self._pin = ""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Letters and arrows choose, digits are the PIN, enter ends it early."""
        # A terminal gives a character for ctrl+p too, and that key is the screen's.
        sign = (event.character or "") if event.is_printable else ""
        if not sign and event.key not in ("up", "down", "backspace", "enter"):
            return
        event.stop()
        if self._seats:
            self._press(event.key, sign)
        else:
            self._early.append((event.key, sign))

    def _press(self, key: str, sign: str) -> None:
        if key in ("up", "down"):
            self._choose((self._at + (1 if key == "down" else -1)) % len(self._seats))
        elif sign.isascii() and sign.isdigit():
            self._digit(sign)
        elif key == "backspace":
            self._pin = self._pin[:-1]
            self._draw()
        elif key == "enter":
            self._done()
        else:
            found = next((i for i, seat in enumerate(self._seats) if seat.letter == sign.lower()), None)
            if found is not None:
                self._choose(found)

    def _choose(self, index: int) -> None:
        self._at, self._pin = index, ""
        self._draw()

    def _digit(self, sign: str) -> None:
        if len(self._pin) < MOST:
            self._pin += sign
        self._draw()
        if self._later:
            self._later.stop()
        if self._seats and len(self._pin) == self._digits.get(self._seats[self._at].login):
            self._done()
        elif len(self._pin) >= LEAST:
            self._later = self.set_timer(PAUSE_SECONDS, self._done)

    def _done(self) -> None:
        if self._later:
            self._later.stop()
        if len(self._pin) >= LEAST and self._seats:
            self.post_message(self.PinTyped(self._seats[self._at].login, self._pin))

    def _draw(self) -> None:
        widest = max((cell_width(seat.name) for seat in self._seats), default=0)
        said: list[Content] = []
        for place, seat in enumerate(self._seats):
            name = fit(harmless(seat.name), min(widest, 30))
            line = f"{seat.letter or ' '}  {name}   {seat.role}"
            if place == self._at:
                dots = "● " * len(self._pin) + "· " * max(0, LEAST - len(self._pin))
                said.append(Content.assemble(("▸ ", "$accent"), (line, "bold"), ("   PIN  " + dots, "$accent")))
            else:
                said.append(Content.assemble("  ", (seat.letter or " ", "bold $accent"), line[1:]))
        self.update(Content("\n").join(said))
