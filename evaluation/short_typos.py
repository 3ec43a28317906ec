"""Two to four words with the slips of a phone's keyboard: `python -m evaluation.short_typos [--half tune]`.

Nothing was tuned to the half `report`. Each message is asked in its language's home market; and its language is read in
markets of other languages too, where a customer must not be answered in the market's.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from aftersail.assembly import BotParts, open_bot
from conversations.language_reader import as_json
from core.logs import configure_logs
from core.settings import load_settings, quiet_libraries
from core.yaml_files import read_yaml, without_lines
from evaluation.cases import EQUIVALENTS, Case, home_of, load_equivalents
from evaluation.judge import FAQ, Judged, judge, read_parsed
from languages.identify import Decision, Evidence, Identifier
from languages.opening import open_identifier
from markets.profile import MarketProfile

DATA = Path(__file__).parent / "data" / "short_typos"
HALVES = ("tune", "report")
LANGUAGE = "change_language"
OFFERED = 0.5  # what a question with the right choice is worth beside an answer
COLUMNS = ("score", "right", "asked", "asked_needlessly", "unsure", "wrong", "which_language", "wrong_language",
           "guest_asked", "guest_wrong")  # fmt: skip


@dataclass(frozen=True)
class Result:
    """A message as served at home, and its language as read abroad: one decision for each market of `ABROAD`."""

    judged: Judged
    at_home: Decision
    abroad: Sequence[Decision]

    @property
    def verdict(self) -> str:
        """The judge's, or `which_language` where the customer was asked that."""
        read = self.judged.read
        return "which_language" if read.acted_on == LANGUAGE and read.verdict == "clarify" else self.judged.verdict


def load_short_typos(half: str, markets: Mapping[str, MarketProfile], folder: Path = DATA) -> list[Case]:
    """The cases of `half`, each in its language's home market; `kind` is faq or intents."""
    rows = (
        (path.stem, row)
        for path in sorted(folder.glob("*.yml"))
        if path.name != EQUIVALENTS
        for row in without_lines(read_yaml(path).data)[half]
    )
    return [
        Case(
            FAQ if "entry" in row else "intents",
            row["text"],
            code,
            home_of(code, markets),
            row.get("entry") or row["intent"],
        )
        for code, row in rows
    ]


def evaluate_short_typos(
    parts: BotParts, identifier: Identifier, half: str, console: Console, folder: Path = DATA
) -> tuple[dict[str, Any], list[Result]]:
    """{language: figures} with the row "all", printed as well, and every result. Figures are shares from 0 to 1."""
    markets = parts.holder.current().markets
    results = list(_results(parts, identifier, load_short_typos(half, markets, folder), load_equivalents(folder)))
    codes = sorted({result.judged.case.language for result in results})
    figures = {code: _figures([r for r in results if r.judged.case.language == code]) for code in codes}
    figures["all"] = _figures(results)
    _show(half, figures, console)
    return figures, results


def _results(
    parts: BotParts, identifier: Identifier, cases: Sequence[Case], equivalents: Mapping[str, list[str]]
) -> Iterator[Result]:
    markets = parts.holder.current().markets
    with asyncio.Runner() as runner:
        for case in cases:
            decision = identifier.identify(case.text, Evidence(market_languages=markets[case.market].languages))
            metadata = {"market": case.market, "language": decision.language, "decision": as_json(decision)}
            parsed = runner.run(parts.bot.parse(case.text, metadata))
            judged = judge(case, read_parsed(parsed, decision.language, decision.decision == "ask"), equivalents)
            abroad = [
                identifier.identify(case.text, Evidence(market_languages=market.languages))
                for market in markets.values()
                if case.language not in market.languages
            ]
            yield Result(judged, decision, abroad)


def _figures(results: Sequence[Result]) -> dict[str, float]:
    found = Counter(result.verdict for result in results)
    verdicts = {name: found[name] / max(len(results), 1) for name in COLUMNS[1:7]}
    guests = [(result.judged.case.language, decision) for result in results for decision in result.abroad]
    asked = [decision.decision == "ask" for _, decision in guests]
    return {
        "score": verdicts["right"] + OFFERED * verdicts["asked"],
        **verdicts,
        "wrong_language": _share_wrong([(result.judged.case.language, result.at_home) for result in results]),
        "guest_asked": sum(asked) / max(len(guests), 1),
        "guest_wrong": _share_wrong(guests),
    }


def _share_wrong(read: Sequence[tuple[str, Decision]]) -> float:
    """The share of messages answered in another language than they are in, without a question."""
    return sum(found.decision == "sure" and found.language != code for code, found in read) / max(len(read), 1)


def _show(half: str, figures: Mapping[str, Mapping[str, float]], console: Console) -> None:
    table = Table(f"short, {half}", *(name.replace("_", " ") for name in COLUMNS))
    for code, row in figures.items():
        table.add_row(code, *(f"{row[name]:.3f}" for name in COLUMNS))
    Console(width=180, file=console.file).print(table)


def main() -> None:
    """Judge one half, and write what was not right to var/eval/short_typos.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="report")
    half = parser.parse_args().half
    quiet_libraries()
    configure_logs("WARNING")
    settings = load_settings()
    parts = open_bot(settings)
    identifier = open_identifier(is_topic=parts.holder.current().topics.has)
    figures, results = evaluate_short_typos(parts, identifier, half, Console())
    out = settings.data_dir / "eval"
    out.mkdir(parents=True, exist_ok=True)
    (out / f"short_typos_{half}.json").write_text(json.dumps(figures, indent=1) + "\n")
    if half == "tune":  # nobody looks at the other half's messages one by one
        (out / "short_typos_tune.jsonl").write_text("".join(map(_line, results)))


def _line(result: Result) -> str:
    case, read = result.judged.case, result.judged.read
    data = {"verdict": result.verdict, "language": case.language, "text": case.text, "expected": case.expected,
            "acted_on": read.acted_on, "intent": read.intent, "hits": list(read.hits[:3]),
            "choices": list(read.choices), "read_as": read.language}  # fmt: skip
    return json.dumps(data, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
