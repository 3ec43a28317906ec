"""TermBase eXchange (ISO 30042): writes TBX-Basic 3 in DCA style; reads TBX 3 in both styles and TBX 2.

What TBX-Basic has no place for stands in notes `aftersail:column=value` (docs/glossaries.md), so nothing is lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from lxml import etree

from core.errors import ContentError, Fault
from glossaries.csv_file import MAX_ROWS, RawRow, Table, read_bytes
from glossaries.lint_report import suggestion
from glossaries.model import ANY_LANGUAGE, Concept, Term
from glossaries.row import COLUMNS, cells_of

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIX = "aftersail:"
_ENTRIES = {"conceptEntry", "termEntry"}
_SECTIONS = {"langSec", "langSet"}
_TERMS = {"termSec", "tig", "ntig"}
_MANY_LANGUAGES = "mul"  # ISO 639: the nearest there is to "every language"

_STATUS = {
    "preferred": "preferredTerm-admn-sts",
    "allowed": "admittedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
    "search": "supersededTerm-admn-sts",
    "do_not_translate": "preferredTerm-admn-sts",
    "unrelated": "",
}
# What other tools write, without "Term", "-admn-sts" and capitals.
_STATUS_READ = {
    "preferred": "preferred", "standardized": "preferred", "admitted": "allowed", "allowed": "allowed",
    "approved": "allowed", "legal": "allowed", "regulated": "allowed", "deprecated": "forbidden",
    "forbidden": "forbidden", "notrecommended": "forbidden", "rejected": "forbidden", "superseded": "search",
    "obsolete": "search",
}  # fmt: skip
_GENDER = {"m": "masculine", "f": "feminine", "n": "neuter", "c": "other"}
_GENDER_READ = {"masculine": "m", "feminine": "f", "neuter": "n"}
_PART = {part: part for part in ("noun", "verb", "adjective", "adverb")}
_PART_READ = {**_PART, "propernoun": "name", "pronoun": "pronoun", "phrase": "phrase"}


def read_tbx(path: Path) -> Table:
    """The terms of the file, one row each; a column that the file says nothing about is not in the row.

    Raises ContentError with line and remedy when the file is no TBX, declares entities or is too big.
    """
    root = _parse(path)
    if _name(root) not in ("tbx", "martif"):
        raise ContentError([Fault(path, 1, f"<{_name(root)}> is no TBX; the file must begin with <tbx> or <martif>")])
    entries = [element for element in root.iter() if _name(element) in _ENTRIES]
    rows: list[RawRow] = []
    for number, entry in enumerate(entries, 1):
        rows += _entry_rows(entry, entry.get("id") or f"entry-{number}")
        if len(rows) > MAX_ROWS:
            raise ContentError([Fault(path, entry.sourceline or 0, f"more than {MAX_ROWS} terms; split the file")])
    if len({row.line for row in rows}) < len(rows):
        # A file without line breaks: the term's number says more, and rows must be told apart.
        rows = [replace(row, line=number) for number, row in enumerate(rows, 1)]
    return Table(path, COLUMNS, tuple(rows))


def write_tbx(terms: Iterable[Term], concepts: Mapping[str, Concept], title: str) -> bytes:
    """The terms as TBX-Basic, an entry for each concept with its domain and definition."""
    root = etree.Element(f"{{{_NAMESPACE}}}tbx", {"type": "TBX-Basic", "style": "dca", _LANG: "en"}, {None: _NAMESPACE})
    description = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(description, "titleStmt"), "title", title)
    _add(_add(description, "sourceDesc"), "p", "Aftersail glossary")
    body = _add(_add(root, "text"), "body")
    for concept, languages in _grouped(terms).items():
        entry = _add(body, "conceptEntry", id=concept)
        if known := concepts.get(concept):
            _add(entry, "descrip", known.domain, type="subjectField")
            _add(entry, "descrip", known.definition, type="definition")
        for language, rows in languages.items():
            section = _add(entry, "langSec", **{_LANG: _MANY_LANGUAGES if language == ANY_LANGUAGE else language})
            for term in rows:
                _add_term(section, concept, cells_of(term))
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data


def _parse(path: Path) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(read_bytes(path), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise ContentError([Fault(path, line, f"not valid XML: {error.msg}; export the file again")]) from None
    inside = root.getroottree().docinfo.internalDTD
    if inside is not None and next(inside.iterentities(), None) is not None:
        raise ContentError([Fault(path, 1, "declares entities, which are not read; export the file without them")])
    return root


def _entry_rows(entry: etree._Element, concept: str) -> Iterator[RawRow]:
    for section in (element for element in entry.iter() if _name(element) in _SECTIONS):
        language = section.get(_LANG) or section.get("lang") or ""
        for element in (found for found in section.iter() if _name(found) in _TERMS):
            cells = _plain_cells(element, concept, language)
            problems = [] if language else ["its language section has no xml:lang; add it"]
            for key, value in _own_notes(element):
                if key in COLUMNS:
                    cells[key] = value
                else:
                    problems.append(f"note {_PREFIX}{key}: no such column{suggestion(key, COLUMNS)}")
            if not cells.get("term"):
                problems.append("has no <term> with text; add it or remove the section")
            yield RawRow(element.sourceline or 0, cells, tuple(problems))


def _add_term(section: etree._Element, concept: str, cells: Mapping[str, str]) -> None:
    element = _add(section, "termSec")
    _add(element, "term", cells["term"])
    for category, value in (
        ("partOfSpeech", _PART.get(cells["part_of_speech"], "other") if cells["part_of_speech"] else ""),
        ("grammaticalGender", _GENDER.get(cells["gender"], "")),
        ("administrativeStatus", _STATUS[cells["status"]]),
    ):
        if value:
            _add(element, "termNote", value, type=category)
    if cells["evidence"]:
        _add(element, "admin", cells["evidence"], type="source")
    if cells["author"]:
        group = _add(element, "transacGrp")
        _add(group, "transac", "origination", type="transactionType")
        _add(group, "transacNote", cells["author"], type="responsibility")
    if cells["note"] and not cells["note"].startswith(_PREFIX):
        _add(element, "note", cells["note"])
    understood = _plain_cells(element, concept, section.get(_LANG) or "")
    for column in COLUMNS:
        if understood.get(column, "") != cells[column]:
            _add(element, "note", f"{_PREFIX}{column}={cells[column]}")


def _plain_cells(element: etree._Element, concept: str, language: str) -> dict[str, str]:
    """What TBX itself says of a term, in our columns and values; what it says in other words is left out."""
    said: dict[str, str] = {}
    notes: list[str] = []
    for part in element.iter():
        text = _text(part)
        if _name(part) == "note":
            if not text.startswith(_PREFIX):
                notes.append(text)
        elif text:
            # Style DCA names the category in `type`, style DCT in the element's name.
            said.setdefault(part.get("type") or _name(part), text)
    status = _level(said.get("administrativeStatus") or said.get("normativeAuthorization", ""))
    part_of_speech = _level(said.get("partOfSpeech", "")) or _level(said.get("termType", ""))
    cells = {
        "concept": concept,
        "language": language,
        "term": said.get("term", ""),
        "status": _STATUS_READ.get(status.removesuffix("admnsts").removesuffix("term"), ""),
        "part_of_speech": _PART_READ.get(part_of_speech, ""),
        "gender": _GENDER_READ.get(_level(said.get("grammaticalGender", "")), ""),
        "evidence": said.get("source", ""),
        "author": said.get("responsibility", ""),
        "note": " ".join(notes),
    }
    return {column: cell for column, cell in cells.items() if cell}


def _own_notes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for part in element.iter():
        text = "".join(part.itertext()) if _name(part) == "note" else ""
        if text.startswith(_PREFIX):
            key, _, value = text.removeprefix(_PREFIX).partition("=")
            yield key, value
        elif text.strip().startswith(_PREFIX):  # another program has put line breaks around it
            key, _, value = text.strip().removeprefix(_PREFIX).partition("=")
            yield key, value


def _grouped(terms: Iterable[Term]) -> dict[str, dict[str, list[Term]]]:
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for term in terms:
        found[term.concept][term.language].append(term)
    return found


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)
    if text:
        element.text = text
    return element


def _text(element: etree._Element) -> str:
    """The element's text with single spaces; other tools break lines in it as they like."""
    return " ".join("".join(element.itertext()).split())


def _level(text: str) -> str:
    return "".join(filter(str.isalpha, text)).lower()


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
