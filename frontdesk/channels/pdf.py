"""Pages as PDF: an invoice on A4 or Letter, a receipt as wide as its paper. No name is markup.

Text is drawn letter by letter on a canvas, never as reportlab's paragraphs, which read `<b>` and `&`. The fonts beside
this file cover Latin, Greek and Cyrillic; Chinese, Japanese and Korean are left to the reader's own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from frontdesk.text import cell_width

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).with_name("fonts")
SANS, BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"
ASIAN = "HeiseiKakuGo-W5"
"""One of the fonts that every reader of PDF brings along."""

PAGES = {"A4": (595.28, 841.89), "LETTER": (612.0, 792.0)}
MARGIN = 50.0
SIZE, LINE = 9.5, 13.0


@dataclass(frozen=True)
class Cell:
    """Something in a row of a table, and whether it stands to the right."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under their headings; the widths are shares of the page."""

    headings: Sequence[Cell]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Letter:
    """A page of business: who writes, to whom, about what."""

    title: str
    seller: Sequence[str]
    """The first line is the name."""
    buyer: Sequence[str]
    facts: Sequence[tuple[str, str]]
    """Number, day and the like, beside the buyer."""
    tables: Sequence[Table]
    totals: Sequence[tuple[str, str]]
    """The last one is set bold."""
    notes: Sequence[str] = field(default=())
    watermark: str = ""
    """COPY."""
    page: str = "A4"


def letter_pdf(letter: Letter) -> bytes:
    """The letter on as many pages as it takes, each numbered. The same letter is the same bytes, always."""
    return _Pages(letter).drawn()


def receipt_pdf(rows: Sequence[tuple[str, str]]) -> bytes:
    """Rows of 42 cells with their styles, on a page 80 mm wide and as long as they are."""
    size, line, margin = 8.0, 10.5, 12.0
    width = 226.77
    out = io.BytesIO()
    canvas = _canvas(out, (width, margin * 2 + line * max(len(rows), 1)), "Receipt")
    size = min(size, (width - 2 * margin) / (42 * 0.602))
    for number, (text, style) in enumerate(rows, start=1):
        y = canvas._pagesize[1] - margin - line * number + 2.5
        place = 0
        for letter in text:
            if not letter.isspace():
                _draw(canvas, margin + place * size * 0.602, y, letter, MONO, size, bold=bool(style))
            place += cell_width(letter)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(out: io.BytesIO, size: tuple[float, float], title: str) -> Canvas:
    from reportlab.pdfgen.canvas import Canvas

    _fonts()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("frontdesk")
    return canvas


@cache
def _fonts() -> bool:
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (SANS, BOLD, MONO):
        registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    registerFont(UnicodeCIDFont(ASIAN))
    return True


@cache
def _has(font: str, letter: str) -> bool:
    from reportlab.pdfbase.pdfmetrics import getFont

    return ord(letter) in getFont(font).face.charToGlyph


def _runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """Pieces of one font each; what no font has is a question mark."""
    run, current = "", font
    for letter in text:
        if letter < " ":
            continue
        wanted = font if _has(font, letter) else ASIAN if 0x2E80 <= ord(letter) <= 0xFFEF else ""
        shown, wanted = (letter, wanted) if wanted else ("?", font)
        if wanted != current and run:
            yield run, current
            run = ""
        run, current = run + shown, wanted
    if run:
        yield run, current


def _width(text: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(run, name, size) for run, name in _runs(text, font)))


def _draw(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, *, bold: bool = False) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for run, name in _runs(text, font):
        drawn = canvas.beginText(x, y)
        drawn.setFont(name, size)
        if bold:
            drawn.setTextRenderMode(2)
            canvas.setLineWidth(0.3)
        drawn.textOut(run)
        canvas.drawText(drawn)
        if bold:
            canvas.setLineWidth(0.5)
        x += stringWidth(run, name, size)


def _wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines that fit; a word that does not is broken where it has to be."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, font, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and _width(lines[-1] + letter, font, size) > width:
                lines.append("")
            lines[-1] += letter
    return lines


