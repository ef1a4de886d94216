"""The type-to-book line reads what a receptionist would say, in any order, and asks rather than guesses."""

from __future__ import annotations

from datetime import date, time
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.phrase import LONGEST_LINE, Named, Phrase, Question, Vocabulary, understand
from frontdesk.rules.phrase_wishes import Line, When

TODAY, NOW = date(2026, 3, 9), time(9)
"""The Monday on which the fixture's clock stands."""

CUT, BLOW_DRY, COLOUR, MASSAGE, CORRECTION, CUT_AND_FINISH = range(1, 7)
ANNA, BO, DANIEL, TOMASZ = range(11, 15)

SHOP = Vocabulary(
    services=(
        Named(CUT, ("Cut", "ct")),
        Named(BLOW_DRY, ("Blow-dry", "bd")),
        Named(COLOUR, ("Colour", "col")),
        Named(MASSAGE, ("Massage",)),
        Named(CORRECTION, ("Colour correction",)),
        Named(CUT_AND_FINISH, ("Cut & finish",)),
    ),
    stylists=(
        Named(ANNA, ("Anna Smith", "Anna", "as")),
        Named(BO, ("Bo Larsen", "Bo")),
        Named(DANIEL, ("Daniel",)),
        Named(TOMASZ, ("Tomasz Nowak", "Tomasz")),
    ),
)


def read(text: str, *, words: Vocabulary = SHOP, day_first: bool = True, opens: time = time(8)) -> Phrase | Question:
    read = understand(text, words, today=TODAY, now=NOW, day_first=day_first, opens=opens)
    assert isinstance(read, Phrase | Question)
    return read


def meant(
    who: str = "jane",
    services: tuple[int, ...] = (CUT,),
    day: str | None = None,
    at: str | None = None,
    stylist: int | None = None,
    soonest: bool = False,
) -> Phrase:
    return Phrase(
        who,
        tuple(Line(service, stylist) for service in services),
        When(
            date.fromisoformat(day) if day else None,
            time=time.fromisoformat(at) if at else None,
            soonest=soonest,
        ),
        stylist,
    )


JANES_CUT = meant(day="2026-03-10", at="15:00", stylist=ANNA)

