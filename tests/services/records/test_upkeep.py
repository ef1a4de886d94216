"""What is due every day without anybody asking: done once whoever looks, and what goes wrong is seen."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.channels.mail import Mailbox
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.packages import package_changes
from frontdesk.services.papers.outbox import MailReceipt, mail_receipt
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.points.loyalty import CorrectPoints, SetLoyaltyRule, correct_points, set_rule
from frontdesk.services.prepaid.prepaid_rules import SetPrepaidRule, set_prepaid_rule
from frontdesk.services.records import upkeep
from frontdesk.services.records.doctor import Examine, examine
from frontdesk.services.records.upkeep import (
    AGAIN,
    ChoreDone,
    DoChore,
    ListChores,
    Outside,
    do_chore,
    keep_up,
    list_chores,
)
from frontdesk.services.reports.today import ShowToday, show_today
from frontdesk.services.team import slots
from frontdesk.services.ticket.ticket_wishes import Pay, SellGiftCard
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.use_case import Work
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import JANE, march

NOWHERE = Outside(Mailbox(""), None)
NEXT_YEAR = march(9, 9).replace(year=2027, month=4)
IN_ONE = ("packages", "points", "cards")


def something_over(mo: Desk) -> None:
    """Forty points, and a gift card of 20.00, that are over in a year."""
    set_rule(mo, SetLoyaltyRule(points_per_unit=Decimal(1), point_value=Decimal("0.05"), months=12))
    correct_points(mo, CorrectPoints(customer_id=JANE, points=40, reason="Brought over"))
    set_prepaid_rule(mo, SetPrepaidRule(kind="gift_card", months=12))
    card = SellGiftCard(amount=Decimal(20), code="OVER1")
    check_out(mo, CheckOut(gift_cards=(card,), tenders=(Pay(method="cash"),)))


def states(desk: Desk) -> dict[str, bool]:
    return {one.name: one.is_due for one in list_chores(desk, ListChores()).chores}


def expired(desk: Desk) -> tuple[int, Decimal, int]:
    """Points and money that were entered as over, and in how many entries."""
    with transaction(desk) as session:
        points, money, entries = session.execute(
            text("""
                SELECT (SELECT coalesce(sum(points), 0) FROM loyalty_entries WHERE kind = 'expired'),
                       (SELECT coalesce(sum(amount), 0) FROM prepayment_entries WHERE kind = 'expired'),
                       (SELECT count(*) FROM loyalty_entries WHERE kind = 'expired')
                       + (SELECT count(*) FROM prepayment_entries WHERE kind = 'expired')
            """)
        ).one()
        return points, money, entries


def unkept(desk: Desk) -> tuple[str, ...]:
    """What the doctor says of it."""
    return next(
        (one.rows for one in examine(desk, Examine()).findings if one.promise.startswith("what is due every day")), ()
    )


def test_what_is_due_is_done_once_a_day_and_tells_no_other_terminal(ria: Desk, mo: Desk, clock: SetClock) -> None:
    something_over(mo)
    clock.set(NEXT_YEAR)
    with transaction(mo) as session:
        before = session.execute(text("SELECT count(*) FROM outbox_events")).scalar_one()
    assert all(states(ria).values())
    found = keep_up(ria, NOWHERE)
    assert {one.name: one.words for one in found.done if one.name in ("points", "cards")} == {
        "points": "40 points of 1 customer expired",
        "cards": "1 gift card and credits ended, £20.00",
    }
    assert (len(found.done), found.failed) == (len(states(ria)), ())
    assert not any(states(ria).values())
    assert keep_up(ria, NOWHERE) == upkeep.Upkept((), ())
    assert do_chore(ria, DoChore(name="points")) == ChoreDone("points", False, "was done today")
    assert expired(mo) == (-40, Decimal(-20), 2)
    with transaction(mo) as session:
        assert session.execute(text("SELECT count(*) FROM outbox_events")).scalar_one() == before
    clock.set(NEXT_YEAR.replace(day=10))
    assert all(states(ria).values()), "tomorrow it is due again"
    assert (list_chores(ria, ListChores()).laid_out_until - ria.today).days == slots.PUBLISHED_AHEAD.days - 1


def test_what_goes_wrong_keeps_nothing_else_and_stands_where_it_is_seen(
    ria: Desk, mo: Desk, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    something_over(mo)
    assert unkept(ria) == ()
    clock.set(NEXT_YEAR)
    faults: list[Exception] = []

    def broken(work: Work) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(package_changes, "lapse", broken)
        found = keep_up(ria, NOWHERE, fault=faults.append)
    assert [one.name for one in found.failed] == ["packages"]
    assert [type(one) for one in faults] == [ZeroDivisionError]
    assert expired(mo) == (-40, Decimal(-20), 2), "the others were done"
    (seen,) = [one for one in show_today(mo, ShowToday()).to_look_at if one.kind == "chores"]
    assert (seen.sentence, seen.notes[0].when) == ("daily upkeep goes wrong", "10:00")
    assert "packages: a fault (ZeroDivisionError)" in seen.notes[0].words
    (row,) = unkept(ria)
    assert row.startswith("packages in Vale Street, since Fri 9 Apr 10:00: a fault")
    assert keep_up(ria, NOWHERE).done == (), "not at once again"
    clock.set(NEXT_YEAR + AGAIN)
    assert [one.name for one in keep_up(ria, NOWHERE).done] == ["packages"]
    assert not [one for one in show_today(mo, ShowToday()).to_look_at if one.kind == "chores"]


def test_a_letter_that_does_not_go_out_is_seen_and_one_without_a_mail_server_as_well(
    ria: Desk, mo: Desk, clock: SetClock
) -> None:
    card = SellGiftCard(amount=Decimal(20), code="MAIL1")
    number = check_out(ria, CheckOut(gift_cards=(card,), tenders=(Pay(method="cash"),))).number
    mail_receipt(ria, MailReceipt(number=number, address="zoe@example.com"))
    assert list_chores(ria, ListChores()).letters_due == 1
    keep_up(ria, NOWHERE)
    assert not show_today(mo, ShowToday()).to_look_at
    clock.set(march(9, 11))
    (seen,) = show_today(mo, ShowToday()).to_look_at
    assert (seen.kind, seen.sentence) == ("letters", "1 letter was not sent")
    assert seen.notes[0].words == "receipt 1 to zoe@example.com: no terminal that is on has a mail server"
    with_nobody_home = Outside(Mailbox("127.0.0.1", 9, sender="desk@vale.example"), None)
    (tried,) = keep_up(ria, with_nobody_home).failed
    assert (tried.name, tried.words) == ("letters", "0 sent, 1 tried again later, 0 given up")
    assert list_chores(ria, ListChores()).letters_due == 0, "until its next try"


def test_who_may_not_sell_does_none_of_it_and_sees_how_it_went(anna: Desk) -> None:
    with pytest.raises(errors.NotAllowed):
        keep_up(anna, NOWHERE)
    assert all(states(anna).values())
    assert list_chores(anna, ListChores()).letters_due == 0


@contextmanager
def _desks(handle: Handle, database: str) -> Iterator[Callable[[str, SetClock], Desk]]:
    engine = open_engine(desk_conninfo(handle, database), poolclass=NullPool)
    yield lambda login, clock: open_desk(lambda: Session(engine), vale_street.token(login), clock)
    engine.dispose()


def test_of_desks_that_look_at_once_each_chore_is_done_by_one(server: Handle, committed: str) -> None:
    clock = SetClock(vale_street.NOW)
    with _desks(server, committed) as new_desk:
        something_over(new_desk("mo", clock))
        clock.set(NEXT_YEAR)
        desks = [new_desk(login, clock) for login in ("ria", "tess", "mo", "ada")]
        gate = threading.Barrier(len(desks))
        owned = replace(NOWHERE, owner_conninfo=server.conninfo(committed))

        def look(desk: Desk) -> list[str]:
            gate.wait()
            found = keep_up(desk, owned)
            assert found.failed == ()
            return [one.name for one in found.done if one.is_done and one.name in IN_ONE]

        with ThreadPoolExecutor(len(desks)) as pool:
            did = Counter(name for names in pool.map(look, desks) for name in names)
        assert did == dict.fromkeys(IN_ONE, 1)
        assert expired(desks[2]) == (-40, Decimal(-20), 2)
        assert not any(states(desks[0]).values())


def test_nobody_waits_for_a_desk_that_has_a_chore_in_hand(server: Handle, committed: str) -> None:
    clock = SetClock(vale_street.NOW)
    with _desks(server, committed) as new_desk, psycopg.connect(server.conninfo(committed)) as other:
        ria = new_desk("ria", clock)
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('chore 1 points', 0))")
        done = {one.name: one for one in keep_up(ria, NOWHERE).done}
        assert done["points"] == ChoreDone("points", False, "another terminal has it in hand")
        assert done["cards"].is_done
        other.rollback()  # it died: the next look finds it due still
        assert [one.name for one in keep_up(ria, NOWHERE).done] == ["points"]


def test_two_desks_without_the_lock_and_the_mark_would_enter_it_twice(server: Handle, committed: str) -> None:
    """The negative control: what two careless crons come to that look, and then write what they have seen."""
    clock = SetClock(vale_street.NOW)
    conninfo = server.conninfo(committed)
    with _desks(server, committed) as new_desk:
        mo = new_desk("mo", clock)
        something_over(mo)
        looked = threading.Barrier(2)

        def careless(number: int) -> None:
            with psycopg.connect(conninfo) as connection:
                rows = connection.execute(
                    "SELECT customer_id, sum(points) FROM loyalty_entries GROUP BY 1 HAVING sum(points) > 0"
                ).fetchall()
                looked.wait()
                for customer, points in rows:
                    connection.execute(
                        "INSERT INTO loyalty_entries (business_id, shop_id, customer_id, kind, points, day)"
                        " VALUES (1, 1, %s, 'expired', %s, '2027-03-09')",
                        (customer, -points),
                    )

        with psycopg.connect(conninfo, autocommit=True) as owner:
            owner.execute("ALTER TABLE loyalty_entries DISABLE TRIGGER USER")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(careless, range(2)))
        assert expired(mo)[0] == -80
