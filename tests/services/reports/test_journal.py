"""The journal of money: balanced, chained, and whatever a superuser changes is named (features CD10, CD11, N13)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotAllowed
from frontdesk.services.drawers.closing import CloseDay, close_day
from frontdesk.services.drawers.drawer_counts import CloseDrawer, CountDrawer, close_drawer, count_drawer
from frontdesk.services.drawers.drawer_moves import DropCash, PayIn, PayOut, TipOut, drop, pay_in, pay_out, tip_out
from frontdesk.services.drawers.drawers import AddDrawer, OpenDrawer, add_drawer, open_drawer
from frontdesk.services.pay.pay import (
    AdjustPay,
    ClosePayPeriod,
    SetGuarantee,
    adjust_pay,
    close_period,
    set_guarantee,
)
from frontdesk.services.pay.tip_sheet import UnpoolTips, unpool_tips
from frontdesk.services.pay.tips import MoveTip, PoolTips, move_tip, pool_tips
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.reports.journal import ExportJournal, Posting, VerifyJournal, export_journal, verify_journal
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BO, CUT, JANE, booked, march
from tests.vale_street import token


def sell(desk: Desk, *, tip: str = "0") -> Receipted:
    """Jane's cut and a shampoo, split."""
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA))
    return check_out(
        desk,
        CheckOut(
            appointment_ids=(visit.appointment_id,),
            products=(SellProduct(product_id=1, stylist_id=BO),),
            tip=Decimal(tip),
            tenders=(Pay(method="cash", amount=Decimal(50)), Pay(method="card", approval_code="A1")),
        ),
    )


def shampoo(desk: Desk, tip: str = "0") -> Receipted:
    whose = ANNA if Decimal(tip) else None
    wish = CheckOut(
        products=(SellProduct(product_id=1),), tenders=(Pay(method="cash"),), tip=Decimal(tip), tip_stylist_id=whose
    )
    return check_out(desk, wish)