UNDERSTOOD = {
    "jane cut tue 3pm anna": JANES_CUT,
    "jane, cut, tue 3pm, anna": JANES_CUT,
    "jane cut on tuesday at 3 with anna smith": JANES_CUT,
    "jane cut tomorrow 15:00 as": JANES_CUT,
    "cut for jane tue 3 o'clock with anna please": JANES_CUT,
    "JANE CUT TUES 3 PM ANNA": meant("JANE", day="2026-03-10", at="15:00", stylist=ANNA),
    "  jane\tcut\x00 tue 3pm  anna ": JANES_CUT,
    # Services: whole, by code, by a beginning, several.
    "jane blow-dry": meant(services=(BLOW_DRY,)),
    "jane blow dry": meant(services=(BLOW_DRY,)),
    "jane blowdry": meant(services=(BLOW_DRY,)),
    "jane Blow dry": meant(services=(BLOW_DRY,)),
    "jane blow": meant(services=(BLOW_DRY,)),
    "jane massa": meant(services=(MASSAGE,)),
    "jane bd": meant(services=(BLOW_DRY,)),
    "jane col": meant(services=(COLOUR,)),
    "jane colour": meant(services=(COLOUR,)),
    "jane colour corr": meant(services=(CORRECTION,)),
    "jane cut & finish": meant(services=(CUT_AND_FINISH,)),
    "jane cut finish": meant(services=(CUT_AND_FINISH,)),
    "jane colour+cut": meant(services=(COLOUR, CUT)),
    "jane colour + cut": meant(services=(COLOUR, CUT)),
    "jane colour and cut": meant(services=(COLOUR, CUT)),
    "jane colour cut bd": meant(services=(COLOUR, CUT, BLOW_DRY)),
    "jane c": meant("jane c", services=()),
    # Days.
    "jane cut today": meant(day="2026-03-09"),
    "jane cut tmrw": meant(day="2026-03-10"),
    "jane cut tom": meant(day="2026-03-10"),
    "jane cut day after tomorrow": meant(day="2026-03-11"),
    "jane cut mon": meant(day="2026-03-09"),
    "jane cut mon 10": meant(day="2026-03-09", at="10:00"),
    "jane cut mon 9": meant(day="2026-03-16", at="09:00"),
    "jane cut mon 8.30": meant(day="2026-03-16", at="08:30"),
    "jane cut sun": meant(day="2026-03-15"),
    "jane cut this fri": meant(day="2026-03-13"),
    "jane cut next tue": meant(day="2026-03-17"),
    "jane cut next mon": meant(day="2026-03-16"),
    "jane cut thurs.": meant(day="2026-03-12"),
    "jane cut +3d": meant(day="2026-03-12"),
    "jane cut +2w": meant(day="2026-03-23"),
    "jane cut in 3 weeks": meant(day="2026-03-30"),
    "jane cut in a week": meant(day="2026-03-16"),
    "jane cut in two days": meant(day="2026-03-11"),
    "jane cut in 1 month": meant(day="2026-04-09"),
    "jane cut tue in 3 weeks": meant(day="2026-03-31"),
    "jane cut +2w sat 10": meant(day="2026-03-28", at="10:00"),
    "jane cut 24/12 10:30": meant(day="2026-12-24", at="10:30"),
    "jane cut 1/3": meant(day="2027-03-01"),
    "jane cut 9/3": meant(day="2026-03-09"),
    "jane cut 24/12/27": meant(day="2027-12-24"),
    "jane cut 24.12.": meant(day="2026-12-24"),
    "jane cut 24.12": meant(day="2026-12-24"),
    "jane cut 24.12.2026": meant(day="2026-12-24"),
    "jane cut 2026-12-24 15:00": meant(day="2026-12-24", at="15:00"),
    "jane cut 12 mar": meant(day="2026-03-12"),
    "jane cut mar 12 3": meant(day="2026-03-12", at="15:00"),
    "jane cut 12mar": meant(day="2026-03-12"),
    "jane cut 12th of march 2027": meant(day="2027-03-12"),
    "jane cut tue 10 mar 3": meant(day="2026-03-10", at="15:00"),
    "jane cut the 12th": meant(day="2026-03-12"),
    "jane cut 3rd": meant(day="2026-04-03"),
    "jane cut 31st": meant(day="2026-03-31"),
    "jane cut 29 feb": meant(day="2028-02-29"),
    "jane cut may 3": meant(day="2026-05-03"),
    # The past is read as it is; the service refuses it.
    "jane cut yesterday 3pm": meant(day="2026-03-08", at="15:00"),
    "jane cut 2026-03-01": meant(day="2026-03-01"),
    "jane cut 1/3/2026": meant(day="2026-03-01"),
    # Times.
    "jane cut 3pm": meant(at="15:00"),
    "jane cut 3 pm": meant(at="15:00"),
    "jane cut 3:30pm": meant(at="15:30"),
    "jane cut 15:00": meant(at="15:00"),
    "jane cut 15h": meant(at="15:00"),
    "jane cut 15h30": meant(at="15:30"),
    "jane cut 3.45": meant(at="15:45"),
    "jane cut 3:45": meant(at="15:45"),
    "jane cut 03:45": meant(at="03:45"),
    "jane cut 9": meant(at="09:00"),
    "jane cut 3": meant(at="15:00"),
    "jane cut 7": meant(at="19:00"),
    "jane cut 8": meant(at="08:00"),
    "jane cut 12": meant(at="12:00"),
    "jane cut 15": meant(at="15:00"),
    "jane cut 7am": meant(at="07:00"),
    "jane cut 12am": meant(at="00:00"),
    "jane cut 12pm": meant(at="12:00"),
    "jane cut noon": meant(at="12:00"),
    "jane cut midday": meant(at="12:00"),
    "jane cut tue 1530": meant(day="2026-03-10", at="15:30"),
    "jane cut tue 10.11": meant(day="2026-03-10", at="10:11"),
    "jane cut 10.11 3pm": meant(day="2026-11-10", at="15:00"),
    # The first free time.
    "jane cut next": meant(soonest=True),
    "kim next": meant("kim", services=(), soonest=True),
    "jane cut next anna": meant(stylist=ANNA, soonest=True),
    "jane cut tue next": meant(day="2026-03-10", soonest=True),
    # Stylists.
    "jane cut bo": meant(stylist=BO),
    "jane cut tue dan": meant(day="2026-03-10", stylist=DANIEL),
    "jane cut with dan": meant(stylist=DANIEL),
    "jane anna cut": meant(stylist=ANNA),
    # Customers.
    "O'Neil 3pm": meant("O'Neil", services=(), at="15:00"),
    "Jane Doe cut": meant("Jane Doe"),
    "Jane and Bob cut": meant("Jane and Bob"),
    "jane 0123 cut tue 3pm": meant("jane 0123", day="2026-03-10", at="15:00"),
    "jane +447700900123 cut": meant("jane +447700900123"),
    "07700900123 cut": meant("07700900123"),
    "tom cut tue 3pm": meant("tom", day="2026-03-10", at="15:00"),
    "dan cut tue with anna": meant("dan", day="2026-03-10", stylist=ANNA),
    "bo smith cut tue with anna": meant("bo smith", day="2026-03-10", stylist=ANNA),
    '"anna" cut with anna': meant("anna", stylist=ANNA),
    '"tom" cut 3pm': meant("tom", at="15:00"),
    "“May” at 3 cut": meant("May", at="15:00"),
    "[/b] {x} cut": meant("[/b] {x}"),
    "Müller cut": meant("Müller"),
    "cut tue": meant("", day="2026-03-10"),
    "": meant("", services=()),
}

