"""Messages of one word, as impatient customers write: `python -m evaluation.one_word [--half tune]`.

Nothing was tuned to the half `held`. Each message is asked in its language's home market.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from aftersail.assembly import BotParts, open_bot
from conversations.language_reader import as_json
from core.logs import configure_logs
from core.settings import load_settings, quiet_libraries
from core.yaml_files import read_yaml, without_lines
from evaluation.cases import home_of
from evaluation.judge import Read, read_parsed
from languages.identify import Evidence, Identifier
from languages.opening import open_identifier
from markets.profile import MarketProfile

DATA = Path(__file__).parent / "data" / "one_word"
OUTCOMES = "outcomes.yml"
HALVES = ("tune", "held")
VERDICTS = ("right", "asked", "wrong", "unsure")
FAQ = "faq"


@dataclass(frozen=True)
class Word:
    """A message and what serves its writer: entries and intents."""

    text: str
    language: str
    market: str
    topic: str
    served_by: tuple[str, ...]


@dataclass(frozen=True)
class Served:
    """A message with what the bot read in it."""

    word: Word
    read: Read

    @property
    def verdict(self) -> str:
        """right: answered or done; asked: with a right choice; wrong: anything else but an admission (unsure)."""
        read, served_by = self.read, self.word.served_by
        if read.verdict == "unsure":
            return "unsure"
        if read.verdict in ("clarify", "choose"):
            return "asked" if set(read.choices) & set(served_by) else "wrong"
        return "right" if (read.hits[0] if read.acted_on == FAQ else read.acted_on) in served_by else "wrong"


def load_words(half: str, markets: Mapping[str, MarketProfile], folder: Path = DATA) -> list[Word]:
    """The messages of `half`, each in its language's home market."""
    outcomes = without_lines(read_yaml(folder / OUTCOMES).data)
    return [
        Word(row["text"], path.stem, home_of(path.stem, markets), row["topic"], tuple(outcomes[row["topic"]]))
        for path in sorted(folder.glob("*.yml"))
        if path.name != OUTCOMES
        for row in without_lines(read_yaml(path).data)[half]
    ]


def serve(parts: BotParts, identifier: Identifier, words: Sequence[Word]) -> Iterator[Served]:
    """Each message with what the bot reads in it, in their order."""
    markets = parts.holder.current().markets
    with asyncio.Runner() as runner:
        for word in words:
            decision = identifier.identify(word.text, Evidence(market_languages=markets[word.market].languages))
            metadata = {"market": word.market, "language": decision.language, "decision": as_json(decision)}
            parsed = runner.run(parts.bot.parse(word.text, metadata))
            yield Served(word, read_parsed(parsed, decision.language, decision.decision == "ask"))


def count(served: Sequence[Served]) -> dict[str, dict[str, int]]:
    """{language: {verdict: messages}} with the row "all"."""
    codes = sorted({item.word.language for item in served})
    rows = {code: Counter(item.verdict for item in served if item.word.language == code) for code in codes}
    rows["all"] = sum(rows.values(), Counter())
    return {code: {name: row[name] for name in VERDICTS} for code, row in rows.items()}


def show(half: str, counts: Mapping[str, Mapping[str, int]], console: Console) -> None:
    """Print the table, a row per language."""
    table = Table(f"one word, {half}", *VERDICTS, "of")
    for code, row in counts.items():
        table.add_row(code, *(str(row[name]) for name in VERDICTS), str(sum(row.values())))
    console.print(table)


def main() -> None:
    """Judge one half, and write what was not right to var/eval/one_word_tune.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="held")
    half = parser.parse_args().half
    quiet_libraries()
    configure_logs("WARNING")
    settings = load_settings()
    parts = open_bot(settings)
    served = list(
        serve(
            parts,
            open_identifier(is_topic=parts.holder.current().topics.has),
            load_words(half, parts.holder.current().markets),
        )
    )
    counts = count(served)
    show(half, counts, Console())
    out = settings.data_dir / "eval"
    out.mkdir(parents=True, exist_ok=True)
    (out / f"one_word_{half}.json").write_text(json.dumps(counts, indent=1) + "\n")
    if half == "tune":  # nobody looks at the other half's messages one by one
        (out / "one_word_tune.jsonl").write_text("".join(map(_line, served)))


def _line(served: Served) -> str:
    word, read = served.word, served.read
    data = {"verdict": served.verdict, "language": word.language, "text": word.text, "topic": word.topic,
            "acted_on": read.acted_on, "intent": read.intent, "hits": list(read.hits[:3]),
            "choices": list(read.choices), "read_as": read.language}  # fmt: skip
    return json.dumps(data, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
