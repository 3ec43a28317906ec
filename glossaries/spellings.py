"""The ways in which a form may be written, as folded keys to look for."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import product

from glossaries.fold import fold, without_accents
from glossaries.language_rules import LanguageRules

MAX_HYPHENS = 2  # with more, all of a term's hyphens are written the same way
_SEPARATORS = ("-", " ", "")


class Way(IntEnum):
    """How a key came about."""

    WRITTEN = 0  # as the form, or as carefully
    PLAIN = 1  # typed without accents
    STEM = 2  # as the form changes before a suffix: without one it is no match


def spellings(form: str, rules: LanguageRules, case_sensitive: bool) -> Mapping[str, Way]:
    """Folded keys of a form, each with the most careful way that leads to it. Empty when nothing is left of the form.

    A case-sensitive form has its own spelling only.
    """
    base = fold(form).text.strip()
    if not base:
        return {}
    if case_sensitive:
        return {base: Way.WRITTEN}
    ways = dict.fromkeys(_written(base, rules), Way.WRITTEN)
    for key in tuple(ways):
        for old, new in rules.before_suffix:
            if key.endswith(old):
                ways.setdefault(key[: len(key) - len(old)] + new, Way.STEM)
        if not key.isascii():
            ways.setdefault(without_accents(key), Way.PLAIN)
    return ways


def _written(base: str, rules: LanguageRules) -> set[str]:
    keys = _hyphenated(base) if "-" in base else {base}
    if " " in base and "-" not in base:
        keys.add(base.replace(" ", "-"))
    if rules.joined:
        keys |= {key.replace(" ", "") for key in keys}
    for group in rules.spellings:
        keys |= {_respelt(key, group) for key in keys}
    return keys


def _respelt(key: str, group: Mapping[str, str]) -> str:
    for old, new in group.items():
        key = key.replace(old, new)
    return key


def _hyphenated(base: str) -> set[str]:
    """Each hyphen also as a space and as nothing: Wi-Fi, Wi Fi, WiFi."""
    parts = base.split("-")
    hyphens = len(parts) - 1
    if not all(parts):
        return {base}
    choices: Iterable[tuple[str, ...]] = product(_SEPARATORS, repeat=hyphens)
    if hyphens > MAX_HYPHENS:
        choices = [(separator,) * hyphens for separator in _SEPARATORS]
    return {"".join(map(str.__add__, parts, (*separators, ""))) for separators in choices}
