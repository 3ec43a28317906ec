"""Calls people before a promise breaks, and gives the conversation to others when its owner is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from conversations import ownership
from conversations.duty_rows import duties, is_on_duty
from conversations.model import Conversation
from conversations.ownership import AGENT, QUEUE, Action, Event
from conversations.promise_model import ANSWERS, FIRST_REPLY, PARTS, SAFETY, Promise, PromiseState
from conversations.promise_rows import PromiseRow
from markets.profile import MarketProfile

LEADS = "leads"
AT_RISK, BROKEN = "promise_at_risk", "promise_broken"
OWNER_AWAY = "promise at risk, and its owner is not there"


class Alert(Protocol):
    """desk.queue.alerts.raise_alert."""

    def __call__(
        self,
        connection: Connection,
        agent: str,
        market: str,
        kind: str,
        conversation_id: str,
        now: float,
        details: Mapping[str, Any],
    ) -> object:
        """Write the alert in the caller's transaction."""


def is_heard(row: PromiseRow) -> bool:
    """Whether it is the clock that a customer of its tier hears of."""
    return row.clock == (PARTS if row.tier == PARTS else FIRST_REPLY)


@dataclass(frozen=True)
class Calls:
    """Who is called for which promise."""

    alert: Alert
    promise: Promise
    markets: Callable[[], Mapping[str, MarketProfile]]

    def make(
        self, connection: Connection, row: PromiseRow, after: PromiseState, conversation: Conversation, now: float
    ) -> bool:
        """Whether somebody was called: danger that nobody has taken each time, all else when its state changes."""
        danger = row.tier == SAFETY and conversation.owner == QUEUE and is_heard(row)
        if after == row.state and not danger:
            return False
        kind = BROKEN if after is PromiseState.BROKEN else AT_RISK
        called = [LEADS] if danger or self._for_leads(row, after, conversation) else []
        if conversation.owner.startswith(AGENT):
            if kind == AT_RISK and row.clock in ANSWERS and self._is_away(connection, conversation, now):
                self._release(connection, conversation, now)
                called = [LEADS]
            else:
                called.append(conversation.owner)
        details = {"clock": row.clock, "tier": row.tier, "due_at": row.due_at, "told": row.told}
        for agent in called:
            self.alert(connection, agent, conversation.market, kind, conversation.id, now, details)
        return bool(called)

    @staticmethod
    def _for_leads(row: PromiseRow, after: PromiseState, conversation: Conversation) -> bool:
        if conversation.owner == QUEUE:
            return True
        return row.clock in ANSWERS and (after is PromiseState.BROKEN or row.tier == SAFETY)

    def _is_away(self, connection: Connection, conversation: Conversation, now: float) -> bool:
        """Whether the owner has an account and is away or off duty; of others nothing is known."""
        profile = self.markets().get(conversation.market)
        name = conversation.owner.removeprefix(AGENT)
        duty = next((each for each in duties(connection, conversation.market) if each.name == name), None)
        if profile is None or duty is None:
            return False
        return not is_on_duty(duty, profile, datetime.fromtimestamp(now, UTC))

    def _release(self, connection: Connection, conversation: Conversation, now: float) -> None:
        action = Action(Event.RELEASE, ownership.SYSTEM, OWNER_AWAY, lead=True)
        ownership.move(connection, conversation.id, action, now, promise=self.promise)
