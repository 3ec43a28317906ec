"""A gate over a few terms, as real as the product's."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from conversations.outgoing import Gate
from glossaries.matcher import TermMatcher
from glossaries.model import Status, Term, TermSet


@dataclass
class FewTerms:
    """A GateRelease for one market, made of rows by language."""

    rows: dict[str, Sequence[Term]] = field(default_factory=dict)
    not_required: frozenset[str] = frozenset()
    language: str = ""  # what every text is in; empty: cannot be said
    id: str = "r1"

    @property
    def names(self) -> Sequence[str]:
        """The rows that stay as they are."""
        return sorted({t.text for rows in self.rows.values() for t in rows if t.status is Status.DO_NOT_TRANSLATE})

    def terms(self, market: str, language: str) -> TermSet:
        """The rows of `language`, with those of every language."""
        return TermSet(market, language, (*self.rows.get("*", ()), *self.rows.get(language, ())))

    def matcher(self, market: str, language: str) -> TermMatcher:
        """Finds those rows in a text."""
        return TermMatcher(self.terms(market, language))

    def required(self, concept: str) -> bool:
        """Whether a translation must carry `concept`."""
        return concept not in self.not_required

    def speaks(self, text: str, language: str) -> bool | None:
        """Whether the text is in `language`."""
        return language == self.language if self.language else None


def open_gate(**terms: Sequence[Term]) -> Gate:
    """A gate over rows by language ("de", "zh_Hant"); none: everything with words in it may leave."""
    release = FewTerms({language.replace("_", "-"): rows for language, rows in terms.items()})
    return Gate(lambda: release)
