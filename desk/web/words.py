"""The desk's own words in the languages of those who work at it. Another language is another folder of files."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.lists import format_list

from core.errors import ContentError, Fault

WORDS = Path(__file__).parent.parent / "data" / "words"
DEFAULT = "en"


class UnknownWord(KeyError):
    """A template asks for a key that no file has."""


class Words:
    """The desk's words in one language: files of the folder by name, keys with dots."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts
        self._locale = Locale.parse(language.replace("-", "_"))
        self._plural = self._locale.plural_form

    def __call__(self, key: str, **values: Any) -> str:
        """The text with its {placeholders} filled. `count` chooses key.one, key.other … Raises UnknownWord."""
        if "count" in values:
            form = f"{key}.{self._plural(values['count'])}"
            key = form if form in self._texts else f"{key}.other" if f"{key}.other" in self._texts else key
        text = self._texts.get(key)
        if text is None:
            raise UnknownWord(f"{self.language}: there is no word {key!r}")
        return text.format_map({name: str(value) for name, value in values.items()}) if "{" in text else text

    def listed(self, items: Iterable[object]) -> str:
        """The items one after the other, as the language writes a list; empty when there are none."""
        texts = [str(item) for item in items]
        return format_list(texts, locale=self._locale) if texts else ""

    def has(self, key: str) -> bool:
        """Whether there is a text of this name."""
        return key in self._texts

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._texts)

    @property
    def is_rtl(self) -> bool:
        """Whether the language runs from right to left."""
        return self._locale.text_direction == "rtl"


@lru_cache
def load_words(folder: Path = WORDS) -> Mapping[str, Words]:
    """Words by language. Raises ContentError for a file that is no tree of texts."""
    return {path.name: Words(path.name, _texts(path)) for path in sorted(folder.iterdir()) if path.is_dir()}


def _texts(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        texts |= _flat(tree, path.stem, path)
    return texts


def _flat(tree: Any, prefix: str, path: Path) -> dict[str, str]:
    if isinstance(tree, str):
        return {prefix: tree}
    if not isinstance(tree, dict):
        raise ContentError([Fault(path, 0, f"{prefix}: write a text in quotes, not {tree!r}")])
    flat: dict[str, str] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{prefix}.{key}", path)
    return flat