ASKED = {
    # One word, two things.
    "tom cut 3pm": ["2026-03-10 cut 3pm", '"tom" cut 3pm'],
    "tom smith cut 3pm": ["2026-03-10 smith cut 3pm", '"tom" smith cut 3pm'],
    "anna cut tue 3pm": ["with Anna Smith cut tue 3pm", '"anna" cut tue 3pm'],
    "dan cut tue": ["with Daniel cut tue", '"dan" cut tue'],
    "dan brown cut tue": ["with Daniel brown cut tue", '"dan" brown cut tue'],
    "jane dan cut": ["jane with Daniel cut", 'jane "dan" cut'],
    "bo cut tue anna": ["with Bo Larsen cut tue anna", '"bo" cut tue anna'],
    "blow tue": ["Blow-dry tue", '"blow" tue'],
    "jane cut 10.11": ["jane cut 2026-11-10", "jane cut 10:11"],
    "jane 1530 cut": ["jane 15:30 cut", 'jane "1530" cut'],
    "may 3 cut": ["2026-05-03 cut", '"may" at 3 cut'],
    "3 june cut": ["2026-06-03 cut", '"june" at 3 cut'],
    # One beginning, two names.
    "jane colo": ["jane Colour", "jane Colour correction"],
    # Two of what there is one of.
    "jane cut 3pm 4pm": ["jane cut 15:00", "jane cut 16:00"],
    "jane cut tue wed": ["jane cut 2026-03-10", "jane cut 2026-03-11"],
    "jane cut today tomorrow": ["jane cut 2026-03-09", "jane cut 2026-03-10"],
    "jane cut tue 12 mar": ["jane cut 2026-03-12", "jane cut 2026-03-10"],
    "jane cut tue anna bo": ["jane cut tue with Anna Smith", "jane cut tue with Bo Larsen"],
    "jane cut with bo anna": ["jane cut with Bo Larsen", "jane cut with Anna Smith"],
    "jane cut 12/24 10:30": ["jane cut 2026-12-24 10:30"],
    "jane cut with zoe": [
        "jane cut with Anna Smith",
        "jane cut with Bo Larsen",
        "jane cut with Daniel",
        "jane cut with Tomasz Nowak",
    ],
    # Nothing that could be meant.
    "jane cut 29 feb 2027": [],
    "jane cut 31/4": [],
    "jane cut 2026-02-30": [],
    "jane cut 45th": [],
    "jane cut 25:00": [],
    "jane cut 13pm": [],
    "jane cut 9.75": [],
    "jane cut 45": [],
    "jane cut in 3": [],
}


@pytest.mark.parametrize(("text", "phrase"), UNDERSTOOD.items())
def test_a_line_is_understood(text: str, phrase: Phrase) -> None:
    assert read(text) == phrase


@pytest.mark.parametrize(("text", "answers"), ASKED.items())
def test_an_unclear_line_is_one_question(text: str, answers: list[str]) -> None:
    question = read(text)
    assert isinstance(question, Question)
    assert [line for _, line in question.options] == answers


