"""Sentences for the gate: written by hand, and approved texts with one thing broken in each."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.yaml_files import read_yaml, without_lines
from glossaries.gate_terms import GateTerms
from glossaries.model import Status
from glossaries.violations import Source
from knowledge.release import Release
from knowledge.words import choose_answer
from markets.profile import MarketProfile

DATA = Path(__file__).parent / "data" / "gate"
SEED = 20261122
BROKEN_PER_KIND = 12  # of each language
_DIGIT = re.compile(r"\d")
_STEP = {digit: str((int(digit) + 3) % 10) for digit in "0123456789"}


@dataclass(frozen=True)
class GateCase:
    """A text and what the gate should say. `expected`: "kind" or "kind:concept"; empty: it may leave."""

    text: str
    source: Source | None
    market: str
    language: str
    expected: frozenset[str]
    origin: str  # written, approved, planted, number, name, dropped


def load_written(folder: Path = DATA) -> Iterator[GateCase]:
    """The sentences written by hand, a file a language."""
    for path in sorted(folder.glob("*.yml")):
        for row in without_lines(read_yaml(path).data):
            yield _written(row, path.stem)


def seeded(release: Release, terms: GateTerms) -> Iterator[GateCase]:
    """Approved answers of every language as they are, and broken in ways that are known; the same at each call."""
    chance = random.Random(SEED)  # noqa: S311  # no secret
    for language in release.words.languages:
        market = _home(language, release.markets)
        approved = list(_approved(release, market, language))
        yield from (GateCase(text, None, market.code, language, frozenset(), "approved") for text in approved)
        yield from (_same(text, market.code, language) for text in approved)
        for breaking in (_plant, _change_number, _alter_name, _drop_term):
            texts = approved.copy()
            chance.shuffle(texts)
            cases = (case for text in texts if (case := breaking(text, market.code, language, terms, chance)))
            yield from (case for case, _ in zip(cases, range(BROKEN_PER_KIND), strict=False))


def _written(row: Mapping[str, Any], language: str) -> GateCase:
    source = Source(row["source"]["text"], row["source"]["language"]) if row.get("source") else None
    return GateCase(row["text"], source, row["market"], language, frozenset(row["expect"]), "written")


def _home(language: str, markets: Mapping[str, MarketProfile]) -> MarketProfile:
    return min(markets.values(), key=lambda m: (language not in m.languages[:1], language not in m.languages))


def _approved(release: Release, market: MarketProfile, language: str) -> Iterator[str]:
    for entry in release.entries.values():
        text = entry.texts.get(language)
        if text and choose_answer(text, market):
            yield release.words.answer(entry, market, language).text


def _same(text: str, market: str, language: str) -> GateCase:
    return GateCase(text, Source(text, language), market, language, frozenset(), "approved")


def _plant(text: str, market: str, language: str, terms: GateTerms, chance: random.Random) -> GateCase | None:
    """A preferred word of the text becomes a forbidden one of its concept, in a sentence that is right otherwise."""
    for match in terms.matcher(market, language).find(text):
        known = terms.terms(market, language).of(match.term.concept)
        forbidden = [t for t in known if t.status is Status.FORBIDDEN and not match.within]
        if forbidden:
            word = chance.choice(forbidden)
            broken = text[: match.start] + word.text + text[match.end :]
            return GateCase(broken, None, market, language, frozenset({f"forbidden_term:{word.concept}"}), "planted")
    return None


def _change_number(text: str, market: str, language: str, _terms: GateTerms, chance: random.Random) -> GateCase | None:
    places = [match.start() for match in _DIGIT.finditer(text)]
    if not places:
        return None
    at = chance.choice(places)
    broken = text[:at] + _STEP.get(text[at], "7") + text[at + 1 :]
    return GateCase(broken, Source(text, language), market, language, frozenset({"masked_item"}), "number")


def _alter_name(text: str, market: str, language: str, terms: GateTerms, _chance: random.Random) -> GateCase | None:
    name = next((name for name in terms.names if name in text and " " in name), None)
    if name is None:
        return None
    broken = text.replace(name, name.replace(" ", "-").lower(), 1)
    return GateCase(broken, None, market, language, frozenset({"do_not_translate"}), "name")


def _drop_term(text: str, market: str, language: str, terms: GateTerms, _chance: random.Random) -> GateCase | None:
    """The source's required word is gone from its translation."""
    found = [m for m in terms.matcher(market, language).find(text) if terms.required(m.term.concept)]
    once = [m for m in found if sum(m.term.concept in (o.term.concept, *o.also) for o in found) == 1 and not m.also]
    wanted = [m for m in once if terms.terms(market, language).preferred(m.term.concept)]
    if not wanted:
        return None
    match = wanted[0]
    broken = f"{text[: match.start]}…{text[match.end :]}"
    expected = frozenset({f"required_term:{match.term.concept}"})
    return GateCase(broken, Source(text, language), market, language, expected, "dropped")
