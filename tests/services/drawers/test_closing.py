"""X and Z: the same until something happens, numbers without gaps, nothing closed is changed (features CD4-CD6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from functools import partial
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.errors import (
    ApprovalCodeMissing,
    BadInput,
    CountAgain,
    DrawerClosedMeanwhile,
    DrawersNotCounted,
    NotAllowed,
    NotFound,
    Refusal,
    VoidAfterClose,
)
from frontdesk.services.book.visits import StepVisit, arrive, finish, start
from frontdesk.services.drawers.checklist import CheckDay, check_day
from frontdesk.services.drawers.closing import (
    CardsNotCounted,
    CardsOff,
    CloseDay,
    DayClosed,
    DayNotReady,
    ListZ,
    NothingToClose,
    ShowX,
    ShowZ,
    close_day,
    list_z,
    show_x,
    show_z,
)
from frontdesk.services.drawers.drawer_counts import CloseDrawer, CountDrawer, close_drawer, count_drawer
from frontdesk.services.drawers.drawer_sessions import DrawerClosed, NoOpenDrawer
from frontdesk.services.drawers.drawers import OpenDrawer, open_drawer
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.correcting import CorrectTender, NotMovable, NotPaidSo, correct_tender
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, CUT, JANE, booked, march
from tests.services.drawers.test_drawers import closed, opened, sold

CARD = Pay(method="card", approval_code="A1")


def z(desk: Desk, cards: str | None = None, reason: str = "") -> DayClosed:
    """The day closed."""
    return close_day(desk, CloseDay(cards=Decimal(cards) if cards else None, reason=reason))


def test_an_x_says_the_same_twice_and_resets_nothing(ria: Desk, mo: Desk, ada: Desk, clock: SetClock) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    sold(ria)
    before = show_x(mo, ShowX())
    clock.set(clock.now() + dt.timedelta(minutes=5))
    again = show_x(mo, ShowX())
    assert before.sheet == again.sheet
    assert before.figures == again.figures
    assert "118" not in again.sheet  # what should be in an open drawer is not among it
    sold(ria)
    assert show_x(mo, ShowX()).sheet != again.sheet
    closed(ria, session, "136")
    assert z(ria).figures.takings == 36
    assert "No sales" in show_x(mo, ShowX()).sheet
    with pytest.raises(NotAllowed):
        show_x(ria, ShowX())


def test_a_z_needs_every_drawer_counted_and_covers_the_sales_since_the_last(ria: Desk, ada: Desk) -> None:
    with pytest.raises(NothingToClose):
        z(ria)
    session = opened(ria, ada, "Drawer 1", "100")
    sold(ria)
    with pytest.raises(DrawersNotCounted, match="Drawer 1 open since 09:00: count and close that first"):
        z(ada, reason="The key is lost")  # nobody passes that
    closed(ria, session, "118", left="100")
    first = z(ria)
    assert (first.number, first.figures.first_sale, first.figures.last_sale) == (1, 1, 1)
    with pytest.raises(NothingToClose):
        z(ria)
    session = open_drawer(ria, OpenDrawer(total=Decimal(100))).session_id
    sold(ria, pieces=2)
    sold(ria, CARD)
    closed(ria, session, "136")
    second = z(ria, "18")
    assert (second.number, second.figures.first_sale, second.figures.last_sale) == (2, 2, 3)
    assert [one.name for one in second.figures.drawers] == ["Drawer 1"]  # each session is reported once
    assert [one.number for one in list_z(ada, ListZ()).closes] == [2, 1]


def test_a_z_adds_up_and_is_printed_again_as_it_was(ria: Desk, mo: Desk, ada: Desk, clock: SetClock) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    number = sold(ria).number
    sold(ria, CARD, pieces=2)
    refund(mo, Refund(number=number, reason="Bottle was open"))
    closed(ria, session, "100")
    made = z(ria, "36")
    figures = made.figures
    assert sum(one.amount for one in figures.tenders) == figures.takings + figures.tips == 36
    assert figures.sold - figures.discount + figures.tax_on_top + figures.refunds.amount == figures.takings
    assert sum(one.amount for one in figures.categories) == sum(one.services + one.other for one in figures.staff) == 30
    assert [(one.taxable, one.amount) for one in figures.taxes] == [(Decimal(30), Decimal(6))]
    assert all(len(line) == 42 for line in made.sheet.splitlines())
    for words in ("Z 1", "Refunds (1)", "Cash given back", "Difference", "Journal entry", figures.head_hash[:32]):
        assert words in made.sheet
    clock.set(clock.now() + dt.timedelta(days=3))
    with mo.sessions() as elsewhere:
        elsewhere.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": ada.token})
        elsewhere.execute(text("UPDATE shops SET name = 'Vale Street Hair'"))
        elsewhere.commit()
    again = show_z(ria, ShowZ(number=1))
    assert again.sheet.encode() == made.sheet.encode()
    assert again.figures == figures
    with pytest.raises(NotFound, match="There is no Z 2"):
        show_z(ria, ShowZ(number=2))


def test_cards_are_counted_too(ria: Desk, ada: Desk) -> None:
    sold(ria, CARD)
    with pytest.raises(CardsNotCounted):
        z(ria)
    with pytest.raises(CardsOff, match="£3.00 apart"):
        z(ria, "15")
    with pytest.raises(BadInput):
        z(ria, "18.001")
    made = close_day(ria, CloseDay(cards=Decimal(15), cards_note="A slip is missing"))
    assert made.figures.cards is not None
    assert made.figures.cards.difference == -3
    assert "A slip is missing" in made.sheet


def test_the_checklist_names_what_is_open_with_the_key_that_leads_there(ria: Desk, ada: Desk) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    here = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
    arrive(ria, StepVisit(appointment_id=here))
    found = {one.kind: one for one in check_day(ria, CheckDay()).blockers}
    assert {kind: (one.sentence, one.key, one.may_pass) for kind, one in found.items()} == {
        "here": ("1 visit still here", "F2", True), "drawer": ("1 drawer not counted", "D", False),
    }  # fmt: skip
    assert found["here"].things[0].id == here
    start(ria, StepVisit(appointment_id=here))
    finish(ria, StepVisit(appointment_id=here))
    assert check_day(ria, CheckDay()).blockers[0].sentence == "1 visit done and unpaid"
    closed(ria, session, "100")
    with pytest.raises(DayNotReady, match="Before the close: 1 visit done and unpaid"):
        z(ria)
    with pytest.raises(NotAllowed, match="close the day with something left open. A manager can approve"):
        z(ria, reason="She pays tomorrow")
    made = z(ada, reason="She pays tomorrow")
    assert (made.figures.passed, made.figures.passed_by) == ("She pays tomorrow", "Ada")
    assert "She pays tomorrow (Ada)" in made.sheet


def test_a_wrong_tender_is_put_right_today_and_what_was_closed_stays(ria: Desk, mo: Desk, ada: Desk) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    number = sold(ria).number
    for _ in range(2):  # it was a card: the drawer is short
        count_drawer(ria, CountDrawer(session_id=session, total=Decimal(100)))
    close_drawer(mo, CloseDrawer(session_id=session, left=Decimal(100), note="18.00 short"))
    first = z(ria)
    session = open_drawer(ria, OpenDrawer(total=Decimal(100))).session_id
    with pytest.raises(NotPaidSo, match="It was paid by cash"):
        correct_tender(mo, CorrectTender(number=number, out_of="card", into="cash", reason="Mistyped"))
    with pytest.raises(NotMovable):
        correct_tender(mo, CorrectTender(number=number, out_of="gift_card", into="cash", reason="Mistyped"))
    with pytest.raises(ApprovalCodeMissing):
        correct_tender(mo, CorrectTender(number=number, out_of="cash", into="card", reason="Mistyped"))
    wish = CorrectTender(number=number, out_of="cash", into="card", reason="It was a card", approval_code="A7")
    with pytest.raises(NotAllowed):
        correct_tender(ria, wish)
    made = correct_tender(mo, wish)
    assert (made.corrects_number, made.z, made.amount) == (number, 1, Decimal(18))
    with pytest.raises(NotPaidSo, match="It was paid by card"):
        correct_tender(mo, CorrectTender(number=number, out_of="cash", into="card", reason="Twice", approval_code="A8"))
    assert closed(ria, session, "100").difference == 0  # today's drawer has nothing to do with it
    second = z(ria, "18")
    assert show_z(ria, ShowZ(number=1)).sheet == first.sheet
    assert [(one.sale, one.z, one.out_of, one.into) for one in second.figures.corrections] == [(1, 1, "cash", "card")]
    assert {one.name: one.amount for one in second.figures.tenders} == {"cash": -18, "card": 18}
    assert second.figures.takings == 0
    assert "receipt 1 of Z 1" in second.sheet


def test_a_wrong_tender_of_an_open_drawer_changes_what_is_expected_in_it(ria: Desk, mo: Desk, ada: Desk) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    number = sold(ria).number
    wish = CorrectTender(number=number, out_of="cash", into="card", reason="It was a card", approval_code="A7")
    assert correct_tender(mo, wish).z is None
    assert closed(ria, session, "100").difference == 0


def test_what_a_correction_moved_is_refunded_from_where_it_is(ria: Desk, mo: Desk, ada: Desk) -> None:
    opened(ria, ada, "Drawer 1", "100")
    number = sold(ria).number
    correct_tender(
        mo, CorrectTender(number=number, out_of="cash", into="card", reason="It was a card", approval_code="A7")
    )
    back = refund(mo, Refund(number=number, reason="Bottle was open", approval_code="R1"))
    assert [(one.method, one.amount) for one in back.payments] == [("card", Decimal(18))]
    with pytest.raises(Refusal):
        refund(mo, Refund(number=number, reason="Again"))


def test_a_sale_is_voided_until_its_drawer_is_counted_or_a_z_covers_it(ria: Desk, ada: Desk) -> None:
    session = opened(ria, ada, "Drawer 1", "100")
    taken, kept = sold(ria), sold(ria)
    void(ria, VoidSale(number=taken.number, reason="Wrong shampoo"))
    by_card = sold(ria, CARD)
    closed(ria, session, "118")
    for number in (kept.number, by_card.number):
        with pytest.raises(VoidAfterClose):
            void(ria, VoidSale(number=number, reason="Late"))
    z(ria, "18")
    # The same in plain SQL, whatever service forgets to ask.
    insert = text("""
        INSERT INTO sales (shop_id, day, cashier_id, currency, kind, corrects_id, reason)
        SELECT shop_id, day, actor_user(), currency, 'void', id, 'Late' FROM sales WHERE id = :sale
    """)
    with ada.sessions() as sql:
        sql.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": ada.token})
        for sale in (kept.sale_id, by_card.sale_id):
            with pytest.raises(Exception, match="is closed with its day"), sql.begin_nested():
                sql.execute(insert, {"sale": sale})
        sql.rollback()


def test_a_z_in_plain_sql_follows_the_one_before(ria: Desk, ada: Desk) -> None:
    sold(ria, CARD)
    insert = text("""
        INSERT INTO z_reports (shop_id, number, day, sales_after, sales_until, closed_at, totals, sheet)
        VALUES (1, :number, '2026-03-09', :after, :until, now(), '{}', 'Z')
    """)
    with ada.sessions() as sql:
        sql.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": ada.token})
        sql.execute(text("SELECT next_z(1)"))
        for number, after, until in ((2, 0, 1), (1, 1, 1), (1, 0, 0)):
            sql.execute(text("SAVEPOINT before"))
            sql.execute(insert, {"number": number, "after": after, "until": until})
            with pytest.raises(Exception, match="does not follow"):
                sql.execute(text("SET CONSTRAINTS z_reports_follow IMMEDIATE"))
            sql.execute(text("ROLLBACK TO SAVEPOINT before"))
        sql.execute(insert, {"number": 1, "after": 0, "until": 1})
        sql.execute(text("SET CONSTRAINTS z_reports_follow IMMEDIATE"))
        sql.rollback()


@pytest.fixture
def desks(server: Handle, committed: str) -> Iterator[Callable[[], Desk]]:
    """A maker of the manager's desks, each with a connection of its own, as terminals have."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    yield lambda: open_desk(lambda: Session(engine), vale_street.token("mo"), SetClock(vale_street.NOW))
    engine.dispose()


