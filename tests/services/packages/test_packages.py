"""Packages: each session pays for its line at its own value, once, and what is unused goes back (features CO9)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, current_thread

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.permissions import Role
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.packages import package_lots
from frontdesk.services.packages.package_changes import (
    BringPackage,
    CorrectSessions,
    FreezePackage,
    LapsePackages,
    NotShared,
    SharePackage,
    ThawPackage,
    UnsharePackage,
    bring_package,
    correct_sessions,
    freeze_package,
    lapse_packages,
    share_package,
    thaw_package,
    unshare_package,
)
from frontdesk.services.packages.package_report import ReportPackages, package_report
from frontdesk.services.packages.packages import (
    AddPackage,
    CustomerPackageCard,
    FindSessions,
    PackageCard,
    Sessions,
    ShowCustomerPackages,
    add_package,
    customer_packages,
    usable_sessions,
)
from frontdesk.services.packages.selling_packages import PackageMostlyUsed
from frontdesk.services.packages.using_sessions import PackageForOthers, PackageFrozen, PackageNotForThis, PackageNotYet
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.reports.balances import ShowBalances, balances
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellPackage, SellProduct, UseSession
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.discounts import SetDiscountLimit, set_discount_limit
from frontdesk.services.till.refunding import GiveBackLine, Refund, refund
from frontdesk.services.till.ticket import QuoteTicket, quote
from frontdesk.services.till.voiding import VoidSale, void
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, OLA, booked, march
from tests.vale_street import NOW, token

CASH = Pay(method="cash")


def _fives(desk: Desk, price: str = "200", **more: object) -> PackageCard:
    wish = {"services": (Sessions(service_id=CUT, sessions=5),), "tax_point": "used", "months": 12, **more}
    return add_package(desk, AddPackage(name="Five cuts", price=Decimal(price), **wish))  # type: ignore[arg-type]


def _sell(desk: Desk, package: PackageCard, customer: int = JANE) -> Receipted:
    return check_out(
        desk, CheckOut(packages=(SellPackage(package_id=package.id, customer_id=customer),), tenders=(CASH,))
    )


def _theirs(desk: Desk, customer: int = JANE) -> CustomerPackageCard:
    return customer_packages(desk, ShowCustomerPackages(customer_id=customer, all=True)).packages[0]


def _line(desk: Desk, appointment_id: int, place: int = 0) -> int:
    return show(desk, ShowVisit(appointment_id=appointment_id)).lines[place].id


def _cut_by_session(
    desk: Desk, package_id: int | None, *tenders: Pay, hour: int = 10, customer: int = JANE
) -> Receipted:
    visit = booked(desk, customer, march(9, hour))
    use = UseSession(line_id=_line(desk, visit.appointment_id), customer_package_id=package_id)
    return check_out(desk, CheckOut(appointment_ids=(visit.appointment_id,), sessions=(use,), tenders=tenders))


def _number(desk: Desk, statement: str) -> Decimal:
    with transaction(desk) as session:
        return Decimal(session.execute(text(statement)).scalar_one())


def test_using_one_of_five_leaves_four_and_a_refund_of_the_visit_gives_it_back(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    mine = _theirs(ria)
    assert (mine.left, mine.last_day) == (5, dt.date(2027, 3, 8))
    sale = _cut_by_session(ria, mine.id)
    assert [(p.method, p.amount) for p in sale.payments] == [("package", Decimal("40.00"))]
    assert _theirs(ria).left == 4
    refund(mo, Refund(sale_id=sale.sale_id, reason="Unhappy"))
    assert _theirs(ria).left == 5


def test_a_void_of_the_visit_gives_its_session_back_and_the_visit_can_be_paid_again(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    sale = _cut_by_session(ria, _theirs(ria).id)
    void(ria, VoidSale(sale_id=sale.sale_id, reason="Wrong visit"))
    assert _theirs(ria).left == 5
    assert _number(ria, "SELECT sum(value) FROM package_entries") == 200


def test_a_session_has_its_own_value_and_the_list_price_stays_beside_it(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo, "100"))
    _cut_by_session(ria, _theirs(ria).id)
    with transaction(ria) as session:
        row = session.execute(text("SELECT * FROM sale_lines WHERE kind = 'service'")).one()
    assert (row.unit_price, row.list_price, row.voucher_value, row.total) == (20, 50, 20, 20)


def test_the_values_of_all_sessions_are_the_price_to_the_cent(ria: Desk, mo: Desk) -> None:
    package = add_package(
        mo,
        AddPackage(
            name="Three", price=Decimal(100), services=(Sessions(service_id=CUT, sessions=3),), tax_point="used"
        ),
    )
    _sell(ria, package)
    mine = _theirs(ria)
    taken = [_cut_by_session(ria, mine.id, hour=hour).total for hour in (9, 11, 14)]
    assert sorted(taken) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    with pytest.raises(errors.PackageUsedUp):
        _cut_by_session(ria, mine.id, hour=16)


def test_a_package_is_sold_and_its_first_session_used_on_one_ticket(ria: Desk, mo: Desk) -> None:
    package = _fives(mo)
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    wish = CheckOut(
        appointment_ids=(visit.appointment_id,),
        packages=(SellPackage(package_id=package.id),),
        sessions=(UseSession(line_id=_line(ria, visit.appointment_id)),),
        tenders=(Pay(method="cash", amount=Decimal(300)),),
    )
    sale = check_out(ria, wish)
    assert [(p.method, p.amount) for p in sale.payments] == [
        ("package", Decimal("40.00")),
        ("cash", Decimal("230.00")),
    ]
    assert (sale.change, _theirs(ria).left) == (Decimal("70.00"), 4)
    void(ria, VoidSale(sale_id=sale.sale_id, reason="Another card"))
    gone = _theirs(ria)
    assert (gone.is_over, gone.left, _number(ria, "SELECT sum(value) FROM package_entries")) == (True, 0, Decimal(0))


def test_tax_paid_with_the_package_is_not_paid_again_with_its_sessions(ria: Desk, mo: Desk) -> None:
    sold = _sell(ria, _fives(mo, "100", tax_point="received"))
    assert sold.tax == Decimal("16.67")
    mine = _theirs(ria)
    for hour in (9, 10, 11, 14, 15):
        assert _cut_by_session(ria, mine.id, hour=hour).total == 20
    # 16.67 is not five times 3.33: the cents of the parts are the cents of the whole all the same.
    assert _number(ria, "SELECT sum(tax) FROM package_entries") == 0
    assert _number(ria, "SELECT sum(taxable) FROM sale_lines WHERE kind = 'prepaid_tax'") == Decimal("16.67")


def test_with_a_session_goes_back_the_tax_that_its_package_had_paid(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo, "100", tax_point="received"))
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    use = UseSession(line_id=_line(ria, visit.appointment_id), customer_package_id=_theirs(ria).id)
    sale = check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), sessions=(use,), tenders=(CASH,)))
    assert (sale.tax, _number(ria, "SELECT sum(tax) FROM sale_lines")) == (Decimal("5.00"), Decimal("21.67"))
    with transaction(ria) as session:
        line = session.execute(text("SELECT id FROM sale_lines WHERE voucher_value IS NOT NULL")).scalar_one()
    refund(mo, Refund(sale_id=sale.sale_id, reason="Unhappy", lines=(GiveBackLine(line_id=line),)))
    # The package's 16.67 and the blow-dry's 5.00 are what was taxed, and the package is whole again.
    assert (_theirs(ria).left, _number(ria, "SELECT sum(tax) FROM sale_lines")) == (5, Decimal("21.67"))
    assert _number(ria, "SELECT sum(tax) FROM package_entries") == Decimal("16.67")
    assert _number(ria, "SELECT count(*) FROM sale_lines WHERE kind = 'prepaid_tax'") == 2


def test_no_discount_reaches_what_a_session_pays_for(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    visit = booked(ria, JANE, march(9, 10))
    use = UseSession(line_id=_line(ria, visit.appointment_id), customer_package_id=_theirs(ria).id)
    sale = check_out(
        ria,
        CheckOut(
            appointment_ids=(visit.appointment_id,),
            sessions=(use,),
            products=(SellProduct(product_id=1),),
            discount=Off(percent=Decimal(10)),
            tenders=(CASH,),
        ),
    )
    assert [(p.method, p.amount) for p in sale.payments] == [("package", Decimal("40.00")), ("cash", Decimal("16.20"))]


def test_a_quote_says_what_the_session_pays_and_uses_nothing(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    use = UseSession(line_id=_line(ria, visit.appointment_id), customer_package_id=_theirs(ria).id)
    shown = quote(ria, QuoteTicket(appointment_ids=(visit.appointment_id,), sessions=(use,)))
    assert [(one.method, one.amount) for one in shown.tenders] == [("package", Decimal("40.00"))]
    assert (shown.total_due, shown.rest, _theirs(ria).left) == (Decimal(70), Decimal(30), 5)


def test_a_package_pays_for_its_services_and_its_people_only(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    mine = _theirs(ria)
    visit = booked(ria, JANE, march(9, 10), (BLOW_DRY, BO))
    use = UseSession(line_id=_line(ria, visit.appointment_id), customer_package_id=mine.id)
    with pytest.raises(PackageNotForThis, match="Five cuts pays for Cut, not for Blow-dry"):
        check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), sessions=(use,), tenders=(CASH,)))
    with pytest.raises(PackageForOthers, match="belongs to Jane Doe"):
        _cut_by_session(ria, mine.id, hour=14, customer=KIM)
    assert _theirs(ria).left == 5


def test_only_what_is_unused_of_a_package_goes_back(ria: Desk, mo: Desk) -> None:
    sold = _sell(ria, _fives(mo))
    _cut_by_session(ria, _theirs(ria).id)
    with pytest.raises(PackageMostlyUsed, match="£160.00, not £200.00"):
        refund(mo, Refund(sale_id=sold.sale_id, reason="Moves away"))
    with transaction(ria) as session:
        line = session.execute(text("SELECT id FROM sale_lines WHERE kind = 'package'")).scalar_one()
    back = GiveBackLine(line_id=line, amount=Decimal(160))
    refund(mo, Refund(sale_id=sold.sale_id, reason="Moves away", lines=(back,)))
    assert (_theirs(ria).is_over, _number(ria, "SELECT sum(value) FROM package_entries")) == (True, Decimal(0))


def test_money_alone_makes_what_is_left_cheaper(ria: Desk, mo: Desk) -> None:
    sold = _sell(ria, _fives(mo))
    with transaction(ria) as session:
        line = session.execute(text("SELECT id FROM sale_lines WHERE kind = 'package'")).scalar_one()
    refund(mo, Refund(sale_id=sold.sale_id, reason="Goodwill", lines=(GiveBackLine(line_id=line, amount=Decimal(50)),)))
    assert (_theirs(ria).left, _cut_by_session(ria, _theirs(ria).id).total) == (5, Decimal("30.00"))


def test_what_can_be_paid_by_package_is_offered_for_the_ticket(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    offered = usable_sessions(ria, FindSessions(appointment_ids=(visit.appointment_id,))).sessions
    assert [(one.service, one.name, one.left) for one in offered] == [("Cut", "Five cuts", 5)]


def test_packages_stand_among_a_customers_balances(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo))
    shown = balances(ria, ShowBalances(customer_id=JANE)).balances
    assert [(one.name, one.sessions, one.amount) for one in shown] == [("Five cuts: Cut", 5, Decimal(200))]


def test_a_membership_brings_its_sessions_anew_each_period_and_they_add_up_to_its_price(
    ria: Desk, mo: Desk, clock: SetClock
) -> None:
    yearly = add_package(
        mo,
        AddPackage(
            name="Monthly", kind="membership", price=Decimal(250), months=12, renews_months=1,
            services=(Sessions(service_id=CUT, sessions=1),), tax_point="used",
        ),
    )  # fmt: skip
    _sell(ria, yearly)
    mine = _theirs(ria)
    assert (len(mine.sessions), sum((one.value for one in mine.sessions), Decimal(0))) == (12, Decimal(250))
    _cut_by_session(ria, mine.id)
    with pytest.raises(PackageNotYet, match="from Thu 9 Apr"):
        _cut_by_session(ria, mine.id, hour=14)
    clock.set(march(9, 9).replace(month=5, day=20))
    lapsed = lapse_packages(mo, LapsePackages())
    assert (lapsed.sessions, lapse_packages(mo, LapsePackages()).sessions) == (1, 0)
    assert _number(ria, "SELECT count(*) FROM package_entries WHERE kind = 'expired' AND day = '2026-05-09'") == 1
    report = package_report(mo, ReportPackages(first_day=dt.date(2026, 3, 1), last_day=dt.date(2026, 5, 31)))
    figures = report.packages[0]
    assert (figures.sold, figures.used_sessions) == (Decimal(250), 1)
    assert figures.sold == figures.used + figures.lapsed + figures.owed
    assert report.owed == sum(
        (one.amount or Decimal(0) for one in balances(ria, ShowBalances(customer_id=JANE)).balances), Decimal(0)
    )


def test_members_pay_less_for_services_and_the_ticket_says_why(ria: Desk, mo: Desk) -> None:
    set_discount_limit(mo, SetDiscountLimit(role=Role.RECEPTIONIST, percent=Decimal(5)))
    club = add_package(
        mo, AddPackage(name="Club", kind="membership", price=Decimal(60), months=12, percent_off=Decimal(10))
    )
    assert (club.tax_point, _sell(ria, club).tax) == ("received", Decimal("10.00"))
    visit = booked(ria, JANE, march(9, 10))
    shown = quote(ria, QuoteTicket(appointment_ids=(visit.appointment_id,)))
    assert shown.discounts == (("Club 10 %, on Cut", Decimal("5.00")),)
    assert check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(CASH,))).total == 45
    with transaction(mo) as session:
        kept = session.execute(text("SELECT reason, approved_by FROM sale_discounts")).one()
    assert tuple(kept) == ("Club", None)
    other = booked(ria, KIM, march(9, 14))
    assert quote(ria, QuoteTicket(appointment_ids=(other.appointment_id,))).discounts == ()


def test_a_frozen_package_rests_and_is_good_for_as_many_days_longer(ria: Desk, mo: Desk, clock: SetClock) -> None:
    _sell(ria, _fives(mo))
    mine = _theirs(ria)
    frozen = freeze_package(
        ria, FreezePackage(customer_package_id=mine.id, until_day=dt.date(2026, 4, 8), reason="Broken leg")
    )
    assert (frozen.last_day, frozen.frozen_until) == (dt.date(2027, 4, 7), dt.date(2026, 4, 8))
    with pytest.raises(PackageFrozen, match="Wed 8 Apr"):
        _cut_by_session(ria, mine.id)
    with pytest.raises(errors.PackageFrozenThen):
        freeze_package(ria, FreezePackage(customer_package_id=mine.id, until_day=dt.date(2026, 3, 20), reason="Again"))
    clock.set(march(19, 9))
    thawed = thaw_package(ria, ThawPackage(customer_package_id=mine.id))
    assert (thawed.last_day, thawed.frozen_until) == (dt.date(2027, 3, 18), None)


def test_a_shared_package_pays_for_the_family_and_for_no_more_than_it_allows(ria: Desk, mo: Desk) -> None:
    _sell(ria, _fives(mo, sharers=1))
    mine = _theirs(ria)
    share_package(ria, SharePackage(customer_package_id=mine.id, customer_id=KIM))
    with pytest.raises(NotShared):
        share_package(ria, SharePackage(customer_package_id=mine.id, customer_id=OLA))
    _cut_by_session(ria, mine.id, customer=KIM)
    assert [(one.name, one.sessions) for one in balances(ria, ShowBalances(customer_id=KIM)).balances] == [
        ("Five cuts: Cut", 4)
    ]
    unshare_package(ria, UnsharePackage(customer_package_id=mine.id, customer_id=KIM))
    with pytest.raises(PackageForOthers):
        _cut_by_session(ria, mine.id, hour=14, customer=KIM)


def test_what_is_left_of_a_package_from_elsewhere_is_an_opening_balance(ria: Desk, mo: Desk) -> None:
    package = _fives(mo)
    left = (Sessions(service_id=CUT, sessions=2),)
    with pytest.raises(errors.NotAllowed):
        bring_package(ria, _brought(package, left))
    brought = bring_package(mo, _brought(package, left))
    assert (brought.left, _cut_by_session(ria, brought.id).total) == (2, Decimal("35.00"))
    corrected = correct_sessions(
        mo, CorrectSessions(lot_id=brought.sessions[0].lot_id, sessions=-1, reason="Used 2025")
    )
    assert (corrected.left, _number(ria, "SELECT sum(value) FROM package_entries")) == (0, Decimal(0))


def _brought(package: PackageCard, left: tuple[Sessions, ...]) -> BringPackage:
    return BringPackage(
        package_id=package.id, customer_id=JANE, services=left, value=Decimal(70), reason="From the old till"
    )


def _last_session(handle: Handle, database: str) -> tuple[int, list[tuple[int, int]]]:
    """One session left, and two visits that want it: the package, and the visits with their lines."""
    engine = open_engine(desk_conninfo(handle, database))
    mo = open_desk(lambda: Session(engine), token("mo"), SetClock(NOW))
    package = add_package(
        mo,
        AddPackage(name="One", price=Decimal(30), services=(Sessions(service_id=CUT, sessions=1),), tax_point="used"),
    )
    _sell(mo, package)
    visits = [booked(mo, JANE, march(9, hour)).appointment_id for hour in (10, 14)]
    found = _theirs(mo).id, [(visit, _line(mo, visit)) for visit in visits]
    engine.dispose()
    return found


def _race(handle: Handle, database: str) -> list[str]:
    """Both visits are paid with the last session at once, at two tills: what came of each."""
    package, visits = _last_session(handle, database)
    engines = [open_engine(desk_conninfo(handle, database)) for _ in visits]

    def pay(engine: Engine, visit: tuple[int, int]) -> str:
        desk = open_desk(lambda: Session(engine), token("ria"), SetClock(NOW))
        use = UseSession(line_id=visit[1], customer_package_id=package)
        try:
            check_out(desk, CheckOut(appointment_ids=(visit[0],), sessions=(use,)))
        except Refusal as refusal:
            return refusal.code
        return "paid"

    with ThreadPoolExecutor(2) as tills:
        came = list(tills.map(pay, engines, visits))
    for engine in engines:
        engine.dispose()
    return sorted(came)


def test_the_last_session_is_used_once_at_two_tills(server: Handle, committed: str) -> None:
    assert _race(server, committed) == ["PackageUsedUp", "paid"]


def test_without_its_trigger_and_its_lock_the_last_session_would_be_used_twice(
    server: Handle, committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)
    with psycopg.connect(server.conninfo(committed)) as owner:
        owner.execute("DROP TRIGGER package_entries_not_overdrawn ON package_entries")
    monkeypatch.setattr(package_lots, "hold", lambda work, ids: None)
    read = package_lots.lots_left

    def read_together(*asked: object, **more: object) -> object:
        found = read(*asked, **more)  # type: ignore[arg-type]
        both.wait(10) if current_thread().name.startswith("ThreadPool") else None
        return found

    monkeypatch.setattr(package_lots, "lots_left", read_together)
    assert _race(server, committed) == ["paid", "paid"]
