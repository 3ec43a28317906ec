"""Each mistake in a glossary is found, in its file and line, with what to do."""

from pathlib import Path

import pytest

from glossaries.lint_report import Report
from glossaries.load import read_glossary
from tests.glossaries.small_glossary import edit, row, write_glossary, write_layer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_glossary(tmp_path / "glossary")


def check(root: Path) -> Report:
    return read_glossary(root)[1]


def test_the_small_glossary_has_no_fault(root: Path) -> None:
    report = check(root)
    assert report.faults == []
    assert [(fault.path.name, fault.line, fault.message) for fault in report.warnings] == [
        ("en.csv", 0, "1 concept(s) have no term in 'en': steriliser; add them"),
        ("zh-Hant.csv", 0, "2 concept(s) have no term in 'zh-Hant': steriliser, baby_bottle; add them"),
    ]


def forbid(concept: str, language: str, term: str, replacement: str, **cells: str) -> str:
    return row(concept, language, term, "forbidden", reason="why", replacement=replacement, **cells)


# rows of markets/DE.csv, line of the fault (in the last column: another file), words of its message
FAULTS = [
    # a row by itself
    ([row("parcel", "de", "Box", "good")], 2, "'good' is none of preferred, allowed"),
    ([row("parcel", "de", "Box", "prefered")], 2, "did you mean 'preferred'?"),
    ([row("parcl", "de", "Box", "allowed")], 2, "did you mean 'parcel'?"),
    ([row("parcel", "de", "", "allowed")], 2, "term: is empty"),
    ([row("parcel", "de-DE", "Box", "allowed")], 2, "'de-DE' does not belong here; write en or de or zh-Hant"),
    ([row("parcel", "*", "Box", "allowed")], 2, "'*' does not belong here"),
    ([row("parcel", "de", "Box", "allowed", gender="x")], 2, "gender: 'x' is none of c, f, m, n"),
    ([row("parcel", "de", "Box", "allowed", part_of_speech="nuon")], 2, "did you mean 'noun'?"),
    ([row("parcel", "de", "Box", "allowed", case_sensitive="true")], 2, "case_sensitive: 'true' is none of yes"),
    ([row("parcel", "de", "Box", "allowed", compounds="maybe")], 2, "compounds: 'maybe' is none of yes"),
    ([row("parcel", "de", "Box", "allowed", valid_from="1.2.2026")], 2, "write it as 2026-01-31"),
    ([row("parcel", "de", "Box", "allowed", valid_from="20260201")], 2, "write it as 2026-01-31"),
    ([row("parcel", "de", "Box", "allowed", valid_from="2026-02-30")], 2, "write it as 2026-01-31"),
    (
        [row("parcel", "de", "Box", "allowed", valid_from="2026-02-02", valid_to="2026-02-01")],
        2,
        "is before valid_from",
    ),
    ([row("parcel", "de", "Box", "allowed", note="=1+1")], 2, "begins with '=', which a spreadsheet runs"),
    ([row("parcel", "de", "Box", "allowed", note="@you")], 2, "begins with '@'"),
    ([row("parcel", "de", "Box", "allowed", note="＋1")], 2, "begins with '＋'"),
    ([row("parcel", "de", "Box", "allowed", note="\tBox")], 2, "begins with '\\t'"),
    ([row("parcel", "de", "x" * 201, "allowed")], 2, "term: longer than 200"),
    (['parcel,de,"Box",allowed'], 2, "has 4 cells, the header has 18"),
    # forms
    ([row("parcel", "de", "Box", "allowed", forms="plural: Boxen")], 2, "'plural' is not a label; use acc dat"),
    ([row("parcel", "de", "Box", "allowed", forms="pl.: Boxen")], 2, "is not a label"),
    ([row("parcel", "de", "Box", "allowed", forms="Boxen | | Boxes")], 2, "an empty form"),
    ([row("parcel", "de", "Box", "allowed", forms="pl: ")], 2, "an empty form"),
    ([row("parcel", "de", "Box", "allowed", forms="pl: ?Boxen")], 2, "stands before the label"),
    ([row("parcel", "de", "Box", "allowed", forms="box")], 2, "'box' is the term itself"),
    ([row("parcel", "de", "Box", "allowed", forms="Boxen | boxen")], 2, "'boxen' stands there twice"),
    ([row("parcel", "de", "Box", "allowed", forms="pl: Boxen | Boxen")], 2, "'Boxen' stands there twice"),
    ([row("parcel", "de", "Box", "allowed", forms="--- | Boxen")], 2, "no letter and no digit"),
    # how a text is written
    ([row("parcel", "de", "Box ", "allowed")], 2, "term: starts or ends with a space"),
    ([row("parcel", "de", "rote  Box", "allowed")], 2, "two spaces in a row"),
    ([row("parcel", "de", "rote\u00a0Box", "allowed")], 2, "U+00A0 NO-BREAK SPACE"),
    ([row("parcel", "de", "Bo\u200bx", "allowed")], 2, "U+200B ZERO WIDTH SPACE"),
    ([row("parcel", "de", "Bo\u00adx", "allowed")], 2, "U+00AD SOFT HYPHEN"),
    ([row("parcel", "de", "Bo\u3164x", "allowed")], 2, "U+3164 HANGUL FILLER"),
    ([row("parcel", "de", "Bo\u200dx", "allowed")], 2, "U+200D ZERO WIDTH JOINER"),
    ([row("parcel", "de", "Box", "allowed", forms="B\u202eoxen")], 2, "forms: 'B\\u202eoxen' has invisible"),
    ([row("parcel", "de", "Box", "allowed", note="a\u202eb")], 2, "note: has invisible characters (U+202E"),
    ([row("parcel", "de", "Bоx", "allowed")], 2, "mixes letters of two alphabets (U+043E CYRILLIC SMALL LETTER O)"),
    ([row("parcel", "de", "сос", "allowed")], 2, "has letters that 'de' does not use (U+0441"),
    ([row("parcel", "de", "Bｏx", "allowed")], 2, "mixes full-width and ordinary letters"),
    ([row("parcel", "zh-Hant", "ﾃﾞータ", "allowed")], 2, "mixes half-width and ordinary kana"),
    ([row("parcel", "de", "…", "allowed")], 2, "no letter and no digit"),
    # forbidden
    ([row("parcel", "de", "Box", "forbidden", replacement="Paket")], 2, "reason: is empty"),
    ([row("parcel", "de", "Box", "forbidden", reason="why")], 2, "replacement: is empty"),
    ([forbid("parcel", "de", "Box", "box")], 2, "replacement: is the forbidden term itself"),
    (
        [forbid("parcel", "de", "Box", "Karton"), forbid("parcel", "de", "Karton", "Box")],
        2,
        "is forbidden in DE itself",
    ),
    ([forbid("parcel", "de", "Box", "Sendungspaket")], 2, "is forbidden in DE itself (languages/de.csv:3)"),
    # scope
    ([row("parcel", "de", "Box", "allowed", scope="ordr")], 2, "scope: 'ordr' does not stand in concepts.csv; did you"),
    ([row("order", "zh-Hant", "單", "allowed", scope="baby_bottle")], 2, "no concept of it has a term in 'zh-Hant'"),
    # rows of one layer
    ([row("parcel", "de", "Box", "allowed"), row("parcel", "de", "BOX", "allowed")], 3, "stands in line 2 too"),
    (
        [row("parcel", "de", "Box", "allowed"), forbid("parcel", "de", "Box", "Paket")],
        3,
        "is forbidden here and allowed in line 2",
    ),
    (
        [row("parcel", "de", "Box", "preferred"), row("parcel", "de", "Karton", "preferred")],
        3,
        "parcel has the preferred term 'Box' in line 2 already",
    ),
    # rows of different concepts
    (
        [forbid("steriliser", "de", "Paket", "Vaporisator")],
        2,
        "'Paket' is forbidden for steriliser here and preferred for parcel in DE (languages/de.csv:2)",
    ),
    (
        [
            row("order", "de", "Karton", "preferred", scope="puresteam | baby_bottle"),
            forbid("steriliser", "de", "Karton", "Vaporisator", scope="baby_bottle"),
        ],
        3,
        "'Karton' is forbidden for steriliser here and preferred for order in DE (markets/DE.csv:2)",
    ),
]


