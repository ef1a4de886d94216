"""The words that the till's line knows, and which of them a typed word or its beginning can mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from frontdesk.rules.pricing import CARD, CASH
from frontdesk.text import folded

ON_FILE = "on file"
"""A card that is on file: the method is the card's, and which one is said by its last four digits."""

METHODS: Mapping[str, str] = {
    "cash": CASH,
    "card": CARD,
    "gift": "gift_card",
    "giftcard": "gift_card",
    "credit": "credit",
    "points": "points",
    "deposit": "deposit",
    "owe": "account",
    "account": "account",
    "voucher": "voucher",
    "transfer": "transfer",
    "file": ON_FILE,
}
"""What a way to pay is called on the line, and its method."""

SESSION, TIP, OFF, COUPON, CLASS, EXEMPT, NO = "session", "tip", "off", "coupon", "class", "exempt", "no"
PRICE = "price"
VERBS: Mapping[str, str] = {
    "session": SESSION,
    "sessions": SESSION,
    "package": SESSION,
    "tip": TIP,
    "off": OFF,
    "discount": OFF,
    "coupon": COUPON,
    "class": CLASS,
    "exempt": EXEMPT,
    "no": NO,
    "price": PRICE,
}
"""Everything else that begins something."""

BACK: Mapping[str, str] = {
    "tip": "tip",
    "discount": "discount",
    "off": "discount",
    "coupon": "coupon",
    "class": "class",
    "exempt": "exempt",
    "exemption": "exempt",
    "session": "session",
    "package": "session",
    "price": "price",
}
"""What `no` takes back."""

KEEP = ("keep", "keeps")
BECAUSE = ("for", "because")

_HEADS: Mapping[str, str] = {**METHODS, **VERBS}


def heads_of(word: str) -> list[str]:
    """The words that this one can be the beginning of, one for each meaning; one alone when it is written in full."""
    meant = folded(word)
    if not meant:
        return []
    if meant in _HEADS:
        return [meant]
    first: dict[str, str] = {}
    for head, meaning in _HEADS.items():
        if head.startswith(meant):
            first.setdefault(meaning, head)
    return list(first.values())


def is_head(word: str) -> bool:
    """Whether a word is, or begins, one that begins something."""
    return bool(heads_of(word))


def named(words: str, known: Iterable[tuple[int, str]]) -> list[int]:
    """Whom or what these words can be the beginning of; those called exactly so before all others."""
    meant, called = folded(words), [(number, folded(name)) for number, name in known]
    if not meant:
        return []
    return [number for number, name in called if name == meant] or [
        number for number, name in called if name.startswith(meant)
    ]
