import base64
import json
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from connectors.webchat.errors import Refused
from connectors.webchat.tokens import LIFETIME_S, Tokens, Visitor, new_visitor
from conversations.model import Hints
from core.errors import SetupError
from core.settings import Settings
from tests.support.webchat import IDENTITY_SECRET, SECRET, Clock


def settings(secret: str = SECRET, identity: str = IDENTITY_SECRET) -> Settings:
    return Settings(_env_file=None, secret=SecretStr(secret), identity_secret=SecretStr(identity))


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(settings(), clock)


VISITOR = Visitor("v1", "DE", Hints(page_locale="de-DE", browser_languages=("de",), customer_ref="c-7"))


def test_a_token_carries_the_visitor(tokens: Tokens) -> None:
    assert tokens.read(tokens.sign(VISITOR)) == VISITOR


def test_a_token_expires_after_its_lifetime(tokens: Tokens, clock: Clock) -> None:
    token = tokens.sign(VISITOR)
    clock.now += LIFETIME_S - 1
    assert tokens.read(token) == VISITOR
    clock.now += 1
    with pytest.raises(Refused) as caught:
        tokens.read(token)
    assert caught.value.code == "expired"


def unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


GOOD = {"aud": "webchat", "sub": "v", "market": "DE", "hints": {}, "exp": 9_999_999_999}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "rubbish",
        "a.b.c",
        unsigned(GOOD),
        jwt.encode(GOOD, "x" * 40, "HS256"),
        jwt.encode(GOOD, SECRET, "HS512"),
        jwt.encode({**GOOD, "aud": "desk"}, SECRET, "HS256"),
        jwt.encode({key: value for key, value in GOOD.items() if key != "exp"}, SECRET, "HS256"),
        jwt.encode({**GOOD, "aud": None}, SECRET, "HS256"),
        jwt.encode(GOOD, SECRET, "HS256")[:-4] + "AAAA",
    ],
)
def test_wrong_tokens(tokens: Tokens, token: str) -> None:
    with pytest.raises(Refused) as caught:
        tokens.read(token)
    assert caught.value.code == "wrong_token"


def identity(secret: str = IDENTITY_SECRET, **claims: Any) -> str:
    return jwt.encode({"sub": "customer-9", "exp": 1_760_000_600, **claims}, secret, "HS256")


@pytest.mark.parametrize("claims", [{}, {"market": "DE"}, {"market": "de"}, {"exp": 1_759_999_990}])
def test_identity(tokens: Tokens, claims: dict[str, Any]) -> None:
    assert tokens.customer(identity(**claims), "DE") == "customer-9"


@pytest.mark.parametrize(
    "token",
    [
        identity(market="JP"),
        identity(exp=1_759_999_000),
        identity(sub=""),
        identity(sub="a\nb"),
        identity(sub="x" * 129),
        identity(secret=SECRET),
        jwt.encode({"sub": "customer-9"}, IDENTITY_SECRET, "HS256"),
        "rubbish",
    ],
)
def test_wrong_identity(tokens: Tokens, token: str) -> None:
    with pytest.raises(Refused) as caught:
        tokens.customer(token, "DE")
    assert caught.value.code == "wrong_identity"


def test_identity_without_a_shared_secret_is_refused(clock: Clock) -> None:
    with pytest.raises(Refused) as caught:
        Tokens(settings(identity=""), clock).customer(identity(), "DE")
    assert caught.value.code == "wrong_identity"


@pytest.mark.parametrize(("secret", "shared"), [("", ""), ("short", ""), (SECRET, "short")])
def test_weak_secrets_stop_the_start(clock: Clock, secret: str, shared: str) -> None:
    with pytest.raises(SetupError, match="openssl rand"):
        Tokens(settings(secret, shared), clock)


def test_visitors_differ() -> None:
    assert len({new_visitor("DE").id for _ in range(100)}) == 100
