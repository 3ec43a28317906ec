"""The gate on approved answers of CHARS characters, with the project's own term bases: part of bench.glossary."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from glossaries.check import examine
from glossaries.gate_terms import GateTerms
from glossaries.violations import Source
from knowledge.content import Content, load_content
from knowledge.words import Words, choose_answer
from markets.profile import MarketProfile

CHARS, RUNS = 200, 5


def measure_gate(content_dir: Path) -> list[dict[str, Any]]:
    """Two rows for each language: a text as published, and the same as a translation that is compared with it.

    The language of a text is not read here: an approved one's was when it was published.
    """
    content = load_content(content_dir)
    words = Words(content.replies, content.glossary)
    gate = GateTerms("bench", content.glossary)
    rows = []
    for language in words.languages:
        market = next(market for market in content.markets.values() if language in market.languages)
        texts = list(_texts(content, words, market, language))
        terms = len(gate.terms(market.code, language).terms)
        for name, compared in (("gate, approved", False), ("gate, with source", True)):
            spent = median(_shortest(text, compared, market.code, language, gate) for text in texts)
            rows.append({"language": language, "system": name, "terms": terms, "us": round(spent * 1e6)})
    return rows


def _texts(content: Content, words: Words, market: MarketProfile, language: str) -> Iterator[str]:
    """The answers one after the other, cut into texts of CHARS characters."""
    texts = ((entry, entry.texts.get(language)) for entry in content.entries)
    said = [words.answer(entry, market, language).text for entry, text in texts if text and choose_answer(text, market)]
    whole = " ".join(said)
    return (whole[at : at + CHARS] for at in range(0, len(whole) - CHARS, CHARS))


def _shortest(text: str, compared: bool, market: str, language: str, gate: GateTerms) -> float:
    """Seconds of the quickest of a few runs, for the machine may be busy."""
    source = Source(text, language) if compared else None
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        examine(text, source, market, language, gate, approved=True)
        times.append(time.perf_counter() - started)
    return min(times)
