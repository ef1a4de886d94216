"""Whatever is sold, used, voided and given back in whatever order: every balance is what a plain sum says it is."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.prepaid.credit import GiveCredit, ListCredit, give_credit, list_credit
from frontdesk.services.prepaid.gift_cards import ListGiftCards, list_gift_cards
from frontdesk.services.prepaid.house_accounts import ListAccounts, SetAccount, list_accounts, set_account
from frontdesk.services.prepaid.vouchers import ListVouchers, SetIssuer, list_vouchers, set_issuer
from frontdesk.services.records.ledger_promises import PROMISES
from frontdesk.services.reports.balances import ShowBalances, balances
from frontdesk.services.ticket.ticket_wishes import Pay, PayAccount, SellGiftCard, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests.seeds import seeds
from tests.services.desks import JANE, KIM
from tests.services.prepaid.test_gift_cards import CASH, asked, owed

STEPS = 40
CODES = ("CARD1", "CARD2", "CARD3")


class Day:
    """A shuffled day at the till, and beside it the sums as a child would keep them."""

    def __init__(self, mo: Desk, seed: int) -> None:
        self._mo, self._dice = mo, random.Random(seed)
        self._issuer = set_issuer(mo, SetIssuer(name="City card", fee_percent=Decimal("7.5"))).id
        self.sums: dict[str, Decimal] = defaultdict(Decimal)
        self.done: list[tuple[int, dict[str, Decimal]]] = []
        """Sales that can be given back, with what each moved."""
        self.refused = 0
        for customer in (JANE, KIM):
            set_account(mo, SetAccount(customer_id=customer, limit=Decimal(60)))

    def step(self) -> None:
        """One more thing happens, or is refused and changes nothing."""
        ways = (self._sell_card, self._credit, self._buy, self._buy, self._buy, self._pay_off, self._take_back)
        try:
            self._dice.choice(ways)()
        except Refusal:
            self.refused += 1

    def _sell_card(self) -> None:
        code, amount = self._dice.choice(CODES), Decimal(self._dice.randint(500, 4000)) / 100
        wish = SellGiftCard(code=code, amount=amount)
        sale = check_out(self._mo, CheckOut(gift_cards=(wish,), tenders=(CASH,)))
        self._moved(sale.sale_id, {f"card {code}": amount})

    def _credit(self) -> None:
        amount = Decimal(self._dice.randint(100, 2000)) / 100
        give_credit(self._mo, GiveCredit(customer_id=JANE, amount=amount, reason="Goodwill"))
        self.sums["credit"] += amount

    def _buy(self) -> None:
        pays = {
            "card": Pay(method="gift_card", code=self._dice.choice(CODES)),
            "credit": Pay(method="credit"),
            "account": Pay(method="account"),
            "voucher": Pay(method="voucher", issuer_id=self._issuer, code=f"V{self._dice.randint(10**6, 10**7)}"),
        }
        how = self._dice.choice(list(pays))
        tenders = (pays[how], Pay(method="cash"))[: self._dice.choice((1, 2))]
        shampoo = SellProduct(product_id=1, quantity=self._dice.randint(1, 2))
        sale = check_out(self._mo, CheckOut(customer_id=JANE, products=(shampoo,), tenders=tenders))
        amount = sale.payments[0].amount
        fee = -(amount * Decimal("7.5") / -100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        moved = {
            "card": {f"card {pays[how].code}": -amount},
            "credit": {"credit": -amount},
            "account": {"account": amount},
            "voucher": {"voucher": amount - fee},
        }
        self._moved(sale.sale_id, moved[how])

    def _pay_off(self) -> None:
        amount = Decimal(self._dice.randint(100, 3000)) / 100
        wish = CheckOut(accounts=(PayAccount(customer_id=JANE, amount=amount),), tenders=(CASH,))
        self._moved(check_out(self._mo, wish).sale_id, {"account": -amount})

    def _take_back(self) -> None:
        if not self.done:
            return
        place = self._dice.randrange(len(self.done))
        sale_id, moved = self.done[place]
        if self._dice.random() < 0.5:
            void(self._mo, VoidSale(sale_id=sale_id, reason="Wrong"))
        else:
            refund(self._mo, Refund(sale_id=sale_id, reason="Brought back"))
        del self.done[place]
        for what, amount in moved.items():
            self.sums[what] -= amount

    def _moved(self, sale_id: int, moved: dict[str, Decimal]) -> None:
        self.done.append((sale_id, moved))
        for what, amount in moved.items():
            self.sums[what] += amount


@pytest.mark.parametrize("seed", seeds(7))
def test_every_balance_is_a_plain_sum(mo: Desk, seed: int) -> None:
    day = Day(mo, seed)
    for _ in range(STEPS):
        day.step()
    cards = {f"card {one.code}": one.balance for one in list_gift_cards(mo, ListGiftCards(all=True)).cards}
    assert cards == {what: left for what, left in day.sums.items() if what in cards}
    assert list_credit(mo, ListCredit()).total == day.sums["credit"]
    assert list_accounts(mo, ListAccounts()).total == day.sums["account"]
    assert list_vouchers(mo, ListVouchers()).total == day.sums["voucher"]
    reported = {kind: total for kind, (_, total) in owed(mo).items()}
    assert reported.get("gift_card", 0) == sum(cards.values())
    assert reported.get("credit", 0) == day.sums["credit"]
    assert reported.get("account", 0) == day.sums["account"]
    theirs = {one.kind: one.amount for one in balances(mo, ShowBalances(customer_id=JANE)).balances}
    assert theirs.get("account", Decimal(0)) == -day.sums["account"]
    assert [rows for _, question, _ in PROMISES if (rows := asked(mo, question))] == []
    assert day.refused < STEPS, "and something did happen"
