"""The messages of the speed measurement: conversations as customers have them, in every content language."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.content import Labelled, read_phrases, read_questions
from core.settings import Settings
from evaluation.cases import home_of
from markets.profile import MarketProfile
from orders.demo_store import DemoOrder, DemoOrderStore

# One conversation: small talk, questions, an order with its proof, thanks.
PLAN = ("greet", "question", "question", "order_status", "order", "question", "question", "thanks")


@dataclass(frozen=True)
class Script:
    """What one customer writes, in order."""

    market: str
    texts: Sequence[str]


def scripts(settings: Settings, markets: Mapping[str, MarketProfile], orders: DemoOrderStore) -> Iterator[Script]:
    """Conversations without end, the languages taking turns; the same ones every time."""
    draw = random.Random(0)
    questions = _by_language(read_questions(settings.content_dir))
    phrases = _by_language(read_phrases(settings.content_dir))
    homes = {language: markets[home_of(language, markets)] for language in sorted(questions)}
    demo = {market.code: orders.demo_orders(market.code) for market in homes.values()}
    for language in itertools.cycle(homes):
        market = homes[language].code
        pools = {**phrases[language], "question": list(itertools.chain(*questions[language].values()))}
        yield Script(market, [_text(part, pools, draw.choice(demo[market]), draw) for part in PLAN])


def _text(part: str, pools: Mapping[str, Sequence[str]], order: DemoOrder, draw: random.Random) -> str:
    return f"{order.number} {order.email}" if part == "order" else draw.choice(pools[part])


def _by_language(rows: Sequence[Labelled]) -> dict[str, dict[str, list[str]]]:
    grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        grouped[row.language][row.label].append(row.text)
    return grouped
