"""How well the gate tells right from wrong: recall and false alarms per language, every slip in a file."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluation.gate_cases import GateCase, load_written, seeded
from glossaries.check import check
from glossaries.gate_terms import GateTerms
from glossaries.violations import Violation
from knowledge.release import Release
from languages.output_language import open_output_language

COLUMNS = ("sentences", "recall forbidden", "recall all", "precision", "false alarms")


@dataclass(frozen=True)
class GateResult:
    """What the gate said of a case."""

    case: GateCase
    found: tuple[Violation, ...]

    @property
    def said(self) -> frozenset[str]:
        """Kinds, and kinds with concepts."""
        kinds = {violation.kind.value for violation in self.found}
        return frozenset(kinds | {f"{violation.kind.value}:{violation.concept}" for violation in self.found})

    @property
    def missed(self) -> frozenset[str]:
        """What should have been said and was not."""
        return self.case.expected - self.said

    @property
    def unasked(self) -> list[str]:
        """What was said and should not have been."""
        wanted = {name.split(":")[0] for name in self.case.expected}
        return sorted({violation.kind.value for violation in self.found} - wanted)


def evaluate_gate(release: Release, out: Path, console: Console) -> dict[str, Any]:
    """Figures by language, for all, and for the sentences that nothing was tuned to, which no other figure has.

    Prints them and writes each slip to `out`/gate_slips.jsonl.
    """
    terms = GateTerms(release.id, release.glossary, open_output_language().speaks)
    results = [_judge(case, terms) for case in (*load_written(), *seeded(release, terms))]
    by_language: dict[str, list[GateResult]] = defaultdict(list)
    known = [result for result in results if result.case.tuned]
    for result in known:
        by_language[result.case.language].append(result)
    figures = {language: _figures(found) for language, found in sorted(by_language.items())}
    figures["all"] = _figures(known)
    figures["never tuned to"] = _figures(result for result in results if not result.case.tuned)
    _show(figures, console)
    slips = [result for result in results if result.missed or result.unasked]
    out.mkdir(parents=True, exist_ok=True)
    (out / "gate_slips.jsonl").write_text("".join(map(_line, slips)), encoding="utf-8")
    return {"figures": figures, "origins": Counter(result.case.origin for result in results)}


def _judge(case: GateCase, terms: GateTerms) -> GateResult:
    return GateResult(case, tuple(check(case.text, case.source, case.market, case.language, terms)))


def _figures(results: Iterable[GateResult]) -> dict[str, float]:
    results = list(results)
    wanted = [(name, result) for result in results for name in result.case.expected]
    forbidden = [(name, result) for name, result in wanted if name.startswith("forbidden_term")]
    right = [result for result in results if not result.case.expected]
    alarms = sum(bool(result.found) for result in right)
    stopped = sum(bool(result.found) for result in results)
    return {
        "sentences": len(results),
        "recall forbidden": _share(sum(name not in result.missed for name, result in forbidden), len(forbidden)),
        "recall all": _share(sum(name not in result.missed for name, result in wanted), len(wanted)),
        "precision": _share(stopped - alarms, stopped),
        "false alarms": _share(alarms, len(right), empty=0.0),
    }


def _share(part: int, whole: int, empty: float = 1.0) -> float:
    return part / whole if whole else empty


def _show(figures: Mapping[str, Mapping[str, float]], console: Console) -> None:
    table = Table("gate", *COLUMNS)
    for language, row in figures.items():
        table.add_row(language, f"{row['sentences']:.0f}", *(f"{row[name]:.3f}" for name in COLUMNS[1:]))
    console.print(table)


def _line(result: GateResult) -> str:
    case = result.case
    data = {
        "language": case.language,
        "market": case.market,
        "origin": case.origin,
        "tuned": case.tuned,
        "text": case.text,
        "source": case.source.text if case.source else None,
        "missed": sorted(result.missed),
        "unasked": [violation.to_json() for violation in result.found if violation.kind.value in result.unasked],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"
