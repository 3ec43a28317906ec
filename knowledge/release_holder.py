"""The release that a process speaks with: follows the pointer, and never lets go of one that works."""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from core import release_pointer
from core.errors import AftersailError, SetupError
from core.settings import Settings
from knowledge.release import Release, load_release

logger = structlog.get_logger(__name__)

CHECK_EVERY_S = 1.0
RETRY_BROKEN_AFTER_S = 30.0


class ReleaseHolder:
    """Gives the current release, and swaps it when the pointer has moved. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        embedder_fingerprint: str | None = None,
        with_vectors: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Loads nothing yet. `with_vectors`: False in processes that only need words. `clock`: steady seconds."""
        self._settings = settings
        self._folder = settings.releases_dir
        self._engine = engine
        self._fingerprint = embedder_fingerprint
        self._with_vectors = with_vectors
        self._clock = clock
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._next_check = clock()
        self._broken: tuple[str, float] | None = None  # an id that could not be loaded, and when to try it again
        self._problem = ""

    def searching(self, embedder_fingerprint: str) -> "ReleaseHolder":
        """Another holder of the same releases, which loads them with their vectors."""
        return ReleaseHolder(self._settings, self._engine, embedder_fingerprint, clock=self._clock)

    @property
    def problem(self) -> str:
        """Why the newest release is not in use, for /readyz and doctor; empty when all is well."""
        return self._problem

    def current(self) -> Release:
        """The release to use for this message; the pointer is looked at once a second at most.

        While one thread loads a new release the others go on with the old one. Raises SetupError when there is none.
        """
        held = self._release
        if held is not None and self._clock() < self._next_check:
            return held
        if self._lock.acquire(blocking=held is None):
            try:
                self._check()
            finally:
                self._lock.release()
        if self._release is None:
            raise SetupError(self._problem)
        return self._release

    def _check(self) -> None:
        now = self._clock()
        if now < self._next_check:
            return
        self._next_check = now + CHECK_EVERY_S
        try:
            wanted = release_pointer.current(self._engine)
        except SQLAlchemyError as error:
            self._report(f"The database did not tell the current release: {error}. Run `aftersail doctor`.")
            return
        if wanted is None:
            self._report("No release is published yet; run `aftersail publish`.")
        elif self._release is not None and self._release.id == wanted:
            self._problem, self._broken = "", None
        elif self._broken is None or self._broken[0] != wanted or now >= self._broken[1]:
            self._load(wanted, now)

    def _load(self, wanted: str, now: float) -> None:
        try:
            release = load_release(self._folder / wanted, self._fingerprint, with_vectors=self._with_vectors)
        except AftersailError as error:
            self._broken = (wanted, now + RETRY_BROKEN_AFTER_S)
            self._report(f"Release {wanted} cannot be used: {error}")
            return
        self._release, self._problem, self._broken = release, "", None
        logger.info("release.in_use", release=wanted, vectors=self._with_vectors)
        if self._with_vectors:  # a process that answers customers; the first of them should not wait
            threading.Thread(target=_warm, args=(release,), name="warm-release", daemon=True).start()

    def _report(self, problem: str) -> None:
        if problem != self._problem:
            logger.error("release.problem", problem=problem, in_use=self._release.id if self._release else None)
        self._problem = problem


def _warm(release: Release) -> None:
    try:
        release.warm()
    except AftersailError as error:  # the message that needs it fails then, and says the same
        logger.error("release.not_warm", release=release.id, error=str(error))
