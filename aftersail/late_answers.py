"""Uses a reply token that is about to end for "still working, tap to see": the tap brings a new, free one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError

from connectors.channel import Channel
from conversations.contacts import Contacts
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

    def _is_told(self, conversation: Conversation) -> bool:
        rows = self.record.history(conversation.id, max(0, conversation.last_seq - LOOK_BACK), LOOK_BACK)
        return any(row.payload.get("response") == STILL_WORKING and row.status == Status.QUEUED for row in rows)

    def _tell_person(self, channel: str, account: str, sender: str, market: str) -> bool:
        conversation = self.record.open_conversation(channel, sender, market, account=account)
        if conversation.owner != BOT or not conversation.pending or self._is_told(conversation):
            return False  # answered without words, or a person will answer, or the notice is on its way
        release = self.holder.current()
        profile = release.markets[conversation.market]
        said = release.words.say(STILL_WORKING, market=profile, language=conversation.language or profile.languages[0])
        buttons = [button.to_json() for button in said.buttons]
        payload = {"response": STILL_WORKING, "buttons": buttons, ASKS_TAP: True}
        try:
            self.notices.send(conversation.id, Reply(said.text, said.language, payload, release.id))
        except Blocked as error:
            logger.error("notice_blocked", conversation=conversation.id, problems=len(error.violations))
            return False
        return True
