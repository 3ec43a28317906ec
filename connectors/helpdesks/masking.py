"""Card numbers, one-time codes and passwords leave our house masked. Pure; the words are in masking.yml."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.yaml_files import read_yaml

WORDS = Path(__file__).parent / "masking.yml"
HIDDEN = "••••"
SHOWN = 4  # last digits of a card that may be seen
_CARD = re.compile(r"(?<![\w-])\d(?:[ .\u00a0-]?\d){11,18}(?![\w-])")
BESIDE = 12  # characters before a code word in which it may be said to be harmless
_LEAST_CARD = 13  # digits


@dataclass(frozen=True)
class Masker:
    """Hides secrets in a text."""

    code: re.Pattern[str]  # a word, then its number
    coded: re.Pattern[str]  # the other way round
    password: re.Pattern[str]
    harmless: re.Pattern[str]

    def __call__(self, text: str) -> str:
        """The text without them."""
        text = _CARD.sub(_card, text)
        text = self.password.sub(lambda found: f"{found['before']}{HIDDEN}", text)
        text = self.code.sub(lambda found: self._masked(found, f"{found['word']}{HIDDEN}"), text)
        return self.coded.sub(lambda found: self._masked(found, f"{HIDDEN}{found['word']}"), text)

    def _masked(self, found: re.Match[str], masked: str) -> str:
        before = found.string[max(0, found.start() - BESIDE) : found.start()]
        return found[0] if self.harmless.search(before + found[0]) else masked


def load_masker(path: Path = WORDS) -> Masker:
    """The masker with all languages' words."""
    data = read_yaml(path).data
    near = int(data["near"])
    codes = _any(data["codes"])
    number = r"(?<!\d)(?<!ORK-)\d(?:[ -]?\d){3,7}(?!\d)"
    gap = rf"(?:(?!{number})[^\n]){{0,{near}}}?"
    code = rf"(?P<word>{codes}{gap}){number}"
    coded = rf"(?<!{HIDDEN} ){number}(?P<word>{gap}{codes})(?![^\n]{{0,{near}}}{HIDDEN})"
    password = rf"(?P<before>{_any(data['passwords'])}\s*(?:is|ist|es|est|è|é|=|:|：|は|是|为|為|은|는)\s*)\S{{4,64}}"
    return Masker(*(re.compile(found, re.IGNORECASE) for found in (code, coded, password, _any(data["harmless"]))))


def _any(words: Sequence[str]) -> str:
    """One of the words; Latin ones as whole words only."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in ordered) + ")"


def _card(found: re.Match[str]) -> str:
    digits = [int(char) for char in found[0] if char.isdecimal()]
    if len(digits) < _LEAST_CARD or not _luhn(digits):
        return found[0]
    return HIDDEN + " " + "".join(map(str, digits[-SHOWN:]))


def _luhn(digits: Sequence[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
