"""Money that is still to come: house accounts, vouchers of others, bank transfers (features CO19, 6.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.rules.pricing import TenderTooShort
from frontdesk.services.book.arrivals import ArrivalOf, arrival_card
from frontdesk.services.prepaid.house_accounts import (
    Account,
    ListAccounts,
    NoAccount,
    OwesLess,
    SetAccount,
    ShowAccount,
    WriteOff,
    list_accounts,
    set_account,
    show_account,
    write_off,
)
from frontdesk.services.prepaid.paying_account import LimitReached, PaidOffAlready, WhoOwes
from frontdesk.services.prepaid.receivables import CameAlready
from frontdesk.services.prepaid.transfers import (
    EnterArrival,
    GiveUpTransfer,
    ListTransfers,
    arrived,
    give_up,
    list_transfers,
)
from frontdesk.services.prepaid.vouchers import (
    ListIssuers,
    ListVouchers,
    SetIssuer,
    SettleVouchers,
    list_issuers,
    list_vouchers,
    set_issuer,
    settle,
)
from frontdesk.services.ticket.ticket_wishes import Pay, PayAccount, SellGiftCard
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests.services.desks import JANE, KIM, booked, march
from tests.services.prepaid.test_gift_cards import CASH, SHAMPOO, by_card, card, owed

OWE = Pay(method="account")


def account(desk: Desk) -> Account:
    """Jane's account."""
    return show_account(desk, ShowAccount(customer_id=JANE))


def put_on(desk: Desk, *products: object, pay: tuple[Pay, ...] = (OWE,)) -> Receipted:
    """Jane takes shampoo and owes it."""
    return check_out(desk, CheckOut(customer_id=JANE, products=products or (SHAMPOO,), tenders=pay))  # type: ignore[arg-type]


@pytest.fixture
def jane(mo: Desk) -> None:
    """Jane may owe 60.00."""
    set_account(mo, SetAccount(customer_id=JANE, limit=Decimal(60)))


def test_owing_has_a_limit_and_shows_on_arrival(ria: Desk, jane: None) -> None:
    put_on(ria)
    put_on(ria, SHAMPOO, SHAMPOO)
    assert (account(ria).owed, account(ria).free) == (Decimal("54.00"), Decimal("6.00"))
    with pytest.raises(TenderTooShort, match="6.00"):
        put_on(ria, pay=(Pay(method="account", amount=Decimal(18)),))
    put_on(ria, pay=(Pay(method="account", amount=Decimal(6)), CASH))
    with pytest.raises(LimitReached, match="owes £60.00 and may owe £60.00 at most"):
        put_on(ria)
    visit = booked(ria, JANE, march(9, 10)).appointment_id
    said = {line.kind: line.words for line in arrival_card(ria, ArrivalOf(appointment_id=visit)).lines}
    assert said["debt"] == "owes 60.00"
    listed = list_accounts(ria, ListAccounts())
    assert ([(one.customer, one.owed) for one in listed.accounts], listed.total) == (
        [("Jane Doe", Decimal("60.00"))], Decimal("60.00"),
    )  # fmt: skip


def test_paying_later_clears_the_oldest_first(ria: Desk, mo: Desk, jane: None) -> None:
    first, second = put_on(ria), put_on(ria, SHAMPOO, SHAMPOO)
    later = check_out(ria, CheckOut(accounts=(PayAccount(customer_id=JANE, amount=Decimal(30)),), tenders=(CASH,)))
    assert (later.total, later.tax) == (Decimal("30.00"), Decimal(0)), "its tax was taken when it was sold"
    assert [(step.receipt, step.open) for step in account(ria).steps if step.kind == "owed"] == [
        (first.number, Decimal("0.00")), (second.number, Decimal("24.00")),
    ]  # fmt: skip
    assert owed(mo) == {"account": (1, Decimal("24.00"))}
    with pytest.raises(OwesLess, match="owes £24.00"):
        check_out(ria, CheckOut(accounts=(PayAccount(customer_id=JANE, amount=Decimal(25)),), tenders=(CASH,)))
    void(mo, VoidSale(sale_id=later.sale_id, reason="Wrong one"))
    assert [step.open for step in account(ria).steps if step.kind == "owed"] == [Decimal("18.00"), Decimal("36.00")]


def test_nobody_owes_without_an_account_and_no_debt_pays_a_debt(ria: Desk, jane: None) -> None:
    with pytest.raises(WhoOwes):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(OWE,)))
    with pytest.raises(NoAccount, match="Kim"):
        check_out(ria, CheckOut(customer_id=KIM, products=(SHAMPOO,), tenders=(OWE,)))
    with pytest.raises(errors.NotAllowed):
        set_account(ria, SetAccount(customer_id=KIM, limit=Decimal(60)))
    put_on(ria)
    with pytest.raises(errors.Refusal):
        check_out(ria, CheckOut(accounts=(PayAccount(customer_id=JANE, amount=Decimal(18)),), tenders=(OWE,)))


