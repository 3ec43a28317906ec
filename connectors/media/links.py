"""Signed addresses of files: who has one may see this file, for so long, and no other."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import jwt

from core.errors import SetupError

LIFETIME_S = 30 * 86_400  # LINE loads a picture when it is looked at, days later
DAY_S = 86_400
MIN_SECRET = 32  # bytes, as RFC 7518 asks for HS256
MAX_TOKEN = 1_000  # characters
_AUDIENCE = "media"  # a token that we signed for something else opens no file
_ID = re.compile(r"[0-9a-f]{32}")


class MediaLinks:
    """Signs and reads addresses. Raises SetupError for a short secret or an address that is none."""

    def __init__(
        self, secret: str, public_url: str, clock: Callable[[], float] = time.time, lifetime_s: int = LIFETIME_S
    ) -> None:
        if len(secret.encode()) < MIN_SECRET:
            raise SetupError(
                f"AFTERSAIL_SECRET has fewer than {MIN_SECRET} bytes; make one with `openssl rand -hex 32`"
            )
        parts = urlsplit(public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise SetupError(f"{public_url!r} is no address of this installation; write it as https://chat.example.com")
        self._secret = secret
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._lifetime_s = lifetime_s

    def link(self, media_id: str) -> str:
        """The file's address, good for the lifetime and up to a day more; the same all day, so that it is cached."""
        ends = (int(self._clock()) + self._lifetime_s) // DAY_S * DAY_S + DAY_S
        claims = {"aud": _AUDIENCE, "sub": media_id, "exp": ends}
        return f"{self._public_url}/media/{jwt.encode(claims, self._secret, algorithm='HS256')}"

    def read(self, token: str) -> str | None:
        """The file's id; None: forged, expired, or signed for something else."""
        if len(token) > MAX_TOKEN:
            return None
        # Expiry is checked below with our own clock.
        options = {"require": ["exp", "sub", "aud"], "verify_exp": False}
        try:
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], audience=_AUDIENCE, options=options)  # type: ignore[arg-type]
        except (jwt.InvalidTokenError, ValueError):
            return None
        ends, media_id = claims["exp"], claims["sub"]
        if not isinstance(ends, int) or self._clock() >= ends or not _ID.fullmatch(str(media_id)):
            return None
        return str(media_id)