@pytest.mark.parametrize(("rows", "line", "words"), FAULTS)
def test_a_mistake_is_named(root: Path, rows: list[str], line: int, words: str) -> None:
    path = write_layer(root, "markets/DE", rows)
    faults = [fault for fault in check(root).faults if fault.path == path and fault.line == line]
    assert any(words in fault.message for fault in faults), check(root).faults


RIGHT = [
    [row("parcel", "de", "Box", "allowed", forms="nom.pl: Box | acc.pl: Box | dat.pl: Boxen")],
    [row("parcel", "de", "Wi-Fi设备", "allowed"), row("parcel", "zh-Hant", "Tシャツ盒", "allowed")],
    [row("parcel", "de", "Box", "allowed", note="zwei\nZeilen, und 👨‍👩‍👧")],
    [row("parcel", "de", "Box", "allowed", note="'=1+1")],
    [row("parcel", "de", "Box", "preferred", valid_to="2026-01-31"),
     row("parcel", "de", "Box", "allowed", valid_from="2026-02-01")],
    [forbid("parcel", "de", "paket", "Paket", case_sensitive="yes")],
    [forbid("order", "de", "Babyflasche", "Bestellung", scope="steriliser"),
     row("baby_bottle", "de", "Flasche", "preferred")],
    [row("order", "de", "Paket", "preferred", part_of_speech="verb")],
    # what another row replaces, demotes or outlives does not contradict
    [forbid("parcel", "de", "Bestellung", "Paket"), row("order", "de", "Bestellung", "allowed")],
    [forbid("parcel", "de", "Bestellung", "Paket"), row("order", "de", "Auftrag", "preferred")],
    [row("order", "de", "Auftrag", "preferred", valid_to="2026-12-31"),
     forbid("parcel", "de", "Auftrag", "Paket", valid_from="2027-01-01")],
    # a row with a scope goes before one without
    [forbid("steriliser", "de", "Paket", "Vaporisator", scope="baby_bottle")],
    [row("order", "de", "Paket", "preferred", scope="puresteam"),
     forbid("steriliser", "de", "Paket", "Vaporisator", scope="baby_bottle")],
]  # fmt: skip


