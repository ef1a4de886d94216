"""The doctor finds damage, names the rows, and finds nothing where there is none."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, CUT, JANE, KIM, booked, march

DAMAGE = {
    "no session of a package is used twice, and the last one takes the last cent": "SET session_replication_role ="
    " replica; INSERT INTO package_entries (business_id, shop_id, lot_id, kind, sessions, value, day)"
    " VALUES (1, 1, 1, 'used', -1, -20, '2026-03-09')",
    "what packages and points paid is in their ledgers": "SET session_replication_role = replica;"
    " UPDATE payments SET method = 'points' WHERE method = 'cash'",
    "no card's number is kept": "ALTER TABLE customers DROP CONSTRAINT customers_no_card_numbers;"
    " UPDATE customers SET notes = 'card 4242 4242 4242 4242' WHERE id = 1",
    "derived pieces are what rules and facts say": "DELETE FROM time_slots WHERE status = 'available' AND id % 50 = 0",
    "no two facts of a strip overlap": "ALTER TABLE time_slots DROP CONSTRAINT time_slots_no_overlap;"
    " UPDATE time_slots SET starts_at = starts_at - interval '4 hours' WHERE status = 'booked'"
    " AND starts_at = '2026-03-10 15:00Z'",
    "a sale's lines, tenders and tips add up to its totals": "SET session_replication_role = replica;"
    " UPDATE sale_lines SET total = total + 1, taxable = taxable + 1",
    "receipt numbers have no gaps": "SET session_replication_role = replica; UPDATE sales SET number = 7",
    "a visit's state is that of its lines": "UPDATE appointments SET status = 'completed' WHERE customer_id = 2",
    "a line that is to be served has its time, and one that is not has none": "DELETE FROM time_slots"
    " WHERE status = 'booked' AND starts_at = '2026-03-10 11:00Z'",
    "a fee that was paid is owed, and is what its line on the ticket says": "INSERT INTO appointment_fees (business_id,"
    " shop_id, appointment_service_id, kind, proposed, amount, at, taken_back_at, sale_line_id) SELECT 1, 1, l.id,"
    " 'no_show', 50, 50, now(), now(), s.id FROM appointment_services l, sale_lines s LIMIT 1",
}


@pytest.mark.parametrize("promise", ["nothing", *DAMAGE])
def test_each_kind_of_damage_is_named(server: Handle, committed: str, promise: str) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    mo = open_desk(lambda: Session(engine), vale_street.token("mo"), SetClock(vale_street.NOW))
    visit = booked(mo, JANE, march(10, 15))
    booked(mo, KIM, march(10, 11), (CUT, ANNA))
    booked(mo, None, march(10, 12), (CUT, ANNA))
    move(mo, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 15), stylist_id=ANNA))
    check_out(mo, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(Pay(method="cash"),)))
    if promise in DAMAGE:
        with psycopg.connect(server.conninfo(committed), autocommit=True) as connection:
            connection.execute(DAMAGE[promise])
    found = examine_data(mo, ExamineData()).findings
    assert (promise in {finding.promise for finding in found}) if promise in DAMAGE else found == ()
    assert all(finding.rows and finding.remedy for finding in found)
