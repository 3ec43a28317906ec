"""Answers of the knowledge base that may fit a customer's words; the models are loaded when first asked for."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from core.errors import AftersailError
from knowledge.embedder import Embedder
from knowledge.release import Release
from knowledge.release_holder import ReleaseHolder
from knowledge.retrieval import retrieve

logger = structlog.get_logger(__name__)

RETRY_S = 60.0
AT_ONCE = 1  # texts encoded at the same time: one costs 20 ms of a core
WAIT_S = 3.0


class Readiness(StrEnum):
    """Whether suggestions can be had."""

    OFF = "off"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Parts:
    """What a search needs."""

    embedder: Embedder
    holder: ReleaseHolder  # with vectors


class Suggester:
    """Searches as the bot does. Thread-safe."""

    def __init__(self, open_parts: Callable[[], Parts] | None, clock: Callable[[], float] = time.monotonic) -> None:
        """`open_parts` takes seconds and hundreds of megabytes; None: switched off."""
        self._open = open_parts
        self._clock = clock
        self._parts: Parts | None = None
        self._failed_at: float | None = None
        self._loading = False
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def readiness(self) -> Readiness:
        """How it stands; the first call begins to load."""
        if self._open is None:
            return Readiness.OFF
        with self._lock:
            if self._parts is not None:
                return Readiness.READY
            if self._failed_at is not None and self._clock() - self._failed_at < RETRY_S:
                return Readiness.FAILED
            if not self._loading:
                self._loading = True
                threading.Thread(target=self._load, args=(self._open,), name="suggestions", daemon=True).start()
            return Readiness.LOADING

    def find(self, text: str, market: str, language: str) -> Sequence[tuple[str, float]]:
        """(entry id, probability), best first; empty when it is not ready or everybody asks at once."""
        parts = self._parts
        if parts is None or not self._places.acquire(timeout=WAIT_S):
            return ()
        try:
            vector = parts.embedder.encode([text], [language or None])[0]
            return retrieve(parts.holder.current(), vector, market, language)
        finally:
            self._places.release()

    @property
    def release(self) -> Release | None:
        """The release that is searched; None while it is not ready."""
        return self._parts.holder.current() if self._parts else None

    def _load(self, open_parts: Callable[[], Parts]) -> None:
        started = self._clock()
        parts: Parts | None = None
        try:
            parts = open_parts()
            parts.holder.current()
            logger.info("suggestions.ready", seconds=round(self._clock() - started, 1))
        except AftersailError as error:
            logger.error("suggestions.failed", error=str(error))
        with self._lock:
            self._parts, self._loading = parts, False
            self._failed_at = None if parts else self._clock()
