"""`aftersail terms` from the outside."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aftersail.terms_commands import app
from glossaries.load import load_glossary
from tests.glossaries.small_glossary import row, write_glossary, write_layer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_glossary(tmp_path / "glossary")


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--folder", str(root)])


def test_lint_names_file_and_line_and_ends_with_1(root: Path) -> None:
    assert run(root, "lint").exit_code == 0
    write_layer(root, "markets/DE", [row("parcel", "de", "Box", "good")])
    result = run(root, "lint")
    assert result.exit_code == 1
    assert f"{root}/markets/DE.csv:2: status: 'good' is none of" in result.output
    assert run(root, "lint", "--only", "languages/de").exit_code == 0


def test_find_shows_where_a_row_stands(root: Path) -> None:
    result = run(root, "find", "sendungs")
    assert result.exit_code == 0
    assert "1 term(s)" in result.output
    assert "forbidden" in result.output


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "tbx"])
def test_a_market_goes_out_and_comes_back(root: Path, tmp_path: Path, file_format: str) -> None:
    out = tmp_path / f"at.{file_format}"
    assert run(root, "export", "--market", "AT", "--format", file_format, "-o", str(out)).exit_code == 0
    result = run(root, "import", str(out), "--layer", "markets/AT")
    assert result.exit_code == 0
    assert "Nothing to change." in result.output


def test_import_is_a_dry_run_unless_told(root: Path) -> None:
    path = write_layer(root.parent, "x", [row("parcel", "de", "Box", "allowed")])
    result = run(root, "import", str(path), "--layer", "markets/DE")
    assert result.exit_code == 0
    assert "Nothing was changed yet; add --apply" in result.output
    assert load_glossary(root).terms["markets/DE"] == ()
    assert run(root, "import", str(path), "--layer", "markets/DE", "--apply").exit_code == 0
    assert [term.text for term in load_glossary(root).terms["markets/DE"]] == ["Box"]


def test_a_refused_row_ends_with_1(root: Path) -> None:
    path = write_layer(root.parent, "x", [row("parcel", "de", "Box", "good")])
    result = run(root, "import", str(path), "--layer", "markets/DE", "--apply")
    assert result.exit_code == 1
    assert "refused" in result.output
    assert load_glossary(root).terms["markets/DE"] == ()


def test_export_needs_a_market_or_a_layer(root: Path) -> None:
    assert run(root, "export").exit_code == 2
    assert run(root, "export", "--market", "AT", "--layer", "markets/AT").exit_code == 2
    assert run(root, "export", "--market", "AT", "--format", "doc").exit_code == 2
