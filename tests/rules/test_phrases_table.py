"""The table of phrases: what each line means, or the one question it leaves (features N1)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.phrase_wishes import Question, Wish
from tests.rules.phrase_said import CUSTOMERS, SERVICES, STYLISTS, read, said

TABLE: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text())
LINES = {line: meaning for part in TABLE.values() for line, meaning in part.items()}


@pytest.mark.parametrize(("line", "meaning"), LINES.items(), ids=list(LINES))
def test_a_line_means_what_the_table_says(line: str, meaning: str) -> None:
    assert said(read(line)) == meaning


def test_the_table_has_two_hundred_lines_and_those_that_are_asked_and_refused() -> None:
    questions = [meaning for meaning in LINES.values() if meaning.startswith("?")]
    assert len(LINES) >= 200
    assert len([each for each in questions if " | " in each]) >= 30
    assert len([each for each in questions if " | " not in each]) >= 15


def test_a_booking_costs_few_keys() -> None:
    """The colon and enter are keys too."""
    keys = [len(line) + 2 for line, meaning in LINES.items() if meaning.startswith("book ")]
    assert len("jane cut tue 3pm anna") + 2 == 23
    assert median(keys) <= 25


@pytest.mark.parametrize("line", [line for line, meaning in LINES.items() if meaning.startswith("? ")])
def test_every_answer_leads_on(line: str) -> None:
    assert _steps([line], 6) is None


WORDS = (
    *("move", "cancel", "sick", "late", "free", "gaps", "swap", "wait", "queue", "block", "go", "undo", "book"),
    *(names[0] for names in SERVICES.values()), *(names[0] for names in STYLISTS.values()), *CUSTOMERS,
    *("gloss", "no", "removal", "tom", "zoe", "ctu", "teu", "anan", "sonday", "colo", "blow", '"jane"', ",", "+"),
    *("tue", "wed", "next", "week", "mon week", "24/12", "12/24", "10.11", "may", "mar", "3", "12", "20", "45", "1530"),
    *("3pm", "1h30", "60m", "for", "half", "past", "to", "until", "after", "before", "between", "and", "in", "the"),
    *("am", "evening", "tonight", "every", "6w", "other", "weekly", "x8", "x1", "with", "anyone", "first", "at"),
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.booleans())
def test_answers_never_go_in_circles(words: list[str], known: bool) -> None:
    assert _steps([" ".join(words)], 14, known=known) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "move ", "swap ", "late ", "block anna ", "sick ", "jane cut "]))
def test_any_text_is_a_wish_or_one_question(text: str, verb: str) -> None:
    said(read(verb + text))


def test_a_circle_would_be_found() -> None:
    """The control: a question whose answer asks again, one word longer."""
    assert _steps(["jane"], 14, hear=lambda line: Question("?", (("again", f"{line} x"),))) is not None


Hear = Callable[[str], Wish | Question]


def _steps(lines: list[str], most: int, *, known: bool = True, hear: Hear | None = None) -> list[str] | None:
    """Answer every question, and the questions that those leave; what is still asked after so many steps."""
    for _ in range(most):
        answers = [(line, hear(line) if hear else read(line, known=known)) for line in lines]
        asked = [(line, each) for line, each in answers if isinstance(each, Question)]
        for line, question in asked:
            assert line not in [other for _, other in question.options]
        lines = [line for _, question in asked for _, line in question.options[:3]][:30]
        if not lines:
            return None
    return lines
