"""Finding customers: who is meant comes, who is not stays away."""

from __future__ import annotations

import pytest

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.customers.customer_search import FindCustomers, find_by_words, find_customers
from frontdesk.services.customers.customers import AddCustomer, ArchiveCustomer, add_customer, archive_customer


def _added(desk: Desk, first: str, last: str = "", *, phone: str = "", email: str = "", code: str | None = None) -> int:
    wish = AddCustomer(first_name=first, last_name=last, phone=phone, email=email, code=code)
    return add_customer(desk, wish).id


def _names(desk: Desk, typed: str, limit: int = 20) -> list[str]:
    return [found.name for found in find_customers(desk, FindCustomers(text=typed, limit=limit)).customers]


@pytest.mark.parametrize(
    "typed", ["lisa wang", "wang lisa", "li wa", "w l", "lis w", "wang li", "lisa wang 88", "w 2288"]
)
def test_two_words_are_two_names_in_any_order(ria: Desk, typed: str) -> None:
    _added(ria, "Lisa", "Wang", phone="07700 922288")
    _added(ria, "Lisa", "Lang", phone="07700 922200")
    assert _names(ria, typed) == ["Lisa Wang"]


def test_a_telephone_is_found_from_the_front_as_it_is_dialled(ria: Desk) -> None:
    assert _names(ria, "0770") == _names(ria, "+44770") == _names(ria, "07700 9") == ["Jane Doe"]


def test_another_number_s_front_is_not_this_one_s_end(ria: Desk) -> None:
    _added(ria, "Bel", phone="+32 10 45 67 89")
    assert _names(ria, "0123") == ["Jane Doe"]
    assert _names(ria, "321") == []
    assert _names(ria, "+321") == ["Bel"]


def test_a_telephone_that_ends_in_noughts_is_found_by_its_end(ria: Desk) -> None:
    _added(ria, "Simone", "Gray", phone="07700 900093")
    assert _names(ria, "0093") == _names(ria, "simone 0093") == ["Simone Gray"]
    assert _names(ria, "0094") == []


def test_a_number_on_paper_is_found_and_is_not_a_telephone(ria: Desk) -> None:
    _added(ria, "Pat", code="1042")
    assert _names(ria, "104") == ["Pat"]
    assert _names(ria, "240") == []


def test_archived_people_hide_nobody(ria: Desk) -> None:
    for number in range(12):
        archive_customer(ria, ArchiveCustomer(customer_id=_added(ria, "Zoe", f"A{number}")))
    _added(ria, "Zoe", "Zz")
    assert _names(ria, "zoe", limit=2) == ["Zoe Zz"]


def test_a_person_stands_in_the_list_once(ria: Desk) -> None:
    _added(ria, "Anna", "Annasdottir", email="anna.anna@example.com")
    assert _names(ria, "an") == _names(ria, "anna a") == ["Anna Annasdottir"]


def test_exactly_so_comes_before_longer_names_and_each_in_human_order(ria: Desk) -> None:
    for last in ("Young", "Adams"):
        _added(ria, "Joanna", last)
        _added(ria, "Jo", last)
    assert _names(ria, "jo") == ["Jo Adams", "Jo Young", "Joanna Adams", "Joanna Young"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bergstorm", ["Björg Bergström"]),
        ("bjrog bergst", ["Björg Bergström"]),
        ("bergsro", ["Björg Bergström"]),
        ("bjorg bregstrom", ["Björg Bergström"]),
        ("kergstrom", []),
        ("0771", []),
    ],
)
def test_a_slip_in_a_name_is_forgiven_but_not_in_its_first_letter_nor_in_a_number(
    ria: Desk, typed: str, found: list[str]
) -> None:
    _added(ria, "Björg", "Bergström", email="bbb@example.com")
    assert _names(ria, typed) == found


def test_a_name_beside_an_e_mail_or_code_is_found_as_well(ria: Desk) -> None:
    _added(ria, "Pat", "Moss", code="VIP7", email="fern@example.com")
    assert _names(ria, "pat vip") == _names(ria, "moss fern@") == _names(ria, "pat fer") == ["Pat Moss"]


def test_a_name_of_any_length_is_kept_and_found(ria: Desk) -> None:
    _added(ria, "x" * 5000, " ".join(f"name{number}" for number in range(300)))
    _added(ria, "Maria del Carmen Lucia de los", "Santos Garcia y Lopez")
    assert len(_names(ria, "lucia lop")) == len(_names(ria, "lopez lucia")) == len(_names(ria, "garc del")) == 1
    assert len(_names(ria, "x" * 200)) == len(_names(ria, "name3 xxxx")) == 1


def test_whoever_has_a_session_open_may_ask_and_sees_their_own_business_only(ria: Desk) -> None:
    with transaction(ria) as session:
        assert [found.name for found in find_by_words(session, "jane", 5)] == ["Jane Doe"]
        assert find_by_words(session, "elm", 5) == []
