"""Slows guessing down. Nobody is locked out for good: a browser that knows the person has a window of its own."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from sqlalchemy.engine import Engine

from core.settings import Settings
from desk.errors import TooOften
from desk.people.attempt_windows import AttemptWindows, Window

NAME_AND_ADDRESS = RateLimitItemPerMinute(8, 10)
ADDRESS = RateLimitItemPerMinute(40, 10)  # an office behind one address has many who mistype
NAME = RateLimitItemPerHour(60)  # from anywhere, by browsers that do not know the person
DEVICE = RateLimitItemPerMinute(10, 10)  # of a browser that does
LINKS = RateLimitItemPerMinute(20, 10)
TOKENS = RateLimitItemPerMinute(20, 10)  # wrong ones of the API


@dataclass(frozen=True)
class Try:
    """Somebody tries to be `name`."""

    name: str
    address: str
    device: str = ""  # of a cookie that proves an earlier sign-in as `name`; empty: none

    @property
    def windows(self) -> Sequence[Window]:
        """What counts it."""
        if self.device:
            return [(DEVICE, ("device", self.device))]
        return [
            (NAME_AND_ADDRESS, ("pair", self.name, self.address)),
            (ADDRESS, ("address", self.address)),
            (NAME, ("name", self.name)),
        ]


class Guard:
    """Counts tries in the database."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._windows = AttemptWindows(engine, clock)

    def count(self, tried: Try) -> None:
        """Count it before the password is looked at. Raises TooOften; what is refused is not counted."""
        self._count(tried.windows)

    def forgive(self, tried: Try) -> None:
        """It was the person themself: their own windows are empty again, the address gets its one back."""
        for window in tried.windows:
            if window[1][0] in ("pair", "device"):
                self._windows.clear(window)
            else:
                self._windows.give_back(window)

    def count_link(self, address: str) -> None:
        """Count a one-time link that is not good. Raises TooOften."""
        self._count([(LINKS, ("link", address))])

    def check_token(self, address: str) -> None:
        """Look at no API token of an address that has shown too many wrong ones. Raises TooOften."""
        self._check([_tokens(address)])

    def count_token(self, address: str) -> None:
        """Count a wrong API token; a right one costs nothing. Raises TooOften."""
        self._count([_tokens(address)])

    def _count(self, windows: Sequence[Window]) -> None:
        self._check(windows)
        for window in windows:
            if not self._windows.hit(window):  # another try was quicker
                raise TooOften(self._windows.wait_s(window) or 1.0)

    def _check(self, windows: Sequence[Window]) -> None:
        for window in windows:
            if wait := self._windows.wait_s(window):
                raise TooOften(wait)


def _tokens(address: str) -> Window:
    return TOKENS, ("token", address)


def device_proof(settings: Settings, name: str, nonce: str = "") -> str:
    """Cookie that says: somebody signed in as `name` in this browser. It opens nothing."""
    nonce = nonce or secrets.token_urlsafe(12)
    secret = settings.secret.get_secret_value().encode()
    return f"{nonce}.{hmac.new(secret, f'device {nonce} {name}'.encode(), hashlib.sha256).hexdigest()}"


def known_device(settings: Settings, name: str, cookie: str) -> str:
    """The device of a cookie that is ours and of this person; empty for any other."""
    nonce, dot, _ = cookie[:200].partition(".")
    if not dot or not nonce or not settings.secret.get_secret_value():
        return ""
    return nonce if hmac.compare_digest(device_proof(settings, name, nonce).encode(), cookie.encode()) else ""
