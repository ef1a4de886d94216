"""Text from people is harmless once cleaned, findable once folded, and never wider than its column."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.text import (
    TOKEN_LENGTH,
    cell_width,
    clean,
    clean_lines,
    email_address,
    fit,
    folded,
    phone_digits,
    phone_number,
    search_tokens,
    sort_key,
    tokens,
    wrapped,
)

HOSTILE_SIGNS = (
    "\x00\x07\x08\t\n\v\f\r\x1b\x1c\x1f\x7f\x80\x85\x9b\x9f\xa0\xad\u061c\u200b\u200d\u200e\u200f\u2028\u2029"
    "\u202a\u202d\u202e\u2060\u2066\u2069\ufeff\ud800\udcff\u0301\u0308é[]/ aZ{}漢🙂"
)
hostile = st.text(st.one_of(st.sampled_from(HOSTILE_SIGNS), st.characters()), max_size=40)


def _is_unseen(sign: str) -> bool:
    return (
        unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}
        or "\u202a" <= sign <= "\u202e"
        or "\u2066" <= sign <= "\u2069"
        or sign in "\u200b\u200e\u200f\u061c\ufeff"
    )


@settings(max_examples=5000)
@given(hostile)
@example("\x1b]52;c;ZXZpbA==\x07")
@example("a\x00\u0301")
def test_nothing_unseen_survives_cleaning_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert not any(map(_is_unseen, cleaned))
    assert clean(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode()


@settings(max_examples=2000)
@given(hostile)
def test_notes_keep_their_lines_and_nothing_unseen(text: str) -> None:
    notes = clean_lines(text)
    assert not any(map(_is_unseen, notes.replace("\n", "")))
    assert clean_lines(notes) == notes


def test_without_cleaning_the_escape_does_survive() -> None:
    assert any(map(_is_unseen, "\x1b]2;owned\x07Ann"))


@settings(max_examples=2000)
@given(hostile)
@example("\u0149")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jane \t Doe\r\n", "Jane Doe"),
        ("Ann\x1b[31m", "Ann[31m"),
        ("[/b] Ann", "[/b] Ann"),
        ("Jose\u0301", "José"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("Ann\u2028Lee", "Ann Lee"),
        ("Jos\udce9", "Jos\ufffd"),
        ("a\u00a0\u3000b", "a b"),
        ("\ufeffJane", "Jane"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_cleaned_as_it_comes_in(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_note_keeps_its_lines() -> None:
    assert clean_lines("\n 7-1,  20 vol\r\nleave\u2028 35 min\x00 \n\n") == "7-1, 20 vol\nleave\n35 min"


@pytest.mark.parametrize(
    ("typed", "found_as"),
    [
        ("José", "jose"),
        ("Müller", "muller"),
        ("Straße STRAẞE", "strasse strasse"),
        ("Søren Ærø", "soren aero"),
        ("Łukasz Đorđe", "lukasz dorde"),
        ("Þór Guðrún", "thor gudrun"),
        ("İpek Işık", "ipek isik"),
        ("O'Neil O’Neil O`Neil", "oneil oneil oneil"),
        ("Anne-Marie", "anne marie"),
        ("J.R. (mum)", "j r mum"),
        ("blow-dry", "blow dry"),
        ("ﬁt ２", "fit 2"),
        ("💇", ""),
    ],
)
def test_search_looks_past_accents_case_and_punctuation(typed: str, found_as: str) -> None:
    assert folded(typed) == found_as
    assert tokens(typed) == found_as.split()


def test_a_customer_is_found_by_every_part_of_name_phone_and_email() -> None:
    rows = search_tokens(first_name="Anne-Marie", last_name="van der Berg", phone="+447700900123", email="A.Berg@X.com")
    assert [(kind, token) for kind, token in rows if not token.startswith(" ")] == [
        ("first", "anne"),
        ("first", "marie"),
        ("first", "annemarie"),
        ("last", "van"),
        ("last", "der"),
        ("last", "berg"),
        ("last", "vanderberg"),
        ("email", "a.berg@x.com"),
        ("phone", "+447700900123"),
        ("tail", "-321009007744"),
    ]


def test_every_word_of_a_name_stands_beside_the_others_first_letters() -> None:
    rows = search_tokens(first_name="Jane", last_name="Doe", phone="+447700900123", email="jane@example.com")
    assert [(kind, token) for kind, token in rows if token.startswith(" ")] == [
        ("last", " jan doe"),
        ("tail", " jan -321009007744"),
        ("first", " doe jane"),
        ("tail", " doe -321009007744"),
    ]


@given(hostile, hostile)
@example("a" * 100, "bc " * 100)
def test_no_name_has_more_tokens_than_can_be_kept(first: str, last: str) -> None:
    rows = search_tokens(first_name=first, last_name=last, phone="1" * 500, email=f"{first}@{last}")
    assert len(set(rows)) == len(rows) < 250
    assert all(0 < len(token) <= TOKEN_LENGTH + 6 for _, token in rows)


def test_a_walk_in_without_phone_or_email_has_only_a_name() -> None:
    assert search_tokens(first_name="Kim", last_name="", phone=None, email="") == [("first", "kim")]


def test_digits_of_any_script_are_digits() -> None:
    assert phone_digits("+٤٤ (7700) 900-123") == "447700900123"


def test_people_stand_in_order_of_last_name_whatever_its_accents_and_spaces() -> None:
    people = [("Bo", "Smithson"), ("Ann", "Smith"), ("Jo", "De Jong"), ("Zoë", ""), ("Al", "Dehaan"), ("Ú", "Żak")]
    assert [last or first for first, last in sorted(people, key=lambda name: sort_key(*name))] == [
        *("Dehaan", "De Jong", "Smith", "Smithson", "Żak", "Zoë")
    ]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Jane", 6, "Jane  "),
        ("Jane Doe", 6, "Jane…"),
        ("Jane", 4, "Jane"),
        ("山田太郎", 8, "山田太郎"),
        ("山田太郎", 6, "山田…"),
        ("Jane", 1, "…"),
        ("Jane", 0, ""),
    ],
)
def test_text_fits_its_column(text: str, width: int, shown: str) -> None:
    assert fit(text, width).rstrip() == shown.rstrip()
    assert cell_width(fit(text, width)) == width


def test_numbers_stand_to_the_right() -> None:
    assert fit("12.50", 8, right=True) == "   12.50"


@given(hostile, st.integers(0, 50))
def test_no_text_is_wider_or_narrower_than_its_column(text: str, width: int) -> None:
    assert cell_width(fit(clean(text), width)) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Balayage with toner and gloss", 20, ["Balayage with toner", "and gloss"]),
        ("Cut", 20, ["Cut"]),
        ("", 5, [""]),
        ("abcdefghij kl", 4, ["abcd", "efgh", "ij", "kl"]),
        ("山田太郎 a", 5, ["山田", "太郎", "a"]),
        ("2 x 山田太郎", 7, ["2 x 山", "田太郎"]),
    ],
)
def test_a_long_text_is_wrapped_at_its_spaces(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@given(hostile, st.integers(2, 30))
def test_wrapping_loses_no_word_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrapped(clean(text), width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("(020) 7946-0018", "GB", "+442079460018"),
        ("+49 30 901820", "GB", "+4930901820"),
        ("030 901820", "DE", "+4930901820"),
        ("0044 7700 900123", "DE", "+447700900123"),
        ("202-555-0123", "US", "+12025550123"),
        ("098765 43210", "IN", "+919876543210"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed: str, region: str, kept: str) -> None:
    assert phone_number(typed, region, "phone") == kept


@pytest.mark.parametrize("typed", ["12345", "", "jane", "07700 9001234567", "07700 900123 ext 5", "7" * 400])
def test_a_telephone_number_that_can_not_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match=r"Type (all of it|it with|the number without)") as refusal:
        phone_number(typed, "GB", "phone")
    assert refusal.value.facts["field"] == "phone"


def test_an_email_address_is_kept_in_its_usual_form() -> None:
    assert email_address(" Jane.Doe@Example.COM ", "email") == "Jane.Doe@example.com"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("jane.example.com", '"jane.example.com" has no @. Type the whole address, like jane@example.com.'),
        ("@example.com", '"@example.com" is not an e-mail address. There must be something before the @-sign.'),
    ],
)
def test_an_email_address_that_can_not_be_one_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refusal:
        email_address(typed, "email")
    assert refusal.value.sentence == sentence


def test_a_second_header_hidden_in_an_address_is_refused() -> None:
    with pytest.raises(BadInput):
        email_address("a@b.com\nBcc: all@example.com", "email")
