"""Whatever is sold, given back, prepaid, moved and closed in whatever order, the books hold together (features 6.3)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import NullPool, text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.drawers.closing import CloseDay, close_day
from frontdesk.services.drawers.drawer_counts import CloseDrawer, CountDrawer, close_drawer, count_drawer
from frontdesk.services.drawers.drawer_moves import DropCash, PayIn, PayOut, TipOut, drop, pay_in, pay_out, tip_out
from frontdesk.services.drawers.drawers import AddDrawer, OpenDrawer, add_drawer, open_drawer
from frontdesk.services.packages.packages import AddPackage, FindSessions, Sessions, add_package, usable_sessions
from frontdesk.services.pay.pay import (
    AdjustPay,
    ClosePayPeriod,
    SetGuarantee,
    adjust_pay,
    close_period,
    set_guarantee,
)
from frontdesk.services.pay.tip_sheet import ListTips, UnpoolTips, list_tips, unpool_tips
from frontdesk.services.pay.tips import MoveTip, PoolTips, ShowTipsOwed, move_tip, pool_tips, show_tips_owed
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.points.loyalty import SetLoyaltyRule, set_rule
from frontdesk.services.prepaid.credit import GiveCredit, give_credit
from frontdesk.services.prepaid.house_accounts import SetAccount, set_account
from frontdesk.services.prepaid.vouchers import SetIssuer, set_issuer
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.reports.journal import ExportJournal, VerifyJournal, export_journal, verify_journal
from frontdesk.services.reports.liabilities import ReportLiabilities, report_liabilities
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.ticket.ticket_wishes import (
    Off,
    Pay,
    PayAccount,
    SellGiftCard,
    SellPackage,
    SellProduct,
    UseSession,
)
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import GiveBackLine, Refund, ShowRefundable, refund, refundable
from frontdesk.services.till.voiding import VoidSale, void
from tests.conftest import desk_conninfo
from tests.seeds import seeds
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, OLA, booked, march
from tests.vale_street import token

MINUTE = dt.timedelta(minutes=1)
MONTH = dt.timedelta(days=30)
PEOPLE = (JANE, KIM, OLA)
OWED_BY_US = {"gift cards": {"gift_card", "service_card"}, "credit": {"credit"}, "packages": {"package"}}
OWED_TO_US = {"house accounts": {"account"}, "vouchers": {"voucher"}, "transfers": {"transfer"}}


class Till:
    """A day at the till on which everything happens."""

    def __init__(self, seed: int, ria: Desk, mo: Desk, ada: Desk, clock: SetClock) -> None:
        self._dice = random.Random(seed)
        self._ria, self._mo, self._clock = ria, mo, clock
        self._sales: list[int] = []
        self._cards: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._slot = 0
        add_drawer(ada, AddDrawer(name="Drawer 1"))
        self._package = add_package(
            mo,
            AddPackage(name="Three cuts", price=Decimal("100"), services=(Sessions(service_id=CUT, sessions=3),)),
        ).id
        self._issuer = set_issuer(mo, SetIssuer(name="Groupon", fee_percent=Decimal("12.5"))).id
        set_rule(mo, SetLoyaltyRule(points_per_unit=Decimal(1), point_value=Decimal("0.05")))
        for who in PEOPLE:
            set_account(mo, SetAccount(customer_id=who, limit=Decimal(60)))
        self._session = open_drawer(ria, OpenDrawer(total=Decimal(150))).session_id

    def turn(self) -> None:
        """One thing that somebody does."""
        self._clock.set(self._clock.now() + MINUTE)
        kind, act = self._dice.choices(self._acts, [weight for _, weight in WEIGHTS])[0]
        if not self._sales:
            kind, act = "shelf", self._shelf
        try:
            act()
        except errors.Refusal as refusal:
            self.refused[f"{kind}: {type(refusal).__name__}"] += 1
        else:
            self.done[kind] += 1

    @property
    def _acts(self) -> list[tuple[str, Callable[[], None]]]:
        return [(kind, getattr(self, f"_{kind}")) for kind, _ in WEIGHTS]

    def _tenders(self) -> tuple[Pay, ...]:
        first = self._dice.choice(
            [
                Pay(method="cash", amount=Decimal(self._dice.randrange(1, 60))),
                Pay(method="gift_card", code=self._dice.choice(self._cards or ["NONE"])),
                Pay(method="credit"),
                Pay(method="points"),
                Pay(method="account", amount=Decimal(self._dice.randrange(1, 30))),
                Pay(method="voucher", issuer_id=self._issuer, code=f"V{self._dice.random()}"[2:12], amount=Decimal(10)),
                Pay(method="transfer", amount=Decimal(7)),
                Pay(method="card", approval_code="A1", amount=Decimal("3.33")),
            ]
        )
        last = self._dice.choice([Pay(method="cash"), Pay(method="card", approval_code="A2")])
        return (first, last) if self._dice.random() < 0.6 else (last,)

    def _close(self, wish: CheckOut) -> None:
        self._sales.append(check_out(self._ria, wish).sale_id)

    def _serve(self) -> None:
        """A visit with something from the shelf, discounts and a tip."""
        self._slot += 1
        start = march(10, 9) + dt.timedelta(hours=self._slot % 7, days=self._slot // 7)
        visit = booked(self._ria, self._dice.choice(PEOPLE), start, (CUT, self._dice.choice((ANNA, BO))))
        off = self._dice.choice([None, Off(percent=Decimal(10)), Off(amount=Decimal("3.33"))])
        products = (SellProduct(product_id=1, quantity=self._dice.randrange(1, 4)),) * self._dice.randrange(2)
        could = usable_sessions(self._ria, FindSessions(appointment_ids=(visit.appointment_id,))).sessions[:1]
        sessions = tuple(UseSession(line_id=one.line_id, customer_package_id=one.customer_package_id) for one in could)
        tip = self._dice.choice([Decimal(0), Decimal(0), Decimal(5), Decimal("7.01")])
        self._close(
            CheckOut(
                appointment_ids=(visit.appointment_id,),
                products=products,
                discount=off if not sessions else None,
                tip=tip,
                sessions=sessions,
                tenders=self._tenders(),
            )
        )

    def _shelf(self) -> None:
        self._close(
            CheckOut(
                products=(SellProduct(product_id=1, quantity=2, stylist_id=BO),),
                customer_id=self._dice.choice(PEOPLE),
                tenders=self._tenders(),
            )
        )

    def _gift(self) -> None:
        code = f"GIFT{len(self._cards):04}"
        card = SellGiftCard(amount=Decimal(self._dice.randrange(10, 60)), code=code)
        self._close(CheckOut(gift_cards=(card,), customer_id=JANE, tenders=(Pay(method="cash"),)))
        self._cards.append(code)

    def _package_sold(self) -> None:
        who = self._dice.choice(PEOPLE)
        self._close(
            CheckOut(packages=(SellPackage(package_id=self._package),), customer_id=who, tenders=self._tenders())
        )

    def _debt(self) -> None:
        who = self._dice.choice(PEOPLE)
        paid = PayAccount(customer_id=who, amount=Decimal(self._dice.randrange(1, 20)))
        self._close(CheckOut(accounts=(paid,), customer_id=who, tenders=(Pay(method="cash"),)))

    def _credit(self) -> None:
        amount = Decimal(self._dice.randrange(5, 40))
        give_credit(self._mo, GiveCredit(customer_id=self._dice.choice(PEOPLE), amount=amount, reason="Sorry"))

    def _back(self) -> None:
        sale = self._dice.choice(self._sales)
        left = refundable(self._mo, ShowRefundable(sale_id=sale))
        how = self._dice.randrange(4)
        if how == 0:
            refund(self._mo, Refund(sale_id=sale, reason="All of it"))
        elif how == 1:
            line = self._dice.choice(left.lines)
            refund(self._mo, Refund(sale_id=sale, reason="That", lines=(GiveBackLine(line_id=line.line_id),)))
        elif how == 2:
            refund(self._mo, Refund(sale_id=sale, reason="A bit", amount=Decimal(self._dice.randrange(1, 400)) / 100))
        else:
            refund(self._mo, Refund(sale_id=sale, reason="As credit", to_credit=True, customer_id=KIM))

    def _void(self) -> None:
        void(self._ria, VoidSale(sale_id=self._dice.choice(self._sales), reason="Wrong"))

    def _move(self) -> None:
        amount = Decimal(self._dice.randrange(1, 2000)) / 100
        how = self._dice.randrange(3)
        if how == 0:
            pay_in(self._ria, PayIn(amount=amount, reason="Change"))
        elif how == 1:
            pay_out(self._ria, PayOut(amount=amount, reason="Milk"))
        else:
            drop(self._ria, DropCash(amount=amount))

    def _tip(self) -> None:
        """A tip is moved to somebody else, pooled, taken out of its pool, or paid out."""
        sheet = list_tips(self._mo, ListTips())
        how = self._dice.randrange(8)
        if how == 0:
            pool_tips(self._mo, PoolTips())
        elif how == 1 and sheet.pools:
            unpool_tips(self._mo, UnpoolTips(pool_id=sheet.pools[0].pool_id))
        elif how == 2:
            tip_out(self._ria, TipOut(stylist_id=self._dice.choice((ANNA, BO)), amount=Decimal("2.50")))
        else:
            one = self._dice.choice(sheet.tips or (None,))
            if one is None:
                raise errors.BadInput("No tips yet. Wait for one.")
            to = BO if one.stylist_id == ANNA else ANNA
            part = self._dice.choice([None, one.amount / 2])
            wish = MoveTip(sale_number=one.sale_number, from_stylist_id=one.stylist_id, to_stylist_id=to, amount=part)
            move_tip(self._ria, wish)

    def _pay(self) -> None:
        amount = Decimal(self._dice.choice((-300, 450, 1000))) / 100
        adjust_pay(self._mo, AdjustPay(stylist_id=self._dice.choice((ANNA, BO)), amount=amount, reason="By hand"))

    def _end(self) -> None:
        """The drawer is counted, the day closed, the next one opened with what was left."""
        with transaction(self._mo) as session:
            expected = session.execute(_EXPECTED, {"session": self._session}).scalar_one()
            cards = session.execute(_CARDS).scalar_one()
        off = self._dice.choice([Decimal(0), Decimal(0), Decimal("-0.40"), Decimal("0.55")])
        count = max(Decimal(0), expected + off)
        count_drawer(self._ria, CountDrawer(session_id=self._session, total=count))
        left = min(count, Decimal(100))
        close_drawer(self._mo, CloseDrawer(session_id=self._session, left=left, note="Counted twice"))
        close_day(self._mo, CloseDay(cards=cards, cards_note="As shown", reason="Some pay tomorrow"))
        self._session = open_drawer(self._ria, OpenDrawer(total=left)).session_id


WEIGHTS = (
    ("serve", 30), ("shelf", 14), ("gift", 7), ("package_sold", 6), ("debt", 5), ("credit", 4), ("back", 22),
    ("void", 8), ("move", 6), ("tip", 10), ("pay", 3), ("end", 2),
)  # fmt: skip
_EXPECTED = text("SELECT sum(amount) FROM drawer_cash WHERE session_id = :session")
_CARDS = text("""
    SELECT coalesce(sum(p.amount), 0) FROM payments p JOIN sales s ON s.id = p.sale_id
     WHERE p.method = 'card' AND s.number > coalesce((SELECT max(sales_until) FROM z_reports), 0)
