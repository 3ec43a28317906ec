"""What the doctor finds, and that it says what to do."""

from email.utils import formatdate
from typing import Any

import httpx
import pytest

from connectors.line.account import LineAccount
from connectors.line.doctor import Check, examine
from tests.connectors.line.support import BOT, NOW, TOKEN, Clock, Vendor, account, always, answer, fails

HOOK = "https://shop.example/webhooks/line"
INFO = "/v2/bot/info"
ENDPOINT = "/v2/bot/channel/webhook/endpoint"
TEST = "/v2/bot/channel/webhook/test"
QUOTA = "/v2/bot/message/quota"
USED = "/v2/bot/message/quota/consumption"


def healthy() -> dict[str, list[Any]]:
    bot = {"userId": BOT, "basicId": "@orikka", "displayName": "Orikka", "chatMode": "bot"}
    return {
        INFO: always(200, "", {"date": formatdate(NOW, usegmt=True)}, **bot),
        ENDPOINT: always(200, endpoint=HOOK, active=True),
        TEST: always(200, success=True, statusCode=200, reason="OK", detail="200"),
        QUOTA: always(200, type="limited", value=200),
        USED: always(200, totalUsage=12),
    }


async def checks(answers: dict[str, list[Any]], ours: LineAccount | None = None) -> dict[str, Check]:
    async with Vendor(answers).client() as client:
        found = await examine(client, ours or account(), HOOK, Clock())
    assert not any(TOKEN in check.text for check in found)
    return {check.name: check for check in found}


async def test_all_is_well() -> None:
    found = await checks(healthy())
    assert list(found) == ["token and bot", "clock", "webhook address", "webhook test", "quota"]
    assert all(check.ok for check in found.values())
    assert found["quota"].text == "12 of 200 pushes used this month"
    assert "@orikka" in found["token and bot"].text


@pytest.mark.parametrize(
    ("path", "given", "name", "part"),
    [
        (INFO, always(401, "Authentication failed"), "token and bot", "Issue a channel access token"),
        (INFO, always(200, userId="U" + "9" * 32), "token and bot", "bot_user_id"),
        (INFO, [fails(httpx.ConnectError)], "token and bot", "network"),
        (INFO, always(200, "", {"date": formatdate(NOW - 90, usegmt=True)}, userId=BOT), "clock", "+90 s"),
        (ENDPOINT, always(200, endpoint="https://old.example", active=True), "webhook address", HOOK),
        (ENDPOINT, always(404, "Not found"), "webhook address", "wrong_address"),
        (ENDPOINT, always(200, endpoint=HOOK, active=False), "webhook address", "Use webhook"),
        (TEST, always(200, success=False, statusCode=401, reason="ERROR_STATUS_CODE", detail="401"), "webhook test",
         "channel_secret"),
        (TEST, always(429, "rate"), "webhook test", "rate_limit"),
        (USED, always(200, totalUsage=200), "quota", "held"),
        (QUOTA, [fails(httpx.ReadTimeout)], "quota", "unreachable"),
    ],
)  # fmt: skip
async def test_findings(path: str, given: list[Any], name: str, part: str) -> None:
    found = await checks({**healthy(), path: given})
    assert not found[name].ok
    assert part in found[name].text


async def test_no_limit_and_no_time() -> None:
    answers = healthy()
    answers[QUOTA] = always(200, type="none")
    answers[INFO] = [lambda _: answer(200, userId=BOT)]
    found = await checks(answers)
    assert found["quota"] == Check("quota", True, "12 pushes used this month, no limit")
    assert found["clock"].ok


async def test_the_reserve_is_told() -> None:
    assert not (await checks(healthy(), account(push_reserve=190)))["quota"].ok
