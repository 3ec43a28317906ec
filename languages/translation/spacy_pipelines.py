"""Where sentences end, by spaCy's blank pipelines; nothing is downloaded."""

import re
import sys
import threading
from typing import Any

from languages.translation.sentence_rules import SentenceRules

_ADDRESS = re.compile(r"(?:(?:https?|ftp)://|www\.)\S+|[^\s@]+@[^\s@]+", re.IGNORECASE)
_import_lock = threading.Lock()


class SpacyBoundaries:
    """One language's pipeline, built when first needed. Thread-safe."""

    def __init__(self, rules: SentenceRules) -> None:
        self._rules = rules
        self._lock = threading.Lock()
        self._pipeline: Any = None

    def starts(self, line: str) -> list[int]:
        """Where in `line` sentences begin, 0 first; empty for an empty line."""
        with self._lock:
            if self._pipeline is None:
                self._pipeline = self._build()
            # A zone forgets the words of this line afterwards; without it spaCy keeps every word it ever saw.
            with self._pipeline.memory_zone():
                return [sentence.start_char for sentence in self._pipeline(line).sents]

    def _build(self) -> Any:
        spacy = import_spacy()
        pipeline = spacy.blank(self._rules.pipeline)
        pipeline.add_pipe("sentencizer", config={"punct_chars": list(self._rules.ends)})
        for word in self._rules.abbreviations:
            pipeline.tokenizer.add_special_case(word, [{spacy.symbols.ORTH: word}])
        # spaCy takes "parcel.Where" for an address; only what surely is one may hide the end of a sentence.
        pipeline.tokenizer.url_match = _ADDRESS.fullmatch
        if self._rules.infix:
            infixes = [*pipeline.Defaults.infixes, self._rules.infix]
            pipeline.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
        return pipeline


def import_spacy() -> Any:
    """The module spacy, without torch: thinc imports torch when it finds it, 180 MB and a second, and no blank pipeline
    uses it."""
    with _import_lock:
        hide = "spacy" not in sys.modules and "torch" not in sys.modules
        if hide:
            sys.modules["torch"] = None  # type: ignore[assignment]
        try:
            import spacy
            import spacy.symbols
            import spacy.util
        finally:
            if hide:
                del sys.modules["torch"]
        return spacy
