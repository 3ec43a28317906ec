"""DeepL, or a service that speaks its API, through DeepL's own client."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.errors import SetupError
from languages.translation.codes import known_languages, load_codes
from languages.translation.deepl_glossaries import DeeplGlossaries
from languages.translation.engine import (
    FORMALITY,
    GLOSSARY,
    PLAIN,
    DecodeOptions,
    EngineDown,
    Hypothesis,
    Pair,
    PairUnavailable,
    check_prefixes,
)
from languages.translation.mask_shapes import MaskShape, best_shape
from languages.translation.remote import Remote, RemoteOptions, Transient

T = TypeVar("T")
LANGUAGES_HOLD = 3600.0  # seconds that the list of languages is believed
BATCH = 50  # texts in one request, as DeepL bounds it
FORMALITIES = {"more": "prefer_more", "less": "prefer_less"}  # "prefer" passes where a language has no such forms


@dataclass(frozen=True)
class DeeplOptions:
    """Which account, and where."""

    key: str = field(repr=False)
    server_url: str = ""  # empty: DeepL's own, chosen by the key
    remote: RemoteOptions = field(default_factory=RemoteOptions)


class DeeplEngine:
    """One translation for each sentence, score 0. Glossaries of `options.glossary` are made as needed. Thread-safe."""

    name = "deepl"
    capabilities = frozenset({GLOSSARY, FORMALITY})

    def __init__(self, options: DeeplOptions) -> None:
        if not options.key:
            raise SetupError("AFTERSAIL_DEEPL_KEY is empty; give the key of a DeepL API account")
        self._options = options
        self._codes = load_codes("deepl")
        self._remote = Remote("DeepL", options.remote)
        self._lock = threading.Lock()
        self._client: Any = None
        self._pairs: dict[Pair, tuple[str, str]] = {}
        self._read_at = float("-inf")
        self._glossaries = DeeplGlossaries(self._call)

    def pairs(self) -> frozenset[Pair]:
        """What the account offers, asked again after LANGUAGES_HOLD. Raises EngineDown, SetupError."""
        return frozenset(self._offered())

    def version(self, pair: Pair) -> str:
        """The service's address; it does not tell which model it has."""
        return self._options.server_url or "deepl.com"

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """Empty: nothing is measured."""
        return {}

    def best_mask(self, pair: Pair) -> MaskShape:
        """The default shape."""
        return best_shape({})

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """As Engine says; in requests of BATCH sentences. Raises SetupError when the key is refused."""
        check_prefixes(sentences, options)
        code = self._offered().get(pair)
        if code is None:
            raise PairUnavailable(pair, "DeepL does not offer it; use another engine for this language")
        glossary = self._glossaries.of(_bases(code), options.glossary) if options.glossary else None
        translated = []
        try:
            for start in range(0, len(sentences), BATCH):
                translated += self._batch(sentences[start : start + BATCH], code, options.formality, glossary)
        except EngineDown:
            self._glossaries.forget()
            raise
        return translated

    def _batch(
        self, sentences: Sequence[str], code: tuple[str, str], formality: str, glossary: str | None
    ) -> list[list[Hypothesis]]:
        found = self._call(
            lambda client: client.translate_text(
                list(sentences),
                source_lang=code[0],
                target_lang=code[1],
                split_sentences="0",
                preserve_formatting=True,
                formality=FORMALITIES.get(formality),
                glossary=glossary,
            )
        )
        if len(found) != len(sentences):
            raise EngineDown("DeepL gives another number of sentences than it was asked for")
        return [[Hypothesis(result.text, 0.0)] for result in found]

    def _offered(self) -> dict[Pair, tuple[str, str]]:
        with self._lock:
            if self._pairs and time.monotonic() < self._read_at + LANGUAGES_HOLD:
                return self._pairs
        sources = [language.code for language in self._call(lambda client: client.get_source_languages())]
        targets = [language.code for language in self._call(lambda client: client.get_target_languages())]
        available = [(source.upper(), target.upper()) for source in sources for target in targets]
        pairs = self._codes.pairs(available, known_languages())
        # zh and zh-Hant are one source to DeepL; it does not convert one into the other.
        pairs = {pair: code for pair, code in pairs.items() if _bases(code)[0] != _bases(code)[1]}
        with self._lock:
            self._pairs, self._read_at = pairs, time.monotonic()
        return pairs

    def _call(self, work: Callable[[Any], T]) -> T:
        """What `work` returns for the client. Raises EngineDown, SetupError."""
        import deepl

        def attempt() -> T:
            try:
                return work(self._open(deepl))
            except deepl.AuthorizationException as error:
                raise SetupError(f"DeepL refuses the key ({error}); set AFTERSAIL_DEEPL_KEY to a valid one") from error
            except deepl.DeepLException as error:
                if error.should_retry or (error.http_status_code or 0) >= 500:
                    raise Transient(str(error)) from error
                raise EngineDown(f"DeepL refuses: {error}") from error

        return self._remote.call(attempt)

    def _open(self, deepl: Any) -> Any:
        with self._lock:
            if self._client is None:
                # The client's own retries would multiply ours; these are its documented settings, for all its clients.
                deepl.http_client.max_network_retries = 0
                deepl.http_client.min_connection_timeout = self._options.remote.timeout
                self._client = deepl.DeepLClient(
                    self._options.key, server_url=self._options.server_url or None, send_platform_info=False
                )
            return self._client


def _bases(code: tuple[str, str]) -> tuple[str, str]:
    """The languages without their varieties, as glossaries know them."""
    return code[0].partition("-")[0].lower(), code[1].partition("-")[0].lower()
