"""A till in a process of its own, to be killed: takes the money for visits named on its standard input.

`careless` does what a till without transactions would: the same rows, each committed by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.errors import Busy, OutcomeUnknown, Unreachable
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from tests import vale_street


def careful(conninfo: str) -> None:
    """The real thing."""
    sell = _till(conninfo)
    for line in sys.stdin:
        visit, key = line.split()
        sell(int(visit), key)
        print(key, flush=True)


def steady(conninfo: str) -> None:
    """The real thing at a server that dies beneath it: `lost` is what it answers when it does not know.

    A line that ends with `early` is the negative control: it is acknowledged before the money is taken.
    """
    sell = _till(conninfo)
    for line in sys.stdin:
        visit, key, *early = line.split()
        if early:
            print(key, flush=True)
        try:
            sell(int(visit), key)
        except (Unreachable, OutcomeUnknown, Busy):
            print("lost", flush=True)
        else:
            print(key, flush=True)


def _till(conninfo: str) -> Callable[[int, str], object]:
    engine = open_engine(conninfo)
    desk = open_desk(lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW))
    print("ready", flush=True)

    def sell(visit: int, key: str) -> object:
        wish = CheckOut(
            appointment_ids=(visit,),
            tenders=(Pay(method="cash", amount=Decimal(20)), Pay(method="card", approval_code="1")),
            request_id=UUID(key),
        )
        return check_out(desk, wish)

    return sell


def careless(conninfo: str) -> None:
    """The negative control."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        print("ready", flush=True)
        for line in sys.stdin:
            visit, key = line.split()
            sale = connection.execute(
                "INSERT INTO sales (business_id, shop_id, day, currency, status, imported_number, subtotal, tax, total)"
                " VALUES (1, 1, '2026-03-09', 'GBP', 'open', %s, 50, 8.33, 50) RETURNING id",
                (str(uuid4()),),
            ).fetchone()
            assert sale is not None
            for amount in (20, 30):
                connection.execute(
                    "INSERT INTO payments (business_id, sale_id, position, method, amount, tendered)"
                    " VALUES (1, %s, %s, 'cash', %s, %s)",
                    (sale[0], amount, amount, amount),
                )
            connection.execute(
                "INSERT INTO sale_lines (business_id, sale_id, position, kind, appointment_service_id, name, quantity,"
                " unit_price, gross, taxable, tax, total) SELECT 1, %s, 1, 'service', id, 'Cut', 1, 50, 50, 41.67,"
                " 8.33, 50 FROM appointment_services WHERE appointment_id = %s ON CONFLICT DO NOTHING",
                (sale[0], visit),
            )
            connection.execute("UPDATE sales SET status = 'closed' WHERE id = %s", (sale[0],))
            print(key, flush=True)


if __name__ == "__main__":
    {"careful": careful, "careless": careless, "steady": steady}[sys.argv[1]](sys.argv[2])
