"""Passwords: hashed with argon2id as OWASP advises, checked in the same time for everybody."""

import threading
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import RetryLater
from desk.people.errors import Refused

LEAST, MOST = 12, 200  # characters
LEAST_DIFFERENT = 5  # "aaaaaaaaaaaa" is guessed first
AT_ONCE = 4  # each takes 19 MiB and 30 ms
WAIT_S = 5.0
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"


def owasp_hasher() -> PasswordHasher:
    """Argon2id with 19 MiB, two passes, one lane."""
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Passwords:
    """Hashes and checks. One for the process: it bounds how many are worked on at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or owasp_hasher()
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is stored. Raises RetryLater when too many are worked on."""
        with self._turns():
            return self._hasher.hash(_normal(password))

    def verify(self, stored: str, password: str) -> bool:
        """Whether it is the password of `stored`; empty: nobody's, which takes as long. Raises RetryLater."""
        with self._turns():
            try:
                self._hasher.verify(stored or self._nobody, _normal(password[: MOST + 1]))
            except (VerificationError, InvalidHashError):
                return False
        return bool(stored)

    def is_old(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters: hash it anew while the password is known."""
        return self._hasher.check_needs_rehash(stored)

    def _turns(self) -> "_Turn":
        return _Turn(self._turn)


class _Turn:
    def __init__(self, semaphore: threading.BoundedSemaphore) -> None:
        self._semaphore = semaphore

    def __enter__(self) -> None:
        if not self._semaphore.acquire(timeout=WAIT_S):
            raise RetryLater("too many passwords are checked at once")

    def __exit__(self, *_: object) -> None:
        self._semaphore.release()


def check_new_password(password: str, name: str) -> None:
    """Raises Refused for one that is too short, too long, or among the first that anybody tries."""
    if len(password) < LEAST:
        raise Refused("password", "password_short", least=LEAST)
    if len(password) > MOST:
        raise Refused("password", "password_long", most=MOST)
    folded = _normal(password).casefold()
    if folded in _common() or len(set(folded)) < LEAST_DIFFERENT or folded.strip("0123456789!.-_ ") in ("", name):
        raise Refused("password", "password_common")


def _normal(password: str) -> str:
    """The same for keyboards that write one letter in different ways."""
    return unicodedata.normalize("NFKC", password)


@lru_cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))
