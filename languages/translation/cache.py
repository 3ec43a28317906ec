"""An engine that remembers its translations, and translates what is asked twice at once only once."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from cachetools import LRUCache

from languages.translation.engine import PLAIN, DecodeOptions, Engine, EngineDown, Hypothesis, Pair, check_prefixes
from languages.translation.wrapping import WrappingEngine

OVERHEAD = 600  # bytes of a key and a value beside their letters


@dataclass(frozen=True)
class Key:
    """What decides a sentence's translation."""

    engine: str
    version: str  # of the engine's package
    pair: Pair
    sentence: str
    options: DecodeOptions  # with the sentence's own prefix alone; holds the release


Found = tuple[Hypothesis, ...]


class CachedEngine(WrappingEngine):
    """`engine`, with a memory of at most `megabytes`. Thread-safe."""

    def __init__(self, engine: Engine, megabytes: float = 32.0, timeout: float = 60.0) -> None:
        super().__init__(engine)
        self._timeout = timeout  # seconds to wait for another thread's translation
        self._known: LRUCache[Key, Found] = LRUCache(megabytes * 1e6, getsizeof=_size)
        self._running: dict[Key, Future[Found]] = {}
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def counts(self) -> tuple[int, int]:
        """(sentences that were known or already on their way, sentences translated) since the start."""
        with self._lock:
            return self._hits, self._misses

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """As the engine's; only what is not known goes to it, as one batch. Raises what the engine raises."""
        check_prefixes(sentences, options)
        version = self._engine.version(pair)
        keys = [
            Key(self.name, version, pair, sentence, replace(options, prefix=(options.prefix_of(index),)))
            for index, sentence in enumerate(sentences)
        ]
        futures, mine = self._claim(keys)
        if mine:
            self._translate(mine, pair, options)
        return [list(self._result(future)) for future in futures]

    def _claim(self, keys: Sequence[Key]) -> tuple[list[Future[Found]], dict[Key, Future[Found]]]:
        """A future for each key, and those that this call has to fulfil."""
        mine: dict[Key, Future[Found]] = {}
        futures = []
        with self._lock:
            for key in keys:
                future = self._running.get(key)
                if future is None:
                    future = Future()
                    if (known := self._known.get(key)) is not None:
                        future.set_result(known)
                    else:
                        self._running[key] = mine[key] = future
                futures.append(future)
            self._hits += len(keys) - len(mine)
            self._misses += len(mine)
        return futures, mine

    def _translate(self, mine: dict[Key, Future[Found]], pair: Pair, options: DecodeOptions) -> None:
        keys = list(mine)
        prefix = tuple(key.options.prefix[0] for key in keys) if options.prefix else ()
        try:
            results = self._engine.translate([key.sentence for key in keys], pair, replace(options, prefix=prefix))
        except BaseException as error:
            with self._lock:
                for key in keys:
                    del self._running[key]
            for future in mine.values():
                future.set_exception(error)
            raise
        with self._lock:
            for key, hypotheses in zip(keys, results, strict=True):
                del self._running[key]
                mine[key].set_result(tuple(hypotheses))
                self._keep(key, tuple(hypotheses))

    def _keep(self, key: Key, found: Found) -> None:
        if _size(found) <= self._known.maxsize / 10:  # a giant would push out everything else
            self._known[key] = found

    def _result(self, future: "Future[Found]") -> Found:
        try:
            return future.result(self._timeout)
        except TimeoutError:
            raise EngineDown(f"{self.name} has not translated within {self._timeout:.0f} s") from None


def _size(found: Found) -> int:
    # The key's sentence is about as long as each hypothesis; 4 bytes hold any character.
    return OVERHEAD + 8 * sum(len(hypothesis.text) + 20 for hypothesis in found)
