"""What each answer of LINE's asks us to do."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.delivery.errors import (
    AccountDown,
    DeliveryError,
    Hold,
    Refused,
    TokenSpent,
    TryAgain,
    TryRecipientLater,
    Uncertain,
)
from connectors.line.errors import Answer, load_errors
from core.errors import ContentError
from tests.connectors.line.support import TOKEN, Vendor, answer, fails, task, token

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
MONTHLY = "You have reached your monthly limit."
RATE = "The API rate limit has been exceeded. Try again later."
DETAILS = [{"message": "May not be empty", "property": "messages[0].text"}]


async def refusal(path: str, given: Any) -> DeliveryError:
    """The error that sending ends with."""
    vendor = Vendor({path: [given]})
    channel = vendor.channel()
    one = task(token=token() if path == REPLY else None)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(one, channel.way(one))
    assert TOKEN not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("path", "status", "message", "kind", "code"),
    [
        (REPLY, 400, "Invalid reply token", TokenSpent, "invalid_reply_token"),
        (PUSH, 400, "Invalid reply token", Refused, "invalid_message"),
        (PUSH, 400, "The request body has 1 error(s)", Refused, "invalid_message"),
        (REPLY, 400, "The request body has 1 error(s)", Refused, "invalid_message"),
        (PUSH, 400, "Failed to send messages", Refused, "recipient_unknown"),
        (PUSH, 400, "The property, 'to', in the request body is invalid (line: -, column: -)", Refused,
         "recipient_invalid"),
        (PUSH, 401, "Authentication failed due to the following reason: expired", AccountDown, "token_invalid"),
        (REPLY, 403, "Access to this API is not available for your account", AccountDown, "not_allowed"),
        (PUSH, 404, "Not found", AccountDown, "wrong_address"),
        (PUSH, 302, "", AccountDown, "wrong_address"),
        (PUSH, 408, "", Uncertain, "timed_out"),
        (REPLY, 409, "", Refused, "refused"),
        (PUSH, 413, "", Refused, "too_large"),
        (PUSH, 415, "", Refused, "unsupported_type"),
        (PUSH, 418, "", Refused, "refused"),
        (PUSH, 429, MONTHLY, Hold, "quota_used"),
        (PUSH, 429, RATE, TryAgain, "rate_limit"),
        (REPLY, 429, RATE, TryAgain, "rate_limit"),
        (PUSH, 429, "", TryAgain, "rate_limit"),
        (PUSH, 429, "Too many messages to the same user", TryRecipientLater, "too_many_to_one"),
        (PUSH, 500, "Internal server error", Uncertain, "line_error"),
        (REPLY, 500, "Internal server error", Uncertain, "line_error"),
        (PUSH, 503, "", Uncertain, "line_error"),
    ],
)  # fmt: skip
async def test_answers(path: str, status: int, message: str, kind: type[DeliveryError], code: str) -> None:
    error = await refusal(path, lambda _: answer(status, message, {"x-line-request-id": "req-1"}))
    assert type(error) is kind
    assert error.code == code
    assert error.reason.startswith(f"HTTP {status}")
    assert "req-1" in error.reason
    assert len(error.remedy) > 10


@pytest.mark.parametrize("path", [REPLY, PUSH])
@pytest.mark.parametrize(
    ("broken", "kind", "code"),
    [
        (httpx.ConnectError, TryAgain, "unreachable"),
        (httpx.ConnectTimeout, TryAgain, "unreachable"),
        (httpx.PoolTimeout, TryAgain, "unreachable"),
        (httpx.ReadTimeout, Uncertain, "no_answer"),
        (httpx.WriteTimeout, Uncertain, "no_answer"),
        (httpx.ReadError, Uncertain, "no_answer"),
        (httpx.RemoteProtocolError, Uncertain, "no_answer"),
    ],
)
async def test_silence(path: str, broken: Any, kind: type[DeliveryError], code: str) -> None:
    error = await refusal(path, fails(broken))
    assert type(error) is kind
    assert error.code == code


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("999999", 3600.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
async def test_retry_after(header: str, seconds: float | None) -> None:
    error = await refusal(PUSH, lambda _: answer(429, RATE, {"retry-after": header}))
    assert error.retry_after_s == seconds


async def test_a_token_follows_no_redirect() -> None:
    vendor = Vendor({PUSH: [lambda _: answer(307, "", {"location": "https://elsewhere.example/"})]})
    with pytest.raises(AccountDown):
        await vendor.channel().send(task(), vendor.channel().way(task()))
    assert {request.url.host for request in vendor.asked} == {"api.line.me"}


async def test_details_are_told() -> None:
    error = await refusal(PUSH, lambda _: answer(400, "The request body has 1 error(s)", details=DETAILS))
    assert error.reason == "HTTP 400 The request body has 1 error(s); messages[0].text: May not be empty"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[1]", b'{"message": 7, "details": [3]}', b"\xff", b"x" * 400_000]
)
async def test_strange_bodies(content: bytes) -> None:
    error = await refusal(PUSH, lambda _: httpx.Response(500, content=content))
    assert error.code == "line_error"


@pytest.mark.parametrize("call", ["reply", "push", ""])
def test_every_status_has_a_rule(call: Any) -> None:
    table = load_errors()
    assert all(table.of_answer(Answer(status), call).remedy for status in range(100, 600))


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("{code: x, kind: never, remedy: long enough}", "use one of"),
        ("{code: x, kind: hold, remedy: short}", "at least 10"),
        ("{code: x, kind: hold, remedy: long enough, status: soon}", "valid integer"),
        ("{code: x, kind: hold, remedy: long enough, state: 4}", "not permitted"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, rule: str, part: str) -> None:
    path = tmp_path / "errors.yml"
    path.write_text(f"rules:\n  - {rule}\n")
    with pytest.raises(ContentError, match=part):
        load_errors(path)
