"""What the project knows about languages, read from languages/data/*.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import YamlFile, line_of, read_yaml, without_lines

DATA = Path(__file__).parent / "data"

PRIOR_SOURCES = ("market", "common", "rest", "profile", "page", "browser", "phone")


@dataclass(frozen=True)
class ContentLanguage:
    """A language that Aftersail answers in."""

    code: str
    script: str  # first word of its letters' Unicode names
    tags: tuple[str, ...]  # BCP 47 tags, or beginnings of tags, that mean it
    detector: str | None = None  # ISO 639-1 code in the detector; None: its script decides
    charset: str | None = None  # Python codec that holds its Chinese characters


@dataclass(frozen=True)
class OtherLanguage:
    """A language in Latin letters without texts."""

    code: str
    detector: str
    nearest: str | None = None  # content language that its readers understand


@dataclass(frozen=True)
class ScriptRule:
    """A script whose text is in `language`, unless letters of another language of the script stand in it."""

    language: str
    letters: Mapping[str, frozenset[str]]  # language → letters that only it uses


@dataclass(frozen=True)
class Catalogue:
    """Content languages, other languages, scripts and weights of the prior."""

    content: Mapping[str, ContentLanguage]
    others: Mapping[str, OtherLanguage]
    scripts: Mapping[str, ScriptRule]
    home: Mapping[str, frozenset[str]]  # language → characters at home in it though not in its charset
    prior: Mapping[str, float]  # weight by source, PRIOR_SOURCES
    common: str

    @cached_property
    def _by_tag(self) -> Mapping[str, str]:
        return {tag.lower(): language.code for language in self.content.values() for tag in language.tags}

    def content_code(self, tag: str | None) -> str | None:
        """The content code for a BCP 47 tag ("pt-PT" → "pt", "zh_TW" → "zh-Hant"); None for other languages."""
        parts = (tag or "")[:35].replace("_", "-").lower().split("-")
        while parts:
            if found := self._by_tag.get("-".join(parts)):
                return found
            parts.pop()
        return None

    def nearest(self, code: str) -> str | None:
        """The content language that a reader of `code` understands; None when there is none."""
        other = self.others.get(code)
        return other.nearest if other else self.content_code(code)


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """The catalogue in `folder`. Raises ContentError naming file and line."""
    file = read_yaml(folder / "languages.yml")
    data = _mapping(file, file.data)
    content = {str(code): _content(file, str(code), block) for code, block in _block(file, data, "content").items()}
    others = {str(code): _other(file, str(code), block) for code, block in _block(file, data, "unsupported").items()}
    scripts = {str(name): _script(file, block) for name, block in _block(file, data, "scripts").items()}
    home = {code: frozenset(chars) for code, chars in _block(file, data, "home").items()}
    prior = _block(file, data, "prior")
    if missing := [source for source in PRIOR_SOURCES if not isinstance(prior.get(source), int | float)]:
        raise fault(file, data["prior"], f"prior lacks a number for {', '.join(missing)}")
    common = str(data.get("common_language"))
    named = {common, *home} | {other.nearest for other in others.values() if other.nearest}
    if unknown := named - content.keys():
        raise fault(file, data, f"{', '.join(sorted(unknown))}: not under content; use a content code")
    return Catalogue(
        MappingProxyType(content), MappingProxyType(others), MappingProxyType(scripts), home, prior, common
    )


def fault(file: YamlFile, mapping: Any, message: str) -> ContentError:
    """A ContentError at the line where `mapping` starts."""
    return ContentError([Fault(file.path, line_of(mapping), message)])


def _mapping(file: YamlFile, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fault(file, value, "expected a mapping of names to values")
    return value


def _block(file: YamlFile, data: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(data.get(key), dict):
        raise fault(file, data, f"{key} is missing or no mapping")
    return {name: value for name, value in data[key].items() if not str(name).startswith("__")}


def _content(file: YamlFile, code: str, block: Any) -> ContentLanguage:
    entry = _mapping(file, block)
    if not entry.get("script") or not entry.get("tags"):
        raise fault(file, entry, f"{code} needs script and tags")
    tags = tuple(str(tag) for tag in entry["tags"])
    return ContentLanguage(code, str(entry["script"]), tags, entry.get("detector"), entry.get("charset"))


def _other(file: YamlFile, code: str, block: Any) -> OtherLanguage:
    entry = _mapping(file, block)
    if not entry.get("detector"):
        raise fault(file, entry, f"{code} needs detector, its ISO 639-1 code in upper case")
    return OtherLanguage(code, str(entry["detector"]), entry.get("nearest"))


def _script(file: YamlFile, block: Any) -> ScriptRule:
    entry = _mapping(file, block)
    if not entry.get("language"):
        raise fault(file, entry, "a script needs language, the one most likely meant")
    letters = without_lines(entry.get("letters") or {})
    return ScriptRule(str(entry["language"]), {code: frozenset(chars) for code, chars in letters.items()})