def _at_once(doing: Sequence[Callable[[], object]]) -> None:
    gate = Barrier(len(doing))

    def one(do: Callable[[], object]) -> object:
        gate.wait()
        return do()

    with ThreadPoolExecutor(len(doing)) as pool:
        list(pool.map(one, doing))


def _till(desk: Desk, place: int) -> None:
    """Sales and closes in turns, as fast as they go."""
    for turn in range(6):
        if (turn + place) % 3:
            sold(desk, CARD)
        else:
            with suppress(NothingToClose):
                close_day(desk, CloseDay(cards=Decimal(0), cards_note="Race"))


def test_parallel_closes_and_sales_leave_no_gap_and_no_sale_between(
    server: Handle, committed: str, desks: Callable[[], Desk]
) -> None:
    _at_once([partial(_till, desks(), place) for place in range(4)])
    sold(desks(), CARD)
    close_day(desks(), CloseDay(cards=Decimal(0), cards_note="Race"))
    with psycopg.connect(server.conninfo(committed)) as sql:
        rows = sql.execute(
            "SELECT number, sales_after, sales_until, totals->'sales' FROM z_reports ORDER BY number"
        ).fetchall()
        sales = sql.execute("SELECT count(*), max(number) FROM sales").fetchone()
    assert sales == (17, 17)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [0, *(row[2] for row in rows)] == [*(row[1] for row in rows), 17]
    assert sum(row[3] for row in rows) == 17  # each sale is in exactly one


