"""A matcher for each market and language of a glossary, made when it is first needed."""

import threading
from datetime import UTC, datetime

from glossaries.matcher import TermMatcher
from glossaries.model import TermSet
from glossaries.resolve import Glossary


class Matchers:
    """The terms as they hold today, and what finds them. Safe to use from several threads."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._held: dict[tuple[str, str], tuple[TermSet, TermMatcher]] = {}
        self._shared: dict[tuple[str, tuple[int, ...]], tuple[TermSet, TermMatcher]] = {}
        self._lock = threading.Lock()

    def terms(self, market: str, language: str) -> TermSet:
        """The market's terms in `language` as they hold today. Raises NotFound for an unknown market."""
        return self._glossary.terms_for(market, language, datetime.now(UTC).date())

    def matcher(self, market: str, language: str) -> TermMatcher:
        """Finds those terms in a text. Raises NotFound for an unknown market."""
        terms = self.terms(market, language)
        held = self._held.get((market, language))
        if held is not None and held[0] is terms:
            return held[1]
        with self._lock:
            self._held[market, language] = self._made(language, terms)
        return self._held[market, language][1]

    def _made(self, language: str, terms: TermSet) -> tuple[TermSet, TermMatcher]:
        """A matcher for `terms`; most markets have no rows of their own in most languages and share one, 3 MB each."""
        # The rows of a glossary are the same objects in every set, and live as long as it does.
        same = (language, tuple(map(id, terms.terms)))
        if same not in self._shared:
            self._shared[same] = (terms, TermMatcher(terms))
        return terms, self._shared[same][1]
