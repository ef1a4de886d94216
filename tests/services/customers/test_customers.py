"""Customers: found as one types, kept as they are, never markup."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.visits import LeaveVisit, StepVisit, finish, no_show
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.customers.customers import (
    AddCustomer,
    ArchiveCustomer,
    EditCustomer,
    RestoreCustomer,
    ShowCustomer,
    add_customer,
    archive_customer,
    edit_customer,
    restore_customer,
    show_customer,
)
from tests.services.desks import ELM_CUSTOMER, JANE, booked, march


def _names(desk: Desk, typed: str) -> list[str]:
    return [found.name for found in find_customers(desk, FindCustomers(text=typed)).customers]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("j", ["Jane Doe"]),
        ("doe", ["Jane Doe"]),
        ("do ja", ["Jane Doe"]),
        ("doe 0123", ["Jane Doe"]),
        ("0123", ["Jane Doe"]),
        ("07700 900123", ["Jane Doe"]),
        ("+44 7700", ["Jane Doe"]),
        ("DÖE", ["Jane Doe"]),
        ("jnae", ["Jane Doe"]),
        ("doee", ["Jane Doe"]),
        ("berg", ["Ola Berg"]),
        ("0124", []),
        ("xyzzy", []),
        ("", []),
        ("jane lee", []),
        ("%", []),
        ("'; DROP TABLE customers; --", []),
    ],
)
def test_every_word_is_a_prefix_digits_a_telephone_s_end_and_a_typo_is_forgiven(
    ria: Desk, typed: str, found: list[str]
) -> None:
    assert _names(ria, typed) == found


def test_what_was_forgiven_is_said(ria: Desk) -> None:
    assert find_customers(ria, FindCustomers(text="jnae doe")).forgiven == "jane doe"


def test_accents_and_punctuation_do_not_matter(ria: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Björg", last_name="O'Neil-Bergström", email="bjorg@example.com"))
    for typed in ("bjorg", "BJÖRG", "oneil", "bergstr", "bjorg@ex"):
        assert _names(ria, typed) == ["Björg O'Neil-Bergström"]


@pytest.mark.parametrize("name", ["[/b] Ann", "[link=file:///x]Ann", "{oops}", "%s", "山田花子", "Ann 🙂"])
def test_a_name_is_kept_as_it_is_typed(ria: Desk, name: str) -> None:
    card = add_customer(ria, AddCustomer(first_name=name))
    assert show_customer(ria, ShowCustomer(customer_id=card.id)).card.name == name


def test_escape_bytes_do_not_get_in(ria: Desk) -> None:
    card = add_customer(ria, AddCustomer(first_name="\x1b]52;c;x\x07Ann\x00", notes="one\x1b[2J\ntwo"))
    assert not any(ord(sign) < 32 for sign in card.name)
    assert card.notes.count("\n") == 1
    assert "\x1b" not in card.notes


@pytest.mark.parametrize(
    ("wish", "field", "words"),
    [
        (AddCustomer(first_name="Ann", email="jane.example.com"), "email", "has no @. Type the whole address"),
        (AddCustomer(first_name="Ann", phone="12345"), "phone", "is not a telephone number in GB"),
        (AddCustomer(first_name="\x1b \u200b"), "first_name", "needs a name"),
    ],
)
def test_a_wrong_field_is_named_and_explained(ria: Desk, wish: AddCustomer, field: str, words: str) -> None:
    with pytest.raises(errors.BadInput, match=words) as refused:
        add_customer(ria, wish)
    assert refused.value.facts["field"] == field


def test_two_people_may_share_an_e_mail_and_nobody_needs_one(ria: Desk) -> None:
    for name in ("Ann", "Ben"):
        add_customer(ria, AddCustomer(first_name=name, last_name="Same", email="home@example.com"))
    add_customer(ria, AddCustomer(last_name="Same"))
    assert len(_names(ria, "same")) == 3


def test_who_was_slower_sees_who_was_quicker_and_loses_nothing(ria: Desk, mo: Desk) -> None:
    card = show_customer(ria, ShowCustomer(customer_id=JANE)).card
    theirs = EditCustomer(customer_id=JANE, version=card.version, first_name="Jane", last_name="Dough")
    assert edit_customer(mo, theirs).name == "Jane Dough"
    with pytest.raises(errors.ChangedMeanwhile, match="Mo changed this while you were typing"):
        edit_customer(ria, replace(theirs, last_name="Duh", request_id=uuid4()))
    assert _names(ria, "dough") == ["Jane Dough"]
    assert _names(ria, "doe") == []


def test_archived_people_are_found_no_more_and_keep_their_history(ria: Desk) -> None:
    archive_customer(ria, ArchiveCustomer(customer_id=JANE))
    assert _names(ria, "jane") == []
    assert not show_customer(ria, ShowCustomer(customer_id=JANE)).card.is_active


def test_who_was_archived_by_mistake_is_found_again(ria: Desk, anna: Desk) -> None:
    archived = archive_customer(ria, ArchiveCustomer(customer_id=JANE))
    with pytest.raises(errors.NotAllowed):
        restore_customer(anna, RestoreCustomer(customer_id=JANE))
    back = restore_customer(ria, RestoreCustomer(customer_id=JANE))
    assert back.is_active
    assert back.version == archived.version + 1
    assert restore_customer(ria, RestoreCustomer(customer_id=JANE)) == back
    assert _names(ria, "jane") == ["Jane Doe"]


def test_a_profile_has_the_last_visits_the_next_one_and_what_was_missed(ria: Desk) -> None:
    done, missed = booked(ria, JANE, march(9, 9)), booked(ria, JANE, march(9, 11))
    finish(ria, StepVisit(appointment_id=done.appointment_id))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id))
    coming = booked(ria, JANE, march(20, 10))
    profile = show_customer(ria, ShowCustomer(customer_id=JANE))
    assert profile.next_visit is not None
    assert (profile.next_visit.code, profile.visits, profile.no_shows) == (coming.code, 1, 1)


def test_the_same_wish_adds_nobody_twice(ria: Desk) -> None:
    wish = AddCustomer(first_name="Ann", last_name="Once")
    assert add_customer(ria, wish) == add_customer(ria, wish)
    assert _names(ria, "once") == ["Ann Once"]


def test_the_other_business_s_people_are_not_there(ria: Desk) -> None:
    with pytest.raises(errors.NotFound, match="There is no customer 4"):
        show_customer(ria, ShowCustomer(customer_id=ELM_CUSTOMER))
    assert _names(ria, "elm") == []
