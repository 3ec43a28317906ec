"""`make eval`: the bot on questions that it has never seen; a table per language, a picture, every miss in a file."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from aftersail.assembly import BotParts, open_bot
from conversations.language_reader import as_json
from core.logs import configure_logs
from core.settings import load_settings, quiet_libraries
from evaluation.cases import Case, load_cases, load_equivalents
from evaluation.gate import evaluate_gate
from evaluation.judge import Judged, judge, read_parsed
from evaluation.market_words import evaluate_market_words
from evaluation.report import draw, show, summarise
from languages.identify import Evidence, Identifier
from languages.opening import open_identifier

OUT = Path("var") / "eval"


def main() -> None:
    """Run every case and write the report to var/eval."""
    quiet_libraries()
    configure_logs("WARNING")
    console = Console()
    parts = open_bot(load_settings())
    cases = load_cases(parts.holder.current().markets)
    judged = list(_judge_all(parts, open_identifier(is_topic=parts.holder.current().topics.has), cases, console))
    summary = summarise(judged)
    show(summary, console)
    OUT.mkdir(parents=True, exist_ok=True)
    summary["market_words"] = evaluate_market_words(parts, console)
    summary["gate"] = evaluate_gate(parts.holder.current(), OUT, console)
    (OUT / "eval.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    (OUT / "misses.jsonl").write_text("".join(_miss(item) for item in judged if item.verdict != "right"))
    draw(summary, OUT / "eval.png")
    console.print(f"Written to {OUT}: eval.json, eval.png, misses.jsonl, gate_slips.jsonl ({len(judged)} cases).")


def _judge_all(parts: BotParts, identifier: Identifier, cases: Sequence[Case], console: Console) -> Iterator[Judged]:
    equivalents = load_equivalents()
    markets = parts.holder.current().markets
    with asyncio.Runner() as runner:
        for case in track(cases, "asking", console=console, transient=True, disable=not sys.stdout.isatty()):
            decision = identifier.identify(case.text, Evidence(market_languages=markets[case.market].languages))
            metadata = {"market": case.market, "language": decision.language, "decision": as_json(decision)}
            parsed = runner.run(parts.bot.parse(case.text, metadata))
            yield judge(case, read_parsed(parsed, decision.language, decision.decision == "ask"), equivalents)


def _miss(item: Judged) -> str:
    case, read = item.case, item.read
    data = {
        "verdict": item.verdict,
        "language": case.language,
        "text": case.text,
        "expected": case.expected,
        "acted_on": read.acted_on,
        "intent": read.intent,
        "hits": list(read.hits[:3]),
        "read_as": read.language,
        "order_number": read.order_number,
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
