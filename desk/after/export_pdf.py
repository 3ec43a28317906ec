"""A conversation as a PDF file, in the customer's language and direction. Pure but for reading fonts."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from desk.after.export import Line
from desk.after.export_fonts import Chosen, Fonts
from desk.after.export_lines import lay_out, visible
from desk.errors import DeskError

MARGIN, TEXT_PT, SMALL_PT, TITLE_PT = 18, 11, 8.5, 17
LEADING = 1.45
GREY, INK, RULE = (95, 95, 95), (20, 20, 20), (205, 205, 205)
PT_TO_MM = 0.3528
MOST_CHARACTERS = 200_000  # up to four seconds of a core
FOOT_MM = 14
SPARE_MM = 0.5  # words side by side are not exactly as wide as each by itself


class PdfTooLong(DeskError):
    """More words than are set as pages; the JSON file has them all."""

    status = 422


@dataclass(frozen=True)
class Labels:
    """Words of the file in the customer's language."""

    language: str
    tag: str  # BCP 47
    right_to_left: bool
    title: str
    head: Sequence[str]  # lines under the title
    roles: dict[str, str]
    file: str  # with {file}
    page: str  # with {page} and {pages}


def write_pdf(lines: Sequence[Line], times: Sequence[str], labels: Labels, fonts: Fonts, made_at: datetime) -> bytes:
    """The file. `times`: of each line, in words. Raises FontMissing, PdfTooLong."""
    size = sum(len(line.text) for line in lines)
    if size > MOST_CHARACTERS:
        raise PdfTooLong(characters=f"{size:,}", most=f"{MOST_CHARACTERS:,}")
    writer = _Writer(labels, fonts)
    said = [
        (labels.roles[line.role], time, list(_parts(line, labels))) for line, time in zip(lines, times, strict=True)
    ]
    fixed = [labels.title, *labels.head, *labels.roles.values(), *times, labels.page, "0123456789"]
    writer.open("".join([*fixed, *(part for _, _, parts in said for part in parts)]), made_at)
    writer.head()
    for role, time, parts in said:
        writer.message(f"{role} · {time}", parts)
    return writer.close()


def _parts(line: Line, labels: Labels) -> Iterator[str]:
    if line.text:
        yield line.text
    if line.file:
        yield labels.file.replace("{file}", line.file)
    if line.choices:
        yield "\n".join(f"• {choice}" for choice in line.choices)


class _Writer:
    """One file being written."""

    def __init__(self, labels: Labels, fonts: Fonts) -> None:
        self._labels = labels
        self._fonts = fonts
        self._pdf = FPDF(format="A4")
        self._align = "R" if labels.right_to_left else "L"
        self._missing: frozenset[str] = frozenset()
        self._widths: dict[tuple[float, str], float] = {}

    def open(self, text: str, made_at: datetime) -> None:
        """Load the fonts that the text needs. Pictures that none has are written as their names."""
        text = visible(unicodedata.normalize("NFC", text))
        lacking = self._fonts.without(text, self._labels.language)
        self._missing = frozenset(char for char in lacking if unicodedata.category(char) in ("So", "Sk", "Cn", "Co"))
        names = "".join(_name(char) for char in self._missing)
        kept = "".join(char for char in set(text) if char not in self._missing)
        chosen: Sequence[Chosen] = self._fonts.choose(kept + names + "•·[]", self._labels.language)
        pdf = self._pdf
        for font in chosen:
            pdf.add_font(font.name, "", font.path, collection_font_number=font.number)
        pdf.set_fallback_fonts([font.name for font in chosen[1:]])
        self._main = chosen[0].name
        direction = "rtl" if self._labels.right_to_left else "ltr"
        pdf.set_text_shaping(True, direction=direction)
        pdf.set_margin(MARGIN)
        pdf.set_auto_page_break(True, MARGIN + FOOT_MM)
        pdf.set_title(self._labels.title)
        pdf.set_lang(self._labels.tag)
        pdf.set_creator("Aftersail")
        pdf.set_creation_date(made_at)
        pdf.add_page()

    def head(self) -> None:
        """Title, and what the file is about."""
        self._text(self._labels.title, TITLE_PT, INK)
        for line in self._labels.head:
            self._text(line, SMALL_PT, GREY)
        self._rule()

    def message(self, heading: str, parts: Sequence[str]) -> None:
        """Who, when, and what."""
        needed = PT_TO_MM * (SMALL_PT + 2 * TEXT_PT) * LEADING
        if self._pdf.will_page_break(needed):  # a name at the foot of a page says nothing
            self._pdf.add_page()
        self._text(heading, SMALL_PT, GREY)
        for part in parts:
            self._text(part, TEXT_PT, INK)
        self._pdf.ln(3)

    def close(self) -> bytes:
        """The file, with the number of pages on each."""
        pdf = self._pdf
        pages = pdf.page
        pdf.set_auto_page_break(False)
        for page in range(1, pages + 1):
            pdf.page = page
            pdf.current_font_is_set_on_page = False  # true of the page before
            pdf.set_y(-MARGIN)
            self._text(self._labels.page.replace("{page}", str(page)).replace("{pages}", str(pages)), SMALL_PT, GREY)
        return bytes(pdf.output())

    def _text(self, text: str, size: float, colour: tuple[int, int, int]) -> None:
        pdf = self._pdf
        pdf.set_font(self._main, size=size)
        pdf.set_text_color(*colour)
        height = PT_TO_MM * size * LEADING
        shown = visible(unicodedata.normalize("NFC", self._named(text)))
        # fpdf2 breaks lines by measuring each letter and each beginning of a line anew: ten times the work.
        for line in lay_out(shown, partial(self._width_of, size), pdf.epw - 2 * pdf.c_margin - SPARE_MM):
            self._begin_line(height)
            if line:
                pdf.cell(0, height, line, align=self._align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            else:
                pdf.ln(height)

    def _begin_line(self, height: float) -> None:
        pdf = self._pdf
        if pdf.will_page_break(height):
            pdf.add_page()
        if not pdf.current_font_is_set_on_page:
            # A line that began with another font would set this one for itself alone, and fpdf2 not know it.
            pdf.text(pdf.x, pdf.y, "")

    def _width_of(self, size: float, text: str) -> float:
        known = self._widths.get((size, text))
        if known is None:
            known = self._widths[size, text] = self._pdf.get_string_width(text)
        return known

    def _named(self, text: str) -> str:
        if not self._missing:
            return text
        return "".join(_name(char) if char in self._missing else char for char in text)

    def _rule(self) -> None:
        pdf = self._pdf
        pdf.ln(2)
        pdf.set_draw_color(*RULE)
        pdf.line(MARGIN, pdf.get_y(), pdf.w - MARGIN, pdf.get_y())
        pdf.ln(5)


def _name(char: str) -> str:
    """A picture that no font has, in words that nobody takes for the customer's; its shade is left out."""
    if "\U0001f3fb" <= char <= "\U0001f3ff":
        return ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"
