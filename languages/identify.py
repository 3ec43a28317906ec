"""Which language to answer in, from the text and everything known beside it; asks rather than guess."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from glossaries.masks import blank_out, mask_spans
from languages.catalogue import Catalogue
from languages.detector import Detector
from languages.lexicon import Lexicon
from languages.prior import ASKED_MARK, CHOSEN_MARK, LEFT_MARK, Evidence, carried_prior, normalised, sources
from languages.reading import ESTABLISHED, SURE_OTHER, Reader, Reading
from languages.requests import RequestFinder
from languages.text import EXAMINED_CHARS, clean

__all__ = ["Decision", "Evidence", "Identifier"]

# The customer is asked when the second of two languages has at least this share of both …
CLOSE_SHARE = 0.2
CLOSE_SHARE_ESTABLISHED = 0.4  # in a conversation that has a language
# … and the message is long enough for its language to matter.
MIN_ASK_LETTERS = 12
MIN_ASK_WORDS = 2
PLAUSIBLE_PRIOR = 0.25
# Where the second detector is this sure of the likelier language, it was right each time on our phrases: no question.
SURE_SECOND_OPINION = 0.9
# A chosen language gives way only to a belief this firm: on one long message, or on a sentence after another.
SURE_AGAINST_CHOICE = 0.95
LONG_WORDS = 6
SENTENCE_WORDS = 3
KEPT_SCORES = 4
IsTopic = Callable[[str, str], bool]  # whether a text is no more than the name of a topic in a language


@dataclass(frozen=True)
class Decision:
    """The language to answer in, how sure that is, and why."""

    language: str  # content code to answer in
    confidence: float  # 0..1
    decision: Literal["sure", "ask"]
    candidates: tuple[str, ...]  # two content codes when asking, likelier first; else empty
    requested: str | None  # language asked for in words: content code, or another BCP 47 code such as "ru"
    unsupported: str | None  # BCP 47 code of the language that the text is clearly in and that has no texts
    history: dict[str, float]  # to be given as Evidence.history with the next message
    evidence: dict[str, Any]  # JSON: what led to the decision


class Identifier:
    """Decides on a language; pure apart from the detectors that it is given.

    `second_opinion` is heard only before a question would be asked. `names` are brand and product names, which say
    nothing about a language. Nor does a loanword ("tracking", "voucher") that `is_topic` knows in the expected one.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        lexicon: Lexicon,
        requests: RequestFinder,
        detector: Detector,
        second_opinion: Detector,
        names: Iterable[str] = (),
        is_topic: IsTopic = lambda text, language: False,
    ) -> None:
        self._catalogue = catalogue
        self._requests = requests
        self._reader = Reader(catalogue, lexicon, detector)
        self._second_opinion = second_opinion
        self._names = tuple(names)
        self._is_topic = is_topic

    def identify(self, text: str, evidence: Evidence) -> Decision:
        """The decision for a message, given the evidence. Reads at most EXAMINED_CHARS of `text`; takes any string."""
        text = text[:EXAMINED_CHARS]
        examined = clean(blank_out(text, mask_spans(text, self._names)))
        prior = carried_prior(evidence, self._catalogue)
        case = _Case(examined, evidence, prior, self._read(examined, prior))
        if asked_for := self._requests.find(examined):
            return self._requested(case, asked_for)
        posterior = self._reader.posterior(case.reading, prior)
        if other := self._without_texts(posterior):
            return self._unsupported(case, other)
        return self._decided(case, normalised({code: posterior[code] for code in prior}))

    def _read(self, examined: str, prior: Mapping[str, float]) -> Reading:
        expected = max(prior, key=lambda code: prior[code])
        if self._is_topic(examined, expected):
            return Reading({}, reason="a topic's name")
        return self._reader.read(examined, prior)

    def _decided(self, case: "_Case", posterior: Mapping[str, float]) -> Decision:
        language = max(posterior, key=lambda code: posterior[code])
        reason, marks = case.reading.reason, set[str]()
        choice = _standing_choice(case.evidence)
        if choice and choice in posterior and choice != language:
            if _leaves_choice(case, posterior, language):
                reason, choice = f"{reason}, against the choice", None
                marks.add(f"{LEFT_MARK}{case.evidence.chosen}")
            else:
                language, reason = choice, "chosen"
        rival = None if choice else self._rival(case, posterior, language)
        if rival and self._second_opinion.scores(case.text).get(language, 0.0) >= SURE_SECOND_OPINION:
            rival, reason = None, f"{reason}, second opinion"
        if not rival:
            return self._answer(case, language, posterior, reason, marks=marks)
        return self._answer(case, language, posterior, reason, rival=rival, marks=marks | {ASKED_MARK})

    def _rival(self, case: "_Case", posterior: Mapping[str, float], language: str) -> str | None:
        """The language that `language` must be told from by asking; None when there is none or it is not worth it."""
        reading = case.reading
        if ASKED_MARK in case.evidence.history or reading.words < MIN_ASK_WORDS or reading.letters < MIN_ASK_LETTERS:
            return None
        # A language of another script stays possible for any few Latin words; it needs grounds of its own.
        plausible = [
            code
            for code in posterior
            if code != language
            and (self._catalogue.content[code].script == reading.script or case.prior[code] >= PLAUSIBLE_PRIOR)
        ]
        if not plausible:
            return None
        rival = max(plausible, key=lambda code: posterior[code])
        # Who writes one Chinese script reads the other: no reason for a question.
        if {self._catalogue.content[code].script for code in (language, rival)} == {"CJK"}:
            return None
        close = CLOSE_SHARE_ESTABLISHED if case.prior[language] >= ESTABLISHED else CLOSE_SHARE
        return rival if posterior[rival] >= close * (posterior[language] + posterior[rival]) else None

    def _requested(self, case: "_Case", codes: tuple[str, ...]) -> Decision:
        """The decision when the text asks for a language that may be any of `codes`."""
        wanted = max(codes, key=lambda code: case.prior.get(code, 0.0) * case.reading.likelihoods.get(code, 1.0))
        language = wanted if wanted in case.prior else self._catalogue.nearest(wanted)
        shares = _lifted(case.prior, language, 0.99)
        answer = language or _fallback(case)
        return self._answer(case, answer, shares, f"asked for {wanted}", requested=wanted)

    def _unsupported(self, case: "_Case", code: str) -> Decision:
        """The decision when the text is in `code`, which has no texts: belief stays, or goes to the nearest one."""
        nearest = self._catalogue.nearest(code)
        shares = _lifted(case.prior, nearest, 0.9)
        # Readers of the nearest language's market see their own language in it.
        named = None if nearest and nearest in case.evidence.market_languages else code
        reason = f"text in {code}: {case.reading.reason}"
        return self._answer(case, nearest or _fallback(case), shares, reason, unsupported=named)

    def _without_texts(self, posterior: Mapping[str, float]) -> str | None:
        others = {code: share for code, share in posterior.items() if code not in self._catalogue.content}
        best = max(others, key=lambda code: others[code], default="")
        return best if best and others[best] >= SURE_OTHER else None

    def _answer(
        self,
        case: "_Case",
        language: str,
        posterior: Mapping[str, float],
        reason: str,
        *,
        rival: str | None = None,
        requested: str | None = None,
        unsupported: str | None = None,
        marks: Iterable[str] = (),
    ) -> Decision:
        return Decision(
            language=language,
            confidence=posterior[language],
            decision="ask" if rival else "sure",
            candidates=(language, rival) if rival else (),
            requested=requested,
            unsupported=unsupported,
            history=_history(case.evidence, posterior, marks),
            evidence=self._explain(case, posterior, reason),
        )

    def _explain(self, case: "_Case", posterior: Mapping[str, float], reason: str) -> dict[str, Any]:
        used = sources(case.evidence, self._catalogue)
        return {
            "reason": reason,
            "script": case.reading.script,
            "scores": _largest(case.reading.scores),
            "likelihoods": _largest(case.reading.likelihoods),
            "belief": _largest(posterior),
            "prior": {source.name: {"weight": source.weight, "languages": list(source.languages)} for source in used},
            "from_history": any(case.evidence.history.values()),
            "chosen": case.evidence.chosen,
            "letters": round(case.reading.letters),
            "words": case.reading.words,
        }