@pytest.mark.parametrize("text", [text for text, answers in ASKED.items() if answers])
def test_every_answer_leads_to_a_visit(text: str) -> None:
    question = read(text)
    assert isinstance(question, Question)
    for _, line in question.options:
        assert isinstance(read(line), Phrase), line


@pytest.mark.parametrize("words", list(permutations(["jane", "cut", "tue", "3pm", "anna"])), ids=" ".join)
def test_the_order_of_words_does_not_matter(words: tuple[str, ...]) -> None:
    assert read(" ".join(words)) == JANES_CUT


def test_the_first_phrase_costs_23_keys_with_colon_and_enter() -> None:
    assert len(":" + "jane cut tue 3pm anna") + 1 == 23


@pytest.mark.parametrize(
    ("text", "sentence", "labels"),
    [
        ("tom cut 3pm", 'What is "tom"?', ["Tue 10 Mar 2026", "the customer tom"]),
        ("jane cut tue 12 mar", "Thu 12 Mar 2026 is another day.", ["Thu 12 Mar 2026", "Tue 10 Mar 2026"]),
        ("jane colo", 'What is "colo"?', ["Colour", "Colour correction"]),
        ("dan cut", 'What is "dan"?', ["with Daniel", "the customer dan"]),
        ("jane cut 3pm 4pm", "Which time?", ["15:00", "16:00"]),
        ("jane cut 12/24", 'There is no month 24 in "12/24".', ["Thu 24 Dec 2026"]),
        ("jane cut 29 feb 2027", 'There is no day "29 feb 2027". Type it like 24 dec, or 2026-12-24.', []),
    ],
)
def test_a_question_says_what_is_unclear(text: str, sentence: str, labels: list[str]) -> None:
    question = read(text)
    assert isinstance(question, Question)
    assert question.text == sentence
    assert [label for label, _ in question.options] == labels


def test_slashes_follow_the_country() -> None:
    assert read("jane cut 12/24 3pm", day_first=False) == meant(day="2026-12-24", at="15:00")
    assert read("jane cut 4/5", day_first=False) == meant(day="2026-04-05")
    assert read("jane cut 4/5") == meant(day="2026-05-04")


def test_a_bare_hour_before_opening_is_in_the_afternoon() -> None:
    assert read("jane cut 7", opens=time(6, 30)) == meant(at="07:00")
    assert read("jane cut 9", opens=time(10)) == meant(at="21:00")


def test_a_stylist_called_tom_makes_tom_a_question() -> None:
    words = Vocabulary(services=SHOP.services, stylists=(Named(9, ("Tom",)),))
    question = read("jane cut tom 3pm", words=words)
    assert isinstance(question, Question)
    assert [line for _, line in question.options] == ["jane cut with Tom 3pm", "jane cut 2026-03-10 3pm"]
    assert read("jane cut tue tom 3pm", words=words) == meant(day="2026-03-10", at="15:00", stylist=9)


def test_two_people_of_one_name_are_told_apart_by_another() -> None:
    words = Vocabulary(services=(), stylists=(Named(1, ("Anna", "Anna B")), Named(2, ("Anna", "Anna K"))))
    question = read("jane anna", words=words)
    assert isinstance(question, Question)
    assert question.options == (("with Anna B", "jane with Anna B"), ("with Anna K", "jane with Anna K"))


def test_a_letter_pasted_into_the_line_is_not_read() -> None:
    assert isinstance(read("tom " * (LONGEST_LINE + 1)), Question)


PIECES = (
    *("jane", "tom", "dan", "bo", "anna", "smith", "with", "for", "and", "the", "cut", "colo", "blow", "+", '"'),
    *("tue", "next", "may", "mar", "3", "12", "3pm", "10.11", "12/24", "24.12", "+2w", "in", "weeks", "1530", "99"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_answering_questions_always_ends(words: list[str]) -> None:
    lines = [" ".join(words)]
    for _ in range(12):
        answers = [read(line) for line in lines]
        lines = [line for answer in answers if isinstance(answer, Question) for _, line in answer.options[:3]][:40]
        if not lines:
            return
    pytest.fail(f"still asking: {lines}")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_asked_about(text: str) -> None:
    assert isinstance(read(text), Phrase | Question)
