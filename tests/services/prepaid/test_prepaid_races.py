"""Many tills that want the last of it at once: one wins, and nothing is there twice. With their negative control."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.prepaid.credit import GiveCredit, give_credit
from frontdesk.services.prepaid.house_accounts import SetAccount, set_account
from frontdesk.services.prepaid.vouchers import SetIssuer, set_issuer
from frontdesk.services.ticket.ticket_wishes import Pay, TakeDeposit
from frontdesk.services.till.checkout import CheckOut, check_out
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, COLOUR, JANE, booked, march
from tests.services.lock_line import until_they_wait
from tests.services.prepaid.test_gift_cards import CASH, SHAMPOO, by_card, sold

TILLS = 4


@contextmanager
def _desks(handle: Handle, database: str) -> Iterator[Callable[[str], Desk]]:
    """A maker of desks, each with a connection of its own, as terminals have."""
    engine = open_engine(desk_conninfo(handle, database), poolclass=NullPool)
    yield lambda login: open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))
    engine.dispose()


def _at_once(desks: list[Desk], wish: Callable[[], CheckOut]) -> Counter[str]:
    gate = threading.Barrier(len(desks))

    def one(desk: Desk) -> str:
        asked = wish()
        gate.wait()
        try:
            check_out(desk, asked)
        except Refusal as refused:
            return refused.code
        return "sold"

    with ThreadPoolExecutor(len(desks)) as pool:
        return Counter(pool.map(one, desks))


def _again(wish: CheckOut) -> CheckOut:
    """The same wish, formed at another till."""
    return replace(wish, request_id=uuid4())


SHAMPOO_FOR_JANE = CheckOut(customer_id=JANE, products=(SHAMPOO,))


def _number(connection: psycopg.Connection, question: str) -> Decimal:
    row = connection.execute(question).fetchone()
    assert row is not None
    return Decimal(row[0])


@pytest.mark.parametrize(("guarded", "winners"), [(True, 1), (False, TILLS)])
def test_the_last_eighteen_of_a_card_are_redeemed_once(
    server: Handle, committed: str, guarded: bool, winners: int
) -> None:
    with _desks(server, committed) as desk, psycopg.connect(server.conninfo(committed), autocommit=True) as owner:
        sold(desk("ria"), "18.00")
        if not guarded:
            owner.execute("DROP TRIGGER prepayment_entries_covered ON prepayment_entries")
        tills = [desk("ria") for _ in range(TILLS)]
        # Every till sees 18.00 and waits for its number before any has taken it, as all do that look before they lock.
        with ThreadPoolExecutor(1) as aside, psycopg.connect(server.conninfo(committed)) as first:
            first.execute("SELECT FROM sale_numbers FOR UPDATE")
            racing = aside.submit(_at_once, tills, lambda: CheckOut(products=(SHAMPOO,), tenders=(by_card(),)))
            until_they_wait(server.conninfo(committed), TILLS)
            first.rollback()
            came = racing.result()
        balance = _number(owner, "SELECT sum(amount) FROM prepayment_entries")
        assert came["sold"] == winners, came
        assert balance == Decimal("18.00") * (1 - winners)
        if guarded:
            assert set(came) <= {"sold", "SpentMeanwhile", "CardEmpty"}
            assert _number(owner, "SELECT max(number) FROM sales") == 2, "who lost took no number"


def test_credit_accounts_deposits_and_vouchers_are_covered_too(server: Handle, committed: str) -> None:
    with _desks(server, committed) as desk, psycopg.connect(server.conninfo(committed), autocommit=True) as owner:
        mo = desk("mo")
        give_credit(mo, GiveCredit(customer_id=JANE, amount=Decimal(18), reason="Burnt ear"))
        set_account(mo, SetAccount(customer_id=JANE, limit=Decimal(20)))
        issuer = set_issuer(mo, SetIssuer(name="City card")).id
        visits = [booked(mo, JANE, march(11, 13), (COLOUR, ANNA)).appointment_id]
        check_out(
            mo,
            CheckOut(deposits=(TakeDeposit(appointment_id=visits[0], amount=Decimal(36)),), tenders=(CASH,)),
        )
        tills = [desk("ria") for _ in range(TILLS)]
        for pay in (
            Pay(method="credit", amount=Decimal(18)),
            Pay(method="account", amount=Decimal(18)),
            Pay(method="voucher", issuer_id=issuer, code="C-1001"),
        ):
            wish = replace(SHAMPOO_FOR_JANE, tenders=(pay,))
            came = _at_once(tills, partial(_again, wish))
            assert came["sold"] == 1, (pay.method, came)
        came = _at_once(
            tills,
            lambda: CheckOut(appointment_ids=tuple(visits), tenders=(Pay(method="deposit"), Pay(method="cash"))),
        )
        assert came == {"sold": 1, "AlreadyPaid": TILLS - 1}
        for ledger in ("prepayment_entries", "account_entries", "receivable_entries"):
            assert _number(owner, f"SELECT sum(amount) FROM {ledger}") >= 0
        assert _number(owner, "SELECT count(*) FROM receivables") == 1
