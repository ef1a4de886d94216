"""What could be the number of a payment card: it is refused wherever it is typed (features BK25).

The database asks the same (`holds_card_number`); a test holds both to the same answers.
"""

from __future__ import annotations

import re

from frontdesk.errors import CardNumberTyped

_COULD_BE = re.compile(r"(?<![0-9])([2-6](?:[ .-]?[0-9]){12,18})(?![0-9])")


def passes_luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812 that every card number passes, and one other number in ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        twice = int(digit) * (1 + place % 2)
        total += twice // 10 + twice % 10
    return total % 10 == 0


def holds_card_number(words: str) -> bool:
    """Whether 13 to 19 digits in it, with spaces, dots or dashes between them, could be a payment card."""
    return any(passes_luhn(re.sub("[^0-9]", "", found)) for found in _COULD_BE.findall(words))


def refuse_card_numbers(*typed: str) -> None:
    """Raises CardNumberTyped."""
    if any(holds_card_number(words) for words in typed):
        raise CardNumberTyped
