"""Text that breaks terminal programs: a fixed list, a flood made of it, and what may never be painted."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

ESCAPES = (
    "\x1b[2J", "\x1b[31m", "\x1b[5;5H", "\x1b]0;owned\x07", "\x1b]52;c;aGk=\x1b\\", "\x1b]8;;file:///etc\x1b\\",
    "\x1bc", "\x1bP+q\x1b\\", "\x1b_Gf=100\x1b\\", "\x1b[?1049l", "\x1b", "\x9b31m", "\x9d0;x\x9c", "\x90q\x9c", "\x0e",
    "\x0f", "\x07", "\x08\x08\x08", "\x7f", "\x00", "\x85", "\x1c", "\x1f", "\r", "\v", "\f",
)  # fmt: skip
MARKUP = (
    "[/b]", "[/]", "[b]", "[red]Ann", "[@click=app.quit]x[/]", "[link=file:///x]", "[link=http://x]x[/link]",
    "[$accent]", "[b", "[[", "]]", "\\[b]", "\\", "{name}", "{0}", "%s", "%(x)s", "$fd-red", "[on red]", "[/@click]",
    "[#ff0000]", "&lt;",
)  # fmt: skip
UNSEEN = (
    "\u202e", "\u202d", "\u202a", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c",
    "\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufff9", "\ufffb", "\u2028", "\u2029",
)  # fmt: skip
SPACES = ("\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u1680", "   ", "")
WIDE = (
    "山田 花子",
    "ｆｕｌｌ",
    "ﷺ",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "🇬🇧",
    "❤️",
    "1️⃣",
    "⚠️",
    "한국어",
    "\u115f",
    "ｶﾞ",
    "🙂",
)
PILES = (
    "Z" + "\u0335\u0489\u035b" * 8, "\u0301", "e\u0301\u0302", "\u20dd", "नि", "กำ", "\u0e33", "\ufe0f", "\u200d",
    "\u200c",
)  # fmt: skip
HALVES = ("\ud800", "\udc00", "\ud83d", "\udfff\ud800")
PLAIN = ("Ann", "Jane Doe", "O'Neil", "Ægir", "x", "-", "0123", "שלום", "مریم", "Ω", "\U0010ffff", "\ue000", "\uffff")
LONG = ("W" * 300, "山" * 150, "a b " * 75, "[/b]" * 75, "\u0301" * 300, "👩‍👩‍👧" * 40)

CORPUS = tuple(dict.fromkeys((*ESCAPES, *MARKUP, *UNSEEN, *SPACES, *WIDE, *PILES, *HALVES, *PLAIN, *LONG)))
_PIECES = (ESCAPES, MARKUP, UNSEEN, SPACES, WIDE, PILES, HALVES, PLAIN, PLAIN)

hostile = st.lists(st.sampled_from(CORPUS) | st.text(max_size=12), max_size=5).map("".join)
"""Any of it, in any order, with any text between."""


def flood(count: int, seed: int = 7) -> Iterator[str]:
    """So many hostile texts, always the same: the fixed list first, then one to five of its pieces in a row."""
    yield from CORPUS[:count]
    chance = random.Random(seed)
    for number in range(count - len(CORPUS)):
        if number % 50 == 0:
            yield chance.choice(LONG) + chance.choice(chance.choice(_PIECES))
        else:
            yield "".join(chance.choice(chance.choice(_PIECES)) for _ in range(chance.randint(1, 5)))


def in_rows(texts: Iterable[str], width: int) -> list[tuple[str, ...]]:
    """The texts, so many to a row."""
    given = list(texts)
    return [tuple(given[at : at + width]) for at in range(0, len(given) - width + 1, width)]


_MAY_NOT = {
    *map(chr, (0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF)), *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)), "\u2028", "\u2029",
}  # fmt: skip


def leaked(text: str) -> list[str]:
    """What of a painted text a terminal would act on, or turn around."""
    if text.isascii() and text.isprintable():
        return []
    return [sign for sign in text if sign in _MAY_NOT or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")]


def check(strips: Sequence[Strip], width: int) -> None:
    """Each painted line is as wide as its widget, with nothing in it that a terminal would act on."""
    for strip in strips:
        text = strip.text
        assert not (found := leaked(text)), f"{found!r} is painted in {text!r}"
        wide = sum(cell_len(segment.text) for segment in strip)
        assert wide == width == strip.cell_length, f"{wide} cells instead of {width}: {text!r}"


def check_painted(widget: Widget) -> None:
    """The same of everything a widget paints now."""
    size = widget.outer_size
    if size.area:
        check(widget.render_lines(Region(0, 0, size.width, size.height)), size.width)
