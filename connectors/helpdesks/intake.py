"""Applies what helpdesks told: answers go to the customer through the gate, states move the conversation."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.events import EVENT, AgentSaid, DeskEvent
from connectors.helpdesks.words_file import AgentWords, load_agent_words
from connectors.intake.in_order import InOrder
from connectors.intake.metrics import IntakeMetrics
from connectors.rounds import Wait, work_until
from conversations.helpdesk_cases import WAITING, HelpdeskCase
from conversations.helpdesk_replies import HelpdeskReplies
from conversations.inbox import Inbox, StoredEvent
from conversations.model import MAX_TEXT, Conversation, Reply
from conversations.outgoing import Blocked
from conversations.ownership_errors import Closed, OwnershipError
from core.errors import AftersailError

logger = structlog.get_logger(__name__)

IDLE_WAIT_S = 0.5
APPLY_S = 25.0  # for one event; a translation is in it
# What was delivered out of order is put right within these seconds. An end waits longest: nothing may come after it.
SETTLE_S: Mapping[str, float] = {"said": 1.0, "state": 3.0}


class Untranslated(AftersailError):
    """No translation can be had: the agent is told why and in which language to write."""

    def __init__(self, source: str, target: str, reason: str) -> None:
        super().__init__(reason)
        self.source, self.target, self.reason = source, target, reason


class CustomerWords(Protocol):
    """An agent's words as the customer gets them; aftersail/helpdesk_texts.py."""

    def reply(self, text: str, conversation: Conversation, written_in: str) -> Reply:
        """The words in the customer's language, marked when a machine made them. Raises Untranslated."""


@dataclass(frozen=True)
class DeskIntake:
    """One process's share of the events."""

    inbox: Inbox  # of helpdesks' events only
    accounts: Mapping[str, HelpdeskAccount]  # by our name
    replies: HelpdeskReplies
    words: CustomerWords
    news: Callable[[str], object]  # tells everybody that a conversation has something new
    metrics: IntakeMetrics
    clock: Callable[[], float] = time.time

    async def run(self, wait: Wait, stopped: asyncio.Event) -> None:
        """Apply until `stopped`; `wait` returns at a wake-up or after the given seconds."""
        await asyncio.to_thread(self.inbox.release)
        await work_until(stopped, self.apply_waiting, wait, IDLE_WAIT_S)

    async def apply_waiting(self) -> int:
        """Number of events that were applied."""
        queue = InOrder(self.inbox, self.metrics)
        return sum(await asyncio.gather(*(queue.apply(mine, self._one) for mine in await queue.claim())))

    async def _one(self, stored: StoredEvent) -> bool:
        """Whether the event is applied; else it waits on."""
        account = self.accounts[stored.body["account"]]
        event = EVENT.validate_python(stored.body["event"])
        if self.clock() < stored.received_at + SETTLE_S[event.what.type]:
            return False
        return await asyncio.wait_for(self._apply(account, event), APPLY_S)

    async def _apply(self, account: HelpdeskAccount, event: DeskEvent) -> bool:
        case = await asyncio.to_thread(self.replies.case_of, account.name, event.case_id, event.key)
        if case is None:
            return True  # one of theirs that did not come from us
        if case.state == WAITING:
            return False  # it has been made there, and we are about to learn it
        apply = self._said if isinstance(event.what, AgentSaid) else self._changed
        if await asyncio.to_thread(apply, account, case, event):
            self.news(case.conversation_id)
        return True

    def _said(self, account: HelpdeskAccount, case: HelpdeskCase, event: DeskEvent) -> bool:
        """Whether something is new: an answer for the customer, or a note for the agent."""
        said = event.what
        if not isinstance(said, AgentSaid) or self.replies.handled(case.desk, said.message):
            return False
        words = load_agent_words(account.language)
        try:
            if not said.text or len(said.text) > MAX_TEXT:
                raise _Unsendable("too_long" if said.text else "empty", count=len(said.text), most=MAX_TEXT)
            reply = self.words.reply(said.text, self.replies.conversation(case), account.language)
            self.replies.send(case, said.message, reply, said.agent)
        except (Blocked, Untranslated, OwnershipError, _Unsendable) as error:
            logger.info("helpdesk_answer_held", desk=case.desk, case=case.key, why=type(error).__name__)
            self.replies.refuse(case, said.message, f"{words.say('not_sent')}\n{_why(error, words)}")
            return True
        if said.files:
            self.replies.refuse(case, f"{said.message}:files", words.say("files", count=said.files))
        return True

    def _changed(self, account: HelpdeskAccount, case: HelpdeskCase, event: DeskEvent) -> bool:
        """Whether the conversation has moved."""
        what = event.what
        if isinstance(what, AgentSaid):
            return False
        words = load_agent_words(account.language)
        if what.state == "resolved":
            if not self.replies.resolve(case, event.at, account.when_resolved == "hand_back"):
                self.replies.refuse(case, event.id, words.say("customer_waits"))
        elif case.state != "open" and not self.replies.reopen(case):
            self.replies.refuse(case, event.id, words.say("not_yours" if case.taken else "closed"))
        return True


class _Unsendable(AftersailError):
    """There is nothing that could be sent."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def _why(error: AftersailError, words: AgentWords) -> str:
    """What the agent reads: which words, and what to do."""
    if isinstance(error, Blocked):
        found = [_violation(words, vars(violation)) for violation in error.violations]
        return "\n".join([*found, words.say("blocked_end")])
    if isinstance(error, Untranslated):
        return words.say("untranslated", source=error.source, target=error.target, reason=error.reason)
    if isinstance(error, _Unsendable):
        return words.say(error.key, **error.values)
    return words.say("closed" if isinstance(error, Closed) else "not_yours")


def _violation(words: AgentWords, violation: Mapping[str, object]) -> str:
    key = "blocked_fix" if violation.get("fix") else "blocked" if violation.get("found") else "blocked_whole"
    return words.say(key, **{name: violation.get(name) or "" for name in ("found", "reason", "fix")})
