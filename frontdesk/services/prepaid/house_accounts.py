"""House accounts: who may pay later, up to how much, what is open, and who owes (features CO19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import NotFound, ReasonMissing, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.accounts import AccountLine, open_debts
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person
from frontdesk.tables.owed import AccountEntry
from frontdesk.text import clean


class NoAccount(Refusal):
    """{customer} has no house account. Take the money now, or have a manager open one."""


class OwesLess(Refusal):
    """{customer} owes {owed}. Take {owed} at most."""


@dataclass(frozen=True, kw_only=True)
class SetAccount(Write):
    """Let a customer pay later, or change up to how much."""

    customer_id: int
    limit: Decimal
    is_active: bool = True
    """Whether more may be put on it."""


@dataclass(frozen=True, kw_only=True)
class ShowAccount:
    """A customer's account."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class ListAccounts:
    """Who owes something; everybody with an account when all are asked for."""

    all: bool = False


@dataclass(frozen=True, kw_only=True)
class WriteOff(Write):
    """What a customer will never pay."""

    customer_id: int
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class AccountStep:
    """What was put on an account or paid off it."""

    id: int
    at: dt.datetime
    kind: str
    """owed, paid, written_off."""
    amount: Decimal
    open: Decimal
    """Of a debt, what is still to be paid."""
    receipt: int | None
    """Its number."""
    who: str


@dataclass(frozen=True)
class Account:
    """A customer's house account."""

    id: int
    customer_id: int
    customer: str
    limit: Decimal
    owed: Decimal
    is_active: bool
    oldest: dt.date | None
    """Since when something is open."""
    steps: tuple[AccountStep, ...] = ()

    @property
    def free(self) -> Decimal:
        """How much more may be put on it."""
        return max(self.limit - self.owed, self.owed * 0) if self.is_active else self.owed * 0


@dataclass(frozen=True)
class Accounts:
    """Who owes, the most first."""

    accounts: tuple[Account, ...]
    total: Decimal


@use_case(Deed.GIVE_CREDIT)
def set_account(work: Work, request: SetAccount) -> Account:
    """Open a house account, change its limit or let nothing more be put on it. Raises BadInput, NotFound."""
    limit = amount_of(work, request.limit, "limit")
    if work.session.execute(_CUSTOMER, {"id": request.customer_id}).scalar() is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up first.")
    work.session.execute(
        _SET,
        {
            "customer": request.customer_id, "limit": limit, "active": request.is_active,
            "currency": work.shop.currency, "at": work.now,
        },
    )  # fmt: skip
    work.tell("customer.changed", request.customer_id)
    return account_of(work, request.customer_id, steps=True)


_CUSTOMER = text("SELECT id FROM customers WHERE id = :id")
_SET = text("""
    INSERT INTO house_accounts (customer_id, limit_amount, is_active, currency, opened_at)
    VALUES (:customer, :limit, :active, :currency, :at)
    ON CONFLICT ON CONSTRAINT house_accounts_customer_key
    DO UPDATE SET limit_amount = excluded.limit_amount, is_active = excluded.is_active
""")


@use_case(Deed.SELL)
def show_account(work: Work, request: ShowAccount) -> Account:
    """A customer's account with everything on it and what of it is open. Raises NoAccount."""
    return account_of(work, request.customer_id, steps=True)


@use_case(Deed.SELL)
def list_accounts(work: Work, request: ListAccounts) -> Accounts:
    """Who owes how much since when."""
    rows = work.session.execute(_ACCOUNTS, {"customer": None, "currency": work.shop.currency}).all()
    found = [_account(row) for row in rows if request.all or row.owed]
    found.sort(key=lambda one: (-one.owed, one.customer))
    return Accounts(tuple(found), sum((one.owed for one in found), prepaid.nothing(work)))


