"""Where a suggested answer comes from, for whoever is to stand by it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.entries import FaqEntry
from knowledge.release import Release
from markets.profile import MarketProfile

MOST_QUESTIONS = 5


@dataclass(frozen=True)
class Source:
    """What the knowledge base has about an entry."""

    questions: Sequence[str]  # that it answers, in the answer's language
    markets: Sequence[str]  # codes; empty: it holds in every market
    flag: str  # of the market, for which it has words of its own; empty: the words that hold everywhere
    release: str
    published_at: float  # of the release
    published_by: str


def source_of(release: Release, entry: FaqEntry, market: MarketProfile, language: str) -> Source:
    """The source of the entry's answer in `language`, which it has a text in."""
    text = entry.texts[language]
    return Source(
        text.questions[:MOST_QUESTIONS],
        sorted(entry.markets or ()),
        next((variant.when for variant in text.variants if market.flag(variant.when)), ""),
        release.id,
        release.manifest.created_at,
        release.manifest.author,
    )
