"""What each way to pay is called, on screens, receipts and reports."""

from __future__ import annotations

_WORDS = {
    "account": "House account",
    "credit": "Store credit",
    "package": "Package session",
    "transfer": "Bank transfer",
}


def method_words(method: str) -> str:
    """`Cash`, `Gift card`, `House account`."""
    return _WORDS.get(method) or method.replace("_", " ").capitalize()
