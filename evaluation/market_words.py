"""Questions with regional words, written apart from the term bases: whether they find their answer."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from aftersail.assembly import BotParts
from core.yaml_files import read_yaml, without_lines
from evaluation.cases import Case, load_equivalents
from evaluation.judge import judge, read_parsed

DATA = Path(__file__).parent / "data" / "market_words"


def load_market_words(folder: Path = DATA) -> Iterator[Case]:
    """The questions, a file a language."""
    for path in sorted(folder.glob("*.yml")):
        for row in without_lines(read_yaml(path).data):
            yield Case("faq", row["text"], path.stem, row["market"], row["expect"])


def evaluate_market_words(parts: BotParts, console: Console) -> dict[str, Any]:
    """Shares of first hits, right and wrong answers; printed as well. The language is given."""
    judged = list(_judged(parts, list(load_market_words())))
    figures = {
        "questions": len(judged),
        "first_hit": sum(item.first_hit for item in judged) / len(judged),
        "right": sum(item.verdict == "right" for item in judged) / len(judged),
        "wrong": sum(item.verdict == "wrong" for item in judged) / len(judged),
    }
    console.print("regional words: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return figures


def _judged(parts: BotParts, cases: Sequence[Case]) -> Iterator[Any]:
    equivalents = load_equivalents()
    with asyncio.Runner() as runner:
        for case in cases:
            decision = {"language": case.language, "decision": "sure"}
            metadata = {"market": case.market, "language": case.language, "decision": decision}
            parsed = runner.run(parts.bot.parse(case.text, metadata))
            yield judge(case, read_parsed(parsed, case.language, False), equivalents)
