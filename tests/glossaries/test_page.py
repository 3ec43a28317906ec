"""docs/glossaries.md names what there is."""

import csv
from pathlib import Path

from glossaries.csv_file import RawRow, Table
from glossaries.lint_report import Report
from glossaries.load import layer_terms
from glossaries.model import FEATURES, Status
from glossaries.row import COLUMNS, GENDERS, PARTS_OF_SPEECH

PAGE = (Path(__file__).parents[2] / "docs" / "glossaries.md").read_text(encoding="utf-8")


def test_every_column_status_and_label_is_described() -> None:
    assert [name for name in (*COLUMNS, *Status) if f"`{name}`" not in PAGE] == []
    words = set(PAGE.replace("`", " ").replace(";", " ").split())
    assert (FEATURES | PARTS_OF_SPEECH | GENDERS) - {""} <= words


def test_the_example_is_a_row() -> None:
    example = PAGE.split("```csv\n")[1].split("\n```")[0]
    cells = dict(zip(COLUMNS, next(csv.reader([example])), strict=True))
    report = Report(Path())
    (term,) = layer_terms("markets/GB", Table(Path("GB.csv"), COLUMNS, (RawRow(2, cells),)), report)
    assert (term.reason, term.replacement, report.faults) == ("American", "parcel", [])
