"""What holds in a market: layers over one another, by day; and a broken file refuses the whole glossary."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError, NotFound
from glossaries.load import load_glossary
from glossaries.model import Form, Status
from glossaries.resolve import Glossary
from tests.glossaries.small_glossary import edit, row, write_glossary, write_layer

TODAY = date(2026, 11, 22)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_glossary(tmp_path / "glossary")


def statuses(glossary: Glossary, market: str, language: str, concept: str, day: date = TODAY) -> dict[str, str]:
    terms = glossary.terms_for(market, language, day).terms
    return {term.text: term.status.value for term in terms if term.concept == concept}


@pytest.mark.parametrize(
    ("market", "language", "concept", "day", "expected"),
    [
        ("DE", "en", "parcel", TODAY, {"parcel": "preferred", "package": "allowed"}),
        ("GB", "en", "parcel", TODAY, {"parcel": "preferred", "package": "forbidden"}),
        ("DE", "de", "parcel", TODAY, {"Paket": "preferred", "Sendungspaket": "forbidden"}),
        ("AT", "de", "parcel", TODAY, {"Paket": "allowed", "Sendungspaket": "forbidden", "Packerl": "preferred"}),
        # a language that the market does not name still has its base, and the brand's names
        ("GB", "zh-Hant", "order", TODAY, {"訂單": "preferred", "訂單號碼": "unrelated"}),
        ("GB", "zh-Hant", "puresteam", TODAY, {"PureSteam": "do_not_translate"}),
        ("GB", "sw", "puresteam", TODAY, {"PureSteam": "do_not_translate"}),
        ("GB", "sw", "parcel", TODAY, {}),
        # both ends of a validity belong to it; on the day after, the inherited row is preferred again
        ("AT", "de", "order", date(2026, 12, 31), {"Bestellung": "preferred"}),
        ("AT", "de", "order", date(2027, 1, 1), {"Bestellung": "allowed", "Auftrag": "preferred"}),
        ("AT", "de", "order", date(2027, 1, 31), {"Bestellung": "allowed", "Auftrag": "preferred"}),
        ("AT", "de", "order", date(2027, 2, 1), {"Bestellung": "preferred"}),
        ("DE", "de", "order", date(2027, 1, 1), {"Bestellung": "preferred"}),
    ],
)
def test_upper_layers_win(
    root: Path, market: str, language: str, concept: str, day: date, expected: dict[str, str]
) -> None:
    assert statuses(load_glossary(root), market, language, concept, day) == expected


def test_a_set_stays_the_same_object_until_a_date_turns_it(root: Path) -> None:
    glossary = load_glossary(root)
    in_november = glossary.terms_for("AT", "de", TODAY)
    assert glossary.terms_for("AT", "de", date(2026, 12, 31)) is in_november
    assert glossary.terms_for("AT", "de", date(2027, 1, 1)) is not in_november
    assert glossary.terms_for("DE", "de", TODAY) is glossary.terms_for("DE", "de", date(2030, 1, 1))


def test_the_brand_stands_above_the_market(root: Path) -> None:
    write_layer(root, "markets/DE", [row("parcel", "de", "Päckchen", "preferred")])
    extra = row("parcel", "de", "Paket", "preferred", note="marca")
    edit(root / "brands/orikka.csv", '"puresteam"', f'{extra}\n"puresteam"')
    assert statuses(load_glossary(root), "DE", "de", "parcel") == {
        "Paket": "preferred",
        "Päckchen": "allowed",
        "Sendungspaket": "forbidden",
    }


def test_a_row_in_another_case_replaces_the_inherited_one(root: Path) -> None:
    write_layer(root, "markets/DE", [row("parcel", "de", "PAKET", "allowed"), row("parcel", "de", "Box", "preferred")])
    assert statuses(load_glossary(root), "DE", "de", "parcel") == {
        "Sendungspaket": "forbidden",
        "PAKET": "allowed",
        "Box": "preferred",
    }


def test_case_tells_rows_apart_where_they_say_so(root: Path) -> None:
    wrong = row(
        "puresteam", "*", "Puresteam", "forbidden", case_sensitive="yes", reason="Name", replacement="PureSteam"
    )
    edit(root / "brands/orikka.csv", '"puresteam"', f'{wrong}\n"puresteam"')
    assert statuses(load_glossary(root), "DE", "de", "puresteam") == {
        "Puresteam": "forbidden",
        "PureSteam": "do_not_translate",
    }


def test_a_row_is_read_whole(root: Path) -> None:
    term = load_glossary(root).terms_for("DE", "de", TODAY).preferred("parcel")
    assert term is not None
    assert term.forms == (
        Form("Pakete", frozenset({"pl"})),
        Form("Paketen", frozenset({"dat", "pl"})),
    )
    assert (term.origin.layer, term.origin.file, term.origin.line) == ("languages/de", "languages/de.csv", 2)
    assert term.status is Status.PREFERRED
    desinfektor = next(t for t in load_glossary(root).terms["languages/de"] if t.text == "Desinfektor")
    assert desinfektor.scope == ("baby_bottle", "puresteam")


def test_an_unknown_market_is_named(root: Path) -> None:
    with pytest.raises(NotFound, match="no market 'UK'"):
        load_glossary(root).terms_for("UK", "en", TODAY)


def test_quoted_lines_keep_the_line_numbers_right(root: Path) -> None:
    rows = [row("parcel", "en", "box", "allowed", note="first\nsecond\nthird"), row("parcel", "en", "crate", "good")]
    write_layer(root, "markets/DE", rows)
    with pytest.raises(ContentError) as error:
        load_glossary(root)
    assert [(fault.path.name, fault.line) for fault in error.value.faults] == [("DE.csv", 5)]


# file, what is replaced, by what, file and line of the fault, words of its message
LAYER_FAULTS = [
    ("  de-AT: de\n", "  de-AT: de-CH\n  de-CH: de-AT\n", 4, "de-AT → de-CH → de-AT goes in a circle"),
    ("  de-AT: de\n", "  de-AT: dee\n", 4, "unknown parent 'dee'; did you mean 'de'?"),
    ("AT: {de: de-AT}", "AT: {de: de-CH}", 8, "unknown locale 'de-CH'"),
    ("AT: {de: de-AT}", "AT: {dde: de-AT}", 8, "unknown language 'dde'; did you mean 'de'?"),
    ("AT: {de: de-AT}", "AT: []", 6, "AT: must be a mapping"),
    ("  DE: {}", "  NO: {}", 1, "put codes such as NO in quotes"),
    ("[en, de, zh-Hant]", "[en, de, zh-Hantt]", 1, "'zh-Hantt' is no language code"),
    ("brand: orikka", "brnad: orikka", 1, "unknown key 'brnad'; did you mean 'brand'?"),
    ("locales:\n  de-AT: de\n", "", 1, "locales: must be a dict"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), LAYER_FAULTS)
def test_a_mistake_in_the_layers_is_named(root: Path, old: str, new: str, line: int, words: str) -> None:
    edit(root / "layers.yml", old, new)
    with pytest.raises(ContentError) as error:
        load_glossary(root)
    assert any(words in fault.message and fault.line == line for fault in error.value.faults), error.value.faults


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("order,orders,yes", "parcel,orders,yes", 3, "'parcel' stands in line 2 too"),
        ("order,orders,yes", "Order,orders,yes", 3, "use small letters"),
        ("order,orders,yes", "order,orders,ja", 3, "none of yes or empty"),
        ("id,domain,required", "id,domain", 1, "the header must be id,domain,required,definition"),
    ],
)
def test_a_mistake_in_the_concepts_is_named(root: Path, old: str, new: str, line: int, words: str) -> None:
    edit(root / "concepts.csv", old, new)
    with pytest.raises(ContentError) as error:
        load_glossary(root)
    assert any(words in fault.message and fault.line == line for fault in error.value.faults), error.value.faults


def test_a_layer_without_its_file_is_a_fault(root: Path) -> None:
    (root / "markets" / "GB.csv").unlink()
    with pytest.raises(ContentError, match=r"GB\.csv:0: the file is missing"):
        load_glossary(root)


def test_a_file_without_a_layer_is_a_fault(root: Path) -> None:
    write_layer(root, "markets/UK", [])
    with pytest.raises(ContentError, match=r"UK\.csv:0: no layer of this name"):
        load_glossary(root)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "the file is empty"),
        (b"concept\n\xff\n", 2, "not UTF-8"),
        (b'concept\n"a"b\n', 2, "not valid CSV"),
        (b'concept\n"a\n\n\n', 2, "not valid CSV"),
    ],
)
def test_an_unreadable_file_is_a_fault(root: Path, data: bytes, line: int, words: str) -> None:
    (root / "markets" / "GB.csv").write_bytes(data)
    with pytest.raises(ContentError) as error:
        load_glossary(root)
    assert [(fault.line, words in fault.message) for fault in error.value.faults] == [(line, True)]