def test_a_refund_of_what_was_owed_lessens_the_debt_until_it_is_paid(ria: Desk, mo: Desk, jane: None) -> None:
    sale = put_on(ria)
    other = put_on(ria)
    refund(mo, Refund(sale_id=other.sale_id, reason="Broken"))
    assert account(ria).owed == Decimal("18.00")
    check_out(ria, CheckOut(accounts=(PayAccount(customer_id=JANE, amount=Decimal(10)),), tenders=(CASH,)))
    with pytest.raises(PaidOffAlready, match="Jane Doe owes £8.00"):
        refund(mo, Refund(sale_id=sale.sale_id, reason="Broken"))
    write_off(mo, WriteOff(customer_id=JANE, amount=Decimal(8), reason="Moved away"))
    assert account(ria).owed == 0


@pytest.fixture
def city(mo: Desk) -> int:
    """The city's voucher, which keeps 5 %."""
    return set_issuer(mo, SetIssuer(name="City card", fee_percent=Decimal(5))).id


def by_voucher(issuer: int, code: str = "C-100", amount: str | None = None) -> Pay:
    """A voucher put down."""
    return Pay(method="voucher", issuer_id=issuer, code=code, amount=None if amount is None else Decimal(amount))


def test_a_voucher_is_taken_once_and_its_issuer_owes_it_without_the_fee(ria: Desk, mo: Desk, city: int) -> None:
    put_on(ria, pay=(by_voucher(city),))
    (only,) = list_vouchers(ria, ListVouchers()).vouchers
    assert (only.issuer, only.code, only.amount, only.fee, only.left) == (
        "City card", "C100", Decimal("18.00"), Decimal("0.90"), Decimal("17.10"),
    )  # fmt: skip
    with pytest.raises(errors.VoucherUsed):
        put_on(ria, pay=(by_voucher(city, "c100"),))
    other = set_issuer(mo, SetIssuer(name="Hotel")).id
    put_on(ria, pay=(by_voucher(other),))
    assert owed(mo) == {"voucher": (2, Decimal("35.10"))}
    for odd in ("100.01", "5.125"):
        with pytest.raises(errors.BadInput, match="What an issuer keeps"):
            set_issuer(mo, SetIssuer(name="Odd", fee_percent=Decimal(odd)))
    with pytest.raises(errors.BadInput, match="City card, Hotel"):
        put_on(ria, pay=(Pay(method="voucher", code="X-100"),))


def test_what_an_issuer_pays_settles_the_oldest_vouchers(ria: Desk, mo: Desk, city: int) -> None:
    for code in ("C-1001", "C-1002"):
        put_on(ria, pay=(by_voucher(city, code),))
    settle(mo, SettleVouchers(issuer_id=city, amount=Decimal("20.00"), reference="March"))
    assert [(one.code, one.left) for one in list_vouchers(mo, ListVouchers()).vouchers] == [("C1002", Decimal("14.20"))]
    assert list_issuers(ria, ListIssuers()).issuers[0].left == Decimal("14.20")
    with pytest.raises(errors.NotToCome):
        settle(mo, SettleVouchers(issuer_id=city, amount=Decimal("14.21")))


def test_a_voided_voucher_may_be_used_again_and_one_that_was_paid_for_is_not_given_back(
    ria: Desk, mo: Desk, city: int
) -> None:
    first = put_on(ria, pay=(by_voucher(city),))
    void(mo, VoidSale(sale_id=first.sale_id, reason="Wrong one"))
    assert owed(mo) == {}
    again = put_on(ria, pay=(by_voucher(city),))
    settle(mo, SettleVouchers(issuer_id=city, amount=Decimal("17.10")))
    with pytest.raises(CameAlready, match="The money for the voucher has come"):
        refund(mo, Refund(sale_id=again.sale_id, reason="Broken"))


def test_a_transfer_is_awaited_and_what_it_paid_for_is_held(ria: Desk, mo: Desk) -> None:
    wish = SellGiftCard(amount=Decimal(50), code="VALE1")
    check_out(ria, CheckOut(gift_cards=(wish,), tenders=(Pay(method="transfer", code="Invoice 7"),)))
    (only,) = list_transfers(ria, ListTransfers()).transfers
    assert (only.reference, only.left) == ("Invoice 7", Decimal("50.00"))
    assert card(ria).waits
    with pytest.raises(errors.Refusal, match="has not arrived"):
        put_on(ria, pay=(by_card(),))
    arrived(ria, EnterArrival(transfer_id=only.id, amount=Decimal(20)))
    assert card(ria).waits, "a part is not all of it"
    arrived(ria, EnterArrival(transfer_id=only.id, arrived_on=march(8, 0).date()))
    put_on(ria, pay=(by_card(),))
    assert card(ria).balance == Decimal("32.00")
    with pytest.raises(errors.BadInput, match="Nothing of that transfer"):
        arrived(ria, EnterArrival(transfer_id=only.id))
    with pytest.raises(errors.BadInput, match="has not come yet"):
        arrived(ria, EnterArrival(transfer_id=only.id, amount=Decimal(1), arrived_on=march(10, 0).date()))


def test_a_transfer_that_never_comes_is_given_up_with_a_reason(ria: Desk, mo: Desk) -> None:
    put_on(ria, pay=(Pay(method="transfer"),))
    (only,) = list_transfers(ria, ListTransfers()).transfers
    assert owed(mo) == {"transfer": (1, Decimal("18.00"))}
    with pytest.raises(errors.ReasonMissing):
        give_up(mo, GiveUpTransfer(transfer_id=only.id, reason=" "))
    assert give_up(mo, GiveUpTransfer(transfer_id=only.id, reason="Account closed")).transfers == ()
    assert owed(mo) == {}
