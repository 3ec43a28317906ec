"""What channels.yml may say of a number."""

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.whatsapp.account import API_URL, WhatsAppAccount
from tests.connectors.whatsapp.support import SECRET, TOKEN, account


def test_defaults_are_metas_limits() -> None:
    values = account().model_dump(exclude={"api_url"})
    found = WhatsAppAccount.model_validate(values)
    assert (found.vendor_id, found.api_url) == ("106540352242922", API_URL)
    assert (found.messages_per_second, found.recipient_limit) == (80, (45, 270.0))


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("phone_number_id", "+49 151", "phone_number_id"),
        ("business_account_id", "", "business_account_id"),
        ("name", "a b", "name"),
        ("market", "1", "market"),
        ("access_token", "with space inside", "visible ASCII"),
        ("app_secret", "short", "8 to 1024"),
        ("verify_token", "wörter-wörter", "visible ASCII"),
        ("api_url", "http://graph.facebook.com", "https"),
        ("api_url", "ftp://x", "https"),
        ("api_url", "https://user:pass@graph.test", "https"),
        ("api_url", "https://graph.test/?a=1", "https"),
        ("messages_per_second", 0, "messages_per_second"),
        ("messages_per_second", 5000, "messages_per_second"),
        ("pair_burst", 99, "pair_burst"),
        ("pair_interval_s", 1, "pair_interval_s"),
        ("colour", "red", "colour"),
    ],
)
def test_mistakes_are_named_without_secrets(field: str, value: Any, part: str) -> None:
    with pytest.raises(ValidationError) as caught:
        account(**{field: value})
    assert part in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "with space" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:9000/v24.0/", "http://127.0.0.1:1", "http://simulator:9000", "https://graph.test/v25.0"]
)
def test_simulators_may_be_on_this_network(url: str) -> None:
    assert account(api_url=url).api_url == url.rstrip("/")


def test_no_secret_is_shown() -> None:
    shown = repr(account()) + str(account()) + account().model_dump_json()
    assert TOKEN not in shown
    assert SECRET not in shown
    assert "our-own-word" not in shown
