"""Replies and pushes, and what each answer of LINE's means."""

import time
from collections.abc import Callable, Mapping

from connectors.channel import Accepted, Task, Way
from connectors.delivery.errors import DeliveryError, Hold, TokenSpent, TryAgain, Uncertain
from connectors.line.account import LineAccount
from connectors.line.api import LineApi, Request
from connectors.line.errors import Answer
from connectors.line.fields import Fields
from connectors.line.quota import QuotaBook
from connectors.line.way import check_quota

# A reply that got no answer must be repeated within its token's minute to find out what became of it.
REPLY_SILENCE_S = 5.0
REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
KEY_KNOWN = 409  # an earlier try with this retry key was taken


def recipient(address: Mapping[str, str]) -> str:
    """The user, group or room id; empty: the address has none."""
    return address.get("id", "")


class Sender:
    """Makes planned calls."""

    def __init__(self, api: LineApi, quotas: QuotaBook, clock: Callable[[], float] = time.time) -> None:
        self._api = api
        self._quotas = quotas
        self._clock = clock

    async def send(self, account: LineAccount, task: Task, way: Way) -> Accepted:
        """What LINE took. Raises the errors of connectors.delivery.errors."""
        try:
            return await (self._reply if way.name == "reply" else self._push)(account, task, way)
        except TryAgain as error:
            if task.uncertain is None:
                raise
            # This try was not taken, but the one before may have been: the doubt stays.
            raise Uncertain(error.code, error.reason, error.remedy, error.retry_after_s) from error

    async def _reply(self, account: LineAccount, task: Task, way: Way) -> Accepted:
        body = {"replyToken": way.detail["token"], **task.body}
        # No X-Line-Retry-Key: LINE refuses replies that carry one.
        request = Request("POST", REPLY, body, repeatable=False, silence_s=REPLY_SILENCE_S)
        answer = await self._api.call(account, request)
        if answer.ok:
            return Accepted(_sent(answer))
        error = self._api.errors.of_answer(answer, "reply")
        if isinstance(error, TokenSpent) and self._was_taken(task, way):
            return Accepted(())
        raise error

    def _was_taken(self, task: Task, way: Way) -> bool:
        """Whether a spent token means that our earlier try with it arrived: nobody else uses it, and it still lives."""
        earlier = task.uncertain is not None and task.uncertain.get("token") == way.detail["token"]
        return earlier and self._clock() < float(way.detail.get("until", 0))

    async def _push(self, account: LineAccount, task: Task, way: Way) -> Accepted:
        to = recipient(task.address)
        if not to:
            raise self._api.errors.named("no_recipient", "the address names no user, group or room")
        if task.uncertain is None:
            check_quota(task, await self._quotas.renew(account), account.push_reserve, self._api.errors)
        headers = {"X-Line-Retry-Key": str(way.detail["key"])}
        answer = await self._api.call(account, Request("POST", PUSH, {"to": to, **task.body}, headers, False))
        if answer.ok or answer.status == KEY_KNOWN:
            # A group costs one for every member, and a known key may have been counted already.
            count = self._quotas.count if answer.ok and to.startswith("U") else self._quotas.doubt
            count(account.name)
            return Accepted(_sent(answer))
        raise self._refusal(account, answer)

    def _refusal(self, account: LineAccount, answer: Answer) -> DeliveryError:
        error = self._api.errors.of_answer(answer, "push")
        if isinstance(error, Hold):
            self._quotas.used_up(account.name)
        return error


def _sent(answer: Answer) -> tuple[str, ...]:
    """LINE's ids of the messages that it took; empty: it told none."""
    ids = (message.id("id") for message in Fields(answer.data).objects("sentMessages"))
    return tuple(one for one in ids if one)
