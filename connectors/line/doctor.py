"""Whether an account works, asked of LINE itself; each finding says what to do."""

import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import httpx

from connectors.delivery.errors import DeliveryError
from connectors.line.account import LineAccount
from connectors.line.api import LineApi, Request, http_date
from connectors.line.errors import Answer, load_errors
from connectors.line.fields import Fields
from connectors.line.quota import read_quota

MAX_CLOCK_DIFFERENCE_S = 5.0  # a reply token lives a minute, and the Date header has whole seconds


class Check(NamedTuple):
    """One finding. `text`: what was found and, when not ok, what to do."""

    name: str
    ok: bool
    text: str


async def examine(
    client: httpx.AsyncClient,
    account: LineAccount,
    webhook: str,
    clock: Callable[[], float] = time.time,
) -> list[Check]:
    """Findings in their order; `webhook`: the public https address of our webhook. Nothing is changed at LINE's."""
    doctor = _Doctor(LineApi(client, load_errors(), clock), account, webhook, clock)
    checks: list[tuple[str, Callable[[], Awaitable[tuple[bool, str]]]]] = [
        ("token and bot", doctor.bot),
        ("clock", doctor.clock),
        ("webhook address", doctor.endpoint),
        ("webhook test", doctor.test),
        ("quota", doctor.quota),
    ]
    findings = []
    for name, check in checks:
        try:
            findings.append(Check(name, *await check()))
        except DeliveryError as error:
            findings.append(Check(name, False, f"{error.code}: {error.reason}. {error.remedy}"))
    return findings


class _Doctor:
    def __init__(self, api: LineApi, account: LineAccount, webhook: str, clock: Callable[[], float]) -> None:
        self._api = api
        self._account = account
        self._webhook = webhook
        self._clock = clock

    async def bot(self) -> tuple[bool, str]:
        told = Fields((await self._ask("/v2/bot/info")).data)
        user, ours = told.id("userId"), self._account.bot_user_id
        if user != ours:
            return False, f"the token belongs to {user or 'nobody'}, bot_user_id is {ours}: put {user} into bot_user_id"
        mode = told.word("chatMode", 20)
        return True, f"{told.word('displayName', 50)} ({told.word('basicId', 50)}), chat mode {mode or 'unknown'}"

    async def clock(self) -> tuple[bool, str]:
        before = self._clock()
        there = http_date((await self._ask("/v2/bot/info")).date)
        if there is None:
            return True, "LINE told no time"
        difference = (before + self._clock()) / 2 - there
        text = f"this machine's clock differs by {difference:+.0f} s"
        if abs(difference) <= MAX_CLOCK_DIFFERENCE_S:
            return True, text
        return False, f"{text}: switch on time synchronisation (NTP), or reply tokens will be judged wrong"

    async def endpoint(self) -> tuple[bool, str]:
        told = Fields((await self._ask("/v2/bot/channel/webhook/endpoint")).data)
        there = told.text("endpoint")[:500]
        if there != self._webhook:
            return (
                False,
                f"LINE calls {there or 'nothing'}: set Webhook URL to {self._webhook} (console, Messaging API)",
            )
        if not told.flag("active"):
            return False, "the address is right but switched off: turn on Use webhook (console, Messaging API)"
        return True, f"LINE calls {there}"

    async def test(self) -> tuple[bool, str]:
        answer = await self._api.call(
            self._account, Request("POST", "/v2/bot/channel/webhook/test", {"endpoint": self._webhook})
        )
        if not answer.ok:
            raise self._api.errors.of_answer(answer)
        told = Fields(answer.data)
        text = f"{told.word('reason', 100)} {told.word('detail', 200)}".strip()
        if told.flag("success"):
            return True, f"LINE reached us: {text}"
        status = told.whole("statusCode")
        return False, (
            f"LINE got {status} {text}: 400 or 401 means a wrong channel_secret; without a status check DNS, "
            "certificate chain and firewall of the address"
        )

    async def quota(self) -> tuple[bool, str]:
        quota = await read_quota(self._api, self._account, self._clock())
        if quota.remaining is None:
            return True, f"{quota.used} pushes used this month, no limit"
        text = f"{quota.used} of {quota.limit} pushes used this month"
        if quota.remaining > self._account.push_reserve:
            return True, text
        return False, f"{text}: answers later than a minute are held; change the plan in LINE Official Account Manager"

    async def _ask(self, path: str) -> Answer:
        answer = await self._api.call(self._account, Request("GET", path))
        if not answer.ok:
            raise self._api.errors.of_answer(answer)
        return answer
