"""A line to type into that paints only text, whatever was pasted, kept or found."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input

from frontdesk.text import enterable

_IN_PLACE = {0x200D: "\u200c", 0xFE0E: "\u200c", 0xFE0F: "\u200c", 0x3000: "\u2002"}
# As many signs as before, so that the cursor stands where it is: joiners as the one that joins nothing, since Textual
# crops a line through a joined emoji to fewer cells than there are, and the wide space as a narrow one.


def paintable(shown: Text) -> Text:
    """What a field holds, sign by sign as it may be painted."""
    shown.plain = shown.plain.translate(_IN_PLACE)
    return shown


class Line(Input):
    """Textual's input, with nothing in it that a terminal would act on."""

    def validate_value(self, value: str) -> str:
        """Whatever is put here, typed or pasted, is text."""
        return enterable(value)

    @property
    def _value(self) -> Text:
        return paintable(super()._value)
