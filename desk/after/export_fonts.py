"""Fonts for PDF files: which ones a text needs, and a clear word when one is not installed."""

import os
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]  # ships no types

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines
from desk.errors import DeskError

FILE = Path(__file__).parent.parent / "data" / "fonts.yml"
KEPT = frozenset("\u200b\u200c\u200d")  # invisible, but shaping and line ends need them
MAX_NAMED = 10  # missing characters that an error names
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH")


class FontMissing(DeskError):
    """No installed font has the characters; `package` has one."""

    status = 503


@dataclass(frozen=True)
class Font:
    """A font that may be installed."""

    name: str
    file: str
    package: str
    numbers: Mapping[str, int] = field(default_factory=dict)  # by language, in a file of several
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A font that a text needs."""

    name: str
    path: Path
    number: int


class Fonts:
    """The fonts of this machine."""

    def __init__(self, folder: str = "", file: Path = FILE) -> None:
        self._fonts, folders = _load(file)
        self._paths = _found(tuple([folder] if folder else folders))

    def choose(self, text: str, language: str) -> Sequence[Chosen]:
        """Fonts for the text, the main one first. Raises FontMissing for letters that none of them has."""
        wanted = {char for char in text if not char.isspace() and char not in KEPT}
        chosen: list[Chosen] = []
        for font in sorted(self._fonts, key=lambda font: language not in font.first):
            path = self._paths.get(font.file)
            if path is None:
                continue
            number = font.numbers.get(language, 0)
            has = {char for char in wanted if ord(char) in _characters(path, number)}
            if has or not chosen:
                chosen.append(Chosen(font.name, path, number))
                wanted -= has
        if wanted or not chosen:
            raise self._missing(wanted)
        return chosen

    def without(self, text: str, language: str) -> Set[str]:
        """Characters of the text that no installed font has."""
        characters = {char for char in text if not char.isspace() and char not in KEPT}
        for font in self._fonts:
            path = self._paths.get(font.file)
            if path is not None and characters:
                known = _characters(path, font.numbers.get(language, 0))
                characters = {char for char in characters if ord(char) not in known}
        return characters

    def _missing(self, characters: Set[str]) -> FontMissing:
        first = min(characters, default="A")
        cjk = unicodedata.name(first, "").startswith(_CJK)
        package = next((font.package for font in self._fonts if bool(font.numbers) == cjk), "fonts-noto-core")
        return FontMissing(characters="".join(sorted(characters)[:MAX_NAMED]), package=package)


def _load(file: Path) -> tuple[Sequence[Font], Sequence[str]]:
    data = without_lines(read_yaml(file).data)
    try:
        fonts = [Font(**{**item, "first": tuple(item.get("first", ()))}) for item in data["fonts"]]
        return fonts, [str(folder) for folder in data["folders"]]
    except (TypeError, KeyError) as error:
        raise ContentError([Fault(file, 1, f"needs `folders` and `fonts` of name, file, package: {error}")]) from None


@lru_cache(4)
def _found(folders: Sequence[str]) -> Mapping[str, Path]:
    paths: dict[str, Path] = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                paths.setdefault(name, Path(where) / name)
    return paths


@lru_cache(64)
def _characters(path: Path, number: int) -> Set[int]:
    if path.suffix.lower() in (".ttc", ".otc"):
        with TTCollection(path, lazy=True) as collection:
            return frozenset(collection.fonts[number].getBestCmap())
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
