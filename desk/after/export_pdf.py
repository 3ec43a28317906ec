"""A conversation as a PDF file, in the customer's language and direction. Pure but for reading fonts."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import regex
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from desk.after.export import ExportTooLong, Line
from desk.after.export_fonts import KEPT, Chosen, Fonts

MARGIN, TEXT_PT, SMALL_PT, TITLE_PT = 18, 11, 8.5, 17
LEADING = 1.45
GREY, INK, RULE = (95, 95, 95), (20, 20, 20), (205, 205, 205)
PT_TO_MM = 0.3528
MOST_CHARACTERS = 300_000
FOOT_MM = 14
BREAK = "\u200b"
LONG_RUN = 24  # clusters without a space that a line may have to be broken in
TOGETHER = 4  # clusters between two such places: each makes fpdf2 measure the line once more
MOST_NEUTRAL = 400  # characters without a letter: fpdf2 looks for the next letter by recursion
MOST_BLANK = 2  # empty lines one after the other
_STRONG = ("L", "R", "AL")
_CLUSTER = regex.compile(r"\X")
_SPACELESS = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}]+")
_IDEOGRAPH = regex.compile(
    r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}ー、。，．！？：；」』）】])(?=[\p{Han}\p{Hiragana}\p{Katakana}「『（【])"
)


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
    """The file. `times`: of each line, in words. Raises FontMissing, ExportTooLong."""
    size = sum(len(line.text) for line in lines)
    if size > MOST_CHARACTERS:
        raise ExportTooLong(messages=f"{size:,}", most=f"{MOST_CHARACTERS:,}")
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

    def open(self, text: str, made_at: datetime) -> None:
        """Load the fonts that the text needs. Pictures that none has are written as their names."""
        text = _visible(unicodedata.normalize("NFC", text))
        lacking = self._fonts.without(text, self._labels.language)
        self._missing = frozenset(char for char in lacking if unicodedata.category(char) in ("So", "Sk", "Cn", "Co"))
        names = "".join(_name(char) for char in self._missing)
        kept = "".join(char for char in set(text) if char not in self._missing)
        chosen: Sequence[Chosen] = self._fonts.choose(kept + names + BREAK + "•·[]", self._labels.language)
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
            pdf.set_y(-MARGIN)
            self._text(self._labels.page.replace("{page}", str(page)).replace("{pages}", str(pages)), SMALL_PT, GREY)
        return bytes(pdf.output())

    def _text(self, text: str, size: float, colour: tuple[int, int, int]) -> None:
        pdf = self._pdf
        pdf.set_font(self._main, size=size)
        pdf.set_text_color(*colour)
        height = PT_TO_MM * size * LEADING
        shown = _visible(unicodedata.normalize("NFC", self._named(text)))
        where: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
        for line in _lines(shown):
            if line.strip():
                pdf.multi_cell(0, height, _breakable(line), align=self._align, **where)
            else:
                pdf.ln(height)

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


def _visible(text: str) -> str:
    """The text without what no font draws: controls, direction marks, picture selectors."""
    kept = (char for char in text.replace("\t", " ") if char in KEPT or char == "\n" or _is_drawn(char))
    return "".join(kept)


def _is_drawn(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and not "\ufe00" <= char <= "\ufe0f"


def _lines(text: str) -> Iterator[str]:
    """The text's lines; very long stretches without a letter, and very many empty lines, are cut."""
    blank = 0
    for line in text.split("\n"):
        blank = 0 if line.strip() else blank + 1
        if blank <= MOST_BLANK:
            yield from _cut(line)


def _cut(line: str) -> Iterator[str]:
    begin = neutral = 0
    for at, char in enumerate(line, 1):
        neutral = 0 if unicodedata.bidirectional(char) in _STRONG else neutral + 1
        if neutral == MOST_NEUTRAL:
            yield line[begin:at]
            begin, neutral = at, 0
    yield line[begin:]


def _breakable(text: str) -> str:
    """The text with places for line ends where its script has no spaces; never within a cluster."""
    text = _SPACELESS.sub(_with_breaks, text)
    return str(_IDEOGRAPH.sub(BREAK, text))


def _with_breaks(match: Any) -> str:
    clusters = _CLUSTER.findall(match.group())
    if len(clusters) <= LONG_RUN:
        return str(match.group())
    return BREAK.join("".join(clusters[at : at + TOGETHER]) for at in range(0, len(clusters), TOGETHER))
