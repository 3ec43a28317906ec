"""What the import of a file into a layer would do, row by row. Pure; import_apply.py writes it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from core.errors import Fault, NotFound
from glossaries.csv_file import RawRow, Table
from glossaries.import_rows import in_our_names, missing_columns
from glossaries.lint import lint
from glossaries.lint_report import Report, suggestion
from glossaries.model import Origin, Term
from glossaries.resolve import Glossary, folded, resolve
from glossaries.row import COLUMNS, cells_of, term_of

_Key = tuple[str, str, str]  # language, concept, folded text


class Action(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"  # stands so in the layer, or is inherited so
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowReport:
    """One row of the file (`line` of it), or of the layer when it is removed."""

    line: int
    action: Action
    concept: str
    language: str
    text: str
    details: tuple[str, ...] = ()  # changed: each column, old → new; refused: why, and what to do


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. `before` and `after`: the layer's rows.

    `faults` are those that the import causes in other rows, `warnings` what is doubtful in its own.
    """

    layer: str
    reports: tuple[RowReport, ...]
    before: tuple[Term, ...]
    after: tuple[Term, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the plan can be applied: no row is refused and no other file gets a fault."""
        return not self.faults and not any(report.action is Action.REFUSED for report in self.reports)

    @property
    def changes(self) -> bool:
        """Whether the layer's file would change."""
        return self.before != self.after


def plan_import(
    table: Table, layer: str, glossary: Glossary, folder: Path, day: date, *, remove_missing: bool = False
) -> ImportPlan:
    """What the import of `table` into `layer` would do; writes nothing. Rows not in the table stay, unless asked.

    `glossary` was loaded from `folder`; `day` decides what a row inherits. Raises NotFound for an unknown layer.
    """
    if layer not in glossary.terms:
        raise NotFound(f"no layer {layer!r} in layers.yml{suggestion(layer, glossary.terms)}")
    draft = _Draft(layer, glossary, day, table.path)
    for row in in_our_names(table.rows, glossary):
        draft.take(row)
    if remove_missing:
        draft.remove_untouched()
    return draft.plan(folder)


class _Draft:
    """A layer while rows are taken in."""

    def __init__(self, layer: str, glossary: Glossary, day: date, source: Path) -> None:
        self._layer, self._glossary = layer, glossary
        self._source = source.absolute()
        self._before = glossary.terms[layer]
        self._own: dict[_Key, list[Term]] = defaultdict(list)
        for term in self._before:
            self._own[_key(term)].append(term)
        self._below, self._above = _inherited(glossary, layer, day), _deciding(glossary, layer)
        self._changed: dict[int, Term] = {}  # id of the old row → the new one
        self._new: list[Term] = []
        self._touched: set[int] = set()
        self._reports: list[RowReport] = []

    def take(self, row: RawRow) -> None:
        """Judge one row and keep what it changes."""
        named = (row.cells.get("concept", ""), row.cells.get("language", ""), row.cells.get("term", ""))
        key = (named[1], named[0], folded(named[2]))
        old = self._old_row(key, row.cells.get("valid_from"))
        basis = old or self._below.get(key)
        cells = dict(row.cells)
        if basis:
            cells = {**{column: cells_of(basis)[column] for column in missing_columns(row)}, **cells}
        elif not cells.get("status"):
            cells["status"] = "allowed"
        term, problems = term_of(cells, Origin(self._layer, str(self._source), row.line))
        problems = [*row.problems, *problems]
        if above := self._above.get(key):
            if term == above:
                self._report(row, Action.SAME, named)
                return
            problems.append(f"{above.origin.file}:{above.origin.line} above this layer decides; change it there")
        if old and id(old) in self._touched:
            problems.append("the same term stands in the import twice; keep one")
        if problems or term is None:
            self._report(row, Action.REFUSED, named, problems)
            return
        self._place(row, term, old, basis)

    def _place(self, row: RawRow, term: Term, old: Term | None, basis: Term | None) -> None:
        named = (term.concept, term.language, term.text)
        if old:
            self._touched.add(id(old))
        if term in (old, self._below.get(_key(term))):
            self._report(row, Action.SAME, named)
        elif old:
            self._changed[id(old)] = term
            self._report(row, Action.CHANGED, named, _differences(old, term))
        else:
            self._new.append(term)
            self._report(row, Action.NEW, named, _differences(basis, term) if basis else ())

    def remove_untouched(self) -> None:
        """Take out the rows that the file did not have."""
        for term in self._before:
            if id(term) not in self._touched:
                named = (term.concept, term.language, term.text)
                self._reports.append(RowReport(term.origin.line, Action.REMOVED, *named))

    def plan(self, folder: Path) -> ImportPlan:
        """The plan, after a check of the whole glossary with the new rows."""
        removed = {report.line for report in self._reports if report.action is Action.REMOVED}
        kept = [self._changed.get(id(term), term) for term in self._before if term.origin.line not in removed]
        after = tuple(_beside_their_concept(kept, self._new))
        report = self._check(after, folder)
        refused: dict[int, list[str]] = defaultdict(list)
        for fault in report.faults:
            if fault.path == self._source:
                refused[fault.line].append(fault.message)
        reports = [
            replace(row, action=Action.REFUSED, details=tuple(refused[row.line]))
            if row.line in refused and row.action in (Action.NEW, Action.CHANGED)
            else row
            for row in self._reports
        ]
        others = tuple(fault for fault in report.faults if fault.path != self._source)
        warnings = tuple(fault for fault in report.warnings if fault.path == self._source)
        return ImportPlan(self._layer, tuple(reports), self._before, after, others, warnings)

    def _check(self, after: tuple[Term, ...], folder: Path) -> Report:
        report = Report(folder)
        terms = {**self._glossary.terms, self._layer: after}
        lint(Glossary(self._glossary.concepts, self._glossary.layers, terms), report)
        return report.ordered()

    def _old_row(self, key: _Key, valid_from: str | None) -> Term | None:
        rows = self._own.get(key, [])
        if len(rows) == 1:
            return rows[0]
        return next((term for term in rows if cells_of(term)["valid_from"] == (valid_from or "")), None)

    def _report(self, row: RawRow, action: Action, named: tuple[str, str, str], details: Sequence[str] = ()) -> None:
        self._reports.append(RowReport(row.line, action, *named, details=tuple(details)))


def _inherited(glossary: Glossary, layer: str, day: date) -> dict[_Key, Term]:
    """What holds in the layer: its own rows, and those below as its own leave them."""
    found: dict[_Key, Term] = {}
    for language in glossary.layers.written_in(layer):
        layers = (*glossary.layers.below(layer, language), layer)
        rows = [_in_language(glossary.terms[name], language) for name in layers]
        found |= {_key(term): term for term in resolve(rows, day)}
    return found


def _deciding(glossary: Glossary, layer: str) -> dict[_Key, Term]:
    """The rows of the brand, which stands above every market."""
    if not layer.startswith("markets/"):
        return {}
    return {_key(term): term for term in glossary.terms[f"brands/{glossary.layers.brand}"]}


def _in_language(terms: Iterable[Term], language: str) -> list[Term]:
    return [term for term in terms if term.language == language]


def _key(term: Term) -> _Key:
    return term.language, term.concept, folded(term.text)


def _differences(old: Term, new: Term) -> list[str]:
    before, after = cells_of(old), cells_of(new)
    return [
        f"{column}: {before[column] or '(empty)'} → {after[column] or '(empty)'}"
        for column in COLUMNS
        if before[column] != after[column]
    ]


def _beside_their_concept(rows: Sequence[Term], new: Iterable[Term]) -> list[Term]:
    """`rows` with each new one after the last row of its concept and language; at the end when there is none."""
    following: Mapping[tuple[str, str], list[Term]] = defaultdict(list)
    for term in new:
        following[term.language, term.concept].append(term)
    last = {(term.language, term.concept): number for number, term in enumerate(rows)}
    placed: list[Term] = []
    for number, term in enumerate(rows):
        placed.append(term)
        if last[term.language, term.concept] == number:
            placed += following.get((term.language, term.concept), [])
    return placed + [term for key, terms in following.items() if key not in last for term in terms]
