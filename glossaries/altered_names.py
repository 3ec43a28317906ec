"""Brand and product names that somebody wrote in another way."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from glossaries.masks import Span, mask_spans
from glossaries.violations import Kind, Violation

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_REPEATED = re.compile(r"([^\W\d_])\1+")
_BETWEEN = r"[\s\u00ad\u200b‐‑–—_.-]{0,2}"
_KEPT = frozenset({"link", "email", "order", "tracking", "placeholder"})


def altered_names(text: str, names: Sequence[str]) -> list[Violation]:
    """Each place where a name stands in other letters, spaces or hyphens; empty when all are as they should be."""
    pattern, by_key = _variants(tuple(names))
    if pattern is None:
        return []
    levelled = text if text.isascii() else text.translate(_levels())
    hits = [match for match in pattern.finditer(levelled) if text[slice(*match.span())] not in names]
    if not hits:
        return []
    kept = [span for span in mask_spans(levelled) if span.kind in _KEPT]
    return [_altered(text, match.span(), by_key[_key(match[0])]) for match in hits if not _inside(match.span(), kept)]


def missing_names(text: str, source: str, names: Iterable[str]) -> list[Violation]:
    """Names of `source` that its translation does not have."""
    exact = _exact(tuple(names))
    if exact is None:
        return []
    there, here = {match[0] for match in exact.finditer(source)}, {match[0] for match in exact.finditer(text)}
    return [
        Violation(Kind.DO_NOT_TRANSLATE, 0, 0, name, f"the name {name!r} of the original is missing")
        for name in sorted(there - here)
    ]


def _altered(text: str, place: tuple[int, int], name: str) -> Violation:
    return Violation(Kind.DO_NOT_TRANSLATE, *place, text[slice(*place)], f"the name is written {name!r}", fix=name)


def _key(name: str) -> str:
    return _REPEATED.sub(r"\1", "".join(char for char in name.casefold() if char.isalnum()))


@lru_cache(maxsize=1)
def _levels() -> Mapping[int, int]:
    """Full-width letters and those with accents, each to its plain one."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
    bases = {code: unicodedata.normalize("NFD", chr(code))[0] for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))}
    return wide | {code: ord(base) for code, base in bases.items() if base.isascii()}


def _loosely(piece: str) -> str:
    """A pattern for `piece` with each letter once or more: Orika, Orikka."""
    if piece.isdigit():
        return piece
    return "".join(f"{re.escape(char)}{{1,3}}" for char in _REPEATED.sub(r"\1", piece.casefold()))


def _inside(place: tuple[int, int], kept: Sequence[Span]) -> bool:
    return any(span.start <= place[0] and place[1] <= span.end for span in kept)


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=len, reverse=True)


@lru_cache(maxsize=16)
def _variants(names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """Finds every way to write the names, and which of them a way is, by its key."""
    options = [_BETWEEN.join(map(_loosely, _PIECES.findall(name))) for name in _longest_first(names)]
    if not options:
        return None, {}
    first = re.escape("".join(sorted({name[0] for name in names})))  # rules most places out at once
    pattern = re.compile(rf"(?=[{first}])(?<![a-zA-Z0-9])(?:{'|'.join(options)})(?![a-zA-Z0-9])", re.IGNORECASE)
    return pattern, {_key(name): name for name in names}


@lru_cache(maxsize=16)
def _exact(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    return re.compile(rf"(?<![a-zA-Z0-9])(?:{'|'.join(map(re.escape, _longest_first(names)))})(?![a-zA-Z0-9])")
