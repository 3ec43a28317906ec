"""What is exported comes back unchanged, whatever is in the cells; and files of other tools are read."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from translate.storage.tbx import tbxfile

from core.errors import ContentError
from glossaries.csv_file import FORMULA_STARTS, Table, shield, unshield
from glossaries.export import FORMATS, export_terms
from glossaries.forms import format_forms, parse_forms
from glossaries.import_rows import read_import
from glossaries.model import FEATURES, Concept, Form, Origin, Status, Term
from glossaries.row import COLUMNS, PARTS_OF_SPEECH, term_of
from glossaries.xlsx_file import write_xlsx

CONCEPTS = {name: Concept(name, "delivery", "A <thing> & more") for name in ("parcel", "order", "puresteam")}

NASTY = st.sampled_from(
    ["=1+1", "+49", "-5 °C", "@you", "'=x", "''-", "'t", 'say "hi"', "a,b;c\td", "line\nbreak", "a | b", "pl: x",
     "?x", "\\", "\\|", "Re: x", "شكرًا 12", "👨‍👩‍👧 ok", "＝1", "_x0041_", "#N/A", "TRUE", "007", "1e5", "2026-01-01",
     "<b>&amp;", "aftersail:term=x", "]]>", "a  b", "\tx", "x\r\ny", "é", "e\u0301"]
)  # fmt: skip
# Every character that XML can hold; a glossary has no others, as lint refuses them.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
TEXT = st.one_of(NASTY, st.text(CHARACTERS, max_size=20))
FORM_TEXT = TEXT.map(str.strip).filter(bool)
DAY = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
FORM = st.builds(Form, FORM_TEXT, st.frozensets(st.sampled_from(sorted(FEATURES)), max_size=3), st.booleans())
TERM = st.builds(
    Term,
    concept=st.sampled_from(sorted(CONCEPTS)),
    language=st.sampled_from(["de", "zh-Hant", "ar", "*"]),
    text=TEXT.filter(bool),
    status=st.sampled_from(Status),
    forms=st.lists(FORM, max_size=4).map(tuple),
    part_of_speech=st.sampled_from(sorted(PARTS_OF_SPEECH)),
    gender=st.sampled_from(["", "m", "f", "n", "c"]),
    case_sensitive=st.booleans(),
    compounds=st.sampled_from([None, True, False]),
    scope=st.lists(st.sampled_from(sorted(CONCEPTS)), max_size=2).map(tuple),
    note=TEXT,
    reason=TEXT,
    replacement=TEXT,
    evidence=TEXT,
    author=TEXT,
    reviewer=TEXT,
    valid_from=DAY,
    valid_to=DAY,
)


def terms_in(table: Table) -> list[Term]:
    assert not [row.problems for row in table.rows if row.problems]
    terms = [term_of(row.cells, Origin())[0] for row in table.rows]
    return [term for term in terms if term]


def by_concept(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: (term.concept, term.language))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("transfer")


@pytest.mark.parametrize("file_format", sorted(FORMATS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(terms=st.lists(TERM, max_size=4))
def test_what_is_exported_comes_back(folder: Path, file_format: str, terms: list[Term]) -> None:
    path = folder / f"terms.{file_format}"
    path.write_bytes(export_terms(terms, CONCEPTS, file_format, "Aftersail DE"))
    # TBX puts the terms of a concept and language together.
    assert by_concept(terms_in(read_import(path))) == by_concept(terms)


@settings(max_examples=200)
@given(forms=st.lists(FORM, max_size=5).map(tuple))
def test_forms_come_back(forms: tuple[Form, ...]) -> None:
    assert parse_forms(format_forms(forms)) == (forms, [])


@settings(max_examples=200)
@given(cell=TEXT)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert not shield(cell).startswith(FORMULA_STARTS)
    assert unshield(shield(cell)) == cell


@pytest.mark.parametrize(
    ("cell", "forms"),
    [
        ("", ()),
        ("Pakete", (Form("Pakete"),)),
        ("pl: Pakete|dat.pl:Paketen", (Form("Pakete", frozenset({"pl"})), Form("Paketen", frozenset({"dat", "pl"})))),
        ("?Packerl", (Form("Packerl", confirmed=False),)),
        ("? pl: Packerl", (Form("Packerl", frozenset({"pl"}), confirmed=False),)),
        (r"a\|b | Re\: x | \?", (Form("a|b"), Form("Re: x"), Form("?"))),
    ],
)
def test_forms_are_read(cell: str, forms: tuple[Form, ...]) -> None:
    assert parse_forms(cell) == (forms, [])


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(write_xlsx(COLUMNS, [{"concept": "=1+1", "note": "#N/A"}]))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [(cell.value, cell.data_type) for cell in sheet[2] if cell.value] == [("'=1+1", "s"), ("#N/A", "s")]


def test_a_workbook_as_people_fill_it_in(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["concept", "language", "term", "status", "valid_from", "case_sensitive", "note"])
    sheet.append([])
    sheet.append(["parcel", "de", 24, "allowed", date(2026, 1, 31), True, None])
    sheet.append(["parcel", "de", "=A1", "allowed"])
    sheet.append(["parcel", "de", "x", "allowed", None, None, None, "far right"])
    workbook.save(tmp_path / "x.xlsx")
    rows = read_import(tmp_path / "x.xlsx").rows
    assert rows[0].line == 3
    assert rows[0].cells == {
        "concept": "parcel", "language": "de", "term": "24", "status": "allowed",
        "valid_from": "2026-01-31", "case_sensitive": "yes", "note": "",
    }  # fmt: skip
    assert rows[1].problems == ("term: holds a formula; write its value as text",)
    assert "to the right of the last column" in rows[2].problems[0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheets_csv_is_read(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "x.csv"
    lines = [["concept", "language", "term", "status"], ["parcel", "de", "Paket", "allowed"]]
    path.write_text("\r\n".join(separator.join(line) for line in lines), encoding="utf-8-sig", newline="")
    assert [dict(row.cells) for row in read_import(path).rows] == [dict(zip(*lines, strict=True))]


TBX_2 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><martifHeader/><text><body>
<termEntry id="c5">
  <descrip type="definition">A box</descrip>
  <langSet xml:lang="de-DE">
    <tig><term>Paket</term><termNote type="partOfSpeech">noun</termNote>
      <termNote type="grammaticalGender">neuter</termNote>
      <termNote type="administrativeStatus">preferred</termNote><note>oft
      gebraucht</note></tig>
    <ntig><termGrp><term>Pac<hi>kerl</hi></term>
      <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
  </langSet>
</termEntry></body></text></martif>"""
DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="parcel"><langSec xml:lang="zh-TW"><termSec><term>包裹</term>
<min:partOfSpeech>properNoun</min:partOfSpeech><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus>
</termSec></langSec></conceptEntry></body></text></tbx>"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            TBX_2,
            [
                {"concept": "c5", "language": "de-DE", "term": "Paket", "status": "preferred", "gender": "n",
                 "part_of_speech": "noun", "note": "oft gebraucht"},
                {"concept": "c5", "language": "de-DE", "term": "Packerl", "status": "forbidden"},
            ],
        ),
        (
            DCT,
            [{"concept": "parcel", "language": "zh-TW", "term": "包裹", "status": "search", "part_of_speech": "name"}],
        ),
    ],
)  # fmt: skip
def test_tbx_of_other_tools_is_read(tmp_path: Path, text: str, expected: list[dict[str, str]]) -> None:
    path = tmp_path / "x.tbx"
    path.write_text(text, encoding="utf-8")
    assert [dict(row.cells) for row in read_import(path).rows] == expected


