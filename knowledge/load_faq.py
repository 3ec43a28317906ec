"""FAQ files to entries."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of
from knowledge.entries import FaqEntry, FaqText, Variant
from knowledge.field_reader import FieldReader, language_files

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MARKET = re.compile(r"[A-Z]{2}")
_KEYS = ("id", "title", "short", "questions", "answer", "variants", "markets")

_Row = tuple[FaqText, frozenset[str] | None, Path]


def load_faq(folder: Path) -> tuple[FaqEntry, ...]:
    """The entries of `<folder>/<language>.yml`, merged over languages by id, in the files' order.

    `markets` may stand in any language's file; where several state it, they must agree.
    Raises ContentError with every fault of every file.
    """
    paths, faults = language_files(folder)
    rows: dict[str, list[_Row]] = {}
    for path in paths:
        reader = FieldReader(path)
        for entry_id, row in _read_file(reader, path.stem).items():
            rows.setdefault(entry_id, []).append(row)
        faults += reader.faults
    entries = tuple(_merge(entry_id, of_entry, faults) for entry_id, of_entry in rows.items())
    if faults:
        raise ContentError(faults)
    return entries


def _read_file(reader: FieldReader, language: str) -> Mapping[str, _Row]:
    data = reader.data()
    if data is None and reader.faults:
        return {}
    if not isinstance(data, list):
        reader.fault(1, "the file must be a list of entries; start each with `- id: …`")
        return {}
    rows: dict[str, _Row] = {}
    for item in data:
        entry = reader.mapping(item, _KEYS, line_of(item) or 1, "an entry")
        if entry is not None:
            _read_entry(reader, entry, language, rows)
    return rows


def _read_entry(reader: FieldReader, entry: dict[str, Any], language: str, rows: dict[str, _Row]) -> None:
    line = line_of(entry)
    entry_id = reader.text(entry, "id", "an entry")
    if not entry_id:
        return
    what = f"entry {entry_id!r}"
    if not _ID.fullmatch(entry_id):
        reader.fault(line, f"{what}: an id is small letters, digits and hyphens, at most 64; rename it")
    if entry_id in rows:
        first = rows[entry_id][0].line
        reader.fault(line, f"{what} stands in line {first} already; merge the two or give this one another id")
        return
    if "questions" not in entry:
        reader.fault(line, f"{what}: 'questions' is missing; add at least four")
    text = FaqText(
        language=language,
        title=reader.text(entry, "title", what),
        questions=reader.texts(entry, "questions", what),
        answer=reader.text(entry, "answer", what),
        variants=tuple(_read_variants(reader, entry, what)),
        short=reader.optional_text(entry, "short", what),
        line=line,
    )
    rows[entry_id] = (text, _read_markets(reader, entry, what), reader.path)


def _read_variants(reader: FieldReader, entry: dict[str, Any], what: str) -> list[Variant]:
    variants: list[Variant] = []
    for item in reader.items(entry, "variants", what):
        variant = reader.mapping(item, ("when", "answer"), line_of(item) or line_of(entry), f"{what}: a variant")
        if variant is None:
            continue
        when = reader.text(variant, "when", f"{what}: a variant")
        if any(other.when == when for other in variants):
            reader.fault(line_of(variant), f"{what}: a second variant for {when!r}; keep one")
        variants.append(Variant(when, reader.text(variant, "answer", f"{what}: variant {when!r}")))
    return variants


def _read_markets(reader: FieldReader, entry: dict[str, Any], what: str) -> frozenset[str] | None:
    if "markets" not in entry:
        return None
    codes = reader.texts(entry, "markets", what)
    for code in codes:
        if not _MARKET.fullmatch(code):
            reader.fault(line_of(entry), f"{what}: {code!r} is no market code; write it like DE")
    if not codes:
        reader.fault(line_of(entry), f"{what}: 'markets' is empty; name a market, or remove it for all markets")
    return frozenset(codes)


def _merge(entry_id: str, rows: list[_Row], faults: list[Fault]) -> FaqEntry:
    stated = [row for row in rows if row[1] is not None]
    for text, markets, path in stated[1:]:
        if markets != stated[0][1]:
            where = f"{stated[0][2].name}:{stated[0][0].line}"
            faults.append(Fault(path, text.line, f"entry {entry_id!r}: other markets than in {where}; make them equal"))
    texts = {text.language: text for text, _, _ in rows}
    return FaqEntry(entry_id, texts, stated[0][1] if stated else None)