class _Pages:
    """Draws a letter from top to bottom, and goes on overleaf."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.width, self.height = PAGES[letter.page]
        self.out = io.BytesIO()
        self.pages = self.measured()
        self.out = io.BytesIO()
        self.canvas = _canvas(self.out, (self.width, self.height), letter.title)
        self.page = 0

    def measured(self) -> int:
        """How many pages it takes: it is drawn once for that."""
        self.pages = 0
        self.canvas = _canvas(self.out, (self.width, self.height), self.letter.title)
        self.page = 0
        self.everything()
        return self.page

    def drawn(self) -> bytes:
        self.everything()
        self.canvas.save()
        return self.out.getvalue()

    def everything(self) -> None:
        self.begin()
        self.head()
        for table in self.letter.tables:
            self.table(table)
        self.totals()
        self.foot()
        self.canvas.showPage()

    def begin(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = self.height - MARGIN
        if self.letter.watermark:
            self.canvas.saveState()
            self.canvas.setFillGray(0.9)
            self.canvas.translate(self.width / 2, self.height / 2)
            self.canvas.rotate(45)
            _draw(self.canvas, -_width(self.letter.watermark, BOLD, 90) / 2, -30, self.letter.watermark, BOLD, 90)
            self.canvas.restoreState()
        said = f"{self.letter.title}, page {self.page} of {self.pages}" if self.pages > 1 else self.letter.title
        self.canvas.setFillGray(0.35)
        _draw(self.canvas, MARGIN, MARGIN - 22, said, SANS, 7.5)
        self.canvas.setFillGray(0)

    def line(self, text: str, *, font: str = SANS, size: float = SIZE, x: float = MARGIN, right: float = 0) -> None:
        """One line at where the pen is; `right` is where it ends instead of where it begins."""
        _draw(self.canvas, right - _width(text, font, size) if right else x, self.y, text, font, size)

    def down(self, by: float = LINE) -> None:
        self.y -= by
        if self.y < MARGIN:
            self.begin()

    def head(self) -> None:
        name, *rest = self.letter.seller or ("",)
        for text in _wrapped(name, BOLD, 14, self.width - 2 * MARGIN):
            self.down(16)
            self.line(text, font=BOLD, size=14)
        for text in rest:
            self.down()
            self.line(text, size=8.5)
        self.down(34)
        top, half = self.y, (self.width - 2 * MARGIN) * 0.52
        for place, given in enumerate(self.letter.buyer):
            for text in _wrapped(given, SANS, SIZE, half - 10):
                self.line(text, font=BOLD if place == 0 else SANS)
                self.down()
        bottom, self.y = self.y, top
        for label, value in self.letter.facts:
            self.line(label, x=MARGIN + half)
            for text in _wrapped(value, SANS, SIZE, self.width - MARGIN - (MARGIN + half + 85)):
                self.line(text, x=MARGIN + half + 85)
                self.down()
        self.y = min(self.y, bottom)
        self.down(24)
        self.line(self.letter.title, font=BOLD, size=15)
        self.down(22)

    def table(self, table: Table) -> None:
        whole = self.width - 2 * MARGIN
        edges = [MARGIN + whole * sum(table.widths[:place]) for place in range(len(table.widths) + 1)]
        self.headings(table, edges)
        for row in table.rows:
            cells = [_wrapped(text, SANS, SIZE, edges[place + 1] - edges[place] - 6) for place, text in enumerate(row)]
            tall = max(map(len, cells))
            if self.y - tall * LINE < MARGIN:
                self.begin()
                self.headings(table, edges)
            top = self.y
            for place, lines in enumerate(cells):
                self.y = top
                for text in lines:
                    right = edges[place + 1] if table.headings[place].right else 0
                    self.line(text, x=edges[place], right=right)
                    self.y -= LINE
            self.y = top - tall * LINE
        self.down(10)

    def headings(self, table: Table, edges: Sequence[float]) -> None:
        for place, heading in enumerate(table.headings):
            right = edges[place + 1] if heading.right else 0
            self.line(heading.text, font=BOLD, size=8.5, x=edges[place], right=right)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(MARGIN, self.y - 4, self.width - MARGIN, self.y - 4)
        self.down(LINE + 4)

    def totals(self) -> None:
        for place, (label, value) in enumerate(self.letter.totals, start=1):
            font = BOLD if place == len(self.letter.totals) else SANS
            self.line(label, font=font, right=self.width - MARGIN - 110)
            self.line(value, font=font, right=self.width - MARGIN)
            self.down()

    def foot(self) -> None:
        self.down(10)
        for note in self.letter.notes:
            for text in _wrapped(note, SANS, 8.5, self.width - 2 * MARGIN):
                self.line(text, size=8.5)
                self.down(11.5)
