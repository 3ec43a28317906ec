"""Finding 50,000 terms in messages of 200 characters, against spaCy, pyahocorasick alone and a plain regex.

Run it as `python -m bench.glossary [--json PATH]`, under a minute. Terms and messages are made from the project's own
phrases: some of their words, the rest of their syllables; three terms are planted in each message.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick
import spacy
from spacy.matcher import PhraseMatcher

from bench.gate import measure_gate
from bench.language import read_phrases
from bench.report import run
from core.settings import load_settings
from glossaries.boundaries import UNSPACED, script_of
from glossaries.matcher import TermMatcher
from glossaries.model import Status, Term, TermSet

LANGUAGES = ("en", "de", "ja", "ar", "th")
MANY, USUAL = 50_000, 400
REAL_WORDS = 60  # then a message has four to six terms, as with the real glossary
PLANTED, CHARS, MESSAGES = 3, 200, 60
BUDGET_S = 1.0  # for each system's messages; the slow ones get through fewer
BASELINE = "spaCy PhraseMatcher"

RARE = 2  # times that a word is used; a glossary has no "please"
_SYLLABLE = re.compile(r"[เแโใไ]?[^\W\d_][ะาำัิีึืฺุูๅ็่้๊๋์ํ๎ャュョァィゥェォャュョー]*")  # a letter, with what cannot begin a word

Find = Callable[[str], Iterable[tuple[int, int]]]
Build = Callable[[str, Sequence[str]], Find]


@dataclass(frozen=True)
class Message:
    """A text and where its planted terms stand."""

    text: str
    planted: frozenset[tuple[int, int]]


def measure() -> list[dict[str, Any]]:
    """A row for each language and system; `ratio` is the baseline's time over this one's. Then the gate's rows."""
    phrases = read_phrases(load_settings().content_dir)
    rows = []
    for language in LANGUAGES:
        texts = [phrase.text for phrase in phrases if phrase.language == language]
        terms = _terms(texts, MANY)
        messages = _messages(texts, terms)
        found = [_measure(name, language, terms, messages) for name in SYSTEMS]
        found.append(_measure("aftersail", language, terms[:USUAL], _messages(texts, terms[:USUAL])))
        baseline = found[0]["us"]
        rows += [{**row, "ratio": round(baseline / row["us"], 2)} for row in found]
    return rows + measure_gate(load_settings().content_dir)


def _measure(name: str, language: str, terms: Sequence[str], messages: Sequence[Message]) -> dict[str, Any]:
    started = time.process_time()
    find = SYSTEMS[name](language, terms)
    built = time.process_time() - started
    found = planted = inside = 0
    best: list[float] = []
    deadline = time.perf_counter() + BUDGET_S
    for message in messages:
        spent, spans = _timed(find, message.text, deadline)
        best.append(spent)
        found += len(message.planted & spans)
        planted += len(message.planted)
        inside += sum(_cuts_a_word(message.text, span) for span in spans)
        if time.perf_counter() > deadline:
            break
    return {
        "language": language,
        "system": name,
        "terms": len(terms),
        "build_cpu_s": round(built, 2),
        "us": round(sorted(best)[len(best) // 2] * 1e6),
        "planted found": round(found / planted, 2),
        "cut out of words": round(inside / len(best), 1),
    }


def _timed(find: Find, text: str, deadline: float) -> tuple[float, set[tuple[int, int]]]:
    """Shortest time of three runs, for the machine may be busy; of one, when time is up."""
    times = []
    spans: set[tuple[int, int]] = set()
    for _ in range(3):
        started = time.perf_counter()
        spans = set(find(text))
        times.append(time.perf_counter() - started)
        if time.perf_counter() > deadline:
            break
    return min(times), spans


def _cuts_a_word(text: str, span: tuple[int, int]) -> bool:
    """Whether a letter of the same script, one with spaces between words, stands directly beside the span."""
    start, end = span
    before, after = script_of(text[start - 1 : start]), script_of(text[end : end + 1])
    first, last = script_of(text[start]), script_of(text[end - 1])
    return (before == first and first not in UNSPACED) or (after == last and last not in UNSPACED)


def _terms(texts: Sequence[str], count: int) -> list[str]:
    """`count` terms, the same every time; real words first."""
    draw = random.Random(count)
    used = Counter(re.findall(r"[^\W\d_]{4,12}", " ".join(texts).lower()))
    words = sorted(word for word, times in used.items() if times <= RARE)
    terms = dict.fromkeys(draw.sample(words, min(REAL_WORDS, len(words))))
    syllables = _SYLLABLE.findall(" ".join(texts).lower())
    separator = "" if script_of(syllables[0][-1]) in UNSPACED else " "
    while len(terms) < count:
        made = "".join(draw.choices(syllables, k=draw.randint(5, 10)))
        terms[made if draw.random() < 0.5 else made + separator + draw.choice(words)] = None
    return list(terms)


def _messages(texts: Sequence[str], terms: Sequence[str]) -> list[Message]:
    """Phrases with terms between them, cut at CHARS."""
    draw = random.Random(0)
    separator = "" if script_of(terms[0][0]) in UNSPACED else " "
    messages = []
    for _ in range(MESSAGES):
        text, planted = "", []
        for term in draw.sample(list(terms), PLANTED):
            text += draw.choice(texts)[: CHARS // PLANTED - len(term) - 2] + separator
            planted.append((len(text), len(text) + len(term)))
            text += term + separator
        while len(text) < CHARS:
            text += separator + draw.choice(texts)
        messages.append(Message(text[:CHARS].rstrip(), frozenset(planted)))
    return messages


def _ours(language: str, terms: Sequence[str]) -> Find:
    rows = (Term(f"c{number}", language, term, Status.PREFERRED) for number, term in enumerate(terms))
    matcher = TermMatcher(TermSet("US", language, tuple(rows)))
    return lambda text: [(match.start, match.end) for match in matcher.find(text)]


def _spacy(language: str, terms: Sequence[str]) -> Find:
    """Tokenised by spaCy's rules for the language; its Japanese and Thai ones need a further package each."""
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("term", list(nlp.tokenizer.pipe(terms)))

    def find(text: str) -> list[tuple[int, int]]:
        return [(span.start_char, span.end_char) for span in matcher(nlp.make_doc(text), as_spans=True)]

    return find


def _ahocorasick(language: str, terms: Sequence[str]) -> Find:
    automaton = ahocorasick.Automaton()
    for term in terms:
        automaton.add_word(term, len(term))
    automaton.make_automaton()
    return lambda text: [(end + 1 - length, end + 1) for end, length in automaton.iter(text.lower())]


def _regex(language: str, terms: Sequence[str]) -> Find:
    edge = "" if script_of(terms[0][0]) in UNSPACED else r"\b"
    one = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    pattern = re.compile(f"{edge}(?:{one}){edge}", re.IGNORECASE)
    return lambda text: [match.span() for match in pattern.finditer(text)]


SYSTEMS: dict[str, Build] = {
    BASELINE: _spacy,
    "pyahocorasick alone": _ahocorasick,
    "one regex": _regex,
    "aftersail": _ours,
}

if __name__ == "__main__":
    run("Glossary: messages of 200 characters", measure)
