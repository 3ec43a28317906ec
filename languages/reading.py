"""What one message's text says about its language, sentence by sentence."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from languages.catalogue import Catalogue
from languages.detector import Detector
from languages.lexicon import Lexicon
from languages.prior import normalised
from languages.scripts import DENSE_WEIGHT, HanReader, count_scripts, dominant_script, language_of_script
from languages.text import sentences, words

# The likelihood ratio that one letter can carry at most, as a power of e. So few letters never outweigh firm belief.
TRUST_PER_LETTER = 1.0
# Languages in other scripts keep more: everybody types a few Latin words.
TRUST_ACROSS_SCRIPTS = 0.25
# From this share of romanised words the text is romanised; from the smaller one it may be.
ROMANISED_SHARE = 0.5
PARTLY_ROMANISED_SHARE = 0.25
MIN_BESIDE_LETTERS = 2
NAME_TRUST = 0.35  # share of that trust left for a few words of which none is known: names look like any language
MIN_UNNAMED_WORDS = 4
KNOWN_WORD = 0.03  # likelihood of a word known in other languages only
MISTYPED_WORD = 0.5  # of a known word's weight, for one that a known word is a slip away from
MAX_KNOWN_WORDS = 4
MIN_LIKELIHOOD = 1e-9
Hit = tuple[frozenset[str], float]  # the languages of a word, and how much that weighs
# Belief from which the conversation has a language; there the next one or two Latin words ("thank you", names)
# leave it at least this likelihood.
ESTABLISHED = 0.85
STEADY = {1: 0.15, 2: 0.05}
# A language without texts is named only on this much text, and this sure.
MIN_OTHER_WORDS = 3
MIN_OTHER_LETTERS = 12
OTHER_PRIOR = 0.01
SURE_OTHER = 0.9


@dataclass(frozen=True)
class Reading:
    """Likelihood of a text by language, the best 1.0, and how much text stands behind it."""

    likelihoods: Mapping[str, float]  # content codes and codes without texts; empty when the text tells nothing
    letters: float = 0.0  # in Latin letters; a letter of a dense script counts DENSE_WEIGHT
    words: int = 0
    script: str | None = None
    scores: Mapping[str, float] = field(default_factory=dict)  # the detector's own
    reason: str = "nothing to read"


class Reader:
    """Reads sentences with script, words and detector."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon, detector: Detector) -> None:
        self._catalogue = catalogue
        self._lexicon = lexicon
        self._detector = detector
        self._han = HanReader(catalogue, lexicon.characters)
        self._by_script = {
            entry.script: code
            for code, entry in catalogue.content.items()
            if not entry.detector and entry.script != "CJK"
        }

    def read(self, text: str, prior: Mapping[str, float]) -> Reading:
        """The reading of the language that most of `text` is in; other sentences are left out.

        `prior` decides sentences that fit several languages.
        """
        readings = [reading for part in sentences(text) if (reading := self.read_sentence(part)).likelihoods]
        if len(readings) <= 1:
            return readings[0] if readings else Reading({})
        shares: defaultdict[str, float] = defaultdict(float)
        winners = [self.winner(reading, prior) for reading in readings]
        for winner, reading in zip(winners, readings, strict=True):
            shares[winner] += reading.letters
        dominant = max(shares, key=lambda code: shares[code])
        return _together([reading for winner, reading in zip(winners, readings, strict=True) if winner == dominant])

    def read_sentence(self, sentence: str) -> Reading:
        """The reading of one sentence."""
        tokens = [word for word in words(sentence) if not self._lexicon.is_neutral(word)]
        counts = count_scripts(" ".join(tokens))
        script = dominant_script(counts)
        if script is None or (script == "LATIN" and max(map(len, tokens)) < 2):
            return Reading({})
        if script == "LATIN":
            return self._read_latin(tokens, counts[script], self._languages_beside(counts, sentence))
        letters = DENSE_WEIGHT * sum(count for name, count in counts.items() if name != "LATIN")
        if script == "CJK":
            return Reading(self._han.likelihoods(sentence), letters, len(tokens), script, reason="characters")
        language = self._language(script, sentence)
        return Reading({language: 1.0} if language else {}, letters, len(tokens), script, reason="script")

    def winner(self, reading: Reading, prior: Mapping[str, float]) -> str:
        """The likeliest language of `reading`, languages without texts included."""
        posterior = self.posterior(reading, prior)
        return max(posterior, key=lambda code: posterior[code])

    def posterior(self, reading: Reading, prior: Mapping[str, float]) -> dict[str, float]:
        """Belief by code after the reading, languages without texts included where the reading names them."""
        least = STEADY.get(reading.words, MIN_LIKELIHOOD) if reading.script == "LATIN" else MIN_LIKELIHOOD
        shares = {
            code: share * max(reading.likelihoods.get(code, 0.0), least if share >= ESTABLISHED else MIN_LIKELIHOOD)
            for code, share in prior.items()
        }
        for code in reading.likelihoods.keys() - prior.keys():
            shares[code] = OTHER_PRIOR * reading.likelihoods[code]
        return normalised(shares) if sum(shares.values()) > 0 else dict(prior)

    def _languages_beside(self, counts: Mapping[str, int], sentence: str) -> set[str]:
        beside = {self._language(script, sentence) for script, count in counts.items() if count >= MIN_BESIDE_LETTERS}
        return {code for code in beside if code and code in self._catalogue.content}

    def _language(self, script: str, sentence: str) -> str | None:
        if rule := self._catalogue.scripts.get(script):
            return language_of_script(rule, sentence)
        return self._by_script.get(script)

    def _read_latin(self, tokens: Sequence[str], letters: int, beside: Iterable[str]) -> Reading:
        """The reading of words in Latin letters; `beside` are languages whose script stands in the sentence too."""
        romanised, share = self._lexicon.romanised(tokens) or (None, 0.0)
        if romanised and share >= ROMANISED_SHARE:
            likelihoods = dict.fromkeys(self._catalogue.content, _floor(letters, TRUST_PER_LETTER))
            likelihoods[romanised.answer_in] = 1.0
            return Reading(likelihoods, letters, len(tokens), "LATIN", reason=f"romanised {romanised.code}")
        scores = self._detector.scores(" ".join(tokens))
        if len(tokens) < MIN_OTHER_WORDS or letters < MIN_OTHER_LETTERS:
            scores = {code: score for code, score in scores.items() if code in self._catalogue.content}
        if not any(scores.values()):
            return Reading({})
        hits = [(found, 1.0) for found in self._lexicon.hits(tokens)]
        hits += [(found, MISTYPED_WORD) for found in self._lexicon.near_hits(tokens)]
        likelihoods = self._latin_likelihoods(scores, hits, letters, len(tokens))
        # Loan words among another script's, or some romanised words: the prior decides.
        partly = {romanised.answer_in} if romanised and share >= PARTLY_ROMANISED_SHARE else set()
        likelihoods |= dict.fromkeys(partly.union(beside), 1.0)
        return Reading(likelihoods, letters, len(tokens), "LATIN", scores, "letters and words" if hits else "letters")

    def _latin_likelihoods(
        self, scores: Mapping[str, float], hits: Sequence[Hit], letters: int, words: int
    ) -> dict[str, float]:
        trusted = letters * NAME_TRUST if words < MIN_UNNAMED_WORDS and not hits else letters
        floor, best = _floor(trusted, TRUST_PER_LETTER), max(scores.values())
        likelihoods = {code: max(score / best, floor) for code, score in scores.items()}
        across = _floor(trusted, TRUST_ACROSS_SCRIPTS)
        likelihoods |= {code: across for code, entry in self._catalogue.content.items() if not entry.detector}
        factors = _word_factors(hits, likelihoods)
        return _scaled({code: value * factors[code] for code, value in likelihoods.items()})