def moved(postings: tuple[Posting, ...]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in postings:
        found[one.account] = found.get(one.account, Decimal(0)) + one.debit - one.credit
    return found


def test_a_sale_is_a_balanced_entry(ria: Desk, mo: Desk) -> None:
    sale = sell(ria, tip="5")
    exported = export_journal(mo, ExportJournal(first=march(9, 9).date()))
    sums = moved(exported.postings)
    assert sum(sums.values()) == 0
    assert sums["cash"] == 50
    assert sums["cash"] + sums["card"] == sale.total + sale.tip
    assert sums[f"tips: stylist {ANNA}"] == -5
    assert -(sums["services"] + sums["products"] + sums["tax: VAT"]) == sale.total
    assert {one.number for one in exported.postings} == {sale.number}
    seen = verify_journal(mo, VerifyJournal())
    assert (seen.entries, seen.is_whole) == (1, True)


def test_a_day_of_a_drawer_is_in_the_chain_to_its_z(ria: Desk, mo: Desk, ada: Desk) -> None:
    add_drawer(ada, AddDrawer(name="Drawer 1"))
    session = open_drawer(ria, OpenDrawer(total=Decimal(100))).session_id
    shampoo(ria, tip="5")
    pay_in(ria, PayIn(amount=Decimal(20), reason="Change from the bank"))
    pay_out(ria, PayOut(amount=Decimal("3.50"), reason="Milk"))
    drop(ria, DropCash(amount=Decimal(50)))
    tip_out(ria, TipOut(stylist_id=ANNA, amount=Decimal(5)))
    count_drawer(ria, CountDrawer(session_id=session, total=Decimal(84)))
    close_drawer(ria, CloseDrawer(session_id=session, left=Decimal(60)))
    z = close_day(mo, CloseDay(reason="The last guest pays tomorrow"))
    postings = export_journal(mo, ExportJournal(first=march(9, 9).date())).postings
    sums = moved(postings)
    assert sum(sums.values()) == 0
    assert sums["cash"] == 60, "what was left in the drawer"
    out = {account: sums[account] for account in ("bank", "safe", f"tips: stylist {ANNA}", "paid out")}
    assert list(out.values()) == [24, 50, 0, Decimal("3.50")]
    came = {account: sums[account] for account in ("float", "paid in", "cash differences")}
    assert came == {"float": -100, "paid in": -20, "cash differences": Decimal("0.50")}
    seen = verify_journal(mo, VerifyJournal(against=z.figures.head_hash))
    assert (seen.is_whole, seen.entries) == (True, 8)
    with ada.sessions() as session_:
        kinds = session_.execute(text("SELECT kind FROM journal_entries ORDER BY seq")).scalars().all()
    assert kinds == ["opened", "sale", "pay_in", "pay_out", "drop", "tip_out", "closed", "z"]


def test_a_moved_tip_is_owed_to_somebody_else(ria: Desk, mo: Desk) -> None:
    sale = sell(ria, tip="5")
    part = Decimal("2.01")
    move_tip(ria, MoveTip(sale_number=sale.number, from_stylist_id=ANNA, to_stylist_id=BO, amount=part))
    move_tip(ria, MoveTip(sale_number=sale.number, from_stylist_id=ANNA, to_stylist_id=BO))
    postings = export_journal(mo, ExportJournal(first=march(9, 9).date())).postings
    sums = moved(postings)
    assert [sums[f"tips: stylist {who}"] for who in (ANNA, BO)] == [0, -5]
    of_the_first = [one for one in postings if one.entry == 2]
    assert [(one.account, one.debit, one.credit, one.number) for one in of_the_first] == [
        (f"tips: stylist {ANNA}", part, 0, sale.number), (f"tips: stylist {BO}", 0, part, sale.number),
    ]  # fmt: skip
    assert verify_journal(mo, VerifyJournal()).is_whole


def test_a_pool_owes_tips_by_its_shares_until_it_is_taken_back(ria: Desk, mo: Desk) -> None:
    sell(ria, tip="5")
    pool = pool_tips(mo, PoolTips())
    sums = moved(export_journal(mo, ExportJournal(first=march(9, 9).date())).postings)
    for share in pool.shares:
        assert -sums[f"tips: stylist {share.stylist_id}"] == share.amount
    assert len(pool.shares) == 2
    assert verify_journal(mo, VerifyJournal()).is_whole
    unpool_tips(mo, UnpoolTips(pool_id=pool.pool_id))
    postings = export_journal(mo, ExportJournal(first=march(9, 9).date())).postings
    assert [one.kind for one in postings if one.source == "tip_pools"][::2] == ["tips_pooled", "pool_taken_back"]
    sums = moved(postings)
    assert [sums[f"tips: stylist {who}"] for who in (ANNA, BO)] == [-5, 0]
    assert verify_journal(mo, VerifyJournal()).is_whole, "a pool that was taken back is not missed"


def test_commission_is_owed_until_its_period_is_closed_and_then_pay(ria: Desk, mo: Desk, clock: SetClock) -> None:
    """Anna's cut, Bo's shampoo, a refund with what was earned, more by hand, and the guarantee."""
    sale = sell(ria, tip="5")
    refund(mo, Refund(sale_id=shampoo(ria).sale_id, reason="Unopened", commission="withhold"))
    adjust_pay(mo, AdjustPay(stylist_id=BO, amount=Decimal("-1.25"), reason="Paid twice"))
    set_guarantee(mo, SetGuarantee(stylist_id=BO, amount=Decimal(100)))
    with transaction(mo) as session:
        earned = session.execute(_EARNED).all()
    sums = moved(export_journal(mo, ExportJournal(first=march(9, 9).date())).postings)
    assert {row.account: -sums[row.account] for row in earned} == {row.account: row.amount for row in earned}
    assert sums["commission"] == sum(row.amount for row in earned) > 0
    clock.set(clock.now() + dt.timedelta(days=30))
    closed = close_period(mo, ClosePayPeriod(day=march(9, 9).date()))
    seen = verify_journal(mo, VerifyJournal())
    assert seen.is_whole, seen
    postings = export_journal(mo, ExportJournal(first=march(1, 9).date(), last=clock.now().date())).postings
    sums = moved(postings)
    assert sum(sums.values()) == 0
    pay = {one.stylist_id: one.total for one in closed.statements}
    assert pay[BO] == 100
    for who, total in pay.items():
        assert {sums.get(f"{what}: stylist {who}", 0) for what in ("commission owed", "tips")} == {0}
        assert -sums[f"pay: stylist {who}"] == total
    assert sums["commission"] == sum(pay.values()) - 5
    assert {one.number for one in postings if one.kind == "sale"} >= {sale.number}


def test_each_shop_owes_what_was_earned_and_given_there(ria: Desk, mo: Desk, ada: Desk, clock: SetClock) -> None:
    """Two shampoos of Bo's with a tip in either shop: his pay is one, the books are two and both come out even."""
    with transaction(ada, uuid.uuid4()) as session:
        oak = session.execute(_OAK).scalar_one()
    ria_there, mo_there = (replace(desk, shop=replace(desk.shop, id=oak, name="Oak Lane")) for desk in (ria, mo))
    product, cash = (SellProduct(product_id=1, stylist_id=BO),), (Pay(method="cash"),)
    for desk, tip in ((ria, 3), (ria_there, 4), (ria_there, 0)):
        wish = CheckOut(products=product, tenders=cash, tip=Decimal(tip), tip_stylist_id=BO if tip else None)
        check_out(desk, wish)
    adjust_pay(mo, AdjustPay(stylist_id=BO, amount=Decimal(2), reason="Sunday"))
    clock.set(clock.now() + dt.timedelta(days=30))
    (closed,) = close_period(mo, ClosePayPeriod(day=march(9, 9).date())).statements
    paid = []
    for desk in (mo, mo_there):
        assert verify_journal(desk, VerifyJournal()).is_whole
        sums = moved(export_journal(desk, ExportJournal(first=march(9, 9).date(), last=desk.today)).postings)
        assert {sums[f"{what}: stylist {BO}"] for what in ("commission owed", "tips")} == {0}
        paid.append(-sums[f"pay: stylist {BO}"])
    assert sum(paid) == closed.total
    assert min(paid) > 4


_OAK = text("""
    INSERT INTO shops (business_id, name, timezone, currency, locale, country)
    VALUES (1, 'Oak Lane', 'Europe/London', 'GBP', 'en_GB', 'GB') RETURNING id
""")
_EARNED = text("""
    SELECT 'commission owed: stylist ' || stylist_id AS account, sum(amount) AS amount FROM commissions GROUP BY 1
""")


def test_who_may_not_see_takings_verifies_nothing(ria: Desk) -> None:
    with pytest.raises(NotAllowed):
        verify_journal(ria, VerifyJournal())


def test_a_hash_is_typed_as_it_is_printed(ria: Desk, mo: Desk) -> None:
    shampoo(ria)
    head = verify_journal(mo, VerifyJournal()).head
    shampoo(ria)
    spaced = " ".join(head[at : at + 8] for at in range(0, 64, 8))
    assert verify_journal(mo, VerifyJournal(against=spaced)).is_whole
    assert verify_journal(mo, VerifyJournal(against=head[:12].upper())).is_whole
    assert not verify_journal(mo, VerifyJournal(against="0" * 64)).is_whole
    for nonsense in ("z" * 64, "1234"):
        with pytest.raises(BadInput, match="no hash of a Z"):
            verify_journal(mo, VerifyJournal(against=nonsense))


def test_even_the_desk_in_plain_sql_writes_nothing_into_the_journal(mo: Desk) -> None:
    shampoo(mo)
    for statement in (
        "UPDATE journal_entries SET day = day + 1",
        "DELETE FROM journal_lines",
        "UPDATE journal_heads SET seq = 0",
        "SELECT journal_append(1, 1, 'sale', 'sales', 9, current_date, now(), '[]', '')",
    ):
        with mo.sessions() as session, pytest.raises(Exception, match="permission denied"):
            session.execute(text(statement))


MEDDLING = [
    ("UPDATE payments SET amount = amount - 5, tendered = tendered - 5 WHERE sale_id = 3", "row 3 of sales (sale)"),
    ("UPDATE sale_lines SET stylist_id = NULL WHERE sale_id = 1", "row 1 of sales (sale)"),
    ("UPDATE sale_line_taxes SET amount = amount + 1 WHERE sale_line_id = 1", "row 1 of sales (sale)"),
    ("UPDATE sales SET day = day - 1 WHERE id = 4", "row 4 of sales (sale)"),
    ("UPDATE sales SET status = 'open' WHERE false; DELETE FROM tips WHERE sale_id = 1", "row 1 of sales (sale)"),
    ("UPDATE commissions SET amount = amount + 1 WHERE sale_id = 1", "row 1 of sales (sale)"),
    ("UPDATE commissions SET amount = 90 WHERE sale_id IS NULL", "row 3 of commissions (pay_adjustment)"),
    ("UPDATE tips SET stylist_id = 1 WHERE moved_at IS NOT NULL", "row 3 of tips (tip_moved)"),
    ("UPDATE tip_pool_shares SET amount = amount + 1 WHERE stylist_id = 1", "row 1 of tip_pools (tips_pooled)"),
    ("DELETE FROM tip_pools", "row 1 of tip_pools (tips_pooled) is gone"),
    ("DELETE FROM journal_entries WHERE seq = 2", "1 entry was taken out before entry 3"),
    ("DELETE FROM journal_entries WHERE seq > 2", "5 entries were cut off after entry 2"),
    ("UPDATE journal_lines SET debit = debit + 1 WHERE entry_id = 2 AND position = 1", "entry 2 was changed"),
    ("UPDATE journal_entries SET at = at - interval '1 day' WHERE seq = 3", "entry 3 was changed"),
    ("UPDATE journal_heads SET hash = sha256('x')", "the end of the chain is not what its head says"),
]


def test_whatever_a_superuser_changes_is_named(server: Handle, committed: str, clock: SetClock) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    sessions = lambda: Session(engine)  # noqa: E731
    ria, mo = (open_desk(sessions, token(login), clock) for login in ("ria", "mo"))
    sell(ria, tip="5")
    for _ in range(3):
        shampoo(ria)
    move_tip(ria, MoveTip(sale_number=1, from_stylist_id=ANNA, to_stylist_id=BO, amount=Decimal(2)))
    pool_tips(mo, PoolTips())
    adjust_pay(mo, AdjustPay(stylist_id=ANNA, amount=Decimal(9), reason="Sunday"))
    assert verify_journal(mo, VerifyJournal()).is_whole
    with psycopg.connect(server.conninfo(committed)) as superuser:
        tables: tuple[str, ...] = ("sales", "sale_lines", "sale_line_taxes", "payments", "tips")
        tables += ("commissions", "tip_pools", "tip_pool_shares")
        kept = [*tables, "journal_entries", "journal_lines", "journal_heads"]
        for table in kept:
            superuser.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
        for statement, said in MEDDLING:
            superuser.execute("SET LOCAL session_replication_role = replica")
            superuser.execute(statement)
            superuser.commit()
            seen = verify_journal(mo, VerifyJournal())
            assert [one.what for one in seen.wrong if one.what.startswith(said)], (statement, seen.wrong)
            superuser.execute("SET LOCAL session_replication_role = replica")
            for table in kept:
                superuser.execute(f"DELETE FROM {table}")
                superuser.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table}")
            superuser.commit()
            assert verify_journal(mo, VerifyJournal()).is_whole, statement
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("DELETE FROM journal_entries WHERE seq > 3; DELETE FROM journal_lines WHERE entry_id > 3")
        superuser.execute("UPDATE journal_heads h SET seq = 3, hash = (SELECT hash FROM journal_entries WHERE seq = 3)")
        superuser.commit()
        assert verify_journal(mo, VerifyJournal()).unwritten == (
            "receipt 4", "the tip moved on receipt 1", "pool 1 of tips", "entry 3 of pay (adjustment)",
        )  # fmt: skip
    engine.dispose()
