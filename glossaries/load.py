"""The glossary's files read and checked; one mistake refuses the whole glossary, never a single row in silence."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.errors import ContentError, Fault
from glossaries.csv_file import Table, read_csv
from glossaries.layers import Layers, read_layers
from glossaries.lint import lint
from glossaries.lint_report import Report
from glossaries.model import Concept, Origin, Term
from glossaries.resolve import Glossary
from glossaries.row import COLUMNS, header_problems, term_of

_CONCEPT_COLUMNS = ("id", "domain", "required", "definition")
_CONCEPT_ID = re.compile("[a-z][a-z0-9_]{0,60}")
_LAYER_FOLDERS = ("languages", "locales", "markets", "brands")


def load_glossary(folder: Path) -> Glossary:
    """The glossary in `folder`. Raises ContentError with every fault; what is only doubtful is in `.warnings`."""
    glossary, report = read_glossary(folder)
    if report.faults:
        raise ContentError(report.faults)
    return glossary


def read_glossary(folder: Path, tables: Mapping[str, Table] | None = None) -> tuple[Glossary, Report]:
    """The glossary as far as it can be read, and every fault and warning. `tables`: layers to use in place of files.

    Raises ContentError when layers.yml or concepts.csv cannot be read, as nothing else can be judged then.
    """
    with _without_collector():
        return _read(folder, tables or {})


def _read(folder: Path, tables: Mapping[str, Table]) -> tuple[Glossary, Report]:
    layers = read_layers(folder / "layers.yml")
    concepts = _read_concepts(folder / "concepts.csv")
    report = Report(folder)
    report.faults += _stray_files(folder, layers)
    terms = {}
    for layer in layers.names():
        table = tables.get(layer) or _read_table(folder / f"{layer}.csv", report)
        terms[layer] = tuple(layer_terms(layer, table, report)) if table else ()
    lint(Glossary(concepts, layers, terms), report)
    report = report.ordered()
    return Glossary(concepts, layers, terms, tuple(report.warnings)), report


@contextmanager
def _without_collector() -> Iterator[None]:
    # Hundreds of thousands of new objects, no cycles among them: the collector would take a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def layer_terms(layer: str, table: Table, report: Report) -> list[Term]:
    """The terms of a layer's table; what is wrong with its header or a row goes into `report`."""
    problems = header_problems(table.header, COLUMNS)
    report.faults += [Fault(table.path, 1, problem) for problem in problems]
    if problems:
        return []
    terms = []
    for row in table.rows:
        report.faults += [Fault(table.path, row.line, problem) for problem in row.problems]
        if not row.cells:
            continue
        term, found = term_of(row.cells, Origin(layer, f"{layer}.csv", row.line))
        report.faults += [Fault(table.path, row.line, problem) for problem in found]
        if term:
            terms.append(term)
    return terms


def _read_table(path: Path, report: Report) -> Table | None:
    try:
        return read_csv(path)
    except ContentError as error:
        report.faults += error.faults
        return None


def _read_concepts(path: Path) -> dict[str, Concept]:
    table = read_csv(path)
    if table.header != _CONCEPT_COLUMNS:
        raise ContentError([Fault(path, 1, f"the header must be {','.join(_CONCEPT_COLUMNS)}")])
    concepts: dict[str, Concept] = {}
    faults: list[Fault] = []
    for row in table.rows:
        problems = list(row.problems)
        if row.cells:
            cells, origin = row.cells, Origin("concepts", "concepts.csv", row.line)
            concept = Concept(cells["id"], cells["domain"], cells["definition"], cells["required"] == "yes", origin)
            problems += _concept_problems(concept, cells["required"], concepts)
            concepts[concept.id] = concept
        faults += [Fault(path, row.line, problem) for problem in problems]
    if faults:
        raise ContentError(faults)
    return concepts


def _concept_problems(concept: Concept, required: str, known: Mapping[str, Concept]) -> list[str]:
    problems = []
    if concept.id in known:
        first = known[concept.id].origin.line
        problems.append(f"id: {concept.id!r} stands in line {first} too; keep one")
    if not _CONCEPT_ID.fullmatch(concept.id):
        problems.append(f"id: {concept.id!r}: use small letters a to z, digits and _, a letter first")
    if required not in ("yes", ""):
        problems.append(f"required: {required!r} is none of yes or empty")
    return problems


def _stray_files(folder: Path, layers: Layers) -> list[Fault]:
    known = {folder / f"{layer}.csv" for layer in layers.names()}
    found = [path for name in _LAYER_FOLDERS for path in sorted((folder / name).glob("*.csv"))]
    message = "no layer of this name in layers.yml, so its rows would never act; name it there or delete the file"
    return [Fault(path, 0, message) for path in found if path not in known]
