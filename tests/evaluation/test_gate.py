"""The gate's figures: what nothing was tuned to is counted apart."""

from pathlib import Path

import pytest

from evaluation.gate import GateResult, _figures
from evaluation.gate_cases import DATA, GateCase, load_written
from glossaries.violations import Kind, Source, Violation

KINDS = {kind.value for kind in Kind}


def result(expected: set[str], *found: Violation) -> GateResult:
    return GateResult(GateCase("text", None, "DE", "de", frozenset(expected), "written"), found)


def test_rows_are_read_with_their_source_and_whether_they_were_tuned_to(tmp_path: Path) -> None:
    (tmp_path / "de.yml").write_text(
        '- {text: "a", market: DE, expect: []}\n'
        '- {text: "b", source: {text: "c", language: en}, market: DE, expect: ["language"], tuned: false}\n',
        encoding="utf-8",
    )
    first, second = load_written(tmp_path)
    assert (first.text, first.source, first.expected, first.tuned) == ("a", None, frozenset(), True)
    assert (second.source, second.expected, second.tuned) == (Source("c", "en"), frozenset({"language"}), False)


@pytest.mark.parametrize("case", load_written(), ids=lambda case: f"{case.language} {case.text[:30]}")
def test_a_written_row_expects_what_the_gate_can_say(case: GateCase) -> None:
    assert case.expected <= KINDS or all(name.split(":")[0] in KINDS for name in case.expected)
    assert (DATA / f"{case.language}.yml").is_file()


def test_figures() -> None:
    teat = Violation(Kind.FORBIDDEN_TERM, 0, 1, "t", "reason", "teat")
    results = [
        result({"forbidden_term:teat"}, teat),
        result({"forbidden_term:dummy"}),
        result(set(), teat),
        result(set()),
    ]
    figures = _figures(results)
    assert (
        figures["recall forbidden"] == figures["recall all"] == figures["precision"] == figures["false alarms"] == 0.5
    )
