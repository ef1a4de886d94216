"""The doctor finds a ledger that was bent by hand, and nothing wrong where everything was sold, used and given back."""

from __future__ import annotations

from decimal import Decimal

import psycopg
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.prepaid.credit import GiveCredit, give_credit
from frontdesk.services.prepaid.house_accounts import SetAccount, set_account
from frontdesk.services.prepaid.vouchers import SetIssuer, SettleVouchers, set_issuer, settle
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.records.ledger_promises import PROMISES
from frontdesk.services.ticket.ticket_wishes import Pay, PayAccount
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import JANE
from tests.services.prepaid.test_gift_cards import CASH, SHAMPOO, by_card, sold

DAMAGE = (
    "UPDATE prepayment_entries SET amount = -218 WHERE kind = 'redeemed' AND corrects_id IS NULL",
    "UPDATE account_entries SET amount = -1 WHERE kind = 'paid'",
    "DELETE FROM receivable_entries WHERE kind = 'owed' AND corrects_id IS NULL",
)


def _a_day(mo: Desk) -> None:
    sold(mo, "50.00")
    give_credit(mo, GiveCredit(customer_id=JANE, amount=Decimal(30), reason="Burnt ear"))
    set_account(mo, SetAccount(customer_id=JANE, limit=Decimal(50)))
    issuer = set_issuer(mo, SetIssuer(name="City card", fee_percent=Decimal(5))).id
    sales = [
        check_out(mo, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(pay,)))
        for pay in (
            by_card(), Pay(method="credit"), Pay(method="account"), Pay(method="transfer"),
            Pay(method="voucher", issuer_id=issuer, code="C-1001"),
        )
    ]  # fmt: skip
    void(mo, VoidSale(sale_id=sales[0].sale_id, reason="Wrong one"))
    refund(mo, Refund(sale_id=sales[1].sale_id, amount=Decimal(5), reason="Half empty"))
    check_out(mo, CheckOut(accounts=(PayAccount(customer_id=JANE, amount=Decimal(10)),), tenders=(CASH,)))
    settle(mo, SettleVouchers(issuer_id=issuer, amount=Decimal("17.10")))
    refund(mo, Refund(sale_id=sales[3].sale_id, reason="Broken"))


def test_a_ledger_bent_by_hand_is_found(server: Handle, committed: str) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    mo = open_desk(lambda: Session(engine), vale_street.token("mo"), SetClock(vale_street.NOW))
    _a_day(mo)
    assert examine_data(mo, ExamineData()).findings == ()
    with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in DAMAGE:
            connection.execute(statement)
    found = {finding.promise: finding.rows for finding in examine_data(mo, ExamineData()).findings}
    assert {promise for promise, _, _ in PROMISES} <= set(found)
    engine.dispose()
