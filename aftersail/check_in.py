"""Tells a customer who waits for a person and writes again once more until when: a few times, and no clock stops."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from aftersail.promise_apology import ChannelCost
from conversations import check_ins, rows
from conversations.check_ins import CheckIn
from conversations.model import Conversation, Reply
from conversations.notices import Notices
from conversations.outgoing import Blocked
from core.database import reading
from desk.deps import DeskDeps
from desk.live.notes import CUSTOMER, read_typing
from knowledge.release import Release
from knowledge.said_parts import made_of
from knowledge.values import Deadline
from knowledge.words import UnknownReply

logger = structlog.get_logger(__name__)

EVERY_S = 5.0
BATCH = 50  # told in one look
TYPING_S = 120.0  # who typed so lately is about to answer
AGAIN_S = 3600.0  # what cannot be sent now
MAX_LATER = 2_000  # conversations remembered


@dataclass(frozen=True)
class CheckIns:
    """Runs in the web process; several may, since what is due is asked again in the transaction that tells it."""

    engine: Engine
    notices: Notices
    release: Callable[[], Release]
    cost: Callable[[Conversation], ChannelCost]
    news: Callable[[str], object]
    clock: Callable[[], float]
    _later: OrderedDict[str, float] = field(default_factory=OrderedDict)  # by conversation: not before

    def rung(self, note: str) -> None:
        """A wake-up came, with its note: where an agent types nobody else speaks."""
        typing = read_typing(note)
        if typing and typing.on and typing.who != CUSTOMER:
            self._wait_with(typing.conversation_id, self.clock() + TYPING_S)

    async def run(self, stopped: asyncio.Event) -> None:
        """Look until `stopped`."""
        while not stopped.is_set():
            try:
                await asyncio.to_thread(self.look)
            except DBAPIError as error:
                logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")
            try:
                await asyncio.wait_for(stopped.wait(), EVERY_S)
            except TimeoutError:
                continue

    def look(self) -> int:
        """Number of customers who were told."""
        now = self.clock()
        with reading(self.engine) as connection:
            found = check_ins.due(connection, now, BATCH)
        return sum(self._is_told(each, now) for each in found if self._later.get(each.conversation_id, 0.0) <= now)

    def _is_told(self, found: CheckIn, now: float) -> bool:
        try:
            return self._tell(found, now)
        except DBAPIError:
            raise
        except Exception:  # one customer of whom it fails must not keep the others from hearing
            logger.critical("check_in_failed", conversation=found.conversation_id, exc_info=True)
            self._wait_with(found.conversation_id, now + AGAIN_S)
            return False

    def _tell(self, found: CheckIn, now: float) -> bool:
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, found.conversation_id)
        channel = self.cost(conversation)
        if not channel.sendable or channel.cost == "template":
            self._wait_with(conversation.id, now + AGAIN_S)
            return False
        try:
            reply = self._words(found, conversation)
            sent = self.notices.send_when(conversation.id, reply, lambda c: check_ins.is_due(c, found, now))
        except (Blocked, UnknownReply) as error:
            logger.error("check_in_failed", conversation=conversation.id, why=type(error).__name__)
            self._wait_with(conversation.id, now + AGAIN_S)
            return False
        if sent:
            self.news(conversation.id)
        return sent is not None

    def _words(self, found: CheckIn, conversation: Conversation) -> Reply:
        release = self.release()
        market = release.market_of(conversation.market)
        said = release.words.say(
            check_ins.REPLY,
            {"promised_at": Deadline(datetime.fromtimestamp(found.due_at, UTC))},
            market=market,
            language=conversation.language or market.languages[0],
            time_zone=conversation.hints.time_zone or None,
        )
        return Reply(said.text, said.language, {"response": check_ins.REPLY, **made_of(said.parts)}, release.id)

    def _wait_with(self, conversation_id: str, until: float) -> None:
        self._later[conversation_id] = until
        self._later.move_to_end(conversation_id)
        if len(self._later) > MAX_LATER:
            self._later.popitem(last=False)


def open_check_ins(deps: DeskDeps, notices: Notices) -> CheckIns:
    """The check-ins on the desk's parts."""
    return CheckIns(deps.engine, notices, deps.release, deps.channels.state, deps.news, deps.clock)
