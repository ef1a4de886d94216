"""What is typed for a walk-in (features CI3)."""

from __future__ import annotations

import pytest

from frontdesk.rules.queue_line import QueueLine, read_line
from frontdesk.rules.vocabulary import Named, Vocabulary

SHOP = Vocabulary(
    (
        Named(1, ("Cut", "CUT")),
        Named(2, ("Blow-dry", "BLOW")),
        Named(3, ("Colour", "COL")),
        Named(4, ("Cut and beard",)),
    ),
    (Named(1, ("Anna", "Anna Ray")), Named(2, ("Bo",))),
)


@pytest.mark.parametrize(
    ("typed", "who", "service", "stylist"),
    [
        ("kim cut", "kim", 1, None),
        ("cut kim", "kim", 1, None),
        ("Kim Lee  CUT", "Kim Lee", 1, None),
        ("kim cut anna", "kim", 1, 1),
        ("kim cut with bo", "kim", 1, 2),
        ("kim cut anna ray", "kim", 1, 1),
        ("kim with anna cut", "kim", 1, 1),
        ("anna cut", "anna", 1, None),
        ("cut anna", "anna", 1, None),
        ("anna cut anna", "anna", 1, 1),
        ("kim blow dry", "kim", 2, None),
        ("kim col", "kim", 3, None),
        ("kim cut and beard", "kim", 4, None),
        ("the boy for a cut", "boy", 1, None),
        ("[/b] ann cut", "[/b] ann", 1, None),
        ("#12 cut", "#12", 1, None),
        ("山田 cut", "山田", 1, None),
        ("kim", "kim", None, None),
        ("cut", "", 1, None),
        ("", "", None, None),
    ],
)
def test_a_line_says_who_and_what(typed: str, who: str, service: int | None, stylist: int | None) -> None:
    assert read_line(typed, SHOP) == QueueLine(who, service, stylist)


def test_a_shortened_word_that_could_be_two_services_is_asked_about() -> None:
    both = Vocabulary((Named(1, ("Gel nails",)), Named(2, ("Gel removal",))), ())
    assert read_line("kim gel", both) == QueueLine("kim", None, None, (1, 2))
