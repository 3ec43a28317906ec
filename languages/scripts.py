"""Scripts: what the letters alone say about the language."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from languages.catalogue import Catalogue, ScriptRule

# One letter of these carries about as much as three of an alphabet.
DENSE_WEIGHT = 2.5
JAPANESE_KANA = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
# Below this share, kana is decoration in Chinese (優の良品).
MIN_KANA_SHARE = 0.08
MISFIT = 0.02  # likelihood of a character that the language's charset lacks
# Japanese writes few words without kana: the likelihood of each further character without any.
FREE_KANALESS = 4
KANALESS = 0.75
MARKER = 0.15  # likelihood ratio for a character group at home in another language


@lru_cache(maxsize=8192)
def script_of(letter: str) -> str:
    """First word of the letter's Unicode name, kana as HIRAGANA; empty for digits, signs and unknown characters."""
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "").split(" ")[0]
    if name in JAPANESE_KANA:
        return JAPANESE_KANA[0]
    return "CJK" if name == "IDEOGRAPHIC" else name


def count_scripts(text: str) -> Counter[str]:
    """Letters by script; empty when `text` has none."""
    counts = Counter(map(script_of, text))
    del counts[""]
    return counts


def weigh(counts: Mapping[str, int]) -> dict[str, float]:
    """Letters by script in units of Latin letters."""
    return {script: count if script == "LATIN" else count * DENSE_WEIGHT for script, count in counts.items()}


def dominant_script(counts: Counter[str]) -> str | None:
    """The script that carries the text; kana with Chinese characters is HIRAGANA. None without letters."""
    merged = Counter(counts)
    kana = merged[JAPANESE_KANA[0]]
    if kana and kana >= MIN_KANA_SHARE * (kana + merged["CJK"]):
        merged[JAPANESE_KANA[0]] += merged.pop("CJK", 0)
    if merged["HANGUL"]:
        merged["HANGUL"] += merged.pop("CJK", 0)
    weights = weigh(merged)
    return max(weights, key=lambda script: weights[script]) if any(weights.values()) else None


def language_of_script(rule: ScriptRule, text: str) -> str:
    """The language of a text in the rule's script: its usual one, or the one whose own letters stand in the text."""
    return next((code for code, letters in rule.letters.items() if not letters.isdisjoint(text)), rule.language)


class HanReader:
    """Tells the languages apart that share Chinese characters."""

    def __init__(self, catalogue: Catalogue, markers: Mapping[str, tuple[str, ...]]) -> None:
        self._charsets = {code: entry.charset for code, entry in catalogue.content.items() if entry.charset}
        self._needs_kana = {code for code in self._charsets if catalogue.content[code].script == JAPANESE_KANA[0]}
        self._home = catalogue.home
        self._markers = markers

    def likelihoods(self, text: str) -> dict[str, float]:
        """Likelihood of `text` by language, the best 1.0; equal where nothing tells them apart."""
        letters = [char for char in text if script_of(char) == "CJK"]
        found = {code: {marker for marker in self._markers.get(code, ()) if marker in text} for code in self._charsets}
        result = {}
        for code, charset in self._charsets.items():
            misfits = sum(not _encodable(char, charset) and char not in self._home.get(code, ()) for char in letters)
            foreign = sum(char in home for other, home in self._home.items() if other != code for char in letters)
            elsewhere = set().union(*(found[other] for other in found if other != code)) - found[code]
            value = MISFIT ** min(misfits + foreign, 6) * MARKER ** min(len(elsewhere), 5)
            if code in self._needs_kana:
                value *= 0.5 * KANALESS ** min(max(0, len(letters) - FREE_KANALESS), 20)
            result[code] = max(1e-12, value)
        best = max(result.values())
        return {code: value / best for code, value in result.items()}


@lru_cache(maxsize=8192)
def _encodable(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