@pytest.mark.parametrize("rows", RIGHT)
def test_what_is_right_passes(root: Path, rows: list[str]) -> None:
    write_layer(root, "markets/DE", rows)
    assert check(root).faults == []


def test_a_contradiction_in_one_market_only_is_found_there(root: Path) -> None:
    edit(root / "languages/en.csv", '"order","en"', f'{row("order", "en", "package", "allowed")}\n"order","en"')
    assert check(root).faults == []
    write_layer(root, "markets/DE", [row("order", "en", "package", "preferred")])
    assert check(root).faults == []
    path = root / "markets" / "GB.csv"
    path.write_text(path.read_text() + row("order", "en", "package", "preferred") + "\n")
    assert [
        (str(fault.path), fault.line, "preferred for order in GB" in fault.message) for fault in check(root).faults
    ] == [(str(path), 2, True)]


def test_a_market_may_forbid_what_a_base_row_recommends_only_with_another_word(root: Path) -> None:
    write_layer(root, "markets/DE", [forbid("parcel", "de", "Paket", "Box"), row("parcel", "de", "Box", "preferred")])
    (fault,) = check(root).faults
    assert (fault.path, fault.line) == (root / "languages" / "de.csv", 3)
    assert "'Paket' is forbidden in DE itself (markets/DE.csv:2)" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"訂單","preferred"', '"訂單","allowed"', "order has no preferred term at all"),
        (
            row("order", "zh-Hant", "訂單", "preferred"),
            row("order", "zh-Hant", "訂單", "preferred", valid_from="2026-01-01"),
            "order has no preferred term before 2026-01-01",
        ),
        (
            row("order", "zh-Hant", "訂單", "preferred"),
            row("order", "zh-Hant", "訂單", "preferred", valid_to="2026-01-01"),
            "order has no preferred term from 2026-01-02 on",
        ),
    ],
)
def test_a_language_has_one_preferred_term_a_concept(root: Path, old: str, new: str, words: str) -> None:
    edit(root / "languages" / "zh-Hant.csv", old, new)
    assert [words in fault.message for fault in check(root).faults] == [True]


def test_preferred_terms_may_follow_one_another(root: Path) -> None:
    old = row("order", "zh-Hant", "訂單", "preferred")
    new = row("order", "zh-Hant", "訂單", "preferred", valid_to="2026-06-30")
    then = row("order", "zh-Hant", "訂購", "preferred", valid_from="2026-07-01")
    edit(root / "languages" / "zh-Hant.csv", old, f"{new}\n{then}")
    assert check(root).faults == []


WARNINGS = [
    ([forbid("parcel", "de", "Box", "Karton")], 2, "'Karton' is no preferred or allowed term of parcel"),
    ([row("order", "de", "Order", "allowed", forms="Paket")], 2, "'paket' is the preferred term of parcel"),
    ([row("parcel", "de", "großes Sendungspaket", "allowed")], 2, "contains 'Sendungspaket', which is forbidden in DE"),
    (
        [forbid("order", "zh-Hant", "單", "訂單"), row("order", "zh-Hant", "單號", "allowed")],
        3,
        "contains '單', which is forbidden in DE",
    ),
    ([row("order", "de", "Babyflasche", "preferred")], 2, "is preferred for baby_bottle too"),
]


@pytest.mark.parametrize(("rows", "line", "words"), WARNINGS)
def test_what_is_doubtful_is_a_warning(root: Path, rows: list[str], line: int, words: str) -> None:
    path = write_layer(root, "markets/DE", rows)
    report = check(root)
    assert not [fault for fault in report.faults if fault.path == path]
    assert [words in fault.message for fault in report.warnings if (fault.path, fault.line) == (path, line)] == [True]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("concept,language,term,statsu", "unknown column 'statsu'; did you mean 'status'?"),
        ("concept,language,term,status", "the column 'forms' is missing"),
        ("concept,concept,term,status", "the column 'concept' stands here twice"),
    ],
)
def test_a_mistake_in_the_header_is_named(root: Path, header: str, words: str) -> None:
    write_layer(root, "markets/DE", [], header)
    assert any(words in fault.message and fault.line == 1 for fault in check(root).faults)


def test_every_mistake_comes_at_once_and_in_order(root: Path) -> None:
    write_layer(root, "markets/DE", [row("parcel", "de", "Box", "good"), row("parcl", "de", "Box", "allowed")])
    write_layer(root, "markets/GB", [row("parcl", "en", "Box ", "allowed")])
    found = [(fault.path.name, fault.line) for fault in check(root).faults]
    assert found == [("DE.csv", 2), ("DE.csv", 3), ("GB.csv", 2), ("GB.csv", 2)]
