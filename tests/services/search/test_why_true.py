"""Why not says nothing exactly when a time can be booked, and each of its sentences is so (features BK32)."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine
from frontdesk.services.book.holds import HoldTime, hold_time
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.menu.own_terms import SetOwnTerms, set_own_terms
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.placing.accommodations import RememberAccommodation, remember_accommodation
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.services.team.roster import AddBreak, AddTimeOff, add_break, add_time_off
from frontdesk.services.team.shop_hours import AddClosure, BlockTime, add_closure, block_time
from frontdesk.services.use_case import Work
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

ROOM = 3
STRIPS = {"Anna": 1, "Bo": 2, "Room 1": 3}
SHIFTS = {"Anna": (9, 17), "Bo": (10, 18), "Room 1": (9, 18), "The shop": (9, 18)}
TOLD = {(CUT, BO): 50, (CUT, ANNA): 45, (MASSAGE, ANNA): 70, (MASSAGE, BO): 60}
"""What Jane is told; Bo cuts slowly, and Anna's massage of her is longer."""


@pytest.fixture
def busy(ria: Desk, mo: Desk, ada: Desk, sessions: Sessions) -> Desk:
    """A week with everything that can say no: a closure, time off, lunch, blocks, a painted room, holds, visits."""
    set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=CUT, minutes=50))
    remember_accommodation(
        ria, RememberAccommodation(customer_id=JANE, service_id=MASSAGE, stylist_id=ANNA, minutes=70)
    )
    add_closure(ada, AddClosure(first_day=dt.date(2026, 3, 13), last_day=dt.date(2026, 3, 13), name="Stocktaking"))
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=dt.date(2026, 3, 12), last_day=dt.date(2026, 3, 12)))
    add_break(mo, AddBreak(stylist_id=BO, starts=dt.time(13), ends=dt.time(13, 30), weekday=2, name="lunch"))
    for strip, since, until, name in (
        (2, march(11, 14), march(11, 15, 30), "lesson"),
        (ROOM, march(11, 10), march(11, 12), "painted"),
    ):
        block_time(mo, BlockTime(resource_id=strip, starts_at=since, ends_at=until, name=name))
    hold_time(ria, HoldTime(stylist_id=ANNA, starts_at=march(10, 16), minutes=45, hold_key=uuid4()))
    draw = random.Random(5)
    for _ in range(36):
        wish = (draw.choice((CUT, CUT, BLOW_DRY, COLOUR, MASSAGE)), draw.choice((ANNA, BO)))
        at = march(draw.randint(9, 12), draw.randint(9, 16), draw.choice((0, 15, 30, 45)))
        try:
            booked(ria, draw.choice((JANE, KIM, OLA, None, None)), at, wish)
        except errors.Refusal:
            continue
    return ria


@dataclass(frozen=True)
class Cell:
    """A cell of the grid, and what for."""

    service: int
    stylist: int | None
    at: dt.datetime


def cells() -> Iterator[Cell]:
    yield Cell(CUT, ANNA, march(10, 16))
    yield Cell(MASSAGE, BO, march(14, 17))
    draw = random.Random(8)
    for _ in range(90):
        at = march(draw.randint(9, 15), draw.randint(8, 18), draw.choice((0, 15, 30, 45)))
        yield Cell(draw.choice((CUT, COLOUR, MASSAGE)), draw.choice((ANNA, BO, BO, None)), at)


def test_it_says_free_exactly_when_booking_succeeds_and_every_sentence_is_so(busy: Desk, sessions: Sessions) -> None:
    """The control: asked for nobody in particular, it does not know of Jane's other visits."""
    book = Book(busy, sessions)
    kinds: set[str] = set()
    for cell in cells():
        asked = ExplainTime(stylist_id=cell.stylist, at=cell.at, service_id=cell.service, customer_id=JANE)
        said = explain(busy, asked)
        would = book.would_take(cell)
        assert said.is_free == would, (cell, said)
        for sentence in said.sentences:
            kind = book.is_so(sentence, cell)
            assert kind, (cell, sentence)
            kinds.add(kind)
    assert kinds == {
        "past", "closed", "hours", "customer", "shift", "blocked", "taken", "held", "out", "over", "next", "fits",
        "until", "anybody",
    }  # fmt: skip
    booked(busy, JANE, march(14, 11), (CUT, ANNA))
    with_bo = Cell(CUT, BO, march(14, 11))
    assert explain(busy, ExplainTime(stylist_id=BO, at=with_bo.at, service_id=CUT)).is_free != book.would_take(with_bo)


