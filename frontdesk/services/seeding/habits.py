"""How people come to a made-up shop: what for, how often, and when they like it."""

from __future__ import annotations

from typing import NamedTuple

Codes = tuple[str, ...]
"""The services of one visit, one after the other."""


class Habit(NamedTuple):
    """A kind of customer."""

    share: int
    """How many of a hundred or so are of this kind."""
    visits: tuple[Codes, ...]
    """What they come for, more often the earlier in the row."""
    weeks: tuple[float, float]
    """How long between two visits, at least and at most."""
    genders: str = "fm"


HABITS = (
    Habit(22, (("WCB",), ("WCB",), ("CUT", "BLOW"), ("TONE", "BLOW")), (5, 9), "f"),
    Habit(11, (("ROOT", "BLOW"), ("ROOT",), ("COL", "CUT"), ("COL",)), (4, 7), "f"),
    Habit(8, (("HIGH", "BLOW"), ("TONE", "BLOW"), ("CUT",)), (6, 9), "f"),
    Habit(5, (("TONE", "BLOW"), ("BALA", "BLOW"), ("WCB",)), (7, 9), "f"),
    Habit(16, (("GENT",), ("GENT",), ("GENT", "BEARD")), (3, 6), "m"),
    Habit(8, (("FADE",), ("FADE", "BEARD"), ("BEARD",)), (3, 4.5), "m"),
    Habit(5, (("BLOW",), ("BLOW",), ("UPDO",)), (3, 4), "f"),
    Habit(5, (("CUT",), ("CUT",), ("FRIN",)), (5, 9)),
    Habit(7, (("GEL",), ("MANI",), ("GEL", "BROW")), (3, 5), "f"),
    Habit(3, (("PEDI",), ("PEDI", "MANI")), (5, 9), "f"),
    Habit(6, (("MAS",), ("MAS",), ("BACK",)), (4, 8)),
    Habit(3, (("FAC",), ("FAC", "BROW")), (4, 8), "f"),
    Habit(4, (("KIDS",),), (6, 9)),
    Habit(2, (("BROW", "LASH"), ("BROW",)), (3, 6), "f"),
)

WALK_INS: tuple[Codes, ...] = (("GENT",), ("GENT",), ("FADE",), ("BLOW",), ("BROW",), ("FRIN",), ("CUT",), ("BEARD",))
"""What people come in for who had no appointment."""

HELPED = frozenset({"BLOW", "TONE"})
"""Services that somebody else may do after the first."""

PREFERENCES = (
    {"drink": "flat white"}, {"drink": "black tea"}, {"drink": "oat cappuccino", "talk": "likes a chat"},
    {"drink": "water", "talk": "quiet"}, {"talk": "quiet", "music": "none"}, {"drink": "peppermint tea"},
    {"magazine": "gardening"}, {"drink": "espresso", "music": "jazz"},
)  # fmt: skip

CUSTOMER_NOTES = (
    "Likes the chair by the window", "Parking is hard on market days, often five minutes late", "Sensitive scalp",
    "Prefers a text to a call", "Pays by card, receipt by e-mail", "Brings the dog, which is no trouble",
    "Formula 7N + 8G, 20 vol", "Hard of hearing on the left", "Allergic to nut oil",
)  # fmt: skip

VISIT_NOTES = (
    "Wants to try a fringe", "Bring the colour chart", "Wedding on Saturday", "A little shorter than last time",
    "Running from work, may be late", "Has a gift voucher", "First visit, was recommended by a friend",
    "Wants to grow it out", "Photos for inspiration on the phone", "Back to her natural colour", "Not too short",
    "Interview on Thursday", "Same as last time", "Would like a coffee on arrival", "Patch test done last week",
    "Pregnant, no massage on the back", "Bring the extensions", "Needs to leave on the hour",
)  # fmt: skip

INTERNAL_NOTES = ("Allow extra time", "Ask about the patch test", "Offer the repair mask", "Was unhappy last time")

OVERBOOK_REASONS = (
    "Regular, only slot she could make", "Quick fix of last week's cut", "Wedding party, will wait",
    "Isla washes, stylist finishes", "Owner's sister", "Said yes on the phone by mistake",
)  # fmt: skip

GUESTS = ("Mia", "Leo", "Ruby", "Theo", "Ava", "Noah", "Her mother", "His son", "Zoë", "Grandad")
"""For whom a second visit is booked under somebody's own name."""
