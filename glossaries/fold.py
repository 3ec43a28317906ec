"""Text as it is compared: width, case, hyphens, apostrophes, spaces and unseen marks are levelled.

Accents stay, because they do tell words apart; `without_accents` is for text that was typed without any.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# One character for one, so that positions stay.
_ONE_TO_ONE = str.maketrans(
    "’‘ʼʹ′´`‐‑‒–−\xa0\u202f\u3000\t\n\r\x0b\x0cİıأإآٱىیک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "'''''''-----        iiااااييك01234567890123456789",
)
# Soft hyphen, zero-width and direction marks, variation selectors; Arabic tatweel, short vowels and Koranic marks.
_IGNORED = (
    "\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed"
)
# What joins the letter before it: accents, Korean vowels and finals, kana marks of either width.
_COMBINING = (
    "\u0300-\u034e\u0350-\u036f\u0653-\u0655\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u3099\u309a\uff9e\uff9f"
)
# Stable under NFKC, and one character when casefolded: nearly all of what people write.
_STABLE = (
    "\x00-\x7f\xa0\xa1\xa3\xa6\xa7\xa9\xab\xac\xae\xb0\xb1\xb4\xb6\xb7\xbb\xbf-\xde\xe0-\u0131\u0134-\u013e"
    "\u0141-\u0148\u014a-\u017e\u01a0\u01a1\u01af\u01b0\u02b9\u02bc\u0400-\u052f\u060c\u061b\u061f\u0621-\u063a"
    "\u0641-\u064a\u0660-\u066d\u0671\u067e\u0686\u06a9\u06cc\u06f0-\u06f9\u0e01-\u0e3a\u0e3f-\u0e4c"
    "\u0e4e-\u0e5b\u1ea0-\u1ef9\u2010-\u2016\u2018-\u2023\u202f\u2030-\u2032\u2039-\u203b\u20a9-\u20ac"
    "\u2190-\u21ff\u2212\u25a0-\u27bf\u3000-\u3029\u3041-\u3096\u309d\u309e\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\U0001f300-\U0001faff"
)
_TONES = "\u0e48-\u0e4b"
_THAI = f"\u0e4d[{_TONES}]?\u0e32|\u0e33[{_TONES}]|\u0e40\u0e40"  # am in two parts or before its tone; two e for ae
_UNEVEN = re.compile(rf"\s\s+|{_THAI}|(?s:.)[{_COMBINING}]+|[{_IGNORED}]+|[^{_STABLE}]")
_UNEVEN_ASCII = re.compile(r"\s\s+")
MAX_SHORT = 4  # characters of a cluster that is remembered
_UNSEEN = re.compile(f"[{_IGNORED}]+")
_ACCENTED = re.compile("[\xc0-\u024f\u1e00-\u1eff]")
_WHOLE_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "œ": "oe", "æ": "ae"})  # NFD leaves these whole


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text whose character i comes from original[starts[i]:starts[i + 1]], marks that fold away included.

    `starts` is one longer than `text`. Where one character became several, they share a start.
    """

    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where text[start:end] stands in the original; None when an edge falls inside an original character."""
        starts = self.starts
        if (start and starts[start - 1] == starts[start]) or starts[end - 1] == starts[end]:
            return None
        return starts[start], starts[end]


def fold(text: str) -> Folded:
    """`text` folded, with the way back. Linear in its length."""
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for match in (_UNEVEN_ASCII if text.isascii() else _UNEVEN).finditer(text):
        start, end = match.span()
        cluster = _fold_short(match[0]) if end - start <= MAX_SHORT else _fold_cluster(match[0])
        parts += (text[at:start], cluster)
        starts.extend(range(at, start))
        starts.extend([start] * len(cluster))
        at = end
    if not at:
        return Folded(_level(text), range(len(text) + 1))
    starts.extend(range(at, len(text) + 1))
    parts.append(text[at:])
    return Folded(_level("".join(parts)), starts)


def exact(text: str) -> str:
    """`text` in NFKC without marks that nobody sees, for comparing with upper and lower case."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def without_accents(folded: str) -> str:
    """Folded Latin text as typed without accents; other scripts stay as they are."""
    if not _ACCENTED.search(folded):
        return folded
    return _ACCENTED.sub(lambda match: unicodedata.normalize("NFD", match[0])[0], folded).translate(_WHOLE_LETTERS)


def has_accents(folded: str) -> bool:
    """Whether folded text has a Latin letter with an accent."""
    return _ACCENTED.search(folded) is not None


def _level(text: str) -> str:
    return text.translate(_ONE_TO_ONE).casefold()


@lru_cache(maxsize=8192)
def _fold_short(cluster: str) -> str:
    return _fold_cluster(cluster)


def _fold_cluster(cluster: str) -> str:
    """The folded form of what does not fold character by character."""
    first = cluster[0]
    if first.isspace():
        return "\n\n" if cluster.count("\n") > 1 else " "
    if "\u0e31" < first < "\u0e4e":
        return _fold_thai(cluster)
    levelled = _level(unicodedata.normalize("NFKC", _UNSEEN.sub("", cluster)))
    return _UNSEEN.sub("", levelled).replace("i\u0307", "i")


def _fold_thai(cluster: str) -> str:
    if cluster == "\u0e40\u0e40":
        return "\u0e41"
    tone = next((char for char in cluster if "\u0e48" <= char <= "\u0e4b"), "")
    return f"{tone}\u0e33" if len(cluster) > 1 else cluster