Stretch = tuple[dt.datetime, dt.datetime]


class Book:
    """The book as it lies, read without anything of the answer's."""

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self.desk = desk
        self.sessions = sessions
        with self._reading() as session:
            self.facts = [tuple(row) for row in session.execute(_FACTS)]
            self.janes = [tuple(row) for row in session.execute(_JANES)]

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self.sessions() as session:
            session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
            yield session
            session.rollback()

    def would_take(self, cell: Cell) -> bool:
        """Whether it can be booked, which is taken back."""
        lines = (BookLine(service_id=cell.service, stylist_id=cell.stylist),)
        with self._reading() as session:
            try:
                make_visit(Work(self.desk, session), BookAppointment(customer_id=JANE, lines=lines, starts_at=cell.at))
            except errors.Refusal:
                return False
            return True

    def is_so(self, sentence: str, cell: Cell) -> str:
        """What kind of sentence it is, if it is so."""
        for kind, pattern in SENTENCES.items():
            if match := re.fullmatch(pattern, sentence):
                return kind if getattr(self, f"_{kind}")(cell, *match.groups()) else ""
        return ""

    def _past(self, cell: Cell, when: str) -> bool:
        return cell.at < march(9, 9) and when == f"{cell.at:%a} {cell.at.day} {cell.at:%b %H:%M}"

    def _closed(self, cell: Cell, why: str) -> bool:
        return why == {13: "(Stocktaking)", 15: "on Sun 15 Mar"}[cell.at.day]

    def _hours(self, cell: Cell, turns: str, time: str) -> bool:
        return self._crosses(cell, "The shop", turns == "opens", time)

    def _shift(self, cell: Cell, who: str, turns: str, time: str) -> bool:
        return self._crosses(cell, who, turns == "starts", time)

    def _crosses(self, cell: Cell, who: str, begins: bool, time: str) -> bool:
        first, last = (march(cell.at.day, hour) for hour in SHIFTS[who])
        told = max(_ends(cell, one) for one in _who(cell))
        return cell.at < first == _clock(cell, time) if begins else told > last == _clock(cell, time)

    def _customer(self, cell: Cell, code: str, since: str, until: str) -> bool:
        return (code, *self._when(cell, since, until)) in self.janes and self._meets(cell, since, until)

    def _blocked(self, cell: Cell, name: str, since: str, until: str) -> bool:
        known = {
            ("Lunch", 10): (march(10, 13), march(10, 13, 30)), ("Lesson", 11): (march(11, 14), march(11, 15, 30)),
            ("Holiday", 12): (march(12, 9), march(12, 17)),
        }  # fmt: skip
        return known[name, cell.at.day] == self._when(cell, since, until) and self._meets(cell, since, until)

    def _out(self, cell: Cell, since: str, until: str, name: str) -> bool:
        return (name, march(11, 10), march(11, 12)) == ("painted", *self._when(cell, since, until))

    def _taken(self, cell: Cell, who: str, since: str, until: str, whose: str) -> bool:
        begins, ends = self._when(cell, since, until)
        its = sorted((a, b) for strip, a, b, name in self.facts if strip == STRIPS[who] and name == whose)
        at = begins
        while (found := next((b for a, b in its if a == at), None)) and at < ends:
            at = found
        return at == ends and self._meets(cell, since, until, slack=15 if who == "Room 1" else 0)

    def _held(self, cell: Cell, who: str, since: str, until: str) -> bool:
        return (1, *self._when(cell, since, until), None) in self.facts and who == "Anna"

    def _over(self, cell: Cell, since: str, until: str, time: str) -> bool:
        return self._when(cell, since, until)[1] > march(cell.at.day, 18) == _clock(cell, time)

    def _next(self, cell: Cell, first: str, second: str | None) -> bool:
        """Every time that is named can be had, by somebody whom Jane is not kept from."""
        if cell.stylist is None or first == "nothing":
            return True
        when = [(first, cell.stylist)] if not (match := re.fullmatch(r"(\w+) at (.+)", first)) else []
        when += [
            (each[2], {"Anna": ANNA, "Bo": BO}[each[1]])
            for each in (match, re.fullmatch(r"(\w+) at (.+)", second or ""))
            if each
        ]
        return all(self._free_for_somebody(Cell(cell.service, who, _moment(cell, words))) for words, who in when)

    def _free_for_somebody(self, cell: Cell) -> bool:
        said = explain(self.desk, ExplainTime(stylist_id=cell.stylist, at=cell.at, service_id=cell.service))
        return said.is_free

    def _fits(self, cell: Cell, who: str, since: str, until: str) -> bool:
        return self._when(cell, since, until) == (cell.at, _ends(cell, {"Anna": ANNA, "Bo": BO}[who]))

    def _until(self, cell: Cell, time: str) -> bool:
        ends = _clock(cell, time)
        return ends > cell.at and all(
            b <= cell.at or a >= ends for strip, a, b, _ in self.facts if strip == cell.stylist
        )

    def _anybody(self, cell: Cell, names: str) -> bool:
        who = [each.split(" until ")[0] for each in names.split(", ")]
        return all(self.would_take(Cell(cell.service, {"Anna": ANNA, "Bo": BO}[name], cell.at)) for name in who)

    def _when(self, cell: Cell, since: str, until: str) -> Stretch:
        return _clock(cell, since), _clock(cell, until)

    def _meets(self, cell: Cell, since: str, until: str, *, slack: int = 0) -> bool:
        ends = max(_ends(cell, one) for one in _who(cell)) + dt.timedelta(minutes=slack)
        begins, over = self._when(cell, since, until)
        return begins < ends and cell.at < over


