"""A file from a spreadsheet or a terminology tool as rows for a layer: languages and concepts in our names. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from babel.core import get_global

from core.errors import ContentError, Fault
from glossaries.csv_file import RawRow, Table, read_csv
from glossaries.lint_report import suggestion
from glossaries.model import ANY_LANGUAGE, Status
from glossaries.resolve import Glossary, folded
from glossaries.row import COLUMNS, header_problems
from glossaries.tbx_file import read_tbx
from glossaries.xlsx_file import read_xlsx

_NEEDED = ("concept", "language", "term")
_NAMES = (Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE)
_READERS: Mapping[str, Callable[[Path], Table]] = {
    ".csv": lambda path: read_csv(path, any_delimiter=True),
    ".xlsx": read_xlsx,
    ".tbx": read_tbx,
    ".xml": read_tbx,
}


def read_import(path: Path) -> Table:
    """The table in a .csv, .xlsx or .tbx file. Raises ContentError when it is none or its header is wrong."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        near = suggestion(path.suffix.lower(), _READERS)
        raise ContentError([Fault(path, 0, f"cannot read {path.suffix or 'this'}; use {', '.join(_READERS)}{near}")])
    table = reader(path)
    if problems := header_problems(table.header, _NEEDED):
        raise ContentError([Fault(path, 1, problem) for problem in problems])
    return table


def in_our_names(rows: Sequence[RawRow], glossary: Glossary) -> list[RawRow]:
    """The rows with content codes for languages (zh-TW: zh-Hant) and our concepts for ids of other tools.

    A foreign id stands for the one concept that has a term of the rows with that id; else it stays and is refused.
    """
    codes = {language: language for language in (*glossary.languages, ANY_LANGUAGE)}
    by_script = {_script_code(language): language for language in glossary.languages}
    renamed = []
    for row in rows:
        tag = row.cells.get("language", "")
        code = codes.get(tag) or by_script.get(_script_code(tag)) or tag
        renamed.append(replace(row, cells={**row.cells, "language": code}) if code != tag else row)
    concepts = _concepts_of_ids(renamed, glossary)
    return [
        replace(row, cells={**row.cells, "concept": concepts[row.cells["concept"]]})
        if row.cells.get("concept") in concepts
        else row
        for row in renamed
    ]


def missing_columns(row: RawRow) -> list[str]:
    """The columns about which the file says nothing."""
    return [column for column in COLUMNS if column not in row.cells]


def _concepts_of_ids(rows: Iterable[RawRow], glossary: Glossary) -> dict[str, str]:
    foreign: dict[str, list[RawRow]] = defaultdict(list)
    for row in rows:
        if (concept := row.cells.get("concept", "")) and concept not in glossary.concepts:
            foreign[concept].append(row)
    if not foreign:
        return {}
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for terms in glossary.terms.values():
        for term in terms:
            if term.status in _NAMES:
                known[term.language, folded(term.text)].add(term.concept)
    found = {}
    for concept, group in foreign.items():
        candidates = [known[row.cells["language"], folded(row.cells["term"])] for row in group if row.cells.get("term")]
        if len(named := set().union(*candidates)) == 1:
            found[concept] = named.pop()
    return found


def _script_code(tag: str) -> str:
    """Language and script of a tag: zh-Hant of zh_TW and zh-Hant-HK, de-Latn of de-AT; the tag when unknown."""
    parts = [part for part in tag.replace("_", "-").split("-") if part]
    if not parts:
        return tag
    language = parts[0].lower()
    script = next((part.title() for part in parts[1:] if len(part) == 4), "")
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    likely = get_global("likely_subtags")
    full = likely.get(f"{language}_{region}") or likely.get(language, language)
    script = script or next((part for part in full.split("_") if len(part) == 4), "")
    return f"{language}-{script}" if script else language
