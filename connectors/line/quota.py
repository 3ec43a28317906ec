"""How many pushes of the month are left: asked of LINE every few minutes, counted down by our own in between."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from connectors.delivery.errors import DeliveryError
from connectors.line.account import LineAccount
from connectors.line.api import LineApi, Request
from connectors.line.fields import Fields

HOLD_S = 300.0  # seconds that LINE's figures are believed
PAUSE_S = 60.0  # seconds between tries when LINE does not tell

log = structlog.get_logger()


@dataclass(frozen=True)
class Quota:
    """Pushes of the running month. `limit` None: the plan has none."""

    limit: int | None
    used: int
    at: float  # when LINE told, seconds since 1970

    @property
    def remaining(self) -> int | None:
        """Pushes left, never below 0; None: no limit."""
        return None if self.limit is None else max(self.limit - self.used, 0)


class QuotaBook:
    """Quotas by account."""

    def __init__(self, api: LineApi, accounts: Sequence[LineAccount], clock: Callable[[], float] = time.time) -> None:
        self._api = api
        self._clock = clock
        self._quotas: dict[str, Quota] = {}
        self._asked: dict[str, float] = {}
        self._locks = {account.name: asyncio.Lock() for account in accounts}

    def known(self, name: str) -> Quota | None:
        """The last figures, however old; None: LINE has not told yet."""
        return self._quotas.get(name)

    def current(self, name: str) -> Quota | None:
        """Figures that are young enough to decide by; None: there are none."""
        quota = self._quotas.get(name)
        return quota if quota and self._clock() - quota.at < HOLD_S else None

    async def renew(self, account: LineAccount) -> Quota | None:
        """Current figures, asked of LINE when they are old; None: LINE does not tell, which stops nothing."""
        async with self._locks[account.name]:
            now = self._clock()
            if self.current(account.name) or now - self._asked.get(account.name, float("-inf")) < PAUSE_S:
                return self.current(account.name)
            self._asked[account.name] = now
            try:
                self._quotas[account.name] = await read_quota(self._api, account, now)
            except DeliveryError as error:
                log.warning("line_quota_unknown", account=account.name, code=error.code, reason=error.reason)
            return self.current(account.name)

    def count(self, name: str) -> None:
        """One push to one person was taken."""
        quota = self._quotas.get(name)
        if quota:
            self._quotas[name] = replace(quota, used=quota.used + 1)

    def doubt(self, name: str) -> None:
        """Something was taken that only LINE counts: ask it before the next push."""
        self._asked.pop(name, None)
        quota = self._quotas.get(name)
        if quota:
            self._quotas[name] = replace(quota, at=float("-inf"))

    def used_up(self, name: str) -> None:
        """LINE says that nothing is left."""
        quota = self._quotas.get(name)
        if quota and quota.limit is not None:
            self._quotas[name] = replace(quota, used=max(quota.limit, quota.used))


async def read_quota(api: LineApi, account: LineAccount, now: float) -> Quota:
    """LINE's own figures. Raises DeliveryError."""
    limit = await _ask(api, account, "/v2/bot/message/quota")
    used = await _ask(api, account, "/v2/bot/message/quota/consumption")
    bound = limit.whole("value") if limit.text("type") == "limited" else None
    return Quota(None if bound is None else max(bound, 0), max(used.whole("totalUsage") or 0, 0), now)


async def _ask(api: LineApi, account: LineAccount, path: str) -> Fields:
    answer = await api.call(account, Request("GET", path))
    if not answer.ok:
        raise api.errors.of_answer(answer)
    return Fields(answer.data)
