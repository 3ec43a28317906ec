"""Language detectors: lingua's letter statistics for Latin text, langdetect as second opinion."""

from collections.abc import Mapping
from typing import Protocol

from langdetect import DetectorFactory, detector_factory
from langdetect.lang_detect_exception import LangDetectException
from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from core.errors import SetupError
from languages.catalogue import Catalogue

MIN_WIDE_CHARS = 12


class Detector(Protocol):
    """Reads the language off letters."""

    def scores(self, text: str) -> Mapping[str, float]:
        """Share of belief by language code, adding up to 1; empty when `text` tells nothing."""


class LinguaDetector:
    """lingua in two steps: `exact` tells the content languages apart, `wide` how likely it is one of the others.

    The exact models take 30 MB a language, the wide ones 1 MB: enough for sentences, and shorter text names no others.
    """

    def __init__(self, exact: LanguageDetector, wide: LanguageDetector, codes: Mapping[Language, str]) -> None:
        self._exact, self._wide = exact, wide
        self._codes = codes

    def scores(self, text: str) -> dict[str, float]:
        """Share of belief by language code; empty when `text` has no letters. `text` holds no lone surrogates."""
        exact = self._shares(self._exact, text)
        if not any(exact.values()):
            return {}
        if len(text) < MIN_WIDE_CHARS:
            return exact
        others = {code: share for code, share in self._shares(self._wide, text).items() if code not in exact}
        left = max(0.0, 1.0 - sum(others.values()))
        return {code: share * left for code, share in exact.items()} | others

    def _shares(self, detector: LanguageDetector, text: str) -> dict[str, float]:
        found = detector.compute_language_confidence_values(text)
        return {self._codes[entry.language]: entry.value for entry in found}


class LangdetectDetector:
    """langdetect over all of its 55 languages; 2 to 6 ms a text, so not for every message."""

    def __init__(self, factory: DetectorFactory, catalogue: Catalogue) -> None:
        self._factory = factory
        self._catalogue = catalogue

    def scores(self, text: str) -> dict[str, float]:
        """Share of belief by content code, or by langdetect's own code for other languages; empty without letters."""
        detector = self._factory.create()
        detector.seed = 0  # it samples; the same text must give the same answer
        detector.append(text)
        try:
            found = detector.get_probabilities()
        except LangDetectException:  # raised for a text without letters
            return {}
        return {self._catalogue.content_code(entry.lang) or entry.lang: entry.prob for entry in found}


def open_second_opinion(catalogue: Catalogue) -> LangdetectDetector:
    """langdetect with its profiles loaded (about 70 MB, 0.3 s)."""
    factory = DetectorFactory()
    factory.load_profile(detector_factory.PROFILES_DIRECTORY)
    return LangdetectDetector(factory, catalogue)


def open_detector(catalogue: Catalogue) -> LinguaDetector:
    """The detector for the catalogue's languages in Latin letters, its models loaded (about 250 MB, 1 s).

    Raises SetupError when the catalogue names a language that lingua does not know.
    """
    content = {entry.detector: entry.code for entry in catalogue.content.values() if entry.detector}
    others = {entry.detector: entry.code for entry in catalogue.others.values()}
    try:
        codes = {_language(iso): code for iso, code in (content | others).items()}
    except AttributeError as error:
        raise SetupError(f"languages/data/languages.yml: {error}; lingua has no such detector code") from error
    exact = LanguageDetectorBuilder.from_languages(*map(_language, content))
    wide = LanguageDetectorBuilder.from_languages(*codes).with_low_accuracy_mode()
    return LinguaDetector(
        exact.with_preloaded_language_models().build(), wide.with_preloaded_language_models().build(), codes
    )


def _language(iso: str) -> Language:
    return Language.from_iso_code_639_1(getattr(IsoCode639_1, iso))
