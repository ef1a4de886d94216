"""A line's own price, a card on file that pays for it, why it came to that, and the money back on the card."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from frontdesk.channels.card_terminal import SimulatedTerminal
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.messages import PayFor
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import LeaveVisit, no_show
from frontdesk.services.cards.card_payments import ChargeCard, charge
from frontdesk.services.cards.customer_cards import KeepCard, keep_card
from frontdesk.services.reports.reports import ReportDay, day_report
from tests.screens.desk import Played, playing, until
from tests.screens.till import a_morning, desk_of
from tests.services.desks import ANNA, CUT, JANE, booked, march


def _keep(played: Played, provider: str, last4: str) -> None:
    token = f"tok_{last4}"
    card = KeepCard(customer_id=JANE, brand="Visa", last4=last4, expires="08/28", token=token, provider=provider)
    keep_card(desk_of(played), card)


def _given_back(bank: SimulatedTerminal) -> int:
    return sum(one.charge.startswith("re_") for one in bank.charged())


async def _approve(desk: Played) -> None:
    await until(desk, "A manager's yes")
    await desk.press("enter")
    await desk.type("4444")
    await desk.press("enter")


async def test_a_card_on_file_pays_a_price_that_was_typed_and_gets_its_money_back_once(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock, bank = SetClock(march(9, 9)), SimulatedTerminal(tmp_path / "bank")
    async with playing(server, shop, tmp_path, clock=clock, card_terminal=f"simulated:{tmp_path / 'bank'}") as desk:
        a_morning(desk, clock, server.conninfo(shop))
        _keep(desk, "simulated", "4242")
        await desk.sign_in("ria")
        await desk.press("f5")
        await until(desk, "Kim Lee")
        await desk.press("enter")
        await until(desk, "Visa …4242, * charges")
        await desk.press("down", "L")
        await until(desk, "Blow-dry, this once")
        await desk.type("25.005")
        await desk.press("ctrl+s")
        await until(desk, '"25.005"')
        await desk.press("backspace")
        await desk.press("tab", "tab", "tab")
        await desk.type("short hair")
        desk.shows("checkout_price")
        await desk.press("ctrl+s")
        await until(desk, "£75.00")
        assert "Blow-dry, list 30.00" in desk.text
        await desk.type("price 26")
        await until(desk, "Rest 76.00")
        await desk.press("escape", "asterisk")
        await until(desk, "charge Visa …4242, on file: £75.00")
        await desk.press("1")
        await until(desk, "Receipt 1: £75.00 taken.")
        await desk.press("question_mark")
        await until(desk, "Why receipt 1, Jane Doe")
        await until(desk, "typed, the list says 30.00, because short hair")
        await desk.press("escape", "R")
        await until(desk, "Give back of which receipt")
        await desk.type("9")
        await desk.press("enter")
        await until(desk, "There is no receipt")
        await desk.press("backspace")
        await desk.type("1")
        await desk.press("enter")
        await until(desk, "Give back of receipt 1")
        await desk.type("1")
        await desk.press("enter", "enter", "enter")
        await desk.type("uneven")
        bank.plan("silent")
        await desk.press("enter")
        await _approve(desk)
        await until(desk, "does not answer about £50.00 back to Visa …4242; it is never given twice.")
        desk.shows("checkout_not_back")
        await desk.press("escape")
        await until(desk, "Of receipt 1")
        await desk.press("escape", "enter")
        await until(desk, "Back on card? No answer")
        await desk.press("enter")
        await until(desk, "Visa 4242, not given back")
        assert _given_back(bank) == 0
        await desk.press("enter")
        await until(desk, "£50.00 is back on Visa …4242.")
        await until(desk, lambda: "not given back" not in desk.text)
        assert _given_back(bank) == 1
        assert day_report(desk_of(desk, "mo"), ReportDay()).total == Decimal("25.00")


async def test_a_missed_visit_s_fee_is_charged_to_the_card_on_file_and_a_loose_charge_pays_a_ticket(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock, bank = SetClock(march(9, 9)), SimulatedTerminal(tmp_path / "bank")
    wired = f"simulated:{tmp_path / 'bank'}"
    async with playing(server, shop, tmp_path, clock=clock, card_terminal=wired) as desk:
        set_policy(desk_of(desk, "mo"), SetPolicy(notice_minutes=60, no_show_percent=Decimal(50)))
        missed = booked(desk_of(desk), JANE, march(9, 9, 15), (CUT, ANNA)).appointment_id
        _keep(desk, "elsewhere", "4242")
        clock.set(march(9, 10))
        no_show(desk_of(desk), LeaveVisit(appointment_id=missed, fee=Decimal(25)))
        await desk.sign_in("ria")
        desk.app.pass_on("checkout", PayFor(missed))
        await until(desk, "The fee for the visit is on the ticket.")
        await desk.type("file")
        await desk.press("enter")
        await until(desk, "Visa …4242 can't be charged: elsewhere keeps it, and the terminal here is simulated.")
        _keep(desk, "simulated", "1005")
        await desk.type(" 1005")
        await desk.press("enter")
        await until(desk, "Receipt 1: £25.00 taken.")
        await desk.press("V")
        await until(desk, "Void receipt 1")
        await desk.type("she called")
        await desk.press("enter")
        await until(desk, "Receipt 1 is void, under number 2. £25.00 is back on Visa …4242.")
        assert _given_back(bank) == 1
        charge(replace(desk_of(desk), card_terminal=wired), ChargeCard(amount=Decimal(25)))
        desk.app.pass_on("checkout", PayFor(missed))
        await until(desk, "£25.00")
        await desk.press("asterisk")
        await until(desk, "Visa 4242, charged already: £25.00")
        await desk.press("2")
        await until(desk, "Receipt 3: £25.00 taken.")
        assert len(bank.charged()) == 3
