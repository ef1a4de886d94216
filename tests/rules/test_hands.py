"""Work that changes hands is shared by whose hands were on it."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.hands import Hand, shares

ANNA, BO, CLEO = 1, 2, 3


def test_one_pair_of_hands_earns_all_of_it() -> None:
    parts = [Hand(1, "active", "lead", ANNA, 30), Hand(3, "finish", "lead", ANNA, 30)]
    assert shares(parts) == {ANNA: 1}


def test_a_colour_begun_by_anna_and_finished_by_bo_is_shared_by_their_minutes() -> None:
    parts = [
        Hand(1, "active", "lead", ANNA, 40),
        Hand(2, "processing", "lead", BO, 45),
        Hand(3, "finish", "lead", BO, 20),
        Hand(4, "cleanup", "lead", BO, 10),
    ]
    assert shares(parts) == {ANNA: Fraction(2, 3), BO: Fraction(1, 3)}


def test_an_assistant_earns_by_what_they_do_alone() -> None:
    parts = [
        Hand(1, "active", "assistant", CLEO, 10),
        Hand(2, "active", "lead", ANNA, 30),
        Hand(2, "active", "assistant", CLEO, 30),
    ]
    assert shares(parts) == {CLEO: Fraction(1, 4), ANNA: Fraction(3, 4)}


def test_nobody_s_hands_are_nobody_s_share() -> None:
    assert shares([]) == {}
    assert shares([Hand(1, "cleanup", "lead", ANNA, 15)]) == {}


@given(
    st.lists(
        st.builds(
            Hand,
            st.integers(1, 5),
            st.sampled_from(["active", "finish", "processing", "cleanup"]),
            st.sampled_from(["lead", "assistant"]),
            st.integers(1, 4),
            st.integers(0, 90),
        ),
        max_size=8,
    )
)
def test_shares_are_always_the_whole(parts: list[Hand]) -> None:
    found = shares(parts)
    assert not found or sum(found.values()) == 1
    assert all(share > 0 for share in found.values())
