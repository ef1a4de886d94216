"""Text from people: cleaned on the way in, folded for search, measured in terminal cells."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from frontdesk.errors import BadInput

if TYPE_CHECKING:
    import phonenumbers

TokenKind = Literal["first", "last", "email", "phone", "tail", "code"]

PHONE, TAIL = "+", "-"
"""What the tokens of telephone numbers begin with, so that no search reads through other digits."""

PAIR = 3
"""How many letters of one name stand before a word of another."""

TOKEN_LENGTH = 64
"""A token is cut here: an index takes no row of a page's size, and nobody types so much of a name."""

_NAMES = 6
"""So many words of a first and of a last name are looked for; with more, each would stand beside too many others."""

_SPACE_LIKE = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_UNSEEN = (
    [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _SPACE_LIKE]
    + [0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
    + [*range(0xFFF9, 0xFFFC)]
)
# Controls, direction overrides and isolates, and spaces of no width. The joiners U+200C and U+200D stay: Persian names
# and family emoji are written with them. Half a surrogate pair becomes a visible replacement sign.
_CLEANED = dict.fromkeys(_UNSEEN, "") | dict.fromkeys(map(ord, _SPACE_LIKE), " ")
_CLEANED |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_PAINTED = _CLEANED | dict.fromkeys((0x200D, 0xFE0E, 0xFE0F), "") | {0x3000: " "}
# Terminals and tables of widths disagree how many cells a joined emoji takes, or any letters with a joiner between, and
# one cell off tears a column: what is painted has its parts one by one. The one wide space is a plain one, because
# Textual takes it for one cell where it cuts a line. What is kept has all of them still.

_PLAIN_LETTERS = str.maketrans(
    {
        **{"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i", "ħ": "h"},
        **{"ŧ": "t", "ŋ": "ng", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ĸ": "k"},
    }
)
_APOSTROPHES = re.compile(r"['`´\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\uff07]")


def clean(text: str) -> str:
    """One line as it may be kept and shown: composed (NFC), nothing invisible, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEANED)).split())


def harmless(text: str) -> str:
    """The same text with nothing in it that a terminal would act on: for what is painted, whatever its source."""
    return text.translate(_PAINTED)


def enterable(text: str) -> str:
    """The same text as it may stand in a field: harmless to paint, and nothing of it lost when it is saved again."""
    return text.translate(_CLEANED)


def clean_lines(text: str) -> str:
    """Several lines, each cleaned, for notes; blank lines at both ends go."""
    return "\n".join(clean(line) for line in text.splitlines()).strip("\n")


def folded(text: str) -> str:
    """What search compares: no accents, no case, no punctuation, plain letters ("Ægir O'Neil-Łoś" → "aegir oneil los").

    Stands in for PostgreSQL's unaccent and citext, which the bundled server does not have.
    """
    joined = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", clean(text))).casefold().translate(_PLAIN_LETTERS)
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKD", joined))
    return " ".join("".join(map(_letter, plain)).split())


def tokens(text: str) -> list[str]:
    """The words of a text as search compares them; a hyphen parts words, an apostrophe doesn't."""
    return folded(text).split()


def folded_email(text: str) -> str:
    """An e-mail address as search compares it."""
    return clean(text).casefold().replace(" ", "")


def search_tokens(
    *, first_name: str, last_name: str, phone: str | None, email: str | None
) -> list[tuple[TokenKind, str]]:
    """Everything a customer is found by, as (kind, token) rows for prefix search, each once.

    A name of several words is found by each of them and by all of them written together. A phone number is found by its
    digits from the front, "+4477...", and by its last ones as "tail": "-" and the digits reversed. Every word also
    stands beside the first letters of each other name, " jan doe", so that two words are one prefix search as well:
    without it, "jane d" reads all the Janes of a long list of customers (`rules/search_words.py` reads these back).
    """
    first, last = _cut(tokens(first_name)), _cut(tokens(last_name))
    names: list[tuple[TokenKind, str]] = [("first", token) for token in first] + [("last", token) for token in last]
    found: list[tuple[TokenKind, str]] = [("first", token) for token in _name_tokens(first)]
    found += [("last", token) for token in _name_tokens(last)]
    beside: list[tuple[TokenKind, str]] = list(found)
    if email and folded_email(email):
        found.append(("email", folded_email(email)[:TOKEN_LENGTH]))
    if digits := phone_digits(phone or "")[:TOKEN_LENGTH]:
        found += [("phone", PHONE + digits), ("tail", TAIL + digits[::-1])]
        beside.append(("tail", TAIL + digits[::-1]))
    for name in names:
        if len(name[1]) >= PAIR:
            found += [(kind, f" {name[1][:PAIR]} {token}") for kind, token in beside if (kind, token) != name]
    return list(dict.fromkeys(found))


def phone_digits(text: str) -> str:
    """The digits of a telephone number, as 0 to 9 whatever script they were typed in."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def sort_key(first_name: str, last_name: str) -> str:
    """Where a customer stands in a list: by last name, spaces and accents aside, then by first name."""
    return f"{folded(last_name).replace(' ', '')} {folded(first_name)}".strip()


def cell_width(text: str) -> int:
    """How many terminal cells a text takes; a Chinese sign takes two, an accent none."""
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Pad or cut a text to exactly so many cells, flush left or right; a cut one ends in an ellipsis."""
    from rich.cells import set_cell_size

    if cell_width(text) > width:
        text = set_cell_size(text, max(width - 1, 0)).rstrip() + "…" * (width > 0)
    padding = " " * (width - cell_width(text))
    return padding + text if right else text + padding


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text that are at most so many cells wide, parted at spaces; a word too long is broken."""
    from rich.cells import chop_cells

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_width(longer) <= width:
            lines[-1] = longer
        elif cell_width(word) <= width:
            lines.append(word)
        else:
            lines[-1:] = [piece.strip() for piece in chop_cells(longer, width)]
    return lines


def phone_number(text: str, region: str, field: str = "phone") -> str:
    """A telephone number as E.164 ("+447700900123"), read as one dials it in a region. Raises BadInput.

    A number of the right length is taken even if its range is not known here: new ranges open every year, and a
    customer's true number may not be refused because the program is older than it.
    """
    import phonenumbers

    typed = clean(text)
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise BadInput(_no_phone(typed, region), field=field) from None
    if number.extension:
        raise BadInput(
            f'"{_short(typed)}" has an extension. Type the number without it and put it in a note.', field=field
        )
    if not (phonenumbers.is_valid_number(number) or _has_right_length(number)):
        raise BadInput(_no_phone(typed, region), field=field)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email_address(text: str, field: str = "email") -> str:
    """An e-mail address in its usual form, checked without asking the network. Raises BadInput."""
    from email_validator import EmailNotValidError, validate_email

    typed = clean(text)
    if "@" not in typed:
        raise BadInput(f'"{_short(typed)}" has no @. Type the whole address, like jane@example.com.', field=field)
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as reason:
        raise BadInput(f'"{_short(typed)}" is not an e-mail address. {clean(str(reason))}', field=field) from None


def _letter(sign: str) -> str:
    if sign.isalnum():
        return sign
    if unicodedata.category(sign).startswith("M"):
        return "" if unicodedata.combining(sign) else sign
    return "" if sign in "\u200c\u200d" else " "


def _cut(words: list[str]) -> list[str]:
    return [word[:TOKEN_LENGTH] for word in words[:_NAMES]]


def _name_tokens(words: list[str]) -> list[str]:
    return [*words, "".join(words)[:TOKEN_LENGTH]] if len(words) > 1 else words


def _has_right_length(number: phonenumbers.PhoneNumber) -> bool:
    import phonenumbers

    fits = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return fits and len(phonenumbers.national_significant_number(number)) >= 7


def _no_phone(typed: str, region: str) -> str:
    if not typed:
        return "The telephone number is empty. Type it with its area code."
    shown = _short(typed)
    return f'"{shown}" is not a telephone number in {region}. Type all of it, or begin with + and the country code.'


def _short(typed: str) -> str:
    return typed if len(typed) <= 40 else typed[:39] + "…"
