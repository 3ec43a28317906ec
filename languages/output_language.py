"""Whether a text that is about to leave is in the customer's language."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from core.yaml_files import read_yaml, without_lines
from glossaries.masks import blank_out, mask_spans
from languages.catalogue import DATA, Catalogue, load_catalogue
from languages.detector import Detector, open_second_opinion
from languages.lexicon import load_lexicon
from languages.scripts import HanReader, count_scripts, dominant_script, weigh

MIN_SCRIPT_SHARE = 0.5  # brand names and model numbers stay in Latin letters
MIN_HAN_LIKELIHOOD = 0.05
MIN_LETTERS = 40  # fewer letters of an alphabet do not tell the language surely
# Nor do these of a language that nobody writes here: German words of a few letters are Norwegian ones too.
MIN_FOREIGN_LETTERS = 120
SURE_OTHER = 0.9
UNLIKELY = 0.05
MIN_TELLTALES = 3  # different words of a near neighbour
_WORDS = re.compile(r"\w+")


class OutputLanguage:
    """Reads whole texts of ours; customers' few words are languages.identify's. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        han: HanReader,
        lookalikes: Mapping[str, Sequence[str]],
        detector: Detector | None = None,
    ) -> None:
        """`lookalikes`: by language, words of a near neighbour that it does not use."""
        self._lookalikes = {language: frozenset(words) for language, words in lookalikes.items()}
        self._catalogue = catalogue
        self._han = han
        self._given = detector

    @cached_property
    def _detector(self) -> Detector:
        # Opened at the first text that needs it: 70 MB, and approved texts never do.
        return self._given or open_second_opinion(self._catalogue)

    def speaks(self, text: str, language: str, names: Sequence[str] = ()) -> bool | None:
        """Whether `text` is in `language`; None when it is too short to say, or the language is not known."""
        entry = self._catalogue.content.get(language)
        if entry is None:
            return None
        text = unicodedata.normalize("NFKC", text)
        words = blank_out(text, mask_spans(text, names))
        counts = count_scripts(words)
        weights = weigh(counts)
        if not weights:
            return None
        script = dominant_script(counts)
        # Japanese and Korean may have Chinese characters; how likely those are in Japanese is the charset's matter.
        shared = weights.get("CJK", 0.0) if entry.charset or script == entry.script else 0.0
        own = shared + (weights.get(entry.script, 0.0) if entry.script != "CJK" else 0.0)
        if own < MIN_SCRIPT_SHARE * sum(weights.values()):
            return False if sum(counts.values()) > 3 else None
        if script == entry.script and script not in ("LATIN", "CJK"):
            return not self._is_neighbour(words, language)  # kana, Hangul, Thai …: no other language of ours
        if entry.charset:
            return self._han.likelihoods(words).get(language, 1.0) >= MIN_HAN_LIKELIHOOD
        return self._reads_as(words, language) if script == "LATIN" else True

    def _is_neighbour(self, words: str, language: str) -> bool:
        """Whether it has several words that only a near neighbour of the language uses."""
        telltales = self._lookalikes.get(language)
        return telltales is not None and len(telltales.intersection(_WORDS.findall(words.casefold()))) >= MIN_TELLTALES

    def _reads_as(self, words: str, language: str) -> bool | None:
        letters = sum(map(str.isalpha, words))
        if letters < MIN_LETTERS:
            return None
        if self._is_neighbour(words, language):
            return False
        scores = self._detector.scores(words)
        if not scores:
            return None
        code, other = max(scores.items(), key=lambda found: found[1])
        if code == language or other < SURE_OTHER or scores.get(language, 0.0) > UNLIKELY:
            return True
        return False if code in self._catalogue.content or letters >= MIN_FOREIGN_LETTERS else None


def open_output_language() -> OutputLanguage:
    """The reader with the project's own data. Raises ContentError when that has mistakes."""
    catalogue = load_catalogue()
    lookalikes = without_lines(read_yaml(DATA / "lookalikes.yml").data)
    return OutputLanguage(catalogue, HanReader(catalogue, load_lexicon().characters), lookalikes)
