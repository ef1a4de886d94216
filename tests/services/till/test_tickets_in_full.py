"""Coupons, classes, limits, exemption, charges, rounding, tips by hand, parties: what is shown is what is taken."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.permissions import Deed, Role
from frontdesk.rules.pricing import TipTooSmall
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt
from frontdesk.services.people.people import ChangeSecret, RegisterTerminal, register_terminal, set_pin
from frontdesk.services.people.sign_in import approve
from frontdesk.services.shop.taxes import AddTax, EndTax, add_tax, end_tax
from frontdesk.services.ticket.coupons import (
    AddCoupon,
    CouponAlone,
    CouponForCustomers,
    CouponForNothing,
    CouponMinimum,
    CouponNotNow,
    CouponTwice,
    CouponUnknown,
    EditCoupon,
    EndCoupon,
    ListCoupons,
    add_coupon,
    edit_coupon,
    end_coupon,
    list_coupons,
)
from frontdesk.services.ticket.price_classes import (
    AddPriceClass,
    EditPriceClass,
    ListPriceClasses,
    add_price_class,
    edit_price_class,
    list_price_classes,
)
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct, Ticket
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.discounts import (
    ListDiscountLimits,
    SetDiscountLimit,
    list_discount_limits,
    set_discount_limit,
)
from frontdesk.services.till.reckoning import ExplainTicket, explain
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.sale_reasons import ExplainSale, explain_sale
from frontdesk.services.till.ticket import Quote, QuoteTicket, quote
from frontdesk.services.till.voiding import VoidSale, void
from tests.rules.test_tickets_add_up import worked_out
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march

CASH = Pay(method="cash")
SHAMPOO = SellProduct(product_id=1, stylist_id=BO)
TODAY = dt.date(2026, 3, 9)


def as_(kind: type[Any], ticket: Ticket, **more: object) -> Any:  # noqa: ANN401  any request that is a ticket
    return kind(**{one.name: getattr(ticket, one.name) for one in fields(Ticket)} | more)


def rows(desk: Desk, statement: str) -> list[tuple[Any, ...]]:
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(text(statement))]


def rule(desk: Desk, assignment: str) -> None:
    with transaction(desk, uuid4()) as session:
        session.execute(text(f"UPDATE shops SET {assignment}"))
        session.commit()


def janes(desk: Desk, **more: object) -> Ticket:
    """A cut, a blow-dry and shampoo: 98.00, of it 80.00 for services."""
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    wishes: dict[str, Any] = {"products": (SHAMPOO,), "tenders": (CASH,), **more}
    return Ticket(appointment_ids=(visit.appointment_id,), **wishes)


def lines(desk: Desk, ticket: Ticket) -> list[int]:
    return [line.id for line in show(desk, ShowVisit(appointment_id=ticket.appointment_ids[0])).lines]


def both(desk: Desk, ticket: Ticket, **more: object) -> tuple[Quote, Receipted]:
    """The quote, and the sale that takes the same to the cent; every figure of it says why."""
    shown = quote(desk, as_(QuoteTicket, ticket))
    why = explain(desk, as_(ExplainTicket, ticket)).reasons
    for reason in why:
        assert worked_out(reason.arithmetic) == reason.amount, reason
    told = {reason.figure: reason.amount for reason in why}
    sold: Receipted = check_out(desk, as_(CheckOut, ticket, **more))
    assert told.get("To pay", told["Total"]) == shown.total_due == sold.total + sold.tip
    assert sum((amount for _, amount in shown.discounts), Decimal(0)) == sold.discount
    assert sum(one.amount for one in sold.payments) == sold.total + sold.tip
    kept = explain_sale(desk, ExplainSale(sale_id=sold.sale_id)).reasons
    for reason in kept:
        assert worked_out(reason.arithmetic) == reason.amount, reason
    nothing = {reason.figure.split(":")[0] + ": after discounts" for reason in why if not reason.amount}
    again = {reason.figure: reason.amount for reason in kept}
    for figure, amount in told.items():
        if amount and figure not in ("Rest", "Change", *nothing):
            assert again[figure] == amount, "a closed sale says the same as the open ticket did"
    return shown, sold


def test_a_price_class_pays_its_own_prices_and_the_list_s_stay_beside_them(ria: Desk, mo: Desk) -> None:
    staff = add_price_class(mo, AddPriceClass(name="Staff", percent=Decimal(50)))
    shown, sold = both(ria, janes(ria, price_class_id=staff.id))
    assert sold.total == Decimal("49.00")
    assert [(one.unit_price, one.list_price) for one in shown.lines] == [
        (Decimal("25.00"), Decimal("50.00")),
        (Decimal("15.00"), Decimal("30.00")),
        (Decimal("9.00"), Decimal("18.00")),
    ]
    assert rows(ria, "SELECT price_class_id FROM sales") == [(staff.id,)]
    edit_price_class(mo, EditPriceClass(price_class_id=staff.id, is_active=False))
    assert list_price_classes(ria, ListPriceClasses()).classes == ()
    with pytest.raises(errors.NotFound, match="price class"):
        quote(ria, QuoteTicket(products=(SHAMPOO,), price_class_id=staff.id))


def test_a_typed_price_is_the_line_s_and_a_class_does_not_touch_it(ria: Desk, mo: Desk) -> None:
    staff = add_price_class(mo, AddPriceClass(name="Staff", percent=Decimal(50)))
    ticket = janes(ria, price_class_id=staff.id)
    _, sold = both(ria, replace(ticket, line_prices={lines(ria, ticket)[0]: Decimal("42.00")}))
    assert sold.total == Decimal("42.00") + Decimal("15.00") + Decimal("9.00")


def test_a_price_is_typed_for_a_product_too_and_the_sale_keeps_why(ria: Desk, mo: Desk) -> None:
    set_discount_limit(mo, SetDiscountLimit(role=Role.RECEPTIONIST, percent=Decimal(10)))
    dented = SellProduct(product_id=1, price=Decimal("16.50"), quantity=2)
    ticket = janes(ria, products=(dented,), discount_reason="dented")
    ticket = replace(ticket, line_prices={lines(ria, ticket)[0]: Decimal("55.00")})
    shown, _ = both(ria, ticket)
    why = explain(ria, as_(ExplainTicket, replace(ticket, appointment_ids=()))).reasons[0]
    assert (why.figure, why.rule) == ("Shampoo 250 ml: price", "typed, the list says 18.00, because dented")
    assert shown.over_limit == "", "a higher price takes nothing off"
    assert rows(ria, "SELECT unit_price, list_price, price_reason FROM sale_lines ORDER BY position") == [
        (Decimal("55.00"), Decimal("50.00"), "dented"),
        (Decimal("30.00"), None, ""),
        (Decimal("16.50"), Decimal("18.00"), "dented"),
    ]
    cheap = replace(ticket, appointment_ids=(), line_prices={}, products=(replace(dented, price=Decimal(16)),))
    assert quote(ria, as_(QuoteTicket, cheap)).over_limit.startswith("more than 10")
    with pytest.raises(errors.NotAllowed):
        check_out(ria, as_(CheckOut, cheap))
    with pytest.raises(errors.BadInput, match="whole coins"):
        quote(ria, as_(QuoteTicket, replace(cheap, products=(replace(dented, price=Decimal("16.005")),))))


def test_discounts_and_a_coupon_stack_in_one_order_and_each_is_kept_with_its_reason(ria: Desk, mo: Desk) -> None:
    add_coupon(mo, AddCoupon(code="spring", percent=Decimal(20), on_products=False))
    ticket = janes(ria, coupons=(" Spring ",), discount=Off(amount=Decimal("7.01")), discount_reason="Late start")
    ticket = replace(ticket, line_discounts={lines(ria, ticket)[0]: Off(percent=Decimal(10))})
    shown, sold = both(ria, ticket)
    assert shown.discounts == (
        ("Discount 10 %, on Cut", Decimal("5.00")),
        ("SPRING 20 %", Decimal("15.00")),
        ("Discount", Decimal("7.01")),
    )
    assert sold.total == Decimal("70.99")
    kept = rows(
        ria, "SELECT position, kind, percent, amount, reason FROM sale_discounts ORDER BY sale_line_id, position"
    )
    assert kept[:3] == [
        (1, "line", Decimal(10), Decimal("5.00"), "Late start"),
        (2, "coupon", Decimal(20), Decimal("9.00"), ""),
        (3, "ticket", None, Decimal("3.23"), "Late start"),
    ]
    assert sum(row[3] for row in kept) == sold.discount


def test_what_is_told_of_discounts_is_what_came_off(ria: Desk) -> None:
    """The negative control: one cent more in the table, and the database refuses the sale."""
    both(ria, janes(ria, discount=Off(percent=Decimal(10))))
    with transaction(ria, uuid4()) as session:
        with pytest.raises(Exception, match="is closed"), session.begin_nested():
            session.execute(
                text(
                    "INSERT INTO sale_discounts (sale_id, sale_line_id, position, kind, amount)"
                    " SELECT sale_id, id, 9, 'ticket', 0.01 FROM sale_lines LIMIT 1"
                )
            )
        session.rollback()


def test_a_coupon_that_is_used_up_is_refused_until_a_void_gives_it_back(ria: Desk, mo: Desk) -> None:
    add_coupon(mo, AddCoupon(code="ONCE", amount=Decimal(5), uses=1))
    _, first = both(ria, janes(ria, coupons=("once",)))
    assert first.total == Decimal("93.00")
    again = Ticket(products=(SHAMPOO,), coupons=("ONCE",), tenders=(CASH,))
    for asked in (lambda: quote(ria, as_(QuoteTicket, again)), lambda: check_out(ria, as_(CheckOut, again))):
        with pytest.raises(errors.CouponUsedUp, match="used up. Take it off the ticket"):
            asked()
    void(ria, VoidSale(number=first.number, reason="Wrong ticket"))
    assert [one.used for one in list_coupons(ria, ListCoupons()).coupons] == [0]
    _, sold = both(ria, again)
    assert sold.total == Decimal("13.00")


def test_a_coupon_says_why_it_is_not_taken(ria: Desk, mo: Desk) -> None:
    def coupon(code: str, **more: Any) -> None:  # noqa: ANN401  of the request
        add_coupon(mo, AddCoupon(code=code, percent=Decimal(10), **more))

    coupon("GONE", last_day=dt.date(2026, 3, 8))
    coupon("SOON", valid_from=dt.date(2026, 3, 10))
    coupon("EACH", per_customer=1)
    coupon("BLOW", service_id=BLOW_DRY)
    coupon("BIG", minimum=Decimal(100))
    coupon("LONE", stacks=False)
    coupon("ENDED")
    end_coupon(
        mo, EndCoupon(coupon_id=next(c.id for c in list_coupons(mo, ListCoupons()).coupons if c.code == "ENDED"))
    )
    shampoo = Ticket(products=(SHAMPOO,), tenders=(CASH,))
    for codes, refusal, sentence in (
        (("NONE",), CouponUnknown, "no coupon NONE"),
        (("ENDED",), CouponUnknown, "no coupon ENDED"),
        (("GONE",), CouponNotNow, "was good until"),
        (("SOON",), CouponNotNow, "is good from"),
        (("EACH",), CouponForCustomers, "Say who pays"),
        (("BLOW",), CouponForNothing, "is for Blow-dry"),
        (("BIG",), CouponMinimum, "is for £100.00 or more of services and products, and the ticket has £18.00"),
        (("LONE", "BIG"), CouponMinimum, "BIG"),
        (("LONE", "lone"), CouponTwice, "LONE is on the ticket already"),
    ):
        with pytest.raises(refusal, match=sentence):
            quote(ria, as_(QuoteTicket, replace(shampoo, coupons=codes)))
    with pytest.raises(CouponAlone):
        quote(ria, as_(QuoteTicket, replace(shampoo, coupons=("LONE",), discount=Off(percent=Decimal(1)))))
    both(ria, replace(shampoo, coupons=("EACH",), customer_id=KIM))
    with pytest.raises(errors.CouponUsedByCustomer):
        quote(ria, as_(QuoteTicket, replace(shampoo, coupons=("EACH",), customer_id=KIM)))
    assert quote(ria, as_(QuoteTicket, replace(shampoo, coupons=("EACH",), customer_id=JANE))).total_due


def test_a_coupon_is_changed_from_the_next_ticket_on_and_its_uses_stay(ria: Desk, mo: Desk) -> None:
    five = add_coupon(mo, AddCoupon(code="FIVE", amount=Decimal(5), uses=2))
    both(ria, janes(ria, coupons=("FIVE",)))
    end_coupon(mo, EndCoupon(coupon_id=five.id))
    changed = edit_coupon(mo, EditCoupon(coupon_id=five.id, code="six", amount=Decimal(6), uses=2, on_services=False))
    assert (changed.code, changed.used, changed.is_active, changed.what) == ("SIX", 1, True, "products")
    shampoo = Ticket(products=(SHAMPOO,), tenders=(CASH,), coupons=("SIX",))
    _, sold = both(ria, shampoo)
    assert (sold.total, sold.discount) == (Decimal("12.00"), Decimal("6.00"))
    with pytest.raises(errors.CouponUsedUp):
        both(ria, shampoo)
    assert rows(ria, "SELECT sum(amount) FROM sale_discounts") == [(Decimal("11.00"),)]
    for wrong, field in (
        ({"code": "TWO WORDS"}, "code"),
        ({"uses": 2**31}, "uses"),
        ({"percent": Decimal(5)}, "percent"),
    ):
        with pytest.raises(errors.BadInput) as refused:
            edit_coupon(mo, EditCoupon(**{"coupon_id": five.id, "code": "SIX", "amount": Decimal(6), **wrong}))  # type: ignore[arg-type]
        assert refused.value.facts["field"] == field
    with pytest.raises(errors.NotAllowed):
        edit_coupon(ria, EditCoupon(coupon_id=five.id, code="SIX", amount=Decimal(60)))
    with pytest.raises(errors.NotFound):
        edit_coupon(mo, EditCoupon(coupon_id=99, code="SIX", amount=Decimal(6)))


def test_more_than_a_role_may_take_off_asks_for_a_reason_and_a_manager(ria: Desk, mo: Desk, ada: Desk) -> None:
    set_discount_limit(mo, SetDiscountLimit(role=Role.RECEPTIONIST, percent=Decimal(10)))
    assert [(one.role, one.percent) for one in list_discount_limits(ria, ListDiscountLimits()).limits] == [
        (Role.TRAINEE, None),
        (Role.RECEPTIONIST, Decimal(10)),
    ]
    ticket = janes(ria, discount=Off(percent=Decimal(10)))
    assert quote(ria, as_(QuoteTicket, ticket)).over_limit == ""
    more = replace(ticket, discount=Off(percent=Decimal("10.1")))
    assert quote(ria, as_(QuoteTicket, more)).over_limit == "more than 10 % off"
    for lowered in (
        replace(ticket, discount=None, line_prices={lines(ria, ticket)[0]: Decimal(40)}),
        replace(ticket, line_discounts={lines(ria, ticket)[0]: Off(amount=Decimal(5))}),
    ):
        assert quote(ria, as_(QuoteTicket, lowered)).over_limit == "more than 10 % off"
    with pytest.raises(errors.ReasonMissing):
        check_out(ria, as_(CheckOut, more))
    more = replace(more, discount_reason="Spilled coffee")
    with pytest.raises(errors.NotAllowed, match="A manager can approve it with their PIN"):
        check_out(ria, as_(CheckOut, more))
    set_pin(ada, ChangeSecret(user_id=mo.actor.user_id, secret="9876"))
    secret = register_terminal(ada, RegisterTerminal(name="left")).secret
    code = approve(ria, login="mo", pin="9876", deed=Deed.DISCOUNT_MORE, terminal_secret=secret)
    both(ria, more, approval=code)
    assert set(rows(ria, "SELECT approved_by, reason FROM sale_discounts")) == {(mo.actor.user_id, "Spilled coffee")}
    assert rows(ria, "SELECT approved_by FROM sales") == [(mo.actor.user_id,)]


def test_a_manager_and_a_coupon_have_no_limit(ria: Desk, mo: Desk) -> None:
    set_discount_limit(mo, SetDiscountLimit(role=Role.RECEPTIONIST, percent=Decimal(0)))
    add_coupon(mo, AddCoupon(code="HALF", percent=Decimal(50)))
    both(ria, janes(ria, coupons=("HALF",)))
    check_out(mo, CheckOut(products=(SHAMPOO,), discount=Off(percent=Decimal(90)), tenders=(CASH,)))
    with pytest.raises(errors.BadInput, match="ask a manager: trainee and receptionist"):
        set_discount_limit(mo, SetDiscountLimit(role=Role.MANAGER, percent=Decimal(5)))


def test_whoever_is_exempt_pays_without_the_tax_inside_and_says_why(ria: Desk) -> None:
    ticket = janes(ria, tax_exempt_reason="Embassy, card 77")
    shown, sold = both(ria, ticket)
    assert (shown.taxes_within, sold.tax, sold.total) == ((), Decimal("0"), Decimal("81.67"))
    assert rows(ria, "SELECT tax_exempt_reason FROM sales") == [("Embassy, card 77",)]
    with pytest.raises(errors.ReasonMissing):
        quote(ria, QuoteTicket(products=(SHAMPOO,), tax_exempt_reason="  "))


def test_a_service_charge_is_on_services_with_tax_and_tips_are_not_of_it(ria: Desk, ada: Desk) -> None:
    rule(ada, "service_charge = 12.5")
    shown, sold = both(ria, janes(ria))
    assert [(one.name, one.amount) for one in shown.lines][-1] == ("Service charge", Decimal("10.00"))
    assert (sold.total, sold.tax) == (Decimal("108.00"), Decimal("18.00"))
    assert shown.tip_suggestions == ((10, Decimal("8.00")), (15, Decimal("12.00")), (20, Decimal("16.00")))
    only_products = quote(ria, QuoteTicket(products=(SHAMPOO,)))
    assert (only_products.total_due, only_products.tip_suggestions) == (Decimal("18.00"), ())
    gone = void(ria, VoidSale(number=sold.number, reason="Wrong"))
    assert gone.total == sold.total


def test_only_cash_is_rounded_and_the_rounding_is_a_line(ria: Desk, ada: Desk) -> None:
    rule(ada, "cash_rounding = 0.05")
    shown, sold = both(ria, janes(ria, discount=Off(amount=Decimal("0.02"))))
    assert (shown.rounding, sold.total, sold.payments[0].amount) == (
        Decimal("0.02"),
        Decimal("98.00"),
        Decimal("98.00"),
    )
    assert rows(ria, "SELECT kind, total FROM sale_lines WHERE kind = 'rounding'") == [("rounding", Decimal("0.02"))]
    gone = void(ria, VoidSale(number=sold.number, reason="Wrong"))
    assert gone.total == sold.total
    by_card = Pay(method="card", approval_code="A1")
    _, card = both(ria, Ticket(products=(SHAMPOO,), discount=Off(amount=Decimal("0.02")), tenders=(by_card,)))
    assert card.total == Decimal("17.98")


def test_kept_change_is_a_tip_for_who_served(ria: Desk) -> None:
    shown, sold = both(ria, janes(ria, tenders=(Pay(method="cash", amount=Decimal(100), keep_change=True),)))
    assert (shown.kept, sold.tip, sold.change) == (Decimal("2.00"), Decimal("2.00"), Decimal(0))
    assert rows(ria, "SELECT stylist_id, amount FROM tips ORDER BY 1") == [
        (ANNA, Decimal("1.25")),
        (BO, Decimal("0.75")),
    ]


def test_a_tip_is_shared_by_hand_also_with_an_assistant_who_is_not_on_the_visit(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA))
    ticket = Ticket(appointment_ids=(visit.appointment_id,), tip=Decimal(15), tip_to={BO: Decimal(5)}, tenders=(CASH,))
    shown, _ = both(ria, ticket)
    assert {one.name: one.amount for one in shown.tips} == {"Anna": Decimal("10.00"), "Bo": Decimal("5.00")}
    with pytest.raises(TipTooSmall):
        quote(ria, as_(QuoteTicket, replace(ticket, tip=Decimal(4))))
    with pytest.raises(errors.BadInput, match="not less than nothing"):
        quote(ria, as_(QuoteTicket, replace(ticket, tip=Decimal(-1))))


def test_one_of_two_may_get_nothing_of_a_tip(ria: Desk) -> None:
    shown, sold = both(ria, janes(ria, tip=Decimal("16.01"), tip_to={ANNA: Decimal(0)}))
    assert {one.name: one.amount for one in shown.tips} == {"Anna": Decimal("0.00"), "Bo": Decimal("16.01")}
    assert rows(ria, "SELECT sum(amount) FROM tips") == [(sold.tip,)]


def test_one_payer_for_two_leaves_each_their_own_visit(ria: Desk) -> None:
    hers = booked(ria, JANE, march(9, 10), (CUT, ANNA))
    his = booked(ria, KIM, march(9, 10), (BLOW_DRY, BO))
    ticket = Ticket(appointment_ids=(hers.appointment_id, his.appointment_id), customer_id=KIM, tenders=(CASH,))
    shown, sold = both(ria, ticket)
    assert (shown.customer_id, [one.customer_id for one in shown.lines]) == (KIM, [JANE, KIM])
    assert rows(
        ria, "SELECT s.customer_id, l.customer_id FROM sales s JOIN sale_lines l ON l.sale_id = s.id ORDER BY 2"
    ) == [
        (KIM, JANE),
        (KIM, KIM),
    ]
    assert "Cut" in sold.receipt
    assert "Blow-dry" in sold.receipt
    for visit in (hers, his):
        assert all(line.paid for line in show(ria, ShowVisit(appointment_id=visit.appointment_id)).lines)


def test_a_rate_that_changes_leaves_old_receipts_as_they_were(ria: Desk, mo: Desk, clock: SetClock) -> None:
    _, before = both(ria, Ticket(products=(SHAMPOO,), tenders=(CASH,)))
    old = copy_receipt(ria, ShowReceipt(number=before.number)).receipt
    add_tax(mo, AddTax(name="VAT", percent=Decimal(25), inclusive=True, valid_from=TODAY + dt.timedelta(1)))
    clock.set(march(10, 9))
    _, after = both(ria, Ticket(products=(SHAMPOO,), tenders=(CASH,)))
    assert (before.tax, after.tax) == (Decimal("3.00"), Decimal("3.60"))
    again = copy_receipt(ria, ShowReceipt(number=before.number)).receipt
    assert again == old
    assert "VAT 20 %" in again
    assert "VAT 25 %" in after.receipt


def test_taxes_under_other_names_are_linked_by_their_code_and_may_be_taken_of_taxes(ria: Desk, mo: Desk) -> None:
    vat = rows(mo, "SELECT id FROM taxes WHERE name = 'VAT'")[0][0]
    end_tax(mo, EndTax(tax_id=vat, last_day=TODAY - dt.timedelta(1)))
    add_tax(mo, AddTax(name="GST 4", percent=Decimal(4), inclusive=False, code="GST", valid_from=dt.date(2026, 1, 1)))
    add_tax(mo, AddTax(name="GST 5", percent=Decimal(5), inclusive=False, code="GST", valid_from=TODAY))
    add_tax(mo, AddTax(name="QST", percent=Decimal("9.5"), inclusive=False, position=1, compounds=True))
    shown, sold = both(ria, janes(ria))
    assert [name for name, _ in shown.taxes_on_top] == ["GST 5", "QST"]
    # 50.00, 30.00 and 18.00: 5 % of each, and 9.5 % of each with that.
    assert [amount for _, amount in shown.taxes_on_top] == [Decimal("4.90"), Decimal("9.78")]
    assert sold.total == Decimal("112.68")


def test_a_ticket_s_quote_takes_no_number_and_writes_nothing(ria: Desk) -> None:
    ticket = janes(ria)
    quote(ria, as_(QuoteTicket, ticket))
    explain(ria, as_(ExplainTicket, ticket))
    assert rows(ria, "SELECT count(*) FROM sales") == [(0,)]
    assert check_out(ria, as_(CheckOut, ticket)).number == 1


def test_a_closed_sale_tells_who_allowed_it_how_it_was_paid_and_what_went_back_since(ria: Desk, mo: Desk) -> None:
    ticket = janes(ria, tip=Decimal(8), discount=Off(percent=Decimal(10)), discount_reason="late start")
    cash = (Pay(method="card", amount=Decimal(40), approval_code="A1B2"), Pay(method="cash", amount=Decimal(60)))
    _, sold = both(ria, replace(ticket, tenders=cash))
    back = refund(mo, Refund(sale_id=sold.sale_id, amount=Decimal(5), reason="uneven"))
    told = {one.figure: one for one in explain_sale(ria, ExplainSale(number=sold.number)).reasons}
    assert told["Cut: discount"].rule == "discount on the ticket, 10 %, because late start"
    assert (told["Tip for Anna"].arithmetic, told["Tip for Anna"].amount) == ("8.00 x 45.00 / 72.00", Decimal("5.00"))
    assert (told["Card"].rule, told["Cash"].arithmetic) == ("code A1B2", "60.00 - 3.80")
    given = told[f"Receipt {back.number}"]
    assert (given.rule, given.amount) == ("refund on Mon 9 Mar, because uneven", Decimal("-5.00"))
    of_the_refund = explain_sale(ria, ExplainSale(number=back.number)).reasons
    assert of_the_refund[0].rule == f"refund of receipt {sold.number}, because uneven"
    assert {one.figure: one.amount for one in of_the_refund}["Given back"] == Decimal("-5.00")
    for reason in of_the_refund:
        assert worked_out(reason.arithmetic) == reason.amount, reason
    with pytest.raises(errors.NotFound):
        explain_sale(ria, ExplainSale(number=99))
