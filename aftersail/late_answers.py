"""Uses a reply token that is about to end for "still working, tap to see": the tap brings a new, free one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.channel import Channel
from conversations import rows
from conversations.contacts import Contacts, newest_token
from conversations.model import Conversation, Reply, Status
from conversations.notices import Notices
from conversations.outbox import ASKS_TAP
from conversations.outgoing import Blocked
from conversations.ownership import BOT
from conversations.record import Record
from knowledge.release_holder import ReleaseHolder

logger = structlog.get_logger(__name__)

STILL_WORKING = "utter_line_still_working"
BEFORE_END_S = 15.0  # so long before its end a token is used for the notice
LOOK_EVERY_S = 2.0
LOOK_BACK = 10  # messages searched for a notice
Person = tuple[str, str, str]  # channel, account, sender


@dataclass(frozen=True)
class LateAnswers:
    """Watches tokens of the channels that have them."""

    contacts: Contacts
    record: Record
    notices: Notices
    holder: ReleaseHolder
    channels: Mapping[str, Channel]
    clock: Callable[[], float] = time.time

    async def run(self, stopped: asyncio.Event, ring: Callable[[], None]) -> None:
        """Look until `stopped`; `ring` wakes the sender."""
        while not stopped.is_set():
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                if await asyncio.to_thread(self.tell_waiting):
                    ring()
            except DBAPIError as error:
                logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")

    def tell_waiting(self) -> int:
        """Number of people told that their answer takes longer."""
        return sum(self._tell(channel) for channel in self.channels.values() if channel.reply_within_s)

    def _tell(self, channel: Channel) -> int:
        now = self.clock()
        ends = channel.reply_within_s
        told = 0
        for account, sender in self.contacts.expiring(channel.name, now - ends, now - ends + BEFORE_END_S):
            market = channel.accounts[account].market if account in channel.accounts else ""
            told += bool(market) and self._tell_person(channel.name, account, sender, market)
        return told

    def _is_due(self, connection: Connection, person: Person, conversation: Conversation) -> bool:
        """Whether a notice is called for: the bot owes an answer, a token is about to end, and none is on its way."""
        now, ends = self.clock(), self.channels[conversation.channel].reply_within_s
        current = rows.conversation(connection, conversation.id)
        if current.owner != BOT or not current.pending:
            return False  # answered without words, or a person will answer
        token = newest_token(connection, *person, now - ends)
        if token is None or token[1] > now - ends + BEFORE_END_S:
            return False  # used by now, or the person wrote again
        recent = rows.history(connection, current.id, max(0, current.last_seq - LOOK_BACK), LOOK_BACK)
        return not any(row.payload.get("response") == STILL_WORKING and row.status == Status.QUEUED for row in recent)

    def _tell_person(self, channel: str, account: str, sender: str, market: str) -> bool:
        person = (channel, account, sender)
        conversation = self.record.open_conversation(channel, sender, market, account=account)
        if conversation.owner != BOT or not conversation.pending:
            return False  # the usual case takes no write lock
        release = self.holder.current()
        profile = release.markets[conversation.market]
        said = release.words.say(STILL_WORKING, market=profile, language=conversation.language or profile.languages[0])
        buttons = [button.to_json() for button in said.buttons]
        payload = {"response": STILL_WORKING, "buttons": buttons, ASKS_TAP: True}
        reply = Reply(said.text, said.language, payload, release.id)
        try:  # asked again in the transaction that tells: another courier may look at the same moment
            sent = self.notices.send_when(conversation.id, reply, lambda c: self._is_due(c, person, conversation))
        except Blocked as error:
            logger.error("notice_blocked", conversation=conversation.id, problems=len(error.violations))
            return False
        return sent is not None