def test_sales_go_on_while_a_drawer_is_closed_and_none_is_left_out_of_its_count(
    server: Handle, committed: str, desks: Callable[[], Desk]
) -> None:
    with psycopg.connect(server.conninfo(committed), autocommit=True) as sql:
        sql.execute("UPDATE shops SET count_tolerance = 100000 WHERE id = 1")
        sql.execute("INSERT INTO drawers (business_id, shop_id, name) VALUES (1, 1, 'Drawer 1')")
    session = open_drawer(desks(), OpenDrawer(total=Decimal(100))).session_id

    def sell(desk: Desk) -> None:
        with suppress(NoOpenDrawer, DrawerClosedMeanwhile, DrawerClosed):
            for _ in range(8):
                sold(desk)

    def close(desk: Desk) -> None:
        for _ in range(100):
            count_drawer(desk, CountDrawer(session_id=session, total=Decimal(100)))
            with suppress(CountAgain):
                close_drawer(desk, CloseDrawer(session_id=session, left=Decimal(0)))
                return

    _at_once([partial(sell, desks()), partial(sell, desks()), partial(sell, desks()), partial(close, desks())])
    with psycopg.connect(server.conninfo(committed)) as sql:
        kept = sql.execute(
            "SELECT s.closed_at IS NOT NULL, s.expected = sum(c.amount) FROM drawer_sessions s"
            " JOIN drawer_cash c ON c.session_id = s.id GROUP BY s.id"
        ).fetchone()
    assert kept == (True, True)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["held", "without the trigger"])
