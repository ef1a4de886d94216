"""One salon day from the first sign-in to the report, each step checked: what `frontdesk selftest` plays.

It goes through the same services as every screen and command, on a database of its own, by a clock that stands where
the story puts it. A step that comes out otherwise than written here raises WentWrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from frontdesk import errors
from frontdesk.clock import SetClock, instant
from frontdesk.desk import Desk
from frontdesk.permissions import Role
from frontdesk.services.book.booking import Booked, MoveAppointment, book, move
from frontdesk.services.book.visits import LeaveVisit, StepVisit, arrive, cancel, finish, start
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.drawers.closing import CloseDay, ShowX, ShowZ, close_day, show_x, show_z
from frontdesk.services.drawers.drawer_counts import CloseDrawer, CountDrawer, Outcome, close_drawer, count_drawer
from frontdesk.services.drawers.drawer_moves import PayOut, pay_out
from frontdesk.services.drawers.drawers import ListDrawers, OpenDrawer, list_drawers, open_drawer
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.people.people import AddUser, RegisterTerminal, add_user, register_terminal
from frontdesk.services.people.sign_in import Sessions, open_desk, sign_in
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.presets import InstallPreset, install_preset
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.reports.reports import DayReport, ReportDay, day_report
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.shop.setup import FoundBusiness, found_business
from frontdesk.services.team.roster import Shift
from frontdesk.services.team.stylists import AddStylist, add_stylist
from frontdesk.services.ticket.ticket_wishes import Off, Pay
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.wording import clock_time

MONDAY = dt.date(2026, 3, 9)
TUESDAY = dt.date(2026, 3, 10)
LONDON = "Europe/London"
TEN_PER_CENT = Off(percent=Decimal(10))


class WentWrong(Exception):
    """A step did not come out as it should."""


@dataclass
class Teller:
    """Says what happens, and holds it against what should."""

    say: Callable[[str, str], None]
    """Takes the clock's time and a sentence; an empty time goes on with the sentence before."""
    clock: SetClock = field(default_factory=SetClock)
    steps: int = 0
    checks: int = 0

    def step(self, sentence: str, *more: str) -> None:
        """Something happened."""
        self.steps += 1
        self.say(clock_time(self.clock.now(), LONDON), sentence)
        for line in more:
            self.say("", line)

    def expect(self, what: str, got: object, wanted: object) -> None:
        """It came out so."""
        self.checks += 1
        if got != wanted:
            raise WentWrong(f"{what} should be {wanted!r}, and is {got!r}")

    def refused(self, why: type[errors.Refusal], doing: Callable[[], object]) -> str:
        """It was refused, and in which words."""
        self.checks += 1
        try:
            doing()
        except why as refusal:
            return refusal.sentence
        raise WentWrong(f"that should have been refused as {why.__name__}")

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """Put the hands of the clock there."""
        self.clock.set(instant(day, dt.time(hour, minute), LONDON))
        return self.clock.now()


@dataclass(frozen=True)
class Cast:
    """Who is in the shop."""

    ada: Desk
    ria: Desk
    mo: Desk
    terminal: str
    customers: dict[str, int] = field(default_factory=dict)


def play(teller: Teller, owner: Sessions, sessions: Sessions) -> None:
    """Play the day in an empty, migrated database. Raises WentWrong; whatever else goes wrong travels up."""
    teller.at(MONDAY, 8, 30)
    cast = _the_shop_opens(teller, owner, sessions)
    jane = _jane_is_booked(teller, cast)
    kim = _kim_wants_the_same_time(teller, cast)
    _ola_changes_her_mind(teller, cast)
    _tuesday(teller, cast, jane, kim)
    receipt = _jane_pays(teller, cast, jane)
    _kim_pays(teller, cast, kim)
    _the_day_is_read(teller, cast, receipt)
    _the_day_is_closed(teller, cast)


