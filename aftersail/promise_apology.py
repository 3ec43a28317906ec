"""Tells a customer that a promise was not kept, before they ask: once for each, by day, and with a new honest one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from conversations import handoff_rows, promise_rows, rows
from conversations.model import Conversation, Reply
from conversations.notices import Notices
from conversations.outgoing import Blocked
from conversations.ownership_model import AGENT
from conversations.promise_model import PARTS, SAFETY, Asked, Promise, Promised
from conversations.promise_rows import PromiseRow
from core.database import reading
from core.schema import messages
from knowledge.release import Release
from knowledge.said_parts import made_of
from knowledge.values import Deadline
from knowledge.whose_clock import lived_in
from markets.openings import first_moment
from markets.profile import MarketProfile

logger = structlog.get_logger(__name__)

TOLD, NOT_TOLD = "utter_promise_broken_apology", "utter_still_waiting_apology"
PAUSE_S = 12 * 3600.0  # nobody hears two apologies within this time
JUST_ANSWERED_S = 600.0  # an apology on top of an answer is noise
AGAIN_S = 3600.0  # what cannot be sent now is tried again, until somebody answers
QUIET_FROM, QUIET_TO = time(21), time(8)  # on the customer's clock
ONE_DAY = timedelta(days=1)


class ChannelCost(Protocol):
    """What the next message costs: desk.deps.ChannelState."""

    @property
    def cost(self) -> str:
        """free, push, template."""

    @property
    def sendable(self) -> bool:
        """Whether anything can be sent now."""


@dataclass(frozen=True)
class Apologies:
    """Sends them through the gate, in the customer's language and the market's form."""

    engine: Engine
    notices: Notices
    release: Callable[[], Release]
    promise: Promise
    cost: Callable[[Conversation], ChannelCost]

    def tell(self, row: PromiseRow, now: float) -> float | None:
        """When to try again; None: the customer knows now, or nobody waits any more."""
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, row.conversation_id)
            later = self._not_before(connection, row, conversation, now)
            if later is not None:
                return later
            tier = "ordinary" if row.tier == PARTS else row.tier
            promised = self.promise(connection, Asked(conversation.id, conversation.market, tier, now))
        channel = self.cost(conversation)
        if not channel.sendable or channel.cost == "template":  # held until the customer writes, or is answered
            return now + AGAIN_S
        try:
            reply = self._words(row, conversation, promised)
            self.notices.send_when(conversation.id, reply, lambda c: self._is_due(c, row, promised, now))
        except Blocked as error:
            logger.error("apology_blocked", conversation=conversation.id, problems=len(error.violations))
            return now + AGAIN_S
        with reading(self.engine) as connection:
            return self._after(connection, row, now)

    def _words(self, row: PromiseRow, conversation: Conversation, promised: Promised) -> Reply:
        release = self.release()
        market = release.market_of(conversation.market)
        name = TOLD if row.told else NOT_TOLD
        said = release.words.say(
            name,
            {"promised_at": Deadline(datetime.fromtimestamp(promised.told.due_at, market.zone))},
            market=market,
            language=conversation.language or market.languages[0],
            time_zone=conversation.hints.time_zone or None,
        )
        return Reply(said.text, said.language, {"response": name, **made_of(said.parts)}, release.id)

    def _is_due(self, connection: Connection, row: PromiseRow, promised: Promised, now: float) -> bool:
        """Whether the apology goes out, with the new promise; asked in the transaction that sends it."""
        found = handoff_rows.of_conversation(connection, row.conversation_id)
        if found is None or found.waiting_since is None or _spoken_lately(connection, row, now) is not None:
            return False
        if not promise_rows.apologised(connection, row, now):
            return False
        handoff_rows.promise_anew(connection, found, promised, now)
        return True

    def _not_before(
        self, connection: Connection, row: PromiseRow, conversation: Conversation, now: float
    ) -> float | None:
        moments = [_spoken_lately(connection, row, now)]
        if row.tier != SAFETY:
            moments.append(_morning(_zone(self.release().market_of(conversation.market), conversation), now))
        return max((moment for moment in moments if moment is not None), default=None)

    def _after(self, connection: Connection, row: PromiseRow, now: float) -> float | None:
        """None when the promise is told or done; else somebody spoke in between, and it is looked at again."""
        mine = promise_rows.of_conversation(connection, row.conversation_id)
        left = next((each for each in mine if each.id == row.id), None)
        is_over = left is None or left.apologised_at is not None or left.state != row.state
        return None if is_over else _spoken_lately(connection, row, now) or now + JUST_ANSWERED_S


def _spoken_lately(connection: Connection, row: PromiseRow, now: float) -> float | None:
    """Until when nothing is said, as an apology or an answer has just gone out; None: nothing has."""
    apology = promise_rows.last_apology(connection, row.conversation_id)
    said = sa.select(sa.func.max(messages.c.created_at)).where(
        messages.c.conversation_id == row.conversation_id,
        messages.c.direction == "out",
        messages.c.author.startswith(AGENT),
    )
    answer: float | None = connection.execute(said).scalar_one()
    ends = [apology + PAUSE_S] if apology is not None else []
    ends += [answer + JUST_ANSWERED_S] if answer is not None else []
    return max((end for end in ends if end > now), default=None)


def _morning(zone: ZoneInfo, now: float) -> float | None:
    """When the customer's night ends; None by day."""
    here = datetime.fromtimestamp(now, zone)
    if QUIET_TO <= here.time() < QUIET_FROM:
        return None
    day = here.date() if here.time() < QUIET_TO else here.date() + ONE_DAY
    return first_moment(day, QUIET_TO, zone).timestamp()


def _zone(market: MarketProfile, conversation: Conversation) -> ZoneInfo:
    return lived_in(conversation.hints.time_zone) or market.zone
