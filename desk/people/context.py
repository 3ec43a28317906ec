"""What the pages of accounts share in the process: made once, of the desk's settings."""

import threading
from dataclasses import dataclass, field

from desk.deps import DeskDeps
from desk.people.accounts import By
from desk.people.cookies import DEVICE_COOKIE, address_of, device_of
from desk.people.guard import Guard, Try, known_device
from desk.people.openid import OpenIdProvider
from desk.people.passwords import Passwords
from desk.people.sign_in import Browser
from desk.web.ask import Ask
from desk.web.routing import COOKIE

MAX_COOKIE = 200


@dataclass
class Context:
    """Passwords bounds the work, the provider remembers its keys."""

    passwords: Passwords = field(default_factory=Passwords)
    _provider: OpenIdProvider | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def guard(self, deps: DeskDeps) -> Guard:
        """Counts tries; its state is in the database."""
        return Guard(deps.engine, deps.clock)

    def provider(self, deps: DeskDeps) -> OpenIdProvider | None:
        """The OpenID provider; None when none is configured. Raises SetupError."""
        with self._lock:
            if self._provider is None and OpenIdProvider.is_configured(deps.settings):
                self._provider = OpenIdProvider(deps.settings, deps.clock)
            return self._provider


def try_of(ask: Ask, name: str) -> Try:
    """Somebody at this browser tries to be `name`."""
    cookie = ask.request.cookies.get(DEVICE_COOKIE, "")
    device = known_device(ask.deps.settings, name, cookie)
    return Try(name, address_of(ask.request, ask.deps.settings), device)


def browser_of(ask: Ask) -> Browser:
    """Where the request comes from."""
    token = ask.request.cookies.get(COOKIE, "")[:MAX_COOKIE]
    return Browser(address_of(ask.request, ask.deps.settings), device_of(ask.request), token)


def by_viewer(ask: Ask) -> By:
    """The viewer does it now."""
    return By(ask.viewer.owner, ask.now, ask.viewer.session)
