"""What a language attaches to a word: particles, clitics, endings, compounds. Read from data/rules/<language>.yml.

A language without a file attaches nothing. Every key is explained in rules/README.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import LINE_KEY, YamlFile, line_of, read_yaml
from glossaries.fold import fold

RULES = Path(__file__).parent / "data" / "rules"
MAX_REPEAT = 4
LONGEST_WORD = 40  # letters beside a term that are looked at when anything may follow
_KEYS = {"prefixes", "suffixes", "attach_letters", "before_suffix", "spellings", "plain_letters", "joined", "compounds"}
_ATTACHMENT_KEYS = {"words", "repeat", "open", "parts_of_speech"}
_COMPOUND_KEYS = {"letters", "rest", "links"}


@dataclass(frozen=True)
class Attachment:
    """Words that may stand directly before or after a term."""

    pattern: re.Pattern[str]  # matched against everything between the term and the end of the word
    longest: int  # characters; 0: no bound, because anything may follow
    parts_of_speech: frozenset[str]  # that take it; empty: all

    def suits(self, part_of_speech: str) -> bool:
        """Whether a term of this part of speech takes it; an empty one does."""
        return not self.parts_of_speech or not part_of_speech or part_of_speech in self.parts_of_speech


@dataclass(frozen=True)
class Compounds:
    """When a noun counts as the first or last part of a longer word."""

    letters: int  # the noun's fewest letters
    rest: int  # the fewest letters beside it
    links: frozenset[str]  # what may join it to a hyphen: Lieferungs-Adresse

    def fits(self, other: str, hyphen: bool) -> bool:
        """Whether `other` may be the rest of the word; `hyphen`: one follows it."""
        return (len(other) >= self.rest and other.isalpha()) or (hyphen and other in self.links)


@dataclass(frozen=True)
class LanguageRules:
    """Everything the matcher knows about one language."""

    prefixes: tuple[Attachment, ...] = ()
    suffixes: tuple[Attachment, ...] = ()
    attach_letters: int = 1  # shorter terms take neither
    before_suffix: tuple[tuple[str, str], ...] = ()  # ends of terms that change before a suffix
    spellings: tuple[Mapping[str, str], ...] = ()  # other ways to write letters, one group at a time
    plain_letters: int = 4  # shorter terms without their accents count only in text without any
    joined: bool = False  # spaces inside a term may be left out
    compounds: Compounds | None = None

    @property
    def reach(self) -> int:
        """Letters beside a term that decide; when there are more, the word goes on."""
        rest = self.compounds.rest if self.compounds else 0
        return 1 + max([rest, *(one.longest or LONGEST_WORD for one in (*self.prefixes, *self.suffixes))])

    def prefixes_of(self, before: str) -> tuple[Attachment, ...]:
        """The prefixes that `before`, the letters of the word before a term, can be."""
        return tuple(prefix for prefix in self.prefixes if prefix.pattern.fullmatch(before))

    def suffixes_of(self, after: str) -> tuple[Attachment, ...]:
        """The suffixes that `after`, the letters of the word after a term, can be."""
        return tuple(suffix for suffix in self.suffixes if suffix.pattern.fullmatch(after))


@lru_cache(maxsize=64)
def load_rules(language: str, folder: Path = RULES) -> LanguageRules:
    """The rules of a content code; those of LanguageRules() when it has no file. Raises ContentError with the line."""
    path = folder / f"{language}.yml"
    return _rules(read_yaml(path)) if path.is_file() else LanguageRules()


def _rules(file: YamlFile) -> LanguageRules:
    data = _block(file, file.data, _KEYS, file.data)
    if not isinstance(data.get("joined", False), bool):
        raise _fault(file, data, "joined must be true or false")
    return LanguageRules(
        prefixes=tuple(_attachment(file, block, before=True) for block in _list(file, data, "prefixes")),
        suffixes=tuple(_attachment(file, block, before=False) for block in _list(file, data, "suffixes")),
        attach_letters=_number(file, data, "attach_letters", LanguageRules.attach_letters),
        before_suffix=tuple(
            pair for group in _list(file, data, "before_suffix") for pair in _pairs(file, group).items()
        ),
        spellings=tuple(_pairs(file, group) for group in _list(file, data, "spellings")),
        plain_letters=_number(file, data, "plain_letters", LanguageRules.plain_letters),
        joined=data.get("joined", False),
        compounds=_compounds(file, data["compounds"], data) if "compounds" in data else None,
    )


def _attachment(file: YamlFile, value: Any, before: bool) -> Attachment:
    block = _block(file, value, _ATTACHMENT_KEYS, value)
    words = sorted({_folded(word) for word in _words(file, block, "words")}, key=len, reverse=True)
    repeat = _number(file, block, "repeat", 1)
    if not words or not 1 <= repeat <= MAX_REPEAT:
        raise _fault(file, block, f"an attachment needs words, and a repeat from 1 to {MAX_REPEAT}")
    one = "|".join(map(re.escape, words))
    anything = ".*" if block.get("open") else ""
    pattern = re.compile(f"{anything}(?:{one}){{1,{repeat}}}" if before else f"(?:{one}){{1,{repeat}}}{anything}")
    longest = 0 if anything else repeat * len(words[0])
    return Attachment(pattern, longest, frozenset(_words(file, block, "parts_of_speech")))


def _compounds(file: YamlFile, value: Any, parent: Any) -> Compounds:
    block = _block(file, value, _COMPOUND_KEYS, parent)
    links = frozenset(map(_folded, _words(file, block, "links")))
    return Compounds(_number(file, block, "letters", 5), _number(file, block, "rest", 3), links)


def _block(file: YamlFile, value: Any, known: set[str], parent: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault(file, parent, f"expected a mapping with {', '.join(sorted(known))}")
    if unknown := value.keys() - known - {LINE_KEY}:
        raise _fault(file, value, f"unknown key {', '.join(map(str, unknown))}; use {', '.join(sorted(known))}")
    return value


def _list(file: YamlFile, block: dict[str, Any], key: str) -> list[Any]:
    value = block.get(key, [])
    if not isinstance(value, list):
        raise _fault(file, block, f"{key} must be a list")
    return value


def _words(file: YamlFile, block: dict[str, Any], key: str) -> list[str]:
    words = _list(file, block, key)
    if not all(isinstance(word, str) and word for word in words):
        raise _fault(file, block, f"{key} must be a list of words; put quotes around no, yes, on and numbers")
    return words


def _pairs(file: YamlFile, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(new, str) for old, new in value.items() if old != LINE_KEY):
        raise _fault(file, value, "expected letters and what they become, such as {ü: ue}")
    return {_folded(old): _folded(new) for old, new in value.items() if old != LINE_KEY}


def _number(file: YamlFile, block: dict[str, Any], key: str, default: int) -> int:
    value = block.get(key, default)
    if type(value) is not int or not 1 <= value <= 99:
        raise _fault(file, block, f"{key} must be a number from 1 to 99")
    return value


def _folded(word: str) -> str:
    return fold(word).text


def _fault(file: YamlFile, mapping: Any, message: str) -> ContentError:
    return ContentError([Fault(file.path, line_of(mapping), message)])
