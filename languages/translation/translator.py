"""A text in another language, in the words of a market, or the original and why: nothing that the gate refuses."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.errors import SetupError
from glossaries.apply import apply
from glossaries.check import check, examine
from glossaries.violations import GateRelease, Source
from languages.translation.constrain import Candidate
from languages.translation.engine import Engine, EngineDown, Pair, PairUnavailable
from languages.translation.protect import without_edges
from languages.translation.sentences import MAX_TEXT, SentenceSplitter, SplitText
from languages.translation.translation_result import Translation
from languages.translation.wanted import GOOD, Task, wanted_terms
from languages.translation.ways import WAYS, Asker, Job, Way


@dataclass(frozen=True)
class TranslationLimits:
    """How long a text may take."""

    seconds: float = 10.0  # after which no further way is tried
    characters: int = MAX_TEXT
    sentences: int = 200


class Translator:
    """Translates by the first of `engines` that can. Thread-safe; calls block."""

    def __init__(
        self,
        engines: Sequence[Engine],
        terms: Callable[[], GateRelease],
        splitter: SentenceSplitter | None = None,
        *,
        ways: Sequence[Way] = WAYS,
        limits: TranslationLimits = TranslationLimits(),
    ) -> None:
        """`engines`: in order of preference. `terms`: the release of this moment. `ways`: tried in this order."""
        self._engines = tuple(engines)
        self._terms = terms
        self._splitter = splitter or SentenceSplitter()
        self._ways = tuple(ways)
        self._limits = limits

    def available(self, source: str, target: str) -> bool:
        """Whether an engine knows the pair now."""
        return source == target or any(Pair(source, target) in _pairs(engine) for engine in self._engines)

    def translate(self, text: str, source: str, target: str, market: str) -> Translation:
        """`text` in the words of `market`, `ok` False with the original and a reason when that cannot be had.

        Raises NotFound for an unknown market, and nothing because of engines.
        """
        started = time.monotonic()
        result = self._translate(text, source, target, market, started + self._limits.seconds)
        return replace(result, milliseconds=1000 * (time.monotonic() - started))

    async def translate_async(self, text: str, source: str, target: str, market: str) -> Translation:
        """As `translate`, without blocking the event loop; a pooled engine bounds how many wait."""
        return await asyncio.to_thread(self.translate, text, source, target, market)

    def _translate(self, text: str, source: str, target: str, market: str, deadline: float) -> Translation:
        nothing = Translation(text, text, source, target, ok=False)
        release = self._terms()
        release.terms(market, target)  # an unknown market is named, whatever the text
        if source == target or not any(char.isalpha() for char in text):
            return self._as_it_is(nothing, market, release)
        if len(text) > self._limits.characters:
            return replace(nothing, reason=f"{len(text):,} characters; at most {self._limits.characters:,}")
        split = self._splitter.split(text, source)
        if len(split.sentences) > self._limits.sentences:
            return replace(nothing, reason=f"{len(split.sentences)} sentences; at most {self._limits.sentences}")
        concepts = {match.term.concept for match in release.matcher(market, source).find(text)}
        task = Task(source, target, market, release, frozenset(concepts))
        return self._by_engines(split, nothing, task, deadline)

    @staticmethod
    def _as_it_is(nothing: Translation, market: str, release: GateRelease) -> Translation:
        """A text that needs no translation; the market's words hold all the same."""
        if not any(char.isalpha() for char in nothing.text):
            return replace(nothing, ok=True)
        violations = tuple(check(nothing.text, None, market, nothing.target, release))
        reason = "; ".join(dict.fromkeys(violation.reason for violation in violations))
        return replace(nothing, ok=not violations, violations=violations, reason=reason)

    def _by_engines(self, split: SplitText, nothing: Translation, task: Task, deadline: float) -> Translation:
        """The first engine's text that the gate lets through, else the first that it has refused."""
        refused: Translation | None = None
        reasons = []
        for engine in self._engines:
            if time.monotonic() > deadline:
                break
            try:
                found = self._by_engine(engine, split, replace(nothing, engine=engine.name), task, deadline)
            except (PairUnavailable, EngineDown, SetupError) as error:
                reasons.append(f"{engine.name}: {error}")
                continue
            if found.ok:
                return found
            refused = refused or found
        return refused or replace(nothing, reason="; ".join(reasons) or "no translation engine is set up")

    def _by_engine(
        self, engine: Engine, split: SplitText, nothing: Translation, task: Task, deadline: float
    ) -> Translation:
        asker = Asker(engine, task)
        cut = [without_edges(sentence) for sentence in split.sentences]
        jobs = [Job(words, wanted_terms(words, task)) for _, words, _ in cut]
        for way in self._ways:
            open_jobs = [job for job in jobs if not job.done]
            if not open_jobs or (time.monotonic() > deadline and all(job.best for job in jobs)):
                break
            asker.ask(way, open_jobs)
        found = [job.best for job in jobs]
        whole = [
            replace(candidate, text=before + candidate.text + behind)
            for candidate, (before, _, behind) in zip(found, cut, strict=True)
            if candidate is not None
        ]
        if len(whole) < len(found):
            return replace(nothing, reason="the engine breaks the marks that stand for numbers and names")
        return self._judged(split, whole, nothing, task)

    def _judged(self, split: SplitText, found: Sequence[Candidate], nothing: Translation, task: Task) -> Translation:
        """The sentences as one text, once more through the gate: some things only show in the whole."""
        source = Source(nothing.original, task.source)
        text = self._splitter.join(split, [candidate.text for candidate in found], task.target)
        violations = check(text, source, task.market, task.target, task.release)
        fixed = apply(text, violations)
        if fixed != text:
            text, violations = fixed, check(fixed, source, task.market, task.target, task.release)
        violations = violations or [violation for candidate in found for violation in candidate.violations]
        ways = tuple(candidate.way for candidate in found)
        if violations:
            reason = "; ".join(dict.fromkeys(violation.reason for violation in violations))
            return replace(nothing, reason=reason, violations=tuple(violations), draft=text, ways=ways)
        return replace(nothing, ok=True, text=text, terms=_kept(text, nothing.original, task), ways=ways)


def _kept(text: str, original: str, task: Task) -> tuple[str, ...]:
    """Concepts of the original that stand in `text` in a good word."""
    said = task.release.matcher(task.market, task.source).find(original)
    concepts = {concept for match in said for concept in (match.term.concept, *match.also)}
    terms = examine(text, None, task.market, task.target, task.release, approved=True).terms
    here = {match.term.concept for match in terms if match.term.status in GOOD}
    return tuple(sorted(concepts & here))


def _pairs(engine: Engine) -> frozenset[Pair]:
    try:
        return engine.pairs()
    except (EngineDown, SetupError):
        return frozenset()
