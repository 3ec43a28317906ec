"""Ways to ask an engine for a sentence so that the market's terms come out. Which are used: docs/decisions/0008."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from glossaries.masks import Span, blank_out, mask_spans
from languages.translation.constrain import Candidate, forbidden_texts, judge, market_glossary, replace_terms
from languages.translation.engine import GLOSSARY, MAX_N_BEST, DecodeOptions, Engine, Hypothesis, Pair
from languages.translation.mask_shapes import MaskShape, load_mask_shapes
from languages.translation.protect import Protected, copy_terms, protect
from languages.translation.restore import restore
from languages.translation.wanted import Task, Wanted

MAX_LENGTH = 4.0  # target tokens for each source token; an engine that has lost its way goes on for ever
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Terms(StrEnum):
    """What happens to the source's terms before the engine sees them."""

    LEAVE = "leave"
    MASK = "mask"  # a mask, and the market's term in its place afterwards
    COPY = "copy"  # the market's term in the source sentence


@dataclass(frozen=True)
class Way:
    """One way to ask. `n_best`: hypotheses to choose from."""

    name: str
    items: bool = True  # order numbers, links, amounts and the like are masked
    numbers: bool = False  # plain numbers too, which an engine else may write in words
    terms: Terms = Terms.LEAVE
    every_term: bool = False  # not only those that went wrong so far
    suppress: bool = False  # the market's forbidden words cannot be written
    n_best: int = 1
    replace: bool = True  # other words for a wanted concept are replaced by the market's


PLAIN_WAY = Way("plain", items=False, replace=False)
WAYS = (
    Way("n-best", n_best=5),
    Way("wrong terms masked", terms=Terms.MASK, n_best=5),
    Way("numbers masked", numbers=True, n_best=5),
    Way("every term masked", terms=Terms.MASK, every_term=True, n_best=5),
    Way("every term and number masked", terms=Terms.MASK, every_term=True, numbers=True, n_best=5),
    Way("suppression", suppress=True, n_best=5),
    Way("wide n-best", n_best=MAX_N_BEST),
    Way("bare items", items=False, n_best=5),
    Way("copied terms", terms=Terms.COPY, n_best=5),
)


@dataclass
class Job:
    """A sentence on its way: what was tried, the best first."""

    sentence: str
    wanted: tuple[Wanted, ...]
    candidates: list[Candidate] = field(default_factory=list)
    asked: set[tuple[str, DecodeOptions]] = field(default_factory=set)

    @property
    def best(self) -> Candidate | None:
        """The best candidate; None before the first answer."""
        return self.candidates[0] if self.candidates else None

    @property
    def done(self) -> bool:
        """Whether the gate has nothing against the best candidate."""
        return self.best is not None and self.best.clean

    @property
    def wrong(self) -> frozenset[str]:
        """Concepts that the best candidate lacks, or says in a word that is not the market's."""
        violations = self.best.violations if self.best else ()
        return frozenset(violation.concept for violation in violations if violation.concept)


class Asker:
    """Asks one engine for the sentences of one text."""

    def __init__(self, engine: Engine, task: Task) -> None:
        self._engine = engine
        self._task = task
        self._pair = Pair(task.source, task.target)
        self._shapes = _shapes(engine, self._pair)
        # The whole market's, not the text's: an engine may have to make a glossary of it first.
        self._glossary = market_glossary(task) if GLOSSARY in engine.capabilities else ()

    def ask(self, way: Way, jobs: Sequence[Job]) -> None:
        """Adds to each job what comes of `way`, in one batch. Raises what the engine raises."""
        options = self._options(way, jobs)
        batch: list[tuple[Job, Protected]] = []
        for job in jobs:
            protected = self._protected(way, job)
            if protected is None or (protected.text, options) in job.asked:
                continue
            job.asked.add((protected.text, options))
            if _has_words(protected):
                batch.append((job, protected))
            else:
                self._take(way, job, protected, [Hypothesis(protected.text, 0.0)])
        if batch:
            answers = self._engine.translate([protected.text for _, protected in batch], self._pair, options)
            for (job, protected), hypotheses in zip(batch, answers, strict=True):
                self._take(way, job, protected, hypotheses)

    def _protected(self, way: Way, job: Job) -> Protected | None:
        """The sentence as the engine gets it; None when `way` has nothing new to offer here."""
        sentence, terms = job.sentence, self._terms(way, job)
        if not terms and way.terms is not Terms.LEAVE and job.candidates:
            return None
        if way.terms is Terms.COPY:
            sentence, terms = copy_terms(sentence, terms), ()
        return protect(sentence, self._items(way, sentence), self._shapes, terms)

    def _terms(self, way: Way, job: Job) -> Sequence[Wanted]:
        """The terms that `way` hides from the engine or gives it: those that went wrong, all when nothing was tried."""
        if way.terms is Terms.LEAVE:
            return ()
        free = [one for one in job.wanted if one.whole and one.required]
        return free if way.every_term or not job.candidates else [one for one in free if one.concepts & job.wrong]

    def _items(self, way: Way, sentence: str) -> Sequence[Span]:
        spans = mask_spans(sentence, self._task.release.names) if way.items else []
        plain = blank_out(sentence, spans) if way.numbers else ""
        return [*spans, *(Span("number", *match.span()) for match in _NUMBER.finditer(plain))]

    def _options(self, way: Way, jobs: Sequence[Job]) -> DecodeOptions:
        suppress: tuple[str, ...] = ()
        if way.suppress:
            suppress = forbidden_texts({concept for job in jobs for concept in job.wrong}, self._task)
        release = self._task.release.id if self._glossary else ""
        return DecodeOptions(
            way.n_best, max_length=MAX_LENGTH, suppress=suppress, glossary=self._glossary, release=release
        )

    def _take(self, way: Way, job: Job, protected: Protected, hypotheses: Sequence[Hypothesis]) -> None:
        known = {candidate.text for candidate in job.candidates}
        for hypothesis in hypotheses:
            restored = restore(protected, hypothesis.text.strip(), self._task.target)
            if not restored.tidy:
                continue
            text = replace_terms(restored.text, job.wanted, self._task) if way.replace else restored.text
            candidate = judge(text, hypothesis.score, job.sentence, job.wanted, self._task, way.name)
            if candidate.text not in known:
                known.add(candidate.text)
                job.candidates.append(candidate)
            if candidate.clean and candidate.preferred == len(job.wanted) and not candidate.flaws:
                break  # the engine likes the others less
        job.candidates.sort(key=lambda candidate: candidate.rank)


def _shapes(engine: Engine, pair: Pair) -> tuple[MaskShape, ...]:
    """The shape that the engine carries best, then the others."""
    best = engine.best_mask(pair)
    return (best, *(shape for shape in load_mask_shapes().shapes if shape != best))


def _has_words(protected: Protected) -> bool:
    """Whether anything is left to translate."""
    text = protected.text
    if protected.held:
        for mask in reversed(protected.shape.find(text)):
            text = text[: mask.start] + text[mask.end :]
    return any(char.isalpha() for char in text)
