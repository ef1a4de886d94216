"""Gift cards: money and services bought for later, on every till of the business once (features CO7, 6.3)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, SpentMeanwhile
from frontdesk.rules.pricing import TenderTooShort
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.prepaid.gift_cards import GiftCard, ListGiftCards, ShowGiftCard, list_gift_cards, show_gift_card
from frontdesk.services.prepaid.paying_gift_card import (
    CardEmpty,
    CardExpired,
    CardForGiftCards,
    CardForService,
    CardUnknown,
)
from frontdesk.services.prepaid.prepaid import SpentAlready
from frontdesk.services.prepaid.prepaid_rules import SetPrepaidRule, set_prepaid_rule
from frontdesk.services.prepaid.selling_gift_cards import CardNotToppedUp
from frontdesk.services.reports.journal import ExportJournal, VerifyJournal, export_journal, verify_journal
from frontdesk.services.reports.liabilities import (
    ReportLiabilities,
    ReportSettlements,
    WriteOffExpired,
    report_liabilities,
    shop_settlements,
    write_off_expired,
)
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellGiftCard, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.ticket import QuoteTicket, quote
from frontdesk.services.till.voiding import VoidSale, void
from tests import vale_street
from tests.services.desks import ANNA, COLOUR, CUT, JANE, booked, march

CASH = Pay(method="cash", amount=Decimal(1000))
SHAMPOO = SellProduct(product_id=1)


def sold(desk: Desk, amount: str, code: str = "VALE1", **more: object) -> Receipted:
    """A gift card for cash."""
    wish = SellGiftCard(amount=Decimal(amount), code=code, **more)  # type: ignore[arg-type]  # by name
    return check_out(desk, CheckOut(gift_cards=(wish,), tenders=(CASH,)))


def by_card(amount: str | None = None, code: str = "vale-1") -> Pay:
    """A gift card put down."""
    return Pay(method="gift_card", code=code, amount=None if amount is None else Decimal(amount))


def card(desk: Desk, code: str = "VALE1") -> GiftCard:
    """The card as it is shown."""
    return show_gift_card(desk, ShowGiftCard(code=code))


def owed(desk: Desk) -> dict[str, tuple[int, Decimal]]:
    """The report of liabilities by kind."""
    return {one.kind: (one.count, one.total) for one in report_liabilities(desk, ReportLiabilities()).kinds}


def asked(desk: Desk, question: str) -> list[tuple[object, ...]]:
    """Plain SQL, as somebody sees it."""
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(text(question))]


def test_fifty_less_thirty_is_twenty_and_the_report_says_so(ria: Desk, mo: Desk) -> None:
    sale = sold(ria, "50.00")
    assert (sale.total, sale.tax) == (Decimal("50.00"), Decimal("0.00"))
    visit = booked(ria, JANE, march(9, 10))
    paid = check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(by_card("30.00"), CASH)))
    assert [(p.method, p.amount) for p in paid.payments] == [
        ("gift_card", Decimal("30.00")), ("cash", Decimal("20.00")),
    ]  # fmt: skip
    assert paid.tax == Decimal("8.33"), "the tax of the service is due when the money card is used"
    assert card(ria).balance == Decimal("20.00")
    assert [(step.kind, step.amount) for step in card(ria).steps] == [
        ("received", Decimal("50.00")), ("redeemed", Decimal("-30.00")),
    ]  # fmt: skip
    assert owed(mo) == {"gift_card": (1, Decimal("20.00"))}


def test_the_report_equals_the_sum_of_balances(ria: Desk, mo: Desk) -> None:
    for number, amount in enumerate(("10.00", "20.01", "30.02")):
        sold(ria, amount, f"CARD{number}")
    check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card("18.00", "CARD1"),)))
    listed = list_gift_cards(mo, ListGiftCards())
    assert owed(mo)["gift_card"] == (3, sum(one.balance for one in listed.cards)) == (3, Decimal("42.03"))
    assert listed.total == Decimal("42.03")


def test_a_card_without_a_code_gets_one_that_nobody_guesses(ria: Desk) -> None:
    sold(ria, "50.00", "")
    (found,) = list_gift_cards(ria, ListGiftCards()).cards
    assert len(found.code) == 14
    assert found.code.count("-") == 2
    assert card(ria, found.code.replace("-", " ").lower()).balance == Decimal("50.00")


def test_a_card_takes_what_it_has_and_the_rest_is_asked_for(ria: Desk) -> None:
    sold(ria, "20.00")
    with pytest.raises(TenderTooShort, match="20.00"):
        check_out(ria, CheckOut(products=(SHAMPOO, SHAMPOO), tenders=(by_card("30.00"), CASH)))
    assert card(ria).balance == Decimal("20.00")
    found = quote(ria, QuoteTicket(products=(SHAMPOO, SHAMPOO), tenders=(by_card(),)))
    assert (found.tenders[0].amount, found.rest) == (Decimal("20.00"), Decimal("16.00"))


def test_a_card_is_topped_up_and_one_for_a_service_is_not(ria: Desk) -> None:
    sold(ria, "20.00")
    assert "Top-up" in sold(ria, "15.00").receipt
    assert card(ria).balance == Decimal("35.00")
    check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=CUT, code="CUT1"),), tenders=(CASH,)))
    with pytest.raises(CardNotToppedUp, match="is for Cut"):
        sold(ria, "5.00", "CUT1")


def test_no_discount_reaches_a_gift_card(ria: Desk) -> None:
    wish = CheckOut(
        gift_cards=(SellGiftCard(amount=Decimal(50), code="VALE1"),), products=(SHAMPOO,),
        discount=Off(percent=Decimal(10)), discount_reason="Regular", tenders=(CASH,),
    )  # fmt: skip
    assert check_out(ria, wish).total == Decimal("66.20")


@pytest.mark.parametrize(("code", "refusal"), [("NONE1", CardUnknown), ("", BadInput), ("!", CardUnknown)])
def test_a_code_that_is_no_card_is_refused(ria: Desk, code: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(code=code),)))
    assert asked(ria, "SELECT count(*) FROM sales") == [(0,)]


def test_an_empty_card_is_refused(ria: Desk) -> None:
    sold(ria, "18.00")
    check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(),)))
    with pytest.raises(CardEmpty, match="Gift card VALE1 is empty"):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(),)))


def test_another_business_s_card_is_as_unknown_as_one_never_printed(ria: Desk, clock: SetClock) -> None:
    eve = open_desk(ria.sessions, vale_street.token("eve"), clock)
    sold(eve, "50.00", "ELM1")
    with pytest.raises(CardUnknown, match="No gift card here has the code ELM1"):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(code="ELM1"),)))
    sold(ria, "10.00", "ELM1")
    assert card(eve, "ELM1").balance == Decimal("50.00")


def test_money_cards_do_not_end_unless_the_shop_says_so(ria: Desk, mo: Desk, clock: SetClock) -> None:
    sold(ria, "30.00", "OLD1")
    set_prepaid_rule(mo, SetPrepaidRule(kind="gift_card", months=12))
    sold(ria, "20.00", "NEW1")
    assert (card(ria, "OLD1").expires_on, card(ria, "NEW1").expires_on) == (None, dt.date(2027, 3, 9))
    clock.set(clock.now() + dt.timedelta(days=366))
    with pytest.raises(CardExpired, match="Gift card NEW1 ended on Tue 9 Mar"):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(code="NEW1"),)))
    check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(code="OLD1"),)))
    assert report_liabilities(mo, ReportLiabilities()).kinds[0].over == Decimal("20.00")
    assert write_off_expired(mo, WriteOffExpired()).total == Decimal("20.00")
    assert owed(mo) == {"gift_card": (1, Decimal("12.00"))}
    assert card(ria, "NEW1").steps[-1].kind == "expired"


def test_a_card_for_a_service_pays_for_that_service_and_its_tax_is_taken_once(ria: Desk, mo: Desk) -> None:
    sale = check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=CUT, code="CUT1"),), tenders=(CASH,)))
    assert (sale.total, sale.tax) == (Decimal("50.00"), Decimal("8.33")), "what it is for is known, so its tax is due"
    with pytest.raises(CardForService, match="Gift card CUT1 is for Cut"):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(code="CUT1"),)))
    visit = booked(ria, JANE, march(9, 10))
    wish = CheckOut(
        appointment_ids=(visit.appointment_id,), products=(SHAMPOO,), tenders=(by_card("50.00", "CUT1"), CASH)
    )
    paid = check_out(ria, wish)
    assert (paid.total, paid.tax) == (Decimal("68.00"), Decimal("3.00")), "of the shampoo alone"
    assert [(p.method, p.amount) for p in paid.payments] == [
        ("gift_card", Decimal("50.00")), ("cash", Decimal("18.00")),
    ]  # fmt: skip
    lines = asked(ria, "SELECT kind, taxable, tax, total FROM sale_lines WHERE kind = 'prepaid_tax'")
    assert lines == [("prepaid_tax", Decimal("8.33"), Decimal("-8.33"), Decimal("0.00"))]
    assert asked(ria, "SELECT sum(amount) FROM prepayment_entry_taxes") == [(Decimal("0.00"),)]
    assert owed(mo) == {}


def test_where_tax_is_due_when_used_a_card_for_a_service_bears_none(ria: Desk, mo: Desk) -> None:
    set_prepaid_rule(mo, SetPrepaidRule(kind="service_card", tax_point="used"))
    sale = check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=CUT, code="CUT1"),), tenders=(CASH,)))
    assert sale.tax == 0
    visit = booked(ria, JANE, march(9, 10))
    wish = CheckOut(appointment_ids=(visit.appointment_id,), tenders=(by_card(code="CUT1"),))
    assert check_out(ria, wish).tax == Decimal("8.33")


def test_a_card_used_in_thirds_gives_all_its_tax_back_to_the_cent(ria: Desk) -> None:
    check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=COLOUR, code="COL1"),), tenders=(CASH,)))
    taxes = []
    for day in (9, 10, 11):
        visit = booked(ria, JANE, march(day, 13), (COLOUR, ANNA))
        wish = CheckOut(appointment_ids=(visit.appointment_id,), tenders=(by_card("40.00", "COL1"), CASH))
        taxes.append(check_out(ria, wish).tax)
    assert sum(taxes) == Decimal("60.00") - Decimal("20.00")
    assert asked(ria, "SELECT count(*) FROM prepayment_entry_taxes HAVING sum(amount) <> 0 OR sum(taxable) <> 0") == []


def test_a_gift_card_buys_no_gift_card(ria: Desk) -> None:
    sold(ria, "50.00")
    with pytest.raises(CardForGiftCards):
        check_out(ria, CheckOut(gift_cards=(SellGiftCard(amount=Decimal(20), code="NEW1"),), tenders=(by_card(), CASH)))


def test_a_card_of_one_shop_used_at_another_is_settled_between_them(ria: Desk, mo: Desk, ada: Desk) -> None:
    sold(ria, "50.00")
    elm = _second_shop(ada, ria)
    check_out(elm, CheckOut(gift_cards=(SellGiftCard(amount=Decimal(8), code="VALE1"),), tenders=(CASH,)))
    check_out(elm, CheckOut(gift_cards=(SellGiftCard(amount=Decimal(25), code="OAK1"),), tenders=(CASH,)))
    check_out(elm, CheckOut(products=(SHAMPOO,), tenders=(by_card(),)))
    check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card("5.00", "OAK1"), CASH)))
    (only,) = shop_settlements(mo, ReportSettlements()).settlements
    assert (only.debtor, only.creditor, only.amount, only.times) == ("Vale Street", "Oak Lane", Decimal("5.00"), 3)
    for desk, owed in ((mo, -only.amount), (replace(mo, shop=elm.shop), only.amount)):
        postings = export_journal(desk, ExportJournal(first=desk.today)).postings
        assert sum(one.debit - one.credit for one in postings if one.account.startswith("owed")) == owed
        assert sum(one.debit - one.credit for one in postings) == 0
        assert verify_journal(desk, VerifyJournal()).is_whole


def _second_shop(ada: Desk, ria: Desk) -> Desk:
    """Ria at another shop of the business."""
    with transaction(ada, uuid.uuid4()) as session:
        shop = session.execute(
            text(
                "INSERT INTO shops (business_id, name, timezone, currency, locale, country)"
                " VALUES (1, 'Oak Lane', 'Europe/London', 'GBP', 'en_GB', 'GB') RETURNING id"
            )
        ).scalar_one()
    return replace(ria, shop=replace(ria.shop, id=shop, name="Oak Lane"))


def test_a_voided_sale_takes_its_money_off_the_card_and_is_refused_when_that_is_spent(ria: Desk, mo: Desk) -> None:
    first, second = sold(ria, "20.00"), sold(ria, "15.00")
    void(ria, VoidSale(sale_id=second.sale_id, reason="Wrong card"))
    assert card(ria).balance == Decimal("20.00")
    used = check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(by_card(),)))
    with pytest.raises(SpentAlready, match="Of gift card VALE1 only £2.00 is left: the rest is spent"):
        void(ria, VoidSale(sale_id=first.sale_id, reason="Wrong card"))
    assert asked(ria, "SELECT count(*) FROM sales WHERE kind = 'void'") == [(1,)]
    refund(mo, Refund(sale_id=used.sale_id, reason="Burst"))
    assert card(ria).balance == Decimal("20.00"), "what was paid by card is on the card again"
    refund(mo, Refund(sale_id=first.sale_id, reason="Changed her mind"))
    assert (card(ria).balance, owed(mo)) == (Decimal("0.00"), {})


def test_the_tax_of_a_card_for_a_service_comes_and_goes_with_it(ria: Desk, mo: Desk) -> None:
    first = check_out(ria, CheckOut(gift_cards=(SellGiftCard(service_id=CUT, code="CUT1"),), tenders=(CASH,)))
    visit = booked(ria, JANE, march(9, 10))
    wish = CheckOut(appointment_ids=(visit.appointment_id,), tenders=(by_card(code="CUT1"),))
    used = check_out(ria, wish)
    assert used.tax == 0
    void(ria, VoidSale(sale_id=used.sale_id, reason="Wrong visit"))
    inside = "SELECT sum(t.amount) FROM prepayment_entry_taxes t"
    assert (card(ria, "CUT1").balance, asked(ria, inside)) == (Decimal("50.00"), [(Decimal("8.33"),)])
    again = check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(by_card(code="CUT1"),)))
    assert again.tax == 0
    refund(mo, Refund(sale_id=again.sale_id, amount=Decimal(20), reason="Uneven"))
    refund(mo, Refund(sale_id=again.sale_id, reason="Still uneven"))
    refund(mo, Refund(sale_id=first.sale_id, reason="Enough"))
    assert asked(ria, inside) == [(Decimal("0.00"),)]
    assert asked(ria, "SELECT sum(tax), sum(total) FROM sales") == [(0, 0)]


def test_the_database_covers_a_card_whoever_writes(ria: Desk) -> None:
    """The negative control of every sum above: more than there is goes off no card, nor is an entry edited."""
    sold(ria, "20.00")
    with pytest.raises(SpentMeanwhile), transaction(ria, uuid.uuid4()) as session:
        session.execute(text(
            "INSERT INTO prepayment_entries (prepayment_id, shop_id, kind, amount, day, at)"
            " SELECT id, shop_id, 'redeemed', -20.01, '2026-03-09', now() FROM prepayments"
        ))  # fmt: skip
    for statement in ("UPDATE prepayment_entries SET amount = 30", "DELETE FROM prepayment_entries"):
        with pytest.raises(DBAPIError) as refused, transaction(ria, uuid.uuid4()) as session:
            session.execute(text(statement))
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