def _scaled(likelihoods: Mapping[str, float]) -> dict[str, float]:
    """`likelihoods` with 1.0 for the best and none below MIN_LIKELIHOOD."""
    best = max(likelihoods.values())
    return {code: max(value / best, MIN_LIKELIHOOD) for code, value in likelihoods.items()}


def _floor(letters: float, trust: float) -> float:
    return max(math.exp(-trust * letters), MIN_LIKELIHOOD)


def _word_factors(hits: Sequence[Hit], codes: Iterable[str]) -> dict[str, float]:
    """Likelihood of the known words by language, as a product over them."""
    misses = {code: sum(weight for languages, weight in hits if code not in languages) for code in codes}
    fewest = min(misses.values(), default=0)
    return {code: KNOWN_WORD ** min(count - fewest, MAX_KNOWN_WORDS) for code, count in misses.items()}


def _together(readings: Sequence[Reading]) -> Reading:
    """One reading of several sentences in one language."""
    codes = set().union(*(reading.likelihoods for reading in readings))
    product = {code: math.prod(reading.likelihoods.get(code, MIN_LIKELIHOOD) for reading in readings) for code in codes}
    longest = max(readings, key=lambda reading: reading.letters)
    return Reading(
        _scaled(product),
        sum(reading.letters for reading in readings),
        sum(reading.words for reading in readings),
        longest.script,
        longest.scores,
        longest.reason,
    )