@dataclass(frozen=True)
class _Case:
    """A message on its way to a decision; `text` is what is left of it after masking."""

    text: str
    evidence: Evidence
    prior: Mapping[str, float]
    reading: Reading


def _leaves_choice(case: _Case, posterior: Mapping[str, float], language: str) -> bool:
    """Whether the customer clearly writes in `language` and no longer in the chosen one."""
    words = case.reading.words
    again = words >= SENTENCE_WORDS and case.evidence.history.get(language, 0.0) >= 0.5
    return posterior[language] >= SURE_AGAINST_CHOICE and (again or words >= LONG_WORDS)


def _fallback(case: _Case) -> str:
    choice = _standing_choice(case.evidence)
    return choice if choice and choice in case.prior else max(case.prior, key=lambda code: case.prior[code])


def _lifted(shares: Mapping[str, float], language: str | None, weight: float) -> dict[str, float]:
    """`shares` with `weight` of the whole given to `language`; unchanged without one."""
    if language is None:
        return dict(shares)
    return {code: weight * (code == language) + (1 - weight) * share for code, share in shares.items()}


def _standing_choice(evidence: Evidence) -> str | None:
    """The customer's choice, unless the customer has left it by writing otherwise."""
    return None if f"{LEFT_MARK}{evidence.chosen}" in evidence.history else evidence.chosen


def _history(evidence: Evidence, posterior: Mapping[str, float], marks: Iterable[str]) -> dict[str, float]:
    kept = {mark for mark in (ASKED_MARK, f"{LEFT_MARK}{evidence.chosen}") if mark in evidence.history}
    if evidence.chosen:
        kept.add(f"{CHOSEN_MARK}{evidence.chosen}")
    return {code: round(share, 6) for code, share in posterior.items()} | dict.fromkeys(sorted(kept.union(marks)), 0.0)


def _largest(shares: Mapping[str, float]) -> dict[str, float]:
    top = sorted(shares.items(), key=lambda item: item[1], reverse=True)[:KEPT_SCORES]
    return {code: round(share, 4) for code, share in top}
