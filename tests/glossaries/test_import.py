"""An import says row by row what it would do, and then does all of it or nothing."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError, NotFound
from glossaries.export import FORMATS, export_terms
from glossaries.find import layer_terms, market_terms
from glossaries.import_apply import apply_import
from glossaries.import_plan import Action, ImportPlan, plan_import
from glossaries.import_rows import read_import
from glossaries.load import load_glossary
from tests.glossaries.small_glossary import edit, row, write_glossary, write_layer

TODAY = date(2026, 11, 22)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_glossary(tmp_path / "glossary")


def plan(root: Path, rows: list[str], layer: str = "markets/DE", *, remove_missing: bool = False) -> ImportPlan:
    return plan_file(root, write_layer(root.parent, "import", rows), layer, remove_missing=remove_missing)


def plan_file(root: Path, path: Path, layer: str = "markets/DE", *, remove_missing: bool = False) -> ImportPlan:
    return plan_import(read_import(path), layer, load_glossary(root), root, TODAY, remove_missing=remove_missing)


def outcome(plan: ImportPlan) -> list[tuple[str, str]]:
    return [(report.text, report.action.value) for report in plan.reports]


def test_each_row_is_judged(root: Path) -> None:
    found = plan(
        root,
        [
            row(
                "parcel",
                "de",
                "Paket",
                "preferred",
                forms="pl: Pakete | dat.pl: Paketen",
                part_of_speech="noun",
                gender="n",
            ),
            row("parcel", "de", "Päckchen", "allowed"),
            row("order", "de", "Bestellung", "preferred", forms="pl: Bestellungen", gender="f", note="neu"),
            row("parcel", "de", "Schachtel", "verboten"),
            row("parcel", "de", "Karton", "forbidden", reason="ungenau"),
            row("paket", "de", "Kiste", "allowed"),
            row("puresteam", "*", "PureSteam", "do_not_translate", case_sensitive="yes", part_of_speech="name"),
            row("puresteam", "*", "PureSteam", "allowed", case_sensitive="yes", part_of_speech="name"),
        ],
    )
    assert outcome(found) == [
        ("Paket", "same"),  # inherited
        ("Päckchen", "new"),
        ("Bestellung", "new"),
        ("Schachtel", "refused"),
        ("Karton", "refused"),
        ("Kiste", "refused"),
        ("PureSteam", "same"),
        ("PureSteam", "refused"),
    ]
    details = {report.text: " ".join(report.details) for report in found.reports}
    assert details["Bestellung"] == "note: (empty) → neu"
    assert "'verboten' is none of preferred" in details["Schachtel"]
    assert "replacement: is empty; name the term" in details["Karton"]
    assert "'paket' does not stand in concepts.csv" in details["Kiste"]
    assert "brands/orikka.csv:2 above this layer decides; change it there" in details["PureSteam"]
    assert not found.possible


def test_a_plan_writes_nothing_and_applying_writes_all(root: Path) -> None:
    before = (root / "markets" / "GB.csv").read_bytes()
    found = plan(
        root,
        [
            row("parcel", "en", "package", "forbidden", reason="American English", replacement="parcel"),
            row("parcel", "en", "packet", "search", note="'-ish"),
            row("order", "en", "purchase", "allowed"),
        ],
        "markets/GB",
    )
    assert outcome(found) == [("package", "changed"), ("packet", "new"), ("purchase", "new")]
    assert found.reports[0].details == ("reason: American → American English",)
    assert (root / "markets" / "GB.csv").read_bytes() == before
    apply_import(found, root)
    written = load_glossary(root).terms["markets/GB"]
    assert [(term.text, term.note) for term in written] == [("package", ""), ("packet", "-ish"), ("purchase", "")]
    assert "'-ish" in (root / "markets" / "GB.csv").read_text()
    assert [path.name for path in (root / "markets").iterdir() if path.suffix != ".csv"] == []


def test_a_row_comes_beside_its_concept(root: Path) -> None:
    found = plan(root, [row("parcel", "de", "Päckchen", "allowed")], "languages/de")
    apply_import(found, root)
    texts = [term.text for term in load_glossary(root).terms["languages/de"]]
    assert texts[:4] == ["Paket", "Sendungspaket", "Päckchen", "Bestellung"]


def test_rows_are_removed_only_when_asked(root: Path) -> None:
    rows = [row("order", "en", "purchase", "allowed")]
    assert outcome(plan(root, rows, "markets/GB")) == [("purchase", "new")]
    found = plan(root, rows, "markets/GB", remove_missing=True)
    assert outcome(found) == [("purchase", "new"), ("package", "removed")]
    apply_import(found, root)
    assert [term.text for term in load_glossary(root).terms["markets/GB"]] == ["purchase"]


def test_a_removal_that_breaks_another_row_is_not_possible(root: Path) -> None:
    rows = [row("parcel", "zh-Hant", "包裹", "preferred")]
    write_layer(root, "markets/DE", [row("parcel", "de", "Box", "allowed", scope="order"), *rows])
    found = plan(root, [row("order", "zh-Hant", "訂貨", "preferred")], "languages/zh-Hant", remove_missing=True)
    assert found.possible
    found = plan(root, [row("parcel", "de", "Paket", "forbidden", reason="x", replacement="Box")])
    assert [fault.path.name for fault in found.faults] == ["de.csv"]  # its replacement is forbidden now
    assert not found.possible


def test_a_missing_column_leaves_what_stands_there(root: Path) -> None:
    path = root.parent / "x.csv"
    path.write_text("concept,language,term,note\nparcel,en,package,Amerikanisch\nparcel,en,packet,\n", encoding="utf-8")
    found = plan_file(root, path, "markets/GB")
    assert outcome(found) == [("package", "changed"), ("packet", "new")]
    assert found.reports[0].details == ("note: (empty) → Amerikanisch",)
    assert [(term.status.value, term.reason) for term in found.after] == [("forbidden", "American"), ("allowed", "")]


@pytest.mark.parametrize("file_format", sorted(FORMATS))
def test_a_market_exported_and_imported_changes_nothing(root: Path, file_format: str) -> None:
    glossary = load_glossary(root)
    for market in glossary.markets:
        path = root.parent / f"{market}.{file_format}"
        terms = market_terms(glossary, market, "", TODAY)
        path.write_bytes(export_terms(terms, glossary.concepts, file_format, market))
        found = plan_file(root, path, f"markets/{market}")
        assert {action for _, action in outcome(found)} == {"same"}
        assert not found.changes


@pytest.mark.parametrize("file_format", sorted(FORMATS))
def test_a_layer_exported_and_imported_changes_nothing(root: Path, file_format: str) -> None:
    glossary = load_glossary(root)
    for layer in glossary.terms:
        path = root.parent / f"layer.{file_format}"
        path.write_bytes(export_terms(layer_terms(glossary, layer, ""), glossary.concepts, file_format, layer))
        found = plan_file(root, path, layer, remove_missing=True)
        assert not found.changes, (layer, outcome(found))


def test_foreign_ids_and_languages_find_their_concept(root: Path) -> None:
    path = root.parent / "x.tbx"
    path.write_text(
        '<tbx><text><body><conceptEntry id="n369">'
        '<langSec xml:lang="de-DE"><termSec><term>Paket</term></termSec><termSec><term>Kiste</term></termSec></langSec>'
        '<langSec xml:lang="zh-TW"><termSec><term>包裹</term></termSec></langSec></conceptEntry>'
        '<conceptEntry id="n370"><langSec xml:lang="de"><termSec><term>Wolke</term></termSec></langSec></conceptEntry>'
        "</body></text></tbx>",
        encoding="utf-8",
    )
    found = plan_file(root, path)
    assert [(r.concept, r.language, r.text, r.action.value) for r in found.reports] == [
        ("parcel", "de", "Paket", "same"),
        ("parcel", "de", "Kiste", "new"),
        ("parcel", "zh-Hant", "包裹", "same"),
        ("n370", "de", "Wolke", "refused"),
    ]


def test_a_row_twice_is_refused(root: Path) -> None:
    rows = [row("parcel", "en", "package", "allowed"), row("parcel", "en", "Package", "search")]
    assert outcome(plan(root, rows, "markets/GB"))[1] == ("Package", "refused")
    assert outcome(plan(root, rows[:1] * 2, "markets/DE"))[1][1] in ("same", "refused")


def test_what_is_refused_cannot_be_applied(root: Path) -> None:
    before = (root / "markets" / "DE.csv").read_bytes()
    found = plan(root, [row("parcel", "de", "Päckchen", "allowed"), row("parcel", "de", "Kiste", "good")])
    with pytest.raises(ContentError, match="row 3 of the import is refused"):
        apply_import(found, root)
    assert (root / "markets" / "DE.csv").read_bytes() == before


def test_a_file_that_changed_meanwhile_is_not_overwritten(root: Path) -> None:
    found = plan(root, [row("parcel", "de", "Päckchen", "allowed")])
    write_layer(root, "markets/DE", [row("parcel", "de", "Schachtel", "allowed")])
    with pytest.raises(ContentError, match="has changed since the plan was made"):
        apply_import(found, root)


def test_another_file_that_broke_meanwhile_stops_the_import(root: Path) -> None:
    found = plan(root, [row("parcel", "de", "Päckchen", "allowed")])
    before = (root / "markets" / "DE.csv").read_bytes()
    edit(root / "languages" / "en.csv", '"package","allowed"', '"package","good"')
    with pytest.raises(ContentError, match=r"en\.csv:3"):
        apply_import(found, root)
    assert (root / "markets" / "DE.csv").read_bytes() == before
    assert sorted(path.name for path in (root / "markets").iterdir()) == ["AT.csv", "DE.csv", "GB.csv"]


def test_doubts_about_the_imported_rows_are_shown(root: Path) -> None:
    found = plan(root, [row("parcel", "de", "Box", "forbidden", reason="x", replacement="Karton")])
    assert found.reports[0].action is Action.NEW
    assert [(warning.line, "'Karton' is no preferred" in warning.message) for warning in found.warnings] == [(2, True)]


def test_an_unknown_layer_is_named(root: Path) -> None:
    with pytest.raises(NotFound, match="did you mean 'markets/DE'"):
        plan(root, [], "market/DE")
