"""Signed tokens: who a visitor is, and who the shop says a customer is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import jwt

from connectors.webchat.errors import Refused
from conversations.model import Hints
from core.errors import SetupError
from core.settings import Settings

LIFETIME_S = 30 * 24 * 3600
LEEWAY_S = 30  # the shop's clock may differ a little
MIN_SECRET = 32  # bytes, as RFC 7518 asks for HS256
_AUDIENCE = "webchat"  # a token that we signed for something else opens no conversation
_REFERENCE = re.compile(r"[^\x00-\x1f\x7f]{1,128}")


@dataclass(frozen=True)
class Visitor:
    """One browser's visit to one market; the id is the sender in the record."""

    id: str
    market: str
    hints: Hints = field(
        default_factory=Hints
    )  # travel in the token, so a conversation that opens later knows them too


class Tokens:
    """Signs and reads tokens."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._secret = settings.secret.get_secret_value()
        self._identity_secret = settings.identity_secret.get_secret_value()
        self._clock = clock
        for name, secret in (("AFTERSAIL_SECRET", self._secret), ("AFTERSAIL_IDENTITY_SECRET", self._identity_secret)):
            if secret and len(secret.encode()) < MIN_SECRET:
                raise SetupError(f"{name} has fewer than {MIN_SECRET} bytes; make one with `openssl rand -hex 32`")
        if not self._secret:
            raise SetupError("AFTERSAIL_SECRET is empty; make one with `openssl rand -hex 32`")

    def sign(self, visitor: Visitor) -> str:
        """A token that proves the visit for 30 days."""
        claims = {
            "aud": _AUDIENCE,
            "sub": visitor.id,
            "market": visitor.market,
            "hints": visitor.hints.to_json(),
            "exp": int(self._clock()) + LIFETIME_S,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, token: str) -> Visitor:
        """The visitor. Raises Refused: wrong_token, expired."""
        claims = self._claims(token, self._secret, "wrong_token", audience=_AUDIENCE)
        if self._clock() >= claims["exp"]:
            raise Refused("expired", "this token has expired; open a new session")
        return Visitor(claims["sub"], claims["market"], Hints.from_json(claims["hints"]))

    def customer(self, identity: str, market: str) -> str:
        """The shop's reference of the customer. Raises Refused (wrong_identity)."""
        if not self._identity_secret:
            raise Refused("wrong_identity", "this installation has no AFTERSAIL_IDENTITY_SECRET")
        claims = self._claims(identity, self._identity_secret, "wrong_identity")
        if self._clock() >= claims["exp"] + LEEWAY_S:
            raise Refused("wrong_identity", "this identity has expired; the page must sign a fresh one")
        if str(claims.get("market", market)).upper() != market:
            raise Refused("wrong_identity", "this identity belongs to another market")
        if not _REFERENCE.fullmatch(claims["sub"]):
            raise Refused("wrong_identity", "sub must have 1 to 128 characters and no control characters")
        return str(claims["sub"])

    @staticmethod
    def _claims(token: str, secret: str, code: str, audience: str | None = None) -> dict[str, Any]:
        # Expiry is checked by the caller with our own clock.
        options: Any = {"require": ["exp", "sub"], "verify_exp": False, "verify_aud": audience is not None}
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], audience=audience, options=options)
        except (jwt.InvalidTokenError, ValueError) as error:
            raise Refused(code, "this token was not signed for this chat") from error
        if not isinstance(claims["exp"], int | float) or isinstance(claims["exp"], bool):
            raise Refused(code, "exp must be a number")
        return claims


def new_visitor(market: str) -> Visitor:
    """A visitor that nobody can guess: the id has 122 random bits."""
    return Visitor(uuid4().hex, market)
