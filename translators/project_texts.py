"""Parallel phrases that the project has anyway: replies, titles and answers of the FAQ, names of product kinds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from core.yaml_files import read_yaml, without_lines
from translators.slots import slots_of
from translators.tables import MAX_LENGTH, Phrase

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")
_ODD = 1.6  # times longer or shorter than usual


def reply_phrases(folder: Path, source: str, target: str) -> list[Phrase]:
    """Texts and button titles of replies that both languages have, as phrases."""
    ours, theirs = (_data(folder / f"{language}.yml") for language in (source, target))
    found = []
    for name in ours.keys() & theirs.keys():
        left, right = _reply_texts(ours[name]), _reply_texts(theirs[name])
        if len(left) == len(right):
            found += [Phrase({source: a, target: b}) for a, b in zip(left, right, strict=True)]
    return _usable(found)


def faq_phrases(folder: Path, source: str, target: str) -> list[Phrase]:
    """Titles, and answers sentence by sentence where both languages have as many sentences."""
    ours, theirs = ({item["id"]: item for item in _data(folder / f"{code}.yml")} for code in (source, target))
    titles, sentences = [], []
    for name in ours.keys() & theirs.keys():
        titles.append((ours[name]["title"], theirs[name]["title"]))
        right = dict(_answers(theirs[name]))
        for when, answer in _answers(ours[name]):
            sentences += aligned_sentences(answer, right.get(when, ""))
    return _usable([Phrase({source: a, target: b}) for a, b in [*titles, *_alike(sentences)]])


def product_phrases(path: Path, source: str, target: str) -> list[Phrase]:
    """What each product is, in both languages, as terms."""
    kinds = [product.get("generic", {}) for product in _data(path)["products"]]
    return [
        Phrase({source: kind[source], target: kind[target]}, is_term=True)
        for kind in kinds
        if source in kind and target in kind
    ]


def product_names(path: Path) -> tuple[str, ...]:
    """Names of the products, which stay the same in every language."""
    return tuple(product["name"] for product in _data(path)["products"])


def aligned_sentences(left: str, right: str) -> list[tuple[str, str]]:
    """Sentence pairs of two texts; empty when their number or the slots of a pair differ."""
    ours, theirs = (_SENTENCE_END.split(text.strip()) for text in (left, right))
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if a and b]
    if len([a for a in ours if a]) != len([b for b in theirs if b]):
        return []
    return pairs if all(slots_of(a) == slots_of(b) for a, b in pairs) else []


def _data(path: Path) -> Any:
    return without_lines(read_yaml(path).data)


def _reply_texts(reply: Mapping[str, Any]) -> list[str]:
    return [reply["text"], *(button["title"] for button in reply.get("buttons", ()))]


def _answers(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "", item["answer"]
    for variant in item.get("variants", ()):
        yield str(variant["when"]), variant["answer"]


def _alike(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs whose lengths are as usual: in the others one sentence says more than the other, or something else."""
    usual = median([len(a) / len(b) for a, b in pairs] or [1.0])
    return [(a, b) for a, b in pairs if 1 / _ODD < len(a) / len(b) / usual < _ODD]


def _usable(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Phrases whose slots agree and that are short enough, in a fixed order."""
    kept = [
        phrase
        for phrase in phrases
        if len({tuple(sorted(slots_of(text).items())) for text in phrase.texts.values()}) == 1
        and all(len(text) <= MAX_LENGTH for text in phrase.texts.values())
    ]
    return sorted(kept, key=lambda phrase: tuple(phrase.texts.values()))
