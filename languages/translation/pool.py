"""An engine behind a bounded number of threads: what cannot be done in time is refused, not piled up."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from languages.translation.engine import PLAIN, DecodeOptions, Engine, EngineDown, Hypothesis, Pair
from languages.translation.wrapping import WrappingEngine

Translated = list[list[Hypothesis]]


class PooledEngine(WrappingEngine):
    """`engine` on `threads` threads of its own; at most `queue` calls wait, each at most `timeout` seconds."""

    def __init__(self, engine: Engine, threads: int = 2, queue: int = 64, timeout: float = 20.0) -> None:
        super().__init__(engine)
        self._timeout = timeout
        self._places = threading.BoundedSemaphore(threads + queue)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="translate")

    def submit(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> "Future[Translated]":
        """The translation on its way, for `asyncio.wrap_future` and the like. Raises EngineDown when the queue is full
        or the pool is closed."""
        if not self._places.acquire(blocking=False):
            raise EngineDown(f"{self.name} has too much to translate; try again in a moment")
        try:
            future = self._executor.submit(self._engine.translate, list(sentences), pair, options)
        except RuntimeError as error:
            self._places.release()
            raise EngineDown(f"{self.name} is being stopped") from error
        future.add_done_callback(lambda _: self._places.release())
        return future

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> Translated:
        """As the engine's. Raises EngineDown also when the queue is full or the time is up."""
        future = self.submit(sentences, pair, options)
        try:
            return future.result(self._timeout)
        except TimeoutError:
            future.cancel()
            raise EngineDown(f"{self.name} has not translated within {self._timeout:.0f} s") from None

    def close(self) -> None:
        """Drop what waits, and let what runs end by itself."""
        self._executor.shutdown(wait=False, cancel_futures=True)