def _who(cell: Cell) -> tuple[int, ...]:
    return (ANNA, BO) if cell.stylist is None else (cell.stylist,)


def _ends(cell: Cell, who: int) -> dt.datetime:
    return cell.at + dt.timedelta(minutes=TOLD.get((cell.service, who), 105))


def _clock(cell: Cell, words: str) -> dt.datetime:
    hour, minute = words.split(":")
    return march(cell.at.day, int(hour), int(minute))


def _moment(cell: Cell, words: str) -> dt.datetime:
    """`15:45`, `Wed 11 Mar 09:00`."""
    *day, time = words.split()
    return _clock(Cell(cell.service, cell.stylist, march(int(day[1]), 9)) if day else cell, time)


SENTENCES = {
    "past": r"(.+) is in the past\.",
    "closed": r"The shop is closed (.+)\.",
    "hours": r"The shop (opens|closes) (\d\d:\d\d)\.",
    "customer": r"Jane Doe already has visit (\w+) (\d\d:\d\d)–(\d\d:\d\d)\.",
    "shift": r"(Anna|Bo) (starts|finishes) (\d\d:\d\d) \(shift\)\.",
    "out": r"Room 1 is out (\d\d:\d\d)–(\d\d:\d\d): (\w+)\.",
    "held": r"(Anna) is taken (\d\d:\d\d)–(\d\d:\d\d): Ria is booking it\.",
    "taken": r"(Anna|Bo|Room 1) is taken (\d\d:\d\d)–(\d\d:\d\d) by ([\w ]+) \(booked by Ria, 09:00\)\.",
    "over": r"Room 1 is needed (\d\d:\d\d)–(\d\d:\d\d), and the day ends (\d\d:\d\d)\.",
    "blocked": r"(Lunch|Lesson|Holiday) (\d\d:\d\d)–(\d\d:\d\d)\.",
    "next": r"(?:Free next: (.+?)(?:, or (.+))?\.)",
    "fits": r"[\w-]+ with (\w+) fits, (\d\d:\d\d)–(\d\d:\d\d)\.",
    "until": r"Free until (\d\d:\d\d)\.",
    "anybody": r"Free: (.+)\.",
}
"""Everything that it may say, with what is told."""

_FACTS = text("""
    SELECT t.resource_id, t.starts_at, t.ends_at,
           CASE WHEN t.part_id IS NOT NULL
                THEN coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), 'somebody without a name') END
      FROM time_slots t LEFT JOIN appointment_parts p ON p.id = t.part_id
      LEFT JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN appointments a ON a.id = l.appointment_id LEFT JOIN customers c ON c.id = a.customer_id
     WHERE t.status IN ('booked', 'held')
""")
_JANES = text("SELECT code, starts_at, ends_at FROM appointments WHERE customer_id = 1")
