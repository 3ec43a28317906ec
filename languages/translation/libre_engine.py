"""LibreTranslate's HTTP API: GET /languages, POST /translate."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import SetupError
from languages.translation.codes import known_languages, load_codes
from languages.translation.engine import (
    N_BEST,
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

LANGUAGES_HOLD = 300.0  # seconds that the list of languages is believed
BATCH = 25  # sentences in one request; servers may bound it
MAX_ANSWER = 2_000_000  # bytes
TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class LibreOptions:
    """Where the server is."""

    url: str  # such as http://127.0.0.1:5000
    api_key: str = field(default="", repr=False)
    remote: RemoteOptions = field(default_factory=RemoteOptions)


class LibreEngine:
    """A LibreTranslate server. It scores nothing, so every hypothesis has score 0. Thread-safe."""

    name = "libre"
    capabilities = frozenset({N_BEST})

    def __init__(self, options: LibreOptions) -> None:
        if not options.url.startswith(("http://", "https://")):
            raise SetupError(
                f"AFTERSAIL_LIBRETRANSLATE_URL is {options.url!r}; give an address with http:// or https://"
            )
        self._options = options
        self._codes = load_codes("libre")
        self._remote = Remote("LibreTranslate", options.remote)
        self._sessions = threading.local()
        self._lock = threading.Lock()
        self._pairs: dict[Pair, tuple[str, str]] = {}
        self._read_at = float("-inf")

    def pairs(self) -> frozenset[Pair]:
        """What the server offers, asked again after LANGUAGES_HOLD. Raises EngineDown."""
        return frozenset(self._offered())

    def version(self, pair: Pair) -> str:
        """The server's address; it does not tell which models it has."""
        return self._options.url

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
            raise PairUnavailable(
                pair, f"the server {self._options.url} lacks it; start it with --load-only that has both"
            )
        translated = []
        for start in range(0, len(sentences), BATCH):
            translated += self._batch(sentences[start : start + BATCH], code, options.n_best)
        return translated

    def _batch(self, sentences: Sequence[str], code: tuple[str, str], n_best: int) -> list[list[Hypothesis]]:
        body = {
            "q": list(sentences),
            "source": code[0],
            "target": code[1],
            "format": "text",
            "alternatives": n_best - 1,
        }
        if self._options.api_key:
            body["api_key"] = self._options.api_key
        answer = self._remote.call(lambda: self._ask("POST", "/translate", body))
        best, others = answer.get("translatedText"), answer.get("alternatives") or [[] for _ in sentences]
        if not isinstance(best, list) or len(best) != len(sentences) or len(others) != len(sentences):
            raise EngineDown("LibreTranslate gives another number of sentences than it was asked for")
        return [
            [Hypothesis(str(text), 0.0) for text in dict.fromkeys([first, *more])][:n_best]
            for first, more in zip(best, others, strict=True)
        ]

    def _offered(self) -> dict[Pair, tuple[str, str]]:
        with self._lock:
            if self._pairs and time.monotonic() < self._read_at + LANGUAGES_HOLD:
                return self._pairs
        answer = self._remote.call(lambda: self._ask("GET", "/languages", None))
        try:
            available = [(one["code"], target) for one in answer for target in one["targets"]]
        except (KeyError, TypeError) as error:
            raise EngineDown(
                f"{self._options.url}/languages gives no list of languages; is it LibreTranslate?"
            ) from error
        pairs = self._codes.pairs(available, known_languages())
        with self._lock:
            self._pairs, self._read_at = pairs, time.monotonic()
        return pairs

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        import requests

        if not hasattr(self._sessions, "session"):
            self._sessions.session = requests.Session()  # sessions are not made for several threads
        try:
            response = self._sessions.session.request(
                method, self._options.url.rstrip("/") + path, json=body, timeout=self._options.remote.timeout,
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise Transient(str(error)) from error
        return _read(response)


def _read(response: Any) -> Any:
    """The answer's JSON. Raises Transient, SetupError when the key is refused, EngineDown for other refusals."""
    if response.status_code in TRANSIENT:
        raise Transient(f"HTTP {response.status_code}", _seconds(response.headers.get("Retry-After", "")))
    try:
        answer = response.json() if len(response.content) <= MAX_ANSWER else None
    except ValueError:
        answer = None
    problem = str(answer.get("error", ""))[:200] if isinstance(answer, dict) else ""
    if response.status_code in (401, 403):
        raise SetupError(f"LibreTranslate refuses the key ({problem}); set AFTERSAIL_LIBRETRANSLATE_KEY to a valid one")
    if response.status_code != 200 or answer is None:
        raise EngineDown(f"LibreTranslate answers HTTP {response.status_code} {problem or 'without JSON'}")
    return answer


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None
