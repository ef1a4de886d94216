"""What a typed search means, held against the tokens that are written for a name."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from frontdesk.rules.search_words import Road, beginnings_until, plain_roads, roads, search_words
from frontdesk.text import search_tokens, tokens

names = st.text(st.sampled_from("abcdeéßøİ -'漢字ñ"), min_size=1, max_size=12)


def _leads_to(road: Road, found_by: list[str]) -> bool:
    return any(token.startswith(road.beginnings) for token in found_by) and all(
        any(token.startswith(check.beginnings) for token in found_by) for check in road.checks
    )


@given(names, names, st.data())
@example("Jane", "Doe", None)
@example("Li", "Wang", None)
@example("a b c d e f", "bcde", None)
@example("a", "b c d e f ghi", None)
def test_every_way_leads_to_whoever_has_the_names_however_little_is_typed(
    first: str, last: str, data: st.DataObject | None
) -> None:
    assume(tokens(first) and tokens(last))
    one, other = tokens(first)[0], tokens(last)[-1]
    if data is not None:
        one = one[: data.draw(st.integers(1, len(one)))]
        other = other[: data.draw(st.integers(1, len(other)))]
    assume(not one.startswith(other) and not other.startswith(one))
    found_by = [token for _, token in search_tokens(first_name=first, last_name=last, phone=None, email=None)]
    for typed in (f"{one} {other}", f"{other} {one}"):
        words = search_words(typed)
        ways = roads(words)
        assert ways
        assert all(_leads_to(way, found_by) for way in [*ways, *plain_roads(words)])


def test_a_way_leads_to_nobody_else() -> None:
    kim = [token for _, token in search_tokens(first_name="Kim", last_name="Lee", phone=None, email=None)]
    assert not any(_leads_to(way, kim) for typed in ("jane lee", "kim d") for way in roads(search_words(typed)))


@pytest.mark.parametrize(
    ("typed", "beginnings"),
    [
        ("0123", ("0123", "-3210", "+44123")),
        ("07700 900-123", ("07700900123", "-3210090077", "+447700900123")),
        ("+44 7700", ("+447700",)),
        ("0044 7700", ("+447700",)),
        ("0093", ("0093", "-3900", "+93")),
        ("447700", ("447700", "-007744", "+44447700", "+447700")),
        ("٠١٢٣", ("0123", "-3210", "+44123")),
        ("jane.d", ("janed", "jane.d")),
        ("Jane@Ex", ("jane@ex",)),
        ("St.", ("st",)),
        ("a" * 500, ("a" * 64,)),
    ],
)
def test_one_word_is_looked_for_as_it_is_kept(typed: str, beginnings: tuple[str, ...]) -> None:
    (word,) = search_words(typed, "44")
    assert word.beginnings == beginnings


def test_a_few_digits_beside_a_name_are_a_telephones_end() -> None:
    (way,) = roads(search_words("doe 0123", "44"))
    assert way.beginnings == (" doe -3210", " doe 0123")
    assert [check.said for check in way.checks] == []


@pytest.mark.parametrize("nothing", ["", "  ", "%", "'--", "+", "\x1b"])
def test_what_says_nothing_means_nobody(nothing: str) -> None:
    assert roads(search_words(nothing)) == []


def test_a_range_ends_behind_everything_that_begins_so() -> None:
    assert beginnings_until("jan") == "jao"
    assert beginnings_until("a\ud7ff") == "a\ue000"
    assert beginnings_until("a\U0010ffff") >= "a\U0010ffff"
