"""The `aftersail terms` commands: check, find, import and export the words of each market."""

import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.errors import NotFound
from core.settings import load_settings

if TYPE_CHECKING:
    from glossaries.import_plan import ImportPlan

app = typer.Typer(no_args_is_help=True, help="The glossary: which word leaves in which market.")
console = Console(stderr=True, highlight=False)
output = Console(highlight=False)

MAX_SHOWN = 200


def _own_folder() -> Path:
    """The glossary of the installation."""
    return load_settings().content_dir / "glossaries" / "data"


Folder = Annotated[
    Path, typer.Option(help="The glossary's folder.", default_factory=_own_folder, show_default="the installation's")
]


@app.command()
def lint(
    folder: Folder,
    only: Annotated[str, typer.Option(help="Show one file's messages only, such as languages/de.")] = "",
) -> None:
    """Check all terms; faults end with exit code 1, warnings do not."""
    from glossaries.load import read_glossary

    _, report = read_glossary(folder)
    wanted = folder / f"{only.removesuffix('.csv')}.csv"
    if only and not wanted.is_file():
        raise NotFound(f"there is no file {wanted}; `--only languages/de` names one")
    faults = [fault for fault in report.faults if not only or fault.path == wanted]
    warnings = [fault for fault in report.warnings if not only or fault.path == wanted]
    for fault in warnings:
        console.print(f"{fault} (warning)", style="yellow", markup=False, soft_wrap=True)
    for fault in faults:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
    console.print(f"{len(faults)} fault(s), {len(warnings)} warning(s).", style="bold red" if faults else "bold green")
    sys.exit(1 if faults else 0)


@app.command()
def find(
    word: Annotated[str, typer.Argument(help="Part of a term, a form or a concept's id.")],
    folder: Folder,
    market: Annotated[str, typer.Option(help="Only what holds in this market today.")] = "",
    language: Annotated[str, typer.Option(help="Only this language.")] = "",
) -> None:
    """Show the terms with a word: concept, status, where the row stands, note."""
    from glossaries.find import find_terms
    from glossaries.load import load_glossary

    terms = find_terms(load_glossary(folder), word, market, language, _today())
    table = _table("concept", "language", "term", "status", "row", "note")
    for term in terms[:MAX_SHOWN]:
        place = f"{term.origin.file}:{term.origin.line}"
        note = term.note or (f"{term.reason} → {term.replacement}" if term.reason else "")
        table.add_row(*map(escape, (term.concept, term.language, term.text, term.status.value, place, note)))
    output.print(table)
    console.print(f"{len(terms)} term(s){', the first shown' if len(terms) > MAX_SHOWN else ''}.")


@app.command("export")
def export_file(
    folder: Folder,
    file_format: Annotated[str, typer.Option("--format", help="csv, xlsx or tbx.")] = "csv",
    market: Annotated[str, typer.Option(help="What holds in this market today, in every language.")] = "",
    layer: Annotated[str, typer.Option(help="Or one file as it stands, such as languages/de.")] = "",
    language: Annotated[str, typer.Option(help="Only this language.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else standard output.")] = None,
) -> None:
    """Write terms for a spreadsheet or a terminology tool."""
    from glossaries.export import FORMATS, export_terms
    from glossaries.find import layer_terms, market_terms
    from glossaries.load import load_glossary

    if file_format not in FORMATS:
        raise typer.BadParameter(f"{file_format!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if bool(market) == bool(layer):
        raise typer.BadParameter("name either a market or a layer", param_hint="--market, --layer")
    glossary = load_glossary(folder)
    terms = market_terms(glossary, market, language, _today()) if market else layer_terms(glossary, layer, language)
    data = export_terms(terms, glossary.concepts, file_format, f"Aftersail {market or layer}")
    if out:
        out.write_bytes(data)
        console.print(f"{len(terms)} term(s) written to {out}.", markup=False)
    else:
        sys.stdout.buffer.write(data)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .tbx file.")],
    layer: Annotated[str, typer.Option(help="The file of terms to change, such as markets/DE.")],
    folder: Folder,
    apply: Annotated[bool, typer.Option("--apply", help="Write the changes; without it they are only shown.")] = False,
    remove_missing: Annotated[bool, typer.Option(help="Also remove the rows that the file does not have.")] = False,
) -> None:
    """Show what a file would change in a layer, row by row; with --apply, change it: all of it or nothing."""
    from glossaries.import_apply import apply_import
    from glossaries.import_plan import plan_import
    from glossaries.import_rows import read_import
    from glossaries.load import load_glossary

    table = read_import(file)
    plan = plan_import(table, layer, load_glossary(folder), folder, _today(), remove_missing=remove_missing)
    _show(plan)
    if not plan.possible:
        console.print("Nothing was changed: mend what is refused and import again.", style="bold red")
        sys.exit(1)
    if not plan.changes:
        console.print("Nothing to change.")
    elif apply:
        apply_import(plan, folder)
        console.print(f"{layer}.csv is written. `aftersail publish` puts it in force.", style="bold green")
    else:
        console.print("Nothing was changed yet; add --apply to write this.", style="bold")


def _show(plan: "ImportPlan") -> None:
    table = _table("row", "", "concept", "language", "term", "what")
    shown = [report for report in plan.reports if report.action.value != "same"]
    for report in sorted(shown, key=lambda report: report.action.value != "refused")[:MAX_SHOWN]:
        what = "\n".join(report.details)
        cells = (str(report.line), report.action.value, report.concept, report.language, report.text, what)
        table.add_row(*map(escape, cells), style="red" if report.action.value == "refused" else "")
    if shown:
        output.print(table)
    for fault in plan.faults:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
    for fault in plan.warnings:
        console.print(f"{fault} (warning)", style="yellow", markup=False, soft_wrap=True)
    counts = Counter(report.action.value for report in plan.reports)
    console.print(", ".join(f"{count} {action}" for action, count in sorted(counts.items())) or "no rows")


def _table(*names: str) -> Table:
    table = Table()
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    app()


@app.command()
def check(
    market: Annotated[str, typer.Option(help="Market that the texts go to, such as DE.")] = "US",
    language: Annotated[str, typer.Option(help="Language of the texts, such as de.")] = "en",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Lines are JSON objects {text, source?, market, language}.")
    ] = False,
    files: Annotated[bool, typer.Option("--files", help="Use the terms in the files, not the published ones.")] = False,
) -> None:
    """Check each line of standard input as the gate would; exit code 1 when a text may not leave."""
    from aftersail.terms_check import check_lines

    # Broken bytes become U+FFFD: a text is never refused for its encoding.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper
    sys.exit(1 if check_lines(load_settings(), sys.stdin, market, language, jsonl=jsonl, files=files) else 0)
