"""`python -m evaluation.translation`: whether translations carry the market's words, with and without constraints.

Measures the packages in translators/packages (`--packages FOLDER` for others) on sentences that they have not seen;
writes var/eval/translation.json, and every sentence to var/eval/translation.jsonl. `--ways` measures each way by itself
as well.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sacrebleu.metrics.chrf import CHRF

from core.settings import load_settings
from evaluation.translation_cases import Direction, TranslationCase, load_directions
from glossaries.check import check
from glossaries.gate_terms import GateTerms
from glossaries.load import load_glossary
from glossaries.violations import GateRelease, Source
from languages.output_language import open_output_language
from languages.translation.argos_engine import ArgosEngine
from languages.translation.argos_packages import InstalledPackage, PackageStore
from languages.translation.engine import Engine, Pair
from languages.translation.package_check import check_new
from languages.translation.package_install import install
from languages.translation.translator import Translator
from languages.translation.wanted import GOOD
from languages.translation.ways import PLAIN_WAY, WAYS, Terms, Way

ROOT = Path(__file__).parent.parent
COLUMNS = (
    ("terms", "terms right"), ("preferred", "preferred word"), ("chrf", "chrF delivered"),
    ("chrf_draft", "chrF of all"), ("refused", "untranslated"), ("violations", "violations"),
    ("milliseconds", "ms a sentence"),
)  # fmt: skip

ALONE = {
    "items masked": (Way("items", replace=False),),
    "copied terms": (Way("copied", terms=Terms.COPY, replace=False),),
    "term masks": (Way("masks", terms=Terms.MASK, replace=False),),
    "choice of 5": (Way("choice", n_best=5, replace=False),),
    "choice of 5, suppression": (
        Way("first", n_best=5, replace=False),
        Way("again", n_best=5, suppress=True, replace=False),
    ),
    "replacement": (Way("replacement"),),
    "choice of 5, replacement": WAYS[:1],
    "… wrong terms masked": WAYS[:2],
    "… numbers masked": WAYS[:3],
    "… every term masked": WAYS[:5],
    "… suppression": WAYS[:6],
    "… choice of 16": WAYS[:7],
    "… bare items": WAYS[:8],
}


@dataclass(frozen=True)
class Output:
    """One sentence's translation. `text`: what the customer would read; `draft`: what the engine made of it at best."""

    case: TranslationCase
    text: str
    draft: str
    ok: bool
    violations: tuple[str, ...]
    way: str
    seconds: float


def main() -> None:
    """Measure every direction that has a package."""
    given = _arguments()
    console = Console(width=160)
    release = GateTerms("evaluation", load_glossary(ROOT / "glossaries" / "data"), open_output_language().speaks)
    out = load_settings().data_dir / "eval"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        engine = ArgosEngine(installed(given.packages, Path(scratch)))
        rows, outputs = measure_all(engine, release, given.ways)
    show(rows, console)
    (out / "translation.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "translation.jsonl").write_text("".join(outputs), encoding="utf-8")
    console.print(f"Written to {out}: translation.json, translation.jsonl.")


def installed(packages: Path, folder: Path) -> PackageStore:
    """A store in `folder` with the packages of another folder, each examined as at a real installation."""
    store = PackageStore(folder)
    for archive in sorted(packages.glob("*.argosmodel")):
        install(store, archive, _examine)
    return store


def _examine(alone: PackageStore, package: InstalledPackage) -> None:
    check_new(alone, package)


def measure_all(engine: Engine, release: GateRelease, each_way: bool = False) -> tuple[list[dict[str, Any]], list[str]]:
    """A row of figures for each direction and system, and each sentence as a line of JSON."""
    rows, lines = [], []
    for direction in load_directions():
        if Pair(*direction.languages) not in engine.pairs():
            continue
        for name, ways in systems(each_way).items():
            translator = Translator([engine], lambda: release, ways=ways)
            outputs = list(translate(translator, direction, name == "engine alone", release))
            rows.append({"direction": direction.name, "system": name, **figures(outputs, direction, release)})
            lines += [_line(direction, name, output) for output in outputs]
    return rows, lines


def systems(each_way: bool) -> Mapping[str, Sequence[Way]]:
    """Ways to compare by name: the bare engine, ours, and on demand each of them by itself."""
    return {"engine alone": (PLAIN_WAY,), **(ALONE if each_way else {}), "constrained": WAYS}


def translate(translator: Translator, direction: Direction, unchecked: bool, release: GateRelease) -> Iterator[Output]:
    """Each case's translation. `unchecked`: what the gate refuses is delivered all the same."""
    source, target = direction.languages
    for case in direction.cases:
        started = time.perf_counter()
        found = translator.translate(case.source, source, target, direction.market)
        seconds = time.perf_counter() - started
        draft = found.text if found.ok else found.draft
        text = draft if unchecked else found.text
        wrong = check(text, Source(case.source, source), direction.market, target, release) if draft == text else []
        kinds = tuple(violation.kind.value for violation in wrong)
        yield Output(case, text, draft, found.ok or unchecked, kinds, ", ".join(found.ways), seconds)


def figures(outputs: Sequence[Output], direction: Direction, release: GateRelease) -> dict[str, float]:
    """Shares are from 0 to 1, chrF from 0 to 100; `violations` are those of texts that would be delivered."""
    terms = [_terms_right(output, direction, release) for output in outputs]
    wanted = max(1, sum(len(output.case.concepts) for output in outputs))
    references = [[output.case.reference for output in outputs]]
    return {
        "terms": round(sum(good for good, _ in terms) / wanted, 3),
        "preferred": round(sum(preferred for _, preferred in terms) / wanted, 3),
        "chrf": round(CHRF().corpus_score([output.text for output in outputs], references).score, 1),
        "chrf_draft": round(CHRF().corpus_score([output.draft for output in outputs], references).score, 1),
        "refused": round(sum(not output.ok for output in outputs) / len(outputs), 3),
        "violations": sum(len(output.violations) for output in outputs),
        "milliseconds": round(1000 * sum(output.seconds for output in outputs) / len(outputs), 1),
    }


def _terms_right(output: Output, direction: Direction, release: GateRelease) -> tuple[int, int]:
    """How many of the case's concepts stand in the text in a good word, and how many in the preferred one."""
    matcher = release.matcher(direction.market, direction.languages[1])
    good, preferred = set(), set()
    for match in matcher.find(output.text):
        if match.term.status in GOOD and match.form.confirmed:
            good |= {match.term.concept, *match.also}
            preferred |= {match.term.concept, *match.also} if match.term.status != "allowed" else set()
    return len(good & set(output.case.concepts)), len(preferred & set(output.case.concepts))


def show(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print a row for each direction and system."""
    table = Table("direction", "system", *(title for _, title in COLUMNS))
    for row in rows:
        table.add_row(row["direction"], row["system"], *(str(row[name]) for name, _ in COLUMNS))
    console.print(table)


def _line(direction: Direction, system: str, output: Output) -> str:
    data = {
        "direction": direction.name, "system": system, "source": output.case.source, "reference": output.case.reference,
        "text": output.text, "draft": output.draft, "ok": output.ok, "violations": output.violations, "way": output.way,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, default=ROOT / "translators" / "packages")
    parser.add_argument("--ways", action="store_true", help="each way by itself as well")
    return parser.parse_args()


if __name__ == "__main__":
    main()
