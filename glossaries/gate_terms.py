"""A glossary as the gate looks at it."""

from collections.abc import Callable, Sequence

from glossaries.matcher import TermMatcher
from glossaries.matchers import Matchers
from glossaries.model import Status, TermSet
from glossaries.resolve import Glossary

Speaks = Callable[[str, str, Sequence[str]], bool | None]  # text, language, names to leave out of account


def cannot_say(_text: str, _language: str, _names: Sequence[str]) -> None:
    """A Speaks that knows no language."""


class GateTerms:
    """What the gate needs of one release (glossaries.violations.GateRelease). Safe to use from several threads."""

    def __init__(
        self, release_id: str, glossary: Glossary, speaks: Speaks = cannot_say, matchers: Matchers | None = None
    ) -> None:
        """`matchers`: of the same glossary, to share them; None makes its own."""
        self.id = release_id
        self.names = tuple(protected_names(glossary))
        self._concepts = glossary.concepts
        self._matchers = matchers or Matchers(glossary)
        self._speaks = speaks

    def terms(self, market: str, language: str) -> TermSet:
        """The market's terms in `language` as they hold today. Raises NotFound for an unknown market."""
        return self._matchers.terms(market, language)

    def matcher(self, market: str, language: str) -> TermMatcher:
        """Finds those terms in a text. Raises NotFound for an unknown market."""
        return self._matchers.matcher(market, language)

    def required(self, concept: str) -> bool:
        """Whether a translation must carry `concept`."""
        found = self._concepts.get(concept)
        return found is None or found.required

    def speaks(self, text: str, language: str) -> bool | None:
        """Whether `text` is in `language`; None when it is too short to say."""
        return self._speaks(text, language, self.names)


def protected_names(glossary: Glossary) -> list[str]:
    """Names that stay letter for letter in every market and language."""
    rows = (term for terms in glossary.terms.values() for term in terms)
    return sorted({term.text for term in rows if term.status is Status.DO_NOT_TRANSLATE})
