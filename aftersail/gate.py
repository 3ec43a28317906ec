"""The gate with the current release behind it."""

from glossaries.gate_terms import GateTerms
from knowledge.release_holder import ReleaseHolder
from languages.output_language import OutputLanguage, open_output_language


class CurrentTerms:
    """The terms of whatever release is current."""

    def __init__(self, holder: ReleaseHolder, languages: OutputLanguage) -> None:
        self._holder = holder
        self._languages = languages
        self._terms: GateTerms | None = None

    def __call__(self) -> GateTerms:
        """The terms of the current release. Raises SetupError when there is none."""
        release = self._holder.current()
        terms = self._terms
        if terms is None or terms.id != release.id:
            terms = self._terms = GateTerms(release.id, release.glossary, self._languages.speaks, release.matchers)
        return terms


def open_terms(holder: ReleaseHolder) -> CurrentTerms:
    """The current release's terms, with the reader of output languages."""
    return CurrentTerms(holder, open_output_language())
