"""Sentences for the gate: written by hand, and approved texts with one thing broken in each."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.yaml_files import read_yaml, without_lines
from glossaries.gate_terms import GateTerms
from glossaries.masks import blank_out, mask_spans
from glossaries.model import Match, Status, Term
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
    tuned: bool = True  # False: the sentence was never looked at while rules and terms were mended


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
    expected, tuned = frozenset(row["expect"]), row.get("tuned", True)
    return GateCase(row["text"], source, row["market"], language, expected, "written", tuned)


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
        forbidden = [t for t in known if t.status is Status.FORBIDDEN and not t.scope and not match.within]
        if forbidden:
            word = chance.choice(forbidden)
            broken = text[: match.start] + word.text + text[match.end :]
            return GateCase(broken, None, market, language, frozenset({f"forbidden_term:{word.concept}"}), "planted")
    return None


def _change_number(text: str, market: str, language: str, terms: GateTerms, chance: random.Random) -> GateCase | None:
    named = [span for span in mask_spans(text, terms.names) if span.kind == "name"]
    nameless = blank_out(text, named)  # a changed name is another fault
    places = [match.start() for match in _DIGIT.finditer(nameless)]
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
    found = [m for m in terms.matcher(market, language).find(text) if terms.required(m.term.concept) and not m.also]
    every = terms.matcher(market, language).find_all(text)
    for match in found:
        concept, preferred = match.term.concept, terms.terms(market, language).preferred(match.term.concept)
        broken = f"{text[: match.start]}…{text[match.end :]}"
        elsewhere = [m for m in every if concept in (m.term.concept, *m.also) and not _overlap(m, match)]
        if preferred and not elsewhere and _is_owed(match, preferred, broken):
            expected = frozenset({f"required_term:{concept}"})
            return GateCase(broken, Source(text, language), market, language, expected, "dropped")
    return None


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _is_owed(match: Match, preferred: Term, broken: str) -> bool:
    """Whether a translation must have the word: not a verb that a noun may say, nor one that is part of another."""
    left = broken.casefold()
    words = (match.form.text.casefold(), preferred.text.casefold())
    return match.term.part_of_speech == preferred.part_of_speech and not any(word in left for word in words)
