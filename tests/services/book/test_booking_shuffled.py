"""Whatever is booked, kept, moved whole or in part, cancelled and taken back: the strips and the visits stay sound."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, MoveAppointment, book, move
from frontdesk.services.book.holds import HoldTime, hold_time
from frontdesk.services.book.visits import LeaveVisit, cancel
from frontdesk.services.menu.addons import AddonWish, SetAddons, set_addons
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.seeds import seeds
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, march

WAIT = 15
DAYS = (10, 11, 12)
TOLD = text("""
    SELECT l.appointment_id, l.addon_of, l.id, l.bundle_id, l.price, l.stylist_id, a.starts_at AS first,
           a.ends_at AS last, min(p.starts_at) FILTER (WHERE p.kind NOT IN ('buffer', 'cleanup')) AS starts_at,
           max(p.ends_at) FILTER (WHERE p.kind NOT IN ('buffer', 'cleanup')) AS ends_at
      FROM appointment_services l
      JOIN appointments a ON a.id = l.appointment_id
      JOIN appointment_parts p ON p.appointment_service_id = l.id
     WHERE l.status NOT IN ('cancelled', 'void')
     GROUP BY l.id, a.id ORDER BY l.appointment_id, starts_at
""")


class Clicking:
    """Two people at their desks, and a menu with everything on it."""

    def __init__(self, seed: int, ria: Desk, mo: Desk) -> None:
        self.dice = random.Random(seed)
        self.desks = (ria, mo)
        self.visits: dict[int, tuple[int, ...]] = {}
        self.done: Counter[str] = Counter()
        self.gloss = add_service(
            mo, AddService(name="Gloss", code="GL", price=Decimal(12), minutes=15, kind="addon")
        ).id
        set_addons(mo, SetAddons(service_id=COLOUR, addons=(AddonWish(addon_id=self.gloss),)))
        wish = AddService(name="Spa", code="SPA", price=Decimal("99.99"), kind="bundle", contains=(MASSAGE, CUT))
        self.spa = add_service(mo, wish).id
        parts = (ServicePartWish(kind="active", minutes=20, holds=("lead", "assistant")),)
        self.two = add_service(mo, AddService(name="Long", code="LONG", price=Decimal(40), parts=parts)).id

    def turn(self) -> None:
        """One thing that somebody does."""
        kind = self.dice.choices(("book", "move", "move_lines", "cancel", "undo"), (8, 4, 6, 2, 4))[0]
        with suppress(errors.Refusal):
            getattr(self, f"_{kind}")(self.dice.choice(self.desks))
            self.done[kind] += 1

    def _at(self) -> Any:  # noqa: ANN401  a moment
        return march(self.dice.choice(DAYS), self.dice.randrange(9, 17), self.dice.choice([0, 15, 30, 45]))

    def _book(self, desk: Desk) -> None:
        starts_at, key = self._at(), None
        lines = self._lines()
        if self.dice.random() < 0.3 and lines[0].stylist_id:
            key = uuid4()
            hold_time(desk, HoldTime(stylist_id=lines[0].stylist_id, starts_at=starts_at, minutes=30, hold_key=key))
        wish = BookAppointment(
            customer_id=self.dice.choice([JANE, KIM, OLA, None]),
            starts_at=starts_at,
            lines=lines,
            hold_key=key,
            overbook_reason=self.dice.choice([None, None, "A wedding"]),
        )
        visit = book(desk, wish)
        self.visits[visit.appointment_id] = tuple(line.line_id for line in visit.lines)

    def _lines(self) -> tuple[BookLine, ...]:
        services = self.dice.choices(
            [CUT, BLOW_DRY, COLOUR, MASSAGE, self.spa, self.two], k=self.dice.choice([1, 1, 2, 3])
        )
        lines = [BookLine(service_id=each, stylist_id=self.dice.choice([ANNA, BO, None])) for each in services]
        if COLOUR in services:
            lines.append(BookLine(service_id=self.gloss, addon_of=services.index(COLOUR)))
        return tuple(lines)

    def _move(self, desk: Desk, line_ids: Sequence[int] = ()) -> None:
        visit = self.dice.choice([*self.visits, 0])
        wish = MoveAppointment(
            appointment_id=visit,
            starts_at=self._at(),
            stylist_id=self.dice.choice([None, None, ANNA, BO]),
            line_ids=tuple(line_ids),
            overbook_reason=self.dice.choice([None, None, "A wedding"]),
        )
        move(desk, wish)

    def _move_lines(self, desk: Desk) -> None:
        visit = self.dice.choice([each for each in self.visits if len(self.visits[each]) > 1] or [0])
        line = self.dice.choice(self.visits.get(visit, (0,)))
        starts_at = (
            self.dice.choice(self._told(desk).get(visit, [march(13, 9)])) + self.dice.choice([0, 1, -1]) * 5 * MINUTE
        )
        move(desk, MoveAppointment(appointment_id=visit, starts_at=starts_at, line_ids=(line,)))

    def _told(self, desk: Desk) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {visit: [march(13, 9)] for visit in self.visits}
        for row in told_lines(desk.sessions):
            found.setdefault(row.appointment_id, []).append(row.starts_at)
        return found

    def _cancel(self, desk: Desk) -> None:
        cancel(desk, LeaveVisit(appointment_id=self.dice.choice([*self.visits, 0]), reason="So it goes"))

    def _undo(self, desk: Desk) -> None:
        undo_last(desk, UndoLast())
        if self.dice.random() < 0.5:
            redo_last(desk, RedoLast())
            self.done["redo"] += 1


MINUTE = march(9, 0, 1) - march(9, 0)


def told_lines(sessions: Sessions) -> list[Any]:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        return list(session.execute(TOLD))


def _is_sound(lines: Sequence[Any], *, wait: int) -> None:
    """A visit's lines follow each other within the limit, span the visit, and keep what holds them together."""
    by_visit: dict[int, list[Any]] = {}
    for line in lines:
        by_visit.setdefault(line.appointment_id, []).append(line)
    for its in by_visit.values():
        assert (its[0].first, max(line.ends_at for line in its)) == (its[0].starts_at, its[0].last)
        for before, line in pairwise(its):
            assert 0 <= (line.starts_at - before.ends_at) // MINUTE <= wait, its
        hosts = {line.id: line for line in its}
        for line in its:
            if line.addon_of is not None:
                assert (line.stylist_id, line.starts_at) == (
                    hosts[line.addon_of].stylist_id,
                    hosts[line.addon_of].ends_at,
                )
        bundled = [line.price for line in its if line.bundle_id is not None]
        assert sum(bundled) % Decimal("99.99") == 0


@pytest.mark.parametrize("seed", seeds(1))
def test_the_book_stays_sound_whatever_is_done(ria: Desk, mo: Desk, ada: Desk, seed: int) -> None:
    edit_shop_rules(ada, EditShopRules(wait_minutes=WAIT, overbook_minutes=5, cleanup_may_overrun=True))
    clicking = Clicking(seed, ria, mo)
    for turn in range(90):
        clicking.turn()
        _is_sound(told_lines(ria.sessions), wait=WAIT)
        if turn % 15 == 14:
            assert examine_data(mo, ExamineData()).findings == ()
    assert len(clicking.done) == 6, clicking.done
