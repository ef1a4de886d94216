"""A card is charged once, known once and used once, whatever dies, answers late or calls twice (CO20, CO21)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from frontdesk import errors
from frontdesk.channels.card_terminal import ChargeByHand, SimulatedTerminal
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.cards import card_payments
from frontdesk.services.cards.card_payments import (
    AskAgain,
    CardCharge,
    ChargeCard,
    HearCalls,
    OpenCharges,
    RefundCard,
    ask_again,
    charge,
    hear_calls,
    open_charges,
    refund_charge,
)
from frontdesk.services.cards.customer_cards import KeepCard, keep_card
from frontdesk.services.cards.paying_card import ChargeNotApproved
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.voiding import VoidSale, void
from tests.conftest import desk_conninfo
from tests.services.desks import JANE, booked, march
from tests.vale_street import NOW, token

FIFTY = Decimal(50)


@pytest.fixture
def bank(tmp_path: Path) -> SimulatedTerminal:
    """The provider."""
    return SimulatedTerminal(tmp_path / "bank")


@pytest.fixture
def till(ria: Desk, tmp_path: Path) -> Desk:
    """Ria's desk with the provider's terminal."""
    return replace(ria, card_terminal=f"simulated:{tmp_path / 'bank'}")


def _pay(desk: Desk, charged: CardCharge, hour: int = 10) -> Receipted:
    visit = booked(desk, JANE, march(9, hour))
    return check_out(
        desk,
        CheckOut(
            appointment_ids=(visit.appointment_id,), tenders=(Pay(method="card", card_payment_id=charged.id),)
        ),
    )  # fmt: skip


def _rows(desk: Desk, table: str) -> int:
    with transaction(desk) as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _loose(desk: Desk) -> list[str]:
    return [one.next for one in open_charges(desk, OpenCharges()).charges]


def test_an_approved_charge_pays_for_one_sale_with_its_own_code(till: Desk, bank: SimulatedTerminal) -> None:
    charged = charge(till, ChargeCard(amount=FIFTY))
    assert (charged.status, charged.card, charged.approval_code) == ("approved", "Visa 4242", "S00001")
    assert _loose(till) == [
        "Charged at 09:00, and on no ticket. Pay a ticket with it, or give it back to the card."
    ]  # fmt: skip
    sale = _pay(till, charged)
    assert [(p.method, p.amount) for p in sale.payments] == [("card", Decimal("50.00"))]
    assert _loose(till) == []
    with pytest.raises(errors.CardPaymentUsed):
        _pay(till, charged, hour=14)


def test_a_declined_card_leaves_one_row_and_pays_for_nothing(till: Desk, bank: SimulatedTerminal) -> None:
    bank.plan("decline")
    charged = charge(till, ChargeCard(amount=FIFTY))
    assert (charged.status, charged.message, charged.next) == ("declined", "Insufficient funds", "")
    with pytest.raises(ChargeNotApproved, match="declined"):
        _pay(till, charged)
    assert (_rows(till, "card_payments"), _rows(till, "sales"), bank.charged()) == (1, 0, [])


def test_a_provider_that_went_silent_after_it_charged_is_asked_again_and_not_charged_again(
    till: Desk, bank: SimulatedTerminal
) -> None:
    bank.plan("silent-after")
    wish = ChargeCard(amount=FIFTY)
    charged = charge(till, wish)
    assert (charged.status, "Ask the terminal again" in charged.next) == ("pending", True)
    with pytest.raises(ChargeNotApproved, match="pending"):
        _pay(till, charged)
    found = ask_again(till, AskAgain()).charges
    assert [(one.id, one.status) for one in found] == [(charged.id, "approved")]
    assert charge(till, wish).approval_code == found[0].approval_code
    assert len(bank.charged()) == 1
    assert _pay(till, found[0], hour=14).total == 50
    assert (_rows(till, "card_payments"), _rows(till, "payments")) == (1, 1)


def test_without_a_reference_asking_again_would_charge_twice(till: Desk, bank: SimulatedTerminal) -> None:
    bank.plan("silent-after")
    charge(till, ChargeCard(amount=FIFTY))
    charge(till, ChargeCard(amount=FIFTY))
    assert len(bank.charged()) == 2


def test_what_never_arrived_is_failed_and_a_late_call_still_counts(till: Desk, bank: SimulatedTerminal) -> None:
    bank.plan("silent")
    charged = charge(till, ChargeCard(amount=FIFTY))
    assert ask_again(till, AskAgain(card_payment_id=charged.id)).charges[0].status == "failed"
    assert (_loose(till), bank.charged()) == ([], [])


def test_a_provider_that_calls_twice_changes_nothing_the_second_time(till: Desk, bank: SimulatedTerminal) -> None:
    bank.plan("silent-after", "twice")
    late, known = charge(till, ChargeCard(amount=FIFTY)), charge(till, ChargeCard(amount=Decimal(8)))
    assert (late.status, known.status) == ("pending", "approved")
    heard = hear_calls(till, HearCalls())
    assert (heard.calls, heard.news, heard.unknown) == (3, 1, 0)
    assert hear_calls(till, HearCalls()).calls == 0
    assert [one.status for one in open_charges(till, OpenCharges()).charges] == ["approved", "approved"]
    with transaction(till) as session:
        events = session.execute(text("SELECT kind, count(*) FROM card_events GROUP BY 1 ORDER BY 1")).all()
    assert [tuple(one) for one in events] == [("approved", 2), ("timeout", 1)]


def test_a_charge_puts_down_what_it_took_neither_more_nor_less(till: Desk, bank: SimulatedTerminal) -> None:
    charged = charge(till, ChargeCard(amount=Decimal(30)))
    visit = booked(till, JANE, march(9, 10))
    mine = Pay(method="card", card_payment_id=charged.id)
    sale = check_out(till, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(mine, Pay(method="cash"))))
    assert [(p.method, p.amount) for p in sale.payments] == [("card", Decimal("30.00")), ("cash", Decimal("20.00"))]


def test_a_charge_goes_back_to_its_card_once_and_no_further(till: Desk, mo: Desk, bank: SimulatedTerminal) -> None:
    manager = replace(mo, card_terminal=till.card_terminal)
    charged = charge(till, ChargeCard(amount=FIFTY))
    back = refund_charge(manager, RefundCard(card_payment_id=charged.id, amount=Decimal(20)))
    assert (back.kind, back.status) == ("refund", "approved")
    with pytest.raises(errors.CardPaymentUsed):
        _pay(till, charged)
    with pytest.raises(errors.CardRefundTooMuch):
        refund_charge(manager, RefundCard(card_payment_id=charged.id, amount=Decimal(31)))
    refund_charge(manager, RefundCard(card_payment_id=charged.id))
    assert (_loose(till), len(bank.charged())) == ([], 3)


def test_a_voided_receipt_says_what_still_has_to_go_back_to_the_card(
    till: Desk, mo: Desk, bank: SimulatedTerminal
) -> None:
    charged = charge(till, ChargeCard(amount=FIFTY))
    void(till, VoidSale(sale_id=_pay(till, charged).sale_id, reason="Wrong visit"))
    assert _loose(till) == ["Its receipt was given back. Give £50.00 back to the card."]
    refund_charge(replace(mo, card_terminal=till.card_terminal), RefundCard(card_payment_id=charged.id))
    assert _loose(till) == []


def test_a_card_on_file_is_charged_by_its_token(till: Desk, bank: SimulatedTerminal) -> None:
    kept = keep_card(
        till,
        KeepCard(
            customer_id=JANE, token="tok_jane", brand="Visa", last4="4242", expires="08/28", provider="simulated"
        ),
    )  # fmt: skip
    assert charge(till, ChargeCard(amount=FIFTY, customer_card_id=kept.cards[0].id)).status == "approved"
    old = keep_card(
        till,
        KeepCard(
            customer_id=JANE, token="tok_old", brand="Visa", last4="1111", expires="02/26", provider="simulated"
        ),
    )  # fmt: skip
    gone = next(card for card in old.cards if card.last4 == "1111")
    with pytest.raises(card_payments.CardGone, match="it has expired"):
        charge(till, ChargeCard(amount=FIFTY, customer_card_id=gone.id))


def test_where_no_terminal_is_connected_its_code_is_typed_as_ever(ria: Desk) -> None:
    with pytest.raises(ChargeByHand, match="approval code"):
        charge(ria, ChargeCard(amount=FIFTY))
    assert _rows(ria, "card_payments") == 0
    visit = booked(ria, JANE, march(9, 10))
    paid = Pay(method="card", approval_code="A1B2")
    assert check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(paid,))).total == 50


@pytest.fixture
def tills(server: Handle, committed: str, tmp_path: Path) -> Iterator[list[Desk]]:
    """Two tills of one shop with the same provider, which commit."""
    engines = [open_engine(desk_conninfo(server, committed)) for _ in range(2)]
    terminal = f"simulated:{tmp_path / 'bank'}"
    yield [
        open_desk(lambda engine=engine: Session(engine), token("ria"), SetClock(NOW), card_terminal=terminal)  # type: ignore[misc]
        for engine in engines
    ]
    for engine in engines:
        engine.dispose()


def test_one_charge_pays_for_one_of_two_sales_at_once(tills: list[Desk], bank: SimulatedTerminal) -> None:
    charged = charge(tills[0], ChargeCard(amount=FIFTY))
    visits = [booked(tills[0], JANE, march(9, hour)).appointment_id for hour in (10, 14)]

    def pay(desk: Desk, visit: int) -> str:
        mine = Pay(method="card", card_payment_id=charged.id)
        try:
            check_out(desk, CheckOut(appointment_ids=(visit,), tenders=(mine,)))
        except Refusal as refusal:
            return refusal.code
        return "paid"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(pay, tills, visits)) == ["CardPaymentUsed", "paid"]


def test_the_same_key_at_two_tills_at_once_charges_once(tills: list[Desk], bank: SimulatedTerminal) -> None:
    wish = ChargeCard(amount=FIFTY)
    with ThreadPoolExecutor(2) as both:
        came = list(both.map(lambda desk: charge(desk, wish), tills))
    assert len({one.id for one in came}) == 1 == len(bank.charged())
    assert _rows(tills[0], "card_payments") == 1


def test_a_till_killed_between_charge_and_sale_leaves_a_charge_that_pays_for_the_sale_later(
    server: Handle, committed: str, tills: list[Desk], bank: SimulatedTerminal, tmp_path: Path
) -> None:
    key = uuid4()
    terminal = f"simulated:{tmp_path / 'bank'}"
    command = [
        sys.executable,
        "-m",
        "tests.services.cards.card_child",
        desk_conninfo(server, committed),
        terminal,
        str(key),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "charged\n"
        process.kill()
    till = tills[0]
    left = open_charges(till, OpenCharges()).charges
    assert ["on no ticket" in one.next for one in left] == [True]
    assert charge(till, ChargeCard(amount=FIFTY, request_id=key)).id == left[0].id
    assert _pay(till, left[0]).total == 50
    assert (len(bank.charged()), _rows(till, "sales"), _loose(till)) == (1, 1, [])