def test_a_drawer_waits_for_the_sale_on_its_way_into_it(
    server: Handle, committed: str, desks: Callable[[], Desk], is_guarded: bool
) -> None:
    with psycopg.connect(server.conninfo(committed), autocommit=True) as sql:
        sql.execute("INSERT INTO drawers (business_id, shop_id, name) VALUES (1, 1, 'Drawer 1')")
        if not is_guarded:
            sql.execute("ALTER TABLE sales DISABLE TRIGGER sales_at_open_drawer")
            sql.execute("ALTER TABLE sales DROP CONSTRAINT sales_drawer_session_fkey")  # it would hold the row as well
    session = open_drawer(desks(), OpenDrawer(total=Decimal(100))).session_id
    with psycopg.connect(server.conninfo(committed)) as selling:
        selling.execute(
            "INSERT INTO sales (business_id, shop_id, day, cashier_id, currency, drawer_session_id)"
            " SELECT 1, 1, '2026-03-09', min(id), 'GBP', %s FROM users",
            (session,),
        )
        with psycopg.connect(server.conninfo(committed)) as closing:
            closing.execute("SET lock_timeout = '300ms'")
            close = (
                "UPDATE drawer_sessions SET closed_on = opened_on, closed_at = opened_at, closed_by = opened_by,"
                " counted = 100,"
                " expected = 100, float_left = 0, banked = 100 WHERE id = %s"
            )
            if is_guarded:
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    closing.execute(close, (session,))
            else:
                closing.execute(close, (session,))
            closing.rollback()
        selling.rollback()