def test_a_file_of_translate_toolkit_is_read(tmp_path: Path) -> None:
    store = tbxfile()
    for source, target in (("parcel", "Paket"), ("order", "Bestellung & mehr")):
        unit = store.addsourceunit(source)
        unit.target = target
    path = tmp_path / "x.tbx"
    path.write_bytes(bytes(store))
    assert [(row.cells["language"], row.cells["term"]) for row in read_import(path).rows] == [
        ("en", "parcel"), ("xx", "Paket"), ("en", "order"), ("xx", "Bestellung & mehr"),
    ]  # fmt: skip


def test_tbx_has_the_structure_of_the_standard() -> None:
    term = Term("parcel", "de", "Paket", Status.PREFERRED, note="Nur so.", evidence="DHL", author="orikka-de")
    root = etree.fromstring(export_terms([term], CONCEPTS, "tbx", "Aftersail DE"))
    names = [etree.QName(element).localname for element in root.iter()]
    assert names == [
        "tbx", "tbxHeader", "fileDesc", "titleStmt", "title", "sourceDesc", "p", "text", "body",
        "conceptEntry", "descrip", "descrip", "langSec", "termSec", "term", "termNote", "admin",
        "transacGrp", "transac", "transacNote", "note",
    ]  # fmt: skip
    assert {etree.QName(element).namespace for element in root.iter()} == {"urn:iso:std:iso:30042:ed-2"}
    assert (root.get("type"), root.get("style")) == ("TBX-Basic", "dca")


BOMB = '<!DOCTYPE tbx [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><tbx><text><body/></text></tbx>'
OUTSIDE = '<!DOCTYPE tbx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tbx><text>&a;</text></tbx>'


@pytest.mark.parametrize(
    ("name", "data", "line", "words"),
    [
        ("x.tbx", BOMB.encode(), 1, "declares entities"),
        ("x.tbx", OUTSIDE.encode(), 1, "declares entities"),
        ("x.tbx", b"<tbx>\n<text></tbx>", 2, "not valid XML"),
        ("x.tbx", b"<html/>", 1, "<html> is no TBX"),
        ("x.xlsx", b"PK nothing", 0, "not an Excel workbook"),
        ("x.csv", b"concept,langauge,term\n", 1, "did you mean 'language'?"),
        ("x.csv", b"concept,term\n", 1, "the column 'language' is missing"),
        ("x.csv", "concept,language,term\nparcel,de,Päckchen\n".encode("latin-1"), 2, "not UTF-8"),
        ("x.docx", b"", 0, "cannot read .docx; use .csv, .xlsx, .tbx"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, line: int, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ContentError) as error:
        read_import(path)
    assert any(fault.line == line and words in fault.message for fault in error.value.faults), error.value.faults


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<tbx><conceptEntry><langSec xml:lang="de"><termSec/></langSec></conceptEntry></tbx>', "has no <term>"),
        ("<tbx><conceptEntry><langSec><termSec><term>x</term></termSec></langSec></conceptEntry></tbx>", "no xml:lang"),
        (
            '<tbx><conceptEntry><langSec xml:lang="de"><termSec><term>x</term><note>aftersail:form=y</note></termSec>'
            "</langSec></conceptEntry></tbx>",
            "did you mean 'forms'?",
        ),
    ],
)
def test_a_term_without_its_parts_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.tbx"
    path.write_text(text)
    assert [words in problem for row in read_import(path).rows for problem in row.problems] == [True]
