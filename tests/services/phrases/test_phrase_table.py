"""Lines of the table against the real book: a wish with a preview, or one question; nothing falls through (N1)."""

from __future__ import annotations

from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from tests.rules.test_phrases_table import TABLE
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march


def _read(desk: Desk, text: str) -> Understood | Refusal:
    try:
        return read_phrase(desk, ReadPhrase(text=text))
    except Refusal as refusal:
        return refusal


def test_a_line_is_a_wish_or_one_question(ria: Desk) -> None:
    booked(ria, JANE, march(9, 10))
    booked(ria, JANE, march(10, 15), (CUT, ANNA), (BLOW_DRY, BO))
    booked(ria, KIM, march(10, 11), (CUT, BO))
    wishes = 0
    for line in [*TABLE["verbs"], *TABLE["services"], *TABLE["series"]]:
        read = _read(ria, line)
        if isinstance(read, Refusal):
            assert read.sentence.endswith((".", "?")), line
            continue
        assert (read.question is None) is (read.wish is not None), line
        assert (read.question is None) is bool(read.preview), line
        wishes += read.wish is not None
    assert wishes >= 60
