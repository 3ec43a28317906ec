"""Signatures over raw bytes, and the handshake."""

import hashlib
import hmac

import pytest

from connectors.whatsapp import signature
from connectors.whatsapp.signature import handshake, signers
from tests.connectors.whatsapp.support import SECRET, account

HEADER = "x-hub-signature-256"
# Computed with other code; key "test_app_secret".
VECTORS = [
    (
        b'{"object":"whatsapp_business_account","entry":[]}',
        "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    ),
    (
        b'{"object":"whatsapp_business_account","entry":[{"t":"caf\\u00e9"}]}',
        "sha256=edce92f8237b58138662b1f752712cc3b84d5fc1c9692b0b06429ed07903fd00",
    ),
    (
        '{"object":"whatsapp_business_account","entry":[{"t":"café"}]}'.encode(),
        "sha256=24888391ac66f74e5628b46cf37d8d71b6ffad0125b1409d83bc7bb3a67919aa",
    ),
]
BODY, VALUE = VECTORS[0]


@pytest.mark.parametrize(("body", "value"), VECTORS)
def test_vectors(body: bytes, value: str) -> None:
    assert [each.name for each in signers([account()], {HEADER: value}, body)] == ["orikka-de"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sha256=",
        VALUE[7:],
        VALUE.upper(),
        VALUE[:-1],
        VALUE + "0",
        VECTORS[1][1],
        "sha1=" + "0" * 40,
        "sha256=ä\ud800",
    ],
)
def test_anything_else_is_nobodys(value: str) -> None:
    assert signers([account()], {HEADER: value}, BODY) == []
    assert signers([account()], {}, BODY) == []


def test_accounts_of_one_app_share_a_signature_and_others_do_not() -> None:
    ours = [account(), account(name="orikka-br", phone_number_id="2"), account(name="other", app_secret="other-secret")]
    assert [each.name for each in signers(ours, {HEADER: VALUE}, BODY)] == ["orikka-de", "orikka-br"]


def test_every_secret_is_tried_even_after_a_match(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    compare = hmac.compare_digest
    monkeypatch.setattr(signature.hmac, "compare_digest", lambda a, b: tried.append(a) or compare(a, b))
    ours = [account(name=f"n{index}", app_secret=f"{SECRET}{index or ''}") for index in range(4)]
    assert len(signers(ours, {HEADER: VALUE}, BODY)) == 1
    assert len(set(tried)) == 4


def test_the_bytes_count_and_not_their_meaning() -> None:
    spaced = BODY.replace(b":", b": ")
    assert signers([account()], {HEADER: VALUE}, spaced) == []
    right = "sha256=" + hmac.new(SECRET.encode(), spaced, hashlib.sha256).hexdigest()
    assert signers([account()], {HEADER: right}, spaced)


QUERY = {"hub.mode": "subscribe", "hub.verify_token": "our-own-word", "hub.challenge": "1158201444"}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "1158201444"),
        ({"hub.mode": "unsubscribe"}, None),
        ({"hub.verify_token": "wrong"}, None),
        ({"hub.verify_token": ""}, None),
        ({"hub.verify_token": "\ud800"}, None),
        ({"hub.challenge": ""}, None),
        ({"hub.challenge": "<script>"}, None),
        ({"hub.challenge": "1" * 300}, None),
    ],
)
def test_handshake(changes: dict[str, str], answer: str | None) -> None:
    assert handshake({**QUERY, **changes}, [account(name="first", verify_token="another-word"), account()]) == answer
    assert handshake({}, [account()]) is None