""")
_TAX_INSIDE = text("""
    SELECT coalesce((SELECT sum(t.amount) FROM prepayment_entry_taxes t JOIN prepayment_entries e ON e.id = t.entry_id
                       JOIN prepayments p ON p.id = e.prepayment_id WHERE p.tax_point = 'received'), 0)
         + coalesce((SELECT sum(tax) FROM package_entries), 0)
""")
_CASH = text("""
    SELECT sum(c.amount) FROM drawer_cash c JOIN drawer_sessions s ON s.id = c.session_id WHERE s.closed_at IS NULL
""")


_PAY = text("""
    SELECT 'commission' AS account, -sum(amount) AS owed FROM commissions
     UNION ALL
    SELECT 'commission owed: stylist ' || stylist_id, sum(amount)
      FROM (SELECT stylist_id, amount FROM commissions
             UNION ALL SELECT stylist_id, -commission - top_up FROM statements) c GROUP BY stylist_id
     UNION ALL
    SELECT 'pay: stylist ' || stylist_id, sum(total) FROM statements GROUP BY stylist_id
""")


def balances_of(mo: Desk) -> tuple[dict[str, Decimal], dict[dt.date, Decimal]]:
    """Every account of the journal, and what its days come to: debits are positive."""
    balances: dict[str, Decimal] = defaultdict(Decimal)
    days: dict[dt.date, Decimal] = defaultdict(Decimal)
    for one in export_journal(mo, ExportJournal(first=march(1, 9).date(), last=march(31, 9).date() + MONTH)).postings:
        balances[one.account] += one.debit - one.credit
        days[one.day] += one.debit - one.credit
    return balances, days


def odd_pay(mo: Desk) -> list[str]:
    """Accounts of tips, commission and pay whose balance in the journal is not what the ledgers say."""
    balances, _ = balances_of(mo)
    with transaction(mo) as session:
        owed = {row.account: row.owed or 0 for row in session.execute(_PAY)}
    owed |= {f"tips: stylist {one.stylist_id}": one.amount for one in show_tips_owed(mo, ShowTipsOwed()).owed}
    kinds = ("commission", "pay: ", "tips")
    return [
        account
        for account in sorted({*owed, *(one for one in balances if one.startswith(kinds))})
        if -balances[account] != owed.get(account, 0)
    ]


@pytest.mark.parametrize("seed", seeds(20260309))
def test_whatever_happens_at_the_till_the_books_hold_together(
    ria: Desk, mo: Desk, ada: Desk, clock: SetClock, seed: int
) -> None:
    till = Till(seed, ria, mo, ada, clock)
    for _ in range(90):
        till.turn()
    assert len(till.done) >= 8, till.refused
    assert examine_data(mo, ExamineData()).findings == ()
    assert verify_journal(mo, VerifyJournal()).is_whole
    balances, days = balances_of(mo)
    assert set(days.values()) == {0}
    owed = {one.kind: one.total for one in report_liabilities(mo, ReportLiabilities()).kinds}
    for account, kinds in OWED_BY_US.items():
        assert -balances[account] == sum(owed.get(kind, 0) for kind in kinds), account
    for account, kinds in OWED_TO_US.items():
        assert balances[account] == sum(owed.get(kind, 0) for kind in kinds), account
    with transaction(mo) as session:
        assert balances["cash"] == session.execute(_CASH).scalar_one()
        assert balances["tax on prepayments"] == session.execute(_TAX_INSIDE).scalar_one()
    assert odd_pay(mo) == []
    report = day_report(mo, ReportDay())
    assert sum(report.tenders.values()) == report.total + report.tips
    assert sum(one.total for one in report.stylists) == report.total
    set_guarantee(mo, SetGuarantee(stylist_id=BO, amount=Decimal(10_000)))
    clock.set(clock.now() + MONTH)
    assert close_period(mo, ClosePayPeriod(day=march(9, 9).date())).statements
    assert odd_pay(mo) == []
    for _ in range(10):
        till.turn()
    assert odd_pay(mo) == []
    assert verify_journal(mo, VerifyJournal()).is_whole


def test_what_is_owed_without_an_entry_is_found(server: Handle, committed: str, clock: SetClock) -> None:
    """The control of the one above: a tip and pay that somebody wrote past the journal."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    mo = open_desk(lambda: Session(engine), token("mo"), clock)
    product = SellProduct(product_id=1, stylist_id=BO)
    tenders = (Pay(method="cash"),)
    check_out(mo, CheckOut(products=(product,), tip=Decimal(5), tip_stylist_id=BO, tenders=tenders))
    assert odd_pay(mo) == []
    with psycopg.connect(server.conninfo(committed)) as superuser:
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("UPDATE tips SET stylist_id = %s", (ANNA,))
        superuser.execute("UPDATE commissions SET amount = amount + 1")
    found = [*(f"tips: stylist {who}" for who in (ANNA, BO)), "commission", f"commission owed: stylist {BO}"]
    assert odd_pay(mo) == sorted(found)
    engine.dispose()
