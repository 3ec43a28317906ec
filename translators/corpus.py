"""Everything that a direction is trained on, and what is held out to measure it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ContentError
from core.yaml_files import read_yaml, without_lines
from translators.project_texts import aligned_sentences, faq_phrases, product_names, product_phrases, reply_phrases
from translators.slots import SlotTable, load_slots
from translators.tables import Phrase, read_table
from translators.term_bases import TermPair, load_term_pairs, load_written, with_terms

DATA = Path(__file__).parent / "data"
HELD_OUT = 0.03  # of the phrases


@dataclass(frozen=True)
class Language:
    """`spaces`: whether words, and so sentences, are parted by spaces."""

    code: str
    name: str
    spaces: bool


@dataclass(frozen=True)
class Direction:
    """Translation from one language to another."""

    source: Language
    target: Language

    @property
    def name(self) -> str:
        """As in "de-en"."""
        return f"{self.source.code}-{self.target.code}"


@dataclass(frozen=True)
class Pair:
    """Two templates that say the same."""

    source: str
    target: str
    is_term: bool = False


@dataclass(frozen=True)
class Corpus:
    """`training` and `held_out` share no phrase, nor a sentence of one; terms are never held out."""

    direction: Direction
    training: tuple[Pair, ...]
    held_out: tuple[Pair, ...]
    terms: tuple[TermPair, ...]
    slots: SlotTable

    def digest(self) -> str:
        """SHA-256, in hexadecimal, of all that the training reads."""
        pairs = [[pair.source, pair.target, pair.is_term] for pair in (*self.training, *self.held_out)]
        terms = [[term.source, term.target, term.base, term.genders] for term in self.terms]
        slots = [[name, slot.masked, slot.patterns, slot.values] for name, slot in self.slots.slots.items()]
        data = [pairs, terms, slots, dict(self.slots.placeholders)]
        return hashlib.sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()


def load_directions(path: Path = DATA / "languages.yml") -> dict[str, Direction]:
    """Directions by name, in the file's order. Raises ContentError when it cannot be read."""
    data = without_lines(read_yaml(path).data)
    languages = {code: Language(code, entry["name"], entry["spaces"]) for code, entry in data["languages"].items()}
    pairs = [name.split("-") for name in data["directions"]]
    directions = [Direction(languages[source], languages[target]) for source, target in pairs]
    return {direction.name: direction for direction in directions}


def load_corpus(root: Path, direction: Direction, data: Path = DATA) -> Corpus:
    """The corpus of `direction` from the repository at `root`. Raises ContentError with the faults of all tables."""
    slots = load_slots(data / "slots.yml", product_names(root / "orders" / "data" / "products.yml"))
    source, target = direction.source.code, direction.target.code
    terms = load_term_pairs(root / "glossaries" / "data" / "languages", source, target)
    phrases = [*read_tables(data, frozenset(slots.slots)), *_project_phrases(root, source, target)]
    phrases += [Phrase({source: a, target: b}, is_term=True) for term in terms for a, b in term.examples]
    training, held_out = _split(phrases, source, target)
    return Corpus(direction, tuple(training), tuple(held_out), tuple(terms), slots)


def read_tables(data: Path, slots: frozenset[str]) -> list[Phrase]:
    """The phrases of every .tsv file in `data`. Raises ContentError with the faults of all of them."""
    languages = frozenset(without_lines(read_yaml(data / "languages.yml").data)["languages"])
    phrases, faults = [], []
    for path in sorted(data.glob("*.tsv")):
        try:
            phrases += read_table(path, languages, slots)
        except ContentError as error:
            faults += error.faults
    if faults:
        raise ContentError(faults)
    return phrases


def _project_phrases(root: Path, source: str, target: str) -> list[Phrase]:
    content, terms = root / "knowledge" / "data", root / "glossaries" / "data" / "languages"
    written = {language: load_written(terms, language) for language in (source, target)}
    phrases = [
        *reply_phrases(content / "replies", source, target),
        *faq_phrases(content / "faq", source, target),
        *product_phrases(root / "orders" / "data" / "products.yml", source, target),
    ]
    resolved = [{code: with_terms(text, written[code]) for code, text in phrase.texts.items()} for phrase in phrases]
    pairs = zip(phrases, resolved, strict=True)
    return [Phrase({code: text for code, text in texts.items() if text}, phrase.is_term) for phrase, texts in pairs]


def _split(phrases: Iterable[Phrase], source: str, target: str) -> tuple[list[Pair], list[Pair]]:
    """(training, held out). What is held out depends on the phrase alone, so that both directions hold out the same."""
    training: dict[Pair, None] = {}
    held_out: dict[Pair, None] = {}
    for phrase in phrases:
        if not {source, target} <= phrase.texts.keys():
            continue
        chosen = held_out if not phrase.is_term and _is_held_out(phrase.texts, (source, target)) else training
        chosen.update(dict.fromkeys(_pairs(phrase, source, target)))
    known = {text for pair in training for text in (pair.source, pair.target)}
    unseen = [pair for pair in held_out if pair.source != pair.target and not known & {pair.source, pair.target}]
    return list(training), unseen


def _pairs(phrase: Phrase, source: str, target: str) -> Iterator[Pair]:
    left, right = phrase.texts[source], phrase.texts[target]
    yield Pair(left, right, phrase.is_term)
    sentences = aligned_sentences(left, right)
    if len(sentences) > 1:
        yield from (Pair(a, b) for a, b in sentences)


def _is_held_out(texts: Mapping[str, str], languages: tuple[str, str]) -> bool:
    key = "\n".join(texts[language] for language in sorted(languages))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") < HELD_OUT * 2**32