@use_case(Deed.GIVE_CREDIT)
def write_off(work: Work, request: WriteOff) -> Account:
    """Stop waiting for what a customer owes, with a reason. Raises NoAccount, OwesLess, ReasonMissing, BadInput."""
    why = clean(request.reason)
    if not why:
        raise ReasonMissing
    account = account_of(work, request.customer_id)
    amount = amount_of(work, request.amount, "amount")
    if not amount or amount > account.owed:
        raise OwesLess(customer=account.customer, owed=prepaid.money(work, account.owed))
    enter(work, account.id, "written_off", -amount, Because(reason=why))
    work.tell("customer.changed", request.customer_id)
    return account_of(work, request.customer_id, steps=True)


def account_of(work: Work, customer_id: int, *, steps: bool = False) -> Account:
    """A customer's account. Raises NoAccount."""
    row = work.session.execute(_ACCOUNTS, {"customer": customer_id, "currency": work.shop.currency}).one_or_none()
    if row is None:
        raise NoAccount(customer=prepaid_name(work, customer_id))
    return _account(row, _steps(work, row.id) if steps else ())


def prepaid_name(work: Work, customer_id: int) -> str:
    """What a customer is called."""
    row = work.session.execute(_NAME, {"id": customer_id}).one_or_none()
    return person(*row) if row else "Nobody"


_NAME = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")


def _account(row: object, steps: tuple[AccountStep, ...] = ()) -> Account:
    facts = row._mapping  # type: ignore[attr-defined]
    name = person(facts["first_name"], facts["last_name"], facts["code"])
    return Account(
        facts["id"], facts["customer_id"], name, facts["limit_amount"], facts["owed"], facts["is_active"],
        facts["oldest"] if facts["owed"] else None, steps,
    )  # fmt: skip


_ACCOUNTS = text("""
    SELECT a.id, a.customer_id, a.limit_amount, a.is_active, c.first_name, c.last_name, c.code,
           coalesce(e.owed, 0) AS owed, e.oldest
      FROM house_accounts a JOIN customers c ON c.id = a.customer_id
      LEFT JOIN LATERAL (
          SELECT sum(x.amount) AS owed,
                 (SELECT min(d.day) FROM (
                      SELECT y.day, sum(y.amount) OVER (ORDER BY y.at, y.id) AS put_on
                        FROM account_entries y WHERE y.account_id = a.id AND y.amount > 0) d
                   WHERE d.put_on > -sum(x.amount) FILTER (WHERE x.amount < 0) OR bool_and(x.amount > 0)) AS oldest
            FROM account_entries x WHERE x.account_id = a.id) e ON true
     WHERE (CAST(:customer AS bigint) IS NULL OR a.customer_id = :customer) AND a.currency = :currency
""")


def _steps(work: Work, account_id: int) -> tuple[AccountStep, ...]:
    rows = work.session.execute(_STEPS, {"account": account_id}).all()
    left = dict(open_debts([AccountLine(row.id, row.amount, row.corrects_id) for row in rows]))
    nothing = prepaid.nothing(work)
    return tuple(
        AccountStep(row.id, row.at, row.kind, row.amount, left.get(row.id, nothing), row.number, row.who or "")
        for row in rows
    )


_STEPS = text("""
    SELECT e.id, e.at, e.kind, e.amount, e.corrects_id, s.number, u.name AS who
      FROM account_entries e LEFT JOIN sales s ON s.id = e.sale_id LEFT JOIN users u ON u.id = e.user_id
     WHERE e.account_id = :account ORDER BY e.at, e.id
""")


def enter(work: Work, account_id: int, kind: str, amount: Decimal, because: Because) -> AccountEntry:
    """One entry in the caller's transaction. Holds the account; raises AccountFull and NotOwed."""
    entry = AccountEntry(
        account_id=account_id,
        shop_id=work.shop.id,
        kind=kind,
        amount=amount,
        day=work.desk.today,
        at=work.now,
        sale_id=because.sale_id,
        sale_line_id=because.sale_line_id,
        payment_id=because.payment_id,
        corrects_id=because.corrects_id,
        reason=because.reason,
    )
    work.session.add(entry)
    work.session.flush()
    return entry
