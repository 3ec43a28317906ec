"""What an account may be, and that its secrets stay secret."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.connectors.line.support import BOT, TOKEN, account


def test_defaults() -> None:
    ours = account()
    assert ours.vendor_id == BOT
    assert (ours.api_url, ours.data_url) == ("https://api.line.me", "https://api-data.line.me")
    assert ours.push_reserve == 0


@pytest.mark.parametrize(
    ("given", "api", "data"),
    [
        ({"api_url": "http://127.0.0.1:9001/"}, "http://127.0.0.1:9001", "http://127.0.0.1:9001"),
        ({"api_url": "http://simulator:9001"}, "http://simulator:9001", "http://simulator:9001"),
        ({"api_url": "https://a.example", "data_url": "https://b.example"}, "https://a.example", "https://b.example"),
        ({"data_url": "https://b.example"}, "https://api.line.me", "https://b.example"),
        ({"api_url": "https://api.line.me"}, "https://api.line.me", "https://api-data.line.me"),
    ],
)
def test_addresses(given: dict[str, str], api: str, data: str) -> None:
    ours = account(**given)
    assert (ours.api_url, ours.data_url) == (api, data)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a b"},
        {"market": "Japan!"},
        {"bot_user_id": "@123abcde"},
        {"channel_secret": "short"},
        {"access_token": "has a space in it"},
        {"access_token": "has-a-break\nin-it"},
        {"access_token": "x" * 2001},
        {"api_url": "http://api.line.me"},
        {"api_url": "ftp://simulator"},
        {"api_url": "https://user:pass@api.line.me"},
        {"api_url": "https://api.line.me/?a=b"},
        {"push_reserve": -1},
        {"messages_per_second": 0},
        {"messages_per_second": 2001},
        {"unknown": 1},
    ],
)
def test_wrong_accounts(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        account(**changes)
    for secret in (TOKEN, "test_channel_secret", "has a space in it", "has-a-break"):
        assert secret not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    shown = repr(account()) + str(account()) + account().model_dump_json()
    assert TOKEN not in shown
    assert "test_channel_secret" not in shown
