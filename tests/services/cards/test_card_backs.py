"""What a receipt gives back reaches the card that paid, once, whatever its terminal says meanwhile (CO13, CO14)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.channels.card_terminal import SimulatedTerminal
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.cards.card_backs import BeginBack, SendBack, begin_back, send_back
from frontdesk.services.cards.card_payments import (
    AskAgain,
    ChargeCard,
    OpenCharges,
    RefundCard,
    ask_again,
    charge,
    open_charges,
    refund_charge,
)
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests.services.desks import JANE, booked, march


@pytest.fixture
def bank(tmp_path: Path) -> SimulatedTerminal:
    """The provider."""
    return SimulatedTerminal(tmp_path / "bank")


@pytest.fixture
def wired(tmp_path: Path) -> str:
    """How a till names it."""
    return f"simulated:{tmp_path / 'bank'}"


@pytest.fixture
def till(ria: Desk, wired: str) -> Desk:
    """Ria's desk with the provider's terminal."""
    return replace(ria, card_terminal=wired)


@pytest.fixture
def paid(till: Desk) -> Receipted:
    """A cut of 50.00, paid by a card."""
    return _paid(till)


def _paid(till: Desk, hour: int = 10) -> Receipted:
    charged = charge(till, ChargeCard(amount=Decimal(50)))
    visit = booked(till, JANE, march(9, hour))
    card = Pay(method="card", card_payment_id=charged.id)
    return check_out(till, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(card,)))


def _refund(mo: Desk, sale: Receipted, amount: int) -> int:
    return refund(mo, Refund(sale_id=sale.sale_id, amount=Decimal(amount), reason="uneven")).sale_id


def _given_back(bank: SimulatedTerminal) -> int:
    return sum(one.charge.startswith("re_") for one in bank.charged())


def _loose(desk: Desk) -> list[str]:
    return [one.next for one in open_charges(desk, OpenCharges()).charges]


def _back(desk: Desk) -> int:
    """What the bank has given back, by our books."""
    with transaction(desk) as session:
        asked = "SELECT coalesce(sum(amount), 0) FROM card_payments WHERE kind = 'refund' AND status = 'approved'"
        return int(session.execute(text(asked)).scalar_one())


def test_a_refund_s_card_part_goes_to_the_card_once_and_the_receptionist_needs_no_second_yes(
    till: Desk, mo: Desk, bank: SimulatedTerminal, paid: Receipted
) -> None:
    first = _refund(mo, paid, 20)
    assert _loose(till) == ["Its receipt was given back. Give £20.00 back to the card."]
    done = send_back(till, SendBack(sale_id=first))
    assert (done.sentences, done.is_done) == (("£20.00 is back on Visa …4242.",), True)
    again = send_back(till, SendBack(sale_id=first))
    assert (again.charges, again.is_done) == ((), True)
    second = _refund(mo, paid, 10)
    assert send_back(till, SendBack(sale_id=second)).charges[0].amount == 10
    assert (_given_back(bank), _back(till), _loose(till)) == (2, 30, [])


def test_a_void_gives_all_of_it_back(till: Desk, bank: SimulatedTerminal, paid: Receipted) -> None:
    gone = void(till, VoidSale(sale_id=paid.sale_id, reason="taken twice"))
    assert send_back(till, SendBack(sale_id=gone.sale_id)).sentences == ("£50.00 is back on Visa …4242.",)
    assert (_given_back(bank), _loose(till)) == (1, [])


def test_a_card_that_does_not_take_it_back_is_listed_and_tried_again(
    till: Desk, mo: Desk, bank: SimulatedTerminal, paid: Receipted
) -> None:
    sale_id = _refund(mo, paid, 20)
    bank.plan("decline", "approve")
    said = send_back(till, SendBack(sale_id=sale_id))
    assert not said.is_done
    assert said.sentences[0].startswith("Visa …4242 did not take £20.00 back (Insufficient funds). It stands at")
    (left,) = open_charges(till, OpenCharges()).charges
    assert left.next == "Its receipt was given back. Give £20.00 back to the card."
    assert send_back(till, SendBack(card_payment_id=left.id)).is_done
    assert (_given_back(bank), _loose(till)) == (1, [])


def test_a_terminal_that_went_silent_after_it_gave_back_is_asked_and_gives_no_more(
    till: Desk, mo: Desk, bank: SimulatedTerminal, paid: Receipted
) -> None:
    sale_id = _refund(mo, paid, 20)
    bank.plan("silent-after")
    said = send_back(till, SendBack(sale_id=sale_id))
    assert "does not answer about £20.00 back to Visa …4242; it is never given twice." in said.sentences[0]
    assert send_back(till, SendBack(sale_id=sale_id)).sentences == ("£20.00 is back on Visa …4242.",)
    assert (_given_back(bank), _back(till), _loose(till)) == (1, 20, [])


def test_what_somebody_sends_back_by_hand_meanwhile_is_not_sent_again(
    till: Desk, mo: Desk, wired: str, bank: SimulatedTerminal, paid: Receipted
) -> None:
    sale_id, manager = _refund(mo, paid, 20), replace(mo, card_terminal=wired)
    bank.plan("silent-after")
    (taken,) = open_charges(till, OpenCharges()).charges
    by_hand = refund_charge(manager, RefundCard(card_payment_id=taken.id))
    assert by_hand.status == "pending"
    assert [one.id for one in send_back(till, SendBack(sale_id=sale_id)).charges] == [by_hand.id]
    ask_again(till, AskAgain())
    assert (_given_back(bank), _back(till), _loose(till)) == (1, 20, [])


def test_another_till_s_terminal_and_more_than_a_receipt_gave_are_refused(
    till: Desk, mo: Desk, ria: Desk, bank: SimulatedTerminal, paid: Receipted
) -> None:
    sale_id = _refund(mo, paid, 20)
    elsewhere = send_back(ria, SendBack(sale_id=sale_id))
    assert "this till has another card terminal" in elsewhere.sentences[0]
    assert not elsewhere.is_done
    with transaction(till) as session:
        asked = text("SELECT id FROM payments WHERE sale_id = :sale")
        part = session.execute(asked, {"sale": sale_id}).scalar_one()
    for amount in (21, 0):
        with pytest.raises(errors.BadInput, match="No receipt gives so much back"):
            begin_back(till, BeginBack(payment_id=part, provider="simulated", amount=Decimal(amount)))
    assert _given_back(bank) == 0