def _the_shop_opens(teller: Teller, owner: Sessions, sessions: Sessions) -> Cast:
    found_business(
        owner,
        FoundBusiness(
            name="Vale", code="vale", shop="Vale Street", timezone=LONDON, currency="GBP", locale="en_GB",
            country="GB", admin_login="ada", admin_name="Ada", admin_password="a long password",
            address="12 Vale Street\nLondon", receipt_footer="See you soon",
        ),
    )  # fmt: skip
    token = sign_in(sessions, login="ada", secret="a long password")
    ada = open_desk(sessions, token, teller.clock)
    installed = install_preset(ada, InstallPreset(preset="salon"))
    teller.step(f"Ada opens Vale Street: a salon with {installed.services} services, prices with VAT inside.")
    week = tuple(Shift(weekday=day, starts=dt.time(9), ends=dt.time(17)) for day in range(1, 7))
    late = tuple(Shift(weekday=day, starts=dt.time(10), ends=dt.time(18)) for day in range(1, 7))
    for name, shifts, percent in (("Anna", week, "40"), ("Bo", late, "35.5")):
        wish = AddStylist(first_name=name, shifts=shifts, service_percent=Decimal(percent), product_percent=Decimal(10))
        add_stylist(ada, wish)
    teller.step("Anna works from nine to five, Bo from ten to six. Anna earns 40 % of her services, Bo 35.5 %.")
    add_user(ada, AddUser(login="ria", name="Ria", role=Role.RECEPTIONIST, pin="4711"))
    add_user(ada, AddUser(login="mo", name="Mo", role=Role.MANAGER, pin="9876"))
    terminal = register_terminal(ada, RegisterTerminal(name="front desk")).secret
    sentence = teller.refused(errors.WrongSecret, lambda: _with_pin(teller, sessions, terminal, "ria", "4712"))
    ria = _with_pin(teller, sessions, terminal, "ria", "4711")
    teller.step("Ria mistypes her PIN, then signs in.", sentence)
    people = {
        name: add_customer(ria, AddCustomer(first_name=name, last_name=last, phone=phone)).id
        for name, last, phone in (("Jane", "Doe", "07700 900123"), ("Kim", "Lee", ""), ("Ola", "Berg", ""))
    }
    opened = open_drawer(ria, OpenDrawer(typed="20x2 10x3 5x4 1x10"))
    teller.expect("the float", opened.opening_float, Decimal("100.00"))
    teller.step("Ria counts 100.00 into the drawer: 20x2 10x3 5x4 1x10.")
    return Cast(ada, ria, _with_pin(teller, sessions, terminal, "mo", "9876"), terminal, people)


def _with_pin(teller: Teller, sessions: Sessions, terminal: str, login: str, pin: str) -> Desk:
    token = sign_in(sessions, login=login, secret=pin, method="pin", terminal_secret=terminal)
    return open_desk(sessions, token, teller.clock)


def _typed(teller: Teller, desk: Desk, line: str) -> tuple[Understood, Callable[[], Booked]]:
    read = read_phrase(desk, ReadPhrase(text=line))
    if read.request is None:
        raise WentWrong(f"{line!r} was not understood: {read.question}")
    wish = read.request
    return read, lambda: book(desk, wish)


def _jane_is_booked(teller: Teller, cast: Cast) -> Booked:
    teller.at(MONDAY, 9)
    read, press_enter = _typed(teller, cast.ria, "jane cut tue 3pm anna")
    booked = press_enter()
    teller.expect("Jane's time", booked.starts_at, instant(TUESDAY, dt.time(15), LONDON))
    teller.step('Jane rings. Ria types "jane cut tue 3pm anna":', read.preview, f"Booked as visit {booked.code}.")
    return booked


