"""Words of the term bases that mean the same in two languages."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

# What customers write, and what we write; forbidden words are learned by nobody.
_KNOWN = ("preferred", "allowed", "search")
_MASKED = ("noun", "name", "")  # parts of speech: a mask in place of "you" or of a verb teaches nothing
_TERM = re.compile(r"\{term:([a-z_]+)(?::([a-z.]+))?\}")
_LABEL = re.compile(r"^((?:sg|pl|nom|gen|dat|acc|def|indef|inf|imp|part|past|pres)(?:\.[a-z]+)*):\s*")


@dataclass(frozen=True)
class Word:
    """A term with its status; `forms` maps features ("" for the term itself and for unlabelled ones) to texts."""

    text: str
    status: str
    forms: tuple[tuple[str, str], ...]
    part_of_speech: str = ""
    gender: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The term and every form of it."""
        return (self.text, *(text for _, text in self.forms))


@dataclass(frozen=True)
class TermPair:
    """Spellings of one concept in two languages, none where it is no noun, and the word pairs to learn.

    `base`: the written terms, None where they are no nouns; `genders`: theirs, to exchange it for another.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]
    base: tuple[str, str] | None = None
    genders: str = ""


def load_term_pairs(folder: Path, source: str, target: str) -> list[TermPair]:
    """Concepts that both languages name, in the order of their ids; empty when a file is missing."""
    ours, theirs = (_words(folder / f"{language}.csv") for language in (source, target))
    return [_pair(ours[concept], theirs[concept]) for concept in sorted(ours.keys() & theirs.keys())]


def load_written(folder: Path, language: str) -> dict[str, Word]:
    """The term that is written for each concept; empty when the file is missing."""
    words = _words(folder / f"{language}.csv")
    return {concept: word for concept, known in words.items() for word in known if word.status == "preferred"}


def with_terms(text: str, written: Mapping[str, Word]) -> str | None:
    """`text` with a form in place of each {term:concept:features}; None when the term base has no such form."""
    forms = [_form(match[1], match[2] or "", written) for match in _TERM.finditer(text)]
    if None in forms:
        return None
    left = iter(forms)
    return _TERM.sub(lambda match: next(left) or "", text)


def _form(concept: str, features: str, written: Mapping[str, Word]) -> str | None:
    word = written.get(concept)
    if word is None:
        return None
    if not features:
        return word.text
    asked = set(features.split("."))
    labelled = [(set(label.split(".")), text) for label, text in word.forms if label]
    # A language without such forms, as Japanese, writes the term itself.
    return next((text for label, text in labelled if label == asked), None if labelled else word.text)


def _words(path: Path) -> Mapping[str, list[Word]]:
    found: dict[str, list[Word]] = defaultdict(list)
    if not path.exists():
        return found
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] in _KNOWN:
                forms = tuple(_forms(row["forms"] or ""))
                word = Word(row["term"], row["status"], forms, row.get("part_of_speech") or "", row.get("gender") or "")
                found[row["concept"]].append(word)
    return found


def _forms(cell: str) -> Iterator[tuple[str, str]]:
    for part in cell.split("|"):
        text = part.strip().lstrip("?").strip()
        label = _LABEL.match(text)
        if text:
            yield (label[1], text[label.end() :]) if label else ("", text)


def _pair(ours: list[Word], theirs: list[Word]) -> TermPair:
    own, preferred = (next((word for word in words if word.status == "preferred"), None) for words in (ours, theirs))
    examples = [] if preferred is None else [pair for word in ours for pair in _examples(word, preferred)]
    pair = TermPair(_masked_spellings(ours), _masked_spellings(theirs), tuple(dict.fromkeys(examples)))
    if own is None or preferred is None or not own.part_of_speech == preferred.part_of_speech == "noun":
        return pair
    return replace(pair, base=(own.text, preferred.text), genders=f"{own.gender}-{preferred.gender}")


def _masked_spellings(words: list[Word]) -> tuple[str, ...]:
    masked = [word for word in words if word.part_of_speech in _MASKED]
    return tuple(dict.fromkeys(text for word in masked for text in word.spellings))


def _examples(word: Word, preferred: Word) -> Iterator[tuple[str, str]]:
    """The term itself, and forms with the same features on both sides."""
    yield word.text, preferred.text
    targets = {features: text for features, text in reversed(preferred.forms) if features}
    for features, text in word.forms:
        if features in targets:
            yield text, targets[features]
