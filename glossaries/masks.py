"""Spans that no language step may touch: numbers, addresses, amounts, codes, emoji and product names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Kinds in order of precedence: where two overlap, the earlier kind keeps the span.
KINDS = (
    "placeholder", "link", "email", "name", "order", "tracking", "amount", "date", "time", "phone", "sku", "number",
    "emoji",
)  # fmt: skip

_CODES = "USD|EUR|GBP|BRL|MXN|SAR|JPY|KRW|TWD|SGD|THB|IDR|VND|INR|CNY|RMB"
_SIGNS = "$€£¥￥₹₩฿₫₱₽"
# What may not stand beside an item. Only Latin letters: in 日本語 and ไทย no space parts an item from other words.
_LATIN = "0-9A-Za-z_\u00c0-\u024f\u1e00-\u1eff"
_BEFORE, _AFTER = rf"(?<![{_LATIN}])", rf"(?![{_LATIN}])"
_UNSPACED = "\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef"
# In a link, other letters only right after a slash: /注文 belongs to it, the particle in /track/8を does not.
_LINKED = rf"(?:[^\s<>\"'{_UNSPACED}]|(?<=[/=])[\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7af]{{1,60}})"
_CURRENCY = rf"(?:US\$|NT\$|R\$|S\$|MX\$|HK\$|[{_SIGNS}]|{_BEFORE}(?:{_CODES}|Rp|Rs|RM|SR)(?![a-z])\.?)"
_MONEY = (
    "euros?|eur|dollars?|dollari|dólares|dólar|dolares|dolar|pounds?|pfund|libras?|livres?|sterline|yen|yenes|ienes|won"
    "|baht|rupees?|rupien|rupiah|riyals?|reais|reales|pesos?|usd|đô la|ユーロ|ドル|ポンド|美元|美金|欧元|歐元|英镑|英鎊"
    "|日元|日圓|韩元|韓元|韓圓|泰铢|泰銖|유로|달러|파운드|엔|ยูโร|ดอลลาร์|يورو|دولارات|دولار"
)
_UNIT = rf"(?:R\$|[{_SIGNS}円元圓원]|บาท|ريال|(?:{_CODES}|{_MONEY}|đồng|đ|rb|k){_AFTER})"
_MINUS = r"(?:(?<!\S)[-−–](?=\S))?"  # a sign, not the hyphen of a range
_GROUPED = r"\d{1,3}(?: \d{3}){1,4}(?!\d)(?:[.,]\d{1,2})?"  # 1 234,50
_DIGITS = r"\d{1,12}(?:[.,'\u00a0\u202f٬٫]\d{1,6}){0,6}"
_PICTURE = (
    r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u231a-\u23ff\ufe0f\u200d\u20e3"
    r"\U000e0020-\U000e007f]"
)
_HOST_ENDS = "com|net|org|io|shop|co|de|fr|it|es|jp|kr|tw|br|mx|vn|th|id|in|uk"
_BARE_ENDS = "com|net|org|io|shop|example"  # of a host without a path; other endings are words as well ("end.It was")
_EDGE, _END = r"(?<![a-z0-9])", r"(?![a-z0-9])"

# Every repetition is bounded and no two neighbours can match the same text, so the time stays linear.
_PATTERNS = {
    "placeholder": (
        r"\$?\{{1,2}[ ]?[a-z0-9_][a-z0-9_:. ]{0,60}\}{1,2}",
        rf"%\([a-z_]{{1,40}}\)[sd]|%[sd]{_END}|[<\[][a-z]{{1,20}}_[a-z_]{{1,40}}[>\]]",
    ),
    "link": (
        rf"{_EDGE}(?:https?://|www\.){_LINKED}{{1,500}}",
        rf"{_EDGE}[a-z0-9-]{{2,40}}\.(?:{_HOST_ENDS})/{_LINKED}{{1,300}}",
        rf"(?<![a-z0-9@.-])(?:[a-z0-9-]{{2,40}}\.){{1,3}}(?:{_BARE_ENDS})(?![a-z0-9-])",
        rf"(?<![{_LATIN}@.])@[a-z0-9_][a-z0-9_.]{{1,30}}",
    ),
    "email": (rf"(?<![{_LATIN}.+-])[a-z0-9._%+-]{{1,64}}@[a-z0-9](?:[a-z0-9-]{{0,62}}\.){{1,8}}[a-z]{{2,24}}",),
    "order": (rf"{_EDGE}[oｏ][rｒ][kｋ][ \t]?[-–—－‐_#:]?[ \t]?\d{{4,10}}(?!\d)", r"[#＃]\d{4,12}(?!\d)"),
    "tracking": (rf"{_EDGE}(?=[a-z]{{0,4}}\d)(?=[a-z0-9]{{0,30}}[a-z])[a-z0-9]{{9,34}}(?<=\d[a-z0-9]{{2}}){_END}",),
    "amount": (
        rf"{_MINUS}{_CURRENCY}[ \t]?(?:{_GROUPED}(?![ \t]?{_UNIT})|{_DIGITS})(?:[ \t]?(?:rb|k){_AFTER})?",
        rf"{_MINUS}(?<![{_LATIN}.,])(?:{_GROUPED}|{_DIGITS})[ \t]?(?:{_UNIT}|[%％٪])",
    ),
    "date": (rf"(?<![{_LATIN}.,])\d{{1,4}}(?P<separator>[./-])\d{{1,2}}(?P=separator)\d{{1,4}}{_AFTER}",),
    "time": (r"(?<![\d:])\d{1,2}:\d{2}(?:[ \t]?[ap]\.?m\b\.?)?(?![\d:])",),
    "phone": (
        rf"(?<![{_LATIN}-])\+?\(?\d{{1,5}}\)?(?:[ \t.\-/]{{1,2}}\(?\d{{2,8}}\)?){{2,6}}(?![{_LATIN}-])",
        rf"(?<![{_LATIN}-])\+?\d{{8,15}}{_AFTER}",
    ),
    "sku": (
        rf"{_EDGE}(?:[a-z]{{1,6}}-){{0,2}}[a-z]{{1,6}}-?\d{{2,6}}[a-z0-9]{{0,4}}(?:-[a-z0-9]{{1,6}}){{0,3}}{_END}",
        rf"{_EDGE}[a-z]{{2,6}}(?:-[a-z0-9]{{1,6}}){{0,2}}-[a-z]{{0,4}}\d{{1,6}}{_END}",
        rf"{_EDGE}(?-i:[A-Z]{{2}}-[A-Z]{{2,4}}){_END}",
        rf"(?<![{_LATIN}_])[a-z0-9]{{1,20}}(?:_[a-z0-9]{{1,20}}){{1,4}}(?![{_LATIN}_])",
    ),
    "number": (rf"(?<![{_LATIN}.,])\d{{5,20}}{_AFTER}",),
    "emoji": (
        rf"{_PICTURE}{{1,40}}",
        r"(?<![\w:])[:;=8][-']?[()DPpOo3/\\|*]{1,8}(?!\w)",
        r"<3|\^_?\^|¯\\?_?\(ツ\)_?/?¯?",
        r"[(（][^\s()（）]{2,14}[)）]",
    ),
}
_COMPILED = {kind: re.compile("|".join(options), re.IGNORECASE) for kind, options in _PATTERNS.items()}
# What a kind cannot do without, so that most texts are not searched for most kinds.
_DIGIT = re.compile(r"\d")
_WITH_DIGITS = frozenset({"order", "tracking", "amount", "date", "time", "phone", "number"})
_WITH_SIGN = {"placeholder": re.compile(r"[{%<\[]"), "email": re.compile("@")}
_TRAILING = ".,;:!?)]}'\"。、，！？؟…"


@dataclass(frozen=True)
class Span:
    """text[start:end] is a masked item of `kind`, one of KINDS."""

    kind: str
    start: int
    end: int


def mask_spans(text: str, names: Iterable[str] = ()) -> list[Span]:
    """Spans of `text` to keep as they are, in order and without overlap; empty when there are none.

    `names` are product and brand names. The time is linear in the text's length.
    """
    taken = bytearray(len(text))
    spans: list[Span] = []
    digits = _DIGIT.search(text) is not None
    for kind in KINDS:
        sign = _WITH_SIGN.get(kind)
        if (kind in _WITH_DIGITS and not digits) or (sign and not sign.search(text)):
            continue
        for start, end in _found(kind, text, tuple(names)):
            if start < end and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                spans.append(Span(kind, start, end))
    return sorted(spans, key=lambda span: span.start)


def blank_out(text: str, spans: Sequence[Span]) -> str:
    """`text` with every span replaced by as many spaces, so that positions stay."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        parts += [text[at : span.start], " " * (span.end - max(at, span.start))]
        at = max(at, span.end)
    return "".join([*parts, text[at:]])


def _found(kind: str, text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    if kind == "name":
        if pattern := _names_pattern(names):
            yield from (match.span() for match in pattern.finditer(text))
        return
    for match in _COMPILED[kind].finditer(text):
        start, end = match.span()
        if kind == "link":
            end = start + len(match[0].rstrip(_TRAILING))
        if kind != "emoji" or _is_pictorial(match[0]):
            yield start, end


def _is_pictorial(text: str) -> bool:
    """Whether a match in brackets is a face like (´；ω；`) and not a remark."""
    if text[0] not in "(（":
        return True
    letters = sum(char.isalnum() for char in text)
    return letters <= 2 and len(text) - letters >= 4


@lru_cache(maxsize=32)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    # The longest first: "Orikka Mini Pro" before "Orikka Mini".
    ordered = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    if not ordered:
        return None
    return re.compile("|".join(map(_bounded, ordered)), re.IGNORECASE)


def _bounded(name: str) -> str:
    """A pattern for `name`; beside ASCII letters and digits it needs an edge, beside Asian letters none."""
    before = r"(?<![a-z0-9])" if name[0].isascii() else ""
    after = r"(?![a-z0-9])" if name[-1].isascii() else ""
    return before + r"\s+".join(map(re.escape, name.split())) + after