def _kim_wants_the_same_time(teller: Teller, cast: Cast) -> Booked:
    teller.at(MONDAY, 9, 5)
    _, press_enter = _typed(teller, cast.ria, "kim cut tue 3pm anna")
    sentence = teller.refused(errors.StylistTaken, press_enter)
    teller.step("Kim wants the very same time, and does not get it:", sentence)
    read, press_enter = _typed(teller, cast.ria, "kim cut tue 3pm bo")
    teller.step("Kim takes Bo at three.", read.preview)
    return press_enter()


def _ola_changes_her_mind(teller: Teller, cast: Cast) -> None:
    teller.at(MONDAY, 9, 10)
    service = _service(cast.ria, "Cut")
    free = find_free(cast.ria, FindFree(service_id=service, first_day=TUESDAY, limit=3))
    _, press_enter = _typed(teller, cast.ria, "ola cut tue 9am anna")
    visit = press_enter()
    moved = move(cast.ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=free.times[2].starts_at))
    teller.expect("Ola's visit", moved.code, visit.code)
    left = cancel(cast.ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    teller.expect("Ola's visit", left.status.words, "cancelled")
    again = find_free(cast.ria, FindFree(service_id=service, first_day=TUESDAY, limit=3))
    teller.expect("what is free", again, free)
    times = (clock_time(visit.starts_at, LONDON), clock_time(moved.starts_at, LONDON))
    teller.step(f"Ola is booked at {times[0]}, moved to {times[1]}, and cancels: her time is free again.")


def _service(desk: Desk, name: str) -> int:
    return next(service.id for service in show_menu(desk, ShowMenu()).services if service.name == name)


def _tuesday(teller: Teller, cast: Cast, jane: Booked, kim: Booked) -> None:
    for hour, minute, visit, who, doing, words in (
        (14, 58, jane, "Jane", arrive, "arrives, two minutes early"),
        (15, 1, jane, "Jane", start, "sits down with Anna"),
        (15, 2, kim, "Kim", start, "goes straight to Bo"),
        (15, 44, jane, "Jane", finish, "is done"),
        (15, 47, kim, "Kim", finish, "is done"),
    ):
        teller.at(TUESDAY, hour, minute)
        doing(cast.ria, StepVisit(appointment_id=visit.appointment_id))
        teller.step(f"{who} {words}.")


def _jane_pays(teller: Teller, cast: Cast, jane: Booked) -> Receipted:
    teller.at(TUESDAY, 15, 50)
    price = jane.lines[0].price
    wish = CheckOut(
        appointment_ids=(jane.appointment_id,), tip=Decimal(10), discount=TEN_PER_CENT,
        tenders=(Pay(method="cash", amount=Decimal(20)), Pay(method="card", approval_code="A1B2")),
    )  # fmt: skip
    receipt = check_out(cast.ria, wish)
    teller.expect("what Jane paid", sum(paid.amount for paid in receipt.payments), receipt.total + Decimal(10))
    teller.expect("the discount", receipt.total, price - price / 10)
    teller.expect("a second press of enter", check_out(cast.ria, wish).number, receipt.number)
    sentence = teller.refused(errors.AlreadyPaid, lambda: check_out(cast.ria, replace(wish, request_id=uuid4())))
    rest = receipt.payments[1].amount
    teller.step(
        f"Jane pays with ten per cent off and ten on top for Anna: 20.00 in cash, {rest} by card.",
        *(line.rstrip() for line in receipt.receipt.rstrip().splitlines()),
        "Enter pressed twice took the money once. A second ticket for her visit:",
        sentence,
    )
    return receipt


def _kim_pays(teller: Teller, cast: Cast, kim: Booked) -> None:
    teller.at(TUESDAY, 15, 55)
    wish = CheckOut(appointment_ids=(kim.appointment_id,), tenders=(Pay(method="cash", amount=Decimal(100)),))
    receipt = check_out(cast.ria, wish)
    teller.expect("receipt numbers", receipt.number, 2)
    teller.step(f"Kim puts down 100.00 and gets {receipt.change} back. Receipt {receipt.number}, no number left out.")


def _the_day_is_read(teller: Teller, cast: Cast, jane: Receipted) -> None:
    teller.at(TUESDAY, 18, 5)
    sentence = teller.refused(errors.NotAllowed, lambda: day_report(cast.ria, ReportDay()))
    report = day_report(cast.mo, ReportDay())
    _add_up(teller, report)
    anna = next(one for one in report.stylists if one.name == "Anna")
    # 40 % of what is left of Jane's cut when VAT and her discount are off.
    teller.expect("Anna's commission", anna.commission, _to_the_cent((jane.total - jane.tax) * 40 / 100))
    sheet = show_day(cast.mo, ShowDay())
    teller.expect("the day's book", [(c.name, [e.marks for e in c.entries]) for c in sheet.columns], _ALL_DONE)
    teller.step("Ria may not read the takings; Mo may.", sentence, *_figures(report))
    teller.expect("what the doctor finds", examine_data(cast.mo, ExamineData()).findings, ())
    teller.step("The doctor checks every promise of the data, row by row, and finds nothing.")


def _the_day_is_closed(teller: Teller, cast: Cast) -> None:
    drawer = list_drawers(cast.ria, ListDrawers()).drawers[0]
    assert drawer.session_id is not None
    teller.expect("a drawer that nobody closed on Monday", drawer.sentence, "Drawer 1 open since yesterday 08:30")
    sentence = teller.refused(errors.DrawersNotCounted, lambda: close_day(cast.ria, CloseDay()))
    pay_out(cast.ria, PayOut(amount=Decimal(20), reason="milk"))
    figures = show_x(cast.mo, ShowX()).figures
    tenders = {one.name: one.amount for one in figures.tenders}
    cash = Decimal(100) - 20 + tenders["cash"]
    wish = CountDrawer(session_id=drawer.session_id, total=cash - 5)
    counted = count_drawer(cast.ria, wish)
    teller.expect("what a first count is told", (counted.outcome, counted.expected), (Outcome.RECOUNT, None))
    right = count_drawer(cast.ria, replace(wish, request_id=uuid4(), total=cash))
    teller.expect("the difference", right.difference, Decimal("0.00"))
    left = close_drawer(cast.ria, CloseDrawer(session_id=drawer.session_id, left=Decimal(100)))
    z = close_day(cast.ria, CloseDay(cards=tenders["card"]))
    teller.expect("the Z's number", z.number, 1)
    teller.expect("the Z again", show_z(cast.ria, ShowZ(number=1)).sheet, z.sheet)
    teller.step(
        f"Ria counts blind, is told to count again, and {left.banked} go to the bank. The day is closed: Z 1.",
        sentence,
        *(line.rstrip() for line in z.sheet.rstrip().splitlines()),
    )


_ALL_DONE = [("Anna", ["d$*"]), ("Bo", ["d$*"])]


def _to_the_cent(amount: Decimal) -> Decimal:
    from frontdesk.money import rounded

    return rounded(amount, "GBP")


def _add_up(teller: Teller, report: DayReport) -> None:
    sums: Sequence[tuple[str, Any, Any]] = (
        ("stylists' totals", sum(one.total for one in report.stylists), report.total),
        ("tenders", sum(report.tenders.values()), report.total + report.tips),
        ("taxes", sum(report.taxes.values()), report.tax),
        ("tips", sum(one.tips for one in report.stylists), report.tips),
        ("visits", report.visits, {"cancelled": 1, "completed": 2}),
    )
    for what, got, wanted in sums:
        teller.expect(what, got, wanted)


def _figures(report: DayReport) -> list[str]:
    tenders = ", ".join(f"{method} {amount}" for method, amount in report.tenders.items())
    lines = [
        f"Takings {report.total} in {report.sales} sales, VAT {report.tax} in them, tips {report.tips}; {tenders}."
    ]
    return lines + [
        f"{one.name:<6} services {one.services:>7}  tips {one.tips:>6}  commission {one.commission:>6}"
        for one in report.stylists
    ]
