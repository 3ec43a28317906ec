"""The channel: what connectors.channel.Channel asks for, over LINE's Messaging API."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from urllib.parse import quote

import httpx

from connectors.channel import Accepted, Account, Fetched, Outgoing, Planned, Profile, Task, Way, Words
from connectors.delivery.errors import DeliveryError, Refused
from connectors.events import Event, MediaRef
from connectors.line import render
from connectors.line.account import LineAccount
from connectors.line.api import LineApi, Request
from connectors.line.content import ContentReader
from connectors.line.errors import load_errors
from connectors.line.fields import Fields
from connectors.line.parse import parse
from connectors.line.quota import Quota, QuotaBook
from connectors.line.send import Sender, recipient
from connectors.line.signature import signers
from connectors.line.way import FRESH_S, choose

WRITING_S = 20  # seconds that the animation runs unless a message comes; LINE takes 5 to 60 in steps of 5
MAX_NAME = 100
MAX_LANGUAGE = 35


class LineChannel:
    """Every LINE account over one HTTP client, for one event loop. `sleep` waits between looks at a video."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        accounts: Sequence[LineAccount],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._accounts = {account.name: account for account in accounts}
        self._clock = clock
        self._api = LineApi(client, load_errors(), clock)
        self._quotas = QuotaBook(self._api, accounts, clock)
        self._sender = Sender(self._api, self._quotas, clock)
        self._content = ContentReader(self._api, sleep=sleep)

    @property
    def name(self) -> str:
        """The channel's name, in every row of it."""
        return "line"

    @property
    def accounts(self) -> Mapping[str, LineAccount]:
        """Accounts by our name."""
        return self._accounts

    @property
    def reports_delivery(self) -> bool:
        """False: LINE never says that a message was sent or delivered."""
        return False

    @property
    def proof_wait_s(self) -> float:
        """0: a push has its key, and a reply its token, which is good once."""
        return 0.0

    @property
    def reply_within_s(self) -> float:
        """Seconds that a reply token is tried."""
        return FRESH_S

    def signers(self, headers: Mapping[str, str], body: bytes) -> Sequence[Account]:
        """Accounts whose secret signed these raw bytes; empty: nobody's."""
        return signers(self._accounts.values(), headers, body)

    def parse(self, body: bytes) -> list[Event]:
        """The body's events in its order. Raises Unreadable when it is no webhook of LINE's."""
        return parse(body)

    def plan(self, rows: Sequence[Outgoing], words: Words) -> list[Planned]:
        """The calls that carry `rows`, in order."""
        return render.plan(rows, words)

    @property
    def paid_way(self) -> str:
        """What a message takes when it is not free."""
        return "push"

    def free_left_s(self, silent_s: float | None, token_age_s: float | None) -> float:
        """Seconds for which the newest reply token is still tried."""
        return 0.0 if token_age_s is None else max(0.0, FRESH_S - token_age_s)

    def way(self, task: Task) -> Way:
        """Reply while the token is young, else push. Raises Hold when the quota forbids it."""
        account = self._accounts[task.account]
        quota = self._quotas.current(task.account)
        return choose(task, quota, account.push_reserve, self._clock(), self._api.errors)

    def failure(self, code: str, reason: str) -> DeliveryError:
        """Refused: LINE never says later that a message failed, so nobody knows such a word."""
        return Refused(code, reason)

    async def prepare(self, task: Task) -> None:
        """Nothing: LINE loads files from their addresses."""

    async def send(self, task: Task, way: Way) -> Accepted:
        """What LINE took. Raises the errors of connectors.delivery.errors."""
        return await self._sender.send(self._accounts[task.account], task, way)

    async def acknowledge(self, account: str, address: Mapping[str, str], said: Mapping[str, str]) -> None:
        """Show that the message was read and an answer is being written. Raises DeliveryError, after trying both."""
        to, token = recipient(address), said.get("read_token", "")
        calls: list[Coroutine[None, None, None]] = []
        if token:
            calls.append(self._post(account, "/v2/bot/chat/markAsRead", {"markAsReadToken": token}))
        if to.startswith("U"):  # LINE animates chats with one person only
            calls.append(self._post(account, "/v2/bot/chat/loading/start", {"chatId": to, "loadingSeconds": WRITING_S}))
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def profile(self, account: str, sender: str) -> Profile | None:
        """Name and app language of a person; None: a group, or LINE does not tell. Raises DeliveryError."""
        if not sender.startswith("U"):
            return None
        request = Request("GET", f"/v2/bot/profile/{quote(sender, safe='')}")
        answer = await self._api.call(self._accounts[account], request)
        if answer.status == 404:
            return None
        if not answer.ok:
            raise self._api.errors.of_answer(answer)
        told = Fields(answer.data)
        return Profile(told.word("displayName", MAX_NAME), told.id("language", MAX_LANGUAGE))

    def fetch(self, account: str, media: MediaRef) -> AbstractAsyncContextManager[Fetched]:
        """A file of a message being read. Raises DeliveryError."""
        return self._content.fetch(self._accounts[account], media)

    def quota(self, account: str) -> Quota | None:
        """Pushes of the month as last told by LINE, less ours since; None: LINE has not told yet."""
        return self._quotas.known(account)

    async def renew_quota(self, account: str) -> None:
        """Ask LINE for the figures when they are old; that it does not tell stops nothing."""
        await self._quotas.renew(self._accounts[account])

    async def _post(self, account: str, path: str, body: Mapping[str, str | int]) -> None:
        answer = await self._api.call(self._accounts[account], Request("POST", path, body))
        if not answer.ok:
            raise self._api.errors.of_answer(answer)
