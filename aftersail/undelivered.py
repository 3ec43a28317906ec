"""What happens when a message cannot be sent: the customer is asked to open the door, or a person is told why."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy.engine import Engine

from connectors.delivery.errors import DeliveryError
from connectors.whatsapp.templates import REPLY_WAITING
from conversations.contacts import Contacts
from conversations.dead_letters import DeadLetters
from conversations.delivery_model import Delivery
from conversations.model import Conversation, HandoffRequest, Message, Reply, Status
from conversations.notices import SYSTEM_AUTHOR, Notices
from conversations.outgoing import Blocked
from conversations.ownership import hand_over
from conversations.promise_facts import to_promised
from conversations.record import Record
from conversations.surveys import could_not_ask
from core.errors import NotFound
from knowledge.release import Release
from knowledge.release_holder import ReleaseHolder
from markets.profile import MarketProfile
from markets.promise import promise

logger = structlog.get_logger(__name__)

REASON = "undelivered"
INVITATION = "template_reply_waiting"
WINDOW_CLOSED = "window_closed"
COMES_LATER = frozenset({"quota_kept"})  # the customer's next tap or message fetches it
LOOK_BACK = 50  # messages searched for an invitation
WHO = "aftersail"  # who discards a notice


@dataclass(frozen=True)
class Undelivered:
    """Called by the sender for each delivery that is held or failed."""

    engine: Engine
    record: Record
    contacts: Contacts
    notices: Notices
    holder: ReleaseHolder
    notify: Callable[[str], object]
    clock: Callable[[], float] = time.time

    def __call__(self, conversation: Conversation, delivery: Delivery, error: DeliveryError) -> None:
        """Invite the customer to write when the window is closed; else, or when that fails too, tell a person."""
        if delivery.author == SYSTEM_AUTHOR:  # "tap to read it" must not follow what it speaks of
            self._forget(delivery)
        if error.code in COMES_LATER:
            return
        if delivery.author == SYSTEM_AUTHOR and could_not_ask(self.engine, conversation.id, error.code):
            return  # nobody waits for a survey
        if error.code == WINDOW_CLOSED and delivery.author != SYSTEM_AUTHOR and self._invite(conversation):
            return
        told = {"code": error.code, "reason": error.reason, "remedy": error.remedy, "delivery": delivery.id}
        now = self.clock()
        market = self.holder.current().market_of(conversation.market)
        promised = to_promised(promise(market, "ordinary", datetime.fromtimestamp(now, UTC)))
        packet = {"undelivered": told, "wants": self._last_words(conversation)}
        request = HandoffRequest(REASON, "ordinary", packet, promised.told.due_at, promised)
        if not hand_over(self.engine, conversation.id, request, now):
            self.record.note(conversation.id, {"content": REASON, **told})
        self.notify(conversation.id)

    def _invite(self, conversation: Conversation) -> bool:
        """Whether the customer has been asked, now or since their last message, to tap for the answer."""
        if self._invited(conversation):
            return True
        release = self.holder.current()
        market = release.market_of(conversation.market)
        reply = invitation(release, market, conversation.language)
        try:
            self.notices.send(conversation.id, reply)
        except Blocked as error:
            logger.error("invitation_blocked", conversation=conversation.id, problems=len(error.violations))
            return False
        return True

    def _invited(self, conversation: Conversation) -> bool:
        contact = self.contacts.find(conversation.channel, conversation.account, conversation.sender)
        since = (contact.last_inbound_at if contact else None) or 0.0
        return any(
            row.payload.get("response") == INVITATION and row.created_at > since and row.status != Status.FAILED
            for row in self._last_messages(conversation)
        )

    def _forget(self, delivery: Delivery) -> None:
        """Never send a notice late; it may be made anew. Somebody who was quicker with it is right too."""
        with contextlib.suppress(NotFound):
            DeadLetters(self.engine, self.clock).discard(delivery.id, WHO)

    def _last_words(self, conversation: Conversation) -> str:
        """What the customer wrote last; empty when it had no words."""
        messages = self._last_messages(conversation)
        return next((row.text for row in reversed(messages) if row.author == "customer"), "")

    def _last_messages(self, conversation: Conversation) -> Sequence[Message]:
        last = self.record.conversation(conversation.id).last_seq
        return self.record.history(conversation.id, max(0, last - LOOK_BACK), LOOK_BACK)


def invitation(release: Release, market: MarketProfile, language: str) -> Reply:
    """What asks a person to open the window again: the template that goes ahead of a message."""
    said = release.words.say(INVITATION, market=market, language=language or market.languages[0])
    buttons = [button.to_json() for button in said.buttons]
    payloads = [button.payload for button in said.buttons]
    template = {"name": REPLY_WAITING, "parameters": [market.brand], "payloads": payloads}
    payload = {"response": INVITATION, "template": template, "buttons": buttons}
    return Reply(said.text, said.language, payload, release.id)
