"""The last changes anywhere, for who may see them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotAllowed
from frontdesk.services.menu.catalogue import EditService, ListServices, edit_service, list_services
from frontdesk.services.records.changes import ListChanges, list_changes, one_of
from frontdesk.services.team.roster import AddBreak, add_break
from tests.services.desks import ANNA, CUT, JANE, booked, march


def test_the_last_change_is_told_with_what_it_was(mo: Desk) -> None:
    cut = next(s for s in list_services(mo, ListServices()).services if s.code == "CUT")
    edit_service(
        mo,
        EditService(
            service_id=cut.id, version=cut.version, name=cut.name, code=cut.code, price=Decimal(55), minutes=45,
            category=cut.category,
        ),
    )  # fmt: skip
    last = list_changes(mo, ListChanges(limit=1)).changes[0]
    assert (last.who, last.action, last.what) == ("Mo", "changed", "service Cut")
    assert last.details == ("price 50.00 → 55.00",)


def test_what_has_no_name_is_called_by_whose_it_is(mo: Desk) -> None:
    add_break(mo, AddBreak(stylist_id=ANNA, weekday=1, starts=dt.time(13), ends=dt.time(13, 30), name="lunch"))
    last = list_changes(mo, ListChanges(limit=1)).changes[0]
    assert (last.action, last.what) == ("added", "break Anna")
    assert "name lunch" in last.details


def test_a_change_names_whom_and_what_it_is_about_and_tells_the_time_of_the_wall(ria: Desk, mo: Desk) -> None:
    booked(ria, JANE, march(10, 14), (CUT, ANNA))
    said = {one.what.split()[0]: one.details for one in list_changes(mo, ListChanges(limit=20)).changes}
    assert "customer Jane Doe" in said["visit"]
    assert any(one.endswith("Tue 10 Mar 2026 14:00") for one in said["visit"])
    line = said["service"]
    assert {"service Cut", "stylist Anna"} <= {" ".join(one.split()[:2]) for one in line}


@pytest.mark.parametrize(
    ("table", "one"),
    [
        ("prepayment_entries", "prepayment entry"), ("stock_levels", "stock level"),
        ("sale_line_taxes", "sale line tax"),
        ("import_batches", "import batch"), ("price_classes", "price class"), ("coupon_uses", "coupon use"),
        ("time_off", "time off"), ("purchase_orders", "purchase order"),
    ],
)  # fmt: skip
def test_one_row_of_a_table_is_called_by_one(table: str, one: str) -> None:
    assert one_of(table) == one


def test_pages_follow_each_other(mo: Desk) -> None:
    first = list_changes(mo, ListChanges(limit=5)).changes
    rest = list_changes(mo, ListChanges(limit=5, before=first[-1].at)).changes
    assert len(first) == 5
    assert all(change.at < first[-1].at for change in rest)


def test_a_receptionist_does_not_see_what_everybody_did(ria: Desk) -> None:
    with pytest.raises(NotAllowed, match="Ria may not see who did what"):
        list_changes(ria, ListChanges())


def test_more_than_can_be_read_is_refused(mo: Desk) -> None:
    with pytest.raises(BadInput):
        list_changes(mo, ListChanges(limit=100_000))
